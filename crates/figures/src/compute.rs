//! All figures of one period.

use std::collections::BTreeMap;

use ground::{Basis, Channel, Db, HostedIn, Origin, Outcome, Verdict, ledger};

use crate::FiguresError;
use crate::breakdown::{
    Breakdown, By, basis_label, captured_label, channel_label, hosted_in_label, named_label,
    origin_label, outcome_label, same, verdict_label,
};
use crate::clocks;
use crate::definition::Text;
use crate::definitions as d;
use crate::figure::{Figure, Figures, Value};
use crate::hashes;
use crate::judged::{self, Crossing};
use crate::period::Period;
use crate::providers::{self, Names, first, total};
use crate::sums::{Sums, UNKNOWN, median};
use crate::unit::Count;

/// Computes every figure of a period from the ledger as it ends now.
///
/// # Errors
/// [`FiguresError`] when the ledger cannot be read.
pub async fn compute(db: &Db, period: &Period) -> Result<Figures, FiguresError> {
    let (last, hash) = ledger::head(db).await?;
    let sums = Sums { db, period, last };
    let mut out = Vec::with_capacity(d::ALL.len());
    reports(&sums, &mut out).await?;
    addresses(&sums, &mut out).await?;
    verdicts(&sums, &mut out).await?;
    let crossing = contents(&sums, &mut out).await?;
    hosts(&sums, &mut out).await?;
    let names = Names::read(&sums).await?;
    providers::figures(&sums, &names, &mut out).await?;
    let curves = clocks::figures(&sums, &names, &mut out).await?;
    between(&sums, &mut out).await?;
    hashes::figures(&sums, &mut out).await?;
    out.sort_by_key(place);
    Ok(Figures {
        period: period.clone(),
        ledger_line: last,
        ledger_hash: hash.iter().map(|byte| format!("{byte:02x}")).collect(),
        figures: out,
        clocks: curves,
        crossing,
    })
}

fn place(figure: &Figure) -> Option<usize> {
    d::ALL
        .iter()
        .position(|definition| definition.key == figure.definition.key)
}

/// Adds up the second field of what was grouped.
fn second(grouped: &[(String, String, i64)]) -> BTreeMap<String, i64> {
    let mut counts = BTreeMap::new();
    for (_, b, n) in grouped {
        *counts.entry(b.clone()).or_default() += n;
    }
    counts
}

fn by_origin(counts: &BTreeMap<String, i64>) -> Breakdown {
    let words = Origin::ALL.iter().map(|o| (o.as_str(), origin_label(*o)));
    Breakdown::of_words(By::Origin, words, counts)
}

async fn reports(sums: &Sums<'_>, out: &mut Vec<Figure>) -> Result<(), FiguresError> {
    let received = sums.by("report_received", &["channel", "origin"]).await?;
    let (channels, origins) = (first(&received), second(&received));
    let words = Channel::ALL.iter().map(|c| (c.as_str(), channel_label(*c)));
    let by_channel = Breakdown::of_words(By::Channel, words, &channels);
    let all = Count::of(total(&channels));
    out.push(d::REPORTS.figure(all, vec![by_channel, by_origin(&origins)]));

    let closed = first(&sums.by("report_closed", &["outcome"]).await?);
    let words = Outcome::ALL.iter().map(|o| (o.as_str(), outcome_label(*o)));
    let by_outcome = Breakdown::of_words(By::Outcome, words, &closed);
    out.push(d::REPORTS_CLOSED.figure(Count::of(total(&closed)), vec![by_outcome]));
    Ok(())
}

/// Whether a field that holds true or false is true: the engines spell it `true` or `1`.
fn is_true(text: &str) -> bool {
    matches!(text, "true" | "1")
}

async fn addresses(sums: &Sums<'_>, out: &mut Vec<Figure>) -> Result<(), FiguresError> {
    let sighted = sums.by("address_sighted", &["first", "origin"]).await?;
    let new = sighted.iter().filter(|(first, ..)| is_true(first));
    let new: Count<crate::Addresses> = new.map(|(_, _, n)| Count::of(*n)).sum();
    let origins = second(&sighted);
    let distinct = sums.subjects("address_sighted").await?;
    out.push(d::ADDRESSES.figure(Count::of(distinct), vec![]));
    out.push(d::ADDRESSES_NEW.figure(new, vec![]));
    let again = total(&origins) - new.n();
    let named = BTreeMap::from([("first".to_owned(), new.n()), ("again".to_owned(), again)]);
    let words = [("first", named_label(true)), ("again", named_label(false))];
    let by_first = Breakdown::of_words(By::First, words, &named);
    let parts = vec![by_origin(&origins), by_first];
    out.push(d::SIGHTINGS.figure(Count::of(total(&origins)), parts));

    let mut visits = BTreeMap::new();
    for (captured, _, n) in sums.by("visit_ended", &["captured"]).await? {
        let key = if is_true(&captured) { "yes" } else { "no" };
        *visits.entry(key.to_owned()).or_default() += n;
    }
    let words = [("yes", captured_label(true)), ("no", captured_label(false))];
    let by_captured = Breakdown::of_words(By::Captured, words, &visits);
    out.push(d::VISITS.figure(Count::of(total(&visits)), vec![by_captured]));

    let found = sums.by("item_found", &["set_apart"]).await?;
    let found = found.iter().filter(|(apart, ..)| !is_true(apart));
    let found = found.map(|(_, _, n)| Count::of(*n)).sum();
    out.push(d::ITEMS_FOUND.figure(found, vec![]));
    Ok(())
}

