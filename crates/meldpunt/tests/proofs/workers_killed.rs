//! Workers that are killed at random in the middle of visit, notice and check: every report still
//! reaches its end, and exactly once.
//!
//! Letters name the sites of the demonstration. Crews of workers are started and killed (SIGKILL) again
//! and again, while an analyst judges what was found, contacts are approved and in the end the providers
//! remove the pages. After each kill the clock is put forward, so that leases of the dead lapse.

use std::collections::BTreeMap;
use std::time::Duration;

use casework::Casework;
use casework::desk::{DeskError, Done};
use ground::clock::MINUTE_MS;
use ground::{Ask as _, Chance, Clock, Outcome, Reason, StaffId, TestClock, ledger, values};
use letterbox::{Letter, LetterForm, Receipt, Slot};
use vault::HotlineKeys;

use crate::Shown;
use crate::crew::{self, Crew, Site, going_on_from};
use crate::program::{Engine, scratch_postgres};
use crate::wire::Sender;

/// How long a lease can last at most, with something to spare.
const LEASES_LAPSE_MS: i64 = 10 * MINUTE_MS;
/// The longest a crew lives before it is killed, in milliseconds.
const LONGEST_MS: u64 = 2_500;

fn kills() -> usize {
    if std::env::var_os("MELDPUNT_TEST_LONG").is_some() {
        100
    } else {
        12
    }
}

/// Everything a proof needs; the sites stop with it.
struct Proof {
    site: Site,
    clock: TestClock,
    casework: Casework,
    analyst: StaffId,
    mail_page: std::net::SocketAddr,
    letters: i64,
    _services: demo::Running,
    _folder: tempfile::TempDir,
}

impl Proof {
    /// Starts the sites and leaves a letter about each address there is to report.
    async fn begin(engine: Engine) -> Shown<Option<Self>> {
        let folder = tempfile::tempdir()?;
        let file = |name: &str| folder.path().join(name).display().to_string();
        let (records, letterbox) = match engine {
            Engine::Sqlite => (file("records.db"), file("letterbox.db")),
            Engine::Postgres => match (scratch_postgres().await?, scratch_postgres().await?) {
                (Some(records), Some(letterbox)) => (records, letterbox),
                _ => return Ok(None),
            },
        };
        let slow = Duration::from_millis(1_500);
        let settings = demo::DemoSettings {
            slow_answer: slow,
            outage: slow,
            ..demo::DemoSettings::default()
        };
        let services = demo::serve(settings).await?;
        let keys = HotlineKeys::make(&folder.path().join("keys"), &Chance::system())?;
        let site = Site {
            folder: folder.path().to_owned(),
            records,
            letterbox,
            sites: services.site,
            registry: services.registry,
            smtp: services.smtp,
        };
        let clock = going_on_from(Clock::system().now());
        let casework = crew::casework(&site, clock.clock()).await?;
        let letters = leave_letters(&casework, &keys).await?;
        let analyst = StaffId::fresh(&Chance::system());
        let mail_page = services.mail_page;
        Ok(Some(Self {
            site,
            clock,
            casework,
            analyst,
            mail_page,
            letters,
            _services: services,
            _folder: folder,
        }))
    }

    async fn count(&self, sql: &str) -> Shown<i64> {
        Ok(self
            .casework
            .db
            .count(&format!("select count(*) as n from {sql}"), vec![])
            .await?)
    }

    /// What people do meanwhile: judge what was found, approve contacts.
    async fn people_work(&self) -> Shown {
        while let Some(report) = self.casework.take_next(self.analyst).await? {
            self.judge_all(report).await?;
            let done = Done {
                outcome: Some(Outcome::NothingFound),
                ..Done::default()
            };
            match self.casework.done(self.analyst, report, done).await {
                Ok(_) => {}
                Err(DeskError::VisitsUnderWay { .. }) => {
                    self.casework.give_back(self.analyst, report).await?;
                    break;
                }
                Err(fault) => return Err(fault.into()),
            }
        }
        for waiting in self.casework.contact_book().await?.waiting {
            let contact = waiting.contact;
            let (by, why) = (self.analyst, Reason::parse("a known abuse desk")?);
            self.casework
                .approve_contact(by, contact.id, contact.revision, why)
                .await?;
        }
        Ok(())
    }

    async fn judge_all(&self, report: ground::ReportId) -> Shown {
        let scheme = self.casework.scheme().await?;
        let quick = scheme.quick().first().ok_or("the scheme has no keys")?;
        let answers = quick.answers.clone();
        let open = self.casework.open_report(self.analyst, report).await?;
        let mut judged = std::collections::BTreeSet::new();
        for item in open.addresses.iter().flat_map(|address| &address.items) {
            let known = item.verdict.is_some() || !judged.insert(item.content.to_string());
            if !item.set_apart && !known {
                self.casework
                    .judge(self.analyst, report, item.id, answers.clone())
                    .await?;
            }
        }
        Ok(())
    }

    /// A crew that is killed after a while; then its leases lapse.
    async fn one_crew(&self, lives: Duration) -> Shown {
        let crew = Crew::start(&self.site, self.casework.clock.now())?;
        tokio::time::sleep(lives).await;
        crew.kill()
            .map_err(|fault| format!("{fault}: {}", crew::said(&self.site.folder)))?;
        self.clock.advance_ms(LEASES_LAPSE_MS);
        Ok(())
    }

