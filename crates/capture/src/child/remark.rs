//! What kind of page stands where a person would expect the reported one: told from few and plain
//! signs, and only when the page shows little else.

use serde::Deserialize;

use crate::wire::Remark;

/// Longest line of text that counts as a message, in characters: longer ones are reading matter.
const MESSAGE_MAX: usize = 160;
/// A page with less text than this, in characters, holds little beside its message.
const SHORT: u32 = 1_500;
/// Less than this is not yet an article.
const LONG: u32 = 8_000;

/// The signs of a page.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub struct Signs {
    /// Its title.
    pub title: String,
    /// The visible lines of its text, as far as they were looked at.
    pub lines: Vec<String>,
    /// Characters of all its visible text.
    pub letters: u32,
    /// Fields for a password that can be seen.
    pub passwords: u32,
    /// Proofs of being human that can be seen.
    pub captchas: u32,
    /// Pictures that can be seen, at least 150 pixels on both sides.
    pub pictures: u32,
}

/// Titles of pages that hold visitors up.
const HELD_UP: &[&str] = &[
    "just a moment",
    "attention required",
    "are you a robot",
    "are you human",
    "ben je een robot",
    "bent u een robot",
    "security check",
    "verify you are human",
    "human verification",
    "checking your browser",
];

/// How pages ask for a proof of being human.
const HUMAN: &[&str] = &[
    "verify you are human",
    "verify that you are human",
    "confirm you are human",
    "prove you are human",
    "i'm not a robot",
    "i am not a robot",
    "ik ben geen robot",
    "bewijs dat je geen robot bent",
    "bevestig dat je een mens bent",
    "bevestig dat u een mens bent",
    "checking your browser",
    "complete the security check",
];

/// How pages ask for payment.
const PAY: &[&str] = &[
    "subscribe to continue",
    "subscribe to read",
    "subscribe to keep reading",
    "subscribe to unlock",
    "this content is for subscribers",
    "this article is for subscribers",
    "this article is exclusive to subscribers",
    "this content is for members only",
    "become a member to continue",
    "already a subscriber?",
    "alleen voor abonnees",
    "dit artikel is exclusief voor abonnees",
    "dit artikel is alleen voor abonnees",
    "abonneer je om verder te lezen",
    "abonneer u om verder te lezen",
    "neem een abonnement om verder te lezen",
    "word lid om verder te lezen",
    "koop een abonnement om",
];

/// How pages say that what was here is gone.
const GONE: &[&str] = &[
    "page not found",
    "404 not found",
    "this page doesn't exist",
    "this page does not exist",
    "this page isn't available",
    "this page is not available",
    "this content isn't available",
    "this content is not available",
    "this content is no longer available",
    "is no longer available",
    "are no longer available",
    "has been removed",
    "have been removed",
    "was removed",
    "has been deleted",
    "was deleted",
    "video unavailable",
    "this account has been suspended",
    "account suspended",
    "file not found",
    "the file you requested does not exist",
    "pagina niet gevonden",
    "deze pagina bestaat niet",
    "bestaat niet meer",
    "niet meer beschikbaar",
    "is verwijderd",
    "zijn verwijderd",
    "bestand niet gevonden",
];

/// How pages ask for a name and a password, beside the field itself.
const SIGN_IN: &[&str] = &[
    "log in to continue",
    "login to continue",
    "sign in to continue",
    "you must be logged in",
    "you must log in",
    "you need to log in",
    "please log in",
    "please sign in",
    "log in om verder te gaan",
    "je moet ingelogd zijn",
    "u moet ingelogd zijn",
    "je moet inloggen",
    "u moet inloggen",
    "meld je aan om verder te gaan",
];

/// What is to be said of a page with these signs, if anything.
pub fn remark_on(signs: &Signs) -> Option<Remark> {
    let bare = signs.letters < SHORT && signs.pictures == 0;
    let titled = |phrases: &[&str]| holds(&signs.title, phrases);
    let says = |phrases: &[&str]| signs.lines.iter().any(|line| holds(line, phrases));
    if bare && (signs.captchas > 0 || titled(HELD_UP) || says(HUMAN)) {
        Some(Remark::Captcha)
    } else if bare && (signs.passwords > 0 || says(SIGN_IN)) {
        Some(Remark::Login)
    } else if signs.letters < LONG && begins(signs, PAY) {
        Some(Remark::Paywall)
    } else if bare && (titled(GONE) || says(GONE)) {
        Some(Remark::Removed)
    } else {
        None
    }
}

/// Whether a message holds one of the phrases.
fn holds(line: &str, phrases: &[&str]) -> bool {
    let line = plain(line);
    line.chars().count() <= MESSAGE_MAX && phrases.iter().any(|phrase| line.contains(phrase))
}

