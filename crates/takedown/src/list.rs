//! Lists and counts for the desk, and what waits for a notice.

use ground::{
    AddressId, Ask, ContactId, ContentId, DbError, HostedIn, Instant, ItemId, NoticeId,
    Observation, PoliceReason, ProviderId, ReportId, TakedownId, Verdict, values,
};
use sea_orm::FromQueryResult;

use crate::{Cause, Presence, Stage};

/// One line of a list: the way and the watch beside each other.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
#[expect(
    missing_docs,
    reason = "each field is the column of the same name, explained there"
)]
pub struct Listed {
    pub id: TakedownId,
    pub item_id: ItemId,
    pub content_id: ContentId,
    pub address_id: AddressId,
    pub report_id: ReportId,
    pub verdict: Verdict,
    pub stage: Stage,
    pub cause: Cause,
    pub note: Option<String>,
    pub hosted_in: Option<HostedIn>,
    pub country: Option<String>,
    pub ip: Option<String>,
    pub provider_id: Option<ProviderId>,
    pub contact_id: Option<ContactId>,
    pub police_reason: Option<PoliceReason>,
    pub hold_deadline_ms: Option<Instant>,
    pub notice_id: Option<NoticeId>,
    pub told_at_ms: Option<Instant>,
    pub opened_at_ms: Instant,
    pub presence: Presence,
    pub absences: i64,
    pub first_absent_ms: Option<Instant>,
    pub last_present_ms: Option<Instant>,
    pub last_seen: Option<Observation>,
    pub removed_at_ms: Option<Instant>,
    pub returns: i64,
    pub checks: i64,
    pub next_check_ms: Instant,
}

/// Which takedowns to list; nothing set lists all.
#[derive(Debug, Clone, Copy, Default)]
pub struct Which {
    /// At this stage.
    pub stage: Option<Stage>,
    /// With this presence.
    pub presence: Option<Presence>,
    /// Hosted by this provider.
    pub provider: Option<ProviderId>,
    /// Last observed like this.
    pub last_seen: Option<Observation>,
    /// Judged in this report.
    pub report: Option<ReportId>,
}

const LISTED: &str = "select t.id, t.item_id, t.content_id, t.address_id, t.report_id, t.verdict,
        t.stage, t.cause, t.note, t.hosted_in, t.country, t.ip, t.provider_id, t.contact_id,
        t.police_reason, t.hold_deadline_ms, t.notice_id, t.told_at_ms, t.opened_at_ms, w.presence,
        w.absences, w.first_absent_ms, w.last_present_ms, w.last_seen, w.removed_at_ms, w.returns,
        w.checks, w.not_before_ms as next_check_ms
    from takedown t join watch w on w.id = t.id";

/// Takedowns, oldest first, `limit` from `offset` on.
///
/// # Errors
/// [`DbError`] when the records fail.
pub async fn list(
    ask: &impl Ask,
    which: Which,
    limit: i64,
    offset: i64,
) -> Result<Vec<Listed>, DbError> {
    let mut values = values![limit, offset];
    let mut asked = Vec::new();
    let mut wanted = |column: &str, value: Option<sea_orm::Value>| {
        if let Some(value) = value {
            values.push(value);
            asked.push(format!("{column} = ${}", values.len()));
        }
    };
    wanted("t.stage", which.stage.map(Into::into));
    wanted("w.presence", which.presence.map(Into::into));
    wanted("t.provider_id", which.provider.map(Into::into));
    wanted("w.last_seen", which.last_seen.map(Into::into));
    wanted("t.report_id", which.report.map(Into::into));
    let condition = if asked.is_empty() {
        String::new()
    } else {
        format!("where {}", asked.join(" and "))
    };
    let sql = format!("{LISTED} {condition} order by t.opened_at_ms, t.id limit $1 offset $2");
    ask.rows(&sql, values).await
}

/// The takedowns of the items judged in one report.
///
/// # Errors
/// [`DbError`] when the records fail.
pub async fn of_report(ask: &impl Ask, report: ReportId) -> Result<Vec<Listed>, DbError> {
    list(
        ask,
        Which {
            report: Some(report),
            ..Which::default()
        },
        i64::from(u32::MAX),
        0,
    )
    .await
}

/// The items that a contact was told of and that are still its concern: what is still there first,
/// then by when it was told; `limit` from `offset` on.
///
/// # Errors
/// [`DbError`] when the records fail.
pub async fn told_to(
    ask: &impl Ask,
    contact: ContactId,
    limit: i64,
    offset: i64,
) -> Result<Vec<Listed>, DbError> {
    let sql = format!(
        "{LISTED} where t.contact_id = $1 and t.stage = 'told'
         order by case when w.presence = 'there' then 0 else 1 end, t.told_at_ms, t.id
         limit $2 offset $3"
    );
    ask.rows(&sql, values![contact, limit, offset]).await
}

