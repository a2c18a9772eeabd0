//! The page of a provider, on both engines.

use ground::clock::{DAY_MS, HOUR_MS};
use ground::{
    Chance, ContactId, Db, Fact, HostedIn, Instant, ResponseKind, ResponseOutcome, StaffId,
    TakedownId, TestClock, both_engines,
};
use provider::MailAddress;
use takedown::{RESPONSES, ResponseState, Stage};
use vault::{HotlineKeys, Objects, Vault};

use super::{LinkSetting, PageFault, Says, Words};
use crate::Casework;
use crate::desk::RemovalError;
use crate::desk::staged::{
    Fault, a_contact, a_provider, because, facts_of, hosted_by, illegal_item, told_of,
};

const ANN: StaffId = StaffId::from_bits(1);

fn stage(db: Db) -> Result<(Casework, TestClock), Fault> {
    let clock = TestClock::at(Instant::from_ms(1_795_500_000_000));
    let keys = HotlineKeys::from_seed(&[9; 32]);
    let vault = Vault::new(keys, Objects::in_memory(), clock.clock(), Chance::system());
    let page = LinkSetting {
        origin: "https://providers.hotline.example".into(),
        lasts_ms: 30 * DAY_MS,
    };
    let mut parts = crate::testing::parts(db, vault, clock.clock())?;
    parts.settings.provider_page = Some(page);
    Ok((Casework::new(parts), clock))
}

/// An item whose provider was told, and the contact that was written to.
async fn told(work: &Casework, name: &str) -> Result<(TakedownId, ContactId), Fault> {
    let id = illegal_item(work, name, None).await?;
    let provider = a_provider(work).await?;
    let contact = match provider::contacts_of(&work.db, provider).await?.first() {
        Some(known) => known.id,
        None => {
            let made = a_contact(work, provider, "abuse@hosting.example").await?;
            work.approve_contact(ANN, made, 0, because("it is theirs")?)
                .await?;
            made
        }
    };
    hosted_by(work, id, provider, Some(contact)).await?;
    told_of(work, id).await?;
    Ok((id, contact))
}

async fn link_of(work: &Casework, contact: ContactId) -> Result<String, Fault> {
    let contact = provider::contact(&work.db, contact)
        .await?
        .ok_or("no contact")?;
    let whole = work.provider_link(&contact).ok_or("no page")?;
    let (_, link) = whole.rsplit_once('/').ok_or("no link")?;
    Ok(link.to_owned())
}

async fn stage_of(work: &Casework, id: TakedownId) -> Result<Stage, Fault> {
    Ok(takedown::load(&work.db, id)
        .await?
        .ok_or("no takedown")?
        .stage)
}

both_engines! {
    async fn a_provider_sees_what_it_was_told_of_and_nothing_else(db: Db) {
        let (work, _) = stage(db)?;
        let (one, contact) = told(&work, "one.png").await?;
        let _not_told = illegal_item(&work, "two.png", None).await?;
        let page = work.provider_page(&link_of(&work, contact).await?, 0).await?;
        assert_eq!(page.provider, "Example Hosting B.V.");
        let ids: Vec<_> = page.items.iter().map(|item| item.id).collect();
        assert_eq!(ids, [one]);
        let item = page.items.first().ok_or("no item")?;
        assert_eq!(item.address.as_deref(), Some("http://gallery.example/one.png"));
        assert_eq!(item.page.as_deref(), Some("http://gallery.example/one.png.html"));
        assert!(item.is_there && item.sha256.is_some() && item.said.is_none());
        let lines = facts_of(&work, contact).await?;
        assert!(lines.iter().any(|(fact, _)| matches!(fact, Fact::ProviderPageShown { items: 1, .. })));
    }
}

both_engines! {
    async fn a_link_ends_with_its_time_its_approval_and_its_address(db: Db) {
        let (work, clock) = stage(db)?;
        let (_, contact) = told(&work, "one.png").await?;
        let link = link_of(&work, contact).await?;
        for wrong in ["", "x", &link.replace('a', "b"), &format!("{link}a")] {
            if *wrong != *link {
                assert!(matches!(work.provider_page(wrong, 0).await, Err(PageFault::NoLink)), "{wrong}");
            }
        }
        clock.advance_ms(31 * DAY_MS);
        assert!(matches!(work.provider_page(&link, 0).await, Err(PageFault::Ended)));
        let fresh = link_of(&work, contact).await?;
        work.provider_page(&fresh, 0).await?;
        let now = provider::contact(&work.db, contact).await?.ok_or("no contact")?;
        let other = MailAddress::parse("desk@hosting.example")?;
        let to = (other, now.manner());
        work.change_contact(ANN, contact, now.revision, to, because("they moved")?).await?;
        assert!(matches!(work.provider_page(&fresh, 0).await, Err(PageFault::NoLink)));
    }
}

