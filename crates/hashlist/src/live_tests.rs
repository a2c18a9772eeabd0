use ground::{Act, Chance, Clock, Db};

use pdq::Hash256;

use super::*;
use crate::{Done, Format, HashList, Key, Kind, ListName, Source, add, import, put, set_enabled};

const MD5: &str = "900150983cd24fb0d6963f7d28e17f72";
const SHA1: &str = "A9993E364706816ABA3E25717850C26C9CD0D89D";
const PDQ: &str = "f8f8f0cee0f4a84f06370a22038f63f0b36e2ed596621e1d33e6b39c4e9c9b22";

type Tried<T> = Result<T, Box<dyn std::error::Error>>;

fn act() -> Act {
    Act::by_worker("tester", Clock::system().now())
}

async fn list(db: &Db, name: &str) -> Tried<HashList> {
    Ok(add(db, &act(), &name.parse::<ListName>()?, &Chance::system()).await?)
}

async fn work_in(db: &Db, list: &HashList, text: &str, kind: Kind, gone: bool) -> Tried<Done> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("list.txt");
    std::fs::write(&path, text)?;
    let source = Source {
        path: &path,
        format: &Format::Plain(kind),
        withdrawals: gone,
        revive: false,
    };
    Ok(import((db, &act()), list, &source, &mut |_| ()).await?)
}

ground::both_engines! {
    /// Regression (aa).
    async fn a_withdrawn_hash_matches_no_more_now_and_after_a_restart(db: Db) {
        let live = Live::empty();
        assert!(!live.loaded());
        live.refresh(&db).await?;
        let source = list(&db, "a source").await?;
        for (text, kind) in [(MD5, Kind::Md5), (SHA1, Kind::Sha1), (PDQ, Kind::Pdq)] {
            let done = work_in(&db, &source, text, kind, false).await?;
            assert_eq!((done.rows, done.changed, done.refused), (1, 1, 0));
        }
        let pdq: Hash256 = PDQ.parse()?;
        let nearby = pdq.with_flipped(3);
        for asked in [live.clone(), Live::empty()] {
            asked.refresh(&db).await?;
            assert_eq!(asked.exact(&MD5.parse()?)[0].list, source.id);
            assert_eq!(asked.exact(&SHA1.parse()?).len(), 1);
            assert_eq!(asked.nearest_of_each(&nearby, 31)[0].distance, 1);
        }
        for (text, kind) in [(MD5, Kind::Md5), (PDQ, Kind::Pdq)] {
            assert_eq!(work_in(&db, &source, text, kind, true).await?.withdrawn, 1);
        }
        for asked in [live.clone(), Live::empty()] {
            asked.refresh(&db).await?;
            assert!(asked.exact(&MD5.parse()?).is_empty());
            assert!(asked.nearest_of_each(&nearby, 31).is_empty());
            assert_eq!(asked.exact(&SHA1.parse()?).len(), 1);
        }
    }
}

ground::both_engines! {
    async fn lists_are_kept_apart_and_one_that_is_off_matches_nothing(db: Db) {
        let live = Live::empty();
        let (one, two) = (list(&db, "one").await?, list(&db, "two").await?);
        assert_eq!(list(&db, "one").await?, one);
        for source in [&one, &two] {
            work_in(&db, source, MD5, Kind::Md5, false).await?;
        }
        live.refresh(&db).await?;
        assert_eq!(live.exact(&MD5.parse()?).len(), 2);
        work_in(&db, &one, MD5, Kind::Md5, true).await?;
        live.refresh(&db).await?;
        assert_eq!(live.exact(&MD5.parse()?)[0].list, two.id);
        set_enabled(&db, &act(), two.id, false).await?;
        live.refresh(&db).await?;
        assert!(live.exact(&MD5.parse()?).is_empty());
        assert_eq!(crate::summaries(&db).await?[0].withdrawn, 1);
    }
}

ground::both_engines! {
    async fn reading_a_file_twice_changes_nothing_the_second_time(db: Db) {
        let source = list(&db, "a source").await?;
        let text = format!("{MD5}\nbad\n{MD5}\n");
        let done = work_in(&db, &source, &text, Kind::Md5, false).await?;
        assert_eq!((done.rows, done.changed, done.refused), (3, 1, 1));
        assert_eq!(done.shown[0].0, 2);
        let again = work_in(&db, &source, &text, Kind::Md5, false).await?;
        assert_eq!((again.rows, again.changed), (3, 0));
    }
}

ground::both_engines! {
    async fn a_hash_of_either_definition_is_found_by_either(db: Db) {
        let live = Live::empty();
        let source = list(&db, "a source").await?;
        work_in(&db, &source, PDQ, Kind::Pdq512, false).await?;
        let asked: Hash256 = PDQ.parse()?;
        live.refresh(&db).await?;
        let told = || live.nearest(&asked, 0).map(|near| near.hit.entry);
        assert_eq!(told(), Some(1));
        // On the list by the other definition as well: two entries, of which each is taken back alone.
        work_in(&db, &source, PDQ, Kind::Pdq, false).await?;
        live.refresh(&db).await?;
        assert_eq!(told(), Some(1));
        work_in(&db, &source, PDQ, Kind::Pdq512, true).await?;
        live.refresh(&db).await?;
        assert_eq!(told(), Some(2));
    }
}

