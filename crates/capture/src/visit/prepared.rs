//! A box in which everything is ready for one visit: its child runs, and with it a browser that has
//! seen nothing yet.

use std::path::Path;

use tempfile::TempDir;
use tokio::io::AsyncWriteExt;

use crate::visit::boxed::{self, Started};
use crate::visit::{VisitError, VisitorSettings};
use crate::wire::Setting;

/// The box. Whoever drops it ends all that is in it.
pub struct Prepared {
    /// Its processes. They go before the folder does.
    pub started: Started,
    /// The folder of this visit alone.
    pub folder: TempDir,
}

impl Prepared {
    /// Starts a box whose one way out is the proxy at this socket.
    ///
    /// # Errors
    /// When it could not be started.
    pub async fn start(settings: &VisitorSettings, proxy: &Path) -> Result<Self, VisitError> {
        let folder = tempfile::Builder::new()
            .prefix("meldpunt-visit-")
            .tempdir_in(&settings.folder)
            .map_err(VisitError::Folder)?;
        let mut started = boxed::start(settings, Some(proxy), folder.path()).await?;
        let setting = settings.setting(started.proxy.clone(), started.scratch.clone());
        let mut line = serde_json::to_vec(&setting).map_err(std::io::Error::from);
        if let Ok(line) = &mut line {
            line.push(b'\n');
        }
        let line = line.map_err(VisitError::Start)?;
        if let Some(input) = &mut started.child.stdin {
            // A child that does not take it has ended, which the visit will hear.
            let _ = input.write_all(&line).await;
        }
        Ok(Self { started, folder })
    }

    /// Whether its first process is still there.
    pub fn stands(&mut self) -> bool {
        matches!(self.started.child.try_wait(), Ok(None))
    }
}

impl VisitorSettings {
    /// What the child is told before it knows an address.
    fn setting(&self, proxy: std::path::PathBuf, scratch: std::path::PathBuf) -> Setting {
        Setting {
            proxy,
            scratch,
            browser: self.browser.clone(),
            caps: self.caps(),
            viewport: self.viewport,
            language: self.language.clone(),
            timezone: self.timezone.clone(),
            user_agent: self.user_agent.clone(),
        }
    }
}
