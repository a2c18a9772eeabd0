//! The fixture of this crate's tests: a desk on scratch records, and a browser that keeps one cookie.

use std::error::Error;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode};
use ground::{Act, Actor, Chance, Db, Instant, StaffId, TestClock};
use http_body_util::BodyExt;
use pages::same_site::Origin;
use staff::{DemoFactor, Name, NewAccount, Role};
use tower::ServiceExt;
use vault::{HotlineKeys, Objects, Vault};

use crate::gate::Stopped;
use crate::who::COOKIE;
use crate::{Desk, Settings};

pub type Fault = Box<dyn Error>;
pub const PASSWORD: &str = "fietsbel lampenkap";
pub const SECRET: [u8; 20] = *b"12345678901234567890";
pub const ORIGIN: &str = "https://desk.example";

pub struct House {
    pub desk: Desk,
    pub clock: TestClock,
    router: Router,
}

/// What the desk answered.
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub stopped: Option<Stopped>,
    pub body: String,
}

impl Answer {
    pub fn to(&self) -> &str {
        self.headers
            .get("location")
            .and_then(|to| to.to_str().ok())
            .unwrap_or_default()
    }
}

/// A browser: it keeps the cookie and knows the form token of the last page.
#[derive(Clone, Default)]
pub struct Browser {
    pub cookie: Option<String>,
    pub token: String,
}

pub fn house(db: Db) -> House {
    house_with(db, |_| {})
}

/// A house whose work has settings of its own.
pub fn house_with(db: Db, set: impl FnOnce(&mut casework::Settings)) -> House {
    let clock = TestClock::at(Instant::from_ms(1_795_500_000_000));
    let keys = HotlineKeys::from_seed(&[9; 32]);
    let vault = Vault::new(keys, Objects::in_memory(), clock.clock(), Chance::system());
    let settings = Settings {
        site: "Meldpunt".to_owned(),
        origin: Origin::parse(ORIGIN).unwrap(),
        demonstration: true,
        checkpoints: None,
    };
    let mut parts = casework::testing::parts(db, vault, clock.clock()).unwrap();
    set(&mut parts.settings);
    let work = casework::Casework::new(parts);
    let desk = Desk::new(work, settings);
    let router = crate::router(desk.clone());
    House {
        desk,
        clock,
        router,
    }
}

/// The code that the telephone with this secret shows now.
pub fn code(secret: &[u8], now: Instant) -> String {
    let bytes: [u8; 20] = secret.try_into().unwrap();
    let codes = totp_rs::Builder::new().with_secret(bytes).build().unwrap();
    codes
        .generate(u64::try_from(now.ms() / 1_000).unwrap())
        .to_string()
}

impl House {
    pub fn now(&self) -> Instant {
        self.clock.clock().now()
    }

    pub fn operator(&self) -> Act {
        Act {
            who: Actor::Operator,
            at: self.now(),
            why: None,
        }
    }

    /// Asks the desk as a browser does that says where its requests come from.
    pub async fn ask(&self, browser: &mut Browser, method: &str, path: &str, form: &str) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        request = request
            .header("sec-fetch-site", "same-origin")
            .header("accept-language", "en");
        if let Some(cookie) = &browser.cookie {
            request = request.header("cookie", format!("{COOKIE}={cookie}"));
        }
        if method == "POST" {
            request = request.header("content-type", "application/x-www-form-urlencoded");
        }
        let answer = self
            .send(request.body(Body::from(form.to_owned())).unwrap())
            .await;
        browser.keep(&answer);
        answer
    }

    pub async fn send(&self, request: Request<Body>) -> Answer {
        let answer = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = answer.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        Answer {
            status: parts.status,
            headers: parts.headers,
            stopped: parts.extensions.get::<Stopped>().copied(),
            body: String::from_utf8_lossy(&bytes).into_owned(),
        }
    }

    pub async fn get(&self, browser: &mut Browser, path: &str) -> Answer {
        self.ask(browser, "GET", path, "").await
    }

    /// Sends a form with the token of the last page.
    pub async fn post(&self, browser: &mut Browser, path: &str, form: &str) -> Answer {
        let form = format!("form_token={}&{form}", browser.token);
        self.ask(browser, "POST", path, &form).await
    }

    /// Asks for a page, or sends an empty form.
    pub async fn post_or_get(&self, browser: &mut Browser, method: &str, path: &str) -> Answer {
        match method {
            "POST" => self.post(browser, path, "").await,
            _ => self.get(browser, path).await,
        }
    }

    /// An account with these roles; the language is English.
    pub async fn account(
        &self,
        name: &str,
        roles: &[Role],
        factor: DemoFactor,
    ) -> Result<StaffId, Fault> {
        let new = NewAccount {
            name: Name::parse(name)?,
            roles: staff::Roles::of(roles.iter().copied())?,
            language: staff::Language::English,
        };
        Ok(self
            .desk
            .staff
            .add_demo(&self.operator(), new, PASSWORD, factor)
            .await?)
    }

    /// A browser in which somebody with these roles is signed in and has a page open.
    pub async fn signed_in(&self, name: &str, roles: &[Role]) -> Result<Browser, Fault> {
        self.account(name, roles, DemoFactor::Waived).await?;
        self.again(name).await
    }

    /// A browser in which somebody who has an account signs in again.
    pub async fn again(&self, name: &str) -> Result<Browser, Fault> {
        let entered = self.desk.staff.sign_in(name, PASSWORD, None).await?;
        let mut browser = Browser {
            cookie: Some(entered.token.to_cookie().to_string()),
            token: String::new(),
        };
        self.get(&mut browser, "/me").await;
        Ok(browser)
    }
}

impl Browser {
    fn keep(&mut self, answer: &Answer) {
        for line in answer.headers.get_all("set-cookie") {
            let line = line.to_str().unwrap();
            let value = line.split(';').next().and_then(|pair| pair.split_once('='));
            self.cookie = value
                .map(|(_, value)| value.to_owned())
                .filter(|v| !v.is_empty());
        }
        let opening = "name=\"form_token\" value=\"";
        if let Some((_, rest)) = answer.body.split_once(opening) {
            self.token = rest.split('"').next().unwrap_or_default().to_owned();
        }
    }
}
