//! Finding out who hosts an address.
//!
//! DNS gives all addresses; one of them (the one the visit saw, when it is still among them) is
//! asked about: RIPEstat for network, holder, two country signals and abuse desk; RDAP, by way of
//! the bootstrap file, for the registration. An onion address has no host and is not looked up.

use std::net::IpAddr;

use ground::{Clock, Db, DbError, HostedIn, Instant, WebAddress};
use url::Url;

use crate::abuse::{self, Abuse};
use crate::ripestat::Said;
use crate::{Country, Fault, RdapNetwork, Signals, Web, WebAnswer};
use crate::{bootstrap, cache, hosted_in, rdap, ripestat};

/// Where the registries are asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Registries {
    /// The folder of the bootstrap files `ipv4.json` and `ipv6.json`, with a slash at its end.
    pub bootstrap: Url,
    /// RIPEstat, with a slash at its end.
    pub ripestat: Url,
}

impl Registries {
    /// The real ones: IANA and RIPEstat.
    ///
    /// # Errors
    /// When one of these constant addresses cannot be read: a defect of ours.
    pub fn public() -> Result<Self, url::ParseError> {
        Ok(Self {
            bootstrap: Url::parse("https://data.iana.org/rdap/")?,
            ripestat: Url::parse("https://stat.ripe.net/")?,
        })
    }

    /// Both at one place, as in the demonstration; with a slash at its end.
    #[must_use]
    pub fn at(place: &Url) -> Self {
        Self {
            bootstrap: place.clone(),
            ripestat: place.clone(),
        }
    }
}

/// One source of what is known about a network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Source {
    /// RIPEstat `network-info`.
    Network,
    /// RIPEstat `prefix-overview`.
    Holder,
    /// RIPEstat `abuse-contact-finder`.
    AbuseFinder,
    /// RIPEstat `rir-geo`.
    Delegation,
    /// RIPEstat `maxmind-geo-lite`.
    Measured,
    /// RDAP, its bootstrap file included.
    Registration,
}

/// What is asked, and how much patience there is.
#[derive(Debug, Clone, Copy, Default)]
pub struct Question {
    /// The address that answered when the item was seen.
    pub seen_at: Option<IpAddr>,
    /// Asks the registries even where an answer is kept: before a notice, and after a move.
    pub afresh: bool,
    /// Makes do with what there is when network or registration cannot be asked. Not at first: a
    /// provider known by its name only may turn out to be one that is known by its number.
    pub make_do: bool,
}

/// Who hosts an address, as it was found out.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Located {
    /// Seen from the hotline.
    pub hosted_in: HostedIn,
    /// The address that was asked about.
    pub ip: Option<IpAddr>,
    /// All addresses of the name.
    pub ips: Vec<IpAddr>,
    /// The number of the network.
    pub asn: Option<u32>,
    /// The prefix that holds the address.
    pub prefix: Option<String>,
    /// Who holds the network; else to whom it is registered.
    pub organisation: Option<String>,
    /// To whom the range is registered, when that is another: a customer of the holder.
    pub registered_to: Option<String>,
    /// What the signals add up to.
    pub country: Option<Country>,
    /// What each signal says; they may disagree.
    pub signals: Signals,
    /// The abuse desks, best first.
    pub abuse: Vec<Abuse>,
    /// Sources that did not answer.
    pub missing: Vec<Source>,
    /// When this was found out.
    pub at: Instant,
}

impl Located {
    /// The provider's name: the holder of the network, else to whom it is registered, else its
    /// number; none when no registry names anybody.
    #[must_use]
    pub fn provider_name(&self) -> Option<String> {
        let name = self
            .organisation
            .as_deref()
            .or(self.registered_to.as_deref());
        name.map(str::to_owned)
            .or_else(|| self.asn.map(|number| format!("AS{number}")))
    }

    /// By what the provider is found again ([`provider_key`](crate::provider_key)); none when no
    /// registry names one.
    #[must_use]
    pub fn provider_key(&self) -> Option<String> {
        let name = self.provider_name()?;
        Some(crate::provider_key(self.asn, &name, self.country))
    }
}

