//! The second computation of the clocks: over all lines at once, each question asked of each thing.

use std::collections::BTreeMap;

use ground::Fact;
use ground::clock::HOUR_MS;

use crate::Period;
use crate::fold::Counted;

/// One line: when, about what, which fact.
pub(crate) type Line = (i64, String, Fact);

/// What was watched: by whom, for how long, and whether it ended.
type Watched = (String, i64, bool);

fn is(fact: &Fact, kind: &str) -> bool {
    fact.kind() == kind
}

/// When the thing was gone, or else when the line was written.
fn ended_at(line: &Line) -> i64 {
    match &line.2 {
        Fact::Removed { first_gone, .. } => first_gone.ms(),
        _ => line.0,
    }
}

fn watched(
    lines: &[Line],
    period: &Period,
    from: &str,
    until: &str,
    cuts: &[&str],
) -> Vec<Watched> {
    let (start, end) = (period.from.ms(), period.until.ms());
    let horizon = lines.last().map_or(0, |line| line.0).min(end);
    let mut seen = Vec::new();
    let mut out = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        if !is(&line.2, from) || seen.contains(&&line.1) {
            continue;
        }
        seen.push(&line.1);
        if line.0 < start || line.0 >= end {
            continue;
        }
        let later = || {
            lines[at + 1..]
                .iter()
                .filter(|one| one.1 == line.1 && one.0 < end)
        };
        let gone = later().filter(|one| is(&one.2, until)).map(ended_at).min();
        let cut = later()
            .filter(|one| cuts.iter().any(|kind| is(&one.2, kind)))
            .map(|one| one.0)
            .min();
        let provider = match &line.2 {
            Fact::ProviderTold { provider, .. } => provider.to_string(),
            _ => "unknown".to_owned(),
        };
        let (stop, ended) = match (gone, cut) {
            (Some(gone), Some(cut)) if gone > cut => (cut.min(horizon), false),
            (Some(gone), _) => (gone, true),
            (None, cut) => (cut.unwrap_or(horizon).min(horizon), false),
        };
        if stop >= line.0 {
            out.push((provider, stop - line.0, ended));
        }
    }
    out
}

/// The share still open after `ms`, each moment looked at anew.
fn open(watched: &[Watched], ms: i64) -> f64 {
    let mut times: Vec<i64> = watched
        .iter()
        .filter(|one| one.2 && one.1 <= ms)
        .map(|one| one.1)
        .collect();
    times.sort_unstable();
    times.dedup();
    times.iter().fold(1.0, |open, time| {
        let risk = watched.iter().filter(|one| one.1 >= *time).count() as f64;
        let ended = watched.iter().filter(|one| one.2 && one.1 == *time).count() as f64;
        open * (1.0 - ended / risk)
    })
}

fn clock(counted: &mut Counted, keys: (&str, &str), watched: &[Watched]) {
    let mut times: Vec<i64> = watched
        .iter()
        .filter(|one| one.2)
        .map(|one| one.1)
        .collect();
    times.sort_unstable();
    let middle = times
        .into_iter()
        .find(|ms| open(watched, *ms) <= 0.5 + 1e-9);
    counted.add(keys.0, middle.unwrap_or(-1));
    let share = |hours: i64| match watched.len() {
        0 => -1,
        _ => ((1.0 - open(watched, hours * HOUR_MS)) * 1e6).round() as i64,
    };
    counted.add(keys.1, share(720));
    for (key, hours) in [
        ("24h", 24),
        ("48h", 48),
        ("72h", 72),
        ("7d", 168),
        ("30d", 720),
    ] {
        counted.part(keys.1, "within", key, share(hours));
    }
}

fn within(counted: &mut Counted, watched: &[Watched]) {
    for (key, hours) in [("24h", 24), ("48h", 48), ("72h", 72), ("7d", 168)] {
        let figure = format!("gone-within-{key}");
        let known = |one: &&Watched| one.1 >= hours * HOUR_MS || one.2;
        let gone = |one: &&Watched| one.2 && one.1 <= hours * HOUR_MS;
        let mut providers: BTreeMap<&str, Vec<&Watched>> = BTreeMap::new();
        for one in watched.iter().filter(known) {
            providers.entry(&one.0).or_default().push(one);
        }
        let mut sum = 0;
        for (id, items) in &providers {
            let part = items.iter().filter(|one| gone(one)).count();
            counted.part(&figure, "provider", id, part as i64);
            sum += (part as f64 / items.len() as f64 * 1e6).round() as i64;
        }
        let part = watched.iter().filter(known).filter(gone).count() as i64;
        counted.add(&figure, part);
        counted.part(&figure, "weighting", "items", part);
        let mean = if providers.is_empty() {
            -1
        } else {
            sum / providers.len() as i64
        };
        counted.part(&figure, "weighting", "providers", mean);
    }
}

fn notified(counted: &mut Counted, lines: &[Line], period: &Period) {
    let (start, end) = (period.from.ms(), period.until.ms());
    let mut seen = Vec::new();
    for line in lines {
        let Fact::ProviderTold { provider, .. } = &line.2 else {
            continue;
        };
        if seen.contains(&&line.1) {
            continue;
        }
        seen.push(&line.1);
        if line.0 < start || line.0 >= end {
            continue;
        }
        let about = || lines.iter().filter(|one| one.1 == line.1);
        let verdict = about().find_map(|one| match &one.2 {
            Fact::TakedownOpened { verdict, .. } => Some(verdict.as_str()),
            _ => None,
        });
        let action = about()
            .filter(|one| one.0 < end)
            .fold("none", |before, one| match &one.2 {
                Fact::Removed { .. } => "removed",
                Fact::Reappeared { .. } => "came-back",
                Fact::TakedownEnded { .. } => "ended",
                _ => before,
            });
        let key = format!("{provider}/{}/{action}", verdict.unwrap_or("unknown"));
        counted.both("notified", "notified", &key, 1);
    }
}

/// Counts the clocks, and what providers did.
pub(crate) fn count(counted: &mut Counted, lines: &[Line], period: &Period) {
    let closing = watched(lines, period, "report_received", "report_closed", &[]);
    clock(counted, ("clock-closing", "closed-within-30d"), &closing);
    let cuts = ["to_be_forwarded", "takedown_ended", "removed"];
    let notice = watched(lines, period, "takedown_opened", "provider_told", &cuts);
    clock(counted, ("clock-notice", "told-within-30d"), &notice);
    let removal = watched(
        lines,
        period,
        "provider_told",
        "removed",
        &["takedown_ended"],
    );
    clock(counted, ("clock-removal", "gone-within-30d"), &removal);
    within(counted, &removal);
    notified(counted, lines, period);
}
