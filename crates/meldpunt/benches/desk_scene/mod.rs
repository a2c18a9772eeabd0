//! A desk with an analyst signed in, and reports with drawn contents.

use std::net::IpAddr;
use std::path::Path;
use std::time::Duration;

use capture::rules::VisitState;
use capture::store::{ContentRow, Ended, ItemRow};
use casework::desk::Reveals;
use casework::{Bell, Casework, Parts, Settings};
use desk::Desk;
use egress::{DnsFault, Guard, HttpClient, Policy, Relay, RelayTls, Resolver, TlsSetup};
use ground::{
    Act, Actor, AddressId, Chance, Channel, Clock, ContentId, Db, Fact, ItemId, LetterId, Origin,
    ReportId, StaffId, VisitId, WebAddress,
};
use letterbox::Collector;
use staff::{DemoFactor, Name, NewAccount, Role, Roles};
use vault::{Blind, HotlineKeys, Objects, Owner, Place, Vault};

type Fault = Box<dyn std::error::Error + Send + Sync>;

const PASSWORD: &str = "drawn-circles-only";

/// The desk and who works there.
pub struct Scene {
    /// The desk.
    pub desk: Desk,
    /// The session of the analyst, as the cookie holds it.
    pub cookie: String,
    analyst: StaffId,
}

impl Scene {
    /// A desk over these records; objects lie in `folder`.
    pub async fn on(db: Db, folder: &Path) -> Result<Self, Fault> {
        let keys = HotlineKeys::from_seed(&[3; 32]);
        let objects = Objects::folder(folder)?;
        let vault = Vault::new(keys, objects, Clock::system(), Chance::system());
        let settings = desk::Settings {
            site: "Example Hotline".into(),
            origin: pages::same_site::Origin::parse("https://desk.example")?,
            demonstration: true,
            checkpoints: None,
        };
        let desk = Desk::new(casework(db, vault)?, settings);
        let new = NewAccount {
            name: Name::parse("anna")?,
            roles: Roles::of([Role::Analyst])?,
            language: staff::Language::English,
        };
        let act = Act {
            who: Actor::Operator,
            at: desk.clock.now(),
            why: None,
        };
        let analyst = desk
            .staff
            .add_demo(&act, new, PASSWORD, DemoFactor::Waived)
            .await?;
        let entered = desk.staff.sign_in("anna", PASSWORD, None).await?;
        Ok(Self {
            cookie: entered.token.to_cookie().to_string(),
            desk,
            analyst,
        })
    }

    /// The desk's router.
    pub fn router(&self) -> axum::Router {
        desk::router(self.desk.clone())
    }

    /// The analyst takes a report.
    pub async fn take(&self, report: ReportId) -> Result<(), Fault> {
        Ok(self.desk.work.take(self.analyst, report).await?)
    }

    /// A report with an address for each entry, at which so many pictures were captured; each is
    /// of another content.
    pub async fn report(&self, addresses: &[usize]) -> Result<ReportId, Fault> {
        let desk = &self.desk;
        let letter = LetterId::fresh(&desk.chance);
        let hour = desk.clock.now().start_of_hour();
        let typed = (0..addresses.len())
            .map(|n| {
                let typed = format!("https://gallery.example/{letter}/{n}");
                let address = WebAddress::parse(&typed)?;
                Ok((typed, address))
            })
            .collect::<Result<_, Fault>>()?;
        let receiving = report::Receiving {
            letter,
            channel: Channel::Web,
            origin: Origin::National,
            language: "en".into(),
            received_hour: hour,
            addresses: typed,
            seen_where: "in a list of links".into(),
            words: "Seen on a page with many pictures.\n".repeat(8),
            reach: String::new(),
            mailbox: None,
        };
        let tx = desk
            .db
            .act(&Act::by_worker("collector", hour), "receive")
            .await?;
        let received = report::receive(&tx, &desk.vault, &desk.chance, &receiving).await?;
        tx.commit().await?;
        for (address, pictures) in received.addresses.iter().zip(addresses) {
            self.visited(address.id, *pictures).await?;
        }
        Ok(received.report)
    }

