//! Whole evidence, sealed to the police: every payload that is still there, in a file we cannot open
//! again. Nothing else makes a file with payloads (law 3).

use std::collections::HashMap;

use data_encoding::HEXLOWER;
use evidence::package::{Contents, whole};
use evidence::store::EvidenceRow;
use evidence::{Pieces, PoliceKey, Record, sha256_hex};
use vault::{ObjectName, Opener, Owner, VaultError};
use zeroize::Zeroizing;

use crate::{Casework, WorkError};

/// What was sealed.
pub(crate) struct SealedWhole {
    /// The age file.
    pub file: Vec<u8>,
    /// SHA-256 of the manifest, as it stands in the ledger.
    pub manifest: String,
    /// Payloads that are not in it because their time was over.
    pub gone: u32,
}

type Payloads = HashMap<String, Zeroizing<Vec<u8>>>;

impl Casework {
    /// The file of a visit's evidence with everything that is still there, sealed to the police. All of
    /// it is in memory while it is made.
    pub(crate) async fn seal_whole(
        &self,
        row: &EvidenceRow,
        key: &PoliceKey,
    ) -> Result<SealedWhole, WorkError> {
        let signed = self.signed(row).await?;
        let owner = Owner::Address(row.address_id);
        let opener = self.vault.opener(&self.db, owner).await?;
        let records = opener.get(&ObjectName::stored(&row.records)).await?;
        let records: Vec<Record> = serde_json::from_slice(&records).map_err(WorkError::json)?;
        let payloads = self.payloads(row, &opener, &records).await?;
        let contents = Contents {
            manifest: signed.manifest.as_bytes(),
            signature: &signed.signature,
            stamp: row.stamp.as_deref(),
            records: &records,
        };
        let plain = whole(&contents, |sha256| {
            payloads.get(sha256).map(|one| one.as_slice())
        });
        let plain = plain.map_err(WorkError::unreadable)?;
        let file = Zeroizing::new(plain.file);
        Ok(SealedWhole {
            file: key.seal(&file).map_err(WorkError::refused)?,
            manifest: HEXLOWER.encode(&row.digest),
            gone: u32::try_from(plain.gone).unwrap_or(u32::MAX),
        })
    }

    /// What the records held, as far as it is still there, by its SHA-256.
    async fn payloads(
        &self,
        row: &EvidenceRow,
        opener: &Opener,
        records: &[Record],
    ) -> Result<Payloads, WorkError> {
        let mut known = Payloads::new();
        let visit = capture::store::visit(&self.db, row.id).await?;
        let shot = visit.and_then(|visit| visit.screenshot);
        if let Some(shot) = got(opener, shot.as_deref()).await? {
            known.insert(sha256_hex(&shot), shot);
        }
        let pieces = match got(opener, row.pieces.as_deref()).await? {
            Some(bytes) => Pieces::from_bytes(&bytes).map_err(WorkError::unreadable)?,
            None => Pieces::default(),
        };
        for payload in records.iter().filter_map(|record| record.payload.as_ref()) {
            let sha256 = &payload.sha256;
            if known.contains_key(sha256) {
                continue;
            }
            if let Some(piece) = pieces.get(sha256) {
                known.insert(sha256.clone(), Zeroizing::new(piece.to_vec()));
            } else if let Some(bytes) = self.original(sha256).await? {
                known.insert(sha256.clone(), bytes);
            }
        }
        Ok(known)
    }

    /// The bytes of a content; none when there is none, or it was shredded.
    async fn original(&self, sha256: &str) -> Result<Option<Zeroizing<Vec<u8>>>, WorkError> {
        let Some(content) = capture::store::content_by_sha256(&self.db, sha256).await? else {
            return Ok(None);
        };
        match self
            .vault
            .opener(&self.db, Owner::Content(content.id))
            .await
        {
            Ok(opener) => got(&opener, Some(&content.original)).await,
            Err(VaultError::Shredded) => Ok(None),
            Err(fault) => Err(fault.into()),
        }
    }
}

/// An object's bytes; none when it is not there any more.
async fn got(opener: &Opener, name: Option<&str>) -> Result<Option<Zeroizing<Vec<u8>>>, WorkError> {
    let Some(name) = name else { return Ok(None) };
    match opener.get(&ObjectName::stored(name)).await {
        Ok(bytes) => Ok(Some(bytes)),
        Err(VaultError::NoSuchObject) => Ok(None),
        Err(fault) => Err(fault.into()),
    }
}
