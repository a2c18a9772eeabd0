//! `meldpunt check FILE…`: a provider asks a hash-check service before it publishes.
//!
//! The hashes are made here; no file leaves the machine. One JSON line for each file; the exit code is 3
//! when one is on a list, 1 when one could not be checked, and 0 when none is on a list.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context as _;
use axum::http::{HeaderValue, header};
use capture::Digests;
use clap::Args;
use data_encoding::HEXLOWER;
use egress::{Guard, HttpClient, Policy, Request, Resolver};
use pdq::{NotHashable, Outcome};
use serde::Deserialize;
use serde_json::{Value, json};
use url::{Host, Url};

use crate::{hash, say, serve};

/// `meldpunt check …`
#[derive(Args)]
pub struct CheckArgs {
    /// The files.
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// The service, as https://hashcheck.example. One on a private network, and one without TLS, is asked
    /// only when it is given by its IP address.
    #[arg(long)]
    service: Url,
    /// A file that holds the key.
    #[arg(long)]
    key_file: PathBuf,
}

/// Exit code when a file is on a list.
const MATCHED: u8 = 3;
/// Files of one question; each has at most five hashes, and a question at most 1,000.
const AT_ONCE: usize = 200;
/// The problem of a question with too many hashes.
const TOO_MANY: &str = "urn:meldpunt:problem:number";
/// The longest that is waited for a quota: that of a minute, never that of a day.
const LONGEST: Duration = Duration::from_secs(60);
/// So often in a row: others may ask with the same key.
const WAITS: u32 = 5;

/// Asks for all files.
///
/// # Errors
/// A full sentence when the service's address or the key cannot be used.
pub async fn run(args: &CheckArgs) -> anyhow::Result<ExitCode> {
    let service = Service::new(&args.service, &args.key_file)?;
    let (mut matched, mut failed) = (false, false);
    for files in args.files.chunks(AT_ONCE) {
        let made: Vec<Made> = files.iter().map(|file| made(file)).collect();
        for line in service.ask(&made).await {
            matched |= line["result"] == "match";
            failed |= !line["error"].is_null();
            say(&format!("{line}\n"));
        }
    }
    Ok(match (matched, failed) {
        (true, _) => ExitCode::from(MATCHED),
        (false, true) => ExitCode::FAILURE,
        (false, false) => ExitCode::SUCCESS,
    })
}

/// What was made of one file.
struct Made {
    file: String,
    /// The hashes to be asked, or why the file cannot be read.
    hashes: Result<Vec<Value>, String>,
    /// Why it is not compared by its look.
    not_as_picture: Option<String>,
}

fn made(file: &Path) -> Made {
    let name = file.display().to_string();
    match hash::read(file) {
        Ok(bytes) => hashed(name, &bytes),
        Err(why) => Made {
            file: name,
            hashes: Err(why),
            not_as_picture: None,
        },
    }
}

fn hashed(file: String, bytes: &[u8]) -> Made {
    let digests = Digests::of(bytes);
    let mut hashes = vec![
        json!({ "kind": "sha256", "hash": HEXLOWER.encode(&digests.sha256) }),
        json!({ "kind": "sha1", "hash": HEXLOWER.encode(&digests.sha1) }),
        json!({ "kind": "md5", "hash": HEXLOWER.encode(&digests.md5) }),
    ];
    let not_as_picture = match hash::look(bytes) {
        Ok(Outcome::Hashed(both)) => {
            for (kind, one) in [("pdq", &both.full), ("pdq_512", &both.reduced)] {
                let hash = one.hash.to_string();
                hashes.push(json!({ "kind": kind, "hash": hash, "quality": one.quality }));
            }
            None
        }
        Ok(Outcome::NotHashable(NotHashable::Flat)) => Some("flat".into()),
        Ok(Outcome::NotHashable(NotHashable::Tiny { .. })) => Some("tiny".into()),
        Err(fault) => Some(fault),
    };
    Made {
        file,
        hashes: Ok(hashes),
        not_as_picture,
    }
}

/// What the service says of one hash.
#[derive(Deserialize)]
#[serde(tag = "result", rename_all = "kebab-case")]
enum Said {
    Match { category: String },
    NoMatch,
    NotChecked { reason: String },
}

#[derive(Deserialize)]
struct Answer {
    results: Vec<Said>,
}

#[derive(Default, Deserialize)]
struct Problem {
    #[serde(default, rename = "type")]
    kind: String,
    detail: String,
}

/// What comes of one question.
enum Heard {
    Said(Vec<Said>),
    /// So many hashes are too many for one question.
    TooMany(String),
    /// The quota of the minute is used up for so long.
    Later(Duration, String),
}

/// A service and the key to ask it with.
struct Service {
    web: HttpClient,
    question: Url,
    bearer: HeaderValue,
}

impl Service {
    fn new(service: &Url, key_file: &Path) -> anyhow::Result<Self> {
        let key = std::fs::read_to_string(key_file)
            .with_context(|| format!("The key file {} cannot be read", key_file.display()))?;
        let key = key.trim();
        hashcheck::Key::parse(key)
            .with_context(|| format!("The key in {} cannot be used", key_file.display()))?;
        let mut bearer = HeaderValue::from_str(&format!("Bearer {key}"))?;
        bearer.set_sensitive(true);
        let guard = Guard::new(
            policy(service)?,
            Resolver::system().context("The name servers of this machine cannot be used")?,
        );
        let folder = format!("{}/", service.as_str().trim_end_matches('/'));
        Ok(Self {
            web: serve::web(&guard)?,
            question: Url::parse(&folder)?.join("v1/hash-check")?,
            bearer,
        })
    }

