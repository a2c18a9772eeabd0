//! Printing a page of our own as PDF, in the same box as a visit and without any way out: the browser
//! gets one file and gives one back.

use std::ffi::OsStr;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use tokio::process::Command;

use super::boxed::{LIMITS, SHUT, walls};

/// Where the folder of the page lies inside the walls.
const FOLDER_INSIDE: &str = "/print";

/// How the browser prints: tagged for screen readers, with an outline of the headings, and with nothing
/// of its own in the margins.
const FLAGS: [&str; 12] = [
    "--headless=new",
    // The walls around it are the sandbox; what it prints is ours.
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-breakpad",
    "--no-pdf-header-footer",
    "--export-tagged-pdf",
    "--generate-pdf-document-outline",
    "--print-to-pdf=/print/page.pdf",
    "file:///print/page.html",
];

/// Why a page was not printed.
#[derive(Debug, thiserror::Error)]
pub enum PrintFault {
    /// The page or the PDF could not be written or read.
    #[error("the page to be printed could not be handed over: {0}")]
    Files(#[from] std::io::Error),
    /// The browser ended without a PDF.
    #[error("the browser made no PDF: {0}")]
    NoPdf(String),
    /// The browser took too long.
    #[error("the browser did not finish printing within {} seconds", .0.as_secs())]
    TooLong(Duration),
}

/// Prints an HTML page that is whole in itself.
///
/// # Errors
/// [`PrintFault`]; bubblewrap must work on this machine.
pub async fn print(browser: &Path, html: &str, patience: Duration) -> Result<Vec<u8>, PrintFault> {
    let folder = tempfile::tempdir()?;
    tokio::fs::write(folder.path().join("page.html"), html).await?;
    let mut command = Command::new("bwrap");
    command.args(walls());
    command.args(["--setenv", "TMPDIR", "/tmp", "--tmpfs", "/tmp"]);
    command.arg("--bind").arg(folder.path()).arg(FOLDER_INSIDE);
    if let Some(home) = browser.parent().filter(|home| !home.starts_with("/usr")) {
        command.arg("--ro-bind").arg(home).arg(home);
    }
    command.args(SHUT);
    command.arg("prlimit").args(LIMITS).arg(browser);
    command.args(FLAGS).arg("--user-data-dir=/tmp/profile");
    command
        .env_clear()
        .env(
            "PATH",
            std::env::var_os("PATH")
                .as_deref()
                .unwrap_or(OsStr::new("/usr/bin:/bin")),
        )
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    let ended = tokio::time::timeout(patience, command.output());
    let output = ended.await.map_err(|_| PrintFault::TooLong(patience))??;
    let pdf = tokio::fs::read(folder.path().join("page.pdf"))
        .await
        .unwrap_or_default();
    if pdf.starts_with(b"%PDF-") {
        return Ok(pdf);
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let last = said.lines().last().unwrap_or("it said nothing");
    Err(PrintFault::NoPdf(last.trim().to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_page_is_printed_with_tags_and_outline_and_without_a_way_out() {
        let (Some(browser), Ok(())) = (
            super::super::find_browser(),
            super::super::box_works().await,
        ) else {
            eprintln!("left out: needs a browser and bubblewrap");
            return;
        };
        let page = "<!doctype html><html lang=\"en\"><title>A year</title><h1>A year</h1>\
                    <img alt=\"none\" src=\"http://192.0.2.1/never.png\"><table><tr><th>1</th></tr></table>";
        let pdf = print(&browser, page, Duration::from_secs(60))
            .await
            .unwrap();
        let text = String::from_utf8_lossy(&pdf);
        for part in ["/StructTreeRoot", "/Marked true", "/Lang (en)", "/Outlines"] {
            assert!(text.contains(part), "{part} is missing");
        }
    }
}
