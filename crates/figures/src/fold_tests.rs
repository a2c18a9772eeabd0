//! A second computation of every figure, by another road: a plain fold over the lines of the ledger
//! in the order they stand in, with sets and maps. It must agree with [`compute`] on generated
//! ledgers, on both engines.

use ground::testing::{postgres, sqlite};
use ground::{Act, Ask as _, Db, Instant, fact, migrate, sea_orm};
use proptest::prelude::*;

use crate::drawn_ledger::{Drawn, line};
use crate::fold::{Counted, Fold};
use crate::fold_clocks;
use crate::{ALL, Calendar, Period, Value, compute, yearly};

type Tested<T> = Result<T, Box<dyn std::error::Error>>;

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
    let mut read = Vec::new();
    for line in lines {
        let fact = fact::read(&line.detail)?;
        fold.line(line.at_ms, &line.subject, &fact, period);
        fold.asked(&line.subject, &fact, period);
        read.push((line.at_ms, line.subject, fact));
    }
    let mut counted = fold.end();
    fold_clocks::count(&mut counted, &read, period);
    Ok(counted)
}

fn plain(value: Value) -> i64 {
    match value {
        Value::Count(n) => n,
        Value::Duration { ms, .. } => ms.unwrap_or(-1),
        Value::Share { part, .. } => part,
        Value::Estimate { millionths, .. } => millionths.unwrap_or(-1),
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
    in_another_language(db, &calendar.year(2025)).await?;
    let csv = compute(db, &calendar.year(2025))
        .await?
        .to_csv(pages::Language::Nl);
    assert!(csv.lines().count() > ALL.len());
    let now = calendar.year(2026).until;
    let years = yearly(db, &calendar, 2026, 1, now).await?;
    assert!(serde_json::to_string(&years)?.contains("sentences"));
    Ok(())
}

/// A third computation, by a script over an export, in a language that shares nothing with the program.
async fn in_another_language(db: &Db, period: &Period) -> Tested<()> {
    let folder = tempfile::tempdir()?;
    let (lines, year) = (folder.path().join("lines"), folder.path().join("year"));
    let mut export = String::new();
    for line in ground::ledger::after(db, 0, i64::MAX).await? {
        export += &serde_json::to_string(&line)?;
        export.push('\n');
    }
    std::fs::write(&lines, export)?;
    std::fs::write(&year, compute(db, period).await?.to_json().to_string())?;
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/recount/recount.py");
    let ran = std::process::Command::new("python3")
        .arg(script)
        .arg(lines)
        .arg(year)
        .output()?;
    assert!(
        ran.status.success(),
        "{}{}",
        String::from_utf8_lossy(&ran.stdout),
        String::from_utf8_lossy(&ran.stderr)
    );
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
