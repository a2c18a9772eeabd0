//! From an opened letter to a report, once, however often the letter is opened.

use ground::{
    AddressId, Ask as _, Chance, Channel, Fact, Instant, LetterId, Origin, ReportId, Tx,
    WebAddress, sea_orm, values,
};
use vault::{Blind, Owner, Place, Sealer, Vault};

use crate::{AddressState, Answer, ReportError, ReportNumber};

/// An opened letter, as the order of work hands it over.
pub struct Receiving {
    /// The letter; one letter makes one report.
    pub letter: LetterId,
    /// Through which door.
    pub channel: Channel,
    /// From within the country or from a hotline abroad.
    pub origin: Origin,
    /// The sender's language: `nl` or `en`.
    pub language: String,
    /// The hour the letter was left.
    pub received_hour: Instant,
    /// The addresses named, in order: as typed, and in canonical form.
    pub addresses: Vec<(String, WebAddress)>,
    /// Where it was seen; empty when not said.
    pub seen_where: String,
    /// The sender's words; empty when none.
    pub words: String,
    /// How to reach the sender; empty when not wished.
    pub reach: String,
    /// Where the receipt's answer goes and its key, in the caller's own form; none when nobody
    /// waits for an answer.
    pub mailbox: Option<Vec<u8>>,
}

/// How an address stood when a report named it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// Never named before: it wants its first visit.
    Fresh,
    /// Named by another report that is still open.
    Known,
    /// Named before and closed since: it is looked at again.
    Reopened,
}

/// One address that the report named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sighted {
    /// Which.
    pub id: AddressId,
    /// How it stood.
    pub how: How,
}

/// The report that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Received {
    /// The report.
    pub report: ReportId,
    /// Its number.
    pub number: ReportNumber,
    /// Whether the letter had been received before: then nothing was written, nothing was
    /// recorded, and the transaction is to be dropped.
    pub again: bool,
    /// The addresses, in order, each once; empty when `again`.
    pub addresses: Vec<Sighted>,
}

#[derive(sea_orm::FromQueryResult)]
struct Made {
    id: ReportId,
    number: ReportNumber,
}

#[derive(sea_orm::FromQueryResult)]
struct Known {
    id: AddressId,
    state: AddressState,
}

/// Makes the report of a letter, with its addresses and their sightings. A known address is one
/// more sighting and never a refusal; a closed one is open again.
///
/// # Errors
/// [`ReportError::TooExact`] when the act's time is not the hour the letter was left;
/// [`ReportError::Vault`] or [`ReportError::Db`].
pub async fn receive(
    tx: &Tx,
    vault: &Vault,
    chance: &Chance,
    letter: &Receiving,
) -> Result<Received, ReportError> {
    let made = tx
        .one::<Made>(
            "select id, number from report where letter_id = $1",
            values![letter.letter],
        )
        .await?;
    if let Some(made) = made {
        return Ok(Received {
            report: made.id,
            number: made.number,
            again: true,
            addresses: Vec::new(),
        });
    }
    let hour = letter.received_hour;
    if hour != hour.start_of_hour() || tx.act().is_some_and(|act| act.at != hour) {
        return Err(ReportError::TooExact);
    }
    let report = ReportId::fresh(chance);
    let number = free_number(tx, chance).await?;
    let sealer = vault.sealer(tx, Owner::Report(report)).await?;
    insert(tx, &sealer, report, number, letter).await?;
    let addresses = sight_all(tx, vault, chance, &sealer, report, letter).await?;
    tx.record(
        report,
        &Fact::ReportReceived {
            channel: letter.channel,
            origin: letter.origin,
            addresses: u32::try_from(addresses.len()).unwrap_or(u32::MAX),
            language: letter.language.clone(),
        },
    );
    for sighted in &addresses {
        record_sighting(tx, report, letter, *sighted);
    }
    Ok(Received {
        report,
        number,
        again: false,
        addresses,
    })
}

/// A number nobody has. Looked for first, because a refused insert would end the transaction.
async fn free_number(tx: &Tx, chance: &Chance) -> Result<ReportNumber, ReportError> {
    loop {
        let number = ReportNumber::fresh(chance);
        let taken = tx
            .count(
                "select count(*) as n from report where number = $1",
                values![number],
            )
            .await?;
        if taken == 0 {
            return Ok(number);
        }
    }
}

