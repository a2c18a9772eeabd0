//! Objects: pictures and screenshots, sealed before they get to the store.
//!
//! STREAM over XChaCha20-Poly1305 in chunks of 64 KiB (aead-stream), so that a chunk cannot be left
//! out, repeated or moved. The store is a folder by default; it never sees anything readable.

use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use aead_stream::{DecryptorBE32, EncryptorBE32};
use chacha20poly1305::XChaCha20Poly1305;
use chacha20poly1305::aead::Payload;
use ground::Chance;
use object_store::local::LocalFileSystem;
use object_store::memory::InMemory;
use object_store::{ObjectStore, ObjectStoreExt as _};
use zeroize::Zeroizing;

use crate::seal::SealError;
use crate::vault::VaultError;

pub(crate) const CHUNK: usize = 64 * 1_024;
pub(crate) const TAG: usize = 16;
pub(crate) const NONCE: usize = 19;
pub(crate) const VERSION: u8 = 1;
/// Version and nonce, in front of the first chunk.
pub(crate) const HEAD: usize = 1 + NONCE;

/// The name of an object: random, so that a listing of the store tells nothing.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ObjectName(String);

impl ObjectName {
    /// A new random name.
    #[must_use]
    pub fn fresh(chance: &Chance) -> Self {
        Self(data_encoding::HEXLOWER.encode(&chance.bytes::<20>()))
    }

    /// A name as stored in a record.
    #[must_use]
    pub fn stored(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// The text to store in a record.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn path(&self) -> object_store::path::Path {
        // Two levels of folders keep each folder small at millions of objects.
        let (a, b) = (
            self.0.get(..2).unwrap_or("_"),
            self.0.get(2..4).unwrap_or("_"),
        );
        object_store::path::Path::from(format!("{a}/{b}/{}", self.0))
    }
}

/// Where sealed objects are kept.
#[derive(Clone, Debug)]
pub struct Objects(Arc<dyn ObjectStore>);

impl Objects {
    /// A folder, made when missing.
    ///
    /// # Errors
    /// When the folder cannot be made or used.
    pub fn folder(path: &Path) -> Result<Self, VaultError> {
        std::fs::create_dir_all(path).map_err(|why| VaultError::Store(why.to_string()))?;
        let store = LocalFileSystem::new_with_prefix(path)
            .map_err(|why| VaultError::Store(why.to_string()))?
            .with_fsync(true);
        Ok(Self(Arc::new(store)))
    }

    /// In memory, for tests.
    #[must_use]
    pub fn in_memory() -> Self {
        Self(Arc::new(InMemory::new()))
    }

    pub(crate) async fn put(&self, name: &ObjectName, sealed: Vec<u8>) -> Result<(), VaultError> {
        self.0
            .put(&name.path(), sealed.into())
            .await
            .map_err(store_fault)?;
        Ok(())
    }

    pub(crate) async fn get(&self, name: &ObjectName) -> Result<Vec<u8>, VaultError> {
        let got = self.0.get(&name.path()).await.map_err(store_fault)?;
        Ok(got.bytes().await.map_err(store_fault)?.to_vec())
    }

    /// Length of an object as it is stored, in bytes.
    pub(crate) async fn length(&self, name: &ObjectName) -> Result<u64, VaultError> {
        Ok(self.0.head(&name.path()).await.map_err(store_fault)?.size)
    }

    /// Some bytes of an object as it is stored.
    pub(crate) async fn range(
        &self,
        name: &ObjectName,
        range: Range<u64>,
    ) -> Result<Vec<u8>, VaultError> {
        let got = self.0.get_range(&name.path(), range).await;
        Ok(got.map_err(store_fault)?.to_vec())
    }

    /// Removes an object; one that is not there is no error.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn remove(&self, name: &ObjectName) -> Result<(), VaultError> {
        match self.0.delete(&name.path()).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(why) => Err(store_fault(why)),
        }
    }
}

fn store_fault(why: object_store::Error) -> VaultError {
    match why {
        object_store::Error::NotFound { .. } => VaultError::NoSuchObject,
        other => VaultError::Store(other.to_string()),
    }
}

pub(crate) fn seal_stream(
    key: &[u8; 32],
    bound_to: &[u8],
    plain: &[u8],
    chance: &Chance,
) -> Result<Vec<u8>, SealError> {
    let nonce: [u8; NONCE] = chance.bytes();
    let mut stream = EncryptorBE32::<XChaCha20Poly1305>::new(&(*key).into(), &nonce.into());
    let mut out = Vec::with_capacity(1 + NONCE + plain.len() + (plain.len() / CHUNK + 1) * TAG);
    out.push(VERSION);
    out.extend_from_slice(&nonce);
    let full = plain.len().saturating_sub(1) / CHUNK;
    let (body, last) = plain.split_at(full * CHUNK);
    for chunk in body.chunks(CHUNK) {
        let payload = Payload {
            msg: chunk,
            aad: bound_to,
        };
        out.extend(
            stream
                .encrypt_next(payload)
                .map_err(|_| SealError::TooLong)?,
        );
    }
    let payload = Payload {
        msg: last,
        aad: bound_to,
    };
    out.extend(
        stream
            .encrypt_last(payload)
            .map_err(|_| SealError::TooLong)?,
    );
    Ok(out)
}

pub(crate) fn open_stream(
    key: &[u8; 32],
    bound_to: &[u8],
    sealed: &[u8],
) -> Result<Zeroizing<Vec<u8>>, SealError> {
    let (version, rest) = sealed.split_first().ok_or(SealError::NotOpened)?;
    let (nonce, rest) = rest
        .split_first_chunk::<NONCE>()
        .ok_or(SealError::NotOpened)?;
    if *version != VERSION || rest.len() < TAG {
        return Err(SealError::NotOpened);
    }
    let mut stream = DecryptorBE32::<XChaCha20Poly1305>::new(&(*key).into(), &(*nonce).into());
    let mut out = Zeroizing::new(Vec::with_capacity(rest.len()));
    let full = (rest.len() - 1) / (CHUNK + TAG);
    let (body, last) = rest.split_at(full * (CHUNK + TAG));
    for chunk in body.chunks(CHUNK + TAG) {
        let payload = Payload {
            msg: chunk,
            aad: bound_to,
        };
        out.extend(
            stream
                .decrypt_next(payload)
                .map_err(|_| SealError::NotOpened)?,
        );
    }
    let payload = Payload {
        msg: last,
        aad: bound_to,
    };
    out.extend(
        stream
            .decrypt_last(payload)
            .map_err(|_| SealError::NotOpened)?,
    );
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(40))]
        #[test]
        fn an_object_of_any_length_opens_whole_or_not_at_all(
            length in prop_oneof![0usize..10, 65_530usize..65_545, 131_070usize..131_080, 0usize..300_000],
            cut in any::<u32>()
        ) {
            let plain: Vec<u8> = (0..length).map(|n| u8::try_from(n % 251).unwrap()).collect();
            let sealed = seal_stream(&[1; 32], b"place", &plain, &Chance::system()).unwrap();
            let opened = open_stream(&[1; 32], b"place", &sealed).unwrap();
            prop_assert_eq!(opened.as_slice(), plain.as_slice());
            prop_assert!(open_stream(&[1; 32], b"other", &sealed).is_err());
            let cut = cut as usize % sealed.len();
            prop_assert!(open_stream(&[1; 32], b"place", &sealed[..cut]).is_err());
        }
    }
}
