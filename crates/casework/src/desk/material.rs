//! Material: previews, and original bytes after a logged reveal (law 3, law 5).

use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, PoisonError};

use ground::clock::SECOND_MS;
use ground::{ContentId, Fact, Instant, ItemId, ReportId, StaffId, VisitId};
use vault::{ObjectName, Owner};
use zeroize::Zeroizing;

use super::DeskError;
use crate::{Casework, read};

/// A preview, made in the box where the picture was decoded.
pub struct Preview {
    /// Its kind.
    pub media_type: &'static str,
    /// Its bytes.
    pub bytes: Zeroizing<Vec<u8>>,
}

/// Material on its way to an authorised analyst's screen, and nowhere else.
pub struct Shown {
    /// Its kind, as told from its first bytes.
    pub media_type: String,
    /// Its bytes.
    pub bytes: Zeroizing<Vec<u8>>,
}

/// What fetches revealed material, once, by the one who revealed it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RevealToken(pub String);

/// How long a token may be used, ms.
const TOKEN_MS: i64 = 30 * SECOND_MS;

/// How many openings of reports are remembered; whoever was forgotten opens the report again.
const OPENED_MAX: usize = 10_000;

/// What was logged as shown: reveals not fetched yet, and which reports were opened by whom. In
/// memory only: after a restart a report is opened again, with a line of its own.
#[derive(Default)]
pub struct Reveals {
    waiting: Mutex<HashMap<String, Reveal>>,
    pub(super) films: super::playing::Plays,
    opened: Mutex<HashSet<(StaffId, ReportId)>>,
}

struct Reveal {
    by: StaffId,
    until: Instant,
    owner: Owner,
    object: String,
    media_type: String,
}

impl Reveals {
    /// `by` opened this report, and it stands in the ledger.
    pub(super) fn note_opened(&self, by: StaffId, report: ReportId) {
        let mut opened = self.opened.lock().unwrap_or_else(PoisonError::into_inner);
        if opened.len() >= OPENED_MAX {
            opened.clear();
        }
        opened.insert((by, report));
    }

    fn opened(&self, by: StaffId, report: ReportId) -> bool {
        let opened = self.opened.lock().unwrap_or_else(PoisonError::into_inner);
        opened.contains(&(by, report))
    }

    fn keep(&self, token: String, reveal: Reveal, now: Instant) {
        let mut kept = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|_, reveal| reveal.until > now);
        kept.insert(token, reveal);
    }

    fn take(&self, token: &str, by: StaffId, now: Instant) -> Option<Reveal> {
        let mut kept = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        kept.remove(token)
            .filter(|reveal| reveal.by == by && reveal.until > now)
    }
}

impl Casework {
    /// The veiled preview of an item of a report that `by` holds, or of a closed one, and has opened:
    /// that previews are shown is recorded once, when the report is opened.
    ///
    /// # Errors
    /// [`DeskError::NotFound`] when it has none, or `by` has not opened the report;
    /// [`DeskError::Vault`] when it was shredded.
    pub async fn veiled(
        &self,
        by: StaffId,
        report: ReportId,
        item: ItemId,
    ) -> Result<Preview, DeskError> {
        self.may_see_previews(by, report).await?;
        let row = self.item_in(&self.db, report, item).await?;
        self.preview_of(row.content_id).await
    }

    /// That previews of a report are shown to `by` must stand in the ledger.
    pub(super) async fn may_see_previews(
        &self,
        by: StaffId,
        report: ReportId,
    ) -> Result<(), DeskError> {
        self.may_look(by).await?;
        self.may_see(by, report).await?;
        if self.reveals.opened(by, report) {
            Ok(())
        } else {
            Err(DeskError::NotFound)
        }
    }

    pub(super) async fn preview_of(&self, content: ContentId) -> Result<Preview, DeskError> {
        let content = read::content(&self.db, content)
            .await?
            .ok_or(DeskError::NotFound)?;
        let name = content.veiled.ok_or(DeskError::NotFound)?;
        let bytes = self.object(Owner::Content(content.id), &name).await?;
        Ok(Preview {
            media_type: "image/jpeg",
            bytes,
        })
    }

