//! The end of addresses and of notices: where something lay is forgotten when nobody has anything
//! left to do there.
//!
//! A forgotten address keeps its row, so that counts stay true, and loses its key and its blind
//! index: neither what it was nor that it is the same one can be found out. Reported again, it is a
//! new address.

use ground::{
    Act, AddressId, Ask, DbError, Fact, Instant, NoticeId, Tx, sea_orm::FromQueryResult, values,
};
use vault::Owner;

use super::RETENTION;
use crate::{Casework, WorkError};

#[derive(FromQueryResult)]
struct DueAddress {
    id: AddressId,
}

#[derive(FromQueryResult)]
struct DueNotice {
    id: NoticeId,
}

/// That an address may be forgotten: every report that names it is closed since before `$1`, no
/// visit is wanted or later than that, no screenshot is left, and the watch over whatever was
/// illegal there is over and its removal older than `$2`.
const OVER: &str = "not exists (select 1 from sighting s join report r on r.id = s.report_id
        where s.address_id = a.id and (r.closed_at_ms is null or r.closed_at_ms >= $1))
    and not exists (select 1 from visit v where v.address_id = a.id
        and (v.screenshot is not null or v.ended_at_ms is null or v.ended_at_ms >= $1))
    and not exists (select 1 from evidence e where e.address_id = a.id and e.pieces is not null)
    and not exists (select 1 from takedown t join watch w on w.id = t.id
        where t.address_id = a.id
          and (w.presence <> 'ended' or t.opened_at_ms >= $2 or w.removed_at_ms >= $2))";

/// An address whose key is still there and whose time is over, the oldest first.
async fn address_due(
    ask: &impl Ask,
    not_illegal: Instant,
    illegal: Instant,
) -> Result<Option<AddressId>, DbError> {
    let sql = format!(
        "select a.id from address a join seal_key k on k.owner = a.id
         where a.first_hour_ms < $1 and {OVER} order by a.first_hour_ms limit 1"
    );
    let row = ask
        .one::<DueAddress>(&sql, values![not_illegal, illegal])
        .await?;
    Ok(row.map(|row| row.id))
}

/// A notice whose key is still there, that is done with, and of which every address it names is
/// forgotten. It is drawn up after them all, so it goes after them all.
async fn notice_due(ask: &impl Ask, illegal: Instant) -> Result<Option<NoticeId>, DbError> {
    let row = ask
        .one::<DueNotice>(
            "select n.id from notice n join seal_key k on k.owner = n.id
             where n.drawn_up_at_ms < $1 and n.state in ('accepted', 'failed')
               and not exists (select 1 from notice_item i
                   join takedown t on t.id = i.takedown_id
                   join seal_key a on a.owner = t.address_id
                   where i.notice_id = n.id)
             order by n.drawn_up_at_ms limit 1",
            values![illegal],
        )
        .await?;
    Ok(row.map(|row| row.id))
}

impl Casework {
    /// Forgets one address or notice whose time is over; false when none is due.
    pub(super) async fn forget_one(
        &self,
        not_illegal: Instant,
        illegal: Instant,
    ) -> Result<bool, WorkError> {
        if let Some(id) = address_due(&self.db, not_illegal, illegal).await? {
            return self.forget_address(id, not_illegal, illegal).await;
        }
        if let Some(id) = notice_due(&self.db, illegal).await? {
            let act = Act::by_worker(RETENTION, self.clock.now());
            let tx = self.db.act(&act, "shred a notice").await?;
            self.vault.shred(&tx, Owner::Notice(id)).await?;
            tx.commit().await?;
            return Ok(true);
        }
        Ok(false)
    }

    /// False when it was reported again between the look and the deed.
    async fn forget_address(
        &self,
        id: AddressId,
        not_illegal: Instant,
        illegal: Instant,
    ) -> Result<bool, WorkError> {
        let act = Act::by_worker(RETENTION, self.clock.now());
        let tx = self.db.act(&act, "forget an address").await?;
        if !self.blind_out(&tx, id, not_illegal, illegal).await? {
            return Ok(false);
        }
        self.vault.shred(&tx, Owner::Address(id)).await?;
        tx.record(id, &Fact::AddressForgotten);
        tx.commit().await?;
        // Nobody can open them any more.
        for object in evidence::store::objects_at(&self.db, id).await? {
            self.vault
                .objects()
                .remove(&vault::ObjectName::stored(&object))
                .await?;
        }
        Ok(true)
    }

    /// Writes chance over the blind indexes of an address and of its items.
    async fn blind_out(
        &self,
        tx: &Tx,
        id: AddressId,
        not_illegal: Instant,
        illegal: Instant,
    ) -> Result<bool, DbError> {
        let nothing = || self.chance.bytes::<32>().to_vec();
        // The same question once more, under the lock that whoever reports it again waits for.
        let sql = format!(
            "update address as a set blind = $3, host_blind = $4, state = 'closed',
                 revision = revision + 1
             where a.id = $5 and {OVER}"
        );
        let values = values![not_illegal, illegal, nothing(), nothing(), id];
        if tx.execute(&sql, values).await? != 1 {
            return Ok(false);
        }
        tx.execute(
            "update item set blind = $2 where address_id = $1",
            values![id, nothing()],
        )
        .await?;
        Ok(true)
    }
}
