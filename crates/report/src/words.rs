//! What a report says: opened only for the one who works on it.

use ground::{AddressId, Ask, Fact, ReportId, Tx, WebAddress, sea_orm, values};
use vault::{Opener, Owner, Place, Vault, VaultError};

use crate::{AddressState, ReportError};

/// What the sender wrote; each field is empty when nothing was said.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Words {
    /// What the sender wanted to say.
    pub words: String,
    /// Where it was seen.
    pub seen_where: String,
    /// How to reach the sender.
    pub reach: String,
    /// Whether they can never be read again, because the report's key was destroyed.
    pub shredded: bool,
}

/// The words of a sender are not for logs.
impl std::fmt::Debug for Words {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Words(…)")
    }
}

/// An address a report names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedAddress {
    /// Which.
    pub id: AddressId,
    /// The canonical form; none when its key was destroyed.
    pub address: Option<WebAddress>,
    /// As the sender typed it, when that differs.
    pub typed: Option<String>,
    /// Whether an open report names it.
    pub state: AddressState,
    /// How many reports named it, this one included, in reports.
    pub sightings: i64,
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

async fn opener(ask: &impl Ask, vault: &Vault, owner: Owner) -> Result<Option<Opener>, VaultError> {
    match vault.opener(ask, owner).await {
        Ok(opener) => Ok(Some(opener)),
        Err(VaultError::Shredded) => Ok(None),
        Err(fault) => Err(fault),
    }
}

/// Opens the sender's words for the one who acts, and records that they were shown (law 5).
///
/// # Errors
/// [`ReportError::NotFound`], [`ReportError::Vault`] or [`ReportError::Db`].
pub async fn show_words(tx: &Tx, vault: &Vault, id: ReportId) -> Result<Words, ReportError> {
    #[derive(sea_orm::FromQueryResult)]
    struct Sealed {
        words: Option<Vec<u8>>,
        seen_where: Option<Vec<u8>>,
        reach: Option<Vec<u8>>,
    }
    let sealed = tx
        .one::<Sealed>(
            "select words, seen_where, reach from report where id = $1",
            values![id],
        )
        .await?
        .ok_or(ReportError::NotFound)?;
    tx.record(id, &Fact::WordsShown);
    let Some(opener) = opener(tx, vault, Owner::Report(id)).await? else {
        return Ok(Words {
            shredded: true,
            ..Words::default()
        });
    };
    let open = |column, sealed: Option<Vec<u8>>| -> Result<String, ReportError> {
        match sealed {
            Some(sealed) => Ok(text(&opener.open(&Place::new(column, id), &sealed)?)),
            None => Ok(String::new()),
        }
    };
    Ok(Words {
        words: open("report.words", sealed.words)?,
        seen_where: open("report.seen_where", sealed.seen_where)?,
        reach: open("report.reach", sealed.reach)?,
        shredded: false,
    })
}

/// The analyst's note of a closed report; none when there is none or its key was destroyed.
///
/// # Errors
/// [`ReportError::Vault`] or [`ReportError::Db`].
pub async fn note(
    ask: &impl Ask,
    vault: &Vault,
    id: ReportId,
) -> Result<Option<String>, ReportError> {
    #[derive(sea_orm::FromQueryResult)]
    struct Noted {
        note: Option<Vec<u8>>,
    }
    let sealed = ask
        .one::<Noted>("select note from report where id = $1", values![id])
        .await?
        .and_then(|row| row.note);
    let (Some(sealed), Some(opener)) = (sealed, opener(ask, vault, Owner::Report(id)).await?)
    else {
        return Ok(None);
    };
    let plain = opener.open(&Place::new("report.note", id), &sealed)?;
    Ok(Some(text(&plain)))
}

#[derive(sea_orm::FromQueryResult)]
struct Row {
    id: AddressId,
    sealed: Vec<u8>,
    state: AddressState,
    typed: Option<Vec<u8>>,
    sightings: i64,
}

/// The addresses a report names, in the sender's order.
///
/// # Errors
/// [`ReportError::Vault`] or [`ReportError::Db`].
pub async fn addresses(
    ask: &impl Ask,
    vault: &Vault,
    id: ReportId,
) -> Result<Vec<NamedAddress>, ReportError> {
    let rows = ask
        .rows::<Row>(
            "select a.id, a.sealed, a.state, s.typed,
                    (select count(*) from sighting o where o.address_id = a.id) as sightings
             from sighting s join address a on a.id = s.address_id
             where s.report_id = $1 order by s.position",
            values![id],
        )
        .await?;
    let letter = opener(ask, vault, Owner::Report(id)).await?;
    let owners: Vec<Owner> = rows.iter().map(|row| Owner::Address(row.id)).collect();
    let openers = vault.openers(ask, &owners).await?;
    let mut named = Vec::with_capacity(rows.len());
    for row in rows {
        let typed = match (&row.typed, &letter) {
            (Some(sealed), Some(letter)) => {
                let place = Place::new("sighting.typed", format!("{id} {}", row.id));
                Some(text(&letter.open(&place, sealed)?))
            }
            _ => None,
        };
        named.push(NamedAddress {
            id: row.id,
            address: match openers.get(&Owner::Address(row.id)) {
                Some(opener) => opened(opener, row.id, &row.sealed)?,
                None => None,
            },
            typed,
            state: row.state,
            sightings: row.sightings,
        });
    }
    Ok(named)
}

/// The canonical form of an address; none when there is no such address or its key was destroyed.
///
/// # Errors
/// [`ReportError::Vault`] or [`ReportError::Db`].
pub async fn address(
    ask: &impl Ask,
    vault: &Vault,
    id: AddressId,
) -> Result<Option<WebAddress>, ReportError> {
    #[derive(sea_orm::FromQueryResult)]
    struct Sealed {
        sealed: Vec<u8>,
    }
    let row = ask
        .one::<Sealed>("select sealed from address where id = $1", values![id])
        .await?;
    match row {
        Some(row) => match opener(ask, vault, Owner::Address(id)).await? {
            Some(opener) => opened(&opener, id, &row.sealed),
            None => Ok(None),
        },
        None => Ok(None),
    }
}

/// The canonical form of an address from its sealed field, with its key taken out before; none when
/// it is no address any more.
///
/// # Errors
/// [`ReportError::Vault`] when it does not open.
pub fn opened(
    opener: &Opener,
    id: AddressId,
    sealed: &[u8],
) -> Result<Option<WebAddress>, ReportError> {
    let plain = opener.open(&Place::new("address.sealed", id), sealed)?;
    Ok(WebAddress::parse(&text(&plain)).ok())
}
