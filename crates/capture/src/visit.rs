//! The parent half of a visit: box the child in, serve it the proxy, read what it says.

mod account;
mod again;
mod boxed;
mod cause;
mod digests;
mod manner;
mod memory;
mod own_sandbox;
mod policy;
mod prepared;
mod print;
mod seen;
mod settings;
mod shorten;
mod traffic;
mod visited;
#[cfg(test)]
mod walls_tests;
mod warm;

use std::path::Path;
use std::time::Duration;

use ground::Clock;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::{Child, ChildStderr};
use url::Url;

use crate::wire::{Caps, Wanted};

pub(crate) use account::{Account, Ending};
use boxed::Started;
#[cfg(test)]
pub(crate) use policy::POLICY;
use prepared::Prepared;
use warm::Warm;

#[cfg(feature = "fuzzing")]
pub(crate) use again::examined;
pub use again::{ExamineError, Examined, examine};
pub use boxed::box_works;
pub use cause::Cause;
pub use digests::Digests;
pub use manner::{HostPattern, RuleFault, SiteRule};
pub use own_sandbox::browser_sandbox_works;
pub use print::{PrintFault, print};
pub use settings::{Sandbox, VisitorSettings, find_browser};
pub use traffic::{Looked, Traffic};
pub use visited::{Captured, Picture, Visited};
pub use warm::WarmBoxes;

