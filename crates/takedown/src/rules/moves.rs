//! The moves from the look-up to the notice, and those that begin the way anew.

use std::net::IpAddr;

use ground::{ContactId, Fact, HostedIn, Instant, NoticeId, ReportId, Verdict};

use super::{Cause, ContactStanding, Host, Move, Refused, Stage, Takedown};

impl Takedown {
    /// Who hosts it was found out: home goes on to the notice when the contact is approved, abroad
    /// is to be forwarded, and what has no provider waits for a human.
    ///
    /// # Errors
    /// [`Refused::NotFrom`] when nobody was looking.
    pub fn located(mut self, host: &Host) -> Move {
        if self.stage != Stage::Locating {
            return Err(Refused::NotFrom(self.stage));
        }
        self.0.hosted_in = Some(host.hosted_in);
        self.0.country.clone_from(&host.country);
        self.0.ip = host.ip.map(|ip| ip.to_string());
        self.0.host_found_at_ms = Some(host.at);
        self.0.provider_id = host.provider;
        self.0.contact_id = host.contact.map(|(id, _)| id);
        let mut facts = vec![Fact::HostLocated {
            hosted_in: host.hosted_in,
            country: host.country.clone(),
            provider: host.provider,
            asn: host.asn,
        }];
        let next = match host.hosted_in {
            HostedIn::Onion => self.at_stage(Stage::NotAttributable, Cause::BehindTor),
            HostedIn::Unknown => self.at_stage(Stage::NotAttributable, Cause::HostUnknown),
            HostedIn::Abroad => {
                facts.push(Fact::ToBeForwarded {
                    country: host.country.clone(),
                });
                self.at_stage(Stage::ToForward, Cause::HostedAbroad)
            }
            HostedIn::Home => {
                let (next, fact) = self.by_contact(host.contact);
                facts.push(fact);
                next
            }
        };
        Ok((next, facts))
    }

    /// A human says who hosts it, where the look-up got no further or was wrong.
    ///
    /// # Errors
    /// [`Refused::NotFrom`] when it is held, named in a notice, or closed.
    pub fn located_by_hand(self, host: &Host) -> Move {
        let open_to_hand = matches!(
            self.stage,
            Stage::Locating
                | Stage::AwaitingContact
                | Stage::ToForward
                | Stage::NotAttributable
                | Stage::NoticeDue
        );
        if !open_to_hand {
            return Err(Refused::NotFrom(self.stage));
        }
        self.at_stage(Stage::Locating, Cause::AskedAgain)
            .located(host)
    }

    fn by_contact(self, contact: Option<(ContactId, ContactStanding)>) -> (Self, Fact) {
        let awaited = Fact::ContactAwaited {
            provider: self.provider_id,
        };
        match (contact, self.provider_id) {
            (Some((contact, ContactStanding::Approved)), Some(provider)) => (
                self.at_stage(Stage::NoticeDue, Cause::ContactApproved),
                Fact::NoticeDue { contact, provider },
            ),
            (Some((_, ContactStanding::Refused)), _) => (
                self.at_stage(Stage::AwaitingContact, Cause::ContactRefused),
                awaited,
            ),
            (Some(_), _) => (
                self.at_stage(Stage::AwaitingContact, Cause::ContactUnapproved),
                awaited,
            ),
            (None, _) => (
                self.at_stage(Stage::AwaitingContact, Cause::NoContact),
                awaited,
            ),
        }
    }

    /// The look-up failed, on our side or at the registries, and is repeated at `until`. `why` goes
    /// to the ledger: a code or fixed words, never with a host name or an address in it.
    ///
    /// # Errors
    /// [`Refused::NotFrom`] when nobody was looking.
    pub fn look_up_failed(mut self, why: &str, attempt: u32, until: Instant) -> Move {
        if self.stage != Stage::Locating {
            return Err(Refused::NotFrom(self.stage));
        }
        self.0.not_before_ms = until;
        let fact = Fact::LocatingPutOff {
            cause: why.to_owned(),
            attempt,
        };
        Ok((
            self.at_stage(Stage::Locating, Cause::LookUpFailed)
                .noted(why),
            vec![fact],
        ))
    }

    /// A contact of its provider was approved: the one it waits for, or, when it waits for none in
    /// particular or its own was refused or failed, another.
    ///
    /// # Errors
    /// [`Refused::NotFrom`] when it waits for no contact; [`Refused::OtherContact`] when its own
    /// contact still waits for approval, or the provider is not known.
    pub fn contact_approved(mut self, contact: ContactId) -> Move {
        if self.stage != Stage::AwaitingContact {
            return Err(Refused::NotFrom(self.stage));
        }
        let own_waits = self.cause == Cause::ContactUnapproved && self.contact_id != Some(contact);
        let (Some(provider), false) = (self.provider_id, own_waits) else {
            return Err(Refused::OtherContact);
        };
        self.0.contact_id = Some(contact);
        let next = self.at_stage(Stage::NoticeDue, Cause::ContactApproved);
        Ok((next, vec![Fact::NoticeDue { contact, provider }]))
    }

