//! The one place where a connection to the outside is made (law 4, T18).
//!
//! A name is resolved once; every answer is checked; the connection is made to what was checked.
//! A name server that answers differently a moment later (rebinding) is never asked again.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use tokio::net::TcpStream;
use tokio::time::Instant;

use crate::exit::{Asked, check_onion, is_onion};
use crate::{ConnectFault, ConnectKind, Exit, Host, NotReached, Policy, Refusal, Resolver, Target};

/// Longest time to connect to one host, over all its addresses, in milliseconds.
const WHOLE_MS: u64 = 15_000;
/// Longest time for one address, in milliseconds.
const ONE_MS: u64 = 10_000;
/// How long the next address waits for the one before it, in milliseconds (RFC 8305).
const HEAD_START_MS: u64 = 250;
/// Most addresses of one host that are tried.
const MOST_TRIED: usize = 6;

/// The guard: the policy and the resolver; cheap to clone.
#[derive(Debug, Clone)]
pub struct Guard {
    inner: Arc<Inner>,
    exit: Option<Arc<Exit>>,
}

#[derive(Debug)]
struct Inner {
    policy: Policy,
    resolver: Resolver,
}

/// A connection that the policy allows.
#[derive(Debug)]
pub struct Connected {
    /// The connection.
    pub stream: TcpStream,
    /// The host that was asked for.
    pub host: Host,
    /// The port that was asked for.
    pub port: u16,
    /// The address that was connected to; in the demo the documentation address. None for an onion
    /// address, which has none.
    pub ip: Option<IpAddr>,
    /// The name of the exit it goes through; none when it is direct.
    pub through: Option<String>,
    /// How long resolving and connecting took, in milliseconds.
    pub took_ms: u64,
}

/// One address that was allowed: the one to show and the one to dial. They differ in the demo only.
#[derive(Debug, Clone, Copy)]
struct Way {
    shown: IpAddr,
    dial: SocketAddr,
}

impl Guard {
    /// A guard over this policy and this resolver.
    #[must_use]
    pub fn new(policy: Policy, resolver: Resolver) -> Self {
        Self {
            inner: Arc::new(Inner { policy, resolver }),
            exit: None,
        }
    }

    /// The same guard with every connection through the exit of this name. Onion addresses are still
    /// reached through theirs.
    ///
    /// # Errors
    /// [`Refusal::NoSuchExit`]: nothing goes the direct way that was to go another.
    pub fn through(&self, exit: &str) -> Result<Self, Refusal> {
        let known = self.policy().exit(exit);
        let exit = known.ok_or_else(|| Refusal::NoSuchExit(exit.chars().take(80).collect()))?;
        Ok(Self {
            inner: Arc::clone(&self.inner),
            exit: Some(Arc::new(exit.clone())),
        })
    }

    /// The policy.
    #[must_use]
    pub fn policy(&self) -> &Policy {
        &self.inner.policy
    }

    /// All addresses of a host, allowed or not, as its name server (in the demo: the stage set)
    /// gives them. An IP address is its own address.
    ///
    /// # Errors
    /// [`NotReached::Dns`], or [`NotReached::Refused`] when it is no host or a local name.
    pub async fn resolve(&self, host: &str) -> Result<Vec<IpAddr>, NotReached> {
        self.addresses(&Target::parse(host, 0)?.host).await
    }

    async fn addresses(&self, host: &Host) -> Result<Vec<IpAddr>, NotReached> {
        let name = match host {
            Host::Ip(ip) => return Ok(vec![*ip]),
            Host::Name(name) => name,
        };
        self.inner.policy.check_name(name)?;
        let staged = self.inner.policy.demo_addresses(name);
        if staged.is_empty() {
            Ok(self.inner.resolver.resolve(name).await?)
        } else {
            Ok(staged)
        }
    }

    /// Connects to a host and port, if the policy allows one of its addresses.
    ///
    /// # Errors
    /// [`NotReached`]; takes no longer than the resolver's time and 15 s.
    pub async fn connect(&self, host: &str, port: u16) -> Result<Connected, NotReached> {
        let started = Instant::now();
        let target = Target::parse(host, port)?;
        if let Some((exit, asked, ip)) = self.other_way(&target).await? {
            let stream = exit.dial(&asked).await?;
            return Ok(Connected {
                stream,
                host: target.host,
                port,
                ip,
                through: Some(exit.name.clone()),
                took_ms: milliseconds_since(started),
            });
        }
        let ways = self.ways(&target).await?;
        let raced = tokio::time::timeout(Duration::from_millis(WHOLE_MS), race(&ways));
        let (stream, way) = match raced.await {
            Ok(raced) => raced?,
            Err(_) => {
                return Err(too_slow(ways.first().map_or_else(nowhere, |way| way.shown)).into());
            }
        };
        // What was connected to must be what was checked.
        let peer = stream
            .peer_addr()
            .map_err(|f| ConnectFault::of(way.shown, &f))?;
        if peer.ip() != way.dial.ip() {
            return Err(Refusal::Forbidden(peer.ip()).into());
        }
        // A request is one small write: waiting to fill a packet only delays it.
        let _ = stream.set_nodelay(true);
        Ok(Connected {
            stream,
            host: target.host,
            port,
            ip: Some(way.shown),
            through: None,
            took_ms: milliseconds_since(started),
        })
    }

