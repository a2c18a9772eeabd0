//! The tables `provider` and `contact`.

use ground::{Ask, Chance, ContactId, DbError, Fact, HostedIn, Instant, ProviderId, Tx, values};
use sea_orm::FromQueryResult;

use crate::{
    Contact, ContactLanguage, ContactRow, ContactState, Country, FoundBy, Located, MailAddress,
    Manner, Provider, choose, provider_key,
};

/// Most desks of one look-up that become contacts.
const MOST_CONTACTS: usize = 3;

/// Why a contact was not written.
#[derive(Debug, thiserror::Error)]
pub enum StoreFault {
    /// Somebody else changed it since it was read: read it again.
    #[error("it was changed in the meantime")]
    Stale,
    /// The provider has a contact with this mail address already.
    #[error("the provider has a contact with this address already")]
    Taken,
    /// The records failed.
    #[error(transparent)]
    Db(#[from] DbError),
}

const PROVIDER_COLUMNS: &str = "id, key, name, country, asn, found_at_ms, revision";
const CONTACT_COLUMNS: &str = "id, provider_id, email, language, format, state, found_by, decided_by, decided_at_ms, revision";

/// Where a look-up led: the provider, and whom to write to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placed {
    /// The provider; none when nobody knows who hosts it.
    pub provider: Option<Provider>,
    /// Whom to write to, approved or not; only at home.
    pub contact: Option<Contact>,
}

/// Finds or makes the provider of a look-up, and at home the contacts that were found, recording
/// what is new. Which of the provider's contacts to write to: the first approved one of those the
/// look-up named; else any approved one; else the first that waits for approval.
///
/// # Errors
/// [`DbError`] when the records fail.
pub async fn place(
    tx: &Tx,
    located: &Located,
    chance: &Chance,
    now: Instant,
) -> Result<Placed, DbError> {
    let Some(name) = located.provider_name() else {
        return Ok(Placed {
            provider: None,
            contact: None,
        });
    };
    let provider = found(tx, located, &name, chance, now).await?;
    if located.hosted_in != HostedIn::Home {
        return Ok(Placed {
            provider: Some(provider),
            contact: None,
        });
    }
    let mut contacts = Vec::new();
    for desk in located.abuse.iter().take(MOST_CONTACTS) {
        let manner = Manner::usual(ContactLanguage::of(located.country));
        let email = desk.email.clone();
        contacts.push(found_contact(tx, &provider, email, manner, desk.found_by, chance).await?);
    }
    for known in contacts_of(tx, provider.id).await? {
        if !contacts.iter().any(|contact| contact.id == known.id) {
            contacts.push(known);
        }
    }
    let contact = choose(&contacts).cloned();
    Ok(Placed {
        provider: Some(provider),
        contact,
    })
}

async fn found(
    tx: &Tx,
    located: &Located,
    name: &str,
    chance: &Chance,
    now: Instant,
) -> Result<Provider, DbError> {
    let key = provider_key(located.asn, name, located.country);
    let (id, asn) = (ProviderId::fresh(chance), located.asn.map(i64::from));
    let made = tx
        .execute(
            &format!(
                "insert into provider ({PROVIDER_COLUMNS}) values ($1, $2, $3, $4, $5, $6, 0)
                 on conflict (key) do nothing"
            ),
            values![id, key.as_str(), name, located.country, asn, now],
        )
        .await?;
    if made == 1 {
        tx.record(
            id,
            &Fact::ProviderFound {
                name: name.to_owned(),
                country: located.country.map(|country| country.to_string()),
                asn: located.asn,
            },
        );
    }
    let sql = format!("select {PROVIDER_COLUMNS} from provider where key = $1");
    tx.one(&sql, values![key])
        .await?
        .ok_or_else(|| missing("a provider neither new nor known"))
}

fn missing(what: &str) -> DbError {
    DbError::Unreadable { what: what.into() }
}

async fn found_contact(
    tx: &Tx,
    provider: &Provider,
    email: MailAddress,
    manner: Manner,
    found_by: FoundBy,
    chance: &Chance,
) -> Result<Contact, DbError> {
    let known = contacts_of(tx, provider.id).await?;
    if let Some(known) = known.into_iter().find(|known| known.email.is_same(&email)) {
        return Ok(known);
    }
    let id = ContactId::fresh(chance);
    let (contact, fact) = Contact::found(id, provider.id, email, manner, found_by);
    if insert_contact(tx, &contact).await? {
        tx.record(contact.id, &fact);
        return Ok(contact);
    }
    let sql =
        format!("select {CONTACT_COLUMNS} from contact where provider_id = $1 and email = $2");
    let row = tx
        .one(&sql, values![provider.id, contact.email.clone()])
        .await?;
    row.map(Contact)
        .ok_or_else(|| missing("a contact neither new nor known"))
}

async fn insert_contact(tx: &Tx, contact: &Contact) -> Result<bool, DbError> {
    let made = tx
        .execute(
            "insert into contact (id, provider_id, email, language, format, state, found_by, revision)
             values ($1, $2, $3, $4, $5, $6, $7, 0) on conflict (provider_id, email) do nothing",
            values![
                contact.id,
                contact.provider_id,
                contact.email.clone(),
                contact.language,
                contact.format,
                contact.state,
                contact.found_by,
            ],
        )
        .await?;
    Ok(made == 1)
}

