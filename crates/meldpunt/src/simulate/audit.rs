//! What the records concluded, held against what was true.

use std::collections::{BTreeMap, HashMap};

use ground::clock::{DAY_MS, HOUR_MS, MINUTE_MS};
use ground::{Ask, Instant, TakedownId, sea_orm, values};

use super::drive::ROUND_MS;
use super::plan::{Behaviour, Plan};
use super::registry;
use super::stage::Hotline;
use super::truth::{Item, Stay};

/// How long a notice may take once an item is known and nothing of ours fails.
const NOTICE_WITHIN_MS: i64 = 3 * HOUR_MS;
/// How long after a look is due it may be settled: a killed step is done again.
const SLACK_MS: i64 = 30 * MINUTE_MS;

/// What came of the items of one provider, or of all. Every number is in items, removals, returns or
/// notices, as its name says.
#[derive(Debug, Clone, Default, serde::Serialize)]
pub struct Row {
    /// The provider.
    pub name: String,
    /// How it behaves; none in the totals.
    pub behaviour: Option<Behaviour>,
    /// Items reported there.
    pub items: u32,
    /// Removals that happened.
    pub true_removals: u32,
    /// Removals that were concluded.
    pub concluded_removals: u32,
    /// Removals that were concluded while the item was shown.
    pub false_removals: u32,
    /// Removals that happened, and were due to be concluded and were not.
    pub missed_removals: u32,
    /// Returns that happened.
    pub returns: u32,
    /// Returns that a look was due to see and that were not noticed.
    pub missed_returns: u32,
    /// Notices that were due: one for each stay of an item at a provider that lasted long enough.
    pub notices_due: u32,
    /// Stays of which the provider was told.
    pub notices_sent: u32,
    /// Stays named in more than one notice: how many notices too many.
    pub notices_doubled: u32,
    /// Stays that were due and of which nobody was told.
    pub notices_lost: u32,
    /// Median of first absence less true removal, in milliseconds; none without removals.
    pub median_error_ms: Option<i64>,
    /// Largest such error, in milliseconds.
    pub largest_error_ms: Option<i64>,
    /// Removals whose time is off by more than one check interval, what we could not see (our own
    /// failures, bad moments of the host) left out.
    pub beyond_interval: u32,
    #[serde(skip)]
    errors: Vec<i64>,
}

/// Everything that was found out.
#[derive(Debug, serde::Serialize)]
pub struct Audit {
    /// By provider.
    pub providers: Vec<Row>,
    /// In all.
    pub totals: Row,
    /// Checks made.
    pub checks: i64,
    /// Lines of the ledger.
    pub ledger_lines: i64,
    /// Messages that travelled twice under one Message-ID, because the program or the line died after
    /// the relay had them.
    pub second_copies: u32,
    /// Mails that named an item held for the police.
    pub betrayed_holds: u32,
    /// Items named in reminders.
    pub reminders: u32,
    /// Of these, named to a provider that had not been told a day before.
    pub reminders_astray: u32,
    /// Deaths of the program in the middle of a step.
    pub kills: u32,
}

/// What the records concluded about one item.
#[derive(Default)]
struct Concluded {
    /// When removal was concluded, and since when it was thought gone.
    removals: Vec<(Instant, Instant)>,
    /// When returns were noticed.
    returns: Vec<Instant>,
}

#[derive(sea_orm::FromQueryResult)]
struct Line {
    at_ms: i64,
    kind: String,
    subject: String,
    detail: String,
}

impl Audit {
    /// Whether nothing was concluded wrongly, missed, lost or doubled.
    #[must_use]
    pub const fn is_clean(&self) -> bool {
        let t = &self.totals;
        t.false_removals == 0
            && t.missed_removals == 0
            && t.missed_returns == 0
            && t.notices_doubled == 0
            && t.notices_lost == 0
            && t.beyond_interval == 0
            && self.betrayed_holds == 0
            && self.reminders_astray == 0
    }

