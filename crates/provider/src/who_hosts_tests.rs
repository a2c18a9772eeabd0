//! Who hosts, from samples in the shape of the registries; nothing is asked over the network.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::atomic::{AtomicUsize, Ordering};

use ground::{Db, HostedIn, Instant, TestClock, WebAddress, both_engines};
use serde_json::{Value, json};
use url::Url;

use crate::*;

/// A web of samples; what is not in it is out of reach.
#[derive(Default)]
struct Samples {
    names: BTreeMap<String, Vec<IpAddr>>,
    answers: BTreeMap<String, (u16, Vec<u8>)>,
    asked: AtomicUsize,
}

impl Web for &Samples {
    async fn resolve(&self, host: &str) -> Result<Vec<IpAddr>, Fault> {
        self.names.get(host).cloned().ok_or(Fault::NoSuchName)
    }

    async fn get(&self, url: &Url) -> Result<WebAnswer, Fault> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        let place = match url.query() {
            Some(_) => {
                let about = url
                    .query_pairs()
                    .next()
                    .map(|(_, about)| about.into_owned());
                format!("{}?{}", url.path(), about.unwrap_or_default())
            }
            None => url.path().to_owned(),
        };
        match self.answers.get(&place) {
            Some((status, body)) => Ok(WebAnswer {
                status: *status,
                body: body.clone(),
            }),
            None => Err(Fault::Registry(format!("{place} is out of reach"))),
        }
    }
}

impl Samples {
    fn with_name(mut self, name: &str, ips: &[&str]) -> Self {
        let ips = ips.iter().map(|ip| ip.parse().unwrap()).collect();
        self.names.insert(name.into(), ips);
        self
    }

    fn with(mut self, place: &str, status: u16, body: impl Into<Vec<u8>>) -> Self {
        self.answers.insert(place.into(), (status, body.into()));
        self
    }

    fn with_call(self, call: &str, about: &str, data: &Value) -> Self {
        let body = json!({"status": "ok", "data": data}).to_string();
        self.with(&format!("/data/{call}/data.json?{about}"), 200, body)
    }

    /// A network that is wholly known.
    fn with_network(self, ip: &str, prefix: &str, country: &str, rdap: &[u8]) -> Self {
        let located = json!({"located_resources": [{"location": country}]});
        let measured = json!({"located_resources": [{"locations": [{"country": country}]}]});
        self.with_call(
            "network-info",
            ip,
            &json!({"asns": ["64500"], "prefix": prefix}),
        )
        .with_call(
            "prefix-overview",
            prefix,
            &json!({"asns": [{"asn": 64500, "holder": "EX - Example Hosting B.V., NL"}]}),
        )
        .with_call("abuse-contact-finder", ip, &json!({"abuse_contacts": []}))
        .with_call("rir-geo", ip, &located)
        .with_call("maxmind-geo-lite", ip, &measured)
        .with(&format!("/ip/{ip}"), 200, rdap)
        .with("/ipv4.json", 200, bootstrap("192.0.2.0/24"))
        .with("/ipv6.json", 200, bootstrap("2001:db8::/32"))
    }
}

fn bootstrap(range: &str) -> String {
    json!({"services": [[[range], ["http://registry.example"]]]}).to_string()
}

const RIPE: &[u8] = include_bytes!("../samples/ripe.json");

fn home() -> Samples {
    Samples::default()
        .with_name("gallery.example", &["192.0.2.10", "2001:db8::10"])
        .with_network("192.0.2.10", "192.0.2.0/25", "NL", RIPE)
}

fn looking<'a>(web: &'a Samples, db: &Db, clock: &TestClock) -> WhoHosts<&'a Samples> {
    let registries = Registries::at(&Url::parse("http://registry.example/").unwrap());
    let nl = Country::parse("NL").unwrap();
    WhoHosts::new(web, db.clone(), registries, nl, clock.clock())
}

fn address(text: &str) -> WebAddress {
    WebAddress::parse(text).unwrap()
}

