//! The second computation: a plain fold over the lines of the ledger, with sets and maps.

use std::collections::{BTreeMap, BTreeSet};

use ground::clock::HOUR_MS;
use ground::{Basis, Fact, HashFact, HostedIn, ProviderId, Verdict};

use crate::Period;

/// By figure the number, and by figure, division and part the number; hours in milliseconds.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Counted {
    pub totals: BTreeMap<String, i64>,
    pub parts: BTreeMap<(String, String, String), i64>,
}

impl Counted {
    pub fn add(&mut self, figure: &str, n: i64) {
        *self.totals.entry(figure.to_owned()).or_default() += n;
    }

    pub fn part(&mut self, figure: &str, by: &str, part: &str, n: i64) {
        let key = (figure.to_owned(), by.to_owned(), part.to_owned());
        *self.parts.entry(key).or_default() += n;
    }

    pub fn both(&mut self, figure: &str, by: &str, part: &str, n: i64) {
        self.add(figure, n);
        self.part(figure, by, part, n);
    }

    fn sighted(&mut self, first: bool, origin: &str) {
        let named = if first { "first" } else { "again" };
        self.both("sightings", "origin", origin, 1);
        self.part("sightings", "first", named, 1);
        self.add("addresses-new", i64::from(first));
    }

    fn clock(
        &mut self,
        figure: &str,
        by: Option<&str>,
        sorted: &[i64],
        of: impl Fn(&[i64]) -> i64,
    ) {
        match by {
            Some(provider) => self.part(figure, "provider", provider, of(sorted)),
            None => self.add(figure, of(sorted)),
        }
    }
}

/// Everything that must be remembered from line to line.
#[derive(Default)]
pub(crate) struct Fold {
    counted: Counted,
    addresses: BTreeSet<String>,
    located: BTreeSet<String>,
    told: BTreeMap<String, String>,
    first_told: BTreeSet<String>,
    gone: BTreeMap<String, bool>,
    received: BTreeMap<String, i64>,
    opened: BTreeMap<String, i64>,
    first_closed: BTreeSet<String>,
    removals: Vec<(String, i64)>,
    to_closing: Vec<i64>,
    to_notice: Vec<i64>,
}

fn named(provider: Option<ProviderId>) -> String {
    provider.map_or_else(|| "unknown".to_owned(), |id| id.to_string())
}

impl Fold {
    fn judged(&mut self, verdict: Verdict, basis: Basis, n: i64) {
        let c = &mut self.counted;
        c.both("items-judged", "verdict", verdict.as_str(), n);
        c.part("items-judged", "basis", basis.as_str(), n);
        c.add("items-illegal", if verdict.is_illegal() { n } else { 0 });
        c.add("share-illegal", if verdict.is_illegal() { n } else { 0 });
        match basis {
            Basis::Looked | Basis::Likeness => c.add("looks-needed", n),
            Basis::SameBytes | Basis::SamePicture | Basis::ByItself => c.add("looks-saved", n),
        }
    }

    fn content(&mut self, verdict: Verdict, answers: &serde_json::Value, n: i64) {
        self.counted
            .both("contents-judged", "verdict", verdict.as_str(), n);
        if !verdict.is_illegal() {
            return;
        }
        self.counted.add("contents-illegal", n);
        for (question, given) in answers.as_object().into_iter().flatten() {
            for option in given.as_array().into_iter().flatten() {
                let by = format!("answer:{question}");
                self.counted
                    .part("contents-illegal", &by, option.as_str().unwrap_or(""), n);
            }
        }
    }

    /// Counts one line.
    pub fn line(&mut self, at: i64, subject: &str, fact: &Fact, period: &Period) {
        let inside = at >= period.from.ms() && at < period.until.ms();
        let before_end = at < period.until.ms();
        self.remember(at, subject, fact, inside, before_end);
        if !inside {
            return;
        }
        let c = &mut self.counted;
        match fact {
            Fact::ReportReceived {
                channel, origin, ..
            } => {
                c.both("reports", "channel", channel.as_str(), 1);
                c.part("reports", "origin", origin.as_str(), 1);
            }
            Fact::ReportClosed { outcome, .. } => {
                c.both("reports-closed", "outcome", outcome.as_str(), 1)
            }
            Fact::AddressSighted { first, origin, .. } => {
                c.sighted(*first, origin.as_str());
                let new = self.addresses.insert(subject.to_owned());
                c.add("addresses", i64::from(new));
            }
            Fact::VisitEnded { captured, .. } => {
                c.both(
                    "visits",
                    "captured",
                    if *captured { "yes" } else { "no" },
                    1,
                );
            }
            Fact::ItemFound { set_apart, .. } => c.add("items-found", i64::from(!set_apart)),
            Fact::ItemJudged { verdict, basis, .. } => self.judged(*verdict, *basis, 1),
            Fact::ItemUnjudged { was, basis, .. } => self.judged(*was, *basis, -1),
            Fact::ContentJudged {
                verdict, answers, ..
            } => self.content(*verdict, answers, 1),
            Fact::JudgementUndone { was, answers, .. } => self.content(*was, answers, -1),
            Fact::NoticeAccepted { provider, .. } => {
                c.both("notices", "provider", &provider.to_string(), 1)
            }
            Fact::Removed {
                first_gone,
                told_at,
                provider,
            } => {
                c.both("removed", "provider", &named(*provider), 1);
                if let Some(told) = told_at
                    && first_gone >= told
                {
                    self.removals
                        .push((named(*provider), first_gone.since_ms(*told)));
                }
            }
            Fact::Reappeared { provider } => c.both("reappeared", "provider", &named(*provider), 1),
            _ => {}
        }
    }

