//! What likeness spares people: images reported, looks needed, looks saved. Counted from the ledger
//! alone; the units are kept apart.

use std::collections::HashMap;

use ground::clock::DAY_MS;
use ground::{Ask as _, Basis, Fact, ItemId, ReportId, fact, sea_orm, values};
use sea_orm::FromQueryResult;

use super::DeskError;
use crate::Casework;

/// What was reported, and what it asked of people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, FromQueryResult)]
pub struct LooksTaken {
    /// Images and videos found that are more than ornaments, in items.
    pub images: i64,
    /// Verdicts for which a person looked, or saw a likeness and confirmed it, in looks.
    pub needed: i64,
    /// Items that have their verdict without anybody looking at them, in looks not taken.
    pub saved: i64,
}

impl LooksTaken {
    fn count(&mut self, basis: Basis, n: i64) {
        if basis.is_look() {
            self.needed += n;
        } else {
            self.saved += n;
        }
    }
}

#[derive(FromQueryResult)]
struct Line {
    item: ItemId,
    detail: String,
}

impl Casework {
    /// The measure of one report: of every item at the addresses it names, by its last line.
    ///
    /// # Errors
    /// [`DeskError::Db`].
    pub async fn looks_of(&self, report: ReportId) -> Result<LooksTaken, DeskError> {
        let lines: Vec<Line> = self
            .db
            .rows(
                "select i.id as item, l.detail from sighting s
                 join item i on i.address_id = s.address_id
                 join ledger l on l.subject = i.id
                 where s.report_id = $1
                     and l.kind in ('item_found', 'item_judged', 'item_unjudged')
                 order by l.seq",
                values![report],
            )
            .await?;
        let mut taken = LooksTaken::default();
        let mut stands: HashMap<ItemId, Basis> = HashMap::new();
        for line in lines {
            match fact::read(&line.detail) {
                Ok(Fact::ItemFound { set_apart, .. }) => taken.images += i64::from(!set_apart),
                Ok(Fact::ItemJudged { basis, .. }) => {
                    stands.insert(line.item, basis);
                }
                Ok(Fact::ItemUnjudged { .. }) => {
                    stands.remove(&line.item);
                }
                _ => {}
            }
        }
        for basis in stands.into_values() {
            taken.count(basis, 1);
        }
        Ok(taken)
    }

    /// The measure of the last 24 hours, of the whole house.
    ///
    /// # Errors
    /// [`DeskError::Db`].
    pub async fn looks_of_a_day(&self) -> Result<LooksTaken, DeskError> {
        let since = self.clock.now().plus_ms(-DAY_MS);
        let with = |look: bool| {
            let words = Basis::ALL.iter().filter(|basis| basis.is_look() == look);
            let likes: Vec<String> = words
                .map(|basis| format!("detail like '%\"basis\":\"{basis}\"%'"))
                .collect();
            let such = likes.join(" or ");
            format!(
                "cast(coalesce(sum(case when {such} then
                     case kind when 'item_judged' then 1 when 'item_unjudged' then -1 else 0 end
                     else 0 end), 0) as bigint)"
            )
        };
        // One pass over the day: the queue asks for this each time it is shown.
        let sql = format!(
            "select cast(coalesce(sum(case when kind = 'item_found'
                     and detail like '%\"set_apart\":false%' then 1 else 0 end), 0) as bigint) as images,
                 {} as needed, {} as saved
             from ledger
             where kind in ('item_found', 'item_judged', 'item_unjudged') and at_ms >= $1",
            with(true),
            with(false)
        );
        let taken = self.db.one::<LooksTaken>(&sql, values![since]).await?;
        Ok(taken.unwrap_or_default())
    }
}
