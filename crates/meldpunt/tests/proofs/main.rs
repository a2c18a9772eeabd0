//! Proofs: what the whole house must keep to, shown on the house itself.
//!
//! | module | what it shows |
//! |---|---|
//! | [`house`] | floors, budgets of length, purity of the rules, one way out |
//! | [`columns`] | every stored column is sealed, or readable for a written reason (T15) |
//! | [`upgrade`] | an old database is brought up to date; a newer one is refused (T16) |
//! | [`hash_check`] | a provider is answered by a process with one key, and nothing asked is kept |
//! | [`kill_rounds`] | law 1: a receipt that was shown is a letter that is stored |
//! | [`full_disk`] | a full disk is told honestly and leaves nothing half stored (T12) |
//! | [`workers_killed`] | every report reaches its end once, however often workers are killed |
//! | [`lists`] | a hash list goes in, killed or not, and out again signed |
//! | [`seeds`] | every reader of foreign bytes bears what fuzzers know |
//! | [`soak`] | after days of work nothing has grown, nothing is lost or doubled |
//! | [`no_trace`] | law 2: nothing about a sender stays behind (T1) |

mod budget;
mod columns;
mod crew;
mod full_disk;
mod hash_check;
mod house;
mod kill_rounds;
mod lists;
mod no_trace;
mod program;
mod seeds;
mod soak;
mod source;
mod upgrade;
mod wire;
mod workers_killed;

/// What a proof that cannot be carried out says.
type Fault = Box<dyn std::error::Error + Send + Sync>;
/// The end of a proof.
type Shown<T = ()> = Result<T, Fault>;
