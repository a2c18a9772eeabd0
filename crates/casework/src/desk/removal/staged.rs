//! Staged removals, for tests of this crate and of the faces: drawn pictures on example hosts.

use ground::clock::HOUR_MS;
use ground::{
    Act, AddressId, Channel, ContactId, ContentId, Fact, HostedIn, Instant, ItemId, LetterId,
    NoticeId, Origin, ProviderId, Reason, ReportId, TakedownId, Tx, Verdict, VisitId, WebAddress,
};
use provider::{ContactLanguage, ContactState, MailAddress, Manner};
use report::Receiving;
use takedown::{ContactStanding, Hold, Host, Opening, Takedown, Watch};
use vault::{Blind, Owner, Place};

use crate::Casework;

/// What goes wrong while a stage is set.
pub type Fault = Box<dyn std::error::Error>;

/// A reason.
///
/// # Errors
/// Never with these words.
pub fn because(words: &str) -> Result<Reason, Fault> {
    Ok(Reason::parse(words)?)
}

/// An illegal item at `http://gallery.example/<name>`, found on the page `…/<name>.html`, with its
/// takedown, held when so asked.
///
/// # Errors
/// When the records fail.
pub async fn illegal_item(
    work: &Casework,
    name: &str,
    hold: Option<Hold>,
) -> Result<TakedownId, Fault> {
    let now = work.clock.now();
    let (report, address, visit) = a_report(work, name).await?;
    let tx = work
        .db
        .act(&Act::by_worker("visitor", now), "stage an item")
        .await?;
    let (content, item) = an_item(work, &tx, name, (address, visit)).await?;
    let opening = Opening {
        id: TakedownId::fresh(&work.chance),
        item,
        content,
        address,
        report,
        verdict: Verdict::IllegalBaseline,
    };
    let (takedown, facts) = Takedown::open(opening, hold, now)?;
    let watch = Watch::begin(takedown.id, now, &work.settings.pace);
    takedown::open(&tx, &takedown, &watch, &facts).await?;
    tx.commit().await?;
    Ok(takedown.id)
}

/// A report that names the page `http://gallery.example/<name>.html`, a visit of which is wanted.
///
/// # Errors
/// When the records fail.
pub async fn a_report(
    work: &Casework,
    name: &str,
) -> Result<(ReportId, AddressId, VisitId), Fault> {
    let hour = work.clock.now().start_of_hour();
    let page = WebAddress::parse(&format!("http://gallery.example/{name}.html"))?;
    let tx = work
        .db
        .act(&Act::by_worker("collector", hour), "stage a report")
        .await?;
    let letter = Receiving {
        letter: LetterId::fresh(&work.chance),
        channel: Channel::Web,
        origin: Origin::National,
        language: "nl".into(),
        received_hour: hour,
        addresses: vec![(page.to_string(), page)],
        seen_where: String::new(),
        words: String::new(),
        reach: String::new(),
        mailbox: None,
    };
    let received = report::receive(&tx, &work.vault, &work.chance, &letter).await?;
    let address = received.addresses.first().ok_or("no address")?.id;
    let visit = VisitId::fresh(&work.chance);
    capture::order::want(&tx, visit, address, capture::Wish::First, hour).await?;
    tx.commit().await?;
    Ok((received.report, address, visit))
}

/// A picture at `http://gallery.example/<name>` that this visit found.
async fn an_item(
    work: &Casework,
    tx: &Tx,
    name: &str,
    (address, visit): (AddressId, VisitId),
) -> Result<(ContentId, ItemId), Fault> {
    let now = work.clock.now();
    let own = format!("http://gallery.example/{name}");
    let (content, item) = (ContentId::fresh(&work.chance), ItemId::fresh(&work.chance));
    let hex = |bytes: &[u8]| data_encoding::HEXLOWER.encode(bytes);
    let digests = capture::Digests::of(name.as_bytes());
    let content = capture::store::ContentRow {
        id: content,
        sha256: hex(&digests.sha256),
        sha1: hex(&digests.sha1),
        md5: hex(&digests.md5),
        size_bytes: 1,
        media_type: "image/png".into(),
        width: Some(1),
        height: Some(1),
        undecodable: None,
        original: "staged".into(),
        veiled: None,
        soft: None,
        found_at_ms: now,
    };
    let (content, _) = capture::store::put_content(tx, &content).await?;
    let place = Place::new("item.sealed", item);
    let row = capture::store::ItemRow {
        id: item,
        address_id: address,
        content_id: content,
        blind: work.vault.blind(Blind::Address, &own),
        sealed: work
            .vault
            .seal(tx, Owner::Address(address), place, own.as_bytes())
            .await?,
        found_by: "image".into(),
        set_apart: 0,
        position: 0,
        found_at_ms: now,
    };
    let (item, _) = capture::store::put_item(tx, visit, &row).await?;
    Ok((content, item))
}

/// A provider at home.
///
/// # Errors
/// When the records fail.
pub async fn a_provider(work: &Casework) -> Result<ProviderId, Fault> {
    let located = provider::Located {
        hosted_in: HostedIn::Home,
        ip: None,
        ips: Vec::new(),
        asn: Some(64_500),
        prefix: None,
        organisation: Some("Example Hosting B.V.".into()),
        registered_to: None,
        country: provider::Country::parse("NL"),
        signals: provider::Signals(Vec::new()),
        abuse: Vec::new(),
        missing: Vec::new(),
        at: work.clock.now(),
    };
    let now = work.clock.now();
    let tx = work
        .db
        .act(&Act::by_worker("locator", now), "stage a provider")
        .await?;
    let placed = provider::place(&tx, &located, &work.chance, now).await?;
    let id = placed.provider.ok_or("no provider")?.id;
    // Found before by an earlier call: nothing is recorded then, and nothing was written.
    if provider::provider(&work.db, id).await?.is_none() {
        tx.commit().await?;
    }
    Ok(id)
}

