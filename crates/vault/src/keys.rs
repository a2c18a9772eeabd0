//! The hotline's keys and the folder they live in.
//!
//! `hotline.secret` holds 32 random bytes from which every secret of the staff side is derived
//! (HKDF-SHA256, one label each). `intake.public` is the only key file the door needs, next to its
//! own `door.secret`, which opens form tokens and nothing else. `hash-check.secret` is one of the derived
//! secrets, written out for the hash-check service: it recognises the keys of providers and opens nothing.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use ed25519_dalek::SigningKey;
use ground::Chance;
use hkdf::Hkdf;
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::intake::{IntakePublic, IntakeSecret};

/// Why the keys cannot be used; reads on from "the keys cannot be used: ".
#[derive(Debug, thiserror::Error)]
pub enum KeyFault {
    /// The file is not there.
    #[error(
        "{0} is missing; restore it from your backup, or run `meldpunt keys make` on a new installation"
    )]
    Missing(PathBuf),
    /// The file is there and does not hold a key.
    #[error("{0} does not hold a key")]
    Damaged(PathBuf),
    /// Others than the owner can read it.
    #[error("{0} can be read by other users; run `chmod 600` on it")]
    OpenToOthers(PathBuf),
    /// There are keys already, and making new ones would make everything unreadable.
    #[error("{0} exists; it is never overwritten, for everything sealed with it would be lost")]
    Exists(PathBuf),
    /// The file system refused.
    #[error("{path} cannot be used: {why}")]
    Io {
        /// Which file.
        path: PathBuf,
        /// What the system says.
        why: std::io::Error,
    },
}

/// The file of the one secret that the hash-check service holds.
const HASH_CHECK: &str = "hash-check.secret";

/// Derives 32 bytes from a secret, for one purpose (RFC 5869).
#[must_use]
pub fn hkdf(secret: &[u8], label: &str) -> Zeroizing<[u8; 32]> {
    let mut out = Zeroizing::new([0; 32]);
    // 32 bytes is within the limit of 255 blocks, so expanding cannot fail.
    let _ =
        Hkdf::<Sha256>::new(Some(b"meldpunt keys 1"), secret).expand(label.as_bytes(), &mut *out);
    out
}

/// Every secret of the staff side.
pub struct HotlineKeys {
    pub(crate) wrapping: Zeroizing<[u8; 32]>,
    pub(crate) blinding: Zeroizing<[u8; 32]>,
    tokens: Zeroizing<[u8; 32]>,
    signing: SigningKey,
    evidence: SigningKey,
    intake: IntakeSecret,
    intake_public: IntakePublic,
}

impl std::fmt::Debug for HotlineKeys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("HotlineKeys")
    }
}

impl HotlineKeys {
    /// The keys that follow from 32 secret bytes.
    #[must_use]
    pub fn from_seed(seed: &[u8; 32]) -> Self {
        let (intake, intake_public) = IntakeSecret::from_seed(&hkdf(seed, "intake"));
        Self {
            wrapping: hkdf(seed, "wrapping"),
            blinding: hkdf(seed, "blinding"),
            tokens: hkdf(seed, "tokens"),
            signing: SigningKey::from_bytes(&hkdf(seed, "signing")),
            evidence: SigningKey::from_bytes(&hkdf(seed, "evidence")),
            intake,
            intake_public,
        }
    }

    /// Makes a new set of key files in `folder`.
    ///
    /// # Errors
    /// [`KeyFault::Exists`] when there is one already; [`KeyFault::Io`].
    pub fn make(folder: &Path, chance: &Chance) -> Result<Self, KeyFault> {
        std::fs::create_dir_all(folder).map_err(|why| KeyFault::Io {
            path: folder.to_owned(),
            why,
        })?;
        let seed: Zeroizing<[u8; 32]> = Zeroizing::new(chance.bytes());
        let keys = Self::from_seed(&seed);
        write_new(&folder.join("hotline.secret"), &*seed)?;
        write_new(&folder.join("door.secret"), &chance.bytes::<32>())?;
        write_new(
            &folder.join("intake.public"),
            &keys.intake_public.to_bytes(),
        )?;
        keys.write_hash_check(folder)?;
        Ok(keys)
    }

    /// Loads the staff side's keys from `folder`.
    ///
    /// # Errors
    /// [`KeyFault`] that says which file is wrong and what to do.
    pub fn load(folder: &Path) -> Result<Self, KeyFault> {
        let seed = read(&folder.join("hotline.secret"))?;
        Ok(Self::from_seed(&seed))
    }

    /// Loads what the door needs: the intake's public key and the key of form tokens.
    ///
    /// # Errors
    /// [`KeyFault`] that says which file is wrong and what to do.
    pub fn load_door(folder: &Path) -> Result<(IntakePublic, Zeroizing<[u8; 32]>), KeyFault> {
        Ok((
            Self::load_intake(folder)?,
            read(&folder.join("door.secret"))?,
        ))
    }

    /// Loads all that the line needs: the intake's public key.
    ///
    /// # Errors
    /// [`KeyFault`] that says which file is wrong and what to do.
    pub fn load_intake(folder: &Path) -> Result<IntakePublic, KeyFault> {
        let path = folder.join("intake.public");
        IntakePublic::from_bytes(&*read(&path)?).map_err(|_| KeyFault::Damaged(path))
    }

    /// The key under which digests of providers' keys are made.
    #[must_use]
    pub fn hash_check(&self) -> Zeroizing<[u8; 32]> {
        self.token_key("hash-check client key")
    }

