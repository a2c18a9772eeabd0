//! The evidence of visits: made when a visit is settled, stamped by an authority, handed out without
//! a byte of what was seen.

mod stamping;
mod whole;

use std::collections::{BTreeSet, HashMap};
use std::net::IpAddr;

use capture::{Captured, Visited};
use data_encoding::HEXLOWER;
use evidence::manifest::{Certificate, Connection, FORMAT, Item, Seen, Step, VERSION, Visitor};
use evidence::package::{Contents, without_payloads};
use evidence::store::EvidenceRow;
use evidence::{
    Built, Exchange, Exchanges, Manifest, Payload, Pieces, Record, Resource, Signature, build,
    sha256_hex, written,
};
use ground::{Act, AddressId, EvidenceFact, Fact, Instant, Tx, VisitId};
use serde::{Deserialize, Serialize};
use vault::{ObjectName, Owner, Place, Sealer};

use crate::visits::word;
use crate::{Casework, WorkError};

/// Under which name and version this program stands in a manifest.
const PROGRAM: &str = concat!("Meldpunt/", env!("CARGO_PKG_VERSION"));

/// A manifest's own bytes and their signature, as they are sealed.
#[derive(Serialize, Deserialize)]
struct Signed {
    manifest: String,
    signature: Signature,
}

/// The manifest of a visit, opened.
#[derive(Debug, Clone)]
pub struct OpenEvidence {
    /// What it says.
    pub manifest: Manifest,
    /// SHA-256 of its bytes, lower-case hex; it stands in the ledger.
    pub digest: String,
    /// The key that signed it.
    pub key: String,
    /// The time an authority stamped it with.
    pub stamped_at: Option<Instant>,
    /// Whether it still waits for a time stamp.
    pub stamp_wanted: bool,
}

impl Casework {
    /// Makes and seals the evidence of a visit; stored by [`Casework::keep_evidence`] in the
    /// transaction that settles the visit.
    pub(crate) async fn seal_evidence(
        &self,
        sealer: &Sealer,
        id: VisitId,
        address: AddressId,
        visited: &Visited,
    ) -> Result<EvidenceRow, WorkError> {
        let built = self.built(id, visited)?;
        let manifest = serde_json::to_string_pretty(&built.manifest).map_err(WorkError::json)?;
        let signature = Signature::of(manifest.as_bytes(), self.vault.keys().evidence());
        let digest = evidence::stamp::imprint(manifest.as_bytes()).to_vec();
        let signed = serde_json::to_vec(&Signed {
            manifest,
            signature,
        });
        let signed = signed.map_err(WorkError::json)?;
        let records = serde_json::to_vec(&built.records).map_err(WorkError::json)?;
        let mut pieces = Pieces::default();
        for piece in visited.traffic.pieces.values() {
            pieces.add(piece.clone());
        }
        Ok(EvidenceRow {
            id,
            address_id: address,
            manifest: sealer.seal(&Place::new("evidence.manifest", id), &signed)?,
            digest,
            records: sealer.put(&records).await?.as_str().to_owned(),
            pieces: match pieces.is_empty() {
                true => None,
                false => Some(sealer.put(&pieces.to_bytes()).await?.as_str().to_owned()),
            },
            stamp: None,
            stamped_at_ms: None,
            stamp_wanted: i64::from(self.settings.time_stamps.is_some()),
            made_at_ms: self.clock.now(),
        })
    }

    /// Stores it, with the digest of the manifest in the ledger.
    pub(crate) async fn keep_evidence(&self, tx: &Tx, row: &EvidenceRow) -> Result<(), WorkError> {
        evidence::store::put(tx, row).await?;
        let fact = Fact::Evidence(EvidenceFact::EvidenceKept {
            manifest: HEXLOWER.encode(&row.digest),
        });
        tx.record(row.id, &fact);
        Ok(())
    }

    /// Removes the objects of evidence that no record names.
    pub(crate) async fn sweep_evidence(&self, row: &EvidenceRow) -> Result<(), WorkError> {
        for name in [Some(&row.records), row.pieces.as_ref()]
            .into_iter()
            .flatten()
        {
            self.vault
                .objects()
                .remove(&ObjectName::stored(name))
                .await?;
        }
        Ok(())
    }

