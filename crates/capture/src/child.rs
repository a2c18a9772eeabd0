//! The child half of a visit: looks at one address and says what it saw.
//!
//! It runs with nothing in its hands: no key, no database, no environment, and in its box no
//! network but the proxy's socket. Whatever a page makes of it can only speak in frames.

mod bridge;
mod browser;
mod cdp;
mod css;
mod data_address;
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

use std::os::fd::AsFd;
use std::process::ExitCode;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncReadExt, BufReader};
use tokio::time::Instant;

use crate::wire::{Examine, FailedBecause, Request};

pub use data_address::bytes_of as bytes_of_data_address;

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
/// output. Nothing else may write there. Ends the process's work when it returns.
pub async fn child_main() -> ExitCode {
    let mut sayer = match Sayer::on_stdout().await {
        Ok(sayer) => sayer,
        Err(_) => return ExitCode::FAILURE,
    };
    let done = match read_asked().await {
        Ok(Asked::Visit(request)) => answer(&request, &mut sayer).await,
        Ok(Asked::Examine(bytes)) => look_into(bytes, &mut sayer).await,
        Err(fault) => Err(fault),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(fault) => {
            eprintln!("{fault}");
            ExitCode::FAILURE
        }
    }
}

/// What a child is there for.
enum Asked {
    /// To look at an address.
    Visit(Box<Request>),
    /// To look into these bytes.
    Examine(Vec<u8>),
}

async fn read_asked() -> std::io::Result<Asked> {
    let mut line = Vec::new();
    let stdin = std::io::stdin().as_fd().try_clone_to_owned()?;
    let mut input = BufReader::new(tokio::fs::File::from_std(std::fs::File::from(stdin)));
    let mut head = (&mut input).take(REQUEST_MAX);
    head.read_until(b'\n', &mut line).await?;
    let Ok(Examine { examine }) = serde_json::from_slice(&line) else {
        return Ok(Asked::Visit(serde_json::from_slice(&line)?));
    };
    let mut bytes = Vec::new();
    let mut body = input.take(u64::from(examine));
    body.read_to_end(&mut bytes).await?;
    if bytes.len() == examine as usize {
        Ok(Asked::Examine(bytes))
    } else {
        Err(std::io::ErrorKind::UnexpectedEof.into())
    }
}

/// Looks into bytes the parent has, which needs neither address nor proxy.
async fn look_into(bytes: Vec<u8>, sayer: &mut Sayer) -> std::io::Result<()> {
    let (_, examined) = picture::examine_apart(bytes).await;
    sayer.examined(&examined).await?;
    sayer.done(true).await
}

/// Looks at the address and says everything.
async fn answer(request: &Request, sayer: &mut Sayer) -> std::io::Result<()> {
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