both_engines! {
    async fn a_host_at_home_is_found_with_its_desk_and_asked_about_once(db: Db) {
        let (web, clock) = (home(), TestClock::at(Instant::from_ms(0)));
        let who = looking(&web, &db, &clock);
        let page = address("https://gallery.example/a.png");
        let located = who.who_hosts(&page, Question::default()).await?;
        assert_eq!(located.hosted_in, HostedIn::Home);
        assert_eq!(located.organisation.as_deref(), Some("Example Hosting B.V."));
        assert_eq!((located.asn, located.registered_to.as_deref()), (Some(64_500), None));
        assert_eq!(located.ips.len(), 2);
        assert!(located.signals.agree() && located.missing.is_empty());
        assert_eq!(located.abuse[0].email.as_str(), "abuse@hosting.example");
        let asked = web.asked.load(Ordering::SeqCst);
        who.who_hosts(&page, Question::default()).await?;
        assert_eq!(web.asked.load(Ordering::SeqCst), asked, "kept answers serve");
        clock.advance_ms(13 * 3_600_000);
        who.who_hosts(&page, Question::default()).await?;
        assert!(web.asked.load(Ordering::SeqCst) > asked, "expired answers do not");
    }
}

both_engines! {
    async fn the_address_that_was_seen_is_asked_about_also_in_ipv6(db: Db) {
        let web = home().with_network("2001:db8::10", "2001:db8::/32", "NL", RIPE);
        let clock = TestClock::at(Instant::from_ms(0));
        let who = looking(&web, &db, &clock);
        let seen_at = Some("2001:db8::10".parse()?);
        let question = Question { seen_at, ..Question::default() };
        let located = who.who_hosts(&address("https://gallery.example/"), question).await?;
        assert_eq!((located.ip, located.prefix.as_deref()), (seen_at, Some("2001:db8::/32")));
        let literal = address("http://[2001:db8::10]/a");
        assert_eq!(who.who_hosts(&literal, Question::default()).await?.ip, seen_at);
    }
}

both_engines! {
    async fn what_cannot_be_asked_is_no_answer_until_we_make_do(db: Db) {
        let mut web = home();
        web.answers.remove("/data/network-info/data.json?192.0.2.10");
        let clock = TestClock::at(Instant::from_ms(0));
        let who = looking(&web, &db, &clock);
        let page = address("https://gallery.example/");
        let fault = who.who_hosts(&page, Question::default()).await.unwrap_err();
        assert!(matches!(fault, Fault::Registry(_)) && !fault.is_final());
        let make_do = Question { make_do: true, ..Question::default() };
        let located = who.who_hosts(&page, make_do).await?;
        assert_eq!(located.missing, [Source::Network]);
        assert_eq!(located.organisation.as_deref(), Some("Example Hosting B.V."));
        assert_eq!(located.asn, None);
    }
}

both_engines! {
    async fn a_name_that_leads_nowhere_and_an_onion_are_told_apart(db: Db) {
        let (web, clock) = (home(), TestClock::at(Instant::from_ms(0)));
        let who = looking(&web, &db, &clock);
        let gone = who.who_hosts(&address("https://nobody.example/"), Question::default()).await;
        assert_eq!(gone.unwrap_err(), Fault::NoSuchName);
        let onion = address(&format!("http://{}.onion/", "a".repeat(56)));
        let located = who.who_hosts(&onion, Question::default()).await?;
        assert_eq!((located.hosted_in, located.ip), (HostedIn::Onion, None));
        assert_eq!(web.asked.load(Ordering::SeqCst), 0);
    }
}

both_engines! {
    async fn signals_that_disagree_are_kept_and_the_most_named_country_counts(db: Db) {
        let measured = json!({"located_resources": [{"locations": [{"country": "DE"}]}]});
        let web = home().with_call("maxmind-geo-lite", "192.0.2.10", &measured);
        let clock = TestClock::at(Instant::from_ms(0));
        let located = looking(&web, &db, &clock)
            .who_hosts(&address("https://gallery.example/"), Question::default()).await?;
        assert_eq!(located.hosted_in, HostedIn::Home);
        assert!(!located.signals.agree());
        assert_eq!(located.signals.0.len(), 3);
    }
}

both_engines! {
    async fn a_busy_registry_is_asked_again_and_not_believed(db: Db) {
        let web = home().with("/ip/192.0.2.10", 429, "slow down");
        let clock = TestClock::at(Instant::from_ms(0));
        let who = looking(&web, &db, &clock);
        let page = address("https://gallery.example/");
        assert!(who.who_hosts(&page, Question::default()).await.is_err());
        let web = home();
        let located = looking(&web, &db, &clock).who_hosts(&page, Question::default()).await?;
        assert!(located.missing.is_empty());
    }
}
