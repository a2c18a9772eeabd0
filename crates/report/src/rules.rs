//! The life of a report: waiting → held by one analyst → closed with an outcome.

use ground::clock::MINUTE_MS;
use ground::{Act, Actor, Fact, Instant, Outcome, PoliceReason, StaffId};

/// How long a hold lasts after the last sign of activity, in milliseconds.
pub const HOLD_MS: i64 = 30 * MINUTE_MS;

/// Where a report is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// In the queue.
    Waiting,
    /// With one analyst, until the hold lapses by itself.
    Held {
        /// Who holds it.
        by: StaffId,
        /// From this moment on the hold has lapsed.
        until: Instant,
    },
    /// Done.
    Closed {
        /// How it ended.
        outcome: Outcome,
    },
}

/// What a report is closed with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Closing {
    /// How it ended.
    pub outcome: Outcome,
    /// How many items were judged, in items.
    pub items: u32,
    /// How many of them are illegal, in items.
    pub illegal: u32,
    /// Why the police are asked first, when they are.
    pub police: Option<PoliceReason>,
    /// What the analyst noted.
    pub note: Option<String>,
}

/// Why a move was refused; reads on from the name of the move.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Two analysts never hold the same report.
    #[error("a colleague is working on this report")]
    HeldByAnother {
        /// Who.
        by: StaffId,
        /// Until when, unless they go on.
        until: Instant,
    },
    /// The one who acts does not hold it.
    #[error("take the report first")]
    NotHeld,
    /// The hold passed its end; somebody else may take the report.
    #[error("your hold on this report has lapsed; take it again")]
    Lapsed,
    /// The hold has not passed its end yet.
    #[error("the hold has not lapsed")]
    StillHeld,
    /// It is done.
    #[error("the report is closed")]
    Closed,
    /// Whoever takes over what a colleague holds says why.
    #[error("say why you take this report over")]
    NoReason,
    /// A report is handed to a colleague.
    #[error("hand the report to a colleague, not to yourself")]
    ToOneself,
    /// Only a member of staff can hold a report.
    #[error("only a member of staff can do this")]
    NotStaff,
    /// An illegal item and another outcome do not go together, nor the reverse.
    #[error("the outcome does not fit what was judged")]
    OutcomeDoesNotFit,
}

fn staff(act: &Act) -> Result<StaffId, Refusal> {
    match act.who {
        Actor::Staff(id) => Ok(id),
        Actor::Worker(_) | Actor::Provider(_) | Actor::Operator => Err(Refusal::NotStaff),
    }
}

impl State {
    /// Who holds the report at this moment, and until when; nobody once the hold has lapsed.
    #[must_use]
    pub fn holder(&self, now: Instant) -> Option<(StaffId, Instant)> {
        match self {
            Self::Held { by, until } if now < *until => Some((*by, *until)),
            _ => None,
        }
    }

    /// Waiting, or held by a hold that lapsed → held by the one who acts. Taking again what one
    /// holds extends the hold.
    ///
    /// # Errors
    /// [`Refusal::HeldByAnother`], [`Refusal::Closed`] or [`Refusal::NotStaff`].
    pub fn take(self, act: &Act) -> Result<(Self, Vec<Fact>), Refusal> {
        let by = staff(act)?;
        let held = Self::Held {
            by,
            until: act.at.plus_ms(HOLD_MS),
        };
        match self {
            Self::Waiting => Ok((held, vec![Fact::ReportTaken])),
            Self::Held { by: other, until } if act.at < until => {
                if other == by {
                    Ok((held, vec![]))
                } else {
                    Err(Refusal::HeldByAnother { by: other, until })
                }
            }
            Self::Held { by: held_by, .. } => {
                Ok((held, vec![Fact::HoldLapsed { held_by }, Fact::ReportTaken]))
            }
            Self::Closed { .. } => Err(Refusal::Closed),
        }
    }

    /// Held by the one who acts → held for longer. A sign of activity, not an act of its own.
    ///
    /// # Errors
    /// [`Refusal`] when the one who acts does not hold it.
    pub fn extend(self, by: StaffId, now: Instant) -> Result<Self, Refusal> {
        self.held_by(by, now)?;
        Ok(Self::Held {
            by,
            until: now.plus_ms(HOLD_MS),
        })
    }

    /// Whether `by` holds the report now, which every judgement needs.
    ///
    /// # Errors
    /// [`Refusal`] that says why not.
    pub fn held_by(self, by: StaffId, now: Instant) -> Result<(), Refusal> {
        match self {
            Self::Held { by: holder, until } if holder == by && now < until => Ok(()),
            Self::Held { by: holder, .. } if holder == by => Err(Refusal::Lapsed),
            Self::Held { by, until } if now < until => Err(Refusal::HeldByAnother { by, until }),
            Self::Waiting | Self::Held { .. } => Err(Refusal::NotHeld),
            Self::Closed { .. } => Err(Refusal::Closed),
        }
    }

