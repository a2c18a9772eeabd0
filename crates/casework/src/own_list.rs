//! Our own list follows the judgements: what is judged illegal is on it from that transaction on, and
//! off it when the judgement falls.

use ground::{Ask, ContentId, DbError, Tx, Verdict, sea_orm, values};
use hashlist::{Category, Digest, Key};
use sea_orm::FromQueryResult;

use crate::Casework;
use crate::desk::BY_HAND;

#[derive(FromQueryResult)]
struct Content {
    id: ContentId,
}

#[derive(FromQueryResult)]
struct Given {
    verdict: Verdict,
}

#[derive(FromQueryResult)]
struct Hashes {
    sha256: String,
    sha1: String,
    md5: String,
    pdq: Option<Vec<u8>>,
    pdq_512: Option<Vec<u8>>,
    quality: Option<i64>,
}

fn unreadable(what: &str) -> DbError {
    DbError::Unreadable { what: what.into() }
}

fn digest(text: &str) -> Result<Key, DbError> {
    let digest: Digest = text.parse().map_err(|_| unreadable("content.sha256"))?;
    Ok(Key::Bytes(digest))
}

impl Casework {
    /// Brings our own list into line with the judgement of a content that was given or taken back, and
    /// of those that were confirmed for their likeness to it.
    pub(crate) async fn settle_own(&self, tx: &Tx, content: ContentId) -> Result<(), DbError> {
        let sql = "select distinct content_id as id from judgement
            where from_content = $1 and content_id <> $1";
        let alike = tx.rows::<Content>(sql, values![content]).await?;
        for id in alike.into_iter().map(|row| row.id).chain([content]) {
            self.settle_one(tx, id).await?;
        }
        Ok(())
    }

    async fn settle_one(&self, tx: &Tx, content: ContentId) -> Result<(), DbError> {
        let sql = "select verdict from judgement where content_id = $1 and undone_at_ms is null";
        let given = tx.one::<Given>(sql, values![content]).await?;
        match given.map(|given| given.verdict) {
            Some(verdict) if verdict.is_illegal() => {
                let keys = self.keys_of(tx, content).await?;
                if keys.is_empty() {
                    return Ok(());
                }
                let category: Category = verdict
                    .as_str()
                    .parse()
                    .map_err(|_| unreadable("judgement.verdict"))?;
                hashlist::list_own(tx, &self.chance, content, &keys, &category).await
            }
            _ => match tx.act() {
                Some(act) => hashlist::unlist_own(tx, act, content).await,
                None => Ok(()),
            },
        }
    }

    /// The hashes by which a content is recognised elsewhere. An address that was judged by hand has
    /// none; a look of poor quality would match what it should not.
    async fn keys_of(&self, tx: &Tx, content: ContentId) -> Result<Vec<Key>, DbError> {
        let hashes = tx
            .one::<Hashes>(
                "select c.sha256, c.sha1, c.md5, l.pdq, l.pdq_512, l.quality
                 from content c left join likeness l on l.content_id = c.id
                 where c.id = $1 and c.media_type <> $2",
                values![content, BY_HAND],
            )
            .await?;
        let Some(hashes) = hashes else {
            return Ok(Vec::new());
        };
        let mut keys = vec![
            digest(&hashes.sha256)?,
            digest(&hashes.sha1)?,
            digest(&hashes.md5)?,
        ];
        let least = i64::from(self.settings.likeness.quality);
        if hashes.quality.is_some_and(|quality| quality >= least) {
            let look = |bytes: Option<Vec<u8>>| {
                let bytes = bytes.map(<[u8; 32]>::try_from).transpose();
                bytes.map_err(|_| unreadable("likeness.pdq is not 32 bytes"))
            };
            keys.extend(look(hashes.pdq)?.map(Key::Look));
            keys.extend(look(hashes.pdq_512)?.map(Key::Reduced));
        }
        Ok(keys)
    }
}
