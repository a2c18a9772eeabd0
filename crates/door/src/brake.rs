//! Slows down who sends very fast, without a record of anybody (IN-11).
//!
//! A neighbourhood is a /24 of IPv4 or a /64 of IPv6, known only as a keyed hash; the key is random,
//! lives in memory and is replaced every hour together with all counts. Past the allowance every
//! request waits a little, up to [`LONGEST_WAIT`]; none is refused, so no report is lost.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderMap, Method, header};
use axum::middleware::Next;
use axum::response::Response;
use ground::clock::HOUR_MS;
use ground::{Chance, Clock};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::Door;

/// The longest a request is made to wait.
pub const LONGEST_WAIT: Duration = Duration::from_secs(4);
/// One request each so many milliseconds is never slowed.
const EVERY_MS: i64 = 2_000;
/// So many requests may come at once before anything is slowed.
const AT_ONCE: i64 = 20;
/// Neighbourhoods remembered at most; beyond it all are forgotten, which only helps the sender.
const MOST_NEIGHBOURS: usize = 50_000;

type Neighbour = [u8; 16];

/// The counts of this hour.
pub struct Brake {
    clock: Clock,
    chance: Chance,
    behind_proxy: bool,
    hour: Mutex<Hour>,
}

struct Hour {
    number: i64,
    key: [u8; 32],
    /// When the neighbourhood's allowance will be full again, in milliseconds since 1970.
    full_again: HashMap<Neighbour, i64>,
}

impl Brake {
    /// A brake with nothing counted.
    #[must_use]
    pub fn new(clock: Clock, chance: Chance, behind_proxy: bool) -> Self {
        let key = chance.bytes();
        let hour = Mutex::new(Hour {
            number: i64::MIN,
            key,
            full_again: HashMap::new(),
        });
        Self {
            clock,
            chance,
            behind_proxy,
            hour,
        }
    }

    /// Counts one request from `address` and says how long it should wait.
    #[must_use]
    pub fn wait(&self, address: IpAddr) -> Duration {
        let now = self.clock.now().ms();
        let mut hour = self.hour.lock().unwrap_or_else(PoisonError::into_inner);
        if hour.number != now.div_euclid(HOUR_MS) || hour.full_again.len() >= MOST_NEIGHBOURS {
            *hour = Hour {
                number: now.div_euclid(HOUR_MS),
                key: self.chance.bytes(),
                full_again: HashMap::new(),
            };
        }
        let neighbour = hashed(&hour.key, address);
        let full_again = hour.full_again.entry(neighbour).or_insert(now);
        *full_again = (*full_again).max(now).saturating_add(EVERY_MS);
        let over_ms = full_again
            .saturating_sub(now)
            .saturating_sub(EVERY_MS * AT_ONCE);
        Duration::from_millis(u64::try_from(over_ms).unwrap_or(0)).min(LONGEST_WAIT)
    }

    /// The sender's address as far as it is known: from our own proxy when there is one, else from
    /// the connection. Used for the hash and dropped.
    fn sender(&self, request: &Request) -> IpAddr {
        let forwarded = || {
            let list = request
                .headers()
                .get_all("x-forwarded-for")
                .iter()
                .next_back()?;
            list.to_str().ok()?.rsplit(',').next()?.trim().parse().ok()
        };
        let connected = || {
            request
                .extensions()
                .get::<ConnectInfo<SocketAddr>>()
                .map(|info| info.0.ip())
        };
        let known = if self.behind_proxy {
            forwarded()
        } else {
            connected()
        };
        known.unwrap_or(IpAddr::V6(Ipv6Addr::UNSPECIFIED))
    }
}

impl std::fmt::Debug for Brake {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Brake")
    }
}