    /// Held by the one who acts → waiting.
    ///
    /// # Errors
    /// [`Refusal`] when the one who acts does not hold it.
    pub fn give_back(self, act: &Act) -> Result<(Self, Fact), Refusal> {
        self.held_by(staff(act)?, act.at)?;
        Ok((Self::Waiting, Fact::ReportGivenBack))
    }

    /// Held by the one who acts → held by the colleague it is handed to.
    ///
    /// # Errors
    /// [`Refusal::ToOneself`]; otherwise as [`State::held_by`].
    pub fn hand_over(self, act: &Act, to: StaffId) -> Result<(Self, Fact), Refusal> {
        let by = staff(act)?;
        self.held_by(by, act.at)?;
        if by == to {
            return Err(Refusal::ToOneself);
        }
        let held = Self::Held {
            by: to,
            until: act.at.plus_ms(HOLD_MS),
        };
        Ok((held, Fact::ReportHandedOver { to }))
    }

    /// Held by a colleague → held by the one who acts, who says why.
    ///
    /// # Errors
    /// [`Refusal::NoReason`] without one; [`Refusal::NotHeld`] when no colleague holds it (any more), so
    /// that it can simply be taken; [`Refusal::Closed`] or [`Refusal::NotStaff`].
    pub fn take_over(self, act: &Act) -> Result<(Self, Fact), Refusal> {
        let by = staff(act)?;
        if let Self::Closed { .. } = self {
            return Err(Refusal::Closed);
        }
        let (from, _) = self
            .holder(act.at)
            .filter(|(holder, _)| *holder != by)
            .ok_or(Refusal::NotHeld)?;
        if act.why.is_none() {
            return Err(Refusal::NoReason);
        }
        let held = Self::Held {
            by,
            until: act.at.plus_ms(HOLD_MS),
        };
        Ok((held, Fact::ReportTakenOver { from }))
    }

    /// Held, past its end → waiting.
    ///
    /// # Errors
    /// [`Refusal::StillHeld`] before its end; [`Refusal::NotHeld`] or [`Refusal::Closed`].
    pub fn lapse(self, now: Instant) -> Result<(Self, Fact), Refusal> {
        match self {
            Self::Held { by, until } if until <= now => {
                Ok((Self::Waiting, Fact::HoldLapsed { held_by: by }))
            }
            Self::Held { .. } => Err(Refusal::StillHeld),
            Self::Waiting => Err(Refusal::NotHeld),
            Self::Closed { .. } => Err(Refusal::Closed),
        }
    }