ground::both_engines! {
    /// Regression (ad).
    async fn one_more_hash_makes_nothing_anew(db: Db) {
        let live = Live::empty();
        let source = list(&db, "a source").await?;
        let rows = |from: u32, to: u32| (from..to).map(|n| format!("{:032x}{n:032x}\n", n * 77)).collect::<String>();
        for kind in [Kind::Pdq, Kind::Sha256] {
            work_in(&db, &source, &rows(0, 300), kind, false).await?;
        }
        live.refresh(&db).await?;
        let held = || {
            let held = live.read();
            (held.look.clone(), held.sha256.sorted_and_since())
        };
        let (look, (sorted, since)) = held();
        let look = look.ok_or("no index")?;
        assert_eq!((look.statistics().entries, look.statistics().pending, since), (300, 0, 0));
        for kind in [Kind::Pdq, Kind::Sha256] {
            work_in(&db, &source, &rows(300, 301), kind, false).await?;
        }
        live.refresh(&db).await?;
        let (after, (sorted_after, since)) = held();
        assert!(after.is_some_and(|after| std::sync::Arc::ptr_eq(&look, &after)));
        assert!(std::sync::Arc::ptr_eq(&sorted, &sorted_after));
        // The new one waits beside what was made, and is found there.
        assert_eq!((look.statistics().entries, look.statistics().pending, since), (301, 1, 1));
        let new = rows(300, 301);
        assert_eq!(live.exact(&new.trim().parse()?).len(), 1);
        assert_eq!(live.nearest(&new.trim().parse()?, 0).map(|near| near.distance), Some(0));
    }
}

ground::both_engines! {
    async fn a_changed_category_is_told_at_once_and_the_old_one_no_more(db: Db) {
        let live = Live::empty();
        let source = list(&db, "a source").await?;
        let key = Key::parse(Kind::Pdq, PDQ)?;
        for category in ["one", "two"] {
            let tx = db.act(&act(), "put").await?;
            put(&tx, source.no, &[(key, category.parse()?)], false).await?;
            tx.record("test", &ground::Fact::VisitWanted);
            tx.commit().await?;
            live.refresh(&db).await?;
            let told = live.nearest(&PDQ.parse()?, 0).map(|near| near.hit.category);
            assert_eq!(told, Some(category.parse::<Category>()?));
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_asks_is_not_held_up_by_much_that_is_new_nor_by_its_merge() -> Tried<()> {
    let scratch = ground::testing::sqlite(ground::migrate::RECORDS).await?;
    let (db, live) = (scratch.db.clone(), Live::empty());
    let source = list(&db, "a source").await?;
    live.refresh(&db).await?;
    let digest = |n: u32| format!("{:0>56}{:08x}\n", "", n.wrapping_mul(0x9E37_79B1));
    let text: String = (1..=200_000).map(digest).collect();
    work_in(&db, &source, &text, Kind::Sha256, false).await?;
    let (asking, done) = (live.clone(), std::sync::Arc::new(AtomicBool::new(false)));
    let ended = std::sync::Arc::clone(&done);
    let asker = std::thread::spawn(move || {
        let (mut slowest, mut asked) = (std::time::Duration::ZERO, 0);
        while !ended.load(Ordering::Acquire) {
            let before = std::time::Instant::now();
            let _ = asking.exact(&Digest::Sha256([3; 32]));
            slowest = slowest.max(before.elapsed());
            asked += 1;
        }
        (slowest, asked)
    });
    assert_eq!(live.refresh(&db).await?, 200_000);
    done.store(true, Ordering::Release);
    let (slowest, asked) = asker.join().map_err(|_| "the asker fell")?;
    assert!(asked > 100, "asked {asked} times");
    assert!(slowest.as_millis() < 250, "one waited {slowest:?}");
    let found = live.exact(&digest(200_000).trim().parse()?);
    assert_eq!(found.len(), 1);
    Ok(())
}

#[tokio::test]
async fn the_records_are_heard_in_the_midst_of_a_refresh_of_very_much() -> Tried<()> {
    let scratch = ground::testing::sqlite(ground::migrate::RECORDS).await?;
    let (db, live) = (scratch.db.clone(), Live::empty());
    assert_eq!(live.heard(), None);
    let source = list(&db, "a source").await?;
    live.refresh(&db).await?;
    let text: String = (0..60_000).map(|n| format!("{n:064x}\n")).collect();
    work_in(&db, &source, &text, Kind::Sha256, false).await?;
    let silent = live.heard().ok_or("not heard")?;
    // As a refresh holds it until all is worked in: nobody else can read meanwhile.
    let mut seen = live.0.seen.lock().await;
    let (_, waits) = live.catch_up_some(&db, &mut seen).await?;
    let heard = live.heard().ok_or("not heard")?;
    assert!(waits && heard < silent, "{waits} {heard:?} {silent:?}");
    Ok(())
}
