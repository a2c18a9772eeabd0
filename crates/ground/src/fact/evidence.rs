//! The facts of the evidence of visits.

use serde::{Deserialize, Serialize};

use super::Fact;
use crate::{Instant, ReportId, StaffId, VisitId};

/// One thing that happened to the evidence of a visit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "fact", rename_all = "snake_case")]
#[expect(
    missing_docs,
    reason = "the comment of each fact explains its fields together"
)]
pub enum EvidenceFact {
    /// visit · its evidence was sealed; `manifest` is the SHA-256 of the signed manifest, which holds
    /// 128 random bits, so that it tells nothing of what it is of.
    EvidenceKept { manifest: String },
    /// visit · an authority stamped the manifest with this time.
    EvidenceStamped { at: Instant },
    /// visit · no authority stamped the manifest, and none is asked any more.
    EvidenceNotStamped { cause: String },
    /// visit · somebody opened its evidence from this report and read it: addresses, heads and digests.
    EvidenceShown { report: ReportId },
    /// visit · its evidence was taken out, without a byte of what was seen.
    EvidenceTakenOut { manifest: String },
    /// hand-over · somebody asked that the evidence of a visit go to the police with everything in it.
    HandOverAsked { visit: VisitId, report: ReportId },
    /// hand-over · a second person agreed.
    HandOverApproved { visit: VisitId, asked_by: StaffId },
    /// hand-over · a second person did not agree.
    HandOverRefused { visit: VisitId, asked_by: StaffId },
    /// hand-over · the file, sealed to this public key of the police, was taken; `gone` payloads were
    /// not in it because their time was over.
    HandedOver {
        visit: VisitId,
        manifest: String,
        gone: u32,
        key: String,
    },
}

impl From<EvidenceFact> for Fact {
    fn from(fact: EvidenceFact) -> Self {
        Self::Evidence(fact)
    }
}
