//! What of the walls around a visit stands on this machine: the box, Chromium's own sandbox, the cell
//! of the decoders; and the exits that lead out of it another way.

use capture::{box_works, browser_sandbox_works, cell_works, find_browser};

use super::Finding::{self, Bad, Good, Warning};
use crate::config::Config;

/// Each wall, from the outermost to the innermost, and the exits.
pub async fn walls(config: &Config) -> Vec<Finding> {
    let works = box_works().await;
    let boxed = works.is_ok() && config.visits.sandbox != "off";
    let mut found = vec![sandbox(config, works)];
    if let Some(browser) = config.visits.browser.clone().or_else(find_browser) {
        found.push(match browser_sandbox_works(&browser, boxed).await {
            Ok(()) => Good("Chromium's own sandbox is on as well.".into()),
            Err(why) => Warning(format!(
                "Chromium's own sandbox is off: {why}. Visits are still made{}.",
                if boxed {
                    "; the box around them holds"
                } else {
                    ""
                }
            )),
        });
    }
    found.push(match cell_works() {
        Ok(()) => Good("Pictures and videos are decoded without files and network (Landlock).".into()),
        Err(why) => Warning(format!(
            "Pictures and videos are decoded in the box only: {why}. Start the kernel with Landlock \
             (lsm=landlock,…), version 5.13 or newer."
        )),
    });
    found.extend(exits(config).await);
    found
}

fn sandbox(config: &Config, works: Result<(), String>) -> Finding {
    match (works, config.visits.sandbox.as_str()) {
        (Ok(()), "off") => {
            Warning("Visits run without their box; set visits.sandbox to required.".into())
        }
        (Ok(()), _) => Good("Visits run in their box (bubblewrap).".into()),
        (Err(why), "required") => Bad(format!(
            "Bubblewrap does not work here ({why}), so no visit will be made. Install it with: apt-get install bubblewrap"
        )),
        (Err(why), _) => Warning(format!(
            "Visits run without their box: bubblewrap does not work here ({why})."
        )),
    }
}

async fn exits(config: &Config) -> Vec<Finding> {
    let exits = match config.capture.exits() {
        Ok(exits) => exits,
        Err(fault) => return vec![Bad(format!("The exits cannot be used: {fault:#}."))],
    };
    let mut found = Vec::new();
    for exit in exits {
        found.push(match exit.listens().await {
            Ok(()) => Good(format!("The exit {} listens at {}.", exit.name, exit.at)),
            Err(why) => Bad(format!(
                "The exit {} cannot be reached at {}: {why}. What leads through it is not visited.",
                exit.name, exit.at
            )),
        });
    }
    found
}
