use super::*;
use crate::session::{ABSOLUTE_MS, HALFWAY_MS, IDLE_MS};
use crate::testing::{House, PASSWORD, house};
use crate::{Language, NewAccount, PasswordFault};
use ground::clock::{MINUTE_MS, SECOND_MS};
use ground::{Ask, both_engines, values};

type Fault = Box<dyn std::error::Error>;

async fn causes(house: &House) -> Vec<(String, String)> {
    let lines = ground::ledger::after(&house.db, 0, 1_000).await.unwrap();
    lines
        .into_iter()
        .filter_map(|line| match ground::fact::read(&line.detail) {
            Ok(Fact::Staff(StaffFact::SignInRefused { cause })) => Some((line.subject, cause)),
            _ => None,
        })
        .collect()
}

async fn session(house: &House, token: &Token) -> Result<Session, Fault> {
    Ok(house
        .staff
        .present(token)
        .await?
        .ok_or("the session does not hold")?)
}

async fn is_refused(house: &House, name: &str, password: &str) -> bool {
    matches!(
        house.staff.sign_in(name, password, None).await,
        Err(StaffError::SignInRefused)
    )
}

both_engines! {
    async fn a_first_sign_in_sets_a_second_factor_and_a_password_of_ones_own(db: Db) {
        let house = house(db);
        let new = NewAccount {
            name: Name::parse("beheer")?,
            roles: "administrator".parse()?,
            language: Language::English,
        };
        let (id, handed) = house.staff.add(&house.operator(), new).await?;
        let entered = house.staff.sign_in("Beheer", handed.reveal(), None).await?;
        assert_eq!(entered.step, Step::SetUpSecondFactor);

        let half = session(&house, &entered.token).await?;
        let offer = house.staff.offer_second_factor(&half).await?;
        let half = session(&house, &entered.token).await?;
        let again = house.staff.offer_second_factor(&half).await?;
        assert_eq!(offer.text, again.text, "the picture stays the same when the page is loaded again");
        assert!(matches!(
            house.staff.confirm_second_factor(&half, "000000").await,
            Err(StaffError::WrongCode)
        ));
        let spelled = offer.text.replace(' ', "");
        let secret = data_encoding::BASE32_NOPAD.decode(spelled.as_bytes())?;
        let code = Secret::from_bytes(&secret).ok_or("secret")?.code_at(house.now());
        let confirmed = house.staff.confirm_second_factor(&half, &code).await?;
        assert_eq!(confirmed.step, Step::ChoosePassword);
        assert!(house.staff.present(&entered.token).await?.is_none(), "the token was replaced");

        let changing = session(&house, &confirmed.token).await?;
        assert!(matches!(
            house.staff.choose_password(&changing, handed.reveal()).await,
            Err(StaffError::Password(PasswordFault::Unchanged))
        ));
        let done = house.staff.choose_password(&changing, "lantaarn onder de brug").await?;
        let full = session(&house, &done.token).await?;
        assert_eq!((full.step(), full.account.id), (Step::Done, id));
        assert_eq!(full.account.change_by_ms, None);
        let lines = ground::ledger::after(&house.db, 0, 100).await?;
        let kinds: Vec<&str> = lines.iter().map(|line| line.kind.as_str()).collect();
        assert_eq!(
            kinds,
            ["staff_added", "credential_changed", "credential_changed", "signed_in"]
        );
    }
}

both_engines! {
    async fn half_a_sign_in_is_no_sign_in(db: Db) {
        let house = house(db);
        house.account("wilg", "analyst").await?;
        let half = house.staff.sign_in("wilg", PASSWORD, None).await?;
        assert_eq!(half.step, Step::Code);
        let session = session(&house, &half.token).await?;
        assert_eq!(session.stage, Stage::Password);
        assert!(matches!(
            house.staff.change_password(&session, PASSWORD, "lantaarn onder de brug").await,
            Err(StaffError::WrongStep)
        ));
        assert!(matches!(
            house.staff.offer_second_factor(&session).await,
            Err(StaffError::WrongStep)
        ), "a set second factor is not replaced with a password alone");
        house.clock.advance_ms(HALFWAY_MS);
        assert!(house.staff.present(&half.token).await?.is_none());
    }
}