    /// The exit this target is reached through, what it is asked for, and the address to show; none
    /// when the way is direct.
    async fn other_way(
        &self,
        target: &Target,
    ) -> Result<Option<(&Exit, Asked, Option<IpAddr>)>, NotReached> {
        let policy = &self.inner.policy;
        if let Host::Name(name) = &target.host
            && is_onion(name)
        {
            policy.check_port(target.port)?;
            let exit = policy.onion_exit().ok_or(Refusal::Onion)?;
            check_onion(name)?;
            return Ok(Some((exit, Asked::Onion(name.clone(), target.port), None)));
        }
        let Some(exit) = self.exit.as_deref() else {
            return Ok(None);
        };
        let ways = self.ways(target).await?;
        let way = ways.first().ok_or(crate::DnsFault::NoAddress)?;
        Ok(Some((exit, Asked::Address(way.dial), Some(way.shown))))
    }

    /// The allowed ways to a target, at least one, IPv4 and IPv6 by turns.
    async fn ways(&self, target: &Target) -> Result<Vec<Way>, NotReached> {
        let policy = &self.inner.policy;
        policy.check_port(target.port)?;
        let name = match &target.host {
            Host::Name(name) => Some(name.as_str()),
            Host::Ip(_) => None,
        };
        let mut refused = None;
        let (mut four, mut six) = (Vec::new(), Vec::new());
        for ip in self.addresses(&target.host).await? {
            let dial = match policy.demo_way(name, ip, target.port) {
                Some(to) => Ok(to),
                None => policy
                    .check_ip(ip)
                    .map(|()| SocketAddr::new(ip, target.port)),
            };
            match dial {
                Ok(dial) if ip.is_ipv4() => four.push(Way { shown: ip, dial }),
                Ok(dial) => six.push(Way { shown: ip, dial }),
                Err(refusal) => refused = refused.or(Some(refusal)),
            }
        }
        let mut ways = by_turns(four, six);
        ways.truncate(MOST_TRIED);
        match (ways.is_empty(), refused) {
            (false, _) => Ok(ways),
            (true, Some(refusal)) => Err(refusal.into()),
            (true, None) => Err(crate::DnsFault::NoAddress.into()),
        }
    }
}

fn by_turns(four: Vec<Way>, six: Vec<Way>) -> Vec<Way> {
    let (mut four, mut six) = (four.into_iter(), six.into_iter());
    let mut all = Vec::new();
    loop {
        let pair = [four.next(), six.next()];
        if pair.iter().all(Option::is_none) {
            return all;
        }
        all.extend(pair.into_iter().flatten());
    }
}

/// Tries the ways one after the other, each with a head start, and takes the first that connects.
async fn race(ways: &[Way]) -> Result<(TcpStream, Way), ConnectFault> {
    let mut waiting = ways.iter().copied();
    let mut running = FuturesUnordered::new();
    let mut first_fault = None;
    loop {
        let more = match waiting.next() {
            Some(way) => {
                running.push(dial(way));
                true
            }
            None => false,
        };
        tokio::select! {
            ended = running.next() => match ended {
                Some(Ok(connected)) => return Ok(connected),
                Some(Err(fault)) => first_fault = better(first_fault, fault),
                None => return Err(first_fault.unwrap_or_else(|| too_slow(nowhere()))),
            },
            () = tokio::time::sleep(Duration::from_millis(HEAD_START_MS)), if more => {}
        }
    }
}

/// The fault to tell: what the other side did says more than that we have no route for IPv6.
fn better(first: Option<ConnectFault>, next: ConnectFault) -> Option<ConnectFault> {
    match first {
        Some(first) if !first.is_ours() || next.is_ours() => Some(first),
        _ => Some(next),
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the one place where a connection to the outside is made, to an address the policy allowed"
)]
async fn dial(way: Way) -> Result<(TcpStream, Way), ConnectFault> {
    match tokio::time::timeout(Duration::from_millis(ONE_MS), TcpStream::connect(way.dial)).await {
        Ok(Ok(stream)) => Ok((stream, way)),
        Ok(Err(fault)) => Err(ConnectFault::of(way.shown, &fault)),
        Err(_) => Err(too_slow(way.shown)),
    }
}

fn milliseconds_since(started: Instant) -> u64 {
    u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX)
}

fn too_slow(ip: IpAddr) -> ConnectFault {
    ConnectFault {
        ip,
        kind: ConnectKind::TimedOut,
        said: "it did not answer in time".into(),
    }
}

const fn nowhere() -> IpAddr {
    IpAddr::V4(std::net::Ipv4Addr::UNSPECIFIED)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use url::Url;

    use super::*;
    use crate::kind_of;

    fn ways(guard: &Guard, target: &Target) -> Result<Vec<Way>, NotReached> {
        tokio::runtime::Builder::new_current_thread()
            .build()
            .unwrap()
            .block_on(guard.ways(target))
    }

    proptest! {
        #[test]
        fn whatever_is_written_as_a_host_only_public_addresses_are_dialled(
            text in prop_oneof!["[0-9a-fxA-FX.:%@/\\[\\]#?-]{1,24}", "[0-9]{1,11}", "0x[0-9a-f]{1,9}",
                "(0[0-7]{1,4}\\.){1,3}[0-9]{1,10}", "\\PC{1,20}"]
        ) {
            let guard = Guard::new(
                Policy::public(),
                Resolver::table([("x", Ok(vec![IpAddr::from([127, 0, 0, 1])]))]),
            );
            let read = [
                Target::parse(&text, 80).ok(),
                Url::parse(&format!("http://{text}/")).ok().and_then(|url| Target::of_url(&url).ok()),
            ];
            for target in read.into_iter().flatten() {
                for way in ways(&guard, &target).unwrap_or_default() {
                    prop_assert_eq!(kind_of(way.dial.ip()), None);
                    prop_assert_eq!(way.dial, SocketAddr::new(way.shown, target.port));
                }
            }
        }
    }
}
