//! Boxes that stand ready, so that a visit need not wait for a browser to start.
//!
//! Each serves one visit and is then ended with all that is in it, like any other box: nothing is
//! shared between visits, only the waiting is done beforehand.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tempfile::TempDir;
use tokio::net::UnixListener;
use tokio::time::Instant;

use crate::visit::prepared::Prepared;
use crate::visit::{VisitError, VisitorSettings};

/// A box that has stood for so long is ended and not used any more.
const STANDS_FOR: Duration = Duration::from_mins(10);

/// The one way out of a box, at which nobody serves yet.
pub struct Way {
    /// Where the proxy listens.
    pub socket: PathBuf,
    /// What it listens with.
    pub listener: UnixListener,
    /// The folder of the socket.
    pub folder: TempDir,
}

impl Way {
    /// A fresh one.
    ///
    /// # Errors
    /// When it could not be made.
    pub fn open(settings: &VisitorSettings) -> Result<Self, VisitError> {
        let folder = tempfile::Builder::new()
            .prefix("meldpunt-way-")
            .tempdir_in(&settings.folder)
            .map_err(VisitError::Folder)?;
        let socket = folder.path().join("proxy.sock");
        let listener = UnixListener::bind(&socket).map_err(VisitError::Proxy)?;
        Ok(Self {
            socket,
            listener,
            folder,
        })
    }
}

/// A box and its way out.
pub struct Warm {
    /// The box. It goes before its way out does.
    pub prepared: Prepared,
    /// Its way out.
    pub way: Way,
    kind: String,
    since: Instant,
}

impl Warm {
    /// Starts one.
    ///
    /// # Errors
    /// When it could not be started.
    pub async fn start(settings: &VisitorSettings) -> Result<Self, VisitError> {
        let way = Way::open(settings)?;
        let prepared = Prepared::start(settings, &way.socket).await?;
        Ok(Self {
            prepared,
            way,
            kind: kind_of(settings),
            since: Instant::now(),
        })
    }

    fn serves(&mut self) -> bool {
        self.since.elapsed() < STANDS_FOR && self.prepared.stands()
    }
}

/// So many boxes that stand ready; clones share them. None stands until the first visit.
#[derive(Clone, Default)]
pub struct WarmBoxes(Option<Arc<Kept>>);

struct Kept {
    most: usize,
    boxes: Mutex<Boxes>,
}

#[derive(Default)]
struct Boxes {
    ready: Vec<Warm>,
    coming: usize,
}

impl std::fmt::Debug for WarmBoxes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let most = self.0.as_ref().map_or(0, |kept| kept.most);
        write!(f, "WarmBoxes(at most {most})")
    }
}

impl Kept {
    fn lock(&self) -> MutexGuard<'_, Boxes> {
        self.boxes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl WarmBoxes {
    /// At most so many.
    #[must_use]
    pub fn at_most(most: usize) -> Self {
        let kept = Kept {
            most,
            boxes: Mutex::default(),
        };
        Self((most > 0).then(|| Arc::new(kept)))
    }

    /// How many stand ready.
    #[must_use]
    pub fn ready(&self) -> usize {
        self.0.as_ref().map_or(0, |kept| kept.lock().ready.len())
    }

    /// Takes one that was started with the same settings, if one stands; it is the caller's alone.
    pub(crate) fn take(&self, settings: &VisitorSettings) -> Option<Warm> {
        let kept = self.0.as_ref()?;
        let kind = kind_of(settings);
        let mut boxes = kept.lock();
        boxes.ready.retain_mut(Warm::serves);
        let at = boxes.ready.iter().position(|warm| warm.kind == kind)?;
        Some(boxes.ready.remove(at))
    }

    /// Sees to it that as many stand or are coming as there may be. Returns at once.
    pub(crate) fn refill(&self, settings: &VisitorSettings) {
        let Some(kept) = &self.0 else { return };
        let wanted = {
            let mut boxes = kept.lock();
            boxes.ready.retain_mut(Warm::serves);
            let wanted = kept.most.saturating_sub(boxes.ready.len() + boxes.coming);
            boxes.coming += wanted;
            wanted
        };
        for _ in 0..wanted {
            let (settings, kept) = (settings.clone(), Arc::downgrade(kept));
            tokio::spawn(async move {
                let started = Warm::start(&settings).await;
                // Nobody wants it any more when the last of the visitors is gone.
                let Some(kept) = kept.upgrade() else { return };
                let mut boxes = kept.lock();
                boxes.coming = boxes.coming.saturating_sub(1);
                match started {
                    Ok(warm) => boxes.ready.push(warm),
                    Err(fault) => tracing::warn!(%fault, "no box could be made ready"),
                }
            });
        }
    }
}

/// What a box cannot be told any more once it has been started.
fn kind_of(settings: &VisitorSettings) -> String {
    format!(
        "{:?}",
        (
            (&settings.exe, &settings.exe_args, &settings.browser),
            (settings.sandbox, settings.caps(), settings.viewport),
            (&settings.language, &settings.timezone, &settings.user_agent),
        )
    )
}
