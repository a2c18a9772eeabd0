//! Asking for the addresses of a name, so that "there is no such name" and "our name server
//! failed" stay apart (law 6).

use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use hickory_resolver::TokioResolver;
use hickory_resolver::config::{
    ConnectionConfig, NameServerConfig, ResolveHosts, ResolverConfig, ResolverOpts,
};
use hickory_resolver::lookup::Lookup;
use hickory_resolver::net::runtime::TokioRuntimeProvider;
use hickory_resolver::net::{DnsError, NetError};
use hickory_resolver::proto::op::ResponseCode;
use hickory_resolver::proto::rr::RData;

use crate::DnsFault;

/// Longest time for all answers about one name, in milliseconds.
const WHOLE_MS: u64 = 8_000;
/// Longest time for one question to one server, in milliseconds.
const ONE_MS: u64 = 2_500;
/// Most addresses of one name that are looked at.
const MOST: usize = 32;

/// Where addresses of names come from; cheap to clone.
#[derive(Clone)]
pub struct Resolver(Source);

#[derive(Clone)]
enum Source {
    Servers(Box<TokioResolver>),
    Table(Arc<BTreeMap<String, Result<Vec<IpAddr>, DnsFault>>>),
}

impl std::fmt::Debug for Resolver {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self.0 {
            Source::Servers(_) => "Resolver(servers)",
            Source::Table(_) => "Resolver(table)",
        })
    }
}

impl Resolver {
    /// The name servers of the machine (`/etc/resolv.conf`). Its hosts file and its search domains
    /// are left out: they say what is on the local network, not what is on the web.
    ///
    /// # Errors
    /// [`DnsFault::ServerFailure`] when the machine's settings cannot be read.
    pub fn system() -> Result<Self, DnsFault> {
        let (config, _) =
            hickory_resolver::system_conf::read_system_conf().map_err(|f| failed(&f))?;
        Self::of(config)
    }

    /// Exactly these name servers, over UDP and TCP.
    ///
    /// # Errors
    /// [`DnsFault::ServerFailure`] when none is given or they cannot be used.
    pub fn servers(servers: &[SocketAddr]) -> Result<Self, DnsFault> {
        if servers.is_empty() {
            return Err(DnsFault::ServerFailure("no name server is set".into()));
        }
        let servers = servers.iter().map(|server| {
            let at_port = |mut connection: ConnectionConfig| {
                connection.port = server.port();
                connection
            };
            let ways = vec![
                at_port(ConnectionConfig::udp()),
                at_port(ConnectionConfig::tcp()),
            ];
            NameServerConfig::new(server.ip(), true, ways)
        });
        Self::of(ResolverConfig::from_name_servers(servers.collect()))
    }

    /// A fixed table, for tests and the demo; a name that is not in it does not exist.
    pub fn table<N: Into<String>>(
        entries: impl IntoIterator<Item = (N, Result<Vec<IpAddr>, DnsFault>)>,
    ) -> Self {
        let entries = entries
            .into_iter()
            .map(|(name, answer)| (name.into(), answer));
        Self(Source::Table(Arc::new(entries.collect())))
    }

    fn of(config: ResolverConfig) -> Result<Self, DnsFault> {
        let (_, _, servers) = config.into_parts();
        let mut builder = TokioResolver::builder_with_config(
            ResolverConfig::from_name_servers(servers),
            TokioRuntimeProvider::default(),
        );
        bound(builder.options_mut());
        let resolver = builder.build().map_err(|fault| failed(&fault))?;
        Ok(Self(Source::Servers(Box::new(resolver))))
    }

    /// All IPv4 and IPv6 addresses of a name, IPv4 first; never an empty list.
    ///
    /// # Errors
    /// [`DnsFault`], which tells a missing name from a failing name server.
    pub async fn resolve(&self, name: &str) -> Result<Vec<IpAddr>, DnsFault> {
        match &self.0 {
            Source::Table(table) => match table.get(name) {
                Some(Ok(ips)) if ips.is_empty() => Err(DnsFault::NoAddress),
                Some(answer) => answer.clone(),
                None => Err(DnsFault::NoSuchName),
            },
            Source::Servers(resolver) => {
                let asked = ask(resolver, name);
                tokio::time::timeout(Duration::from_millis(WHOLE_MS), asked)
                    .await
                    .unwrap_or(Err(DnsFault::Timeout))
            }
        }
    }
}

