//! Makes the records of a visit and commits the manifest to them.

use std::fmt::Write as _;
use std::net::IpAddr;

use ground::{Chance, Instant};
use serde_json::json;

use crate::manifest::{Committed, Manifest};
use crate::sha256_hex;
use crate::warc::{Kind, OtherBytes, Payload, Record, RecordId, one_line};

/// Headers that say how a body was packed on the way. What is kept is the body unpacked, so a reader
/// must not unpack it again; they are kept under a name that says so.
const PACKING: [&str; 3] = ["content-encoding", "content-length", "transfer-encoding"];

/// One request and what came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exchange {
    /// When it was sent.
    pub at: Instant,
    /// `GET`, mostly.
    pub method: String,
    /// The address asked for.
    pub address: String,
    /// The headers that were sent.
    pub asked_with: Vec<(String, String)>,
    /// The status of the answer; none when there was none.
    pub status: Option<u16>,
    /// The headers of the answer.
    pub headers: Vec<(String, String)>,
    /// What it held, unpacked.
    pub payload: Option<Payload>,
    /// Why there was no answer, or no whole one.
    pub fault: Option<String>,
    /// The address that was connected to, when only one was.
    pub ip: Option<IpAddr>,
}

/// Something the visit made itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resource {
    /// Under which name, as `urn:screenshot`.
    pub name: String,
    /// Its media type.
    pub media_type: String,
    /// When.
    pub at: Instant,
    /// Its bytes, by digest.
    pub payload: Payload,
}

/// What a visit saw, to be made into records.
pub struct Exchanges<'a> {
    /// When the visit began.
    pub at: Instant,
    /// Every request, in order.
    pub exchanges: Vec<Exchange>,
    /// What it made itself.
    pub resources: Vec<Resource>,
    /// The bytes of a payload, by SHA-256.
    pub bytes_of: &'a dyn Fn(&str) -> Option<&'a [u8]>,
}

/// The records of a visit, and the manifest that commits to them.
#[derive(Debug, Clone)]
pub struct Built {
    /// The records, in order.
    pub records: Vec<Record>,
    /// The manifest.
    pub manifest: Manifest,
}

/// Makes the records and commits `manifest` to them.
///
/// # Errors
/// [`OtherBytes`] when the bytes of a payload are missing or others.
pub fn build(
    seen: &Exchanges<'_>,
    mut manifest: Manifest,
    chance: &Chance,
) -> Result<Built, OtherBytes> {
    let mut records = vec![warcinfo(seen.at, &manifest, chance)];
    for exchange in &seen.exchanges {
        let asked = request(exchange, chance);
        let answered = exchange
            .status
            .map(|status| response(exchange, status, &asked.id, chance));
        records.push(asked);
        records.extend(answered);
    }
    for resource in &seen.resources {
        records.push(Record {
            kind: Kind::Resource,
            id: RecordId::fresh(chance),
            at: resource.at,
            target: Some(resource.name.clone()),
            ip: None,
            concurrent_to: None,
            media_type: resource.media_type.clone(),
            head: String::new(),
            payload: Some(resource.payload.clone()),
        });
    }
    records.push(metadata(seen, &manifest, chance));
    manifest.records = records
        .iter()
        .map(|record| committed(record, seen))
        .collect::<Result<_, _>>()?;
    Ok(Built { records, manifest })
}

fn committed(record: &Record, seen: &Exchanges<'_>) -> Result<Committed, OtherBytes> {
    let payload = match &record.payload {
        Some(payload) => (seen.bytes_of)(&payload.sha256).ok_or(OtherBytes)?,
        None => &[],
    };
    Ok(Committed {
        id: record.id.as_str().to_owned(),
        kind: serde_json::to_value(record.kind)
            .ok()
            .and_then(|kind| kind.as_str().map(str::to_owned))
            .unwrap_or_default(),
        sha256: sha256_hex(&record.whole(payload)?),
        sha256_without_payload: sha256_hex(&record.without_payload()),
    })
}

