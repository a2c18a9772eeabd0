//! The workers: each takes the next piece of its kind of work, does it, and waits for the bell.

use std::future::Future;
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::{Casework, WorkError};

/// How long a worker sleeps when the bell does not ring.
const NAP: Duration = Duration::from_secs(20);
/// How long a visitor sleeps.
const VISITOR_NAP: Duration = Duration::from_secs(2);
/// How long a worker of the chat line sleeps.
const CHAT_NAP: Duration = Duration::from_millis(700);
/// How long a worker waits after a fault of the records, so that it does not spin.
const AFTER_FAULT: Duration = Duration::from_secs(5);

/// All workers of one process; they end when this is stopped or dropped.
pub struct Workers {
    stop: watch::Sender<bool>,
    crew: JoinSet<()>,
}

impl Workers {
    /// Starts every kind of worker.
    #[must_use]
    pub fn start(casework: &Casework) -> Self {
        let (stop, _) = watch::channel(false);
        let mut workers = Self {
            stop,
            crew: JoinSet::new(),
        };
        workers.kind(casework, "collector", 1, |c| async move {
            c.collect_one().await
        });
        workers.looking(casework);
        workers.removing(casework);
        workers.keeping(casework);
        if casework.chat_line().is_some() {
            workers.chat(casework);
        }
        workers
    }

    /// What addresses are looked at with, and what is found recognised.
    fn looking(&mut self, c: &Casework) {
        // Loads the index of likeness beside everything else.
        let loading = c.clone();
        self.crew.spawn(async move {
            if let Err(fault) = loading.live().await {
                tracing::warn!(%fault, "the index of likeness was not loaded; the next visit tries again");
            }
        });
        let stopped = self.stop.subscribe();
        self.crew.spawn(follow_lists(c.clone(), stopped));
        let visitors = c.settings.visits_at_once;
        // A host that was asked a moment ago may be asked again soon, and no bell rings for that.
        let nap = Some(c.settings.nap.unwrap_or(VISITOR_NAP));
        self.napping(c, ("visitor", visitors, nap), |c| async move {
            c.visit_one().await
        });
        self.kind(
            c,
            "likeness",
            1,
            |c| async move { c.look_into_older().await },
        );
        self.kind(c, "lists", 1, |c| async move {
            c.look_for_later_entries().await
        });
        self.kind(c, "stamper", 1, |c| async move { c.stamp_one().await });
    }

    /// What illegal items are removed with.
    fn removing(&mut self, c: &Casework) {
        self.kind(c, "locator", 2, |c| async move { c.locate_one().await });
        self.kind(c, "notices", 1, |c| async move { c.gather_notices().await });
        self.kind(c, "sender", 1, |c| async move { c.send_one().await });
        if c.settings.bounces.is_some() {
            self.kind(c, "bounces", 1, |c| async move { c.read_bounces().await });
        }
        self.kind(c, "responses", 1, |c| async move { c.relook_one().await });
        self.kind(c, "links", 1, |c| async move { c.send_one_link().await });
        // One, which looks at many at once.
        self.kind(c, "checker", 1, |c| async move { c.check_due().await });
    }

    /// What waits for its time to be over.
    fn keeping(&mut self, c: &Casework) {
        self.kind(c, "answers", 1, |c| async move { c.answer_one().await });
        self.kind(c, "holds", 1, |c| async move { c.lapse_one().await });
        self.kind(c, "ranks", 1, |c| async move { c.rank_some().await });
        self.kind(
            c,
            "retention",
            1,
            |c| async move { c.shred_in_time().await },
        );
    }

    /// What the chat line is worked with. People wait for an answer, and what comes may come through
    /// another process, which cannot ring this one's bell; so these look often.
    fn chat(&mut self, casework: &Casework) {
        let (every, c) = (Some(CHAT_NAP), casework);
        self.napping(c, ("envelopes", 1, every), |c| async move {
            c.open_envelopes().await
        });
        self.napping(
            c,
            ("talker", 1, every),
            |c| async move { c.talk_one().await },
        );
        self.napping(c, ("texts", 2, every), |c| async move { c.say_one().await });
        self.napping(c, ("updates", 1, every), |c| async move {
            c.fetch_updates().await
        });
    }

    fn kind<F, Fut>(&mut self, casework: &Casework, name: &'static str, many: u32, step: F)
    where
        F: Fn(Casework) -> Fut + Clone + Send + Sync + 'static,
        Fut: Future<Output = Result<bool, WorkError>> + Send + 'static,
    {
        self.napping(casework, (name, many, casework.settings.nap), step);
    }

    fn napping<F, Fut>(
        &mut self,
        casework: &Casework,
        (name, many, nap): (&'static str, u32, Option<Duration>),
        step: F,
    ) where
        F: Fn(Casework) -> Fut + Clone + Send + Sync + 'static,
        Fut: Future<Output = Result<bool, WorkError>> + Send + 'static,
    {
        for _ in 0..many.max(1) {
            let (casework, step) = (casework.clone(), step.clone());
            let stopped = self.stop.subscribe();
            self.crew.spawn(work(casework, (name, nap), step, stopped));
        }
    }

    /// Lets every worker finish the piece it has in hand, then returns.
    pub async fn stop(mut self) {
        // Workers that have ended already do not listen any more, which is as well.
        let _ = self.stop.send(true);
        while self.crew.join_next().await.is_some() {}
    }
}

/// How often what changed on the hash lists is read: it is effective in well under a second.
const LISTS_EVERY: Duration = Duration::from_millis(250);

/// Keeps the hash lists in memory up to date with what any process writes.
async fn follow_lists(casework: Casework, mut stopped: watch::Receiver<bool>) {
    while !*stopped.borrow() {
        let pause = match casework.refresh_lists().await {
            Ok(_) => LISTS_EVERY,
            Err(fault) => {
                tracing::warn!(%fault, "the hash lists were not brought up to date");
                AFTER_FAULT
            }
        };
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            _ = stopped.changed() => {}
        }
    }
}

async fn work<F, Fut>(
    casework: Casework,
    (name, nap): (&'static str, Option<Duration>),
    step: F,
    mut stopped: watch::Receiver<bool>,
) where
    F: Fn(Casework) -> Fut,
    Fut: Future<Output = Result<bool, WorkError>>,
{
    while !*stopped.borrow() {
        let pause = match step(casework.clone()).await {
            Ok(true) => continue,
            Ok(false) => nap.unwrap_or(NAP),
            Err(fault) => {
                tracing::warn!(worker = name, %fault, "a step was not done and will be tried again");
                AFTER_FAULT
            }
        };
        tokio::select! {
            () = casework.bell.wait(pause) => {}
            _ = stopped.changed() => {}
        }
    }
}
