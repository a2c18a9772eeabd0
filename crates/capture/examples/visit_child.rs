//! The child half of a visit as a program of its own, for the tests of this crate.

use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    capture::child_main().await
}