    fn built(&self, id: VisitId, visited: &Visited) -> Result<Built, WorkError> {
        let bytes: HashMap<String, &[u8]> = bytes_of(visited).collect();
        let seen = Exchanges {
            at: visited.started_at,
            exchanges: exchanges(visited, &bytes),
            resources: resources(visited),
            bytes_of: &|sha256| bytes.get(sha256).copied(),
        };
        let draft = self.draft(id, visited)?;
        build(&seen, draft, &self.chance).map_err(WorkError::unreadable)
    }

    fn draft(&self, id: VisitId, visited: &Visited) -> Result<Manifest, WorkError> {
        let redirects = visited.redirects.iter().map(|step| {
            Ok(Step {
                from: step.from.clone(),
                to: step.to.clone(),
                status: step.status,
                by: word(&step.by)?,
            })
        });
        let items = visited.pictures.iter().map(|picture| {
            Ok(Item {
                address: picture.address.clone(),
                found_by: word(&picture.found_by)?,
                media_type: picture.media_type.clone(),
                bytes: picture.bytes.len() as u64,
                width: picture.width,
                height: picture.height,
                sha256: HEXLOWER.encode(&picture.digests.sha256),
                sha1: HEXLOWER.encode(&picture.digests.sha1),
                md5: HEXLOWER.encode(&picture.digests.md5),
            })
        });
        Ok(Manifest {
            format: FORMAT.into(),
            version: VERSION,
            nonce: HEXLOWER.encode(&self.chance.bytes::<16>()),
            hotline: self.settings.hotline_name.clone(),
            visit: id.to_string(),
            address: visited.address.clone(),
            began_at: written(visited.started_at),
            ended_at: written(visited.ended_at),
            not_captured: match &visited.outcome {
                Captured::Yes => None,
                Captured::No(cause) => Some(cause.to_string()),
            },
            final_address: visited.final_address.clone(),
            status: visited.status,
            redirects: redirects.collect::<Result<_, WorkError>>()?,
            visitor: Visitor {
                program: PROGRAM.into(),
                via: visited.via.map(|via| word(&via)).transpose()?,
                browser: visited.browser_version.clone(),
                boxed: visited.sandboxed,
                browser_sandboxed: visited.browser_sandboxed,
            },
            connections: visited.connections.iter().map(connection).collect(),
            certificates: certificates(visited),
            items: items.collect::<Result<_, WorkError>>()?,
            screenshot: visited.screenshot.as_deref().map(|png| Seen {
                sha256: sha256_hex(png),
                bytes: png.len() as u64,
            }),
            records: Vec::new(),
        })
    }

    /// The manifest of a visit; none when the visit has left none.
    ///
    /// # Errors
    /// [`WorkError`] when the records or the vault fail, or it was forgotten with its address.
    pub async fn open_evidence(&self, id: VisitId) -> Result<Option<OpenEvidence>, WorkError> {
        let Some(row) = evidence::store::of_visit(&self.db, id).await? else {
            return Ok(None);
        };
        let signed = self.signed(&row).await?;
        Ok(Some(OpenEvidence {
            manifest: serde_json::from_str(&signed.manifest).map_err(WorkError::json)?,
            digest: HEXLOWER.encode(&row.digest),
            key: signed.signature.key,
            stamped_at: row.stamped_at_ms,
            stamp_wanted: row.stamp_wanted == 1,
        }))
    }

    async fn signed(&self, row: &EvidenceRow) -> Result<Signed, WorkError> {
        let owner = Owner::Address(row.address_id);
        let place = Place::new("evidence.manifest", row.id);
        let plain = self
            .vault
            .open(&self.db, owner, place, &row.manifest)
            .await?;
        serde_json::from_slice(&plain).map_err(WorkError::json)
    }

