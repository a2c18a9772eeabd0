//! Typed ids: one newtype for each thing, printed with a prefix that says what it names.
//!
//! An id is 128 random bits in Crockford's base 32 (lower case) after a three-letter prefix, for
//! example `rep_7zzzzzzzzzzzzzzzzzzzzzzzzz`. Ids are random and never sequential or time-ordered: a
//! sequence leaks volume, and a time-ordered id of a report would leak when its sender wrote (IN-9).

use crate::Chance;

/// A stored or received text that is not what it should be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a valid {wanted}")]
pub struct Unreadable {
    /// The name of the type that was expected.
    pub wanted: &'static str,
}

const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
const LETTERS: usize = 26;

fn encode(bits: u128) -> String {
    (0..LETTERS)
        .rev()
        .map(|place| char::from(ALPHABET[((bits >> (5 * place)) & 31) as usize]))
        .collect()
}

fn decode(text: &str) -> Option<u128> {
    if text.len() != LETTERS {
        return None;
    }
    let mut bits: u128 = 0;
    for (place, letter) in text.bytes().enumerate() {
        let value = ALPHABET.iter().position(|known| *known == letter)? as u128;
        if place == 0 && value > 7 {
            return None;
        }
        bits = (bits << 5) | value;
    }
    Some(bits)
}

macro_rules! ids {
    ($($(#[$meta:meta])* $name:ident $prefix:literal),+ $(,)?) => {$(
        $(#[$meta])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(u128);

        impl $name {
            /// The three letters that precede the id when printed.
            pub const PREFIX: &'static str = $prefix;

            /// A new random id.
            #[must_use]
            pub fn fresh(chance: &Chance) -> Self {
                Self(u128::from_be_bytes(chance.bytes()))
            }

            /// The id with exactly these bits; for ids derived from something else.
            #[must_use]
            pub const fn from_bits(bits: u128) -> Self {
                Self(bits)
            }

            /// Its bits; for names that others want in a form of theirs.
            #[must_use]
            pub const fn bits(self) -> u128 {
                self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, "{}_{}", Self::PREFIX, encode(self.0))
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                std::fmt::Display::fmt(self, f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = Unreadable;
            fn from_str(text: &str) -> Result<Self, Unreadable> {
                text.strip_prefix(Self::PREFIX)
                    .and_then(|rest| rest.strip_prefix('_'))
                    .and_then(decode)
                    .map(Self)
                    .ok_or(Unreadable { wanted: stringify!($name) })
            }
        }

        crate::stored_as_text!($name);
    )+};
}

ids! {
    /// A sealed letter in the letterbox.
    LetterId "let",
    /// What a chat platform sent, sealed.
    EnvelopeId "env",
    /// One sender and the hotline on one chat platform.
    ConversationId "cnv",
    /// One thing said in a conversation.
    UtteranceId "utt",
    /// An opened report.
    ReportId "rep",
    /// One canonical web address.
    AddressId "adr",
    /// One look at one address.
    VisitId "vis",
    /// One picture or video found at an address.
    ItemId "itm",
    /// Distinct bytes.
    ContentId "cnt",
    /// A human judgement of one content.
    JudgementId "jud",
    /// Somebody who hosts.
    ProviderId "pro",
    /// An abuse desk.
    ContactId "con",
    /// A request to remove.
    NoticeId "not",
    /// The life of one illegal item.
    TakedownId "tak",
    /// One observation of an item.
    CheckId "chk",
    /// What a provider said about an item it was told of.
    ResponseId "rsp",
    /// A member of staff, under a pseudonym (WB-21).
    StaffId "stf",
    /// Evidence on its way to the police.
    HandOverId "hov",
    /// A list of known hashes.
    HashListId "lis",
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_printed_is_read_back(bits in any::<u128>()) {
            let id = ReportId::from_bits(bits);
            prop_assert_eq!(id.to_string().parse::<ReportId>(), Ok(id));
        }

        #[test]
        fn no_text_panics_and_only_the_canonical_one_is_read(text in ".{0,40}") {
            if let Ok(id) = text.parse::<ItemId>() {
                prop_assert_eq!(id.to_string(), text);
            }
        }
    }

    #[test]
    fn an_id_of_one_thing_is_not_an_id_of_another() {
        let text = ReportId::from_bits(7).to_string();
        assert!(text.parse::<ItemId>().is_err());
    }
}
