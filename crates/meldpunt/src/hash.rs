//! `meldpunt hash FILE…`: one JSON line for each file. Stores nothing, sends nothing.
//!
//! The hash is of the stored pixels: EXIF orientation is not applied, as with the peers; turned
//! copies are found by the eight dihedral variants.

use std::fmt::Display;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use capture::Digests;
use clap::Args;
use data_encoding::HEXLOWER;
use pdq::{Limits, NotHashable, Outcome};
use serde_json::{Value, json};

use crate::say;

/// `meldpunt hash …`
#[derive(Args)]
pub struct HashArgs {
    /// The files.
    #[arg(required = true)]
    files: Vec<PathBuf>,
}

/// Largest file read, in bytes.
const MOST_BYTES: u64 = 256 << 20;

/// Prints a line for each file; exit code 1 when one could not be read.
pub fn run(args: &HashArgs) -> ExitCode {
    let mut code = ExitCode::SUCCESS;
    for file in &args.files {
        let line = match read(file) {
            Ok(bytes) => hashed(file, &bytes),
            Err(why) => {
                code = ExitCode::FAILURE;
                json!({ "file": file.display().to_string(), "error": why })
            }
        };
        say(&format!("{line}\n"));
    }
    code
}

/// The bytes of a file, or why it cannot be read.
///
/// # Errors
/// A text that reads on from the file's name.
pub fn read(file: &Path) -> Result<Vec<u8>, String> {
    let told = |why: &dyn Display| format!("the file cannot be read: {why}");
    let open = std::fs::File::open(file).map_err(|why| told(&why))?;
    let mut bytes = Vec::new();
    open.take(MOST_BYTES + 1)
        .read_to_end(&mut bytes)
        .map_err(|why| told(&why))?;
    if bytes.len() as u64 > MOST_BYTES {
        return Err(format!("the file is larger than {} MiB", MOST_BYTES >> 20));
    }
    Ok(bytes)
}

/// What a picture looks like, or why that cannot be said. The file is a stranger's: a decoder that falls
/// over it costs its look, and no other file.
///
/// # Errors
/// A text that stands alone.
pub fn look(bytes: &[u8]) -> Result<Outcome, String> {
    caught(|| pdq::hash_bytes(bytes, &Limits::default()).map_err(|fault| fault.to_string()))
}

fn caught(decode: impl FnOnce() -> Result<Outcome, String>) -> Result<Outcome, String> {
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(decode))
        .unwrap_or_else(|_| Err("the decoder broke off on this file".into()))
}

fn hashed(file: &Path, bytes: &[u8]) -> Value {
    let digests = Digests::of(bytes);
    let mut line = json!({
        "file": file.display().to_string(),
        "sha256": HEXLOWER.encode(&digests.sha256),
        "sha1": HEXLOWER.encode(&digests.sha1),
        "md5": HEXLOWER.encode(&digests.md5),
    });
    match look(bytes) {
        Ok(Outcome::Hashed(hashes)) => {
            line["pdq"] = hashes.full.hash.to_string().into();
            line["quality"] = hashes.full.quality.into();
            line["pdq_512"] = hashes.reduced.hash.to_string().into();
            line["quality_512"] = hashes.reduced.quality.into();
        }
        Ok(Outcome::NotHashable(why)) => {
            line["pdq"] = Value::Null;
            line["quality"] = Value::Null;
            line["pdq_512"] = Value::Null;
            line["not_hashable"] = match why {
                NotHashable::Flat => "flat".into(),
                NotHashable::Tiny { .. } => "tiny".into(),
            };
        }
        Err(fault) => line["error"] = fault.into(),
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_no_picture_has_digests_and_an_error() {
        let line = hashed(Path::new("a.txt"), b"abc");
        assert_eq!(line["md5"], "900150983cd24fb0d6963f7d28e17f72");
        assert!(line["error"].is_string());
    }

    #[test]
    fn a_decoder_that_falls_over_a_file_is_an_error_of_this_file() {
        let fell = caught(|| panic!("a decoder fell over the file of a test"));
        assert!(fell.is_err_and(|why| why.contains("broke off")));
        let refused = caught(|| Err("no picture".into()));
        assert_eq!(refused.err().as_deref(), Some("no picture"));
    }

    #[test]
    fn a_file_that_is_not_there_is_an_error_and_no_panic() {
        assert!(read(Path::new("/no/such/file")).is_err());
    }
}
