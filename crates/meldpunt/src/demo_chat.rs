//! The demo's chat line: two platforms, played on this machine, that speak the real webhooks, and a page
//! with telephones on which a visitor can write.

use std::net::SocketAddr;

use casework::{ChatLine, TelegramLine, WhatsAppLine};
use chat::Wording;
use demo::chat::{BOT_HOST, GRAPH_HOST, Platforms, Secrets};
use egress::{DemoRoute, Guard, Policy, Resolver};
use ground::{Chance, Clock};
use letterbox::Inlet;
use line::{Secret, WhatsApp};
use pages::{HelpLine, Rewording};
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use url::Url;
use vault::HotlineKeys;
use zeroize::Zeroizing;

use crate::config::Config;
use crate::face::{Patience, face};
use crate::{chat_line, house, serve};

/// The ports of the demo's chat line: the webhook, the platforms' interfaces, the telephones.
pub struct Ports {
    webhook: TcpListener,
    apis: TcpListener,
    phones: TcpListener,
}

impl Ports {
    /// Takes the ports.
    ///
    /// # Errors
    /// When one is in use.
    pub async fn take(ports: [SocketAddr; 3]) -> anyhow::Result<Self> {
        let [webhook, apis, phones] = ports;
        Ok(Self {
            webhook: serve::listen(webhook, "--port").await?,
            apis: serve::listen(apis, "--port").await?,
            phones: serve::listen(phones, "--port").await?,
        })
    }
}

/// What the platforms and the demo's hotline know each other by, drawn at every start.
fn secrets() -> Secrets {
    let chance = Chance::system();
    let drawn = || data_encoding::HEXLOWER.encode(&chance.bytes::<16>());
    Secrets {
        app_secret: drawn(),
        telegram_secret: drawn(),
        whatsapp_token: drawn(),
        telegram_token: format!("1000001:{}", drawn()),
        number: "100000000000001".into(),
    }
}

/// The settings that the demo's chat line adds: people in a browser wait for no album.
pub const SETTINGS: &str = "[chat]\ngather_seconds = 1\nsilence_minutes = 3\n";

/// Shows webhook, platforms and telephones; the side that speaks, and what a person can try.
///
/// # Errors
/// When the keys or the letterbox cannot be used.
pub async fn show(
    ports: Ports,
    config: &Config,
    public_page: SocketAddr,
    faces: &mut JoinSet<anyhow::Result<()>>,
) -> anyhow::Result<(ChatLine, String)> {
    let secrets = secrets();
    let platforms = Platforms::new(secrets.clone(), Some(ports.webhook.local_addr()?));
    let (api_at, phones_at) = (ports.apis.local_addr()?, ports.phones.local_addr()?);
    faces.spawn(face(
        ports.webhook,
        webhook(config, &secrets).await?,
        Patience::DOOR,
    ));
    faces.spawn(face(
        ports.apis,
        demo::chat::api(platforms.clone()),
        Patience::DESK,
    ));
    faces.spawn(face(
        ports.phones,
        demo::chat::page(platforms),
        Patience::DESK,
    ));
    let spoken = (
        Some(WhatsAppLine {
            api: Url::parse(&format!("http://{GRAPH_HOST}/v25.0/"))?,
            number: secrets.number.clone(),
            token: Zeroizing::new(secrets.whatsapp_token.clone()),
        }),
        Some(TelegramLine {
            api: Url::parse(&format!("http://{BOT_HOST}/"))?,
            token: Zeroizing::new(secrets.telegram_token.clone()),
            poll: false,
        }),
    );
    let wording = Wording {
        hotline: config.hotline.name.clone(),
        page: format!("http://127.0.0.1:{}/", public_page.port()),
        help: HelpLine::dutch_defaults(),
        own: Rewording::default(),
    };
    let web = serve::web(&way_to(api_at))?;
    let line = chat_line::line_of(config, spoken, wording, web).await?;
    let told = format!(
        "8. On a telephone, http://{phones_at}/, write to the hotline as on WhatsApp or Telegram: a web address, then yes.\n"
    );
    Ok((line, told))
}

async fn webhook(config: &Config, secrets: &Secrets) -> anyhow::Result<axum::Router> {
    let public = HotlineKeys::load_intake(&config.keys())?;
    let db = house::letterbox(&config.letterbox()).await?;
    let inlet = Inlet::open(db, public, Clock::system(), Chance::system());
    let whatsapp = Secret::new(&secrets.app_secret)
        .zip(Secret::new(&secrets.app_secret))
        .map(|(app_secret, verify_token)| WhatsApp {
            app_secret,
            verify_token,
        });
    let telegram = Secret::new(&secrets.telegram_secret);
    Ok(line::router(inlet, line::Platforms { whatsapp, telegram }))
}

/// A way out that leads to the demo's platforms and nowhere else.
fn way_to(apis: SocketAddr) -> Guard {
    let route = |name: &str, last: u8| DemoRoute {
        name: name.to_owned(),
        documentation_ip: std::net::Ipv4Addr::new(203, 0, 113, last).into(),
        port: 80,
        to: apis,
    };
    let routes = [route(GRAPH_HOST, 54), route(BOT_HOST, 55)];
    let nobody: [(String, Result<Vec<std::net::IpAddr>, egress::DnsFault>); 0] = [];
    Guard::new(
        Policy::public().with_demo_routes(routes),
        Resolver::table(nobody),
    )
}
