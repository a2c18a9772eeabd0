//! The tables `account` and `session`.

use ground::{Ask, DbError, Instant, StaffId, Tx, values};

use crate::account::Account;
use crate::rules::{Language, Name};
use crate::session::{IDLE_MS, SessionKey, SessionRow};
use crate::{ABSOLUTE_MS, HALFWAY_MS, Role, StaffError};

const ACCOUNT: &str = "select id, name, password, second_factor, totp, totp_step, roles, language,
    failures, barred_until_ms, change_by_ms, made_at_ms, closed_at_ms, revision from account";

const SESSION: &str =
    "select token_hash, account_id, begun_at_ms, seen_at_ms, stage, offered from session";

/// The account with this name, open or closed.
pub async fn by_name(ask: &impl Ask, name: &Name) -> Result<Option<Account>, DbError> {
    ask.one(&format!("{ACCOUNT} where name = $1"), values![name.clone()])
        .await
}

/// The account with this id, open or closed.
pub async fn by_id(ask: &impl Ask, id: StaffId) -> Result<Option<Account>, DbError> {
    ask.one(&format!("{ACCOUNT} where id = $1"), values![id])
        .await
}

/// All accounts, open ones first, by name.
pub async fn all(ask: &impl Ask) -> Result<Vec<Account>, DbError> {
    let sql = format!("{ACCOUNT} order by case when closed_at_ms is null then 0 else 1 end, name");
    ask.rows(&sql, values![]).await
}

/// Whether an open administrator exists beside this account.
pub async fn other_administrator(ask: &impl Ask, than: StaffId) -> Result<bool, DbError> {
    let all = all(ask).await?;
    Ok(all.iter().any(|account| {
        account.id != than && account.is_open() && account.roles.has(Role::Administrator)
    }))
}

/// Writes a new account; [`StaffError::NameTaken`] when somebody has or had the name.
pub async fn insert(tx: &Tx, account: &Account) -> Result<(), StaffError> {
    let made = tx
        .execute(
            "insert into account (id, name, password, second_factor, totp, totp_step, roles,
                language, failures, barred_until_ms, change_by_ms, made_at_ms, closed_at_ms, revision)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 1)
             on conflict (name) do nothing",
            values![
                account.id,
                account.name.clone(),
                account.password.clone(),
                account.second_factor,
                account.totp.clone(),
                account.totp_step,
                account.roles.clone(),
                account.language,
                account.failures,
                account.barred_until_ms,
                account.change_by_ms,
                account.made_at_ms,
                account.closed_at_ms,
            ],
        )
        .await?;
    if made == 1 {
        Ok(())
    } else {
        Err(StaffError::NameTaken)
    }
}

/// Writes the account as it now is, unless it changed since it was read.
pub async fn write(tx: &Tx, account: &Account) -> Result<(), StaffError> {
    let written = tx
        .execute(
            "update account set password = $3, second_factor = $4, totp = $5, totp_step = $6,
                roles = $7, failures = $8, barred_until_ms = $9, change_by_ms = $10,
                closed_at_ms = $11, revision = revision + 1
             where id = $1 and revision = $2",
            values![
                account.id,
                account.revision,
                account.password.clone(),
                account.second_factor,
                account.totp.clone(),
                account.totp_step,
                account.roles.clone(),
                account.failures,
                account.barred_until_ms,
                account.change_by_ms,
                account.closed_at_ms,
            ],
        )
        .await?;
    if written == 1 {
        Ok(())
    } else {
        Err(StaffError::Stale)
    }
}

/// Changes the language of the pages; a preference, so no revision and no act.
pub async fn write_language(tx: &Tx, id: StaffId, language: Language) -> Result<(), DbError> {
    tx.execute(
        "update account set language = $2 where id = $1",
        values![id, language],
    )
    .await?;
    Ok(())
}

/// The session with this key, lapsed or not.
pub async fn session(ask: &impl Ask, key: SessionKey) -> Result<Option<SessionRow>, DbError> {
    ask.one(
        &format!("{SESSION} where token_hash = $1"),
        values![key.to_column()],
    )
    .await
}

/// All sessions of an account, the latest used first.
pub async fn sessions(ask: &impl Ask, of: StaffId) -> Result<Vec<SessionRow>, DbError> {
    ask.rows(
        &format!("{SESSION} where account_id = $1 order by seen_at_ms desc, token_hash"),
        values![of],
    )
    .await
}

/// Writes a new session.
pub async fn insert_session(tx: &Tx, row: &SessionRow) -> Result<(), DbError> {
    tx.execute(
        "insert into session (token_hash, account_id, begun_at_ms, seen_at_ms, stage, offered)
         values ($1, $2, $3, $4, $5, $6)",
        values![
            row.token_hash.clone(),
            row.account_id,
            row.begun_at_ms,
            row.seen_at_ms,
            row.stage,
            row.offered.clone(),
        ],
    )
    .await?;
    Ok(())
}

/// The session was used at this moment.
pub async fn touch_session(tx: &Tx, key: SessionKey, now: Instant) -> Result<(), DbError> {
    tx.execute(
        "update session set seen_at_ms = $2 where token_hash = $1 and seen_at_ms < $2",
        values![key.to_column(), now],
    )
    .await?;
    Ok(())
}

/// Keeps the sealed second factor that was shown in this session.
pub async fn offer(tx: &Tx, key: SessionKey, sealed: &[u8]) -> Result<(), DbError> {
    tx.execute(
        "update session set offered = $2 where token_hash = $1",
        values![key.to_column(), sealed.to_vec()],
    )
    .await?;
    Ok(())
}

/// Removes one session; whether it was there.
pub async fn remove_session(tx: &Tx, key: SessionKey) -> Result<bool, DbError> {
    let removed = tx
        .execute(
            "delete from session where token_hash = $1",
            values![key.to_column()],
        )
        .await?;
    Ok(removed == 1)
}

/// Removes all sessions of an account; how many there were.
pub async fn remove_sessions(tx: &Tx, of: StaffId) -> Result<u64, DbError> {
    tx.execute("delete from session where account_id = $1", values![of])
        .await
}

/// Removes the sessions that lapsed; how many there were.
pub async fn remove_lapsed(tx: &Tx, now: Instant) -> Result<u64, DbError> {
    tx.execute(
        "delete from session where seen_at_ms <= $1 or begun_at_ms <= $2
            or (stage <> 'full' and begun_at_ms <= $3)",
        values![
            now.plus_ms(-IDLE_MS),
            now.plus_ms(-ABSOLUTE_MS),
            now.plus_ms(-HALFWAY_MS),
        ],
    )
    .await
}
