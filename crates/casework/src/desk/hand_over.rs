//! Evidence that goes to the police with everything in it: asked for by one person, decided by another,
//! taken as a file that only the police can open, each step with its line in the ledger.

use evidence::{HandOver, HandOverRefusal, hand_over};
use ground::{
    Act, Ask as _, EvidenceFact, Fact, HandOverId, Reason, ReportId, StaffId, VisitId, sea_orm,
    values,
};
use report::{ReportError, ReportNumber};

use super::DeskError;
use crate::{Casework, OpenEvidence, WorkError, read};

/// Why a hand-over was not asked for, decided or taken.
#[derive(Debug, thiserror::Error)]
pub enum HandOverError {
    /// There is no such thing, or the visit has left no evidence.
    #[error("there is no such evidence")]
    NotFound,
    /// The configuration has no key of the police.
    #[error("there is no key of the police to seal it to")]
    NoKey,
    /// The report is open, and whoever asks neither holds it nor oversees the work of others.
    #[error("the report must be held by who opens its evidence")]
    NotHeld,
    /// One about this visit waits already.
    #[error("it was asked for already")]
    AskedAlready,
    /// The move was refused.
    #[error(transparent)]
    Refused(#[from] HandOverRefusal),
    /// Somebody else decided in the meantime.
    #[error("it was changed in the meantime")]
    Stale,
    /// The records or the vault failed.
    #[error(transparent)]
    Work(#[from] WorkError),
}

impl From<ground::DbError> for HandOverError {
    fn from(fault: ground::DbError) -> Self {
        Self::Work(fault.into())
    }
}

/// A hand-over that waits for a decision, or can be taken.
#[derive(Debug, Clone)]
pub struct OpenHandOver {
    /// The hand-over.
    pub hand_over: HandOver,
    /// The report's number.
    pub number: Option<ReportNumber>,
    /// Who asked, by name.
    pub asked_by: String,
    /// Why.
    pub why: Option<String>,
}

/// Who opens evidence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EvidenceReader {
    /// The member of staff.
    pub by: StaffId,
    /// Whether reports that others hold are open to them: to a senior analyst, and to who speaks with
    /// the police.
    pub oversees: bool,
}

#[derive(sea_orm::FromQueryResult)]
struct Why {
    reason: Option<String>,
}

impl Casework {
    /// The police's public key; none when nothing can be handed over.
    #[must_use]
    pub fn police_key(&self) -> Option<String> {
        self.settings.police_key.as_ref().map(ToString::to_string)
    }

    /// Opens the manifest of a visit to an address that the report names. It tells addresses and what
    /// stood there, so that it is opened as the report is: by who holds it, or by anybody who works on
    /// reports once it is closed; and besides by who oversees. That it was opened is in the ledger
    /// first.
    ///
    /// # Errors
    /// [`HandOverError::NotFound`] when the report names no such visit or it has left no evidence;
    /// [`HandOverError::NotHeld`].
    pub async fn visit_evidence(
        &self,
        reader: EvidenceReader,
        report: ReportId,
        visit: VisitId,
    ) -> Result<OpenEvidence, HandOverError> {
        self.may_open(reader, report, visit).await?;
        let open = self.open_evidence(visit).await?;
        let open = open.ok_or(HandOverError::NotFound)?;
        let tx = self.db.act(&self.act(reader.by), "open evidence").await?;
        tx.record(
            visit,
            &Fact::Evidence(EvidenceFact::EvidenceShown { report }),
        );
        tx.commit().await?;
        Ok(open)
    }

    /// The file of such a visit's evidence that may leave, without a byte of what was seen.
    ///
    /// # Errors
    /// As [`Casework::visit_evidence`].
    pub async fn take_evidence(
        &self,
        reader: EvidenceReader,
        report: ReportId,
        visit: VisitId,
    ) -> Result<Vec<u8>, HandOverError> {
        self.may_open(reader, report, visit).await?;
        match self.evidence_file(&self.act(reader.by), visit).await {
            Err(WorkError::Vanished) => Err(HandOverError::NotFound),
            other => Ok(other?),
        }
    }

