//! Letters: what somebody sends, parsed once at the border.

use ground::{AddressFault, Channel, Origin, WebAddress};
use serde::{Deserialize, Serialize};

/// Most addresses in one letter.
pub const MAX_ADDRESSES: usize = 50;
/// Longest text in each of the free fields, in bytes of UTF-8.
pub const MAX_WORDS_BYTES: usize = 16_000;
/// Longest way to be reached, in bytes of UTF-8.
pub const MAX_REACH_BYTES: usize = 300;

/// What a form holds, as it was typed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct LetterForm {
    /// Addresses, one on each line.
    pub addresses: String,
    /// Where it was seen.
    pub seen_where: String,
    /// Anything the sender wants to say.
    pub words: String,
    /// How to reach the sender, if wished.
    pub reach: String,
}

/// An address as it was typed and in canonical form: nothing is changed silently.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Named {
    /// As it was typed.
    pub typed: String,
    /// In canonical form.
    pub address: WebAddress,
}

/// A letter, ready to be sealed.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Letter {
    /// Through which door.
    pub channel: Channel,
    /// From within the country or from a hotline abroad.
    pub origin: Origin,
    /// The language the sender read the form in: `nl` or `en`.
    pub language: String,
    /// The addresses named, each once, in order.
    pub addresses: Vec<Named>,
    /// Where it was seen; empty when not said.
    pub seen_where: String,
    /// The sender's words; empty when none.
    pub words: String,
    /// How to reach the sender; empty when not wished.
    pub reach: String,
}

/// What a letter says is not for logs.
impl std::fmt::Debug for Letter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Letter(…)")
    }
}

/// What is wrong with one field; reads on from the name of the field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FieldFault {
    /// A line is no address; lines count from 1.
    #[error("line {line}: {fault}")]
    Address {
        /// Which line.
        line: usize,
        /// What is wrong with it.
        fault: AddressFault,
    },
    /// More addresses than [`MAX_ADDRESSES`].
    #[error("more than 50 addresses; send the others in a second report")]
    TooMany,
    /// Longer than the field allows.
    #[error("too long")]
    TooLong,
    /// Neither an address nor a word was given.
    #[error("give an address, or tell what you saw")]
    NothingSaid,
}

/// What is wrong with a form, field by field; empty when nothing is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LetterFaults {
    /// Beside the addresses.
    pub addresses: Vec<FieldFault>,
    /// Beside where it was seen.
    pub seen_where: Option<FieldFault>,
    /// Beside the words.
    pub words: Option<FieldFault>,
    /// Beside the way to be reached.
    pub reach: Option<FieldFault>,
}

impl LetterFaults {
    /// Whether nothing is wrong.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

impl Letter {
    /// Reads a form from the public web page.
    ///
    /// # Errors
    /// [`LetterFaults`] to show beside the fields; what was typed is not echoed in them.
    pub fn parse(form: &LetterForm, language: &str) -> Result<Self, LetterFaults> {
        let mut faults = LetterFaults::default();
        let addresses = read_addresses(&form.addresses, &mut faults);
        let field = |text: &str, most: usize, fault: &mut Option<FieldFault>| {
            let text = text.trim().replace("\r\n", "\n");
            if text.len() > most {
                *fault = Some(FieldFault::TooLong);
            }
            text
        };
        let seen_where = field(&form.seen_where, MAX_WORDS_BYTES, &mut faults.seen_where);
        let words = field(&form.words, MAX_WORDS_BYTES, &mut faults.words);
        let reach = field(&form.reach, MAX_REACH_BYTES, &mut faults.reach);
        if addresses.is_empty()
            && seen_where.is_empty()
            && words.is_empty()
            && faults.addresses.is_empty()
        {
            faults.addresses.push(FieldFault::NothingSaid);
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        Ok(Self {
            channel: Channel::Web,
            origin: Origin::National,
            language: language.to_owned(),
            addresses,
            seen_where,
            words,
            reach,
        })
    }
}

fn read_addresses(text: &str, faults: &mut LetterFaults) -> Vec<Named> {
    let mut named: Vec<Named> = Vec::new();
    for (line, typed) in (1..).zip(text.lines()) {
        let typed = typed.trim();
        if typed.is_empty() {
            continue;
        }
        match WebAddress::parse(typed) {
            Ok(address) if named.iter().any(|known| known.address == address) => {}
            Ok(address) => named.push(Named {
                typed: typed.to_owned(),
                address,
            }),
            Err(fault) => faults.addresses.push(FieldFault::Address { line, fault }),
        }
        if named.len() > MAX_ADDRESSES {
            faults.addresses = vec![FieldFault::TooMany];
            break;
        }
    }
    named
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn form(addresses: &str, words: &str) -> LetterForm {
        LetterForm {
            addresses: addresses.into(),
            words: words.into(),
            ..LetterForm::default()
        }
    }

    #[test]
    fn every_line_is_an_address_and_a_repeated_one_counts_once() -> Result<(), LetterFaults> {
        let letter = Letter::parse(
            &form("a.example\n\n https://A.example/ \r\nb.example", ""),
            "nl",
        )?;
        let texts: Vec<_> = letter
            .addresses
            .iter()
            .map(|n| n.address.as_str())
            .collect();
        assert_eq!(texts, ["https://a.example/", "https://b.example/"]);
        Ok(())
    }

    #[test]
    fn a_faulty_line_is_named_by_its_number() {
        let faults = Letter::parse(&form("a.example\nin a chat", ""), "nl").err();
        let wanted = FieldFault::Address {
            line: 2,
            fault: AddressFault::NotAnAddress,
        };
        assert_eq!(faults.map(|f| f.addresses), Some(vec![wanted]));
    }

    #[test]
    fn a_story_without_an_address_is_a_letter_and_silence_is_not() {
        assert!(Letter::parse(&form("", "it went round in our class chat"), "nl").is_ok());
        assert!(Letter::parse(&form(" \n", " "), "nl").is_err());
    }

    #[test]
    fn fifty_addresses_fit_and_fifty_one_do_not() {
        let lines = |n: usize| {
            (0..n)
                .map(|i| format!("a{i}.example\n"))
                .collect::<String>()
        };
        assert!(Letter::parse(&form(&lines(50), ""), "nl").is_ok());
        let faults = Letter::parse(&form(&lines(51), ""), "nl").err();
        assert_eq!(faults.map(|f| f.addresses), Some(vec![FieldFault::TooMany]));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(10_000))]
        #[test]
        fn no_form_panics_and_none_is_silently_changed(
            lines in proptest::collection::vec("[a-zA-Z0-9:/?#.\\[\\]@%é -]{0,40}", 0..8), words in ".{0,200}"
        ) {
            let sent = form(&lines.join("\n"), &words);
            if let Ok(letter) = Letter::parse(&sent, "en") {
                prop_assert_eq!(letter.words, words.trim().replace("\r\n", "\n"));
                // Every line that is not blank is kept as typed, or repeats one that is.
                for line in lines.iter().map(|l| l.trim()).filter(|l| !l.is_empty()) {
                    let address = WebAddress::parse(line).unwrap();
                    prop_assert!(letter.addresses.iter().any(|n| n.address == address));
                }
                prop_assert!(letter.addresses.iter().all(|n| lines.iter().any(|l| l.trim() == n.typed)));
            }
        }
    }
}
