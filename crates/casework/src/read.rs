//! Questions that concern more than one word.

mod many;

pub(crate) use many::{MOST_IDS, counts_of, listed_as, staff_names};

use capture::store::ContentRow;
use ground::{
    AddressId, Ask, ContentId, DbError, Instant, ItemId, ReportId, StaffId, Tx, Verdict, sea_orm,
    values,
};
use report::Removals;
use sea_orm::FromQueryResult;

#[derive(FromQueryResult)]
struct Report {
    id: ReportId,
}

#[derive(FromQueryResult)]
struct Content {
    id: ContentId,
}

#[derive(FromQueryResult)]
struct Removal {
    illegal: i64,
    sent_on: i64,
    removed: i64,
    ended: i64,
}

/// The report that is newest of the open ones that name the address of an item; the latest closed
/// one when none is open.
pub(crate) async fn report_of_item(
    ask: &impl Ask,
    item: ItemId,
) -> Result<Option<ReportId>, DbError> {
    let row = ask
        .one::<Report>(
            "select r.id from item i
             join sighting s on s.address_id = i.address_id
             join report r on r.id = s.report_id
             where i.id = $1
             order by case when r.state = 'closed' then 1 else 0 end, r.received_hour_ms desc, r.id
             limit 1",
            values![item],
        )
        .await?;
    Ok(row.map(|row| row.id))
}

