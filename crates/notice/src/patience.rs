//! How long a notice is tried, and how long one in doubt waits.

use ground::clock::{HOUR_MS, MINUTE_MS, SECOND_MS};

/// How patient we are with a relay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// Before the second attempt, in milliseconds; doubled each time.
    pub first_ms: i64,
    /// Longest wait between two attempts, in milliseconds.
    pub most_ms: i64,
    /// After so many attempts a notice has failed.
    pub most_attempts: u32,
    /// How long an unsure notice waits for evidence before it is sent again, in milliseconds; none
    /// leaves it to a human.
    pub unsure_wait_ms: Option<i64>,
    /// After so many attempts an unsure notice has failed.
    pub most_unsure_attempts: u32,
}

impl Patience {
    /// One minute, up to an hour; about two days in all; a quarter of an hour when unsure.
    #[must_use]
    pub const fn real() -> Self {
        Self {
            first_ms: MINUTE_MS,
            most_ms: HOUR_MS,
            most_attempts: 50,
            unsure_wait_ms: Some(15 * MINUTE_MS),
            most_unsure_attempts: 5,
        }
    }

    /// The same in seconds, for the demonstration.
    #[must_use]
    pub const fn demo() -> Self {
        Self {
            first_ms: 2 * SECOND_MS,
            most_ms: 20 * SECOND_MS,
            most_attempts: 50,
            unsure_wait_ms: Some(20 * SECOND_MS),
            most_unsure_attempts: 5,
        }
    }
}
