use capture::Decode;
use ground::{Ask as _, Chance, Db, Fact, Instant, TestClock, both_engines, sea_orm, values};
use vault::{HotlineKeys, ObjectName, Objects, Vault};

use super::*;
use crate::desk::staged::{a_report, because};

type Fault = Box<dyn std::error::Error>;

const DRAWN: &[u8] = b"\x89PNG\r\n\x1a\n two circles and a line, drawn by a test";

struct House {
    work: Casework,
    objects: tempfile::TempDir,
    anna: StaffId,
    report: ReportId,
    address: AddressId,
}

async fn house(db: Db) -> Result<House, Fault> {
    let clock = TestClock::at(Instant::from_ms(1_790_000_000_000));
    let keys = HotlineKeys::from_seed(&[4; 32]);
    let folder = tempfile::tempdir()?;
    let objects = Objects::folder(folder.path())?;
    let vault = Vault::new(keys, objects, clock.clock(), Chance::system());
    let work = crate::testing::idle(db, vault, clock.clock())?;
    let (report, address, _) = a_report(&work, "one").await?;
    Ok(House {
        anna: StaffId::fresh(&Chance::system()),
        objects: folder,
        work,
        report,
        address,
    })
}

/// What a child says of a small drawing.
fn seen(kind: &str) -> Examined {
    Examined {
        media_type: kind.to_owned(),
        width: Some(24),
        height: Some(24),
        decode: Decode::Decoded,
        likeness: None,
        film: None,
        veiled: Some(b"veiled".to_vec()),
        soft: Some(b"soft".to_vec()),
        sheet: None,
    }
}

/// How many files lie in a folder, however deep.
fn files(folder: &std::path::Path) -> std::io::Result<usize> {
    let mut count = 0;
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        count += if path.is_dir() { files(&path)? } else { 1 };
    }
    Ok(count)
}

#[derive(sea_orm::FromQueryResult)]
struct Line {
    reason: Option<String>,
    detail: String,
}

impl House {
    async fn take(&self, by: StaffId) -> Result<(), TakeError> {
        let why = because("sent by a partner").map_err(|_| TakeError::Empty)?;
        let at = (self.report, self.address);
        let file = picture(DRAWN.to_vec(), seen("image/png"))?;
        self.work.taken(by, at, file, why).await
    }

    async fn count(&self, sql: &str) -> Result<i64, Fault> {
        Ok(self.work.db.count(sql, vec![]).await?)
    }
}

both_engines! {
    async fn a_file_taken_by_hand_is_sealed_found_at_its_address_and_in_the_ledger(db: Db) {
        let house = house(db).await?;
        let work = &house.work;
        work.take(house.anna, house.report).await?;
        house.take(house.anna).await?;
        let open = work.open_report(house.anna, house.report).await?;
        let item = &open.addresses[0].items[0];
        assert!(item.by_hand && item.veiled && !item.set_apart, "{item:?}");
        let row = crate::read::content(&work.db, item.content).await?.ok_or("none")?;
        let opener = work.vault.opener(&work.db, Owner::Content(item.content)).await?;
        assert_eq!(opener.get(&ObjectName::stored(&row.original)).await?.as_slice(), DRAWN);
        let sql = "select reason, detail from ledger where kind = 'file_taken' and subject = $1";
        let line: Line = work.db.one(sql, values![item.id.to_string()]).await?.ok_or("no line")?;
        assert_eq!(line.reason.as_deref(), Some("sent by a partner"));
        let (report, address, content) = (house.report, house.address, item.content);
        assert_eq!(ground::fact::read(&line.detail)?, Fact::FileTaken { report, address, content });
    }
}

both_engines! {
    async fn the_same_file_taken_twice_is_one_item_and_one_content(db: Db) {
        let house = house(db).await?;
        house.work.take(house.anna, house.report).await?;
        house.take(house.anna).await?;
        house.take(house.anna).await?;
        assert_eq!(house.count("select count(*) as n from item").await?, 1);
        assert_eq!(house.count("select count(*) as n from content").await?, 1);
        assert_eq!(house.count("select count(*) as n from ledger where kind = 'file_taken'").await?, 2);
        assert_eq!(house.count("select count(*) as n from ledger where kind = 'item_found'").await?, 1);
    }
}

both_engines! {
    async fn who_does_not_hold_the_report_takes_nothing_and_nothing_is_kept(db: Db) {
        let house = house(db).await?;
        let work = &house.work;
        work.take(house.anna, house.report).await?;
        let other = StaffId::fresh(&Chance::system());
        assert!(matches!(house.take(other).await, Err(TakeError::Desk(DeskError::Report(_)))));
        let at = (house.report, house.address);
        let early = work.take_file(other, at, DRAWN.to_vec(), because("x")?).await;
        assert!(matches!(early, Err(TakeError::Desk(DeskError::Report(_)))), "before it is looked into");
        let strange = (house.report, AddressId::fresh(&Chance::system()));
        let strange = work.take_file(house.anna, strange, DRAWN.to_vec(), because("x")?).await;
        assert!(matches!(strange, Err(TakeError::Desk(DeskError::NotFound))));
        assert_eq!(house.count("select count(*) as n from item").await?, 0);
        assert_eq!(house.count("select count(*) as n from content").await?, 0);
        assert_eq!(files(house.objects.path())?, 0, "what was sealed is swept up");
    }
}

both_engines! {
    async fn what_is_empty_too_large_or_no_picture_is_refused(db: Db) {
        let house = house(db).await?;
        let work = &house.work;
        work.take(house.anna, house.report).await?;
        let at = (house.report, house.address);
        let empty = work.take_file(house.anna, at, Vec::new(), because("x")?).await;
        assert!(matches!(empty, Err(TakeError::Empty)));
        let large = vec![0; work.largest_file() as usize + 1];
        let large = work.take_file(house.anna, at, large, because("x")?).await;
        assert!(matches!(large, Err(TakeError::TooLarge { .. })));
        let other = picture(b"%PDF-1.7".to_vec(), seen("application/pdf"));
        assert!(matches!(other, Err(TakeError::NoPicture(kind)) if kind == "application/pdf"));
        // There is no child here: our own failure, of which nothing follows.
        let ours = work.take_file(house.anna, at, DRAWN.to_vec(), because("x")?).await;
        assert!(matches!(ours, Err(TakeError::NotLookedInto(_))), "{ours:?}");
        assert_eq!(house.count("select count(*) as n from content").await?, 0);
    }
}
