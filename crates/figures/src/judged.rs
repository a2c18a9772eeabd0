//! The answers of the scheme about illegal contents, read line by line: a list within a fact.

use std::collections::{BTreeMap, BTreeSet};

use ground::{Ask as _, Fact, fact, sea_orm, values};

use crate::FiguresError;
use crate::sums::Sums;

/// By question and option, how many contents; and how many contents in all.
#[derive(Default)]
pub(crate) struct Illegal {
    pub contents: i64,
    pub answers: BTreeMap<String, BTreeMap<String, i64>>,
    pub crossing: Crossing,
}

/// The questions that are crossed.
const CROSSED: [&str; 2] = ["age", "gender"];

/// Illegal contents by the answers to two questions together. A content with several answers to one of
/// them counts under each.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Crossing(BTreeMap<(String, String), i64>);

impl Crossing {
    /// The two questions.
    pub(crate) const fn questions(&self) -> [&'static str; 2] {
        CROSSED
    }

    fn count(&mut self, answers: &serde_json::Map<String, serde_json::Value>, by: i64) {
        let options = |question: &str| {
            let given = answers.get(question).and_then(|given| given.as_array());
            let given = given
                .into_iter()
                .flatten()
                .filter_map(|option| option.as_str());
            given.map(str::to_owned).collect::<Vec<_>>()
        };
        for first in options(CROSSED[0]) {
            for second in options(CROSSED[1]) {
                *self.0.entry((first.clone(), second)).or_default() += by;
            }
        }
    }

    /// The answers to the first question, those to the second, and the counts of each pair.
    pub(crate) fn table(&self) -> (Vec<String>, Vec<String>, Vec<Vec<i64>>) {
        let there = || self.0.iter().filter(|(_, n)| **n > 0).map(|(pair, _)| pair);
        let rows: BTreeSet<&String> = there().map(|(first, _)| first).collect();
        let columns: BTreeSet<&String> = there().map(|(_, second)| second).collect();
        let n = |first: &String, second: &String| {
            let pair = (first.clone(), second.clone());
            self.0.get(&pair).copied().unwrap_or(0).max(0)
        };
        let counts = rows
            .iter()
            .map(|row| columns.iter().map(|column| n(row, column)).collect());
        let counts = counts.collect();
        let owned = |names: BTreeSet<&String>| names.into_iter().cloned().collect();
        (owned(rows), owned(columns), counts)
    }
}

#[derive(sea_orm::FromQueryResult)]
struct Line {
    at_ms: i64,
    seq: i64,
    detail: String,
}

/// Lines read at a time.
const STRIDE: i64 = 2_000;

impl Illegal {
    fn count(&mut self, answers: &serde_json::Value, by: i64) {
        self.contents += by;
        let Some(answers) = answers.as_object() else {
            return;
        };
        self.crossing.count(answers, by);
        for (question, given) in answers {
            let options = self.answers.entry(question.clone()).or_default();
            for option in given.as_array().into_iter().flatten() {
                if let Some(option) = option.as_str() {
                    *options.entry(option.to_owned()).or_default() += by;
                }
            }
        }
    }
}

/// Reads the judgements of the period, given and taken back.
pub(crate) async fn illegal(sums: &Sums<'_>) -> Result<Illegal, FiguresError> {
    let mut illegal = Illegal::default();
    for kind in ["content_judged", "judgement_undone"] {
        let (mut at_ms, mut seq) = (sums.period.from.ms(), 0);
        loop {
            let lines = sums
                .db
                .rows::<Line>(
                    "select at_ms, seq, detail from ledger
                     where kind = $1 and at_ms < $2 and seq <= $3
                       and (at_ms > $4 or (at_ms = $4 and seq > $5))
                     order by at_ms, seq limit $6",
                    values![kind, sums.period.until, sums.last, at_ms, seq, STRIDE],
                )
                .await?;
            let Some(last) = lines.last() else { break };
            (at_ms, seq) = (last.at_ms, last.seq);
            for line in &lines {
                let fact = fact::read(&line.detail)
                    .map_err(|fault| FiguresError::Unreadable(fault.to_string()))?;
                match fact {
                    Fact::ContentJudged {
                        verdict, answers, ..
                    } if verdict.is_illegal() => illegal.count(&answers, 1),
                    Fact::JudgementUndone { was, answers, .. } if was.is_illegal() => {
                        illegal.count(&answers, -1);
                    }
                    _ => {}
                }
            }
        }
    }
    Ok(illegal)
}
