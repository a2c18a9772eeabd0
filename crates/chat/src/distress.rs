//! What is said in distress, by its words, so that help is named before anything else.
//!
//! The words are looked for, not understood: naming a help line once too often does no harm.

use ground::text_enum;
use pages::HelpKind;

text_enum! {
    /// What somebody may need help with.
    pub enum Distress {
        /// Somebody is in danger now.
        Danger = "danger",
        /// Somebody threatens or blackmails.
        Threat = "threat",
        /// It is the sender's own picture, or that of a child of theirs.
        OwnPicture = "own-picture",
        /// The sender worries about their own behaviour.
        OwnBehaviour = "own-behaviour",
    }
}

const DANGER: &[&str] = &[
    "in gevaar",
    "nu gevaar",
    "komt naar mijn huis",
    "staat voor de deur",
    "zelfmoord",
    "dood wil",
    "wil niet meer leven",
    "gebeurt nu",
    "in danger",
    "coming to my house",
    "at my door",
    "suicide",
    "kill myself",
    "want to die",
    "happening now",
    "happening right now",
];
const THREAT: &[&str] = &[
    "chantage",
    "chanteert",
    "chanteren",
    "gechanteerd",
    "bedreigt",
    "bedreigd",
    "dreigt",
    "afgeperst",
    "afpersing",
    "sextortion",
    "blackmail",
    "threaten",
    "extort",
];
const OWN_PICTURE: &[&str] = &[
    "foto van mij",
    "foto's van mij",
    "fotos van mij",
    "video van mij",
    "filmpje van mij",
    "beelden van mij",
    "mijn foto",
    "mijn naaktfoto",
    "naaktfoto van mij",
    "foto van mijn",
    "foto's van mijn",
    "beelden van mijn",
    "video van mijn",
    "filmpje van mijn",
    "picture of me",
    "pictures of me",
    "photo of me",
    "photos of me",
    "video of me",
    "my picture",
    "my photo",
    "my nude",
    "nudes of me",
    "image of me",
    "images of me",
    "picture of my",
    "pictures of my",
    "photo of my",
    "photos of my",
    "video of my",
];
const OWN_BEHAVIOUR: &[&str] = &[
    "mijn eigen gedrag",
    "wil stoppen met kijken",
    "ik wil ermee stoppen",
    "my own behaviour",
    "my own behavior",
    "want to stop looking",
    "want to stop watching",
];

impl Distress {
    /// What a text may say of distress, the most urgent first.
    #[must_use]
    pub fn heard_in(text: &str) -> Vec<Self> {
        let lower = text.to_lowercase().replace('\u{2019}', "'");
        Self::ALL
            .iter()
            .copied()
            .filter(|kind| kind.signs().iter().any(|sign| lower.contains(sign)))
            .collect()
    }

    const fn signs(self) -> &'static [&'static str] {
        match self {
            Self::Danger => DANGER,
            Self::Threat => THREAT,
            Self::OwnPicture => OWN_PICTURE,
            Self::OwnBehaviour => OWN_BEHAVIOUR,
        }
    }

    /// Which help lines are named, the first one first.
    #[must_use]
    pub const fn help(self) -> &'static [HelpKind] {
        match self {
            Self::Danger => &[HelpKind::Emergency, HelpKind::Care],
            Self::Threat => &[HelpKind::Emergency, HelpKind::Police, HelpKind::Care],
            Self::OwnPicture => &[HelpKind::Care],
            Self::OwnBehaviour => &[HelpKind::Stop],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_urgent_comes_first_and_an_address_alone_is_no_distress() {
        let heard =
            Distress::heard_in("Foto\u{2019}s van mij, en hij dreigt. Hij staat voor de deur");
        assert_eq!(
            heard,
            [Distress::Danger, Distress::Threat, Distress::OwnPicture]
        );
        assert!(Distress::heard_in("https://gallery.example/spring").is_empty());
        let heard = Distress::heard_in("he threatens to post pictures of me");
        assert_eq!(heard, [Distress::Threat, Distress::OwnPicture]);
    }
}
