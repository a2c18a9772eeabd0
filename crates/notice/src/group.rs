//! Which items go together in one notice: those of one contact, within a window.

use ground::clock::{HOUR_MS, SECOND_MS};
use ground::{ContactId, Instant};

/// How long items are gathered before they are sent. There is no calendar: a notice that is ripe on
/// a Friday evening is sent on a Friday evening.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// Longest wait of the first item for others, in milliseconds.
    pub gather_ms: i64,
    /// Most items of one notice; more make more notices.
    pub most_items: usize,
}

impl Window {
    /// Half an hour, so that the first notice is out within the hour; 200 items.
    #[must_use]
    pub const fn real() -> Self {
        Self {
            gather_ms: HOUR_MS / 2,
            most_items: 200,
        }
    }

    /// Two seconds, for the demonstration.
    #[must_use]
    pub const fn demo() -> Self {
        Self {
            gather_ms: 2 * SECOND_MS,
            most_items: 200,
        }
    }
}

/// What is to be known of an item that waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Waiting {
    /// Whom to write to.
    pub contact: ContactId,
    /// Since when it waits.
    pub since: Instant,
    /// Sent at once, with all that waits for the same contact.
    pub urgent: bool,
}

/// The groups that are ripe now, each for one notice, in the order in which they are given.
pub fn ripe_groups<T>(
    waiting: Vec<T>,
    of: impl Fn(&T) -> Waiting,
    window: &Window,
    now: Instant,
) -> Vec<(ContactId, Vec<T>)> {
    let mut groups: Vec<(ContactId, Vec<T>)> = Vec::new();
    for item in waiting {
        let contact = of(&item).contact;
        match groups.iter_mut().find(|(known, _)| *known == contact) {
            Some((_, group)) => group.push(item),
            None => groups.push((contact, vec![item])),
        }
    }
    let most = window.most_items.max(1);
    let ripe = |group: &[T]| {
        group.len() >= most
            || group
                .iter()
                .map(&of)
                .any(|w| w.urgent || now.since_ms(w.since) >= window.gather_ms)
    };
    groups
        .into_iter()
        .filter(|(_, group)| ripe(group))
        .flat_map(|(contact, group)| {
            let mut rest = group.into_iter();
            let mut parts = Vec::new();
            loop {
                let part: Vec<T> = rest.by_ref().take(most).collect();
                if part.is_empty() {
                    return parts;
                }
                parts.push((contact, part));
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn waiting(contact: u128, since: i64, urgent: bool) -> Waiting {
        Waiting {
            contact: ContactId::from_bits(contact),
            since: Instant::from_ms(since),
            urgent,
        }
    }

    fn sizes(all: &[Waiting], now: i64) -> Vec<usize> {
        let window = Window {
            gather_ms: 1_000,
            most_items: 3,
        };
        let groups = ripe_groups(all.to_vec(), |w| *w, &window, Instant::from_ms(now));
        groups.iter().map(|(_, group)| group.len()).collect()
    }

    /// Regression (s): a calendar held first notices over a weekend. There is no calendar.
    #[test]
    fn the_items_of_one_contact_go_together_once_the_first_waited_long_enough() {
        let all = [
            waiting(1, 0, false),
            waiting(2, 900, false),
            waiting(1, 900, false),
        ];
        assert!(sizes(&all, 999).is_empty());
        assert_eq!(sizes(&all, 1_000), [2]);
        assert_eq!(sizes(&all, 1_900), [2, 1]);
    }

    #[test]
    fn an_urgent_item_takes_the_others_along_and_many_items_make_many_notices() {
        assert_eq!(sizes(&[waiting(1, 0, false), waiting(1, 0, true)], 1), [2]);
        assert_eq!(sizes(&vec![waiting(1, 0, false); 7], 1), [3, 3, 1]);
    }
}
