//! The box a visit runs in: bubblewrap, resource limits, and an end for all that is inside.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use tokio::process::{Child, Command};
use tokio::sync::OnceCell;

use crate::visit::policy::{POLICY, POLICY_INSIDE};
use crate::visit::{Sandbox, VisitError, VisitorSettings};

/// Where the child finds the one socket that leads out of the box.
const PROXY_INSIDE: &str = "/visit/proxy.sock";
/// Where the child's own program lies in the box.
const EXE_INSIDE: &str = "/visit/child";
/// Where the child may write in the box: memory, gone with it.
const SCRATCH_INSIDE: &str = "/tmp";

/// Limits that each process of a visit starts with (`prlimit` of util-linux). Chromium maps
/// terabytes without using them, so that address space cannot be bounded; written data can.
pub(super) const LIMITS: [&str; 5] = [
    "--core=0",
    "--nofile=4096",
    "--fsize=536870912",
    "--nproc=1024",
    "--data=4294967296",
];

/// What ends the walls, after everything that is let in: the places made for mounts are memory that
/// no size bounds, so that nothing may be written there.
pub(super) const SHUT: [&str; 4] = ["--remount-ro", "/dev", "--remount-ro", "/"];

/// A child process tree that was started.
pub struct Started {
    /// The process at its root, with its three pipes.
    pub child: Child,
    /// How all of it is ended.
    pub tree: Tree,
    /// Where the child finds the proxy's socket.
    pub proxy: PathBuf,
    /// Where the child may write.
    pub scratch: PathBuf,
    /// Whether it runs in its box.
    pub sandboxed: bool,
}

/// How a process tree is ended; dropping it does so as well.
pub struct Tree(Option<rustix::process::Pid>);

impl Tree {
    /// The tree below `child`. In the box its root is the whole of it: with the first process
    /// the process namespace dies. Outside, the process group is what can be reached.
    fn of(child: &Child, sandboxed: bool) -> Self {
        if sandboxed {
            return Self(None);
        }
        let id = child.id().and_then(|id| i32::try_from(id).ok());
        Self(id.and_then(rustix::process::Pid::from_raw))
    }

    /// Ends everything and waits for the root to be gone.
    pub async fn end(self, child: &mut Child) {
        let killed = child.kill().await;
        if let Err(fault) = killed {
            tracing::warn!(%fault, "a visiting process could not be ended");
        }
    }
}

impl Drop for Tree {
    fn drop(&mut self) {
        if let Some(group) = self.0 {
            // Nothing left in the group is the usual case.
            let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
        }
    }
}

/// Starts the child, boxed as the settings ask; without a proxy it has no way out at all.
pub async fn start(
    settings: &VisitorSettings,
    proxy: Option<&Path>,
    folder: &Path,
) -> Result<Started, VisitError> {
    let sandboxed = match settings.sandbox {
        Sandbox::Off => false,
        Sandbox::Required => box_works()
            .await
            .map(|()| true)
            .map_err(VisitError::NoSandbox)?,
        Sandbox::WhenPossible => match box_works().await {
            Ok(()) => true,
            Err(why) => {
                tracing::warn!(why, "the sandbox does not work here; visiting without it");
                false
            }
        },
    };
    let (mut command, proxy, scratch) = if sandboxed {
        (
            boxed(settings, proxy, folder).map_err(VisitError::Folder)?,
            PathBuf::from(PROXY_INSIDE),
            PathBuf::from(SCRATCH_INSIDE),
        )
    } else {
        (
            bare(settings, folder),
            proxy.unwrap_or(folder).to_path_buf(),
            folder.to_path_buf(),
        )
    };
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    let child = command.spawn().map_err(VisitError::Start)?;
    let tree = Tree::of(&child, sandboxed);
    Ok(Started {
        child,
        tree,
        proxy,
        scratch,
        sandboxed,
    })
}

/// Whether bubblewrap works on this machine; asked once for the life of the program.
///
/// # Errors
/// With the reason, for `meldpunt doctor`.
pub async fn box_works() -> Result<(), String> {
    static WORKS: OnceCell<Result<(), String>> = OnceCell::const_new();
    WORKS.get_or_init(try_box).await.clone()
}

