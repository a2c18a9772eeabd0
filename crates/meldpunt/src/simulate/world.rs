//! The played outside: name servers, web servers, registries and the mail relay of the year. It answers
//! where bytes come in from the network, and knows what is true.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::{Mutex, MutexGuard, PoisonError};

use egress::{
    Accepted, Coming, ConnectFault, ConnectKind, Courier, DnsFault, FetchError, Fetched, HeaderMap,
    Mail, Played, SendError, Stage,
};
use ground::{Clock, Instant};
use sha2::{Digest as _, Sha256};
use tokio::sync::Notify;
use url::Url;

use super::plan::{Failing, Plan, drawn};
use super::registry;
use super::truth::{Item, Shown};

/// The name of our canary, and what stands in its answer.
pub const CANARY: &str = "canary.example";
/// What the canary says.
pub const CANARY_WORDS: &str = "the canary sings";
/// The name of the registry.
pub const REGISTRY: &str = "registry.example";

/// What happened so far.
#[derive(Default)]
pub struct State {
    /// All items that were reported, by number.
    pub items: Vec<Item>,
    /// How often each message was handed to the relay.
    handed: HashMap<String, u32>,
    /// How often each message was taken over by the relay.
    taken: HashMap<String, u32>,
    betrayed: u32,
    reminders: u32,
    astray: u32,
    looks: u64,
    kills: u32,
}

/// What is left to look at when the year is over.
pub struct Snapshot {
    /// All items.
    pub items: Vec<Item>,
    /// Messages taken over more than once.
    pub second_copies: u32,
    /// Mails that named what was held.
    pub betrayed: u32,
    /// Items named in reminders.
    pub reminders: u32,
    /// Of these, named to a provider that had not been told a day before.
    pub astray: u32,
    /// Deaths of the program.
    pub kills: u32,
}

impl State {
    /// What is left to look at.
    #[must_use]
    pub fn snapshot(&self) -> Snapshot {
        let twice = self.taken.values().filter(|times| **times > 1).count();
        Snapshot {
            items: self.items.clone(),
            second_copies: u32::try_from(twice).unwrap_or(u32::MAX),
            betrayed: self.betrayed,
            reminders: self.reminders,
            astray: self.astray,
            kills: self.kills,
        }
    }
}

/// The played outside.
pub struct World {
    /// What is planned.
    pub plan: Plan,
    clock: Clock,
    state: Mutex<State>,
    killed: Notify,
}

impl World {
    /// A world in which nothing was reported yet.
    #[must_use]
    pub fn new(plan: Plan, clock: Clock) -> Self {
        Self {
            plan,
            clock,
            state: Mutex::new(State::default()),
            killed: Notify::new(),
        }
    }

    /// What happened so far.
    pub fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until the program is to die in the middle of what it does.
    pub async fn killed(&self) {
        self.killed.notified().await;
    }

    /// The bytes of an item: a few that look like a picture, each item its own.
    #[must_use]
    pub fn bytes(n: u32) -> Vec<u8> {
        [b"\x89PNG\r\n\x1a\n".as_slice(), n.to_string().as_bytes()].concat()
    }

    fn chance(&self, what: &[u64], one_in: u64) -> bool {
        drawn(self.plan.size.seed, what).is_multiple_of(one_in)
    }

    /// What our own failure makes of asking anybody; none while nothing of ours fails.
    fn our_failure(&self, now: Instant, url: &Url) -> Option<Result<Fetched, FetchError>> {
        let nobody = IpAddr::V4(Ipv4Addr::UNSPECIFIED);
        match self.plan.failing(now)? {
            Failing::Line => Some(Err(FetchError::Connect(ConnectFault {
                ip: nobody,
                kind: ConnectKind::OurNetwork,
                said: "no route".into(),
            }))),
            Failing::Silence => Some(Err(FetchError::Timeout(Stage::Waiting))),
            Failing::Names => Some(Err(FetchError::Dns(DnsFault::NoSuchName))),
            Failing::NotFound => Some(Ok(page(404, "Not found", url, nobody))),
            Failing::Portal => Some(Ok(page(200, "Page not found", url, nobody))),
            Failing::Relay | Failing::Registry => None,
        }
    }

