//! How many hashes were asked, gathered in memory and written down together.
//!
//! A process that ends loses at most what was asked since the last [`EVERY`]; nothing, when it calls
//! [`crate::Api::flush`] after its work has ended. The ledger has a fact for each client and day, once the day is over.

use std::collections::BTreeMap;
use std::time::Duration;

use ground::clock::MINUTE_MS;
use ground::{Act, Db, DbError, Instant};
use hashcheck::{AlarmKind, Counted, day_of};

use crate::clients::{Clients, Known};

/// How often counts are written down: the most that can be lost.
pub(crate) const EVERY: Duration = Duration::from_secs(5);
/// A day is closed so long after its end, when everything asked in it was written down.
const LINGER_MS: i64 = 5 * MINUTE_MS;
/// Under what name the ledger has what the service does by itself.
const WORKER: &str = "hash-check";

/// What was asked and is not written down yet.
#[derive(Debug, Default)]
pub(crate) struct Pending {
    days: BTreeMap<i64, Counted>,
    alarms: Vec<AlarmKind>,
}

impl Pending {
    pub(crate) fn add(&mut self, more: Counted, now: Instant) {
        let day = self.days.entry(day_of(now)).or_default();
        *day = day.and(more);
    }

    fn put_back(&mut self, other: Self) {
        for (day, counted) in other.days {
            let there = self.days.entry(day).or_default();
            *there = there.and(counted);
        }
        self.alarms.extend(other.alarms);
    }

    pub(crate) fn alarm(&mut self, kind: AlarmKind) {
        self.alarms.push(kind);
    }
}

/// Writes down what was asked and closes the days that are over.
pub(crate) async fn flush(db: &Db, clients: &Clients, now: Instant) -> Result<(), DbError> {
    for known in clients.all() {
        let pending = std::mem::take(&mut known.doing().pending);
        if let Err(fault) = write(db, &known, &pending, now).await {
            // Not lost: it is written down with what comes next.
            known.doing().pending.put_back(pending);
            return Err(fault);
        }
        let mut alarms = pending.alarms.into_iter();
        while let Some(kind) = alarms.next() {
            let act = Act::by_worker(WORKER, now);
            if let Err(fault) = hashcheck::raise(db, &act, known.client.id, kind).await {
                let alarms = std::iter::once(kind).chain(alarms).collect();
                let days = BTreeMap::new();
                known.doing().pending.put_back(Pending { days, alarms });
                return Err(fault);
            }
            tracing::warn!(client = %known.client.id, %kind, "an unusual way of asking");
        }
    }
    let over = day_of(now.plus_ms(-LINGER_MS));
    hashcheck::close_days(db, &Act::by_worker(WORKER, now), over).await?;
    Ok(())
}

async fn write(db: &Db, known: &Known, pending: &Pending, now: Instant) -> Result<(), DbError> {
    if pending.days.values().all(|counted| counted.is_none()) {
        return Ok(());
    }
    let tx = db.upkeep("count hash-checks").await?;
    for (day, counted) in &pending.days {
        if !hashcheck::count(&tx, known.client.id, *day, *counted).await? {
            hashcheck::count(&tx, known.client.id, day_of(now), *counted).await?;
        }
    }
    tx.commit().await
}
