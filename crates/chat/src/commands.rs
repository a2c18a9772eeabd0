//! The few words that steer a conversation. A word steers only when it is all that was said.

use pages::Language;

/// What somebody asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Command {
    /// Report what was said.
    Yes,
    /// Not yet.
    No,
    /// Begin another report.
    New,
    /// What became of the report.
    Status,
    /// How this works.
    Help,
    /// End, and say nothing any more.
    Stop,
    /// Go on in this language.
    Speak(Language),
    /// A greeting or thanks: nothing to report.
    Greeting,
}

const WORDS: &[(&str, Command)] = &[
    ("ja", Command::Yes),
    ("yes", Command::Yes),
    ("y", Command::Yes),
    ("ja graag", Command::Yes),
    ("melden", Command::Yes),
    ("send", Command::Yes),
    ("nee", Command::No),
    ("no", Command::No),
    ("nieuw", Command::New),
    ("new", Command::New),
    ("status", Command::Status),
    ("help", Command::Help),
    ("hulp", Command::Help),
    ("stop", Command::Stop),
    ("nl", Command::Speak(Language::Nl)),
    ("nederlands", Command::Speak(Language::Nl)),
    ("dutch", Command::Speak(Language::Nl)),
    ("en", Command::Speak(Language::En)),
    ("engels", Command::Speak(Language::En)),
    ("english", Command::Speak(Language::En)),
    ("start", Command::Greeting),
    ("hallo", Command::Greeting),
    ("hoi", Command::Greeting),
    ("hi", Command::Greeting),
    ("hello", Command::Greeting),
    ("hey", Command::Greeting),
    ("dag", Command::Greeting),
    ("goedemorgen", Command::Greeting),
    ("goedemiddag", Command::Greeting),
    ("goedenavond", Command::Greeting),
    ("good morning", Command::Greeting),
    ("ok", Command::Greeting),
    ("oke", Command::Greeting),
    ("oké", Command::Greeting),
    ("okay", Command::Greeting),
    ("bedankt", Command::Greeting),
    ("dank je", Command::Greeting),
    ("dank u", Command::Greeting),
    ("thanks", Command::Greeting),
    ("thank you", Command::Greeting),
];

impl Command {
    /// The command a text is, if it is nothing else.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let bare = text
            .trim_matches(|c: char| !c.is_alphanumeric())
            .to_lowercase();
        WORDS
            .iter()
            .find(|(word, _)| *word == bare)
            .map(|(_, command)| *command)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_steers_only_when_it_is_all_that_was_said() {
        assert_eq!(Command::read(" /STOP! "), Some(Command::Stop));
        assert_eq!(Command::read("Ja."), Some(Command::Yes));
        assert_eq!(Command::read("stop dit filmpje"), None);
        assert_eq!(Command::read(""), None);
    }
}
