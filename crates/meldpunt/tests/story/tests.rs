use casework::desk::{Done, TakeError};
use demo::MailFaults;
use figures::{Calendar, compute};
use ground::{Basis, Db, Outcome, PoliceReason, both_engines, ledger};
use letterbox::Answer;
use takedown::{Listed, Presence, Stage};

use crate::fixture::{Fault, Hotline};

/// Where takedowns stand, each kind once, to be read when a story goes wrong.
fn stand(takedowns: &[Listed]) -> Vec<String> {
    let mut all: Vec<String> = takedowns
        .iter()
        .map(|one| {
            format!(
                "{} {} {:?} {}",
                one.stage, one.cause, one.note, one.presence
            )
        })
        .collect();
    all.sort();
    all.dedup();
    all
}

const SPRING: &str = "http://gallery.example/spring";

both_engines! {
    async fn a_report_becomes_a_removed_page_and_a_counted_figure(db: Db) {
        let hotline = Hotline::on(db.clone(), MailFaults::default()).await?;
        let (receipt, id) = hotline.report(SPRING, "seen in a chat").await?;
        assert_eq!(hotline.told(&receipt).await?, Answer::Received);
        hotline.visit_all().await?;
        let looked_at = hotline.judge_all(id, '1').await?;
        assert!(looked_at.len() >= 3, "{}", looked_at.len());
        hotline.pass(1).await?;
        assert_eq!(hotline.told(&receipt).await?, Answer::BeingAssessed);
        hotline.done(id, Done::default()).await?;
        hotline.pass(3).await?;
        assert!(hotline.mail().await?.is_empty(), "no notice before a human approved the contact");
        let all = hotline.takedowns().await?;
        assert!(!all.is_empty() && all.iter().all(|one| one.stage == Stage::AwaitingContact), "{:?}", stand(&all));

        hotline.approve_contacts().await?;
        hotline.pass(4).await?;
        let mail = hotline.mail().await?;
        assert_eq!(mail.len(), 1, "one grouped notice");
        let text = mail[0]["text"].as_str().unwrap_or_default().to_owned();
        assert!(text.contains("http://gallery.example/pictures/"), "{text}");
        assert!(text.contains("192.0.2.10"), "{text}");
        assert_eq!(hotline.told(&receipt).await?, Answer::SentOn);

        hotline.pass(12).await?;
        let all = hotline.takedowns().await?;
        assert!(!all.is_empty() && all.iter().all(|one| one.presence == Presence::There), "{:?}", stand(&all));
        hotline.provider_does("gallery.example", "/spring", "remove").await?;
        hotline.pass(20).await?;
        let all = hotline.takedowns().await?;
        assert!(!all.is_empty() && all.iter().all(|one| one.presence == Presence::Gone), "{:?}", stand(&all));
        assert_eq!(hotline.told(&receipt).await?, Answer::Removed);

        let year = Calendar::of("Europe/Amsterdam")?.year(2026);
        let figures = compute(&db, &year).await?;
        let value = |key: &str| figures.get(key).and_then(|figure| figure.value.count());
        assert_eq!(value("reports"), Some(1));
        assert_eq!(value("notices"), Some(1));
        let removed = i64::try_from(hotline.takedowns().await?.len())?;
        assert_eq!(value("removed"), Some(removed));
        assert_eq!(value("items-illegal"), Some(removed));
        assert_eq!(ledger::verify(&db, &[], None).await?.damage, None);
    }
}

both_engines! {
    async fn an_error_page_and_our_own_outage_are_never_a_removal_and_a_return_is_seen(db: Db) {
        let hotline = Hotline::on(db, MailFaults::default()).await?;
        let (_, id) = hotline.report(SPRING, "").await?;
        hotline.visit_all().await?;
        hotline.judge_all(id, '2').await?;
        hotline.done(id, Done::default()).await?;
        hotline.provider_does("gallery.example", "/spring", "wall").await?;
        hotline.pass(25).await?;
        let there = |one: &takedown::Listed| one.presence == Presence::There;
        assert!(hotline.takedowns().await?.iter().all(there), "503 is not offline");
        hotline.provider_does("gallery.example", "/spring", "remove").await?;
        hotline.pass(25).await?;
        let gone = hotline.takedowns().await?;
        assert!(gone.iter().all(|one| one.presence == Presence::Gone), "{:?}", gone.first());
        hotline.provider_does("gallery.example", "/spring", "put_back").await?;
        hotline.pass(70).await?;
        assert!(hotline.takedowns().await?.iter().all(there), "it came back");
        assert!(hotline.takedowns().await?.iter().all(|one| one.returns >= 1));
    }
}

both_engines! {
    async fn while_our_own_canary_is_silent_nothing_is_concluded(db: Db) {
        // The canary is a host that leads nowhere, as if our line were cut.
        nothing_is_concluded(db, "silent.example").await?;
    }
}

