use ground::clock::HOUR_MS;
use ground::{
    Act, AddressId, Ask as _, Chance, Channel, Clock, Db, Fact, Instant, LetterId, Origin, Outcome,
    StaffId, WebAddress, both_engines, fact, sea_orm,
};
use vault::{HotlineKeys, Objects, Vault};

use crate::*;

type Tested<T> = Result<T, Box<dyn std::error::Error>>;

const ANN: StaffId = StaffId::from_bits(1);
const BOB: StaffId = StaffId::from_bits(2);
const HOUR: Instant = Instant::from_ms(400_000 * HOUR_MS);

fn vault() -> Vault {
    let keys = HotlineKeys::from_seed(&[9; 32]);
    Vault::new(
        keys,
        Objects::in_memory(),
        Clock::system(),
        Chance::system(),
    )
}

fn letter(bits: u128, addresses: &[&str]) -> Tested<Receiving> {
    let addresses = addresses
        .iter()
        .map(|typed| Ok(((*typed).to_owned(), WebAddress::parse(typed)?)))
        .collect::<Tested<_>>()?;
    Ok(Receiving {
        letter: LetterId::from_bits(bits),
        channel: Channel::Web,
        origin: Origin::National,
        language: "nl".into(),
        received_hour: HOUR,
        addresses,
        seen_where: "in a list of links".into(),
        words: "please look".into(),
        reach: String::new(),
        mailbox: Some(b"mailbox".to_vec()),
    })
}

async fn received(db: &Db, letter: &Receiving) -> Tested<Received> {
    let act = Act::by_worker("collector", letter.received_hour);
    let tx = db.act(&act, "receive").await?;
    let received = receive(&tx, &vault(), &Chance::system(), letter).await?;
    if !received.again {
        tx.commit().await?;
    }
    Ok(received)
}

async fn taken(db: &Db, id: ground::ReportId, by: StaffId, at: Instant) -> Result<(), ReportError> {
    let tx = db.act(&Act::by_staff(by, at), "take").await?;
    take(&tx, id).await?;
    Ok(tx.commit().await?)
}

async fn closed(db: &Db, id: ground::ReportId, by: StaffId, at: Instant) -> Tested<Vec<AddressId>> {
    let tx = db.act(&Act::by_staff(by, at), "close").await?;
    let closing = Closing {
        outcome: Outcome::NotIllegal,
        items: 2,
        illegal: 0,
        police: None,
        note: Some("two landscapes".into()),
    };
    let addresses = close(&tx, &vault(), id, &closing).await?;
    tx.commit().await?;
    Ok(addresses)
}

#[derive(sea_orm::FromQueryResult)]
struct Line {
    at_ms: i64,
    detail: String,
}

async fn facts(db: &Db) -> Tested<Vec<Fact>> {
    let lines = db
        .rows::<Line>("select at_ms, detail from ledger order by seq", vec![])
        .await?;
    assert!(lines.iter().all(|line| line.at_ms >= HOUR.ms()));
    Ok(lines
        .iter()
        .map(|line| fact::read(&line.detail))
        .collect::<Result<_, _>>()?)
}

both_engines! {
    async fn a_letter_opened_twice_is_one_report(db: Db) {
        let letter = letter(1, &["https://a.example/1", "b.example"])?;
        let first = received(&db, &letter).await?;
        let lines = facts(&db).await?.len();
        let again = received(&db, &letter).await?;
        assert_eq!((again.report, again.number, again.again), (first.report, first.number, true));
        assert_eq!((lines, facts(&db).await?.len()), (3, 3));
        let found = by_number(&db, first.number).await?.ok_or("not found")?;
        assert_eq!((found.id, found.state, found.received_hour), (first.report, State::Waiting, HOUR));
    }
}

both_engines! {
    /// Regression (a): what came back and was reported again was refused as a duplicate.
    async fn a_known_address_is_a_new_sighting_and_a_closed_one_is_looked_at_again(db: Db) {
        // Regression 6.3 (a): a resurfaced address was refused as a duplicate.
        let one = received(&db, &letter(1, &["https://a.example/1"])?).await?;
        assert_eq!(one.addresses[0].how, How::Fresh);
        let two = received(&db, &letter(2, &["HTTPS://A.example:443/1"])?).await?;
        assert_eq!(two.addresses, [Sighted { id: one.addresses[0].id, how: How::Known }]);

        let at = HOUR.plus_ms(5);
        for report in [one.report, two.report] {
            taken(&db, report, ANN, at).await?;
        }
        assert_eq!(closed(&db, one.report, ANN, at).await?, [], "report two still names it");
        assert_eq!(closed(&db, two.report, ANN, at).await?, [one.addresses[0].id]);

        let three = received(&db, &letter(3, &["https://a.example/1"])?).await?;
        assert_eq!(three.addresses, [Sighted { id: one.addresses[0].id, how: How::Reopened }]);
        let facts = facts(&db).await?;
        assert!(facts.contains(&Fact::AddressReopened { report: three.report }));
        assert_eq!(facts.iter().filter(|fact| matches!(fact, Fact::AddressSighted { .. })).count(), 3);
        let named = addresses(&db, &vault(), three.report).await?;
        assert_eq!((named[0].sightings, named[0].state), (3, AddressState::Open));
        assert_eq!(open_reports_naming(&db, named[0].id).await?, [three.report]);
    }
}

