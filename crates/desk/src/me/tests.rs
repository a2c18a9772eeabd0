use crate::testing::{PASSWORD, house};
use ground::both_engines;
use staff::Role;

both_engines! {
    async fn one_chooses_the_language_and_the_page_follows(db: Db) {
        let house = house(db);
        let mut browser = house.signed_in("wilg", &[Role::Analyst]).await?;
        assert!(house.get(&mut browser, "/me").await.body.contains("<html lang=\"en\">"));
        let on = house.post(&mut browser, "/me/language", "language=nl").await.to().to_owned();
        let page = house.get(&mut browser, &on).await.body;
        assert!(page.contains("<html lang=\"nl\">") && page.contains("De taal is gewijzigd."));
        assert_eq!(house.post(&mut browser, "/me/language", "language=fr").await.status.as_u16(), 422);
    }
}

both_engines! {
    async fn a_changed_password_needs_the_present_one_and_ends_other_sessions(db: Db) {
        let house = house(db);
        let mut browser = house.signed_in("wilg", &[Role::Analyst]).await?;
        let other = house.desk.staff.sign_in("wilg", PASSWORD, None).await?.token;
        let form = |present: &str| {
            let new = "lantaarn+onder+de+brug";
            format!("present={}&chosen={new}&again={new}", present.replace(' ', "+"))
        };
        let wrong = house.post(&mut browser, "/me/password", &form("not this one")).await;
        assert_eq!(wrong.status.as_u16(), 422);
        assert!(wrong.body.contains("The present password is not right."));
        let soon = house.post(&mut browser, "/me/password", &form(PASSWORD)).await;
        assert!(soon.body.contains("too soon"));
        house.clock.advance_ms(5_000);
        let changed = house.post(&mut browser, "/me/password", &form(PASSWORD)).await;
        assert_eq!(changed.to(), "/me?told=me-password");
        let page = house.get(&mut browser, "/me?told=me-password").await;
        assert!(page.body.contains("All other sessions have ended."));
        assert!(house.desk.staff.present(&other).await?.is_none());
    }
}

both_engines! {
    async fn one_sees_where_one_is_signed_in_and_ends_it(db: Db) {
        let house = house(db);
        let mut browser = house.signed_in("wilg", &[Role::Analyst]).await?;
        let other = house.desk.staff.sign_in("wilg", PASSWORD, None).await?.token;
        let page = house.get(&mut browser, "/me").await.body;
        assert!(page.contains("this one") && page.contains(&other.key().to_string()));
        let form = format!("session={}", other.key());
        assert_eq!(house.post(&mut browser, "/me/sessions", &form).await.to(), "/me?told=me-session");
        assert!(house.desk.staff.present(&other).await?.is_none());
        assert_eq!(house.post(&mut browser, "/me/sessions", "session=x").await.status.as_u16(), 422);
    }
}
