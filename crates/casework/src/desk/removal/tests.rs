//! What a human does about removals, on both engines.

use ground::clock::{DAY_MS, HOUR_MS};
use ground::{
    Act, Chance, Db, Fact, Instant, Reason, StaffId, TakedownId, TestClock, both_engines,
};
use notice::NoticeState;
use provider::{ContactFormat, ContactLanguage, ContactState, MailAddress, Manner};
use takedown::{Cause, Presence, Refused, Stage, Takedown, Which};
use vault::{HotlineKeys, Objects, Vault};

use super::RemovalError;
use super::staged::{
    Ending, Fault, RIPE_MS, a_contact, a_hold, a_notice, a_provider, because, facts_of, hosted_by,
    illegal_item,
};
use crate::Casework;

const ANN: StaffId = StaffId::from_bits(1);

fn stage(db: Db) -> Result<(Casework, TestClock), Fault> {
    let clock = TestClock::at(Instant::from_ms(1_795_500_000_000));
    let keys = HotlineKeys::from_seed(&[9; 32]);
    let vault = Vault::new(keys, Objects::in_memory(), clock.clock(), Chance::system());
    Ok((crate::testing::idle(db, vault, clock.clock())?, clock))
}

async fn now_at(work: &Casework, id: TakedownId) -> Result<Takedown, Fault> {
    Ok(takedown::load(&work.db, id).await?.ok_or("no takedown")?)
}

fn why() -> Result<Reason, Fault> {
    because("agreed by telephone")
}

/// An item that waits for a contact that nobody decided about.
async fn waiting(work: &Casework, name: &str) -> Result<(TakedownId, ground::ContactId), Fault> {
    let id = illegal_item(work, name, None).await?;
    let provider = a_provider(work).await?;
    let known = provider::contacts_of(&work.db, provider).await?;
    let contact = match known.first() {
        Some(known) => known.id,
        None => a_contact(work, provider, "abuse@hosting.example").await?,
    };
    hosted_by(work, id, provider, Some(contact)).await?;
    Ok((id, contact))
}

both_engines! {
    async fn a_released_hold_goes_on_and_the_reason_stands_in_the_ledger(db: Db) {
        let (work, clock) = stage(db)?;
        let hold = a_hold(clock.clock().now(), HOUR_MS);
        let id = illegal_item(&work, "one.png", Some(hold)).await?;
        let seen = now_at(&work, id).await?.revision;
        work.release_hold(ANN, id, seen, why()?).await?;
        let released = now_at(&work, id).await?;
        assert_eq!((released.stage, released.cause), (Stage::Locating, Cause::Released));
        let facts = facts_of(&work, id).await?;
        let reason = Some("agreed by telephone".to_owned());
        assert_eq!(facts.last(), Some(&(Fact::PoliceHoldReleased, reason)));
        let again = work.release_hold(ANN, id, seen, why()?).await;
        assert!(matches!(again, Err(RemovalError::Stale)), "{again:?}");
        let again = work.release_hold(ANN, id, released.revision, why()?).await;
        assert!(matches!(again, Err(RemovalError::Move(Refused::NotFrom(Stage::Locating)))));
    }
}

both_engines! {
    async fn a_lapsed_hold_can_be_given_more_time_and_never_goes_on_by_itself(db: Db) {
        let (work, clock) = stage(db)?;
        let now = || clock.clock().now();
        let id = illegal_item(&work, "one.png", Some(a_hold(now(), HOUR_MS))).await?;
        clock.advance_ms(2 * HOUR_MS);
        assert!(work.lapse_one().await?);
        let lapsed = now_at(&work, id).await?;
        assert_eq!(lapsed.stage, Stage::HoldLapsed);
        for wrong in [now(), now().plus_ms(32 * DAY_MS)] {
            let refused = work.extend_hold(ANN, id, lapsed.revision, wrong, why()?).await;
            assert!(matches!(refused, Err(RemovalError::BadDeadline)));
        }
        let deadline = now().plus_ms(DAY_MS);
        work.extend_hold(ANN, id, lapsed.revision, deadline, why()?).await?;
        let held = now_at(&work, id).await?;
        assert_eq!((held.stage, held.hold_deadline_ms), (Stage::Held, Some(deadline)));
        assert!(!work.lapse_one().await?, "the new deadline has not passed");
        assert!(held.is_withheld());
    }
}