both_engines! {
    async fn an_unknown_name_a_wrong_password_and_a_closed_account_answer_the_same(db: Db) {
        let house = house(db);
        let id = house.account("wilg", "analyst").await?;
        assert!(is_refused(&house, "niemand", PASSWORD).await);
        assert!(is_refused(&house, "not a name!", PASSWORD).await);
        assert!(is_refused(&house, "wilg", "something else entirely").await);
        assert!(is_refused(&house, "wilg", PASSWORD).await, "barred for a second");
        house.staff.close(&house.operator(), id, 2).await?;
        house.clock.advance_ms(MINUTE_MS);
        assert!(is_refused(&house, "wilg", PASSWORD).await);
        let who = id.to_string();
        let expected = [
            ("site", "unknown-name"),
            ("site", "unknown-name"),
            (who.as_str(), "password"),
            (who.as_str(), "barred"),
            (who.as_str(), "closed"),
        ];
        let causes = causes(&house).await;
        let causes: Vec<(&str, &str)> =
            causes.iter().map(|(who, why)| (who.as_str(), why.as_str())).collect();
        assert_eq!(causes, expected);
    }
}

both_engines! {
    async fn guessing_is_slowed_down_and_many_guesses_at_once_count_as_many(db: Db) {
        let house = house(db);
        house.account("wilg", "analyst").await?;
        let guesses = (0..8).map(|_| {
            let staff = house.staff.clone();
            tokio::spawn(async move { staff.sign_in("wilg", "guess guess guess", None).await.is_err() })
        });
        for guess in guesses.collect::<Vec<_>>() {
            assert!(guess.await?);
        }
        let judged = causes(&house).await.into_iter().filter(|(_, cause)| cause == "password");
        assert_eq!(judged.count(), 1, "all but one were barred without being judged");
        for wait in [1_i64, 2, 4] {
            assert!(is_refused(&house, "wilg", PASSWORD).await);
            house.clock.advance_ms(wait * SECOND_MS);
            assert!(is_refused(&house, "wilg", "guess guess guess").await);
        }
        house.clock.advance_ms(8 * SECOND_MS);
        assert!(house.staff.sign_in("wilg", PASSWORD, None).await.is_ok());
    }
}

both_engines! {
    async fn a_code_works_once_and_guessing_codes_is_slowed_down(db: Db) {
        let house = house(db);
        house.signed_in("wilg", "analyst").await?;
        let half = house.staff.sign_in("wilg", PASSWORD, None).await?.token;
        let one = session(&house, &half).await?;
        let used = house.staff.give_code(&one, &house.code()).await;
        assert!(matches!(used, Err(StaffError::SignInRefused)));
        house.clock.advance_ms(30 * SECOND_MS);
        // A right password in between does not wipe out the refused code.
        let half = house.staff.sign_in("wilg", PASSWORD, Some(&half)).await?.token;
        let two = session(&house, &half).await?;
        assert_eq!(two.account.failures, 1);
        assert!(house.staff.give_code(&two, "000000").await.is_err());
        let two = session(&house, &half).await?;
        assert!(house.staff.give_code(&two, &house.code()).await.is_err(), "barred for two seconds");
        house.clock.advance_ms(2 * SECOND_MS);
        let two = session(&house, &half).await?;
        let full = house.staff.give_code(&two, &house.code()).await?;
        assert_eq!(full.step, Step::Done);
        assert_eq!(session(&house, &full.token).await?.account.failures, 0);
        let causes: Vec<String> = causes(&house).await.into_iter().map(|(_, why)| why).collect();
        assert_eq!(causes, ["code-reused", "code", "barred"]);
    }
}

both_engines! {
    async fn a_session_ends_after_silence_and_after_ten_hours(db: Db) {
        let house = house(db);
        let (_, token) = house.signed_in("wilg", "analyst").await?;
        house.clock.advance_ms(IDLE_MS - MINUTE_MS);
        assert!(house.staff.present(&token).await?.is_some());
        house.clock.advance_ms(IDLE_MS);
        assert!(house.staff.present(&token).await?.is_none(), "twenty minutes of silence");
        assert_eq!(house.staff.sweep().await?, 1);

        let token = house.sign_in("wilg").await?;
        let mut minutes = 0;
        while house.staff.present(&token).await?.is_some() {
            house.clock.advance_ms(10 * MINUTE_MS);
            minutes += 10;
        }
        assert_eq!(minutes * MINUTE_MS, ABSOLUTE_MS, "ten hours in any case");
    }
}

