//! A thin client of Chromium's debugging protocol over a pipe: JSON messages, each ended by NUL.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::process::{ChildStdin, ChildStdout};
use tokio::sync::{mpsc, oneshot};

/// The largest message the browser may send, in bytes: a picture of 30 MB in base64 and room.
const MESSAGE_MAX: u64 = 64 * 1024 * 1024;

/// Why the browser did not do as asked.
#[derive(Debug, Clone, thiserror::Error)]
pub enum CdpFault {
    /// The pipe is closed: the browser ended.
    #[error("the browser ended")]
    Ended,
    /// No answer in time.
    #[error("the browser did not answer {0} in time")]
    Late(&'static str),
    /// The browser refused.
    #[error("{0}: {1}")]
    Refused(&'static str, String),
}

/// Something the browser said by itself.
#[derive(Debug)]
pub struct Event {
    /// Which target it is about; empty for the browser itself.
    pub session: String,
    /// What happened.
    pub method: String,
    /// The particulars.
    pub params: Value,
}

type Waiting = Arc<Mutex<HashMap<u64, oneshot::Sender<Result<Value, String>>>>>;

/// The line to the browser; clones share it.
#[derive(Clone)]
pub struct Cdp {
    out: mpsc::UnboundedSender<Vec<u8>>,
    waiting: Waiting,
    next: Arc<AtomicU64>,
}

impl Cdp {
    /// A line over the browser's pipe, and the events that come along it.
    pub fn over(input: ChildStdin, output: ChildStdout) -> (Self, mpsc::UnboundedReceiver<Event>) {
        let (out, to_write) = mpsc::unbounded_channel();
        let (events, seen) = mpsc::unbounded_channel();
        let waiting = Waiting::default();
        tokio::spawn(write_all(input, to_write));
        tokio::spawn(read_all(output, Arc::clone(&waiting), events));
        let cdp = Self {
            out,
            waiting,
            next: Arc::new(AtomicU64::new(1)),
        };
        (cdp, seen)
    }

    /// Asks the target `session` (empty: the browser) and waits for its answer.
    pub async fn call(
        &self,
        session: &str,
        method: &'static str,
        params: Value,
        patience: Duration,
    ) -> Result<Value, CdpFault> {
        let id = self.next.fetch_add(1, Ordering::Relaxed);
        let (answer, answered) = oneshot::channel();
        self.lock().insert(id, answer);
        let sent = self.send(id, session, method, params);
        let heard = match sent {
            Ok(()) => tokio::time::timeout(patience, answered).await,
            Err(fault) => {
                self.lock().remove(&id);
                return Err(fault);
            }
        };
        match heard {
            Ok(Ok(Ok(result))) => Ok(result),
            Ok(Ok(Err(words))) => Err(CdpFault::Refused(method, words)),
            Ok(Err(_)) => Err(CdpFault::Ended),
            Err(_) => {
                self.lock().remove(&id);
                Err(CdpFault::Late(method))
            }
        }
    }

    /// Tells the target something without waiting for an answer.
    pub fn tell(&self, session: &str, method: &'static str, params: Value) {
        let id = self.next.fetch_add(1, Ordering::Relaxed);
        // A browser that has ended needs to be told nothing.
        let _ = self.send(id, session, method, params);
    }

    fn send(
        &self,
        id: u64,
        session: &str,
        method: &'static str,
        params: Value,
    ) -> Result<(), CdpFault> {
        let mut message = json!({ "id": id, "method": method, "params": params });
        if !session.is_empty() {
            message["sessionId"] = json!(session);
        }
        let mut bytes = message.to_string().into_bytes();
        bytes.push(0);
        self.out.send(bytes).map_err(|_| CdpFault::Ended)
    }

    fn lock(
        &self,
    ) -> std::sync::MutexGuard<'_, HashMap<u64, oneshot::Sender<Result<Value, String>>>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn write_all(mut input: ChildStdin, mut messages: mpsc::UnboundedReceiver<Vec<u8>>) {
    while let Some(message) = messages.recv().await {
        if input.write_all(&message).await.is_err() || input.flush().await.is_err() {
            return;
        }
    }
}

/// Reads until the pipe closes; then every call that still waits learns that nobody answers.
async fn read_all(output: ChildStdout, waiting: Waiting, events: mpsc::UnboundedSender<Event>) {
    let mut output = BufReader::with_capacity(256 * 1024, output);
    let mut message = Vec::new();
    loop {
        message.clear();
        let mut bounded = (&mut output).take(MESSAGE_MAX);
        match bounded.read_until(0, &mut message).await {
            Ok(1..) if message.last() == Some(&0) => {}
            _ => break,
        }
        message.pop();
        let Ok(value) = serde_json::from_slice::<Value>(&message) else {
            break;
        };
        pass_on(value, &waiting, &events);
    }
    let mut waiting = waiting.lock().unwrap_or_else(PoisonError::into_inner);
    waiting.clear();
}

fn pass_on(mut value: Value, waiting: &Waiting, events: &mpsc::UnboundedSender<Event>) {
    if let Some(id) = value["id"].as_u64() {
        let mut waiting = waiting.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(answer) = waiting.remove(&id) {
            let result = match value["error"]["message"].as_str() {
                Some(words) => Err(words.to_owned()),
                None => Ok(value["result"].take()),
            };
            // Whoever asked may have lost patience.
            let _ = answer.send(result);
        }
        return;
    }
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let event = Event {
        session: text(&value["sessionId"]),
        method: text(&value["method"]),
        params: value["params"].take(),
    };
    let _ = events.send(event);
}