/// One item that waits to be named in a notice.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct Due {
    /// Its takedown.
    pub id: TakedownId,
    /// Whom to write to.
    pub contact_id: ContactId,
    /// Who hosts it.
    pub provider_id: ProviderId,
    /// The item.
    pub item_id: ItemId,
    /// What it holds.
    pub content_id: ContentId,
    /// The address it was found at.
    pub address_id: AddressId,
    /// What was judged of it.
    pub verdict: Verdict,
    /// The address its name leads to.
    pub ip: Option<String>,
    /// When it was last seen by a check.
    pub last_present_ms: Option<Instant>,
    /// When its host was found: it waits since then.
    pub host_found_at_ms: Option<Instant>,
    /// When its takedown was opened.
    pub opened_at_ms: Instant,
}

/// What waits for a notice and is not gone, by contact and then oldest first.
///
/// # Errors
/// [`DbError`] when the records fail.
pub async fn due(ask: &impl Ask, limit: i64) -> Result<Vec<Due>, DbError> {
    ask.rows(
        "select t.id, t.contact_id, t.provider_id, t.item_id, t.content_id, t.address_id, t.ip,
             t.verdict, w.last_present_ms, t.host_found_at_ms, t.opened_at_ms
         from takedown t join watch w on w.id = t.id
         where t.stage = 'notice-due' and w.presence = 'there'
             and t.contact_id is not null and t.provider_id is not null
         order by t.contact_id, t.opened_at_ms, t.id limit $1",
        values![limit],
    )
    .await
}

/// Whom to remind: told so long ago as `waits` says for each reminder in turn, in ms, seen at its place
/// by the last look, and not reminded as often as there are waits. By contact, then longest ago first.
///
/// # Errors
/// [`DbError`] when the records fail.
pub async fn to_remind(
    ask: &impl Ask,
    waits: &[i64],
    now: Instant,
    limit: i64,
) -> Result<Vec<Due>, DbError> {
    let mut all = Vec::new();
    for (nth, wait) in (0_i64..).zip(waits) {
        let due = ask.rows(
            "select t.id, t.contact_id, t.provider_id, t.item_id, t.content_id, t.address_id, t.ip,
                 t.verdict, w.last_present_ms, t.host_found_at_ms, t.opened_at_ms
             from takedown t join watch w on w.id = t.id
             where t.stage = 'told' and t.last_told_at_ms <= $1 and t.reminders = $2
                 and w.presence = 'there' and w.last_seen = 'present'
                 and t.contact_id is not null and t.provider_id is not null
             order by t.contact_id, t.last_told_at_ms, t.id limit $3",
            values![now.plus_ms(-wait), nth, limit],
        );
        all.extend(due.await?);
    }
    Ok(all)
}

#[derive(FromQueryResult)]
struct Id {
    id: TakedownId,
}

/// Takedowns at this provider that wait for a contact: what an approval may set going.
///
/// # Errors
/// [`DbError`] when the records fail.
pub async fn awaiting_contact(
    ask: &impl Ask,
    provider: ProviderId,
) -> Result<Vec<TakedownId>, DbError> {
    let rows = ask
        .rows::<Id>(
            "select id from takedown where stage = 'awaiting-contact' and provider_id = $1
             order by opened_at_ms, id",
            values![provider],
        )
        .await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// How many takedowns stand where; only those whose item is not gone and that are not closed.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct StageCount {
    /// The stage.
    pub stage: Stage,
    /// How many.
    pub n: i64,
    /// When the oldest of them was opened.
    pub oldest_ms: Instant,
}

/// Open takedowns counted by stage.
///
/// # Errors
/// [`DbError`] when the records fail.
pub async fn by_stage(ask: &impl Ask) -> Result<Vec<StageCount>, DbError> {
    ask.rows(
        "select t.stage, count(*) as n, min(t.opened_at_ms) as oldest_ms
         from takedown t join watch w on w.id = t.id
         where t.stage <> 'ended' and w.presence = 'there' group by t.stage order by t.stage",
        values![],
    )
    .await
}

/// How many takedowns a provider has.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct ProviderCount {
    /// The provider.
    pub provider_id: ProviderId,
    /// All there ever were.
    pub items: i64,
    /// Still there.
    pub open: i64,
    /// Removed.
    pub removed: i64,
}

/// Takedowns counted by provider, most open ones first.
///
/// # Errors
/// [`DbError`] when the records fail.
pub async fn by_provider(ask: &impl Ask) -> Result<Vec<ProviderCount>, DbError> {
    ask.rows(
        "select t.provider_id, count(*) as items,
             cast(sum(case when w.presence = 'there' and t.stage <> 'ended' then 1 else 0 end)
                 as bigint) as open,
             cast(sum(case when w.removed_at_ms is not null then 1 else 0 end) as bigint) as removed
         from takedown t join watch w on w.id = t.id
         where t.provider_id is not null group by t.provider_id
         order by open desc, t.provider_id",
        values![],
    )
    .await
}

#[derive(FromQueryResult)]
struct Oldest {
    at: Option<Instant>,
}

/// When the oldest takedown was opened whose item is still there and that nobody was told of.
///
/// # Errors
/// [`DbError`] when the records fail.
pub async fn oldest_open(ask: &impl Ask) -> Result<Option<Instant>, DbError> {
    let oldest = ask
        .one::<Oldest>(
            "select min(t.opened_at_ms) as at from takedown t join watch w on w.id = t.id
             where t.told_at_ms is null and t.stage <> 'ended' and w.presence = 'there'",
            values![],
        )
        .await?;
    Ok(oldest.and_then(|row| row.at))
}
