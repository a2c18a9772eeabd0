//! Whether Chromium's own sandbox is on where visits are made, and why not: for `meldpunt doctor`.
//!
//! Chromium without its sandbox is visited with as well: the box around it holds. But then a page
//! that takes over its own process has the browser's too.

use std::ffi::OsString;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use tokio::process::Command;

use super::boxed::{LIMITS, SHUT, walls};

/// How long the browser may take to open an empty page.
const PATIENCE: Duration = Duration::from_secs(30);

/// What in the kernel's settings keeps a program from making namespaces, and how to mend it.
const SETTINGS: [(&str, &str, &str); 3] = [
    (
        "/proc/sys/user/max_user_namespaces",
        "0",
        "this system allows no user namespaces; set user.max_user_namespaces to 10000 or more",
    ),
    (
        "/proc/sys/kernel/unprivileged_userns_clone",
        "0",
        "this system allows user namespaces to root only; set kernel.unprivileged_userns_clone = 1",
    ),
    (
        "/proc/sys/kernel/apparmor_restrict_unprivileged_userns",
        "1",
        "AppArmor allows user namespaces only to programs it has a profile for; give Chromium one, or set \
         kernel.apparmor_restrict_unprivileged_userns = 0",
    ),
];

/// Opens an empty page as a visit would, in the box or without it, with Chromium's own sandbox
/// demanded.
///
/// # Errors
/// With the reason why it is not on.
pub async fn browser_sandbox_works(browser: &Path, boxed: bool) -> Result<(), String> {
    tried(browser, boxed.then(walls)).await
}

async fn tried(browser: &Path, walls: Option<Vec<OsString>>) -> Result<(), String> {
    let folder = tempfile::tempdir().map_err(|fault| fault.to_string())?;
    let boxed = walls.is_some();
    let mut command = match walls {
        None => Command::new(browser),
        Some(walls) => {
            let mut command = Command::new("bwrap");
            command.args(walls);
            if let Some(home) = browser.parent().filter(|home| !home.starts_with("/usr")) {
                command.arg("--ro-bind").arg(home).arg(home);
            }
            command.args(SHUT).arg("prlimit").args(LIMITS).arg(browser);
            command
        }
    };
    let profile = match boxed {
        true => Path::new("/tmp").join("profile"),
        false => folder.path().join("profile"),
    };
    command
        .args([
            "--headless=new",
            "--disable-gpu",
            "--no-first-run",
            "--dump-dom",
        ])
        .arg(format!("--user-data-dir={}", profile.display()))
        .arg("about:blank")
        .stdin(Stdio::null())
        .kill_on_drop(true);
    let ended = tokio::time::timeout(PATIENCE, command.output()).await;
    let output = match ended {
        Ok(Ok(output)) => output,
        Ok(Err(fault)) => return Err(format!("it cannot be started: {fault}")),
        Err(_) => return Err("it did not open an empty page in time".to_owned()),
    };
    if output.status.success() && String::from_utf8_lossy(&output.stdout).contains("<html") {
        return Ok(());
    }
    let as_root = !boxed && rustix::process::geteuid().is_root();
    let setting = |path: &str| std::fs::read_to_string(path).ok();
    Err(reason(
        &String::from_utf8_lossy(&output.stderr),
        as_root,
        setting,
    ))
}

/// Why it is not on: by what is known to be in the way, or else in the browser's own words.
fn reason(said: &str, as_root: bool, setting: impl Fn(&str) -> Option<String>) -> String {
    if as_root {
        return "Chromium refuses its sandbox to root; run Meldpunt as another user".to_owned();
    }
    let known = SETTINGS.iter().find(|(path, bad, _)| {
        let value = setting(path);
        value.is_some_and(|value| value.trim() == *bad)
    });
    if let Some((_, _, why)) = known {
        return (*why).to_owned();
    }
    let mut lines = said.lines().filter(|line| !line.trim().is_empty());
    let telling = lines
        .clone()
        .find(|line| line.to_lowercase().contains("sandbox"));
    let words = telling.or_else(|| lines.next_back());
    let words = words.unwrap_or("it ended without a word").trim();
    words.chars().take(300).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::visit::{box_works, find_browser};

    #[test]
    fn what_is_in_the_way_is_told_with_how_to_mend_it() {
        let none = |_: &str| None;
        assert!(reason("", true, none).contains("another user"));
        let apparmor = |path: &str| path.contains("apparmor").then(|| "1\n".to_owned());
        assert!(reason("x", false, apparmor).contains("AppArmor"));
        let fine = |path: &str| Some(if path.contains("apparmor") { "0" } else { "1" }.to_owned());
        let said = "one\n[1:1] FATAL: No usable sandbox! Update your kernel\ntrace\n";
        assert!(reason(said, false, fine).contains("No usable sandbox"));
        assert_eq!(reason("\n", false, none), "it ended without a word");
    }

    #[tokio::test]
    async fn it_is_on_in_the_box_and_said_to_be_off_where_no_namespace_can_be_made() {
        let (Some(browser), Ok(())) = (find_browser(), box_works().await) else {
            eprintln!("SKIPPED, NOTHING PROVEN: needs a browser and bubblewrap");
            return;
        };
        assert_eq!(browser_sandbox_works(&browser, true).await, Ok(()));
        let mut without = walls();
        without.push("--disable-userns".into());
        let why = tried(&browser, Some(without)).await.unwrap_err();
        assert!(why.to_lowercase().contains("sandbox"), "{why}");
    }
}
