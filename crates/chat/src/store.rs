//! The records of conversations. Everything readable in them is a keyed hash, a state or an hour.

use ground::clock::DAY_MS;
use ground::lease::{Lease, Work};
use ground::{
    Ask, Chance, ChatFact, ConversationId, DbError, Fact, Instant, Platform, Tx, UtteranceId,
    sea_orm, values,
};
use serde::{Deserialize, Serialize};
use vault::{Blind, Owner, Place, Vault, VaultError};

use crate::{Heard, Sender, Talk};

/// Conversations that want attention.
pub const CONVERSATIONS: Work = Work {
    table: "conversation",
    open: "1 = 1",
    order: "not_before_ms, id",
};

/// Why the records of a conversation could not be used.
#[derive(Debug, thiserror::Error)]
pub enum ChatError {
    /// The records failed.
    #[error(transparent)]
    Db(#[from] DbError),
    /// The vault failed, or the conversation was forgotten.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// It is not there any more.
    #[error("the conversation is not there any more")]
    NotFound,
    /// Something stored cannot be read back.
    #[error("something stored in a conversation cannot be read")]
    Unreadable,
}

/// How a conversation stands; sealed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// What was said and is to be said.
    pub talk: Talk,
    /// When its sender last wrote, ms since 1970.
    pub last_heard_ms: i64,
    /// Until when the platform lets a free text be sent, ms since 1970; none when it always does.
    pub answer_until_ms: Option<i64>,
    /// Its sender asked to be forgotten.
    pub forget: bool,
}

/// A conversation, opened.
#[derive(Debug)]
pub struct Conversation {
    /// Which.
    pub id: ConversationId,
    /// Where.
    pub platform: Platform,
    /// How it stands.
    pub kept: Kept,
    /// What an answer is addressed to, in the platform's own form.
    pub reach: String,
}

/// How long things said one soon after the other are waited for.
#[derive(Debug, Clone, Copy)]
pub struct Gathering {
    /// Since the last one, ms.
    pub quiet_ms: i64,
    /// Since the first one at most, ms.
    pub most_ms: i64,
}

/// Something that was said, ready to be taken in.
#[derive(Debug)]
pub struct Said<'a> {
    /// Where.
    pub platform: Platform,
    /// Who.
    pub sender: &'a Sender,
    /// The key of the event.
    pub key: &'a str,
    /// When, by the platform, ms since 1970.
    pub at_ms: i64,
    /// What.
    pub heard: &'a Heard,
}

#[derive(Serialize, Deserialize)]
struct Stored {
    at_ms: i64,
    key: String,
    heard: Heard,
}

#[derive(sea_orm::FromQueryResult)]
struct Known {
    conversation_id: ConversationId,
}

fn hashed(vault: &Vault, platform: Platform, sender: &Sender) -> Vec<Vec<u8>> {
    let known_by = sender.known_by.iter();
    known_by
        .map(|by| vault.blind(Blind::Sender, &format!("{platform}|{by}")))
        .collect()
}

/// The conversation of a sender, if there is one.
///
/// # Errors
/// [`ChatError::Db`].
pub async fn find(
    ask: &impl Ask,
    vault: &Vault,
    platform: Platform,
    sender: &Sender,
) -> Result<Option<ConversationId>, ChatError> {
    for hash in hashed(vault, platform, sender) {
        let sql = "select conversation_id from conversation_sender where sender = $1";
        if let Some(known) = ask.one::<Known>(sql, values![hash]).await? {
            return Ok(Some(known.conversation_id));
        }
    }
    Ok(None)
}

