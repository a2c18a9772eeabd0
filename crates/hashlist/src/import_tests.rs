use ground::{Chance, Clock};

use super::*;
use crate::digest::{Digest, Kind};
use crate::format::{Column, Format};
use crate::live::Live;
use crate::{add, imports, refused};

type Tried<T> = Result<T, Box<dyn std::error::Error>>;

fn act() -> Act {
    Act::by_worker("tester", Clock::system().now())
}

fn md5(n: u32) -> String {
    format!("{:08x}{:024x}", n.wrapping_mul(0x9E37_79B1), n)
}

/// A file in a folder of its own.
struct OnDisk(tempfile::TempDir, Format);

impl OnDisk {
    fn holding(text: &str, format: Format) -> Tried<Self> {
        let folder = tempfile::tempdir()?;
        std::fs::write(folder.path().join("list"), text)?;
        Ok(Self(folder, format))
    }

    async fn work_in(
        &self,
        db: &Db,
        list: &HashList,
        withdrawals: bool,
        revive: bool,
    ) -> Tried<Done> {
        let path = self.0.path().join("list");
        let source = Source {
            path: &path,
            format: &self.1,
            withdrawals,
            revive,
        };
        Ok(in_steps((db, &act()), list, &source, &mut |_| (), 40).await?)
    }
}

async fn found(db: &Db, n: u32) -> Tried<usize> {
    let live = Live::empty();
    live.refresh(db).await?;
    Ok(live.exact(&md5(n).parse::<Digest>()?).len())
}

ground::both_engines! {
    async fn what_was_taken_back_stays_so_until_somebody_says_otherwise(db: Db) {
        let list = add(&db, &act(), &"a source".parse()?, &Chance::system()).await?;
        let whole = OnDisk::holding(&(0..100).map(|n| md5(n) + "\n").collect::<String>(), Format::Plain(Kind::Md5))?;
        let some = OnDisk::holding(&(90..110).map(|n| md5(n) + "\n").collect::<String>(), Format::Plain(Kind::Md5))?;
        assert_eq!(whole.work_in(&db, &list, false, false).await?.changed, 100);
        let taken = some.work_in(&db, &list, true, false).await?;
        assert_eq!((taken.withdrawn, taken.remembered), (10, 10));
        assert_eq!((found(&db, 89).await?, found(&db, 90).await?), (1, 0));
        // The same file again, and a first file that names what was taken back before it came.
        let again = whole.work_in(&db, &list, false, false).await?;
        assert_eq!((again.changed, again.kept), (0, 10));
        let late = OnDisk::holding(&(md5(105) + "\n"), Format::Plain(Kind::Md5))?;
        let kept = late.work_in(&db, &list, false, false).await?;
        assert_eq!((kept.changed, kept.kept), (0, 1));
        assert_eq!((found(&db, 90).await?, found(&db, 105).await?), (0, 0));
        let revived = late.work_in(&db, &list, false, true).await?;
        assert_eq!((revived.changed, revived.kept), (1, 0));
        assert_eq!(found(&db, 105).await?, 1);
    }
}

ground::both_engines! {
    async fn an_import_cut_off_in_the_middle_goes_on_where_it_was(db: Db) {
        let list = add(&db, &act(), &"a source".parse()?, &Chance::system()).await?;
        let rows: String = (0..200).map(|n| if n % 50 == 7 { "bad\n".into() } else { md5(n) + "\n" }).collect();
        let file = OnDisk::holding(&rows, Format::Plain(Kind::Md5))?;
        let path = file.0.path().join("list");
        let source = Source { path: &path, format: &file.1, withdrawals: false, revive: false };
        // A kill: the import is dropped while it rests between its second and third step.
        let (cut, mut told) = tokio::sync::mpsc::unbounded_channel();
        let mut watch = move |progress: Progress<'_>| {
            if let Progress::Settled(80, _) = progress {
                let _ = cut.send(());
            }
        };
        let by = act();
        tokio::select! {
            ended = in_steps((&db, &by), &list, &source, &mut watch, 40) => {
                return Err(format!("it was not cut off: {ended:?}").into());
            }
            _ = told.recv() => {}
        }
        drop(watch);
        assert_eq!(imports(&db, list.no, 9).await?[0].done, 0);
        let done = file.work_in(&db, &list, false, false).await?;
        assert_eq!((done.before, done.settled, done.changed), (80, 196, 196));
        assert_eq!((done.rows, done.refused), (200, 4));
        let lines: Vec<u64> = done.shown.iter().map(|row| row.0).collect();
        assert_eq!(lines, [8, 58, 108, 158]);
        for n in [0, 6, 8, 150, 199] {
            assert_eq!(found(&db, n).await?, 1, "{n}");
        }
        let noted = imports(&db, list.no, 9).await?;
        assert_eq!((noted.len(), noted[0].done, noted[0].changed), (1, 1, 196));
        let kept: Vec<i64> = refused(&db, list.no, &noted[0]).await?.iter().map(|row| row.line).collect();
        assert_eq!(kept, [8, 58, 108, 158]);
    }
}

