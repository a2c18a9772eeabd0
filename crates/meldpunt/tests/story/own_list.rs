//! What is judged illegal is on our own list from then on, and off it when the judgement falls.

use demo::MailFaults;
use ground::{Ask, ItemId, ReportId, both_engines, ledger, values};
use hashlist::Digest;

use crate::fixture::{Fault, Hotline};

async fn lines(hotline: &Hotline, kind: &str) -> Result<i64, Fault> {
    let counted = "select count(*) as n from ledger where kind = $1";
    Ok(hotline.work.db.count(counted, values![kind]).await?)
}

/// Reports the pages of the demonstration, judging each by `key`, until an item of one is known on a list
/// by `same_bytes` or by its look. With the report that was judged before it.
async fn until_known(
    hotline: &Hotline,
    key: char,
    same_bytes: bool,
) -> Result<(ReportId, ReportId, ItemId), Fault> {
    let mut before = None;
    for (address, _) in demo::addresses_to_report() {
        let (_, report) = hotline.report(&address, "").await?;
        hotline.visit_all().await?;
        hotline.work.take(hotline.anna, report).await?;
        let (items, ..) = hotline.work.items_of_report(hotline.anna, report).await?;
        let known = items.iter().find(|item| {
            let known = item.known.first();
            known.is_some_and(|known| known.same_bytes() == same_bytes)
        });
        if let (Some(item), Some(before)) = (known, before) {
            return Ok((before, report, item.id));
        }
        hotline.judge_all(report, key).await?;
        before = Some(report);
    }
    Err("nothing of the demonstration came back".into())
}

both_engines! {
    async fn what_was_judged_illegal_is_known_when_it_comes_back_until_the_judgement_falls(db: Db) {
        let hotline = Hotline::on(db.clone(), MailFaults::default()).await?;
        let pages = demo::addresses_to_report();
        let (address, _) = pages.first().ok_or("no page")?;
        let (_, first) = hotline.report(address, "").await?;
        hotline.visit_all().await?;
        let judged = hotline.judge_all(first, '1').await?;
        let content = capture::store::item(&db, judged[0]).await?.ok_or("gone")?.content_id;
        let content = capture::store::content(&db, content).await?.ok_or("gone")?;
        hotline.work.refresh_lists().await?;
        for digest in [&content.sha256, &content.sha1, &content.md5] {
            let hits = hotline.work.lists().exact(&digest.parse::<Digest>()?);
            assert_eq!(hits.len(), 1, "{digest}");
            assert_eq!(hits[0].category.as_str(), "illegal-baseline");
        }
        // The same address again: the same bytes, told before any picture, beside the verdict they have.
        hotline.work.look_again(hotline.anna, first, {
            let open = hotline.work.open_report(hotline.anna, first).await?;
            open.addresses[0].named.id
        }).await?;
        hotline.visit_all().await?;
        let (items, ..) = hotline.work.items_of_report(hotline.anna, first).await?;
        let item = items.iter().find(|item| item.id == judged[0]).ok_or("gone")?;
        assert!(item.known.iter().any(|known| known.own == 1 && known.same_bytes()));
        assert!(lines(&hotline, "list_matched").await? >= 1);
        let queue = hotline.work.queue(&casework::desk::Narrowed::default(), report::Spot::START, 10).await?;
        let row = queue.rows.iter().find(|row| row.report.id == first).ok_or("not queued")?;
        assert!(row.known.iter().any(|known| known.own == 1 && known.items >= 1), "{row:?}");
        // Every judgement falls: nothing matches, at once, and nobody is told any more.
        while hotline.work.undo(hotline.anna, first).await?.is_some() {}
        hotline.work.refresh_lists().await?;
        for digest in [&content.sha256, &content.sha1, &content.md5] {
            assert!(hotline.work.lists().exact(&digest.parse::<Digest>()?).is_empty());
        }
        let (items, ..) = hotline.work.items_of_report(hotline.anna, first).await?;
        assert!(items.iter().all(|item| item.known.is_empty()));
        assert!(lines(&hotline, "own_hashes_taken_back").await? >= 1);
        // What matched stays in the audit, as taken back since.
        let audit = casework::matches::matched(&db, None, None, 100).await?.rows;
        assert!(!audit.is_empty() && audit.iter().all(|one| one.withdrawn == 1));
        assert_eq!(ledger::verify(&db, &[], None).await?.damage, None);
    }
}

both_engines! {
    async fn a_picture_that_comes_back_re_encoded_is_known_by_its_look_and_is_no_verdict(db: Db) {
        let hotline = Hotline::on(db.clone(), MailFaults::default()).await?;
        let (_, report, item) = until_known(&hotline, '1', false).await?;
        let (items, ..) = hotline.work.items_of_report(hotline.anna, report).await?;
        let item = items.iter().find(|one| one.id == item).ok_or("gone")?;
        assert!(item.verdict.is_none(), "a list judges nothing");
        let known = item.known.first().ok_or("not known")?;
        assert!((0..=31).contains(&known.distance) && known.own == 1, "{known:?}");
        assert_eq!(known.category, "illegal-baseline");
    }
}

both_engines! {
    async fn what_is_not_illegal_is_on_no_list(db: Db) {
        let hotline = Hotline::on(db.clone(), MailFaults::default()).await?;
        let pages = demo::addresses_to_report();
        let (address, _) = pages.first().ok_or("no page")?;
        let (_, first) = hotline.report(address, "").await?;
        hotline.visit_all().await?;
        hotline.judge_all(first, '3').await?;
        assert!(hashlist::own(&db).await?.is_none());
        assert_eq!(lines(&hotline, "own_hashes_listed").await?, 0);
    }
}