/// Finds out who hosts; cheap to clone when its web is.
#[derive(Debug, Clone)]
pub struct WhoHosts<W> {
    web: W,
    db: Db,
    registries: Registries,
    home: Country,
    clock: Clock,
}

/// The answers of all sources, each read.
struct Answers {
    network: Said,
    holder: Said,
    finder: Said,
    delegation: Said,
    measured: Said,
    registration: RdapNetwork,
    missing: Vec<(Source, Fault)>,
}

impl<W: Web> WhoHosts<W> {
    /// Asks these registries over this web, keeping their answers in these records; `home` is the
    /// hotline's country.
    #[must_use]
    pub const fn new(web: W, db: Db, registries: Registries, home: Country, clock: Clock) -> Self {
        Self {
            web,
            db,
            registries,
            home,
            clock,
        }
    }

    /// Finds out who hosts an address. Takes seconds; never within a transaction.
    ///
    /// # Errors
    /// [`Fault`]: the name leads nowhere, or something that is needed could not be asked.
    pub async fn who_hosts(
        &self,
        address: &WebAddress,
        question: Question,
    ) -> Result<Located, Fault> {
        if address.is_onion() {
            return Ok(self.nowhere(HostedIn::Onion));
        }
        let ips = self.addresses(address.host()).await?;
        let seen = question.seen_at.filter(|seen| ips.contains(seen));
        let Some(ip) = seen.or_else(|| ips.first().copied()) else {
            return Err(Fault::NoAddress);
        };
        let answers = self.ask_all(ip, question.afresh).await;
        if !question.make_do {
            let needed = |source: &Source| {
                matches!(
                    source,
                    Source::Network | Source::Registration | Source::Measured
                )
            };
            if let Some((_, fault)) = answers.missing.iter().find(|(source, _)| needed(source)) {
                return Err(fault.clone());
            }
        }
        Ok(self.put_together(ip, ips, answers))
    }

    fn nowhere(&self, hosted_in: HostedIn) -> Located {
        Located {
            hosted_in,
            ip: None,
            ips: Vec::new(),
            asn: None,
            prefix: None,
            organisation: None,
            registered_to: None,
            country: None,
            signals: Signals::default(),
            abuse: Vec::new(),
            missing: Vec::new(),
            at: self.clock.now(),
        }
    }

    /// For a name that leads nowhere for good ([`Fault::is_final`]): hosted nobody knows where.
    #[must_use]
    pub fn unknown(&self) -> Located {
        self.nowhere(HostedIn::Unknown)
    }

    async fn addresses(&self, host: &str) -> Result<Vec<IpAddr>, Fault> {
        let bare = host.trim_start_matches('[').trim_end_matches(']');
        match bare.parse::<IpAddr>() {
            Ok(ip) => Ok(vec![ip]),
            Err(_) => self.web.resolve(host).await,
        }
    }

    async fn ask_all(&self, ip: IpAddr, afresh: bool) -> Answers {
        let about = ip.to_string();
        let (network, finder, delegation, measured, registration) = tokio::join!(
            self.ripestat("network-info", &about, afresh),
            self.ripestat("abuse-contact-finder", &about, afresh),
            self.ripestat("rir-geo", &about, afresh),
            self.ripestat("maxmind-geo-lite", &about, afresh),
            self.registration(ip, afresh),
        );
        let holder = match &network {
            Ok(Said {
                prefix: Some(prefix),
                ..
            }) => self.ripestat("prefix-overview", prefix, afresh).await,
            _ => Ok(Said::default()),
        };
        let mut missing = Vec::new();
        let mut or_missing = |source, answer: Result<Said, Fault>| {
            answer.unwrap_or_else(|fault| {
                missing.push((source, fault));
                Said::default()
            })
        };
        let network = or_missing(Source::Network, network);
        let holder = or_missing(Source::Holder, holder);
        let finder = or_missing(Source::AbuseFinder, finder);
        let delegation = or_missing(Source::Delegation, delegation);
        let measured = or_missing(Source::Measured, measured);
        let registration = registration.unwrap_or_else(|fault| {
            missing.push((Source::Registration, fault));
            RdapNetwork::default()
        });
        Answers {
            network,
            holder,
            finder,
            delegation,
            measured,
            registration,
            missing,
        }
    }

