//! The states of a notice, and what an attempt to send it leads to.

use std::ops::Deref;

use egress::{Accepted, SendError};
use ground::lease::back_off_ms;
use ground::{Chance, ContactId, Fact, Instant, NoticeId, ProviderId, text_enum};
use sea_orm::FromQueryResult;

use crate::{NoticeKind, NoticeLanguage, Patience};

text_enum! {
    /// How far a notice has come.
    pub enum NoticeState {
        /// To be sent, now or after a wait.
        Due = "due",
        /// The relay took it over.
        Accepted = "accepted",
        /// It may have been taken over; nobody knows.
        Unsure = "unsure",
        /// Given up; a human must act.
        Failed = "failed",
    }
}

/// A notice as stored and as shown.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
#[expect(
    missing_docs,
    reason = "each field is the column of the same name, explained there"
)]
pub struct NoticeRow {
    pub id: NoticeId,
    pub number: String,
    pub contact_id: ContactId,
    pub provider_id: ProviderId,
    pub state: NoticeState,
    pub language: NoticeLanguage,
    pub message_id: String,
    pub items: i64,
    pub drawn_up_at_ms: Instant,
    pub handed_at_ms: Option<Instant>,
    pub accepted_at_ms: Option<Instant>,
    pub reply: Option<String>,
    pub cause: Option<String>,
    pub attempts: i64,
    pub not_before_ms: Instant,
    pub revision: i64,
    pub kind: NoticeKind,
    pub returned_at_ms: Option<Instant>,
}

/// A request to remove; read through its row, changed only by the moves below.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice(pub(crate) NoticeRow);

impl Deref for Notice {
    type Target = NoticeRow;
    fn deref(&self) -> &NoticeRow {
        &self.0
    }
}

/// What an attempt to send came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The relay took it over.
    Accepted {
        /// What it said.
        reply: String,
    },
    /// Not now; nothing arrived.
    Later {
        /// Kind of cause, for the ledger.
        code: &'static str,
        /// In words, for the desk.
        words: String,
    },
    /// Our relay was not reached or does not take us: ours to mend, so the notice is never given up
    /// for it, however long it lasts.
    Ours {
        /// Kind of cause, for the ledger.
        code: &'static str,
        /// In words, for the desk.
        words: String,
    },
    /// Never.
    Never {
        /// Kind of cause, for the ledger.
        code: &'static str,
        /// In words, for the desk.
        words: String,
    },
    /// The connection was lost after the message had gone out.
    Unsure {
        /// In words, for the desk.
        words: String,
    },
}

/// Reads what the relay's client tells.
#[must_use]
pub fn outcome_of(sent: &Result<Accepted, SendError>) -> Outcome {
    let words = |fault: &SendError| fault.to_string();
    match sent {
        Ok(accepted) => Outcome::Accepted {
            reply: accepted.reply.clone(),
        },
        Err(fault @ SendError::Unknown(_)) => Outcome::Unsure {
            words: words(fault),
        },
        Err(fault @ SendError::Permanent(_)) => Outcome::Never {
            code: "relay-refused",
            words: words(fault),
        },
        Err(fault @ SendError::Malformed(_)) => Outcome::Never {
            code: "malformed",
            words: words(fault),
        },
        Err(fault @ SendError::Transient(_)) => Outcome::Later {
            code: "relay-busy",
            words: words(fault),
        },
        Err(fault @ SendError::NotReached(_)) => Outcome::Ours {
            code: "relay-not-reached",
            words: words(fault),
        },
        Err(fault @ SendError::NotAccepted(_)) => Outcome::Ours {
            code: "relay-does-not-accept-us",
            words: words(fault),
        },
    }
}

/// Why a move was not made. Nothing changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// The move does not lead on from this state.
    #[error("that cannot be done with a notice that is '{0}'")]
    NotFrom(NoticeState),
    /// It was handed over before and the outcome is not known.
    #[error("it was handed over and nobody knows what became of it")]
    Interrupted,
    /// It names nothing.
    #[error("it names no item")]
    Empty,
}

