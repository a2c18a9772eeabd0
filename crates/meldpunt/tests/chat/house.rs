//! A hotline with a chat line between two played platforms.

use std::net::{IpAddr, SocketAddr};

use casework::{Casework, ChatLine, TelegramLine, WhatsAppLine, testing};
use chat::Wording;
use chat::store::Gathering;
use demo::chat::{Platforms, Secrets};
use egress::{Guard, HttpClient, Policy, Resolver, TlsSetup};
use ground::clock::{DAY_MS, MINUTE_MS, SECOND_MS};
use ground::testing::Scratch;
use ground::{Ask as _, Chance, Db, Instant, TestClock, migrate, values};
use letterbox::{Collector, Inlet, Slot};
use line::{Secret, WhatsApp};
use pages::{HelpLine, Language, Rewording};
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use url::Url;
use vault::{HotlineKeys, Objects, Vault};

use crate::Fault;

/// When every story begins, seconds since 1970.
pub const BEGIN_S: i64 = 1_790_000_000;

/// The hotline and the world around it.
pub struct House {
    pub clock: TestClock,
    pub casework: Casework,
    pub platforms: Platforms,
    pub letterbox: Scratch,
    pub secrets: Secrets,
    _served: JoinSet<()>,
}

pub fn secrets() -> Secrets {
    Secrets {
        app_secret: "canary-secret-of-the-app".into(),
        telegram_secret: "canary-word-in-the-header".into(),
        whatsapp_token: "canary-token-of-the-number".into(),
        telegram_token: "1000001:canary-token-of-the-bot".into(),
        number: "100000000000001".into(),
    }
}

async fn serve(served: &mut JoinSet<()>, router: axum::Router) -> Result<SocketAddr, Fault> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let at = listener.local_addr()?;
    served.spawn(async move {
        axum::serve(listener, router).await.ok();
    });
    Ok(at)
}

/// By what the line knows the platforms.
fn known(secrets: &Secrets) -> line::Platforms {
    line::Platforms {
        whatsapp: Secret::new(&secrets.app_secret)
            .zip(Secret::new(&secrets.app_secret))
            .map(|(app_secret, verify_token)| WhatsApp {
                app_secret,
                verify_token,
            }),
        telegram: Secret::new(&secrets.telegram_secret),
    }
}

fn wording() -> Wording {
    Wording {
        hotline: "Example Hotline".into(),
        page: "https://hotline.example/".into(),
        help: HelpLine::dutch_defaults(),
        own: Rewording::default(),
    }
}

impl House {
    /// A hotline over these records. With `poll` Telegram is fetched and has no webhook.
    pub async fn open(db: Db, poll: bool) -> Result<Self, Fault> {
        let clock = TestClock::at(Instant::from_ms(BEGIN_S * 1_000));
        let chance = Chance::system();
        let keys = HotlineKeys::from_seed(&[5; 32]);
        let public = keys.intake_public().clone();
        let letterbox = ground::testing::sqlite(migrate::LETTERBOX).await?;
        let box_db = letterbox.db.clone();
        let slot = Slot::open(
            box_db.clone(),
            public.clone(),
            clock.clock(),
            chance.clone(),
        );
        let inlet = Inlet::open(box_db.clone(), public, clock.clock(), chance.clone());
        let secrets = secrets();
        let mut served = JoinSet::new();
        let known = known(&secrets);
        let webhook = serve(&mut served, line::router(inlet.clone(), known)).await?;
        let platforms = Platforms::new(secrets.clone(), (!poll).then_some(webhook));
        let api = serve(&mut served, demo::chat::api(platforms.clone())).await?;
        let vault = Vault::new(keys, Objects::in_memory(), clock.clock(), chance.clone());
        let mut parts = testing::parts(db, vault, clock.clock())?;
        parts.collector = Collector::new(box_db, chance);
        parts.settings.collect_within_ms = 0;
        let line = ChatLine {
            slot,
            inlet,
            web: web(api)?,
            wording: wording(),
            usual: Language::Nl,
            whatsapp: Some(WhatsAppLine {
                api: Url::parse(&format!("http://{api}/v25.0/"))?,
                number: secrets.number.clone(),
                token: secrets.whatsapp_token.clone().into(),
            }),
            telegram: Some(TelegramLine {
                api: Url::parse(&format!("http://{api}/"))?,
                token: secrets.telegram_token.clone().into(),
                poll,
            }),
            gathering: Gathering {
                quiet_ms: 20 * SECOND_MS,
                most_ms: 90 * SECOND_MS,
            },
            silence_ms: 20 * MINUTE_MS,
            forget_ms: 14 * DAY_MS,
        };
        Ok(Self {
            casework: Casework::with_chat(parts, Some(line)),
            clock,
            platforms,
            letterbox,
            secrets,
            _served: served,
        })
    }

    /// Lets every worker do all there is to do now.
    pub async fn work(&self) -> Result<(), Fault> {
        let c = &self.casework;
        loop {
            let did = c.open_envelopes().await?
                | c.talk_one().await?
                | c.say_one().await?
                | c.collect_one().await?;
            if !did {
                return Ok(());
            }
        }
    }

    /// Lets time pass, in steps, and everybody work.
    pub async fn pass(&self, seconds: i64) -> Result<(), Fault> {
        self.work().await?;
        let steps = seconds.clamp(1, 24);
        for step in 1..=steps {
            let ms = seconds * 1_000 * step / steps - seconds * 1_000 * (step - 1) / steps;
            self.clock.advance_ms(ms);
            self.work().await?;
        }
        Ok(())
    }

    /// What the hotline said to somebody.
    pub fn told(&self, who: &str) -> Vec<String> {
        let bubbles = self.platforms.bubbles().into_iter();
        let told = bubbles.filter(|bubble| bubble.hotline && bubble.who == who);
        told.map(|bubble| bubble.text).collect()
    }

    /// How many rows of the records match.
    pub async fn count(&self, sql: &str) -> Result<i64, Fault> {
        Ok(self
            .casework
            .db
            .count(&format!("select count(*) as n from {sql}"), values![])
            .await?)
    }

    /// The words and addresses of every report.
    pub async fn reports(&self) -> Result<Vec<(String, Vec<String>)>, Fault> {
        #[derive(sea_orm::FromQueryResult)]
        struct Row {
            id: ground::ReportId,
        }
        let c = &self.casework;
        let mut found = Vec::new();
        for row in
            c.db.rows::<Row>("select id from report where channel = 'chat'", values![])
                .await?
        {
            let act = ground::Act::by_worker("test", self.clock.clock().now());
            let tx = c.db.act(&act, "look").await?;
            let words = report::show_words(&tx, &c.vault, row.id).await?.words;
            tx.commit().await?;
            let addresses = report::addresses(&c.db, &c.vault, row.id)
                .await?
                .into_iter();
            let addresses = addresses.filter_map(|named| named.address.map(|a| a.to_string()));
            found.push((words, addresses.collect()));
        }
        Ok(found)
    }
}

/// A way out that leads to the played platforms.
fn web(api: SocketAddr) -> Result<HttpClient, Fault> {
    let policy = Policy::public()
        .with_ports([api.port()])
        .with_test_networks(["127.0.0.0/8".parse()?]);
    let nobody: [(&str, Result<Vec<IpAddr>, egress::DnsFault>); 0] = [];
    let guard = Guard::new(policy, Resolver::table(nobody));
    let agent = egress::header::HeaderValue::from_static("test");
    Ok(HttpClient::new(guard, TlsSetup::system()?, agent))
}
