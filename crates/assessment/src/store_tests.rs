use ground::{
    Act, Ask as _, Basis, Chance, ContentId, Db, Fact, Instant, ItemId, NotIllegalReason, ReportId,
    StaffId, Verdict, both_engines, fact, sea_orm, values,
};

use crate::store::{in_force, inherit, items_of, judge, last_in, undo, verdicts};
use crate::*;

type Tested<T> = Result<T, Box<dyn std::error::Error>>;

const ANN: StaffId = StaffId::from_bits(1);
const BOB: StaffId = StaffId::from_bits(2);
const HERE: ReportId = ReportId::from_bits(1);
const THERE: ReportId = ReportId::from_bits(2);
const CIRCLE: ContentId = ContentId::from_bits(1);
const SQUARE: ContentId = ContentId::from_bits(2);

const fn item(bits: u128) -> ItemId {
    ItemId::from_bits(bits)
}

/// Two reports, an address, a drawn circle at items 1 to 3 and a drawn square at item 4.
async fn scene(db: &Db) -> Tested<()> {
    let tx = db.upkeep("scene").await?;
    for (n, report) in (0_i64..).zip([HERE, THERE]) {
        tx.execute(
            "insert into report (id, letter_id, number, channel, origin, language,
                received_hour_ms, state, answer, answered, lease_until_ms, lease_token, attempts,
                not_before_ms, revision)
             values ($1, $2, $2, 'web', 'national', 'nl', 0, 'waiting', 'received', 'received',
                     0, 0, 0, 0, 1)",
            values![report, format!("letter {n}")],
        )
        .await?;
    }
    tx.execute(
        "insert into address (id, blind, sealed, host_blind, state, first_hour_ms, revision)
         values ('adr', $1, $1, $1, 'open', 0, 1)",
        values![vec![1_u8]],
    )
    .await?;
    for (content, name) in [(CIRCLE, "circle"), (SQUARE, "square")] {
        tx.execute(
            "insert into content (id, sha256, sha1, md5, size_bytes, media_type, original, found_at_ms)
             values ($1, $2, $2, $2, 1, 'image/png', $2, 0)",
            values![content, name],
        )
        .await?;
    }
    for (n, content) in (1_u8..).zip([CIRCLE, CIRCLE, CIRCLE, SQUARE]) {
        tx.execute(
            "insert into item (id, address_id, content_id, blind, sealed, found_by, set_apart,
                               position, found_at_ms)
             values ($1, 'adr', $2, $3, $3, 'image', 0, 0, 0)",
            values![item(u128::from(n)), content, vec![n]],
        )
        .await?;
    }
    Ok(tx.commit().await?)
}

fn judging(content: ContentId, of: u128, report: ReportId, key: usize) -> Tested<Judging> {
    let scheme = Scheme::standard()?;
    let mut answers = scheme.quick()[key].answers.clone();
    if key == 2 {
        answers.give("why", "adult");
    }
    Ok(Judging {
        content,
        item: item(of),
        report,
        answers,
    })
}

async fn judged(
    db: &Db,
    by: StaffId,
    at: i64,
    judging: Judging,
    items: &[ItemId],
) -> Tested<store::Given> {
    let act = Act::by_staff(by, Instant::from_ms(at));
    let tx = db.act(&act, "judge").await?;
    let scheme = Scheme::standard()?;
    let given = judge(&tx, &Chance::system(), &scheme, judging, items, false).await?;
    tx.commit().await?;
    Ok(given)
}

#[derive(sea_orm::FromQueryResult)]
struct Line {
    kind: String,
    subject: String,
    detail: String,
}

async fn lines(db: &Db) -> Tested<Vec<(String, Fact)>> {
    let lines = db
        .rows::<Line>(
            "select kind, subject, detail from ledger order by seq",
            vec![],
        )
        .await?;
    lines
        .into_iter()
        .map(|line| {
            let fact = fact::read(&line.detail)?;
            assert_eq!(fact.kind(), line.kind);
            Ok((line.subject, fact))
        })
        .collect()
}

