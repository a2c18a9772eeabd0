//! The vault itself: a key for each thing, wrapped by the hotline's key; sealing, opening,
//! shredding.

use std::sync::Arc;

use ground::{
    AddressId, Ask, Chance, Clock, ContentId, ConversationId, Db, DbError, Fact, NoticeId,
    ReportId, StaffId, Tx, values,
};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sea_orm_row::Wrapped;
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::keys::HotlineKeys;
use crate::objects::{ObjectName, Objects, open_stream, seal_stream};
use crate::seal::{Place, SealError, open_with, seal_with};

mod openers;
mod parts;

pub use parts::Parts;

mod sea_orm_row {
    use ground::sea_orm;

    #[derive(sea_orm::FromQueryResult)]
    pub struct Wrapped {
        pub wrapped: Vec<u8>,
    }
}

/// Why the vault could not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    /// The key was destroyed: what it sealed cannot be read by anybody, ever again.
    #[error("the key was destroyed; what it sealed is gone for good")]
    Shredded,
    /// The sealed value does not open: another key, another place, or altered.
    #[error(transparent)]
    Seal(#[from] SealError),
    /// The records failed.
    #[error(transparent)]
    Db(#[from] DbError),
    /// The object is not in the store.
    #[error("the object is not in the store")]
    NoSuchObject,
    /// The store failed.
    #[error("the object store failed: {0}")]
    Store(String),
}

/// Whose key seals something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Owner {
    /// A report: its sender's words.
    Report(ReportId),
    /// An address: itself, its items' addresses, its visits.
    Address(AddressId),
    /// A content: its bytes and previews.
    Content(ContentId),
    /// A notice: its text.
    Notice(NoticeId),
    /// A member of staff: the second factor.
    Staff(StaffId),
    /// A conversation on a chat platform: all that was said in it, and whom to answer.
    Conversation(ConversationId),
}

impl Owner {
    /// The retention class of what this owner's key seals.
    #[must_use]
    pub const fn class(&self) -> &'static str {
        match self {
            Self::Report(_) => "report",
            Self::Address(_) => "address",
            Self::Content(_) => "content",
            Self::Notice(_) => "notice",
            Self::Staff(_) => "staff",
            Self::Conversation(_) => "conversation",
        }
    }
}

impl std::fmt::Display for Owner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Report(id) => id.fmt(f),
            Self::Address(id) => id.fmt(f),
            Self::Content(id) => id.fmt(f),
            Self::Notice(id) => id.fmt(f),
            Self::Staff(id) => id.fmt(f),
            Self::Conversation(id) => id.fmt(f),
        }
    }
}

/// What a blind index is for; the same text under two purposes gives unrelated values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Blind {
    /// A canonical web address.
    Address,
    /// A host name.
    Host,
    /// What a chat platform knows somebody by.
    Sender,
    /// An event on a chat platform.
    Event,
}

/// Keys and objects together; cheap to clone.
#[derive(Clone, Debug)]
pub struct Vault {
    keys: Arc<HotlineKeys>,
    objects: Objects,
    clock: Clock,
    chance: Chance,
}

type DataKey = Zeroizing<[u8; 32]>;

impl Vault {
    /// A vault with these keys over this store.
    #[must_use]
    pub fn new(keys: HotlineKeys, objects: Objects, clock: Clock, chance: Chance) -> Self {
        Self {
            keys: Arc::new(keys),
            objects,
            clock,
            chance,
        }
    }

    /// The hotline's keys.
    #[must_use]
    pub fn keys(&self) -> &HotlineKeys {
        &self.keys
    }

    /// The object store.
    #[must_use]
    pub const fn objects(&self) -> &Objects {
        &self.objects
    }

