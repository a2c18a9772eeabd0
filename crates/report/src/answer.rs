//! What the sender's receipt is told: plain, coarse, and silent about the police.

use ground::{Outcome, text_enum};

use crate::State;

text_enum! {
    /// What a receipt is told, spelled as the letterbox spells it.
    pub enum Answer {
        /// It is here and waits its turn.
        Received = "received",
        /// It is being looked at.
        BeingAssessed = "being-assessed",
        /// It was passed on to those who can act.
        SentOn = "sent-on",
        /// What was reported is gone.
        Removed = "removed",
        /// It was looked at and is not illegal.
        NotIllegal = "not-illegal",
        /// It is closed: nothing was found, or it could not be acted on.
        Closed = "closed",
    }
}

/// How the removal of a report's illegal items stands, in items. What is held for the police is
/// in `illegal` and in nothing else, so it looks like any other item that was not passed on yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Removals {
    /// Illegal items of the report.
    pub illegal: u32,
    /// Of them, those passed on: a provider was told, or they go to a hotline abroad.
    pub sent_on: u32,
    /// Of those, the ones that are gone.
    pub removed: u32,
    /// Of all, those ended by a human without removal.
    pub ended: u32,
}

impl Answer {
    /// The answer that follows from where the report is and how its removals stand. A report given
    /// back to the queue does not step back: `before` is what was said last.
    #[must_use]
    pub fn of(state: &State, removals: Removals, before: Self) -> Self {
        match state {
            State::Waiting => before,
            State::Held { .. } => Self::BeingAssessed,
            State::Closed { outcome } => match outcome {
                Outcome::Illegal => Self::of_removals(removals),
                Outcome::NotIllegal => Self::NotIllegal,
                Outcome::NothingFound | Outcome::OutOfMandate | Outcome::Read | Outcome::Junk => {
                    Self::Closed
                }
            },
        }
    }

    const fn of_removals(removals: Removals) -> Self {
        let Removals {
            illegal,
            sent_on,
            removed,
            ended,
        } = removals;
        if removed > 0 && removed + ended >= illegal {
            Self::Removed
        } else if sent_on > 0 || removed > 0 {
            Self::SentOn
        } else if illegal > 0 && ended >= illegal {
            Self::Closed
        } else {
            Self::BeingAssessed
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ground::{Instant, StaffId};

    const CLOSED: State = State::Closed {
        outcome: Outcome::Illegal,
    };

    const fn removals(illegal: u32, sent_on: u32, removed: u32, ended: u32) -> Removals {
        Removals {
            illegal,
            sent_on,
            removed,
            ended,
        }
    }

    #[test]
    fn a_hold_for_the_police_looks_like_work_going_on() {
        let of = |removals| Answer::of(&CLOSED, removals, Answer::BeingAssessed);
        assert_eq!(of(removals(2, 0, 0, 0)), Answer::BeingAssessed);
        // One of three is held: what is said is what would be said without the hold.
        assert_eq!(of(removals(3, 2, 0, 0)), Answer::SentOn);
        assert_eq!(of(removals(3, 2, 2, 0)), Answer::SentOn);
    }

    #[test]
    fn removed_is_said_only_when_all_is_gone() {
        let of = |removals| Answer::of(&CLOSED, removals, Answer::SentOn);
        assert_eq!(of(removals(2, 2, 1, 0)), Answer::SentOn);
        assert_eq!(of(removals(2, 2, 2, 0)), Answer::Removed);
        assert_eq!(of(removals(2, 2, 1, 1)), Answer::Removed);
        assert_eq!(of(removals(2, 0, 0, 2)), Answer::Closed);
    }

    #[test]
    fn a_report_given_back_does_not_step_back() {
        let none = Removals::default();
        let before = Answer::BeingAssessed;
        assert_eq!(Answer::of(&State::Waiting, none, before), before);
        assert_eq!(
            Answer::of(&State::Waiting, none, Answer::Received),
            Answer::Received
        );
        let held = State::Held {
            by: StaffId::from_bits(1),
            until: Instant::from_ms(1),
        };
        assert_eq!(
            Answer::of(&held, none, Answer::Received),
            Answer::BeingAssessed
        );
    }

    #[test]
    fn every_other_outcome_is_told_plainly() {
        for (outcome, answer) in [
            (Outcome::NotIllegal, Answer::NotIllegal),
            (Outcome::NothingFound, Answer::Closed),
            (Outcome::OutOfMandate, Answer::Closed),
            (Outcome::Read, Answer::Closed),
            (Outcome::Junk, Answer::Closed),
        ] {
            let state = State::Closed { outcome };
            let told = Answer::of(&state, Removals::default(), Answer::Received);
            assert_eq!(told, answer);
        }
    }
}
