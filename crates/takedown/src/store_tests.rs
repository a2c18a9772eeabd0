//! What is stored is what was moved, once, on both engines.

use ground::{
    Act, AddressId, Chance, CheckId, ContactId, ContentId, DbError, Fact, HostedIn, Instant,
    ItemId, NoticeId, Observation, PoliceReason, ProviderId, ReportId, TakedownId, Tx, Verdict,
    both_engines, values,
};

use crate::*;

fn at(ms: i64) -> Instant {
    Instant::from_ms(ms)
}

/// The rows of other words that a takedown refers to, with all ids of these bits.
async fn surroundings(tx: &Tx, bits: u128) -> Result<Opening, DbError> {
    let opening = Opening {
        id: TakedownId::from_bits(bits),
        item: ItemId::from_bits(bits),
        content: ContentId::from_bits(bits),
        address: AddressId::from_bits(bits),
        report: ReportId::from_bits(bits),
        verdict: Verdict::IllegalBaseline,
    };
    let blind = bits.to_be_bytes().to_vec();
    tx.execute(
        "insert into report (id, letter_id, number, channel, origin, language, received_hour_ms,
             state, answer, answered, lease_until_ms, lease_token, attempts, not_before_ms, revision)
         values ($1, $2, $2, 'web', 'national', 'nl', 0, 'closed', 'x', 'x', 0, 0, 0, 0, 0)",
        values![opening.report, bits.to_string()],
    )
    .await?;
    tx.execute(
        "insert into address (id, blind, sealed, host_blind, state, first_hour_ms, revision)
         values ($1, $2, $2, $2, 'open', 0, 0)",
        values![opening.address, blind.clone()],
    )
    .await?;
    tx.execute(
        "insert into content (id, sha256, sha1, md5, size_bytes, media_type, original, found_at_ms)
         values ($1, $2, 'b', 'c', 5, 'image/png', 'object', 0)",
        values![opening.content, bits.to_string()],
    )
    .await?;
    tx.execute(
        "insert into item (id, address_id, content_id, blind, sealed, found_by, set_apart, position,
             found_at_ms)
         values ($1, $2, $3, $4, $4, 'image', 0, 0, 0)",
        values![opening.item, opening.address, opening.content, blind],
    )
    .await?;
    Ok(opening)
}

async fn a_contact(tx: &Tx) -> Result<(ProviderId, ContactId), DbError> {
    let (provider, contact) = (ProviderId::from_bits(1), ContactId::from_bits(1));
    tx.execute(
        "insert into provider (id, key, name, found_at_ms, revision)
         values ($1, 'AS64500', 'Example Hosting B.V.', 0, 0)",
        values![provider],
    )
    .await?;
    tx.execute(
        "insert into contact (id, provider_id, email, language, state, found_by, revision)
         values ($1, $2, 'abuse@hosting.example', 'nl', 'approved', 'rdap', 0)",
        values![contact, provider],
    )
    .await?;
    Ok((provider, contact))
}

fn act(now: i64) -> Act {
    Act::by_worker("test", at(now))
}

