//! Which language somebody writes, by the small words that each language cannot do without.

use pages::Language;

const DUTCH: &[&str] = &[
    "ik", "je", "jij", "het", "een", "de", "van", "dat", "niet", "en", "er", "op", "voor", "met",
    "mijn", "deze", "dit", "hier", "naar", "ook", "wat", "hoe", "heb", "hebben", "wordt", "zijn",
    "maar", "kan", "kunnen", "hallo", "hoi", "gezien", "foto", "staat", "deel", "groep", "jullie",
    "graag", "ja", "nee", "melden", "melding",
];
const ENGLISH: &[&str] = &[
    "i", "you", "the", "a", "an", "of", "that", "not", "and", "there", "on", "for", "with", "my",
    "this", "here", "to", "also", "what", "how", "have", "has", "is", "are", "but", "can", "hello",
    "hi", "seen", "saw", "picture", "someone", "please", "yes", "no", "report", "it", "was", "in",
    "from", "they", "we", "help",
];

/// The language of a text when one of the two clearly has more of its small words in it; none when
/// it does not say.
#[must_use]
pub fn of(text: &str) -> Option<Language> {
    let lower = text.to_lowercase();
    let (mut dutch, mut english) = (0_usize, 0_usize);
    // An address says nothing of the language around it.
    let words = lower
        .split_whitespace()
        .filter(|word| !word.contains(['/', '.', '@']));
    for word in words.map(|word| word.trim_matches(|c: char| !c.is_alphanumeric())) {
        dutch += usize::from(DUTCH.contains(&word));
        english += usize::from(ENGLISH.contains(&word));
    }
    match dutch.cmp(&english) {
        std::cmp::Ordering::Greater => Some(Language::Nl),
        std::cmp::Ordering::Less => Some(Language::En),
        std::cmp::Ordering::Equal => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_tells_its_language_and_an_address_does_not() {
        assert_eq!(of("Ik heb dit gezien in een groep"), Some(Language::Nl));
        assert_eq!(of("I saw this in a group"), Some(Language::En));
        assert_eq!(of("https://the.example/you/and/i"), None);
        assert_eq!(of("123 😀"), None);
    }
}