    /// The file of a visit's evidence that may leave: manifest, signature, time stamp, and every
    /// record without its payload (law 3). That it was taken out is in the ledger first.
    ///
    /// # Errors
    /// [`WorkError::Vanished`] when the visit has left none; [`WorkError`] when the records or the
    /// vault fail.
    pub async fn evidence_file(&self, act: &Act, id: VisitId) -> Result<Vec<u8>, WorkError> {
        let row = evidence::store::of_visit(&self.db, id)
            .await?
            .ok_or(WorkError::Vanished)?;
        let signed = self.signed(&row).await?;
        let opener = self
            .vault
            .opener(&self.db, Owner::Address(row.address_id))
            .await?;
        let records = opener.get(&ObjectName::stored(&row.records)).await?;
        let records: Vec<Record> = serde_json::from_slice(&records).map_err(WorkError::json)?;
        let file = without_payloads(&Contents {
            manifest: signed.manifest.as_bytes(),
            signature: &signed.signature,
            stamp: row.stamp.as_deref(),
            records: &records,
        });
        let file = file.map_err(WorkError::unreadable)?;
        let tx = self
            .db
            .act(act, "take evidence out without payloads")
            .await?;
        let fact = Fact::Evidence(EvidenceFact::EvidenceTakenOut {
            manifest: HEXLOWER.encode(&row.digest),
        });
        tx.record(id, &fact);
        tx.commit().await?;
        Ok(file)
    }
}

/// Everything a visit received, by its SHA-256.
fn bytes_of(visited: &Visited) -> impl Iterator<Item = (String, &[u8])> {
    let pieces = visited.traffic.pieces.iter();
    let pieces = pieces.map(|(sha256, bytes)| (sha256.clone(), bytes.as_slice()));
    let pictures = visited.pictures.iter();
    let pictures = pictures.map(|one| (HEXLOWER.encode(&one.digests.sha256), one.bytes.as_slice()));
    let shot = visited.screenshot.as_deref();
    pieces
        .chain(pictures)
        .chain(shot.map(|png| (sha256_hex(png), png)))
}

fn exchanges(visited: &Visited, bytes: &HashMap<String, &[u8]>) -> Vec<Exchange> {
    let said = visited.traffic.exchanges.iter();
    said.map(|one| Exchange {
        at: Instant::from_ms(one.at_ms),
        method: one.method.clone(),
        address: one.address.clone(),
        asked_with: one.asked_with.clone(),
        status: one.status,
        headers: one.headers.clone(),
        payload: one.sha256.as_ref().and_then(|sha256| {
            Some(Payload {
                sha256: sha256.clone(),
                bytes: bytes.get(sha256)?.len() as u64,
                truncated: one.truncated,
            })
        }),
        fault: one.fault.clone(),
        ip: only_ip(visited, &one.address),
    })
    .collect()
}

/// The address that was connected to for a web address, when there was only one.
fn only_ip(visited: &Visited, address: &str) -> Option<IpAddr> {
    let url: url::Url = address.parse().ok()?;
    let host = url.host_str()?.trim_matches(['[', ']']);
    let port = url.port_or_known_default()?;
    let made = visited.connections.iter();
    let ips: BTreeSet<IpAddr> = made
        .filter(|made| made.host == host && made.port == port)
        .filter_map(|made| made.ip)
        .collect();
    ips.first().copied().filter(|_| ips.len() == 1)
}

fn resources(visited: &Visited) -> Vec<Resource> {
    let shot = visited.screenshot.as_deref().map(|png| Resource {
        name: format!("urn:screenshot:{}", visited.address),
        media_type: "image/png".into(),
        at: visited.ended_at,
        payload: Payload {
            sha256: sha256_hex(png),
            bytes: png.len() as u64,
            truncated: false,
        },
    });
    shot.into_iter().collect()
}

fn connection(made: &egress::Record) -> Connection {
    Connection {
        host: made.host.clone(),
        port: made.port,
        ip: made.ip,
        through: made.through.clone(),
        opened_at: written(made.opened_at),
        connect_ms: made.connect_ms,
        bytes_in: made.bytes_in,
        bytes_out: made.bytes_out,
        refused: made.refused.clone(),
    }
}

/// What servers showed: to our own handshake first, then as the browser says.
fn certificates(visited: &Visited) -> Vec<Certificate> {
    let looked = visited.traffic.looked.iter().map(|one| Certificate {
        host: one.host.clone(),
        port: one.port,
        seen_by: "way-out".into(),
        sha256: one.sha256.clone(),
        fault: Some(one.fault.clone().unwrap_or_default()),
    });
    let shown = visited.traffic.shown.iter().map(|one| Certificate {
        host: one.host.clone(),
        port: one.port,
        seen_by: "browser".into(),
        sha256: one.sha256.clone(),
        fault: None,
    });
    looked.chain(shown).collect()
}

#[cfg(test)]
#[path = "evidence_tests.rs"]
mod tests;
