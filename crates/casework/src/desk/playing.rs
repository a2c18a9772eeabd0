//! A video at the desk: its contact sheet first, then the video itself, each after a line of its own in
//! the ledger (law 3, law 5).
//!
//! What plays a video is good for one person and a short while: it must be begun within 30 seconds,
//! and ends two and a half minutes after that, or as soon as the analyst lets go. Only the chunks that
//! are asked for are opened.

use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

use ground::clock::SECOND_MS;
use ground::{ContentId, Fact, Instant, ItemId, ReportId, StaffId};
use vault::{ObjectName, Owner, Parts};
use zeroize::Zeroizing;

use super::{DeskError, RevealToken};
use crate::{Casework, likeness, read};

/// Within this time playing must begin, ms.
const BEGIN_MS: i64 = 30 * SECOND_MS;
/// How long it may go on then, ms: longer than the desk shows a video at once.
const PLAY_MS: i64 = 150 * SECOND_MS;
/// How many seen sheets are remembered; whoever was forgotten reveals the sheet again.
const SEEN_MAX: usize = 10_000;

/// The kind as which a browser that knows it plays these bytes; none when it cannot play them.
#[must_use]
pub fn plays(media_type: &str, codec: &str) -> Option<&'static str> {
    match (media_type, codec) {
        ("video/mp4" | "video/quicktime", "h264" | "vp9" | "av1") => Some("video/mp4"),
        ("video/webm", "vp8" | "vp9" | "av1") => Some("video/webm"),
        _ => None,
    }
}

/// Whose contact sheets were seen, and what is playing. In memory only.
#[derive(Default)]
pub(super) struct Plays {
    seen: Mutex<HashSet<(StaffId, ContentId)>>,
    open: Mutex<HashMap<String, Play>>,
}

#[derive(Clone)]
struct Play {
    by: StaffId,
    content: ContentId,
    object: String,
    media_type: &'static str,
    begun: bool,
    until: Instant,
}

impl Plays {
    fn open(&self) -> MutexGuard<'_, HashMap<String, Play>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn note_seen(&self, by: StaffId, content: ContentId) {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if seen.len() >= SEEN_MAX {
            seen.clear();
        }
        seen.insert((by, content));
    }

    fn seen(&self, by: StaffId, content: ContentId) -> bool {
        let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.contains(&(by, content))
    }

    fn keep(&self, token: String, play: Play, now: Instant) {
        let mut open = self.open();
        open.retain(|_, play| play.until > now);
        open.insert(token, play);
    }

    /// What a token plays for this person now; the first time its longer while begins.
    fn begin(&self, token: &str, by: StaffId, now: Instant) -> Option<Play> {
        let mut open = self.open();
        let play = open
            .get_mut(token)
            .filter(|play| play.by == by && play.until > now)?;
        if !play.begun {
            play.begun = true;
            play.until = now.plus_ms(PLAY_MS);
        }
        Some(play.clone())
    }

    fn goes_on(&self, token: &str, now: Instant) -> bool {
        self.open().get(token).is_some_and(|play| play.until > now)
    }

    /// Whatever this person plays is over.
    pub(super) fn end_all(&self, by: StaffId) {
        self.open().retain(|_, play| play.by != by);
    }

    fn end(&self, token: &str, by: StaffId) {
        let mut open = self.open();
        if open.get(token).is_some_and(|play| play.by == by) {
            open.remove(token);
        }
    }
}

/// A video on its way to an authorised analyst's screen, and nowhere else.
pub struct Playing {
    work: Casework,
    token: String,
    parts: Parts,
    /// As what it is played.
    pub media_type: &'static str,
}

impl Playing {
    /// Its length in bytes.
    #[must_use]
    pub const fn length(&self) -> u64 {
        self.parts.length()
    }

    /// The bytes from `at` to the end of their chunk, at most 64 KiB; empty at the end.
    ///
    /// # Errors
    /// [`DeskError::NoSuchToken`] once it is over; [`DeskError::Vault`].
    pub async fn piece(&self, at: u64) -> Result<Zeroizing<Vec<u8>>, DeskError> {
        if !self
            .work
            .reveals
            .films
            .goes_on(&self.token, self.work.clock.now())
        {
            return Err(DeskError::NoSuchToken);
        }
        Ok(self.parts.piece(at).await?)
    }
}

impl Casework {
    /// Records that `by` reveals the contact sheet of a video of a report they hold, and gives what
    /// fetches it once, as [`Casework::revealed`] does.
    ///
    /// # Errors
    /// [`DeskError::Report`] when they do not hold the report; [`DeskError::NotFound`] when there is
    /// none.
    pub async fn reveal_sheet(
        &self,
        by: StaffId,
        report: ReportId,
        item: ItemId,
    ) -> Result<RevealToken, DeskError> {
        let act = self.act(by);
        let tx = self.db.act(&act, "reveal a contact sheet").await?;
        report::extend(&tx, report).await?;
        let content = self.item_in(&tx, report, item).await?.content_id;
        let film = likeness::sheet(&tx, content).await?;
        let sheet = film
            .and_then(|film| film.sheet)
            .ok_or(DeskError::NotFound)?;
        self.count_look(&tx, by, staff::Looked::Reveal).await?;
        tx.record(content, &Fact::SheetRevealed { item, report });
        tx.commit().await?;
        self.reveals.films.note_seen(by, content);
        let owner = Owner::Content(content);
        Ok(self.token(by, act.at, owner, sheet, "image/jpeg".into()))
    }

