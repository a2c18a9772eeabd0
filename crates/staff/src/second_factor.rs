//! The second factor: time codes (TOTP, RFC 6238), six digits, one step of 30 s either way.

use data_encoding::BASE32_NOPAD;
use ground::{Chance, Instant, StaffId};
use totp_rs::{Builder, Totp};
use vault::{Owner, Place};
use zeroize::Zeroizing;

use crate::Name;

/// Length of a secret, in bytes (RFC 4226 recommends 160 bits).
pub const SECRET_BYTES: usize = 20;

/// The shared secret of a second factor.
pub struct Secret(Zeroizing<[u8; SECRET_BYTES]>);

impl Secret {
    pub fn fresh(chance: &Chance) -> Self {
        Self(Zeroizing::new(chance.bytes()))
    }

    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        Some(Self(Zeroizing::new(bytes.try_into().ok()?)))
    }

    pub fn as_bytes(&self) -> &[u8] {
        &*self.0
    }

    fn codes(&self) -> Option<Totp> {
        Builder::new().with_secret(*self.0).build().ok()
    }

    /// The time step to which this code belongs: the present one, the one before or the one after.
    pub fn step_of(&self, code: &str, now: Instant) -> Option<i64> {
        let digits: String = code.chars().filter(|c| !c.is_whitespace()).collect();
        if digits.len() != 6 || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        let second = u64::try_from(now.ms().div_euclid(1_000)).ok()?;
        i64::try_from(self.codes()?.check(&digits, second)?).ok()
    }

    #[cfg(test)]
    pub fn code_at(&self, now: Instant) -> String {
        let second = u64::try_from(now.ms() / 1_000).unwrap();
        self.codes().unwrap().generate(second).to_string()
    }
}

/// A second factor that is being set up: shown as a picture and as text, confirmed by a code.
pub struct Offer {
    /// The secret in base 32, in groups of four, for typing over.
    pub text: Zeroizing<String>,
    /// The `otpauth:` address, for the picture.
    pub address: Zeroizing<String>,
}

impl std::fmt::Debug for Offer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Offer")
    }
}

impl Offer {
    pub(crate) fn of(secret: &Secret, name: &Name) -> Self {
        let spelled = Zeroizing::new(BASE32_NOPAD.encode(secret.as_bytes()));
        let groups: Vec<&str> = (0..spelled.len() / 4)
            .filter_map(|n| spelled.get(n * 4..n * 4 + 4))
            .collect();
        Self {
            text: Zeroizing::new(groups.join(" ")),
            address: Zeroizing::new(format!(
                "otpauth://totp/Meldpunt:{name}?secret={}&issuer=Meldpunt&algorithm=SHA1&digits=6&period=30",
                spelled.as_str()
            )),
        }
    }
}

/// Where the secret of an account is sealed.
pub fn place_in_account(id: StaffId) -> (Owner, Place) {
    (Owner::Staff(id), Place::new("account.totp", id))
}

/// Where a secret that is being set up is sealed.
pub fn place_in_session(id: StaffId) -> (Owner, Place) {
    (Owner::Staff(id), Place::new("session.offered", id))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_counts_one_step_either_way_and_no_further() {
        let secret = Secret::from_bytes(b"12345678901234567890").unwrap();
        // RFC 6238 appendix B: at 59 s the eight-digit code is 94287082.
        let now = Instant::from_ms(59_000);
        assert_eq!(secret.code_at(now), "287082");
        assert_eq!(secret.step_of("287 082", now), Some(1));
        assert_eq!(secret.step_of("287082", now.plus_ms(30_000)), Some(1));
        assert_eq!(secret.step_of("287082", now.plus_ms(61_000)), None);
        for odd in ["", "28708", "2870822", "28708a", "２８７０８２"] {
            assert_eq!(secret.step_of(odd, now), None, "{odd}");
        }
    }

    #[test]
    fn an_offer_shows_the_secret_as_text_and_as_an_address() {
        let secret = Secret::from_bytes(b"12345678901234567890").unwrap();
        let offer = Offer::of(&secret, &Name::parse("wilg").unwrap());
        assert_eq!(
            offer.text.as_str(),
            "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ"
        );
        assert!(
            offer
                .address
                .starts_with("otpauth://totp/Meldpunt:wilg?secret=GEZDGNBV")
        );
        assert_eq!(format!("{offer:?}"), "Offer");
    }
}
