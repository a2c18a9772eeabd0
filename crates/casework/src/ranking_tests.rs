use capture::rules::VisitState;
use capture::store::Ended;
use ground::clock::HOUR_MS;
use ground::{
    Act, Ask as _, Channel, Db, Fact, Instant, LetterId, Origin, ReportId, TestClock, VisitId,
    WebAddress, both_engines,
};
use report::{Receiving, Spot, Why};
use vault::{HotlineKeys, Objects, Vault};

use crate::Casework;
use crate::desk::{Holding, Narrowed, Sought, ToDo};

type Fault = Box<dyn std::error::Error>;

const HOUR: Instant = Instant::from_ms(400_000 * HOUR_MS);

fn house(db: Db) -> Result<(Casework, TestClock), Fault> {
    let clock = TestClock::at(HOUR);
    let vault = Vault::new(
        HotlineKeys::from_seed(&[9; 32]),
        Objects::in_memory(),
        clock.clock(),
        ground::Chance::system(),
    );
    Ok((crate::testing::idle(db, vault, clock.clock())?, clock))
}

/// A report as the collector makes it.
async fn received(
    work: &Casework,
    letter: u128,
    channel: Channel,
    addresses: &[&str],
) -> Result<ReportId, Fault> {
    let hour = work.clock.now().start_of_hour();
    let addresses = addresses
        .iter()
        .map(|typed| Ok(((*typed).to_owned(), WebAddress::parse(typed)?)))
        .collect::<Result<_, Fault>>()?;
    let receiving = Receiving {
        letter: LetterId::from_bits(letter),
        channel,
        origin: Origin::National,
        language: "en".into(),
        received_hour: hour,
        addresses,
        seen_where: String::new(),
        words: "please look".into(),
        reach: String::new(),
        mailbox: None,
    };
    let tx = work
        .db
        .act(&Act::by_worker("collector", hour), "receive")
        .await?;
    let made = report::receive(&tx, &work.vault, &work.chance, &receiving).await?;
    for sighted in &made.addresses {
        work.rank_naming(&tx, sighted.id).await?;
    }
    work.rank_received(&tx, made.report).await?;
    tx.commit().await?;
    Ok(made.report)
}

/// The first address of a report is visited, and something or nothing is there.
async fn visited(work: &Casework, report: ReportId, there: bool) -> Result<(), Fault> {
    let address = crate::read::addresses_of(&work.db, report).await?[0];
    let visit = VisitId::fresh(&work.chance);
    let now = work.clock.now();
    let tx = work
        .db
        .act(&Act::by_worker("visitor", now), "visit")
        .await?;
    capture::order::want(&tx, visit, address, capture::Wish::First, now).await?;
    let ended = Ended {
        state: if there {
            VisitState::Captured
        } else {
            VisitState::NotCaptured
        },
        cause: None,
        via: None,
        status: None,
        ip: None,
        record: None,
        screenshot: None,
        at: now,
    };
    capture::store::end(&tx, visit, &ended).await?;
    tx.record(visit, &Fact::VisitWanted);
    work.rank_naming(&tx, address).await?;
    Ok(tx.commit().await?)
}

async fn order(work: &Casework, narrowed: &Narrowed) -> Result<Vec<ReportId>, Fault> {
    let queue = work.queue(narrowed, Spot::START, 50).await?;
    Ok(queue.rows.iter().map(|row| row.report.id).collect())
}

both_engines! {
    async fn what_is_named_again_is_there_or_comes_from_a_trusted_source_stands_before_what_came_at_the_same_time(db: Db) {
        let (work, clock) = house(db)?;
        let plain = received(&work, 1, Channel::Web, &["a.example"]).await?;
        let there = received(&work, 2, Channel::Web, &["b.example"]).await?;
        let twice = received(&work, 3, Channel::Web, &["c.example"]).await?;
        let police = received(&work, 4, Channel::Police, &[]).await?;
        visited(&work, there, true).await?;
        clock.advance_ms(HOUR_MS);
        let again = received(&work, 5, Channel::Web, &["c.example"]).await?;
        let third = received(&work, 6, Channel::Web, &["c.example"]).await?;
        let found = order(&work, &Narrowed::default()).await?;
        assert_eq!(found[..2], [police, twice], "the older report moves as others name its address");
        assert_eq!(found[4..], [there, plain]);
        assert!(found[2..4].contains(&again) && found[2..4].contains(&third));
        let queue = work.queue(&Narrowed::default(), Spot::START, 50).await?;
        let why = |id: ReportId| queue.rows.iter().find(|row| row.report.id == id).map(|row| row.why.clone());
        assert_eq!(why(police), Some(vec![Why::From(Channel::Police)]));
        assert_eq!(why(twice), Some(vec![Why::NamedBy(3)]));
        assert_eq!(why(there), Some(vec![Why::Captured]));
        assert_eq!(why(plain), Some(vec![]));
        // What was there and is gone at the next look has no head start for it any more.
        clock.advance_ms(HOUR_MS);
        visited(&work, there, false).await?;
        let queue = work.queue(&Narrowed::default(), Spot::START, 50).await?;
        assert!(queue.rows.iter().all(|row| row.report.id != there || row.why.is_empty()));
    }
}

