//! A hotline on scratch records, with the demo's services around it.

use std::net::IpAddr;
use std::time::Duration;

use assessment::Answers;
use capture::{Sandbox, VisitorSettings};
use casework::desk::{Done, Reveals};
use casework::{Bell, Casework, Parts, Settings};
use demo::{DemoSettings, HOSTS, MailFaults, Running};
use egress::{DemoRoute, DnsFault, Guard, HttpClient, Policy, Relay, RelayTls, Resolver, TlsSetup};
use ground::{Chance, Db, Instant, ItemId, ReportId, StaffId, TestClock, WebAddress, migrate};
use letterbox::{Answer, Collector, Letter, LetterForm, Receipt, Slot};
use staff::{DemoFactor, Name, NewAccount, Role, Roles, Staff};
use vault::{HotlineKeys, Objects, Vault};

pub type Fault = Box<dyn std::error::Error>;

/// A hotline at work.
pub struct Hotline {
    pub work: Casework,
    pub slot: Slot,
    pub clock: TestClock,
    pub services: Running,
    pub anna: StaffId,
    pub bram: StaffId,
    letters: ground::testing::Scratch,
}

const BEGIN: Instant = Instant::from_ms(1_795_500_000_000);
const REGISTRY: &str = "registry.example";

impl Hotline {
    /// A hotline on these records.
    pub async fn on(db: Db, faults: MailFaults) -> Result<Self, Fault> {
        let letters = ground::testing::sqlite(migrate::LETTERBOX).await?;
        let clock = TestClock::at(BEGIN);
        let services = demo::serve(DemoSettings {
            faults,
            registry_name: Some(REGISTRY.to_owned()),
            ..DemoSettings::default()
        })
        .await?;
        let vault = || {
            let keys = HotlineKeys::from_seed(&[3; 32]);
            Vault::new(keys, Objects::in_memory(), clock.clock(), Chance::system())
        };
        let public = HotlineKeys::from_seed(&[3; 32]).intake_public().clone();
        let slot = Slot::open(letters.db.clone(), public, clock.clock(), Chance::system());
        let people = Staff::new(db.clone(), vault(), clock.clock(), Chance::system()).demo(true);
        let anna = hire(&people, "anna", Role::Analyst).await?;
        let bram = hire(&people, "bram", Role::Senior).await?;
        let work = casework(
            db,
            letters.db.clone(),
            vault(),
            &clock,
            &services,
            demo::CANARY_HOST,
        )?;
        Ok(Self {
            work,
            slot,
            clock,
            services,
            anna,
            bram,
            letters,
        })
    }

    /// The same hotline, begun anew with another host as its canary.
    pub fn with_canary(&mut self, canary: &str) -> Result<(), Fault> {
        let (db, vault) = (self.work.db.clone(), self.work.vault.clone());
        let letters = self.letters.db.clone();
        self.work = casework(db, letters, vault, &self.clock, &self.services, canary)?;
        Ok(())
    }

    /// Leaves a letter and lets the collector open it.
    pub async fn report(&self, addresses: &str, words: &str) -> Result<(Receipt, ReportId), Fault> {
        let form = LetterForm {
            addresses: addresses.into(),
            words: words.into(),
            ..LetterForm::default()
        };
        let letter = Letter::parse(&form, "nl").map_err(|faults| format!("{faults:?}"))?;
        let receipt = self
            .slot
            .drop_letter(&letter, Receipt::fresh(&Chance::system()))
            .await?;
        while self.work.collect_one().await? {}
        let queue = self
            .work
            .queue(
                &casework::desk::Narrowed::default(),
                report::Spot::START,
                100,
            )
            .await?;
        let newest = queue
            .rows
            .iter()
            .map(|row| row.report.id)
            .collect::<Vec<_>>();
        for id in newest.into_iter().rev() {
            if self.receipt_of(id).await? == receipt.lookup() {
                return Ok((receipt, id));
            }
        }
        Err("the report is not in the queue".into())
    }