both_engines! {
    async fn removed_has_the_item_looked_at_and_is_believed_no_further(db: Db) {
        let (work, clock) = stage(db)?;
        let (id, contact) = told(&work, "one.png").await?;
        let link = link_of(&work, contact).await?;
        clock.advance_ms(60_000);
        let done = work.respond(&link, &[id], &Says::Removed).await?;
        assert_eq!((done.taken, done.not_theirs), (1, 0));
        let watch = takedown::load_watch(&work.db, id).await?.ok_or("no watch")?;
        assert_eq!(watch.not_before_ms, work.clock.now());
        assert_eq!(stage_of(&work, id).await?, Stage::Told);
        let page = work.provider_page(&link, 0).await?;
        let item = page.items.first().ok_or("no item")?;
        assert!(item.is_there, "only checks conclude that it is gone");
        assert_eq!(item.said.and_then(|said| said.outcome), Some(ResponseOutcome::Checked));
        let facts = facts_of(&work, id).await?;
        assert!(facts.iter().any(|(fact, _)| *fact == Fact::CheckWanted));
    }
}

both_engines! {
    async fn an_item_of_somebody_else_cannot_be_spoken_about(db: Db) {
        let (work, _) = stage(db)?;
        let (_, contact) = told(&work, "one.png").await?;
        let strange = illegal_item(&work, "two.png", None).await?;
        let link = link_of(&work, contact).await?;
        let unknown = TakedownId::from_bits(99);
        let objection = Says::Objection(Words::parse("a licence")?);
        for says in [Says::Removed, Says::NotHost, objection] {
            let done = work.respond(&link, &[strange, unknown], &says).await?;
            assert_eq!((done.taken, done.not_theirs), (0, 2));
        }
        assert!(takedown::responses_about(&work.db, strange).await?.is_empty());
    }
}

both_engines! {
    async fn an_objection_waits_sealed_for_a_senior_analyst_who_decides_once(db: Db) {
        let (work, _) = stage(db)?;
        let (id, contact) = told(&work, "one.png").await?;
        let link = link_of(&work, contact).await?;
        let says = Says::Objection(Words::parse("a drawn circle, see our letter")?);
        assert_eq!(work.respond(&link, &[id], &says).await?.taken, 1);
        assert_eq!(work.respond(&link, &[id], &says).await?.said_before, 1);
        let stored = takedown::responses_about(&work.db, id).await?;
        let sealed = stored.first().and_then(|row| row.words.clone()).ok_or("no words")?;
        assert!(!sealed.windows(6).any(|part| part == b"circle"));
        let waiting = work.responses_waiting().await?;
        let [shown] = waiting.as_slice() else { return Err("not one".into()) };
        assert_eq!(shown.words.as_deref(), Some("a drawn circle, see our letter"));
        let asked = (shown.id, shown.revision);
        work.decide_response(ANN, asked, true, because("the objection is right")?).await?;
        assert_eq!(stage_of(&work, id).await?, Stage::Ended);
        assert!(work.responses_waiting().await?.is_empty());
        let again = work.decide_response(ANN, asked, false, because("no")?).await;
        assert!(matches!(again, Err(RemovalError::Stale)));
    }
}

both_engines! {
    async fn a_dismissed_objection_leaves_the_request_as_it_was(db: Db) {
        let (work, _) = stage(db)?;
        let (id, contact) = told(&work, "one.png").await?;
        let link = link_of(&work, contact).await?;
        let says = Says::Objection(Words::parse("we do not want to")?);
        work.respond(&link, &[id], &says).await?;
        let waiting = work.responses_waiting().await?;
        let shown = waiting.first().ok_or("nothing waits")?;
        work.decide_response(ANN, (shown.id, shown.revision), false, because("no ground")?).await?;
        assert_eq!(stage_of(&work, id).await?, Stage::Told);
        let page = work.provider_page(&link, 0).await?;
        let said = page.items.first().and_then(|item| item.said).ok_or("nothing said")?;
        assert_eq!(said.outcome, Some(ResponseOutcome::Dismissed));
    }
}

both_engines! {
    async fn not_our_network_waits_while_our_own_line_is_not_proven(db: Db) {
        let (work, clock) = stage(db)?;
        let (id, contact) = told(&work, "one.png").await?;
        let link = link_of(&work, contact).await?;
        work.respond(&link, &[id], &Says::NotHost).await?;
        // Here no name leads anywhere and the canary is silent: our failure is nobody's answer (law 6).
        assert!(work.relook_one().await?);
        let given = takedown::responses_about(&work.db, id).await?;
        assert_eq!(given.first().map(|row| row.state), Some(ResponseState::Open));
        assert!(work.responses_waiting().await?.is_empty());
        assert_eq!(stage_of(&work, id).await?, Stage::Told);
        assert!(!work.relook_one().await?, "it waits");
        clock.advance_ms(2 * HOUR_MS);
        assert!(work.relook_one().await?);
    }
}