    /// What is answered for an item, and what we may know since.
    fn item_answer(&self, n: u32, url: &Url, now: Instant) -> Option<Result<Fetched, FetchError>> {
        let mut state = self.state();
        state.looks += 1;
        let looks = state.looks;
        if self.chance(&[30, looks], 20_000) {
            state.kills += 1;
            return None;
        }
        let item = state.items.get_mut(n as usize)?;
        let index = item.stay_at(now)?;
        let provider = item.stays.get(index)?.provider;
        let ip = address_of(provider);
        if self.chance(&[31, n.into(), now.ms().unsigned_abs()], 100) {
            item.hiccups.push(now);
            return Some(match looks % 3 {
                0 => Ok(page(503, "Service unavailable", url, ip)),
                1 => Err(FetchError::Timeout(Stage::Waiting)),
                _ => Ok(page(200, "Just a moment, are you human?", url, ip)),
            });
        }
        let shown = item.shown(now);
        if shown == Shown::Picture
            && let Some(stay) = item.stays.get_mut(index)
        {
            stay.known.get_or_insert(now);
        }
        Some(match shown {
            Shown::Picture => Ok(answer(200, Self::bytes(n), url, ip)),
            Shown::ShutOut => Ok(page(403, "Forbidden", url, ip)),
            Shown::NotThere => match provider % 4 {
                0 => Ok(page(404, "Not found", url, ip)),
                1 => Ok(page(410, "Gone", url, ip)),
                2 => Ok(page(200, "This picture has been removed", url, ip)),
                _ => Err(FetchError::Dns(DnsFault::NoSuchName)),
            },
        })
    }

    fn answer_to(&self, url: &Url) -> Option<Result<Fetched, FetchError>> {
        let now = self.clock.now();
        if let Some(failed) = self.our_failure(now, url) {
            return Some(failed);
        }
        let nobody = IpAddr::V4(Ipv4Addr::new(198, 51, 100, 1));
        match url.host_str().unwrap_or_default() {
            CANARY => Some(Ok(answer(200, CANARY_WORDS.into(), url, nobody))),
            REGISTRY if self.plan.failing(now) == Some(Failing::Registry) => {
                Some(Ok(page(503, "Service unavailable", url, nobody)))
            }
            REGISTRY => {
                let said = registry::answer(url);
                let status = if said.is_some() { 200 } else { 404 };
                Some(Ok(answer(
                    status,
                    said.unwrap_or_default().into_bytes(),
                    url,
                    nobody,
                )))
            }
            host => match number_of(host) {
                Some(n) => self.item_answer(n, url, now),
                None => Some(Err(FetchError::Dns(DnsFault::NoSuchName))),
            },
        }
    }

    /// What the relay does with a message; none when the program dies while it waits for that.
    fn handed(&self, mail: &Mail) -> Option<Result<Accepted, SendError>> {
        let now = self.clock.now();
        if self
            .plan
            .failing(now)
            .is_some_and(|what| what != Failing::Registry)
        {
            return Some(Err(SendError::NotReached("no route".into())));
        }
        let to = mail.to.first().cloned().unwrap_or_default();
        let Some((provider, second)) = registry::desk_of(&to) else {
            return Some(Err(SendError::Permanent("550 5.1.1".into())));
        };
        if !second && registry::first_desk_is_dead(provider) {
            return Some(Err(SendError::Permanent("550 5.1.1".into())));
        }
        let mut state = self.state();
        let times = state.handed.entry(mail.message_id.clone()).or_default();
        *times += 1;
        let about = [32, u64::from(*times), hashed(&mail.message_id)];
        let fate = drawn(self.plan.size.seed, &about) % 1_000;
        match fate {
            0..50 => Some(Err(SendError::Transient("451 4.7.1".into()))),
            50..70 => Some(Err(SendError::Unknown("it did not answer in time".into()))),
            70..75 => {
                state.kills += 1;
                None
            }
            75..80 => {
                state.kills += 1;
                self.accept(&mut state, provider, mail, now);
                None
            }
            80..85 => {
                self.accept(&mut state, provider, mail, now);
                Some(Err(SendError::Unknown("the connection was lost".into())))
            }
            _ => {
                self.accept(&mut state, provider, mail, now);
                Some(Ok(Accepted {
                    reply: "250 2.0.0".into(),
                }))
            }
        }
    }

