//! The number by which people speak of a report.

use std::fmt;
use std::str::FromStr;

use ground::id::Unreadable;
use ground::{Chance, stored_as_text};

/// A short random number that can be said aloud: `M-7F3K-9Q2C`.
///
/// Forty random bits in Crockford's base 32. It is random, never counted up: a sequence would show
/// how much is reported, and when (IN-9). It identifies a report among colleagues and proves
/// nothing; the receipt is another thing altogether.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ReportNumber(u64);

const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const LETTERS: u32 = 8;

impl ReportNumber {
    /// A new random number.
    #[must_use]
    pub fn fresh(chance: &Chance) -> Self {
        Self(chance.below(1 << (5 * LETTERS)))
    }

    fn letter(self, place: u32) -> char {
        let value = (self.0 >> (5 * (LETTERS - 1 - place))) & 31;
        usize::try_from(value).map_or('0', |value| char::from(ALPHABET[value]))
    }
}

impl fmt::Display for ReportNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let letters = |from: u32| (from..from + 4).map(|place| self.letter(place));
        let (one, two): (String, String) = (letters(0).collect(), letters(4).collect());
        write!(f, "M-{one}-{two}")
    }
}

impl FromStr for ReportNumber {
    type Err = Unreadable;

    /// Reads a number as people write it down: in either case, with or without `M` and dashes,
    /// and with `O`, `I` and `L` for the digits they are mistaken for.
    fn from_str(text: &str) -> Result<Self, Unreadable> {
        let unreadable = Unreadable {
            wanted: "report number",
        };
        let text = text.trim();
        let marked = text.starts_with("M-") || text.starts_with("m-");
        let letters: Vec<char> = text
            .chars()
            .filter(|c| !c.is_whitespace() && *c != '-')
            .map(|c| match c.to_ascii_uppercase() {
                'O' => '0',
                'I' | 'L' => '1',
                c => c,
            })
            .collect();
        let letters = match letters.split_first() {
            Some(('M', rest)) if marked || rest.len() == LETTERS as usize => rest,
            _ => letters.as_slice(),
        };
        if letters.len() != LETTERS as usize {
            return Err(unreadable);
        }
        let mut bits = 0_u64;
        for letter in letters {
            let value = (0_u64..)
                .zip(ALPHABET)
                .find_map(|(value, known)| (char::from(*known) == *letter).then_some(value));
            bits = (bits << 5) | value.ok_or_else(|| unreadable.clone())?;
        }
        Ok(Self(bits))
    }
}

stored_as_text!(ReportNumber);

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_number_is_short_and_sayable() {
        let number = ReportNumber::fresh(&Chance::seeded(3)).to_string();
        assert_eq!(number.len(), 11);
        assert!(number.starts_with("M-") && &number[6..7] == "-");
    }

    #[test]
    fn a_number_is_read_as_people_write_it_down() -> Result<(), Unreadable> {
        let number: ReportNumber = "M-7F3K-9Q2C".parse()?;
        for written in ["m-7f3k-9q2c", "7F3K9Q2C", " 7f3k 9q2c ", "M7F3K9Q2C"] {
            assert_eq!(written.parse::<ReportNumber>()?, number, "{written}");
        }
        assert_eq!(
            "MO1I-LLLL".parse::<ReportNumber>()?.to_string(),
            "M-M011-1111"
        );
        assert!("M-7F3K-9Q2".parse::<ReportNumber>().is_err());
        assert!("M-7F3K-9Q2U".parse::<ReportNumber>().is_err());
        Ok(())
    }

    proptest! {
        #[test]
        fn no_text_panics_and_what_is_printed_is_read_back(text in ".{0,20}", bits in 0_u64..(1 << 40)) {
            let _ = text.parse::<ReportNumber>();
            let number = ReportNumber(bits);
            prop_assert_eq!(number.to_string().parse::<ReportNumber>(), Ok(number));
        }
    }
}
