//! The facts of hash lists and of the hash-check.

use serde::{Deserialize, Serialize};

use super::Fact;
use crate::{HashListId, ItemId};

/// One thing that happened to a hash list, to a content because of one, or to one who asks the hash-check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "fact", rename_all = "snake_case")]
#[expect(
    missing_docs,
    reason = "the comment of each fact explains its fields together"
)]
pub enum HashFact {
    /// client · somebody may ask the hash-check, so many hashes in a minute and in a day.
    CheckClientAdded {
        name: String,
        per_minute: u32,
        per_day: u32,
    },
    /// client · its key was revoked.
    CheckClientRevoked,
    /// client · asked so many hashes on one day (days since 1970, UTC), so many of them on a list;
    /// `not_checked` were of too low a quality.
    HashesChecked {
        day: i64,
        checks: u64,
        matches: u64,
        not_checked: u64,
    },
    /// client · asked in a way for which a provider has no reason.
    AskingUnusual { kind: String },
    /// hash list · made for a source.
    HashListAdded { name: String },
    /// hash list · a file with so many rows was worked in to its end; `changed` entries are new or altered,
    /// `withdrawn` were taken back by the source, `refused` rows could not be read.
    HashesImported {
        rows: u64,
        changed: u64,
        withdrawn: u64,
        refused: u64,
    },
    /// hash list · so many hashes of a file were worked in together; `remembered` were taken back before
    /// they were on the list.
    HashesWorkedIn {
        hashes: u64,
        changed: u64,
        withdrawn: u64,
        remembered: u64,
    },
    /// content · it was on this list when it was captured, by this kind of hash; `distance` in bits of
    /// 256, 0 for the same bytes. Never a verdict.
    ListMatched {
        list: HashListId,
        item: ItemId,
        by: String,
        category: String,
        distance: u32,
        turned: bool,
    },
    /// content · judged illegal, so its hashes are on our own list under this category.
    OwnHashesListed { hashes: u32, category: String },
    /// content · no longer judged illegal: so many of its hashes were taken back from our own list.
    OwnHashesTakenBack { hashes: u32 },
    /// hash list · matches from now on, or no longer.
    HashListSwitched { enabled: bool },
}

impl From<HashFact> for Fact {
    fn from(fact: HashFact) -> Self {
        Self::Hash(fact)
    }
}
