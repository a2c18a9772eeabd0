use capture::rules::VisitState;
use ground::clock::DAY_MS;
use ground::{Chance, Db, TakedownId, TestClock, both_engines};
use vault::{HotlineKeys, Objects, Vault, VaultError};

use super::*;
use crate::desk::staged::illegal_item;

type Fault = Box<dyn std::error::Error>;

/// A house in which an address was looked at once, with a screenshot, and its report was closed.
struct House {
    work: Casework,
    clock: TestClock,
    takedown: TakedownId,
    visit: VisitId,
    address: AddressId,
    object: ObjectName,
}

async fn house(db: Db) -> Result<House, Fault> {
    let clock = TestClock::at(Instant::from_ms(1_790_000_000_000));
    let keys = HotlineKeys::from_seed(&[4; 32]);
    let vault = Vault::new(keys, Objects::in_memory(), clock.clock(), Chance::system());
    let work = crate::testing::idle(db, vault, clock.clock())?;
    let takedown = illegal_item(&work, "one.png", None).await?;
    let address = takedown::load(&work.db, takedown)
        .await?
        .ok_or("none")?
        .address_id;
    let seen = capture::store::visits_of(&work.db, address, 1).await?;
    let visit = seen.first().ok_or("no visit")?.id;
    let sealer = work.vault.ready(&work.db, Owner::Address(address)).await?;
    let object = sealer.put(b"a drawn page").await?;
    let tx = work.db.upkeep("stage").await?;
    let ended = capture::store::Ended {
        state: VisitState::Captured,
        cause: None,
        via: None,
        status: None,
        ip: None,
        record: None,
        screenshot: Some(object.as_str().to_owned()),
        at: clock.clock().now(),
    };
    capture::store::end(&tx, visit, &ended).await?;
    let closed = "update report set state = 'closed', closed_at_ms = $1";
    tx.execute(closed, values![clock.clock().now()]).await?;
    tx.commit().await?;
    Ok(House {
        work,
        clock,
        takedown,
        visit,
        address,
        object,
    })
}

impl House {
    async fn is_there(&self) -> Result<bool, Fault> {
        let owner = Owner::Address(self.address);
        let got = match self.work.vault.opener(&self.work.db, owner).await {
            Ok(opener) => opener.get(&self.object).await,
            Err(fault) => Err(fault),
        };
        let row = capture::store::visit(&self.work.db, self.visit)
            .await?
            .ok_or("no visit")?;
        match got {
            Ok(_) => Ok(true),
            Err(VaultError::NoSuchObject | VaultError::Shredded) if row.screenshot.is_none() => {
                Ok(false)
            }
            other => Err(format!("half destroyed: {:?}", other.map(|_| ())).into()),
        }
    }

    async fn after(&self, days: i64) -> Result<bool, Fault> {
        self.clock.advance_ms(days * DAY_MS);
        while self.work.shred_one().await? {}
        self.is_there().await
    }

    async fn say(&self, sql: &str) -> Result<(), Fault> {
        let tx = self.work.db.upkeep("stage").await?;
        tx.execute(sql, vec![]).await?;
        Ok(tx.commit().await?)
    }
}

both_engines! {
    /// Regressions (j), (k): a shared picture was deleted with the first item; retention did nothing.
    async fn a_screenshot_goes_with_what_it_shows_and_stays_while_that_is_online(db: Db) {
        let house = house(db).await?;
        assert!(house.after(200).await?, "the picture is still there");
        house.say("update watch set presence = 'ended'").await?;
        assert!(!house.after(1).await?);
        let noted = "select count(*) as n from ledger where kind = 'screenshot_destroyed'";
        assert_eq!(house.work.db.count(noted, vec![]).await?, 1);
        assert!(takedown::load(&house.work.db, house.takedown).await?.is_some());
    }
}

both_engines! {
    async fn a_screenshot_stays_while_a_report_is_open(db: Db) {
        let house = house(db).await?;
        house.say("update watch set presence = 'ended'").await?;
        house.say("update report set state = 'waiting', closed_at_ms = null").await?;
        assert!(house.after(200).await?);
    }
}

async fn kept_keys(work: &Casework, owner: Owner) -> Result<i64, Fault> {
    let sql = "select count(*) as n from seal_key where owner = $1";
    Ok(work.db.count(sql, values![owner.to_string()]).await?)
}

