//! What is asked for, and how what came back is read.

use egress::{ConnectKind, DnsFault, FetchError, Fetched};
use ground::ask::places;
use ground::lease::Lease;
use ground::{AddressId, Ask, DbError, ItemId, TakedownId, WebAddress, sea_orm};
use takedown::{Answer, Failure, Known, Reading, Takedown, looks_of, page_sign, read_answer};
use vault::{Opener, Owner, Place};

use super::embedded;
use crate::{Casework, WorkError};

/// What is asked for, and what is known about it.
pub(super) struct Target {
    pub(super) takedown: Takedown,
    /// None behind Tor, where nothing is fetched.
    pub(super) address: Option<WebAddress>,
    is_picture: bool,
    /// Whether the picture lies in the page itself, as a `data:` address.
    embedded: bool,
    sha256: String,
}

/// Where a takedown's item is, sealed, and what it holds.
#[derive(sea_orm::FromQueryResult)]
struct Row {
    id: TakedownId,
    item_id: ItemId,
    address_id: AddressId,
    own: Vec<u8>,
    page: Vec<u8>,
    sha256: String,
}

async fn rows(ask: &impl Ask, of: &[TakedownId]) -> Result<Vec<Row>, DbError> {
    let sql = format!(
        "select t.id, t.item_id, t.address_id, i.sealed as own, a.sealed as page, c.sha256
         from takedown t join item i on i.id = t.item_id join address a on a.id = t.address_id
         join content c on c.id = t.content_id where t.id in {}",
        places(of.len())
    );
    let ids = of.iter().map(|id| sea_orm::Value::from(*id)).collect();
    ask.rows(&sql, ids).await
}

impl Casework {
    /// What is to be looked at for these leases. A row that cannot be read is left out, and said so:
    /// it must not keep the others from being looked at.
    pub(super) async fn targets(
        &self,
        leases: Vec<Lease>,
    ) -> Result<Vec<(Lease, Target)>, WorkError> {
        if leases.is_empty() {
            return Ok(Vec::new());
        }
        let mut ids = Vec::with_capacity(leases.len());
        for lease in &leases {
            ids.push(
                lease
                    .id
                    .parse::<TakedownId>()
                    .map_err(WorkError::unreadable)?,
            );
        }
        let mut takedowns = takedown::load_some(&self.db, &ids).await?;
        let rows = rows(&self.db, &ids).await?;
        let owners: Vec<Owner> = rows.iter().map(|r| Owner::Address(r.address_id)).collect();
        let openers = self.vault.openers(&self.db, &owners).await?;
        let mut targets = Vec::with_capacity(leases.len());
        for lease in leases {
            let row = rows.iter().find(|row| row.id.to_string() == lease.id);
            let Some((row, takedown)) = row.and_then(|r| Some((r, takedowns.remove(&r.id)?)))
            else {
                tracing::warn!("a check was left out: something its record names is not there");
                continue;
            };
            match target(row, takedown, openers.get(&Owner::Address(row.address_id))) {
                Ok(target) => targets.push((lease, target)),
                Err(fault) => tracing::warn!(%fault, takedown = %row.id, "a check was left out"),
            }
        }
        Ok(targets)
    }
}

fn target(row: &Row, takedown: Takedown, opener: Option<&Opener>) -> Result<Target, WorkError> {
    let opener = opener.ok_or(WorkError::Vanished)?;
    let own = opener.open(&Place::new("item.sealed", row.item_id), &row.own)?;
    let own = String::from_utf8_lossy(&own).into_owned();
    let picture = own
        .starts_with("http")
        .then(|| WebAddress::parse(&own).ok())
        .flatten();
    let is_picture = picture.is_some();
    let (address, embedded) = match picture {
        Some(picture) => (picture, false),
        None => {
            let page = report::opened(opener, row.address_id, &row.page)?;
            (page.ok_or(WorkError::Vanished)?, embedded::is_data(&own))
        }
    };
    Ok(Target {
        takedown,
        address: (!address.is_onion()).then_some(address),
        is_picture,
        embedded,
        sha256: row.sha256.clone(),
    })
}

impl Target {
    /// Reads what came back, and the digest of it when there was a whole answer.
    pub(super) fn read(
        &self,
        answer: Option<&Result<Fetched, FetchError>>,
    ) -> (Reading, Option<String>) {
        let read = answer.map_or(Answer::None(Failure::Ours), |answer| {
            heard(answer, self.address.as_ref())
        });
        let known = Known {
            sha256: &self.sha256,
            alike: answer.and_then(|answer| self.within(answer.as_ref().ok()?)),
            is_picture: self.is_picture,
        };
        let reading = read_answer(&read, known);
        match read {
            Answer::Http { sha256, .. } => (reading, sha256),
            Answer::None(_) => (reading, None),
        }
    }

    /// Whether a page still holds the picture that lay in it; none when that is not the question,
    /// or when it was not found: pages write what lies in them in more ways than are read here.
    fn within(&self, fetched: &Fetched) -> Option<bool> {
        let asked = self.embedded && self.address.is_some();
        (asked && embedded::holds(&fetched.body, &self.sha256)).then_some(true)
    }
}

fn heard(answer: &Result<Fetched, FetchError>, asked: Option<&WebAddress>) -> Answer {
    match answer {
        Ok(fetched) => {
            let looks = looks_of(&fetched.body);
            let elsewhere = asked.is_some_and(|asked| {
                let (from, to) = (asked.url(), &fetched.final_url);
                from.host_str() != to.host_str() || from.path() != to.path()
            });
            Answer::Http {
                status: fetched.status,
                sha256: (!fetched.cut).then(|| data_encoding::HEXLOWER.encode(&fetched.sha256)),
                looks,
                sign: page_sign(&String::from_utf8_lossy(&fetched.body)),
                elsewhere,
            }
        }
        Err(fault) => Answer::None(failure(fault)),
    }
}

fn failure(fault: &FetchError) -> Failure {
    if fault.is_ours() {
        return Failure::Ours;
    }
    match fault {
        FetchError::Dns(DnsFault::NoSuchName) => Failure::NoSuchName,
        FetchError::Dns(_) => Failure::NoAddress,
        FetchError::Connect(fault) if fault.kind == ConnectKind::Refused => Failure::Refused,
        FetchError::Connect(_) | FetchError::Timeout(_) => Failure::Silent,
        FetchError::Tls(_) | FetchError::Protocol(_) | FetchError::TooManyRedirects(_) => {
            Failure::Garbled
        }
        FetchError::Refused(_) | FetchError::TooLarge(_) | FetchError::Exit(_) => Failure::Ours,
    }
}
