//! What is said, in words: phrases of the program or the hotline's own.

use pages::{HelpKind, HelpLine, Language, Rewording};

use crate::distress::Distress;
use crate::{Say, utf16};

/// What a hotline's own phrases of the chat line begin with.
pub const PREFIX: &str = "chat-";
/// Longest message of either platform, in code units of UTF-16.
const MOST_UNITS: usize = 4_000;

/// How the hotline says things in chats.
#[derive(Debug)]
pub struct Wording {
    /// The hotline's name.
    pub hotline: String,
    /// The web page for reporting without being known, where a receipt is followed too.
    pub page: String,
    /// Where people find help.
    pub help: Vec<HelpLine>,
    /// The hotline's own phrases.
    pub own: Rewording,
}

impl Wording {
    /// What is said in this language, in as few messages as it fits in.
    #[must_use]
    pub fn messages(&self, language: Language, says: &[Say]) -> Vec<String> {
        let mut messages: Vec<String> = Vec::new();
        for said in says.iter().map(|say| self.said(language, say)) {
            match messages.last_mut() {
                Some(last) if utf16::length(last) + utf16::length(&said) + 2 <= MOST_UNITS => {
                    last.push_str("\n\n");
                    last.push_str(&said);
                }
                _ => messages.extend(divided(&said)),
            }
        }
        messages
    }

    fn said(&self, language: Language, say: &Say) -> String {
        let plain = |id: &str| self.own.say(language, id, &[]);
        let page = || ("page", self.page.clone());
        match say {
            Say::Distress(kind) => self.named(language, &distress_id(*kind), kind.help()),
            Say::Welcome => {
                let hotline = ("hotline", self.hotline.clone());
                self.own.say(language, "chat-welcome", &[hotline, page()])
            }
            Say::Noted { addresses, more } => self.noted(language, addresses, *more),
            Say::NoMedia => plain("chat-no-media"),
            Say::NoPersonal => plain("chat-no-personal"),
            Say::NotRead => plain("chat-not-read"),
            Say::HowTo => plain("chat-how-to"),
            Say::Help => {
                let all = [HelpKind::Emergency, HelpKind::Care, HelpKind::Stop];
                self.named(language, "chat-help", &all)
            }
            Say::GoOn => plain("chat-go-on"),
            Say::Speaking => plain("chat-speaking"),
            Say::NoReport => plain("chat-no-report"),
            Say::Status(answer) => {
                let id = format!("chat-status-{answer}");
                plain(if language.has(&id) {
                    &id
                } else {
                    "chat-status-unknown"
                })
            }
            Say::Registered { receipt, silence } => {
                let id = if *silence {
                    "chat-registered-silence"
                } else {
                    "chat-registered"
                };
                self.own
                    .say(language, id, &[("receipt", receipt.clone()), page()])
            }
            Say::Stopped => plain("chat-stopped"),
        }
    }

    fn noted(&self, language: Language, addresses: &[String], more: usize) -> String {
        let mut lines = Vec::new();
        if addresses.is_empty() {
            lines.push(self.own.say(language, "chat-noted-words", &[]));
        } else {
            lines.push(self.own.say(language, "chat-noted-addresses", &[]));
            // A very long address is recognised by its beginning.
            lines.extend(addresses.iter().map(|address| shortened(address)));
        }
        if more > 0 {
            lines.push(
                self.own
                    .say(language, "chat-noted-more", &[("more", more.to_string())]),
            );
        }
        lines.push(self.own.say(language, "chat-noted-ask", &[]));
        lines.join("\n")
    }

    /// A phrase with the help lines of these kinds under it.
    fn named(&self, language: Language, id: &str, kinds: &[HelpKind]) -> String {
        let mut lines = vec![self.own.say(language, id, &[])];
        for kind in kinds {
            for line in self.help.iter().filter(|line| line.kind == *kind) {
                let reached = line.phone.as_deref().filter(|phone| *phone != line.name);
                let reached = reached
                    .into_iter()
                    .chain(line.link.as_deref().map(|_| line.link_text()));
                let reached: Vec<&str> = reached.collect();
                lines.push(format!("• {}: {}", line.name, reached.join(", ")));
            }
        }
        lines.join("\n")
    }
}

fn distress_id(kind: Distress) -> String {
    format!("chat-distress-{kind}")
}

fn shortened(address: &str) -> String {
    if address.len() <= 200 {
        return address.to_owned();
    }
    format!("{}…", &address[..address.floor_char_boundary(200)])
}

/// A text in messages that fit, cut between letters.
fn divided(text: &str) -> Vec<String> {
    let mut messages = vec![String::new()];
    let mut units = 0;
    for letter in text.chars() {
        if units + letter.len_utf16() > MOST_UNITS {
            messages.push(String::new());
            units = 0;
        }
        units += letter.len_utf16();
        if let Some(last) = messages.last_mut() {
            last.push(letter);
        }
    }
    messages
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wording() -> Wording {
        Wording {
            hotline: "Example Hotline".into(),
            page: "https://hotline.example/".into(),
            help: HelpLine::dutch_defaults(),
            own: Rewording::default(),
        }
    }

    fn all() -> Vec<Say> {
        let mut all = vec![
            Say::Welcome,
            Say::Noted {
                addresses: vec!["hxxps://a[.]example/".into()],
                more: 3,
            },
            Say::Noted {
                addresses: vec![],
                more: 0,
            },
            Say::NoMedia,
            Say::NoPersonal,
            Say::NotRead,
            Say::HowTo,
            Say::Help,
            Say::GoOn,
            Say::Speaking,
            Say::NoReport,
            Say::Registered {
                receipt: "ABCD-EFGH".into(),
                silence: true,
            },
            Say::Registered {
                receipt: "ABCD-EFGH".into(),
                silence: false,
            },
            Say::Stopped,
        ];
        all.extend(Distress::ALL.iter().map(|kind| Say::Distress(*kind)));
        let answers = [
            "received",
            "being-assessed",
            "sent-on",
            "removed",
            "not-illegal",
            "closed",
            "unknown",
        ];
        all.extend(answers.map(|answer| Say::Status(answer.into())));
        all
    }

    #[test]
    fn everything_has_its_words_in_every_language() {
        for language in Language::ALL {
            for say in all() {
                let said = wording().messages(language, std::slice::from_ref(&say));
                assert!(
                    said.iter()
                        .all(|text| !text.contains("chat-") && !text.trim().is_empty()),
                    "{said:?}"
                );
            }
        }
    }

    #[test]
    fn in_danger_the_emergency_number_is_named_first() {
        let says = [Say::Distress(Distress::Danger), Say::Welcome];
        let said = wording().messages(Language::En, &says).join("\n");
        let (number, welcome) = (said.find("112").unwrap(), said.find("report line").unwrap());
        assert!(number < welcome && said.contains("0800-0188"));
    }

    #[test]
    fn no_message_is_longer_than_the_platforms_take_and_nothing_is_left_out() {
        let mut wording = wording();
        wording.hotline = "😀".repeat(5_000);
        let said = wording.messages(Language::En, &[Say::Welcome, Say::HowTo]);
        assert!(said.len() > 2 && said.iter().all(|text| utf16::length(text) <= MOST_UNITS));
        assert_eq!(said.concat().matches('😀').count(), 5_000);
    }
}
