//! The watch over one item: is it still there? What single checks may add up to.
//!
//! | a check saw | absences in a row | so |
//! |---|---|---|
//! | present | start at nought | there; after a removal: came back |
//! | changed | start at nought | there, for a human to look at; after a removal: still gone |
//! | absent, long enough after the last absence | one more | at three: removed |
//! | absent, too soon after the last absence | as they were | looked at again later |
//! | blocked, unreachable | as they were | says nothing |
//! | our failure, or anything but *present* while the canary is silent | as they were | says nothing |
//!
//! What says nothing neither counts nor starts anew: a host that is out of order for an hour between
//! two absences has not shown the picture, and a line of ours that fails shows nothing at all. The
//! time of a removal is that of the first of its three absences.

use std::ops::Deref;

use ground::{Fact, Instant, Observation, TakedownId, text_enum};
use sea_orm::FromQueryResult;

use crate::pace::Last;
use crate::{Pace, Refused, Way};

/// So many absences in a row are a removal.
pub(crate) const ENOUGH: i64 = 3;

text_enum! {
    /// Whether an item is there, as far as was concluded.
    pub enum Presence {
        /// Not concluded to be gone.
        There = "there",
        /// Concluded to be removed; looked at for a return.
        Gone = "gone",
        /// Not looked at any more.
        Ended = "ended",
    }
}

/// Whether a look told nothing about the item.
const fn says_nothing(observation: Observation) -> bool {
    matches!(observation, Observation::Blocked | Observation::Unreachable)
}

/// One check.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seen {
    /// What it saw.
    pub observation: Observation,
    /// When.
    pub at: Instant,
    /// Whether the canary, asked at the same time the same way, proved that our side works.
    pub canary_healthy: bool,
}

impl Seen {
    /// What may be believed of it: without a healthy canary only that the picture is there.
    #[must_use]
    pub fn believed(&self) -> Observation {
        match self.observation {
            Observation::Present => Observation::Present,
            _ if !self.canary_healthy => Observation::OurFailure,
            other => other,
        }
    }
}

/// What a check led to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Conclusion {
    /// Nothing new.
    Nothing,
    /// Removed; its absence was first seen at this moment.
    Removed {
        /// The first of the three absences.
        first_gone: Instant,
    },
    /// It was removed and is there again: its way begins anew ([`crate::Takedown::reappeared`]).
    Reappeared,
}

/// The watch as stored and as shown.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
#[expect(
    missing_docs,
    reason = "each field is the column of the same name, explained there"
)]
pub struct WatchRow {
    pub id: TakedownId,
    pub presence: Presence,
    pub absences: i64,
    pub begun_at_ms: Instant,
    pub first_absent_ms: Option<Instant>,
    pub last_absent_ms: Option<Instant>,
    pub last_present_ms: Option<Instant>,
    pub last_seen: Option<Observation>,
    pub removed_at_ms: Option<Instant>,
    pub returns: i64,
    pub checks: i64,
    pub attempts: i64,
    pub not_before_ms: Instant,
    pub revision: i64,
}

/// The watch over one item; read through its row, changed only by [`Watch::observe`] and the moves
/// beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Watch(pub(crate) WatchRow);

impl Deref for Watch {
    type Target = WatchRow;
    fn deref(&self) -> &WatchRow {
        &self.0
    }
}

impl Watch {
    /// Begins to watch.
    #[must_use]
    pub fn begin(id: TakedownId, at: Instant, pace: &Pace) -> Self {
        Self(WatchRow {
            id,
            presence: Presence::There,
            absences: 0,
            begun_at_ms: at,
            first_absent_ms: None,
            last_absent_ms: None,
            last_present_ms: None,
            last_seen: None,
            removed_at_ms: None,
            returns: 0,
            checks: 0,
            attempts: 0,
            not_before_ms: at.plus_ms(pace.first_ms),
            revision: 0,
        })
    }

