//! One step of one conversation.

use chat::forgetting::{self, full_hour};
use chat::store::{self, CONVERSATIONS, Conversation, Kept, Step};
use chat::{Draft, Heard, Say, Turn, Want, whatsapp};
use ground::clock::{HOUR_MS, MINUTE_MS};
use ground::lease::Lease;
use ground::{
    Act, Channel, ChatFact, ConversationId, Fact, Instant, Origin, Platform, UtteranceId,
};
use letterbox::{Letter, Named, Receipt};

use super::{CHAT, ChatLine};
use crate::{Casework, WorkError};

/// How long one step is leased for, ms.
const LEASE_MS: i64 = 2 * MINUTE_MS;
/// How long a text that cannot be said holds up forgetting, ms.
const PATIENCE_MS: i64 = 48 * HOUR_MS;

/// What a step came to.
struct Came {
    turn: Turn,
    read: Vec<UtteranceId>,
    fact: Option<Fact>,
}

impl Casework {
    /// Goes on with one conversation that wants attention; false when none does.
    ///
    /// # Errors
    /// [`WorkError`] when the records or the letterbox fail; the step is made again.
    pub async fn talk_one(&self) -> Result<bool, WorkError> {
        let Some(line) = self.chat_line() else {
            return Ok(false);
        };
        let now = self.clock.now();
        let taken = CONVERSATIONS
            .take(&self.db, &self.chance, now, LEASE_MS)
            .await?;
        let Some(lease) = taken else { return Ok(false) };
        let id: ConversationId = lease.id.parse().map_err(WorkError::unreadable)?;
        let mut conversation = store::load(&self.db, &self.vault, id).await?;
        match self.step(line, &mut conversation, now).await? {
            Some(came) => self.settle_talk(line, (&lease, conversation), came).await?,
            None => self.rest_or_forget(line, &lease, &conversation).await?,
        }
        Ok(true)
    }

    /// What happens now: a letter is stored, what was said is heard, or silence tells. None when there
    /// is nothing to do.
    async fn step(
        &self,
        line: &ChatLine,
        conversation: &mut Conversation,
        now: Instant,
    ) -> Result<Option<Came>, WorkError> {
        let kept = &mut conversation.kept;
        let fresh = Receipt::fresh(&self.chance).text();
        if let Some((draft, receipt)) = kept.talk.to_store() {
            let drawn = Receipt::parse(receipt).map_err(WorkError::unreadable)?;
            line.slot
                .drop_letter(&letter(draft), drawn)
                .await
                .map_err(WorkError::refused)?;
            let turn = kept.talk.clone().stored(line.usual, &fresh);
            let fact = Some(Fact::Chat(ChatFact::ConversationReported));
            return Ok(Some(Came {
                turn,
                read: vec![],
                fact,
            }));
        }
        let waiting = store::waiting(&self.db, &self.vault, conversation.id).await?;
        let kept = &mut conversation.kept;
        if !waiting.is_empty() {
            let last = waiting.iter().map(|said| said.at_ms).max().unwrap_or(0);
            heard_at(kept, conversation.platform, now, last);
            let heard: Vec<Heard> = waiting.iter().map(|said| said.heard.clone()).collect();
            let turn = kept.talk.clone().hear(&heard, line.usual, &fresh);
            let read = waiting.iter().map(|said| said.id).collect();
            return Ok(Some(Came {
                turn,
                read,
                fact: None,
            }));
        }
        let silent = now.ms() - kept.last_heard_ms >= line.silence_ms;
        if kept.talk.has_notes() && silent {
            let turn = kept.talk.clone().fall_silent(line.usual, &fresh);
            return Ok(Some(Came {
                turn,
                read: vec![],
                fact: None,
            }));
        }
        Ok(None)
    }