/// What a notice is drawn up from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DrawUp {
    /// The id it shall have.
    pub id: NoticeId,
    /// Whom to write to.
    pub contact: ContactId,
    /// Of which provider.
    pub provider: ProviderId,
    /// First, or a reminder.
    pub kind: NoticeKind,
    /// In which language.
    pub language: NoticeLanguage,
    /// The fixed Message-ID, without brackets.
    pub message_id: String,
    /// How many items it names.
    pub items: u32,
}

/// The number of a notice, for people: the year and eight letters of its id.
#[must_use]
pub fn number_of(id: NoticeId, at: Instant) -> String {
    let text = id.to_string().to_uppercase();
    let letters = text.rsplit('_').next().unwrap_or_default();
    let (rest, last) = letters.split_at(letters.len().saturating_sub(4));
    let (_, first) = rest.split_at(rest.len().saturating_sub(4));
    format!("{}-{first}-{last}", at.year())
}

type Move = Result<(Notice, Fact), Refused>;

impl Notice {
    /// Draws one up, due at once.
    ///
    /// # Errors
    /// [`Refused::Empty`].
    pub fn draw_up(from: DrawUp, at: Instant) -> Move {
        if from.items == 0 {
            return Err(Refused::Empty);
        }
        let fact = Fact::NoticeDrawnUp {
            contact: from.contact,
            provider: from.provider,
            items: from.items,
            language: from.language.to_string(),
        };
        let row = NoticeRow {
            id: from.id,
            number: number_of(from.id, at),
            contact_id: from.contact,
            provider_id: from.provider,
            state: NoticeState::Due,
            language: from.language,
            message_id: from.message_id,
            items: i64::from(from.items),
            drawn_up_at_ms: at,
            handed_at_ms: None,
            accepted_at_ms: None,
            reply: None,
            cause: None,
            attempts: 0,
            not_before_ms: at,
            revision: 0,
            kind: from.kind,
            returned_at_ms: None,
        };
        Ok((Self(row), fact))
    }

    fn is_open(&self) -> bool {
        matches!(self.state, NoticeState::Due | NoticeState::Unsure)
    }

    /// Marks it as about to be handed over; the mark must be durable before the relay is called,
    /// so that a program that dies in between leaves a trace ([`crate::hand_over`]).
    ///
    /// # Errors
    /// [`Refused::Interrupted`] when the mark of an earlier attempt still stands: first
    /// [`Notice::interrupted`].
    pub fn handing_over(mut self, at: Instant) -> Result<Self, Refused> {
        if !self.is_open() {
            return Err(Refused::NotFrom(self.state));
        }
        if self.handed_at_ms.is_some() {
            return Err(Refused::Interrupted);
        }
        self.0.handed_at_ms = Some(at);
        Ok(self)
    }

    /// The program died between handing it over and writing down the outcome: unsure.
    ///
    /// # Errors
    /// [`Refused::NotFrom`] when no mark stands.
    pub fn interrupted(self, attempts: u32, now: Instant, patience: &Patience) -> Move {
        if !self.is_open() || self.handed_at_ms.is_none() {
            return Err(Refused::NotFrom(self.state));
        }
        let words = "the program stopped while it was being handed over";
        Ok(self.unsure(words, attempts, now, patience))
    }

    /// An attempt ended. What the relay did counts whenever it becomes known, also when the lease
    /// was lost in the meantime and the notice had been thought unsure.
    ///
    /// # Errors
    /// [`Refused::NotFrom`] when it was accepted or given up before.
    pub fn attempted(
        mut self,
        outcome: &Outcome,
        attempts: u32,
        now: Instant,
        patience: &Patience,
        chance: &Chance,
    ) -> Move {
        if !self.is_open() {
            return Err(Refused::NotFrom(self.state));
        }
        self.0.handed_at_ms = None;
        match outcome {
            Outcome::Accepted { reply } => Ok(self.accepted(reply, attempts, now)),
            Outcome::Never { code, words } => Ok(self.failed(code, words, attempts)),
            Outcome::Unsure { words } => Ok(self.unsure(words, attempts, now, patience)),
            Outcome::Later { code, words } if attempts >= patience.most_attempts => {
                Ok(self.failed(code, words, attempts))
            }
            Outcome::Later { code, words } | Outcome::Ours { code, words } => {
                // An unsure notice stays unsure: that this attempt was turned away says nothing
                // about the one before.
                let wait = back_off_ms(attempts, patience.first_ms, patience.most_ms, chance);
                self.0.not_before_ms = now.plus_ms(wait);
                self.0.cause = Some(words.clone());
                let fact = Fact::NoticePutOff {
                    cause: (*code).to_owned(),
                    attempt: attempts,
                };
                Ok((self, fact))
            }
        }
    }

