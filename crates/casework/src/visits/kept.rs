//! Sealing what was found: before any record names it, and swept up again when none comes to.

use capture::store::ContentRow;
use capture::{Decode, Picture};
use data_encoding::HEXLOWER;
use ground::ContentId;
use vault::{ObjectName, Owner, Sealer};

use crate::{Casework, WorkError};

/// A picture whose bytes are sealed, not yet named by a record.
pub(crate) struct Kept<'a> {
    pub picture: &'a Picture,
    pub content: ContentRow,
    /// The object that holds the contact sheet of a video.
    pub sheet: Option<String>,
    /// Whether its objects were stored by this visit.
    pub fresh: bool,
}

impl Casework {
    /// Seals the pictures of a visit.
    pub(crate) async fn keep_all<'a>(
        &self,
        pictures: &'a [Picture],
    ) -> Result<Vec<Kept<'a>>, WorkError> {
        let mut kept = Vec::with_capacity(pictures.len());
        for picture in pictures {
            kept.push(self.keep(picture).await?);
        }
        Ok(kept)
    }

    /// Seals the bytes of a picture, unless they are known.
    async fn keep<'a>(&self, picture: &'a Picture) -> Result<Kept<'a>, WorkError> {
        let sha256 = HEXLOWER.encode(&picture.digests.sha256);
        let known = capture::store::content_by_sha256(&self.db, &sha256).await?;
        if let Some(content) = known {
            return Ok(Kept {
                picture,
                content,
                sheet: None,
                fresh: false,
            });
        }
        let id = ContentId::fresh(&self.chance);
        let sealer = self.vault.ready(&self.db, Owner::Content(id)).await?;
        let original = sealer.put(&picture.bytes).await?;
        let content = ContentRow {
            id,
            sha256,
            sha1: HEXLOWER.encode(&picture.digests.sha1),
            md5: HEXLOWER.encode(&picture.digests.md5),
            size_bytes: i64::try_from(picture.bytes.len()).unwrap_or(i64::MAX),
            media_type: picture.media_type.clone(),
            width: picture.width.map(i64::from),
            height: picture.height.map(i64::from),
            undecodable: match &picture.decode {
                Decode::Decoded => None,
                Decode::Failed(why) => Some(why.clone()),
            },
            original: original.as_str().to_owned(),
            veiled: put_some(&sealer, picture.veiled.as_deref()).await?,
            soft: put_some(&sealer, picture.soft.as_deref()).await?,
            found_at_ms: self.clock.now(),
        };
        Ok(Kept {
            picture,
            content,
            sheet: put_some(&sealer, picture.sheet.as_deref()).await?,
            fresh: true,
        })
    }

    /// Removes objects that no record names.
    pub(crate) async fn sweep(
        &self,
        unnamed: impl Iterator<Item = Kept<'_>>,
    ) -> Result<(), WorkError> {
        for kept in unnamed {
            let objects = [
                Some(&kept.content.original),
                kept.content.veiled.as_ref(),
                kept.content.soft.as_ref(),
                kept.sheet.as_ref(),
            ];
            for name in objects.into_iter().flatten() {
                self.vault
                    .objects()
                    .remove(&ObjectName::stored(name))
                    .await?;
            }
        }
        Ok(())
    }
}

async fn put_some(sealer: &Sealer, bytes: Option<&[u8]>) -> Result<Option<String>, WorkError> {
    match bytes {
        Some(bytes) => Ok(Some(sealer.put(bytes).await?.as_str().to_owned())),
        None => Ok(None),
    }
}
