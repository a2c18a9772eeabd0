//! Taking, holding, giving back, lapsing and closing: each writes the next state over the one it read.

use ground::{Act, Actor, AddressId, Ask, Fact, Instant, ReportId, StaffId, Tx, sea_orm, values};
use vault::{Owner, Place, Vault};

use crate::answering::set_answer;
use crate::notes::add_note;
use crate::store::{Report, Stored, present};
use crate::{Answer, Closing, HOLD_MS, Refusal, Removals, ReportError, State};

pub(crate) fn act_of(tx: &Tx) -> Result<&Act, ReportError> {
    tx.act().ok_or(ReportError::Refused(Refusal::NotStaff))
}

/// Writes the next state over the one that was read, and raises the revision.
async fn write_state(tx: &Tx, seen: &Report, next: &State) -> Result<(), ReportError> {
    let (stored, held, outcome) = match next {
        State::Waiting => (Stored::Waiting, None, None),
        State::Held { by, until } => (Stored::Held, Some((*by, *until)), None),
        State::Closed { outcome } => (Stored::Closed, None, Some(*outcome)),
    };
    let changed = tx
        .execute(
            "update report set state = $3, held_by = $4, held_until_ms = $5, outcome = $6,
                               revision = revision + 1
             where id = $1 and revision = $2",
            values![
                seen.id,
                seen.revision,
                stored,
                held.map(|(by, _)| by),
                held.map(|(_, until)| until),
                outcome
            ],
        )
        .await?;
    match changed {
        1 => Ok(()),
        _ => Err(ReportError::Stale(seen.id)),
    }
}

/// The acting analyst takes a report; taking again what one holds extends the hold and records
/// nothing (such a transaction is to be dropped, or to record something else).
///
/// # Errors
/// [`ReportError::Refused`] when a colleague holds it or it is closed; [`ReportError::Stale`].
pub async fn take(tx: &Tx, id: ReportId) -> Result<State, ReportError> {
    let act = act_of(tx)?;
    let seen = present(tx, id).await?;
    let (next, facts) = seen.state.take(act)?;
    if facts.is_empty() {
        extend(tx, id).await?;
        return Ok(next);
    }
    write_state(tx, &seen, &next).await?;
    for fact in &facts {
        tx.record(id, fact);
    }
    let answer = Answer::of(&next, Removals::default(), seen.answer);
    set_answer(tx, id, answer).await?;
    Ok(next)
}

/// Makes sure that the acting analyst holds the report, and lets the hold last half an hour from
/// now: to be called by every act on a report. It is no change of its own: the revision stays.
///
/// # Errors
/// [`ReportError::Refused`] when the acting analyst does not hold it.
pub async fn extend(tx: &Tx, id: ReportId) -> Result<Report, ReportError> {
    let act = act_of(tx)?;
    let Actor::Staff(by) = act.who else {
        return Err(Refusal::NotStaff.into());
    };
    let mut seen = present(tx, id).await?;
    seen.state = seen.state.extend(by, act.at)?;
    let changed = tx
        .execute(
            "update report set held_until_ms = $3
             where id = $1 and state = 'held' and held_by = $2 and held_until_ms > $4",
            values![id, by, act.at.plus_ms(HOLD_MS), act.at],
        )
        .await?;
    match changed {
        1 => Ok(seen),
        _ => Err(ReportError::Stale(id)),
    }
}

/// The acting analyst gives a report back to the queue.
///
/// # Errors
/// [`ReportError::Refused`] when the acting analyst does not hold it; [`ReportError::Stale`].
pub async fn give_back(tx: &Tx, id: ReportId) -> Result<(), ReportError> {
    let seen = present(tx, id).await?;
    let (next, fact) = seen.state.give_back(act_of(tx)?)?;
    write_state(tx, &seen, &next).await?;
    tx.record(id, &fact);
    Ok(())
}

