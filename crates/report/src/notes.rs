//! Notes that analysts leave each other at a report, sealed under the report's own key.

use ground::{Actor, Ask, Instant, ReportId, StaffId, Tx, sea_orm, values};
use vault::{Owner, Place, Vault, VaultError};

use crate::holding::act_of;
use crate::{Refusal, ReportError};

/// One note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// Who wrote it.
    pub by: StaffId,
    /// When.
    pub at: Instant,
    /// What; none when the report's key was destroyed.
    pub text: Option<String>,
}

#[derive(sea_orm::FromQueryResult)]
struct Row {
    no: i64,
    by_staff: StaffId,
    at_ms: Instant,
    sealed: Vec<u8>,
}

fn place(report: ReportId, no: i64) -> Place {
    Place::new("report_note.sealed", format!("{report} {no}"))
}

/// The acting analyst leaves a note.
///
/// # Errors
/// [`ReportError::Refused`] when nobody of the staff acts; [`ReportError::Vault`] or
/// [`ReportError::Db`].
pub(crate) async fn add_note(
    tx: &Tx,
    vault: &Vault,
    report: ReportId,
    text: &str,
) -> Result<(), ReportError> {
    let act = act_of(tx)?;
    let Actor::Staff(by) = act.who else {
        return Err(Refusal::NotStaff.into());
    };
    let last = "select coalesce(max(no), 0) + 1 as n from report_note where report_id = $1";
    let no = tx.count(last, values![report]).await?;
    let sealed = vault
        .seal(
            tx,
            Owner::Report(report),
            place(report, no),
            text.as_bytes(),
        )
        .await?;
    tx.execute(
        "insert into report_note (report_id, no, by_staff, at_ms, sealed)
         values ($1, $2, $3, $4, $5)",
        values![report, no, by, act.at, sealed],
    )
    .await?;
    Ok(())
}

/// The notes of a report, the latest first.
///
/// # Errors
/// [`ReportError::Vault`] or [`ReportError::Db`].
pub async fn notes(
    ask: &impl Ask,
    vault: &Vault,
    report: ReportId,
) -> Result<Vec<Note>, ReportError> {
    let rows: Vec<Row> = ask
        .rows(
            "select no, by_staff, at_ms, sealed from report_note where report_id = $1
             order by no desc",
            values![report],
        )
        .await?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let opener = match vault.opener(ask, Owner::Report(report)).await {
        Ok(opener) => Some(opener),
        Err(VaultError::Shredded) => None,
        Err(fault) => return Err(fault.into()),
    };
    rows.into_iter()
        .map(|row| {
            let text = match &opener {
                Some(opener) => {
                    let plain = opener.open(&place(report, row.no), &row.sealed)?;
                    Some(String::from_utf8_lossy(&plain).into_owned())
                }
                None => None,
            };
            Ok(Note {
                by: row.by_staff,
                at: row.at_ms,
                text,
            })
        })
        .collect()
}
