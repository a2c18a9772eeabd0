use crate::testing::{Fault, House, house};
use ::provider::ContactState;
use ::takedown::Stage;
use casework::desk::staged::{a_contact, a_provider, facts_of, hosted_by, illegal_item};
use ground::{ContactId, Fact, ProviderId, TakedownId, both_engines};
use staff::Role;

async fn staged(house: &House) -> Result<(ProviderId, ContactId, TakedownId), Fault> {
    let work = &house.desk.work;
    let provider = a_provider(work).await?;
    let contact = a_contact(work, provider, "abuse@hosting.example").await?;
    let id = illegal_item(work, "one.png", None).await?;
    hosted_by(work, id, provider, Some(contact)).await?;
    Ok((provider, contact, id))
}

async fn state_of(house: &House, id: ContactId) -> Result<(ContactState, i64), Fault> {
    let contact = ::provider::contact(&house.desk.db, id)
        .await?
        .ok_or("no contact")?;
    Ok((contact.state, contact.revision))
}

both_engines! {
    async fn a_contact_is_approved_once_and_what_waited_moves_on(db: Db) {
        let house = house(db);
        let mut browser = house.signed_in("anna", &[Role::Analyst]).await?;
        let empty = house.get(&mut browser, "/contacts").await.body;
        assert!(empty.contains("No contact waits for approval."));
        let (provider, contact, takedown) = staged(&house).await?;
        let list = house.get(&mut browser, "/contacts").await.body;
        let first = list.find(&format!("href=\"/contacts/{contact}\"")).unwrap();
        assert!(first < list.find(&format!("href=\"/providers/{provider}\"")).unwrap());
        let page = house.get(&mut browser, &format!("/contacts/{contact}")).await.body;
        assert!(page.contains("1 item waits. Check that this is the abuse desk"));
        let approve = format!("/contacts/{contact}/approve");
        let without = house.post(&mut browser, &approve, "seen=0&reason-approve=").await;
        assert_eq!(without.status.as_u16(), 422);
        let form = "seen=0&reason-approve=it+stands+on+their+site";
        let done = house.post(&mut browser, &approve, form).await;
        assert_eq!(done.to(), format!("/contacts/{contact}?told=contact-approved"));
        let stage = ::takedown::load(&house.desk.db, takedown).await?.unwrap().stage;
        assert_eq!(stage, Stage::NoticeDue);
        let facts = facts_of(&house.desk.work, contact).await?;
        let reason = Some("it stands on their site".to_owned());
        assert_eq!(facts.last(), Some(&(Fact::ContactApproved { provider }, reason)));
        assert_eq!(house.post(&mut browser, &approve, form).await.status.as_u16(), 409);
    }
}

both_engines! {
    async fn a_contact_is_refused_with_a_reason(db: Db) {
        let house = house(db);
        let (_, contact, takedown) = staged(&house).await?;
        let mut browser = house.signed_in("bram", &[Role::Senior]).await?;
        house.get(&mut browser, &format!("/contacts/{contact}")).await;
        let form = "seen=0&reason-refuse=it+is+a+private+mailbox";
        let done = house.post(&mut browser, &format!("/contacts/{contact}/refuse"), form).await;
        assert_eq!(done.to(), format!("/contacts/{contact}?told=contact-refused"));
        assert_eq!(state_of(&house, contact).await?, (ContactState::Refused, 1));
        let page = house.get(&mut browser, &format!("/takedowns/{takedown}")).await.body;
        assert!(page.contains("The contact was refused") && page.contains("/providers/"));
    }
}

both_engines! {
    async fn a_changed_address_is_approved_again_and_nothing_typed_is_lost(db: Db) {
        let house = house(db);
        let (_, contact, _) = staged(&house).await?;
        let mut browser = house.signed_in("anna", &[Role::Analyst]).await?;
        house.get(&mut browser, &format!("/contacts/{contact}")).await;
        let form = "seen=0&reason-approve=it+is+theirs";
        house.post(&mut browser, &format!("/contacts/{contact}/approve"), form).await;
        let change = format!("/contacts/{contact}/change");
        let form = "seen=1&email=not+an+address&language=en&format=mail-csv&reason-change=they+told+us";
        let wrong = house.post(&mut browser, &change, form).await;
        assert_eq!(wrong.status.as_u16(), 422);
        for said in [
            "value=\"not an address\"",
            "value=\"they told us\"",
            "value=\"en\" checked",
            "This is not the form of a mail address",
            "href=\"#email\"",
        ] {
            assert!(wrong.body.contains(said), "{said}");
        }
        let form = "seen=1&email=desk@hosting.example&language=en&format=mail-csv&reason-change=they+told+us";
        let done = house.post(&mut browser, &change, form).await;
        assert_eq!(done.to(), format!("/contacts/{contact}?told=contact-changed"));
        assert_eq!(state_of(&house, contact).await?.0, ContactState::Unapproved);
        let form = "seen=2&email=desk@hosting.example&language=en&format=mail-csv&reason-change=again";
        let same = house.post(&mut browser, &change, form).await;
        assert!(same.body.contains("Nothing was altered."));
    }
}

both_engines! {
    async fn a_contact_is_added_by_hand_and_must_be_approved_like_any_other(db: Db) {
        let house = house(db);
        let (provider, _, _) = staged(&house).await?;
        let mut browser = house.signed_in("anna", &[Role::Analyst]).await?;
        let page = house.get(&mut browser, &format!("/providers/{provider}")).await.body;
        assert!(page.contains("1 item waits for a contact.") && page.contains("AS64500"));
        assert!(page.contains("value=\"nl\" checked"), "a Dutch provider is written to in Dutch");
        let add = format!("/providers/{provider}/contacts");
        let form = "email=ABUSE@hosting.example&language=nl&format=mail-csv&reason-add=found+it";
        let taken = house.post(&mut browser, &add, form).await;
        assert!(taken.body.contains("has a contact with this address already"));
        let form = "email=desk@hosting.example&language=nl&format=mail-csv&reason-add=found+it";
        let done = house.post(&mut browser, &add, form).await;
        let path = done.to().split('?').next().unwrap_or_default().to_owned();
        let made: ContactId = path.trim_start_matches("/contacts/").parse()?;
        assert_eq!(state_of(&house, made).await?, (ContactState::Unapproved, 0));
        let page = house.get(&mut browser, &path).await.body;
        assert!(page.contains("typed by hand") && page.contains("found it"));
    }
}

both_engines! {
    async fn the_liaison_reads_contacts_and_decides_about_none(db: Db) {
        let house = house(db);
        let (provider, contact, _) = staged(&house).await?;
        let mut browser = house.signed_in("lies", &[Role::Liaison]).await?;
        let page = house.get(&mut browser, &format!("/contacts/{contact}")).await.body;
        assert!(page.contains("An analyst or a senior analyst decides.") && !page.contains("/approve\""));
        let form = "seen=0&reason-approve=why+not";
        let refused = house.post(&mut browser, &format!("/contacts/{contact}/approve"), form).await;
        assert_eq!(refused.status.as_u16(), 404);
        let page = house.get(&mut browser, &format!("/providers/{provider}")).await.body;
        assert!(!page.contains("action=\"/providers/"), "and adds none");
        assert_eq!(state_of(&house, contact).await?.0, ContactState::Unapproved);
    }
}
