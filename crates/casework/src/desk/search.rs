//! Finding reports again, closed ones too: by number, address, host, or the hash of an item. Addresses
//! are sealed; a whole address and a whole host are found by their blind index, a part of one never.

use data_encoding::HEXLOWER_PERMISSIVE;
use ground::{Ask as _, DbError, ReportId, WebAddress, sea_orm, values};
use report::{Listed, ReportNumber};
use sea_orm::{FromQueryResult, Value};
use vault::Blind;

use super::{DeskError, Holder};
use crate::Casework;

/// So many reports are shown of those that are found, the open ones and then the newest first.
const MOST: usize = 50;

/// What was looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sought {
    /// A report by its number.
    Number(ReportNumber),
    /// A whole address, in each form that was meant.
    Address(Vec<WebAddress>),
    /// Every address of a host.
    Host(String),
    /// An item by a hash of its bytes or of its look, in lower-case hex.
    Hash(String),
}

impl Sought {
    /// Reads what somebody typed; none when it is nothing that can be looked for.
    ///
    /// A name without a path is a host; an address without `http://` or `https://` is looked for with
    /// both.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let hex = text.len() >= 32 && text.chars().all(|c| c.is_ascii_hexdigit());
        if hex && [32, 40, 64].contains(&text.len()) {
            return Some(Self::Hash(text.to_ascii_lowercase()));
        }
        if let Ok(number) = text.parse() {
            return Some(Self::Number(number));
        }
        let address = WebAddress::parse(text).ok()?;
        if text.contains("://") {
            return Some(Self::Address(vec![address]));
        }
        if !text.contains(['/', '?', '#']) {
            return Some(Self::Host(address.host().to_owned()));
        }
        let plain = WebAddress::parse(&format!("http://{text}")).ok();
        Some(Self::Address(
            std::iter::once(address).chain(plain).collect(),
        ))
    }
}

/// What was found.
#[derive(Debug)]
pub struct Found {
    /// The reports; the open ones, then the newest first.
    pub reports: Vec<FoundReport>,
    /// Whether there are more than are shown.
    pub more: bool,
    /// The address itself was not reported: these name others at its host.
    pub at_host: bool,
}

/// A report that was found.
#[derive(Debug)]
pub struct FoundReport {
    /// Which.
    pub report: Listed,
    /// Who holds it.
    pub holder: Option<Holder>,
}

#[derive(FromQueryResult)]
struct Row {
    id: ReportId,
}

const BY_ADDRESS: &str = "a.blind = $1 or a.blind = $2";
const BY_HOST: &str = "a.host_blind = $1";
/// Each kind of hash on its own, so that each has an index to go by.
const BY_DIGEST: &str = "select id from content where sha256 = $1
     union select id from content where sha1 = $1
     union select id from content where md5 = $1";
const BY_LOOK: &str = "select content_id from likeness where pdq = $2
     union select content_id from likeness where pdq_512 = $2";

impl Casework {
    /// The reports that fit what is looked for.
    ///
    /// # Errors
    /// [`DeskError`] when the records fail.
    pub async fn search(&self, sought: &Sought) -> Result<Found, DeskError> {
        let mut at_host = false;
        let ids = match sought {
            Sought::Number(number) => report::by_number(&self.db, *number)
                .await?
                .map(|report| report.id)
                .into_iter()
                .collect(),
            Sought::Address(forms) => {
                let exact = self.naming(forms).await?;
                match forms.first() {
                    Some(address) if exact.is_empty() => {
                        let found = self.at_host(address.host()).await?;
                        at_host = !found.is_empty();
                        found
                    }
                    _ => exact,
                }
            }
            Sought::Host(host) => self.at_host(host).await?,
            Sought::Hash(hash) => self.showing(hash).await?,
        };
        self.found(ids, at_host).await
    }

    async fn naming(&self, forms: &[WebAddress]) -> Result<Vec<ReportId>, DbError> {
        let blind = |at: usize| {
            let form = forms.get(at).or(forms.first());
            form.map(|form| self.vault.blind(Blind::Address, form.as_str()))
                .unwrap_or_default()
        };
        self.reports_at(BY_ADDRESS, values![blind(0), blind(1)])
            .await
    }

    async fn at_host(&self, host: &str) -> Result<Vec<ReportId>, DbError> {
        self.reports_at(BY_HOST, values![self.vault.blind(Blind::Host, host)])
            .await
    }

    async fn showing(&self, hash: &str) -> Result<Vec<ReportId>, DbError> {
        let look = HEXLOWER_PERMISSIVE.decode(hash.as_bytes());
        let (contents, values) = match look {
            // The same length: the hash of bytes or of a look.
            Ok(look) if look.len() == 32 => {
                (format!("{BY_DIGEST} union {BY_LOOK}"), values![hash, look])
            }
            _ => (BY_DIGEST.to_owned(), values![hash]),
        };
        let condition =
            format!("a.id in (select address_id from item where content_id in ({contents}))");
        self.reports_at(&condition, values).await
    }

    /// The reports that name an address of which this is true; one more than are shown.
    async fn reports_at(
        &self,
        condition: &str,
        values: Vec<Value>,
    ) -> Result<Vec<ReportId>, DbError> {
        let sql = format!(
            "select id from report where id in (select s.report_id from address a
                 join sighting s on s.address_id = a.id where {condition})
             order by case when state = 'closed' then 1 else 0 end, received_hour_ms desc, id
             limit {}",
            MOST + 1
        );
        let rows = self.db.rows::<Row>(&sql, values).await?;
        Ok(rows.into_iter().map(|row| row.id).collect())
    }

    async fn found(&self, mut ids: Vec<ReportId>, at_host: bool) -> Result<Found, DeskError> {
        let more = ids.len() > MOST;
        ids.truncate(MOST);
        let listed = report::listed(&self.db, &ids).await?;
        let mut holders = self.holders(&listed).await?;
        let reports = listed
            .into_iter()
            .map(|report| FoundReport {
                holder: holders.remove(&report.id),
                report,
            })
            .collect();
        Ok(Found {
            reports,
            more,
            at_host,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_is_read_as_what_it_is() {
        let host = |name: &str| Some(Sought::Host(name.into()));
        assert_eq!(
            Sought::parse(" Pictures.example "),
            host("pictures.example")
        );
        assert_eq!(
            Sought::parse("pictures[.]example"),
            host("pictures.example")
        );
        let Some(Sought::Address(forms)) = Sought::parse("a.example/x") else {
            panic!("an address");
        };
        let texts: Vec<_> = forms.iter().map(WebAddress::as_str).collect();
        assert_eq!(texts, ["https://a.example/x", "http://a.example/x"]);
        let exact = Sought::parse("http://a.example");
        assert!(matches!(exact, Some(Sought::Address(forms)) if forms.len() == 1));
        assert!(matches!(
            Sought::parse("m 7f3k 9q2c"),
            Some(Sought::Number(_))
        ));
        for length in [32, 40, 64] {
            let hash = Sought::parse(&"AB".repeat(length / 2));
            assert_eq!(hash, Some(Sought::Hash("ab".repeat(length / 2))));
        }
        for nothing in ["", "not an address", "ftp://a.example/", &"ab".repeat(17)] {
            assert_eq!(Sought::parse(nothing), None, "{nothing}");
        }
    }
}
