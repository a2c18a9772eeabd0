//! What a provider says about an item it was told of, and what comes of it: the moves of a
//! **response**. It never changes the way or the watch by itself: *removed* only has the item looked
//! at, *not our network* only has the host found out anew, an objection waits for a human.

use std::ops::Deref;

use ground::{
    Actor, ContactId, Fact, Instant, ResponseId, ResponseKind, ResponseOutcome, TakedownId,
    text_enum,
};
use sea_orm::FromQueryResult;

use crate::{Stage, Takedown};

text_enum! {
    /// How far a response has come.
    pub enum ResponseState {
        /// The host is to be found out anew.
        Open = "open",
        /// A senior analyst decides.
        ForHuman = "for-human",
        /// Nothing is left to do.
        Settled = "settled",
    }
}

/// A response as stored and as shown.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct ResponseRow {
    /// Its id.
    pub id: ResponseId,
    /// About which item.
    pub takedown_id: TakedownId,
    /// By whom.
    pub contact_id: ContactId,
    /// What is said.
    pub kind: ResponseKind,
    /// How far it has come.
    pub state: ResponseState,
    /// What came of it so far.
    pub outcome: Option<ResponseOutcome>,
    /// The provider's words, sealed.
    pub words: Option<Vec<u8>>,
    /// When it was said.
    pub given_at_ms: Instant,
    /// Who settled it.
    pub settled_by: Option<String>,
    /// When.
    pub settled_at_ms: Option<Instant>,
    /// When the host is next looked for.
    pub not_before_ms: Instant,
    /// Raised by every change.
    pub revision: i64,
}

/// What a provider said; read through its row, changed only by the moves below.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response(pub(crate) ResponseRow);

impl Deref for Response {
    type Target = ResponseRow;
    fn deref(&self) -> &ResponseRow {
        &self.0
    }
}

/// Why a response was not taken or not settled. Nothing changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ResponseRefused {
    /// The item is not one that this contact was told of and that is still its concern.
    #[error("this item is not on the list of this contact")]
    NotTheirs,
    /// An objection needs words.
    #[error("an objection needs a reason")]
    NoWords,
    /// It does not wait for this.
    #[error("that cannot be done with a response that is '{0}'")]
    NotFrom(ResponseState),
    /// Only a member of staff decides.
    #[error("only a member of staff decides about a response")]
    NotStaff,
}

type Move = Result<(Response, Fact), ResponseRefused>;

impl Response {
    /// A provider says something about an item of which it was told. `words` are sealed already; an
    /// objection has some.
    ///
    /// # Errors
    /// [`ResponseRefused::NotTheirs`] unless `contact` was told of the item and nobody else since;
    /// [`ResponseRefused::NoWords`].
    pub fn given(
        id: ResponseId,
        about: &Takedown,
        contact: ContactId,
        (kind, words): (ResponseKind, Option<Vec<u8>>),
        at: Instant,
    ) -> Move {
        let (true, Stage::Told, Some(provider)) = (
            about.contact_id == Some(contact),
            about.stage,
            about.provider_id,
        ) else {
            return Err(ResponseRefused::NotTheirs);
        };
        if kind == ResponseKind::Objection && words.is_none() {
            return Err(ResponseRefused::NoWords);
        }
        let (state, outcome) = match kind {
            ResponseKind::Removed => (ResponseState::Settled, Some(ResponseOutcome::Checked)),
            ResponseKind::NotHost => (ResponseState::Open, None),
            ResponseKind::Objection => (ResponseState::ForHuman, None),
        };
        let row = ResponseRow {
            id,
            takedown_id: about.id,
            contact_id: contact,
            kind,
            state,
            outcome,
            words,
            given_at_ms: at,
            settled_by: None,
            settled_at_ms: (state == ResponseState::Settled).then_some(at),
            not_before_ms: at,
            revision: 0,
        };
        Ok((Self(row), Fact::ProviderResponded { provider, kind }))
    }

    /// The host was found out anew: another one is told instead, or a human decides.
    ///
    /// # Errors
    /// [`ResponseRefused::NotFrom`] when nobody was looking.
    pub fn relocated(mut self, elsewhere: bool, at: Instant) -> Move {
        self.must_be(ResponseState::Open)?;
        let outcome = if elsewhere {
            self.0.state = ResponseState::Settled;
            self.0.settled_at_ms = Some(at);
            ResponseOutcome::OtherHost
        } else {
            self.0.state = ResponseState::ForHuman;
            ResponseOutcome::SameHost
        };
        Ok(self.with(outcome))
    }

