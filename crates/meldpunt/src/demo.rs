//! `meldpunt demo`: the whole job on one machine, with nothing to configure and nothing to answer.
//!
//! Meldpunt itself runs as in real use, on a fresh folder, but for three things that only the demo
//! has: names of demonstration sites lead to services on this machine, hours pass as seconds, and
//! there are accounts with known passwords.

use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context as _;
use capture::{Sandbox, VisitorSettings};
use casework::provider_page::LinkSetting;
use casework::{Casework, Settings, Workers};
use clap::Args;
use confique::Config as _;
use demo::{DemoSettings, HOSTS, Running};
use egress::{DemoRoute, Guard, Policy, Relay, RelayTls, Resolver};
use ground::clock::DAY_MS;
use ground::{Act, Actor, Chance, Clock, WebAddress};
use provider::Registries;
use staff::{DemoFactor, Language, Name, NewAccount, Role, Roles, Staff};
use url::Url;
use vault::{HotlineKeys, KeyFault};

use crate::config::Config;
use crate::face::{Patience, face};
use crate::house::{self, FolderLock, WayOut};
use crate::{demo_chat, demo_hash_check, say, serve};

/// `meldpunt demo …`
#[derive(Args)]
pub struct DemoArgs {
    /// The folder for its data; a fresh temporary one when not given.
    #[arg(long)]
    folder: Option<PathBuf>,
    /// The port of the public page; the others follow. 0 takes free ports.
    #[arg(long, default_value_t = 7080)]
    port: u16,
    /// Records in PostgreSQL instead of SQLite: the address of an empty database.
    #[arg(long)]
    records: Option<String>,
    /// The letterbox in PostgreSQL instead of SQLite: the address of an empty database.
    #[arg(long)]
    letterbox: Option<String>,
    /// Switches on the faults of the mail catcher, for tests: a comma-separated list.
    #[arg(long, value_delimiter = ',')]
    mail_faults: Vec<String>,
}

/// The accounts of the demonstration: name and roles. All have the same password.
const PEOPLE: &[(&str, &[Role])] = &[
    ("anna", &[Role::Analyst]),
    ("bram", &[Role::Analyst, Role::Senior]),
    ("liaison", &[Role::Liaison]),
    ("cijfers", &[Role::Statistics]),
    ("welzijn", &[Role::Wellbeing]),
    ("auditor", &[Role::Auditor]),
    ("beheer", &[Role::Administrator]),
];

const PASSWORD: &str = "drawn-circles-only";

/// Runs the demonstration until it is told to stop.
///
/// # Errors
/// A full sentence when a port is taken or the folder cannot be used.
pub async fn run(args: &DemoArgs) -> anyhow::Result<ExitCode> {
    let temporary;
    let folder = match &args.folder {
        Some(folder) => folder.clone(),
        None => {
            temporary = tempfile::Builder::new()
                .prefix("meldpunt-demo-")
                .tempdir()?;
            temporary.path().to_owned()
        }
    };
    let _lock = FolderLock::take(&folder, "all")?;
    let port = |offset: u16| {
        if args.port == 0 {
            0
        } else {
            args.port.saturating_add(offset)
        }
    };
    let door = serve::listen(local(port(0)), "--port").await?;
    let desk = serve::listen(local(port(10)), "--port").await?;
    let asked = serve::listen(local(port(5)), "--port").await?;
    let providers = serve::listen(local(port(9)), "--port").await?;
    let chat_ports = demo_chat::Ports::take([6, 7, 8].map(|n| local(port(n)))).await?;
    let services = demo::serve(world(args, port)?).await?;
    let mut config = configuration(args, &folder)?;
    match HotlineKeys::make(&config.keys(), &Chance::system()) {
        Ok(_) | Err(KeyFault::Exists(_)) => {}
        Err(fault) => return Err(fault.into()),
    }
    let mut faces = tokio::task::JoinSet::new();
    let public = door.local_addr()?;
    let (chat, seventh) = demo_chat::show(chat_ports, &config, public, &mut faces).await?;
    let (chat, way_out) = (Some(chat), way_out(&services)?);
    let provided = providers.local_addr()?;
    let mut settings = settings(provided)?;
    settings.police_key = Some(police_key(&folder)?);
    let casework = house::casework(&config, way_out, settings, chat).await?;
    hire(&casework).await?;
    config.desk.origin = format!("http://127.0.0.1:{}", desk.local_addr()?.port());
    let public_page = serve::door_router(&config, true).await?;
    faces.spawn(face(door, public_page, Patience::DOOR));
    let pages = serve::desk_router(&casework, &config, true)?;
    faces.spawn(face(desk, pages, Patience::DESK));
    let hatch = hatch::router(hatch::Hatch::new(casework.clone(), false, true));
    faces.spawn(face(providers, hatch, Patience::DOOR));
    faces.spawn(serve::keep_up(casework.clone(), folder.clone()));
    let workers = Workers::start(&casework);
    let (hash_check, sixth) = demo_hash_check::show(asked, &casework, &mut faces).await?;
    let walk = walk_through(public, &config.desk.origin, &services, &folder);
    say(&format!("{walk}{sixth}{seventh}\nStop with Ctrl-C.\n"));
    serve::until_stopped(&mut faces).await?;
    workers.stop().await;
    hash_check.stop().await?;
    services.stop().await;
    Ok(ExitCode::SUCCESS)
}