/// Whether a sender is not heard any more.
///
/// # Errors
/// [`ChatError::Db`].
pub async fn is_blocked(
    ask: &impl Ask,
    vault: &Vault,
    platform: Platform,
    sender: &Sender,
) -> Result<bool, ChatError> {
    for hash in hashed(vault, platform, sender) {
        let sql = "select count(*) as n from chat_block where sender = $1";
        if ask.count(sql, values![hash]).await? > 0 {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Remembers what else a sender is known by.
///
/// # Errors
/// [`ChatError::Db`].
pub async fn known_too(
    tx: &Tx,
    vault: &Vault,
    platform: Platform,
    sender: &Sender,
    id: ConversationId,
) -> Result<(), ChatError> {
    for hash in hashed(vault, platform, sender) {
        tx.execute(
            "insert into conversation_sender (sender, conversation_id) values ($1, $2)
             on conflict (sender) do nothing",
            values![hash, id],
        )
        .await?;
    }
    Ok(())
}

/// Begins a conversation; the transaction must be an act.
///
/// # Errors
/// [`ChatError`].
pub async fn begin(
    tx: &Tx,
    vault: &Vault,
    chance: &Chance,
    said: &Said<'_>,
    due: Instant,
) -> Result<ConversationId, ChatError> {
    let id = ConversationId::fresh(chance);
    let sealer = vault.sealer(tx, Owner::Conversation(id)).await?;
    let kept = serde_json::to_vec(&Kept::default()).map_err(|_| ChatError::Unreadable)?;
    let kept = sealer.seal(&Place::new("conversation.kept", id), &kept)?;
    let reach = sealer.seal(
        &Place::new("conversation.reach", id),
        said.sender.reach.as_bytes(),
    )?;
    tx.execute(
        "insert into conversation (id, platform, kept, reach, gathering_ms, lease_until_ms,
                                   lease_token, attempts, not_before_ms)
         values ($1, $2, $3, $4, 0, 0, 0, 0, $5)",
        values![id, said.platform, kept, reach, due],
    )
    .await?;
    let platform = said.platform;
    tx.record(id, &Fact::Chat(ChatFact::ConversationBegun { platform }));
    known_too(tx, vault, platform, said.sender, id).await?;
    Ok(id)
}

/// Takes in what was said in a conversation; false when it was taken in before.
///
/// # Errors
/// [`ChatError`].
pub async fn take_in(
    tx: &Tx,
    vault: &Vault,
    chance: &Chance,
    (id, said): (ConversationId, &Said<'_>),
    (now, gathering): (Instant, Gathering),
) -> Result<bool, ChatError> {
    let utterance = UtteranceId::fresh(chance);
    let sealer = vault.sealer(tx, Owner::Conversation(id)).await?;
    let stored = Stored {
        at_ms: said.at_ms,
        key: said.key.to_owned(),
        heard: said.heard.clone(),
    };
    let plain = serde_json::to_vec(&stored).map_err(|_| ChatError::Unreadable)?;
    let sealed = sealer.seal(&Place::new("chat_heard.sealed", utterance), &plain)?;
    let key = vault.blind(Blind::Event, &format!("{}|{}", said.platform, said.key));
    let new = tx
        .execute(
            "insert into chat_heard (id, event_key, conversation_id, sealed, state, position, day)
             values ($1, $2, $3, $4, 'waiting', 0, $5) on conflict (event_key) do nothing",
            values![utterance, key, id, sealed, now.ms().div_euclid(DAY_MS)],
        )
        .await?;
    if new == 0 {
        return Ok(false);
    }
    let reach = sealer.seal(
        &Place::new("conversation.reach", id),
        said.sender.reach.as_bytes(),
    )?;
    tx.execute(
        "update conversation set reach = $2,
             gathering_ms = case when gathering_ms = 0 then $3 else gathering_ms end,
             not_before_ms = case when gathering_ms > 0 and gathering_ms + $5 < $4
                                  then gathering_ms + $5 else $4 end
         where id = $1",
        values![
            id,
            reach,
            now,
            now.plus_ms(gathering.quiet_ms),
            gathering.most_ms
        ],
    )
    .await?;
    Ok(true)
}

#[derive(sea_orm::FromQueryResult)]
struct Row {
    platform: Platform,
    kept: Vec<u8>,
    reach: Vec<u8>,
}

/// Opens a conversation.
///
/// # Errors
/// [`ChatError`].
pub async fn load(
    ask: &impl Ask,
    vault: &Vault,
    id: ConversationId,
) -> Result<Conversation, ChatError> {
    let sql = "select platform, kept, reach from conversation where id = $1";
    let row = ask
        .one::<Row>(sql, values![id])
        .await?
        .ok_or(ChatError::NotFound)?;
    let opener = vault.opener(ask, Owner::Conversation(id)).await?;
    let kept = opener.open(&Place::new("conversation.kept", id), &row.kept)?;
    let reach = opener.open(&Place::new("conversation.reach", id), &row.reach)?;
    Ok(Conversation {
        id,
        platform: row.platform,
        kept: serde_json::from_slice(&kept).map_err(|_| ChatError::Unreadable)?,
        reach: String::from_utf8(reach.to_vec()).map_err(|_| ChatError::Unreadable)?,
    })
}

/// Something that was said and is not read yet.
#[derive(Debug)]
pub struct Waiting {
    /// Which.
    pub id: UtteranceId,
    /// When, by the platform, ms since 1970.
    pub at_ms: i64,
    /// What.
    pub heard: Heard,
}

#[derive(sea_orm::FromQueryResult)]
struct HeardRow {
    id: UtteranceId,
    sealed: Vec<u8>,
}

/// What was said and is not read yet, in the order in which it was said.
///
/// # Errors
/// [`ChatError`].
pub async fn waiting(
    ask: &impl Ask,
    vault: &Vault,
    id: ConversationId,
) -> Result<Vec<Waiting>, ChatError> {
    let sql = "select id, sealed from chat_heard where conversation_id = $1 and state = 'waiting'";
    let rows = ask.rows::<HeardRow>(sql, values![id]).await?;
    let opener = vault.opener(ask, Owner::Conversation(id)).await?;
    let mut found = Vec::with_capacity(rows.len());
    for row in rows {
        let plain = opener.open(&Place::new("chat_heard.sealed", row.id), &row.sealed)?;
        let stored: Stored = serde_json::from_slice(&plain).map_err(|_| ChatError::Unreadable)?;
        found.push((stored.at_ms, stored.key, row.id, stored.heard));
    }
    found.sort_by(|a, b| (a.0, &a.1).cmp(&(b.0, &b.1)));
    Ok(found
        .into_iter()
        .map(|(at_ms, _, id, heard)| Waiting { id, at_ms, heard })
        .collect())
}

/// What a step of a conversation changes.
#[derive(Debug)]
pub struct Step<'a> {
    /// How it stands now.
    pub kept: &'a Kept,
    /// What was read.
    pub read: &'a [UtteranceId],
    /// The texts to be sent.
    pub texts: &'a [String],
    /// When it wants attention again.
    pub due: Instant,
}

/// Writes a step down; false when the lease was lost, in which case the caller must not commit.
///
/// # Errors
/// [`ChatError`].
pub async fn settle(
    tx: &Tx,
    vault: &Vault,
    chance: &Chance,
    (id, lease): (ConversationId, &Lease),
    step: &Step<'_>,
) -> Result<bool, ChatError> {
    if !CONVERSATIONS.settle(tx, lease).await? {
        return Ok(false);
    }
    let sealer = vault.sealer(tx, Owner::Conversation(id)).await?;
    let kept = serde_json::to_vec(step.kept).map_err(|_| ChatError::Unreadable)?;
    let kept = sealer.seal(&Place::new("conversation.kept", id), &kept)?;
    tx.execute(
        "update conversation set kept = $2, not_before_ms = $3 where id = $1",
        values![id, kept, step.due],
    )
    .await?;
    for utterance in step.read {
        let position = crate::texts::next_position(tx, id).await?;
        tx.execute(
            "update chat_heard set state = 'read', position = $2 where id = $1",
            values![*utterance, position],
        )
        .await?;
    }
    for text in step.texts {
        crate::texts::add(tx, vault, chance, (id, "line"), text).await?;
    }
    // What came while this step was made is not kept waiting for its end.
    tx.execute(
        "update conversation set not_before_ms = gathering_ms, gathering_ms = 0 where id = $1
             and exists (select 1 from chat_heard h where h.conversation_id = $1 and h.state = 'waiting')",
        values![id],
    )
    .await?;
    if !step.read.is_empty() {
        tx.execute(
            "update conversation set gathering_ms = 0 where id = $1
                 and not exists (select 1 from chat_heard h where h.conversation_id = $1 and h.state = 'waiting')",
            values![id],
        )
        .await?;
    }
    Ok(true)
}
