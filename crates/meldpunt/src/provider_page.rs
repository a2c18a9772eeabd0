//! The page of providers: the section `[provider_page]` of the configuration, and its face.

use std::net::SocketAddr;

use casework::Casework;
use casework::provider_page::LinkSetting;
use ground::clock::DAY_MS;
use pages::same_site::Origin;
use tokio::task::JoinSet;

use crate::face::{Patience, face};
use crate::say;

/// The page where an abuse desk sees what it was told of and says what it did, by a link in each
/// notice; off unless `listen` is given.
#[derive(Debug, Clone, confique::Config)]
#[config(layer_attr(serde(deny_unknown_fields)))]
pub struct ProviderPage {
    /// The address and port it listens on, as 127.0.0.1:7110; put a web server with TLS before it
    /// that writes no paths to its log, for the link is the key. Not given: there is no such page.
    pub listen: Option<SocketAddr>,
    /// How providers reach it: scheme, host and port, as https://providers.hotline.example.
    #[config(default = "")]
    pub origin: String,
    /// How many days a link leads there; a new one is sent by mail.
    #[config(default = 30)]
    pub link_days: u32,
}

impl ProviderPage {
    /// What is wrong: the setting, and what to do about it.
    pub fn fault(&self) -> Option<(&'static str, &'static str)> {
        self.listen?;
        if Origin::parse(&self.origin).is_err() {
            return Some((
                "provider_page.origin",
                "must say how providers reach the page, as https://providers.hotline.example",
            ));
        }
        (self.link_days == 0 || self.link_days > 365)
            .then_some(("provider_page.link_days", "must be 1 to 365"))
    }

    /// How links are made; none when there is no such page.
    pub fn links(&self) -> Option<LinkSetting> {
        self.listen?;
        Some(LinkSetting {
            origin: self.origin.trim_end_matches('/').to_owned(),
            lasts_ms: i64::from(self.link_days) * DAY_MS,
        })
    }
}

/// Opens the port and serves the page until the process ends.
///
/// # Errors
/// A sentence that names the setting when the port cannot be had.
pub async fn serve(
    page: &ProviderPage,
    casework: &Casework,
    faces: &mut JoinSet<anyhow::Result<()>>,
) -> anyhow::Result<()> {
    let Some(at) = page.listen else { return Ok(()) };
    let listener = crate::serve::listen(at, "provider_page.listen").await?;
    say(&format!(
        "The page of providers listens on http://{}/\n",
        listener.local_addr()?
    ));
    let https = page.origin.starts_with("https:");
    let hatch = hatch::router(hatch::Hatch::new(casework.clone(), https, false));
    faces.spawn(face(listener, hatch, Patience::DOOR));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_that_nobody_can_reach_is_refused_by_name() {
        let of = |listen: Option<&str>, origin: &str, link_days| ProviderPage {
            listen: listen.map(|at| at.parse().unwrap()),
            origin: origin.to_owned(),
            link_days,
        };
        let fault = |page: &ProviderPage| page.fault().map(|(setting, _)| setting);
        let at = Some("127.0.0.1:7110");
        assert_eq!(fault(&of(None, "", 0)), None);
        assert_eq!(of(None, "https://a.example", 30).links(), None);
        assert_eq!(fault(&of(at, "", 30)), Some("provider_page.origin"));
        assert_eq!(
            fault(&of(at, "https://a.example", 0)),
            Some("provider_page.link_days")
        );
        let right = of(at, "https://a.example", 2);
        assert_eq!(fault(&right), None);
        assert_eq!(right.links().map(|link| link.lasts_ms), Some(2 * DAY_MS));
    }
}
