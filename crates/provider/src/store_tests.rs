//! A provider and a desk are each one, however often and however written they are found.

use ground::{Act, Actor, Ask, Chance, Db, HostedIn, Instant, StaffId, both_engines, values};

use crate::*;

fn located(hosted_in: HostedIn, name: &str, desks: &[&str]) -> Located {
    let country = Country::parse(if hosted_in == HostedIn::Home {
        "NL"
    } else {
        "US"
    });
    Located {
        hosted_in,
        ip: Some("192.0.2.10".parse().unwrap()),
        ips: Vec::new(),
        asn: None,
        prefix: None,
        organisation: Some(name.into()),
        registered_to: None,
        country,
        signals: Signals::of(None, country, None),
        abuse: desks
            .iter()
            .map(|desk| Abuse {
                email: MailAddress::parse(desk).unwrap(),
                found_by: FoundBy::Rdap,
            })
            .collect(),
        missing: Vec::new(),
        at: Instant::from_ms(0),
    }
}

async fn placed(db: &Db, located: &Located) -> Result<Placed, ground::DbError> {
    let now = Instant::from_ms(1);
    let tx = db.act(&Act::by_worker("locator", now), "place").await?;
    let placed = place(&tx, located, &Chance::system(), now).await?;
    // What was known already needs a line of the takedown, which is not here.
    tx.record("test", &ground::Fact::SettingChanged { key: "test".into() });
    tx.commit().await?;
    Ok(placed)
}

async fn lines(db: &Db, kind: &str) -> Result<i64, ground::DbError> {
    db.count(
        "select count(*) as n from ledger where kind = $1",
        values![kind],
    )
    .await
}

both_engines! {
    async fn a_provider_found_again_under_another_spelling_is_the_same(db: Db) {
        let one = placed(&db, &located(HostedIn::Home, "Example Hosting B.V.", &["abuse@hosting.example"])).await?;
        let two = placed(&db, &located(HostedIn::Home, "EXAMPLE HOSTING BV", &["Abuse@hosting.example"])).await?;
        assert_eq!(one, two);
        assert_eq!(one.contact.as_ref().map(|c| c.state), Some(ContactState::Unapproved));
        assert_eq!(one.contact.as_ref().map(|c| c.language), Some(ContactLanguage::Dutch));
        assert_eq!((lines(&db, "provider_found").await?, lines(&db, "contact_found").await?), (1, 1));
        assert_eq!(waiting_for_approval(&db).await?, 1);
        let all = all(&db).await?;
        assert_eq!((all.len(), all[0].contacts, all[0].approved), (1, 1, 0));
    }
}

both_engines! {
    async fn abroad_no_contact_waits_for_approval(db: Db) {
        let abroad = placed(&db, &located(HostedIn::Abroad, "Far Away Hosting", &["abuse@faraway.example"])).await?;
        assert!(abroad.provider.is_some() && abroad.contact.is_none());
        assert_eq!(waiting_for_approval(&db).await?, 0);
        let mut nobody = located(HostedIn::Unknown, "", &[]);
        nobody.organisation = None;
        assert_eq!(placed(&db, &nobody).await?, Placed { provider: None, contact: None });
        nobody.asn = Some(64_500);
        let by_number = placed(&db, &nobody).await?.provider.ok_or("none")?;
        assert_eq!((by_number.key.as_str(), by_number.name.as_str()), ("AS64500", "AS64500"));
        assert_eq!(all(&db).await?[0].approved, 0);
    }
}

both_engines! {
    async fn an_approved_contact_is_used_even_when_a_new_desk_is_named(db: Db) {
        let first = located(HostedIn::Home, "Example Hosting", &["abuse@hosting.example"]);
        let contact_found = placed(&db, &first).await?.contact.ok_or("none")?;
        let who = StaffId::from_bits(1);
        let act = Act::by_staff(who, Instant::from_ms(2));
        let tx = db.act(&act, "approve").await?;
        let (approved, fact) = contact_found.clone().approved(Actor::Staff(who), act.at)?;
        save_contact(&tx, &approved, &fact).await?;
        tx.commit().await?;
        let tx = db.act(&act, "approve again").await?;
        let stale = save_contact(&tx, &approved, &fact).await;
        assert!(matches!(stale, Err(StoreFault::Stale)));
        drop(tx);
        let other = located(HostedIn::Home, "Example Hosting", &["new@hosting.example"]);
        let chosen = placed(&db, &other).await?.contact.ok_or("none")?;
        assert_eq!(chosen.id, contact_found.id);
        assert_eq!(contacts_in(&db, ContactState::Unapproved).await?.len(), 1);
        let listed = contacts_in(&db, ContactState::Approved).await?;
        assert_eq!(listed[0].provider_name, "Example Hosting");
        let stored = contact(&db, contact_found.id).await?.ok_or("none")?;
        assert_eq!(stored.decided_by.as_deref(), Some(who.to_string().as_str()));
    }
}

both_engines! {
    async fn a_typed_contact_is_added_once_and_must_be_approved(db: Db) {
        let none = placed(&db, &located(HostedIn::Home, "Quiet Hosting", &[])).await?;
        assert_eq!(none.contact, None);
        let of = none.provider.ok_or("none")?.id;
        let email = MailAddress::parse("desk@quiet.example")?;
        let act = Act::by_staff(StaffId::from_bits(1), Instant::from_ms(2));
        let tx = db.act(&act, "add").await?;
        let added = add_contact(&tx, of, email.clone(), Manner::usual(ContactLanguage::English), &Chance::system()).await?;
        assert_eq!((added.state, added.found_by), (ContactState::Unapproved, FoundBy::Hand));
        let twice = add_contact(&tx, of, email, Manner::usual(ContactLanguage::Dutch), &Chance::system()).await;
        assert!(matches!(twice, Err(StoreFault::Taken)));
        tx.commit().await?;
        assert_eq!(contacts_of(&db, of).await?.len(), 1);
        assert_eq!(provider(&db, of).await?.map(|p| p.name).as_deref(), Some("Quiet Hosting"));
    }
}
