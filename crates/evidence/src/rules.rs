//! The hand-over of evidence to the police: asked for by one, decided by another, taken while it lasts.

use ground::clock::{DAY_MS, HOUR_MS};
use ground::{EvidenceFact, HandOverId, Instant, ReportId, StaffId, VisitId, text_enum};

/// How long a question waits for a decision, ms.
pub const DECIDE_MS: i64 = 3 * DAY_MS;
/// How long the file can be taken once it was approved, ms.
pub const TAKE_MS: i64 = 24 * HOUR_MS;

text_enum! {
    /// How far a hand-over has come.
    pub enum HandOverState {
        /// It waits for a second person.
        Asked = "asked",
        /// A second person agreed: the file can be taken until its time is over.
        Approved = "approved",
        /// A second person did not agree.
        Refused = "refused",
    }
}

/// Evidence of one visit on its way to the police.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HandOver {
    /// Its id.
    pub id: HandOverId,
    /// Whose evidence.
    pub visit: VisitId,
    /// For which report.
    pub report: ReportId,
    /// How far it has come.
    pub state: HandOverState,
    /// Who asked.
    pub asked_by: StaffId,
    /// When.
    pub asked_at: Instant,
    /// Who decided, and when.
    pub decided: Option<(StaffId, Instant)>,
    /// It must be decided, or taken, before this.
    pub until: Instant,
    /// Raised by every change.
    pub revision: i64,
}

/// Why a move was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum HandOverRefusal {
    /// Who asked cannot decide.
    #[error("somebody else than who asked must decide")]
    SamePerson,
    /// It is not in the state that the move begins in.
    #[error("it is {0} already")]
    Decided(HandOverState),
    /// Nobody has approved it.
    #[error("nobody has approved it")]
    NotApproved,
    /// Its time is over.
    #[error("its time is over; ask again")]
    Lapsed,
}

impl HandOver {
    /// A question, and its fact.
    #[must_use]
    pub const fn ask(
        id: HandOverId,
        (visit, report): (VisitId, ReportId),
        by: StaffId,
        now: Instant,
    ) -> (Self, EvidenceFact) {
        let asked = Self {
            id,
            visit,
            report,
            state: HandOverState::Asked,
            asked_by: by,
            asked_at: now,
            decided: None,
            until: now.plus_ms(DECIDE_MS),
            revision: 0,
        };
        (asked, EvidenceFact::HandOverAsked { visit, report })
    }

    /// A second person agrees, or does not.
    ///
    /// # Errors
    /// [`HandOverRefusal`] when it was decided, its time is over, or who asked would decide.
    pub fn decide(
        self,
        agrees: bool,
        by: StaffId,
        now: Instant,
    ) -> Result<(Self, EvidenceFact), HandOverRefusal> {
        if self.state != HandOverState::Asked {
            return Err(HandOverRefusal::Decided(self.state));
        }
        if now > self.until {
            return Err(HandOverRefusal::Lapsed);
        }
        if by == self.asked_by {
            return Err(HandOverRefusal::SamePerson);
        }
        let (visit, asked_by) = (self.visit, self.asked_by);
        let (state, until, fact) = if agrees {
            let fact = EvidenceFact::HandOverApproved { visit, asked_by };
            (HandOverState::Approved, now.plus_ms(TAKE_MS), fact)
        } else {
            let fact = EvidenceFact::HandOverRefused { visit, asked_by };
            (HandOverState::Refused, now, fact)
        };
        let decided = Self {
            state,
            until,
            decided: Some((by, now)),
            ..self
        };
        Ok((decided, fact))
    }

    /// Whether the file can be taken now.
    ///
    /// # Errors
    /// [`HandOverRefusal`] when it was not approved, or its time is over.
    pub fn may_be_taken(&self, now: Instant) -> Result<(), HandOverRefusal> {
        match self.state {
            HandOverState::Approved if now <= self.until => Ok(()),
            HandOverState::Approved => Err(HandOverRefusal::Lapsed),
            HandOverState::Asked | HandOverState::Refused => Err(HandOverRefusal::NotApproved),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Instant = Instant::from_ms(1_790_000_000_000);

    fn asked() -> HandOver {
        let of = (VisitId::from_bits(1), ReportId::from_bits(2));
        HandOver::ask(HandOverId::from_bits(3), of, StaffId::from_bits(4), NOW).0
    }

    #[test]
    fn who_asked_cannot_decide_and_nobody_decides_twice() {
        let (one, other) = (StaffId::from_bits(4), StaffId::from_bits(5));
        let own = asked().decide(true, one, NOW);
        assert_eq!(own, Err(HandOverRefusal::SamePerson));
        let (approved, _) = asked().decide(true, other, NOW).unwrap();
        assert_eq!(approved.decided, Some((other, NOW)));
        let again = approved.decide(false, other, NOW);
        let refusal = HandOverRefusal::Decided(HandOverState::Approved);
        assert_eq!(again, Err(refusal));
    }

    #[test]
    fn it_is_taken_only_when_approved_and_while_it_lasts() {
        let other = StaffId::from_bits(5);
        assert_eq!(asked().may_be_taken(NOW), Err(HandOverRefusal::NotApproved));
        let (refused, _) = asked().decide(false, other, NOW).unwrap();
        assert_eq!(refused.may_be_taken(NOW), Err(HandOverRefusal::NotApproved));
        let (approved, _) = asked().decide(true, other, NOW).unwrap();
        assert_eq!(approved.may_be_taken(NOW.plus_ms(TAKE_MS)), Ok(()));
        let late = NOW.plus_ms(TAKE_MS + 1);
        assert_eq!(approved.may_be_taken(late), Err(HandOverRefusal::Lapsed));
        let late = NOW.plus_ms(DECIDE_MS + 1);
        assert_eq!(
            asked().decide(true, other, late),
            Err(HandOverRefusal::Lapsed)
        );
    }
}
