//! Sessions: what a browser holds is 32 random bytes, what is kept is their SHA-256.

use std::fmt;
use std::str::FromStr;

use data_encoding::{BASE64URL_NOPAD, HEXLOWER};
use ground::clock::{HOUR_MS, MINUTE_MS, SECOND_MS};
use ground::id::Unreadable;
use ground::sea_orm::{self, FromQueryResult};
use ground::{Chance, Instant, StaffId, text_enum};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::account::{Account, SecondFactor};

/// A session ends after this long without a request, in milliseconds.
pub const IDLE_MS: i64 = 20 * MINUTE_MS;
/// A session ends this long after its beginning, in milliseconds.
pub const ABSOLUTE_MS: i64 = 10 * HOUR_MS;
/// A sign-in that is not finished ends this long after its beginning, in milliseconds.
pub const HALFWAY_MS: i64 = 15 * MINUTE_MS;
/// The time of the last request is kept this exactly, in milliseconds, to spare writes.
pub(crate) const EXACTNESS_MS: i64 = 15 * SECOND_MS;

text_enum! {
    /// How far a session has come.
    pub enum Stage {
        /// The password was right; the second factor is due.
        Password = "password",
        /// Both were right; a password of one's own is due.
        Changing = "changing",
        /// Signed in.
        Full = "full",
    }
}

/// What has to be done next to be signed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Give a code.
    Code,
    /// Set up a second factor.
    SetUpSecondFactor,
    /// Choose a password of one's own.
    ChoosePassword,
    /// Nothing: signed in.
    Done,
}

/// What the browser holds. Shown nowhere else.
pub struct Token(Zeroizing<[u8; 32]>);

impl Token {
    pub(crate) fn fresh(chance: &Chance) -> Self {
        Self(Zeroizing::new(chance.bytes()))
    }

    /// Reads the value of the cookie.
    #[must_use]
    pub fn parse(cookie: &str) -> Option<Self> {
        let bytes = Zeroizing::new(BASE64URL_NOPAD.decode(cookie.as_bytes()).ok()?);
        Some(Self(Zeroizing::new(bytes.as_slice().try_into().ok()?)))
    }

    /// The value of the cookie.
    #[must_use]
    pub fn to_cookie(&self) -> Zeroizing<String> {
        Zeroizing::new(BASE64URL_NOPAD.encode(&*self.0))
    }

    /// Under what the session is kept.
    #[must_use]
    pub fn key(&self) -> SessionKey {
        SessionKey(Sha256::digest(*self.0).into())
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token")
    }
}

/// The SHA-256 of a session's token: names the session and opens nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SessionKey([u8; 32]);

impl SessionKey {
    pub(crate) fn to_column(self) -> Vec<u8> {
        self.0.to_vec()
    }

    pub(crate) fn from_column(bytes: &[u8]) -> Option<Self> {
        Some(Self(bytes.try_into().ok()?))
    }

    /// The bytes, for binding form tokens to the session.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Display for SessionKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&HEXLOWER.encode(&self.0))
    }
}

impl FromStr for SessionKey {
    type Err = Unreadable;
    fn from_str(text: &str) -> Result<Self, Unreadable> {
        HEXLOWER
            .decode(text.as_bytes())
            .ok()
            .and_then(|bytes| Self::from_column(&bytes))
            .ok_or(Unreadable {
                wanted: "session key",
            })
    }
}

/// A session as it stands in the records.
#[derive(FromQueryResult)]
pub(crate) struct SessionRow {
    pub token_hash: Vec<u8>,
    pub account_id: StaffId,
    pub begun_at_ms: Instant,
    pub seen_at_ms: Instant,
    pub stage: Stage,
    pub offered: Option<Vec<u8>>,
}

impl SessionRow {
    pub fn has_lapsed(&self, now: Instant) -> bool {
        let longest = match self.stage {
            Stage::Full => ABSOLUTE_MS,
            Stage::Password | Stage::Changing => HALFWAY_MS,
        };
        now.since_ms(self.begun_at_ms) >= longest || now.since_ms(self.seen_at_ms) >= IDLE_MS
    }
}

/// A session that holds, with the account it belongs to.
#[derive(Debug, Clone)]
pub struct Session {
    /// Its name.
    pub key: SessionKey,
    /// Whose it is, as the account stands now.
    pub account: Account,
    /// How far it has come.
    pub stage: Stage,
    /// When the sign-in began.
    pub begun_at: Instant,
    /// When it was last used, exact to 15 s.
    pub seen_at: Instant,
    pub(crate) offered: Option<Vec<u8>>,
    pub(crate) demo: bool,
}

impl Session {
    /// What is due before this session is full.
    #[must_use]
    pub const fn step(&self) -> Step {
        match self.stage {
            Stage::Full => Step::Done,
            Stage::Changing => Step::ChoosePassword,
            Stage::Password => second_step(&self.account, self.demo),
        }
    }
}

/// What is due after the password.
pub(crate) const fn second_step(account: &Account, demo: bool) -> Step {
    match account.second_factor {
        SecondFactor::Set => Step::Code,
        SecondFactor::Waived if demo => match account.change_by_ms {
            Some(_) => Step::ChoosePassword,
            None => Step::Done,
        },
        SecondFactor::Waived | SecondFactor::Due => Step::SetUpSecondFactor,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_comes_back_from_its_cookie_and_its_key_from_text() {
        let token = Token::fresh(&Chance::seeded(1));
        let back = Token::parse(&token.to_cookie()).unwrap();
        assert_eq!(back.key(), token.key());
        assert_eq!(token.key().to_string().parse(), Ok(token.key()));
        assert!(Token::parse("short").is_none());
        assert!("zz".parse::<SessionKey>().is_err());
        assert_eq!(format!("{token:?}"), "Token");
    }

    #[test]
    fn a_session_lapses_by_silence_and_by_age() {
        let row = |stage, begun: i64, seen: i64| SessionRow {
            token_hash: vec![],
            account_id: StaffId::from_bits(1),
            begun_at_ms: Instant::from_ms(begun),
            seen_at_ms: Instant::from_ms(seen),
            stage,
            offered: None,
        };
        let now = Instant::from_ms(ABSOLUTE_MS);
        let last = ABSOLUTE_MS - 1;
        assert!(row(Stage::Full, 0, last).has_lapsed(now));
        assert!(!row(Stage::Full, 1, last).has_lapsed(now));
        assert!(row(Stage::Full, 1, ABSOLUTE_MS - IDLE_MS).has_lapsed(now));
        assert!(!row(Stage::Full, 1, ABSOLUTE_MS - IDLE_MS + 1).has_lapsed(now));
        assert!(row(Stage::Password, ABSOLUTE_MS - HALFWAY_MS, last).has_lapsed(now));
    }
}