async fn try_box() -> Result<(), String> {
    let mut command = Command::new("bwrap");
    command
        .args(walls())
        .args(SHUT)
        .args(["prlimit", "--core=0", "true"])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .kill_on_drop(true);
    match command.output().await {
        Ok(output) if output.status.success() => Ok(()),
        Ok(output) => Err(String::from_utf8_lossy(&output.stderr).trim().to_owned()),
        Err(fault) => Err(format!("bubblewrap (bwrap) cannot be run: {fault}")),
    }
}

/// The walls: namespaces of its own, no capability, no environment, the system read-only.
pub(super) fn walls() -> Vec<OsString> {
    let mut args: Vec<OsString> = [
        "--unshare-user",
        "--unshare-all",
        "--die-with-parent",
        "--new-session",
        "--clearenv",
        "--uid",
        "1000",
        "--gid",
        "1000",
        "--cap-drop",
        "ALL",
        "--hostname",
        "visit",
        "--ro-bind",
        "/usr",
        "/usr",
    ]
    .map(OsString::from)
    .into();
    for place in ["/bin", "/sbin", "/lib", "/lib64", "/lib32"] {
        match std::fs::read_link(place) {
            Ok(target) => args.extend(["--symlink".into(), target.into(), place.into()]),
            Err(_) => args.extend(["--ro-bind-try", place, place].map(OsString::from)),
        }
    }
    for place in [
        "/etc/fonts",
        "/etc/ssl/certs",
        "/etc/ld.so.cache",
        "/etc/alternatives",
        "/usr/share/ca-certificates",
        "/var/cache/fontconfig",
    ] {
        args.extend(["--ro-bind-try", place, place].map(OsString::from));
    }
    // 1 GiB of memory at most for the profile, and as much for shared memory.
    for words in [
        &["--proc", "/proc", "--dev", "/dev"][..],
        &["--size", "1073741824", "--tmpfs", "/dev/shm"],
        &["--size", "1073741824", "--tmpfs", SCRATCH_INSIDE],
        &["--dir", "/visit", "--chdir", SCRATCH_INSIDE],
        &["--setenv", "PATH", "/usr/bin:/bin"],
        &["--setenv", "HOME", SCRATCH_INSIDE],
        &["--setenv", "LANG", "C.UTF-8"],
    ] {
        args.extend(words.iter().map(OsString::from));
    }
    args
}

/// The child inside the walls, with its program and at most one socket let in.
fn boxed(
    settings: &VisitorSettings,
    proxy: Option<&Path>,
    folder: &Path,
) -> std::io::Result<Command> {
    let mut command = Command::new("bwrap");
    command.args(walls());
    command.args(["--setenv", "TZ", &settings.timezone]);
    let policy = folder.join("policy.json");
    std::fs::write(&policy, POLICY)?;
    command.arg("--ro-bind").arg(&policy).arg(POLICY_INSIDE);
    let browsers_home = settings.browser.as_deref().and_then(Path::parent);
    if let Some(home) = browsers_home.filter(|home| !home.starts_with("/usr")) {
        command.arg("--ro-bind").arg(home).arg(home);
    }
    command.arg("--ro-bind").arg(&settings.exe).arg(EXE_INSIDE);
    if let Some(proxy) = proxy {
        command.arg("--bind").arg(proxy).arg(PROXY_INSIDE);
    }
    command.args(SHUT);
    command.arg("prlimit").args(LIMITS).arg(EXE_INSIDE);
    command.args(&settings.exe_args);
    command.env_clear().env("PATH", path());
    Ok(command)
}

/// The child without walls: cleared environment, limits, a process group of its own.
fn bare(settings: &VisitorSettings, folder: &Path) -> Command {
    let mut command = Command::new("prlimit");
    // The count of processes is per user, and outside the box that user has others.
    command.args(LIMITS.iter().filter(|limit| !limit.starts_with("--nproc")));
    command.arg(&settings.exe).args(&settings.exe_args);
    command
        .env_clear()
        .env("PATH", path())
        .env("HOME", folder)
        .env("LANG", "C.UTF-8")
        .env("TZ", &settings.timezone)
        .current_dir(folder)
        .process_group(0);
    command
}

/// Where this machine keeps its programs.
fn path() -> OsString {
    std::env::var_os("PATH").unwrap_or_else(|| "/usr/bin:/bin".into())
}
