//! Form tokens: a hidden field instead of a cookie (IN-2).
//!
//! The receipt a letter will have is drawn when the form is shown and travels in the form, sealed
//! with a key of the door. Sending the same form twice — a double click, a retry after the server
//! died — therefore gives the same receipt and one letter.

use ground::{Chance, Instant};
use vault::{open_with, seal_with};
use zeroize::Zeroizing;

use crate::receipt::Receipt;

const BOUND_TO: &[u8] = b"meldpunt form token 1";

/// What a form carries: the receipt to be, and when the form was shown.
#[derive(Debug, Clone)]
pub struct FormToken {
    /// The receipt that the letter will have.
    pub receipt: Receipt,
    /// When the form was shown; it exists in the form only and is never stored.
    pub shown_at: Instant,
}

impl FormToken {
    /// A token for a form about to be shown.
    #[must_use]
    pub fn mint(chance: &Chance, now: Instant) -> Self {
        Self {
            receipt: Receipt::fresh(chance),
            shown_at: now,
        }
    }

    /// The text for the hidden field.
    #[must_use]
    pub fn to_field(&self, key: &[u8; 32], chance: &Chance) -> String {
        let mut plain = Zeroizing::new(self.receipt.bits().to_be_bytes().to_vec());
        plain.extend_from_slice(&self.shown_at.ms().to_be_bytes());
        // 24 bytes are never too long to seal; an empty field only means a fresh token later.
        let sealed = seal_with(key, BOUND_TO, &plain, chance).unwrap_or_default();
        data_encoding::BASE64URL_NOPAD.encode(&sealed)
    }

    /// Reads a hidden field back; none when it is missing, foreign or altered, in which case the
    /// caller mints a fresh one: a report is never refused for its token.
    #[must_use]
    pub fn from_field(field: &str, key: &[u8; 32]) -> Option<Self> {
        let sealed = data_encoding::BASE64URL_NOPAD
            .decode(field.as_bytes())
            .ok()?;
        let plain = open_with(key, BOUND_TO, &sealed).ok()?;
        let (bits, at) = plain.split_first_chunk::<16>()?;
        Some(Self {
            receipt: Receipt::from_bits(u128::from_be_bytes(*bits)),
            shown_at: Instant::from_ms(i64::from_be_bytes(at.try_into().ok()?)),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_read_back_by_its_own_door_only() {
        let token = FormToken::mint(&Chance::system(), Instant::from_ms(5));
        let field = token.to_field(&[1; 32], &Chance::system());
        let back = FormToken::from_field(&field, &[1; 32]);
        assert_eq!(
            back.map(|t| (t.receipt, t.shown_at)),
            Some((token.receipt, token.shown_at))
        );
        assert!(FormToken::from_field(&field, &[2; 32]).is_none());
        assert!(FormToken::from_field("nonsense", &[1; 32]).is_none());
    }
}
