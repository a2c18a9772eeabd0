//! Chance is a parameter: random bytes come from a [`Chance`], which a test can seed.

use std::sync::{Arc, Mutex, PoisonError};

use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

/// Where random bytes come from: the operating system, or a seeded stream for tests.
#[derive(Clone, Default)]
pub struct Chance(Source);

#[derive(Clone, Default)]
enum Source {
    #[default]
    System,
    Seeded(Arc<Mutex<ChaCha20Rng>>),
}

impl std::fmt::Debug for Chance {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Chance")
    }
}

impl Chance {
    /// The operating system's random source.
    #[must_use]
    pub const fn system() -> Self {
        Self(Source::System)
    }

    /// A stream that is the same for the same seed. Never for secrets.
    #[must_use]
    pub fn seeded(seed: u64) -> Self {
        Self(Source::Seeded(Arc::new(Mutex::new(
            ChaCha20Rng::seed_from_u64(seed),
        ))))
    }

    /// Fills the slice with random bytes.
    ///
    /// Should the operating system refuse to give random bytes the process stops: going on with
    /// guessable receipts and keys would betray the people they protect.
    pub fn fill(&self, into: &mut [u8]) {
        match &self.0 {
            Source::System => {
                if getrandom::fill(into).is_err() {
                    std::process::abort();
                }
            }
            Source::Seeded(stream) => {
                stream
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .fill_bytes(into);
            }
        }
    }

    /// As many random bytes as the caller's type asks for.
    #[must_use]
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.fill(&mut bytes);
        bytes
    }

    /// A generator of its own for libraries that draw for themselves, seeded from here.
    #[must_use]
    pub fn stream(&self) -> ChaCha20Rng {
        ChaCha20Rng::from_seed(self.bytes())
    }

    /// A number from 0 up to and excluding `bound`; 0 when `bound` is 0. For jitter and samples.
    #[must_use]
    pub fn below(&self, bound: u64) -> u64 {
        let drawn = u128::from(u64::from_be_bytes(self.bytes()));
        u64::try_from((drawn * u128::from(bound)) >> 64).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_bytes() {
        assert_eq!(
            Chance::seeded(4).bytes::<16>(),
            Chance::seeded(4).bytes::<16>()
        );
        assert_ne!(
            Chance::seeded(4).bytes::<16>(),
            Chance::seeded(5).bytes::<16>()
        );
    }

    #[test]
    fn a_number_below_stays_below() {
        let chance = Chance::seeded(1);
        assert!((0..1_000).all(|_| chance.below(7) < 7));
        assert_eq!(chance.below(0), 0);
    }
}