    /// Holds the records of a year against the truth.
    ///
    /// # Errors
    /// When the records fail.
    pub async fn of(hotline: &Hotline) -> anyhow::Result<Self> {
        let concluded = concluded(hotline).await?;
        let db = &hotline.work.db;
        let plan = &hotline.world.plan;
        let state = hotline.world.state().snapshot();
        let judge = Judge {
            plan,
            pace: &hotline.work.settings.pace,
            ends: plan.ends(),
        };
        let mut rows: BTreeMap<u32, Row> = BTreeMap::new();
        let nothing = Concluded::default();
        for item in state.items.iter().filter(|item| !item.stays.is_empty()) {
            judge.item(item, concluded.get(&item.n).unwrap_or(&nothing), &mut rows);
        }
        let mut totals = Row::default();
        let mut providers = Vec::new();
        for (provider, mut row) in rows {
            row.name = registry::name_of(provider);
            row.behaviour = Some(Plan::behaviour(provider));
            totals.add(&row);
            providers.push(row.finished());
        }
        let count = "select count(*) as n from ledger";
        Ok(Self {
            providers,
            totals: Row {
                name: "all".into(),
                ..totals.finished()
            },
            checks: db
                .count(
                    "select cast(coalesce(sum(checks), 0) as bigint) as n from watch",
                    values![],
                )
                .await?,
            ledger_lines: db.count(count, values![]).await?,
            second_copies: state.second_copies,
            betrayed_holds: state.betrayed,
            reminders: state.reminders,
            reminders_astray: state.astray,
            kills: state.kills,
        })
    }
}

/// What the ledger says about each item, by number.
async fn concluded(hotline: &Hotline) -> anyhow::Result<HashMap<u32, Concluded>> {
    let lines: Vec<Line> = hotline
        .work
        .db
        .rows(
            "select at_ms, kind, subject, detail from ledger
             where kind in ('removed', 'reappeared') order by seq",
            values![],
        )
        .await?;
    let mut all: HashMap<u32, Concluded> = HashMap::new();
    for line in lines {
        let id: TakedownId = line.subject.parse()?;
        let Some(n) = hotline.of.get(&id) else {
            continue;
        };
        let (about, at) = (all.entry(*n).or_default(), Instant::from_ms(line.at_ms));
        let fact: ground::Fact = serde_json::from_str(&line.detail)?;
        match fact {
            ground::Fact::Removed { first_gone, .. } => about.removals.push((at, first_gone)),
            ground::Fact::Reappeared { .. } => about.returns.push(at),
            other => anyhow::bail!("{} is no conclusion: {other:?}", line.kind),
        }
    }
    Ok(all)
}

struct Judge<'a> {
    plan: &'a Plan,
    pace: &'a takedown::Pace,
    ends: Instant,
}

