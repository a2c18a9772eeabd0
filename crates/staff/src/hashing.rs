//! Hashing passwords: argon2id, away from the async threads and a few at a time.

use std::sync::Arc;
use std::time::Duration;

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use ground::Chance;
use tokio::sync::Semaphore;
use zeroize::Zeroizing;

use crate::StaffError;

/// Memory of one hash, in KiB: 19 MiB with two passes, the OWASP minimum of 2023 and later.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
/// Hashes at one moment: bounds memory when somebody floods the sign-in page.
const AT_ONCE: usize = 2;
/// How long a sign-in waits for its turn.
const PATIENCE: Duration = Duration::from_secs(5);

/// A hash of the same cost that no password fits: checked when the name is unknown, so that both
/// answers take as long.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$bWVsZHB1bnQgbm9ib2R5$\
    AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// The bench on which passwords are hashed.
#[derive(Clone)]
pub struct Hashing {
    turns: Arc<Semaphore>,
}

fn argon2id() -> Result<Argon2<'static>, StaffError> {
    let params = Params::new(MEMORY_KIB, PASSES, 1, None).map_err(failed)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn failed(fault: impl std::fmt::Display) -> StaffError {
    StaffError::Hashing(fault.to_string())
}

impl Hashing {
    pub fn new() -> Self {
        Self {
            turns: Arc::new(Semaphore::new(AT_ONCE)),
        }
    }

    async fn in_turn<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, StaffError> + Send + 'static,
    ) -> Result<T, StaffError> {
        let waited = tokio::time::timeout(PATIENCE, Arc::clone(&self.turns).acquire_owned()).await;
        let turn = waited.map_err(|_| StaffError::Busy)?.map_err(failed)?;
        tokio::task::spawn_blocking(move || {
            let done = work();
            drop(turn);
            done
        })
        .await
        .map_err(failed)?
    }

    /// The argon2id hash of a password, with a fresh salt.
    pub async fn hash(&self, password: &str, chance: &Chance) -> Result<String, StaffError> {
        let password = Zeroizing::new(password.to_owned());
        let salt: [u8; 16] = chance.bytes();
        self.in_turn(move || {
            let hash: PasswordHash = argon2id()?
                .hash_password_with_salt(password.as_bytes(), &salt)
                .map_err(failed)?;
            Ok(hash.to_string())
        })
        .await
    }

    /// Whether the password fits the hash. Without a hash the same work is done and the answer is
    /// no.
    pub async fn fits(&self, password: &str, hash: Option<&str>) -> Result<bool, StaffError> {
        let password = Zeroizing::new(password.to_owned());
        let known = hash.is_some();
        let hash = hash.unwrap_or(NOBODY).to_owned();
        self.in_turn(move || {
            let hash = PasswordHash::new(&hash).map_err(failed)?;
            let fits = argon2id()?
                .verify_password(password.as_bytes(), &hash)
                .is_ok();
            Ok(fits && known)
        })
        .await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_fits_its_own_hash_only() {
        let hashing = Hashing::new();
        let hash = hashing
            .hash("fietsbel lampenkap", &Chance::system())
            .await
            .unwrap();
        assert!(
            hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"),
            "{hash}"
        );
        assert!(
            hashing
                .fits("fietsbel lampenkap", Some(&hash))
                .await
                .unwrap()
        );
        assert!(
            !hashing
                .fits("fietsbel lampenkapp", Some(&hash))
                .await
                .unwrap()
        );
    }

    #[tokio::test]
    async fn the_hash_of_nobody_is_readable_costs_the_same_and_never_fits() {
        let nobody = PasswordHash::new(NOBODY).unwrap();
        let params = Params::try_from(&nobody).unwrap();
        assert_eq!((params.m_cost(), params.t_cost()), (MEMORY_KIB, PASSES));
        assert!(!Hashing::new().fits("", None).await.unwrap());
    }
}
