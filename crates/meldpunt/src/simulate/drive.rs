//! The year goes by: the clock is put forward round by round, and in each round the workers do all that
//! is due, as they would; now and then the program dies in the middle of a step.

use ground::clock::{HOUR_MS, MINUTE_MS};
use ground::{Instant, Reason, TestClock};
use takedown::{Stage, Which};

use super::plan::between;
use super::stage::Hotline;

/// How far the clock is put forward at a time.
pub const ROUND_MS: i64 = 10 * MINUTE_MS;

/// Lets the year go by; gives how many looks were made.
///
/// # Errors
/// When a worker's step fails: in a year of play nothing of our own may fail.
pub async fn year(hotline: &mut Hotline, clock: &TestClock) -> anyhow::Result<()> {
    let mut bursts = hotline.world.plan.bursts.clone().into_iter().peekable();
    let ends = hotline.world.plan.ends();
    while hotline.work.clock.now() < ends {
        clock.advance_ms(ROUND_MS);
        let now = hotline.work.clock.now();
        while let Some(burst) = bursts.next_if(|burst| burst.at <= now) {
            hotline.reported(burst).await?;
        }
        workers(hotline).await?;
        people(hotline, now).await?;
    }
    Ok(())
}

/// Every worker does what is due, until nothing is.
async fn workers(hotline: &Hotline) -> anyhow::Result<()> {
    let work = &hotline.work;
    loop {
        let mut busy = step(hotline, work.lapse_one()).await?;
        busy |= step(hotline, work.locate_one()).await?;
        busy |= step(hotline, work.gather_notices()).await?;
        busy |= step(hotline, work.send_one()).await?;
        busy |= step(hotline, work.check_due()).await?;
        if !busy {
            return Ok(());
        }
    }
}

/// One step, or the death of the program in the middle of it; what it held is done again when its
/// lease lapses.
async fn step<E: Into<anyhow::Error>>(
    hotline: &Hotline,
    step: impl Future<Output = Result<bool, E>>,
) -> anyhow::Result<bool> {
    tokio::select! {
        biased;
        () = hotline.world.killed() => Ok(true),
        done = step => done.map_err(Into::into),
    }
}

/// What people do meanwhile: approve contacts, and decide about lapsed holds within a working day.
async fn people(hotline: &Hotline, now: Instant) -> anyhow::Result<()> {
    let work = &hotline.work;
    if provider::waiting_for_approval(&work.db).await? > 0 {
        for waiting in work.contact_book().await?.waiting {
            let (id, seen) = (waiting.contact.id, waiting.contact.revision);
            let why = Reason::parse("a known abuse desk")?;
            work.approve_contact(hotline.somebody, id, seen, why)
                .await?;
        }
    }
    let lapsed = Which {
        stage: Some(Stage::HoldLapsed),
        ..Which::default()
    };
    for held in takedown::list(&work.db, lapsed, 1_000, 0).await? {
        let Some(n) = hotline.of.get(&held.id).copied() else {
            continue;
        };
        let seed = hotline.world.plan.size.seed;
        let after = between(seed, &[40, n.into()], HOUR_MS, 8 * HOUR_MS);
        let due = held
            .hold_deadline_ms
            .is_some_and(|at| at.plus_ms(after) <= now);
        let Some(takedown) = takedown::load(&work.db, held.id).await?.filter(|_| due) else {
            continue;
        };
        let why = Reason::parse("the police have what they need")?;
        work.release_hold(hotline.somebody, held.id, takedown.revision, why)
            .await?;
        let mut state = hotline.world.state();
        if let Some(item) = state.items.get_mut(n as usize) {
            item.held = false;
            if let Some(first) = item.stays.first_mut() {
                first.known = Some(now);
            }
        }
    }
    Ok(())
}