const fn local(port: u16) -> SocketAddr {
    SocketAddr::new(IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), port)
}

/// The part of the world that the demo plays.
fn world(args: &DemoArgs, port: impl Fn(u16) -> u16) -> anyhow::Result<DemoSettings> {
    Ok(DemoSettings {
        site_port: port(1),
        mail_page_port: port(2),
        registry_port: port(3),
        smtp_port: port(4),
        registry_name: Some(REGISTRY.to_owned()),
        faults: faults(&args.mail_faults)?,
        ..DemoSettings::default()
    })
}

fn faults(named: &[String]) -> anyhow::Result<demo::MailFaults> {
    let mut faults = demo::MailFaults::default();
    for name in named {
        match name.as_str() {
            "refuse-rcpt" => faults.refuse_rcpt = true,
            "greylist-first" => faults.greylist_first = true,
            "drop-after-data" => faults.drop_after_data = true,
            other => anyhow::bail!("There is no mail fault called {other}."),
        }
    }
    Ok(faults)
}

fn configuration(args: &DemoArgs, folder: &Path) -> anyhow::Result<Config> {
    let text = format!(
        "[hotline]\nname = \"Meldpunt\"\nnotices_from = \"meldingen@meldpunt.example\"\n\
         reply_to = \"antwoord@meldpunt.example\"\nphone = \"+31 20 000 0000\"\n\
         email = \"hulp@meldpunt.example\"\n[keep]\nfolder = {folder:?}\n{}{}\
         [door]\nhttps = false\n{}[checks]\ncanary = \"http://{}/\"\ncanary_text = \"the canary sings\"\n",
        args.records
            .as_ref()
            .map(|place| format!("records = {place:?}\n"))
            .unwrap_or_default(),
        args.letterbox
            .as_ref()
            .map(|place| format!("letterbox = {place:?}\n"))
            .unwrap_or_default(),
        demo_chat::SETTINGS,
        demo::CANARY_HOST,
    );
    let path = folder.join("demo.toml");
    std::fs::write(&path, text).with_context(|| format!("{} cannot be written", path.display()))?;
    Config::from_file(&path).context("The demo's own configuration cannot be read")
}

fn way_out(services: &Running) -> anyhow::Result<WayOut> {
    let sites = HOSTS.iter().map(|host| DemoRoute {
        name: host.name.to_owned(),
        documentation_ip: host.address.into(),
        port: 80,
        to: services.site,
    });
    let registry = DemoRoute {
        name: REGISTRY.to_owned(),
        documentation_ip: std::net::Ipv4Addr::new(203, 0, 113, 53).into(),
        port: 80,
        to: services.registry,
    };
    let policy = Policy::public().with_demo_routes(sites.chain([registry]));
    let nobody: [(String, Result<Vec<IpAddr>, egress::DnsFault>); 0] = [];
    let guard = Guard::new(policy, Resolver::table(nobody));
    let mut visitor = VisitorSettings::new(std::env::current_exe()?);
    visitor.sandbox = Sandbox::WhenPossible;
    visitor.deadline = Duration::from_secs(40);
    Ok(WayOut {
        web: serve::web(&guard)?,
        guard,
        relay: Relay {
            host: services.smtp.ip().to_string(),
            port: services.smtp.port(),
            tls: RelayTls::None,
            credentials: None,
            hello: "meldpunt.example".into(),
            also_trust: Vec::new(),
            patience: Duration::from_secs(10),
        },
        visitor,
    })
}

