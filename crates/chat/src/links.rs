//! Addresses in what was said (CH-9): in clear, made harmless, marked by the platform, or bare.

use ground::WebAddress;

use crate::Words;

/// Most addresses taken from one message; the others stay in the words.
pub const MOST: usize = 50;

/// Endings that make a bare name an address. What has a scheme, a path or `www.` needs none of them;
/// with fewer endings "goed.Ik zag" would become an address.
const ENDINGS: &[&str] = &[
    "com", "net", "org", "info", "biz", "io", "co", "me", "tv", "cc", "to", "ws", "la", "ly", "gg",
    "sh", "pw", "xyz", "top", "site", "online", "club", "live", "link", "app", "dev", "pro", "vip",
    "space", "store", "website", "cloud", "onion", "example", "nl", "be", "de", "eu", "uk", "fr",
    "lu", "us", "ca", "au", "ru", "su", "ua", "pl", "cz", "ro", "bg", "hu", "se", "no", "dk", "fi",
    "ch", "at", "es", "pt", "it", "gr", "tr", "ir", "in", "id", "vn", "th", "jp", "kr", "cn", "hk",
    "tw", "br", "mx", "ar", "cl", "za", "ng", "ke",
];

/// The addresses in a text with what was typed for each, in order, each once, at most [`MOST`].
#[must_use]
pub fn find(words: &Words) -> Vec<(String, WebAddress)> {
    let mut found: Vec<(String, WebAddress)> = Vec::new();
    let mut add = |typed: &str| {
        if found.len() >= MOST {
            return;
        }
        if let Ok(address) = WebAddress::parse(typed)
            && found.iter().all(|(_, known)| *known != address)
        {
            found.push((typed.to_owned(), address));
        }
    };
    for link in &words.links {
        add(link.trim());
    }
    for piece in words
        .text
        .split(|c: char| c.is_whitespace() || "<>\"“”„".contains(c))
    {
        if let Some(typed) = candidate(piece) {
            add(typed);
        }
    }
    found
}

/// What of a piece between spaces may be an address.
fn candidate(piece: &str) -> Option<&str> {
    let piece = piece.trim_start_matches(|c: char| !c.is_alphanumeric() && c != '[');
    // Text stuck to the front, as in "kijk:https://…".
    let lower = piece.to_ascii_lowercase();
    let starts = [
        "https://",
        "http://",
        "hxxps://",
        "hxxp://",
        "hxxps[:]//",
        "hxxp[:]//",
        "https[:]//",
        "http[:]//",
    ];
    let scheme = starts.iter().filter_map(|start| lower.find(start)).min();
    let piece = trimmed(scheme.map_or(piece, |at| &piece[at..]));
    if scheme.is_some() {
        return Some(piece);
    }
    if piece.contains('@') {
        return None;
    }
    let host_end = piece.find(['/', '?', '#', ':']).unwrap_or(piece.len());
    let host = piece[..host_end]
        .replace("[.]", ".")
        .replace("(.)", ".")
        .to_lowercase();
    let labels: Vec<&str> = host.split('.').collect();
    let shaped = labels.len() >= 2
        && labels.iter().all(|label| {
            !label.is_empty()
                && label
                    .chars()
                    .all(|c| c.is_alphanumeric() || c == '-' || c == '_')
        })
        && labels
            .last()
            .is_some_and(|end| end.chars().any(char::is_alphabetic) && end.len() >= 2);
    let meant = host.starts_with("www.")
        || piece[host_end..].starts_with('/')
        || piece.contains("[.]")
        || labels.last().is_some_and(|end| ENDINGS.contains(end));
    (shaped && meant).then_some(piece)
}

/// Without the punctuation of the sentence around it; a bracket that the address opened itself stays.
fn trimmed(mut piece: &str) -> &str {
    while let Some(last) = piece.chars().last() {
        let closes = |open: char| piece.matches(last).count() > piece.matches(open).count();
        let cut = match last {
            '.' | ',' | ';' | ':' | '!' | '?' | '\'' | '…' | '*' | '_' | '~' => true,
            ')' => closes('('),
            ']' => closes('['),
            '}' => closes('{'),
            _ => false,
        };
        if !cut {
            break;
        }
        piece = &piece[..piece.len() - last.len_utf8()];
    }
    piece
}

/// The address as it is shown back: no platform makes a link of it and nobody taps it by mistake.
#[must_use]
pub fn harmless(address: &WebAddress) -> String {
    let text = address.as_str();
    let rest = text.strip_prefix("http").unwrap_or(text);
    let (scheme, rest) = rest.split_once("://").unwrap_or(("", rest));
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (host, path) = rest.split_at(end);
    // Dots in the path as well: "a.example/b.png" would be made a link from the path on.
    format!("hxxp{scheme}://{}{}", host.replace('.', "[.]"), path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn addresses(text: &str) -> Vec<String> {
        let found = find(&Words::plain(text));
        found
            .into_iter()
            .map(|(_, address)| address.to_string())
            .collect()
    }

    #[test]
    fn addresses_are_found_however_they_are_written() {
        for (text, wanted) in [
            (
                "zie https://gallery.example/a.",
                "https://gallery.example/a",
            ),
            (
                "kijk:hxxps://gallery[.]example/a(1)!",
                "https://gallery.example/a(1)",
            ),
            ("(www.gallery.example)", "https://www.gallery.example/"),
            ("gallery.example, daar", "https://gallery.example/"),
            ("gallery[.]museum", "https://gallery.museum/"),
            ("bücher.example/ä", "https://xn--bcher-kva.example/%C3%A4"),
            ("http://abcdefgh.onion/x", "http://abcdefgh.onion/x"),
            ("ABC.Example:8080/x", "https://abc.example:8080/x"),
        ] {
            assert_eq!(addresses(text), [wanted], "{text}");
        }
    }

    #[test]
    fn ends_of_sentences_and_mail_addresses_are_no_addresses() {
        assert!(addresses("Goed.Ik zag het. Mail me@mail.example om 12.30 uur, v1.2").is_empty());
    }

    #[test]
    fn what_the_platform_marked_counts_and_the_same_counts_once() {
        let words = Words {
            text: "hier en gallery.example".into(),
            links: vec!["https://gallery.example/".into(), "tg://user?id=1".into()],
        };
        let found: Vec<_> = find(&words)
            .into_iter()
            .map(|(_, a)| a.to_string())
            .collect();
        assert_eq!(found, ["https://gallery.example/"]);
    }

    #[test]
    fn no_more_than_fifty_are_taken_of_one_message() {
        let text: String = (0..80).map(|n| format!("a{n}.example ")).collect();
        assert_eq!(addresses(&text).len(), MOST);
    }

    proptest! {
        #[test]
        fn no_text_panics_and_what_is_shown_back_is_the_same_address(text in "\\PC{0,80}", host in "[a-z]{1,8}\\.example", path in "[a-z/.]{0,12}") {
            drop(find(&Words::plain(&text)));
            let address = WebAddress::parse(&format!("https://{host}/{path}")).unwrap();
            let shown = harmless(&address);
            prop_assert!(!shown.contains("https://"));
            prop_assert_eq!(WebAddress::parse(&shown), Ok(address));
        }
    }
}