both_engines! {
    async fn only_what_is_held_can_be_given_more_time(db: Db) {
        let (work, clock) = stage(db)?;
        let id = illegal_item(&work, "one.png", None).await?;
        let deadline = clock.clock().now().plus_ms(DAY_MS);
        let refused = work.extend_hold(ANN, id, 0, deadline, why()?).await;
        assert!(matches!(refused, Err(RemovalError::Move(_))));
        assert_eq!(now_at(&work, id).await?.stage, Stage::Locating);
    }
}

both_engines! {
    /// Regression (d): what had no approved contact was lost and counted as sent.
    async fn what_waits_for_a_contact_moves_on_when_it_is_approved(db: Db) {
        let (work, clock) = stage(db)?;
        let (one, contact) = waiting(&work, "one.png").await?;
        let (two, _) = waiting(&work, "two.png").await?;
        let held = illegal_item(&work, "three.png", Some(a_hold(clock.clock().now(), DAY_MS))).await?;
        assert_eq!(now_at(&work, one).await?.cause, Cause::ContactUnapproved);
        let book = work.contact_book().await?;
        assert_eq!((book.waiting.len(), book.waiting[0].items), (1, 2));
        assert_eq!(work.approve_contact(ANN, contact, 0, why()?).await?, 2);
        for id in [one, two] {
            assert_eq!(now_at(&work, id).await?.stage, Stage::NoticeDue);
        }
        assert_eq!(now_at(&work, held).await?.stage, Stage::Held, "a hold is never passed by");
        assert!(work.contact_book().await?.waiting.is_empty());
        let again = work.approve_contact(ANN, contact, 1, why()?).await;
        assert!(matches!(again, Err(RemovalError::Contact(provider::Refused::Already(_)))));
    }
}

both_engines! {
    async fn a_refused_contact_draws_back_what_was_due_and_another_approved_one_takes_it(db: Db) {
        let (work, _) = stage(db)?;
        let (id, first) = waiting(&work, "one.png").await?;
        work.approve_contact(ANN, first, 0, why()?).await?;
        work.refuse_contact(ANN, first, 1, why()?).await?;
        let waits = now_at(&work, id).await?;
        assert_eq!((waits.stage, waits.cause), (Stage::AwaitingContact, Cause::ContactRefused));
        let provider = waits.provider_id.ok_or("no provider")?;
        let email = MailAddress::parse("desk@hosting.example")?;
        let manner = Manner::usual(ContactLanguage::English);
        let second =
            work.add_contact(ANN, provider, email.clone(), manner, why()?).await?;
        let twice = work.add_contact(ANN, provider, email, manner, why()?).await;
        assert!(matches!(twice, Err(RemovalError::Taken)));
        assert_eq!(work.approve_contact(ANN, second, 0, why()?).await?, 1);
        assert_eq!(now_at(&work, id).await?.contact_id, Some(second));
        work.approve_contact(ANN, first, 2, why()?).await?;
        work.refuse_contact(ANN, second, 1, why()?).await?;
        let back = now_at(&work, id).await?;
        assert_eq!((back.stage, back.contact_id), (Stage::NoticeDue, Some(first)));
    }
}

both_engines! {
    async fn an_altered_address_is_approved_again_before_anything_goes_there(db: Db) {
        let (work, clock) = stage(db)?;
        let (id, contact) = waiting(&work, "one.png").await?;
        work.approve_contact(ANN, contact, 0, why()?).await?;
        let same = MailAddress::parse("abuse@hosting.example")?;
        let english = (same, Manner::usual(ContactLanguage::English));
        work.change_contact(ANN, contact, 1, english.clone(), why()?).await?;
        assert_eq!(now_at(&work, id).await?.stage, Stage::NoticeDue, "a language may change");
        let nothing = work.change_contact(ANN, contact, 2, english.clone(), why()?).await;
        assert!(matches!(nothing, Err(RemovalError::Contact(provider::Refused::Unaltered))));
        let other = (MailAddress::parse("desk@hosting.example")?, english.1);
        work.change_contact(ANN, contact, 2, other, why()?).await?;
        assert_eq!(now_at(&work, id).await?.stage, Stage::AwaitingContact);
        clock.advance_ms(RIPE_MS);
        assert!(!work.gather_notices().await?);
        assert_eq!(work.approve_contact(ANN, contact, 3, why()?).await?, 1);
        assert!(work.gather_notices().await?);
        let drawn = notice::list(&work.db, None, 10, 0).await?;
        let mail = notice::open_mail(&work.db, &work.vault, drawn[0].id).await?;
        assert_eq!(mail.to, "desk@hosting.example");
    }
}

