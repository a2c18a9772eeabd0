//! The token in every form of the desk: proof that the page with the form was made for this session.

use data_encoding::BASE64URL_NOPAD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

const HOUR_MS: i64 = 3_600_000;
const MAC_BYTES: usize = 16;

/// The secret with which form tokens are made; lives as long as the process may.
#[derive(Clone)]
pub struct FormKey([u8; 32]);

impl FormKey {
    /// A key from 32 random bytes.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The token for a page shown now to the session with this hash. `now_ms` is in milliseconds
    /// since 1970, UTC.
    #[must_use]
    pub fn mint(&self, session_hash: &[u8], now_ms: i64) -> FormToken {
        let hour = hour_of(now_ms);
        let mut bytes = hour.to_be_bytes().to_vec();
        let tag = self.mac(session_hash, hour).finalize().into_bytes();
        bytes.extend(tag.iter().take(MAC_BYTES));
        FormToken(BASE64URL_NOPAD.encode(&bytes))
    }

    /// Whether the token was minted for this session at most [`FormToken::LIFE_HOURS`] ago.
    /// Takes the same time whatever is wrong with the tag.
    #[must_use]
    pub fn check(&self, session_hash: &[u8], token: &str, now_ms: i64) -> bool {
        let Ok(bytes) = BASE64URL_NOPAD.decode(token.as_bytes()) else {
            return false;
        };
        let Some((hour_bytes, tag)) = bytes.split_first_chunk::<4>() else {
            return false;
        };
        let hour = u32::from_be_bytes(*hour_bytes);
        let age = hour_of(now_ms).checked_sub(hour);
        tag.len() == MAC_BYTES
            && age.is_some_and(|hours| hours <= FormToken::LIFE_HOURS)
            && self
                .mac(session_hash, hour)
                .verify_truncated_left(tag)
                .is_ok()
    }

    fn mac(&self, session_hash: &[u8], hour: u32) -> Hmac<Sha256> {
        // HMAC fills a short key up to its block of 64 bytes with noughts; so do we.
        let mut block = [0; 64];
        for (to, from) in block.iter_mut().zip(self.0) {
            *to = from;
        }
        let mut mac = Hmac::<Sha256>::new(&block.into());
        mac.update(b"meldpunt form token v1");
        mac.update(&hour.to_be_bytes());
        mac.update(session_hash);
        mac
    }
}

impl std::fmt::Debug for FormKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("FormKey")
    }
}

fn hour_of(now_ms: i64) -> u32 {
    u32::try_from(now_ms.div_euclid(HOUR_MS)).unwrap_or(0)
}

/// A form token as it stands in the hidden field.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FormToken(String);

impl FormToken {
    /// How many hours a token is good for: as long as a session can last.
    pub const LIFE_HOURS: u32 = 10;
    /// The name of the hidden field.
    pub const FIELD: &'static str = "form_token";
    /// The name of the request header that carries it when there is no form.
    pub const HEADER: &'static str = "x-form-token";

    /// The token as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for FormToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const NOW: i64 = 1_790_000_000_000;

    fn key() -> FormKey {
        FormKey::from_bytes([7; 32])
    }

    #[test]
    fn a_token_is_good_for_its_session_and_for_its_hours() {
        let token = key().mint(b"session", NOW);
        assert!(key().check(b"session", token.as_str(), NOW));
        assert!(key().check(b"session", token.as_str(), NOW + 10 * HOUR_MS));
        assert!(!key().check(b"session", token.as_str(), NOW + 11 * HOUR_MS));
        assert!(!key().check(b"session", token.as_str(), NOW - 2 * HOUR_MS));
        assert!(!key().check(b"another", token.as_str(), NOW));
        assert!(!FormKey::from_bytes([8; 32]).check(b"session", token.as_str(), NOW));
    }

    proptest! {
        #[test]
        fn a_token_that_was_not_minted_is_refused(text in ".{0,60}") {
            prop_assert!(!key().check(b"session", &text, NOW));
        }
    }
}
