//! The facts of which the ledger is made: the shared language of every word.
//!
//! A fact says what happened, never what was concluded later, with enough detail that every figure
//! can be computed again from the ledger alone (law 8). A fact holds no address, no host name, no
//! words of a sender and no hash of material: the ledger outlives all of those (reference 5.3).
//! Facts are only ever added to; an old line must stay readable.
//!
//! The facts of one matter may stand in a file of their own; in the ledger they lie beside all others,
//! under their own name.

mod chat;
mod evidence;
mod hash;
mod staff;

use serde::{Deserialize, Serialize};

pub use self::chat::ChatFact;
pub use self::evidence::EvidenceFact;
pub use self::hash::HashFact;
pub use self::staff::StaffFact;
use crate::{
    AddressId, Basis, Channel, ContactId, ContentId, HostedIn, Instant, ItemId, NotIllegalReason,
    NoticeId, Observation, Origin, Outcome, PoliceReason, ProviderId, ReportId, ResponseKind,
    ResponseOutcome, StaffId, Verdict,
};

/// One thing that happened. The subject (which thing it happened to) stands beside it in the
/// ledger line; the comments name it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "fact", rename_all = "snake_case")]
#[expect(
    missing_docs,
    reason = "the comment of each fact explains its fields together"
)]
pub enum Fact {
    /// report · a letter was opened; its time is the hour it was left, never more exact.
    ReportReceived {
        channel: Channel,
        origin: Origin,
        addresses: u32,
        language: String,
    },
    /// address · a report named it; `first` when no report had named it before.
    AddressSighted {
        report: ReportId,
        first: bool,
        origin: Origin,
        channel: Channel,
    },
    /// address · named again after it was closed, so it is looked at again.
    AddressReopened { report: ReportId },
    /// visit · one look that was finished. `cause` says why nothing was captured.
    VisitEnded {
        address: AddressId,
        captured: bool,
        cause: Option<String>,
        items: u32,
        set_apart: u32,
    },
    /// visit · what the page was made of beside pictures was destroyed, its time being over.
    PiecesDestroyed { address: AddressId },
    /// visit · an attempt that did not succeed and will be repeated.
    VisitPutOff {
        address: AddressId,
        cause: String,
        attempt: u32,
    },
    /// address · an analyst asked for another look.
    VisitWanted,
    /// item · a picture or video was found at an address.
    ItemFound {
        address: AddressId,
        content: ContentId,
        new_content: bool,
        set_apart: bool,
    },
    /// item · a file that somebody has was taken by hand, as found at an address of this report.
    FileTaken {
        report: ReportId,
        address: AddressId,
        content: ContentId,
    },
    /// report · an analyst took it.
    ReportTaken,
    /// report · the analyst gave it back.
    ReportGivenBack,
    /// report · the analyst handed it over to this colleague.
    ReportHandedOver { to: StaffId },
    /// report · the acting analyst took it over from this colleague, with a reason.
    ReportTakenOver { from: StaffId },
    /// report · a hold lapsed and the report returned to the queue.
    HoldLapsed { held_by: StaffId },
    /// report · its page was opened: veiled previews of so many items were shown.
    VeiledShown { items: u32 },
    /// content · original bytes were shown to the acting analyst.
    Revealed { item: ItemId, report: ReportId },
    /// content · the contact sheet of a video was shown to the acting analyst, as it is.
    SheetRevealed { item: ItemId, report: ReportId },
    /// visit · the screenshot was shown.
    ScreenshotRevealed { report: ReportId },
    /// visit · the screenshot was destroyed, its time being over.
    ScreenshotDestroyed { address: AddressId },
    /// An address was forgotten: its key and its blind index are gone.
    AddressForgotten,
    /// report · the sender's words were shown.
    WordsShown,
    /// content · judged by a human.
    ContentJudged {
        item: ItemId,
        report: ReportId,
        verdict: Verdict,
        why: Option<NotIllegalReason>,
        answers: serde_json::Value,
        scheme: String,
    },
    /// content · the judgement was taken back by the one who gave it.
    JudgementUndone {
        item: ItemId,
        report: ReportId,
        was: Verdict,
        answers: serde_json::Value,
    },
    /// item · has its verdict, by looking or because the content was known.
    ItemJudged {
        report: ReportId,
        content: ContentId,
        verdict: Verdict,
        basis: Basis,
    },
    /// item · lost its verdict, because the judgement was taken back.
    ItemUnjudged {
        content: ContentId,
        was: Verdict,
        basis: Basis,
    },
    /// content · looks like `from`, which was judged by looking, and an analyst confirmed that its
    /// verdict holds; `distance` in bits of 256, `rule` with its version.
    LikenessConfirmed {
        from: ContentId,
        item: ItemId,
        report: ReportId,
        verdict: Verdict,
        distance: u32,
        turned: bool,
        rule: String,
    },
    /// content · the verdict confirmed for its likeness was taken back, with that of `from` or alone.
    LikenessTakenBack { from: ContentId, was: Verdict },
    /// content · an analyst said that it is not the same as `from`.
    LikenessRefused {
        from: ContentId,
        report: ReportId,
        distance: u32,
        rule: String,
    },
    /// site · what the house confirms by itself was set anew: up to so many bits, none when nothing;
    /// of a hundred of these, `sample` are asked of a person.
    HouseConfirms {
        version: i64,
        by_itself: Option<u32>,
        sample: u32,
    },
    /// content · has the verdict of `from` without anybody looking, by the setting of this version.
    LikenessByItself {
        from: ContentId,
        item: ItemId,
        report: ReportId,
        verdict: Verdict,
        distance: u32,
        rule: String,
    },
    /// content · would have had the verdict `expected` by itself, and is asked of a person.
    SecondLookAsked {
        from: ContentId,
        expected: Verdict,
        distance: u32,
        rule: String,
        setting: i64,
    },
    /// content · what the person said of whom a second look was asked.
    SecondLookAnswered {
        from: ContentId,
        expected: Verdict,
        verdict: Verdict,
        agrees: bool,
    },
    /// content · a senior analyst took notice that a second look came to another verdict.
    DisagreementSeen { from: ContentId },
    /// scheme, by its number · a draft was begun, or its text was altered.
    SchemeDrafted { revision: i64 },
    /// scheme · a draft was thrown away.
    SchemeDropped,
    /// scheme · in force from now on; `before` was until now.
    SchemeActivated { scheme: String, before: String },
    /// content · found before it was kept what contents look like, and looked into now: whether a
    /// picture has a hash, how many frames of a video have one, and how many contents are like it;
    /// `failed` when it could not be decoded.
    LookedIntoLater {
        hashed: bool,
        frames: u32,
        near: u32,
        failed: bool,
    },
    /// report · all is judged and the report is closed.
    ReportClosed {
        outcome: Outcome,
        items: u32,
        illegal: u32,
        note: bool,
    },
    /// address · no open report names it any more.
    AddressClosed,
    /// takedown · an illegal item begins its way to removal.
    TakedownOpened {
        item: ItemId,
        content: ContentId,
        address: AddressId,
        verdict: Verdict,
    },
    /// takedown · who hosts it was found out (again, when it moved).
    HostLocated {
        hosted_in: HostedIn,
        country: Option<String>,
        provider: Option<ProviderId>,
        asn: Option<u32>,
    },
    /// takedown · the look-up failed and will be repeated.
    LocatingPutOff { cause: String, attempt: u32 },
    /// takedown · hosted abroad: to be forwarded to the hotline of that country.
    ToBeForwarded { country: Option<String> },
    /// takedown · held for the police.
    PoliceHoldPlaced {
        why: PoliceReason,
        deadline: Instant,
    },
    /// takedown · released by a human.
    PoliceHoldReleased,
    /// takedown · the deadline of the hold passed.
    PoliceHoldLapsed,
    /// takedown · its host is no longer the one that was found; looked up anew.
    HostChanged { provider: Option<ProviderId> },
    /// takedown · another address answers for it, of the same provider as before.
    HostConfirmed { provider: Option<ProviderId> },
    /// takedown · no approved contact to write to: a human must approve or find one.
    ContactAwaited { provider: Option<ProviderId> },
    /// takedown · waits for the next notice to this contact.
    NoticeDue {
        contact: ContactId,
        provider: ProviderId,
    },
    /// provider · seen for the first time.
    ProviderFound {
        name: String,
        country: Option<String>,
        asn: Option<u32>,
    },
    /// contact · found by a look-up; must be approved before the first notice.
    ContactFound { provider: ProviderId },
    /// contact · approved by a human.
    ContactApproved { provider: ProviderId },
    /// contact · refused by a human.
    ContactRefused { provider: ProviderId },
    /// contact · its address or language was altered by a human; an altered address must be approved
    /// again.
    ContactChanged { provider: ProviderId },
    /// notice · made up for one contact.
    NoticeDrawnUp {
        contact: ContactId,
        provider: ProviderId,
        items: u32,
        language: String,
    },
    /// takedown · its item is named in a notice.
    NoticeNamesItem {
        notice: NoticeId,
        provider: ProviderId,
    },
    /// takedown · its item is named in a reminder, the `nth` since its provider was told.
    ReminderNamesItem {
        notice: NoticeId,
        provider: ProviderId,
        nth: u32,
    },
    /// notice · handed to the mail relay, which accepted it.
    NoticeAccepted {
        contact: ContactId,
        provider: ProviderId,
        attempts: u32,
    },
    /// takedown · the first notice that names it was accepted: the removal clock starts.
    ProviderTold {
        notice: NoticeId,
        provider: ProviderId,
    },
    /// notice · an attempt failed and will be repeated.
    NoticePutOff { cause: String, attempt: u32 },
    /// notice · the connection was lost when the relay may already have taken it.
    NoticeUnsure { cause: String, attempt: u32 },
    /// notice · given up; a human must act.
    NoticeFailed { cause: String, attempts: u32 },
    /// notice · accepted, and not delivered: a mail server said so, with this status (RFC 3463).
    NoticeReturned {
        contact: ContactId,
        provider: ProviderId,
        status: String,
    },
    /// notice · sent again by a human after it failed.
    NoticeRetried,
    /// takedown · one observation.
    Checked { observation: Observation },
    /// takedown · somebody asked for a check now.
    CheckWanted,
    /// contact · its page was opened through a signed link, with so many items on it.
    ProviderPageShown { provider: ProviderId, items: u32 },
    /// contact · a new link to its page was asked for.
    ProviderLinkAsked { provider: ProviderId },
    /// contact · the mail with a new link was accepted by the relay.
    ProviderLinkSent { provider: ProviderId },
    /// takedown · its provider said something about it.
    ProviderResponded {
        provider: ProviderId,
        kind: ResponseKind,
    },
    /// takedown · what came of a response.
    ResponseSettled {
        kind: ResponseKind,
        outcome: ResponseOutcome,
    },
    /// takedown · concluded removed; `first_gone` is when its absence was first seen.
    Removed {
        first_gone: Instant,
        told_at: Option<Instant>,
        provider: Option<ProviderId>,
    },
    /// takedown · seen again after it was removed.
    Reappeared { provider: Option<ProviderId> },
    /// takedown · closed without removal, by a human.
    TakedownEnded { cause: String },
    /// takedown · begun again after it was closed: its item was judged illegal anew.
    TakedownReopened { report: ReportId, verdict: Verdict },
    /// site · our own way out failed its canary (`healthy` false) or passed again.
    Canary { healthy: bool },
    /// site · a setting was changed.
    SettingChanged { key: String },
    /// report or content · its key was destroyed: what it sealed can never be read again.
    KeyShredded { class: String },
    /// site · a page of aggregate figures or the ledger was exported.
    Exported { what: String },
    /// figure · a number of one year, published by us before or by others, was brought in from a file.
    FigurePublished {
        figure: String,
        year: i16,
        hundredths: i64,
        unit: String,
        definition: String,
        source: String,
    },
    /// What happened to the evidence of a visit.
    #[serde(untagged)]
    Evidence(EvidenceFact),
    /// What happened to the account of somebody of the hotline.
    #[serde(untagged)]
    Staff(StaffFact),
    /// What happened to a hash list or to one who asks the hash-check.
    #[serde(untagged)]
    Hash(HashFact),
    /// What happened in a conversation on a chat platform.
    #[serde(untagged)]
    Chat(ChatFact),
}

impl Fact {
    /// The name under which this kind of fact stands in the ledger's `kind` column.
    #[must_use]
    pub fn kind(&self) -> String {
        match serde_json::to_value(self) {
            Ok(serde_json::Value::Object(map)) => map
                .get("fact")
                .and_then(serde_json::Value::as_str)
                .unwrap_or_default()
                .to_owned(),
            _ => String::new(),
        }
    }
}

/// Reads the fact of a ledger line back.
///
/// # Errors
/// When the line was written by a newer version, or is damaged.
pub fn read(detail: &str) -> Result<Fact, serde_json::Error> {
    serde_json::from_str(detail)
}

#[cfg(test)]
mod tests;
