//! A small year on both engines.

use ground::both_engines;

use super::plan::Size;
use super::{Audit, simulate};

const SMALL: Size = Size {
    seed: 11,
    items: 240,
    providers: 20,
    days: 120,
};

fn is_in_order(audit: &Audit) {
    assert!(audit.is_clean(), "{:#?}", audit.totals);
    let totals = &audit.totals;
    assert_eq!(totals.items, SMALL.items);
    assert!(totals.concluded_removals > SMALL.items / 2, "{totals:#?}");
    assert!(
        totals.returns > 0 && totals.notices_sent > SMALL.items / 2,
        "{totals:#?}"
    );
}

both_engines! {
    /// Regressions (b), (c), (d), (f), (m), (s), (t): our own outages close nothing, an error page is not
    /// online, a held item is never named, a failed notice goes out again, leases of the dead lapse,
    /// no weekend holds anything.
    async fn in_a_small_year_nothing_is_concluded_wrongly_missed_lost_or_doubled(db: Db) {
        is_in_order(&simulate(SMALL, db).await?);
    }
}
