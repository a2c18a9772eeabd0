//! Holds a file of evidence against its own manifest: what holds, what does not, and what was not
//! looked at, in plain sentences. Needs no records, no keys and no network.

use std::collections::BTreeSet;
use std::io::{Cursor, Read as _};

use ed25519_dalek::VerifyingKey;

use crate::manifest::{FORMAT, Manifest, Signature, VERSION, key_text};
use crate::package::{
    DATAPACKAGE, DATAPACKAGE_DIGEST, INDEX, MANIFEST, PAGES, SIGNATURE, STAMP, WARC,
};
use crate::stamp::{self, Authorities};
use crate::warc::Reader;
use crate::{sha256_hex, written};

/// The largest file of an archive that is read, in bytes.
const FILE_MAX: u64 = 4 << 30;
/// The largest manifest, signature, time stamp or list.
const TEXT_MAX: u64 = 256 << 20;

/// How one question was answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// It holds.
    Holds,
    /// It does not.
    Fails,
    /// It was not looked at, or cannot be told from this file.
    Unknown,
}

/// One question and its answer, in a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The answer.
    pub answer: Answer,
    /// The sentence.
    pub said: String,
}

/// All that was found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// The findings, in order.
    pub findings: Vec<Finding>,
    /// The manifest, when it could be read.
    pub manifest: Option<Manifest>,
}

impl Report {
    /// Whether nothing failed.
    #[must_use]
    pub fn holds(&self) -> bool {
        !self.findings.iter().any(|one| one.answer == Answer::Fails)
    }

    /// Whether every question was answered.
    #[must_use]
    pub fn is_full(&self) -> bool {
        !self
            .findings
            .iter()
            .any(|one| one.answer == Answer::Unknown)
    }

    fn say(&mut self, answer: Answer, said: impl Into<String>) {
        let said = said.into();
        self.findings.push(Finding { answer, said });
    }
}

/// Holds the file against its manifest; `key` is the hotline's, as it was given by another way, and
/// `authorities` are those whose time stamps are believed.
#[must_use]
pub fn verify(
    file: &[u8],
    key: Option<&VerifyingKey>,
    authorities: Option<&Authorities>,
) -> Report {
    let mut report = Report::default();
    let files = match Files::open(file) {
        Ok(files) => files,
        Err(said) => {
            report.say(Answer::Fails, said);
            return report;
        }
    };
    signature(&files, key, &mut report);
    match serde_json::from_slice::<Manifest>(&files.manifest) {
        Ok(manifest) if manifest.format == FORMAT && manifest.version == VERSION => {
            records(&files.warc, &manifest, &mut report);
            report.manifest = Some(manifest);
        }
        Ok(manifest) => report.say(
            Answer::Fails,
            format!(
                "The manifest is {} version {}, which this program does not know.",
                manifest.format, manifest.version
            ),
        ),
        Err(fault) => report.say(
            Answer::Fails,
            format!("The manifest cannot be read: {fault}."),
        ),
    }
    time(&files, authorities, &mut report);
    list(&files, &mut report);
    report
}

fn signature(files: &Files, key: Option<&VerifyingKey>, report: &mut Report) {
    let signature: Signature = match serde_json::from_slice(&files.signature) {
        Ok(signature) => signature,
        Err(fault) => {
            report.say(
                Answer::Fails,
                format!("The signature cannot be read: {fault}."),
            );
            return;
        }
    };
    match (signature.check(&files.manifest, key), key) {
        (Ok(()), Some(key)) => report.say(
            Answer::Holds,
            format!(
                "The manifest was signed with the key you gave, {}.",
                key_text(key)
            ),
        ),
        (Ok(()), None) => {
            let said = format!("The manifest was signed with the key {}.", signature.key);
            report.say(Answer::Holds, said);
            report.say(
                Answer::Unknown,
                "Whose key that is was not checked: ask the hotline for its key by another way and \
                 give it with --key.",
            );
        }
        (Err(fault), _) => report.say(
            Answer::Fails,
            format!("The signature does not hold: {fault}."),
        ),
    }
}

fn records(warc: &[u8], manifest: &Manifest, report: &mut Report) {
    let (mut whole, mut without, mut faults) = (0_usize, 0_usize, Vec::new());
    let mut read = Reader::over(warc);
    for (place, committed) in (1..).zip(&manifest.records) {
        match read.next() {
            None => {
                faults.push(format!(
                    "Record {place} ({} {}) is missing.",
                    committed.kind, committed.id
                ));
                break;
            }
            Some(Err(fault)) => {
                faults.push(format!(
                    "Record {place} ({}) cannot be read: {fault}.",
                    committed.kind
                ));
                break;
            }
            Some(Ok(found)) if found.sha256 == committed.sha256 => {
                whole += 1;
                if !found.sound {
                    faults.push(format!(
                        "Record {place} gives itself a digest that is not its own."
                    ));
                }
            }
            Some(Ok(found)) if found.sha256 == committed.sha256_without_payload => without += 1,
            Some(Ok(found)) => faults.push(format!(
                "Record {place} ({} {}) is not what was signed: it was altered, or put there.",
                found.kind, found.id
            )),
        }
    }
    if faults.is_empty() && read.next().is_some() {
        faults.push("There are records that were not signed.".into());
    }
    if faults.is_empty() {
        report.say(
            Answer::Holds,
            format!(
                "All {} records are as they were when they were signed; {without} of them without \
                 what the answer held, of which only digests are here.",
                whole + without
            ),
        );
    }
    for fault in faults.into_iter().take(20) {
        report.say(Answer::Fails, fault);
    }
}

