//! The texts of the hotline: said in order, each at most once.
//!
//! That a text is about to be handed over is written down before. Should the program die in that
//! moment, or the platform not say what became of it, the text is *unsure* and is never said again.

use ground::lease::{Lease, Work};
use ground::{
    Ask, Chance, ChatFact, ConversationId, Fact, Instant, Platform, Tx, UtteranceId, sea_orm,
    text_enum, values,
};
use vault::{Blind, Owner, Place, Vault};

use crate::store::ChatError;

/// Texts that are still to be said; of one conversation only the first.
pub const TEXTS: Work = Work {
    table: "chat_text",
    open: "state in ('waiting', 'handing') and not exists (
               select 1 from chat_text earlier where earlier.conversation_id = chat_text.conversation_id
                   and earlier.position < chat_text.position and earlier.state in ('waiting', 'handing'))",
    order: "not_before_ms, position",
};

text_enum! {
    /// What became of a text.
    pub enum TextState {
        /// It is to be said.
        Waiting = "waiting",
        /// It is being handed over.
        Handing = "handing",
        /// The platform took it.
        Sent = "sent",
        /// It may have been said; it is not said again.
        Unsure = "unsure",
        /// It cannot be said any more.
        Never = "never",
    }
}

#[derive(sea_orm::FromQueryResult)]
struct Numbered {
    n: i64,
}

/// The place of what is said next in a conversation, either way.
pub(crate) async fn next_position(tx: &Tx, id: ConversationId) -> Result<i64, ChatError> {
    let sql = "select cast(coalesce(max(p), 0) + 1 as bigint) as n from (
                   select max(position) as p from chat_text where conversation_id = $1
                   union all
                   select max(position) as p from chat_heard where conversation_id = $1) both_ways";
    Ok(tx
        .one::<Numbered>(sql, values![id])
        .await?
        .map_or(1, |row| row.n))
}

/// Adds a text to be said. `author` is `line`, or the account of a member of staff.
///
/// # Errors
/// [`ChatError`].
pub async fn add(
    tx: &Tx,
    vault: &Vault,
    chance: &Chance,
    (conversation, author): (ConversationId, &str),
    text: &str,
) -> Result<UtteranceId, ChatError> {
    let id = UtteranceId::fresh(chance);
    let owner = Owner::Conversation(conversation);
    let place = Place::new("chat_text.sealed", id);
    let sealed = vault.seal(tx, owner, place, text.as_bytes()).await?;
    let position = next_position(tx, conversation).await?;
    tx.execute(
        "insert into chat_text (id, conversation_id, position, sealed, author, state, lease_until_ms,
                                lease_token, attempts, not_before_ms)
         values ($1, $2, $3, $4, $5, 'waiting', 0, 0, 0, 0)",
        values![id, conversation, position, sealed, author],
    )
    .await?;
    Ok(id)
}

/// A text, opened.
#[derive(Debug)]
pub struct Text {
    /// Which.
    pub id: UtteranceId,
    /// In which conversation.
    pub conversation: ConversationId,
    /// What became of it so far.
    pub state: TextState,
    /// What it says.
    pub text: String,
}

#[derive(sea_orm::FromQueryResult)]
struct Row {
    conversation_id: ConversationId,
    state: TextState,
    sealed: Vec<u8>,
}

/// Opens a text that is to be said.
///
/// # Errors
/// [`ChatError`].
pub async fn load(ask: &impl Ask, vault: &Vault, id: UtteranceId) -> Result<Text, ChatError> {
    let sql = "select conversation_id, state, sealed from chat_text where id = $1";
    let row = ask
        .one::<Row>(sql, values![id])
        .await?
        .ok_or(ChatError::NotFound)?;
    let owner = Owner::Conversation(row.conversation_id);
    let place = Place::new("chat_text.sealed", id);
    let plain = vault.open(ask, owner, place, &row.sealed).await?;
    Ok(Text {
        id,
        conversation: row.conversation_id,
        state: row.state,
        text: String::from_utf8(plain.to_vec()).map_err(|_| ChatError::Unreadable)?,
    })
}