    /// The blind index of a text, for finding it again without storing it readably.
    #[must_use]
    pub fn blind(&self, purpose: Blind, text: &str) -> Vec<u8> {
        let label: &[u8] = match purpose {
            Blind::Address => b"address|",
            Blind::Host => b"host|",
            Blind::Sender => b"chat sender|",
            Blind::Event => b"chat event|",
        };
        // HMAC takes keys of any length, so making one cannot fail.
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&*self.keys.blinding) else {
            return Vec::new();
        };
        mac.update(label);
        mac.update(text.as_bytes());
        mac.finalize().into_bytes().to_vec()
    }

    /// Seals a field under the owner's key, which is made when the owner has none.
    ///
    /// # Errors
    /// [`VaultError::Db`] when the records fail.
    pub async fn seal(
        &self,
        tx: &Tx,
        owner: Owner,
        place: Place,
        plain: &[u8],
    ) -> Result<Vec<u8>, VaultError> {
        self.sealer(tx, owner).await?.seal(&place, plain)
    }

    /// Opens a field.
    ///
    /// # Errors
    /// [`VaultError::Shredded`] when the owner's key is gone; [`VaultError::Seal`] when it does not
    /// open.
    pub async fn open(
        &self,
        ask: &impl Ask,
        owner: Owner,
        place: Place,
        sealed: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, VaultError> {
        self.opener(ask, owner).await?.open(&place, sealed)
    }

    /// Takes the owner's key out for sealing several things; made when there is none.
    ///
    /// # Errors
    /// [`VaultError::Db`] when the records fail.
    pub async fn sealer(&self, tx: &Tx, owner: Owner) -> Result<Sealer, VaultError> {
        // Never more exact: a report's key is made when its letter comes (IN-9).
        let hour = self.clock.now().start_of_hour();
        let fresh: DataKey = Zeroizing::new(self.chance.bytes());
        let wrapped = seal_with(&self.keys.wrapping, &wrapping(owner), &*fresh, &self.chance)?;
        let made = tx
            .execute(
                "insert into seal_key (owner, class, wrapped, made_at_ms) values ($1, $2, $3, $4)
                 on conflict (owner) do nothing",
                values![owner.to_string(), owner.class(), wrapped, hour],
            )
            .await?;
        let key = if made == 1 {
            fresh
        } else {
            self.key(tx, owner).await?
        };
        Ok(Sealer {
            vault: self.clone(),
            owner,
            key,
        })
    }

    /// As [`Vault::sealer`], in an upkeep transaction of its own: for objects, which are stored
    /// before the records that name them.
    ///
    /// # Errors
    /// [`VaultError::Db`] when the records fail.
    pub async fn ready(&self, db: &Db, owner: Owner) -> Result<Sealer, VaultError> {
        let tx = db.upkeep("make a key").await?;
        let sealer = self.sealer(&tx, owner).await?;
        tx.commit().await?;
        Ok(sealer)
    }

    /// Takes the owner's key out for opening several things.
    ///
    /// # Errors
    /// [`VaultError::Shredded`] when the owner's key is gone.
    pub async fn opener(&self, ask: &impl Ask, owner: Owner) -> Result<Opener, VaultError> {
        let key = self.key(ask, owner).await?;
        Ok(Opener {
            objects: self.objects.clone(),
            owner,
            key,
        })
    }

    async fn key(&self, ask: &impl Ask, owner: Owner) -> Result<DataKey, VaultError> {
        let row = ask
            .one::<Wrapped>(
                "select wrapped from seal_key where owner = $1",
                values![owner.to_string()],
            )
            .await?
            .ok_or(VaultError::Shredded)?;
        self.unwrapped(owner, &row.wrapped)
    }

    fn unwrapped(&self, owner: Owner, wrapped: &[u8]) -> Result<DataKey, VaultError> {
        let plain = open_with(&self.keys.wrapping, &wrapping(owner), wrapped)?;
        let key: [u8; 32] = plain.as_slice().try_into().map_err(|_| SealError::BadKey)?;
        Ok(Zeroizing::new(key))
    }

    /// Destroys the owner's key and records it: the deletion of everything it sealed. False when
    /// there was no key.
    ///
    /// # Errors
    /// [`VaultError::Db`] when the records fail.
    pub async fn shred(&self, tx: &Tx, owner: Owner) -> Result<bool, VaultError> {
        let gone = tx
            .execute(
                "delete from seal_key where owner = $1",
                values![owner.to_string()],
            )
            .await?;
        if gone == 1 {
            tx.record(
                owner,
                &Fact::KeyShredded {
                    class: owner.class().into(),
                },
            );
        }
        Ok(gone == 1)
    }
}

fn wrapping(owner: Owner) -> Vec<u8> {
    Place::new("seal_key.wrapped", owner).bound_to(owner.class())
}

/// An owner's key, taken out for sealing.
pub struct Sealer {
    vault: Vault,
    owner: Owner,
    key: DataKey,
}

impl Sealer {
    /// Seals a field.
    ///
    /// # Errors
    /// [`SealError::TooLong`].
    pub fn seal(&self, place: &Place, plain: &[u8]) -> Result<Vec<u8>, VaultError> {
        let bound_to = place.bound_to(&self.owner.to_string());
        Ok(seal_with(&self.key, &bound_to, plain, &self.vault.chance)?)
    }

    /// Seals and stores an object; durable when this returns.
    ///
    /// # Errors
    /// [`VaultError::Store`] when the store fails.
    pub async fn put(&self, plain: &[u8]) -> Result<ObjectName, VaultError> {
        let name = ObjectName::fresh(&self.vault.chance);
        let bound_to = Place::new("object", name.as_str()).bound_to(&self.owner.to_string());
        let sealed = seal_stream(&self.key, &bound_to, plain, &self.vault.chance)?;
        self.vault.objects.put(&name, sealed).await?;
        Ok(name)
    }
}

/// An owner's key, taken out for opening.
pub struct Opener {
    objects: Objects,
    owner: Owner,
    key: DataKey,
}

impl Opener {
    /// Opens a field.
    ///
    /// # Errors
    /// [`VaultError::Seal`] when it does not open.
    pub fn open(&self, place: &Place, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, VaultError> {
        Ok(open_with(
            &self.key,
            &place.bound_to(&self.owner.to_string()),
            sealed,
        )?)
    }

    /// Fetches and opens an object.
    ///
    /// # Errors
    /// [`VaultError::NoSuchObject`], [`VaultError::Store`] or [`VaultError::Seal`].
    pub async fn get(&self, name: &ObjectName) -> Result<Zeroizing<Vec<u8>>, VaultError> {
        let sealed = self.objects.get(name).await?;
        let bound_to = Place::new("object", name.as_str()).bound_to(&self.owner.to_string());
        Ok(open_stream(&self.key, &bound_to, &sealed)?)
    }
}

#[cfg(test)]
mod tests;
