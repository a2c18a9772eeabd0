//! Gathers the items that wait for one contact into one notice.

use capture::store::ContentRow;
use ground::{Act, ContactId, NoticeId};
use notice::{
    Digest, DrawUp, Hotline, Media, NamedItem, Notice, NoticeFormat, NoticeKind, NoticeLanguage,
    NoticeView, Waiting, compose, message_id, number_of, ripe_groups,
};
use provider::{Contact, ContactState};
use takedown::{Due, Takedown};

use crate::provider_page::language_of;
use crate::{Casework, WorkError};

/// The name under which this stands in the ledger.
const GATHERER: &str = "notices";
/// Most items looked at in one round; the others come in the next.
const ROUND: i64 = 2_000;

impl Casework {
    /// Draws up every notice that is ripe; false when none was.
    ///
    /// # Errors
    /// [`WorkError`] when the records or the vault fail.
    pub async fn gather_notices(&self) -> Result<bool, WorkError> {
        let now = self.clock.now();
        let first = takedown::due(&self.db, ROUND).await?;
        let waits = &self.settings.remind_after_ms;
        let again = takedown::to_remind(&self.db, waits, now, ROUND).await?;
        let mut drawn_up = false;
        for (kind, waiting) in [(NoticeKind::First, first), (NoticeKind::Reminder, again)] {
            let since = |due: &Due| Waiting {
                contact: due.contact_id,
                since: due.host_found_at_ms.unwrap_or(due.opened_at_ms),
                // A reminder has waited long enough.
                urgent: kind == NoticeKind::Reminder,
            };
            for (contact, group) in ripe_groups(waiting, since, &self.settings.window, now) {
                drawn_up |= self.draw_up_for(kind, contact, group).await?;
            }
        }
        if drawn_up {
            self.bell.ring();
        }
        Ok(drawn_up)
    }

    /// Draws up the notices about a group to its contact: one, or one for each item where the format
    /// of the contact takes no more. False when nothing is left to name: the contact was refused, or
    /// every item moved on in the meantime.
    async fn draw_up_for(
        &self,
        kind: NoticeKind,
        contact: ContactId,
        group: Vec<Due>,
    ) -> Result<bool, WorkError> {
        let Some(contact) = provider::contact(&self.db, contact).await? else {
            return Ok(false);
        };
        if contact.state != ContactState::Approved {
            return Ok(false);
        }
        let wanted = format_of(&contact)?;
        let (mut together, mut drawn_up) = (Vec::new(), false);
        for due in group {
            let item = self.named_item(&due).await?;
            let format = item.goes_as(wanted);
            if format.bundles() {
                together.push((due, item));
            } else {
                let one = vec![(due, item)];
                drawn_up |= self.draw_up((kind, format), &contact, one).await?;
            }
        }
        let format = if wanted.bundles() {
            wanted
        } else {
            NoticeFormat::Table
        };
        Ok(drawn_up | self.draw_up((kind, format), &contact, together).await?)
    }

