//! `meldpunt list verify`: whether an exported file is what was signed. Needs no configuration when the
//! key of the hotline is given.

use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;
use clap::Args;
use hashlist::Signed;
use sha2::{Digest as _, Sha256};
use vault::HotlineKeys;

use super::{Place, beside};
use crate::config::Config;
use crate::say;

/// `meldpunt list verify …`
#[derive(Args)]
pub struct VerifyArgs {
    /// The file; the statement is beside it, with .signed after its name.
    file: PathBuf,
    /// The key as the hotline made it known, 64 hexadecimal digits. Not given: that of this hotline.
    #[arg(long)]
    key: Option<String>,
    #[command(flatten)]
    place: Place,
}

/// SHA-256 of a file.
///
/// # Errors
/// When it cannot be read.
pub fn digest(path: &Path) -> anyhow::Result<Vec<u8>> {
    let cannot = || format!("{} cannot be read", path.display());
    let mut file = File::open(path).with_context(cannot)?;
    let (mut digest, mut buffer) = (Sha256::new(), vec![0; 1 << 20]);
    loop {
        match file.read(&mut buffer).with_context(cannot)? {
            0 => return Ok(digest.finalize().to_vec()),
            n => digest.update(&buffer[..n]),
        }
    }
}

/// Says whether the file is what was signed; exit code 1 when not.
///
/// # Errors
/// When the file, the statement or the key cannot be read.
pub fn run(args: &VerifyArgs) -> anyhow::Result<ExitCode> {
    let key = match &args.key {
        Some(text) => hashlist::public_key(text)?,
        None => {
            let keys = HotlineKeys::load(&Config::read(&args.place.config)?.keys())?;
            keys.signing().verifying_key()
        }
    };
    let beside = beside(&args.file, ".signed");
    let text = std::fs::read_to_string(&beside)
        .with_context(|| format!("{} cannot be read", beside.display()))?;
    let signed: Signed = serde_json::from_str(&text)
        .with_context(|| format!("{} is no signed statement", beside.display()))?;
    match signed.verify(&key, &digest(&args.file)?) {
        Ok(()) => {
            let said = &signed.statement;
            say(&format!(
                "{} is what was signed: {:?}, changes {} to {}, {} hashes, {} withdrawals.\n",
                args.file.display(),
                said.list,
                said.since,
                said.cursor,
                said.additions,
                said.withdrawals
            ));
            Ok(ExitCode::SUCCESS)
        }
        Err(fault) => {
            say(&format!(
                "{} is NOT what was signed: {fault}.\n",
                args.file.display()
            ));
            Ok(ExitCode::FAILURE)
        }
    }
}