    /// Its contact was refused, before or after it was approved.
    ///
    /// # Errors
    /// [`Refused::NotFrom`] when no notice to that contact is still to come.
    pub fn contact_refused(self, contact: ContactId) -> Move {
        if !matches!(self.stage, Stage::AwaitingContact | Stage::NoticeDue) {
            return Err(Refused::NotFrom(self.stage));
        }
        if self.contact_id != Some(contact) {
            return Err(Refused::OtherContact);
        }
        let fact = Fact::ContactAwaited {
            provider: self.provider_id,
        };
        Ok((
            self.at_stage(Stage::AwaitingContact, Cause::ContactRefused),
            vec![fact],
        ))
    }

    /// A notice was drawn up that names it.
    ///
    /// # Errors
    /// [`Refused::NotFrom`] when no notice was due; [`Refused::Withheld`] when a police hold was
    /// not released, which no order of moves reaches.
    pub fn named_in(mut self, notice: NoticeId) -> Move {
        if self.stage != Stage::NoticeDue {
            return Err(Refused::NotFrom(self.stage));
        }
        if self.is_withheld() {
            return Err(Refused::Withheld);
        }
        let Some(provider) = self.provider_id else {
            return Err(Refused::OtherContact);
        };
        self.0.notice_id = Some(notice);
        let next = self.at_stage(Stage::Noticed, Cause::Named);
        Ok((next, vec![Fact::NoticeNamesItem { notice, provider }]))
    }

    /// The notice that names it was accepted. Also when it had been given up before: what happened
    /// happened. The first time is kept when a second provider is told after a change of host.
    ///
    /// # Errors
    /// [`Refused::OtherNotice`] when another notice names it, or none; [`Refused::NotFrom`] when
    /// it was told already.
    pub fn told(mut self, notice: NoticeId, at: Instant) -> Move {
        let awaits = matches!(
            self.stage,
            Stage::Noticed | Stage::AwaitingContact | Stage::NoticeDue
        );
        if !awaits {
            return Err(Refused::NotFrom(self.stage));
        }
        let (true, Some(provider)) = (self.notice_id == Some(notice), self.provider_id) else {
            return Err(Refused::OtherNotice);
        };
        self.0.told_at_ms = self.told_at_ms.or(Some(at));
        self.0.last_told_at_ms = Some(at);
        let next = self.at_stage(Stage::Told, Cause::NoticeAccepted);
        Ok((next, vec![Fact::ProviderTold { notice, provider }]))
    }

    /// A reminder was drawn up that names it: its provider was told and still shows it.
    ///
    /// # Errors
    /// [`Refused::NotFrom`] when nobody was told; [`Refused::OtherContact`] when the provider is not
    /// known.
    pub fn reminded(mut self, notice: NoticeId, at: Instant) -> Move {
        if self.stage != Stage::Told {
            return Err(Refused::NotFrom(self.stage));
        }
        let Some(provider) = self.provider_id else {
            return Err(Refused::OtherContact);
        };
        self.0.reminders += 1;
        self.0.last_told_at_ms = Some(at);
        let nth = u32::try_from(self.reminders).unwrap_or(u32::MAX);
        let fact = Fact::ReminderNamesItem {
            notice,
            provider,
            nth,
        };
        Ok((self, vec![fact]))
    }

    /// The notice that names it failed for good: it waits for another contact, or for a human who
    /// sends it again. `why` is a code or a few words.
    ///
    /// # Errors
    /// [`Refused::NotFrom`] or [`Refused::OtherNotice`].
    pub fn notice_failed(self, notice: NoticeId, why: &str) -> Move {
        if self.stage != Stage::Noticed {
            return Err(Refused::NotFrom(self.stage));
        }
        if self.notice_id != Some(notice) {
            return Err(Refused::OtherNotice);
        }
        let fact = Fact::ContactAwaited {
            provider: self.provider_id,
        };
        let next = self
            .at_stage(Stage::AwaitingContact, Cause::NoticeFailed)
            .noted(why);
        Ok((next, vec![fact]))
    }

