//! Finds the addresses that a style sheet names.

/// The addresses inside `url(…)` and after `@import`, in order, as they are written.
///
/// This is a scan, not a parser: a rule that does not apply is found as well, which is what a
/// visitor without a browser wants.
pub fn addresses(css: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = css;
    while let Some((at, word)) = next_word(rest) {
        rest = rest.get(at + word.len()..).unwrap_or_default();
        let inside = rest.trim_start();
        let quoted = inside.starts_with(['"', '\'']);
        if word == "@import" && !quoted {
            continue;
        }
        let (address, length) = value(inside);
        rest = inside.get(length..).unwrap_or_default();
        if !address.is_empty() && !address.starts_with('#') {
            found.push(address);
        }
    }
    found
}

/// The nearest word that an address follows. The scan stops there: looking further for each word
/// would take a time that grows with the square of the sheet's length.
fn next_word(css: &str) -> Option<(usize, &'static str)> {
    let bytes = css.as_bytes();
    (0..bytes.len()).find_map(|at| {
        let rest = bytes.get(at..)?;
        let word = match rest.first()? {
            b'u' | b'U' => "url(",
            b'@' => "@import",
            _ => return None,
        };
        let begins = rest.get(..word.len())?;
        begins
            .eq_ignore_ascii_case(word.as_bytes())
            .then_some((at, word))
    })
}

/// The value at the start of `text`, quoted or not, and how many bytes it takes.
fn value(text: &str) -> (String, usize) {
    let quote = text.chars().next().filter(|c| matches!(c, '"' | '\''));
    let mut address = String::new();
    let mut letters = text.char_indices().skip(usize::from(quote.is_some()));
    while let Some((at, letter)) = letters.next() {
        match (letter, quote) {
            ('\\', _) => address.extend(letters.next().map(|(_, escaped)| escaped)),
            (letter, Some(quote)) if letter == quote => return (address, at + 1),
            (')', None) => return (address.trim_end().to_owned(), at),
            _ => address.push(letter),
        }
    }
    (address, text.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn addresses_in_every_form_are_found() {
        let css = r#"@import "more.css"; @import url(other.css);
            a { background: url( one.png ) no-repeat, URL("two(2).png") }
            b { mask: url('data:image/png;base64,AA,='); filter: url(#f); content: url(a\)b.gif) }"#;
        assert_eq!(
            addresses(css),
            [
                "more.css",
                "other.css",
                "one.png",
                "two(2).png",
                "data:image/png;base64,AA,=",
                "a)b.gif"
            ]
        );
    }

    #[test]
    fn a_long_sheet_of_many_addresses_takes_a_time_that_grows_with_its_length() {
        let began = std::time::Instant::now();
        assert_eq!(addresses(&"url(a)".repeat(100_000)).len(), 100_000);
        assert!(began.elapsed() < std::time::Duration::from_secs(5));
    }

    proptest! {
        #[test]
        fn any_text_is_scanned(text in "(url\\(|@import|[\"')(\\\\é]|.){0,30}") {
            let _ = addresses(&text);
        }
    }
}
