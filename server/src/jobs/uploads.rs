//! Tidies up after uploads: what was overlooked is received, and what nobody waits for any more is forgotten.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use domain::{AgencyId, ScopeId};
use sqlx::PgPool;
use tokio_util::sync::CancellationToken;

use crate::{
    attachments::{Storage, storage::Place},
    db,
    records::{self, RecordsError},
    sync::Pokes,
};

/// How often to look.
const EVERY: Duration = Duration::from_secs(300);

/// How many days something that was begun is awaited after its last chunk.
pub const UNFINISHED_DAYS: i32 = 30;

/// How many days a whole content waits for its note.
pub const WITHOUT_NOTE_DAYS: i32 = 180;

/// How many uploads are forgotten at one look, in each agency.
const AT_ONCE: i64 = 100;

/// Looks until `stopping`; as the owner of the tables.
pub async fn run(owner: PgPool, storage: Arc<Storage>, pokes: Pokes, stopping: CancellationToken) {
    loop {
        if let Err(error) = tidy(&owner, &storage, &pokes).await {
            tracing::warn!(database = matches!(error, RecordsError::Database(_)), "uploads could not be tidied up; it is tried again");
        }
        tokio::select! {
            () = tokio::time::sleep(EVERY) => {}
            () = stopping.cancelled() => return,
        }
    }
}

/// One look at every agency.
///
/// # Errors
/// The database failed.
pub async fn tidy(owner: &PgPool, storage: &Storage, pokes: &Pokes) -> Result<(), RecordsError> {
    let mut connection = owner.acquire().await?;
    let agencies = records::list_agencies(&mut connection).await?;
    drop(connection);
    for (agency_id, _) in agencies {
        pokes.touched(agency_id, receive_overlooked(owner, agency_id).await?);
        forget(owner, storage, agency_id).await?;
    }
    Ok(())
}

/// Contents that were begun and verified while the transaction with their note was under way: neither saw the other.
async fn receive_overlooked(owner: &PgPool, agency_id: AgencyId) -> Result<BTreeSet<ScopeId>, RecordsError> {
    let mut tx = db::begin_in_agency(owner, agency_id).await?;
    let scopes = sqlx::query_scalar!(
        "update attachments a set received_at = u.verified_at
         from uploads u
         where a.agency_id = $1 and a.received_at is null and u.verified_at is not null
            and (u.agency_id, u.worker_id, u.attachment_id) = (a.agency_id, a.author_id, a.attachment_id)
            and (u.size_bytes, u.sha256, u.media_type) = (a.size_bytes, a.sha256, a.media_type)
         returning a.scope_id",
        agency_id.0
    )
    .fetch_all(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(scopes.into_iter().map(ScopeId).collect())
}

/// What was begun and never finished, or finished and never named by a note. Nothing of a worker is forgotten while something of theirs
/// waits for a person, who may file the note yet.
async fn forget(owner: &PgPool, storage: &Storage, agency_id: AgencyId) -> Result<(), RecordsError> {
    let mut tx = db::begin_in_agency(owner, agency_id).await?;
    let old = sqlx::query!(
        "select u.worker_id, u.attachment_id, u.content_id, u.chunks
         from uploads u
         where u.agency_id = $1
            and u.touched_at < now() - make_interval(days => case when u.verified_at is null then $2::integer else $3::integer end)
            and not exists (
                select from attachments a
                where (a.agency_id, a.author_id, a.attachment_id) = (u.agency_id, u.worker_id, u.attachment_id) and a.received_at is not null)
            and not exists (
                select from reviews r where (r.agency_id, r.worker_id) = (u.agency_id, u.worker_id) and r.decided_at is null)
         limit $4
         for update",
        agency_id.0,
        UNFINISHED_DAYS,
        WITHOUT_NOTE_DAYS,
        AT_ONCE,
    )
    .fetch_all(&mut *tx)
    .await?;
    for row in old {
        // First the chunks: a row without them is found out and sent again, chunks without a row would stay for ever.
        let place = Place { agency_id, content_id: row.content_id };
        let chunks: Vec<u32> = row.chunks.iter().filter_map(|chunk| u32::try_from(*chunk).ok()).collect();
        if storage.remove(place, chunks).await.is_err() {
            continue;
        }
        sqlx::query!(
            "delete from uploads where agency_id = $1 and worker_id = $2 and attachment_id = $3",
            agency_id.0,
            row.worker_id,
            row.attachment_id
        )
        .execute(&mut *tx)
        .await?;
    }
    tx.commit().await?;
    Ok(())
}
