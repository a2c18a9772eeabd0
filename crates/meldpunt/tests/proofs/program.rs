//! The program itself, run as a process of its own and ended the hard way.

use std::fs::File;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use ground::{Ask as _, Chance, testing};
use vault::HotlineKeys;

use crate::wire::Sender;
use crate::{Fault, Shown};

/// Which engine the records are on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// Files in the folder.
    Sqlite,
    /// Two databases of the server that `MELDPUNT_TEST_POSTGRES` names.
    Postgres,
}

/// A telephone number that must be shown when a report cannot be taken.
pub const PHONE: &str = "+31 20 555 01 23";

/// An installation of Meldpunt in a folder: configuration and keys.
pub struct Installation {
    /// The folder; everything the program writes is under it.
    pub folder: PathBuf,
    /// Where the public page listens.
    pub door: SocketAddr,
    /// The place of the letterbox.
    pub letterbox: String,
    /// The place of the records.
    pub records: String,
    config: PathBuf,
}

/// How the program is started.
#[derive(Debug, Clone, Copy, Default)]
pub struct Start {
    /// Which faces: `door` unless given.
    pub role: Option<&'static str>,
    /// Everything the program can say is written to the log.
    pub talkative: bool,
    /// The time zone of the machine: that of the tests unless given.
    pub zone: Option<&'static str>,
    /// No file may grow beyond so many KiB.
    pub file_limit_kib: Option<u32>,
    /// Where it answers 200 once it is ready: the public page unless given.
    pub ready: Option<(SocketAddr, &'static str)>,
}

/// A fresh database on PostgreSQL and its address; none when no server is named.
pub async fn scratch_postgres() -> Shown<Option<String>> {
    #[derive(sea_orm::FromQueryResult)]
    struct Name {
        name: String,
    }
    let scratch = testing::postgres(&[]).await;
    let Some(scratch) = scratch.map_err(|fault| Fault::from(fault.to_string()))? else {
        return Ok(None);
    };
    let sql = "select cast(current_database() as text) as name";
    let row = scratch
        .db
        .one::<Name>(sql, vec![])
        .await?
        .ok_or("the database has no name")?;
    scratch.db.close().await;
    let server = std::env::var("MELDPUNT_TEST_POSTGRES")?;
    let cut = server.rfind('/').unwrap_or(server.len());
    Ok(Some(format!("{}/{}", &server[..cut], row.name)))
}

/// A port that is free now.
pub fn free_port() -> Shown<u16> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?
        .local_addr()?
        .port())
}

impl Installation {
    /// Writes a configuration into `folder` and makes keys; none when the engine is not there.
    pub async fn make(folder: &Path, engine: Engine) -> Shown<Option<Self>> {
        let (letterbox, records) = match engine {
            Engine::Sqlite => {
                let file = |name: &str| folder.join(name).display().to_string();
                (file("letterbox.db"), file("records.db"))
            }
            Engine::Postgres => match (scratch_postgres().await?, scratch_postgres().await?) {
                (Some(letterbox), Some(records)) => (letterbox, records),
                _ => return Ok(None),
            },
        };
        let door = SocketAddr::from((Ipv4Addr::LOCALHOST, free_port()?));
        let desk = SocketAddr::from((Ipv4Addr::LOCALHOST, free_port()?));
        let config = folder.join("meldpunt.toml");
        let made = Self {
            folder: folder.to_owned(),
            door,
            letterbox,
            records,
            config,
        };
        std::fs::write(&made.config, made.settings(desk))?;
        std::fs::create_dir_all(folder.join("tmp"))?;
        made.run(&["keys", "make"])?;
        Ok(Some(made))
    }

    fn settings(&self, desk: SocketAddr) -> String {
        format!(
            r#"[hotline]
name = "Example Hotline"
notices_from = "notices@hotline.example"
reply_to = "answers@hotline.example"
phone = "{PHONE}"
[keep]
folder = {folder:?}
records = {records:?}
letterbox = {letterbox:?}
[door]
collect_within_minutes = 0
listen = "{door}"
https = false
[desk]
listen = "{desk}"
origin = "http://{desk}"
[visits]
sandbox = "off"
[checks]
canary = "https://canary.example/"
"#,
            folder = self.folder.display().to_string(),
            records = self.records,
            letterbox = self.letterbox,
            door = self.door,
        )
    }

