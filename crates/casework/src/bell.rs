//! The bell: wakes workers when there may be work, so that they need not ask all the time.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Notify;

/// Rung when something was settled that may be somebody else's work; cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Bell(Arc<Notify>);

impl Bell {
    /// Wakes everybody who waits.
    pub fn ring(&self) {
        self.0.notify_waiters();
    }

    /// Waits for the bell, at most this long: a bell that was missed costs time, never work.
    pub async fn wait(&self, at_most: Duration) {
        let _ = tokio::time::timeout(at_most, self.0.notified()).await;
    }
}