both_engines! {
    async fn one_judgement_gives_every_item_with_that_content_its_verdict(db: Db) {
        scene(&db).await?;
        let all = [item(1), item(2)];
        let given = judged(&db, ANN, 5, judging(CIRCLE, 2, HERE, 0)?, &all).await?;
        assert_eq!(given.items, [item(2), item(1)]);

        let found = verdicts(&db, &[item(1), item(2), item(4)]).await?;
        assert_eq!(found.len(), 2);
        assert_eq!(found[&item(2)].basis, Basis::Looked);
        assert_eq!(found[&item(1)].basis, Basis::SameBytes);
        assert_eq!(found[&item(1)].verdict, Verdict::IllegalBaseline);
        assert_eq!((found[&item(1)].by_staff, found[&item(1)].judged_in), (ANN, HERE));

        let facts = lines(&db).await?;
        assert_eq!(facts[0].0, CIRCLE.to_string());
        assert!(matches!(&facts[0].1, Fact::ContentJudged { scheme, .. } if scheme == "standard-1"));
        let subjects: Vec<_> = facts[1..].iter().map(|(subject, _)| subject.clone()).collect();
        assert_eq!(subjects, [item(2).to_string(), item(1).to_string()]);
    }
}

both_engines! {
    async fn an_item_found_later_inherits_and_an_unknown_one_waits(db: Db) {
        scene(&db).await?;
        judged(&db, ANN, 5, judging(CIRCLE, 1, HERE, 2)?, &[item(1)]).await?;
        let act = Act::by_worker("visitor", Instant::from_ms(9));
        let tx = db.act(&act, "visit").await?;
        assert_eq!(inherit(&tx, item(3), CIRCLE, THERE).await?, Some(Verdict::NotIllegal));
        assert_eq!(inherit(&tx, item(3), CIRCLE, THERE).await?, Some(Verdict::NotIllegal));
        assert_eq!(inherit(&tx, item(4), SQUARE, THERE).await?, None);
        tx.commit().await?;
        let found = verdicts(&db, &[item(3), item(4)]).await?;
        assert_eq!(found.len(), 1);
        assert_eq!(found[&item(3)].why, Some(NotIllegalReason::Adult));
        assert_eq!(lines(&db).await?.len(), 3, "inheriting twice is recorded once");
    }
}

both_engines! {
    async fn what_was_judged_elsewhere_is_not_judged_again(db: Db) {
        scene(&db).await?;
        judged(&db, ANN, 5, judging(CIRCLE, 1, HERE, 0)?, &[item(1)]).await?;
        for (by, report) in [(BOB, HERE), (ANN, THERE)] {
            let tx = db.act(&Act::by_staff(by, Instant::from_ms(6)), "judge").await?;
            let scheme = Scheme::standard()?;
            let new = judging(CIRCLE, 2, report, 3)?;
            let refused = judge(&tx, &Chance::system(), &scheme, new, &[], false).await;
            let verdict = Verdict::IllegalBaseline;
            assert!(matches!(refused, Err(AssessmentError::Refused(Refusal::JudgedBefore { verdict: v })) if v == verdict));
        }
    }
}

both_engines! {
    async fn of_two_judgements_at_one_moment_one_holds(db: Db) {
        scene(&db).await?;
        let mut judges = Vec::new();
        for (by, report) in [(ANN, HERE), (BOB, THERE)] {
            let db = db.clone();
            judges.push(tokio::spawn(async move {
                let new = judging(CIRCLE, 1, report, 0).map_err(|fault| fault.to_string())?;
                judged(&db, by, 5, new, &[]).await.map(|_| ()).map_err(|fault| fault.to_string())
            }));
        }
        let mut held = Vec::new();
        for one in judges {
            held.push(one.await?);
        }
        assert_eq!(held.iter().filter(|one| one.is_ok()).count(), 1, "{held:?}");
        let refused: Vec<_> = held.into_iter().filter_map(Result::err).collect();
        assert_eq!(refused, ["this content was judged before, and a content is judged once"]);
    }
}

