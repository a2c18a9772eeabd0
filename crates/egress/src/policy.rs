//! Which addresses may be reached (T18, issue of the guard).

use std::collections::BTreeSet;
use std::net::{IpAddr, SocketAddr};

use ipnet::IpNet;

use crate::exit::is_onion;
use crate::{DemoRoute, Exit, Refusal, kind_of};

/// The ports a web address may name unless the settings say otherwise.
pub const DEFAULT_PORTS: [u16; 4] = [80, 443, 8080, 8443];

/// Names that belong to the local network by definition, whatever a name server says of them.
const LOCAL_NAMES: [&str; 7] = [
    "localhost",
    "localdomain",
    "local",
    "internal",
    "intranet",
    "lan",
    "home.arpa",
];

/// Which addresses may be reached.
#[derive(Debug, Clone)]
pub struct Policy {
    ports: BTreeSet<u16>,
    forbidden: Vec<IpNet>,
    forbidden_names: Vec<String>,
    named_services: Vec<IpAddr>,
    test_networks: Vec<IpNet>,
    demo_routes: Vec<DemoRoute>,
    exits: Vec<Exit>,
}

impl Policy {
    /// The public internet on [`DEFAULT_PORTS`], and nothing else.
    #[must_use]
    pub fn public() -> Self {
        Self {
            ports: BTreeSet::from(DEFAULT_PORTS),
            forbidden: Vec::new(),
            forbidden_names: Vec::new(),
            named_services: Vec::new(),
            test_networks: Vec::new(),
            demo_routes: Vec::new(),
            exits: Vec::new(),
        }
    }

    /// The same policy with exactly these ports.
    #[must_use]
    pub fn with_ports(mut self, ports: impl IntoIterator<Item = u16>) -> Self {
        self.ports = ports.into_iter().collect();
        self
    }

    /// The same policy, also refusing these networks: for the hotline's own public addresses,
    /// behind which its own desk may listen.
    #[must_use]
    pub fn also_refusing(mut self, networks: impl IntoIterator<Item = IpNet>) -> Self {
        self.forbidden.extend(networks);
        self
    }

    /// The same policy, also refusing these names and all names under them: for the services of a
    /// browser's maker, which a browser calls of its own accord during a visit.
    #[must_use]
    pub fn also_refusing_names<N: Into<String>>(
        mut self,
        names: impl IntoIterator<Item = N>,
    ) -> Self {
        self.forbidden_names
            .extend(names.into_iter().map(Into::into));
        self
    }

    /// The same policy, also reaching this address, which may stand on a private network: for a service
    /// that the person at the terminal names by its number. No stranger's text may come here.
    #[must_use]
    pub fn with_named_service(mut self, ip: IpAddr) -> Self {
        self.named_services.push(ip);
        self
    }

    /// The same policy, also reaching these networks. For tests; the real mode refuses a policy
    /// that [`Policy::is_test`].
    #[must_use]
    pub fn with_test_networks(mut self, networks: impl IntoIterator<Item = IpNet>) -> Self {
        self.test_networks.extend(networks);
        self
    }

    /// The same policy with the demo's stage set. The real mode refuses a policy that
    /// [`Policy::is_demo`].
    #[must_use]
    pub fn with_demo_routes(mut self, routes: impl IntoIterator<Item = DemoRoute>) -> Self {
        self.demo_routes.extend(routes);
        self
    }

    /// The same policy with these other ways out. The first that leads to onion addresses is taken for
    /// all of them; the others only by name ([`crate::Guard::through`]).
    #[must_use]
    pub fn with_exits(mut self, exits: impl IntoIterator<Item = Exit>) -> Self {
        self.exits.extend(exits);
        self
    }

    /// The exit of this name.
    pub(crate) fn exit(&self, name: &str) -> Option<&Exit> {
        self.exits.iter().find(|exit| exit.name == name)
    }

    /// The exit that leads to onion addresses.
    pub(crate) fn onion_exit(&self) -> Option<&Exit> {
        self.exits.iter().find(|exit| exit.onion)
    }

    /// Whether names of the demo lead to local services.
    #[must_use]
    pub const fn is_demo(&self) -> bool {
        !self.demo_routes.is_empty()
    }

    /// Whether networks were opened that are not on the public internet.
    #[must_use]
    pub const fn is_test(&self) -> bool {
        !self.test_networks.is_empty()
    }

    /// Refuses every scheme but `http` and `https`.
    ///
    /// # Errors
    /// [`Refusal::Scheme`].
    pub fn check_scheme(&self, scheme: &str) -> Result<(), Refusal> {
        if matches!(scheme, "http" | "https") {
            Ok(())
        } else {
            Err(Refusal::Scheme(scheme.chars().take(40).collect()))
        }
    }