    async fn may_open(
        &self,
        reader: EvidenceReader,
        report: ReportId,
        visit: VisitId,
    ) -> Result<(), HandOverError> {
        let row = capture::store::visit(&self.db, visit)
            .await?
            .ok_or(HandOverError::NotFound)?;
        if !read::names(&self.db, report, row.address_id).await? {
            return Err(HandOverError::NotFound);
        }
        match self.may_see(reader.by, report).await {
            Ok(()) => Ok(()),
            Err(DeskError::Report(ReportError::Refused(_))) if reader.oversees => Ok(()),
            Err(DeskError::Report(ReportError::Refused(_))) => Err(HandOverError::NotHeld),
            Err(DeskError::NotFound | DeskError::Report(ReportError::NotFound)) => {
                Err(HandOverError::NotFound)
            }
            Err(DeskError::Db(fault)) => Err(fault.into()),
            Err(fault) => Err(WorkError::unreadable(fault).into()),
        }
    }

    /// Asks that the evidence of a visit be handed over with everything in it, by who may open it.
    ///
    /// # Errors
    /// [`HandOverError`].
    pub async fn ask_hand_over(
        &self,
        asker: EvidenceReader,
        (report, visit): (ReportId, VisitId),
        why: Reason,
    ) -> Result<HandOverId, HandOverError> {
        if self.settings.police_key.is_none() {
            return Err(HandOverError::NoKey);
        }
        self.may_open(asker, report, visit).await?;
        if evidence::store::of_visit(&self.db, visit).await?.is_none() {
            return Err(HandOverError::NotFound);
        }
        let by = asker.by;
        let act = self.act(by).because(why);
        let id = HandOverId::fresh(&self.chance);
        let (asked, fact) = HandOver::ask(id, (visit, report), by, act.at);
        let tx = self.db.act(&act, "ask for a hand-over").await?;
        if !hand_over::put(&tx, &asked).await? {
            return Err(HandOverError::AskedAlready);
        }
        tx.record(id, &Fact::Evidence(fact));
        tx.commit().await?;
        Ok(id)
    }

    /// A second person agrees to a hand-over, or does not.
    ///
    /// # Errors
    /// [`HandOverError::Refused`] when who asked would decide, or it is too late.
    pub async fn decide_hand_over(
        &self,
        by: StaffId,
        id: HandOverId,
        agrees: bool,
        why: Reason,
    ) -> Result<(), HandOverError> {
        let act = self.act(by).because(why);
        let tx = self.db.act(&act, "decide a hand-over").await?;
        let asked = hand_over::find(&tx, id)
            .await?
            .ok_or(HandOverError::NotFound)?;
        let (decided, fact) = asked.decide(agrees, by, act.at)?;
        if !hand_over::save(&tx, &decided).await? {
            return Err(HandOverError::Stale);
        }
        tx.record(id, &Fact::Evidence(fact));
        Ok(tx.commit().await?)
    }

    /// The file of an approved hand-over: everything that is still there, sealed to the police. That it
    /// was taken is in the ledger before it leaves.
    ///
    /// # Errors
    /// [`HandOverError`].
    pub async fn hand_over_file(
        &self,
        by: StaffId,
        id: HandOverId,
    ) -> Result<Vec<u8>, HandOverError> {
        let key = self.settings.police_key.as_ref();
        let key = key.ok_or(HandOverError::NoKey)?;
        let approved = hand_over::find(&self.db, id)
            .await?
            .ok_or(HandOverError::NotFound)?;
        approved.may_be_taken(self.clock.now())?;
        let row = evidence::store::of_visit(&self.db, approved.visit)
            .await?
            .ok_or(HandOverError::NotFound)?;
        let sealed = self.seal_whole(&row, key).await?;
        let act: Act = self.act(by);
        let tx = self.db.act(&act, "hand evidence over").await?;
        let fact = EvidenceFact::HandedOver {
            visit: approved.visit,
            manifest: sealed.manifest,
            gone: sealed.gone,
            key: key.to_string(),
        };
        tx.record(id, &Fact::Evidence(fact));
        tx.commit().await?;
        Ok(sealed.file)
    }

    /// The hand-overs that wait for a decision or can be taken, the oldest first.
    ///
    /// # Errors
    /// [`DeskError`] when the records fail.
    pub async fn hand_overs(&self) -> Result<Vec<OpenHandOver>, DeskError> {
        let mut open = Vec::new();
        for one in hand_over::open(&self.db, self.clock.now()).await? {
            let report = report::find(&self.db, one.report).await?;
            let asked_by = read::staff_name(&self.db, one.asked_by).await?;
            let sql = "select reason from ledger where subject = $1 and kind = 'hand_over_asked'";
            let why: Option<Why> = self.db.one(sql, values![one.id.to_string()]).await?;
            open.push(OpenHandOver {
                number: report.map(|report| report.number),
                asked_by: asked_by.unwrap_or_default(),
                why: why.and_then(|why| why.reason),
                hand_over: one,
            });
        }
        Ok(open)
    }
}
