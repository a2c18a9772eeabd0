//! What receipts should say and do not say yet.

use ground::lease::{Lease, Work};
use ground::{Ask, ReportId, Tx, sea_orm, values};
use vault::{Owner, Place, Vault};

use crate::{Answer, ReportError};

/// Reports whose receipt does not say yet what it should.
pub const ANSWERS: Work = Work {
    table: "report",
    open: "answer <> answered",
    order: "not_before_ms, id",
};

/// Sets what a receipt should say; [`ANSWERS`] then finds it, unless nobody waits for an answer.
/// It follows from facts recorded elsewhere, so it records none.
///
/// # Errors
/// [`ReportError::Db`].
pub async fn set_answer(tx: &Tx, id: ReportId, answer: Answer) -> Result<(), ReportError> {
    tx.execute(
        "update report set answer = $2,
                           answered = case when mailbox is null then $2 else answered end,
                           not_before_ms = 0
         where id = $1 and answer <> $2",
        values![id, answer],
    )
    .await?;
    Ok(())
}

/// What has to be written to a receipt.
pub struct AnswerDue {
    /// The report.
    pub report: ReportId,
    /// What the receipt should say.
    pub answer: Answer,
    /// What [`crate::Receiving::mailbox`] held, opened.
    pub mailbox: Vec<u8>,
}

/// Opens what is needed to answer a receipt; none when nobody waits, or the report was shredded.
///
/// # Errors
/// [`ReportError::NotFound`], [`ReportError::Vault`] or [`ReportError::Db`].
pub async fn answer_due(
    ask: &impl Ask,
    vault: &Vault,
    id: ReportId,
) -> Result<Option<AnswerDue>, ReportError> {
    #[derive(sea_orm::FromQueryResult)]
    struct Due {
        answer: Answer,
        mailbox: Option<Vec<u8>>,
    }
    let due = ask
        .one::<Due>(
            "select answer, mailbox from report where id = $1",
            values![id],
        )
        .await?
        .ok_or(ReportError::NotFound)?;
    let Some(sealed) = due.mailbox else {
        return Ok(None);
    };
    let place = Place::new("report.mailbox", id);
    match vault.open(ask, Owner::Report(id), place, &sealed).await {
        Ok(mailbox) => Ok(Some(AnswerDue {
            report: id,
            answer: due.answer,
            mailbox: mailbox.to_vec(),
        })),
        Err(vault::VaultError::Shredded) => Ok(None),
        Err(fault) => Err(fault.into()),
    }
}

/// Notes that the receipt now says `said`; false when the lease was lost, in which case the caller
/// must not commit. When the answer changed meanwhile, the report stays due.
///
/// # Errors
/// [`ReportError::Db`].
pub async fn answered(tx: &Tx, lease: &Lease, said: Answer) -> Result<bool, ReportError> {
    if !ANSWERS.settle(tx, lease).await? {
        return Ok(false);
    }
    tx.execute(
        "update report set answered = $2 where id = $1",
        values![lease.id.as_str(), said],
    )
    .await?;
    Ok(true)
}
