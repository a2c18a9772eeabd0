//! Receipts: the secret that lets a sender ask what became of a letter (IN-6).
//!
//! 100 random bits as 20 characters of Crockford's base 32 and a check character, in groups of
//! four. What looks the letter up, what opens the answer and what tells a repeat from a new letter
//! are derived from it separately (HKDF), so that the stored look-up tells nothing about the rest.

use ground::Chance;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const SYMBOLS: usize = 20;
const BITS: u32 = 100;

/// A receipt. Never printed by `Debug`, never logged, never in an address.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct Receipt(u128);

/// Why a typed receipt cannot be one; reads on from "this receipt cannot be used: ".
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ReceiptFault {
    /// Not 21 letters and digits.
    #[error("a receipt has 21 letters and digits")]
    Length,
    /// A sign that receipts do not use.
    #[error("it contains a sign that receipts do not use")]
    Sign,
    /// The check character does not fit: a typing mistake.
    #[error("there is a typing mistake in it")]
    Check,
}

impl std::fmt::Debug for Receipt {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Receipt(…)")
    }
}

impl Receipt {
    /// A new random receipt.
    #[must_use]
    pub fn fresh(chance: &Chance) -> Self {
        Self::from_bits(u128::from_be_bytes(chance.bytes()))
    }

    pub(crate) const fn from_bits(bits: u128) -> Self {
        Self(bits & ((1 << BITS) - 1))
    }

    pub(crate) const fn bits(&self) -> u128 {
        self.0
    }

    /// Reads what a person typed: any case, any spaces or hyphens, `O` for zero, `I` and `L` for
    /// one.
    ///
    /// # Errors
    /// [`ReceiptFault`]; it never echoes what was typed.
    pub fn parse(typed: &str) -> Result<Self, ReceiptFault> {
        let mut bits: u128 = 0;
        let mut signs = 0;
        for sign in typed
            .chars()
            .filter(|c| !c.is_whitespace() && !"-–—.".contains(*c))
        {
            let value = value_of(sign).ok_or(ReceiptFault::Sign)?;
            signs += 1;
            match signs {
                1..=SYMBOLS => bits = (bits << 5) | u128::from(value),
                n if n == SYMBOLS + 1 => {
                    if value != check(bits) {
                        return Err(ReceiptFault::Check);
                    }
                }
                _ => return Err(ReceiptFault::Length),
            }
        }
        if signs == SYMBOLS + 1 {
            Ok(Self(bits))
        } else {
            Err(ReceiptFault::Length)
        }
    }

    /// The text to show, once: `XXXX-XXXX-XXXX-XXXX-XXXX-X`.
    #[must_use]
    pub fn text(&self) -> Zeroizing<String> {
        let mut text = Zeroizing::new(String::with_capacity(26));
        for place in 0..SYMBOLS {
            if place > 0 && place % 4 == 0 {
                text.push('-');
            }
            let shift = 5 * (SYMBOLS - 1 - place);
            text.push(char::from(ALPHABET[((self.0 >> shift) & 31) as usize]));
        }
        text.push('-');
        text.push(char::from(ALPHABET[usize::from(check(self.0))]));
        text
    }

    fn derived(&self, label: &str) -> Zeroizing<[u8; 32]> {
        vault::hkdf(&self.0.to_be_bytes(), label)
    }

    /// What the letter and its answer are found by.
    #[must_use]
    pub fn lookup(&self) -> Vec<u8> {
        self.derived("receipt lookup").to_vec()
    }

    /// What the answer is sealed with.
    #[must_use]
    pub fn answer_key(&self) -> Zeroizing<[u8; 32]> {
        self.derived("receipt answer")
    }

    pub(crate) fn digest_key(&self) -> Zeroizing<[u8; 32]> {
        self.derived("receipt digest")
    }
}

/// The check symbol: the symbols weighted by their place, modulo 31. As 31 is prime, any one wrong
/// symbol and any swap of two that differ is noticed (but 0 and 31, `0` and `Z`, count as equal).
fn check(bits: u128) -> u8 {
    let sum: u128 = (0..SYMBOLS)
        .map(|place| (place as u128 + 1) * ((bits >> (5 * (SYMBOLS - 1 - place))) & 31))
        .sum();
    u8::try_from(sum % 31).unwrap_or(0)
}

fn value_of(sign: char) -> Option<u8> {
    let sign = match sign.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    };
    let sign = u8::try_from(sign).ok()?;
    ALPHABET
        .iter()
        .position(|known| *known == sign)
        .and_then(|at| u8::try_from(at).ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_receipt_has_at_least_ninety_bits_and_they_are_evenly_spread() {
        // Chi-square over the symbols of many receipts (T10); 31 degrees of freedom, p = 0.0001.
        let chance = Chance::seeded(11);
        let mut seen = [0u32; 32];
        let receipts = 20_000;
        for _ in 0..receipts {
            let bits = Receipt::fresh(&chance).0;
            (0..SYMBOLS).for_each(|place| seen[((bits >> (5 * place)) & 31) as usize] += 1);
        }
        let expected = f64::from(receipts) * SYMBOLS as f64 / 32.0;
        let chi: f64 = seen
            .iter()
            .map(|n| (f64::from(*n) - expected).powi(2) / expected)
            .sum();
        assert!(chi < 70.0, "{chi}");
        const { assert!(BITS >= 90) };
    }

    #[test]
    fn what_is_stored_for_looking_up_is_unrelated_to_what_opens_the_answer() {
        let receipt = Receipt::from_bits(12);
        assert_ne!(receipt.lookup(), receipt.answer_key().to_vec());
    }

    proptest! {
        #[test]
        fn a_receipt_is_read_as_it_was_shown_also_in_small_letters(bits in any::<u128>()) {
            let receipt = Receipt::from_bits(bits);
            let text = receipt.text();
            prop_assert_eq!(Receipt::parse(&text), Ok(receipt.clone()));
            prop_assert_eq!(Receipt::parse(&text.to_lowercase().replace('-', " ")), Ok(receipt));
        }

        #[test]
        fn one_wrong_sign_is_noticed(bits in any::<u128>(), place in 0usize..20, by in 1u8..31) {
            let receipt = Receipt::from_bits(bits);
            let shift = 5 * place;
            let was = (receipt.0 >> shift) & 31;
            let wrong = (was + u128::from(by)) % 32;
            prop_assume!(wrong != was);
            let changed = (receipt.0 & !(31 << shift)) | (wrong << shift);
            // 0 and 31 are equal modulo 31: the one pair that a check of this size misses.
            prop_assume!(was.abs_diff(wrong) != 31);
            prop_assert_ne!(check(changed), check(receipt.0));
        }

        #[test]
        fn two_swapped_signs_are_noticed(bits in any::<u128>(), place in 0usize..19) {
            let receipt = Receipt::from_bits(bits);
            let text: Vec<char> = receipt.text().chars().filter(|c| *c != '-').collect();
            let mut swapped = text.clone();
            swapped.swap(place, place + 1);
            prop_assume!(swapped != text && ![('0', 'Z'), ('Z', '0')].contains(&(text[place], text[place + 1])));
            let typed: String = swapped.into_iter().collect();
            prop_assert_eq!(Receipt::parse(&typed), Err(ReceiptFault::Check));
        }

        #[test]
        fn no_text_panics(text in ".{0,60}") {
            let _ = Receipt::parse(&text);
        }
    }
}
