//! The book of everything a visit asked and was answered, for the evidence.
//!
//! Pictures are in it by their digests: their bytes are said as pictures. What else a page is made of
//! is kept as it came, as long as there is room.

use std::collections::HashMap;

use data_encoding::{BASE64, HEXLOWER};
use ground::Clock;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::child::watch::Watch;
use crate::wire::{Exchange, ShownBy};

/// Most exchanges that are written down.
pub const EXCHANGES_MAX: usize = 3_000;
/// Most bytes of one answer, and of all, that are kept; pictures are not counted.
const BODY_MAX: u64 = 8 << 20;
const BODIES_MAX: u64 = 32 << 20;
/// Most headers of one side, and the longest value.
const HEADERS_MAX: usize = 100;
const VALUE_MAX: usize = 2 << 10;
/// Longest address that is written down, in bytes.
const ADDRESS_MAX: usize = 8 << 10;
/// Most servers whose certificates are asked for.
const SERVERS_MAX: usize = 20;
/// Most certificates of one server.
const CHAIN_MAX: usize = 10;

/// A request's name: the session that made it and its id there.
type Name = (String, String);

/// The book.
#[derive(Debug, Default)]
pub struct Traffic {
    open: HashMap<Name, Exchange>,
    over: Vec<(Exchange, Vec<u8>)>,
    held: u64,
    written: usize,
}

impl Traffic {
    /// Takes note of what the browser says; the name of a request whose answer is to be fetched.
    pub fn heed(&mut self, session: &str, method: &str, params: &Value) -> Option<Name> {
        let id = params["requestId"].as_str()?.to_owned();
        let name = (session.to_owned(), id);
        match method {
            "Network.requestWillBeSent" => self.asked(name, params),
            "Network.responseReceived" => self.answered(&name, &params["response"]),
            "Network.loadingFailed" => {
                let why = params["errorText"].as_str().unwrap_or("it failed");
                if let Some(mut one) = self.open.remove(&name) {
                    one.fault = Some(why.to_owned());
                    one.truncated = one.status.is_some();
                    self.over.push((one, Vec::new()));
                }
            }
            "Network.loadingFinished" => {
                let length = params["encodedDataLength"].as_f64().unwrap_or(0.0);
                return self.wanted(&name, length.max(0.0) as u64).then_some(name);
            }
            _ => {}
        }
        None
    }

    fn asked(&mut self, name: Name, params: &Value) {
        let request = &params["request"];
        // A redirect is the answer to the request of the same name before it.
        if params["redirectResponse"].is_object() {
            self.answered(&name, &params["redirectResponse"]);
            self.finish(&name, None);
        }
        let address = request["url"].as_str().unwrap_or_default();
        if !address.starts_with("http") || self.written >= EXCHANGES_MAX {
            return;
        }
        self.written += 1;
        let seconds = params["wallTime"].as_f64().unwrap_or(0.0);
        let exchange = Exchange {
            at_ms: (seconds * 1_000.0) as i64,
            method: request["method"].as_str().unwrap_or("GET").to_owned(),
            address: short(address),
            asked_with: headers_of(&request["headers"]),
            status: None,
            headers: Vec::new(),
            sha256: None,
            truncated: false,
            fault: None,
        };
        self.open.insert(name, exchange);
    }

    fn answered(&mut self, name: &Name, response: &Value) {
        if let Some(one) = self.open.get_mut(name) {
            let status = response["status"].as_u64().unwrap_or(0);
            one.status = u16::try_from(status).ok().filter(|status| *status != 0);
            one.headers = headers_of(&response["headers"]);
            refused_by_us(one);
        }
    }

    /// Whether the answer is one whose bytes are kept here; an answer that is not is closed.
    fn wanted(&mut self, name: &Name, length: u64) -> bool {
        let Some(one) = self.open.get_mut(name) else {
            return false;
        };
        let is_picture = one.headers.iter().any(|(name, value)| {
            let value = value.to_ascii_lowercase();
            name.eq_ignore_ascii_case("content-type")
                && (value.starts_with("image/") || value.starts_with("video/"))
        });
        // Whoever fetches the picture tells its digest; when nobody does, the browser is asked.
        if is_picture || one.status.is_none() {
            return false;
        }
        if length > BODY_MAX || self.held + length > BODIES_MAX {
            one.truncated = true;
            self.finish(name, None);
            return false;
        }
        self.held += length;
        true
    }