/// What the registries say: this network, with this name.
fn registered_to(asn: u32, name: &str, at: Instant) -> Result<provider::Located, Fault> {
    Ok(provider::Located {
        hosted_in: HostedIn::Home,
        ip: Some("198.51.100.9".parse()?),
        ips: Vec::new(),
        asn: Some(asn),
        prefix: None,
        organisation: Some(name.into()),
        registered_to: None,
        country: provider::Country::parse("NL"),
        signals: provider::Signals(Vec::new()),
        abuse: Vec::new(),
        missing: Vec::new(),
        at,
    })
}

/// Has a provider say that it does not host an item, and the registries answer this.
async fn relooked(
    work: &Casework,
    id: TakedownId,
    link: &str,
    asn: u32,
    name: &str,
) -> Result<(), Fault> {
    work.respond(link, &[id], &Says::NotHost).await?;
    let now = work.clock.now();
    let lease = RESPONSES
        .take(&work.db, &work.chance, now, 1_000)
        .await?
        .ok_or("no work")?;
    let response = takedown::response(&work.db, lease.id.parse()?)
        .await?
        .ok_or("none")?;
    let about = takedown::load(&work.db, id).await?.ok_or("no takedown")?;
    let located = registered_to(asn, name, now)?;
    Ok(work.relooked(&lease, response, about, &located).await?)
}

both_engines! {
    async fn not_our_network_goes_to_a_human_when_the_registries_name_the_same_host(db: Db) {
        let (work, _) = stage(db)?;
        let (id, contact) = told(&work, "one.png").await?;
        let link = link_of(&work, contact).await?;
        relooked(&work, id, &link, 64_500, "Example Hosting B.V.").await?;
        let waiting = work.responses_waiting().await?;
        let shown = waiting.first().ok_or("nothing waits")?;
        assert_eq!((shown.kind, shown.outcome), (ResponseKind::NotHost, Some(ResponseOutcome::SameHost)));
        assert_eq!(stage_of(&work, id).await?, Stage::Told);
        let asked = (shown.id, shown.revision);
        work.decide_response(ANN, asked, true, because("they are right")?).await?;
        assert_eq!(stage_of(&work, id).await?, Stage::NotAttributable);
    }
}

both_engines! {
    async fn whoever_the_registries_name_now_is_told_instead_without_losing_a_day(db: Db) {
        let (work, _) = stage(db)?;
        let (id, contact) = told(&work, "one.png").await?;
        let link = link_of(&work, contact).await?;
        relooked(&work, id, &link, 64_501, "Other Hosting B.V.").await?;
        assert_eq!(stage_of(&work, id).await?, Stage::AwaitingContact);
        let moved = takedown::load(&work.db, id).await?.ok_or("no takedown")?;
        let host = provider::provider(&work.db, moved.provider_id.ok_or("no host")?).await?;
        assert_eq!(host.ok_or("no host")?.name, "Other Hosting B.V.");
        assert!(work.responses_waiting().await?.is_empty());
        assert!(work.provider_page(&link, 0).await?.items.is_empty(), "it is not theirs any more");
    }
}

both_engines! {
    async fn a_new_link_goes_to_the_contact_once_in_an_hour_and_failure_is_not_sent(db: Db) {
        let (work, clock) = stage(db)?;
        let (_, contact) = told(&work, "one.png").await?;
        let link = link_of(&work, contact).await?;
        clock.advance_ms(31 * DAY_MS);
        work.ask_new_link(&link).await?;
        work.ask_new_link(&link).await?;
        let asked = |facts: &[(Fact, Option<String>)]| {
            facts.iter().filter(|(fact, _)| matches!(fact, Fact::ProviderLinkAsked { .. })).count()
        };
        assert_eq!(asked(&facts_of(&work, contact).await?), 1);
        // The relay of this casework cannot be reached.
        assert!(work.send_one_link().await?);
        let facts = facts_of(&work, contact).await?;
        assert!(!facts.iter().any(|(fact, _)| matches!(fact, Fact::ProviderLinkSent { .. })));
        assert!(!work.send_one_link().await?, "it waits");
        clock.advance_ms(HOUR_MS);
        assert!(work.send_one_link().await?);
        assert!(matches!(work.ask_new_link("nonsense").await, Err(PageFault::NoLink)));
    }
}