/// Adds a contact that a human typed; it must still be approved.
///
/// # Errors
/// [`StoreFault::Taken`] when the provider has it already; [`StoreFault::Db`].
pub async fn add_contact(
    tx: &Tx,
    provider: ProviderId,
    email: MailAddress,
    manner: Manner,
    chance: &Chance,
) -> Result<Contact, StoreFault> {
    if contacts_of(tx, provider)
        .await?
        .iter()
        .any(|known| known.email.is_same(&email))
    {
        return Err(StoreFault::Taken);
    }
    let id = ContactId::fresh(chance);
    let (contact, fact) = Contact::found(id, provider, email, manner, FoundBy::Hand);
    if !insert_contact(tx, &contact).await? {
        return Err(StoreFault::Taken);
    }
    tx.record(contact.id, &fact);
    Ok(contact)
}

/// Writes a contact after a move and records its fact, unless it was changed since it was read.
///
/// # Errors
/// [`StoreFault`].
pub async fn save_contact(tx: &Tx, contact: &Contact, fact: &Fact) -> Result<(), StoreFault> {
    let of_provider = contacts_of(tx, contact.provider_id).await?;
    let same = |known: &Contact| known.id != contact.id && known.email.is_same(&contact.email);
    if of_provider.iter().any(same) {
        return Err(StoreFault::Taken);
    }
    let written = tx
        .execute(
            "update contact set email = $3, language = $4, state = $5, found_by = $6,
                 decided_by = $7, decided_at_ms = $8, format = $9, revision = revision + 1
             where id = $1 and revision = $2",
            values![
                contact.id,
                contact.revision,
                contact.email.clone(),
                contact.language,
                contact.state,
                contact.found_by,
                contact.decided_by.clone(),
                contact.decided_at_ms,
                contact.format,
            ],
        )
        .await?;
    if written != 1 {
        return Err(StoreFault::Stale);
    }
    tx.record(contact.id, fact);
    Ok(())
}

/// One contact.
///
/// # Errors
/// [`DbError`] when the records fail.
pub async fn contact(ask: &impl Ask, id: ContactId) -> Result<Option<Contact>, DbError> {
    let sql = format!("select {CONTACT_COLUMNS} from contact where id = $1");
    Ok(ask.one::<ContactRow>(&sql, values![id]).await?.map(Contact))
}

/// The contacts of a provider, by address.
///
/// # Errors
/// [`DbError`] when the records fail.
pub async fn contacts_of(ask: &impl Ask, provider: ProviderId) -> Result<Vec<Contact>, DbError> {
    let sql =
        format!("select {CONTACT_COLUMNS} from contact where provider_id = $1 order by email");
    let rows = ask.rows::<ContactRow>(&sql, values![provider]).await?;
    Ok(rows.into_iter().map(Contact).collect())
}

/// A contact with the name of its provider, for a list.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
#[expect(
    missing_docs,
    reason = "each field is the column of the same name, explained there"
)]
pub struct ContactListed {
    pub id: ContactId,
    pub provider_id: ProviderId,
    pub email: MailAddress,
    pub language: ContactLanguage,
    pub state: ContactState,
    pub found_by: FoundBy,
    pub decided_at_ms: Option<Instant>,
    pub revision: i64,
    pub provider_name: String,
    pub provider_country: Option<Country>,
    pub provider_asn: Option<i64>,
}

/// The contacts in a state, with their providers, by name.
///
/// # Errors
/// [`DbError`] when the records fail.
pub async fn contacts_in(
    ask: &impl Ask,
    state: ContactState,
) -> Result<Vec<ContactListed>, DbError> {
    ask.rows(
        "select c.id, c.provider_id, c.email, c.language, c.state, c.found_by, c.decided_at_ms,
             c.revision, p.name as provider_name, p.country as provider_country,
             p.asn as provider_asn
         from contact c join provider p on p.id = c.provider_id
         where c.state = $1 order by p.name, c.email",
        values![state],
    )
    .await
}

/// How many contacts wait for approval.
///
/// # Errors
/// [`DbError`] when the records fail.
pub async fn waiting_for_approval(ask: &impl Ask) -> Result<i64, DbError> {
    let sql = "select count(*) as n from contact where state = 'unapproved'";
    ask.count(sql, values![]).await
}

/// One provider.
///
/// # Errors
/// [`DbError`] when the records fail.
pub async fn provider(ask: &impl Ask, id: ProviderId) -> Result<Option<Provider>, DbError> {
    let sql = format!("select {PROVIDER_COLUMNS} from provider where id = $1");
    ask.one(&sql, values![id]).await
}

/// A provider with how many contacts it has, for a list.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
#[expect(
    missing_docs,
    reason = "each field is the column of the same name, explained there"
)]
pub struct ProviderListed {
    pub id: ProviderId,
    pub name: String,
    pub country: Option<Country>,
    pub asn: Option<i64>,
    pub found_at_ms: Instant,
    /// Contacts in all.
    pub contacts: i64,
    /// Of these, approved.
    pub approved: i64,
}

/// All providers, by name.
///
/// # Errors
/// [`DbError`] when the records fail.
pub async fn all(ask: &impl Ask) -> Result<Vec<ProviderListed>, DbError> {
    ask.rows(
        "select p.id, p.name, p.country, p.asn, p.found_at_ms, count(c.id) as contacts,
             cast(sum(case when c.state = 'approved' then 1 else 0 end) as bigint) as approved
         from provider p left join contact c on c.provider_id = p.id
         group by p.id, p.name, p.country, p.asn, p.found_at_ms order by p.name, p.id",
        values![],
    )
    .await
}
