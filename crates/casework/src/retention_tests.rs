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
        let opener = self.work.vault.opener(&self.work.db, owner).await?;
        let got = opener.get(&self.object).await;
        let row = capture::store::visit(&self.work.db, self.visit)
            .await?
            .ok_or("no visit")?;
        match got {
            Ok(_) => Ok(true),
            Err(VaultError::NoSuchObject) if row.screenshot.is_none() => Ok(false),
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