/// The acting analyst hands a report to a colleague, with a note for them.
///
/// # Errors
/// [`ReportError::Refused`] when the acting analyst does not hold it; [`ReportError::Stale`] or
/// [`ReportError::Vault`].
pub async fn hand_over(
    tx: &Tx,
    vault: &Vault,
    id: ReportId,
    to: StaffId,
    note: &str,
) -> Result<(), ReportError> {
    let act = act_of(tx)?;
    let seen = present(tx, id).await?;
    let (next, fact) = seen.state.hand_over(act, to)?;
    write_state(tx, &seen, &next).await?;
    add_note(tx, vault, id, note).await?;
    tx.record(id, &fact);
    Ok(())
}

/// The acting analyst takes over what a colleague holds; the act says why.
///
/// # Errors
/// [`ReportError::Refused`] without a reason, or when no colleague holds it; [`ReportError::Stale`].
pub async fn take_over(tx: &Tx, id: ReportId) -> Result<(), ReportError> {
    let seen = present(tx, id).await?;
    let (next, fact) = seen.state.take_over(act_of(tx)?)?;
    write_state(tx, &seen, &next).await?;
    tx.record(id, &fact);
    Ok(())
}

/// Reports whose hold has passed its end at `now`, at most 100.
///
/// # Errors
/// [`ReportError::Db`].
pub async fn lapsed(ask: &impl Ask, now: Instant) -> Result<Vec<ReportId>, ReportError> {
    #[derive(sea_orm::FromQueryResult)]
    struct Lapsed {
        id: ReportId,
    }
    let rows = ask
        .rows::<Lapsed>(
            "select id from report where state <> 'closed' and state = 'held' and held_until_ms <= $1
             order by held_until_ms limit 100",
            values![now],
        )
        .await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// Returns a report whose hold lapsed to the queue.
///
/// # Errors
/// [`ReportError::Refused`] when it has not lapsed (any more); [`ReportError::Stale`].
pub async fn lapse(tx: &Tx, id: ReportId) -> Result<(), ReportError> {
    let seen = present(tx, id).await?;
    let (next, fact) = seen.state.lapse(act_of(tx)?.at)?;
    write_state(tx, &seen, &next).await?;
    tx.record(id, &fact);
    Ok(())
}

/// Closes a report held by the acting analyst, and those of its addresses that no open report
/// names any more; gives these addresses. That all is judged, the caller knows.
///
/// # Errors
/// [`ReportError::Refused`], [`ReportError::Stale`] or [`ReportError::Vault`].
pub async fn close(
    tx: &Tx,
    vault: &Vault,
    id: ReportId,
    closing: &Closing,
) -> Result<Vec<AddressId>, ReportError> {
    let act = act_of(tx)?;
    let seen = present(tx, id).await?;
    let (next, fact) = seen.state.close(act, closing)?;
    write_state(tx, &seen, &next).await?;
    let note = match &closing.note {
        Some(note) => {
            let place = Place::new("report.note", id);
            Some(
                vault
                    .seal(tx, Owner::Report(id), place, note.as_bytes())
                    .await?,
            )
        }
        None => None,
    };
    tx.execute(
        "update report set note = $2, police_reason = $3, closed_at_ms = $4 where id = $1",
        values![id, note, closing.police, act.at],
    )
    .await?;
    tx.record(id, &fact);
    let answer = Answer::of(
        &next,
        Removals {
            illegal: closing.illegal,
            ..Removals::default()
        },
        seen.answer,
    );
    set_answer(tx, id, answer).await?;
    close_addresses(tx, id).await
}

async fn close_addresses(tx: &Tx, report: ReportId) -> Result<Vec<AddressId>, ReportError> {
    #[derive(sea_orm::FromQueryResult)]
    struct Shut {
        id: AddressId,
    }
    // Touched first, so that whoever names or closes the same address at this moment has gone
    // before the next statement looks.
    tx.execute(
        "update address set revision = revision + 1
         where id in (select address_id from sighting where report_id = $1)",
        values![report],
    )
    .await?;
    let rows = tx
        .rows::<Shut>(
            "update address set state = 'closed'
             where state = 'open'
               and id in (select address_id from sighting where report_id = $1)
               and not exists (select 1 from sighting s join report r on r.id = s.report_id
                               where s.address_id = address.id and r.state <> 'closed')
             returning id",
            values![report],
        )
        .await?;
    for row in &rows {
        tx.record(row.id, &Fact::AddressClosed);
    }
    Ok(rows.into_iter().map(|row| row.id).collect())
}
