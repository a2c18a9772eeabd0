//! The **mail** side of the demo: a small mail server that keeps what it receives instead of
//! delivering it, a page that shows it, and switches that make it misbehave as real servers do.
//!
//! `dialogue` is the protocol (RFC 5321) without sockets, `smtp` puts it on sockets, `letter` reads a
//! received message, `page` shows it.

mod dialogue;
mod letter;
pub mod page;
pub mod smtp;

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};

use serde::{Deserialize, Serialize};

pub use letter::{Attachment, Letter};

/// The most messages kept; beyond it the oldest go.
const MOST_KEPT: usize = 2_000;

/// How the mail server misbehaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct MailFaults {
    /// Every recipient is refused for good (550).
    pub refuse_rcpt: bool,
    /// The first attempt of a sender for a recipient is put off (451), as greylisting does.
    pub greylist_first: bool,
    /// The message is kept and the connection ends before the answer: the sender cannot know.
    pub drop_after_data: bool,
    /// Wait before each answer, in milliseconds.
    pub slow_ms: u64,
}

/// What was received and how the server behaves. Cheap to clone; clones share their state.
#[derive(Debug, Clone)]
pub struct Mailbox {
    inner: Arc<Mutex<Inner>>,
}

#[derive(Debug)]
struct Inner {
    faults: MailFaults,
    letters: Vec<Arc<Letter>>,
    received: u64,
    greylisted: HashSet<(String, String)>,
}

impl Mailbox {
    /// An empty mailbox with those faults.
    #[must_use]
    pub fn new(faults: MailFaults) -> Self {
        let inner = Inner {
            faults,
            letters: Vec::new(),
            received: 0,
            greylisted: HashSet::new(),
        };
        Self {
            inner: Arc::new(Mutex::new(inner)),
        }
    }

    fn with<T>(&self, look: impl FnOnce(&mut Inner) -> T) -> T {
        look(&mut self.inner.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// How the server misbehaves now.
    #[must_use]
    pub fn faults(&self) -> MailFaults {
        self.with(|inner| inner.faults)
    }

    /// Changes how the server misbehaves; connections that are open follow at their next command.
    pub fn set_faults(&self, faults: MailFaults) {
        self.with(|inner| {
            inner.faults = faults;
            inner.greylisted.clear();
        });
    }

    /// Every message kept, the newest first.
    #[must_use]
    pub fn letters(&self) -> Vec<Arc<Letter>> {
        self.with(|inner| inner.letters.iter().rev().cloned().collect())
    }

    fn keep(&self, sender: String, recipients: Vec<String>, raw: Vec<u8>) -> u64 {
        self.with(|inner| {
            inner.received += 1;
            let letter = Letter::read(inner.received, sender, recipients, raw);
            inner.letters.push(Arc::new(letter));
            if inner.letters.len() > MOST_KEPT {
                inner.letters.remove(0);
            }
            inner.received
        })
    }

    /// True when this pair was not seen since the faults were set; it is seen from now on.
    fn first_attempt(&self, sender: &str, recipient: &str) -> bool {
        let pair = (sender.to_lowercase(), recipient.to_lowercase());
        self.with(|inner| inner.greylisted.insert(pair))
    }
}