    /// Draws up one notice; false when nothing is left to name.
    async fn draw_up(
        &self,
        written: (NoticeKind, NoticeFormat),
        contact: &Contact,
        group: Vec<(Due, NamedItem)>,
    ) -> Result<bool, WorkError> {
        let now = self.clock.now();
        let id = NoticeId::fresh(&self.chance);
        let mut named = Vec::new();
        let mut items = Vec::new();
        for (due, item) in group {
            let Some(takedown) = takedown::load(&self.db, due.id).await? else {
                continue;
            };
            // Refused when it moved on since it was listed; it is then somebody else's work.
            let moved = match written.0 {
                NoticeKind::First => takedown.named_in(id),
                NoticeKind::Reminder => takedown.reminded(id, now),
            };
            let Ok(moved) = moved else { continue };
            items.push(item);
            named.push(moved);
        }
        if items.is_empty() {
            return Ok(false);
        }
        let view = self.notice_view(id, written, contact, items).await?;
        let mail = compose(id, &view, contact.email.as_str()).map_err(WorkError::refused)?;
        let drawn = DrawUp {
            id,
            contact: contact.id,
            provider: contact.provider_id,
            kind: view.kind,
            language: view.language,
            message_id: message_id(id, &self.settings.notices_from).map_err(WorkError::refused)?,
            items: u32::try_from(view.items.len()).unwrap_or(u32::MAX),
        };
        let (notice, fact) = Notice::draw_up(drawn, now).map_err(WorkError::refused)?;
        let takedowns: Vec<_> = named.iter().map(|(takedown, _)| takedown.id).collect();
        let tx = self
            .db
            .act(&Act::by_worker(GATHERER, now), "draw up a notice")
            .await?;
        notice::draw_up(&tx, &self.vault, &notice, &mail, &takedowns, &fact).await?;
        for (takedown, facts) in &named {
            let takedown: &Takedown = takedown;
            takedown::save(&tx, takedown, facts).await?;
        }
        tx.commit().await?;
        Ok(true)
    }

    /// The hotline, as notices and the page of a provider name it.
    pub(crate) fn hotline(&self, language: NoticeLanguage) -> Hotline {
        Hotline {
            name: self.settings.hotline_name.clone(),
            about: self.settings.about(language).to_owned(),
            reply_to: self.settings.reply_to.clone(),
            from: self.settings.notices_from.clone(),
            website: self.settings.website.clone(),
        }
    }

    async fn notice_view(
        &self,
        id: NoticeId,
        (kind, format): (NoticeKind, NoticeFormat),
        contact: &Contact,
        items: Vec<NamedItem>,
    ) -> Result<NoticeView, WorkError> {
        let provider = provider::provider(&self.db, contact.provider_id)
            .await?
            .ok_or(WorkError::Vanished)?;
        let now = self.clock.now();
        let language = language_of(contact)?;
        Ok(NoticeView {
            number: number_of(id, now),
            kind,
            language,
            format,
            hotline: self.hotline(language),
            page: self.provider_link(contact),
            provider: provider.name,
            drawn_up_at: now,
            items,
        })
    }

    async fn named_item(&self, due: &Due) -> Result<NamedItem, WorkError> {
        let item = capture::store::item(&self.db, due.item_id)
            .await?
            .ok_or(WorkError::Vanished)?;
        let content = capture::store::content(&self.db, due.content_id)
            .await?
            .ok_or(WorkError::Vanished)?;
        let page = self.address_text(due.address_id).await?;
        let own = self.item_address(&item).await?;
        Ok(NamedItem {
            address: own.unwrap_or_else(|| page.clone()),
            found_on: Some(page),
            ip: due.ip.as_deref().and_then(|ip| ip.parse().ok()),
            seen_at: due.last_present_ms.unwrap_or(item.found_at_ms),
            verdict: due.verdict,
            media: media_of(&content),
            sha256: known(&content, &content.sha256)?,
            sha1: known(&content, &content.sha1)?,
            md5: known(&content, &content.md5)?,
        })
    }
}

fn format_of(contact: &Contact) -> Result<NoticeFormat, WorkError> {
    let format = contact.format.as_str();
    format.parse().map_err(WorkError::unreadable)
}

fn media_of(content: &ContentRow) -> Media {
    match content.media_type.split('/').next() {
        Some("image") => Media::Image,
        Some("video") => Media::Video,
        _ => Media::Mixed,
    }
}

/// A digest of a content; none of an address judged by hand, of which no bytes are known.
fn known<const BYTES: usize>(
    content: &ContentRow,
    hex: &str,
) -> Result<Option<Digest<BYTES>>, WorkError> {
    if content.media_type == crate::desk::BY_HAND {
        return Ok(None);
    }
    Digest::parse(hex).map(Some).map_err(WorkError::unreadable)
}
