//! A PostgreSQL cluster for a benchmark, which makes every commit durable as in real use.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

type Fault = Box<dyn std::error::Error + Send + Sync>;

/// A PostgreSQL cluster of our own; stopped with the value.
pub struct Cluster {
    /// Where it answers.
    pub address: String,
    programs: PathBuf,
    folder: tempfile::TempDir,
}

impl Cluster {
    /// Starts one; none when PostgreSQL is not installed.
    pub fn start() -> Result<Option<Self>, Fault> {
        let Some(programs) = newest_programs() else {
            return Ok(None);
        };
        let folder = tempfile::Builder::new().prefix("intake").tempdir()?;
        let data = folder.path().join("data");
        let port = std::net::TcpListener::bind("127.0.0.1:0")?
            .local_addr()?
            .port();
        let address = format!("postgres://postgres@127.0.0.1:{port}/postgres");
        let cluster = Self {
            address,
            programs,
            folder,
        };
        if is_root()? {
            succeeded(
                Command::new("chown")
                    .arg("postgres")
                    .arg(cluster.folder.path())
                    .output()?,
            )?;
        }
        let data = data.display().to_string();
        succeeded(cluster.run("initdb", &["-D", &data, "-U", "postgres", "-A", "trust"])?)?;
        let options = format!(
            "-c port={port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={}",
            cluster.folder.path().display()
        );
        let log = cluster.folder.path().join("log").display().to_string();
        succeeded(cluster.run(
            "pg_ctl",
            &["-D", &data, "-l", &log, "-w", "-o", &options, "start"],
        )?)?;
        Ok(Some(cluster))
    }

    /// Runs one of PostgreSQL's programs; as its own user when we are root, which it refuses to be.
    fn run(&self, program: &str, words: &[&str]) -> Result<Output, Fault> {
        let program = self.programs.join(program);
        let mut command = if is_root()? {
            let mut command = Command::new("runuser");
            command.args(["-u", "postgres", "--"]).arg(program);
            command
        } else {
            Command::new(program)
        };
        // To files, for the server would keep a pipe open.
        let out = tempfile::tempfile()?;
        command.stdout(out.try_clone()?).stderr(out);
        Ok(command.args(words).current_dir("/").output()?)
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let data = self.folder.path().join("data").display().to_string();
        // When it cannot be stopped, its folder goes away and it ends by itself.
        let _ = self.run("pg_ctl", &["-D", &data, "-m", "immediate", "stop"]);
    }
}

fn succeeded(output: Output) -> Result<(), Fault> {
    if output.status.success() {
        Ok(())
    } else {
        Err(format!("{output:?}").into())
    }
}

fn is_root() -> Result<bool, Fault> {
    Ok(String::from_utf8_lossy(&Command::new("id").arg("-u").output()?.stdout).trim() == "0")
}

fn newest_programs() -> Option<PathBuf> {
    let versions = std::fs::read_dir(Path::new("/usr/lib/postgresql")).ok()?;
    let mut found: Vec<PathBuf> = versions
        .filter_map(|entry| Some(entry.ok()?.path().join("bin")))
        .filter(|programs| programs.join("initdb").exists())
        .collect();
    found.sort();
    found.pop()
}
