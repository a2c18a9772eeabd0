//! The **demo**: the part of the world that Meldpunt works upon, played by a few small local services
//! so that a person can walk the whole way from a report to a removal on one machine, with nothing
//! outside it touched:
//!
//! * [`site`]: web sites with pages of *drawn* pictures, and a page with the buttons of their provider;
//! * [`mail`]: a mail server that keeps every notice it receives, and a page that shows them;
//! * [`chat`]: two chat platforms, and telephones on which a person can write to the hotline;
//! * [`registry`]: address registries in the formats of RDAP and RIPEstat.
//!
//! The demo uses none of the other crates, as the outside world would not. It listens on 127.0.0.1
//! only, and every name and network in it is one reserved for documentation (RFC 2606, RFC 5737).
//!
//! ```no_run
//! # async fn example() -> Result<(), demo::DemoError> {
//! let running = demo::serve(demo::DemoSettings::default()).await?;
//! println!("the provider's buttons: http://{}/", running.site);
//! running.stop().await;
//! # Ok(())
//! # }
//! ```

pub mod chat;
pub mod mail;
pub mod registry;
pub mod site;

mod host;

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use axum::Router;
use tokio::net::TcpListener;
use tokio::task::JoinSet;

pub use host::{CANARY_BODY, CANARY_HOST, DemoHost, HOSTS};
pub use mail::MailFaults;
pub use site::addresses_to_report;

/// What the demo listens on and how it misbehaves. A port of 0 means any free port.
#[derive(Debug, Clone)]
pub struct DemoSettings {
    /// Port of the reported web sites and of the provider's buttons.
    pub site_port: u16,
    /// Port on which notices are received (SMTP).
    pub smtp_port: u16,
    /// Port of the page that shows the received notices.
    pub mail_page_port: u16,
    /// Port of the address registries (RDAP, RIPEstat).
    pub registry_port: u16,
    /// The host name under which the registries are asked, when that is not their address.
    pub registry_name: Option<String>,
    /// How the mail server misbehaves at the start.
    pub faults: MailFaults,
    /// How long the slow page waits before it answers.
    pub slow_answer: Duration,
    /// How long the restless page answers with an error, counted from the first time it is asked for.
    pub outage: Duration,
}

impl Default for DemoSettings {
    /// Free ports, no faults, a slow page of 8 s and an outage of 2 minutes.
    fn default() -> Self {
        Self {
            site_port: 0,
            smtp_port: 0,
            mail_page_port: 0,
            registry_port: 0,
            registry_name: None,
            faults: MailFaults::default(),
            slow_answer: Duration::from_secs(8),
            outage: Duration::from_secs(120),
        }
    }
}

/// Why the demo could not start.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// A port could not be had, most often because something already listens there.
    #[error("the demo's {service} cannot listen on 127.0.0.1:{port}: {source}")]
    Listen {
        /// Which of the services.
        service: &'static str,
        /// The port asked for.
        port: u16,
        /// What the system said.
        source: std::io::Error,
    },
}

/// The running demo. Dropping it, or [`Running::stop`], ends all its services.
#[derive(Debug)]
pub struct Running {
    /// Where the reported web sites answer (they are told apart by the `Host` header); asked for
    /// by number it shows the provider's buttons.
    pub site: SocketAddr,
    /// Where the mail server listens.
    pub smtp: SocketAddr,
    /// Where the received notices are shown, and `/messages.json`.
    pub mail_page: SocketAddr,
    /// Where the address registries answer.
    pub registry: SocketAddr,
    services: JoinSet<()>,
}

impl Running {
    /// Ends all services and waits until their ports are free again.
    pub async fn stop(mut self) {
        self.services.shutdown().await;
    }
}

/// Starts the demo's services on 127.0.0.1.
///
/// # Errors
/// [`DemoError::Listen`] when one of the ports cannot be had; nothing is left running then.
pub async fn serve(settings: DemoSettings) -> Result<Running, DemoError> {
    let (site_listener, site) = listen("web site", settings.site_port).await?;
    let (smtp_listener, smtp) = listen("mail server", settings.smtp_port).await?;
    let (mail_listener, mail_page) = listen("mail page", settings.mail_page_port).await?;
    let (registry_listener, registry) = listen("registry", settings.registry_port).await?;

    let mailbox = mail::Mailbox::new(settings.faults);
    let shown_site = site::Site::new(settings.slow_answer, settings.outage);
    let mut services = JoinSet::new();
    services.spawn(answer(site_listener, site::router(shown_site)));
    services.spawn(answer(mail_listener, mail::page::router(mailbox.clone())));
    let known_as = settings
        .registry_name
        .unwrap_or_else(|| registry.to_string());
    services.spawn(answer(registry_listener, registry::router(known_as.into())));
    services.spawn(mail::smtp::receive(smtp_listener, mailbox));
    Ok(Running {
        site,
        smtp,
        mail_page,
        registry,
        services,
    })
}

async fn listen(service: &'static str, port: u16) -> Result<(TcpListener, SocketAddr), DemoError> {
    let refused = |source| DemoError::Listen {
        service,
        port,
        source,
    };
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))
        .await
        .map_err(refused)?;
    let address = listener.local_addr().map_err(refused)?;
    Ok((listener, address))
}

async fn answer(listener: TcpListener, router: Router) {
    if let Err(error) = axum::serve(listener, router).await {
        tracing::error!(%error, "a demo service ended");
    }
}

/// The page shown when a template cannot be rendered, so that no fault is mistaken for content.
fn rendered(page: &impl askama::Template) -> Result<axum::response::Html<String>, RenderFault> {
    page.render()
        .map(axum::response::Html)
        .map_err(|_| RenderFault)
}

/// A page of the demo itself could not be put together.
#[derive(Debug)]
pub(crate) struct RenderFault;

impl axum::response::IntoResponse for RenderFault {
    fn into_response(self) -> axum::response::Response {
        let words = "the demo could not put this page together";
        (axum::http::StatusCode::INTERNAL_SERVER_ERROR, words).into_response()
    }
}
