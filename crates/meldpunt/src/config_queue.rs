//! The section of the configuration on the order of the queue.

use report::{HeadStarts, MOST_HOURS};

/// By how many hours a report comes before one of which nothing is known; 0 to 720 each. They add up, and
/// a report is only ever passed by those that came later by less than all of them together.
#[derive(Debug, Clone, confique::Config)]
#[config(layer_attr(serde(deny_unknown_fields)))]
pub struct Queue {
    /// It came from the police.
    #[config(default = 48)]
    pub police_hours: u32,
    /// It came from a trusted reporter.
    #[config(default = 24)]
    pub trusted_hours: u32,
    /// It came from another hotline.
    #[config(default = 12)]
    pub partner_hours: u32,
    /// Something found at its addresses is on a hash list, our own included.
    #[config(default = 24)]
    pub on_list_hours: u32,
    /// Something was there when one of its addresses was last looked at.
    #[config(default = 6)]
    pub captured_hours: u32,
    /// For each further report that names one of its addresses.
    #[config(default = 4)]
    pub named_again_hours: u32,
    /// The most that further reports give together.
    #[config(default = 24)]
    pub named_again_most_hours: u32,
}

impl Queue {
    /// What is wrong: the setting, and what to do about it.
    pub fn fault(&self) -> Option<(&'static str, &'static str)> {
        let settings = [
            ("queue.police_hours", self.police_hours),
            ("queue.trusted_hours", self.trusted_hours),
            ("queue.partner_hours", self.partner_hours),
            ("queue.on_list_hours", self.on_list_hours),
            ("queue.captured_hours", self.captured_hours),
            ("queue.named_again_hours", self.named_again_hours),
            ("queue.named_again_most_hours", self.named_again_most_hours),
        ];
        let wrong = settings.into_iter().find(|(_, hours)| *hours > MOST_HOURS);
        wrong.map(|(name, _)| (name, "must be 720 hours (30 days) or less"))
    }

    /// The head starts these settings make.
    pub const fn head_starts(&self) -> HeadStarts {
        HeadStarts {
            police: self.police_hours,
            trusted: self.trusted_hours,
            partner: self.partner_hours,
            on_list: self.on_list_hours,
            captured: self.captured_hours,
            named_again: self.named_again_hours,
            named_again_most: self.named_again_most_hours,
        }
    }
}

#[cfg(test)]
mod tests {
    use confique::Config as _;

    use super::*;

    #[test]
    fn what_is_not_set_is_the_usual_and_more_than_a_month_is_refused_by_name() {
        let mut queue = Queue::builder().load().unwrap();
        assert_eq!(queue.head_starts(), HeadStarts::USUAL);
        assert_eq!(queue.fault(), None);
        queue.on_list_hours = 721;
        assert_eq!(
            queue.fault().map(|(setting, _)| setting),
            Some("queue.on_list_hours")
        );
    }
}
