//! A WACZ: the WARC of a visit with its index, its manifest and the manifest's signature, in one file
//! that common players and our own [`verify`](mod@crate::verify) read.

use std::fmt::Write as _;
use std::io::{Cursor, Write as _};

use serde_json::json;
use zip::CompressionMethod;
use zip::write::SimpleFileOptions;

use crate::manifest::{Manifest, Signature};
use crate::sha256_hex;
use crate::warc::{Kind, Record, compressed};

/// Where the records are.
pub const WARC: &str = "archive/data.warc.gz";
/// Where the manifest is.
pub const MANIFEST: &str = "evidence/manifest.json";
/// Where its signature is.
pub const SIGNATURE: &str = "evidence/manifest.sig.json";
/// Where its time stamp is, when it has one.
pub const STAMP: &str = "evidence/manifest.tst";
/// The list of files with their digests.
pub const DATAPACKAGE: &str = "datapackage.json";
/// The digest of that list.
pub const DATAPACKAGE_DIGEST: &str = "datapackage-digest.json";
/// The index of the records.
pub const INDEX: &str = "indexes/index.cdx";
/// The page that was looked at.
pub const PAGES: &str = "pages/pages.jsonl";

/// What a file of evidence is made of.
#[derive(Debug, Clone, Copy)]
pub struct Contents<'a> {
    /// The manifest's bytes, as they were signed.
    pub manifest: &'a [u8],
    /// Their signature.
    pub signature: &'a Signature,
    /// The time stamp's token, DER.
    pub stamp: Option<&'a [u8]>,
    /// The records, in order.
    pub records: &'a [Record],
}

