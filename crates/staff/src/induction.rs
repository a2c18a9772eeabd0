//! How somebody new comes to the full work: by levels, each with narrower limits, and a colleague who
//! says that the next may come (WB-15).

use ground::{Ask, DbError, Instant, StaffId, Tx, sea_orm, text_enum, values};

use crate::limits::Limits;
use crate::rules::{Name, Role, Roles};

text_enum! {
    /// How far somebody new has come.
    pub enum Level {
        /// The first weeks: little, and no video is offered.
        First = "first",
        /// Half of what others look at.
        Second = "second",
        /// No longer new.
        Full = "full",
    }
}

impl Level {
    /// The limits of a site, narrowed to this level.
    #[must_use]
    pub const fn limits(self, site: Limits) -> Limits {
        const fn part(of: i64, parts: i64) -> i64 {
            if of / parts < 1 { 1 } else { of / parts }
        }
        match self {
            Self::First => Limits {
                day_ms: site.day_ms / 4,
                stretch_ms: site.stretch_ms / 2,
                hard_run: part(site.hard_run, 5),
                ..site
            },
            Self::Second => Limits {
                day_ms: site.day_ms / 2,
                hard_run: part(site.hard_run, 2),
                ..site
            },
            Self::Full => site,
        }
    }

    /// The level after this one; none after the last.
    #[must_use]
    pub const fn next(self) -> Option<Self> {
        match self {
            Self::First => Some(Self::Second),
            Self::Second => Some(Self::Full),
            Self::Full => None,
        }
    }
}

/// Somebody who is new.
#[derive(Debug, Clone, PartialEq, Eq, sea_orm::FromQueryResult)]
pub struct Newcomer {
    /// Who.
    pub staff_id: StaffId,
    /// Under which name.
    pub name: Name,
    /// How far they have come.
    pub level: Level,
    /// Since when.
    pub since_ms: Instant,
}

/// Whether somebody with these roles begins at the first level. A senior analyst is not new to the work.
#[must_use]
pub fn begins(roles: &Roles) -> bool {
    roles.has(Role::Analyst) && !roles.has(Role::Senior)
}

/// Begins at the first level, unless they began before.
///
/// # Errors
/// When the records fail.
pub(crate) async fn begin(tx: &Tx, staff: StaffId, at: Instant) -> Result<(), DbError> {
    tx.execute(
        "insert into induction (staff_id, level, since_ms) values ($1, $2, $3)
         on conflict (staff_id) do nothing",
        values![staff, Level::First, at],
    )
    .await?;
    Ok(())
}

/// Everybody who is new and works here, longest first.
///
/// # Errors
/// When the records fail.
pub async fn newcomers(ask: &impl Ask) -> Result<Vec<Newcomer>, DbError> {
    ask.rows(
        "select n.staff_id, a.name, n.level, n.since_ms
         from induction n join account a on a.id = n.staff_id
         where n.level <> 'full' and a.closed_at_ms is null order by n.since_ms, a.name",
        values![],
    )
    .await
}

/// Lets somebody who is at level `seen` go on to the next; gives that one. None when they are not at
/// that level (any more), or at the last.
///
/// # Errors
/// When the records fail.
pub async fn raise(
    tx: &Tx,
    staff: StaffId,
    seen: Level,
    by: StaffId,
    at: Instant,
) -> Result<Option<Level>, DbError> {
    let Some(next) = seen.next() else {
        return Ok(None);
    };
    let raised = tx
        .execute(
            "update induction set level = $3, since_ms = $4, raised_by = $5
             where staff_id = $1 and level = $2",
            values![staff, seen, next, at, by],
        )
        .await?;
    Ok((raised == 1).then_some(next))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::house;
    use crate::{Language, NewAccount};
    use ground::both_engines;

    #[test]
    fn each_level_is_narrower_than_the_next_and_the_last_is_the_sites_own() {
        let of = |level: Level| level.limits(Limits::USUAL);
        let (first, second, full) = (of(Level::First), of(Level::Second), of(Level::Full));
        assert_eq!(full, Limits::USUAL);
        assert!(first.day_ms < second.day_ms && second.day_ms < full.day_ms);
        assert!(first.hard_run < second.hard_run && second.hard_run < full.hard_run);
        assert!(first.stretch_ms < second.stretch_ms && second.stretch_ms <= full.stretch_ms);
        let one = Limits {
            hard_run: 1,
            ..Limits::USUAL
        };
        assert_eq!(Level::First.limits(one).hard_run, 1);
        assert_eq!(Level::First.next().and_then(Level::next), Some(Level::Full));
        assert_eq!(Level::Full.next(), None);
    }

    both_engines! {
        async fn a_new_analyst_begins_at_the_first_level_and_goes_on_when_a_colleague_says_so(db: Db) {
            let house = house(db);
            let new = |name: &str, roles: &str| -> Result<NewAccount, Box<dyn std::error::Error>> {
                Ok(NewAccount { name: Name::parse(name)?, roles: roles.parse()?, language: Language::Dutch })
            };
            let (wilg, _) = house.staff.add(&house.operator(), new("wilg", "analyst")?).await?;
            house.staff.add(&house.operator(), new("eik", "analyst senior")?).await?;
            let (linde, _) = house.staff.add(&house.operator(), new("linde", "auditor")?).await?;
            let all = newcomers(&house.db).await?;
            assert_eq!(all.iter().map(|one| (one.staff_id, one.level)).collect::<Vec<_>>(), [(wilg, Level::First)]);

            let seen = house.staff.person(linde).await?.revision;
            house.staff.change_roles(&house.operator(), linde, seen, "analyst".parse()?).await?;
            assert_eq!(newcomers(&house.db).await?.len(), 2, "who comes from another role is new as well");

            let tx = house.db.upkeep("go on").await?;
            let at = house.now();
            assert_eq!(raise(&tx, wilg, Level::First, linde, at).await?, Some(Level::Second));
            assert_eq!(raise(&tx, wilg, Level::First, linde, at).await?, None, "seen as it was before");
            assert_eq!(raise(&tx, wilg, Level::Second, linde, at).await?, Some(Level::Full));
            tx.commit().await?;
            assert_eq!(newcomers(&house.db).await?.len(), 1);
        }
    }
}