/// Why a visit could not even begin: always our side.
#[derive(Debug, thiserror::Error)]
pub enum VisitError {
    /// The temporary folder could not be made.
    #[error("no temporary folder for the visit could be made: {0}")]
    Folder(#[source] std::io::Error),
    /// The sandbox is required and does not work here.
    #[error("the sandbox is required and does not work here: {0}")]
    NoSandbox(String),
    /// The child could not be started.
    #[error("the visiting process could not be started: {0}")]
    Start(#[source] std::io::Error),
    /// The proxy's socket could not be opened.
    #[error("the proxy of the visit could not be opened: {0}")]
    Proxy(#[source] std::io::Error),
    /// The rule for this host names an exit that there is not.
    #[error("the way out that its rule names cannot be taken: {0}")]
    Exit(#[from] egress::Refusal),
    /// The address is none that is visited.
    #[error("only http and https addresses are visited, not {0}:")]
    Scheme(String),
}

/// Looks at `address` through the way out.
///
/// The visit has a pass of its own: bytes, connections and time are bounded, and every connection
/// is noted in the answer. The visit's processes, socket and files are gone when this returns,
/// also when the future is dropped. A page that could not be captured is an answer, not an error.
///
/// # Errors
/// When the visit could not begin.
pub async fn visit(
    settings: &VisitorSettings,
    guard: &egress::Guard,
    clock: &Clock,
    address: &Url,
) -> Result<Visited, VisitError> {
    let rules = settings.for_host(address.host_str().unwrap_or_default());
    let guard = match &rules.exit {
        Some(exit) => guard.through(exit)?,
        None => guard.clone(),
    };
    if !matches!(address.scheme(), "http" | "https") {
        return Err(VisitError::Scheme(address.scheme().to_owned()));
    }
    let Warm { prepared, way, .. } = match settings.warm.take(&rules) {
        Some(warm) => warm,
        None => Warm::start(&rules).await?,
    };
    settings.warm.refill(settings);
    let limits = egress::Limits {
        // Room for what is not a picture, and for pictures fetched again.
        bytes_in: settings.max_total_bytes.saturating_mul(2),
        // What is longer than any picture is no picture, and must not use up what the others need.
        bytes_in_each: u64::from(settings.max_picture_bytes).saturating_mul(3),
        lasting: settings.deadline + Duration::from_secs(5),
        ..egress::Limits::default()
    };
    let pass = egress::Pass::new(guard, clock.clone(), limits);
    let serving = tokio::spawn(egress::serve_proxy(way.listener, pass.clone()));
    let _closed = AbortOnDrop(serving.abort_handle());
    let mut visited = visit_in(prepared, &rules, clock, address).await;
    let ended = pass.ended();
    let untrusted = visited.outcome == Captured::No(Cause::TlsFailed);
    if visited.status.is_some() || untrusted {
        visited.traffic.looked = certificates(&pass, &visited).await;
    }
    pass.close();
    visited.connections = pass.records();
    if ended.is_some() {
        visited.complete = false;
    }
    if let Captured::No(cause) = &visited.outcome {
        let cause = cause.clone().refined_by(&on_the_way(&visited));
        visited.outcome = Captured::No(cause);
    }
    // The socket goes when nobody can be at it any more.
    drop(way.folder);
    Ok(visited)
}

/// What the servers of the reported address and of where it ended show to a handshake of our own.
async fn certificates(pass: &egress::Pass, visited: &Visited) -> Vec<Looked> {
    let addresses = [
        Some(visited.address.as_str()),
        visited.final_address.as_deref(),
    ];
    let mut looked: Vec<Looked> = Vec::new();
    for address in addresses.into_iter().flatten() {
        let Ok(url) = Url::parse(address) else {
            continue;
        };
        let (Some(host), Some(port)) = (url.host_str(), url.port_or_known_default()) else {
            continue;
        };
        let known = looked
            .iter()
            .any(|one| one.host == host && one.port == port);
        if url.scheme() != "https" || known {
            continue;
        }
        let (sha256, fault) = match egress::certificates_of(pass, host, port).await {
            Ok(shown) => (shown.sha256, shown.fault),
            Err(fault) => (Vec::new(), Some(fault.to_string())),
        };
        looked.push(Looked {
            host: host.to_owned(),
            port,
            sha256,
            fault,
        });
    }
    looked
}

/// The connections to the hosts that the address led through. The plain visitor asks for nothing
/// else before it has the page, so that without a page all of its connections are such.
fn on_the_way(visited: &Visited) -> Vec<egress::Record> {
    let redirects = visited.redirects.iter().map(|step| step.to.as_str());
    let addresses = redirects.chain([visited.address.as_str()]);
    let hosts: Vec<String> = addresses
        .filter_map(|address| Some(as_read(Url::parse(address).ok()?.host_str()?)))
        .collect();
    let all_count = visited.via == Some(crate::wire::Via::Plain) && visited.status.is_none();
    let noted = visited.connections.iter();
    noted
        .filter(|noted| all_count || hosts.contains(&as_read(&noted.host)))
        .cloned()
        .collect()
}

/// A host as the way out reads it, however it is written: an IPv6 address in brackets or without.
fn as_read(host: &str) -> String {
    let read = egress::Target::parse(host, 0);
    read.map_or_else(|_| host.to_owned(), |target| target.host.to_string())
}

/// Ends a task when the visit it belongs to is over or dropped.
struct AbortOnDrop(tokio::task::AbortHandle);

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Looks at `address` through the proxy that listens on the unix socket `proxy`.
///
/// The visit's processes and files are gone when this returns, also when the future is dropped.
/// A page that could not be captured is an answer, not an error: see [`Captured`].
///
/// # Errors
/// When the visit could not begin.
pub async fn visit_through(
    settings: &VisitorSettings,
    proxy: &Path,
    clock: &Clock,
    address: &Url,
) -> Result<Visited, VisitError> {
    if !matches!(address.scheme(), "http" | "https") {
        return Err(VisitError::Scheme(address.scheme().to_owned()));
    }
    let settings = &settings.for_host(address.host_str().unwrap_or_default());
    let prepared = Prepared::start(settings, proxy).await?;
    Ok(visit_in(prepared, settings, clock, address).await)
}

/// Looks at `address` in a box that is ready for it.
async fn visit_in(
    prepared: Prepared,
    settings: &VisitorSettings,
    clock: &Clock,
    address: &Url,
) -> Visited {
    let started_at = clock.now();
    let Prepared { started, folder } = prepared;
    let sandboxed = started.sandboxed;
    let (account, ending) = listen(settings, started, address).await;
    let mut visited = account.into_visited(address, ending);
    visited.sandboxed = sandboxed;
    visited.started_at = started_at;
    visited.ended_at = clock.now();
    visited
        .traffic
        .settle(started_at, visited.ended_at, &visited.pictures);
    // Removing the folder waits until the processes that may write into it are gone.
    drop(folder);
    visited
}

/// Hears the child out, at most until the deadline, then ends its whole process tree.
async fn listen(settings: &VisitorSettings, started: Started, address: &Url) -> (Account, Ending) {
    let mut account = Account::new(settings.caps());
    let Started {
        mut child, tree, ..
    } = started;
    let grumbling = tokio::spawn(last_words(child.stderr.take()));
    let wanted = wanted_of(settings, address);
    let root = child.id().unwrap_or_default();
    let most = settings.max_picture_bytes;
    let heard = tokio::time::timeout(settings.deadline, async {
        tokio::select! {
            heard = hear(&mut child, &wanted, &mut account, most) => heard,
            never = memory::kept_within(root, settings.max_memory_bytes) => match never {},
        }
    })
    .await;
    tree.end(&mut child).await;
    let grumbled = tokio::time::timeout(Duration::from_secs(1), grumbling).await;
    let ending = match heard {
        Err(_) => Ending::Deadline,
        Ok(Ok(())) => Ending::Heard,
        Ok(Err(fault)) => {
            let words = grumbled.ok().and_then(Result::ok).unwrap_or_default();
            let words = words.trim();
            let gap = if words.is_empty() { "" } else { "; it wrote: " };
            Ending::Fault(format!("{fault}{gap}{words}"))
        }
    };
    (account, ending)
}

/// Asks the child and reads its frames to the end.
async fn hear(
    child: &mut Child,
    wanted: &Wanted,
    account: &mut Account,
    picture_max: u32,
) -> Result<(), crate::wire::FrameFault> {
    use crate::wire::{FrameFault, read_frame, read_version};
    let (Some(mut input), Some(mut output)) = (child.stdin.take(), child.stdout.take()) else {
        return Err(FrameFault::Order("the child has no pipes"));
    };
    let mut line = serde_json::to_vec(wanted).map_err(std::io::Error::from)?;
    line.push(b'\n');
    input.write_all(&line).await?;
    input.flush().await?;
    read_version(&mut output).await?;
    while let Some(frame) = read_frame(&mut output, picture_max).await? {
        account.take(frame)?;
        if account.is_done() {
            return Ok(());
        }
    }
    Err(FrameFault::Short)
}

/// The first 2 KiB of what a failing child wrote to standard error; the rest is drained.
async fn last_words(stderr: Option<ChildStderr>) -> String {
    const KEPT: usize = 2 * 1024;
    let Some(mut stderr) = stderr else {
        return String::new();
    };
    let mut kept = Vec::new();
    let mut piece = [0_u8; 1024];
    while let Ok(read @ 1..) = stderr.read(&mut piece).await {
        if kept.len() < KEPT {
            kept.extend_from_slice(&piece[..read]);
        }
    }
    String::from_utf8_lossy(&kept).into_owned()
}

fn wanted_of(settings: &VisitorSettings, address: &Url) -> Wanted {
    // The child is told less than the deadline, so that it can say what it has before it is ended.
    let told = settings
        .deadline
        .saturating_sub(Duration::from_secs(4))
        .max(settings.deadline / 2);
    Wanted {
        address: address.to_string(),
        milliseconds: u64::try_from(told.as_millis()).unwrap_or(u64::MAX),
        gates: settings.gates.clone(),
    }
}

impl VisitorSettings {
    pub(super) fn caps(&self) -> Caps {
        Caps {
            pictures: self.max_pictures,
            picture_bytes: self.max_picture_bytes,
            total_bytes: self.max_total_bytes,
        }
    }
}
