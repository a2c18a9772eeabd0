//! The child half of a visit: looks at one address and says what it saw.
//!
//! It runs with nothing in its hands: no key, no database, no environment, and in its box no
//! network but the proxy's socket. Whatever a page makes of it can only speak in frames.

mod bridge;
mod browser;
mod cdp;
mod cell;
mod css;
mod data_address;
mod decoder;
mod decoding;
mod fetch;
mod film;
#[cfg(feature = "fuzzing")]
pub mod fuzzing;
mod html;
mod look;
mod magic;
mod picture;
mod plain;
mod remark;
mod sayer;
mod traffic;
mod watch;

use std::io::{BufRead, Read, Write};
use std::process::ExitCode;
use std::time::Duration;

use tokio::time::Instant;

use crate::wire::{self, Examine, FailedBecause, Setting, Wanted};

pub use cell::works as cell_works;
pub use data_address::bytes_of as bytes_of_data_address;
pub(crate) use magic::is_film;

use bridge::Bridge;
use browser::Browser;
use fetch::Fetcher;
use sayer::Sayer;

/// The longest request a child reads, in bytes.
const REQUEST_MAX: u64 = 64 * 1024;

/// A picture as it arrived, before anybody looked into it.
#[derive(Debug)]
pub(crate) struct Received {
    address: String,
    found_by: crate::wire::FoundBy,
    status: Option<u16>,
    cut_short: bool,
    bytes: Vec<u8>,
}

/// The child's `main`: reads one request on standard input and answers in frames on standard
/// output. Nothing else may write there. Ends the process's work when it returns. There must be no
/// other thread yet: a decoder is shut in before it begins.
pub fn child_main() -> ExitCode {
    match answered() {
        Ok(()) => ExitCode::SUCCESS,
        Err(fault) => {
            eprintln!("{fault}");
            ExitCode::FAILURE
        }
    }
}

fn answered() -> std::io::Result<()> {
    let mut out = std::io::stdout();
    out.write_all(&[wire::VERSION])?;
    out.flush()?;
    let mut input = std::io::stdin().lock();
    let mut line = Vec::new();
    input
        .by_ref()
        .take(REQUEST_MAX)
        .read_until(b'\n', &mut line)?;
    if let Ok(asked) = serde_json::from_slice::<Examine>(&line) {
        return decoder::serve(asked, input);
    }
    let setting: Setting = serde_json::from_slice(&line)?;
    drop(input);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    runtime.block_on(answer(setting))
}

/// What is to be looked at, and when that was said. It may be long in coming.
fn read_wanted() -> std::io::Result<(Wanted, Instant)> {
    let mut line = Vec::new();
    let input = std::io::stdin().lock();
    input.take(REQUEST_MAX).read_until(b'\n', &mut line)?;
    Ok((serde_json::from_slice(&line)?, Instant::now()))
}

/// Makes ready, waits for the address, looks at it and says everything.
async fn answer(setting: Setting) -> std::io::Result<()> {
    let told = tokio::task::spawn_blocking(read_wanted);
    let mut sayer = Sayer::on_stdout()?;
    sayer.bounded_by(setting.caps);
    let bridge = Bridge::open(setting.proxy.clone()).await?;
    let fetcher = Fetcher::through(&bridge, &setting).map_err(std::io::Error::other)?;
    let ready = match &setting.browser {
        None => None,
        Some(program) => Some(match Browser::launch(program, &setting, &bridge).await {
            Ok(browser) => Ok(look::make_ready(browser, &setting).await),
            Err(fault) => Err(fault),
        }),
    };
    let (wanted, said_at) = told.await.map_err(std::io::Error::other)??;
    let until = said_at + Duration::from_millis(wanted.milliseconds);
    let complete = match ready {
        None => plain::visit(&wanted, &fetcher, &mut sayer, until).await?,
        Some(Ok(ready)) => look::visit(&wanted, ready, &fetcher, &mut sayer, until).await?,
        Some(Err(fault)) => {
            sayer.began_without_browser().await?;
            sayer
                .failed(FailedBecause::Browser(fault.to_string()))
                .await?;
            false
        }
    };
    let over = fetcher.traffic().take();
    sayer.traffic(over, Vec::new()).await?;
    sayer.done(complete).await
}