    async fn settle_talk(
        &self,
        line: &ChatLine,
        (lease, conversation): (&Lease, Conversation),
        came: Came,
    ) -> Result<(), WorkError> {
        let Turn {
            talk,
            mut says,
            wants,
            ..
        } = came.turn;
        for want in &wants {
            if let Want::Status(receipt) = want {
                says.push(Say::Status(status(line, receipt).await?));
            }
        }
        let kept = Kept {
            forget: wants.contains(&Want::Forget),
            talk,
            ..conversation.kept
        };
        let language = kept.talk.language(line.usual);
        let texts = line.wording.messages(language, &says);
        let now = self.clock.now();
        let tx = match &came.fact {
            Some(_) => {
                let act = Act::by_worker(CHAT, now.start_of_hour());
                self.db.act(&act, "go on with a conversation").await?
            }
            None => self.db.upkeep("go on with a conversation").await?,
        };
        if let Some(fact) = &came.fact {
            tx.record(conversation.id, fact);
        }
        let step = Step {
            due: due(line, &kept, now),
            kept: &kept,
            read: &came.read,
            texts: &texts,
        };
        let of = (conversation.id, lease);
        if store::settle(&tx, &self.vault, &self.chance, of, &step).await? {
            tx.commit().await?;
            self.bell.ring();
        }
        Ok(())
    }

    /// Nothing is to be done: the conversation rests, or its time is over.
    async fn rest_or_forget(
        &self,
        line: &ChatLine,
        lease: &Lease,
        conversation: &Conversation,
    ) -> Result<(), WorkError> {
        let (now, kept) = (self.clock.now(), &conversation.kept);
        let quiet_ms = now.ms() - kept.last_heard_ms;
        let unsaid = chat::texts::unsaid(&self.db, conversation.id).await? > 0;
        let over = kept.forget && (!unsaid || quiet_ms > PATIENCE_MS) || quiet_ms >= line.forget_ms;
        if over && !kept.talk.has_notes() {
            let act = Act::by_worker(CHAT, now.start_of_hour());
            let tx = self.db.act(&act, "forget a conversation").await?;
            forgetting::forget(&tx, &self.vault, conversation.id).await?;
            forgetting::tidy(&tx, now).await?;
            return Ok(tx.commit().await?);
        }
        let tx = self.db.upkeep("let a conversation rest").await?;
        let due = due(line, kept, now).max(now.plus_ms(1));
        CONVERSATIONS.put_off(&tx, lease, due).await?;
        Ok(tx.commit().await?)
    }
}

/// When somebody wrote, and until when they may be answered.
fn heard_at(kept: &mut Kept, platform: Platform, now: Instant, by_platform_ms: i64) {
    kept.last_heard_ms = now.ms();
    if platform == Platform::Whatsapp {
        // Its window is counted from its own time, which may lie hours back.
        let at = if by_platform_ms > 0 {
            by_platform_ms.min(now.ms())
        } else {
            now.ms()
        };
        let until = at.saturating_add(whatsapp::WINDOW_MS);
        kept.answer_until_ms = Some(kept.answer_until_ms.unwrap_or(0).max(until));
    }
    kept.forget = false;
}

/// When the conversation wants attention again.
fn due(line: &ChatLine, kept: &Kept, now: Instant) -> Instant {
    let last = Instant::from_ms(kept.last_heard_ms);
    if kept.talk.to_store().is_some() {
        now
    } else if kept.talk.has_notes() {
        last.plus_ms(line.silence_ms)
    } else if kept.forget {
        full_hour(now.plus_ms(1))
    } else {
        full_hour(last.plus_ms(line.forget_ms))
    }
}

async fn status(line: &ChatLine, receipt: &str) -> Result<String, WorkError> {
    let receipt = Receipt::parse(receipt).map_err(WorkError::unreadable)?;
    let answer = line.slot.ask(&receipt).await.map_err(WorkError::refused)?;
    Ok(answer.map_or_else(|| "unknown".to_owned(), |answer| answer.to_string()))
}

fn letter(draft: &Draft) -> Letter {
    Letter {
        channel: Channel::Chat,
        origin: Origin::National,
        language: draft.language.tag().to_owned(),
        addresses: draft
            .addresses
            .iter()
            .map(|(typed, address)| Named {
                typed: typed.clone(),
                address: address.clone(),
            })
            .collect(),
        seen_where: String::new(),
        words: draft.words.clone(),
        reach: String::new(),
    }
}
