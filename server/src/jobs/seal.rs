//! Seals the audit trail while the server runs, and writes the ends of the chains to a file that an operator can carry elsewhere.

use std::{
    path::PathBuf,
    time::{Duration, Instant},
};

use sqlx::PgPool;
use tokio_util::sync::CancellationToken;

use crate::{
    audit::{anchor, seal::seal_all},
    records::RecordsError,
    secrets::Secret,
};

/// How often to look.
const EVERY: Duration = Duration::from_secs(2);

/// How often the ends of the chains are written down.
const ANCHOR_EVERY: Duration = Duration::from_secs(3600);

/// Seals until `stopping`; as the owner of the tables.
pub async fn run(owner: PgPool, key: Secret, anchors: PathBuf, stopping: CancellationToken) {
    let mut anchored_at = Instant::now();
    loop {
        if let Err(error) = seal_all(&owner, &key).await {
            tracing::warn!(database = matches!(error, RecordsError::Database(_)), "the audit trail could not be sealed; it is tried again");
        }
        if anchored_at.elapsed() >= ANCHOR_EVERY {
            anchored_at = Instant::now();
            if let Err(cause) = write_anchors(&owner, &anchors).await {
                tracing::error!(cause, "the anchors of the audit trail could not be written");
            }
        }
        tokio::select! {
            () = tokio::time::sleep(EVERY) => {}
            () = stopping.cancelled() => break,
        }
    }
    owner.close().await;
}

async fn write_anchors(owner: &PgPool, path: &std::path::Path) -> Result<(), &'static str> {
    let anchors = anchor::list_anchors(owner).await.map_err(|_| "database")?;
    anchor::append(path, &anchors).map_err(|_| "file")
}
