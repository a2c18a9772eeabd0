//! Law 7: a picture that was judged is recognised when it comes back re-encoded.

use demo::MailFaults;
use ground::{Ask, Basis, ItemId, ReportId, Verdict, both_engines, ledger};

use crate::fixture::{Fault, Hotline};

/// Reports the pages of the demonstration one after the other and judges each by `key`, until one
/// of them shows a picture that looks like a judged one.
async fn until_alike(
    hotline: &Hotline,
    key: char,
) -> Result<(ReportId, ItemId, casework::desk::Alike), Fault> {
    for (address, _) in demo::addresses_to_report() {
        let (_, report) = hotline.report(&address, "").await?;
        hotline.visit_all().await?;
        hotline.work.take(hotline.anna, report).await?;
        hotline.work.open_report(hotline.anna, report).await?;
        let (items, ..) = hotline.work.items_of_report(hotline.anna, report).await?;
        if let Some((item, alike)) = items.iter().find_map(|item| Some((item.id, item.alike?))) {
            return Ok((report, item, alike));
        }
        hotline.judge_all(report, key).await?;
    }
    Err("no picture of the demonstration came back re-encoded".into())
}

async fn lines(hotline: &Hotline, kind: &str) -> Result<i64, Fault> {
    let counted = "select count(*) as n from ledger where kind = $1";
    Ok(hotline
        .work
        .db
        .count(counted, ground::values![kind])
        .await?)
}

both_engines! {
    async fn a_picture_that_comes_back_re_encoded_is_proposed_and_one_act_gives_it_the_verdict(db: Db) {
        let hotline = Hotline::on(db.clone(), MailFaults::default()).await?;
        let (report, item, alike) = until_alike(&hotline, '1').await?;
        assert!(alike.distance <= 31 && alike.group >= 1, "{alike:?}");
        assert_eq!(alike.verdict, Verdict::IllegalBaseline);
        let veiled = hotline.work.veiled_alike(hotline.anna, report, item).await?;
        assert!(!veiled.bytes.is_empty());
        let others = hotline.work.veiled_alike(hotline.bram, report, item).await;
        assert!(others.is_err(), "not the holder");
        let revealed = lines(&hotline, "revealed").await?;
        let before = lines(&hotline, "likeness_confirmed").await?;
        let confirmed = hotline.work.confirm_alike(hotline.anna, report, item).await?;
        assert!(confirmed.contains(&item) && confirmed.len() == alike.group);
        let (items, ..) = hotline.work.items_of_report(hotline.anna, report).await?;
        let now = items.iter().find(|one| one.id == item).ok_or("gone")?;
        let verdict = now.verdict.ok_or("no verdict")?;
        assert_eq!((verdict.verdict, verdict.basis), (Verdict::IllegalBaseline, Basis::Likeness));
        assert!(now.alike.is_none(), "it is proposed no more");
        let noted = i64::try_from(confirmed.len())?;
        assert_eq!(lines(&hotline, "likeness_confirmed").await? - before, noted);
        assert_eq!(lines(&hotline, "revealed").await?, revealed, "nobody had to look");
        // One act confirmed it, one act takes it back, and it is proposed again.
        hotline.work.undo(hotline.anna, report).await?;
        let (items, ..) = hotline.work.items_of_report(hotline.anna, report).await?;
        let now = items.iter().find(|one| one.id == item).ok_or("gone")?;
        assert!(now.verdict.is_none() && now.alike.is_some());
        assert_eq!(ledger::verify(&db, &[], None).await?.damage, None);
    }
}

both_engines! {
    async fn a_likeness_that_is_refused_leaves_an_ordinary_item_and_is_not_proposed_again(db: Db) {
        let hotline = Hotline::on(db.clone(), MailFaults::default()).await?;
        let (report, item, _) = until_alike(&hotline, '2').await?;
        hotline.work.refuse_alike(hotline.anna, report, item).await?;
        let (items, ..) = hotline.work.items_of_report(hotline.anna, report).await?;
        let now = items.iter().find(|one| one.id == item).ok_or("gone")?;
        assert!(now.verdict.is_none() && now.alike.is_none());
        assert_eq!(lines(&hotline, "likeness_refused").await?, 1);
        assert!(hotline.work.confirm_alike(hotline.anna, report, item).await.is_err());
        assert_eq!(ledger::verify(&db, &[], None).await?.damage, None);
    }
}
