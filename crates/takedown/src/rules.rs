//! The way of one takedown: its stages and the moves between them. Only a move assigns a stage.

use std::net::IpAddr;
use std::ops::Deref;

use ground::{
    AddressId, ContactId, ContentId, Fact, HostedIn, Instant, ItemId, NoticeId, PoliceReason,
    ProviderId, ReportId, TakedownId, Verdict, text_enum,
};
use sea_orm::FromQueryResult;

text_enum! {
    /// How far the way from verdict to notice has come.
    pub enum Stage {
        /// Who hosts it is being found out.
        Locating = "locating",
        /// The police are asked first; nothing is sent before a human releases it.
        Held = "held",
        /// The deadline of the hold passed and nobody decided: on the liaison's list.
        HoldLapsed = "hold-lapsed",
        /// The provider is known; no contact of it is approved.
        AwaitingContact = "awaiting-contact",
        /// Hosted abroad: to be forwarded to the hotline there.
        ToForward = "to-forward",
        /// No provider can be found (Tor, or a name that leads nowhere).
        NotAttributable = "not-attributable",
        /// Waits to be named in the next notice to its contact.
        NoticeDue = "notice-due",
        /// Named in a notice that is on its way.
        Noticed = "noticed",
        /// The notice was accepted: the provider knows.
        Told = "told",
        /// Closed by a human without removal.
        Ended = "ended",
    }
}

text_enum! {
    /// Why a takedown is where it is. There is always one.
    pub enum Cause {
        /// The verdict was given.
        Judged = "judged",
        /// The police are asked first.
        PoliceFirst = "police-first",
        /// A human released the hold.
        Released = "released",
        /// The deadline of the hold passed.
        DeadlinePassed = "deadline-passed",
        /// The look-up failed and is repeated; the note says why.
        LookUpFailed = "look-up-failed",
        /// The registries say it is hosted abroad.
        HostedAbroad = "hosted-abroad",
        /// Behind Tor.
        BehindTor = "behind-tor",
        /// No registry knows who hosts it.
        HostUnknown = "host-unknown",
        /// The provider gives no contact.
        NoContact = "no-contact",
        /// The contact waits for approval.
        ContactUnapproved = "contact-unapproved",
        /// The contact was refused.
        ContactRefused = "contact-refused",
        /// The contact is approved.
        ContactApproved = "contact-approved",
        /// Named in a notice.
        Named = "named",
        /// The notice was accepted by the relay.
        NoticeAccepted = "notice-accepted",
        /// The notice failed for good; the note says why.
        NoticeFailed = "notice-failed",
        /// The host changed.
        HostChanged = "host-changed",
        /// It came back after it was removed.
        CameBack = "came-back",
        /// Judged illegal again after it was closed.
        JudgedAgain = "judged-again",
        /// A human asked for another look-up.
        AskedAgain = "asked-again",
        /// A human closed it; the note says why.
        Closed = "closed",
    }
}

/// Where a takedown stands, as stored and as shown. Read through [`Takedown`], which alone can
/// change it.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
#[expect(
    missing_docs,
    reason = "each field is the column of the same name, explained there"
)]
pub struct Way {
    pub id: TakedownId,
    pub item_id: ItemId,
    pub content_id: ContentId,
    pub address_id: AddressId,
    pub report_id: ReportId,
    pub verdict: Verdict,
    pub stage: Stage,
    pub hosted_in: Option<HostedIn>,
    pub country: Option<String>,
    pub ip: Option<String>,
    pub host_found_at_ms: Option<Instant>,
    pub provider_id: Option<ProviderId>,
    pub contact_id: Option<ContactId>,
    pub police_reason: Option<PoliceReason>,
    pub hold_deadline_ms: Option<Instant>,
    pub released_at_ms: Option<Instant>,
    pub notice_id: Option<NoticeId>,
    pub told_at_ms: Option<Instant>,
    pub cause: Cause,
    pub note: Option<String>,
    pub opened_at_ms: Instant,
    pub attempts: i64,
    pub not_before_ms: Instant,
    pub revision: i64,
    pub reminders: i64,
    pub last_told_at_ms: Option<Instant>,
}