    /// Held by the one who acts → closed. That all is judged is known to the order of work, which
    /// asks for this.
    ///
    /// # Errors
    /// [`Refusal::OutcomeDoesNotFit`] when the outcome contradicts the number of illegal items;
    /// otherwise as [`State::held_by`].
    pub fn close(self, act: &Act, closing: &Closing) -> Result<(Self, Fact), Refusal> {
        self.held_by(staff(act)?, act.at)?;
        let outcome = closing.outcome;
        if (outcome == Outcome::Illegal) != (closing.illegal > 0) {
            return Err(Refusal::OutcomeDoesNotFit);
        }
        let fact = Fact::ReportClosed {
            outcome,
            items: closing.items,
            illegal: closing.illegal,
            note: closing.note.is_some(),
        };
        Ok((Self::Closed { outcome }, fact))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANN: StaffId = StaffId::from_bits(1);
    const BOB: StaffId = StaffId::from_bits(2);

    const fn act(by: StaffId, at_ms: i64) -> Act {
        Act::by_staff(by, Instant::from_ms(at_ms))
    }

    const HELD: State = State::Held {
        by: ANN,
        until: Instant::from_ms(HOLD_MS),
    };

    const fn closing(outcome: Outcome, illegal: u32) -> Closing {
        Closing {
            outcome,
            items: 3,
            illegal,
            police: None,
            note: None,
        }
    }

    #[test]
    fn a_report_taken_is_held_for_half_an_hour() {
        assert_eq!(
            State::Waiting.take(&act(ANN, 0)),
            Ok((HELD, vec![Fact::ReportTaken]))
        );
    }

    #[test]
    fn two_analysts_never_hold_the_same_report() {
        let refused = HELD.take(&act(BOB, HOLD_MS - 1));
        let until = Instant::from_ms(HOLD_MS);
        assert_eq!(refused, Err(Refusal::HeldByAnother { by: ANN, until }));
    }

    #[test]
    fn a_lapsed_hold_frees_the_report() {
        let (next, facts) = HELD.take(&act(BOB, HOLD_MS)).unwrap();
        assert_eq!(next.holder(Instant::from_ms(HOLD_MS)).unwrap().0, BOB);
        let lapsed = Fact::HoldLapsed { held_by: ANN };
        assert_eq!(facts, [lapsed.clone(), Fact::ReportTaken]);
        let at = Instant::from_ms;
        assert_eq!(HELD.lapse(at(HOLD_MS)), Ok((State::Waiting, lapsed)));
        assert_eq!(HELD.lapse(at(HOLD_MS - 1)), Err(Refusal::StillHeld));
        assert_eq!(HELD.holder(at(HOLD_MS)), None);
    }

    #[test]
    fn a_lapsed_hold_can_neither_extend_nor_close() {
        let late = Instant::from_ms(HOLD_MS);
        assert_eq!(HELD.extend(ANN, late), Err(Refusal::Lapsed));
        assert_eq!(
            HELD.close(&act(ANN, HOLD_MS), &closing(Outcome::NotIllegal, 0)),
            Err(Refusal::Lapsed)
        );
    }

    #[test]
    fn activity_extends_the_hold() {
        let later = HELD.extend(ANN, Instant::from_ms(1_000)).unwrap();
        let until = Instant::from_ms(1_000 + HOLD_MS);
        assert_eq!(later, State::Held { by: ANN, until });
        assert!(later.held_by(ANN, Instant::from_ms(HOLD_MS)).is_ok());
    }

    #[test]
    fn only_the_holder_gives_back() {
        assert_eq!(
            HELD.give_back(&act(ANN, 5)).unwrap(),
            (State::Waiting, Fact::ReportGivenBack)
        );
        assert!(matches!(
            HELD.give_back(&act(BOB, 5)),
            Err(Refusal::HeldByAnother { .. })
        ));
        assert_eq!(
            State::Waiting.give_back(&act(ANN, 5)),
            Err(Refusal::NotHeld)
        );
    }

    #[test]
    fn what_is_handed_over_is_held_by_the_colleague_and_no_longer_by_oneself() {
        let (next, fact) = HELD.hand_over(&act(ANN, 5), BOB).unwrap();
        assert_eq!(fact, Fact::ReportHandedOver { to: BOB });
        let until = Instant::from_ms(5 + HOLD_MS);
        assert_eq!(next, State::Held { by: BOB, until });
        assert_eq!(HELD.hand_over(&act(ANN, 5), ANN), Err(Refusal::ToOneself));
        assert!(matches!(
            next.hand_over(&act(ANN, 6), BOB),
            Err(Refusal::HeldByAnother { .. })
        ));
        assert_eq!(
            HELD.hand_over(&act(ANN, HOLD_MS), BOB),
            Err(Refusal::Lapsed)
        );
    }

    #[test]
    fn a_colleagues_report_is_taken_over_with_a_reason_and_what_is_free_is_simply_taken() {
        let why = || ground::Reason::parse("she is ill").unwrap();
        assert_eq!(HELD.take_over(&act(BOB, 5)), Err(Refusal::NoReason));
        let (next, fact) = HELD.take_over(&act(BOB, 5).because(why())).unwrap();
        assert_eq!(fact, Fact::ReportTakenOver { from: ANN });
        assert_eq!(next.holder(Instant::from_ms(6)).unwrap().0, BOB);
        for (state, by, at) in [
            (HELD, ANN, 5),
            (HELD, BOB, HOLD_MS),
            (State::Waiting, BOB, 5),
        ] {
            let refused = state.take_over(&act(by, at).because(why()));
            assert_eq!(refused, Err(Refusal::NotHeld));
        }
        let outcome = Outcome::Read;
        assert_eq!(
            State::Closed { outcome }.take_over(&act(BOB, 5).because(why())),
            Err(Refusal::Closed)
        );
    }

    #[test]
    fn a_worker_holds_nothing() {
        let act = Act::by_worker("collector", Instant::from_ms(1));
        assert_eq!(State::Waiting.take(&act), Err(Refusal::NotStaff));
    }

    #[test]
    fn a_closed_report_stays_closed() {
        let (closed, _) = HELD
            .close(&act(ANN, 5), &closing(Outcome::Illegal, 2))
            .unwrap();
        assert_eq!(closed.take(&act(ANN, 6)), Err(Refusal::Closed));
        assert_eq!(
            closed.extend(ANN, Instant::from_ms(6)),
            Err(Refusal::Closed)
        );
        assert_eq!(
            closed.close(&act(ANN, 6), &closing(Outcome::Illegal, 2)),
            Err(Refusal::Closed)
        );
    }

    #[test]
    fn an_outcome_fits_what_was_judged() {
        for (outcome, illegal) in [(Outcome::Illegal, 0), (Outcome::NotIllegal, 1)] {
            assert_eq!(
                HELD.close(&act(ANN, 5), &closing(outcome, illegal)),
                Err(Refusal::OutcomeDoesNotFit)
            );
        }
    }
}
