//! Stages, causes, observations and ages in words.

use ::takedown::{Cause, Presence, Stage};
use assessment::Scheme;
use ground::clock::{DAY_MS, HOUR_MS, MINUTE_MS};
use ground::{Observation, PoliceReason, Verdict};
use pages::{Language, Tone};

use super::Chip;

/// How long something has lasted, in milliseconds, in its largest unit.
pub(crate) fn age(lang: Language, ms: i64) -> String {
    match ms {
        ..MINUTE_MS => lang.t("takedown-age-now"),
        MINUTE_MS..HOUR_MS => lang.t_n("takedown-age-minutes", "n", ms / MINUTE_MS),
        HOUR_MS..=TWO_DAYS_MS => lang.t_n("takedown-age-hours", "n", ms / HOUR_MS),
        _ => lang.t_n("takedown-age-days", "n", ms / DAY_MS),
    }
}

/// Until two days have passed, hours are counted.
const TWO_DAYS_MS: i64 = 2 * DAY_MS;

pub(super) fn stage_in(lang: Language, stage: Stage) -> String {
    lang.t(&format!("takedown-stage-{stage}"))
}

pub(super) fn presence_in(lang: Language, presence: Presence) -> String {
    lang.t(&format!("takedown-presence-{presence}"))
}

/// Where a takedown stands; what is gone is gone, however far the way to it had come.
pub(crate) fn stage_chip(lang: Language, stage: Stage, presence: Presence) -> Chip {
    if presence == Presence::Gone {
        return Chip {
            tone: Tone::Good,
            says: presence_in(lang, presence),
        };
    }
    let tone = match stage {
        Stage::HoldLapsed => Tone::Bad,
        Stage::Held | Stage::AwaitingContact | Stage::NotAttributable | Stage::ToForward => {
            Tone::Warn
        }
        Stage::Locating | Stage::NoticeDue | Stage::Noticed | Stage::Told => Tone::Info,
        Stage::Ended => Tone::Quiet,
    };
    Chip {
        tone,
        says: stage_in(lang, stage),
    }
}

/// Why it is there, where the stage alone does not say it.
pub(crate) fn cause_in(lang: Language, stage: Stage, cause: Cause) -> String {
    match (stage, cause) {
        (Stage::AwaitingContact | Stage::NotAttributable | Stage::Locating, _) => {
            lang.t(&format!("takedown-cause-{cause}"))
        }
        _ => String::new(),
    }
}

/// The verdict in words.
pub(crate) fn verdict_in(lang: Language, verdict: Verdict) -> String {
    lang.t(match verdict {
        Verdict::IllegalBaseline => "takedown-verdict-baseline",
        Verdict::IllegalNational => "takedown-verdict-national",
        Verdict::NotIllegal | Verdict::NotAssessable | Verdict::Ignore => "takedown-verdict-none",
    })
}

/// Why the police are asked first, in the words of the scheme.
pub(crate) fn police_reason(lang: Language, scheme: &Scheme, reason: PoliceReason) -> String {
    let known = scheme.police_reasons();
    let label = known.iter().find(|(known, _)| *known == reason);
    label.map_or_else(
        || reason.to_string(),
        |(_, label)| label.told_in(lang.tag()).to_owned(),
    )
}

pub(super) fn observation_chip(lang: Language, observation: Observation) -> Chip {
    let tone = match observation {
        Observation::Present => Tone::Warn,
        Observation::Absent => Tone::Good,
        Observation::Changed => Tone::Info,
        Observation::Blocked | Observation::Unreachable => Tone::Quiet,
        Observation::OurFailure => Tone::Bad,
    };
    Chip {
        tone,
        says: lang.t(&format!("takedown-saw-{observation}")),
    }
}

pub(super) fn seen_in(lang: Language, seen: Option<Observation>) -> String {
    match seen {
        Some(seen) => lang.t(&format!("takedown-saw-{seen}")),
        None => lang.t("takedown-saw-nothing"),
    }
}

/// Why a check was read as it was.
pub(super) fn why_in(lang: Language, why: Option<&str>) -> String {
    let Some(why) = why else { return String::new() };
    let id = format!("takedown-why-{why}");
    if lang.has(&id) {
        lang.t(&id)
    } else {
        why.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ::takedown::Why;

    #[test]
    fn every_stage_cause_observation_and_why_has_words_in_both_languages() {
        let mut wanted = Vec::new();
        wanted.extend(
            Stage::ALL
                .iter()
                .map(|stage| format!("takedown-stage-{stage}")),
        );
        wanted.extend(
            Presence::ALL
                .iter()
                .map(|is| format!("takedown-presence-{is}")),
        );
        wanted.extend(
            Observation::ALL
                .iter()
                .map(|saw| format!("takedown-saw-{saw}")),
        );
        wanted.extend(Why::ALL.iter().map(|why| format!("takedown-why-{why}")));
        wanted.extend(
            Cause::ALL
                .iter()
                .map(|cause| format!("takedown-cause-{cause}")),
        );
        for lang in Language::ALL {
            for id in &wanted {
                assert!(lang.has(id), "{id} in {}", lang.tag());
            }
        }
    }

    #[test]
    fn an_age_is_told_in_its_largest_unit() {
        let told = |ms| age(Language::En, ms);
        assert_eq!(told(-5), "less than a minute");
        assert_eq!(told(90_000), "1 minute");
        assert_eq!(told(5 * HOUR_MS), "5 hours");
        assert_eq!(told(47 * HOUR_MS), "47 hours");
        assert_eq!(told(72 * HOUR_MS), "3 days");
    }

    #[test]
    fn the_scheme_says_why_the_police_are_asked() {
        let scheme = Scheme::standard().unwrap();
        for reason in PoliceReason::ALL {
            assert_ne!(
                police_reason(Language::Nl, &scheme, *reason),
                reason.to_string()
            );
        }
    }
}
