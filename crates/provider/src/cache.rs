//! What registries said, kept until it expires. Only questions about networks are kept, never one
//! that names a reported host.

use ground::clock::{DAY_MS, HOUR_MS};
use ground::{Ask, Db, DbError, Instant, values};
use sea_orm::FromQueryResult;
use serde::{Deserialize, Serialize};

use crate::WebAnswer;

/// How long an answer about a network is believed.
const KEPT_MS: i64 = 12 * HOUR_MS;
/// How long a bootstrap file is.
const FILE_KEPT_MS: i64 = DAY_MS;
/// How long "there is no such entry" is.
const NONE_KEPT_MS: i64 = HOUR_MS;

#[derive(Serialize, Deserialize)]
struct Kept {
    status: u16,
    body: String,
}

#[derive(FromQueryResult)]
struct Row {
    answer: String,
}

/// The kept answer to a question, when it has not expired.
pub async fn kept(db: &Db, question: &str, now: Instant) -> Result<Option<WebAnswer>, DbError> {
    let row: Option<Row> = db
        .one(
            "select answer from registry_answer where question = $1 and expires_at_ms > $2",
            values![question, now],
        )
        .await?;
    // What cannot be read back is asked for again.
    let kept = row.and_then(|row| serde_json::from_str::<Kept>(&row.answer).ok());
    Ok(kept.map(|kept| WebAnswer {
        status: kept.status,
        body: kept.body.into_bytes(),
    }))
}

/// Keeps an answer, in place of an older one; only a definite one (200, 404) in text.
pub async fn keep(
    db: &Db,
    question: &str,
    answer: &WebAnswer,
    is_file: bool,
    now: Instant,
) -> Result<(), DbError> {
    let for_ms = match answer.status {
        200 if is_file => FILE_KEPT_MS,
        200 => KEPT_MS,
        404 => NONE_KEPT_MS,
        _ => return Ok(()),
    };
    let Ok(body) = String::from_utf8(answer.body.clone()) else {
        return Ok(());
    };
    // PostgreSQL stores no NUL in text; no registry sends one.
    if body.contains('\0') {
        return Ok(());
    }
    let kept = Kept {
        status: answer.status,
        body,
    };
    let Ok(json) = serde_json::to_string(&kept) else {
        return Ok(());
    };
    let tx = db.upkeep("keep a registry's answer").await?;
    tx.execute(
        "insert into registry_answer (question, answer, expires_at_ms) values ($1, $2, $3)
         on conflict (question) do update set answer = $2, expires_at_ms = $3",
        values![question, json, now.plus_ms(for_ms)],
    )
    .await?;
    tx.commit().await
}

/// Removes the answers that expired, and only those; how many there were.
///
/// # Errors
/// [`DbError`] when the records fail.
pub async fn tidy(db: &Db, now: Instant) -> Result<u64, DbError> {
    let tx = db.upkeep("tidy registry answers").await?;
    let gone = tx
        .execute(
            "delete from registry_answer where expires_at_ms <= $1",
            values![now],
        )
        .await?;
    tx.commit().await?;
    Ok(gone)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ground::both_engines;

    fn answer(status: u16) -> WebAnswer {
        WebAnswer {
            status,
            body: b"{}".to_vec(),
        }
    }

    both_engines! {
        /// Regression (i): tidying the cache removed the answers that were still valid.
        async fn tidying_removes_what_expired_and_keeps_what_is_valid(db: Db) {
            let now = Instant::from_ms(0);
            keep(&db, "network", &answer(200), false, now).await?;
            keep(&db, "missing", &answer(404), false, now).await?;
            keep(&db, "busy", &answer(429), false, now).await?;
            let later = now.plus_ms(2 * HOUR_MS);
            assert_eq!(kept(&db, "network", later).await?, Some(answer(200)));
            assert_eq!(kept(&db, "missing", later).await?, None);
            assert_eq!(kept(&db, "busy", now).await?, None);
            assert_eq!(tidy(&db, later).await?, 1);
            assert_eq!(kept(&db, "network", later).await?, Some(answer(200)));
            keep(&db, "network", &answer(404), false, later).await?;
            assert_eq!(kept(&db, "network", later).await?, Some(answer(404)));
        }
    }
}