both_engines! {
    async fn a_portal_that_answers_in_place_of_the_canary_is_not_believed(db: Db) {
        // It answers 200, as a portal on our own line would, with words of its own.
        nothing_is_concluded(db, "album.example").await?;
    }
}

async fn nothing_is_concluded(db: Db, canary: &str) -> Result<(), Fault> {
    let mut hotline = Hotline::on(db, MailFaults::default()).await?;
    let (_, id) = hotline.report(SPRING, "").await?;
    hotline.visit_all().await?;
    hotline.judge_all(id, '2').await?;
    hotline.done(id, Done::default()).await?;
    hotline.with_canary(canary)?;
    hotline
        .provider_does("gallery.example", "/spring", "remove")
        .await?;
    hotline.pass(40).await?;
    let all = hotline.takedowns().await?;
    assert!(
        !all.is_empty() && all.iter().all(|one| one.presence == Presence::There),
        "{:?}",
        stand(&all)
    );
    let noted = "select count(*) as n from ledger where kind = 'canary'";
    assert_eq!(
        ground::Ask::count(&hotline.work.db, noted, vec![]).await?,
        1
    );
    Ok(())
}

both_engines! {
    async fn while_our_line_is_cut_no_visit_begins_and_when_it_is_mended_they_go_on(db: Db) {
        let mut hotline = Hotline::on(db, MailFaults::default()).await?;
        hotline.with_canary("silent.example")?;
        let (_, id) = hotline.report(SPRING, "").await?;
        hotline.visit_all().await?;
        let room = hotline.work.visitors_room().await?;
        assert_eq!(room.line.map(|line| line.works), Some(false));
        assert_eq!((room.waiting, room.next[0].attempts, room.failed.len()), (1, 0, 0));
        // The program begins anew with the line mended.
        hotline.clock.advance_ms(5_000);
        hotline.with_canary(demo::CANARY_HOST)?;
        hotline.visit_all().await?;
        let room = hotline.work.visitors_room().await?;
        assert_eq!(room.line.map(|line| line.works), Some(true), "that it was mended is told");
        assert_eq!(room.waiting, 0);
        assert!(!hotline.judge_all(id, '3').await?.is_empty());
    }
}

both_engines! {
    async fn a_file_that_a_partner_sent_is_taken_by_hand_and_recognised_when_a_visit_finds_it(db: Db) {
        let hotline = Hotline::on(db, MailFaults::default()).await?;
        let (_, id) = hotline.report("http://gallery.example/no-such-page", "").await?;
        hotline.visit_all().await?;
        let (_, other) = hotline.report(SPRING, "").await?;
        hotline.visit_all().await?;
        hotline.work.take(hotline.anna, other).await?;
        let found = hotline.work.open_report(hotline.anna, other).await?;
        let found = found.addresses[0].items.iter().find(|item| !item.set_apart).ok_or("none")?.content;
        let sent = original(&hotline, found).await?;
        // The page is gone, and a partner has what stood there.
        hotline.work.take(hotline.anna, id).await?;
        let address = hotline.work.open_report(hotline.anna, id).await?.addresses[0].named.id;
        let why = || ground::Reason::parse("sent by a partner");
        let at = (id, address);
        let text = hotline.work.take_file(hotline.anna, at, b"no picture".to_vec(), why()?).await;
        assert!(matches!(text, Err(TakeError::NoPicture(_))), "{text:?}");
        hotline.work.take_file(hotline.anna, at, sent, why()?).await?;
        let open = hotline.work.open_report(hotline.anna, id).await?;
        let item = &open.addresses[0].items[0];
        assert!(item.by_hand && item.veiled && item.width.is_some(), "{item:?}");
        assert_eq!(item.content, found, "the same bytes are one content");
        assert!(hotline.work.veiled(hotline.anna, id, item.id).await.is_ok());
    }
}

/// The bytes of a content.
async fn original(hotline: &Hotline, content: ground::ContentId) -> Result<Vec<u8>, Fault> {
    let row = capture::store::content(&hotline.work.db, content)
        .await?
        .ok_or("none")?;
    let owner = vault::Owner::Content(content);
    let opener = hotline.work.vault.opener(&hotline.work.db, owner).await?;
    Ok(opener
        .get(&vault::ObjectName::stored(&row.original))
        .await?
        .to_vec())
}