    fn accepted(mut self, reply: &str, attempts: u32, now: Instant) -> (Self, Fact) {
        // Kept for the desk: it may have arrived twice, under one Message-ID.
        let twice = self.state == NoticeState::Unsure;
        self.0.state = NoticeState::Accepted;
        self.0.accepted_at_ms = Some(now);
        self.0.returned_at_ms = None;
        self.0.reply = Some(reply.to_owned());
        self.0.cause = twice.then(|| "unsure-before".to_owned());
        let fact = Fact::NoticeAccepted {
            contact: self.contact_id,
            provider: self.provider_id,
            attempts,
        };
        (self, fact)
    }

    fn failed(mut self, code: &str, words: &str, attempts: u32) -> (Self, Fact) {
        self.0.state = NoticeState::Failed;
        self.0.cause = Some(words.to_owned());
        (
            self,
            Fact::NoticeFailed {
                cause: code.to_owned(),
                attempts,
            },
        )
    }

    fn unsure(
        mut self,
        words: &str,
        attempts: u32,
        now: Instant,
        patience: &Patience,
    ) -> (Self, Fact) {
        self.0.handed_at_ms = None;
        if self.state == NoticeState::Unsure && attempts >= patience.most_unsure_attempts {
            return self.failed("unsure", words, attempts);
        }
        self.0.state = NoticeState::Unsure;
        self.0.cause = Some(words.to_owned());
        self.0.not_before_ms = patience
            .unsure_wait_ms
            .map_or(Instant::from_ms(i64::MAX), |wait| now.plus_ms(wait));
        (
            self,
            Fact::NoticeUnsure {
                cause: "unsure".to_owned(),
                attempt: attempts,
            },
        )
    }

    /// A human sends it again after it failed, or at once while it is unsure. It is the same
    /// message with the same Message-ID.
    ///
    /// # Errors
    /// [`Refused::NotFrom`] when it is due or accepted.
    pub fn retried(mut self, now: Instant) -> Move {
        match self.state {
            NoticeState::Failed => self.0.state = NoticeState::Due,
            NoticeState::Unsure => {}
            NoticeState::Due | NoticeState::Accepted => return Err(Refused::NotFrom(self.state)),
        }
        self.0.handed_at_ms = None;
        self.0.returned_at_ms = None;
        self.0.not_before_ms = now;
        Ok((self, Fact::NoticeRetried))
    }

    /// A mail server says that it was not delivered: it is accepted no more, and a human must act.
    ///
    /// # Errors
    /// [`Refused::Interrupted`] while an attempt is under way, of which more will be known soon;
    /// [`Refused::NotFrom`] when it failed before or is due again.
    pub fn returned(mut self, status: &str, now: Instant) -> Move {
        if self.handed_at_ms.is_some() {
            return Err(Refused::Interrupted);
        }
        if !matches!(self.state, NoticeState::Accepted | NoticeState::Unsure) {
            return Err(Refused::NotFrom(self.state));
        }
        self.0.state = NoticeState::Failed;
        self.0.accepted_at_ms = None;
        self.0.returned_at_ms = Some(now);
        self.0.cause = Some(format!("a mail server returned it: {status}"));
        let fact = Fact::NoticeReturned {
            contact: self.contact_id,
            provider: self.provider_id,
            status: status.to_owned(),
        };
        Ok((self, fact))
    }

    /// There is evidence that it arrived: the provider answered, or a human found it delivered.
    ///
    /// # Errors
    /// [`Refused::NotFrom`] when it is not in doubt.
    pub fn known_arrived(self, now: Instant) -> Move {
        if !matches!(self.state, NoticeState::Unsure | NoticeState::Failed) {
            return Err(Refused::NotFrom(self.state));
        }
        let attempts = u32::try_from(self.attempts).unwrap_or(u32::MAX);
        Ok(self.accepted("known to have arrived", attempts, now))
    }
}

#[cfg(test)]
mod tests;