fn bound(options: &mut ResolverOpts) {
    options.timeout = Duration::from_millis(ONE_MS);
    options.attempts = 2;
    options.use_hosts_file = ResolveHosts::Never;
    options.cache_size = 1_024;
    // Nothing is believed for long: a check must see the name as it is now.
    options.positive_max_ttl = Some(Duration::from_mins(5));
    options.negative_max_ttl = Some(Duration::from_secs(5));
}

async fn ask(resolver: &TokioResolver, name: &str) -> Result<Vec<IpAddr>, DnsFault> {
    // The final dot keeps the resolver from trying the name under other domains.
    let whole = format!("{name}.");
    let (four, six) = tokio::join!(
        resolver.ipv4_lookup(whole.as_str()),
        resolver.ipv6_lookup(whole.as_str())
    );
    joined(read(four), read(six))
}

fn joined(
    four: Result<Vec<IpAddr>, DnsFault>,
    six: Result<Vec<IpAddr>, DnsFault>,
) -> Result<Vec<IpAddr>, DnsFault> {
    match (four, six) {
        (Ok(mut four), Ok(six)) => {
            four.extend(six);
            four.truncate(MOST);
            Ok(four)
        }
        (Ok(found), Err(_)) | (Err(_), Ok(found)) => Ok(found),
        // One failing question leaves it open whether there is an address.
        (Err(fault), Err(other)) => Err(if fault.is_ours() || !other.is_ours() {
            fault
        } else {
            other
        }),
    }
}

fn read(answer: Result<Lookup, NetError>) -> Result<Vec<IpAddr>, DnsFault> {
    let lookup = answer.map_err(|fault| sorted(&fault))?;
    let ips: Vec<IpAddr> = lookup
        .answers()
        .iter()
        .filter_map(|record| match &record.data {
            RData::A(ip) => Some(IpAddr::V4(ip.0)),
            RData::AAAA(ip) => Some(IpAddr::V6(ip.0)),
            _ => None,
        })
        .take(MOST)
        .collect();
    if ips.is_empty() {
        Err(DnsFault::NoAddress)
    } else {
        Ok(ips)
    }
}

fn sorted(fault: &NetError) -> DnsFault {
    match fault {
        NetError::Timeout => DnsFault::Timeout,
        NetError::Dns(DnsError::NoRecordsFound(none)) => match none.response_code {
            ResponseCode::NXDomain => DnsFault::NoSuchName,
            ResponseCode::NoError => DnsFault::NoAddress,
            code => DnsFault::ServerFailure(code.to_string()),
        },
        NetError::Dns(DnsError::ResponseCode(ResponseCode::NXDomain)) => DnsFault::NoSuchName,
        other => failed(other),
    }
}

fn failed(fault: &NetError) -> DnsFault {
    DnsFault::ServerFailure(fault.to_string().chars().take(200).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failing_question_is_never_read_as_a_missing_name() {
        let failing = || Err(DnsFault::ServerFailure("SERVFAIL".into()));
        assert!(
            joined(failing(), Err(DnsFault::NoSuchName))
                .unwrap_err()
                .is_ours()
        );
        assert!(
            joined(Err(DnsFault::NoAddress), failing())
                .unwrap_err()
                .is_ours()
        );
        assert_eq!(
            joined(Err(DnsFault::NoSuchName), Err(DnsFault::NoSuchName)),
            Err(DnsFault::NoSuchName)
        );
    }

    #[test]
    fn name_servers_can_be_set_before_any_runtime_runs_but_not_left_out() {
        assert!(Resolver::servers(&["192.0.2.53:53".parse().unwrap()]).is_ok());
        assert!(Resolver::servers(&[]).unwrap_err().is_ours());
    }

    #[tokio::test]
    async fn a_table_tells_an_empty_name_from_a_missing_one() {
        let table = Resolver::table([("empty.example", Ok(Vec::new()))]);
        assert_eq!(
            table.resolve("empty.example").await,
            Err(DnsFault::NoAddress)
        );
        assert_eq!(
            table.resolve("none.example").await,
            Err(DnsFault::NoSuchName)
        );
    }
}
