//! How a conversation is forgotten.

use ground::clock::{DAY_MS, HOUR_MS};
use ground::{ConversationId, Instant, Tx, values};
use vault::{Owner, Vault};

use crate::store::ChatError;

/// How long the key of an event is kept after what it said was forgotten, in days: longer than a
/// platform goes on delivering.
const KEYS_DAYS: i64 = 9;

/// Forgets a conversation: its key, what was said and who said it. The transaction must be an act.
///
/// # Errors
/// [`ChatError`].
pub async fn forget(tx: &Tx, vault: &Vault, id: ConversationId) -> Result<(), ChatError> {
    vault.shred(tx, Owner::Conversation(id)).await?;
    tx.execute(
        "update chat_heard set sealed = $2, conversation_id = null, state = 'read', position = 0
         where conversation_id = $1",
        values![id, Vec::<u8>::new()],
    )
    .await?;
    for sql in [
        "delete from chat_text where conversation_id = $1",
        "delete from conversation_sender where conversation_id = $1",
        "delete from conversation where id = $1",
    ] {
        tx.execute(sql, values![id]).await?;
    }
    Ok(())
}

/// Throws the keys of events away that no platform delivers any more; how many.
///
/// # Errors
/// [`ChatError::Db`].
pub async fn tidy(tx: &Tx, now: Instant) -> Result<u64, ChatError> {
    let day = now.ms().div_euclid(DAY_MS) - KEYS_DAYS;
    let sql = "delete from chat_heard where conversation_id is null and day < $1";
    Ok(tx.execute(sql, values![day]).await?)
}

/// The next full hour at or after a moment: a conversation that rests tells no more.
#[must_use]
pub fn full_hour(at: Instant) -> Instant {
    at.plus_ms(HOUR_MS - 1).start_of_hour()
}