/// Whether a message begins with one of the phrases: what is spoken about stands further on.
fn begins(signs: &Signs, phrases: &[&str]) -> bool {
    signs.lines.iter().any(|line| {
        let line = plain(line);
        let short = line.chars().count() <= MESSAGE_MAX;
        short && phrases.iter().any(|phrase| line.starts_with(phrase))
    })
}

/// A line in lower case, with one blank between words and plain apostrophes.
fn plain(line: &str) -> String {
    let words: Vec<&str> = line.split_whitespace().collect();
    words.join(" ").to_lowercase().replace('’', "'")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn page(title: &str, lines: &[&str], change: impl Fn(&mut Signs)) -> Option<Remark> {
        let letters = lines.iter().map(|line| line.len() as u32).sum();
        let mut signs = Signs {
            title: title.to_owned(),
            lines: lines.iter().map(|line| (*line).to_owned()).collect(),
            letters,
            ..Signs::default()
        };
        change(&mut signs);
        remark_on(&signs)
    }

    fn as_it_is(_: &mut Signs) {}

    #[test]
    fn a_page_that_only_asks_for_a_password_is_a_login_page() {
        let asked = page("Forum", &["Name", "Password", "Sign in"], |s| {
            s.passwords = 1
        });
        assert_eq!(asked, Some(Remark::Login));
        let told = page(
            "Forum",
            &["Je moet ingelogd zijn om dit te zien."],
            as_it_is,
        );
        assert_eq!(told, Some(Remark::Login));
    }

    #[test]
    fn a_page_that_shows_its_pictures_beside_a_login_field_is_none() {
        let gallery = page("Holiday", &["Login", "Password"], |s| {
            (s.passwords, s.pictures) = (1, 9)
        });
        assert_eq!(gallery, None);
        let article = page("News", &["Password"], |s| {
            (s.passwords, s.letters) = (1, 6_000)
        });
        assert_eq!(article, None);
    }

    #[test]
    fn a_page_that_holds_visitors_up_is_a_captcha() {
        let waits = page("Just a moment...", &["Verifying the connection"], as_it_is);
        assert_eq!(waits, Some(Remark::Captcha));
        let asks = page("Shop", &["Ik ben geen robot"], as_it_is);
        assert_eq!(asks, Some(Remark::Captcha));
        let shows = page("Shop", &["One more step"], |s| s.captchas = 1);
        assert_eq!(shows, Some(Remark::Captcha));
    }

    #[test]
    fn a_contact_form_with_a_captcha_below_a_page_is_none() {
        let contact = page("Contact", &["Write to us"], |s| {
            (s.captchas, s.letters) = (1, 2_500)
        });
        assert_eq!(contact, None);
        let gallery = page("Photos", &["Leave a note"], |s| {
            (s.captchas, s.pictures) = (1, 3)
        });
        assert_eq!(gallery, None);
    }

    #[test]
    fn a_page_that_asks_for_payment_is_a_paywall() {
        let wall = page(
            "News",
            &["A first paragraph.", "Subscribe to continue reading"],
            |s| {
                (s.letters, s.pictures) = (2_000, 1);
            },
        );
        assert_eq!(wall, Some(Remark::Paywall));
        let dutch = page(
            "Krant",
            &["Dit artikel is exclusief voor abonnees."],
            as_it_is,
        );
        assert_eq!(dutch, Some(Remark::Paywall));
    }

    #[test]
    fn an_article_about_paywalls_is_none() {
        let article = page(
            "News",
            &["Many papers now say: subscribe to continue reading."],
            |s| {
                s.letters = 6_000;
            },
        );
        assert_eq!(article, None);
        let long = page("News", &["Already a subscriber? Log in"], |s| {
            s.letters = 20_000
        });
        assert_eq!(long, None);
    }

    #[test]
    fn a_page_that_says_its_matter_is_gone_is_removed() {
        for line in [
            "This video is no longer available",
            "Het bestand is verwijderd.",
            "Page not found",
        ] {
            assert_eq!(
                page("Site", &[line], as_it_is),
                Some(Remark::Removed),
                "{line}"
            );
        }
    }

    #[test]
    fn a_page_that_tells_of_something_removed_and_shows_its_own_is_none() {
        let gallery = page("Photos", &["One photo has been removed"], |s| {
            s.pictures = 4
        });
        assert_eq!(gallery, None);
        let article = page("News", &["The statue was removed in 1950."], |s| {
            s.letters = 4_000
        });
        assert_eq!(article, None);
        let story = format!("{} the old sign was removed", "word ".repeat(60));
        assert_eq!(page("Story", &[&story], as_it_is), None);
        assert_eq!(page("Shapes", &["Circles and squares"], as_it_is), None);
    }

    proptest! {
        #[test]
        fn any_page_is_remarked_on_or_not(title in ".{0,40}", line in "(has been removed|accept|’|.){0,60}") {
            let _ = page(&title, &[&line], as_it_is);
        }
    }
}