    /// Takes in one check. `way` is the takedown it belongs to, for the facts.
    ///
    /// An item whose watch ran out after its removal may still be seen again, by a visit to the
    /// page: that is a return like any other.
    ///
    /// # Errors
    /// [`Refused::Closed`] when the watch has ended and nothing came back.
    pub fn observe(
        mut self,
        seen: Seen,
        way: &Way,
        pace: &Pace,
    ) -> Result<(Self, Conclusion, Vec<Fact>), Refused> {
        let believed = seen.believed();
        let ran_out = self.presence == Presence::Ended && self.removed_at_ms.is_some();
        if self.presence == Presence::Ended && !(ran_out && believed == Observation::Present) {
            return Err(Refused::Closed);
        }
        self.0.checks += 1;
        let again = self.last_seen.is_some_and(says_nothing);
        self.0.last_seen = Some(believed);
        let mut facts = vec![Fact::Checked {
            observation: believed,
        }];
        let conclusion = match believed {
            Observation::Present => self.present(seen.at),
            Observation::Changed if self.presence == Presence::There => {
                self.start_at_nought();
                Conclusion::Nothing
            }
            Observation::Absent if self.presence == Presence::There => {
                self.absent(seen.at, pace.between_absences_ms)
            }
            _ => Conclusion::Nothing,
        };
        match conclusion {
            Conclusion::Removed { first_gone } => facts.push(Fact::Removed {
                first_gone,
                told_at: way.told_at_ms,
                provider: way.provider_id,
            }),
            Conclusion::Reappeared => {
                facts.push(Fact::Reappeared {
                    provider: way.provider_id,
                });
            }
            Conclusion::Nothing => {}
        }
        let last = match believed {
            Observation::OurFailure => Last::OurFailure,
            silent if says_nothing(silent) && self.presence == Presence::Gone => {
                Last::Nothing { again }
            }
            _ if self.absences > 0 => Last::Doubt,
            silent if says_nothing(silent) => Last::Nothing { again },
            _ => Last::Said,
        };
        self.set_next(seen.at, pace, last);
        Ok((self, conclusion, facts))
    }

    fn present(&mut self, at: Instant) -> Conclusion {
        self.0.last_present_ms = Some(at);
        self.start_at_nought();
        if self.presence == Presence::There {
            return Conclusion::Nothing;
        }
        self.0.presence = Presence::There;
        self.0.removed_at_ms = None;
        self.0.returns += 1;
        self.0.begun_at_ms = at;
        Conclusion::Reappeared
    }

    fn start_at_nought(&mut self) {
        self.0.absences = 0;
        self.0.first_absent_ms = None;
        self.0.last_absent_ms = None;
    }

    fn absent(&mut self, at: Instant, between_ms: i64) -> Conclusion {
        let too_soon = self
            .last_absent_ms
            .is_some_and(|last| at.since_ms(last) < between_ms);
        if too_soon {
            return Conclusion::Nothing;
        }
        let first_gone = self.first_absent_ms.unwrap_or(at);
        self.0.first_absent_ms = Some(first_gone);
        self.0.last_absent_ms = Some(at);
        self.0.absences += 1;
        if self.absences < ENOUGH {
            return Conclusion::Nothing;
        }
        self.0.presence = Presence::Gone;
        self.0.removed_at_ms = Some(at);
        Conclusion::Removed { first_gone }
    }

    fn set_next(&mut self, now: Instant, pace: &Pace, last: Last) {
        let since = self.removed_at_ms.unwrap_or(self.begun_at_ms);
        match pace.next_check(self.presence, since, now, last) {
            Some(next) => self.0.not_before_ms = next,
            None => self.0.presence = Presence::Ended,
        }
    }

    /// Somebody says that it changed (a provider says it is removed, a visit found it again): look
    /// now.
    ///
    /// # Errors
    /// [`Refused::Closed`] when it is not watched any more.
    pub fn look_now(mut self, now: Instant) -> Result<Self, Refused> {
        if self.presence == Presence::Ended {
            return Err(Refused::Closed);
        }
        self.0.not_before_ms = now;
        Ok(self)
    }

    /// Ends the watch, when a human closes the takedown or nothing may be fetched there (Tor).
    #[must_use]
    pub fn ended(mut self) -> Self {
        self.0.presence = Presence::Ended;
        self.0.removed_at_ms = None;
        self
    }

    /// Begins anew, when the takedown is reopened.
    #[must_use]
    pub fn begun_anew(mut self, at: Instant, pace: &Pace) -> Self {
        self.start_at_nought();
        self.0.presence = Presence::There;
        self.0.removed_at_ms = None;
        self.0.begun_at_ms = at;
        self.0.not_before_ms = at.plus_ms(pace.first_ms);
        self
    }
}