both_engines! {
    /// Regression (f): a failed notice was never sent again.
    async fn a_failed_notice_is_sent_again_with_the_items_that_still_wait(db: Db) {
        let (work, clock) = stage(db)?;
        let (one, contact) = waiting(&work, "one.png").await?;
        let (two, _) = waiting(&work, "two.png").await?;
        work.approve_contact(ANN, contact, 0, why()?).await?;
        clock.advance_ms(RIPE_MS);
        let failed = a_notice(&work, Ending::Failed).await?;
        let waits = now_at(&work, one).await?;
        assert_eq!((waits.stage, waits.cause), (Stage::AwaitingContact, Cause::NoticeFailed));
        assert_eq!(waits.told_at_ms, None, "a failed notice is never sent");
        let two_now = now_at(&work, two).await?;
        work.end_takedown(ANN, two, two_now.revision, why()?).await?;
        let opened = work.open_notice(failed).await?;
        assert_eq!((opened.items.len(), opened.notice.state), (2, NoticeState::Failed));
        assert!(opened.mail.is_some_and(|mail| mail.raw.contains("gallery.example/one.png")));
        work.retry_notice(ANN, failed, opened.notice.revision, why()?).await?;
        let again = notice::load(&work.db, failed).await?.ok_or("none")?;
        assert_eq!(again.state, NoticeState::Due);
        assert_eq!(now_at(&work, one).await?.stage, Stage::Noticed);
        assert_eq!(now_at(&work, two).await?.stage, Stage::Ended);
        let not_failed = work.retry_notice(ANN, failed, again.revision, why()?).await;
        assert!(matches!(not_failed, Err(RemovalError::Notice(_))));
    }
}

both_engines! {
    async fn a_failed_notice_is_not_sent_again_to_whom_nobody_approves_or_for_nothing(db: Db) {
        let (work, clock) = stage(db)?;
        let (id, contact) = waiting(&work, "one.png").await?;
        work.approve_contact(ANN, contact, 0, why()?).await?;
        clock.advance_ms(RIPE_MS);
        let failed = a_notice(&work, Ending::Failed).await?;
        let seen = notice::load(&work.db, failed).await?.ok_or("none")?.revision;
        work.refuse_contact(ANN, contact, 1, why()?).await?;
        let refused = work.retry_notice(ANN, failed, seen, why()?).await;
        assert!(matches!(refused, Err(RemovalError::NotApproved)), "{refused:?}");
        work.approve_contact(ANN, contact, 2, why()?).await?;
        assert_eq!(now_at(&work, id).await?.stage, Stage::NoticeDue, "a new notice will name it");
        let nothing = work.retry_notice(ANN, failed, seen, why()?).await;
        assert!(matches!(nothing, Err(RemovalError::NothingWaits)), "{nothing:?}");
    }
}

both_engines! {
    async fn an_unsure_notice_that_arrived_tells_its_items(db: Db) {
        let (work, clock) = stage(db)?;
        let (id, contact) = waiting(&work, "one.png").await?;
        work.approve_contact(ANN, contact, 0, why()?).await?;
        clock.advance_ms(RIPE_MS);
        let unsure = a_notice(&work, Ending::Unsure).await?;
        assert_eq!(now_at(&work, id).await?.stage, Stage::Noticed);
        let seen = notice::load(&work.db, unsure).await?.ok_or("none")?.revision;
        work.notice_arrived(ANN, unsure, seen, why()?).await?;
        let told = now_at(&work, id).await?;
        assert_eq!((told.stage, told.told_at_ms), (Stage::Told, Some(clock.clock().now())));
        let opened = work.open_removal(id).await?;
        assert_eq!(opened.notices.len(), 1);
        assert_eq!(opened.item.as_deref(), Some("http://gallery.example/one.png"));
        assert_eq!(opened.page.as_deref(), Some("http://gallery.example/one.png.html"));
        let provider = told.provider_id.ok_or("none")?;
        assert_eq!(opened.providers.get(&provider).map(String::as_str), Some("Example Hosting B.V."));
    }
}