    /// Refuses ports that are not on the list.
    ///
    /// # Errors
    /// [`Refusal::Port`].
    pub fn check_port(&self, port: u16) -> Result<(), Refusal> {
        if self.ports.contains(&port) || self.demo_routes.iter().any(|route| route.port == port) {
            Ok(())
        } else {
            Err(Refusal::Port(port))
        }
    }

    /// Refuses names that belong to the local network, to no network of ours, or that the settings
    /// forbid.
    ///
    /// # Errors
    /// [`Refusal::LocalName`], [`Refusal::Onion`] or [`Refusal::ForbiddenName`].
    pub fn check_name(&self, name: &str) -> Result<(), Refusal> {
        if is_onion(name) {
            return Err(Refusal::Onion);
        }
        if self
            .forbidden_names
            .iter()
            .any(|parent| under(name, parent))
        {
            return Err(Refusal::ForbiddenName);
        }
        LOCAL_NAMES
            .into_iter()
            .find(|local| under(name, local))
            .map_or(Ok(()), |local| Err(Refusal::LocalName(local)))
    }

    /// Refuses addresses that are not on the public internet.
    ///
    /// # Errors
    /// [`Refusal::Address`] or [`Refusal::Forbidden`].
    pub fn check_ip(&self, ip: IpAddr) -> Result<(), Refusal> {
        if self.forbidden.iter().any(|net| net.contains(&ip)) {
            return Err(Refusal::Forbidden(ip));
        }
        if self.named_services.contains(&ip) {
            return Ok(());
        }
        if self.test_networks.iter().any(|net| net.contains(&ip)) {
            return Ok(());
        }
        kind_of(ip).map_or(Ok(()), |kind| Err(Refusal::Address { ip, kind }))
    }

    /// The addresses the demo gives this name; empty when it is no name of the demo.
    pub(crate) fn demo_addresses(&self, name: &str) -> Vec<IpAddr> {
        let mut found: Vec<IpAddr> = Vec::new();
        for route in self.demo_routes.iter().filter(|route| route.name == name) {
            if !found.contains(&route.documentation_ip) {
                found.push(route.documentation_ip);
            }
        }
        found
    }

    /// Where the demo in truth connects for this address and port. A route of the same name comes
    /// first, so that several names may share an address.
    pub(crate) fn demo_way(&self, name: Option<&str>, ip: IpAddr, port: u16) -> Option<SocketAddr> {
        let here = || {
            self.demo_routes
                .iter()
                .filter(|route| route.documentation_ip == ip && route.port == port)
        };
        here()
            .find(|route| Some(route.name.as_str()) == name)
            .or_else(|| here().next())
            .map(|route| route.to)
    }
}

fn under(name: &str, parent: &str) -> bool {
    name.strip_suffix(parent)
        .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_public_policy_knows_no_test_and_no_demo() {
        let policy = Policy::public();
        assert!(!policy.is_demo() && !policy.is_test());
    }

    #[test]
    fn only_listed_ports_and_web_schemes_pass() {
        let policy = Policy::public();
        assert!(policy.check_port(443).is_ok());
        assert_eq!(policy.check_port(22), Err(Refusal::Port(22)));
        assert!(policy.check_scheme("https").is_ok());
        for scheme in [
            "file",
            "ftp",
            "gopher",
            "chrome",
            "view-source",
            "ws",
            "data",
        ] {
            assert!(policy.check_scheme(scheme).is_err(), "{scheme}");
        }
    }

    #[test]
    fn local_names_are_refused_and_names_that_only_end_alike_are_not() {
        let policy = Policy::public();
        for name in [
            "localhost",
            "a.localhost",
            "printer.local",
            "x.internal",
            "a.home.arpa",
        ] {
            assert!(policy.check_name(name).is_err(), "{name}");
        }
        assert_eq!(policy.check_name("abc.onion"), Err(Refusal::Onion));
        assert!(policy.check_name("notlocal.example").is_ok());
        assert!(policy.check_name("mylocal").is_ok());
        let policy = policy.also_refusing_names(["vendor.example"]);
        for name in ["vendor.example", "update.vendor.example"] {
            assert_eq!(policy.check_name(name), Err(Refusal::ForbiddenName));
        }
        assert!(policy.check_name("othervendor.example").is_ok());
    }

    #[test]
    fn a_test_network_does_not_open_its_mapped_form_and_a_forbidden_one_stays_shut() {
        let policy = Policy::public()
            .with_test_networks(["127.0.0.0/8".parse().unwrap()])
            .also_refusing([
                "127.0.0.9/32".parse().unwrap(),
                "11.0.0.0/8".parse().unwrap(),
            ]);
        assert!(policy.check_ip("127.0.0.1".parse().unwrap()).is_ok());
        assert!(
            policy
                .check_ip("::ffff:127.0.0.1".parse().unwrap())
                .is_err()
        );
        assert!(policy.check_ip("127.0.0.9".parse().unwrap()).is_err());
        assert!(policy.check_ip("11.1.1.1".parse().unwrap()).is_err());
    }
}
