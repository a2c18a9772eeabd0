//! Days of work in minutes: the demonstration, as a process of its own, takes reports, visits, sends
//! notices and checks, while sites are slow, fail or reset and the mail server refuses now and then.
//!
//! Afterwards nothing has grown that must not: memory, open files, dead children, temporary files; and
//! nothing is lost or doubled: every receipt opens, the ledger verifies, each mail went out once.

use std::collections::BTreeSet;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use casework::Casework;
use casework::desk::{DeskError, Done};
use ground::{Ask as _, Chance, Clock, Outcome, Reason, StaffId, ledger};
use letterbox::{FormToken, Receipt};
use vault::HotlineKeys;

use crate::Shown;
use crate::crew::{self, Site};
use crate::wire::{Sender, receipt_on};

/// How long it works unless `MELDPUNT_SOAK_SECONDS` says otherwise, in seconds.
const USUAL_SECONDS: u64 = 480;
/// Between two rounds of reports, desk work and measuring.
const ROUND: Duration = Duration::from_secs(2);
/// How long is waited for the program to begin, to come to rest, and to end.
const PATIENCE: Duration = Duration::from_secs(180);
/// So many more open files are chance: a connection kept, a visit that is just under way.
const FEW_FILES: usize = 8;

/// Visits that are wanted or under way.
const VISITS_OPEN: &str = "select count(*) as n from visit where state = 'wanted'";
/// Nothing more is reported while so many visits are open.
const MOST_OPEN: i64 = 6;

fn lasting() -> Duration {
    let given = std::env::var("MELDPUNT_SOAK_SECONDS").ok();
    let seconds = given.and_then(|text| text.parse().ok());
    Duration::from_secs(seconds.unwrap_or(USUAL_SECONDS))
}

/// The demonstration at work; killed with the value.
struct Demo {
    child: Child,
    folder: PathBuf,
    door: SocketAddr,
    sites: SocketAddr,
    mail: SocketAddr,
}

impl Drop for Demo {
    fn drop(&mut self) {
        // It may have ended already; then there is nothing to do.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Somebody on this machine.
fn asks(to: SocketAddr) -> Sender<'static> {
    Sender {
        to,
        from: Ipv4Addr::LOCALHOST,
        headers: &[],
    }
}

/// Somebody with a network of their own, whom the brake on floods leaves alone.
fn somebody(to: SocketAddr, chance: &Chance) -> Sender<'static> {
    let [a, b, c] = chance.bytes::<3>();
    Sender {
        from: Ipv4Addr::new(127, a, b, c.max(1)),
        ..asks(to)
    }
}

/// The address that stands behind these words in what the program said.
fn address_behind(words: &str, said: &str) -> Option<SocketAddr> {
    let line = said.lines().find(|line| line.contains(words))?;
    let address = line.split("http://").nth(1)?;
    address.split('/').next()?.trim().parse().ok()
}

