//! The section `[chat]` of the configuration.

use std::net::SocketAddr;
use std::path::PathBuf;

use url::Url;

/// The chat line.
#[derive(Debug, Clone, confique::Config)]
#[config(layer_attr(serde(deny_unknown_fields)))]
pub struct Chat {
    /// The address and port to which the platforms bring what people write, as 127.0.0.1:7085; put a
    /// web server with TLS before it. Not given: nothing is brought here.
    pub listen: Option<SocketAddr>,
    /// The full address of the public page, as it is told in chats.
    #[config(default = "")]
    pub page: String,
    /// The language spoken until the sender's is known: "nl" or "en".
    #[config(default = "nl")]
    pub language: String,
    /// A folder with nl.ftl and en.ftl, in which phrases of the chat line are put in your own words.
    /// Not given: the usual ones.
    pub phrases: Option<PathBuf>,
    /// What was said is reported after so many minutes of silence.
    #[config(default = 20)]
    pub silence_minutes: u32,
    /// Things said one soon after the other, as the pictures of an album, are waited for, seconds.
    #[config(default = 8)]
    pub gather_seconds: u32,
    /// A conversation is forgotten so many days after its sender last wrote.
    #[config(default = 14)]
    pub forget_days: u32,
    /// The hotline's number on WhatsApp.
    #[config(nested)]
    pub whatsapp: WhatsApp,
    /// The hotline's bot on Telegram.
    #[config(nested)]
    pub telegram: Telegram,
}

/// WhatsApp's Business Cloud API.
#[derive(Debug, Clone, confique::Config)]
#[config(layer_attr(serde(deny_unknown_fields)))]
pub struct WhatsApp {
    /// The id of the number (not the number itself). Not given: the hotline does not speak there.
    pub number_id: Option<String>,
    /// The address of the interface with its version.
    #[config(default = "https://graph.facebook.com/v25.0/")]
    pub api: String,
    /// A file that holds the token with which the hotline speaks; read on the staff side.
    pub token_file: Option<PathBuf>,
    /// A file that holds the secret of the app; read where `listen` is.
    pub app_secret_file: Option<PathBuf>,
    /// A file that holds the word agreed on for the webhook; read where `listen` is.
    pub verify_token_file: Option<PathBuf>,
}

/// Telegram's Bot API.
#[derive(Debug, Clone, confique::Config)]
#[config(layer_attr(serde(deny_unknown_fields)))]
pub struct Telegram {
    /// A file that holds the token of the bot; read on the staff side. Not given: no bot.
    pub token_file: Option<PathBuf>,
    /// The address of the interface; of a server of your own as http://127.0.0.1:8081/.
    #[config(default = "https://api.telegram.org/")]
    pub api: String,
    /// A file that holds the word in the header of the webhook; read where `listen` is.
    pub secret_file: Option<PathBuf>,
    /// Whether what people write is fetched by us instead of brought by a webhook.
    #[config(default = false)]
    pub poll: bool,
}

impl Chat {
    /// Whether the hotline speaks on any platform.
    #[must_use]
    pub const fn speaks(&self) -> bool {
        self.whatsapp.number_id.is_some() || self.telegram.token_file.is_some()
    }

    /// What is wrong with the section: the setting, and what to do.
    #[must_use]
    pub fn fault(&self) -> Option<(&'static str, String)> {
        if pages::Language::from_tag(&self.language).is_none() {
            return Some(("chat.language", "must be nl or en".into()));
        }
        let apis = [
            ("chat.whatsapp.api", &self.whatsapp.api),
            ("chat.telegram.api", &self.telegram.api),
        ];
        for (setting, text) in apis {
            if api(text).is_none() {
                let why = "must begin with https://; only a server on this machine, named by its number, may be asked over http://";
                return Some((setting, why.into()));
            }
        }
        if self.speaks() && !self.page.starts_with("http") {
            let why =
                "must be the full address of the public page: it is told to everybody who writes";
            return Some(("chat.page", why.into()));
        }
        let missing = |setting, needs: &str| Some((setting, format!("is needed with {needs}")));
        if self.whatsapp.number_id.is_some() && self.whatsapp.token_file.is_none() {
            return missing("chat.whatsapp.token_file", "chat.whatsapp.number_id");
        }
        if self.whatsapp.app_secret_file.is_some() != self.whatsapp.verify_token_file.is_some() {
            return missing(
                "chat.whatsapp.verify_token_file",
                "chat.whatsapp.app_secret_file, and the reverse",
            );
        }
        None
    }
}

/// The address of an interface, ending in a slash: `https`, or `http` on this very machine (CH-3).
#[must_use]
pub fn api(text: &str) -> Option<Url> {
    let url = Url::parse(&format!("{}/", text.trim_end_matches('/'))).ok()?;
    let here = match url.host()? {
        url::Host::Ipv4(ip) => ip.is_loopback(),
        url::Host::Ipv6(ip) => ip.is_loopback(),
        url::Host::Domain(_) => false,
    };
    (url.scheme() == "https" || url.scheme() == "http" && here).then_some(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_interface_is_asked_over_https_or_on_this_machine() {
        assert!(api("https://api.telegram.org").is_some_and(|url| url.path() == "/"));
        assert!(api("http://127.0.0.1:8081/").is_some());
        for text in [
            "http://api.telegram.org/",
            "http://192.168.1.2/",
            "http://localhost/",
            "nonsense",
        ] {
            assert!(api(text).is_none(), "{text}");
        }
    }
}