fn time(files: &Files, authorities: Option<&Authorities>, report: &mut Report) {
    let Some(token) = &files.stamp else {
        report.say(
            Answer::Unknown,
            "There is no time stamp of an authority: the times are those of the hotline's own clock.",
        );
        return;
    };
    let stamped = match stamp::read(token) {
        Ok(stamped) => stamped,
        Err(fault) => {
            report.say(
                Answer::Fails,
                format!("The time stamp cannot be read: {fault}."),
            );
            return;
        }
    };
    if stamped.imprint != stamp::imprint(&files.manifest) {
        report.say(Answer::Fails, "The time stamp is not of this manifest.");
        return;
    }
    match stamped.check_signature(authorities) {
        Ok(by) if authorities.is_some() => report.say(
            Answer::Holds,
            format!(
                "The manifest existed at {}: an authority you trust says so (certificate {by}).",
                written(stamped.at)
            ),
        ),
        Ok(by) => {
            report.say(
                Answer::Holds,
                format!(
                    "The time stamp is of this manifest, says {}, and was signed with the \
                    certificate {by}.",
                    written(stamped.at)
                ),
            );
            report.say(
                Answer::Unknown,
                "Whose certificate that is was not checked: give the authority's with --stamp-ca.",
            );
        }
        Err(fault) => report.say(
            Answer::Fails,
            format!("The time stamp does not hold: {fault}."),
        ),
    }
}

/// The list of files is not signed; it must fit all the same, or the file was changed since.
fn list(files: &Files, report: &mut Report) {
    let digest: serde_json::Value = serde_json::from_slice(&files.list_digest).unwrap_or_default();
    let mut fits = digest["hash"] == format!("sha256:{}", sha256_hex(&files.list));
    let list: serde_json::Value = serde_json::from_slice(&files.list).unwrap_or_default();
    let mut listed: Vec<(String, String)> = list["resources"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|one| {
            Some((
                one["path"].as_str()?.to_owned(),
                one["hash"].as_str()?.to_owned(),
            ))
        })
        .collect();
    let mut there = files.digests.clone();
    listed.sort();
    there.sort();
    fits &= listed == there;
    if fits {
        report.say(
            Answer::Holds,
            "Every file of the archive is as its list says.",
        );
    } else {
        report.say(
            Answer::Fails,
            "The files of the archive are not those of its list.",
        );
    }
}

/// The files of an archive.
struct Files {
    warc: Vec<u8>,
    manifest: Vec<u8>,
    signature: Vec<u8>,
    stamp: Option<Vec<u8>>,
    list: Vec<u8>,
    list_digest: Vec<u8>,
    /// Path and digest of all files that the list must name.
    digests: Vec<(String, String)>,
}

impl Files {
    fn open(file: &[u8]) -> Result<Self, String> {
        let mut archive = zip::ZipArchive::new(Cursor::new(file)).map_err(|fault| {
            format!("This is no file of evidence: it is no ZIP archive ({fault}).")
        })?;
        let names = names_of(&archive)?;
        let mut read = |name: &str, most: u64| -> Result<Vec<u8>, String> {
            let told = |fault: &dyn std::fmt::Display| format!("{name} cannot be read: {fault}.");
            let entry = archive.by_name(name).map_err(|fault| told(&fault))?;
            let mut bytes = Vec::new();
            entry
                .take(most + 1)
                .read_to_end(&mut bytes)
                .map_err(|fault| told(&fault))?;
            if bytes.len() as u64 > most {
                return Err(told(&"it is too large"));
            }
            Ok(bytes)
        };
        let mut digests = Vec::new();
        let mut listed = |name: &str, bytes: &[u8]| {
            digests.push((name.to_owned(), format!("sha256:{}", sha256_hex(bytes))));
        };
        let warc = read(WARC, FILE_MAX)?;
        let manifest = read(MANIFEST, TEXT_MAX)?;
        let signature = read(SIGNATURE, TEXT_MAX)?;
        let stamp = match names.iter().any(|name| name == STAMP) {
            true => Some(read(STAMP, TEXT_MAX)?),
            false => None,
        };
        listed(WARC, &warc);
        listed(INDEX, &read(INDEX, TEXT_MAX)?);
        listed(PAGES, &read(PAGES, TEXT_MAX)?);
        listed(MANIFEST, &manifest);
        listed(SIGNATURE, &signature);
        if let Some(stamp) = &stamp {
            listed(STAMP, stamp);
        }
        Ok(Self {
            list: read(DATAPACKAGE, TEXT_MAX)?,
            list_digest: read(DATAPACKAGE_DIGEST, TEXT_MAX)?,
            warc,
            manifest,
            signature,
            stamp,
            digests,
        })
    }
}

/// The names in an archive, all of which must have a place in one.
fn names_of(archive: &zip::ZipArchive<Cursor<&[u8]>>) -> Result<Vec<String>, String> {
    let names: Vec<String> = archive
        .file_names()
        .map(|name| name.map(std::borrow::Cow::into_owned))
        .collect::<Result<_, _>>()
        .map_err(|fault| format!("The archive cannot be read: {fault}."))?;
    let known = [
        WARC,
        MANIFEST,
        SIGNATURE,
        STAMP,
        DATAPACKAGE,
        DATAPACKAGE_DIGEST,
        INDEX,
        PAGES,
    ];
    let mut once = BTreeSet::new();
    for name in &names {
        if !known.contains(&name.as_str()) || !once.insert(name.clone()) {
            return Err(format!(
                "The archive holds a file that has no place in it: {name}."
            ));
        }
    }
    Ok(names)
}

#[cfg(test)]
#[path = "verify_tests.rs"]
mod tests;
