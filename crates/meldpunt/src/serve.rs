//! `meldpunt serve`: the faces and the workers, apart or together.

use std::net::SocketAddr;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context as _;
use casework::{Casework, Settings, Workers};
use door::{Door, DoorSettings, OtherWay};
use egress::{Credentials, Guard, HttpClient, Relay, RelayTls, TlsSetup};
use ground::clock::{DAY_MS, HOUR_MS, MINUTE_MS};
use ground::{Chance, Clock, WebAddress};
use pages::same_site::Origin;
use provider::{Country, Registries};
use staff::Staff;
use tokio::net::TcpListener;
use url::Url;

use crate::config::{Config, Mail};
use crate::face::{Patience, face};
use crate::house::{self, FolderLock, WayOut};
use crate::outside::{policy, resolver, visitor};
use crate::{chat_line, hash_check, say};

/// Which faces a process shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Role {
    /// The public page only; holds no secret key but that of its form tokens.
    Door,
    /// The pages of the staff only.
    Desk,
    /// The workers only.
    Work,
    /// The face to which chat platforms bring only; holds no secret key but those it knows them by.
    Line,
    /// The hash-check service only; holds no secret key but the one that knows providers' keys.
    Api,
    /// The page of providers' abuse desks only; opens addresses, so it holds the staff side's keys.
    Hatch,
    /// Everything.
    All,
}

impl Role {
    const fn has_door(self) -> bool {
        matches!(self, Self::Door | Self::All)
    }

    const fn has_desk(self) -> bool {
        matches!(self, Self::Desk | Self::All)
    }

    const fn has_work(self) -> bool {
        matches!(self, Self::Work | Self::All)
    }

    const fn has_hash_check(self, config: &Config) -> bool {
        matches!(self, Self::Api) || matches!(self, Self::All) && config.hash_check.listen.is_some()
    }

    const fn has_hatch(self, config: &Config) -> bool {
        matches!(self, Self::Hatch | Self::All) && config.provider_page.listen.is_some()
    }

    fn may_run(self, config: &Config) -> anyhow::Result<()> {
        anyhow::ensure!(
            self != Self::Hatch || config.provider_page.listen.is_some(),
            "provider_page.listen is not given, so there is no page for providers to serve."
        );
        Ok(())
    }

    const fn has_line(self, config: &Config) -> bool {
        matches!(self, Self::Line) || matches!(self, Self::All) && config.chat.listen.is_some()
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Door => "door",
            Self::Desk => "desk",
            Self::Work => "work",
            Self::Line => "line",
            Self::Api => "api",
            Self::Hatch => "hatch",
            Self::All => "all",
        }
    }
}

/// How often the end of the ledger is signed.
const CHECKPOINT_EVERY: Duration = Duration::from_secs(300);

/// Runs the hotline until it is told to stop.
///
/// # Errors
/// A full sentence when something it needs cannot be had.
pub async fn run(config: &Config, role: Role) -> anyhow::Result<ExitCode> {
    let _lock = FolderLock::take(&config.keep.folder, role.name())?;
    role.may_run(config)?;
    let staff_side = if role.has_desk() || role.has_work() || role.has_hatch(config) {
        let casework = house::casework(
            config,
            way_out(config)?,
            settings(config)?,
            chat_line::speaking(config).await?,
        )
        .await?;
        Some(casework)
    } else {
        None
    };
    let mut faces = tokio::task::JoinSet::new();
    if role.has_door() {
        let listener = listen(config.door.listen, "door.listen").await?;
        let router = door_router(config, false).await?;
        say(&format!(
            "The public page listens on http://{}/\n",
            listener.local_addr()?
        ));
        faces.spawn(face(listener, router, Patience::DOOR));
    }
    if let (true, Some(casework)) = (role.has_desk(), &staff_side) {
        let listener = listen(config.desk.listen, "desk.listen").await?;
        say(&format!(
            "The desk listens on http://{}/\n",
            listener.local_addr()?
        ));
        let desk = desk_router(casework, config, false)?;
        faces.spawn(face(listener, desk, Patience::DESK));
    }
    if let (true, Some(casework)) = (role.has_hatch(config), &staff_side) {
        crate::provider_page::serve(&config.provider_page, casework, &mut faces).await?;
    }
    if role.has_line(config) {
        chat_line::show(config, &mut faces).await?;
    }
    let workers = match (&staff_side, role.has_work()) {
        (Some(casework), true) => {
            faces.spawn(keep_up(casework.clone(), config.keep.folder.clone()));
            Some(Workers::start(casework))
        }
        _ => None,
    };
    let hash_check = if role.has_hash_check(config) {
        Some(hash_check::show(config, staff_side.as_ref(), &mut faces).await?)
    } else {
        None
    };
    say("Ready.\n");
    let ended = until_stopped(&mut faces).await;
    if let Some(hash_check) = hash_check {
        hash_check.stop().await?;
    }
    ended?;
    if let Some(workers) = workers {
        workers.stop().await;
    }
    Ok(ExitCode::SUCCESS)
}