    /// Adds settings at the end of the configuration.
    pub fn also(&self, settings: &str) -> Shown {
        let before = std::fs::read_to_string(&self.config)?;
        Ok(std::fs::write(&self.config, before + settings)?)
    }

    /// Runs a command of the program to its end.
    pub fn run(&self, words: &[&str]) -> Shown {
        self.said_by(words).map(drop)
    }

    /// The same, and what it printed.
    pub fn said_by(&self, words: &[&str]) -> Shown<String> {
        let mut command = Command::new(env!("CARGO_BIN_EXE_meldpunt"));
        let output = command
            .args(words)
            .arg("--config")
            .arg(&self.config)
            .output()?;
        if output.status.success() {
            return Ok(String::from_utf8(output.stdout)?);
        }
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        Err(format!("meldpunt {words:?}: {said}").into())
    }

    /// The key that the door seals form tokens with.
    pub fn token_key(&self) -> Shown<[u8; 32]> {
        Ok(*HotlineKeys::load_door(&self.folder.join("keys"))?.1)
    }

    /// What the program has written to standard output and error so far.
    pub fn said(&self) -> String {
        std::fs::read_to_string(self.folder.join("said.log")).unwrap_or_default()
    }

    /// Somebody who sends from a network of their own, so that the brake on floods leaves them alone.
    pub fn somebody(&self, chance: &Chance) -> Sender<'static> {
        let [a, b, c] = chance.bytes::<3>();
        Sender {
            to: self.door,
            from: Ipv4Addr::new(127, a, b, c.max(1)),
            headers: &[],
        }
    }

    /// Starts the program and waits until the public page answers.
    pub async fn start(&self, start: Start) -> Shown<Running> {
        let log = File::options()
            .create(true)
            .append(true)
            .open(self.folder.join("said.log"))?;
        let mut command = match start.file_limit_kib {
            None => Command::new(env!("CARGO_BIN_EXE_meldpunt")),
            Some(kib) => {
                // The signal is ignored, so that a write beyond the limit fails as on a full disk.
                let mut shell = Command::new("bash");
                let script = format!("trap '' XFSZ; ulimit -S -f {kib}; exec \"$@\"");
                shell.args(["-c", &script, "bash", env!("CARGO_BIN_EXE_meldpunt")]);
                shell
            }
        };
        command.arg("serve").arg("--config").arg(&self.config);
        command.args(["--role", start.role.unwrap_or("door")]);
        command.env("TMPDIR", self.folder.join("tmp"));
        if start.talkative {
            command.env("MELDPUNT_LOG", "trace");
        }
        if let Some(zone) = start.zone {
            command.env("TZ", zone);
        }
        let child = command
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .spawn()?;
        let mut running = Running { child };
        self.wait_until_ready(&mut running, start).await?;
        Ok(running)
    }

    async fn wait_until_ready(&self, running: &mut Running, start: Start) -> Shown {
        let (to, page) = start.ready.unwrap_or((self.door, "/en"));
        let asker = Sender {
            to,
            ..self.somebody(&Chance::system())
        };
        for _ in 0..600 {
            if let Some(status) = running.child.try_wait()? {
                return Err(format!("it ended ({status}) and said: {}", self.said()).into());
            }
            if asker
                .get(page)
                .await
                .is_ok_and(|answer| answer.status == 200)
            {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        Err(format!("it was not ready after 30 s and said: {}", self.said()).into())
    }
}

/// The program while it runs; killed with the value.
pub struct Running {
    child: Child,
}

impl Running {
    /// Its process number.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Tells it to end (SIGTERM) and waits until it has.
    pub async fn end(mut self) -> Shown {
        let pid = self.pid().to_string();
        Command::new("kill").args(["-TERM", &pid]).status()?;
        for _ in 0..200 {
            if let Some(status) = self.child.try_wait()? {
                return if status.success() {
                    Ok(())
                } else {
                    Err(format!("it ended with {status}").into())
                };
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        Err("it did not end within 10 s".into())
    }

    /// Ends it at once (SIGKILL): it gets no chance to put anything in order.
    pub fn kill(mut self) -> Shown {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended already; then there is nothing to do.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
