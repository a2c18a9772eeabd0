//! What the desk shows of a report: words and addresses first, then what was found.

use std::collections::HashMap;

use assessment::Progress;
use assessment::store::ItemVerdict;
use capture::store::{ContentRow, ItemRow};
use ground::{AddressId, ContentId, Fact, Instant, ItemId, ReportId, StaffId, VisitId, WebAddress};
use report::{NamedAddress, Report, Words};
use vault::{Owner, Place, VaultError};

use super::{Alike, DeskError, Holder, OpenNote};
use crate::{Casework, likeness, read};

/// A report, opened for one analyst.
#[derive(Debug)]
pub struct OpenReport {
    /// The report.
    pub report: Report,
    /// Who holds it.
    pub holder: Option<Holder>,
    /// What the sender wrote.
    pub words: Words,
    /// The note it was closed with.
    pub note: Option<String>,
    /// What colleagues noted when they handed it over, the latest first.
    pub notes: Vec<OpenNote>,
    /// The addresses, in the sender's order.
    pub addresses: Vec<OpenAddress>,
    /// How far it has come.
    pub progress: Progress,
}

/// One address of a report.
#[derive(Debug)]
pub struct OpenAddress {
    /// The address.
    pub named: NamedAddress,
    /// Its latest visit.
    pub visit: Option<OpenVisit>,
    /// What was found there, in the order of the page; set apart ones last.
    pub items: Vec<OpenItem>,
}

/// One visit.
#[derive(Debug)]
pub struct OpenVisit {
    /// Its id.
    pub id: VisitId,
    /// wanted, captured or not-captured.
    pub state: String,
    /// Why it was put off or nothing was captured.
    pub cause: Option<String>,
    /// browser or plain.
    pub via: Option<String>,
    /// HTTP status of the main document.
    pub status: Option<i64>,
    /// The server.
    pub ip: Option<String>,
    /// Where it ended after redirects.
    pub final_address: Option<String>,
    /// What the button said by which a consent or age gate was passed.
    pub gate: Option<String>,
    /// login, captcha, paywall or removed: what stands where a page was expected.
    pub remark: Option<String>,
    /// Links of the page that lead straight to pictures; nobody has followed them.
    pub links: Vec<String>,
    /// When it ended.
    pub at: Option<Instant>,
    /// How often it was tried.
    pub attempts: u32,
    /// Whether there is a screenshot to reveal.
    pub screenshot: bool,
}

/// One item.
#[derive(Debug)]
pub struct OpenItem {
    /// Its id.
    pub id: ItemId,
    /// What it holds; items with the same content are the same picture.
    pub content: ContentId,
    /// Its own address; of a `data:` address only the kind, never the bytes. None when it was
    /// shredded.
    pub address: Option<String>,
    /// Its kind.
    pub media_type: String,
    /// Pixels across.
    pub width: Option<i64>,
    /// Pixels down.
    pub height: Option<i64>,
    /// Bytes.
    pub size_bytes: i64,
    /// SHA-256, lower-case hex.
    pub sha256: String,
    /// Too small to be more than an ornament: needs no judgement.
    pub set_apart: bool,
    /// Whether its file was taken by hand, or it is judged by hand; then it has no address of its own.
    pub by_hand: bool,
    /// Why it could not be decoded.
    pub undecodable: Option<String>,
    /// Whether there is a veiled preview.
    pub veiled: bool,
    /// Its verdict, when it has one.
    pub verdict: Option<ItemVerdict>,
    /// A judged picture that looks like it, when it has no verdict.
    pub alike: Option<Alike>,
    /// The first item of the report that shows the same picture; itself when there is none before it.
    pub picture: ItemId,
    /// In how many bits of 256 it differs from that one; 0 for the same bytes.
    pub apart: u32,
    /// The hash lists it is on.
    pub known: Vec<crate::matches::Known>,
    /// What a video is besides; none for a picture, and for a video nobody could look into.
    pub film: Option<OpenFilm>,
}

/// What a video is besides its size.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenFilm {
    /// How long it lasts, in ms, when it says so.
    pub duration_ms: Option<i64>,
    /// How it is coded, by ffmpeg's name.
    pub codec: String,
    /// Whether there is a contact sheet to reveal.
    pub sheet: bool,
}

impl Casework {
    /// Opens a report for `by`, who must hold it unless it is closed. That its words and veiled
    /// previews are shown is recorded.
    ///
    /// # Errors
    /// [`DeskError::NotFound`]; [`DeskError::Report`] when it is open and `by` does not hold it.
    pub async fn open_report(&self, by: StaffId, id: ReportId) -> Result<OpenReport, DeskError> {
        self.inherit_missed(id).await?;
        self.confirm_by_itself(id).await?;
        let tx = self.db.act(&self.act(by), "open a report").await?;
        let mut report = report::find(&tx, id).await?.ok_or(DeskError::NotFound)?;
        if !matches!(report.state, report::State::Closed { .. }) {
            report = report::extend(&tx, id).await?;
        }
        let words = report::show_words(&tx, &self.vault, id).await?;
        let beside = likeness::proposals(&tx, id, self.settings.likeness).await?;
        let beside = i64::try_from(beside.len()).unwrap_or(i64::MAX);
        let shown = read::previews(&tx, id).await?.saturating_add(beside);
        if shown > 0 {
            self.count_look(&tx, by, staff::Looked::Previews).await?;
            tx.record(
                id,
                &Fact::VeiledShown {
                    items: u32::try_from(shown).unwrap_or(u32::MAX),
                },
            );
        }
        tx.commit().await?;
        self.reveals.note_opened(by, id);
        let addresses = self.open_addresses(id).await?;
        Ok(OpenReport {
            holder: self.holder(&report.state).await?,
            note: report::note(&self.db, &self.vault, id).await?,
            notes: self.open_notes(id).await?,
            progress: progress(addresses.iter().flat_map(|address| &address.items)),
            report,
            words,
            addresses,
        })
    }

