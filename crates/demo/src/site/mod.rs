//! The **reported web sites**: several hosts on one listener, told apart by the `Host` header, with
//! pages of drawn pictures in every manner a page can carry a picture. Asked for by number instead
//! of name, the same listener shows the buttons of the provider: remove, put back, wall up.
//!
//! `catalogue` says what there is (`collection` the pictures, `shops` the pages), `drawing` and `letters` draw it, `standing` remembers what the
//! provider did, `virtual_host` answers as a host, `control` answers the person at the buttons.

mod catalogue;
mod collection;
mod control;
mod drawing;
mod letters;
mod shops;
mod standing;
mod virtual_host;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Request, State};
use axum::http::header;
use axum::response::Response;
use tokio::time::Instant;

use crate::host::DemoHost;
use catalogue::Picture;
use standing::Standings;

pub use catalogue::addresses_to_report;

/// The web sites and what has been done to them. Cheap to clone; clones share their state.
#[derive(Debug, Clone)]
pub struct Site {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    slow_answer: Duration,
    outage: Duration,
    first_asked: Mutex<Option<Instant>>,
    standings: Mutex<Standings>,
    drawn: Mutex<HashMap<&'static str, Bytes>>,
}

impl Site {
    /// All pages online. `slow_answer` is the wait of the slow page, `outage` how long the restless
    /// page answers with an error once it was first asked for.
    #[must_use]
    pub fn new(slow_answer: Duration, outage: Duration) -> Self {
        let inner = Inner {
            slow_answer,
            outage,
            first_asked: Mutex::default(),
            standings: Mutex::default(),
            drawn: Mutex::default(),
        };
        Self {
            inner: Arc::new(inner),
        }
    }

    fn standings<T>(&self, look: impl FnOnce(&mut Standings) -> T) -> T {
        look(
            &mut self
                .inner
                .standings
                .lock()
                .unwrap_or_else(PoisonError::into_inner),
        )
    }

    /// True while the restless page is in its outage; the first question starts the outage.
    fn in_outage(&self) -> bool {
        let mut first = self
            .inner
            .first_asked
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        first.get_or_insert_with(Instant::now).elapsed() < self.inner.outage
    }

    /// The bytes of a picture: drawn when first asked for, the same bytes ever after.
    async fn bytes_of(&self, picture: &'static Picture) -> Option<Bytes> {
        let kept = |site: &Self| {
            let drawn = site
                .inner
                .drawn
                .lock()
                .unwrap_or_else(PoisonError::into_inner);
            drawn.get(picture.file).cloned()
        };
        if let Some(bytes) = kept(self) {
            return Some(bytes);
        }
        let drawn = tokio::task::spawn_blocking(|| picture.encoded())
            .await
            .ok()?
            .ok()?;
        let bytes = Bytes::from(drawn);
        let mut all = self
            .inner
            .drawn
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        Some(all.entry(picture.file).or_insert(bytes).clone())
    }
}

/// The routes of the web sites and of the provider's buttons.
pub fn router(site: Site) -> Router {
    Router::new().fallback(answer).with_state(site)
}

async fn answer(State(site): State<Site>, request: Request) -> Response {
    let authority = request.uri().host().map(str::to_owned).or_else(|| {
        let host = request.headers().get(header::HOST)?;
        Some(host.to_str().ok()?.to_owned())
    });
    match authority.as_deref().and_then(DemoHost::named) {
        Some(host) => {
            virtual_host::answer(&site, host, "", request.method(), request.uri().path()).await
        }
        None => control::answer(&site, request).await,
    }
}
