//! What an answer looks like by its first bytes, and what a page says about itself.
//!
//! Only clear signs are read, and only in the title or the first heading: a page that merely
//! mentions such words in its text says nothing. Not reading a sign costs a human look; reading one
//! that is not there could call a picture removed that is still shown (law 6).

/// What the first bytes of an answer look like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Looks {
    /// No bytes.
    Nothing,
    /// A picture or a video.
    Picture,
    /// A web page.
    Page,
    /// Anything else.
    Other,
}

/// What a page says about itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PageSign {
    /// That what was asked for is not there or was removed.
    SaysRemoved,
    /// That one must sign in.
    SignInWall,
    /// That it wants proof of being human, or refuses a visitor from here.
    Challenge,
    /// That the name is for sale or parked.
    Parked,
}

const PICTURES: &[(usize, &[u8])] = &[
    (0, b"\x89PNG\r\n\x1a\n"),
    (0, b"\xff\xd8\xff"),
    (0, b"GIF8"),
    (8, b"WEBP"),
    (0, b"BM"),
    (0, b"II*\0"),
    (0, b"MM\0*"),
    (4, b"ftyp"),
    (0, b"\x1aE\xdf\xa3"),
    (8, b"AVI "),
    (0, b"FLV"),
    (0, b"\0\0\x01\xba"),
];

/// What the first bytes look like, whatever the server says they are.
#[must_use]
pub fn looks_of(begin: &[u8]) -> Looks {
    if begin.is_empty() {
        return Looks::Nothing;
    }
    let is = |(at, magic): &(usize, &[u8])| {
        begin
            .get(*at..*at + magic.len())
            .is_some_and(|bytes| bytes == *magic)
    };
    if PICTURES.iter().any(is) {
        return Looks::Picture;
    }
    let text = String::from_utf8_lossy(begin.get(..1_024).unwrap_or(begin)).to_ascii_lowercase();
    let signs = ["<!doctype html", "<html", "<head", "<body", "<title"];
    if signs.iter().any(|sign| text.contains(sign)) {
        Looks::Page
    } else {
        Looks::Other
    }
}

const REMOVED: &[&str] = &[
    "404",
    "410",
    "not found",
    "no longer available",
    "no longer exists",
    "does not exist",
    "has been removed",
    "was removed",
    "has been deleted",
    "been taken down",
    "niet gevonden",
    "bestaat niet",
    "is verwijderd",
    "niet meer beschikbaar",
    "nicht gefunden",
    "wurde gelöscht",
    "introuvable",
];
const SIGN_IN: &[&str] = &[
    "sign in",
    "log in",
    "login",
    "inloggen",
    "aanmelden",
    "anmelden",
    "connexion",
];
const CHALLENGE: &[&str] = &[
    "just a moment",
    "attention required",
    "captcha",
    "are you human",
    "are you a robot",
    "access denied",
    "checking your browser",
    "toegang geweigerd",
];
const PARKED: &[&str] = &[
    "domain for sale",
    "domain is for sale",
    "buy this domain",
    "domain parking",
    "parked domain",
    "domein is te koop",
    "domein te koop",
];

/// What a web page says about itself; none when it says nothing clear. Walls come first: a page
/// that asks for a sign-in says nothing about what lies behind it.
#[must_use]
pub fn page_sign(page: &str) -> Option<PageSign> {
    let lower = beginning(page).to_lowercase();
    let said = [between(&lower, "title"), between(&lower, "h1")].join(" ");
    let has = |words: &[&str]| words.iter().any(|word| said.contains(word));
    let password = lower.contains("type=\"password\"") || lower.contains("type=password");
    if has(CHALLENGE) {
        Some(PageSign::Challenge)
    } else if password || has(SIGN_IN) {
        Some(PageSign::SignInWall)
    } else if has(PARKED) {
        Some(PageSign::Parked)
    } else if has(REMOVED) {
        Some(PageSign::SaysRemoved)
    } else {
        None
    }
}

/// As much of a page as is read: its title and first heading stand there.
fn beginning(page: &str) -> &str {
    const READ_BYTES: usize = 64 << 10;
    let end = (0..=READ_BYTES.min(page.len()))
        .rev()
        .find(|end| page.is_char_boundary(*end));
    &page[..end.unwrap_or(0)]
}

/// The text of the first element of this name, without the tags inside it.
fn between(page: &str, element: &str) -> String {
    let inside = || {
        let after = page.split_once(&format!("<{element}"))?.1;
        // `<h1>` and `<h1 class=…>`, not `<h10>`.
        let after = after.starts_with([' ', '>', '\n', '\t']).then_some(after)?;
        let (_, text) = after.split_once('>')?;
        Some(text.split_once(&format!("</{element}"))?.0)
    };
    let mut text = String::new();
    let mut in_tag = false;
    for letter in inside().unwrap_or_default().chars().take(2_000) {
        match letter {
            '<' => in_tag = true,
            '>' => in_tag = false,
            _ if !in_tag => text.push(letter),
            _ => {}
        }
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_page_is_read_by_its_title_and_heading_only() {
        let sign = |title: &str, body: &str| {
            page_sign(&format!(
                "<html><head><title>{title}</title></head><body>{body}"
            ))
        };
        assert_eq!(sign("404 Not Found", ""), Some(PageSign::SaysRemoved));
        assert_eq!(
            sign("Site", "<h1 class=x>This page <b>is verwijderd</b></h1>"),
            Some(PageSign::SaysRemoved)
        );
        assert_eq!(
            sign("Gallery", "<p>A comment was removed. 404 views.</p>"),
            None
        );
        assert_eq!(
            sign("Not found? Log in first", ""),
            Some(PageSign::SignInWall)
        );
        assert_eq!(
            sign("Members", "<input type=\"password\">"),
            Some(PageSign::SignInWall)
        );
        assert_eq!(sign("Just a moment...", ""), Some(PageSign::Challenge));
        assert_eq!(sign("This domain is for sale", ""), Some(PageSign::Parked));
    }

    #[test]
    fn bytes_are_told_by_what_they_are() {
        assert_eq!(looks_of(b""), Looks::Nothing);
        assert_eq!(looks_of(b"\x89PNG\r\n\x1a\nrest"), Looks::Picture);
        assert_eq!(looks_of(b"  <!DOCTYPE HTML><html>"), Looks::Page);
        assert_eq!(looks_of(b"plain words"), Looks::Other);
    }

    proptest! {
        #[test]
        fn no_page_and_no_bytes_panic(page in ".{0,200}", bytes in prop::collection::vec(any::<u8>(), 0..64)) {
            let _ = page_sign(&format!("<title{page}</title><h1>{page}"));
            let _ = looks_of(&bytes);
        }
    }
}
