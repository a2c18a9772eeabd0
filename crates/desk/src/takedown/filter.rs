//! Which takedowns are asked for.

use ::takedown::{Presence, Stage, Which};
use ground::ProviderId;

use crate::Fields;

/// Only takedowns that fit all of these; what cannot be read is left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Filter {
    /// At this stage.
    pub stage: Option<Stage>,
    /// With this presence.
    pub presence: Option<Presence>,
    /// Hosted by this provider.
    pub provider: Option<ProviderId>,
    /// From this place of the list on, from 0.
    pub from: i64,
}

impl Filter {
    /// Reads the fields `stage`, `presence`, `provider` and `from`. Without any field, what is
    /// still there is meant.
    pub fn read(fields: &Fields) -> Self {
        let asked = ["stage", "presence", "provider", "from"];
        let nothing = asked.iter().all(|name| fields.all(name).next().is_none());
        let presence = fields.one("presence").parse().ok();
        Self {
            stage: fields.one("stage").parse().ok(),
            presence: if nothing {
                Some(Presence::There)
            } else {
                presence
            },
            provider: fields.one("provider").parse().ok(),
            from: fields.one("from").parse().unwrap_or(0).max(0),
        }
    }

    pub fn which(&self) -> Which {
        Which {
            stage: self.stage,
            presence: self.presence,
            provider: self.provider,
            ..Which::default()
        }
    }

    /// The address of the page with this filter, from a place on. Ids and fixed words only: no
    /// part of an address ever stands there.
    pub fn path(&self, from: i64) -> String {
        let mut pairs = Vec::new();
        pairs.extend(self.stage.map(|stage| format!("stage={stage}")));
        // Named also when any is meant, so that the page is not read as asking for nothing.
        let presence = self
            .presence
            .map(|presence| presence.to_string())
            .unwrap_or_default();
        pairs.push(format!("presence={presence}"));
        pairs.extend(self.provider.map(|provider| format!("provider={provider}")));
        if from > 0 {
            pairs.push(format!("from={from}"));
        }
        format!("/takedowns?{}", pairs.join("&"))
    }

    pub fn is_stage(&self, stage: &Stage) -> bool {
        self.stage == Some(*stage)
    }

    pub fn is_presence(&self, presence: &Presence) -> bool {
        self.presence == Some(*presence)
    }

    pub fn is_provider(&self, provider: &str) -> bool {
        self.provider.is_some_and(|id| id.to_string() == provider)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(query: &str) -> Filter {
        Filter::read(&Fields::read(query.as_bytes()).unwrap())
    }

    #[test]
    fn a_filter_is_read_back_from_its_own_address() {
        let provider = ProviderId::from_bits(7);
        let filter = read(&format!("stage=told&presence=gone&provider={provider}"));
        assert_eq!(filter.stage, Some(Stage::Told));
        let path = filter.path(50);
        let again = read(path.split_once('?').unwrap().1);
        assert_eq!(again, Filter { from: 50, ..filter });
    }

    #[test]
    fn without_a_wish_what_is_still_there_is_meant_and_any_can_be_asked_for() {
        assert_eq!(read("").presence, Some(Presence::There));
        assert_eq!(read("presence=").presence, None);
        assert_eq!(
            read(read("presence=").path(0).split_once('?').unwrap().1),
            read("presence=")
        );
        assert_eq!(read("stage=nonsense&from=-4").which().stage, None);
        assert_eq!(read("from=-4").from, 0);
    }
}