    /// Records that `by` reveals an item of a report they hold, and gives what fetches its
    /// original bytes.
    ///
    /// # Errors
    /// [`DeskError::Report`] when they do not hold the report; [`DeskError::NotFound`] for a video, which
    /// is revealed in steps of its own.
    pub async fn reveal(
        &self,
        by: StaffId,
        report: ReportId,
        item: ItemId,
    ) -> Result<RevealToken, DeskError> {
        let act = self.act(by);
        let tx = self.db.act(&act, "reveal an item").await?;
        report::extend(&tx, report).await?;
        let row = self.item_in(&tx, report, item).await?;
        let content = read::content(&tx, row.content_id)
            .await?
            .filter(|content| !content.media_type.starts_with("video/"))
            .ok_or(DeskError::NotFound)?;
        self.count_look(&tx, by, staff::Looked::Reveal).await?;
        tx.record(content.id, &Fact::Revealed { item, report });
        tx.commit().await?;
        let owner = Owner::Content(content.id);
        Ok(self.token(by, act.at, owner, content.original, content.media_type))
    }

    /// Records that `by` reveals the screenshot of a visit to an address of a report they hold.
    ///
    /// # Errors
    /// As [`Casework::reveal`]; [`DeskError::NotFound`] when there is none.
    pub async fn reveal_screenshot(
        &self,
        by: StaffId,
        report: ReportId,
        visit: VisitId,
    ) -> Result<RevealToken, DeskError> {
        let act = self.act(by);
        let tx = self.db.act(&act, "reveal a screenshot").await?;
        report::extend(&tx, report).await?;
        let row = capture::store::visit(&tx, visit)
            .await?
            .ok_or(DeskError::NotFound)?;
        if !read::names(&tx, report, row.address_id).await? {
            return Err(DeskError::NotFound);
        }
        let name = row.screenshot.ok_or(DeskError::NotFound)?;
        self.count_look(&tx, by, staff::Looked::Reveal).await?;
        tx.record(visit, &Fact::ScreenshotRevealed { report });
        tx.commit().await?;
        Ok(self.token(
            by,
            act.at,
            Owner::Address(row.address_id),
            name,
            "image/png".into(),
        ))
    }

    pub(super) fn token(
        &self,
        by: StaffId,
        now: Instant,
        owner: Owner,
        object: String,
        media_type: String,
    ) -> RevealToken {
        let token = data_encoding::HEXLOWER.encode(&self.chance.bytes::<24>());
        let reveal = Reveal {
            by,
            until: now.plus_ms(TOKEN_MS),
            owner,
            object,
            media_type,
        };
        self.reveals.keep(token.clone(), reveal, now);
        RevealToken(token)
    }

    /// Revealed material: once, within 30 seconds, to the one who revealed it.
    ///
    /// # Errors
    /// [`DeskError::NoSuchToken`]; [`DeskError::Stop`] when a limit says no.
    pub async fn revealed(&self, by: StaffId, token: &str) -> Result<Shown, DeskError> {
        self.may_look(by).await?;
        let reveal = self
            .reveals
            .take(token, by, self.clock.now())
            .ok_or(DeskError::NoSuchToken)?;
        let bytes = self.object(reveal.owner, &reveal.object).await?;
        Ok(Shown {
            media_type: reveal.media_type,
            bytes,
        })
    }

    pub(super) async fn may_see(&self, by: StaffId, report: ReportId) -> Result<(), DeskError> {
        let report = report::find(&self.db, report)
            .await?
            .ok_or(DeskError::NotFound)?;
        match report.state {
            report::State::Closed { .. } => Ok(()),
            state => {
                state
                    .held_by(by, self.clock.now())
                    .map_err(report::ReportError::from)?;
                Ok(())
            }
        }
    }

    async fn object(&self, owner: Owner, name: &str) -> Result<Zeroizing<Vec<u8>>, DeskError> {
        let opener = self.vault.opener(&self.db, owner).await?;
        Ok(opener.get(&ObjectName::stored(name)).await?)
    }
}