impl Judge<'_> {
    fn item(&self, item: &Item, concluded: &Concluded, rows: &mut BTreeMap<u32, Row>) {
        if let Some(first) = item.stays.first() {
            rows.entry(first.provider).or_default().items += 1;
        }
        for stay in item.stays.iter().filter(|stay| stay.from < self.ends) {
            self.notices(item, stay, rows.entry(stay.provider).or_default());
        }
        for (at, first_gone) in &concluded.removals {
            let provider = item.stay_at(*at).and_then(|index| item.stays.get(index));
            let row = rows
                .entry(provider.map_or(0, |stay| stay.provider))
                .or_default();
            row.concluded_removals += 1;
            let shown = item.is_up(*at)
                || item.is_up(*first_gone)
                || item
                    .stays
                    .iter()
                    .any(|stay| *first_gone < stay.from && stay.from <= *at);
            row.false_removals += u32::from(shown);
        }
        for (stay, gone) in item.removals().filter(|(_, gone)| *gone < self.ends) {
            let row = rows.entry(stay.provider).or_default();
            row.true_removals += 1;
            self.removal(item, gone, concluded, row);
        }
        for stay in item
            .stays
            .iter()
            .skip(1)
            .filter(|stay| !stay.moved_in && stay.from < self.ends)
        {
            let row = rows.entry(stay.provider).or_default();
            row.returns += 1;
            row.missed_returns += u32::from(self.return_missed(stay, concluded));
        }
    }

    fn removal(&self, item: &Item, gone: Instant, concluded: &Concluded, row: &mut Row) {
        let next = item
            .stays
            .iter()
            .map(|stay| stay.from)
            .find(|from| *from > gone);
        let before_next = |at: &Instant| next.is_none_or(|next| *at < next);
        let found = concluded
            .removals
            .iter()
            .find(|(at, _)| *at >= gone && before_next(at));
        let life = concluded.returns.iter().rfind(|at| **at <= gone).copied();
        let began = life
            .or_else(|| Some(item.stays.first()?.from))
            .unwrap_or(gone);
        let interval = self.interval(gone.since_ms(began));
        let Some((_, first_gone)) = found else {
            // Three absences need two hours after the first look.
            let due = interval + 4 * HOUR_MS;
            let until = next.unwrap_or(self.ends).min(self.ends);
            let could = until.since_ms(gone) - self.plan.failed_within(gone, until);
            row.missed_removals += u32::from(could > 2 * due + DAY_MS);
            return;
        };
        let error = first_gone.since_ms(gone);
        row.errors.push(error);
        let hiccups = item
            .hiccups
            .iter()
            .filter(|at| gone <= **at && **at <= *first_gone);
        let hiccups = i64::try_from(hiccups.count()).unwrap_or(i64::MAX);
        let unseen = self.plan.failed_within(gone, *first_gone) + hiccups * interval;
        row.beyond_interval += u32::from(error > interval + unseen + SLACK_MS);
    }

    /// How often an item of this age is looked at.
    fn interval(&self, age_ms: i64) -> i64 {
        let young = self
            .pace
            .young
            .iter()
            .find(|(younger, _)| age_ms < *younger);
        young.map_or(self.pace.old_ms, |(_, every)| *every)
    }

    /// Whether a look after the removal fell into the stay and did not notice it.
    fn return_missed(&self, stay: &Stay, concluded: &Concluded) -> bool {
        let removal = concluded.removals.iter().rfind(|(at, _)| *at <= stay.from);
        let Some((removed, _)) = removal else {
            return false;
        };
        let looks = self
            .pace
            .after_removal_ms
            .iter()
            .map(|after| removed.plus_ms(*after));
        let Some(look) = looks.into_iter().find(|look| *look > stay.from) else {
            return false;
        };
        let until = stay.until.unwrap_or(self.ends).min(self.ends);
        let failed = self.plan.failed_within(look, until);
        let due = look.plus_ms(failed + SLACK_MS + 2 * DAY_MS) < until;
        let noticed = concluded.returns.iter().any(|at| *at >= stay.from);
        due && !noticed
    }

    fn notices(&self, item: &Item, stay: &Stay, row: &mut Row) {
        let mut messages: Vec<&str> = stay.mails.iter().map(|(_, id)| id.as_str()).collect();
        messages.sort_unstable();
        messages.dedup();
        let sent = u32::try_from(messages.len()).unwrap_or(u32::MAX);
        row.notices_sent += sent.min(1);
        row.notices_doubled += sent.saturating_sub(1);
        let until = stay.until.unwrap_or(self.ends).min(self.ends);
        let due = stay.known.is_some_and(|known| {
            let failed = self.plan.failed_within(known, until);
            // The registries and the relay come back with waits of their own.
            let again = if failed > 0 { 3 * HOUR_MS } else { 0 };
            known.plus_ms(NOTICE_WITHIN_MS + failed + again + ROUND_MS) < until
        }) && !item.held;
        row.notices_due += u32::from(due || sent > 0);
        row.notices_lost += u32::from(due && sent == 0);
    }
}

impl Row {
    fn add(&mut self, other: &Self) {
        self.items += other.items;
        self.true_removals += other.true_removals;
        self.concluded_removals += other.concluded_removals;
        self.false_removals += other.false_removals;
        self.missed_removals += other.missed_removals;
        self.returns += other.returns;
        self.missed_returns += other.missed_returns;
        self.notices_due += other.notices_due;
        self.notices_sent += other.notices_sent;
        self.notices_doubled += other.notices_doubled;
        self.notices_lost += other.notices_lost;
        self.beyond_interval += other.beyond_interval;
        self.errors.extend(&other.errors);
    }

    fn finished(mut self) -> Self {
        self.errors.sort_unstable();
        self.median_error_ms = self.errors.get(self.errors.len() / 2).copied();
        self.largest_error_ms = self.errors.last().copied();
        self
    }
}
