//! Two chat platforms, played: what the Graph API and the Bot API answer, the webhooks they send, and a
//! page with two telephones on which a person can write to the hotline.
//!
//! Everything goes over real sockets and in the platforms' own forms, signed as they sign. Whatever is
//! sent to a platform is kept, so that a test can look at every byte of it; what is to go wrong can be
//! asked for beforehand ([`Platforms::next`]).

mod api;
mod page;
mod webhook;

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::{Value, json};

pub use page::router as page;

/// The names under which the two interfaces are asked in the demonstration.
pub const GRAPH_HOST: &str = "graph.example";
/// See [`GRAPH_HOST`].
pub const BOT_HOST: &str = "bot.example";

/// By what the platforms and the hotline know each other.
#[derive(Debug, Clone)]
pub struct Secrets {
    /// Signs what WhatsApp's webhook sends.
    pub app_secret: String,
    /// Stands in the header of what Telegram's webhook sends.
    pub telegram_secret: String,
    /// With this the hotline may speak on WhatsApp.
    pub whatsapp_token: String,
    /// With this the hotline may speak on Telegram.
    pub telegram_token: String,
    /// The hotline's number on WhatsApp.
    pub number: String,
}

/// How the next texts of the hotline are met.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Meet {
    /// With this status and body; the text is not said.
    Answer(u16, String),
    /// The text is said, and then the connection is cut without an answer.
    SayAndCut,
}

/// Which of the two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum App {
    /// WhatsApp.
    WhatsApp,
    /// Telegram.
    Telegram,
}

impl App {
    /// Its name in addresses.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::WhatsApp => "whatsapp",
            Self::Telegram => "telegram",
        }
    }

    fn named(name: &str) -> Self {
        if name == "telegram" {
            Self::Telegram
        } else {
            Self::WhatsApp
        }
    }
}

/// One text on a telephone.
#[derive(Debug, Clone)]
pub struct Bubble {
    /// On which platform.
    pub app: App,
    /// Whose telephone: the id the platform knows the person by.
    pub who: String,
    /// Whether the hotline said it.
    pub hotline: bool,
    /// What it says.
    pub text: String,
}

#[derive(Debug, Default)]
struct World {
    bubbles: Vec<Bubble>,
    meets: VecDeque<Meet>,
    calls: Vec<String>,
    downloads: u64,
    last_id: i64,
    updates: Vec<Value>,
}

/// The two platforms; cheap to clone.
#[derive(Debug, Clone)]
pub struct Platforms {
    secrets: Arc<Secrets>,
    webhook: Option<SocketAddr>,
    world: Arc<Mutex<World>>,
}

impl Platforms {
    /// Platforms that bring what is written to this webhook; without one it can only be fetched.
    #[must_use]
    pub fn new(secrets: Secrets, webhook: Option<SocketAddr>) -> Self {
        Self {
            secrets: Arc::new(secrets),
            webhook,
            world: Arc::default(),
        }
    }

    fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Asks for something to go wrong with one of the next texts; they are met in this order.
    pub fn next(&self, meet: Meet) {
        self.world().meets.push_back(meet);
    }

    /// Everything that was written and said, in order.
    #[must_use]
    pub fn bubbles(&self) -> Vec<Bubble> {
        self.world().bubbles.clone()
    }

    /// Every call of the hotline as it came: method, path and body.
    #[must_use]
    pub fn calls(&self) -> Vec<String> {
        self.world().calls.clone()
    }

    /// How often a file was asked for.
    #[must_use]
    pub fn downloads(&self) -> u64 {
        self.world().downloads
    }

    /// A number that was not given before.
    #[must_use]
    pub fn fresh(&self) -> i64 {
        let mut world = self.world();
        world.last_id += 1;
        world.last_id
    }

    fn note(&self, app: App, who: &str, hotline: bool, text: &str) {
        self.world().bubbles.push(Bubble {
            app,
            who: who.to_owned(),
            hotline,
            text: text.to_owned(),
        });
    }

    /// Somebody writes a text, or sends a drawn picture with it.
    ///
    /// # Errors
    /// When the hotline's webhook did not take it; a platform would try again.
    pub async fn write(
        &self,
        app: App,
        who: &str,
        text: &str,
        picture: bool,
        at_s: i64,
    ) -> Result<(), String> {
        let shown = if picture {
            format!("[picture] {text}")
        } else {
            text.to_owned()
        };
        self.note(app, who, false, &shown);
        match app {
            App::WhatsApp => {
                let mut message = json!({ "from": who, "id": format!("wamid.{}", self.fresh()), "timestamp": at_s.to_string() });
                if picture {
                    message["type"] = "image".into();
                    message["image"] =
                        json!({ "id": "7", "mime_type": "image/png", "caption": text });
                } else {
                    message["type"] = "text".into();
                    message["text"] = json!({ "body": text });
                }
                self.bring(App::WhatsApp, &webhook::whatsapp(&[message]))
                    .await
            }
            App::Telegram => {
                let chat: i64 = who.parse().unwrap_or(1);
                let mut message = json!({ "message_id": self.fresh(), "date": at_s,
                    "chat": { "id": chat, "type": "private" },
                    "from": { "id": chat, "is_bot": false, "first_name": "A visitor" } });
                if picture {
                    message["photo"] =
                        json!([{ "file_id": "7", "file_unique_id": "7", "width": 1, "height": 1 }]);
                    message["caption"] = text.into();
                } else {
                    message["text"] = text.into();
                }
                self.bring_update(json!({ "message": message })).await
            }
        }
    }

    /// Numbers an update and brings it, or keeps it until it is fetched.
    ///
    /// # Errors
    /// When the webhook did not take it.
    pub async fn bring_update(&self, mut update: Value) -> Result<(), String> {
        if update.get("update_id").is_none() {
            update["update_id"] = self.fresh().into();
        }
        if self.webhook.is_some() {
            return self.bring(App::Telegram, &update).await;
        }
        self.world().updates.push(update);
        Ok(())
    }

    /// Brings something to the webhook, signed as the platform signs.
    ///
    /// # Errors
    /// When it is not taken, or answered with more than nothing: to Telegram that would be a command.
    pub async fn bring(&self, app: App, body: &Value) -> Result<(), String> {
        let (status, answer) = self.deliver(app, body.to_string().into_bytes()).await?;
        match (status, answer.is_empty()) {
            (200, true) => Ok(()),
            (200, false) => Err("the webhook answered with more than nothing".into()),
            _ => Err(format!("the webhook answered {status}")),
        }
    }

    /// Brings bytes to the webhook, signed as the platform signs; status and body of the answer.
    ///
    /// # Errors
    /// When it cannot be reached.
    pub async fn deliver(&self, app: App, body: Vec<u8>) -> Result<(u16, Vec<u8>), String> {
        let to = self.webhook.ok_or("there is no webhook")?;
        webhook::post(to, app, &self.secrets, body)
            .await
            .map_err(|fault| fault.to_string())
    }
}

/// What WhatsApp's webhook sends, with these messages in it.
#[must_use]
pub fn delivery(messages: &[Value]) -> Value {
    webhook::whatsapp(messages)
}

/// The two interfaces: the Graph API of WhatsApp and the Bot API of Telegram, told apart by their paths.
pub fn api(platforms: Platforms) -> axum::Router {
    api::router(platforms)
}