both_engines! {
    async fn the_police_hold_keeps_the_notice_back_until_a_human_releases_it(db: Db) {
        let hotline = Hotline::on(db, MailFaults::default()).await?;
        let (receipt, id) = hotline.report(SPRING, "").await?;
        hotline.visit_all().await?;
        hotline.judge_all(id, '1').await?;
        let police = Some(PoliceReason::PossibleNewVictim);
        hotline.done(id, Done { police, ..Done::default() }).await?;
        hotline.pass(10).await?;
        let all = hotline.takedowns().await?;
        assert!(!all.is_empty() && all.iter().all(|one| one.stage == Stage::Held), "{:?}", stand(&all));
        assert_eq!(hotline.told(&receipt).await?, Answer::BeingAssessed, "a hold is not betrayed");
        // The deadline passes: it goes to the liaison's list and never on by itself.
        hotline.clock.advance_ms(2 * 3_600_000);
        hotline.pass(5).await?;
        let all = hotline.takedowns().await?;
        assert!(!all.is_empty() && all.iter().all(|one| one.stage == Stage::HoldLapsed), "{:?}", stand(&all));
        assert!(hotline.mail().await?.is_empty());
        for held in hotline.takedowns().await? {
            let why = ground::Reason::parse("the police have what they need")?;
            let seen = takedown::load(&hotline.work.db, held.id).await?.ok_or("gone")?.revision;
            hotline.work.release_hold(hotline.bram, held.id, seen, why).await?;
        }
        hotline.pass(2).await?;
        hotline.approve_contacts().await?;
        hotline.pass(5).await?;
        assert_eq!(hotline.mail().await?.len(), 1);
    }
}

both_engines! {
    async fn what_was_judged_once_is_recognised_and_a_closed_address_is_opened_again(db: Db) {
        let hotline = Hotline::on(db, MailFaults::default()).await?;
        let (_, first) = hotline.report(SPRING, "").await?;
        hotline.visit_all().await?;
        let looks = hotline.judge_all(first, '3').await?.len();
        hotline.done(first, Done::default()).await?;
        // The same address again: a sighting, never a refusal, and looked at again when the last look
        // is a while ago.
        hotline.clock.advance_ms(hotline.work.settings.again_after_ms);
        let (_, second) = hotline.report(SPRING, "").await?;
        hotline.visit_all().await?;
        assert!(looks > 0 && hotline.judge_all(second, '3').await?.is_empty(), "nothing to look at");
        hotline.done(second, Done::default()).await?;
        // Another page that shares pictures, byte for byte.
        let (_, third) = hotline.report("http://gallery.example/summer", "").await?;
        hotline.visit_all().await?;
        hotline.work.take(hotline.anna, third).await?;
        let (items, _, _) = hotline.work.items_of_report(hotline.anna, third).await?;
        let known = items.iter().filter_map(|item| item.verdict).filter(|v| v.basis == Basis::SameBytes);
        assert!(known.count() > 0, "shared pictures are recognised");
    }
}

both_engines! {
    async fn an_item_hosted_abroad_waits_to_be_forwarded_and_gets_no_notice(db: Db) {
        let hotline = Hotline::on(db, MailFaults::default()).await?;
        let (receipt, id) = hotline.report("http://album.example/travel", "").await?;
        hotline.visit_all().await?;
        hotline.judge_all(id, '1').await?;
        hotline.done(id, Done::default()).await?;
        hotline.pass(6).await?;
        let takedowns = hotline.takedowns().await?;
        let abroad = |one: &Listed| one.stage == Stage::ToForward && one.country.as_deref() == Some("US");
        assert!(takedowns.iter().all(abroad), "{:?}", stand(&takedowns));
        assert!(hotline.mail().await?.is_empty());
        assert_eq!(hotline.told(&receipt).await?, Answer::SentOn);
    }
}

both_engines! {
    async fn a_relay_that_fails_gets_the_same_mail_again_and_a_refusal_is_shown(db: Db) {
        for faults in [
            MailFaults { greylist_first: true, ..MailFaults::default() },
            MailFaults { refuse_rcpt: true, ..MailFaults::default() },
        ] {
            let scratch = ground::testing::sqlite(ground::migrate::RECORDS).await?;
            let refused = faults.refuse_rcpt;
            let hotline = Hotline::on(scratch.db.clone(), faults).await?;
            let (_, id) = hotline.report(SPRING, "").await?;
            hotline.visit_all().await?;
            hotline.judge_all(id, '1').await?;
            hotline.done(id, Done::default()).await?;
            hotline.pass(3).await?;
            hotline.approve_contacts().await?;
            hotline.pass(40).await?;
            let stages: Vec<_> = hotline.takedowns().await?.iter().map(|one| one.stage).collect();
            if refused {
                assert!(hotline.mail().await?.is_empty());
                assert!(stages.iter().all(|stage| *stage == Stage::AwaitingContact), "{stages:?}");
            } else {
                assert_eq!(hotline.mail().await?.len(), 1);
                assert!(stages.iter().all(|stage| *stage == Stage::Told), "{stages:?}");
            }
        }
        drop(db);
    }
}

