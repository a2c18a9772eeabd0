//! The answers of the scheme about illegal contents, read line by line: a list within a fact.

use std::collections::BTreeMap;

use ground::{Ask as _, Fact, fact, sea_orm, values};

use crate::FiguresError;
use crate::sums::Sums;

/// By question and option, how many contents; and how many contents in all.
#[derive(Default)]
pub(crate) struct Illegal {
    pub contents: i64,
    pub answers: BTreeMap<String, BTreeMap<String, i64>>,
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
