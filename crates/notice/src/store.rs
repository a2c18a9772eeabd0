//! The tables `notice` and `notice_item`.

use ground::lease::Work;
use ground::{
    Ask, ContactId, Db, DbError, Fact, Instant, NoticeId, ProviderId, TakedownId, Tx, values,
};
use sea_orm::FromQueryResult;
use vault::{Owner, Place, Vault, VaultError};

use crate::{Composed, Notice, NoticeLanguage, NoticeRow, NoticeState, Refused};

/// Notices to be sent: the sender's work. An unsure one is work again after its wait.
pub const NOTICES: Work = Work {
    table: "notice",
    open: "state in ('due', 'unsure')",
    order: "not_before_ms, id",
};

/// Why a notice was not written or read.
#[derive(Debug, thiserror::Error)]
pub enum StoreFault {
    /// Somebody else changed it since it was read: read it again.
    #[error("it was changed in the meantime")]
    Stale,
    /// The move is not possible.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// The sealed text cannot be opened, or is not what was sealed.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// The sealed text is not a mail. A defect of ours, or a damaged database.
    #[error("the stored mail cannot be read")]
    Unreadable,
    /// The records failed.
    #[error(transparent)]
    Db(#[from] DbError),
}

const COLUMNS: &str = "id, number, contact_id, provider_id, state, language, message_id, items,
    drawn_up_at_ms, handed_at_ms, accepted_at_ms, reply, cause, attempts, not_before_ms, revision, kind,
    returned_at_ms";

fn place(id: NoticeId) -> Place {
    Place::new("notice.sealed", id)
}

/// Writes a new notice with its mail, sealed, and what it names, and records it. The takedowns it
/// names are moved by the caller in the same transaction.
///
/// # Errors
/// [`StoreFault`].
pub async fn draw_up(
    tx: &Tx,
    vault: &Vault,
    notice: &Notice,
    mail: &Composed,
    takedowns: &[TakedownId],
    fact: &Fact,
) -> Result<(), StoreFault> {
    let plain = serde_json::to_vec(mail).map_err(|_| StoreFault::Unreadable)?;
    let sealed = vault
        .seal(tx, Owner::Notice(notice.id), place(notice.id), &plain)
        .await?;
    tx.execute(
        "insert into notice (id, number, contact_id, provider_id, state, language, message_id,
             sealed, items, drawn_up_at_ms, lease_until_ms, lease_token, attempts, not_before_ms,
             revision, kind)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0, 0, 0, $11, 0, $12)",
        values![
            notice.id,
            notice.number.as_str(),
            notice.contact_id,
            notice.provider_id,
            notice.state,
            notice.language,
            notice.message_id.as_str(),
            sealed,
            notice.items,
            notice.drawn_up_at_ms,
            notice.not_before_ms,
            notice.kind,
        ],
    )
    .await?;
    for takedown in takedowns {
        tx.execute(
            "insert into notice_item (notice_id, takedown_id) values ($1, $2)",
            values![notice.id, *takedown],
        )
        .await?;
    }
    tx.record(notice.id, fact);
    Ok(())
}

/// One notice.
///
/// # Errors
/// [`DbError`] when the records fail.
pub async fn load(ask: &impl Ask, id: NoticeId) -> Result<Option<Notice>, DbError> {
    let sql = format!("select {COLUMNS} from notice where id = $1");
    Ok(ask.one::<NoticeRow>(&sql, values![id]).await?.map(Notice))
}

/// The notice whose mail has this Message-ID, without brackets.
///
/// # Errors
/// [`DbError`] when the records fail.
pub async fn by_message_id(ask: &impl Ask, id: &str) -> Result<Option<Notice>, DbError> {
    let sql = format!("select {COLUMNS} from notice where message_id = $1");
    Ok(ask.one::<NoticeRow>(&sql, values![id]).await?.map(Notice))
}

#[derive(FromQueryResult)]
struct Sealed {
    sealed: Vec<u8>,
}

/// The mail of a notice, exactly as it is sent every time.
///
/// # Errors
/// [`StoreFault`]; [`StoreFault::Vault`] when its key was destroyed.
pub async fn open_mail(
    ask: &impl Ask,
    vault: &Vault,
    id: NoticeId,
) -> Result<Composed, StoreFault> {
    let row = ask
        .one::<Sealed>("select sealed from notice where id = $1", values![id])
        .await?;
    let row = row.ok_or(StoreFault::Unreadable)?;
    let plain = vault
        .open(ask, Owner::Notice(id), place(id), &row.sealed)
        .await?;
    serde_json::from_slice(&plain).map_err(|_| StoreFault::Unreadable)
}

/// Marks a notice as about to be handed over, durably, before the relay is called. Upkeep: nothing
/// happened yet that the ledger must know.
///
/// # Errors
/// [`StoreFault::Refused`] with [`Refused::Interrupted`] when an earlier attempt was cut short;
/// [`StoreFault::Stale`] when somebody else changed it.
pub async fn hand_over(db: &Db, notice: Notice, at: Instant) -> Result<Notice, StoreFault> {
    let mut marked = notice.handing_over(at)?;
    let tx = db.upkeep("mark a notice as handed over").await?;
    write(&tx, &marked).await?;
    tx.commit().await?;
    marked.0.revision += 1;
    Ok(marked)
}