both_engines! {
    async fn undoing_takes_the_verdict_from_every_item_and_leaves_history(db: Db) {
        scene(&db).await?;
        judged(&db, ANN, 5, judging(SQUARE, 4, HERE, 4)?, &[]).await?;
        let given = judged(&db, ANN, 6, judging(CIRCLE, 1, HERE, 0)?, &[item(1), item(2)]).await?;
        let last = last_in(&db, HERE, ANN).await?.ok_or("nothing to undo")?;
        assert_eq!(last.id, given.judgement.id);
        assert_eq!(items_of(&db, last.id).await?, [item(1), item(2)]);

        let tx = db.act(&Act::by_staff(ANN, Instant::from_ms(7)), "undo").await?;
        let mut lost = undo(&tx, last.judging.content, HERE, false).await?;
        tx.commit().await?;
        lost.sort();
        assert_eq!(lost, [item(1), item(2)]);
        assert_eq!(in_force(&db, CIRCLE).await?, None);
        assert!(verdicts(&db, &[item(1), item(2)]).await?.is_empty());
        assert_eq!(db.count("select count(*) as n from judgement", vec![]).await?, 2);
        let next = last_in(&db, HERE, ANN).await?.ok_or("nothing to undo")?;
        assert_eq!(next.judging.content, SQUARE);

        judged(&db, BOB, 8, judging(CIRCLE, 2, THERE, 3)?, &[]).await?;
        let unjudged = lines(&db).await?.iter().filter(|(_, fact)| matches!(fact, Fact::ItemUnjudged { .. })).count();
        assert_eq!(unjudged, 2);
    }
}

both_engines! {
    async fn changing_ones_mind_replaces_the_judgement(db: Db) {
        scene(&db).await?;
        let all = [item(1), item(2)];
        judged(&db, ANN, 5, judging(CIRCLE, 1, HERE, 0)?, &all).await?;
        judged(&db, ANN, 6, judging(CIRCLE, 1, HERE, 4)?, &all).await?;
        let found = verdicts(&db, &all).await?;
        assert!(found.values().all(|one| one.verdict == Verdict::Ignore));
        assert_eq!(found.len(), 2);
        let kinds: Vec<_> = lines(&db).await?.iter().map(|(_, fact)| fact.kind()).collect();
        assert_eq!(kinds[3..6], ["item_unjudged", "item_unjudged", "judgement_undone"]);
    }
}

both_engines! {
    async fn a_verdict_confirmed_for_its_likeness_falls_with_its_source(db: Db) {
        scene(&db).await?;
        let chance = Chance::system();
        let scheme = Scheme::standard()?;
        let answers = Answers::from_pairs([("finding", "ignore")]);
        let tx = db.act(&Act::by_staff(ANN, Instant::from_ms(1)), "judge").await?;
        let judging = Judging { content: CIRCLE, item: item(1), report: HERE, answers };
        judge(&tx, &chance, &scheme, judging, &[item(1)], false).await?;
        let like = Like { content: SQUARE, distance: 9, turned: false, rule: "pdq-1".into(), basis: Basis::Likeness };
        let confirmed =
            likeness::confirm(&tx, &chance, CIRCLE, &like, (item(4), HERE), &[item(4)]).await?;
        assert_eq!((confirmed.from, confirmed.verdict), (Some(CIRCLE), Verdict::Ignore));
        let given = verdicts(&tx, &[item(4)]).await?;
        assert_eq!(given[&item(4)].basis, Basis::Likeness);
        let on = Like { content: CIRCLE, ..like.clone() };
        let again = likeness::confirm(&tx, &chance, SQUARE, &on, (item(1), HERE), &[]).await;
        assert!(again.is_err(), "likeness is not handed on");
        let lost = undo(&tx, CIRCLE, HERE, false).await?;
        assert_eq!(lost, [item(1), item(4)]);
        assert!(in_force(&tx, SQUARE).await?.is_none());
        tx.commit().await?;
        let kinds = db
            .count("select count(*) as n from ledger where kind = 'likeness_taken_back'", values![])
            .await?;
        assert_eq!(kinds, 1);
    }
}
