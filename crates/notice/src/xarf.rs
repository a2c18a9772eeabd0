//! A notice as abuse desks read it by program: XARF, of version 4 or 3, about one item.
//!
//! XARF 4.2.0 (xarf-spec, `xarf-core.json`, `content-base.json`, `content-csam.json`) and version 3 as
//! `childabuse.schema.json` has it. Neither is given evidence: for this kind of report the
//! specification wants hashes and references only, and the types this is made from hold nothing else
//! (law 3). Version 4 has a class for what is illegal everywhere and none for what is illegal under one
//! country's law; such an item is told in words ([`NamedItem::goes_as`]).

use std::net::IpAddr;

use ground::{NoticeId, Verdict};
use serde_json::{Map, Value, json};

use crate::text::one_line;
use crate::{Hotline, NamedItem, NoticeFormat, NoticeView};

/// The version of the specification that reports of version 4 name.
const VERSION: &str = "4.2.0";
/// Longest name of an organisation, in characters (`xarf-core.json`).
const LONGEST_NAME: usize = 200;

impl NamedItem {
    /// The format in which this item can be told of to a contact that wants `wanted`: XARF needs an
    /// address of the host, and version 4 a verdict it has a class for. What it cannot say is never
    /// forced into it; it goes as a mail with a table.
    #[must_use]
    pub fn goes_as(&self, wanted: NoticeFormat) -> NoticeFormat {
        let fits = match wanted {
            NoticeFormat::Mail | NoticeFormat::Table => true,
            NoticeFormat::XarfFour => self.ip.is_some() && self.verdict == Verdict::IllegalBaseline,
            NoticeFormat::XarfThree => self.ip.is_some(),
        };
        if fits { wanted } else { NoticeFormat::Table }
    }
}

/// The report about one item, as JSON text in ASCII.
pub(crate) fn report(id: NoticeId, view: &NoticeView, item: &NamedItem, ip: IpAddr) -> String {
    let report = match view.format {
        NoticeFormat::XarfThree => version_3(view, item, ip),
        _ => version_4(id, view, item, ip),
    };
    ascii(&format!("{report:#}"))
}

fn version_4(id: NoticeId, view: &NoticeView, item: &NamedItem, ip: IpAddr) -> Value {
    let hotline = organisation(&view.hotline);
    let mut report = json!({
        "xarf_version": VERSION,
        "report_id": uuid(id),
        "timestamp": view.drawn_up_at.rfc3339(),
        "reporter": hotline,
        "sender": hotline,
        "source_identifier": ip.to_string(),
        "source_port": item.port(),
        "category": "content",
        "type": "csam",
        "url": item.address.as_str(),
        "verified_at": item.seen_at.rfc3339(),
        "verification_method": "manual",
        "evidence_source": "manual_review",
        "confidence": 1.0,
        "classification": "baseline",
        "detection_method": "manual_review",
        "media_type": item.media.as_str(),
        "content_removed": false,
        "hosting_provider": one_line(&view.provider),
        "tags": ["hotline:notice", format!("hotline-case:{}", case_tag(&view.number))],
        "description": description(view),
    });
    let hashes = hashes(item);
    if let Some(fields) = report.as_object_mut() {
        if let Some(domain) = domain(item) {
            fields.insert("domain".to_owned(), domain.into());
        }
        if !hashes.is_empty() {
            fields.insert("hash_values".to_owned(), hashes.into());
        }
    }
    report
}

fn version_3(view: &NoticeView, item: &NamedItem, ip: IpAddr) -> Value {
    let hotline = &view.hotline;
    json!({
        "Version": "3",
        "ReporterInfo": {
            "ReporterOrg": one_line(&hotline.name),
            "ReporterOrgDomain": domain_of(&hotline.from),
            "ReporterOrgEmail": hotline.from,
            "ReporterContactEmail": hotline.reply_to,
            "ReporterContactName": one_line(&hotline.name),
        },
        // The customer is not to be told who reported.
        "Disclosure": false,
        "Report": {
            "ReportClass": "Content",
            "ReportType": "ChildAbuse",
            "Date": item.seen_at.rfc3339(),
            "SourceIp": ip.to_string(),
            "SourcePort": item.port(),
            "SourceUrl": item.address.as_str(),
        },
    })
}

fn organisation(hotline: &Hotline) -> Value {
    let name: String = one_line(&hotline.name).chars().take(LONGEST_NAME).collect();
    json!({ "org": name, "contact": hotline.from, "domain": domain_of(&hotline.from) })
}

fn domain_of(address: &str) -> String {
    let domain = address.rsplit('@').next().unwrap_or_default();
    domain.to_ascii_lowercase()
}

fn hashes(item: &NamedItem) -> Map<String, Value> {
    let md5 = item.md5.as_ref().map(|digest| ("md5", digest.to_string()));
    let sha1 = item
        .sha1
        .as_ref()
        .map(|digest| ("sha1", digest.to_string()));
    let sha256 = item
        .sha256
        .as_ref()
        .map(|digest| ("sha256", digest.to_string()));
    let known = [md5, sha1, sha256].into_iter().flatten();
    known
        .map(|(name, hex)| (name.to_owned(), hex.into()))
        .collect()
}

/// The item's host name, where the schema takes it: it refuses addresses, underscores and names with
/// two hyphens in a row (so every internationalised one), and the field need not be there.
fn domain(item: &NamedItem) -> Option<String> {
    let name = item.address.url().domain()?.to_ascii_lowercase();
    let label = |label: &str| {
        !label.is_empty()
            && !label.contains("--")
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
    };
    let (rest, top) = name.rsplit_once('.')?;
    let top_fits = top.len() >= 2 && top.bytes().all(|b| b.is_ascii_lowercase());
    (top_fits && rest.split('.').all(label)).then_some(name)
}

/// A number as a tag may have it.
fn case_tag(number: &str) -> String {
    let kept = number
        .chars()
        .filter(|c| c.is_ascii_alphanumeric() || *c == '-');
    kept.collect::<String>().to_ascii_lowercase()
}

fn description(view: &NoticeView) -> String {
    let what = if view.reminds() {
        "Reminder of a notice"
    } else {
        "Notice"
    };
    let ground = view.grounds().first().map_or("", |ground| ground.english());
    format!("{what} under article 16 of Regulation (EU) 2022/2065. Ground: {ground}.")
}

/// The id of a notice as a random UUID (RFC 9562, version 4): its own random bits, so that the same
/// notice is the same report however often it is made.
fn uuid(id: NoticeId) -> String {
    let bits = id.bits() & !(0xf << 76) & !(0b11 << 62) | (0x4 << 76) | (0b10 << 62);
    let hex = format!("{bits:032x}");
    let part = |range: std::ops::Range<usize>| hex.get(range).unwrap_or_default();
    format!(
        "{}-{}-{}-{}-{}",
        part(0..8),
        part(8..12),
        part(12..16),
        part(16..20),
        part(20..32)
    )
}

/// JSON whose text is ASCII: what is not is written as its code (RFC 8259, 7).
fn ascii(json: &str) -> String {
    let mut plain = String::with_capacity(json.len());
    for c in json.chars() {
        if c.is_ascii() {
            plain.push(c);
        } else {
            let mut units = [0; 2];
            for unit in c.encode_utf16(&mut units) {
                plain.push_str(&format!("\\u{unit:04x}"));
            }
        }
    }
    plain
}