/// Notes that a text is about to be handed over; false when the lease was lost.
///
/// # Errors
/// [`ChatError::Db`].
pub async fn hand_over(tx: &Tx, lease: &Lease) -> Result<bool, ChatError> {
    let sql = "update chat_text set state = 'handing' where id = $1 and lease_token = $2 and state = 'waiting'";
    Ok(tx
        .execute(sql, values![lease.id.as_str(), lease.token])
        .await?
        == 1)
}

/// What came of handing a text over.
#[derive(Debug, Clone, Copy)]
pub enum Came<'a> {
    /// Taken, under this id at the platform.
    Sent(&'a str),
    /// Nothing was said; to be tried again then.
    Later(Instant),
    /// It may have been said.
    Unsure,
    /// It cannot be said any more, and why.
    Never(&'a str),
}

/// Writes down what came of handing a text over. What cannot be said is told in the ledger; then the
/// transaction must be an act.
///
/// # Errors
/// [`ChatError`].
pub async fn settle(
    tx: &Tx,
    vault: &Vault,
    (lease, text): (&Lease, &Text),
    platform: Platform,
    came: Came<'_>,
) -> Result<(), ChatError> {
    let (state, why, sent_id) = match came {
        Came::Sent("") => (TextState::Sent, None, None),
        Came::Sent(id) => (TextState::Sent, None, Some(sent_hash(vault, platform, id))),
        Came::Later(until) => {
            tx.execute(
                "update chat_text set state = 'waiting' where id = $1",
                values![text.id],
            )
            .await?;
            TEXTS.put_off(tx, lease, until).await?;
            return Ok(());
        }
        Came::Unsure => (TextState::Unsure, Some("unsure"), None),
        Came::Never(why) => (TextState::Never, Some(why), None),
    };
    // What the platform did counts even when the lease was lost in the meantime.
    TEXTS.settle(tx, lease).await?;
    tx.execute(
        "update chat_text set state = $2, why = $3, sent_id = $4 where id = $1",
        values![text.id, state, why, sent_id],
    )
    .await?;
    if let Some(why) = why {
        let cause = why.to_owned();
        tx.record(
            text.conversation,
            &Fact::Chat(ChatFact::ChatTextNotDelivered { cause }),
        );
    }
    Ok(())
}

fn sent_hash(vault: &Vault, platform: Platform, id: &str) -> Vec<u8> {
    vault.blind(Blind::Event, &format!("{platform}|sent|{id}"))
}

#[derive(sea_orm::FromQueryResult)]
struct Lost {
    id: UtteranceId,
    conversation_id: ConversationId,
}

/// The text that a platform says did not arrive, with its conversation; none when it is not ours or
/// was told before.
///
/// # Errors
/// [`ChatError::Db`].
pub async fn sent_as(
    ask: &impl Ask,
    vault: &Vault,
    platform: Platform,
    id: &str,
) -> Result<Option<(UtteranceId, ConversationId)>, ChatError> {
    let sql = "select id, conversation_id from chat_text where sent_id = $1 and state = 'sent'";
    let lost = ask
        .one::<Lost>(sql, values![sent_hash(vault, platform, id)])
        .await?;
    Ok(lost.map(|row| (row.id, row.conversation_id)))
}

/// Notes that a text did not arrive; the transaction must be an act.
///
/// # Errors
/// [`ChatError::Db`].
pub async fn lost(tx: &Tx, id: UtteranceId, conversation: ConversationId) -> Result<(), ChatError> {
    let sql = "update chat_text set state = 'never', why = 'not-delivered' where id = $1";
    tx.execute(sql, values![id]).await?;
    let cause = "not-delivered".to_owned();
    tx.record(
        conversation,
        &Fact::Chat(ChatFact::ChatTextNotDelivered { cause }),
    );
    Ok(())
}

/// How many texts of a conversation are still to be said.
///
/// # Errors
/// [`ChatError::Db`].
pub async fn unsaid(ask: &impl Ask, id: ConversationId) -> Result<i64, ChatError> {
    let sql = "select count(*) as n from chat_text
               where conversation_id = $1 and state in ('waiting', 'handing')";
    Ok(ask.count(sql, values![id]).await?)
}