both_engines! {
    async fn a_takedown_goes_from_verdict_to_removal_and_back(db: Db) {
        let (chance, pace) = (Chance::system(), Pace::real());
        let tx = db.act(&act(0), "open").await?;
        let opening = surroundings(&tx, 1).await?;
        let (provider, contact) = a_contact(&tx).await?;
        let (takedown, facts) = Takedown::open(opening, None, at(0))?;
        let watch = Watch::begin(takedown.id, at(0), &pace);
        assert!(open(&tx, &takedown, &watch, &facts).await?);
        assert!(!open(&tx, &takedown, &watch, &facts).await?, "an item has one takedown");
        tx.commit().await?;

        let lease = LOCATING.take(&db, &chance, at(1), 1_000).await?.ok_or("no work")?;
        let takedown = load(&db, lease.id.parse()?).await?.ok_or("none")?;
        let host = Host {
            hosted_in: HostedIn::Home, country: Some("NL".into()), asn: Some(64_500),
            ip: Some("2001:db8::10".parse()?), provider: Some(provider),
            contact: Some((contact, ContactStanding::Approved)), at: at(2),
        };
        let (takedown, facts) = takedown.located(&host)?;
        let tx = db.act(&act(2), "located").await?;
        save(&tx, &takedown, &facts).await?;
        assert!(LOCATING.settle(&tx, &lease).await?);
        tx.commit().await?;
        assert!(LOCATING.take(&db, &chance, at(9), 1_000).await?.is_none());

        let waiting = due(&db, 10).await?;
        assert_eq!(waiting.len(), 1);
        assert_eq!(waiting[0].ip.as_deref(), Some("2001:db8::10"));
        let tx = db.act(&act(3), "stale").await?;
        let stale = save(&tx, &takedown, &facts).await;
        assert!(matches!(stale, Err(StoreFault::Stale)));
        drop(tx);
        let fresh = load(&db, takedown.id).await?.ok_or("none")?;
        assert_eq!(fresh.ip.as_deref(), Some("2001:db8::10"));
        let tx = db.act(&act(3), "named").await?;
        let (named, facts) = fresh.named_in(NoticeId::from_bits(4))?;
        save(&tx, &named, &facts).await?;
        tx.commit().await?;
        assert!(due(&db, 10).await?.is_empty());

        for hour in 1..=3 {
            let now = at(hour * 3_600_000);
            let lease = CHECKS.take(&db, &chance, now, 1_000).await?.ok_or("no check due")?;
            let watch = load_watch(&db, lease.id.parse()?).await?.ok_or("none")?;
            let seen = Seen { observation: Observation::Absent, at: now, canary_healthy: true };
            let (watch, _, facts) = watch.observe(seen, &named, &pace)?;
            let tx = db.act(&act(now.ms()), "check").await?;
            write_observations(&tx, &[Observed {
                id: CheckId::fresh(&chance), takedown_id: watch.id, at_ms: now,
                observation: seen.believed(), status: Some(404), ip: None, sha256: None,
                detail: Some(Why::NotFound.to_string()),
            }]).await?;
            save_watch(&tx, &watch, &facts).await?;
            assert!(CHECKS.settle(&tx, &lease).await?);
            tx.commit().await?;
        }
        assert_eq!(observations(&db, takedown.id, 10).await?.len(), 3);
        let gone = Which { presence: Some(Presence::Gone), ..Which::default() };
        let listed = list(&db, gone, 10, 0).await?;
        assert_eq!(listed.len(), 1);
        assert_eq!(listed[0].first_absent_ms, Some(at(3_600_000)));
        assert_eq!(listed[0].next_check_ms, at(27 * 3_600_000));
        let counts = by_provider(&db).await?;
        assert_eq!((counts[0].items, counts[0].open, counts[0].removed), (1, 0, 1));
        assert!(by_stage(&db).await?.is_empty());
        assert_eq!(oldest_open(&db).await?, None);
        assert_eq!(of_report(&db, opening.report).await?.len(), 1);
    }
}

both_engines! {
    async fn a_hold_is_work_at_its_deadline_and_not_before(db: Db) {
        let chance = Chance::system();
        let tx = db.act(&act(0), "open").await?;
        let opening = surroundings(&tx, 1).await?;
        let hold = Hold { why: PoliceReason::CountryRelated, deadline: at(5_000) };
        let (takedown, facts) = Takedown::open(opening, Some(hold), at(0))?;
        assert_eq!(facts.len(), 2);
        open(&tx, &takedown, &Watch::begin(takedown.id, at(0), &Pace::real()), &facts).await?;
        tx.commit().await?;
        assert!(LOCATING.take(&db, &chance, at(6_000), 10).await?.is_none());
        assert!(HOLDS.take(&db, &chance, at(4_999), 10).await?.is_none());
        let lease = HOLDS.take(&db, &chance, at(5_000), 10).await?.ok_or("no hold due")?;
        let held = load(&db, lease.id.parse()?).await?.ok_or("none")?;
        let (lapsed, facts) = held.hold_lapsed(at(5_000))?;
        assert_eq!(facts, [Fact::PoliceHoldLapsed]);
        let tx = db.act(&act(5_000), "lapse").await?;
        save(&tx, &lapsed, &facts).await?;
        assert!(HOLDS.settle(&tx, &lease).await?);
        tx.commit().await?;
        assert!(HOLDS.take(&db, &chance, at(9_000), 10).await?.is_none());
        let counts = by_stage(&db).await?;
        assert_eq!((counts[0].stage, counts[0].n), (Stage::HoldLapsed, 1));
        assert_eq!(oldest_open(&db).await?, Some(at(0)));
    }
}

both_engines! {
    async fn a_look_up_that_failed_waits_and_says_why(db: Db) {
        let chance = Chance::system();
        let tx = db.act(&act(0), "open").await?;
        let opening = surroundings(&tx, 1).await?;
        let (provider, _) = a_contact(&tx).await?;
        let (takedown, facts) = Takedown::open(opening, None, at(0))?;
        open(&tx, &takedown, &Watch::begin(takedown.id, at(0), &Pace::real()), &facts).await?;
        tx.commit().await?;
        let lease = LOCATING.take(&db, &chance, at(1), 10).await?.ok_or("no work")?;
        let (next, facts) = takedown.look_up_failed("the registry is silent", 1, at(700))?;
        let tx = db.act(&act(1), "put off").await?;
        save(&tx, &next, &facts).await?;
        assert!(LOCATING.put_off(&tx, &lease, next.not_before_ms).await?);
        tx.commit().await?;
        assert!(LOCATING.take(&db, &chance, at(699), 10).await?.is_none());
        assert_eq!(LOCATING.take(&db, &chance, at(700), 10).await?.map(|l| l.attempts), Some(2));
        assert!(awaiting_contact(&db, provider).await?.is_empty());
    }
}
