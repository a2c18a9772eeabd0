//! A second computation of every figure, by another road: a plain fold over the lines of the ledger
//! in the order they stand in, with sets and maps. It must agree with [`compute`] on generated
//! ledgers, on both engines.

use std::collections::{BTreeMap, BTreeSet};

use ground::clock::HOUR_MS;
use ground::testing::{postgres, sqlite};
use ground::{
    Act, AddressId, Ask as _, Basis, Channel, ContactId, ContentId, Db, Fact, HostedIn, Instant,
    ItemId, NoticeId, Origin, Outcome, ProviderId, ReportId, TakedownId, Verdict, VisitId, fact,
    migrate, sea_orm,
};
use proptest::prelude::*;
use serde_json::json;

use crate::{ALL, Calendar, Period, Value, compute, yearly};

type Tested<T> = Result<T, Box<dyn std::error::Error>>;

/// One generated line: what kind, about which thing, in which hour, and two choices.
type Drawn = (u8, u8, u16, u8, u8);

fn any_of<T: Copy>(all: &[T], pick: u8) -> T {
    all[usize::from(pick) % all.len()]
}

fn provider(pick: u8) -> Option<ProviderId> {
    (!pick.is_multiple_of(4)).then(|| ProviderId::from_bits(u128::from(pick % 4)))
}

fn answers(pick: u8) -> serde_json::Value {
    match pick % 3 {
        0 => json!({ "finding": ["illegal"], "age": ["infant", "pubescent"] }),
        1 => json!({ "finding": ["illegal"], "gender": ["both"] }),
        _ => json!({}),
    }
}

fn line((kind, of, hour, a, b): Drawn) -> (i64, String, Fact) {
    let bits = u128::from(of % 6);
    let at = hour_ms(hour);
    let report = ReportId::from_bits(bits);
    let (content, item, takedown) = (
        ContentId::from_bits(bits),
        ItemId::from_bits(bits),
        TakedownId::from_bits(bits),
    );
    let verdict = any_of(Verdict::ALL, a);
    let (subject, fact): (String, Fact) = match kind % 17 {
        0 => (
            report.to_string(),
            Fact::ReportReceived {
                channel: any_of(Channel::ALL, a),
                origin: any_of(Origin::ALL, b),
                addresses: u32::from(a),
                language: "nl".into(),
            },
        ),
        1 => (
            AddressId::from_bits(bits).to_string(),
            Fact::AddressSighted {
                report,
                first: a % 2 == 0,
                origin: any_of(Origin::ALL, b),
                channel: Channel::Web,
            },
        ),
        2 => (
            VisitId::from_bits(bits).to_string(),
            Fact::VisitEnded {
                address: AddressId::from_bits(1),
                captured: a % 2 == 0,
                cause: None,
                items: 1,
                set_apart: 0,
            },
        ),
        3 => (
            item.to_string(),
            Fact::ItemFound {
                address: AddressId::from_bits(1),
                content,
                new_content: true,
                set_apart: a % 3 == 0,
            },
        ),
        4 => (
            item.to_string(),
            Fact::ItemJudged {
                report,
                content,
                verdict,
                basis: any_of(Basis::ALL, b),
            },
        ),
        5 => (
            item.to_string(),
            Fact::ItemUnjudged {
                content,
                was: verdict,
                basis: any_of(Basis::ALL, b),
            },
        ),
        6 => (
            content.to_string(),
            Fact::ContentJudged {
                item,
                report,
                verdict,
                why: None,
                answers: answers(b),
                scheme: "standard-1".into(),
            },
        ),
        7 => (
            content.to_string(),
            Fact::JudgementUndone {
                item,
                report,
                was: verdict,
                answers: answers(b),
            },
        ),
        8 => (
            report.to_string(),
            Fact::ReportClosed {
                outcome: any_of(Outcome::ALL, a),
                items: 1,
                illegal: 0,
                note: false,
            },
        ),
        9 => (
            takedown.to_string(),
            Fact::TakedownOpened {
                item,
                content,
                address: AddressId::from_bits(1),
                verdict,
            },
        ),
        10 => (
            takedown.to_string(),
            Fact::HostLocated {
                hosted_in: any_of(HostedIn::ALL, a),
                country: any_of(&[Some("NL"), Some("DE"), None], b).map(str::to_owned),
                provider: provider(a),
                asn: None,
            },
        ),
        11 => (
            NoticeId::from_bits(bits).to_string(),
            Fact::NoticeAccepted {
                contact: ContactId::from_bits(1),
                provider: ProviderId::from_bits(u128::from(a % 3)),
                attempts: 1,
            },
        ),
        12 => (
            takedown.to_string(),
            Fact::ProviderTold {
                notice: NoticeId::from_bits(1),
                provider: ProviderId::from_bits(u128::from(a % 3)),
            },
        ),
        13 => (
            takedown.to_string(),
            Fact::Removed {
                first_gone: Instant::from_ms(at - i64::from(a) * HOUR_MS / 7),
                told_at: (b % 4 != 0).then(|| Instant::from_ms(at - i64::from(b) * HOUR_MS)),
                provider: provider(b),
            },
        ),
        14 => (
            takedown.to_string(),
            Fact::Reappeared {
                provider: provider(a),
            },
        ),
        15 => (
            takedown.to_string(),
            Fact::TakedownEnded {
                cause: "moved".into(),
            },
        ),
        _ => (
            ProviderId::from_bits(u128::from(a % 3)).to_string(),
            Fact::ProviderFound {
                name: format!("Hosting {a} \"B.V.\""),
                country: None,
                asn: None,
            },
        ),
    };
    (at, subject, fact)
}

