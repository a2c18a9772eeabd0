//! What a notice says, before it is put into words. No field of these types can hold the bytes of
//! anything (law 3): addresses, hashes in hexadecimal, names, times.

use std::net::IpAddr;

use ground::{Instant, Verdict, WebAddress, text_enum};

use crate::{Digest, LegalGround, NoticeFormat, NoticeKind, NoticeLanguage};

text_enum! {
    /// What kind of thing an item is, as reports for programs name it.
    pub enum Media {
        /// A picture.
        Image = "image",
        /// A video.
        Video = "video",
        /// Something else, or not known.
        Mixed = "mixed",
    }
}

/// Who writes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hotline {
    /// Name of the hotline.
    pub name: String,
    /// One sentence: what it is.
    pub about: String,
    /// Where answers go; also the sender.
    pub reply_to: String,
    /// The address the mail comes from, and bounces go to.
    pub from: String,
    /// Its web site.
    pub website: String,
}

/// One item, exactly named (DSA art. 16(2)(b)).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedItem {
    /// The item's own address.
    pub address: WebAddress,
    /// The page it was found on, when that is another.
    pub found_on: Option<WebAddress>,
    /// The address its name led to.
    pub ip: Option<IpAddr>,
    /// When it was last seen there.
    pub seen_at: Instant,
    /// What was judged of it.
    pub verdict: Verdict,
    /// What kind of thing it is.
    pub media: Media,
    /// SHA-256; none when the address was judged by hand and no bytes are known.
    pub sha256: Option<Digest<32>>,
    /// SHA-1.
    pub sha1: Option<Digest<20>>,
    /// MD5.
    pub md5: Option<Digest<16>>,
}

impl NamedItem {
    /// The port of its address.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.address
            .url()
            .port_or_known_default()
            .unwrap_or_default()
    }

    /// Address and port as they are written together.
    #[must_use]
    pub fn endpoint(&self) -> String {
        let port = self.port();
        match self.ip {
            Some(IpAddr::V6(ip)) => format!("[{ip}]:{port}"),
            Some(ip) => format!("{ip}:{port}"),
            None => format!("port {port}"),
        }
    }

    /// The ground on which it is punishable: that of the day it was seen.
    #[must_use]
    pub fn ground(&self) -> LegalGround {
        LegalGround::at(self.seen_at)
    }

    /// SHA-256 as written, a dash when it is not known.
    #[must_use]
    pub fn sha256(&self) -> String {
        written(self.sha256.as_ref())
    }

    /// SHA-1 as written, a dash when it is not known.
    #[must_use]
    pub fn sha1(&self) -> String {
        written(self.sha1.as_ref())
    }

    /// MD5 as written, a dash when it is not known.
    #[must_use]
    pub fn md5(&self) -> String {
        written(self.md5.as_ref())
    }

    /// The page it was found on, where that says more than its own address.
    #[must_use]
    pub fn page(&self) -> Option<&WebAddress> {
        self.found_on.as_ref().filter(|page| **page != self.address)
    }
}

fn written<const BYTES: usize>(digest: Option<&Digest<BYTES>>) -> String {
    digest.map_or_else(|| "–".to_owned(), ToString::to_string)
}

/// A notice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoticeView {
    /// Its number, for people.
    pub number: String,
    /// First, or a reminder.
    pub kind: NoticeKind,
    /// In which language it is written.
    pub language: NoticeLanguage,
    /// In which format it goes out.
    pub format: NoticeFormat,
    /// Who writes.
    pub hotline: Hotline,
    /// To whom, by name.
    pub provider: String,
    /// The address of the provider's own page, where it can say what it did; none when there is none.
    pub page: Option<String>,
    /// When it is drawn up.
    pub drawn_up_at: Instant,
    /// What it is about.
    pub items: Vec<NamedItem>,
}

impl NoticeView {
    /// Whether it reminds of an earlier one.
    #[must_use]
    pub fn reminds(&self) -> bool {
        self.kind == NoticeKind::Reminder
    }

    /// Whether a table of its items stands beside its words.
    #[must_use]
    pub fn has_table(&self) -> bool {
        self.format == NoticeFormat::Table
    }

    /// Whether a report for programs stands beside its words.
    #[must_use]
    pub fn has_report(&self) -> bool {
        matches!(
            self.format,
            NoticeFormat::XarfFour | NoticeFormat::XarfThree
        )
    }

    /// The grounds its items give, each once.
    #[must_use]
    pub fn grounds(&self) -> Vec<LegalGround> {
        let mut grounds: Vec<_> = self.items.iter().map(NamedItem::ground).collect();
        grounds.sort_unstable();
        grounds.dedup();
        grounds
    }
}
