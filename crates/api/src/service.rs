//! The routes, and what happens between a question and its answer.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use ground::{Clock, Db, DbError, Instant};
use hashcheck::Counted;

use crate::answer::{Answer, Said};
use crate::clients::{self, Clients, Known};
use crate::counts;
use crate::lists::{Found, Hash, Lists, NotLoaded};
use crate::problem::Problem;
use crate::question::{self, Asked};

/// Largest body, in bytes.
pub const BODY_BYTES: usize = 256 * 1_024;
/// Hashes of one question looked up before others have their turn.
const TURN: usize = 32;
/// The description of the service, OpenAPI 3.1.
const OPENAPI: &str = include_str!("openapi.json");

/// What the service is made of.
pub struct Parts {
    /// The records, for clients and counts.
    pub db: Db,
    /// The time.
    pub clock: Clock,
    /// The key under which the digests of keys are made.
    pub key_digests: [u8; 32],
    /// The lists.
    pub lists: Arc<dyn Lists>,
}

/// The service; cheap to clone.
#[derive(Clone)]
pub struct Api(Arc<Whole>);

struct Whole {
    parts: Parts,
    clients: Clients,
}

impl Api {
    /// The service over these parts. Until [`Api::work_until`] has read the clients, nobody is let in.
    #[must_use]
    pub fn new(parts: Parts) -> Self {
        Self(Arc::new(Whole {
            parts,
            clients: Clients::default(),
        }))
    }

    /// Reads the clients again, if one was made or revoked.
    ///
    /// # Errors
    /// [`DbError`]; the clients known before stay, for a few seconds.
    pub async fn refresh(&self) -> Result<(), DbError> {
        let now = self.0.parts.clock.now();
        self.0.clients.refresh(&self.0.parts.db, now).await
    }

    /// Writes down how much was asked; to be called once more when the process stops.
    ///
    /// # Errors
    /// [`DbError`]; it is written down the next time.
    pub async fn flush(&self) -> Result<(), DbError> {
        let now = self.0.parts.clock.now();
        counts::flush(&self.0.parts.db, &self.0.clients, now).await
    }

    /// Keeps the clients up to date and writes down counts until `stop` comes; then, last, what was asked.
    /// Nothing that was asked is lost on the way, as it would be were this dropped while it writes.
    ///
    /// # Errors
    /// [`DbError`] when the last counts were not written down.
    pub async fn work_until(&self, stop: impl Future<Output = ()>) -> Result<(), DbError> {
        tokio::pin!(stop);
        let mut refresh = tokio::time::interval(clients::EVERY);
        let mut flush = tokio::time::interval(counts::EVERY);
        loop {
            tokio::select! {
                () = &mut stop => return self.flush().await,
                _ = refresh.tick() => if let Err(fault) = self.refresh().await {
                    tracing::warn!(%fault, "the clients of the hash-check were not read");
                },
                _ = flush.tick() => if let Err(fault) = self.flush().await {
                    tracing::warn!(%fault, "the counts of the hash-check were not written down");
                },
            }
        }
    }

    fn ready(&self) -> bool {
        self.0.parts.lists.ready() && self.0.clients.fresh(self.0.parts.clock.now())
    }

    /// Whose key stands in the headers.
    fn known(&self, headers: &HeaderMap, now: Instant) -> Result<Arc<Known>, Problem> {
        if !self.0.clients.fresh(now) {
            return Err(Problem::loading());
        }
        let given = headers.get(header::AUTHORIZATION);
        let given = given.and_then(|value| value.to_str().ok());
        let key = given.and_then(|text| text.strip_prefix("Bearer "));
        key.and_then(|key| {
            self.0
                .clients
                .of(key.trim(), &self.0.parts.key_digests, now)
        })
        .ok_or_else(Problem::no_key)
    }

    /// Looks every hash up within the quota, counts, and watches.
    async fn answer(
        &self,
        known: &Known,
        asked: &[Asked],
        now: Instant,
    ) -> Result<Answer, Problem> {
        if !self.0.parts.lists.ready() {
            return Err(Problem::loading());
        }
        let hashes = u32::try_from(asked.len()).unwrap_or(u32::MAX);
        let taken = known.doing().spent.take(known.client.quota, hashes, now);
        taken.map_err(Problem::from)?;
        let mut looked = Vec::with_capacity(asked.len());
        for (turn, some) in asked.chunks(TURN).enumerate() {
            if turn > 0 {
                tokio::task::yield_now().await;
            }
            for one in some {
                looked.push(match one {
                    Asked::LowQuality => None,
                    Asked::Look(hash) => {
                        let found = self.0.parts.lists.look_up(hash);
                        Some((*hash, found.map_err(|NotLoaded| Problem::loading())?))
                    }
                });
            }
        }
        Ok(Answer {
            results: noted(known, looked, now),
        })
    }
}

