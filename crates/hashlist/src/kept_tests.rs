use ground::{Act, Chance, Clock, Db, both_engines};
use proptest::prelude::*;

use super::*;
use crate::{Format, Kind, ListName, Live, Source, add, import};

type Tried<T> = Result<T, Box<dyn std::error::Error>>;

const MD5: &str = "900150983cd24fb0d6963f7d28e17f72";
const OTHER_MD5: &str = "d41d8cd98f00b204e9800998ecf8427e";
const SHA256: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
const PDQ: &str = "f8f8f0cee0f4a84f06370a22038f63f0b36e2ed596621e1d33e6b39c4e9c9b22";

fn act() -> Act {
    Act::by_worker("tester", Clock::system().now())
}

struct House {
    db: Db,
    list: crate::HashList,
    folder: tempfile::TempDir,
}

impl House {
    async fn with(db: Db, name: &str) -> Tried<Self> {
        let name = name.parse::<ListName>()?;
        let list = add(&db, &act(), &name, &Chance::system()).await?;
        let house = Self {
            db,
            list,
            folder: tempfile::tempdir()?,
        };
        for (text, kind) in [(MD5, Kind::Md5), (SHA256, Kind::Sha256), (PDQ, Kind::Pdq)] {
            house.work_in(text, kind, false).await?;
        }
        Ok(house)
    }

    async fn work_in(&self, text: &str, kind: Kind, gone: bool) -> Tried<()> {
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("list.txt");
        std::fs::write(&path, text)?;
        let source = Source {
            path: &path,
            format: &Format::Plain(kind),
            withdrawals: gone,
            revive: false,
        };
        import((&self.db, &act()), &self.list, &source, &mut |_| ()).await?;
        Ok(())
    }

    fn keeping(&self) -> Keeping {
        Keeping::new(self.folder.path().join("lists"), 1)
    }

    /// A start: how many entries were read from the records, and the lists.
    async fn start(&self) -> Tried<(u64, Live)> {
        let live = Live::kept_in(self.keeping());
        let read = live.refresh(&self.db).await?;
        assert!(live.loaded());
        Ok((read, live))
    }
}

/// Whether each of what the house began with matches, with its category and list.
fn matches(live: &Live) -> Tried<[bool; 3]> {
    let near = PDQ.parse::<pdq::Hash256>()?.with_flipped(3);
    let found = [
        live.exact(&MD5.parse()?).len() == 1,
        live.exact(&SHA256.parse()?).len() == 1,
        live.nearest(&near, 31).is_some(),
    ];
    Ok(found)
}

both_engines! {
    async fn a_second_start_reads_only_what_changed_since_the_first(db: Db) {
        let house = House::with(db, "a source").await?;
        let (read, first) = house.start().await?;
        assert_eq!((read, matches(&first)?), (3, [true; 3]));
        house.work_in(PDQ, Kind::Pdq, true).await?;
        house.work_in(OTHER_MD5, Kind::Md5, false).await?;
        let (read, second) = house.start().await?;
        assert_eq!(read, 2, "the addition and the withdrawal");
        assert_eq!(matches(&second)?, [true, true, false], "a withdrawn hash matches no more");
        assert_eq!(second.exact(&OTHER_MD5.parse()?).len(), 1);
        assert_eq!(second.exact(&MD5.parse()?), first.exact(&MD5.parse()?));
    }
}

both_engines! {
    async fn what_is_damaged_cut_off_or_missing_is_read_from_the_records_and_kept_anew(db: Db) {
        let house = House::with(db, "a source").await?;
        house.start().await?;
        let folder = house.folder.path().join("lists");
        for n in 0..8 {
            for file in std::fs::read_dir(&folder)?.collect::<Result<Vec<_>, _>>()? {
                let bytes = std::fs::read(file.path())?;
                let at = bytes.len() * n / 8 + n;
                let mut flipped = bytes.clone();
                flipped[at.min(bytes.len() - 1)] ^= 1;
                for broken in [flipped, bytes[..bytes.len() * n / 8].to_vec()] {
                    std::fs::write(file.path(), &broken)?;
                    let (read, live) = house.start().await?;
                    assert_eq!((read, matches(&live)?), (3, [true; 3]), "{:?} at {at}", file.path());
                    assert_eq!(house.start().await?.0, 0, "it was kept anew");
                }
            }
        }
        std::fs::remove_dir_all(&folder)?;
        assert_eq!(house.start().await?.0, 3);
    }
}

both_engines! {
    async fn what_other_records_kept_is_not_taken_for_these(db: Db) {
        let house = House::with(db, "a source").await?;
        house.start().await?;
        let tx = house.db.upkeep("bring back older records").await?;
        tx.execute("update hash_change set last = 1", ground::values![]).await?;
        tx.commit().await?;
        assert_eq!(house.start().await?.0, 3, "older records were brought back");
        let tx = house.db.upkeep("other records").await?;
        tx.execute("update hash_change set last = 900", ground::values![]).await?;
        tx.execute("update hash_entry set digest = $1 where kind = 'pdq'", ground::values![vec![7_u8; 32]])
            .await?;
        tx.commit().await?;
        let (read, live) = house.start().await?;
        assert_eq!((read, matches(&live)?), (3, [true, true, false]));
    }
}

both_engines! {
    async fn the_files_are_for_this_account_alone_and_few_entries_are_not_kept(db: Db) {
        use std::os::unix::fs::PermissionsExt as _;
        let house = House::with(db, "a source").await?;
        house.start().await?;
        let folder = house.folder.path().join("lists");
        assert_eq!(std::fs::metadata(&folder)?.permissions().mode() & 0o777, 0o700);
        let files: Vec<_> = std::fs::read_dir(&folder)?.collect::<Result<_, _>>()?;
        assert_eq!(files.len(), 2);
        for file in files {
            assert_eq!(file.metadata()?.permissions().mode() & 0o777, 0o600);
        }
        let live = Live::kept_in(Keeping::new(folder.clone(), 4));
        std::fs::remove_file(folder.join("digests"))?;
        live.refresh(&house.db).await?;
        assert_eq!(std::fs::read_dir(&folder)?.count(), 0, "three are fewer than four");
    }
}

proptest! {
    #[test]
    fn no_bytes_make_the_reading_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300), ours in any::<bool>()) {
        let folder = tempfile::tempdir().unwrap();
        let mut file = if ours { MAGIC.to_vec() } else { vec![] };
        file.extend(bytes);
        std::fs::write(folder.path().join("digests"), file).unwrap();
        prop_assert!(Keeping::new(folder.path().into(), 1).read(31).is_err());
    }
}