/// Every report that names an address.
pub(crate) async fn reports_naming(
    ask: &impl Ask,
    address: AddressId,
) -> Result<Vec<ReportId>, DbError> {
    let rows = ask
        .rows::<Report>(
            "select report_id as id from sighting where address_id = $1 order by report_id",
            values![address],
        )
        .await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// How the takedowns stand of everything at the addresses that a report names. What is held for
/// the police counts as illegal and as nothing else.
pub(crate) async fn removals(ask: &impl Ask, report: ReportId) -> Result<Removals, DbError> {
    let counts = ask
        .one::<Removal>(
            "select count(*) as illegal,
                 cast(coalesce(sum(case when t.told_at_ms is not null or t.stage = 'to-forward'
                     then 1 else 0 end), 0) as bigint) as sent_on,
                 cast(coalesce(sum(case when w.presence = 'gone' then 1 else 0 end), 0) as bigint)
                     as removed,
                 cast(coalesce(sum(case when t.stage = 'ended' and w.presence <> 'gone'
                     then 1 else 0 end), 0) as bigint) as ended
             from takedown t join watch w on w.id = t.id
             where t.address_id in (select address_id from sighting where report_id = $1)",
            values![report],
        )
        .await?;
    let number = |n: i64| u32::try_from(n).unwrap_or(u32::MAX);
    Ok(counts.map_or_else(Removals::default, |counts| Removals {
        illegal: number(counts.illegal),
        sent_on: number(counts.sent_on),
        removed: number(counts.removed),
        ended: number(counts.ended),
    }))
}

/// A report closed before `before` whose words can still be read.
pub(crate) async fn report_to_shred(
    ask: &impl Ask,
    before: Instant,
) -> Result<Option<ReportId>, DbError> {
    let row = ask
        .one::<Report>(
            "select id from report
             where state = 'closed' and shredded_at_ms is null and closed_at_ms < $1
             order by closed_at_ms limit 1",
            values![before],
        )
        .await?;
    Ok(row.map(|row| row.id))
}

pub(crate) async fn mark_report_shredded(
    tx: &Tx,
    id: ReportId,
    now: Instant,
) -> Result<(), DbError> {
    tx.execute(
        "update report set shredded_at_ms = $2, words = null, seen_where = null, reach = null,
             mailbox = null, note = null, answered = answer, revision = revision + 1
         where id = $1",
        values![id, now],
    )
    .await?;
    Ok(())
}

/// A content that can still be opened and whose time is over: judged not illegal before
/// `not_illegal`, or illegal with every takedown ended or gone since before `illegal`. What no
/// human has judged yet is never due.
pub(crate) async fn content_to_shred(
    ask: &impl Ask,
    not_illegal: Instant,
    illegal: Instant,
) -> Result<Option<ContentId>, DbError> {
    let row = ask
        .one::<Content>(
            "select c.id from content c
             join seal_key k on k.owner = c.id
             join judgement j on j.content_id = c.id and j.undone_at_ms is null
             where (j.verdict not like 'illegal-%' and j.at_ms < $1)
                or (j.verdict like 'illegal-%' and j.at_ms < $2
                    and exists (select 1 from takedown t where t.content_id = c.id)
                    and not exists (select 1 from takedown t join watch w on w.id = t.id
                        where t.content_id = c.id
                          and (w.presence = 'there' or w.removed_at_ms >= $2)))
             order by j.at_ms limit 1",
            values![not_illegal, illegal],
        )
        .await?;
    Ok(row.map(|row| row.id))
}

/// What there is to do in a report. Every number is in the unit its comment says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, FromQueryResult)]
pub(crate) struct Counts {
    /// Items without a verdict that are not set apart.
    pub to_judge: i64,
    /// Items with a verdict.
    pub judged: i64,
    /// Of these, the illegal ones.
    pub illegal: i64,
    /// Addresses that still wait for a visit.
    pub wanted: i64,
    /// Addresses whose latest finished visit captured them.
    pub captured: i64,
    /// Addresses of which no visit captured anything.
    pub not_captured: i64,
}

/// What there is to do in a report.
pub(crate) async fn counts(ask: &impl Ask, report: ReportId) -> Result<Counts, DbError> {
    let counts = ask
        .one::<Counts>(
            "select i.to_judge, i.judged, i.illegal, v.wanted, v.captured, v.not_captured
             from (select
                     cast(coalesce(sum(case when v.item_id is null and i.set_apart = 0
                         then 1 else 0 end), 0) as bigint) as to_judge,
                     count(v.item_id) as judged,
                     cast(coalesce(sum(case when v.verdict like 'illegal-%' then 1 else 0 end), 0)
                         as bigint) as illegal
                   from sighting s join item i on i.address_id = s.address_id
                   left join item_verdict v on v.item_id = i.id
                   where s.report_id = $1) i,
                  (select
                     cast(coalesce(sum(w.wanted), 0) as bigint) as wanted,
                     cast(coalesce(sum(case when w.wanted = 0 and w.captured = 1
                         then 1 else 0 end), 0) as bigint) as captured,
                     cast(coalesce(sum(case when w.wanted = 0 and w.captured = 0
                         then 1 else 0 end), 0) as bigint) as not_captured
                   from (select v.address_id,
                           max(case when v.state = 'wanted' then 1 else 0 end) as wanted,
                           max(case when v.state = 'captured' then 1 else 0 end) as captured
                         from sighting s join visit v on v.address_id = s.address_id
                         where s.report_id = $1 group by v.address_id) w) v",
            values![report],
        )
        .await?;
    Ok(counts.unwrap_or_default())
}

/// Whether a report names an address.
pub(crate) async fn names(
    ask: &impl Ask,
    report: ReportId,
    address: AddressId,
) -> Result<bool, DbError> {
    let sql = "select count(*) as n from sighting where report_id = $1 and address_id = $2";
    Ok(ask.count(sql, values![report, address]).await? > 0)
}

/// Lets a hold of an analyst last half an hour from now.
pub(crate) async fn keep_hold(
    tx: &Tx,
    report: ReportId,
    by: StaffId,
    now: Instant,
) -> Result<(), DbError> {
    tx.execute(
        "update report set held_until_ms = $3
         where id = $1 and held_by = $2 and state = 'held' and held_until_ms > $4",
        values![report, by, now.plus_ms(report::HOLD_MS), now],
    )
    .await?;
    Ok(())
}

#[derive(FromQueryResult)]
struct Item {
    id: ItemId,
}

/// Every item that carries a content.
pub(crate) async fn items_with(ask: &impl Ask, content: ContentId) -> Result<Vec<ItemId>, DbError> {
    let rows = ask
        .rows::<Item>(
            "select id from item where content_id = $1 order by id",
            values![content],
        )
        .await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// The first item of a report that carries a content.
pub(crate) async fn item_of(
    ask: &impl Ask,
    report: ReportId,
    content: ContentId,
) -> Result<Option<ItemId>, DbError> {
    let row = ask
        .one::<Item>(
            "select i.id from sighting s join item i on i.address_id = s.address_id
             where s.report_id = $1 and i.content_id = $2
             order by s.position, i.found_at_ms, i.position, i.id limit 1",
            values![report, content],
        )
        .await?;
    Ok(row.map(|row| row.id))
}

/// Whether work has begun because of the judgement of a content, or of one confirmed for its likeness
/// to it.
pub(crate) async fn acted_on(ask: &impl Ask, content: ContentId) -> Result<bool, DbError> {
    let sql = "select count(*) as n from takedown where stage <> 'ended' and (content_id = $1
        or content_id in (select content_id from judgement
            where from_content = $1 and undone_at_ms is null))";
    Ok(ask.count(sql, values![content]).await? > 0)
}

/// An illegal item of a report.
#[derive(Debug, Clone, Copy, FromQueryResult)]
pub(crate) struct IllegalItem {
    pub item_id: ItemId,
    pub content_id: ContentId,
    pub address_id: AddressId,
    pub verdict: Verdict,
}

/// The illegal items at the addresses of a report.
pub(crate) async fn illegal_items(
    ask: &impl Ask,
    report: ReportId,
) -> Result<Vec<IllegalItem>, DbError> {
    ask.rows(
        "select i.id as item_id, i.content_id, i.address_id, v.verdict
         from sighting s join item i on i.address_id = s.address_id
         join item_verdict v on v.item_id = i.id
         where s.report_id = $1 and v.verdict like 'illegal-%' order by i.id",
        values![report],
    )
    .await
}

/// One content.
pub(crate) async fn content(ask: &impl Ask, id: ContentId) -> Result<Option<ContentRow>, DbError> {
    capture::store::content(ask, id).await
}

#[derive(FromQueryResult)]
struct Name {
    name: String,
}

/// The name a member of staff goes by.
pub(crate) async fn staff_name(ask: &impl Ask, id: StaffId) -> Result<Option<String>, DbError> {
    let row = ask
        .one::<Name>("select name from account where id = $1", values![id])
        .await?;
    Ok(row.map(|row| row.name))
}

/// Reports that nobody holds and that `by` did not give back, those whose visits are over first, then
/// by their place in the queue; a few of them after so many.
pub(crate) async fn free_reports(
    ask: &impl Ask,
    now: Instant,
    by: StaffId,
    after: i64,
) -> Result<Vec<ReportId>, DbError> {
    let rows = ask
        .rows::<Report>(
            "select r.id from report r
             where r.state <> 'closed' and (r.state = 'waiting' or r.held_until_ms <= $1)
                 and not exists (select 1 from passed_over p
                     where p.report_id = r.id and p.staff_id = $2)
             order by case when exists (select 1 from sighting s
                     join visit v on v.address_id = s.address_id
                     where s.report_id = r.id and v.state = 'wanted') then 1 else 0 end,
                 r.rank_hour_ms, r.id
             limit 8 offset $3",
            values![now, by, after],
        )
        .await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// How many visits of the addresses of a report are not over.
pub(crate) async fn visits_under_way(ask: &impl Ask, report: ReportId) -> Result<i64, DbError> {
    ask.count(
        "select count(*) as n from sighting s join visit v on v.address_id = s.address_id
         where s.report_id = $1 and v.state = 'wanted'",
        values![report],
    )
    .await
}

/// How many veiled previews the page of a report shows, in items.
pub(crate) async fn previews(ask: &impl Ask, report: ReportId) -> Result<i64, DbError> {
    ask.count(
        "select count(*) as n from sighting s join item i on i.address_id = s.address_id
         join content c on c.id = i.content_id
         where s.report_id = $1 and c.veiled is not null",
        values![report],
    )
    .await
}

#[derive(FromQueryResult)]
struct Address {
    id: AddressId,
}

/// The addresses a report names, in the sender's order.
pub(crate) async fn addresses_of(
    ask: &impl Ask,
    report: ReportId,
) -> Result<Vec<AddressId>, DbError> {
    let rows = ask
        .rows::<Address>(
            "select address_id as id from sighting where report_id = $1 order by position",
            values![report],
        )
        .await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// An item and its content.
#[derive(Debug, Clone, Copy, FromQueryResult)]
pub(crate) struct Pair {
    pub item_id: ItemId,
    pub content_id: ContentId,
}

/// Items of a report whose content was judged and that have no verdict themselves.
pub(crate) async fn known_without_verdict(
    ask: &impl Ask,
    report: ReportId,
) -> Result<Vec<Pair>, DbError> {
    ask.rows(
        "select i.id as item_id, i.content_id from sighting s
         join item i on i.address_id = s.address_id
         join judgement j on j.content_id = i.content_id and j.undone_at_ms is null
         left join item_verdict v on v.item_id = i.id
         where s.report_id = $1 and v.item_id is null",
        values![report],
    )
    .await
}