/// Writes how a notice now stands and records the fact, unless it was changed since it was read.
/// The lease is given up separately: [`NOTICES`]`.put_off` until its `not_before_ms` while it is
/// due or unsure, else `.settle`.
///
/// # Errors
/// [`StoreFault::Stale`]; [`StoreFault::Db`] when the records fail.
pub async fn save(tx: &Tx, notice: &Notice, fact: &Fact) -> Result<(), StoreFault> {
    write(tx, notice).await?;
    tx.record(notice.id, fact);
    Ok(())
}

async fn write(tx: &Tx, notice: &Notice) -> Result<(), StoreFault> {
    let written = tx
        .execute(
            "update notice set state = $3, handed_at_ms = $4, accepted_at_ms = $5, reply = $6,
                 cause = $7, not_before_ms = $8, returned_at_ms = $9, revision = revision + 1
             where id = $1 and revision = $2",
            values![
                notice.id,
                notice.revision,
                notice.state,
                notice.handed_at_ms,
                notice.accepted_at_ms,
                notice.reply.clone(),
                notice.cause.clone(),
                notice.not_before_ms,
                notice.returned_at_ms,
            ],
        )
        .await?;
    if written == 1 {
        Ok(())
    } else {
        Err(StoreFault::Stale)
    }
}

#[derive(FromQueryResult)]
struct Named {
    takedown_id: TakedownId,
}

/// The takedowns a notice names.
///
/// # Errors
/// [`DbError`] when the records fail.
pub async fn items_of(ask: &impl Ask, id: NoticeId) -> Result<Vec<TakedownId>, DbError> {
    let sql = "select takedown_id from notice_item where notice_id = $1 order by takedown_id";
    let rows = ask.rows::<Named>(sql, values![id]).await?;
    Ok(rows.into_iter().map(|row| row.takedown_id).collect())
}

/// One line of a list.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
#[expect(
    missing_docs,
    reason = "each field is the column of the same name, explained there"
)]
pub struct Listed {
    pub id: NoticeId,
    pub number: String,
    pub contact_id: ContactId,
    pub provider_id: ProviderId,
    pub state: NoticeState,
    pub language: NoticeLanguage,
    pub items: i64,
    pub drawn_up_at_ms: Instant,
    pub accepted_at_ms: Option<Instant>,
    pub reply: Option<String>,
    pub cause: Option<String>,
    pub attempts: i64,
    pub not_before_ms: Instant,
}

const LISTED: &str = "select n.id, n.number, n.contact_id, n.provider_id, n.state, n.language,
    n.items, n.drawn_up_at_ms, n.accepted_at_ms, n.reply, n.cause, n.attempts, n.not_before_ms
    from notice n";

/// Notices, newest first, all or of one state, `limit` from `offset` on.
///
/// # Errors
/// [`DbError`] when the records fail.
pub async fn list(
    ask: &impl Ask,
    state: Option<NoticeState>,
    limit: i64,
    offset: i64,
) -> Result<Vec<Listed>, DbError> {
    let mut values = values![limit, offset];
    let condition = if let Some(state) = state {
        values.push(state.into());
        "where n.state = $3"
    } else {
        ""
    };
    let order = "order by n.drawn_up_at_ms desc, n.id limit $1 offset $2";
    ask.rows(&format!("{LISTED} {condition} {order}"), values)
        .await
}

/// The notices to one contact, newest first.
///
/// # Errors
/// [`DbError`] when the records fail.
pub async fn of_contact(
    ask: &impl Ask,
    contact: ContactId,
    limit: i64,
) -> Result<Vec<Listed>, DbError> {
    let order = "order by n.drawn_up_at_ms desc, n.id limit $2";
    ask.rows(
        &format!("{LISTED} where n.contact_id = $1 {order}"),
        values![contact, limit],
    )
    .await
}

/// The notices that name a takedown, newest first.
///
/// # Errors
/// [`DbError`] when the records fail.
pub async fn naming(ask: &impl Ask, takedown: TakedownId) -> Result<Vec<Listed>, DbError> {
    let sql = format!(
        "{LISTED} join notice_item i on i.notice_id = n.id
         where i.takedown_id = $1 order by n.drawn_up_at_ms desc, n.id"
    );
    ask.rows(&sql, values![takedown]).await
}

/// How many notices are in a state.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct StateCount {
    /// The state.
    pub state: NoticeState,
    /// How many.
    pub n: i64,
}

/// Notices counted by state.
///
/// # Errors
/// [`DbError`] when the records fail.
pub async fn by_state(ask: &impl Ask) -> Result<Vec<StateCount>, DbError> {
    let sql = "select state, count(*) as n from notice group by state order by state";
    ask.rows(sql, values![]).await
}