    async fn receipt_of(&self, id: ReportId) -> Result<Vec<u8>, Fault> {
        let due = report::answer_due(&self.work.db, &self.work.vault, id).await?;
        let mailbox: serde_json::Value = serde_json::from_slice(&due.ok_or("no mailbox")?.mailbox)?;
        let lookup = mailbox["lookup"].as_str().unwrap_or_default();
        Ok(data_encoding::BASE64.decode(lookup.as_bytes())?)
    }

    /// Makes every wanted visit that is due.
    pub async fn visit_all(&self) -> Result<(), Fault> {
        while self.work.visit_one().await? {}
        Ok(())
    }

    /// Takes a report as anna and judges everything in it by this key; ornaments need none.
    pub async fn judge_all(&self, id: ReportId, key: char) -> Result<Vec<ItemId>, Fault> {
        self.work.take(self.anna, id).await?;
        let open = self.work.open_report(self.anna, id).await?;
        let mut looked_at = Vec::new();
        for item in open.addresses.iter().flat_map(|address| &address.items) {
            let (items, _, _) = self.work.items_of_report(self.anna, id).await?;
            let now = items
                .iter()
                .find(|now| now.id == item.id)
                .ok_or("the item is gone")?;
            if now.set_apart || now.verdict.is_some() {
                continue;
            }
            self.work
                .judge(self.anna, id, item.id, self.answers(key).await?)
                .await?;
            looked_at.push(item.id);
        }
        Ok(looked_at)
    }

    /// The answers that a key stands for, with the least that else is required.
    pub async fn answers(&self, key: char) -> Result<Answers, Fault> {
        let scheme = self.work.scheme().await?;
        let quick = scheme
            .quick()
            .iter()
            .find(|quick| quick.key == key)
            .ok_or("no such key")?;
        let mut answers = quick.answers.clone();
        while let Some(question) = scheme
            .asked(&answers.clone())
            .find(|question| question.required && answers.of(&question.id).is_empty())
        {
            let option = question
                .options
                .first()
                .ok_or("a question without options")?;
            answers.give(question.id.clone(), option.id.clone());
        }
        Ok(answers)
    }

    pub async fn done(&self, id: ReportId, done: Done) -> Result<(), Fault> {
        self.work.done(self.anna, id, done).await?;
        Ok(())
    }

    /// Does everything that is due now, except visits.
    pub async fn work_all(&self) -> Result<(), Fault> {
        loop {
            let mut busy = self.work.locate_one().await?;
            busy |= self.work.gather_notices().await?;
            busy |= self.work.send_one().await?;
            busy |= self.work.check_due().await?;
            busy |= self.work.answer_one().await?;
            busy |= self.work.lapse_one().await?;
            if !busy {
                return Ok(());
            }
        }
    }

    /// Lets this many seconds pass, working every second.
    pub async fn pass(&self, seconds: i64) -> Result<(), Fault> {
        for _ in 0..seconds {
            self.clock.advance_ms(1_000);
            self.work_all().await?;
        }
        Ok(())
    }

    pub async fn told(&self, receipt: &Receipt) -> Result<Answer, Fault> {
        Ok(self
            .slot
            .ask(receipt)
            .await?
            .ok_or("the receipt is unknown")?)
    }

    /// Approves every contact that waits, as bram.
    pub async fn approve_contacts(&self) -> Result<(), Fault> {
        for waiting in self.work.contact_book().await?.waiting {
            let why = ground::Reason::parse("looked it up on their site")?;
            let (id, seen) = (waiting.contact.id, waiting.contact.revision);
            self.work.approve_contact(self.bram, id, seen, why).await?;
        }
        Ok(())
    }

    /// What the mail catcher holds.
    pub async fn mail(&self) -> Result<Vec<serde_json::Value>, Fault> {
        let text = self
            .ask_service(
                &format!("http://{}/messages.json", self.services.mail_page),
                "",
            )
            .await?;
        Ok(serde_json::from_str(&text)?)
    }