both_engines! {
    async fn every_step_has_a_new_token_and_a_planted_one_is_worth_nothing(db: Db) {
        let house = house(db);
        house.account("wilg", "analyst").await?;
        let half = house.staff.sign_in("wilg", PASSWORD, None).await?.token;
        let at_half = session(&house, &half).await?;
        let full = house.staff.give_code(&at_half, &house.code()).await?.token;
        assert!(house.staff.present(&half).await?.is_none());
        // The same step again with the session as it was: it is gone.
        house.clock.advance_ms(30 * SECOND_MS);
        assert!(house.staff.give_code(&at_half, &house.code()).await.is_err());
        // Signing in over an old session ends that one (T9, session fixation).
        let next = house.staff.sign_in("wilg", PASSWORD, Some(&full)).await?.token;
        assert!(house.staff.present(&full).await?.is_none());
        assert!(house.staff.present(&next).await?.is_some());
    }
}

both_engines! {
    async fn the_records_hold_no_token_no_password_and_no_secret(db: Db) {
        let house = house(db);
        let (id, token) = house.signed_in("wilg", "analyst").await?;
        let account = house.staff.person(id).await?;
        assert!(!account.password.contains(PASSWORD));
        let sealed = account.totp.clone().unwrap_or_default();
        assert!(!sealed.windows(20).any(|part| part == crate::testing::SECRET));
        let raw = data_encoding::BASE64URL_NOPAD.decode(token.to_cookie().as_bytes())?;
        let kept = house
            .db
            .count("select count(*) as n from session where token_hash = $1", values![raw])
            .await?;
        assert_eq!(kept, 0, "what is kept does not open a session");
    }
}

both_engines! {
    async fn people_see_and_end_their_own_sessions_only(db: Db) {
        let house = house(db);
        let (_, one) = house.signed_in("wilg", "analyst").await?;
        let two = house.sign_in("wilg").await?;
        let (_, other) = house.signed_in("esdoorn", "analyst").await?;
        let here = session(&house, &one).await?;
        let listed: Vec<_> =
            house.staff.sessions(&here).await?.iter().map(|session| session.key).collect();
        assert_eq!(listed, [one.key(), two.key()], "the latest used first");
        assert!(matches!(
            house.staff.end_session(&here, other.key()).await,
            Err(StaffError::NotFound)
        ));
        house.staff.end_session(&here, two.key()).await?;
        assert!(house.staff.present(&two).await?.is_none());
        house.staff.sign_out(&here).await?;
        house.staff.sign_out(&here).await?;
        assert!(house.staff.present(&one).await?.is_none());
        assert!(house.staff.present(&other).await?.is_some());
    }
}

both_engines! {
    async fn a_changed_password_ends_the_other_sessions(db: Db) {
        let house = house(db);
        let (id, one) = house.signed_in("wilg", "analyst").await?;
        let two = house.sign_in("wilg").await?;
        let here = session(&house, &one).await?;
        assert!(matches!(
            house.staff.change_password(&here, "not the present one", "lantaarn onder de brug").await,
            Err(StaffError::WrongPassword)
        ));
        house.clock.advance_ms(SECOND_MS);
        let here = session(&house, &one).await?;
        assert!(matches!(
            house.staff.change_password(&here, PASSWORD, "wilgwilgwilgwilg").await,
            Err(StaffError::Password(PasswordFault::IsName))
        ));
        let here = session(&house, &one).await?;
        let entered = house.staff.change_password(&here, PASSWORD, "lantaarn onder de brug").await?;
        assert!(house.staff.present(&one).await?.is_none());
        assert!(house.staff.present(&two).await?.is_none());
        assert!(house.staff.present(&entered.token).await?.is_some());
        assert!(house.staff.sign_in("wilg", "lantaarn onder de brug", None).await.is_ok());
        house.staff.set_language(id, Language::English).await?;
        assert_eq!(house.staff.person(id).await?.language, Language::English);
    }
}
