//! What one visit may use of the network, and what it did use.
//!
//! A page can ask for endless bytes, connections and time. A pass bounds all three for the whole
//! of a visit and writes down every connection it made or wanted.

use std::net::IpAddr;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use ground::{Clock, Instant};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

use crate::{Guard, Metered, NotReached, Refusal};

/// What a visit may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Most bytes that may come in, over all connections.
    pub bytes_in: u64,
    /// Most bytes that may come in over one connection; more of them end that one only.
    pub bytes_in_each: u64,
    /// Most bytes that may go out, over all connections.
    pub bytes_out: u64,
    /// Most connections that may be asked for, refused ones counted.
    pub connections: usize,
    /// Most connections open at the same time; one more waits for its turn.
    pub at_once: usize,
    /// How long the visit may last.
    pub lasting: Duration,
}

impl Default for Limits {
    /// Enough for an ordinary page: 200 MiB in, 8 MiB out, 1,000 connections, 64 at once, 90 s.
    fn default() -> Self {
        Self {
            bytes_in: 200 << 20,
            bytes_in_each: 200 << 20,
            bytes_out: 8 << 20,
            connections: 1_000,
            at_once: 64,
            lasting: Duration::from_secs(90),
        }
    }
}

/// One connection that was made or refused.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Record {
    /// The host, as it was read: a name, or an IP address.
    pub host: String,
    /// The port.
    pub port: u16,
    /// The address connected to; none when there was no connection, and for an onion address.
    pub ip: Option<IpAddr>,
    /// The name of the exit it went through; none when it was direct.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub through: Option<String>,
    /// When it was asked for.
    pub opened_at: Instant,
    /// How long resolving and connecting took, in milliseconds.
    pub connect_ms: Option<u64>,
    /// Bytes that came in.
    pub bytes_in: u64,
    /// Bytes that went out.
    pub bytes_out: u64,
    /// Why there was no connection.
    pub refused: Option<String>,
    /// Whether that reason is on our side.
    pub ours: bool,
}

/// One connection of a pass, while it lasts.
#[derive(Debug)]
pub(crate) struct Line {
    record: Record,
    bytes_in: AtomicU64,
    bytes_out: AtomicU64,
}

/// The counters that connections share; lives as long as the last of them.
#[derive(Debug)]
pub(crate) struct Meter {
    limits: Limits,
    bytes_in: AtomicU64,
    bytes_out: AtomicU64,
    cut: OnceLock<Refusal>,
    stop: CancellationToken,
}

impl Meter {
    pub(crate) fn cut(&self, why: Refusal) {
        let _ = self.cut.set(why);
        self.stop.cancel();
    }

    pub(crate) fn why_cut(&self) -> Refusal {
        self.cut.get().cloned().unwrap_or(Refusal::Closed)
    }

    pub(crate) const fn stop(&self) -> &CancellationToken {
        &self.stop
    }

    /// Counts bytes that came in; cuts the pass when they are too many.
    ///
    /// # Errors
    /// With the reason why these may not be read.
    pub(crate) fn count_in(&self, line: &Line, bytes: usize) -> Result<(), Refusal> {
        let over_this = add(&line.bytes_in, bytes);
        if !self.within(add(&self.bytes_in, bytes), self.limits.bytes_in) {
            Err(self.why_cut())
        } else if over_this > self.limits.bytes_in_each {
            Err(Refusal::ConnectionSpent)
        } else {
            Ok(())
        }
    }

    /// Counts bytes that went out; cuts the pass and returns false when they are too many.
    pub(crate) fn count_out(&self, line: &Line, bytes: usize) -> bool {
        add(&line.bytes_out, bytes);
        self.within(add(&self.bytes_out, bytes), self.limits.bytes_out)
    }

    fn within(&self, used: u64, limit: u64) -> bool {
        if used > limit {
            self.cut(Refusal::BytesSpent);
        }
        used <= limit
    }
}

fn add(counter: &AtomicU64, bytes: usize) -> u64 {
    let bytes = u64::try_from(bytes).unwrap_or(u64::MAX);
    counter
        .fetch_add(bytes, Ordering::Relaxed)
        .saturating_add(bytes)
}

/// The pass of one visit; cheap to clone. Dropping the last clone closes it.
#[derive(Debug, Clone)]
pub struct Pass(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    guard: Guard,
    clock: Clock,
    meter: Arc<Meter>,
    turns: Arc<Semaphore>,
    asked: AtomicUsize,
    lines: Mutex<Vec<Arc<Line>>>,
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.meter.cut(Refusal::Closed);
    }
}