fn hashed(key: &[u8; 32], address: IpAddr) -> Neighbour {
    // HMAC fills a short key up to its block of 64 bytes with noughts; so do we.
    let mut block = [0; 64];
    for (to, from) in block.iter_mut().zip(key) {
        *to = *from;
    }
    let mut mac = Hmac::<Sha256>::new(&block.into());
    match address.to_canonical() {
        IpAddr::V4(v4) => {
            let [a, b, c, _] = v4.octets();
            mac.update(&[4, a, b, c]);
        }
        IpAddr::V6(v6) => {
            let [a, b, c, d, ..] = v6.segments();
            mac.update(&[6]);
            for part in [a, b, c, d] {
                mac.update(&part.to_be_bytes());
            }
        }
    }
    let mut neighbour = Neighbour::default();
    for (to, from) in neighbour.iter_mut().zip(mac.finalize().into_bytes()) {
        *to = from;
    }
    neighbour
}

/// Lets what is sent (not what is read) wait as long as the brake says.
pub(crate) async fn slow_down(State(door): State<Door>, request: Request, next: Next) -> Response {
    if request.method() == Method::POST {
        let wait = door.brake.wait(door.brake.sender(&request));
        if !wait.is_zero() {
            tokio::time::sleep(wait).await;
        }
    }
    next.run(without_sender(request)).await
}

/// The request without anything that tells who sent it, so that no handler can write it down (IN-1).
fn without_sender(mut request: Request) -> Request {
    request.extensions_mut().remove::<ConnectInfo<SocketAddr>>();
    let mut kept = HeaderMap::new();
    for name in [
        header::CONTENT_TYPE,
        header::CONTENT_LENGTH,
        header::TRANSFER_ENCODING,
    ] {
        if let Some(value) = request.headers().get(&name) {
            kept.insert(name, value.clone());
        }
    }
    *request.headers_mut() = kept;
    request
}

#[cfg(test)]
mod tests {
    use super::*;
    use ground::{Instant, TestClock};

    fn brake() -> (TestClock, Brake) {
        let clock = TestClock::at(Instant::from_ms(1_790_000_000_000));
        (
            clock.clone(),
            Brake::new(clock.clock(), Chance::seeded(3), false),
        )
    }

    fn address(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn a_person_is_never_slowed_and_a_machine_gets_slower_up_to_a_limit() {
        let (clock, brake) = brake();
        let here = address("192.0.2.7");
        let waits: Vec<Duration> = (0..60).map(|_| brake.wait(here)).collect();
        assert!(waits.iter().take(20).all(Duration::is_zero));
        assert_eq!(waits.get(20), Some(&Duration::from_secs(2)));
        assert_eq!(waits.last(), Some(&LONGEST_WAIT));
        clock.advance_ms(10 * 60_000);
        assert!(brake.wait(here).is_zero());
    }

    #[test]
    fn neighbours_share_an_allowance_and_strangers_do_not() {
        let (_, brake) = brake();
        for _ in 0..60 {
            let _ = brake.wait(address("192.0.2.1"));
        }
        assert!(!brake.wait(address("192.0.2.250")).is_zero());
        assert!(!brake.wait(address("::ffff:192.0.2.9")).is_zero());
        assert!(brake.wait(address("198.51.100.1")).is_zero());
        for _ in 0..60 {
            let _ = brake.wait(address("2001:db8::1"));
        }
        assert!(!brake.wait(address("2001:db8::ffff:1")).is_zero());
        assert!(brake.wait(address("2001:db8:0:1::1")).is_zero());
    }

    #[test]
    fn a_new_hour_forgets_everything() {
        let (clock, brake) = brake();
        for _ in 0..5_000 {
            let _ = brake.wait(address("192.0.2.1"));
        }
        clock.advance_ms(HOUR_MS);
        assert!(brake.wait(address("192.0.2.1")).is_zero());
        assert_eq!(brake.hour.lock().unwrap().full_again.len(), 1);
    }

    #[test]
    fn no_address_is_kept_readably() {
        let (one, other) = (
            hashed(&[1; 32], address("192.0.2.1")),
            hashed(&[2; 32], address("192.0.2.1")),
        );
        assert_ne!(one, other);
        assert!(!one.windows(3).any(|part| part == [192, 0, 2]));
    }
}