    fn accept(&self, state: &mut State, provider: u32, mail: &Mail, now: Instant) {
        let times = state.taken.entry(mail.message_id.clone()).or_default();
        *times += 1;
        // A receiving system knows a second copy by its Message-ID.
        if *times > 1 {
            return;
        }
        let reminds = String::from_utf8_lossy(&mail.raw_message).contains("] Herinnering: ");
        for n in named_in(&mail.raw_message) {
            let Some(item) = state.items.get_mut(n as usize) else {
                continue;
            };
            if reminds {
                let due = item.was_told(provider, now);
                state.reminders += 1;
                state.astray += u32::from(!due);
                continue;
            }
            if item.held {
                state.betrayed += 1;
            }
            item.told(&self.plan, provider, &mail.message_id, now);
        }
    }
}

impl Played for World {
    fn resolve(&self, host: &str) -> Result<Vec<IpAddr>, DnsFault> {
        let now = self.clock.now();
        match self.plan.failing(now) {
            Some(Failing::Line) => return Err(DnsFault::ServerFailure("no route".into())),
            Some(Failing::Silence) => return Err(DnsFault::Timeout),
            Some(Failing::Names) => return Err(DnsFault::NoSuchName),
            _ => {}
        }
        let n = number_of(host).ok_or(DnsFault::NoSuchName)?;
        let state = self.state();
        let item = state.items.get(n as usize).ok_or(DnsFault::NoSuchName)?;
        let stay = item.stay_at(now).and_then(|index| item.stays.get(index));
        let stay = stay.ok_or(DnsFault::NoSuchName)?;
        if stay.provider % 4 == 3 && item.shown(now) == Shown::NotThere {
            return Err(DnsFault::NoSuchName);
        }
        Ok(vec![address_of(stay.provider)])
    }

    fn fetch<'a>(&'a self, url: &'a Url) -> Coming<'a, Result<Fetched, FetchError>> {
        Box::pin(async move {
            match self.answer_to(url) {
                Some(answer) => answer,
                None => {
                    self.killed.notify_one();
                    std::future::pending().await
                }
            }
        })
    }
}

impl Courier for World {
    fn send<'a>(&'a self, mail: &'a Mail) -> Coming<'a, Result<Accepted, SendError>> {
        Box::pin(async move {
            match self.handed(mail) {
                Some(answer) => answer,
                None => {
                    self.killed.notify_one();
                    std::future::pending().await
                }
            }
        })
    }
}

/// The address of a provider's servers; every third has IPv6 only.
#[must_use]
pub fn address_of(provider: u32) -> IpAddr {
    let [_, _, high, low] = provider.to_be_bytes();
    if provider % 3 == 2 {
        let group = u16::from_be_bytes([high, low]);
        IpAddr::V6(Ipv6Addr::new(0x2001, 0xdb8, group, 0, 0, 0, 0, 0x10))
    } else {
        IpAddr::V4(Ipv4Addr::new(198, 18 + high, low, 10))
    }
}

/// The number of the item whose host this is.
fn number_of(host: &str) -> Option<u32> {
    host.strip_suffix(".example")?
        .strip_prefix('i')?
        .parse()
        .ok()
}

/// The items a mail names: each has a host of its own.
fn named_in(raw: &[u8]) -> std::collections::BTreeSet<u32> {
    let text = String::from_utf8_lossy(raw).replace("=\r\n", "");
    let hosts = text.split("http://").skip(1);
    hosts
        .filter_map(|rest| number_of(rest.split('/').next()?))
        .collect()
}

fn hashed(text: &str) -> u64 {
    let [a, b, c, d, e, f, g, h, ..] = <[u8; 32]>::from(Sha256::digest(text.as_bytes()));
    u64::from_be_bytes([a, b, c, d, e, f, g, h])
}

fn page(status: u16, title: &str, url: &Url, ip: IpAddr) -> Fetched {
    let body = format!("<!doctype html><title>{title}</title><h1>{title}</h1>");
    answer(status, body.into_bytes(), url, ip)
}

fn answer(status: u16, body: Vec<u8>, url: &Url, ip: IpAddr) -> Fetched {
    Fetched {
        status,
        headers: HeaderMap::new(),
        sha256: Sha256::digest(&body).into(),
        length: body.len(),
        cut: false,
        body,
        ip,
        final_url: url.clone(),
        redirects: Vec::new(),
        took_ms: 1,
        certificates_sha256: None,
    }
}
