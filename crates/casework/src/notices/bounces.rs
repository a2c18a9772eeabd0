//! Takes in what mail servers say about the delivery of notices, out of a Maildir.
//!
//! A report about a notice of ours is settled and its file then destroyed: it holds the notice, which is
//! sealed everywhere else (law 9). Should the program die in between, the report is read once more and
//! changes nothing. Every other mail is put among those for people to read, untouched.

use std::path::{Path, PathBuf};

use ground::{Act, Instant};
use notice::{Bounce, Fate, Refused, read_bounce};

use crate::notices::Told;
use crate::{Casework, WorkError};

/// The name under which this stands in the ledger.
const READER: &str = "bounces";
/// Most of a mail that is read, in bytes: a report comes before what it gives back.
const MOST_BYTES: u64 = 1 << 20;
/// Most mails of one round.
const ROUND: usize = 100;
/// What stands in the ledger when a mail server gave no status.
const NO_STATUS: &str = "no status";

/// What is done with the file of a mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Then {
    /// It is destroyed.
    Destroy,
    /// Somebody should read it.
    ForPeople,
    /// It is looked at again in the next round.
    Later,
}

impl Casework {
    /// Takes in the mails that are new in the folder; false when none of them changed a notice.
    ///
    /// # Errors
    /// [`WorkError`] when the records fail. A folder or a mail that cannot be read is told in the log
    /// and tried again: it says nothing about any notice (law 6).
    pub async fn read_bounces(&self) -> Result<bool, WorkError> {
        let Some(folder) = self.settings.bounces.clone() else {
            return Ok(false);
        };
        let mut changed = false;
        for (file, mail) in new_mails(folder.clone()).await {
            let (then, moved) = match read_bounce(&mail) {
                Some(bounce) => self.take_back(&bounce).await?,
                None => (Then::ForPeople, false),
            };
            changed |= moved;
            put_away(&folder, &file, then);
        }
        if changed {
            self.bell.ring();
        }
        Ok(changed)
    }

    async fn take_back(&self, bounce: &Bounce) -> Result<(Then, bool), WorkError> {
        let now = self.clock.now();
        let act = Act::by_worker(READER, now);
        let tx = self.db.act(&act, "take in a returned notice").await?;
        let mut known = None;
        for name in &bounce.names {
            if known.is_none() {
                known = notice::by_message_id(&tx, name).await?;
            }
        }
        let Some(notice) = known else {
            return Ok((Then::ForPeople, false));
        };
        if bounce.fate != Fate::Failed {
            return Ok((Then::Destroy, false));
        }
        let status = bounce.status.as_deref().unwrap_or(NO_STATUS);
        let accepted: Option<Instant> = notice.accepted_at_ms;
        let (next, fact) = match notice.returned(status, now) {
            Ok(moved) => moved,
            // Being handed over at this moment: what came of it is written down first.
            Err(Refused::Interrupted) => return Ok((Then::Later, false)),
            Err(_) => return Ok((Then::Destroy, false)),
        };
        notice::save(&tx, &next, &fact).await?;
        let told = Told::Returned { accepted, status };
        self.tell(&tx, &next, told).await?;
        tx.commit().await?;
        Ok((Then::Destroy, true))
    }
}

/// The mails in `new`, in the order of their names, which begin with the time.
async fn new_mails(folder: PathBuf) -> Vec<(PathBuf, Vec<u8>)> {
    let read = tokio::task::spawn_blocking(move || {
        let mut files: Vec<PathBuf> = std::fs::read_dir(folder.join("new"))?
            .filter_map(Result::ok)
            .map(|entry| entry.path())
            .collect();
        files.sort_unstable();
        files.truncate(ROUND);
        let mails = files.into_iter().filter_map(|file| {
            let mail = beginning_of(&file).ok()?;
            Some((file, mail))
        });
        Ok::<_, std::io::Error>(mails.collect())
    });
    match read.await {
        Ok(Ok(mails)) => mails,
        Ok(Err(fault)) => {
            tracing::warn!(%fault, "the folder of returned mail cannot be read");
            Vec::new()
        }
        Err(_) => Vec::new(),
    }
}

fn beginning_of(file: &Path) -> std::io::Result<Vec<u8>> {
    use std::io::Read as _;
    let mut mail = Vec::new();
    let file = std::fs::File::open(file)?;
    file.take(MOST_BYTES).read_to_end(&mut mail)?;
    Ok(mail)
}

/// Maildir: what was seen by a program stands in `cur`, with its flags behind the name; none of them
/// means that nobody read it yet.
fn put_away(folder: &Path, file: &Path, then: Then) {
    let done = match then {
        Then::Later => Ok(()),
        Then::Destroy => std::fs::remove_file(file),
        Then::ForPeople => {
            let name = file.file_name().unwrap_or_default().to_string_lossy();
            std::fs::rename(file, folder.join("cur").join(format!("{name}:2,")))
        }
    };
    if let Err(fault) = done {
        tracing::warn!(%fault, "a mail in the folder of returned mail cannot be put away");
    }
}

#[cfg(test)]
mod tests;