/// Counts and watches what was looked up; what is said of each hash.
fn noted(known: &Known, looked: Vec<Option<(Hash, Option<Found>)>>, now: Instant) -> Vec<Said> {
    let mut counted = Counted::default();
    let mut doing = known.doing();
    let mut said = Vec::with_capacity(looked.len());
    for one in looked {
        let Some((hash, found)) = one else {
            counted.not_checked += 1;
            let reason = "low-quality";
            said.push(Said::NotChecked { reason });
            continue;
        };
        counted.checks += 1;
        counted.matches += u32::from(found.is_some());
        let pdq = match hash {
            Hash::Pdq(hash) => Some(hash),
            Hash::Md5(_) | Hash::Sha1(_) | Hash::Sha256(_) => None,
        };
        let entry = found.as_ref().map(|found| found.entry);
        if let Some(kind) = doing.watch.saw(pdq, entry, (known.client.quota, now)) {
            doing.pending.alarm(kind);
        }
        said.push(found.map_or(Said::NoMatch, |found| Said::Match {
            category: found.category,
        }));
    }
    doing.pending.add(counted, now);
    said
}

/// The service, ready to be served.
pub fn router(api: Api) -> Router {
    Router::new()
        .route("/v1/hash-check", post(hash_check).fallback(only_post))
        .route("/v1/openapi.json", get(openapi))
        .route("/v1/status", get(status))
        .fallback(nowhere)
        .with_state(api)
}

/// `POST /v1/hash-check`.
async fn hash_check(State(api): State<Api>, request: Request) -> Response {
    match checked(&api, request).await {
        Ok(answer) => json(
            StatusCode::OK,
            serde_json::to_string(&answer).unwrap_or_default(),
        ),
        Err(problem) => problem.into_response(),
    }
}

async fn checked(api: &Api, request: Request) -> Result<Answer, Problem> {
    let now = api.0.parts.clock.now();
    let (head, body) = request.into_parts();
    let known = api.known(&head.headers, now)?;
    if head.uri.query().is_some() {
        return Err(Problem::parameters());
    }
    if !is_json(&head.headers) {
        return Err(Problem::media_type());
    }
    let body = read(body).await?;
    let asked = question::read(&body)?;
    api.answer(&known, &asked, now).await
}

async fn read(body: Body) -> Result<bytes::Bytes, Problem> {
    axum::body::to_bytes(body, BODY_BYTES)
        .await
        .map_err(|_| Problem::too_large())
}

fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE);
    let kind = kind
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    kind.eq_ignore_ascii_case("application/json")
}

/// Nothing that is answered may be kept by whoever stands between.
fn json(status: StatusCode, body: String) -> Response {
    let kind = HeaderValue::from_static("application/json");
    let keep = HeaderValue::from_static("no-store");
    let headers = [(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, keep)];
    (status, headers, body).into_response()
}

/// `GET /v1/openapi.json`.
async fn openapi() -> Response {
    json(StatusCode::OK, OPENAPI.to_owned())
}

/// `GET /v1/status`: whether questions can be answered.
async fn status(State(api): State<Api>) -> Response {
    if api.ready() {
        json(StatusCode::OK, "{\"status\":\"ready\"}".to_owned())
    } else {
        let body = "{\"status\":\"loading\"}".to_owned();
        json(StatusCode::SERVICE_UNAVAILABLE, body)
    }
}

async fn only_post() -> Response {
    let detail = "Questions are sent with POST.";
    let status = StatusCode::METHOD_NOT_ALLOWED;
    let mut answer =
        Problem::new(status, "method", "The method is not allowed", detail).into_response();
    let post = HeaderValue::from_static("POST");
    answer.headers_mut().insert(header::ALLOW, post);
    answer
}

async fn nowhere() -> Problem {
    let detail = "There is /v1/hash-check, /v1/status and /v1/openapi.json.";
    Problem::new(
        StatusCode::NOT_FOUND,
        "address",
        "There is nothing here",
        detail,
    )
}

#[cfg(test)]
#[path = "service_tests.rs"]
mod tests;
