//! What follows from the end of a visit: done, tried again, or shown as not captured.

use ground::{
    Chance, clock::HOUR_MS, clock::MINUTE_MS, clock::SECOND_MS, lease::back_off_ms, text_enum,
};

use crate::Cause;

text_enum! {
    /// How far a visit has come.
    pub enum VisitState {
        /// Somebody wants it; it is the visitor's work.
        Wanted = "wanted",
        /// It was made and the address answered.
        Captured = "captured",
        /// It was tried to the end; an analyst judges by hand.
        NotCaptured = "not-captured",
    }
}

/// How often a visit is tried when the other side fails.
const TRIES_THEIRS: u32 = 3;
/// How often a visit is tried when we fail ourselves: a fault of ours must not cost a report its
/// capture, but neither may it keep a report from the analysts for ever.
const TRIES_OURS: u32 = 8;

/// How soon a failed visit is tried again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// Wait before the second try, ms; doubles after each.
    pub first_ms: i64,
    /// Longest wait, ms.
    pub most_ms: i64,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            first_ms: 2 * MINUTE_MS,
            most_ms: HOUR_MS,
        }
    }
}

impl Patience {
    /// For a demonstration, where nobody wants to wait.
    pub const DEMO: Self = Self {
        first_ms: 2 * SECOND_MS,
        most_ms: 8 * SECOND_MS,
    };
}

/// What is to be done after an attempt that captured nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// Try again after this many milliseconds.
    Again {
        /// How long to wait.
        wait_ms: i64,
    },
    /// Show it as not captured.
    GiveUp,
}

/// Decides after attempt number `attempts` failed because of `cause`.
#[must_use]
pub fn after_failure(cause: &Cause, attempts: u32, patience: Patience, chance: &Chance) -> Next {
    let tries = match cause {
        Cause::RefusedByPolicy | Cause::NotAPage(_) => 1,
        // The server has answered, and will say the same in two minutes.
        Cause::HttpStatus(400..=407 | 409..=428 | 430..=499) => 1,
        cause if cause.is_ours() => TRIES_OURS,
        _ => TRIES_THEIRS,
    };
    if attempts >= tries {
        return Next::GiveUp;
    }
    Next::Again {
        wait_ms: back_off_ms(attempts, patience.first_ms, patience.most_ms, chance),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(cause: &Cause, attempts: u32) -> Next {
        after_failure(cause, attempts, Patience::default(), &Chance::seeded(1))
    }

    #[test]
    fn a_page_that_is_gone_is_not_asked_for_again() {
        assert_eq!(after(&Cause::HttpStatus(404), 1), Next::GiveUp);
        assert_eq!(after(&Cause::RefusedByPolicy, 1), Next::GiveUp);
    }

    #[test]
    fn a_host_in_trouble_is_tried_three_times() {
        for cause in [
            Cause::HttpStatus(503),
            Cause::HttpStatus(429),
            Cause::TimedOut,
        ] {
            assert!(matches!(after(&cause, 1), Next::Again { .. }));
            assert!(matches!(after(&cause, 2), Next::Again { .. }));
            assert_eq!(after(&cause, 3), Next::GiveUp);
        }
    }

    #[test]
    fn our_own_failure_is_tried_for_longer() {
        assert!(matches!(
            after(&Cause::OurNameService, 7),
            Next::Again { .. }
        ));
        assert_eq!(after(&Cause::OurNameService, 8), Next::GiveUp);
    }
}