    /// What an answer held, when it is kept here.
    pub fn body(&mut self, name: &Name, bytes: Option<Vec<u8>>) {
        self.finish(name, bytes);
    }

    /// What an answer held that is said as a picture.
    pub fn picture(&mut self, name: &Name, bytes: &[u8]) {
        if let Some(mut one) = self.open.remove(name) {
            one.sha256 = Some(HEXLOWER.encode(&Sha256::digest(bytes)));
            self.over.push((one, Vec::new()));
        }
    }

    fn finish(&mut self, name: &Name, bytes: Option<Vec<u8>>) {
        if let Some(mut one) = self.open.remove(name) {
            let bytes = bytes.unwrap_or_default();
            if !bytes.is_empty() {
                one.sha256 = Some(HEXLOWER.encode(&Sha256::digest(&bytes)));
            }
            self.over.push((one, bytes));
        }
    }

    /// Writes down a plain request; `bytes` are kept here unless they are a picture.
    pub fn plain(&mut self, mut exchange: Exchange, bytes: &[u8], is_picture: bool) {
        if self.written >= EXCHANGES_MAX {
            return;
        }
        self.written += 1;
        exchange.address = short(&exchange.address);
        refused_by_us(&mut exchange);
        let length = bytes.len() as u64;
        let fits = length <= BODY_MAX && self.held + length <= BODIES_MAX;
        let mut kept = Vec::new();
        if exchange.status.is_some() && !bytes.is_empty() && (is_picture || fits) {
            exchange.sha256 = Some(HEXLOWER.encode(&Sha256::digest(bytes)));
            if !is_picture {
                self.held += length;
                kept = bytes.to_vec();
            }
        } else {
            exchange.truncated |= !bytes.is_empty();
        }
        self.over.push((exchange, kept));
    }

    /// Takes everything out, by time; what had no end has that as its fault.
    pub fn take(&mut self) -> Vec<(Exchange, Vec<u8>)> {
        let mut all = std::mem::take(&mut self.over);
        for (_, mut one) in self.open.drain() {
            one.truncated = one.status.is_some();
            one.fault
                .get_or_insert_with(|| "it was still loading".into());
            all.push((one, Vec::new()));
        }
        all.sort_by_key(|(one, _)| one.at_ms);
        all
    }
}

/// An answer of the way out itself is no server's: it is why there was none.
fn refused_by_us(one: &mut Exchange) {
    let mut headers = one.headers.iter();
    let own = headers.find(|(name, _)| name.eq_ignore_ascii_case(egress::FAULT_HEADER));
    if let Some(why) = own.map(|(_, why)| why.clone())
        && one.status.is_some_and(|status| status >= 400)
    {
        one.status = None;
        one.headers.clear();
        one.fault = Some(format!("not reached: {why}"));
    }
}

fn headers_of(object: &Value) -> Vec<(String, String)> {
    let pairs = object.as_object().into_iter().flatten().take(HEADERS_MAX);
    pairs
        .map(|(name, value)| bounded(name, value.as_str().unwrap_or_default()))
        .collect()
}

/// One header, cut to what is written down.
pub fn bounded(name: &str, value: &str) -> (String, String) {
    let cut = |text: &str| text[..text.floor_char_boundary(VALUE_MAX)].to_owned();
    (cut(name), cut(value))
}

fn short(address: &str) -> String {
    address[..address.floor_char_boundary(ADDRESS_MAX)].to_owned()
}

/// The moment, by the child's own clock.
pub fn now_ms() -> i64 {
    Clock::system().now().ms()
}