    async fn visited(&self, address: AddressId, pictures: usize) -> Result<(), Fault> {
        let desk = &self.desk;
        let now = desk.clock.now();
        let visit = VisitId::fresh(&desk.chance);
        let tx = desk
            .db
            .act(&Act::by_worker("visitor", now), "visit")
            .await?;
        capture::order::want(&tx, visit, address, capture::Wish::First, now).await?;
        let ended = Ended {
            state: VisitState::Captured,
            cause: None,
            via: Some("browser".into()),
            status: Some(200),
            ip: Some("192.0.2.7".into()),
            record: None,
            screenshot: None,
            at: now,
        };
        capture::store::end(&tx, visit, &ended).await?;
        let sealer = desk.vault.sealer(&tx, Owner::Address(address)).await?;
        for position in 0..i64::try_from(pictures)? {
            let content = self.content(&tx).await?;
            let id = ItemId::fresh(&desk.chance);
            let own = format!("https://pictures.example/{content}/{position}.png");
            let row = ItemRow {
                id,
                address_id: address,
                content_id: content,
                blind: desk.vault.blind(Blind::Address, &own),
                sealed: sealer.seal(&Place::new("item.sealed", id), own.as_bytes())?,
                found_by: "image".into(),
                set_apart: 0,
                position,
                found_at_ms: now,
            };
            capture::store::put_item(&tx, visit, &row).await?;
        }
        tx.record(visit, &Fact::VisitWanted);
        Ok(tx.commit().await?)
    }

    /// A content with sealed previews; what they show does not matter here.
    async fn content(&self, tx: &ground::Tx) -> Result<ContentId, Fault> {
        let desk = &self.desk;
        let id = ContentId::fresh(&desk.chance);
        let sealer = desk.vault.sealer(tx, Owner::Content(id)).await?;
        let row = ContentRow {
            id,
            sha256: data_encoding::HEXLOWER.encode(&desk.chance.bytes::<32>()),
            sha1: data_encoding::HEXLOWER.encode(&desk.chance.bytes::<20>()),
            md5: data_encoding::HEXLOWER.encode(&desk.chance.bytes::<16>()),
            size_bytes: 204_800,
            media_type: "image/png".into(),
            width: Some(1_280),
            height: Some(960),
            undecodable: None,
            original: sealer.put(&[1; 2_048]).await?.as_str().to_owned(),
            veiled: Some(sealer.put(&[2; 2_048]).await?.as_str().to_owned()),
            soft: None,
            found_at_ms: desk.clock.now(),
        };
        capture::store::put_content(tx, &row).await?;
        Ok(id)
    }
}

/// A casework of which nothing leads out of the house.
fn casework(db: Db, vault: Vault) -> Result<Casework, Fault> {
    let nobody: [(&str, Result<Vec<IpAddr>, DnsFault>); 0] = [];
    let guard = Guard::new(Policy::public(), Resolver::table(nobody));
    let agent = egress::header::HeaderValue::from_static("bench");
    let registry = url::Url::parse("http://registry.example/")?;
    let mut settings = Settings::usual(
        "Example Hotline",
        "notices@hotline.example",
        "answers@hotline.example",
        WebAddress::parse("http://canary.example/")?,
        assessment::Scheme::standard()?,
        provider::Registries::at(&registry),
    )?;
    settings.limits = staff::Limits::WIDE;
    Ok(Casework::new(Parts {
        collector: Collector::new(db.clone(), Chance::system()),
        db,
        vault,
        clock: Clock::system(),
        chance: Chance::system(),
        web: HttpClient::new(guard.clone(), TlsSetup::system()?, agent),
        guard,
        relay: std::sync::Arc::new(Relay {
            host: "127.0.0.1".into(),
            port: 9,
            tls: RelayTls::None,
            credentials: None,
            hello: "localhost".into(),
            also_trust: Vec::new(),
            patience: Duration::from_secs(1),
        }),
        visitor: capture::VisitorSettings::new("/nowhere"),
        settings,
        bell: Bell::default(),
        reveals: Reveals::default(),
        lists: hashlist::Live::empty(),
    }))
}
