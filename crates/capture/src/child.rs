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

use crate::wire::{self, Examine, FailedBecause, Request};

pub use cell::works as cell_works;
pub use data_address::bytes_of as bytes_of_data_address;
pub(crate) use magic::is_film;

use bridge::Bridge;
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
    let request: Request = serde_json::from_slice(&line)?;
    drop(input);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    runtime.block_on(answer(&request))
}

/// Looks at the address and says everything.
async fn answer(request: &Request) -> std::io::Result<()> {
    let mut sayer = Sayer::on_stdout()?;
    let sayer = &mut sayer;
    sayer.bounded_by(request.caps);
    let until = Instant::now() + Duration::from_millis(request.milliseconds);
    let bridge = Bridge::open(request.proxy.clone()).await?;
    let fetcher = Fetcher::through(&bridge, request).map_err(std::io::Error::other)?;
    let complete = match &request.browser {
        None => plain::visit(request, &fetcher, sayer, until).await?,
        Some(program) => match browser::Browser::launch(program, request, &bridge).await {
            Ok(browser) => look::visit(request, browser, &fetcher, sayer, until).await?,
            Err(fault) => {
                sayer.began_without_browser().await?;
                sayer
                    .failed(FailedBecause::Browser(fault.to_string()))
                    .await?;
                false
            }
        },
    };
    let over = fetcher.traffic().take();
    sayer.traffic(over, Vec::new()).await?;
    sayer.done(complete).await
}