impl Pass {
    /// A pass that starts now. Must be called inside a tokio runtime, which ends it on time.
    #[must_use]
    pub fn new(guard: Guard, clock: Clock, limits: Limits) -> Self {
        let meter = Arc::new(Meter {
            limits,
            bytes_in: AtomicU64::new(0),
            bytes_out: AtomicU64::new(0),
            cut: OnceLock::new(),
            stop: CancellationToken::new(),
        });
        let timed = Arc::clone(&meter);
        tokio::spawn(async move {
            tokio::select! {
                () = timed.stop.cancelled() => {}
                () = tokio::time::sleep(timed.limits.lasting) => timed.cut(Refusal::DeadlinePassed),
            }
        });
        Self(Arc::new(Inner {
            guard,
            clock,
            meter,
            turns: Arc::new(Semaphore::new(limits.at_once)),
            asked: AtomicUsize::new(0),
            lines: Mutex::new(Vec::new()),
        }))
    }

    /// Connects through the guard, waiting for a turn when too many connections are open.
    ///
    /// # Errors
    /// [`NotReached`], also when the pass is spent, too late or closed.
    pub async fn connect(&self, host: &str, port: u16) -> Result<Metered, NotReached> {
        let opened_at = self.0.clock.now();
        let stop = self.0.meter.stop.clone();
        let tried = async {
            let turn = Arc::clone(&self.0.turns).acquire_owned();
            let turn = turn.await.map_err(|_| Refusal::Closed)?;
            let connected = self.0.guard.connect(host, port).await?;
            Ok::<_, NotReached>((connected, turn))
        };
        if !self.may_ask() {
            return Err(Refusal::ConnectionsSpent.into());
        }
        let tried = tokio::select! {
            biased;
            () = stop.cancelled() => Err(self.0.meter.why_cut().into()),
            tried = tried => tried,
        };
        let mut record = Record {
            host: host.chars().take(253).collect(),
            port,
            ip: None,
            through: None,
            opened_at,
            connect_ms: None,
            bytes_in: 0,
            bytes_out: 0,
            refused: None,
            ours: false,
        };
        match tried {
            Ok((connected, turn)) => {
                record.host = connected.host.to_string();
                record.ip = connected.ip;
                record.through.clone_from(&connected.through);
                record.connect_ms = Some(connected.took_ms);
                let line = self.write_down(record);
                let meter = Arc::clone(&self.0.meter);
                Ok(Metered::new(connected, meter, line, turn))
            }
            Err(fault) => {
                record.refused = Some(fault.to_string());
                record.ours = fault.is_ours();
                self.write_down(record);
                Err(fault)
            }
        }
    }

    /// Writes down something that was refused before it came to a connection.
    pub(crate) fn refuse(&self, host: &str, port: u16, why: &Refusal) {
        if self.may_ask() {
            self.write_down(Record {
                host: host.chars().take(253).collect(),
                port,
                ip: None,
                through: None,
                opened_at: self.0.clock.now(),
                connect_ms: None,
                bytes_in: 0,
                bytes_out: 0,
                refused: Some(why.to_string()),
                ours: true,
            });
        }
    }

    /// Counts one more wish; false when there were enough. Those beyond are not written down
    /// either, or a page could fill our memory with wishes.
    fn may_ask(&self) -> bool {
        self.0.asked.fetch_add(1, Ordering::Relaxed) < self.0.meter.limits.connections
    }

    fn write_down(&self, record: Record) -> Arc<Line> {
        let line = Arc::new(Line {
            record,
            bytes_in: AtomicU64::new(0),
            bytes_out: AtomicU64::new(0),
        });
        self.lines().push(Arc::clone(&line));
        line
    }

    fn lines(&self) -> std::sync::MutexGuard<'_, Vec<Arc<Line>>> {
        self.0.lines.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Every connection made or refused so far, in the order in which they came about.
    #[must_use]
    pub fn records(&self) -> Vec<Record> {
        self.lines()
            .iter()
            .map(|line| Record {
                bytes_in: line.bytes_in.load(Ordering::Relaxed),
                bytes_out: line.bytes_out.load(Ordering::Relaxed),
                ..line.record.clone()
            })
            .collect()
    }

    /// Bytes that came in so far, over all connections.
    #[must_use]
    pub fn bytes_in(&self) -> u64 {
        self.0.meter.bytes_in.load(Ordering::Relaxed)
    }

    /// Ends the pass: every connection is dropped and no new one is made.
    pub fn close(&self) {
        self.0.meter.cut(Refusal::Closed);
    }

    /// Why the pass ended, if it has. [`Refusal::BytesSpent`] and [`Refusal::DeadlinePassed`] mean
    /// that the visit saw less than the whole page.
    #[must_use]
    pub fn ended(&self) -> Option<Refusal> {
        self.0.meter.cut.get().cloned()
    }

    pub(crate) fn stop(&self) -> CancellationToken {
        self.0.meter.stop.clone()
    }
}