    /// What the provider of a demo page does with it: remove, put_back or wall.
    pub async fn provider_does(&self, host: &str, page: &str, act: &str) -> Result<(), Fault> {
        let form = format!("host={host}&page={page}&act={act}");
        self.ask_service(&format!("http://{}/control", self.services.site), &form)
            .await?;
        Ok(())
    }

    async fn ask_service(&self, address: &str, form: &str) -> Result<String, Fault> {
        let mut command = tokio::process::Command::new("curl");
        command.args(["-sS", "--fail-with-body", "--max-time", "20"]);
        if !form.is_empty() {
            command.args(["-X", "POST", "-d", form]);
        }
        let output = command.arg(address).output().await?;
        if !output.status.success() {
            return Err(String::from_utf8_lossy(&output.stderr).into_owned().into());
        }
        Ok(String::from_utf8(output.stdout)?)
    }

    pub async fn takedowns(&self) -> Result<Vec<takedown::Listed>, Fault> {
        Ok(takedown::list(&self.work.db, takedown::Which::default(), 1_000, 0).await?)
    }
}

async fn hire(staff: &Staff, name: &str, role: Role) -> Result<StaffId, Fault> {
    let act = ground::Act {
        who: ground::Actor::Operator,
        at: BEGIN,
        why: None,
    };
    let new = NewAccount {
        name: Name::parse(name)?,
        roles: Roles::of([role])?,
        language: staff::Language::English,
    };
    Ok(staff
        .add_demo(&act, new, "drawn-circles-only", DemoFactor::Waived)
        .await?)
}

fn settings(canary: &str) -> Result<Settings, Fault> {
    let mut settings = Settings::usual(
        "Meldpunt",
        "meldingen@meldpunt.example",
        "antwoord@meldpunt.example",
        WebAddress::parse(&format!("http://{canary}/"))?,
        assessment::Scheme::standard()?,
        provider::Registries::at(&url::Url::parse(&format!("http://{REGISTRY}/"))?),
    )?
    .for_demo();
    settings.canary_text = demo::CANARY_BODY.trim().to_owned();
    Ok(settings)
}

fn casework(
    db: Db,
    letters: Db,
    vault: Vault,
    clock: &TestClock,
    services: &Running,
    canary: &str,
) -> Result<Casework, Fault> {
    let sites = HOSTS.iter().map(|host| DemoRoute {
        name: host.name.to_owned(),
        documentation_ip: host.address.into(),
        port: 80,
        to: services.site,
    });
    let registry = DemoRoute {
        name: REGISTRY.to_owned(),
        documentation_ip: std::net::Ipv4Addr::new(203, 0, 113, 53).into(),
        port: 80,
        to: services.registry,
    };
    let policy = Policy::public().with_demo_routes(sites.chain([registry]));
    let nobody: [(&str, Result<Vec<IpAddr>, DnsFault>); 0] = [];
    let guard = Guard::new(policy, Resolver::table(nobody));
    let agent = egress::header::HeaderValue::from_static("story");
    let mut visitor = VisitorSettings::new(env!("CARGO_BIN_EXE_meldpunt"));
    // The plain visitor: the browser has its own tests, and stories are told many times.
    visitor.browser = None;
    visitor.sandbox = Sandbox::WhenPossible;
    Ok(Casework::new(Parts {
        collector: Collector::new(letters, Chance::system()),
        db,
        vault,
        clock: clock.clock(),
        chance: Chance::system(),
        web: HttpClient::new(guard.clone(), TlsSetup::system()?, agent),
        guard,
        relay: std::sync::Arc::new(Relay {
            host: services.smtp.ip().to_string(),
            port: services.smtp.port(),
            tls: RelayTls::None,
            credentials: None,
            hello: "meldpunt.example".into(),
            also_trust: Vec::new(),
            patience: Duration::from_secs(5),
        }),
        visitor,
        settings: settings(canary)?,
        bell: Bell::default(),
        reveals: Reveals::default(),
        lists: hashlist::Live::empty(),
    }))
}