/// The name under which the demo's registry is asked.
const REGISTRY: &str = "registry.example";

fn settings(providers: SocketAddr) -> anyhow::Result<Settings> {
    let registry = Url::parse(&format!("http://{REGISTRY}/"))?;
    let mut settings = Settings::usual(
        "Meldpunt",
        "meldingen@meldpunt.example",
        "antwoord@meldpunt.example",
        WebAddress::parse(&format!("http://{}/", demo::CANARY_HOST))?,
        assessment::Scheme::standard()?,
        Registries::at(&registry),
    )?;
    settings.provider_page = Some(LinkSetting {
        origin: format!("http://{providers}"),
        lasts_ms: DAY_MS,
    });
    Ok(settings.for_demo())
}

/// The police of the demo, whose own key lies in its folder: in real use it is never here.
fn police_key(folder: &Path) -> anyhow::Result<evidence::PoliceKey> {
    use age::secrecy::ExposeSecret as _;
    let file = folder.join("police-of-the-demo.key");
    let secret = match std::fs::read_to_string(&file) {
        Ok(secret) => secret,
        Err(_) => {
            let secret = age::x25519::Identity::generate().to_string();
            std::fs::write(&file, secret.expose_secret())?;
            secret.expose_secret().to_owned()
        }
    };
    let police: age::x25519::Identity = secret.trim().parse().map_err(anyhow::Error::msg)?;
    Ok(evidence::PoliceKey::parse(&police.to_public().to_string())?)
}

/// Makes the demo's accounts, once.
async fn hire(casework: &Casework) -> anyhow::Result<()> {
    let clock = Clock::system();
    let staff = Staff::new(
        casework.db.clone(),
        casework.vault.clone(),
        clock.clone(),
        Chance::system(),
    )
    .demo(true);
    let act = Act {
        who: Actor::Operator,
        at: clock.now(),
        why: None,
    };
    for (name, roles) in PEOPLE {
        let name = Name::parse(name)?;
        if staff.named(&name).await?.is_some() {
            continue;
        }
        let new = NewAccount {
            name,
            roles: Roles::of(roles.iter().copied())?,
            language: Language::English,
        };
        staff
            .add_demo(&act, new, PASSWORD, DemoFactor::Waived)
            .await?;
    }
    Ok(())
}

fn walk_through(door: SocketAddr, desk: &str, services: &Running, folder: &Path) -> String {
    let names: Vec<&str> = PEOPLE.iter().map(|(name, _)| *name).collect();
    let address = demo::addresses_to_report().into_iter().next().map_or_else(
        || "http://gallery.example/spring".to_owned(),
        |(address, _)| address,
    );
    format!(
        "\nMeldpunt is ready. Everything here is drawn by code and stays on this machine.\n\n\
         \x20 the public page      http://127.0.0.1:{}/   (English: /en)\n\
         \x20 the desk             {desk}/\n\
         \x20 the reported sites   http://{}/\n\
         \x20 the mail that went   http://{}/\n\n\
         \x20 accounts: {}\n\
         \x20 password of all of them: {PASSWORD}   (no second factor in the demo)\n\
         \x20 its configuration: {}   (for meldpunt ledger verify --config …)\n\n\
         1. On the public page report {address} and keep the receipt.\n\
         2. At the desk sign in as anna, take the report, judge each picture with a key, press Done.\n\
         3. As bram approve the provider's contact; a moment later the notice is in the mail,\n\
         \x20  with a link to the provider's own page.\n\
         4. On the reported sites let the provider remove the page; three checks later it is removed.\n\
         5. As cijfers look at the figures; as auditor at the ledger; enter the receipt on the public page.\n\
         6. As anna press b for a break: nothing is shown until you are back. As welzijn set the limits.\n",
        door.port(),
        services.site,
        services.mail_page,
        names.join(", "),
        folder.join("demo.toml").display(),
    )
}