    /// A line for each file. When the service does not answer, none of them was checked.
    async fn ask(&self, made: &[Made]) -> Vec<Value> {
        let hashes: Vec<&Value> = made
            .iter()
            .filter_map(|one| one.hashes.as_ref().ok())
            .flatten()
            .collect();
        let heard = if hashes.is_empty() {
            Ok(Vec::new())
        } else {
            self.heard(&hashes).await
        };
        let mut heard = heard.map(Vec::into_iter);
        let fault = |one: &Made, why: &str| json!({ "file": one.file, "error": why });
        let lines = made.iter().map(|one| match (&one.hashes, &mut heard) {
            (Err(why), _) => fault(one, why),
            (Ok(_), Err(why)) => fault(one, why),
            (Ok(hashes), Ok(said)) => line(one, hashes, said.take(hashes.len()).collect()),
        });
        lines.collect()
    }

    /// What is said of each hash: in smaller questions when the service takes no larger ones, and later
    /// when the quota of a minute is used up.
    async fn heard(&self, hashes: &[&Value]) -> Result<Vec<Said>, String> {
        let mut said = Vec::with_capacity(hashes.len());
        let (mut at_once, mut waits) = (hashes.len(), 0);
        while let Some(left) = hashes.get(said.len()..).filter(|left| !left.is_empty()) {
            let some = &left[..at_once.min(left.len())];
            match self.once(some).await? {
                Heard::Said(more) => {
                    said.extend(more);
                    waits = 0;
                }
                Heard::TooMany(_) if some.len() > 1 => at_once = some.len() / 2,
                Heard::Later(time, _) if waits < WAITS => {
                    tokio::time::sleep(time).await;
                    waits += 1;
                }
                Heard::TooMany(why) | Heard::Later(_, why) => return Err(why),
            }
        }
        Ok(said)
    }

    /// Asks one question.
    async fn once(&self, hashes: &[&Value]) -> Result<Heard, String> {
        let body = json!({ "hashes": hashes }).to_string();
        let request = Request::post_json(self.question.clone(), body)
            .header(header::AUTHORIZATION, self.bearer.clone());
        let answer = self
            .web
            .fetch(request)
            .await
            .map_err(|fault| format!("the service was not reached: {fault}"))?;
        if answer.status != 200 {
            let problem: Problem = serde_json::from_slice(&answer.body).unwrap_or_default();
            let why = format!("not checked ({}): {}", answer.status, problem.detail);
            let after = answer.headers.get(header::RETRY_AFTER);
            let after = after.and_then(|after| after.to_str().ok()?.parse().ok());
            let after = after.map(Duration::from_secs);
            return match (answer.status, after) {
                (422, _) if problem.kind == TOO_MANY => Ok(Heard::TooMany(why)),
                (429, Some(time)) if time <= LONGEST => Ok(Heard::Later(time, why)),
                _ => Err(why),
            };
        }
        let said: Answer = serde_json::from_slice(&answer.body)
            .map_err(|fault| format!("the service's answer cannot be read: {fault}"))?;
        if said.results.len() == hashes.len() {
            Ok(Heard::Said(said.results))
        } else {
            Err("the service did not answer for every hash".into())
        }
    }
}

/// Reaches the public internet, and a private address only when it is given by its number. A key is sent
/// without TLS to such an address alone.
fn policy(service: &Url) -> anyhow::Result<Policy> {
    let ip = match service.host() {
        Some(Host::Ipv4(ip)) => Some(ip.into()),
        Some(Host::Ipv6(ip)) => Some(ip.into()),
        Some(Host::Domain(_)) | None => None,
    };
    let private = ip.is_some_and(|ip| egress::kind_of(ip).is_some());
    anyhow::ensure!(
        service.scheme() == "https" || service.scheme() == "http" && private,
        "The service's address must begin with https://: the key would be readable on its way."
    );
    let port = service
        .port_or_known_default()
        .context("The service's address has no port")?;
    let policy = Policy::public().with_ports([port]);
    Ok(match ip {
        Some(ip) => policy.with_named_service(ip),
        None => policy,
    })
}

/// What is said of one file: on a list when one of its hashes is.
fn line(made: &Made, hashes: &[Value], said: Vec<Said>) -> Value {
    let (mut by, mut compared, mut category) = (Vec::new(), Vec::new(), None);
    let mut not_as_picture = made.not_as_picture.clone();
    for (hash, said) in hashes.iter().zip(said) {
        let kind = hash["kind"].clone();
        match said {
            Said::Match { category: told } => {
                by.push(kind.clone());
                category.get_or_insert(told);
                compared.push(kind);
            }
            Said::NoMatch => compared.push(kind),
            Said::NotChecked { reason } => not_as_picture = Some(reason),
        }
    }
    let mut line = json!({ "file": made.file, "result": "no-match", "compared": compared });
    if let Some(category) = category {
        line["result"] = "match".into();
        line["category"] = category.into();
        line["by"] = by.into();
    }
    if let Some(why) = not_as_picture {
        line["not_compared_as_picture"] = why.into();
    }
    line
}

#[cfg(test)]
mod tests;
