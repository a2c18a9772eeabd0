//! Where one can go, and the frame around every page.

use axum::response::Redirect;
use pages::{ConsolePage, Flash, FormToken, Language, NavItem, SignedIn, Tone};

use crate::permissions::permissions;
use crate::who::Person;
use crate::{Desk, Routes};

/// One entry of the navigation. Who may not read the page does not see the entry.
struct Entry {
    href: &'static str,
    phrase: &'static str,
    icon: &'static str,
    key: char,
}

/// The navigation, most used first: the first that somebody may read is where they begin.
const ENTRIES: &[Entry] = &[
    Entry {
        href: "/queue",
        phrase: "queue-title",
        icon: "inbox",
        key: 'q',
    },
    Entry {
        href: "/holds",
        phrase: "hold-title",
        icon: "hand-stop",
        key: 'h',
    },
    Entry {
        href: "/takedowns",
        phrase: "takedown-title",
        icon: "flag",
        key: 't',
    },
    Entry {
        href: "/notices",
        phrase: "notice-title",
        icon: "send",
        key: 'n',
    },
    Entry {
        href: "/responses",
        phrase: "response-title",
        icon: "inbox",
        key: 'r',
    },
    Entry {
        href: "/contacts",
        phrase: "contact-title",
        icon: "building",
        key: 'c',
    },
    Entry {
        href: "/visits",
        phrase: "visits-title",
        icon: "world",
        key: 'e',
    },
    Entry {
        href: "/hand-over",
        phrase: "hand-over-title",
        icon: "shield",
        key: 'o',
    },
    Entry {
        href: "/people",
        phrase: "people-title",
        icon: "users",
        key: 'p',
    },
    Entry {
        href: "/ledger",
        phrase: "ledger-title",
        icon: "list",
        key: 'l',
    },
    Entry {
        href: "/hash-check",
        phrase: "hash-check-title",
        icon: "hash",
        key: 'k',
    },
    Entry {
        href: "/lists",
        phrase: "hashlist-title",
        icon: "hash",
        key: 's',
    },
    Entry {
        href: "/likeness",
        phrase: "likeness-title",
        icon: "copy",
        key: 'g',
    },
    Entry {
        href: "/schemes",
        phrase: "scheme-title",
        icon: "list-check",
        key: 'v',
    },
    Entry {
        href: "/break",
        phrase: "rest-title",
        icon: "player-pause",
        key: 'b',
    },
    Entry {
        href: "/wellbeing",
        phrase: "rest-site-title",
        icon: "heart-handshake",
        key: 'w',
    },
    Entry {
        href: "/induction",
        phrase: "rest-induction-title",
        icon: "users",
        key: 'i',
    },
    Entry {
        href: "/figures",
        phrase: "figures-title",
        icon: "chart-bar",
        key: 'f',
    },
    Entry {
        href: "/me",
        phrase: "me-title",
        icon: "user",
        key: 'm',
    },
];

/// The beginning.
pub(crate) fn routes() -> Routes {
    Routes::new().get("/", begin)
}

/// `GET /`: to the page that this person's work begins with.
async fn begin(person: Person) -> Redirect {
    let first = ENTRIES
        .iter()
        .find(|entry| permissions().may_read(entry.href, person.roles()));
    Redirect::to(first.map_or("/me", |entry| entry.href))
}

/// Whether `path` lies at or under the entry's.
fn is_here(path: &str, href: &str) -> bool {
    path.strip_prefix(href)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

impl Desk {
    /// The frame of a page for somebody who is signed in.
    #[must_use]
    pub fn page(&self, person: &Person) -> ConsolePage {
        let lang = person.lang();
        let visible = ENTRIES
            .iter()
            .filter(|entry| permissions().may_read(entry.href, person.roles()));
        let nav = visible
            .map(|entry| NavItem {
                href: entry.href.to_owned(),
                label: lang.t(entry.phrase),
                icon: entry.icon,
                count: None,
                key: Some(entry.key),
                here: is_here(person.path(), entry.href),
            })
            .collect();
        let roles: Vec<String> = person
            .roles()
            .iter()
            .map(|role| role_in(lang, role))
            .collect();
        ConsolePage {
            nav,
            who: Some(SignedIn {
                name: person.name().to_owned(),
                roles: roles.join(", "),
                sign_out: "/sign-out".to_owned(),
                settings: Some("/me".to_owned()),
            }),
            flash: flash(lang, person.told()),
            form_token: self.form_token(person),
            elsewhere: Some("/me#language".to_owned()),
            ..self.bare_page(lang, None)
        }
    }

    /// The frame of a page before signing in; `path` is the page's own, for the other language.
    #[must_use]
    pub fn bare_page(&self, lang: Language, path: Option<&str>) -> ConsolePage {
        ConsolePage {
            lang,
            site: self.settings.site.clone(),
            demonstration: self.settings.demonstration,
            elsewhere: path.map(|path| format!("{path}?lang={}", lang.other().tag())),
            ..ConsolePage::default()
        }
    }

    /// The token for the forms of a page shown to this person now.
    #[must_use]
    pub fn form_token(&self, person: &Person) -> FormToken {
        let key = person.session().key;
        self.form_key.mint(key.as_bytes(), self.clock.now().ms())
    }
}

/// What happened, told once after a form led back to a page: `?told=people-added` shows the phrase
/// `told-people-added`. A name without such a phrase shows nothing, so an address cannot put words
/// on the page.
fn flash(lang: Language, told: Option<&str>) -> Option<Flash> {
    let id = format!("told-{}", told?);
    lang.has(&id).then(|| Flash {
        tone: Tone::Good,
        says: lang.t(&id),
    })
}

/// The name of a role in words.
pub(crate) fn role_in(lang: Language, role: staff::Role) -> String {
    lang.t(&format!("role-{role}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_entry_has_a_page_a_phrase_an_icon_and_a_key_of_its_own() {
        let mut keys = std::collections::BTreeSet::new();
        for entry in ENTRIES {
            let line = permissions().of(&axum::http::Method::GET, entry.href);
            assert!(line.is_some(), "{} has no line in routes.txt", entry.href);
            assert!(pages::Icon::exists(entry.icon), "{}", entry.icon);
            assert!(keys.insert(entry.key), "{} is used twice", entry.key);
            for lang in Language::ALL {
                assert!(lang.has(entry.phrase), "{}", entry.phrase);
            }
        }
    }

    #[test]
    fn every_role_has_a_name_in_both_languages() {
        for lang in Language::ALL {
            for role in staff::Role::ALL {
                assert!(lang.has(&format!("role-{role}")), "{role}");
            }
        }
    }

    #[test]
    fn an_address_cannot_put_words_on_the_page() {
        assert_eq!(flash(Language::En, Some("your account is gone")), None);
        assert!(flash(Language::En, Some("people-roles")).is_some());
    }

    #[test]
    fn a_page_below_an_entry_belongs_to_it() {
        assert!(is_here("/people", "/people") && is_here("/people/new", "/people"));
        assert!(!is_here("/peoples", "/people") && !is_here("/", "/people"));
    }
}