/// Waits for a signal to stop, or for a face to fail.
///
/// # Errors
/// When a face failed.
pub async fn until_stopped(
    faces: &mut tokio::task::JoinSet<anyhow::Result<()>>,
) -> anyhow::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminate.recv() => {}
        Some(ended) = faces.join_next() => return ended?,
    }
    faces.abort_all();
    Ok(())
}

/// Opens a port.
///
/// # Errors
/// A sentence that names the setting when the port is taken or may not be used.
pub async fn listen(at: SocketAddr, setting: &str) -> anyhow::Result<TcpListener> {
    TcpListener::bind(at).await.map_err(|fault| match fault.kind() {
        std::io::ErrorKind::AddrInUse => anyhow::anyhow!(
            "Port {} is in use. Stop what uses it (is Meldpunt already running?), or choose another with {setting}.",
            at.port()
        ),
        _ => anyhow::anyhow!("It is not possible to listen on {at} ({setting}): {fault}"),
    })
}

/// How often what has expired is thrown away.
const TIDY_EVERY: Duration = Duration::from_secs(3_600);

/// Signs and tidies until it is dropped.
///
/// # Errors
/// Never; as a face that does not end.
pub async fn keep_up(casework: Casework, folder: std::path::PathBuf) -> anyhow::Result<()> {
    tokio::join!(
        sign_regularly(casework.clone(), folder),
        tidy_regularly(casework)
    );
    Ok(())
}

/// Throws expired sessions and registry answers away.
async fn tidy_regularly(casework: Casework) {
    let staff = Staff::new(
        casework.db.clone(),
        casework.vault.clone(),
        casework.clock.clone(),
        casework.chance.clone(),
    );
    loop {
        if let Err(fault) = staff.sweep().await {
            tracing::warn!(%fault, "expired sessions were not thrown away");
        }
        if let Err(fault) = provider::tidy(&casework.db, casework.clock.now()).await {
            tracing::warn!(%fault, "expired registry answers were not thrown away");
        }
        tokio::time::sleep(TIDY_EVERY).await;
    }
}

/// Signs the end of the ledger every few minutes.
async fn sign_regularly(casework: Casework, folder: std::path::PathBuf) {
    loop {
        if let Err(fault) = crate::ledger::sign(&casework.db, casework.vault.keys(), &folder).await
        {
            tracing::error!(%fault, "the end of the ledger was not signed");
        }
        tokio::time::sleep(CHECKPOINT_EVERY).await;
    }
}

/// What leads out of the house, in real use: no network of our own, no route of the demo.
///
/// # Errors
/// When the name servers or the trusted certificates cannot be used.
pub fn way_out(config: &Config) -> anyhow::Result<WayOut> {
    let policy = policy(config)?;
    anyhow::ensure!(
        !policy.is_demo() && !policy.is_test() && !config.visits.test,
        "The way out is open to test networks, or visits.test is true."
    );
    let guard = Guard::new(policy, resolver(config)?);
    Ok(WayOut {
        web: web(&guard)?,
        guard,
        relay: relay(&config.mail)?,
        visitor: visitor(config)?,
    })
}

/// Our own fetching over a guard.
///
/// # Errors
/// When the machine's trusted certificates cannot be read.
pub fn web(guard: &Guard) -> anyhow::Result<HttpClient> {
    let tls =
        TlsSetup::system().context("The trusted certificates of this machine cannot be read")?;
    let name =
        axum::http::HeaderValue::from_static(concat!("Meldpunt/", env!("CARGO_PKG_VERSION")));
    Ok(HttpClient::new(guard.clone(), tls, name))
}