both_engines! {
    async fn nothing_typed_is_lost_or_silently_changed(db: Db) {
        let typed = ["hxxps://gallery[.]example/a", "https://gallery.example/a", "https://b.example/"];
        let report = received(&db, &letter(1, &typed)?).await?.report;
        let named = addresses(&db, &vault(), report).await?;
        let shown: Vec<_> = named
            .iter()
            .map(|one| (one.address.as_ref().map(WebAddress::as_str), one.typed.as_deref()))
            .collect();
        assert_eq!(shown, [
            (Some("https://gallery.example/a"), Some("hxxps://gallery[.]example/a")),
            (Some("https://b.example/"), None),
        ]);
        let tx = db.act(&Act::by_staff(ANN, HOUR), "show words").await?;
        let words = show_words(&tx, &vault(), report).await?;
        tx.commit().await?;
        assert_eq!((words.words.as_str(), words.seen_where.as_str(), words.reach.as_str()),
            ("please look", "in a list of links", ""));
        assert_eq!(facts(&db).await?.last(), Some(&Fact::WordsShown));
        let one = address(&db, &vault(), named[1].id).await?;
        assert_eq!(one.map(|one| one.to_string()).as_deref(), Some("https://b.example/"));
    }
}

both_engines! {
    async fn words_of_a_shredded_report_are_gone_and_its_address_is_not(db: Db) {
        let report = received(&db, &letter(1, &["hxxps://a.example/"])?).await?.report;
        let tx = db.act(&Act::by_worker("retention", HOUR), "shred").await?;
        vault().shred(&tx, vault::Owner::Report(report)).await?;
        let words = show_words(&tx, &vault(), report).await?;
        tx.commit().await?;
        assert!(words.shredded && words.words.is_empty());
        let named = addresses(&db, &vault(), report).await?;
        assert!(named[0].address.is_some() && named[0].typed.is_none());
        assert!(answer_due(&db, &vault(), report).await?.is_none());
    }
}

both_engines! {
    async fn the_time_of_a_report_is_never_more_exact_than_an_hour(db: Db) {
        let letter = letter(1, &["a.example"])?;
        let act = Act::by_worker("collector", HOUR.plus_ms(1));
        let tx = db.act(&act, "receive").await?;
        let refused = receive(&tx, &vault(), &Chance::system(), &letter).await;
        assert!(matches!(refused, Err(ReportError::TooExact)));
    }
}

both_engines! {
    async fn of_many_analysts_who_take_a_report_at_once_one_holds_it(db: Db) {
        let report = received(&db, &letter(1, &["a.example"])?).await?.report;
        let mut takers = Vec::new();
        for bits in 1..=6 {
            let db = db.clone();
            takers.push(tokio::spawn(async move {
                taken(&db, report, StaffId::from_bits(bits), HOUR).await.is_ok()
            }));
        }
        let mut held = 0;
        for taker in takers {
            held += u32::from(taker.await?);
        }
        assert_eq!(held, 1);
        assert_eq!(facts(&db).await?.iter().filter(|fact| **fact == Fact::ReportTaken).count(), 1);
    }
}

both_engines! {
    async fn a_lapsed_hold_returns_the_report_and_ends_the_former_holders_say(db: Db) {
        let report = received(&db, &letter(1, &["a.example"])?).await?.report;
        taken(&db, report, ANN, HOUR).await?;
        let end = HOUR.plus_ms(HOLD_MS);
        assert_eq!(lapsed(&db, end.plus_ms(-1)).await?, []);
        assert_eq!(lapsed(&db, end).await?, [report]);
        let tx = db.act(&Act::by_worker("holds", end), "lapse").await?;
        lapse(&tx, report).await?;
        tx.commit().await?;
        taken(&db, report, BOB, end).await?;
        assert!(closed(&db, report, ANN, end).await.is_err());
        let kept = facts(&db).await?;
        assert_eq!(kept[kept.len() - 2..], [Fact::HoldLapsed { held_by: ANN }, Fact::ReportTaken]);
    }
}

both_engines! {
    async fn activity_keeps_a_hold_without_a_line_of_its_own(db: Db) {
        let report = received(&db, &letter(1, &["a.example"])?).await?.report;
        taken(&db, report, ANN, HOUR).await?;
        let later = HOUR.plus_ms(HOLD_MS - 1);
        let tx = db.act(&Act::by_staff(ANN, later), "judge").await?;
        let seen = extend(&tx, report).await?;
        tx.record(report, &Fact::WordsShown);
        tx.commit().await?;
        let now = find(&db, report).await?.ok_or("gone")?;
        assert_eq!((now.state, now.revision), (seen.state, seen.revision));
        assert_eq!(now.state.holder(later), Some((ANN, later.plus_ms(HOLD_MS))));
        let tx = db.act(&Act::by_staff(BOB, later), "judge").await?;
        assert!(matches!(extend(&tx, report).await, Err(ReportError::Refused(Refusal::HeldByAnother { .. }))));
    }
}

