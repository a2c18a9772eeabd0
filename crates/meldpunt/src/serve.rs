//! `meldpunt serve`: the faces and the workers, apart or together.

mod role;
mod settings;
mod upkeep;
mod way;

use std::net::SocketAddr;
use std::process::ExitCode;

use anyhow::Context as _;
use casework::{Casework, Workers};
use door::{Door, DoorSettings, OtherWay};
use ground::{Chance, Clock};
use pages::same_site::Origin;
use tokio::net::TcpListener;
use tokio::task::JoinSet;

use crate::config::Config;
use crate::face::{Patience, face};
use crate::house::{self, FolderLock};
use crate::{chat_line, hash_check, say};

pub use role::Role;
pub use settings::settings;
pub use upkeep::keep_up;
pub use way::{way_out, web};

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
    let mut faces = JoinSet::new();
    show(config, role, staff_side.as_ref(), &mut faces).await?;
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

/// Opens the faces of this role.
async fn show(
    config: &Config,
    role: Role,
    staff_side: Option<&Casework>,
    faces: &mut JoinSet<anyhow::Result<()>>,
) -> anyhow::Result<()> {
    if role.has_door() {
        let listener = listen(config.door.listen, "door.listen").await?;
        let router = door_router(config, false).await?;
        say(&format!(
            "The public page listens on http://{}/\n",
            listener.local_addr()?
        ));
        faces.spawn(face(listener, router, Patience::DOOR));
    }
    if let (true, Some(casework)) = (role.has_desk(), staff_side) {
        let listener = listen(config.desk.listen, "desk.listen").await?;
        say(&format!(
            "The desk listens on http://{}/\n",
            listener.local_addr()?
        ));
        let desk = desk_router(casework, config, false)?;
        faces.spawn(face(listener, desk, Patience::DESK));
    }
    if let (true, Some(casework)) = (role.has_hatch(config), staff_side) {
        crate::provider_page::serve(&config.provider_page, casework, faces).await?;
    }
    if role.has_line(config) {
        chat_line::show(config, faces).await?;
    }
    Ok(())
}

/// Waits for a signal to stop, or for a face to fail.
///
/// # Errors
/// When a face failed.
pub async fn until_stopped(faces: &mut JoinSet<anyhow::Result<()>>) -> anyhow::Result<()> {
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
