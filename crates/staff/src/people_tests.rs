use super::*;
use crate::testing::{House, house};
use crate::{PasswordFault, Refusal, Role, Step};
use ground::{Ask, Reason, both_engines, values};

fn new(name: &str, roles: &str) -> NewAccount {
    NewAccount {
        name: Name::parse(name).unwrap(),
        roles: roles.parse().unwrap(),
        language: Language::Dutch,
    }
}

async fn kinds(house: &House) -> Vec<String> {
    let lines = ground::ledger::after(&house.db, 0, 100).await.unwrap();
    lines.into_iter().map(|line| line.kind).collect()
}

both_engines! {
    async fn an_added_account_has_a_password_to_hand_over_that_lapses(db: Db) {
        let house = house(db);
        let (id, password) = house.staff.add(&house.operator(), new("beheer", "administrator")).await?;
        let account = house.staff.person(id).await?;
        assert!(account.roles.has(Role::Administrator));
        assert_eq!(account.change_by_ms, Some(house.now().plus_ms(HANDED_OVER_MS)));
        assert_eq!(kinds(&house).await, ["staff_added"]);

        house.clock.advance_ms(HANDED_OVER_MS);
        let late = house.staff.sign_in("beheer", password.reveal(), None).await;
        assert!(matches!(late, Err(StaffError::SignInRefused)));
    }
}

both_engines! {
    async fn a_name_is_given_once_and_never_again(db: Db) {
        let house = house(db);
        let act = house.operator();
        house.staff.add(&act, new("beheer", "administrator")).await?;
        let (id, _) = house.staff.add(&act, new("wilg", "analyst")).await?;
        let again = house.staff.add(&act, new("WILG", "auditor")).await;
        assert!(matches!(again, Err(StaffError::NameTaken)));
        house.staff.close(&act, id, 1).await?;
        let again = house.staff.add(&act, new("wilg", "auditor")).await;
        assert!(matches!(again, Err(StaffError::NameTaken)));
    }
}

both_engines! {
    async fn roles_change_with_a_reason_and_only_as_seen(db: Db) {
        let house = house(db);
        house.staff.add(&house.operator(), new("beheer", "administrator")).await?;
        let (id, _) = house.staff.add(&house.operator(), new("wilg", "analyst")).await?;
        let act = house.operator().because(Reason::parse("moves to another desk")?);
        house.staff.change_roles(&act, id, 1, "senior".parse()?).await?;
        let stale = house.staff.change_roles(&act, id, 1, "auditor".parse()?).await;
        assert!(matches!(stale, Err(StaffError::Stale)));
        let lines = ground::ledger::after(&house.db, 2, 10).await?;
        assert_eq!(lines.len(), 1);
        assert_eq!(lines[0].reason.as_deref(), Some("moves to another desk"));
        assert_eq!(house.staff.person(id).await?.roles.to_string(), "senior");
    }
}

both_engines! {
    async fn the_last_administrator_is_neither_closed_nor_demoted(db: Db) {
        let house = house(db);
        let act = house.operator();
        let (one, _) = house.staff.add(&act, new("beheer", "administrator")).await?;
        let closed = house.staff.close(&act, one, 1).await;
        assert!(matches!(closed, Err(StaffError::Refused(Refusal::LastAdministrator))));
        let (two, _) = house.staff.add(&act, new("tweede", "administrator")).await?;
        house.staff.close(&act, one, 1).await?;
        let demoted = house.staff.change_roles(&act, two, 1, "auditor".parse()?).await;
        assert!(matches!(demoted, Err(StaffError::Refused(Refusal::LastAdministrator))));
        let names: Vec<String> =
            house.staff.people().await?.iter().map(|a| a.name.to_string()).collect();
        assert_eq!(names, ["tweede", "beheer"]);
    }
}

both_engines! {
    async fn closing_ends_sessions_and_destroys_the_second_factor(db: Db) {
        let house = house(db);
        let act = house.operator();
        let (id, token) = house.signed_in("wilg", "analyst").await?;
        assert!(house.staff.present(&token).await?.is_some());
        let seen = house.staff.person(id).await?.revision;
        house.staff.close(&act, id, seen).await?;
        assert!(house.staff.present(&token).await?.is_none());
        let keys = house.db.count("select count(*) as n from seal_key", values![]).await?;
        assert_eq!(keys, 0);
        let kinds = kinds(&house).await;
        assert_eq!(kinds[kinds.len() - 3..], ["staff_closed", "signed_out", "key_shredded"]);
    }
}

both_engines! {
    async fn a_reset_ends_sessions_and_asks_for_new_credentials(db: Db) {
        let house = house(db);
        let act = house.operator();
        let (id, token) = house.signed_in("wilg", "analyst").await?;
        let seen = house.staff.person(id).await?.revision;
        let handed = house.staff.reset(&act, id, seen, Credential::Password).await?;
        assert!(house.staff.present(&token).await?.is_none());
        let step = house.staff.sign_in("wilg", handed.reveal(), None).await?.step;
        assert_eq!(step, Step::Code, "the second factor stays");

        let seen = house.staff.person(id).await?.revision;
        let handed = house.staff.reset(&act, id, seen, Credential::Both).await?;
        let step = house.staff.sign_in("wilg", handed.reveal(), None).await?.step;
        assert_eq!(step, Step::SetUpSecondFactor);
    }
}

both_engines! {
    async fn known_credentials_exist_in_the_demonstration_only(db: Db) {
        let house = house(db);
        let act = house.operator();
        let real = house.staff.clone().demo(false);
        let refused = real
            .add_demo(&act, new("wilg", "analyst"), "fietsbel lampenkap", DemoFactor::Waived)
            .await;
        assert!(matches!(refused, Err(StaffError::NotDemo)));
        let poor = house.staff.add_demo(&act, new("wilg", "analyst"), "wilg", DemoFactor::Waived).await;
        assert!(matches!(poor, Err(StaffError::Password(PasswordFault::TooShort))));

        house
            .staff
            .add_demo(&act, new("wilg", "analyst"), "fietsbel lampenkap", DemoFactor::Waived)
            .await?;
        let entered = house.staff.sign_in("wilg", "fietsbel lampenkap", None).await?;
        assert_eq!(entered.step, Step::Done);
        let entered = real.sign_in("wilg", "fietsbel lampenkap", None).await?;
        assert_eq!(entered.step, Step::SetUpSecondFactor, "waived counts as due elsewhere");
    }
}
