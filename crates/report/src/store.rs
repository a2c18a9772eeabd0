//! The tables of reports and addresses: one function, one statement or two.

use ground::lease::{Lease, Work};
use ground::{
    Act, Actor, AddressId, Ask, Channel, DbError, Fact, Instant, LetterId, Origin, Outcome,
    PoliceReason, ReportId, StaffId, Tx, sea_orm, text_enum, values,
};
use vault::{Owner, Place, Vault};

use crate::{Answer, Closing, HOLD_MS, Refusal, ReportError, ReportNumber, State};

text_enum! {
    /// Whether an open report names an address.
    pub enum AddressState {
        /// At least one does.
        Open = "open",
        /// None does any more.
        Closed = "closed",
    }
}

text_enum! {
    pub enum Stored {
        Waiting = "waiting",
        Held = "held",
        Closed = "closed",
    }
}

/// Reports whose receipt does not say yet what it should.
pub const ANSWERS: Work = Work {
    table: "report",
    open: "answer <> answered",
    order: "not_before_ms, id",
};

/// A report, without anything that is sealed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// Its id.
    pub id: ReportId,
    /// The letter it was.
    pub letter: LetterId,
    /// Its number.
    pub number: ReportNumber,
    /// Through which door.
    pub channel: Channel,
    /// From within the country or from a hotline abroad.
    pub origin: Origin,
    /// The sender's language.
    pub language: String,
    /// The hour its letter was left.
    pub received_hour: Instant,
    /// Where it is.
    pub state: State,
    /// Why the police are asked first, when they are.
    pub police: Option<PoliceReason>,
    /// When it was closed.
    pub closed_at: Option<Instant>,
    /// What the receipt should say.
    pub answer: Answer,
    /// Raised by every change.
    pub revision: i64,
}

#[derive(sea_orm::FromQueryResult)]
struct Row {
    id: ReportId,
    letter_id: LetterId,
    number: ReportNumber,
    channel: Channel,
    origin: Origin,
    language: String,
    received_hour_ms: Instant,
    state: Stored,
    held_by: Option<StaffId>,
    held_until_ms: Option<Instant>,
    outcome: Option<Outcome>,
    police_reason: Option<PoliceReason>,
    closed_at_ms: Option<Instant>,
    answer: Answer,
    revision: i64,
}

const COLUMNS: &str = "id, letter_id, number, channel, origin, language, received_hour_ms, state, \
     held_by, held_until_ms, outcome, police_reason, closed_at_ms, answer, revision";

fn state_of(
    state: Stored,
    held: Option<(StaffId, Instant)>,
    outcome: Option<Outcome>,
) -> Result<State, DbError> {
    match (state, held, outcome) {
        (Stored::Waiting, ..) => Ok(State::Waiting),
        (Stored::Held, Some((by, until)), _) => Ok(State::Held { by, until }),
        (Stored::Closed, _, Some(outcome)) => Ok(State::Closed { outcome }),
        _ => Err(DbError::Unreadable {
            what: "report.state does not fit held_by or outcome".into(),
        }),
    }
}

impl Row {
    fn read(self) -> Result<Report, DbError> {
        let held = self.held_by.zip(self.held_until_ms);
        Ok(Report {
            id: self.id,
            letter: self.letter_id,
            number: self.number,
            channel: self.channel,
            origin: self.origin,
            language: self.language,
            received_hour: self.received_hour_ms,
            state: state_of(self.state, held, self.outcome)?,
            police: self.police_reason,
            closed_at: self.closed_at_ms,
            answer: self.answer,
            revision: self.revision,
        })
    }
}

/// The report with this id, if there is one.
///
/// # Errors
/// [`ReportError::Db`].
pub async fn find(ask: &impl Ask, id: ReportId) -> Result<Option<Report>, ReportError> {
    let sql = format!("select {COLUMNS} from report where id = $1");
    let row = ask.one::<Row>(&sql, values![id]).await?;
    Ok(row.map(Row::read).transpose()?)
}

