//! The child half of a visit as a program of its own, for the tests of this crate.

use std::process::ExitCode;

fn main() -> ExitCode {
    capture::child_main()
}
