//! Opens what the faces and the workers stand on: records, letterbox, keys, objects, the way out.

use std::os::unix::fs::DirBuilderExt as _;
use std::path::Path;

use anyhow::Context as _;
use casework::{Bell, Casework, ChatLine, Parts, Settings};
use ground::db::Durability;
use ground::{Chance, Clock, Db, migrate};
use letterbox::{Collector, Slot};
use vault::{HotlineKeys, Objects, Vault};
use zeroize::Zeroizing;

use crate::config::Config;

/// Refuses to run twice on the same folder: two writers of one SQLite letterbox would each believe
/// they are alone. The lock is the system's and ends with the process, however it ends.
pub struct FolderLock(#[expect(dead_code, reason = "held, never read")] std::fs::File);

impl FolderLock {
    /// Takes the folder for one role.
    ///
    /// # Errors
    /// A full sentence when the folder cannot be used or is taken.
    pub fn take(folder: &Path, role: &str) -> anyhow::Result<Self> {
        // A folder made here is for this account alone; one that was there keeps what was chosen.
        std::fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(folder)
            .with_context(|| format!("The folder {} cannot be made", folder.display()))?;
        let path = folder.join(format!("{role}.lock"));
        let file = std::fs::File::create(&path)
            .with_context(|| format!("The folder {} cannot be written to", folder.display()))?;
        match file.try_lock() {
            Ok(()) => Ok(Self(file)),
            Err(_) => anyhow::bail!(
                "Meldpunt is already running on the folder {}. Stop it first, or give this one another folder.",
                folder.display()
            ),
        }
    }
}

/// Opens the letterbox and brings it up to date.
///
/// # Errors
/// When it cannot be opened.
pub async fn letterbox(place: &str) -> anyhow::Result<Db> {
    let db = Db::open(place, Durability::Full).await?;
    migrate::run(&db, migrate::LETTERBOX).await?;
    Ok(db)
}

/// Opens the records and brings them up to date.
///
/// # Errors
/// When they cannot be opened, or were made by a newer version.
pub async fn records(place: &str) -> anyhow::Result<Db> {
    let db = Db::open(place, Durability::Full).await?;
    migrate::run(&db, migrate::RECORDS).await?;
    Ok(db)
}

/// The public side.
///
/// # Errors
/// When the letterbox or the door's keys cannot be opened.
pub async fn slot(config: &Config) -> anyhow::Result<(Slot, Zeroizing<[u8; 32]>)> {
    let (public, token_key) = HotlineKeys::load_door(&config.keys())?;
    let db = letterbox(&config.letterbox()).await?;
    let slot = Slot::open(db, public, Clock::system(), Chance::system());
    Ok((slot, token_key))
}

/// The vault of this configuration.
///
/// # Errors
/// When the keys or the folder of objects cannot be used.
pub fn vault(config: &Config) -> anyhow::Result<Vault> {
    let keys = HotlineKeys::load(&config.keys())?;
    let objects = Objects::folder(&config.objects())?;
    Ok(Vault::new(keys, objects, Clock::system(), Chance::system()))
}

/// What leads out of the house.
pub struct WayOut {
    /// The policy and the resolver.
    pub guard: egress::Guard,
    /// Our own fetching.
    pub web: egress::HttpClient,
    /// The mail relay.
    pub relay: egress::Relay,
    /// How addresses are looked at.
    pub visitor: capture::VisitorSettings,
}

/// Everything the staff side works with.
///
/// # Errors
/// When any of it cannot be opened.
pub async fn casework(
    config: &Config,
    way_out: WayOut,
    settings: Settings,
    chat: Option<ChatLine>,
) -> anyhow::Result<Casework> {
    let db = records(&config.records()).await?;
    let collector = Collector::new(letterbox(&config.letterbox()).await?, Chance::system());
    let parts = Parts {
        db,
        vault: vault(config)?,
        clock: Clock::system(),
        chance: Chance::system(),
        collector,
        guard: way_out.guard,
        web: way_out.web,
        relay: std::sync::Arc::new(way_out.relay),
        visitor: way_out.visitor,
        settings,
        bell: Bell::default(),
        reveals: casework::desk::Reveals::default(),
        lists: kept_lists(config, "lists"),
    };
    Ok(Casework::with_chat(parts, chat))
}

/// Fewer entries than these are read from the records sooner than anything is kept of them.
const KEPT_FROM: usize = 50_000;

/// The hash lists in memory, kept in this folder from one start to the next; each process has its own.
#[must_use]
pub fn kept_lists(config: &Config, folder: &str) -> hashlist::Live {
    let folder = config.keep.folder.join(folder);
    hashlist::Live::kept_in(hashlist::Keeping::new(folder, KEPT_FROM))
}