fn by_verdict(counts: &BTreeMap<String, i64>) -> Breakdown {
    let words = Verdict::ALL.iter().map(|v| (v.as_str(), verdict_label(*v)));
    Breakdown::of_words(By::Verdict, words, counts)
}

fn illegal(counts: &BTreeMap<String, i64>) -> BTreeMap<String, i64> {
    let is_illegal = |key: &str| key.parse::<Verdict>().is_ok_and(Verdict::is_illegal);
    let illegal = counts.iter().filter(|(key, _)| is_illegal(key));
    illegal.map(|(key, n)| (key.clone(), *n)).collect()
}

async fn verdicts(sums: &Sums<'_>, out: &mut Vec<Figure>) -> Result<(), FiguresError> {
    let mut judged = sums.by("item_judged", &["verdict", "basis"]).await?;
    let undone = sums.by("item_unjudged", &["was", "basis"]).await?;
    judged.extend(undone.into_iter().map(|(was, basis, n)| (was, basis, -n)));
    let (verdicts, bases) = (first(&judged), second(&judged));
    let words = Basis::ALL.iter().map(|b| (b.as_str(), basis_label(*b)));
    let by_basis = Breakdown::of_words(By::Basis, words, &bases);
    let all = total(&verdicts);
    let parts = vec![by_verdict(&verdicts), by_basis];
    out.push(d::ITEMS_JUDGED.figure(Count::of(all), parts));

    let bad = total(&illegal(&verdicts));
    out.push(d::ITEMS_ILLEGAL.figure(Count::of(bad), vec![]));
    let ignored = verdicts.get(Verdict::Ignore.as_str()).copied().unwrap_or(0);
    let share = Value::Share {
        part: bad,
        of: all - ignored,
    };
    out.push(d::SHARE_ILLEGAL.figure(share, vec![]));

    let of = |look: bool| {
        let such = Basis::ALL.iter().filter(|basis| basis.is_look() == look);
        such.filter_map(|basis| bases.get(basis.as_str())).sum()
    };
    let (needed, saved) = (of(true), of(false));
    out.push(d::LOOKS_NEEDED.figure(Count::of(needed), vec![]));
    out.push(d::LOOKS_SAVED.figure(Count::of(saved), vec![]));
    Ok(())
}

async fn contents(sums: &Sums<'_>, out: &mut Vec<Figure>) -> Result<Crossing, FiguresError> {
    let mut judged = sums.by("content_judged", &["verdict"]).await?;
    let undone = sums.by("judgement_undone", &["was"]).await?;
    judged.extend(undone.into_iter().map(|(was, b, n)| (was, b, -n)));
    let verdicts = first(&judged);
    let parts = vec![by_verdict(&verdicts)];
    out.push(d::CONTENTS_JUDGED.figure(Count::of(total(&verdicts)), parts));

    let illegal = judged::illegal(sums).await?;
    let answers = illegal
        .answers
        .into_iter()
        .map(|(question, options)| Breakdown::of_names(By::Answer(question), &options, same));
    let answers = answers.filter(|part| !part.rows.is_empty()).collect();
    out.push(d::CONTENTS_ILLEGAL.figure(Count::of(illegal.contents), answers));
    Ok(illegal.crossing)
}

/// The row in which a host counts: its country, or that it has none.
fn country_of(hosted_in: &str, country: &str) -> String {
    match hosted_in.parse::<HostedIn>() {
        Ok(HostedIn::Onion) => HostedIn::Onion.as_str().to_owned(),
        Ok(HostedIn::Home | HostedIn::Abroad) => country.to_owned(),
        Ok(HostedIn::Unknown) | Err(_) => UNKNOWN.to_owned(),
    }
}

fn country_label(key: &str) -> Text<String> {
    key.parse::<HostedIn>()
        .map_or_else(|_| same(key), hosted_in_label)
}

async fn hosts(sums: &Sums<'_>, out: &mut Vec<Figure>) -> Result<(), FiguresError> {
    let located = sums
        .first_by("host_located", ["hosted_in", "country"])
        .await?;
    let mut countries = BTreeMap::new();
    for (hosted_in, country, n) in &located {
        *countries.entry(country_of(hosted_in, country)).or_default() += n;
    }
    let by_country = Breakdown::of_names(By::Country, &countries, country_label);
    let places = first(&located);
    let words = HostedIn::ALL
        .iter()
        .map(|h| (h.as_str(), hosted_in_label(*h)));
    let by_place = Breakdown::of_words(By::HostedIn, words, &places);
    let all = Count::of(total(&countries));
    out.push(d::HOSTS.figure(all, vec![by_country, by_place]));
    Ok(())
}

async fn between(sums: &Sums<'_>, out: &mut Vec<Figure>) -> Result<(), FiguresError> {
    for (definition, from, until) in [
        (&d::HOURS_TO_CLOSING, "report_received", "report_closed"),
        (&d::HOURS_TO_NOTICE, "takedown_opened", "provider_told"),
    ] {
        let clocks = sums.clocks_between(from, until).await?;
        let mut sorted: Vec<i64> = clocks.iter().map(|clock| clock.ms).collect();
        sorted.sort_unstable();
        let n = i64::try_from(sorted.len()).unwrap_or(i64::MAX);
        let ms = median(&sorted);
        out.push(definition.figure(Value::Duration { ms, n }, vec![]));
    }
    Ok(())
}
