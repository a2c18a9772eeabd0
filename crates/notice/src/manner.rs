//! How a notice is written: in which language and format, and whether it is the first.

use ground::text_enum;

text_enum! {
    /// In which language a notice is written.
    pub enum NoticeLanguage {
        /// Dutch.
        Dutch = "nl",
        /// English.
        English = "en",
        /// German.
        German = "de",
        /// French.
        French = "fr",
    }
}

text_enum! {
    /// Which step on the way to a removal it is.
    pub enum NoticeKind {
        /// The first about its items.
        First = "first",
        /// A reminder: the provider was told, and they are still there.
        Reminder = "reminder",
    }
}

text_enum! {
    /// In which format a notice goes out.
    pub enum NoticeFormat {
        /// A mail, and nothing beside its text.
        Mail = "mail",
        /// A mail with a table of its items (RFC 4180).
        Table = "mail-csv",
        /// A mail with an XARF report of version 4 about its one item.
        XarfFour = "xarf-4",
        /// A mail with an XARF report of version 3 about its one item.
        XarfThree = "xarf-3",
    }
}

impl NoticeFormat {
    /// Whether one notice may name several items: a report of XARF is about one.
    #[must_use]
    pub const fn bundles(self) -> bool {
        matches!(self, Self::Mail | Self::Table)
    }
}