both_engines! {
    async fn an_address_is_forgotten_when_its_watch_is_over_and_its_time_too(db: Db) {
        let house = house(db).await?;
        let owner = Owner::Address(house.address);
        house.after(200).await?;
        assert_eq!(kept_keys(&house.work, owner).await?, 1, "the picture is still there");
        house.say("update watch set presence = 'gone'").await?;
        house.after(200).await?;
        assert_eq!(kept_keys(&house.work, owner).await?, 1, "it may come back");
        house.say("update watch set presence = 'ended'").await?;
        house.after(1).await?;
        assert_eq!(kept_keys(&house.work, owner).await?, 0);
        let noted = "select count(*) as n from ledger where kind = 'address_forgotten'";
        assert_eq!(house.work.db.count(noted, vec![]).await?, 1);
        assert!(!house.work.shred_one().await?, "once is enough");
        assert!(takedown::load(&house.work.db, house.takedown).await?.is_some(), "the count stays");
    }
}

both_engines! {
    async fn a_forgotten_address_that_is_reported_again_is_a_new_one(db: Db) {
        let house = house(db).await?;
        let text = "http://gallery.example/one.png.html";
        let blind = house.work.vault.blind(vault::Blind::Address, text);
        house.say("update watch set presence = 'ended'").await?;
        let sql = "select count(*) as n from address where blind = $1";
        let before = house.work.db.count(sql, values![blind.clone()]).await?;
        house.after(200).await?;
        assert_eq!((before, house.work.db.count(sql, values![blind]).await?), (1, 0));
        let again = illegal_item(&house.work, "one.png", None).await?;
        let again = takedown::load(&house.work.db, again).await?.ok_or("none")?;
        assert_ne!(again.address_id, house.address);
        assert!(house.work.address_text(again.address_id).await.is_ok());
    }
}

both_engines! {
    async fn a_notice_goes_with_the_last_address_it_names(db: Db) {
        let house = house(db).await?;
        let provider = crate::desk::staged::a_provider(&house.work).await?;
        let notice = ground::NoticeId::fresh(&house.work.chance);
        let tx = house.work.db.upkeep("stage").await?;
        house.work.vault.seal(&tx, Owner::Notice(notice), vault::Place::new("t.t", notice), b"x").await?;
        tx.commit().await?;
        house.say("insert into contact (id, provider_id, email, language, state, found_by, revision)
            select 'c1', id, 'abuse@provider.example', 'nl', 'approved', 'rdap', 0 from provider limit 1").await?;
        let at = house.clock.clock().now().ms();
        house.say(&format!(
            "insert into notice (id, number, contact_id, provider_id, state, language, message_id, sealed,
                 items, drawn_up_at_ms, lease_until_ms, lease_token, attempts, not_before_ms, revision)
             values ('{notice}', 'N-1', 'c1', '{provider}', 'accepted', 'nl', 'm', (select sealed from address limit 1), 1, {at}, 0, 0, 0, 0, 0)"
        )).await?;
        house.say(&format!(
            "insert into notice_item (notice_id, takedown_id) values ('{notice}', '{}')", house.takedown
        )).await?;
        house.after(200).await?;
        assert_eq!(kept_keys(&house.work, Owner::Notice(notice)).await?, 1, "the picture is still there");
        house.say("update watch set presence = 'ended'").await?;
        house.after(1).await?;
        assert_eq!(kept_keys(&house.work, Owner::Notice(notice)).await?, 0);
    }
}

both_engines! {
    async fn the_worker_forgets_what_somebody_looked_at_after_ninety_days(db: Db) {
        let house = house(db).await?;
        let ann = ground::StaffId::from_bits(1);
        house.work.take_break(ann).await?;
        house.work.end_break(ann).await?;
        let days = "select count(*) as n from exposure";
        let left = async |after: i64| -> Result<i64, Fault> {
            house.clock.advance_ms(after * DAY_MS);
            while house.work.shred_in_time().await? {}
            Ok(house.work.db.count(days, values![]).await?)
        };
        assert_eq!(left(90).await?, 1);
        assert_eq!(left(1).await?, 0);
        let noted = "select count(*) as n from ledger where actor = $1";
        assert_eq!(house.work.db.count(noted, values![ann]).await?, 0, "nothing of it stands in the ledger");
    }
}