    fn put_together(&self, ip: IpAddr, ips: Vec<IpAddr>, answers: Answers) -> Located {
        let Answers {
            network,
            holder,
            finder,
            delegation,
            measured,
            registration,
            missing,
        } = answers;
        let signals = Signals::of(measured.country, registration.country, delegation.country);
        let country = signals.country();
        let organisation = holder.holder.or_else(|| registration.organisation.clone());
        let registered_to = registration.organisation.filter(|name| {
            organisation
                .as_ref()
                .is_none_or(|o| crate::known_name(o) != crate::known_name(name))
        });
        Located {
            hosted_in: hosted_in(country, self.home),
            ip: Some(ip),
            ips,
            asn: network.asn.or(holder.asn),
            prefix: network.prefix,
            organisation,
            registered_to,
            country,
            signals,
            abuse: abuse::found(&registration.abuse, &finder.abuse, &registration.others),
            missing: missing.into_iter().map(|(source, _)| source).collect(),
            at: self.clock.now(),
        }
    }

    async fn ripestat(&self, call: &str, about: &str, afresh: bool) -> Result<Said, Fault> {
        let place = format!("data/{call}/data.json");
        let mut url = joined(&self.registries.ripestat, &place)?;
        url.query_pairs_mut()
            .append_pair("resource", about)
            .append_pair("sourceapp", "meldpunt");
        let answer = self.ask(&url, afresh, false).await?;
        let unusable = || Fault::Registry(format!("RIPEstat {call}: status {}", answer.status));
        match answer.status {
            200 => ripestat::read(&answer.body).ok_or_else(unusable),
            404 => Ok(Said::default()),
            _ => Err(unusable()),
        }
    }

    async fn registration(&self, ip: IpAddr, afresh: bool) -> Result<RdapNetwork, Fault> {
        let file = if ip.is_ipv4() {
            "ipv4.json"
        } else {
            "ipv6.json"
        };
        // The bootstrap file changes a few times a year; a kept one serves also when asked afresh.
        let file = self
            .ask(&joined(&self.registries.bootstrap, file)?, false, true)
            .await?;
        if file.status != 200 {
            return Err(Fault::Registry(format!(
                "the bootstrap file: status {}",
                file.status
            )));
        }
        let Some(server) = bootstrap::server_for(&file.body, ip) else {
            return Ok(RdapNetwork::default());
        };
        let answer = self
            .ask(&joined(&server, &format!("ip/{ip}"))?, afresh, false)
            .await?;
        let unusable = || Fault::Registry(format!("RDAP: status {}", answer.status));
        match answer.status {
            200 => rdap::read(&answer.body).ok_or_else(unusable),
            404 => Ok(RdapNetwork::default()),
            _ => Err(unusable()),
        }
    }

    /// A kept answer, or one asked for and then kept.
    async fn ask(&self, url: &Url, afresh: bool, is_file: bool) -> Result<WebAnswer, Fault> {
        let ours = |fault: DbError| Fault::Ours(fault.to_string());
        let now = self.clock.now();
        if !afresh
            && let Some(kept) = cache::kept(&self.db, url.as_str(), now)
                .await
                .map_err(ours)?
        {
            return Ok(kept);
        }
        let answer = self.web.get(url).await?;
        cache::keep(&self.db, url.as_str(), &answer, is_file, now)
            .await
            .map_err(ours)?;
        Ok(answer)
    }
}

fn joined(base: &Url, place: &str) -> Result<Url, Fault> {
    // A literal IPv6 address holds colons, so the place is marked as a relative one.
    base.join(&format!("./{place}"))
        .map_err(|fault| Fault::Ours(fault.to_string()))
}