fn warcinfo(at: Instant, manifest: &Manifest, chance: &Chance) -> Record {
    Record {
        kind: Kind::Warcinfo,
        id: RecordId::fresh(chance),
        at,
        target: None,
        ip: None,
        concurrent_to: None,
        media_type: "application/warc-fields".into(),
        head: format!(
            "software: {}\r\nformat: WARC File Format 1.1\r\nconformsTo: \
             http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/\r\n\
             description: {} visit {}; bodies of answers are as the browser unpacked them\r\n",
            one_line(&manifest.visitor.program),
            one_line(&manifest.hotline),
            one_line(&manifest.visit),
        ),
        payload: None,
    }
}

fn request(exchange: &Exchange, chance: &Chance) -> Record {
    let (host, path) = parts(&exchange.address);
    let mut head = format!("{} {path} HTTP/1.1\r\n", token(&exchange.method));
    let named = |name: &str| {
        let mut headers = exchange.asked_with.iter();
        headers.any(|(known, _)| known.eq_ignore_ascii_case(name))
    };
    if !named("host") {
        let _ = write!(head, "Host: {host}\r\n");
    }
    header_lines(&mut head, &exchange.asked_with, false);
    head.push_str("\r\n");
    record(
        exchange,
        Kind::Request,
        "application/http; msgtype=request",
        head,
        chance,
    )
}

fn response(exchange: &Exchange, status: u16, asked: &RecordId, chance: &Chance) -> Record {
    // The reason phrase means nothing and HTTP/2 has none.
    let mut head = format!("HTTP/1.1 {status} -\r\n");
    header_lines(&mut head, &exchange.headers, true);
    head.push_str("\r\n");
    let media_type = "application/http; msgtype=response";
    let mut record = record(exchange, Kind::Response, media_type, head, chance);
    record.concurrent_to = Some(asked.clone());
    record.payload.clone_from(&exchange.payload);
    record
}

fn record(
    exchange: &Exchange,
    kind: Kind,
    media_type: &str,
    head: String,
    chance: &Chance,
) -> Record {
    Record {
        kind,
        id: RecordId::fresh(chance),
        at: exchange.at,
        target: Some(exchange.address.clone()),
        ip: exchange.ip,
        concurrent_to: None,
        media_type: media_type.into(),
        head,
        payload: None,
    }
}

fn metadata(seen: &Exchanges<'_>, manifest: &Manifest, chance: &Chance) -> Record {
    let failed: Vec<_> = seen
        .exchanges
        .iter()
        .filter_map(|one| Some(json!({ "address": one.address, "fault": one.fault.as_ref()? })))
        .collect();
    let known = json!({
        "visitor": manifest.visitor,
        "redirects": manifest.redirects,
        "connections": manifest.connections,
        "certificates": manifest.certificates,
        "failed": failed,
    });
    Record {
        kind: Kind::Metadata,
        id: RecordId::fresh(chance),
        at: seen.at,
        target: Some(manifest.address.clone()),
        ip: None,
        concurrent_to: None,
        media_type: "application/json".into(),
        head: known.to_string(),
        payload: None,
    }
}

/// The host and the path of an address, as a request writes them.
fn parts(address: &str) -> (String, String) {
    let Ok(url) = url::Url::parse(address) else {
        return (String::new(), "/".into());
    };
    let mut host = url.host_str().unwrap_or_default().to_owned();
    if let Some(port) = url.port() {
        let _ = write!(host, ":{port}");
    }
    let mut path = url.path().to_owned();
    if let Some(query) = url.query() {
        path = format!("{path}?{query}");
    }
    (host, if path.is_empty() { "/".into() } else { path })
}

/// A method or the name of a header: letters, digits and a few marks, so that it can be nothing else.
fn token(text: &str) -> String {
    let fits = |c: &char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(*c);
    text.chars().filter(fits).collect()
}

fn header_lines(head: &mut String, headers: &[(String, String)], unpacked: bool) {
    for (name, value) in headers {
        let name = token(name);
        // A header of HTTP/2's own (":path") is said in the first line already.
        if name.is_empty() {
            continue;
        }
        let packing = unpacked && PACKING.contains(&name.to_ascii_lowercase().as_str());
        let mark = if packing { "X-Orig-" } else { "" };
        // The browser joins repeated headers with line feeds.
        for line in value.split('\n') {
            let _ = write!(head, "{mark}{name}: {}\r\n", one_line(line).trim());
        }
    }
}