/// A contact of a provider that nobody decided about yet.
///
/// # Errors
/// When the records fail.
pub async fn a_contact(
    work: &Casework,
    provider: ProviderId,
    email: &str,
) -> Result<ContactId, Fault> {
    let now = work.clock.now();
    let tx = work
        .db
        .act(&Act::by_worker("locator", now), "stage a contact")
        .await?;
    let email = MailAddress::parse(email)?;
    let manner = Manner::usual(ContactLanguage::Dutch);
    let contact = provider::add_contact(&tx, provider, email, manner, &work.chance).await?;
    tx.commit().await?;
    Ok(contact.id)
}

/// Finds the host of an item: this provider, at home, and this contact there.
///
/// # Errors
/// When the records fail or the takedown was not being located.
pub async fn hosted_by(
    work: &Casework,
    id: TakedownId,
    provider: ProviderId,
    contact: Option<ContactId>,
) -> Result<(), Fault> {
    let now = work.clock.now();
    let contact = match contact {
        Some(id) => provider::contact(&work.db, id).await?,
        None => None,
    };
    let standing = |state| match state {
        ContactState::Approved => ContactStanding::Approved,
        ContactState::Refused => ContactStanding::Refused,
        ContactState::Unapproved => ContactStanding::Unapproved,
    };
    let host = Host {
        hosted_in: HostedIn::Home,
        country: Some("NL".into()),
        ip: Some(std::net::Ipv4Addr::new(203, 0, 113, 7).into()),
        asn: Some(64_500),
        provider: Some(provider),
        contact: contact.map(|contact| (contact.id, standing(contact.state))),
        at: now,
    };
    let takedown = takedown::load(&work.db, id).await?.ok_or("no takedown")?;
    let (next, facts) = takedown.located(&host)?;
    let tx = work
        .db
        .act(&Act::by_worker("locator", now), "stage a look-up")
        .await?;
    takedown::save(&tx, &next, &facts).await?;
    Ok(tx.commit().await?)
}

/// How a staged attempt to send ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// Given up.
    Failed,
    /// Nobody knows.
    Unsure,
}

/// Draws up what is due, ripe or not, and lets the attempt to send it end like this. The relay of
/// an idle casework cannot be reached, so nothing is sent.
///
/// # Errors
/// When nothing was due, or the records fail.
pub async fn a_notice(work: &Casework, ending: Ending) -> Result<NoticeId, Fault> {
    work.gather_notices().await?;
    let listed = notice::list(&work.db, Some(notice::NoticeState::Due), 1, 0).await?;
    let id = listed.first().ok_or("no notice was due")?.id;
    let words = "the mailbox does not exist".to_owned();
    let outcome = match ending {
        Ending::Failed => notice::Outcome::Never {
            code: "relay-refused",
            words,
        },
        Ending::Unsure => notice::Outcome::Unsure { words },
    };
    let (now, patience) = (work.clock.now(), &work.settings.resend);
    let due = notice::load(&work.db, id).await?.ok_or("no notice")?;
    let (next, fact) = due.attempted(&outcome, 1, now, patience, &work.chance)?;
    let tx = work
        .db
        .act(&Act::by_worker("sender", now), "stage an attempt")
        .await?;
    notice::save(&tx, &next, &fact).await?;
    if ending == Ending::Failed {
        work.tell(&tx, &next, crate::notices::Told::Failed("relay-refused"))
            .await?;
    }
    tx.commit().await?;
    Ok(id)
}

/// So long after now that every staged notice is ripe, in milliseconds.
pub const RIPE_MS: i64 = HOUR_MS;

/// What the ledger says of a thing, oldest first.
///
/// # Errors
/// When the records fail.
pub async fn facts_of(
    work: &Casework,
    id: impl std::fmt::Display,
) -> Result<Vec<(Fact, Option<String>)>, Fault> {
    let story = work.story(&id.to_string()).await?;
    Ok(story
        .into_iter()
        .map(|told| (told.fact, told.reason))
        .collect())
}

/// A hold that lasts so long from now, in milliseconds.
#[must_use]
pub fn a_hold(now: Instant, ms: i64) -> Hold {
    Hold {
        why: ground::PoliceReason::PossibleNewVictim,
        deadline: now.plus_ms(ms),
    }
}

/// Names an item in a notice that is accepted at once: its provider is told.
///
/// # Errors
/// When the records fail or no notice was due.
pub async fn told_of(work: &Casework, id: TakedownId) -> Result<(), Fault> {
    let (now, notice) = (work.clock.now(), NoticeId::fresh(&work.chance));
    let due = takedown::load(&work.db, id).await?.ok_or("no takedown")?;
    let (named, mut facts) = due.named_in(notice)?;
    let (told, more) = named.told(notice, now)?;
    facts.extend(more);
    let tx = work
        .db
        .act(&Act::by_worker("sender", now), "stage a notice")
        .await?;
    takedown::save(&tx, &told, &facts).await?;
    Ok(tx.commit().await?)
}