/// Why no file could be made.
#[derive(Debug, thiserror::Error)]
pub enum PackageFault {
    /// The manifest is not one.
    #[error("the manifest cannot be read: {0}")]
    Manifest(#[from] serde_json::Error),
    /// A payload is not what was recorded.
    #[error(transparent)]
    Bytes(#[from] crate::warc::OtherBytes),
    /// The archive could not be written.
    #[error("the archive could not be written: {0}")]
    Archive(#[from] zip::result::ZipError),
    /// A record could not be compressed.
    #[error("a record could not be compressed: {0}")]
    Compress(#[from] std::io::Error),
}

/// A whole file, and how many of its payloads are gone.
#[derive(Debug)]
pub struct Whole {
    /// The file.
    pub file: Vec<u8>,
    /// Payloads whose bytes were destroyed since: their records are in it without them.
    pub gone: usize,
}

/// The file that may leave: heads and digests, and no byte of what was seen (law 3). There is nothing
/// here that could read a payload.
///
/// # Errors
/// [`PackageFault`].
pub fn without_payloads(contents: &Contents<'_>) -> Result<Vec<u8>, PackageFault> {
    let records: Vec<_> = contents
        .records
        .iter()
        .map(Record::without_payload)
        .collect();
    pack(contents, &records)
}

/// The file with every payload that is still there; only ever to be sealed to the police.
///
/// # Errors
/// [`PackageFault`].
pub fn whole<B: AsRef<[u8]>>(
    contents: &Contents<'_>,
    bytes_of: impl Fn(&str) -> Option<B>,
) -> Result<Whole, PackageFault> {
    let mut gone = 0;
    let mut records = Vec::with_capacity(contents.records.len());
    for record in contents.records {
        records.push(match &record.payload {
            None => record.whole(&[])?,
            Some(payload) => match bytes_of(&payload.sha256) {
                Some(bytes) => record.whole(bytes.as_ref())?,
                None => {
                    gone += 1;
                    record.without_payload()
                }
            },
        });
    }
    Ok(Whole {
        file: pack(contents, &records)?,
        gone,
    })
}

fn pack(contents: &Contents<'_>, records: &[Vec<u8>]) -> Result<Vec<u8>, PackageFault> {
    let manifest: Manifest = serde_json::from_slice(contents.manifest)?;
    let (warc, index) = joined(contents.records, records)?;
    let signature = serde_json::to_vec_pretty(contents.signature)?;
    let mut files = vec![
        (WARC, warc),
        (INDEX, index),
        (PAGES, pages(&manifest).into_bytes()),
        (MANIFEST, contents.manifest.to_vec()),
        (SIGNATURE, signature),
    ];
    files.extend(contents.stamp.map(|token| (STAMP, token.to_vec())));
    let list = serde_json::to_vec_pretty(&datapackage(&manifest, &files))?;
    let digest = json!({ "path": DATAPACKAGE, "hash": format!("sha256:{}", sha256_hex(&list)) });
    files.push((DATAPACKAGE_DIGEST, serde_json::to_vec_pretty(&digest)?));
    files.push((DATAPACKAGE, list));
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    // Players read parts of the WARC out of the archive by their place, so nothing is compressed.
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    for (name, bytes) in &files {
        archive.start_file(*name, stored)?;
        archive.write_all(bytes)?;
    }
    Ok(archive.finish()?.into_inner())
}

/// The records as one compressed file, and its index.
fn joined(records: &[Record], written: &[Vec<u8>]) -> Result<(Vec<u8>, Vec<u8>), PackageFault> {
    let mut warc = Vec::new();
    let mut lines = Vec::new();
    for (record, bytes) in records.iter().zip(written) {
        let member = compressed(bytes)?;
        if matches!(record.kind, Kind::Response | Kind::Resource) {
            lines.push(index_line(record, warc.len(), member.len()));
        }
        warc.extend(member);
    }
    lines.sort();
    Ok((warc, lines.concat().into_bytes()))
}

/// One line of the index (CDXJ): sortable address, time, and where the record lies.
fn index_line(record: &Record, offset: usize, length: usize) -> String {
    let target = record.target.as_deref().unwrap_or_default();
    let digits = |text: &str| {
        text.chars()
            .filter(char::is_ascii_digit)
            .take(14)
            .collect::<String>()
    };
    let status = record
        .head
        .split(' ')
        .nth(1)
        .filter(|_| record.kind == Kind::Response);
    let mime = record.head.lines().find_map(|line| {
        let (name, value) = line.split_once(": ")?;
        let value = value.split(';').next()?.trim();
        name.eq_ignore_ascii_case("content-type")
            .then(|| value.to_owned())
    });
    let at = json!({
        "url": target,
        "mime": mime.unwrap_or_else(|| record.media_type.clone()),
        "status": status,
        "digest": record.payload.as_ref().map(|payload| format!("sha256:{}", payload.sha256)),
        "length": length.to_string(),
        "offset": offset.to_string(),
        "filename": "data.warc.gz",
    });
    format!(
        "{} {} {at}\n",
        sortable(target),
        digits(&crate::written(record.at))
    )
}

/// An address with its host turned round, so that pages of one site stand together.
fn sortable(address: &str) -> String {
    let Ok(url) = url::Url::parse(address) else {
        return address.replace(' ', "%20");
    };
    let Some(host) = url.host_str() else {
        return address.replace(' ', "%20");
    };
    let mut turned: String = host.rsplit('.').collect::<Vec<_>>().join(",");
    if let Some(port) = url.port() {
        let _ = write!(turned, ":{port}");
    }
    let query = url
        .query()
        .map(|query| format!("?{query}"))
        .unwrap_or_default();
    format!("{turned}){}{query}", url.path()).to_ascii_lowercase()
}

fn pages(manifest: &Manifest) -> String {
    let head = json!({ "format": "json-pages-1.0", "id": "pages", "title": "All Pages" });
    let page = json!({ "id": manifest.visit, "url": manifest.address, "ts": manifest.began_at });
    format!("{head}\n{page}\n")
}

fn datapackage(manifest: &Manifest, files: &[(&str, Vec<u8>)]) -> serde_json::Value {
    let resources: Vec<_> = files
        .iter()
        .map(|(path, bytes)| {
            json!({
                "name": path.rsplit('/').next().unwrap_or(path).to_lowercase(),
                "path": path,
                "hash": format!("sha256:{}", sha256_hex(bytes)),
                "bytes": bytes.len(),
            })
        })
        .collect();
    json!({
        "profile": "data-package",
        "wacz_version": "1.1.1",
        "title": manifest.visit,
        "software": manifest.visitor.program,
        "created": manifest.ended_at,
        "mainPageUrl": manifest.address,
        "mainPageDate": manifest.began_at,
        "resources": resources,
    })
}