both_engines! {
    async fn a_story_without_an_address_is_read_and_closed(db: Db) {
        let hotline = Hotline::on(db, MailFaults::default()).await?;
        let (receipt, id) = hotline.report("", "it went round in our class chat").await?;
        hotline.work.take(hotline.anna, id).await?;
        let open = hotline.work.open_report(hotline.anna, id).await?;
        assert_eq!(open.words.words, "it went round in our class chat");
        let other = hotline.work.take(hotline.bram, id).await;
        assert!(other.is_err(), "two analysts never hold the same report");
        hotline.done(id, Done { outcome: Some(Outcome::Read), ..Done::default() }).await?;
        hotline.pass(1).await?;
        assert_eq!(hotline.told(&receipt).await?, Answer::Closed);
    }
}

both_engines! {
    async fn a_page_that_is_gone_is_judged_by_hand_or_closed(db: Db) {
        let hotline = Hotline::on(db, MailFaults::default()).await?;
        let (_, id) = hotline.report("http://gallery.example/no-such-page", "").await?;
        hotline.visit_all().await?;
        hotline.work.take(hotline.anna, id).await?;
        let open = hotline.work.open_report(hotline.anna, id).await?;
        let visit = open.addresses[0].visit.as_ref().ok_or("no visit")?;
        assert_eq!((visit.state.as_str(), visit.cause.as_deref()), ("not-captured", Some("http-status 404")));
        let address = open.addresses[0].named.id;
        let answers = hotline.answers('3').await?;
        hotline.work.judge_by_hand(hotline.anna, id, address, answers).await?;
        hotline.done(id, Done::default()).await?;
    }
}

both_engines! {
    async fn what_has_been_kept_for_long_enough_can_never_be_read_again(db: Db) {
        let hotline = Hotline::on(db, MailFaults::default()).await?;
        let (_, id) = hotline.report(SPRING, "CANARY WORDS").await?;
        hotline.visit_all().await?;
        hotline.judge_all(id, '3').await?;
        hotline.done(id, Done::default()).await?;
        assert!(!hotline.work.shred_one().await?, "nothing is due yet");
        hotline.clock.advance_ms(100 * 24 * 3_600_000);
        while hotline.work.shred_one().await? {}
        let open = hotline.work.open_report(hotline.anna, id).await?;
        assert!(open.words.shredded && open.words.words.is_empty());
        let content = open.addresses[0].items[0].content;
        let owner = vault::Owner::Content(content);
        assert!(hotline.work.vault.opener(&hotline.work.db, owner).await.is_err());
        assert_eq!(ledger::verify(&hotline.work.db, &[], None).await?.damage, None);
    }
}

both_engines! {
    async fn original_bytes_are_given_once_to_the_one_who_revealed_them_and_only_after_the_ledger_says_so(db: Db) {
        let hotline = Hotline::on(db.clone(), MailFaults::default()).await?;
        let (_, id) = hotline.report(SPRING, "").await?;
        hotline.visit_all().await?;
        hotline.work.take(hotline.anna, id).await?;
        let (items, ..) = hotline.work.items_of_report(hotline.anna, id).await?;
        let item = items.iter().find(|item| item.veiled).ok_or("no picture")?.id;
        // Not even a veiled preview is given before its showing stands in the ledger.
        assert!(hotline.work.veiled(hotline.anna, id, item).await.is_err());
        hotline.work.open_report(hotline.anna, id).await?;
        let shown = "select count(*) as n from ledger where kind = 'veiled_shown'";
        assert_eq!(ground::Ask::count(&db, shown, vec![]).await?, 1);
        assert!(hotline.work.veiled(hotline.anna, id, item).await.is_ok());
        assert!(hotline.work.veiled(hotline.bram, id, item).await.is_err(), "not the holder");
        assert!(hotline.work.reveal(hotline.bram, id, item).await.is_err(), "not the holder");
        let revealed = "select count(*) as n from ledger where kind = 'revealed'";
        assert_eq!(ground::Ask::count(&db, revealed, vec![]).await?, 0);
        let token = hotline.work.reveal(hotline.anna, id, item).await?;
        assert_eq!(ground::Ask::count(&db, revealed, vec![]).await?, 1);
        assert!(hotline.work.revealed(hotline.bram, &token.0).await.is_err(), "somebody else's");
        let token = hotline.work.reveal(hotline.anna, id, item).await?;
        let shown = hotline.work.revealed(hotline.anna, &token.0).await?;
        assert!(shown.media_type.starts_with("image/") && !shown.bytes.is_empty());
        assert!(hotline.work.revealed(hotline.anna, &token.0).await.is_err(), "only once");
        let veiled = hotline.work.veiled(hotline.anna, id, item).await?;
        assert_ne!(*veiled.bytes, *shown.bytes);
    }
}
