//! `meldpunt evidence`: a file is verified anywhere, without records, keys or network; and taken out
//! of the records without a byte of what was seen.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;
use clap::{Args, Subcommand};
use evidence::manifest::{Manifest, key_text, read_key};
use evidence::stamp::Authorities;
use evidence::verify::{Answer, Report, verify};
use ground::{Act, Clock, VisitId};
use vault::HotlineKeys;

use crate::config::Config;
use crate::{house, say, serve};

/// The largest file that is verified, in bytes: it is held in memory.
const FILE_MAX: u64 = 4 << 30;

/// `meldpunt evidence …`
#[derive(Args)]
pub struct EvidenceArgs {
    #[command(subcommand)]
    command: EvidenceCommand,
}

#[derive(Subcommand)]
enum EvidenceCommand {
    /// Says what of a file of evidence holds and what does not. Needs no configuration, no records and
    /// no network. Exit code 0: all holds. 1: something does not. 2: nothing failed, but something
    /// could not be told.
    Verify {
        /// The file.
        file: PathBuf,
        /// The hotline's key, as it was given by another way than the file.
        #[arg(long)]
        key: Option<String>,
        /// Certificates (PEM) of authorities whose time stamps are believed.
        #[arg(long)]
        stamp_ca: Option<PathBuf>,
    },
    /// Prints the public key that signs evidence, to be given to the police.
    Key {
        /// The configuration file.
        #[arg(long, default_value = "meldpunt.toml")]
        config: PathBuf,
    },
    /// Writes the evidence of a visit into a file: heads and digests, no payload. The ledger tells.
    Export {
        /// The visit, as its report names it.
        visit: VisitId,
        /// The file, which must not be there yet.
        file: PathBuf,
        /// The configuration file.
        #[arg(long, default_value = "meldpunt.toml")]
        config: PathBuf,
    },
}

/// Runs the command.
///
/// # Errors
/// When a file, the records or the keys cannot be read.
pub async fn run(args: &EvidenceArgs) -> anyhow::Result<ExitCode> {
    match &args.command {
        EvidenceCommand::Verify {
            file,
            key,
            stamp_ca,
        } => verified(file, key.as_deref(), stamp_ca.as_deref()),
        EvidenceCommand::Key { config } => {
            let keys = HotlineKeys::load(&Config::read(config)?.keys())?;
            say(&format!("{}\n", key_text(&keys.evidence().verifying_key())));
            Ok(ExitCode::SUCCESS)
        }
        EvidenceCommand::Export {
            visit,
            file,
            config,
        } => export(*visit, file, &Config::read(config)?).await,
    }
}

fn verified(file: &Path, key: Option<&str>, stamp_ca: Option<&Path>) -> anyhow::Result<ExitCode> {
    let cannot = || format!("{} cannot be read", file.display());
    let size = std::fs::metadata(file).with_context(cannot)?.len();
    anyhow::ensure!(
        size <= FILE_MAX,
        "{} is too large to be evidence.",
        file.display()
    );
    let bytes = std::fs::read(file).with_context(cannot)?;
    let key = key.map(|text| {
        read_key(text)
            .context("--key is no key: 44 characters, as `meldpunt evidence key` prints them")
    });
    let authorities = stamp_ca.map(authorities).transpose()?;
    let report = verify(&bytes, key.transpose()?.as_ref(), authorities.as_ref());
    say(&told(&bytes, &report));
    Ok(match (report.holds(), report.is_full()) {
        (false, _) => ExitCode::FAILURE,
        (true, false) => ExitCode::from(2),
        (true, true) => ExitCode::SUCCESS,
    })
}

fn authorities(path: &Path) -> anyhow::Result<Authorities> {
    use rustls::pki_types::CertificateDer;
    use rustls::pki_types::pem::PemObject as _;
    let cannot = || {
        format!(
            "--stamp-ca: {} holds no certificate that can be read",
            path.display()
        )
    };
    let read: Result<Vec<_>, _> = CertificateDer::pem_file_iter(path)
        .with_context(cannot)?
        .collect();
    let certificates: Vec<Vec<u8>> = read
        .with_context(cannot)?
        .into_iter()
        .map(|one| one.to_vec())
        .collect();
    anyhow::ensure!(!certificates.is_empty(), cannot());
    Authorities::of(&certificates).with_context(cannot)
}

fn told(file: &[u8], report: &Report) -> String {
    let mut text = format!("SHA-256 of this file: {}\n\n", evidence::sha256_hex(file));
    if let Some(manifest) = &report.manifest {
        text += &about(manifest);
    }
    for finding in &report.findings {
        let mark = match finding.answer {
            Answer::Holds => "HOLDS      ",
            Answer::Fails => "FAILS      ",
            Answer::Unknown => "NOT KNOWN  ",
        };
        text += &format!("{mark}{}\n", plain(&finding.said));
    }
    text += match (report.holds(), report.is_full()) {
        (false, _) => "\nThis file does NOT hold.\n",
        (true, false) => {
            "\nNothing in this file fails, but not everything could be told from it.\n"
        }
        (true, true) => "\nThis file holds.\n",
    };
    text
}

fn about(manifest: &Manifest) -> String {
    let seen = match (&manifest.not_captured, manifest.status) {
        (Some(why), _) => format!("not captured: {why}"),
        (None, Some(status)) => format!("captured, status {status}"),
        (None, None) => "captured".to_owned(),
    };
    plain(&format!(
        "What the manifest says, whether it holds or not:\n  {}, visit {}\n  {}\n  from {} to {}; {seen}\n  \
         {} requests and answers, {} pictures and videos, {} connections\n\n",
        manifest.hotline,
        manifest.visit,
        manifest.address,
        manifest.began_at,
        manifest.ended_at,
        manifest.records.len(),
        manifest.items.len(),
        manifest.connections.len(),
    ))
}

/// A text of a stranger's file, so that it cannot steer the terminal.
fn plain(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_control() || *c == '\n')
        .collect()
}

async fn export(visit: VisitId, file: &Path, config: &Config) -> anyhow::Result<ExitCode> {
    use std::io::Write as _;
    let casework = house::casework(
        config,
        serve::way_out(config)?,
        serve::settings(config)?,
        None,
    )
    .await?;
    // The file is made first: an act that is in the ledger must not fail for want of a place.
    let mut out = std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(file)
        .with_context(|| format!("{} cannot be made", file.display()))?;
    let act = Act {
        who: ground::Actor::Operator,
        at: Clock::system().now(),
        why: None,
    };
    let bytes = casework.evidence_file(&act, visit).await;
    let bytes = bytes.inspect_err(|_| {
        let _ = std::fs::remove_file(file);
    })?;
    out.write_all(&bytes)?;
    out.sync_all()?;
    say(&format!(
        "{} holds the evidence of {visit}, without any payload.\nThe police verify it with: meldpunt evidence \
         verify {} --key {}\n",
        file.display(),
        file.display(),
        key_text(&casework.vault.keys().evidence().verifying_key()),
    ));
    Ok(ExitCode::SUCCESS)
}
