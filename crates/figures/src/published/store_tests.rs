use ground::ledger::head;
use ground::{Act, Instant};

use super::*;

const FILE: &str = "figure,year,value,unit,definition,source
addresses,2018,224000,urls,addresses judged,report 2018
addresses,2019,308430,urls,addresses judged,report 2019
";

fn act() -> Act {
    Act::by_worker("test", Instant::from_ms(1_800_000_000_000))
}

ground::both_engines! {
    async fn an_import_is_in_the_ledger_and_the_same_file_again_changes_nothing(db: Db) {
        let done = import(&db, &act(), FILE.as_bytes(), 2026, false).await?;
        assert_eq!((done.added, done.replaced, done.unchanged), (2, 0, 0));
        let after = head(&db).await?;
        assert_eq!(after.0, 2);
        let again = import(&db, &act(), FILE.as_bytes(), 2026, false).await?;
        assert_eq!((again.added, again.replaced, again.unchanged), (0, 0, 2));
        assert_eq!(head(&db).await?, after);
        assert_eq!(all(&db, i64::MAX).await?.len(), 2);
        assert_eq!(all(&db, 1).await?.len(), 1, "an earlier end of the ledger knows less");
    }
}

ground::both_engines! {
    async fn nothing_is_half_imported(db: Db) {
        let wrong = format!("{FILE}addresses,2020,many,urls,,report 2020\n");
        let fault = import(&db, &act(), wrong.as_bytes(), 2026, false).await.unwrap_err();
        assert!(fault.to_string().starts_with("line 4: value: \"many\""), "{fault}");
        assert_eq!(head(&db).await?.0, 0);
        let future = FILE.replace("2019", "2031");
        assert!(import(&db, &act(), future.as_bytes(), 2026, false).await.is_err());
        assert_eq!(head(&db).await?.0, 0);
    }
}

ground::both_engines! {
    async fn a_number_published_differently_is_refused_unless_it_is_to_be_replaced(db: Db) {
        import(&db, &act(), FILE.as_bytes(), 2026, false).await?;
        let other = FILE.replace("308430", "308431");
        let fault = import(&db, &act(), other.as_bytes(), 2026, false).await.unwrap_err();
        assert!(
            fault.to_string().starts_with("addresses 2019 is 308,431 addresses here and was 308,430 addresses before (report 2019)"),
            "{fault}"
        );
        assert_eq!(head(&db).await?.0, 2);
        let done = import(&db, &act(), other.as_bytes(), 2026, true).await?;
        assert_eq!((done.added, done.replaced, done.unchanged), (0, 1, 1));
        let known = all(&db, i64::MAX).await?;
        let key = Key::parse("addresses")?;
        assert_eq!(known[&(key, 2019)].value, Amount::whole(308_431));
    }
}
