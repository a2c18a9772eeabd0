use crate::report::scene::{lines, report};
use crate::testing::house;
use ground::both_engines;
use staff::Role;

both_engines! {
    async fn a_report_is_handed_over_with_a_note_and_stands_among_the_colleagues_own(db: Db) {
        let house = house(db);
        let mut ann = house.signed_in("wilg", &[Role::Analyst]).await?;
        let mut bob = house.signed_in("berk", &[Role::Analyst]).await?;
        house.signed_in("eik", &[Role::Auditor]).await?;
        let id = report(&house, 1, &[("a.example", Some("a"))]).await?;
        let path = format!("/reports/{id}");
        house.post(&mut ann, &format!("{path}/take"), "").await;
        let page = house.get(&mut ann, &path).await.body;
        assert!(page.contains(">berk</option>") && !page.contains(">eik<") && !page.contains(">wilg</option>"));
        let berk = house.desk.staff.named(&staff::Name::parse("berk")?).await?.ok_or("nobody")?.id;
        let eik = house.desk.staff.named(&staff::Name::parse("eik")?).await?.ok_or("nobody")?.id;

        let without = house.post(&mut ann, &format!("{path}/hand-over"), &format!("to={berk}")).await;
        assert_eq!(without.to(), format!("{path}?fault=no-note"));
        assert!(house.get(&mut ann, without.to()).await.body.contains("Leave your colleague a note"));
        let form = |to| format!("to={to}&handover-note=only+the+%3Clast%3E+one+is+left");
        let no_analyst = house.post(&mut ann, &format!("{path}/hand-over"), &form(eik)).await;
        assert_eq!(no_analyst.status.as_u16(), 404);
        let handed = house.post(&mut ann, &format!("{path}/hand-over"), &form(berk)).await;
        assert_eq!(handed.to(), "/queue?told=report-handed-over");
        assert_eq!(lines(&house, "report_handed_over").await?, 1);

        let queue = house.get(&mut bob, "/queue").await.body;
        let (mine, _) = queue.split_once("<thead>").ok_or("no queue")?;
        assert!(mine.contains("My work") && mine.contains(&path), "{mine}");
        let page = house.get(&mut bob, &path).await.body;
        assert!(page.contains("only the &#60;last&#62; one is left") && page.contains("wilg"), "{page}");
        assert!(!house.get(&mut ann, &path).await.body.contains("one is left"), "who does not hold it reads nothing");
    }
}

both_engines! {
    async fn what_a_colleague_holds_is_taken_over_with_a_reason_only(db: Db) {
        let house = house(db);
        let mut ann = house.signed_in("wilg", &[Role::Analyst]).await?;
        let mut bob = house.signed_in("berk", &[Role::Analyst]).await?;
        let id = report(&house, 1, &[("a.example", Some("a"))]).await?;
        let path = format!("/reports/{id}");
        house.post(&mut ann, &format!("{path}/take"), "").await;
        let page = house.get(&mut bob, &path).await.body;
        assert!(page.contains("wilg is working on this report") && page.contains("Take it over"));
        let without = house.post(&mut bob, &format!("{path}/take-over"), "reason-over=+").await;
        assert_eq!(without.to(), format!("{path}?fault=no-reason"));
        assert!(house.get(&mut bob, without.to()).await.body.contains("Say why"));
        assert_eq!(lines(&house, "report_taken_over").await?, 0);
        let taken = house.post(&mut bob, &format!("{path}/take-over"), "reason-over=wilg+fell+ill").await;
        assert_eq!((taken.to(), lines(&house, "report_taken_over").await?), (path.as_str(), 1));
        house.get(&mut bob, &path).await;
        let late = house.post(&mut ann, &format!("{path}/done"), "outcome=read").await;
        assert_eq!(late.to(), format!("{path}?fault=held"), "it is not theirs any more");
        house.post(&mut bob, &format!("{path}/give-back"), "").await;
        let free = house.post(&mut ann, &format!("{path}/take-over"), "reason-over=it+is+free").await;
        assert_eq!(free.to(), format!("{path}?fault=not-held"), "what is free is taken without a reason");
    }
}