/// Hours from 30 December 2024 to a few days into 2027, thick around the turns of the years.
fn hour_ms(hour: u16) -> i64 {
    const END_OF_2024: i64 = 1_735_520_400_000;
    let hour = i64::from(hour);
    let year = hour % 3;
    let offset = match hour % 4 {
        0 => (hour / 12) % (366 * 24),
        _ => (hour / 12) % 72,
    };
    END_OF_2024 + (year * 365 * 24 + offset) * HOUR_MS
}

/// By figure the number, and by figure, division and part the number; hours in milliseconds.
#[derive(Debug, Default, PartialEq, Eq)]
struct Counted {
    totals: BTreeMap<String, i64>,
    parts: BTreeMap<(String, String, String), i64>,
}

impl Counted {
    fn add(&mut self, figure: &str, n: i64) {
        *self.totals.entry(figure.to_owned()).or_default() += n;
    }

    fn part(&mut self, figure: &str, by: &str, part: &str, n: i64) {
        let key = (figure.to_owned(), by.to_owned(), part.to_owned());
        *self.parts.entry(key).or_default() += n;
    }

    fn both(&mut self, figure: &str, by: &str, part: &str, n: i64) {
        self.add(figure, n);
        self.part(figure, by, part, n);
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
struct Fold {
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
        if basis != Basis::Looked {
            c.both("looks-saved", "basis", basis.as_str(), n);
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

    fn line(&mut self, at: i64, subject: &str, fact: &Fact, period: &Period) {
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
                c.both("sightings", "origin", origin.as_str(), 1);
                c.add("addresses-new", i64::from(*first));
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
            Fact::ProviderTold { provider, .. } => {
                c.both("items-told", "provider", &provider.to_string(), 1)
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

    fn end(mut self) -> Counted {
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

#[derive(sea_orm::FromQueryResult)]
struct Written {
    at_ms: i64,
    subject: String,
    detail: String,
}

async fn fold(db: &Db, period: &Period) -> Tested<Counted> {
    let lines = db
        .rows::<Written>(
            "select at_ms, subject, detail from ledger order by seq",
            vec![],
        )
        .await?;
    let mut fold = Fold::default();
    for line in &lines {
        fold.line(
            line.at_ms,
            &line.subject,
            &fact::read(&line.detail)?,
            period,
        );
    }
    Ok(fold.end())
}

fn plain(value: Value) -> i64 {
    match value {
        Value::Count(n) => n,
        Value::Duration { ms, .. } => ms.unwrap_or(-1),
        Value::Share { part, .. } => part,
    }
}

async fn computed(db: &Db, period: &Period) -> Tested<Counted> {
    let figures = compute(db, period).await?;
    let keys: Vec<_> = figures
        .figures
        .iter()
        .map(|figure| figure.definition.key)
        .collect();
    assert_eq!(keys, ALL.map(|definition| definition.key));
    let mut counted = Counted::default();
    for figure in &figures.figures {
        counted
            .totals
            .insert(figure.definition.key.to_owned(), plain(figure.value));
        for part in &figure.breakdowns {
            for row in &part.rows {
                let key = (
                    figure.definition.key.to_owned(),
                    part.by.key(),
                    row.key.clone(),
                );
                counted.parts.insert(key, plain(row.value));
            }
        }
    }
    Ok(counted)
}

fn without_noughts(mut counted: Counted) -> Counted {
    counted.totals.retain(|_, n| *n != 0);
    // A median of nought is a figure; both roads leave it out here alike.
    counted.parts.retain(|_, n| *n != 0);
    counted
}

async fn write(db: &Db, drawn: &[Drawn]) -> Tested<()> {
    for one in drawn {
        let (at, subject, fact) = line(*one);
        let tx = db
            .act(&Act::by_worker("test", Instant::from_ms(at)), "test")
            .await?;
        tx.record(subject, &fact);
        tx.commit().await?;
    }
    Ok(())
}

async fn agree(db: &Db, drawn: &[Drawn]) -> Tested<()> {
    write(db, drawn).await?;
    let calendar = Calendar::of("Europe/Amsterdam")?;
    for year in [2025, 2026] {
        let period = calendar.year(year);
        let by_engine = without_noughts(computed(db, &period).await?);
        let by_fold = without_noughts(fold(db, &period).await?);
        assert_eq!(by_engine, by_fold, "{year}: {drawn:?}");
    }
    let csv = compute(db, &calendar.year(2025))
        .await?
        .to_csv(pages::Language::Nl);
    assert!(csv.lines().count() > ALL.len());
    let now = calendar.year(2026).until;
    let years = yearly(db, &calendar, 2025, 2026, now).await?;
    assert!(serde_json::to_string(&years)?.contains("sentences"));
    Ok(())
}

fn on_both_engines(drawn: &[Drawn]) -> Result<(), TestCaseError> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|fault| TestCaseError::fail(fault.to_string()))?;
    runtime
        .block_on(async {
            let scratch = sqlite(migrate::RECORDS).await?;
            agree(&scratch.db, drawn).await?;
            if let Some(scratch) = postgres(migrate::RECORDS).await? {
                agree(&scratch.db, drawn).await?;
            }
            Ok::<(), Box<dyn std::error::Error>>(())
        })
        .map_err(|fault| TestCaseError::fail(fault.to_string()))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10))]
    #[test]
    fn a_plain_fold_over_the_ledger_agrees_with_every_figure(
        drawn in proptest::collection::vec(any::<Drawn>(), 0..160)
    ) {
        on_both_engines(&drawn)?;
    }
}

ground::both_engines! {
    async fn an_empty_ledger_gives_noughts_and_no_hours(db: Db) {
        let period = Calendar::of("Europe/Amsterdam")?.year(2026);
        let figures = compute(&db, &period).await?;
        assert!(figures.figures.iter().all(|figure| !matches!(figure.value, Value::Count(n) if n != 0)));
        assert_eq!(figures.get("hours-to-removal-median").and_then(|f| f.value.number()), None);
        assert_eq!(figures.get("share-illegal").and_then(|f| f.value.number()), None);
        assert_eq!(figures.to_json()["figures"][0]["value"], 0);
        assert_eq!(figures.ledger_line, 0);
    }
}