    /// Writes [`Self::hash_check`] into a file of its own, if it is not there: folders made by earlier
    /// versions do not have it.
    ///
    /// # Errors
    /// [`KeyFault`] when it cannot be written, or holds another key.
    pub fn write_hash_check(&self, folder: &Path) -> Result<(), KeyFault> {
        match write_new(&folder.join(HASH_CHECK), &*self.hash_check()) {
            Err(KeyFault::Exists(path)) if *read(&path)? != *self.hash_check() => {
                Err(KeyFault::Damaged(path))
            }
            Ok(()) | Err(KeyFault::Exists(_)) => Ok(()),
            Err(fault) => Err(fault),
        }
    }

    /// Loads all that the hash-check service needs: [`Self::hash_check`].
    ///
    /// # Errors
    /// [`KeyFault`] that says which file is wrong and what to do.
    pub fn load_hash_check(folder: &Path) -> Result<Zeroizing<[u8; 32]>, KeyFault> {
        read(&folder.join(HASH_CHECK))
    }

    /// The secret that opens letters.
    #[must_use]
    pub const fn intake(&self) -> &IntakeSecret {
        &self.intake
    }

    /// The key to which letters are sealed.
    #[must_use]
    pub const fn intake_public(&self) -> &IntakePublic {
        &self.intake_public
    }

    /// The key that signs ledger checkpoints and lists.
    #[must_use]
    pub const fn signing(&self) -> &SigningKey {
        &self.signing
    }

    /// The key that signs the evidence of visits, and nothing else: the police are given its public half.
    #[must_use]
    pub const fn evidence(&self) -> &SigningKey {
        &self.evidence
    }

    /// A key for short-lived tokens of one kind (reveal, form).
    #[must_use]
    pub fn token_key(&self, kind: &str) -> Zeroizing<[u8; 32]> {
        hkdf(&*self.tokens, kind)
    }
}

fn write_new(path: &Path, bytes: &[u8]) -> Result<(), KeyFault> {
    use std::os::unix::fs::OpenOptionsExt as _;
    let text = data_encoding::BASE64.encode(bytes) + "\n";
    let made = std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path);
    let wrote = made.and_then(|mut file| {
        file.write_all(text.as_bytes())?;
        file.sync_all()
    });
    wrote.map_err(|why| match why.kind() {
        std::io::ErrorKind::AlreadyExists => KeyFault::Exists(path.to_owned()),
        _ => KeyFault::Io {
            path: path.to_owned(),
            why,
        },
    })
}

fn read(path: &Path) -> Result<Zeroizing<[u8; 32]>, KeyFault> {
    use std::os::unix::fs::PermissionsExt as _;
    let io = |why: std::io::Error| match why.kind() {
        std::io::ErrorKind::NotFound => KeyFault::Missing(path.to_owned()),
        _ => KeyFault::Io {
            path: path.to_owned(),
            why,
        },
    };
    let mode = std::fs::metadata(path).map_err(io)?.permissions().mode();
    if mode & 0o077 != 0 {
        return Err(KeyFault::OpenToOthers(path.to_owned()));
    }
    let text = Zeroizing::new(std::fs::read_to_string(path).map_err(io)?);
    let bytes = data_encoding::BASE64
        .decode(text.trim().as_bytes())
        .map(Zeroizing::new)
        .map_err(|_| KeyFault::Damaged(path.to_owned()))?;
    let key: [u8; 32] = bytes
        .as_slice()
        .try_into()
        .map_err(|_| KeyFault::Damaged(path.to_owned()))?;
    Ok(Zeroizing::new(key))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_made_are_keys_loaded_and_never_overwritten() -> Result<(), Box<dyn std::error::Error>> {
        let folder = tempfile::tempdir()?;
        let made = HotlineKeys::make(folder.path(), &Chance::system())?;
        let loaded = HotlineKeys::load(folder.path())?;
        assert_eq!(made.blinding, loaded.blinding);
        let (public, _) = HotlineKeys::load_door(folder.path())?;
        assert_eq!(public.to_bytes(), made.intake_public().to_bytes());
        let again = HotlineKeys::make(folder.path(), &Chance::system());
        assert!(matches!(again, Err(KeyFault::Exists(_))));
        Ok(())
    }

    #[test]
    fn the_hash_check_has_a_key_file_of_its_own_also_in_a_folder_made_before()
    -> Result<(), Box<dyn std::error::Error>> {
        let folder = tempfile::tempdir()?;
        let keys = HotlineKeys::make(folder.path(), &Chance::system())?;
        let file = folder.path().join(HASH_CHECK);
        assert_eq!(
            HotlineKeys::load_hash_check(folder.path())?,
            keys.hash_check()
        );
        std::fs::remove_file(&file)?;
        assert!(HotlineKeys::load_hash_check(folder.path()).is_err());
        keys.write_hash_check(folder.path())?;
        keys.write_hash_check(folder.path())?;
        assert_eq!(
            HotlineKeys::load_hash_check(folder.path())?,
            keys.hash_check()
        );
        std::fs::remove_file(&file)?;
        write_new(&file, &[1; 32])?;
        assert!(keys.write_hash_check(folder.path()).is_err());
        Ok(())
    }

    #[test]
    fn a_key_that_others_can_read_is_refused() -> Result<(), Box<dyn std::error::Error>> {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir()?;
        HotlineKeys::make(folder.path(), &Chance::system())?;
        let path = folder.path().join("hotline.secret");
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644))?;
        assert!(matches!(
            HotlineKeys::load(folder.path()),
            Err(KeyFault::OpenToOthers(_))
        ));
        Ok(())
    }
}
