//! Which report comes first, and why: the hour in which it was received, less a head start for what is
//! known of it.
//!
//! Nothing here looks at material. A head start is added to, never multiplied, and has a greatest value
//! ([`HeadStarts::greatest_ms`]): a report can only be passed by those that came at most so long after
//! it, so that none waits for ever, however busy it is.

use ground::clock::HOUR_MS;
use ground::{Channel, Instant};

/// The longest head start that one signal can be given, in hours: 30 days.
pub const MOST_HOURS: u32 = 720;

/// What is known of a report before anybody looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Signals {
    /// Through which door it came.
    pub channel: Channel,
    /// Something found at its addresses is on a hash list.
    pub on_list: bool,
    /// Something was there when one of its addresses was last looked at.
    pub captured: bool,
    /// The most reports, open or closed, that name one of its addresses; in reports, with this one.
    pub named_by: u32,
}

/// By how many hours a report comes before one of which nothing is known, for each signal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HeadStarts {
    /// It came from the police.
    pub police: u32,
    /// It came from a trusted reporter.
    pub trusted: u32,
    /// It came from another hotline.
    pub partner: u32,
    /// Something of it is on a hash list.
    pub on_list: u32,
    /// Something was there at the last look.
    pub captured: u32,
    /// For each further report that names one of its addresses …
    pub named_again: u32,
    /// … and the most that these give together.
    pub named_again_most: u32,
}

impl HeadStarts {
    /// What holds unless the configuration says otherwise.
    pub const USUAL: Self = Self {
        police: 48,
        trusted: 24,
        partner: 12,
        on_list: 24,
        captured: 6,
        named_again: 4,
        named_again_most: 24,
    };

    const fn of_channel(&self, channel: Channel) -> u32 {
        match channel {
            Channel::Police => self.police,
            Channel::Trusted => self.trusted,
            Channel::Partner => self.partner,
            Channel::Web | Channel::Chat | Channel::Mail | Channel::Recheck => 0,
        }
    }

    /// The greatest head start there can be, in ms: who came later by more never passes.
    #[must_use]
    pub fn greatest_ms(&self) -> i64 {
        let channels = [self.police, self.trusted, self.partner];
        let channel = channels.into_iter().max().unwrap_or(0);
        [channel, self.on_list, self.captured, self.named_again_most]
            .into_iter()
            .map(|hours| i64::from(hours) * HOUR_MS)
            .sum()
    }
}

/// Why a report comes before one that came at the same time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// Who it came from.
    From(Channel),
    /// Something of it is on a hash list.
    OnList,
    /// So many reports name one of its addresses.
    NamedBy(u32),
    /// Something was there at the last look.
    Captured,
}

/// A head start and what it is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Priority {
    /// By how much the report comes before its hour, in ms.
    pub head_start_ms: i64,
    /// Why, the weightiest first; what gives no head start is no reason.
    pub why: Vec<Why>,
}

impl Priority {
    /// Where in the queue a report with this priority stands: smaller comes first.
    #[must_use]
    pub const fn rank(&self, received_hour: Instant) -> Instant {
        received_hour.plus_ms(-self.head_start_ms)
    }
}

/// The head start of a report, and why.
#[must_use]
pub fn priority(signals: &Signals, starts: &HeadStarts) -> Priority {
    let further = signals.named_by.saturating_sub(1);
    let named = further
        .saturating_mul(starts.named_again)
        .min(starts.named_again_most);
    let given = |so: bool, hours: u32| if so { hours } else { 0 };
    let mut parts = [
        (
            starts.of_channel(signals.channel),
            Why::From(signals.channel),
        ),
        (given(signals.on_list, starts.on_list), Why::OnList),
        (named, Why::NamedBy(signals.named_by)),
        (given(signals.captured, starts.captured), Why::Captured),
    ];
    parts.sort_by_key(|(hours, _)| std::cmp::Reverse(*hours));
    let given = parts.into_iter().filter(|(hours, _)| *hours > 0);
    Priority {
        head_start_ms: given
            .clone()
            .map(|(hours, _)| i64::from(hours) * HOUR_MS)
            .sum(),
        why: given.map(|(_, why)| why).collect(),
    }
}

#[cfg(test)]
#[path = "priority_tests.rs"]
mod tests;
