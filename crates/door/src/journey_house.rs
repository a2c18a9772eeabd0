//! A door with a letterbox behind it, and a visitor who leaves marks everywhere, for the tests.

use std::net::SocketAddr;

use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{HeaderMap, Request};
use ground::testing::{Scratch, sqlite};
use ground::{Instant, TestClock, migrate, values};
use http_body_util::BodyExt;
use tower::ServiceExt;
use vault::IntakeSecret;

use super::*;

/// Marks that would betray a visitor if they turned up anywhere (T1).
pub(crate) const CANARIES: [&str; 4] = [
    "203.0.113.77",
    "CanaryAgent/7",
    "canary-language",
    "canary.example",
];

pub(crate) struct House {
    pub(crate) router: Router,
    pub(crate) clock: TestClock,
    pub(crate) scratch: Scratch,
    pub(crate) secret: IntakeSecret,
}

pub(crate) struct Shown {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Shown {
    pub(crate) fn has(&self, text: &str) -> bool {
        self.body.contains(text)
    }

    /// What stands in the element with this class, without its tags.
    pub(crate) fn text_of(&self, class: &str) -> String {
        let opening = format!("class=\"{class}\"");
        let (_, rest) = self
            .body
            .split_once(&opening)
            .unwrap_or_else(|| panic!("no {class}"));
        let (inside, _) = rest.split_once('>').unwrap().1.split_once("</").unwrap();
        inside.replace("<wbr>", "")
    }

    pub(crate) fn token(&self) -> String {
        let (_, rest) = self.body.split_once("name=\"token\" value=\"").unwrap();
        rest.split('"').next().unwrap().to_owned()
    }
}

pub(crate) async fn house(settings: DoorSettings) -> House {
    let scratch = sqlite(migrate::LETTERBOX).await.unwrap();
    let clock = TestClock::at(Instant::from_ms(1_790_000_000_000));
    let (secret, public) = IntakeSecret::from_seed(&[4; 32]);
    let slot = Slot::open(scratch.db.clone(), public, clock.clock(), Chance::system());
    let key = Zeroizing::new([9; 32]);
    let door = Door::new(slot, key, settings, clock.clock(), Chance::system());
    House {
        router: router(door),
        clock,
        scratch,
        secret,
    }
}

pub(crate) async fn plain_house() -> House {
    house(DoorSettings::default()).await
}

impl House {
    pub(crate) async fn send(&self, request: Request<Body>) -> Shown {
        let mut request = request;
        let visitor: SocketAddr = "203.0.113.77:4711".parse().unwrap();
        request.extensions_mut().insert(ConnectInfo(visitor));
        for (name, value) in [
            ("user-agent", "CanaryAgent/7"),
            ("accept-language", "canary-language"),
            ("referer", "https://canary.example/"),
            ("x-forwarded-for", "203.0.113.77"),
        ] {
            request
                .headers_mut()
                .insert(name, HeaderValue::from_static(value));
        }
        let answer: Response = self.router.clone().oneshot(request).await.unwrap();
        let (status, headers) = (answer.status(), answer.headers().clone());
        let bytes = answer.into_body().collect().await.unwrap().to_bytes();
        let body = String::from_utf8_lossy(&bytes).into_owned();
        assert!(
            !headers.contains_key("set-cookie"),
            "a cookie was set (IN-2)"
        );
        assert!(
            CANARIES.iter().all(|canary| !body.contains(canary)),
            "a visitor is echoed"
        );
        Shown {
            status,
            headers,
            body,
        }
    }

    pub(crate) async fn get(&self, path: &str) -> Shown {
        self.send(Request::get(path).body(Body::empty()).unwrap())
            .await
    }

    pub(crate) async fn post(&self, path: &str, pairs: &[(&str, &str)]) -> Shown {
        let body: Vec<String> = pairs
            .iter()
            .map(|(name, value)| format!("{name}={}", encoded(value)))
            .collect();
        let request = Request::post(path)
            .header("content-type", "application/x-www-form-urlencoded")
            .body(Body::from(body.join("&")));
        self.send(request.unwrap()).await
    }

    /// Opens the form, waits as a person would, and sends this.
    pub(crate) async fn report(&self, path: &str, pairs: &[(&str, &str)]) -> Shown {
        let token = self.get(path).await.token();
        self.clock.advance_ms(60_000);
        let mut all = vec![("token", token.as_str())];
        all.extend_from_slice(pairs);
        self.post(path, &all).await
    }

    pub(crate) async fn letters(&self) -> i64 {
        use ground::Ask as _;
        self.scratch
            .db
            .count("select count(*) as n from letter", values![])
            .await
            .unwrap()
    }

    pub(crate) async fn break_storage(&self) {
        self.scratch.db.clone().close().await;
    }
}

pub(crate) fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

/// A receipt that belongs to no letter.
pub(crate) fn any_receipt() -> String {
    letterbox::Receipt::fresh(&Chance::seeded(1))
        .text()
        .to_string()
}
