//! A large object opened in parts: only the chunks that are asked for are fetched and opened.
//!
//! Each chunk is authenticated with its place in the object and with whether it is the last, so that
//! a chunk left out, repeated or moved does not open here either. That nothing was cut off the end is
//! known once the last chunk was opened.

use std::ops::Range;

use aead_stream::{NewStream as _, StreamBE32, StreamPrimitive as _};
use chacha20poly1305::XChaCha20Poly1305;
use chacha20poly1305::aead::Payload;
use zeroize::Zeroizing;

use super::{Opener, VaultError};
use crate::objects::{CHUNK, HEAD, NONCE, ObjectName, Objects, TAG, VERSION};
use crate::seal::{Place, SealError};

/// A chunk as it is stored, in bytes.
const SEALED: u64 = (CHUNK + TAG) as u64;

/// An object that is opened in parts.
pub struct Parts {
    objects: Objects,
    name: ObjectName,
    stream: StreamBE32<XChaCha20Poly1305>,
    bound_to: Vec<u8>,
    /// Bytes of all sealed chunks together; never 0.
    sealed: u64,
}

impl Opener {
    /// Opens an object in parts, as they are asked for.
    ///
    /// # Errors
    /// As [`Opener::get`].
    pub async fn parts(&self, name: &ObjectName) -> Result<Parts, VaultError> {
        let bound_to = Place::new("object", name.as_str()).bound_to(&self.owner.to_string());
        Parts::of(self.objects.clone(), name, &self.key, bound_to).await
    }
}

impl Parts {
    async fn of(
        objects: Objects,
        name: &ObjectName,
        key: &[u8; 32],
        bound_to: Vec<u8>,
    ) -> Result<Self, VaultError> {
        let length = objects.length(name).await?;
        let sealed = length
            .checked_sub(HEAD as u64)
            .ok_or(SealError::NotOpened)?;
        if sealed < TAG as u64 {
            return Err(SealError::NotOpened.into());
        }
        let head = objects.range(name, 0..HEAD as u64).await?;
        let (version, nonce) = head.split_first().ok_or(SealError::NotOpened)?;
        let nonce = <[u8; NONCE]>::try_from(nonce).map_err(|_| SealError::NotOpened)?;
        if *version != VERSION {
            return Err(SealError::NotOpened.into());
        }
        Ok(Self {
            objects,
            name: name.clone(),
            stream: StreamBE32::new(&(*key).into(), &nonce.into()),
            bound_to,
            sealed,
        })
    }

    const fn last(&self) -> u64 {
        (self.sealed - 1) / SEALED
    }

    /// Length of what is sealed, in bytes.
    #[must_use]
    pub const fn length(&self) -> u64 {
        self.sealed.saturating_sub((self.last() + 1) * TAG as u64)
    }

    /// The bytes from `at` to the end of the chunk they lie in, at most 64 KiB; empty at the end.
    ///
    /// # Errors
    /// [`VaultError::NoSuchObject`], [`VaultError::Store`] or [`VaultError::Seal`].
    pub async fn piece(&self, at: u64) -> Result<Zeroizing<Vec<u8>>, VaultError> {
        if at >= self.length() {
            return Ok(Zeroizing::new(Vec::new()));
        }
        let chunk = at / CHUNK as u64;
        let mut plain = self.chunk(chunk).await?;
        let before = usize::try_from(at % CHUNK as u64).unwrap_or(CHUNK);
        let before = before.min(plain.len());
        plain.drain(..before);
        Ok(plain)
    }

    async fn chunk(&self, chunk: u64) -> Result<Zeroizing<Vec<u8>>, VaultError> {
        let from = chunk * SEALED;
        let upto = (from + SEALED).min(self.sealed);
        let range: Range<u64> = HEAD as u64 + from..HEAD as u64 + upto;
        let sealed = self.objects.range(&self.name, range).await?;
        let place = u32::try_from(chunk).map_err(|_| SealError::TooLong)?;
        let payload = Payload {
            msg: &sealed,
            aad: &self.bound_to,
        };
        let plain = self.stream.decrypt(place, chunk == self.last(), payload);
        Ok(Zeroizing::new(plain.map_err(|_| SealError::NotOpened)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::objects::seal_stream;
    use ground::Chance;
    use proptest::prelude::*;

    fn wait<T>(future: impl Future<Output = T>) -> T {
        tokio::runtime::Builder::new_current_thread()
            .build()
            .unwrap()
            .block_on(future)
    }

    async fn stored(sealed: Vec<u8>, bound_to: &[u8]) -> Result<Parts, VaultError> {
        let objects = Objects::in_memory();
        let name = ObjectName::fresh(&Chance::system());
        objects.put(&name, sealed).await?;
        Parts::of(objects, &name, &[1; 32], bound_to.to_vec()).await
    }

    fn drawn(length: usize) -> Vec<u8> {
        (0..length)
            .map(|n| u8::try_from(n % 251).unwrap())
            .collect()
    }

    fn sealed(plain: &[u8]) -> Vec<u8> {
        seal_stream(&[1; 32], b"place", plain, &Chance::system()).unwrap()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(40))]
        #[test]
        fn any_part_of_an_object_is_what_stands_there(
            length in prop_oneof![0usize..10, 65_530usize..65_545, 131_070usize..131_080, 0usize..300_000],
            at in any::<u32>()
        ) {
            let plain = drawn(length);
            wait(async {
                let parts = stored(sealed(&plain), b"place").await.unwrap();
                prop_assert_eq!(parts.length(), length as u64);
                let at = at as usize % (length + 1);
                let piece = parts.piece(at as u64).await.unwrap();
                prop_assert!(piece.len() <= CHUNK && piece.is_empty() == (at == length));
                prop_assert_eq!(piece.as_slice(), &plain[at..at + piece.len()]);
                prop_assert!(parts.piece(u64::MAX).await.unwrap().is_empty());
                Ok(())
            })?;
        }

        #[test]
        fn a_chunk_that_was_moved_cut_or_bound_elsewhere_does_not_open(cut in 0usize..200_000) {
            let good = sealed(&drawn(180_000));
            wait(async {
                let mut swapped = good.clone();
                let (one, two) = (HEAD, HEAD + CHUNK + TAG);
                for n in 0..CHUNK + TAG {
                    swapped.swap(one + n, two + n);
                }
                let parts = stored(swapped, b"place").await.unwrap();
                prop_assert!(parts.piece(0).await.is_err());
                let parts = stored(good.clone(), b"other").await.unwrap();
                prop_assert!(parts.piece(70_000).await.is_err());
                let cut = cut % good.len();
                if let Ok(parts) = stored(good[..cut].to_vec(), b"place").await {
                    let end = parts.length().saturating_sub(1);
                    prop_assert!(parts.length() == 0 || parts.piece(end).await.is_err());
                }
                Ok(())
            })?;
        }
    }
}