impl Way {
    /// Whether a hold was placed that no human has released.
    #[must_use]
    pub const fn is_withheld(&self) -> bool {
        self.police_reason.is_some() && self.released_at_ms.is_none()
    }
}

/// The life of one illegal item. Its [`Way`] can be read and only be changed by the moves below,
/// each of which consumes it and gives the next state with the facts to record about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Takedown(pub(crate) Way);

impl Deref for Takedown {
    type Target = Way;
    fn deref(&self) -> &Way {
        &self.0
    }
}

/// What a takedown is opened for.
#[derive(Debug, Clone, Copy)]
pub struct Opening {
    /// The id it shall have.
    pub id: TakedownId,
    /// The illegal item.
    pub item: ItemId,
    /// What the item holds.
    pub content: ContentId,
    /// The address it was found at.
    pub address: AddressId,
    /// The report in which it was judged.
    pub report: ReportId,
    /// Why it must go.
    pub verdict: Verdict,
}

/// A police hold: why, and when somebody must have decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hold {
    /// Why the police are asked first.
    pub why: PoliceReason,
    /// After this moment it is on the liaison's list of lapsed holds.
    pub deadline: Instant,
}

/// Who hosts an item, as it was found out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Host {
    /// Seen from the hotline.
    pub hosted_in: HostedIn,
    /// ISO 3166-1 alpha-2.
    pub country: Option<String>,
    /// The address its name leads to.
    pub ip: Option<IpAddr>,
    /// The number of the network.
    pub asn: Option<u32>,
    /// Who hosts it.
    pub provider: Option<ProviderId>,
    /// Whom to write to.
    pub contact: Option<(ContactId, ContactStanding)>,
    /// When this was found out.
    pub at: Instant,
}

text_enum! {
    /// Whether a contact may be written to.
    pub enum ContactStanding {
        /// Not decided yet.
        Unapproved = "unapproved",
        /// A human approved it.
        Approved = "approved",
        /// A human refused it.
        Refused = "refused",
    }
}

/// Why a move was not made. Nothing changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// The move does not lead on from where the takedown is.
    #[error("that cannot be done while the takedown is at the stage '{0}'")]
    NotFrom(Stage),
    /// Only what is illegal is taken down.
    #[error("the verdict is not that it is illegal")]
    NotIllegal,
    /// The deadline of the hold has not passed.
    #[error("the deadline of the hold has not passed yet")]
    NotYet,
    /// It is about another notice than the one that names the item.
    #[error("another notice names this item, or none does")]
    OtherNotice,
    /// It is about another contact than the one of this takedown.
    #[error("the takedown waits for another contact")]
    OtherContact,
    /// The police hold was not released.
    #[error("it is held for the police and was not released")]
    Withheld,
    /// It was closed by a human.
    #[error("it was closed")]
    Closed,
}

/// The next state and what to record about it.
type Move = Result<(Takedown, Vec<Fact>), Refused>;

impl Takedown {
    /// Begins a takedown; with a hold it begins held.
    ///
    /// # Errors
    /// [`Refused::NotIllegal`].
    pub fn open(opening: Opening, hold: Option<Hold>, at: Instant) -> Move {
        if !opening.verdict.is_illegal() {
            return Err(Refused::NotIllegal);
        }
        let begun = Self(Way {
            id: opening.id,
            item_id: opening.item,
            content_id: opening.content,
            address_id: opening.address,
            report_id: opening.report,
            verdict: opening.verdict,
            stage: Stage::Locating,
            hosted_in: None,
            country: None,
            ip: None,
            host_found_at_ms: None,
            provider_id: None,
            contact_id: None,
            police_reason: None,
            hold_deadline_ms: None,
            released_at_ms: None,
            notice_id: None,
            told_at_ms: None,
            cause: Cause::Judged,
            note: None,
            opened_at_ms: at,
            attempts: 0,
            not_before_ms: at,
            revision: 0,
            reminders: 0,
            last_told_at_ms: None,
        });
        let mut facts = vec![Fact::TakedownOpened {
            item: opening.item,
            content: opening.content,
            address: opening.address,
            verdict: opening.verdict,
        }];
        let begun = match hold {
            Some(hold) => {
                let (held, more) = begun.held(hold)?;
                facts.extend(more);
                held
            }
            None => begun,
        };
        Ok((begun, facts))
    }

