use crate::testing::{Fault, House, house};
use ::notice::NoticeState;
use ::takedown::Stage;
use casework::desk::staged::{
    Ending, RIPE_MS, a_contact, a_notice, a_provider, because, hosted_by, illegal_item,
};
use ground::{NoticeId, StaffId, TakedownId, both_engines};
use staff::Role;

async fn a_notice_that(house: &House, ending: Ending) -> Result<(NoticeId, TakedownId), Fault> {
    let work = &house.desk.work;
    let provider = a_provider(work).await?;
    let contact = a_contact(work, provider, "abuse@hosting.example").await?;
    let id = illegal_item(work, "one.png", None).await?;
    hosted_by(work, id, provider, Some(contact)).await?;
    work.approve_contact(StaffId::from_bits(1), contact, 0, because("it is theirs")?)
        .await?;
    house.clock.advance_ms(RIPE_MS);
    Ok((a_notice(work, ending).await?, id))
}

both_engines! {
    async fn a_failed_notice_is_never_shown_as_sent_and_can_be_read(db: Db) {
        let house = house(db);
        let mut early = house.signed_in("early", &[Role::Analyst]).await?;
        let empty = house.get(&mut early, "/notices").await.body;
        assert!(empty.contains("No notice has been drawn up yet."));
        let (id, takedown) = a_notice_that(&house, Ending::Failed).await?;
        let mut browser = house.signed_in("anna", &[Role::Analyst]).await?;
        let list = house.get(&mut browser, "/notices?state=failed").await.body;
        assert!(list.contains(&format!("href=\"/notices/{id}\"")) && list.contains("not yet"));
        let accepted = house.get(&mut browser, "/notices?state=accepted").await.body;
        assert!(accepted.contains("No notice is in this state."));
        let page = house.get(&mut browser, &format!("/notices/{id}")).await.body;
        assert!(page.contains("It was given up and nothing was sent."));
        assert!(page.contains("the mailbox does not exist"), "the cause is shown");
        assert!(page.contains("http://gallery.example/one.png"), "the text can be read");
        assert!(page.contains(&format!("href=\"/takedowns/{takedown}\"")));
        assert!(!page.contains("=3D"), "it is shown as people read it, not as it is quoted");
        assert!(!page.contains("<img"));
    }
}

both_engines! {
    async fn a_failed_notice_is_sent_again_with_a_reason(db: Db) {
        let house = house(db);
        let (id, takedown) = a_notice_that(&house, Ending::Failed).await?;
        let mut browser = house.signed_in("lies", &[Role::Liaison]).await?;
        house.get(&mut browser, &format!("/notices/{id}")).await;
        let seen = ::notice::load(&house.desk.db, id).await?.unwrap().revision;
        let retry = format!("/notices/{id}/retry");
        let form = format!("seen={seen}&reason-retry=");
        assert_eq!(house.post(&mut browser, &retry, &form).await.status.as_u16(), 422);
        let form = format!("seen={seen}&reason-retry=their+mailbox+is+back");
        let done = house.post(&mut browser, &retry, &form).await;
        assert_eq!(done.to(), format!("/notices/{id}?told=notice-retried"));
        assert_eq!(::notice::load(&house.desk.db, id).await?.unwrap().state, NoticeState::Due);
        let stage = ::takedown::load(&house.desk.db, takedown).await?.unwrap().stage;
        assert_eq!(stage, Stage::Noticed);
        let page = house.get(&mut browser, &format!("/notices/{id}")).await.body;
        assert!(page.contains("their mailbox is back") && !page.contains("/retry\""));
        assert_eq!(house.post(&mut browser, &retry, &form).await.status.as_u16(), 409);
    }
}

both_engines! {
    async fn an_unsure_notice_can_be_said_to_have_arrived(db: Db) {
        let house = house(db);
        let (id, takedown) = a_notice_that(&house, Ending::Unsure).await?;
        let mut browser = house.signed_in("anna", &[Role::Analyst]).await?;
        let page = house.get(&mut browser, &format!("/notices/{id}")).await.body;
        assert!(page.contains("The connection was lost after the message had gone out."));
        let seen = ::notice::load(&house.desk.db, id).await?.unwrap().revision;
        let form = format!("seen={seen}&reason-arrived=they+answered");
        let done = house.post(&mut browser, &format!("/notices/{id}/arrived"), &form).await;
        assert_eq!(done.to(), format!("/notices/{id}?told=notice-arrived"));
        let told = ::takedown::load(&house.desk.db, takedown).await?.unwrap();
        assert_eq!((told.stage, told.told_at_ms), (Stage::Told, Some(house.now())));
    }
}

both_engines! {
    async fn a_notice_to_a_refused_contact_is_not_sent_again_and_the_page_says_why(db: Db) {
        let house = house(db);
        let (id, _) = a_notice_that(&house, Ending::Failed).await?;
        let notice = ::notice::load(&house.desk.db, id).await?.unwrap();
        let (who, why) = (StaffId::from_bits(1), because("not theirs after all")?);
        house.desk.work.refuse_contact(who, notice.contact_id, 1, why).await?;
        let mut browser = house.signed_in("anna", &[Role::Analyst]).await?;
        house.get(&mut browser, &format!("/notices/{id}")).await;
        let form = format!("seen={}&reason-retry=try+again", notice.revision);
        let refused = house.post(&mut browser, &format!("/notices/{id}/retry"), &form).await;
        assert_eq!(refused.status.as_u16(), 422);
        assert!(refused.body.contains("The contact is not approved"));
        assert!(refused.body.contains("value=\"try again\""), "nothing typed is lost");
    }
}