    /// The notice that names it was taken by the relay at `accepted` and came back: its provider was not
    /// told. It waits as after a notice that failed; the time since it was told and its reminders begin
    /// anew, unless another provider had been told of it before.
    ///
    /// # Errors
    /// [`Refused::NotFrom`] or [`Refused::OtherNotice`].
    pub fn notice_returned(
        mut self,
        notice: NoticeId,
        accepted: Option<Instant>,
        why: &str,
    ) -> Move {
        if self.stage != Stage::Told {
            return self.notice_failed(notice, why);
        }
        if self.notice_id != Some(notice) {
            return Err(Refused::OtherNotice);
        }
        if self.told_at_ms == accepted {
            self.0.told_at_ms = None;
        }
        self.0.last_told_at_ms = None;
        self.0.reminders = 0;
        let fact = Fact::ContactAwaited {
            provider: self.provider_id,
        };
        let next = self
            .at_stage(Stage::AwaitingContact, Cause::NoticeFailed)
            .noted(why);
        Ok((next, vec![fact]))
    }

    /// A human sends the failed notice again.
    ///
    /// # Errors
    /// [`Refused::NotFrom`] or [`Refused::OtherNotice`].
    pub fn notice_retried(self, notice: NoticeId) -> Move {
        if (self.stage, self.cause) != (Stage::AwaitingContact, Cause::NoticeFailed) {
            return Err(Refused::NotFrom(self.stage));
        }
        let (true, Some(provider)) = (self.notice_id == Some(notice), self.provider_id) else {
            return Err(Refused::OtherNotice);
        };
        let next = self.at_stage(Stage::Noticed, Cause::Named);
        Ok((next, vec![Fact::NoticeNamesItem { notice, provider }]))
    }

    /// It is hosted elsewhere than it was: found out anew, without losing time. A hold stays.
    ///
    /// # Errors
    /// [`Refused::Closed`].
    pub fn moved(self, at: Instant) -> Move {
        if self.stage == Stage::Ended {
            return Err(Refused::Closed);
        }
        let fact = Fact::HostChanged {
            provider: self.provider_id,
        };
        Ok((self.anew(Cause::HostChanged, at), vec![fact]))
    }

    /// Another address answers for it, and it is of the same provider: nobody new is to be told.
    ///
    /// # Errors
    /// [`Refused::NotFrom`] while its host is still to be found; [`Refused::Closed`].
    pub fn same_host(mut self, ip: IpAddr) -> Move {
        match self.stage {
            Stage::Ended => return Err(Refused::Closed),
            Stage::Locating | Stage::Held | Stage::HoldLapsed => {
                return Err(Refused::NotFrom(self.stage));
            }
            _ => {}
        }
        self.0.ip = Some(ip.to_string());
        let fact = Fact::HostConfirmed {
            provider: self.provider_id,
        };
        Ok((self, vec![fact]))
    }

    /// A human asks for another look-up, where one ended without anybody to write to.
    ///
    /// # Errors
    /// [`Refused::NotFrom`].
    pub fn look_up_again(self, at: Instant) -> Move {
        let stuck = matches!(
            self.stage,
            Stage::AwaitingContact | Stage::ToForward | Stage::NotAttributable
        );
        if !stuck {
            return Err(Refused::NotFrom(self.stage));
        }
        let fact = Fact::HostChanged {
            provider: self.provider_id,
        };
        Ok((self.anew(Cause::AskedAgain, at), vec![fact]))
    }

    /// It was seen again after it was removed: its way begins anew, and so does the time since
    /// somebody was told. The watch says when ([`crate::Conclusion::Reappeared`]) and has the fact.
    ///
    /// # Errors
    /// [`Refused::Closed`].
    pub fn reappeared(mut self, at: Instant) -> Result<Self, Refused> {
        if self.stage == Stage::Ended {
            return Err(Refused::Closed);
        }
        self.0.told_at_ms = None;
        Ok(self.anew(Cause::CameBack, at))
    }

    /// A human closes it without removal.
    ///
    /// # Errors
    /// [`Refused::Closed`] when it is closed already.
    pub fn ended(self, why: &str) -> Move {
        if self.stage == Stage::Ended {
            return Err(Refused::Closed);
        }
        let fact = Fact::TakedownEnded {
            cause: why.chars().take(500).collect(),
        };
        Ok((
            self.at_stage(Stage::Ended, Cause::Closed).noted(why),
            vec![fact],
        ))
    }

    /// Its item was judged illegal again after a human had closed it.
    ///
    /// # Errors
    /// [`Refused::NotFrom`] when it is not closed, [`Refused::NotIllegal`].
    pub fn reopened(mut self, report: ReportId, verdict: Verdict, at: Instant) -> Move {
        if self.stage != Stage::Ended {
            return Err(Refused::NotFrom(self.stage));
        }
        if !verdict.is_illegal() {
            return Err(Refused::NotIllegal);
        }
        self.0.report_id = report;
        self.0.verdict = verdict;
        self.0.told_at_ms = None;
        let fact = Fact::TakedownReopened { report, verdict };
        Ok((self.anew(Cause::JudgedAgain, at), vec![fact]))
    }
}