    /// Places a hold, or gives one a new deadline. Possible until the item is named in a notice.
    ///
    /// # Errors
    /// [`Refused::NotFrom`] once a notice names it.
    pub fn held(mut self, hold: Hold) -> Move {
        match self.stage {
            Stage::Noticed | Stage::Told => return Err(Refused::NotFrom(self.stage)),
            Stage::Ended => return Err(Refused::Closed),
            _ => {}
        }
        self.0.police_reason = Some(hold.why);
        self.0.hold_deadline_ms = Some(hold.deadline);
        self.0.released_at_ms = None;
        self.0.not_before_ms = hold.deadline;
        let placed = Fact::PoliceHoldPlaced {
            why: hold.why,
            deadline: hold.deadline,
        };
        Ok((self.at_stage(Stage::Held, Cause::PoliceFirst), vec![placed]))
    }

    /// A human lets it go on: the only way on from a hold, lapsed or not.
    ///
    /// # Errors
    /// [`Refused::NotFrom`] when it is not held.
    pub fn released(mut self, at: Instant) -> Move {
        if !matches!(self.stage, Stage::Held | Stage::HoldLapsed) {
            return Err(Refused::NotFrom(self.stage));
        }
        self.0.released_at_ms = Some(at);
        self.0.not_before_ms = at;
        Ok((
            self.at_stage(Stage::Locating, Cause::Released),
            vec![Fact::PoliceHoldReleased],
        ))
    }

    /// The deadline passed: it goes to the liaison's list, never on by itself.
    ///
    /// # Errors
    /// [`Refused::NotYet`] before the deadline, [`Refused::NotFrom`] when it is not held.
    pub fn hold_lapsed(self, now: Instant) -> Move {
        if self.stage != Stage::Held {
            return Err(Refused::NotFrom(self.stage));
        }
        if self.hold_deadline_ms.is_some_and(|deadline| deadline > now) {
            return Err(Refused::NotYet);
        }
        let lapsed = self.at_stage(Stage::HoldLapsed, Cause::DeadlinePassed);
        Ok((lapsed, vec![Fact::PoliceHoldLapsed]))
    }

    pub(crate) fn at_stage(mut self, stage: Stage, cause: Cause) -> Self {
        self.0.stage = stage;
        self.0.cause = cause;
        self.0.note = None;
        self
    }

    fn noted(mut self, note: &str) -> Self {
        self.0.note = Some(note.chars().take(500).collect());
        self
    }

    /// Back to finding out who hosts it; a hold that was not released stays a hold.
    fn anew(mut self, cause: Cause, at: Instant) -> Self {
        self.0.notice_id = None;
        self.0.reminders = 0;
        self.0.last_told_at_ms = None;
        if self.is_withheld() {
            self.0.not_before_ms = self.hold_deadline_ms.unwrap_or(at);
            return match self.stage {
                Stage::HoldLapsed => self.at_stage(Stage::HoldLapsed, Cause::DeadlinePassed),
                _ => self.at_stage(Stage::Held, Cause::PoliceFirst),
            };
        }
        self.0.hosted_in = None;
        self.0.contact_id = None;
        self.0.not_before_ms = at;
        self.at_stage(Stage::Locating, cause)
    }
}

mod moves;
