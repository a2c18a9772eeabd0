use super::*;
use ground::{Act, Instant, both_engines};

fn vault() -> Vault {
    let keys = HotlineKeys::from_seed(&[9; 32]);
    Vault::new(
        keys,
        Objects::in_memory(),
        Clock::system(),
        Chance::system(),
    )
}

both_engines! {
    async fn a_field_sealed_for_one_report_does_not_open_for_another(db: Db) {
        let vault = vault();
        let (one, two) = (ReportId::from_bits(1), ReportId::from_bits(2));
        let tx = db.upkeep("seal").await?;
        let place = || Place::new("report.words", "rep");
        let sealed = vault.seal(&tx, Owner::Report(one), place(), b"words").await?;
        vault.seal(&tx, Owner::Report(two), place(), b"other").await?;
        tx.commit().await?;
        let opened = vault.open(&db, Owner::Report(one), place(), &sealed).await?;
        assert_eq!(opened.as_slice(), b"words");
        assert!(vault.open(&db, Owner::Report(two), place(), &sealed).await.is_err());
    }
}

both_engines! {
    async fn a_key_tells_no_more_than_the_hour_it_was_made_in(db: Db) {
        let owner = Owner::Report(ReportId::from_bits(1));
        drop(vault().ready(&db, owner).await?);
        let exact = "select count(*) as n from seal_key where made_at_ms % 3600000 <> 0";
        assert_eq!(db.count(exact, vec![]).await?, 0);
    }
}

both_engines! {
    async fn what_was_shredded_never_opens_again(db: Db) {
        let vault = vault();
        let owner = Owner::Content(ContentId::from_bits(3));
        let sealer = vault.ready(&db, owner).await?;
        let name = sealer.put(b"a drawn circle").await?;
        drop(sealer);
        assert_eq!(vault.opener(&db, owner).await?.get(&name).await?.as_slice(), b"a drawn circle");
        let tx = db.act(&Act::by_worker("retention", Instant::from_ms(1)), "shred").await?;
        assert!(vault.shred(&tx, owner).await?);
        tx.commit().await?;
        assert!(matches!(vault.opener(&db, owner).await, Err(VaultError::Shredded)));
    }
}

#[test]
fn a_blind_index_is_steady_and_bound_to_its_purpose() {
    let vault = vault();
    let address = vault.blind(Blind::Address, "https://a.example/");
    assert_eq!(address, vault.blind(Blind::Address, "https://a.example/"));
    assert_ne!(address, vault.blind(Blind::Host, "https://a.example/"));
}
