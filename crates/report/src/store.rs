//! Reading the tables of reports and addresses: one function, one statement.

use ground::{
    AddressId, Ask, Channel, DbError, Instant, LetterId, Origin, Outcome, PoliceReason, ReportId,
    StaffId, sea_orm, text_enum, values,
};

use crate::{Answer, ReportError, ReportNumber, Signals, State};

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

pub(crate) async fn present(ask: &impl Ask, id: ReportId) -> Result<Report, ReportError> {
    find(ask, id).await?.ok_or(ReportError::NotFound)
}

/// Where in the queue a page of it begins: after this report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spot {
    /// Where it stands ([`crate::Priority::rank`]).
    pub rank: Instant,
    /// The report.
    pub id: ReportId,
}

impl Spot {
    /// Before the first.
    pub const START: Self = Self {
        rank: Instant::from_ms(i64::MIN),
        id: ReportId::from_bits(0),
    };
}

/// A report as a list of reports shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
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
    /// Where it stands in the queue.
    pub rank: Instant,
    /// What that was reckoned from.
    pub signals: Signals,
    /// Where it is; a hold may have lapsed ([`State::holder`]).
    pub state: State,
    /// How many addresses it names, in addresses.
    pub addresses: i64,
}

#[derive(sea_orm::FromQueryResult)]
struct ListedRow {
    id: ReportId,
    number: ReportNumber,
    channel: Channel,
    origin: Origin,
    received_hour_ms: Instant,
    rank_hour_ms: Instant,
    on_list: i64,
    captured: i64,
    named_by: i64,
    state: Stored,
    held_by: Option<StaffId>,
    held_until_ms: Option<Instant>,
    outcome: Option<Outcome>,
    addresses: i64,
}

impl ListedRow {
    fn read(self) -> Result<Listed, DbError> {
        Ok(Listed {
            id: self.id,
            number: self.number,
            channel: self.channel,
            origin: self.origin,
            received_hour: self.received_hour_ms,
            rank: self.rank_hour_ms,
            signals: Signals {
                channel: self.channel,
                on_list: self.on_list != 0,
                captured: self.captured != 0,
                named_by: u32::try_from(self.named_by).unwrap_or(u32::MAX),
            },
            state: state_of(
                self.state,
                self.held_by.zip(self.held_until_ms),
                self.outcome,
            )?,
            addresses: self.addresses,
        })
    }
}

/// These reports, in the order in which they are asked for.
///
/// # Errors
/// [`ReportError::Db`].
pub async fn listed(ask: &impl Ask, ids: &[ReportId]) -> Result<Vec<Listed>, ReportError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let places: Vec<String> = (1..=ids.len()).map(|place| format!("${place}")).collect();
    let sql = format!(
        "select id, number, channel, origin, received_hour_ms, rank_hour_ms, on_list, captured, named_by,
                state, held_by, held_until_ms, outcome,
                (select count(*) from sighting s where s.report_id = report.id) as addresses
         from report where id in ({})",
        places.join(", ")
    );
    let values = ids.iter().map(|id| sea_orm::Value::from(*id)).collect();
    let rows = ask.rows::<ListedRow>(&sql, values).await?;
    let mut found = rows
        .into_iter()
        .map(ListedRow::read)
        .collect::<Result<Vec<_>, _>>()?;
    found.sort_by_key(|row| ids.iter().position(|id| *id == row.id));
    Ok(found)
}

/// How many reports are not closed, in reports.
///
/// # Errors
/// [`ReportError::Db`].
pub async fn queue_length(ask: &impl Ask) -> Result<i64, ReportError> {
    let sql = "select count(*) as n from report where state <> 'closed'";
    Ok(ask.count(sql, vec![]).await?)
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
