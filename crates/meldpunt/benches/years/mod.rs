//! What years of work leave behind: closed reports with an address each and two lines in the ledger.

use ground::sea_orm::DbBackend;
use ground::{Db, DbError};

/// Fills empty records with this many closed reports, in one transaction and past every rule: the
/// rows are as the program would have left them, the chain of the ledger is not.
pub async fn fill(db: &Db, reports: u32) -> Result<(), DbError> {
    let tx = db.upkeep("fill").await?;
    for statement in statements(db.backend(), reports) {
        tx.execute(&statement, vec![]).await?;
    }
    if db.backend() == DbBackend::Postgres {
        // PostgreSQL counts its tables by itself within a minute of such growth; by then the
        // benchmark might be over, and years were not.
        tx.execute("analyze", vec![]).await?;
    }
    tx.commit().await
}

fn statements(engine: DbBackend, reports: u32) -> [String; 5] {
    // Ids are a prefix and 26 letters; these count up.
    let id = |prefix: &str| format!("'{prefix}_0' || (1000000 + n) || '000000000000000000'");
    let bytes = |text: &str| match engine {
        DbBackend::Postgres => format!("convert_to({text}, 'UTF8')"),
        _ => format!("cast({text} as blob)"),
    };
    let numbers = format!(
        "with recursive numbers(n) as (select 1 union all select n + 1 from numbers where n < {reports})"
    );
    let line = |nth: u32, kind: &str| {
        format!(
            "select 2 * n - {nth}, 1700000000000 + n * 3600, 'worker:collector', '{kind}', {}, '{{}}', {}",
            id("rep"),
            bytes("'not chained'"),
        )
    };
    [
        format!(
            "insert into report (id, letter_id, number, channel, origin, language, received_hour_ms,
                 state, outcome, closed_at_ms, shredded_at_ms, answer, answered, lease_until_ms, lease_token,
                 attempts, not_before_ms, revision)
             {numbers} select {report}, {letter}, 'B-' || n, 'web', 'national', 'nl',
                 1700000000000 + n * 3600, 'closed', 'not-illegal', 1700000000000 + n * 3600,
                 1710000000000 + n * 3600, 'not-illegal', 'not-illegal', 0, 0, 0, 0, 1 from numbers",
            report = id("rep"),
            letter = id("let"),
        ),
        format!(
            "insert into address (id, blind, sealed, host_blind, state, first_hour_ms, revision)
             {numbers} select {address}, {blind}, {sealed}, {host}, 'closed',
                 1700000000000 + n * 3600, 1 from numbers",
            address = id("adr"),
            blind = bytes("'the blind index of an address ' || n"),
            sealed = bytes("'an address that nobody will open, about as long as they are ' || n"),
            host = bytes("'the blind index of a host ' || n"),
        ),
        format!(
            "insert into sighting (report_id, address_id, position) {numbers} select {}, {}, 1 from numbers",
            id("rep"),
            id("adr"),
        ),
        format!(
            "insert into ledger (seq, at_ms, actor, kind, subject, detail, hash)
             {numbers} {} from numbers union all {} from numbers",
            line(1, "report_received"),
            line(0, "report_closed"),
        ),
        "update ledger_head set seq = (select max(seq) from ledger),
                hash = (select hash from ledger order by seq desc limit 1)"
            .to_owned(),
    ]
}
