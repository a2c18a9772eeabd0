//! What the parts of a report's page have in common, and one item in words.

use assessment::store::ItemVerdict;
use casework::desk::OpenItem;
use ground::{Basis, NotIllegalReason, ReportId, StaffId, Verdict};
use pages::{Language, Tone};

/// For whom a part is written.
pub(super) struct Seen {
    /// The language.
    pub lang: Language,
    /// The report.
    pub report: ReportId,
    /// Who reads it.
    pub me: StaffId,
    /// Whether they hold the report, and may judge.
    pub held: bool,
    /// The form token.
    pub token: String,
}

impl Seen {
    /// The path of something of an item; `rest` begins with a slash or is empty.
    pub fn path(&self, item: &OpenItem, rest: &str) -> String {
        format!("/reports/{}/items/{}{rest}", self.report, item.id)
    }

    /// The verdict in words, with the reason when there is one.
    pub fn verdict(&self, given: &ItemVerdict) -> String {
        self.named(given.verdict, given.why)
    }

    /// A verdict in words, with the reason when there is one.
    pub fn named(&self, verdict: Verdict, why: Option<NotIllegalReason>) -> String {
        let verdict = ::figures::verdict_label(verdict);
        let verdict = verdict.told_in(self.lang);
        match why {
            Some(why) => {
                let why = self.lang.t(&format!("report-why-{why}"));
                format!("{verdict}: {why}")
            }
            None => verdict.to_owned(),
        }
    }

    /// Whether the verdict was filled in, and how: none when this item itself was looked at.
    pub fn filled_in(&self, given: &ItemVerdict) -> Option<String> {
        let elsewhere = given.judged_in != self.report;
        match given.basis {
            Basis::ByItself => Some(self.lang.t("report-by-itself")),
            _ if elsewhere => Some(self.lang.t_n(
                "report-known",
                "day",
                self.lang.day(given.judged_at_ms.ms()),
            )),
            Basis::SameBytes => Some(self.lang.t("report-same-bytes")),
            Basis::Likeness => Some(self.lang.t("report-likeness")),
            Basis::SamePicture => Some(self.lang.t("report-same-picture")),
            Basis::Looked => None,
        }
    }

    /// Whether the reader may judge the item: it has no verdict, or one they gave in this report.
    pub fn may_judge(&self, item: &OpenItem) -> bool {
        let own = |given: ItemVerdict| {
            // What nobody looked at may be judged by whoever looks now.
            given.basis == Basis::ByItself
                || (given.by_staff == self.me && given.judged_in == self.report)
        };
        self.held && item.verdict.is_none_or(own)
    }
}

/// The tone of a verdict.
pub(crate) const fn tone(verdict: Verdict) -> Tone {
    match verdict {
        Verdict::IllegalBaseline | Verdict::IllegalNational => Tone::Bad,
        Verdict::NotIllegal | Verdict::Ignore => Tone::Good,
        Verdict::NotAssessable => Tone::Warn,
    }
}

/// Length and codec of a video, width, height, kind and size, as far as they are known.
pub(super) fn measures(lang: Language, item: &OpenItem) -> String {
    let mut told = Vec::new();
    if let Some(film) = &item.film {
        told.extend(film.duration_ms.map(crate::hashlist::length));
        told.extend((!film.codec.is_empty()).then(|| film.codec.clone()));
    }
    if let (Some(width), Some(height)) = (item.width, item.height) {
        told.push(format!("{} × {}", lang.number(width), lang.number(height)));
    }
    told.push(item.media_type.clone());
    told.push(lang.bytes(u64::try_from(item.size_bytes).unwrap_or(0)));
    told.join(" · ")
}
