//! Setting the stage: real records, a real vault and the real order of work before the played outside,
//! and what is reported, written as the intake, the visits and the analysts would write it.

use std::collections::HashMap;
use std::sync::Arc;

use capture::Wish;
use capture::order::want;
use capture::store::{ContentRow, ItemRow, put_content, put_item};
use casework::{Bell, Casework, Parts, Settings};
use egress::{Guard, HttpClient, Policy, Resolver, TlsSetup};
use ground::clock::DAY_MS;
use ground::{
    Act, AddressId, Chance, Channel, Clock, ContentId, Db, Instant, ItemId, LetterId, Origin,
    PoliceReason, ReportId, StaffId, TakedownId, Tx, Verdict, VisitId, WebAddress,
};
use letterbox::Collector;
use report::Receiving;
use takedown::{Hold, Opening, Takedown, Watch};
use url::Url;
use vault::{Blind, HotlineKeys, Objects, Owner, Place, Vault};

use super::plan::Burst;
use super::truth::Item;
use super::world::{CANARY, CANARY_WORDS, REGISTRY, World};

/// How many checks are under way at once.
const AT_ONCE: u32 = 256;
/// How long the police may hold what they are asked about first.
pub const HOLD_MS: i64 = DAY_MS;

/// The order of work before a world, and which item each takedown is about.
pub struct Hotline {
    /// The real thing.
    pub work: Casework,
    /// The outside.
    pub world: Arc<World>,
    /// Which item a takedown is about, by number.
    pub of: HashMap<TakedownId, u32>,
    /// The member of staff who approves contacts and releases holds.
    pub somebody: StaffId,
}

impl Hotline {
    /// Opens the hotline over empty records.
    ///
    /// # Errors
    /// When the standard scheme or the machine's certificates cannot be read.
    pub fn open(db: Db, world: Arc<World>, clock: Clock) -> anyhow::Result<Self> {
        let chance = Chance::seeded(world.plan.size.seed);
        let registry = Url::parse(&format!("http://{REGISTRY}/"))?;
        let mut settings = Settings::usual(
            "Example Hotline",
            "notices@hotline.example",
            "answers@hotline.example",
            WebAddress::parse(&format!("http://{CANARY}/"))?,
            assessment::Scheme::standard()?,
            provider::Registries::at(&registry),
        )?;
        settings.canary_text = CANARY_WORDS.into();
        settings.checks_at_once = AT_ONCE;
        settings.police_hold_ms = HOLD_MS;
        let nobody: [(&str, Result<Vec<std::net::IpAddr>, egress::DnsFault>); 0] = [];
        let guard = Guard::new(Policy::public(), Resolver::table(nobody));
        let agent = egress::header::HeaderValue::from_static("simulation");
        let web = HttpClient::new(guard.clone(), TlsSetup::system()?, agent);
        let keys = HotlineKeys::from_seed(&chance.bytes());
        let vault = Vault::new(keys, Objects::in_memory(), clock.clone(), chance.clone());
        let somebody = StaffId::fresh(&chance);
        let work = Casework::new(Parts {
            collector: Collector::new(db.clone(), chance.clone()),
            db,
            vault,
            clock,
            chance,
            web: web.before(Arc::<World>::clone(&world)),
            guard,
            relay: Arc::<World>::clone(&world),
            visitor: capture::VisitorSettings::new("/nowhere"),
            settings,
            bell: Bell::default(),
            reveals: casework::desk::Reveals::default(),
            lists: hashlist::Live::empty(),
        });
        Ok(Self {
            work,
            world,
            of: HashMap::new(),
            somebody,
        })
    }