both_engines! {
    async fn pages_of_the_queue_follow_each_other_without_gap_or_repeat(db: Db) {
        let (work, clock) = house(db)?;
        let channels = [Channel::Web, Channel::Trusted, Channel::Partner];
        for n in 0..9_usize {
            received(&work, u128::try_from(n)? + 1, channels[n % 3], &[]).await?;
            if n % 2 == 0 {
                clock.advance_ms(5 * HOUR_MS);
            }
        }
        let whole = order(&work, &Narrowed::default()).await?;
        let (mut spot, mut found) = (Spot::START, Vec::new());
        loop {
            let page = work.queue(&Narrowed::default(), spot, 2).await?;
            found.extend(page.rows.iter().map(|row| row.report.id));
            let Some(next) = page.next else { break };
            spot = next;
        }
        assert_eq!((found.len(), found), (9, whole));
    }
}

both_engines! {
    async fn places_are_reckoned_again_once_an_hour_and_when_the_program_starts(db: Db) {
        let (work, clock) = house(db)?;
        received(&work, 1, Channel::Web, &["a.example"]).await?;
        // As rows are that were there before there were places.
        let tx = work.db.upkeep("as before").await?;
        tx.execute("update report set ranked_hour_ms = 0, named_by = 9, rank_hour_ms = 0", vec![]).await?;
        tx.commit().await?;
        assert!(work.rank_some().await?);
        let queue = work.queue(&Narrowed::default(), Spot::START, 5).await?;
        assert_eq!(queue.rows[0].report.rank, HOUR);
        assert!(!work.rank_some().await?, "not twice in an hour");
        clock.advance_ms(HOUR_MS);
        assert!(work.rank_some().await?);
        let exact = "select count(*) as n from report where ranked_hour_ms % 3600000 <> 0";
        assert_eq!(work.db.count(exact, vec![]).await?, 0, "to the hour, as all that concerns a letter");
    }
}

both_engines! {
    async fn the_queue_is_narrowed_by_channel_holder_and_what_is_to_be_done(db: Db) {
        let (work, _) = house(db)?;
        let web = received(&work, 1, Channel::Web, &["a.example"]).await?;
        let partner = received(&work, 2, Channel::Partner, &[]).await?;
        let (ann, bob) = (ground::StaffId::from_bits(1), ground::StaffId::from_bits(2));
        work.take(ann, web).await?;
        let all = Narrowed::default();
        let by = |channel| Narrowed { channel: Some(channel), ..all };
        assert_eq!(order(&work, &by(Channel::Partner)).await?, [partner]);
        let held = |holding| Narrowed { holding: Some(holding), ..all };
        assert_eq!(order(&work, &held(Holding::By(ann))).await?, [web]);
        assert_eq!(order(&work, &held(Holding::NotBy(bob))).await?, [web]);
        assert_eq!(order(&work, &held(Holding::NotBy(ann))).await?, []);
        assert_eq!(order(&work, &held(Holding::Nobody)).await?, [partner]);
        assert_eq!(order(&work, &Narrowed { on_list: true, ..all }).await?, []);
        assert_eq!(order(&work, &Narrowed { to_do: Some(ToDo::Judge), ..all }).await?, []);
        let address = crate::read::addresses_of(&work.db, web).await?[0];
        let tx = work.db.upkeep("want").await?;
        capture::order::want(&tx, VisitId::fresh(&work.chance), address, capture::Wish::First, HOUR).await?;
        tx.commit().await?;
        assert_eq!(order(&work, &Narrowed { to_do: Some(ToDo::AwaitVisits), ..all }).await?, [web]);
    }
}

both_engines! {
    async fn a_report_is_found_by_address_by_host_and_by_nothing_like_them(db: Db) {
        let (work, _) = house(db)?;
        let one = received(&work, 1, Channel::Web, &["http://a.example/x"]).await?;
        let two = received(&work, 2, Channel::Web, &["http://a.example/x", "b.example/y"]).await?;
        let found = async |text: &str| -> Result<(Vec<ReportId>, bool), Fault> {
            let found = work.search(&Sought::parse(text).ok_or("nothing")?).await?;
            let mut ids: Vec<_> = found.reports.iter().map(|one| one.report.id).collect();
            ids.sort_unstable();
            Ok((ids, found.at_host))
        };
        let mut both = vec![one, two];
        both.sort_unstable();
        assert_eq!(found("a.example/x").await?, (both.clone(), false));
        assert_eq!(found("A.example").await?, (both.clone(), false));
        assert_eq!(found("https://b.example/y").await?, (vec![two], false));
        assert_eq!(found("a.example/other").await?, (both, true), "said to be others at the same host");
        assert_eq!(found("example.org").await?, (vec![], false));
        assert_eq!(found(&"ab".repeat(32)).await?, (vec![], false));
    }
}
