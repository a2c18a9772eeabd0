//! Casework: the order of the work; the only room that knows two words.
//!
//! A letter becomes a report ([`collect`](mod@collect)), and so does what is said on the chat line
//! ([`chat`](mod@chat)); its addresses are visited ([`visits`]);
//! an analyst judges what was found ([`desk`]); an illegal item becomes a takedown, which is located
//! ([`locate`]), named in a notice ([`notices`]) and checked until it is gone ([`checks`]); the
//! receipt is answered ([`answers`]); and at the end keys are destroyed ([`retention`]). Each step
//! finds its work in the records, does it, and settles it together with the ledger line.

mod answers;
mod bell;
mod canary;
mod chat;
mod checks;
mod collect;
pub mod desk;
mod evidence;
mod fault;
mod holds;
mod likeness;
mod locate;
pub mod matches;
mod notices;
mod own_list;
pub mod provider_page;
mod ranking;
mod read;
mod retention;
mod settings;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
mod visits;
mod workers;

use std::ops::Deref;
use std::sync::Arc;

use ground::{AddressId, Chance, Clock, Db, WebAddress};
use letterbox::Collector;
use vault::Vault;

pub use bell::Bell;
pub use chat::{ChatLine, TelegramLine, WhatsAppLine};
pub use evidence::OpenEvidence;
pub use fault::WorkError;
pub use likeness::LikenessRule;
pub use settings::{Settings, SettingsFault};
pub use workers::Workers;

/// Everything the work is done with; cheap to clone.
#[derive(Clone)]
pub struct Casework(Arc<Whole>);

/// The parts, and what is remembered between steps.
pub struct Whole {
    parts: Parts,
    canary: canary::Canary,
    round: collect::Round,
    recognition: likeness::Recognition,
    rest: retention::Rest,
    ranked: ranking::Ranked,
    schemes: desk::ReadSchemes,
    chat: Option<Arc<chat::Working>>,
}

/// The parts of [`Casework`].
pub struct Parts {
    /// The records.
    pub db: Db,
    /// Keys and objects.
    pub vault: Vault,
    /// Time.
    pub clock: Clock,
    /// Chance.
    pub chance: Chance,
    /// The staff side of the letterbox.
    pub collector: Collector,
    /// The way out.
    pub guard: egress::Guard,
    /// Our own fetching, through the way out.
    pub web: egress::HttpClient,
    /// The mail relay.
    pub relay: Arc<dyn egress::Courier>,
    /// How addresses are looked at.
    pub visitor: capture::VisitorSettings,
    /// How the hotline works.
    pub settings: Settings,
    /// Wakes the workers.
    pub bell: Bell,
    /// What was logged as shown: reveals not fetched yet, reports opened.
    pub reveals: desk::Reveals,
    /// All hash lists, in memory once they are loaded.
    pub lists: hashlist::Live,
}

impl Deref for Casework {
    type Target = Parts;
    fn deref(&self) -> &Parts {
        &self.0.parts
    }
}

impl Casework {
    /// The order of work over these parts.
    #[must_use]
    pub fn new(parts: Parts) -> Self {
        Self::with_chat(parts, None)
    }

    /// The same, with a chat line.
    #[must_use]
    pub fn with_chat(parts: Parts, line: Option<ChatLine>) -> Self {
        let lists = parts.lists.within(parts.settings.likeness.distance);
        let parts = Parts { lists, ..parts };
        Self(Arc::new(Whole {
            chat: line.map(|line| Arc::new(chat::Working::new(line))),
            parts,
            canary: canary::Canary::default(),
            round: collect::Round::default(),
            recognition: likeness::Recognition::default(),
            rest: retention::Rest::default(),
            ranked: ranking::Ranked::default(),
            schemes: desk::ReadSchemes::default(),
        }))
    }

    /// The canonical text of an address, unsealed.
    pub(crate) async fn address_text(&self, id: AddressId) -> Result<WebAddress, WorkError> {
        report::address(&self.db, &self.vault, id)
            .await?
            .ok_or(WorkError::Vanished)
    }
}
