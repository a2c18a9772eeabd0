//! Law 1: a receipt that was shown is a letter that is stored.
//!
//! Many senders flood the program, which is killed in the middle of it, again and again. Forms that
//! got no answer are sent once more, as a person would; so are some that had one. At the end every
//! receipt that was ever shown opens the very letter it was given for, and no letter is there twice.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use ground::db::Durability;
use ground::lease::Lease;
use ground::{Ask as _, Chance, Clock, Db, ledger, values};
use letterbox::{Collector, FormToken, Receipt};
use vault::HotlineKeys;

use crate::Shown;
use crate::program::{Engine, Installation, Start};
use crate::wire::{Sender, receipt_on};

/// Senders at once.
const SENDERS: usize = 32;
/// The longest flood before the kill, in milliseconds.
const LONGEST_MS: u64 = 400;
/// How often it is looked at how many letters are left.
const LOOK_EVERY: Duration = Duration::from_millis(250);
/// No letter collected for so long: nobody collects any more.
const STUCK: Duration = Duration::from_secs(60);

fn rounds() -> usize {
    if std::env::var_os("MELDPUNT_TEST_LONG").is_some() {
        200
    } else {
        20
    }
}

/// One form, opened once, sent as often as it takes.
#[derive(Debug, Clone)]
struct Form {
    words: String,
    token: String,
    receipt: Receipt,
    shown: Vec<String>,
}

/// All forms of a proof.
struct Flood {
    token_key: [u8; 32],
    chance: Chance,
    count: AtomicUsize,
    /// Sent, without an answer so far.
    unanswered: Mutex<Vec<Form>>,
    /// Answered with a receipt.
    answered: Mutex<Vec<Form>>,
}

fn locked<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Flood {
    /// A form as if it had been opened a minute ago: nobody fills one in within three seconds.
    fn new_form(&self) -> Form {
        let number = self.count.fetch_add(1, Ordering::Relaxed);
        let token = FormToken::mint(&self.chance, Clock::system().now().plus_ms(-60_000));
        Form {
            words: format!(
                "letter number {number}, {}",
                "and so on ".repeat(number % 200)
            ),
            token: token.to_field(&self.token_key, &self.chance),
            receipt: token.receipt,
            shown: Vec::new(),
        }
    }

    /// An unanswered form first; now and then one that has its answer; else a new one.
    fn next(&self) -> Form {
        if let Some(form) = locked(&self.unanswered).pop() {
            return form;
        }
        let mut answered = locked(&self.answered);
        if !answered.is_empty() && self.chance.below(8) == 0 {
            let at = self.chance.below(answered.len() as u64);
            return answered.swap_remove(usize::try_from(at).unwrap_or(0));
        }
        drop(answered);
        self.new_form()
    }

    /// Sends one form; whether the program is still there.
    async fn send(&self, sender: Sender<'_>, mut form: Form) -> Shown<bool> {
        let fields = [("words", form.words.as_str()), ("token", &form.token)];
        let Ok(answer) = sender.post("/en", &fields).await else {
            self.keep(form);
            return Ok(false);
        };
        match receipt_on(&answer.body) {
            Some(receipt) if answer.status == 200 => form.shown.push(receipt),
            // Cut off in the middle of the page: status without receipt.
            _ if answer.status == 200 => {}
            _ => return Err(format!("{}: {}", answer.status, answer.body).into()),
        }
        self.keep(form);
        Ok(true)
    }

    fn keep(&self, form: Form) {
        let list = if form.shown.is_empty() {
            &self.unanswered
        } else {
            &self.answered
        };
        locked(list).push(form);
    }
}

/// Floods the program until it is killed, after a random while.
async fn one_round(house: &Arc<Installation>, flood: &Arc<Flood>, start: Start) -> Shown {
    let running = house.start(start).await?;
    let over = Arc::new(AtomicBool::new(false));
    let senders: Vec<_> = (0..SENDERS)
        .map(|_| {
            let (house, flood, over) = (Arc::clone(house), Arc::clone(flood), Arc::clone(&over));
            tokio::spawn(async move {
                while !over.load(Ordering::Relaxed) {
                    let form = flood.next();
                    if !flood.send(house.somebody(&flood.chance), form).await? {
                        break;
                    }
                }
                Shown::Ok(())
            })
        })
        .collect();
    tokio::time::sleep(Duration::from_millis(20 + flood.chance.below(LONGEST_MS))).await;
    running.kill()?;
    over.store(true, Ordering::Relaxed);
    for sender in senders {
        sender.await??;
    }
    Ok(())
}

/// Sends what is still without an answer, to a program that is left alive.
async fn last_round(house: &Arc<Installation>, flood: &Arc<Flood>) -> Shown {
    loop {
        let Some(form) = locked(&flood.unanswered).pop() else {
            return Ok(());
        };
        assert!(flood.send(house.somebody(&flood.chance), form).await?);
    }
}

#[derive(sea_orm::FromQueryResult)]
struct Stored {
    id: String,
    state: String,
}