async fn insert(
    tx: &Tx,
    sealer: &Sealer,
    report: ReportId,
    number: ReportNumber,
    letter: &Receiving,
) -> Result<(), ReportError> {
    let sealed = |column: &'static str, text: &str| -> Result<Option<Vec<u8>>, ReportError> {
        if text.is_empty() {
            return Ok(None);
        }
        Ok(Some(
            sealer.seal(&Place::new(column, report), text.as_bytes())?,
        ))
    };
    let mailbox = match &letter.mailbox {
        Some(mailbox) => Some(sealer.seal(&Place::new("report.mailbox", report), mailbox)?),
        None => None,
    };
    tx.execute(
        "insert into report (id, letter_id, number, channel, origin, language, received_hour_ms,
                             words, seen_where, reach, mailbox, state, answer, answered,
                             lease_until_ms, lease_token, attempts, not_before_ms, revision, rank_hour_ms)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'waiting', $12, $12, 0, 0, 0, 0, 1, $7)",
        values![
            report,
            letter.letter,
            number,
            letter.channel,
            letter.origin,
            letter.language.as_str(),
            letter.received_hour,
            sealed("report.words", &letter.words)?,
            sealed("report.seen_where", &letter.seen_where)?,
            sealed("report.reach", &letter.reach)?,
            mailbox,
            Answer::Received,
        ],
    )
    .await?;
    Ok(())
}

async fn sight_all(
    tx: &Tx,
    vault: &Vault,
    chance: &Chance,
    sealer: &Sealer,
    report: ReportId,
    letter: &Receiving,
) -> Result<Vec<Sighted>, ReportError> {
    let mut addresses: Vec<Sighted> = Vec::new();
    for (typed, address) in &letter.addresses {
        let sighted = sight(tx, vault, chance, address, letter.received_hour).await?;
        if addresses.iter().any(|known| known.id == sighted.id) {
            continue;
        }
        let typed = match typed.as_str() {
            same if same == address.as_str() => None,
            other => Some(sealer.seal(
                &Place::new("sighting.typed", format!("{report} {}", sighted.id)),
                other.as_bytes(),
            )?),
        };
        let position = i64::try_from(addresses.len()).unwrap_or(i64::MAX);
        tx.execute(
            "insert into sighting (report_id, address_id, position, typed) values ($1, $2, $3, $4)",
            values![report, sighted.id, position, typed],
        )
        .await?;
        addresses.push(sighted);
    }
    Ok(addresses)
}

/// Finds an address by its blind index, or makes it; opens it again when it was closed.
async fn sight(
    tx: &Tx,
    vault: &Vault,
    chance: &Chance,
    address: &WebAddress,
    hour: Instant,
) -> Result<Sighted, ReportError> {
    let blind = vault.blind(Blind::Address, address.as_str());
    // Twice: an address that retention forgets at this very moment is neither made nor found.
    for _ in 0..2 {
        if let Some(id) = make_address(tx, vault, chance, (address, &blind), hour).await? {
            let how = How::Fresh;
            return Ok(Sighted { id, how });
        }
        if let Some(sighted) = find_address(tx, &blind).await? {
            return Ok(sighted);
        }
    }
    Err(ReportError::NotFound)
}

/// Makes an address, unless there is one with this blind index.
async fn make_address(
    tx: &Tx,
    vault: &Vault,
    chance: &Chance,
    (address, blind): (&WebAddress, &[u8]),
    hour: Instant,
) -> Result<Option<AddressId>, ReportError> {
    let id = AddressId::fresh(chance);
    // The row first and its sealed form after: a colleague who names the same address at the same
    // moment makes this insert wait and then do nothing, and no key is made for an unused id.
    let made = tx
        .execute(
            "insert into address (id, blind, sealed, host_blind, state, first_hour_ms, revision)
             values ($1, $2, $2, $3, 'open', $4, 1) on conflict (blind) do nothing",
            values![
                id,
                blind.to_vec(),
                vault.blind(Blind::Host, address.host()),
                hour
            ],
        )
        .await?;
    if made != 1 {
        return Ok(None);
    }
    let place = Place::new("address.sealed", id);
    let sealed = vault
        .seal(tx, Owner::Address(id), place, address.as_str().as_bytes())
        .await?;
    tx.execute(
        "update address set sealed = $2 where id = $1",
        values![id, sealed],
    )
    .await?;
    Ok(Some(id))
}

/// Finds a known address, and opens it again when it was closed.
async fn find_address(tx: &Tx, blind: &[u8]) -> Result<Option<Sighted>, ReportError> {
    // Touching the row makes a colleague who closes the address at this moment go first or wait.
    let known = tx
        .one::<Known>(
            "update address set revision = revision + 1 where blind = $1 returning id, state",
            values![blind.to_vec()],
        )
        .await?;
    let Some(Known { id, state }) = known else {
        return Ok(None);
    };
    if state == AddressState::Open {
        let how = How::Known;
        return Ok(Some(Sighted { id, how }));
    }
    tx.execute(
        "update address set state = 'open' where id = $1",
        values![id],
    )
    .await?;
    let how = How::Reopened;
    Ok(Some(Sighted { id, how }))
}

fn record_sighting(tx: &Tx, report: ReportId, letter: &Receiving, sighted: Sighted) {
    tx.record(
        sighted.id,
        &Fact::AddressSighted {
            report,
            first: sighted.how == How::Fresh,
            origin: letter.origin,
            channel: letter.channel,
        },
    );
    if sighted.how == How::Reopened {
        tx.record(sighted.id, &Fact::AddressReopened { report });
    }
}
