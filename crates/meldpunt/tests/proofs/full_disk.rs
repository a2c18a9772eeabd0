//! A full disk (T12): the form says so, shows other ways to report and keeps what was typed; nothing
//! lies half stored; and it works again as soon as there is room, without a restart.

use std::path::{Path, PathBuf};
use std::process::Command;

use ground::db::Durability;
use ground::{Ask as _, Chance, Clock, Db};
use letterbox::FormToken;

use crate::Shown;
use crate::program::{Engine, Installation, PHONE, Running, Start};
use crate::wire::{Answer, receipt_on};

/// A disk of little room: a small file system of its own when we may mount one, else a limit on the
/// size of files.
enum SmallDisk {
    Mounted(PathBuf),
    Limited,
}

const SMALL_KIB: u32 = 2_048;

impl SmallDisk {
    fn make(folder: &Path) -> Self {
        let options = format!("size={SMALL_KIB}k,mode=700");
        let mount = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &options, "tmpfs"])
            .arg(folder)
            .output();
        if mount.is_ok_and(|mount| mount.status.success()) {
            Self::Mounted(folder.to_owned())
        } else {
            Self::Limited
        }
    }

    fn start(&self) -> Start {
        let file_limit_kib = matches!(self, Self::Limited).then_some(SMALL_KIB / 2);
        Start {
            file_limit_kib,
            ..Start::default()
        }
    }

    /// Makes room while the program runs.
    fn grow(&self, running: &Running) -> Shown {
        let mut command = match self {
            Self::Mounted(folder) => {
                let mut mount = Command::new("mount");
                mount.args(["-o", "remount,size=64m"]).arg(folder);
                mount
            }
            Self::Limited => {
                let mut limit = Command::new("prlimit");
                limit.args(["--pid", &running.pid().to_string(), "--fsize=unlimited:"]);
                limit
            }
        };
        assert!(command.status()?.success(), "{command:?}");
        Ok(())
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        if let Self::Mounted(folder) = self {
            // Lazily: the program may only just have ended.
            let _ = Command::new("umount").arg("-l").arg(folder).status();
        }
    }
}

/// Sends a long letter, in a form opened a minute ago.
async fn send(house: &Installation, chance: &Chance, words: &str) -> Shown<Answer> {
    let token = FormToken::mint(chance, Clock::system().now().plus_ms(-60_000));
    let token = token.to_field(&house.token_key()?, chance);
    house
        .somebody(chance)
        .post("/en", &[("words", words), ("token", &token)])
        .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_is_told_honestly_and_leaves_nothing_half_stored() -> Shown {
    let (folder, chance) = (tempfile::tempdir()?, Chance::system());
    let disk = SmallDisk::make(folder.path());
    let house = Installation::make(folder.path(), Engine::Sqlite)
        .await?
        .ok_or("no SQLite")?;
    let running = house.start(disk.start()).await?;

    let words = "a sentence that must not be lost ".repeat(400);
    let mut receipts = 0;
    let full = loop {
        let answer = send(&house, &chance, &words).await?;
        if answer.status != 200 {
            break answer;
        }
        assert!(receipt_on(&answer.body).is_some(), "{}", answer.body);
        receipts += 1;
        assert!(receipts < 2_000, "the disk never became full");
    };
    println!("full after {receipts} letters");
    assert_eq!(full.status, 503, "{}", full.body);
    assert_eq!(receipt_on(&full.body), None);
    assert!(
        full.body.contains(PHONE),
        "no other way to report is shown: {}",
        full.body
    );
    assert!(
        full.body.contains(words.trim_end()),
        "what was typed is lost"
    );
    assert_eq!(house.somebody(&chance).get("/en").await?.status, 200);

    disk.grow(&running)?;
    let after = send(&house, &chance, &words).await?;
    assert!(
        receipt_on(&after.body).is_some(),
        "{}: {}",
        after.status,
        house.said()
    );
    running.kill()?;

    let db = Db::open_sqlite(Path::new(&house.letterbox), Durability::Full).await?;
    let letters = db
        .count(
            "select count(*) as n from letter where length(sealed) > 12000",
            vec![],
        )
        .await?;
    assert_eq!(letters, receipts + 1);
    let damaged = "select count(*) as n from pragma_integrity_check where integrity_check <> 'ok'";
    assert_eq!(db.count(damaged, vec![]).await?, 0);
    db.close().await;
    Ok(())
}