/// Asks the browser for the certificates of the servers it spoke with.
pub async fn certificates(watch: &Watch, over: &[(Exchange, Vec<u8>)]) -> Vec<ShownBy> {
    let mut servers: Vec<(String, u16)> = Vec::new();
    for (one, _) in over.iter().filter(|(one, _)| one.status.is_some()) {
        let Ok(url) = url::Url::parse(&one.address) else {
            continue;
        };
        if let ("https", Some(host), Some(port)) =
            (url.scheme(), url.host_str(), url.port_or_known_default())
            && !servers
                .iter()
                .any(|known| known.0 == host && known.1 == port)
            && servers.len() < SERVERS_MAX
        {
            servers.push((host.to_owned(), port));
        }
    }
    let mut shown = Vec::new();
    for (host, port) in servers {
        let origin = match port {
            443 => format!("https://{host}"),
            _ => format!("https://{host}:{port}"),
        };
        let asked = json!({ "origin": origin });
        let patience = std::time::Duration::from_secs(1);
        let answer = watch
            .cdp
            .call(&watch.session, "Network.getCertificate", asked, patience)
            .await
            .unwrap_or_default();
        let chain = answer["tableNames"].as_array().into_iter().flatten();
        let sha256: Vec<String> = chain
            .take(CHAIN_MAX)
            .filter_map(|one| BASE64.decode(one.as_str()?.as_bytes()).ok())
            .map(|der| HEXLOWER.encode(&Sha256::digest(der)))
            .collect();
        if !sha256.is_empty() {
            shown.push(ShownBy { host, port, sha256 });
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(traffic: &mut Traffic, method: &str, params: Value) -> Option<Name> {
        traffic.heed("s", method, &params)
    }

    fn ask(traffic: &mut Traffic, id: &str, address: &str, seconds: f64) {
        let request = json!({ "url": address, "method": "GET", "headers": { "A": "b" } });
        let params = json!({ "requestId": id, "request": request, "wallTime": seconds });
        told(traffic, "Network.requestWillBeSent", params);
    }

    fn answer(traffic: &mut Traffic, id: &str, status: u16, headers: Value) {
        let response = json!({ "status": status, "headers": headers });
        let params = json!({ "requestId": id, "response": response });
        told(traffic, "Network.responseReceived", params);
    }

    #[test]
    fn a_redirect_is_the_answer_to_the_first_of_two_requests() {
        let mut traffic = Traffic::default();
        ask(&mut traffic, "1", "http://a.example/", 1.0);
        let sent_on = json!({ "status": 302, "headers": { "Location": "/b" } });
        let request = json!({ "url": "http://a.example/b", "method": "GET", "headers": {} });
        let params = json!({
            "requestId": "1", "request": request, "wallTime": 1.5, "redirectResponse": sent_on
        });
        told(&mut traffic, "Network.requestWillBeSent", params);
        answer(
            &mut traffic,
            "1",
            200,
            json!({ "Content-Type": "text/html" }),
        );
        let finished = json!({ "requestId": "1", "encodedDataLength": 4 });
        let name = told(&mut traffic, "Network.loadingFinished", finished).unwrap();
        traffic.body(&name, Some(b"page".to_vec()));
        let all = traffic.take();
        let statuses: Vec<_> = all.iter().map(|(one, _)| one.status).collect();
        assert_eq!(statuses, [Some(302), Some(200)]);
        assert_eq!((all[1].0.at_ms, all[1].1.as_slice()), (1_500, &b"page"[..]));
    }

    #[test]
    fn a_picture_is_known_by_its_digest_and_its_bytes_are_not_kept() {
        let mut traffic = Traffic::default();
        ask(&mut traffic, "1", "http://a.example/1.png", 1.0);
        answer(
            &mut traffic,
            "1",
            200,
            json!({ "content-type": "image/png" }),
        );
        let finished = json!({ "requestId": "1", "encodedDataLength": 9 });
        assert_eq!(
            told(&mut traffic, "Network.loadingFinished", finished),
            None
        );
        traffic.picture(&("s".into(), "1".into()), b"a picture");
        let all = traffic.take();
        assert!(all[0].0.sha256.is_some() && all[0].1.is_empty());
    }

    #[test]
    fn the_way_outs_own_refusal_is_no_answer_of_the_server() {
        let mut traffic = Traffic::default();
        ask(&mut traffic, "1", "http://a.example/", 1.0);
        answer(
            &mut traffic,
            "1",
            403,
            json!({ "X-Egress-Refused": "a private address" }),
        );
        let (one, _) = &traffic.take()[0];
        assert_eq!((one.status, one.headers.len()), (None, 0));
        assert!(one.fault.as_deref().unwrap().contains("a private address"));
    }

    #[test]
    fn more_than_there_is_room_for_is_said_to_be_cut() {
        let mut traffic = Traffic::default();
        ask(&mut traffic, "1", "http://a.example/", 1.0);
        answer(
            &mut traffic,
            "1",
            200,
            json!({ "content-type": "text/html" }),
        );
        let finished = json!({ "requestId": "1", "encodedDataLength": BODY_MAX + 1 });
        assert_eq!(
            told(&mut traffic, "Network.loadingFinished", finished),
            None
        );
        assert!(traffic.take()[0].0.truncated);
        for number in 0..EXCHANGES_MAX + 10 {
            ask(&mut traffic, &number.to_string(), "http://a.example/", 1.0);
        }
        assert_eq!(traffic.take().len(), EXCHANGES_MAX - 1);
    }
}