/// The report with this number, if there is one.
///
/// # Errors
/// [`ReportError::Db`].
pub async fn by_number(
    ask: &impl Ask,
    number: ReportNumber,
) -> Result<Option<Report>, ReportError> {
    let sql = format!("select {COLUMNS} from report where number = $1");
    let row = ask.one::<Row>(&sql, values![number]).await?;
    Ok(row.map(Row::read).transpose()?)
}

async fn present(ask: &impl Ask, id: ReportId) -> Result<Report, ReportError> {
    find(ask, id).await?.ok_or(ReportError::NotFound)
}

/// Where in the queue a page of it begins: after this report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spot {
    /// The hour its letter was left.
    pub received_hour: Instant,
    /// The report.
    pub id: ReportId,
}

impl Spot {
    /// Before the first.
    pub const START: Self = Self {
        received_hour: Instant::from_ms(i64::MIN),
        id: ReportId::from_bits(0),
    };
}

/// A report that is not closed, as the queue shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Awaiting {
    /// Its id.
    pub id: ReportId,
    /// Its number.
    pub number: ReportNumber,
    /// Through which door.
    pub channel: Channel,
    /// From within the country or from a hotline abroad.
    pub origin: Origin,
    /// The hour its letter was left.
    pub received_hour: Instant,
    /// Waiting, or held; a hold may have lapsed ([`State::holder`]).
    pub state: State,
    /// How many addresses it names, in addresses.
    pub addresses: i64,
}

#[derive(sea_orm::FromQueryResult)]
struct AwaitingRow {
    id: ReportId,
    number: ReportNumber,
    channel: Channel,
    origin: Origin,
    received_hour_ms: Instant,
    state: Stored,
    held_by: Option<StaffId>,
    held_until_ms: Option<Instant>,
    addresses: i64,
}

/// The reports that are not closed, oldest first, at most `limit` after `after`.
///
/// # Errors
/// [`ReportError::Db`].
pub async fn queue(ask: &impl Ask, after: Spot, limit: u32) -> Result<Vec<Awaiting>, ReportError> {
    let rows = ask
        .rows::<AwaitingRow>(
            "select id, number, channel, origin, received_hour_ms, state, held_by, held_until_ms,
                    (select count(*) from sighting s where s.report_id = report.id) as addresses
             from report
             where state <> 'closed'
               and (received_hour_ms > $1 or (received_hour_ms = $1 and id > $2))
             order by received_hour_ms, id limit $3",
            values![after.received_hour, after.id, i64::from(limit)],
        )
        .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Awaiting {
                id: row.id,
                number: row.number,
                channel: row.channel,
                origin: row.origin,
                received_hour: row.received_hour_ms,
                state: state_of(row.state, row.held_by.zip(row.held_until_ms), None)?,
                addresses: row.addresses,
            })
        })
        .collect()
}

/// How many reports are not closed, in reports.
///
/// # Errors
/// [`ReportError::Db`].
pub async fn queue_length(ask: &impl Ask) -> Result<i64, ReportError> {
    let sql = "select count(*) as n from report where state <> 'closed'";
    Ok(ask.count(sql, vec![]).await?)
}

fn act_of(tx: &Tx) -> Result<&Act, ReportError> {
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
    let answer = Answer::of(&next, crate::Removals::default(), seen.answer);
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
        crate::Removals {
            illegal: closing.illegal,
            ..crate::Removals::default()
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

/// The reports, not closed, that name an address; oldest first.
///
/// # Errors
/// [`ReportError::Db`].
pub async fn open_reports_naming(
    ask: &impl Ask,
    address: AddressId,
) -> Result<Vec<ReportId>, ReportError> {
    #[derive(sea_orm::FromQueryResult)]
    struct Naming {
        id: ReportId,
    }
    let rows = ask
        .rows::<Naming>(
            "select r.id from report r join sighting s on s.report_id = r.id
             where s.address_id = $1 and r.state <> 'closed' order by r.received_hour_ms, r.id",
            values![address],
        )
        .await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

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
