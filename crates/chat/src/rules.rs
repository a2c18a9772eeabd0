//! The conversation: what was said goes in, what is to be said and wanted comes out.
//!
//! What somebody says is gathered as notes. Notes become a letter when their sender says so, begins
//! anew, ends, or falls silent; no note is ever thrown away. While a letter is being stored, more may
//! be said and is gathered for the next. The receipt is said when the letter was stored, and only
//! then; the caller draws it before, so that storing again after a crash is the same letter.

use pages::Language;
use serde::{Deserialize, Serialize};

use crate::commands::Command;
use crate::distress::Distress;
use crate::notes::{Draft, Note, notes_of, taken};
use crate::{Forwarded, Heard, MediaKind, Say, Want, Words, language, links};

/// Albums remembered, so that a late picture is no new report.
const ALBUMS: usize = 20;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
enum Why {
    Silence,
    Said,
    Ended,
}

#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Storing {
    draft: Draft,
    receipt: String,
    why: Why,
    /// Whether what was gathered since is to be stored as well.
    more: bool,
}

/// A conversation.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Talk {
    language: Option<Language>,
    welcomed: bool,
    helped: Vec<Distress>,
    albums: Vec<String>,
    notes: Vec<Note>,
    storing: Option<Storing>,
    receipt: Option<String>,
}

/// A conversation is not for logs.
impl std::fmt::Debug for Talk {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Talk(…)")
    }
}

/// What follows from an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Turn {
    /// The conversation from now on.
    pub talk: Talk,
    /// What is to be said, in this order.
    pub says: Vec<Say>,
    /// What is to be done.
    pub wants: Vec<Want>,
    fresh_receipt: String,
}

impl Talk {
    /// Some things were said, one soon after the other. `usual` is spoken until the language is
    /// known; `receipt` is a fresh one, used if a letter follows.
    #[must_use]
    pub fn hear(self, heard: &[Heard], usual: Language, receipt: &str) -> Turn {
        let mut turn = Turn::of(self, receipt);
        turn.recognise(heard);
        let before = turn.talk.notes.len();
        let welcome = !turn.talk.welcomed;
        if welcome {
            turn.talk.welcomed = true;
            turn.says.push(Say::Welcome);
        }
        for one in heard {
            turn.one(one, usual, welcome);
        }
        if turn.talk.storing.is_none() && turn.talk.notes.len() > before {
            turn.say_noted();
        }
        turn
    }

    /// Nothing was said for a while: what is gathered is stored.
    #[must_use]
    pub fn fall_silent(self, usual: Language, receipt: &str) -> Turn {
        let mut turn = Turn::of(self, receipt);
        if turn.talk.storing.is_none() && !turn.talk.notes.is_empty() {
            turn.store(Why::Silence, usual);
        }
        turn
    }

    /// The letter of [`Talk::to_store`] is stored. `receipt` is a fresh one, used if another follows.
    #[must_use]
    pub fn stored(self, usual: Language, receipt: &str) -> Turn {
        let mut turn = Turn::of(self, receipt);
        let Some(storing) = turn.talk.storing.take() else {
            return turn;
        };
        turn.says.push(Say::Registered {
            receipt: storing.receipt.clone(),
            silence: storing.why == Why::Silence,
        });
        turn.talk.receipt = Some(storing.receipt);
        if storing.more && !turn.talk.notes.is_empty() {
            turn.store(storing.why, usual);
        } else if storing.why == Why::Ended {
            turn.end();
        } else if !turn.talk.notes.is_empty() {
            turn.say_noted();
        }
        turn
    }

    /// The letter that waits to be stored and its receipt.
    #[must_use]
    pub fn to_store(&self) -> Option<(&Draft, &str)> {
        self.storing
            .as_ref()
            .map(|storing| (&storing.draft, storing.receipt.as_str()))
    }

    /// Whether something was said that is in no letter yet.
    #[must_use]
    pub fn has_notes(&self) -> bool {
        !self.notes.is_empty()
    }

    /// The language spoken.
    #[must_use]
    pub fn language(&self, usual: Language) -> Language {
        self.language.unwrap_or(usual)
    }
}

impl Turn {
    fn of(talk: Talk, receipt: &str) -> Self {
        Self {
            talk,
            says: Vec::new(),
            wants: Vec::new(),
            fresh_receipt: receipt.to_owned(),
        }
    }

    /// Which language is spoken, and whether help comes first.
    fn recognise(&mut self, heard: &[Heard]) {
        let texts: Vec<&str> = heard.iter().filter_map(text_of).collect();
        let text = texts.join("\n");
        if self.talk.language.is_none() {
            self.talk.language = language::of(&text);
        }
        for kind in Distress::heard_in(&text) {
            if !self.talk.helped.contains(&kind) {
                self.talk.helped.push(kind);
                self.says.push(Say::Distress(kind));
            }
        }
    }

