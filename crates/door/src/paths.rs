//! The paths of the public pages: short, neutral words (IN-8), Dutch first and English under `/en`.

use pages::Language;

/// The form.
pub(crate) const HOME: [&str; 2] = ["/", "/en"];
/// Where a receipt is typed.
pub(crate) const FOLLOW: [&str; 2] = ["/receipt", "/en/receipt"];
/// The explanation.
pub(crate) const EXPLAIN: [&str; 2] = ["/help", "/en/help"];
/// Leaves the site.
pub(crate) const EXIT: &str = "/exit";

/// The path in this language.
pub(crate) const fn of(pair: [&'static str; 2], language: Language) -> &'static str {
    let [nl, en] = pair;
    match language {
        Language::Nl => nl,
        Language::En => en,
    }
}

/// The language a path is in, also when there is no page under it.
pub(crate) fn language_of(path: &str) -> Language {
    if path == "/en" || path.starts_with("/en/") {
        Language::En
    } else {
        Language::Nl
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_path_decides_the_language() {
        assert_eq!(language_of("/en/receipt"), Language::En);
        assert_eq!(language_of("/en"), Language::En);
        assert_eq!(language_of("/energy"), Language::Nl);
        assert_eq!(language_of("/"), Language::Nl);
    }
}
