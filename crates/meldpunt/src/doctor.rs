//! `meldpunt doctor`: checks the set-up and says what is wrong and how to mend it.

mod hash_check;
mod walls;

use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use capture::find_browser;
use egress::Request;
use ground::lease::Work;
use ground::{Ask as _, WebAddress};
use letterbox::Collector;

use crate::config::Config;
use crate::{house, say, serve};

/// How one thing stands.
enum Finding {
    Good(String),
    Warning(String),
    Bad(String),
}

use Finding::{Bad, Good, Warning};

/// Runs every check; exit code 1 when something must be mended.
///
/// # Errors
/// Never for what it finds; findings are its answer.
pub async fn run(path: &Path) -> anyhow::Result<ExitCode> {
    let mut found = Vec::new();
    match Config::read(path) {
        Err(fault) => found.push(Bad(fault.to_string())),
        Ok(config) => {
            found.push(Good(format!(
                "The configuration {} can be read.",
                path.display()
            )));
            found.extend(check(&config).await);
        }
    }
    let bad = found
        .iter()
        .filter(|finding| matches!(finding, Bad(_)))
        .count();
    for finding in &found {
        say(&match finding {
            Good(text) => format!("  ok       {text}\n"),
            Warning(text) => format!("  warning  {text}\n"),
            Bad(text) => format!("  WRONG    {text}\n"),
        });
    }
    say(&match bad {
        0 => "\nNothing has to be mended.\n".to_owned(),
        1 => "\nOne thing has to be mended.\n".to_owned(),
        n => format!("\n{n} things have to be mended.\n"),
    });
    Ok(if bad == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

async fn check(config: &Config) -> Vec<Finding> {
    let mut found = vec![keys(config), folder(config)];
    found.push(records(config).await);
    found.extend(durable(config).await);
    found.push(letters(config).await);
    found.push(browser(config).await);
    found.extend(walls::walls(config).await);
    found.extend(outside(config).await);
    found.push(relay(config).await);
    found.extend(bounces(config));
    found.extend(hash_check::hash_check(config).await);
    if !config.door.https {
        found.push(Warning(
            "door.https is false: put a web server with TLS before the public page.".into(),
        ));
    }
    found
}

fn keys(config: &Config) -> Finding {
    match vault::HotlineKeys::load(&config.keys()) {
        Ok(_) => Good(format!(
            "The keys in {} can be used.",
            config.keys().display()
        )),
        Err(fault) => Bad(format!("The keys cannot be used: {fault}.")),
    }
}

/// Least free space, in bytes, below which reports are in danger.
const LEAST_FREE: u64 = 2 << 30;

fn folder(config: &Config) -> Finding {
    let folder = &config.keep.folder;
    if let Err(fault) = std::fs::create_dir_all(folder) {
        return Bad(format!(
            "The folder {} cannot be made: {fault}.",
            folder.display()
        ));
    }
    match free_bytes(folder) {
        Some(free) if free < LEAST_FREE => Bad(format!(
            "Only {} MB are free in {}; make room, or the public page will have to turn people away.",
            free >> 20,
            folder.display()
        )),
        Some(free) => Good(format!(
            "{} GB are free in {}.",
            free >> 30,
            folder.display()
        )),
        None => Warning(format!(
            "How much is free in {} could not be found out.",
            folder.display()
        )),
    }
}

/// Free space by `df`, so that no unsafe system call is needed for a number shown once.
fn free_bytes(folder: &Path) -> Option<u64> {
    let output = std::process::Command::new("df")
        .arg("-Pk")
        .arg(folder)
        .output()
        .ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    let kilobytes: u64 = text
        .lines()
        .nth(1)?
        .split_whitespace()
        .nth(3)?
        .parse()
        .ok()?;
    Some(kilobytes << 10)
}

async fn records(config: &Config) -> Finding {
    match house::records(&config.records()).await {
        Ok(db) => {
            let people = "select count(*) as n from account where closed_at_ms is null";
            match db.count(people, vec![]).await {
                Ok(0) => Bad("There is no account yet. Make the first one with: meldpunt staff add NAME --role administrator".into()),
                Ok(n) => Good(format!("The records are up to date; open accounts: {n}.")),
                Err(fault) => Bad(format!("The records cannot be read: {fault}.")),
            }
        }
        Err(fault) => Bad(format!("The records cannot be opened: {fault:#}.")),
    }
}

/// Whether the database servers put to disk what they say they stored (law 1). The embedded one does.
async fn durable(config: &Config) -> Vec<Finding> {
    let mut found = Vec::new();
    for (what, opened) in [
        ("records", house::records(&config.records()).await),
        ("letterbox", house::letterbox(&config.letterbox()).await),
    ] {
        let Ok(db) = opened else { continue };
        match ground::careless_settings(&db).await {
            Ok(careless) => found.extend(careless.iter().map(|setting| {
                Bad(format!(
                    "The database server of the {what} has {setting} = off: reports can be lost when it \
                     falls over. Set {setting} = on in postgresql.conf and reload it."
                ))
            })),
            Err(fault) => found.push(Bad(format!("The {what} cannot be asked: {fault}."))),
        }
    }
    found
}

async fn letters(config: &Config) -> Finding {
    const WAITING: Work = Collector::LETTERS;
    match house::letterbox(&config.letterbox()).await {
        Ok(db) => match WAITING.waiting(&db).await {
            Ok(n) => Good(format!(
                "The letterbox is open; {n} letters wait to be collected."
            )),
            Err(fault) => Bad(format!("The letterbox cannot be read: {fault}.")),
        },
        Err(fault) => Bad(format!("The letterbox cannot be opened: {fault:#}.")),
    }
}

async fn browser(config: &Config) -> Finding {
    match config.visits.browser.clone().or_else(find_browser) {
        None => Warning(
            "There is no Chromium, so pages are fetched plainly and much is missed. Install it with: apt-get install chromium".into(),
        ),
        Some(path) => match tokio::process::Command::new(&path).arg("--version").output().await {
            Ok(output) if output.status.success() => {
                Good(format!("{} is there.", String::from_utf8_lossy(&output.stdout).trim()))
            }
            _ => Bad(format!("{} does not start.", path.display())),
        },
    }
}

async fn outside(config: &Config) -> Vec<Finding> {
    let mut found = Vec::new();
    let way_out = match serve::way_out(config) {
        Ok(way_out) => way_out,
        Err(fault) => return vec![Bad(format!("The way out cannot be opened: {fault:#}."))],
    };
    for (setting, address) in [
        ("checks.canary", config.checks.canary.clone()),
        (
            "registries.rdap_bootstrap",
            format!("{}ipv4.json", config.registries.rdap_bootstrap),
        ),
    ] {
        let Ok(address) = WebAddress::parse(&address) else {
            found.push(Bad(format!("{setting} is no web address.")));
            continue;
        };
        let request = Request::get(address.url().clone()).within(Duration::from_secs(10));
        found.push(match way_out.web.fetch(request).await {
            Ok(answer) if answer.status == 200 && setting == "checks.canary" => {
                canary(config, &answer.body)
            }
            Ok(answer) if answer.status == 200 => Good(format!("{setting} answers.")),
            Ok(answer) => Bad(format!(
                "{setting} answers with status {}; it should be 200.",
                answer.status
            )),
            Err(fault) => Bad(format!("{setting} cannot be reached: {fault}.")),
        });
    }
    found
}

/// Whether what answers at the canary's address is the canary.
fn canary(config: &Config, body: &[u8]) -> Finding {
    let text = &config.checks.canary_text;
    if text.is_empty() {
        Warning(
            "checks.canary answers, but checks.canary_text is empty: the page of a portal or filter on \
             our own line would pass for it. Set it to words that stand on that page."
                .into(),
        )
    } else if String::from_utf8_lossy(body).contains(text.as_str()) {
        Good("checks.canary answers.".into())
    } else {
        Bad("checks.canary answers, but not with the words of checks.canary_text.".into())
    }
}

/// Whether reports about the delivery of notices can be read and put away.
fn bounces(config: &Config) -> Option<Finding> {
    let folder = config.notices.bounces.as_ref()?;
    let missing = |part: &&&str| !folder.join(part).is_dir();
    Some(match ["new", "cur"].iter().find(missing) {
        None => Good("notices.bounces is a Maildir.".into()),
        Some(part) => Bad(format!(
            "notices.bounces: {} has no folder '{part}', so it is no Maildir. A notice that comes back \
             would stay accepted. Have mail to {} delivered into a Maildir and name it here.",
            folder.display(),
            config.hotline.notices_from
        )),
    })
}

async fn relay(config: &Config) -> Finding {
    match serve::way_out(config) {
        Ok(way_out) => match way_out.relay.greet().await {
            Ok(()) => Good(format!("The mail relay {} answers.", config.mail.host)),
            Err(fault) => Bad(format!(
                "The mail relay {}:{} cannot be used: {fault}. Notices would wait.",
                config.mail.host, config.mail.port
            )),
        },
        Err(fault) => Bad(format!("The mail relay cannot be used: {fault:#}.")),
    }
}