    fn one(&mut self, heard: &Heard, usual: Language, welcome: bool) {
        let marked = |mark: &str, talk: &Talk| talk.language(usual).t(mark);
        match heard {
            Heard::Text { words, forwarded } => match Command::read(&words.text) {
                Some(command) if words.links.is_empty() => self.obey(command, usual, welcome),
                _ => {
                    let mark = forwarded_mark(*forwarded).map(|mark| marked(mark, &self.talk));
                    self.note(words, mark.as_slice());
                }
            },
            Heard::Media {
                kind,
                caption,
                album,
                forwarded,
                ..
            } => {
                if self.is_late(album.as_deref(), caption) {
                    return;
                }
                let mut marks = vec![marked(media_mark(*kind), &self.talk)];
                marks.extend(forwarded_mark(*forwarded).map(|mark| marked(mark, &self.talk)));
                self.note(caption, &marks);
                self.say_once(Say::NoMedia);
            }
            Heard::Edited { words } => {
                let mark = marked("chat-mark-edited", &self.talk);
                self.note(words, &[mark]);
            }
            // What was said stays; that it was taken back is said beside it.
            Heard::TakenBack if self.talk.has_notes() => {
                let mark = marked("chat-mark-taken-back", &self.talk);
                self.note(&Words::default(), &[mark]);
            }
            Heard::TakenBack => {}
            Heard::Personal => self.say_once(Say::NoPersonal),
            Heard::Unknown { .. } => self.say_once(Say::NotRead),
        }
    }

    fn obey(&mut self, command: Command, usual: Language, welcome: bool) {
        let gathered = self.talk.has_notes();
        match command {
            Command::Yes | Command::New if gathered => self.store(Why::Said, usual),
            Command::Yes if self.talk.storing.is_some() => {}
            Command::No if gathered => self.say_once(Say::GoOn),
            Command::Stop if gathered || self.talk.storing.is_some() => {
                self.store(Why::Ended, usual)
            }
            Command::Stop => self.end(),
            Command::Status => match self.talk.receipt.clone() {
                Some(receipt) => self.wants.push(Want::Status(receipt)),
                None => self.say_once(Say::NoReport),
            },
            Command::Help => self.say_once(Say::Help),
            Command::Speak(language) => {
                self.talk.language = Some(language);
                self.say_once(Say::Speaking);
            }
            // The welcome has told it already.
            Command::Yes | Command::No | Command::New | Command::Greeting => {
                if !welcome {
                    self.say_once(Say::HowTo);
                }
            }
        }
    }

    /// Keeps what was said.
    fn note(&mut self, words: &Words, marks: &[String]) {
        self.talk.notes.extend(notes_of(words, marks));
    }

    /// Whether a file belongs to an album that was told of before and says nothing new.
    fn is_late(&mut self, album: Option<&str>, caption: &Words) -> bool {
        let Some(album) = album else { return false };
        let albums = &mut self.talk.albums;
        let known = albums.iter().any(|known| known == album);
        if !known {
            albums.push(album.to_owned());
            let old = albums.len().saturating_sub(ALBUMS);
            albums.drain(..old);
        }
        known && *caption == Words::default()
    }

    fn store(&mut self, why: Why, usual: Language) {
        if let Some(storing) = &mut self.talk.storing {
            storing.more = true;
            storing.why = storing.why.max(why);
            return;
        }
        let language = self.talk.language(usual);
        let draft = taken(&mut self.talk.notes, language);
        self.talk.storing = Some(Storing {
            draft,
            receipt: self.fresh_receipt.clone(),
            why,
            more: !self.talk.notes.is_empty(),
        });
        self.wants.push(Want::Store);
    }

    fn end(&mut self) {
        self.says.push(Say::Stopped);
        self.wants.push(Want::Forget);
        self.talk.welcomed = false;
        self.talk.helped.clear();
    }

    fn say_once(&mut self, say: Say) {
        if !self.says.contains(&say) {
            self.says.push(say);
        }
    }

    fn say_noted(&mut self) {
        let mut all: Vec<String> = Vec::new();
        for (_, address) in self.talk.notes.iter().flat_map(|note| &note.addresses) {
            let shown = links::harmless(address);
            if !all.contains(&shown) {
                all.push(shown);
            }
        }
        let more = all.len().saturating_sub(10);
        all.truncate(10);
        self.says.push(Say::Noted {
            addresses: all,
            more,
        });
    }
}

fn text_of(heard: &Heard) -> Option<&str> {
    match heard {
        Heard::Text { words, .. } | Heard::Edited { words } => Some(&words.text),
        Heard::Media { caption, .. } => Some(&caption.text),
        Heard::TakenBack | Heard::Personal | Heard::Unknown { .. } => None,
    }
}

const fn media_mark(kind: MediaKind) -> &'static str {
    match kind {
        MediaKind::Photo => "chat-mark-photo",
        MediaKind::Video => "chat-mark-video",
        MediaKind::Sound => "chat-mark-sound",
        MediaKind::File => "chat-mark-file",
        MediaKind::Sticker => "chat-mark-sticker",
    }
}

const fn forwarded_mark(forwarded: Forwarded) -> Option<&'static str> {
    match forwarded {
        Forwarded::No => None,
        Forwarded::Once => Some("chat-mark-forwarded"),
        Forwarded::Often => Some("chat-mark-forwarded-often"),
    }
}

#[cfg(test)]
#[path = "rules_tests.rs"]
mod tests;