    /// Records that `by` plays a video of a report they hold, and gives what plays it.
    ///
    /// # Errors
    /// [`DeskError::Report`] when they do not hold the report; [`DeskError::SheetFirst`] when they have
    /// not seen its contact sheet; [`DeskError::NotFound`] when it is no video that browsers play.
    pub async fn reveal_film(
        &self,
        by: StaffId,
        report: ReportId,
        item: ItemId,
    ) -> Result<RevealToken, DeskError> {
        let act = self.act(by);
        let tx = self.db.act(&act, "reveal a video").await?;
        report::extend(&tx, report).await?;
        let content = self.item_in(&tx, report, item).await?.content_id;
        let row = read::content(&tx, content)
            .await?
            .ok_or(DeskError::NotFound)?;
        let film = likeness::sheet(&tx, content)
            .await?
            .ok_or(DeskError::NotFound)?;
        let media_type = plays(&row.media_type, &film.codec).ok_or(DeskError::NotFound)?;
        if film.sheet.is_some() && !self.reveals.films.seen(by, content) {
            return Err(DeskError::SheetFirst);
        }
        self.count_look(&tx, by, staff::Looked::Reveal).await?;
        tx.record(content, &Fact::Revealed { item, report });
        tx.commit().await?;
        let token = data_encoding::HEXLOWER.encode(&self.chance.bytes::<24>());
        let play = Play {
            by,
            content,
            object: row.original,
            media_type,
            begun: false,
            until: act.at.plus_ms(BEGIN_MS),
        };
        self.reveals.films.keep(token.clone(), play, act.at);
        Ok(RevealToken(token))
    }

    /// A video that `by` revealed, for one request of its parts.
    ///
    /// # Errors
    /// [`DeskError::NoSuchToken`] when it is over, or somebody else's; [`DeskError::Stop`] when a limit
    /// says no; [`DeskError::Vault`].
    pub async fn playing(&self, by: StaffId, token: &str) -> Result<Playing, DeskError> {
        self.may_look(by).await?;
        let play = self
            .reveals
            .films
            .begin(token, by, self.clock.now())
            .ok_or(DeskError::NoSuchToken)?;
        let opener = self
            .vault
            .opener(&self.db, Owner::Content(play.content))
            .await?;
        let parts = opener.parts(&ObjectName::stored(&play.object)).await?;
        Ok(Playing {
            work: self.clone(),
            token: token.to_owned(),
            parts,
            media_type: play.media_type,
        })
    }

    /// The analyst let go: nothing more of it is given out.
    pub fn end_playing(&self, by: StaffId, token: &str) {
        self.reveals.films.end(token, by);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn play(until: i64) -> Play {
        Play {
            by: StaffId::from_bits(1),
            content: ContentId::from_bits(2),
            object: "object".into(),
            media_type: "video/mp4",
            begun: false,
            until: Instant::from_ms(until),
        }
    }

    #[test]
    fn a_token_is_begun_soon_by_its_own_person_and_ends_in_time_or_when_let_go() {
        let (ann, bob) = (StaffId::from_bits(1), StaffId::from_bits(9));
        let plays = Plays::default();
        let at = Instant::from_ms;
        plays.keep("t".into(), play(30_000), at(0));
        assert!(plays.begin("t", bob, at(1)).is_none());
        assert!(plays.begin("t", ann, at(30_000)).is_none(), "too late");
        assert!(plays.begin("t", ann, at(29_999)).is_some());
        assert!(
            plays.begin("t", ann, at(100_000)).is_some(),
            "ranges follow"
        );
        assert!(plays.goes_on("t", at(179_998)) && !plays.goes_on("t", at(179_999)));
        plays.end("t", bob);
        assert!(plays.goes_on("t", at(1_000)), "only its own person ends it");
        plays.end("t", ann);
        assert!(!plays.goes_on("t", at(1_000)));
        plays.keep("t".into(), play(30_000), at(0));
        plays.end_all(bob);
        assert!(plays.goes_on("t", at(1_000)));
        plays.end_all(ann);
        assert!(!plays.goes_on("t", at(1_000)), "on a break nothing goes on");
    }

    #[test]
    fn only_what_browsers_know_is_played() {
        assert_eq!(plays("video/mp4", "h264"), Some("video/mp4"));
        assert_eq!(plays("video/webm", "vp8"), Some("video/webm"));
        for (kind, codec) in [
            ("video/x-msvideo", "mpeg4"),
            ("video/mp4", "hevc"),
            ("image/png", "png"),
        ] {
            assert_eq!(plays(kind, codec), None);
        }
    }
}