    /// A report that names a burst of items, each judged illegal.
    ///
    /// # Errors
    /// When the records fail.
    pub async fn reported(&mut self, burst: Burst) -> anyhow::Result<()> {
        let now = self.work.clock.now();
        let (report, visited) = self.receive(burst).await?;
        let act = Act::by_worker("simulation", now);
        let tx = self.work.db.act(&act, "judge what was reported").await?;
        for (n, (address, visit)) in (burst.first..).zip(visited) {
            let (content, item) = self.found(&tx, n, address, visit).await?;
            let opening = Opening {
                id: TakedownId::fresh(&self.work.chance),
                item,
                content,
                address,
                report,
                verdict: Verdict::IllegalBaseline,
            };
            let hold = burst.held.then(|| Hold {
                why: PoliceReason::PossibleNewVictim,
                deadline: now.plus_ms(HOLD_MS),
            });
            let (takedown, facts) = Takedown::open(opening, hold, now)?;
            let watch = Watch::begin(takedown.id, now, &self.work.settings.pace);
            takedown::open(&tx, &takedown, &watch, &facts).await?;
            self.of.insert(takedown.id, n);
        }
        tx.commit().await?;
        let seed = self.world.plan.size.seed;
        let mut state = self.world.state();
        for n in burst.first..burst.first + burst.items {
            // Items are kept by number; bursts come in order of time, so some are filled in later.
            while state.items.len() <= n as usize {
                let n = u32::try_from(state.items.len()).unwrap_or(u32::MAX);
                state.items.push(not_yet(n));
            }
            if let Some(item) = state.items.get_mut(n as usize) {
                *item = Item::reported(n, burst.provider, now, burst.held, seed);
            }
        }
        Ok(())
    }

    async fn receive(&self, burst: Burst) -> anyhow::Result<(ReportId, Vec<(AddressId, VisitId)>)> {
        let hour = self.work.clock.now().start_of_hour();
        let mut addresses = Vec::new();
        for n in burst.first..burst.first + burst.items {
            let page = WebAddress::parse(&format!("http://i{n}.example/"))?;
            addresses.push((page.to_string(), page));
        }
        let letter = Receiving {
            letter: LetterId::fresh(&self.work.chance),
            channel: Channel::Web,
            origin: Origin::National,
            language: "nl".into(),
            received_hour: hour,
            addresses,
            seen_where: String::new(),
            words: String::new(),
            reach: String::new(),
            mailbox: None,
        };
        let act = Act::by_worker("collector", hour);
        let tx = self.work.db.act(&act, "receive a report").await?;
        let received = report::receive(&tx, &self.work.vault, &self.work.chance, &letter).await?;
        let mut visited = Vec::new();
        for sighted in received.addresses {
            let visit = VisitId::fresh(&self.work.chance);
            want(&tx, visit, sighted.id, Wish::First, hour).await?;
            visited.push((sighted.id, visit));
        }
        tx.commit().await?;
        Ok((received.report, visited))
    }

    async fn found(
        &self,
        tx: &Tx,
        n: u32,
        address: AddressId,
        visit: VisitId,
    ) -> anyhow::Result<(ContentId, ItemId)> {
        let (work, now) = (&self.work, self.work.clock.now());
        let own = format!("http://i{n}.example/{n}.png");
        let bytes = World::bytes(n);
        let digests = capture::Digests::of(&bytes);
        let hex = |digest: &[u8]| data_encoding::HEXLOWER.encode(digest);
        let content = ContentRow {
            id: ContentId::fresh(&work.chance),
            sha256: hex(&digests.sha256),
            sha1: hex(&digests.sha1),
            md5: hex(&digests.md5),
            size_bytes: i64::try_from(bytes.len())?,
            media_type: "image/png".into(),
            width: Some(1),
            height: Some(1),
            undecodable: None,
            original: "simulated".into(),
            veiled: None,
            soft: None,
            found_at_ms: now,
        };
        let (content, _) = put_content(tx, &content).await?;
        let id = ItemId::fresh(&work.chance);
        let place = Place::new("item.sealed", id);
        let owner = Owner::Address(address);
        let row = ItemRow {
            id,
            address_id: address,
            content_id: content,
            blind: work.vault.blind(Blind::Address, &own),
            sealed: work.vault.seal(tx, owner, place, own.as_bytes()).await?,
            found_by: "image".into(),
            set_apart: 0,
            position: 0,
            found_at_ms: now,
        };
        let (item, _) = put_item(tx, visit, &row).await?;
        Ok((content, item))
    }
}

/// An item that is to be reported later in the year.
fn not_yet(n: u32) -> Item {
    Item {
        stays: Vec::new(),
        ..Item::reported(n, 0, Instant::from_ms(i64::MAX), false, 0)
    }
}