both_engines! {
    async fn an_ended_takedown_is_not_looked_at_any_more_and_never_counts_as_removed(db: Db) {
        let (work, _) = stage(db)?;
        let (id, contact) = waiting(&work, "one.png").await?;
        let seen = now_at(&work, id).await?.revision;
        work.look_up_again(ANN, id, seen, why()?).await?;
        let again = now_at(&work, id).await?;
        assert_eq!((again.stage, again.cause), (Stage::Locating, Cause::AskedAgain));
        work.check_now(ANN, id, why()?).await?;
        work.end_takedown(ANN, id, again.revision, why()?).await?;
        let watch = takedown::load_watch(&work.db, id).await?.ok_or("no watch")?;
        assert_eq!((watch.presence, watch.removed_at_ms), (Presence::Ended, None));
        let closed = work.check_now(ANN, id, why()?).await;
        assert!(matches!(closed, Err(RemovalError::Move(Refused::Closed))));
        assert_eq!(work.approve_contact(ANN, contact, 0, why()?).await?, 0);
        let ended = Which { stage: Some(Stage::Ended), ..Which::default() };
        let listed = work.removals(ended, 10, 0).await?;
        assert_eq!(listed[0].address.as_deref(), Some("http://gallery.example/one.png"));
        assert_eq!(listed[0].provider.as_deref(), Some("Example Hosting B.V."));
    }
}

both_engines! {
    async fn an_address_that_was_shredded_is_shown_as_gone_and_breaks_nothing(db: Db) {
        let (work, clock) = stage(db)?;
        let (id, _) = waiting(&work, "one.png").await?;
        let address = now_at(&work, id).await?.address_id;
        let act = Act::by_worker("retention", clock.clock().now());
        let tx = work.db.act(&act, "shred").await?;
        work.vault.shred(&tx, vault::Owner::Address(address)).await?;
        tx.record(address, &Fact::KeyShredded { class: "address".into() });
        tx.commit().await?;
        let opened = work.open_removal(id).await?;
        assert_eq!((opened.item, opened.page), (None, None));
        assert_eq!(work.removals(Which::default(), 10, 0).await?[0].address, None);
        let unapproved = provider::contacts_in(&work.db, ContactState::Unapproved).await?;
        assert_eq!(unapproved.len(), 1);
    }
}

both_engines! {
    async fn a_contact_that_wants_reports_gets_one_mail_for_each_item(db: Db) {
        let (work, clock) = stage(db)?;
        let (_, contact) = waiting(&work, "one.png").await?;
        waiting(&work, "two.png").await?;
        work.approve_contact(ANN, contact, 0, why()?).await?;
        let same = MailAddress::parse("abuse@hosting.example")?;
        let (language, format) = (ContactLanguage::German, ContactFormat::XarfFour);
        work.change_contact(ANN, contact, 1, (same, Manner { language, format }), why()?).await?;
        clock.advance_ms(RIPE_MS);
        assert!(work.gather_notices().await?);
        let drawn = notice::list(&work.db, None, 10, 0).await?;
        assert_eq!(drawn.iter().map(|notice| notice.items).collect::<Vec<_>>(), [1, 1]);
        for notice in drawn {
            let mail = notice::open_mail(&work.db, &work.vault, notice.id).await?;
            assert!(mail.raw.contains("multipart/report") && mail.raw.contains("\"csam\""));
            assert!(mail.raw.contains("Aufforderung"), "its words are in the language of the contact");
        }
        assert!(!work.gather_notices().await?, "each is told once");
    }
}