    /// A member of staff agrees with the provider, or does not.
    ///
    /// # Errors
    /// [`ResponseRefused::NotFrom`] when it does not wait for a human;
    /// [`ResponseRefused::NotStaff`].
    pub fn decided(mut self, upheld: bool, by: Actor, at: Instant) -> Move {
        if !matches!(by, Actor::Staff(_)) {
            return Err(ResponseRefused::NotStaff);
        }
        self.must_be(ResponseState::ForHuman)?;
        self.0.state = ResponseState::Settled;
        self.0.settled_by = Some(by.to_string());
        self.0.settled_at_ms = Some(at);
        Ok(self.with(if upheld {
            ResponseOutcome::Upheld
        } else {
            ResponseOutcome::Dismissed
        }))
    }

    fn must_be(&self, state: ResponseState) -> Result<(), ResponseRefused> {
        if self.state == state {
            Ok(())
        } else {
            Err(ResponseRefused::NotFrom(self.state))
        }
    }

    fn with(mut self, outcome: ResponseOutcome) -> (Self, Fact) {
        self.0.outcome = Some(outcome);
        let kind = self.0.kind;
        (self, Fact::ResponseSettled { kind, outcome })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::way_tests::told_takedown;
    use ground::StaffId;
    use proptest::prelude::*;

    const WHO: ContactId = ContactId::from_bits(7);
    const ANN: Actor = Actor::Staff(StaffId::from_bits(1));

    fn at(ms: i64) -> Instant {
        Instant::from_ms(ms)
    }

    fn given(kind: ResponseKind) -> Response {
        let words = Some(vec![1]);
        let id = ResponseId::from_bits(1);
        Response::given(id, &told_takedown(WHO), WHO, (kind, words), at(5))
            .unwrap()
            .0
    }

    #[test]
    fn only_the_contact_that_was_told_can_respond() {
        let told = told_takedown(WHO);
        let kind = (ResponseKind::Removed, None);
        let id = ResponseId::from_bits(1);
        let other = ContactId::from_bits(8);
        assert_eq!(
            Response::given(id, &told, other, kind.clone(), at(5)).unwrap_err(),
            ResponseRefused::NotTheirs
        );
        let moved = told.clone().moved(at(4)).unwrap().0;
        assert_eq!(
            Response::given(id, &moved, WHO, kind.clone(), at(5)).unwrap_err(),
            ResponseRefused::NotTheirs,
            "another host is being looked for"
        );
        let (response, fact) = Response::given(id, &told, WHO, kind, at(5)).unwrap();
        assert_eq!(response.state, ResponseState::Settled);
        assert!(matches!(fact, Fact::ProviderResponded { .. }));
    }

    #[test]
    fn an_objection_needs_words_and_a_human() {
        let id = ResponseId::from_bits(1);
        let without = (ResponseKind::Objection, None);
        assert_eq!(
            Response::given(id, &told_takedown(WHO), WHO, without, at(5)).unwrap_err(),
            ResponseRefused::NoWords
        );
        let objection = given(ResponseKind::Objection);
        let worker = Actor::Worker("anybody");
        assert_eq!(
            objection.clone().decided(true, worker, at(6)).unwrap_err(),
            ResponseRefused::NotStaff
        );
        let (settled, fact) = objection.decided(true, ANN, at(6)).unwrap();
        assert_eq!(settled.outcome, Some(ResponseOutcome::Upheld));
        assert!(matches!(fact, Fact::ResponseSettled { .. }));
        assert_eq!(
            settled.decided(false, ANN, at(7)).unwrap_err(),
            ResponseRefused::NotFrom(ResponseState::Settled)
        );
    }

    #[test]
    fn a_host_that_stays_the_same_is_left_to_a_human() {
        let (same, _) = given(ResponseKind::NotHost)
            .relocated(false, at(6))
            .unwrap();
        assert_eq!(same.state, ResponseState::ForHuman);
        let (other, _) = given(ResponseKind::NotHost).relocated(true, at(6)).unwrap();
        assert_eq!(
            (other.state, other.outcome),
            (ResponseState::Settled, Some(ResponseOutcome::OtherHost))
        );
    }

    proptest! {
        #[test]
        fn what_is_settled_stays_settled_in_whatever_order_moves_come(
            kind in prop::sample::select(vec![
                ResponseKind::Removed, ResponseKind::NotHost, ResponseKind::Objection,
            ]),
            moves in prop::collection::vec(0..4_u8, 0..12),
        ) {
            let mut response = given(kind);
            for step in moves {
                let before = response.clone();
                let moved = match step {
                    0 | 1 => response.clone().relocated(true, at(9)).map(|(next, _)| next),
                    2 => response.clone().relocated(false, at(9)).map(|(next, _)| next),
                    _ => response.clone().decided(step == 3, ANN, at(9)).map(|(next, _)| next),
                };
                if let Ok(next) = moved {
                    prop_assert!(before.state != ResponseState::Settled);
                    response = next;
                }
                let settled = response.state == ResponseState::Settled;
                prop_assert_eq!(settled, response.settled_at_ms.is_some());
                prop_assert!(!settled || response.outcome.is_some());
            }
        }
    }
}