impl Demo {
    async fn start(folder: &Path) -> Shown<Self> {
        std::fs::create_dir_all(folder.join("tmp"))?;
        let log = std::fs::File::create(folder.join("said.log"))?;
        let child = Command::new(env!("CARGO_BIN_EXE_meldpunt"))
            .args(["demo", "--port", "0", "--folder"])
            .arg(folder)
            .env("TMPDIR", folder.join("tmp"))
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .spawn()?;
        let nowhere = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let mut demo = Self {
            child,
            folder: folder.to_owned(),
            door: nowhere,
            sites: nowhere,
            mail: nowhere,
        };
        let until = Instant::now() + PATIENCE;
        loop {
            let said = demo.said();
            let found = [
                "the public page",
                "the reported sites",
                "the mail that went",
            ]
            .map(|words| address_behind(words, &said));
            if let [Some(door), Some(sites), Some(mail)] = found {
                (demo.door, demo.sites, demo.mail) = (door, sites, mail);
                return Ok(demo);
            }
            if Instant::now() > until || demo.child.try_wait()?.is_some() {
                return Err(format!("the demonstration did not begin: {said}").into());
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    fn said(&self) -> String {
        std::fs::read_to_string(self.folder.join("said.log")).unwrap_or_default()
    }

    /// The desk's side of the same records.
    async fn casework(&self) -> Shown<Casework> {
        let file = |name: &str| self.folder.join(name).display().to_string();
        let site = Site {
            folder: self.folder.clone(),
            records: file("records.db"),
            letterbox: file("letterbox.db"),
            sites: self.sites,
            registry: self.sites,
            smtp: self.sites,
        };
        crew::casework(&site, Clock::system()).await
    }

    /// Sends one report from a network of its own; gives its receipt.
    async fn report(&self, key: &[u8; 32], chance: &Chance, address: &str) -> Shown<Receipt> {
        let sender = somebody(self.door, chance);
        let token = FormToken::mint(chance, Clock::system().now().plus_ms(-60_000));
        let field = token.to_field(key, chance);
        let fields = [("addresses", address), ("token", field.as_str())];
        let answer = sender.post("/en", &fields).await?;
        let shown =
            receipt_on(&answer.body).ok_or_else(|| format!("no receipt: {}", answer.status))?;
        assert_eq!(shown, **token.receipt.text());
        Ok(token.receipt)
    }

    /// What goes wrong in the world in this round.
    async fn trouble(&self, round: usize) -> Shown {
        let mail = asks(self.mail);
        let faults: &[(&str, &str)] = match round % 12 {
            3 => &[("greylist_first", "true")],
            6 => &[("refuse_rcpt", "true")],
            8 => &[("slow_ms", "300")],
            _ => &[],
        };
        if matches!(round % 12, 0 | 3 | 5 | 6 | 7 | 8 | 9) {
            mail.post("/faults", faults).await?;
        }
        let host = demo::HOSTS[round % demo::HOSTS.len()].name;
        if host != demo::CANARY_HOST && round % 5 == 4 {
            let act = ["remove", "put_back", "wall"][round / 5 % 3];
            let press = [("host", host), ("page", ""), ("act", act)];
            asks(self.sites).post("/control", &press).await?;
        }
        Ok(())
    }
}

/// What people do in a round: judge what was found, approve contacts.
async fn people_work(casework: &Casework, analyst: StaffId) -> Shown {
    for _ in 0..4 {
        let Some(report) = casework.take_next(analyst).await? else {
            break;
        };
        judge_all(casework, analyst, report).await?;
        let done = Done {
            outcome: Some(Outcome::NothingFound),
            ..Done::default()
        };
        match casework.done(analyst, report, done).await {
            Ok(_) => {}
            Err(DeskError::VisitsUnderWay { .. }) => {
                casework.give_back(analyst, report).await?;
                break;
            }
            Err(fault) => return Err(fault.into()),
        }
    }
    for waiting in casework.contact_book().await?.waiting {
        let (contact, why) = (waiting.contact, Reason::parse("a known abuse desk")?);
        // The program may have written to the same contact in the meantime: the next round tries again.
        let _ = casework
            .approve_contact(analyst, contact.id, contact.revision, why)
            .await;
    }
    Ok(())
}

async fn judge_all(casework: &Casework, analyst: StaffId, report: ground::ReportId) -> Shown {
    let scheme = casework.scheme().await?;
    let quick = scheme.quick().first();
    let answers = quick.ok_or("the scheme has no keys")?.answers.clone();
    let open = casework.open_report(analyst, report).await?;
    let mut judged = BTreeSet::new();
    for item in open.addresses.iter().flat_map(|address| &address.items) {
        let known = item.verdict.is_some() || !judged.insert(item.content.to_string());
        if !item.set_apart && !known {
            casework
                .judge(analyst, report, item.id, answers.clone())
                .await?;
        }
    }
    Ok(())
}

/// One look at the process.
#[derive(Debug, Clone, Copy)]
struct Measured {
    kib: u64,
    files: usize,
}

fn measure(pid: u32) -> Shown<Measured> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status"))?;
    let line = status.lines().find(|line| line.starts_with("VmRSS:"));
    let kib = line.and_then(|line| line.split_whitespace().nth(1)?.parse().ok());
    Ok(Measured {
        kib: kib.ok_or("the process tells no memory")?,
        files: std::fs::read_dir(format!("/proc/{pid}/fd"))?.count(),
    })
}

/// Children that ended and were not waited for.
fn zombies(pid: u32) -> Shown<BTreeSet<u32>> {
    let mut found = BTreeSet::new();
    for entry in std::fs::read_dir("/proc")? {
        let Ok(number) = entry?.file_name().to_string_lossy().parse::<u32>() else {
            continue;
        };
        let stat = std::fs::read_to_string(format!("/proc/{number}/stat")).unwrap_or_default();
        let behind_name = stat.rsplit(')').next().unwrap_or_default();
        let mut fields = behind_name.split_whitespace();
        if fields.next() == Some("Z") && fields.next() == Some(pid.to_string().as_str()) {
            found.insert(number);
        }
    }
    Ok(found)
}

fn median(mut of: Vec<u64>) -> u64 {
    of.sort_unstable();
    of.get(of.len() / 2).copied().unwrap_or(0)
}

/// Memory and open files of the last third against those of the middle third.
fn nothing_has_grown(seen: &[Measured]) {
    let third = seen.len() / 3;
    let (middle, last) = (&seen[third..2 * third], &seen[2 * third..]);
    let memory = |of: &[Measured]| median(of.iter().map(|one| one.kib).collect());
    let files = |of: &[Measured]| of.iter().map(|one| one.files).max().unwrap_or(0);
    println!(
        "{} KiB, then {} KiB; {} open files, then {}",
        memory(middle),
        memory(last),
        files(middle),
        files(last)
    );
    assert!(
        memory(last) <= memory(middle) * 110 / 100,
        "memory grew: {seen:?}"
    );
    assert!(
        files(last) <= files(middle) + FEW_FILES,
        "open files grew: {seen:?}"
    );
}

/// Works until the time is over; gives the receipts and what was measured.
async fn work(demo: &Demo, casework: &Casework) -> Shown<(Vec<Receipt>, Vec<Measured>)> {
    let (chance, analyst) = (Chance::system(), StaffId::fresh(&Chance::system()));
    let key = *HotlineKeys::load_door(&demo.folder.join("keys"))?.1;
    let addresses = demo::addresses_to_report();
    let (until, pid) = (Instant::now() + lasting(), demo.child.id());
    let (mut receipts, mut seen, mut dead) = (Vec::new(), Vec::new(), BTreeSet::new());
    let mut round = 0;
    while Instant::now() < until {
        demo.trouble(round).await?;
        // No more than is visited in time: a queue that only grows would be measured as growth.
        if casework.db.count(VISITS_OPEN, vec![]).await? < MOST_OPEN {
            let (address, _) = &addresses[receipts.len() % addresses.len()];
            let fresh = format!("{address}?time={}", receipts.len() / addresses.len());
            receipts.push(demo.report(&key, &chance, &fresh).await?);
        }
        people_work(casework, analyst).await?;
        seen.push(measure(pid)?);
        let dead_now = zombies(pid)?;
        let stay: Vec<_> = dead.intersection(&dead_now).collect();
        assert!(stay.is_empty(), "nobody waited for {stay:?}");
        dead = dead_now;
        round += 1;
        tokio::time::sleep(ROUND).await;
    }
    asks(demo.mail).post("/faults", &[]).await?;
    Ok((receipts, seen))
}

/// Waits until every letter is collected and no visit is under way.
async fn comes_to_rest(casework: &Casework, letters: usize) -> Shown {
    let until = Instant::now() + PATIENCE;
    loop {
        let reports = casework
            .db
            .count("select count(*) as n from report", vec![])
            .await?;
        let visits = casework.db.count(VISITS_OPEN, vec![]).await?;
        if usize::try_from(reports)? == letters && visits == 0 {
            return Ok(());
        }
        if Instant::now() > until {
            return Err(format!("{reports} of {letters} reports, {visits} visits open").into());
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
}

async fn every_receipt_opens(demo: &Demo, chance: &Chance, receipts: &[Receipt]) -> Shown {
    for receipt in receipts {
        let sender = somebody(demo.door, chance);
        let text = receipt.text();
        let answer = sender
            .post("/en/receipt", &[("receipt", text.as_str())])
            .await?;
        assert_eq!(answer.status, 200, "{}", answer.body);
    }
    Ok(())
}

async fn no_mail_went_out_twice(demo: &Demo) -> Shown {
    let list = asks(demo.mail).get("/messages.json").await?.body;
    let list: Vec<serde_json::Value> = serde_json::from_str(&list)?;
    let ids: Vec<_> = list
        .iter()
        .filter_map(|mail| mail["message_id"].as_str())
        .collect();
    let once: BTreeSet<_> = ids.iter().collect();
    assert_eq!((ids.len(), once.len()), (list.len(), list.len()));
    assert!(!list.is_empty(), "no notice went out at all");
    println!("{} mails", list.len());
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes minutes: ./test --long"]
async fn after_days_of_work_and_trouble_nothing_has_grown_and_nothing_is_lost_or_doubled() -> Shown
{
    let folder = tempfile::tempdir()?;
    let mut demo = Demo::start(folder.path()).await?;
    let casework = demo.casework().await?;
    let (receipts, seen) = work(&demo, &casework)
        .await
        .map_err(|fault| format!("{fault}: {}", demo.said()))?;
    comes_to_rest(&casework, receipts.len()).await?;
    nothing_has_grown(&seen);
    every_receipt_opens(&demo, &Chance::system(), &receipts).await?;
    no_mail_went_out_twice(&demo).await?;
    assert_eq!(ledger::verify(&casework.db, &[], None).await?.damage, None);

    let stop = Command::new("bash")
        .args(["-c", &format!("kill -TERM {}", demo.child.id())])
        .status()?;
    assert!(stop.success());
    let until = Instant::now() + PATIENCE;
    while demo.child.try_wait()?.is_none() {
        assert!(Instant::now() < until, "it does not stop: {}", demo.said());
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let left: Vec<_> = std::fs::read_dir(folder.path().join("tmp"))?
        .filter_map(|entry| entry.ok().map(|entry| entry.file_name()))
        .collect();
    assert!(left.is_empty(), "left behind: {left:?}");
    println!("{} reports", receipts.len());
    Ok(())
}
