//! What was gathered, and how much of it one letter holds.

use ground::WebAddress;
use pages::Language;
use serde::{Deserialize, Serialize};

use crate::{Words, links};

/// Most bytes of words in one letter; more is said in a second letter.
pub const MOST_BYTES: usize = 15_500;
/// Most addresses in one letter.
pub const MOST_ADDRESSES: usize = 50;
/// Longest piece in which a very long text is kept, in bytes.
const PIECE: usize = 12_000;

/// What a letter will be made of.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// The language spoken.
    pub language: Language,
    /// The addresses: as typed, and in canonical form.
    pub addresses: Vec<(String, WebAddress)>,
    /// All that was said.
    pub words: String,
}

#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Note {
    pub words: String,
    pub addresses: Vec<(String, WebAddress)>,
}

/// What was said is not for logs.
impl std::fmt::Debug for Draft {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Draft(…)")
    }
}

/// What was said, marked, in notes that each fit a letter; none when nothing was.
pub(crate) fn notes_of(words: &Words, marks: &[String]) -> Vec<Note> {
    let marks: String = marks.iter().map(|mark| format!("[{mark}] ")).collect();
    let text = format!("{marks}{}", words.text.trim());
    let text = text.trim();
    let mut addresses = links::find(words);
    // An address that stands behind a word, and not in the text, is said as well.
    let behind: String = addresses
        .iter()
        .filter(|(typed, _)| !text.contains(typed.as_str()))
        .map(|(typed, _)| format!("\n{typed}"))
        .collect();
    pieces(&format!("{text}{behind}"))
        .map(|piece| Note {
            words: piece.to_owned(),
            addresses: std::mem::take(&mut addresses),
        })
        .collect()
}

/// As many notes as one letter holds, at least one; the others stay.
pub(crate) fn taken(notes: &mut Vec<Note>, language: Language) -> Draft {
    let mut draft = Draft {
        language,
        addresses: Vec::new(),
        words: String::new(),
    };
    let mut many = 0;
    for note in notes.iter() {
        let known =
            |address: &WebAddress| draft.addresses.iter().any(|(_, other)| other == address);
        let fresh: Vec<_> = note
            .addresses
            .iter()
            .filter(|(_, a)| !known(a))
            .cloned()
            .collect();
        let full = draft.words.len() + note.words.len() >= MOST_BYTES
            || draft.addresses.len() + fresh.len() > MOST_ADDRESSES;
        if many > 0 && full {
            break;
        }
        if many > 0 {
            draft.words.push('\n');
        }
        draft.words.push_str(&note.words);
        draft.addresses.extend(fresh);
        many += 1;
    }
    notes.drain(..many);
    draft
}

/// A text in pieces that fit a letter, cut between letters.
fn pieces(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let (piece, after) = rest.split_at(rest.floor_char_boundary(PIECE));
        rest = after;
        Some(piece)
    })
}