both_engines! {
    async fn reports_are_listed_in_the_order_they_are_asked_for_with_what_their_place_was_reckoned_from(db: Db) {
        let one = received(&db, &letter(1, &["a.example"])?).await?.report;
        let two = received(&db, &letter(2, &["b.example"])?).await?.report;
        let rows = listed(&db, &[two, one]).await?;
        assert_eq!(rows.iter().map(|row| row.id).collect::<Vec<_>>(), [two, one]);
        assert_eq!(rows[0].rank, HOUR, "until it is reckoned it stands at its hour");
        assert!(ranked_before(&db, HOUR).await?);
        let tx = db.upkeep("rank").await?;
        let open = to_rank(&tx, RANKED_BEFORE, HOUR.into()).await?;
        assert_eq!(open.len(), 2);
        let signals = Signals { channel: Channel::Web, on_list: true, captured: false, named_by: 3 };
        for report in &open {
            rank(&tx, report, &signals, (&HeadStarts::USUAL, HOUR.plus_ms(5))).await?;
        }
        tx.commit().await?;
        let rows = listed(&db, &[one]).await?;
        assert_eq!((rows[0].rank, rows[0].signals), (HOUR.plus_ms(-32 * HOUR_MS), signals));
        assert!(!ranked_before(&db, HOUR).await?, "to the hour");
        assert_eq!(queue_length(&db).await?, 2);
        let tx = db.upkeep("again").await?;
        rank_all_again(&tx).await?;
        tx.commit().await?;
        assert!(ranked_before(&db, HOUR).await?);
    }
}

both_engines! {
    async fn a_receipt_that_is_behind_is_work_until_it_is_answered(db: Db) {
        let report = received(&db, &letter(1, &["a.example"])?).await?.report;
        assert_eq!(ANSWERS.waiting(&db).await?, 0, "a stored letter already says it was received");
        taken(&db, report, ANN, HOUR).await?;
        let lease = ANSWERS.take(&db, &Chance::system(), HOUR, 1_000).await?.ok_or("no work")?;
        let due = answer_due(&db, &vault(), lease.id.parse()?).await?.ok_or("nobody waits")?;
        assert_eq!((due.answer, due.mailbox.as_slice()), (Answer::BeingAssessed, b"mailbox".as_slice()));
        closed(&db, report, ANN, HOUR).await?;
        let tx = db.upkeep("answered").await?;
        assert!(answered(&tx, &lease, due.answer).await?);
        tx.commit().await?;
        assert_eq!(ANSWERS.waiting(&db).await?, 1, "it was closed meanwhile, so it is due again");
        assert_eq!(find(&db, report).await?.ok_or("gone")?.answer, Answer::NotIllegal);
        assert_eq!(note(&db, &vault(), report).await?.as_deref(), Some("two landscapes"));
    }
}

both_engines! {
    async fn a_report_nobody_waits_for_is_never_due(db: Db) {
        let mut letter = letter(1, &[])?;
        letter.mailbox = None;
        let report = received(&db, &letter).await?.report;
        taken(&db, report, ANN, HOUR).await?;
        assert_eq!(ANSWERS.waiting(&db).await?, 0);
    }
}

both_engines! {
    async fn a_note_goes_with_what_is_handed_over_and_falls_with_the_key(db: Db) {
        let id = received(&db, &letter(1, &["https://a.example/"])?).await?.report;
        let vault = vault();
        taken(&db, id, ANN, HOUR).await?;
        let later = HOUR.plus_ms(60_000);
        let tx = db.act(&Act::by_staff(ANN, later), "hand over").await?;
        hand_over(&tx, &vault, id, BOB, "the second picture is the first turned").await?;
        tx.commit().await?;
        assert_eq!(find(&db, id).await?.ok_or("none")?.state.holder(later).map(|(by, _)| by), Some(BOB));
        let tx = db.act(&Act::by_staff(ANN, later), "hand over again").await?;
        let refused = hand_over(&tx, &vault, id, BOB, "x").await;
        assert!(matches!(refused, Err(ReportError::Refused(Refusal::HeldByAnother { .. }))), "{refused:?}");
        drop(tx);
        let left = notes(&db, &vault, id).await?;
        assert_eq!(left.len(), 1, "what was refused left no note");
        assert_eq!((left[0].by, left[0].at), (ANN, later));
        assert_eq!(left[0].text.as_deref(), Some("the second picture is the first turned"));
        let why = ground::Reason::parse("he is away")?;
        let tx = db.act(&Act::by_staff(ANN, later).because(why), "take over").await?;
        take_over(&tx, id).await?;
        tx.commit().await?;
        assert_eq!(facts(&db).await?.last(), Some(&Fact::ReportTakenOver { from: BOB }));
        let tx = db.act(&Act::by_worker("retention", later), "shred").await?;
        vault.shred(&tx, vault::Owner::Report(id)).await?;
        tx.commit().await?;
        assert_eq!(notes(&db, &vault, id).await?[0].text, None);
    }
}
