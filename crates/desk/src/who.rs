//! Who asks: extractors that give the person, and refuse who lacks the role.
//!
//! The gate has decided by the permission file before a handler runs; asking for a role in the
//! handler says the same a second time, where the code is read.

use std::ops::Deref;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use ground::{Act, Clock, StaffId};
use pages::Language;
use staff::{Role, Roles, Session, Stage, Token};

use crate::DeskError;

/// The name of the session's cookie. `__Host-`: only over a trustworthy connection, for this host
/// alone, for every path.
pub const COOKIE: &str = "__Host-desk";

/// Somebody with a session. As an extractor: somebody who is signed in.
#[derive(Clone)]
pub struct Person {
    session: Arc<Session>,
    told: Option<String>,
    path: String,
}

impl Person {
    pub(crate) fn new(session: Session, told: Option<String>, path: String) -> Self {
        Self {
            session: Arc::new(session),
            told,
            path,
        }
    }

    /// The session.
    #[must_use]
    pub fn session(&self) -> &Session {
        &self.session
    }

    /// Who it is.
    #[must_use]
    pub fn id(&self) -> StaffId {
        self.session.account.id
    }

    /// The name shown.
    #[must_use]
    pub fn name(&self) -> &str {
        self.session.account.name.as_str()
    }

    /// What this person may do.
    #[must_use]
    pub fn roles(&self) -> &Roles {
        &self.session.account.roles
    }

    /// In which language this person reads.
    #[must_use]
    pub fn lang(&self) -> Language {
        spoken(self.session.account.language)
    }

    /// An act by this person, now.
    #[must_use]
    pub fn act(&self, clock: &Clock) -> Act {
        Act::by_staff(self.id(), clock.now())
    }

    /// What the page is to tell once, from `?told=` of the address.
    pub(crate) fn told(&self) -> Option<&str> {
        self.told.as_deref()
    }

    /// The path that was asked for.
    pub(crate) fn path(&self) -> &str {
        &self.path
    }

    pub(crate) fn is_signed_in(&self) -> bool {
        self.session.stage == Stage::Full
    }
}

/// The language of an account as the pages know it.
pub(crate) const fn spoken(language: staff::Language) -> Language {
    match language {
        staff::Language::Dutch => Language::Nl,
        staff::Language::English => Language::En,
    }
}

impl<S: Sync> FromRequestParts<S> for Person {
    type Rejection = DeskError;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, DeskError> {
        let person = parts.extensions.get::<Self>().cloned();
        person.filter(Self::is_signed_in).ok_or(DeskError::NotFound)
    }
}

/// Somebody whose sign-in is not finished.
pub struct HalfWay(pub Person);

impl<S: Sync> FromRequestParts<S> for HalfWay {
    type Rejection = DeskError;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, DeskError> {
        let person = parts.extensions.get::<Person>().cloned();
        let half = person.filter(|person| !person.is_signed_in());
        half.map(Self).ok_or(DeskError::SignInAgain)
    }
}

macro_rules! guards {
    ($($(#[$meta:meta])* $name:ident: $($role:ident)|+;)+) => {$(
        $(#[$meta])*
        pub struct $name(Person);

        impl Deref for $name {
            type Target = Person;
            fn deref(&self) -> &Person {
                &self.0
            }
        }

        impl<S: Sync> FromRequestParts<S> for $name {
            type Rejection = DeskError;
            async fn from_request_parts(parts: &mut Parts, s: &S) -> Result<Self, DeskError> {
                let person = Person::from_request_parts(parts, s).await?;
                if person.roles().any(&[$(Role::$role),+]) {
                    Ok(Self(person))
                } else {
                    Err(DeskError::NotFound)
                }
            }
        }
    )+};
}

guards! {
    /// Somebody who may judge, and so reveal: an analyst or a senior analyst.
    Analyst: Analyst | Senior;
    /// Somebody who gives the second opinion and releases.
    Senior: Senior;
    /// Somebody who speaks with the police.
    Liaison: Liaison;
    /// Somebody who releases a police hold: liaison or senior analyst.
    Releaser: Senior | Liaison;
    /// Somebody who works on reports: analyst, senior analyst or liaison.
    Caseworker: Analyst | Senior | Liaison;
    /// Somebody who looks after the staff: totals only.
    WellbeingLead: Wellbeing;
    /// Somebody who says how far a new analyst has come: a senior analyst, or who looks after the staff.
    Inductor: Senior | Wellbeing;
    /// Somebody who publishes figures.
    Statistician: Statistics;
    /// Somebody who reads the ledger.
    Auditor: Auditor;
    /// Somebody who sees which providers ask: administrator or senior analyst.
    Overseer: Administrator | Senior;
    /// Somebody who reads which hash lists there are: senior analyst or administrator.
    ListReader: Senior | Administrator;
    /// Somebody who decides about people and settings.
    Administrator: Administrator;
}

/// The session token in the cookies of a request.
pub(crate) fn token_of(headers: &HeaderMap) -> Option<Token> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(name, _)| *name == COOKIE)
        .and_then(|(_, value)| Token::parse(value))
}

/// The language asked for: `?lang=` of the address, else the first that the browser prefers and we
/// have.
pub(crate) fn language_of(query: Option<&str>, headers: &HeaderMap) -> Language {
    let asked = query
        .into_iter()
        .flat_map(|query| query.split('&'))
        .find_map(|pair| pair.strip_prefix("lang="))
        .and_then(Language::from_tag);
    let preferred = || {
        let said = headers.get(header::ACCEPT_LANGUAGE)?.to_str().ok()?;
        said.split(',')
            .find_map(|tag| Language::from_tag(tag.split(';').next()?.trim()))
    };
    asked.or_else(preferred).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    #[test]
    fn the_token_is_found_among_other_cookies() {
        let token = "A".repeat(43);
        let mut headers = HeaderMap::new();
        assert!(token_of(&headers).is_none());
        let line = format!("x=1; {COOKIE}={token}; y=2");
        headers.insert(header::COOKIE, HeaderValue::from_str(&line).unwrap());
        assert_eq!(token_of(&headers).unwrap().to_cookie().as_str(), token);
        headers.insert(
            header::COOKIE,
            HeaderValue::from_static("desk=x; __Host-desk=short"),
        );
        assert!(token_of(&headers).is_none());
    }

    #[test]
    fn the_language_is_the_one_asked_for_then_the_one_preferred_then_dutch() {
        let mut headers = HeaderMap::new();
        assert_eq!(language_of(None, &headers), Language::Nl);
        headers.insert(
            header::ACCEPT_LANGUAGE,
            HeaderValue::from_static("fr, en-GB;q=0.8, nl"),
        );
        assert_eq!(language_of(None, &headers), Language::En);
        assert_eq!(language_of(Some("a=b&lang=nl"), &headers), Language::Nl);
        assert_eq!(language_of(Some("lang=xx"), &headers), Language::En);
    }
}