    /// Hashes asked on a day whose noon lies in the period, whenever it was written down.
    pub fn asked(&mut self, subject: &str, fact: &Fact, period: &Period) {
        let Fact::Hash(HashFact::HashesChecked {
            day,
            checks,
            matches,
            not_checked,
        }) = *fact
        else {
            return;
        };
        let noon = day * 24 * HOUR_MS + 12 * HOUR_MS;
        if noon < period.from.ms() || noon >= period.until.ms() {
            return;
        }
        let said = [
            ("match", matches),
            ("no-match", checks - matches),
            ("not-checked", not_checked),
        ];
        for (word, n) in said {
            let n = i64::try_from(n).unwrap_or(0);
            self.counted.both("hashes-asked", "result", word, n);
            self.counted.part("hashes-asked", "client", subject, n);
            let date = crate::hashes::date(day);
            self.counted.part("hashes-asked", "day", &date, n);
        }
    }

    /// What later lines depend on, also outside the period.
    fn remember(&mut self, at: i64, subject: &str, fact: &Fact, inside: bool, before_end: bool) {
        let key = subject.to_owned();
        match fact {
            Fact::ReportReceived { .. } => {
                self.received.entry(key).or_insert(at);
            }
            Fact::TakedownOpened { .. } => {
                self.opened.entry(key).or_insert(at);
            }
            Fact::HostLocated {
                hosted_in, country, ..
            } if self.located.insert(key.clone()) && inside => {
                let row = match hosted_in {
                    HostedIn::Onion => "onion",
                    HostedIn::Unknown => "unknown",
                    HostedIn::Home | HostedIn::Abroad => country.as_deref().unwrap_or("unknown"),
                };
                self.counted.both("hosts", "country", row, 1);
                self.counted
                    .part("hosts", "hosted-in", hosted_in.as_str(), 1);
            }
            // A clock between two lines runs only when the first stands in the ledger; a later
            // start cannot be met here, so these are settled at the end.
            Fact::ReportClosed { .. } if self.first_closed.insert(key.clone()) && inside => {
                self.to_closing.push(at);
                self.gone
                    .entry(format!("closing {key} {at}"))
                    .or_insert(false);
            }
            Fact::ProviderTold { provider, .. } => {
                if self.first_told.insert(key.clone()) && inside {
                    let provider = provider.to_string();
                    self.counted.both("items-told", "provider", &provider, 1);
                    self.gone
                        .entry(format!("notice {key} {at}"))
                        .or_insert(false);
                }
                if before_end {
                    self.told.insert(key, provider.to_string());
                }
            }
            Fact::Removed { .. } | Fact::TakedownEnded { .. } if before_end => {
                self.gone.insert(key, true);
            }
            Fact::Reappeared { .. } if before_end => {
                self.gone.insert(key, false);
            }
            _ => {}
        }
    }

    fn clocks(&mut self) {
        let (mut closing, mut notice) = (Vec::new(), Vec::new());
        for mark in self.gone.keys() {
            let words: Vec<&str> = mark.split(' ').collect();
            let [what, subject, at] = words[..] else {
                continue;
            };
            let at: i64 = at.parse().unwrap_or(0);
            let start = if what == "closing" {
                &self.received
            } else {
                &self.opened
            };
            if let Some(start) = start.get(subject) {
                let into = if what == "closing" {
                    &mut closing
                } else {
                    &mut notice
                };
                into.push(at - start);
            }
        }
        closing.sort_unstable();
        notice.sort_unstable();
        self.to_closing = closing;
        self.to_notice = notice;
    }

    /// What was counted.
    pub fn end(mut self) -> Counted {
        self.clocks();
        for (subject, provider) in &self.told {
            if !self.gone.get(subject).copied().unwrap_or(false) {
                self.counted.both("still-there", "provider", provider, 1);
            }
        }
        let middle = |sorted: &[i64]| match sorted.len() {
            0 => -1,
            n if n % 2 == 1 => sorted[n / 2],
            n => sorted[n / 2 - 1] + (sorted[n / 2] - sorted[n / 2 - 1]) / 2,
        };
        // The first that nine in ten do not exceed, found by looking at each.
        let nine_in_ten = |sorted: &[i64]| {
            let enough =
                |ms: &&i64| sorted.iter().filter(|one| one <= ms).count() * 10 >= sorted.len() * 9;
            sorted.iter().find(enough).copied().unwrap_or(-1)
        };
        let mut groups: BTreeMap<Option<String>, Vec<i64>> = BTreeMap::from([(None, Vec::new())]);
        for (provider, ms) in &self.removals {
            groups.entry(None).or_default().push(*ms);
            groups.entry(Some(provider.clone())).or_default().push(*ms);
        }
        let c = &mut self.counted;
        for (provider, mut sorted) in groups {
            sorted.sort_unstable();
            let by = provider.as_deref();
            c.clock("hours-to-removal-median", by, &sorted, middle);
            c.clock("hours-to-removal-p90", by, &sorted, nine_in_ten);
            for (key, hours) in [("24h", 24), ("48h", 48), ("72h", 72), ("7d", 168)] {
                let within = |sorted: &[i64]| {
                    sorted.iter().filter(|ms| **ms <= hours * HOUR_MS).count() as i64
                };
                c.clock(&format!("removed-within-{key}"), by, &sorted, within);
            }
        }
        c.clock("hours-to-closing-median", None, &self.to_closing, middle);
        c.clock("hours-to-notice-median", None, &self.to_notice, middle);
        self.counted
    }
}