/// Holds every form that was answered against the letterbox.
async fn every_receipt_opens_its_letter(house: &Installation, flood: &Flood) -> Shown {
    let db = Db::open(&house.letterbox, Durability::Full).await?;
    let keys = HotlineKeys::load(&house.folder.join("keys"))?;
    let collector = Collector::new(db.clone(), Chance::system());
    let answered = locked(&flood.answered).clone();
    for form in &answered {
        for shown in &form.shown {
            assert_eq!(
                **shown,
                **form.receipt.text(),
                "another receipt for the same form"
            );
        }
        let sql = "select id, state from letter where lookup = $1";
        let found = db
            .rows::<Stored>(sql, values![form.receipt.lookup()])
            .await?;
        let [stored] = found.as_slice() else {
            return Err(format!("{} letters for one receipt", found.len()).into());
        };
        if stored.state == "waiting" {
            let lease = Lease {
                id: stored.id.clone(),
                token: 0,
                attempts: 1,
            };
            let opened = collector.open(&lease, keys.intake()).await?;
            assert_eq!(opened.letter.words, form.words.trim_end());
        }
    }
    let letters = db.count("select count(*) as n from letter", vec![]).await?;
    assert_eq!(
        letters,
        i64::try_from(answered.len())?,
        "letters that nobody has a receipt for"
    );
    println!("{} forms, {letters} letters", answered.len());
    Ok(())
}

async fn flooded(
    engine: Engine,
    start: Start,
) -> Shown<Option<(Arc<Installation>, tempfile::TempDir)>> {
    let folder = tempfile::tempdir()?;
    let Some(house) = Installation::make(folder.path(), engine).await? else {
        return Ok(None);
    };
    let house = Arc::new(house);
    let flood = Arc::new(Flood {
        token_key: house.token_key()?,
        chance: Chance::system(),
        count: AtomicUsize::new(0),
        unanswered: Mutex::default(),
        answered: Mutex::default(),
    });
    for _ in 0..rounds() {
        one_round(&house, &flood, start).await?;
    }
    let running = house.start(Start::default()).await?;
    last_round(&house, &flood).await?;
    running.kill()?;
    every_receipt_opens_its_letter(&house, &flood).await?;
    Ok(Some((house, folder)))
}

/// Lets the whole program finish, then holds the reports and the ledger against the letters.
async fn every_letter_became_one_report(house: &Installation) -> Shown {
    let letterbox = Db::open(&house.letterbox, Durability::Full).await?;
    // As if the minutes had passed after which the leases of the dead lapse.
    let tx = letterbox.upkeep("let leases lapse").await?;
    tx.execute(
        "update letter set lease_until_ms = 0, not_before_ms = 0",
        vec![],
    )
    .await?;
    tx.commit().await?;
    let running = house.start(WHOLE).await?;
    let waiting = "select count(*) as n from letter where state <> 'collected'";
    // However many there are, as long as they become fewer.
    let (mut fewest, mut unchanged) = (i64::MAX, Duration::ZERO);
    while fewest > 0 && unchanged < STUCK {
        tokio::time::sleep(LOOK_EVERY).await;
        let left = letterbox.count(waiting, vec![]).await?;
        unchanged = if left < fewest {
            Duration::ZERO
        } else {
            unchanged + LOOK_EVERY
        };
        fewest = fewest.min(left);
    }
    running.kill()?;
    assert_eq!(
        letterbox.count(waiting, vec![]).await?,
        0,
        "letters are left: {}",
        house.said()
    );
    let records = Db::open(&house.records, Durability::Full).await?;
    let letters = letterbox
        .count("select count(*) as n from letter", vec![])
        .await?;
    let reports = records
        .count("select count(*) as n from report", vec![])
        .await?;
    let received = "select count(*) as n from ledger where kind = 'report_received'";
    assert_eq!(
        (reports, records.count(received, vec![]).await?),
        (letters, letters)
    );
    assert_eq!(ledger::verify(&records, &[], None).await?.damage, None);
    Ok(())
}

/// Every face and every worker.
const WHOLE: Start = Start {
    role: Some("all"),
    talkative: false,
    zone: None,
    file_limit_kib: None,
    ready: None,
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_receipt_opens_its_letter_however_often_the_door_is_killed_on_sqlite() -> Shown {
    flooded(Engine::Sqlite, Start::default()).await.map(|_| ())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_receipt_opens_its_letter_however_often_the_door_is_killed_on_postgres() -> Shown {
    flooded(Engine::Postgres, Start::default())
        .await
        .map(|_| ())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_letter_becomes_one_report_however_often_all_is_killed_on_sqlite() -> Shown {
    match flooded(Engine::Sqlite, WHOLE).await? {
        Some((house, _folder)) => every_letter_became_one_report(&house).await,
        None => Ok(()),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_letter_becomes_one_report_however_often_all_is_killed_on_postgres() -> Shown {
    match flooded(Engine::Postgres, WHOLE).await? {
        Some((house, _folder)) => every_letter_became_one_report(&house).await,
        None => Ok(()),
    }
}