    /// Lets crews work and be killed, and people work between, until `left` counts nothing.
    async fn until_none(&self, left: &str, kills: usize) -> Shown {
        let chance = Chance::system();
        for _ in 0..kills {
            self.one_crew(Duration::from_millis(200 + chance.below(LONGEST_MS)))
                .await?;
            self.people_work().await?;
        }
        for _ in 0..40 {
            if self.count(left).await? == 0 {
                return Ok(());
            }
            self.one_crew(Duration::from_secs(6)).await?;
            self.people_work().await?;
        }
        Err(format!("left: {left}: {}", crew::said(&self.site.folder)).into())
    }

    /// The providers remove everything.
    async fn providers_remove(&self) -> Shown {
        let to = self.site.sites;
        let presser = Sender {
            to,
            from: std::net::Ipv4Addr::LOCALHOST,
            headers: &[],
        };
        for host in demo::HOSTS
            .iter()
            .filter(|host| host.name != demo::CANARY_HOST)
        {
            let press = [("host", host.name), ("page", ""), ("act", "remove")];
            assert_eq!(presser.post("/control", &press).await?.status, 303);
        }
        Ok(())
    }

    /// How often each mail was received, by its id.
    async fn mails(&self) -> Shown<BTreeMap<String, i64>> {
        let asker = Sender {
            to: self.mail_page,
            from: std::net::Ipv4Addr::LOCALHOST,
            headers: &[],
        };
        let list = asker.get("/messages.json").await?.body;
        let list: Vec<serde_json::Value> = serde_json::from_str(&list)?;
        let mut mails = BTreeMap::new();
        for mail in list {
            let id = mail["message_id"]
                .as_str()
                .ok_or("a mail without an id")?
                .to_owned();
            *mails.entry(id).or_default() += 1;
        }
        Ok(mails)
    }
}

/// A letter about each address; gives how many.
async fn leave_letters(casework: &Casework, keys: &HotlineKeys) -> Shown<i64> {
    let letterbox = casework.collector.db().clone();
    let public = keys.intake_public().clone();
    let slot = Slot::open(letterbox, public, casework.clock.clone(), Chance::system());
    let addresses = demo::addresses_to_report();
    for (address, _) in &addresses {
        let form = LetterForm {
            addresses: address.clone(),
            ..LetterForm::default()
        };
        let letter = Letter::parse(&form, "en").map_err(|_| "the form has faults")?;
        slot.drop_letter(&letter, Receipt::fresh(&Chance::system()))
            .await?;
    }
    Ok(i64::try_from(addresses.len())?)
}

/// Facts that may stand in the ledger once for each thing and not more.
const ONCE: [&str; 9] = [
    "report_received",
    "report_closed",
    "visit_ended",
    "item_found",
    "takedown_opened",
    "notice_drawn_up",
    "notice_accepted",
    "provider_told",
    "removed",
];

async fn everything_happened_once(proof: &Proof) -> Shown {
    assert_eq!(
        proof.count("report where state = 'closed'").await?,
        proof.letters
    );
    for kind in ONCE {
        let twice = format!(
            "(select subject from ledger where kind = '{kind}' group by subject having count(*) > 1) t"
        );
        assert_eq!(
            proof.count(&twice).await?,
            0,
            "{kind} stands twice for the same thing"
        );
        let any = proof
            .count(&format!("ledger where kind = '{kind}'"))
            .await?;
        assert!(any > 0, "{kind} never happened");
    }
    let named = "(select takedown_id from notice_item group by takedown_id having count(*) > 1) t";
    assert_eq!(
        proof.count(named).await?,
        0,
        "an item is named in two notices"
    );
    assert_eq!(
        ledger::verify(&proof.casework.db, &[], None).await?.damage,
        None
    );
    Ok(())
}

/// One mail for each notice. Only a notice of which the ledger says that nobody knows whether it was
/// taken over may have been sent again, as the same mail with the same id.
async fn one_mail_for_each_notice(proof: &Proof) -> Shown {
    #[derive(sea_orm::FromQueryResult)]
    struct Sent {
        message_id: String,
        unsure: i64,
    }
    let sql = "select message_id, (select count(*) from ledger
                   where subject = notice.id and kind = 'notice_unsure') as unsure from notice";
    let notices = proof.casework.db.rows::<Sent>(sql, values![]).await?;
    let mut mails = proof.mails().await?;
    let mut again = 0;
    for notice in &notices {
        let received = mails
            .remove(notice.message_id.trim_matches(['<', '>']))
            .unwrap_or(0);
        assert!(
            (1..=1 + notice.unsure).contains(&received),
            "{received} mails for one notice"
        );
        again += received - 1;
    }
    assert!(mails.is_empty(), "mails that no notice knows: {mails:?}");
    println!(
        "{} notices, {again} sent again after a kill in the middle of sending",
        notices.len()
    );
    Ok(())
}

async fn every_report_reaches_its_end_once(engine: Engine) -> Shown {
    let Some(proof) = Proof::begin(engine).await? else {
        return Ok(());
    };
    let letters = proof.letters;
    let open = format!(
        "(select 1 where (select count(*) from report where state = 'closed') < {letters}) t"
    );
    proof.until_none(&open, kills()).await?;
    let untold = "takedown where (hosted_in is null or hosted_in = 'home') and told_at_ms is null";
    proof.until_none(untold, kills()).await?;
    proof.providers_remove().await?;
    proof
        .until_none("watch where removed_at_ms is null", kills())
        .await?;
    everything_happened_once(&proof).await?;
    one_mail_for_each_notice(&proof).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_report_reaches_its_end_once_however_often_workers_are_killed_on_sqlite() -> Shown {
    every_report_reaches_its_end_once(Engine::Sqlite).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_report_reaches_its_end_once_however_often_workers_are_killed_on_postgres() -> Shown {
    every_report_reaches_its_end_once(Engine::Postgres).await
}
