//! Handing a report to a colleague with a note, and taking over what a colleague holds with a reason.

use ground::{Instant, Reason, ReportId, StaffId};
use staff::Name;

use super::DeskError;
use crate::{Casework, read};

/// A note that was left at a report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenNote {
    /// Who wrote it, by name.
    pub by: String,
    /// When.
    pub at: Instant,
    /// What; none when its key was destroyed.
    pub text: Option<String>,
}

impl Casework {
    /// Whom `by` can hand a report to: everybody else who judges, by name.
    ///
    /// # Errors
    /// [`DeskError::Db`].
    pub async fn colleagues(&self, by: StaffId) -> Result<Vec<(StaffId, Name)>, DeskError> {
        let mut people = staff::who_judge(&self.db).await?;
        people.retain(|(id, _)| *id != by);
        Ok(people)
    }

    /// Hands a report that `by` holds to a colleague, who holds it from then on, with a note for them.
    ///
    /// # Errors
    /// [`DeskError::Report`] when `by` does not hold it; [`DeskError::NotFound`] when nobody of that id
    /// judges here.
    pub async fn hand_over(
        &self,
        by: StaffId,
        report: ReportId,
        to: StaffId,
        note: &str,
    ) -> Result<(), DeskError> {
        if !staff::who_judge(&self.db)
            .await?
            .iter()
            .any(|(id, _)| *id == to)
        {
            return Err(DeskError::NotFound);
        }
        let tx = self.db.act(&self.act(by), "hand a report over").await?;
        report::hand_over(&tx, &self.vault, report, to, note).await?;
        Ok(tx.commit().await?)
    }

    /// `by` takes over what a colleague holds; why stands in the ledger.
    ///
    /// # Errors
    /// [`DeskError::Report`] when no colleague holds it (any more); [`DeskError::Stop`] when a limit says
    /// that nothing is shown to `by` now.
    pub async fn take_over(
        &self,
        by: StaffId,
        report: ReportId,
        why: Reason,
    ) -> Result<(), DeskError> {
        self.may_look(by).await?;
        let act = self.act(by).because(why);
        let tx = self.db.act(&act, "take a report over").await?;
        report::take_over(&tx, report).await?;
        Ok(tx.commit().await?)
    }

    pub(super) async fn open_notes(&self, report: ReportId) -> Result<Vec<OpenNote>, DeskError> {
        let notes = report::notes(&self.db, &self.vault, report).await?;
        let mut open = Vec::with_capacity(notes.len());
        for note in notes {
            open.push(OpenNote {
                by: read::staff_name(&self.db, note.by)
                    .await?
                    .unwrap_or_default(),
                at: note.at,
                text: note.text,
            });
        }
        Ok(open)
    }
}