fn relay(mail: &Mail) -> anyhow::Result<Relay> {
    let credentials = match (&mail.user, &mail.password_file) {
        (Some(user), Some(file)) => {
            let password = std::fs::read_to_string(file).with_context(|| {
                format!("mail.password_file: {} cannot be read", file.display())
            })?;
            Some(Credentials {
                user: user.clone(),
                password: password.trim_end().into(),
            })
        }
        (Some(_), None) => anyhow::bail!("mail.user is given, but no mail.password_file."),
        (None, _) => None,
    };
    Ok(Relay {
        host: mail.host.clone(),
        port: mail.port,
        tls: match mail.encryption.as_str() {
            "tls" => RelayTls::Tls,
            "none" => RelayTls::None,
            _ => RelayTls::StartTls,
        },
        credentials,
        hello: "localhost".into(),
        also_trust: Vec::new(),
        patience: Duration::from_secs(30),
    })
}

/// The order of work, as configured.
///
/// # Errors
/// When a setting makes no sense.
pub fn settings(config: &Config) -> anyhow::Result<Settings> {
    let canary = WebAddress::parse(&config.checks.canary).context("checks.canary")?;
    let hotline = &config.hotline;
    let registries = Registries {
        bootstrap: url(&config.registries.rdap_bootstrap).context("registries.rdap_bootstrap")?,
        ripestat: url(&config.registries.ripestat).context("registries.ripestat")?,
    };
    let mut settings = Settings::usual(
        &hotline.name,
        &hotline.notices_from,
        &hotline.reply_to,
        canary,
        assessment::Scheme::standard()?,
        registries,
    )?;
    settings.home_country =
        Country::parse(&hotline.country).context("hotline.country is no country")?;
    settings.collect_within_ms = i64::from(config.door.collect_within_minutes) * MINUTE_MS;
    settings.likeness = config.likeness.rule();
    settings.visits_at_once = config.visits.at_once;
    settings.time_stamps = config.evidence.authority();
    settings.canary_text.clone_from(&config.checks.canary_text);
    settings.checks_at_once = config.checks.at_once;
    settings.window.gather_ms = i64::from(config.mail.gather_minutes) * MINUTE_MS;
    settings.provider_page = config.provider_page.links();
    settings.website.clone_from(&hotline.website);
    settings.police_hold_ms = i64::from(config.police.hold_hours) * HOUR_MS;
    settings.keep_report_ms = i64::from(config.retention.report_days) * DAY_MS;
    settings.keep_not_illegal_ms = i64::from(config.retention.not_illegal_days) * DAY_MS;
    settings.keep_illegal_ms = i64::from(config.retention.illegal_days) * DAY_MS;
    Ok(settings)
}

/// A folder's address, with the slash that joining needs.
fn url(text: &str) -> anyhow::Result<Url> {
    Ok(Url::parse(&format!("{}/", text.trim_end_matches('/')))?)
}

/// Other ways to report, for when the form is out of order.
fn other_ways(config: &Config) -> Vec<OtherWay> {
    let hotline = &config.hotline;
    let phone = hotline.phone.iter().cloned().map(OtherWay::Phone);
    phone
        .chain(hotline.email.iter().cloned().map(OtherWay::Mail))
        .collect()
}

/// The desk.
///
/// # Errors
/// When the origin cannot be used.
pub fn desk_router(
    casework: &Casework,
    config: &Config,
    demo: bool,
) -> anyhow::Result<axum::Router> {
    let origin = Origin::parse(&config.desk.origin).context("desk.origin")?;
    let settings = desk::Settings {
        site: config.hotline.name.clone(),
        origin,
        demonstration: demo,
        checkpoints: Some(crate::ledger::checkpoint_file(&config.keep.folder)),
    };
    Ok(desk::router(desk::Desk::new(casework.clone(), settings)))
}

/// The public face.
///
/// # Errors
/// When the letterbox or the door's keys cannot be opened.
pub async fn door_router(config: &Config, demo: bool) -> anyhow::Result<axum::Router> {
    let (slot, token_key) = house::slot(config).await?;
    let hotline = &config.hotline;
    let settings = DoorSettings {
        name: hotline.name.clone(),
        https: config.door.https,
        behind_proxy: config.door.asker == "x-forwarded-for",
        exit_to: hotline.exit_to.clone(),
        other_ways: other_ways(config),
        demonstration: demo,
        ..DoorSettings::default()
    };
    let door = Door::new(slot, token_key, settings, Clock::system(), Chance::system());
    Ok(door::router(door))
}
