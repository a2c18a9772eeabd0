//! What goes on for as long as the staff side runs: the ledger's end is signed, what has expired is
//! thrown away.

use std::path::PathBuf;
use std::time::Duration;

use casework::Casework;
use staff::Staff;

/// How often the end of the ledger is signed.
const CHECKPOINT_EVERY: Duration = Duration::from_secs(300);

/// How often what has expired is thrown away.
const TIDY_EVERY: Duration = Duration::from_secs(3_600);

/// Signs and tidies until it is dropped.
///
/// # Errors
/// Never; as a face that does not end.
pub async fn keep_up(casework: Casework, folder: PathBuf) -> anyhow::Result<()> {
    tokio::join!(
        sign_regularly(casework.clone(), folder),
        tidy_regularly(casework)
    );
    Ok(())
}

/// Throws expired sessions and registry answers away.
async fn tidy_regularly(casework: Casework) {
    let staff = Staff::new(
        casework.db.clone(),
        casework.vault.clone(),
        casework.clock.clone(),
        casework.chance.clone(),
    );
    loop {
        if let Err(fault) = staff.sweep().await {
            tracing::warn!(%fault, "expired sessions were not thrown away");
        }
        if let Err(fault) = provider::tidy(&casework.db, casework.clock.now()).await {
            tracing::warn!(%fault, "expired registry answers were not thrown away");
        }
        tokio::time::sleep(TIDY_EVERY).await;
    }
}

/// Signs the end of the ledger every few minutes.
async fn sign_regularly(casework: Casework, folder: PathBuf) {
    loop {
        if let Err(fault) = crate::ledger::sign(&casework.db, casework.vault.keys(), &folder).await
        {
            tracing::error!(%fault, "the end of the ledger was not signed");
        }
        tokio::time::sleep(CHECKPOINT_EVERY).await;
    }
}