ground::both_engines! {
    async fn progress_ends_at_its_total_though_the_file_names_hashes_twice(db: Db) {
        let list = add(&db, &act(), &"a source".parse()?, &Chance::system()).await?;
        let rows: String = (0..90).map(|n| md5(n % 45) + "\n").collect();
        let file = OnDisk::holding(&rows, Format::Plain(Kind::Md5))?;
        let path = file.0.path().join("list");
        let source = Source { path: &path, format: &file.1, withdrawals: false, revive: false };
        let mut told = Vec::new();
        let mut watch = |progress: Progress<'_>| {
            if let Progress::Settled(now, of) = progress {
                told.push((now, of));
            }
        };
        let done = in_steps((&db, &act()), &list, &source, &mut watch, 40).await?;
        assert_eq!((done.settled, done.changed), (45, 45));
        assert_eq!(told, [(0, 90), (80, 90), (90, 90)]);
    }
}

ground::both_engines! {
    async fn the_last_word_of_a_file_on_a_hash_counts_and_a_fault_costs_no_row_before_it(db: Db) {
        let list = add(&db, &act(), &"a source".parse()?, &Chance::system()).await?;
        let columns = vec![Column::Hash(Kind::Md5), Column::Category, Column::State];
        let text = format!("{0},a,active\n{1},b,active\n{0},a,withdrawn\n{1},c,active\n", md5(1), md5(2));
        let file = OnDisk::holding(&text, Format::Csv(columns))?;
        let done = file.work_in(&db, &list, false, false).await?;
        assert_eq!((done.changed, done.remembered, done.settled), (1, 1, 2));
        let live = Live::empty();
        live.refresh(&db).await?;
        assert!(live.exact(&md5(1).parse()?).is_empty());
        assert_eq!(live.exact(&md5(2).parse()?)[0].category.as_str(), "c");
        let cut = format!("{{\"value\":[{{\"MD5\":\"{}\"}},{{\"MD5\":", md5(3));
        let file = OnDisk::holding(&cut, Format::Vics)?;
        assert!(file.work_in(&db, &list, false, false).await.is_err());
        assert_eq!(found(&db, 3).await?, 1);
    }
}

ground::both_engines! {
    async fn our_own_list_takes_no_file_and_no_withdrawal(db: Db) {
        let own = add(&db, &act(), &crate::OWN_LIST.parse()?, &Chance::system()).await?;
        let file = OnDisk::holding(&(md5(1) + "\n"), Format::Plain(Kind::Md5))?;
        for withdrawals in [false, true] {
            let fault = file.work_in(&db, &own, withdrawals, false).await.err().ok_or("taken")?;
            assert!(fault.to_string().contains("only what is judged here"), "{fault}");
        }
        assert_eq!((found(&db, 1).await?, imports(&db, own.no, 9).await?.len()), (0, 0));
    }
}

/// How much is on a list as it is told, and as it is counted.
async fn told_and_counted(db: &Db, list: &HashList) -> Tried<[(i64, i64); 2]> {
    let told = crate::summary(db, list.id).await?.ok_or("no list")?;
    let all = crate::summaries(db).await?;
    assert!(all.contains(&told));
    let sql = |taken_back: &str| {
        format!(
            "select count(*) as n from hash_entry where list_no = $1 and withdrawn_at_ms {taken_back}"
        )
    };
    let live = db.count(&sql("is null"), values![list.no]).await?;
    let gone = db.count(&sql("is not null"), values![list.no]).await?;
    Ok([(told.entries, told.withdrawn), (live, gone)])
}

ground::both_engines! {
    async fn how_much_is_on_a_list_is_counted_with_every_change_of_it(db: Db) {
        let list = add(&db, &act(), &"a source".parse()?, &Chance::system()).await?;
        let other = add(&db, &act(), &"another".parse()?, &Chance::system()).await?;
        let file = |from: u32, to: u32, category: &str| {
            let columns = vec![Column::Hash(Kind::Md5), Column::Category];
            let rows = (from..to).map(|n| format!("{},{category}\n", md5(n)));
            OnDisk::holding(&rows.collect::<String>(), Format::Csv(columns))
        };
        file(0, 50, "a")?.work_in(&db, &other, false, false).await?;
        // From, to, category, withdrawals, revive, and how much there is then.
        for (from, to, category, withdrawals, revive, there) in [
            (0, 100, "a", false, false, (100, 0)),
            (50, 150, "b", false, false, (150, 0)),
            (140, 190, "b", true, false, (140, 50)),
            (140, 190, "b", true, false, (140, 50)),
            (130, 200, "c", false, false, (150, 50)),
            (145, 160, "c", false, true, (165, 35)),
            (0, 200, "c", false, true, (200, 0)),
        ] {
            file(from, to, category)?.work_in(&db, &list, withdrawals, revive).await?;
            assert_eq!(told_and_counted(&db, &list).await?, [there; 2], "{from} to {to}");
        }
        assert_eq!(told_and_counted(&db, &other).await?, [(50, 0); 2]);
    }
}