    /// The items of a report with their verdicts, how far it has come, and whether `by` holds it:
    /// what is shown after each key.
    ///
    /// # Errors
    /// [`DeskError`] when the records fail.
    pub async fn items_of_report(
        &self,
        by: StaffId,
        id: ReportId,
    ) -> Result<(Vec<OpenItem>, Progress, bool), DeskError> {
        let report = report::find(&self.db, id)
            .await?
            .ok_or(DeskError::NotFound)?;
        self.may_see(by, id).await?;
        let openers = self.openers(id).await?;
        let found = self.items_found(id, &openers).await?;
        let items: Vec<OpenItem> = found.into_iter().map(|(_, item)| item).collect();
        let progress = progress(items.iter());
        Ok((
            items,
            progress,
            report.state.held_by(by, self.clock.now()).is_ok(),
        ))
    }

    /// Two transactions may have crossed on PostgreSQL: a visit that found an item, and a judgement
    /// of its content. What was missed is given now.
    async fn inherit_missed(&self, id: ReportId) -> Result<(), DeskError> {
        let missed = read::known_without_verdict(&self.db, id).await?;
        if missed.is_empty() {
            return Ok(());
        }
        let act = ground::Act::by_worker("visitor", self.clock.now());
        let tx = self.db.act(&act, "inherit verdicts").await?;
        let mut given = 0;
        for item in missed {
            let verdict =
                assessment::store::inherit(&tx, item.item_id, item.content_id, id).await?;
            given += u32::from(verdict.is_some());
        }
        if given > 0 {
            Ok(tx.commit().await?)
        } else {
            Ok(())
        }
    }

    async fn open_addresses(&self, id: ReportId) -> Result<Vec<OpenAddress>, DeskError> {
        let openers = self.openers(id).await?;
        let mut visits = self.visits_found(id, &openers).await?;
        let mut items: HashMap<AddressId, Vec<OpenItem>> = HashMap::new();
        for (address, item) in self.items_found(id, &openers).await? {
            items.entry(address).or_default().push(item);
        }
        let named = report::addresses(&self.db, &self.vault, id).await?;
        Ok(named
            .into_iter()
            .map(|named| OpenAddress {
                visit: visits.remove(&named.id),
                items: items.remove(&named.id).unwrap_or_default(),
                named,
            })
            .collect())
    }

    /// The canonical address of an item; none when it lies in the page itself (`data:`, `blob:`)
    /// or was shredded.
    pub(crate) async fn item_address(
        &self,
        row: &ItemRow,
    ) -> Result<Option<WebAddress>, VaultError> {
        let text = self
            .item_text(row)
            .await?
            .filter(|text| text.starts_with("http"));
        Ok(text.and_then(|text| WebAddress::parse(&text).ok()))
    }

    /// The own address of an item as it was found; none when it was shredded.
    pub(crate) async fn item_text(&self, row: &ItemRow) -> Result<Option<String>, VaultError> {
        let owner = Owner::Address(row.address_id);
        let place = Place::new("item.sealed", row.id);
        match self.vault.open(&self.db, owner, place, &row.sealed).await {
            Ok(plain) => Ok(Some(String::from_utf8_lossy(&plain).into_owned())),
            Err(VaultError::Shredded) => Ok(None),
            Err(fault) => Err(fault),
        }
    }
}

/// An address as it may be shown: what stands in a `data:` address is the material itself, so only
/// its kind is kept (law 3).
pub(super) fn without_data(address: &str) -> String {
    if !address.starts_with("data:") {
        return address.to_owned();
    }
    let kind = address.split([';', ',']).next().unwrap_or("data:");
    format!("{kind}…")
}

fn progress<'a>(items: impl Iterator<Item = &'a OpenItem>) -> Progress {
    Progress::of(items.map(|item| (item.set_apart, item.verdict.map(|given| given.verdict))))
}

pub(super) fn open_item(
    row: &ItemRow,
    content: &ContentRow,
    address: Option<String>,
    verdict: Option<ItemVerdict>,
) -> OpenItem {
    OpenItem {
        id: row.id,
        content: row.content_id,
        address,
        media_type: content.media_type.clone(),
        width: content.width,
        height: content.height,
        size_bytes: content.size_bytes,
        sha256: content.sha256.clone(),
        set_apart: row.set_apart == 1,
        by_hand: row.found_by == crate::visits::BY_HAND,
        undecodable: content.undecodable.clone(),
        veiled: content.veiled.is_some(),
        verdict,
        alike: None,
        picture: row.id,
        apart: 0,
        known: Vec::new(),
        film: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_that_is_the_material_itself_is_never_shown() {
        assert_eq!(
            without_data("data:image/png;base64,iVBORw0KGgo…"),
            "data:image/png…"
        );
        assert_eq!(without_data("data:,abc"), "data:…");
        let elsewhere = "http://gallery.example/a.png?x=data:image/png,";
        assert_eq!(without_data(elsewhere), elsewhere);
    }
}
