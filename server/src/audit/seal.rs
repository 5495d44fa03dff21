//! Seals what was written since the last time, in the order of transactions.
//!
//! An event is read once the transaction that wrote it lies below the oldest one that still runs: then no earlier one can appear any more.
//! That waits for long transactions, and for nothing else waits anybody for it. As the owner of the tables: requests can't read the trail.

use domain::AgencyId;
use sqlx::{PgConnection, PgPool};

use super::{
    StoredEvent,
    chain::{self, Seal},
};
use crate::{db, records, secrets::Secret};

/// How many events are sealed in one transaction.
const BATCH: i64 = 1_000;

/// Seals all that can be sealed now, for every agency. Answers how many events that were.
///
/// # Errors
/// The database failed, or it holds something that no server of ours wrote there.
pub async fn seal_all(owner: &PgPool, key: &Secret) -> Result<u64, records::RecordsError> {
    let mut connection = owner.acquire().await?;
    let agencies = records::list_agencies(&mut connection).await?;
    drop(connection);
    let mut sealed = 0;
    for (agency_id, _) in agencies {
        loop {
            let batch = seal_batch(owner, key, agency_id).await?;
            sealed += batch.unsigned_abs();
            if batch < BATCH {
                break;
            }
        }
    }
    Ok(sealed)
}

/// The end of a chain.
struct Head {
    position: i64,
    seal: Seal,
    /// The oldest transaction that still ran when this was read.
    oldest_xid: String,
    /// The cluster that counts transactions now, where it is not the one that counted before.
    moved_to: Option<i64>,
}

async fn seal_batch(owner: &PgPool, key: &Secret, agency_id: AgencyId) -> Result<i64, records::RecordsError> {
    let mut tx = db::begin_in_agency(owner, agency_id).await?;
    // Another server is at it, or there is no such agency any more.
    let Some(head) = lock_head(&mut tx, agency_id).await? else { return Ok(0) };
    let events = list_unsealed(&mut tx, agency_id, head.moved_to.is_some()).await?;
    let whole = i64::try_from(events.len()).is_ok_and(|read| read < BATCH);
    if events.is_empty() && head.moved_to.is_none() {
        return Ok(0);
    }
    let mut sealed = Vec::with_capacity(events.len());
    let (mut position, mut seal) = (head.position, head.seal);
    for event in &events {
        position += 1;
        seal = chain::seal(key, &seal, position, event);
        sealed.push((position, event, seal));
    }
    write_seals(&mut tx, agency_id, &sealed).await?;
    let settled_xid = match (head.moved_to, events.last()) {
        (None, Some(last)) => last.xid.clone(),
        _ => head.oldest_xid,
    };
    move_head(&mut tx, agency_id, (position, &seal), &settled_xid, head.moved_to.filter(|_| whole)).await?;
    tx.commit().await?;
    Ok(i64::try_from(events.len()).unwrap_or(i64::MAX))
}

async fn lock_head(tx: &mut PgConnection, agency_id: AgencyId) -> Result<Option<Head>, records::RecordsError> {
    let row = sqlx::query!(
        r#"select h.position, h.seal, h.cluster_id, i.cluster_id as "here?", pg_snapshot_xmin(pg_current_snapshot())::text as "oldest_xid!"
         from audit_heads h
         left join lateral (select cluster_id from incarnations order by since desc limit 1) i on true
         where h.agency_id = $1
         for no key update of h skip locked"#,
        agency_id.0,
    )
    .fetch_optional(tx)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let seal = row.seal.try_into().map_err(|_| records::RecordsError::Inconsistent { table: "audit_heads", row: agency_id.0 })?;
    let moved_to = row.here.filter(|here| Some(*here) != row.cluster_id);
    Ok(Some(Head { position: row.position, seal, oldest_xid: row.oldest_xid, moved_to }))
}

/// The next events that have no seal. After a move to another cluster its counter says nothing about the events that came along: then all
/// that can be seen are read, which is right because a committed event is a committed event, in whatever order it is sealed.
async fn list_unsealed(tx: &mut PgConnection, agency_id: AgencyId, moved: bool) -> Result<Vec<StoredEvent>, records::RecordsError> {
    let events = sqlx::query_as!(
        StoredEvent,
        r#"select e.agency_id, e.event_id, e.occurred_at, e.worker_id, e.device_id, e.action, e.kind, e.entity_id, e.entity_ids, e.result, e.code, e.told_at,
            e.xid::text as "xid!"
         from audit_events e
         where e.agency_id = $1
            and ($2 or e.xid >= (select settled_xid from audit_heads where agency_id = $1) and e.xid < pg_snapshot_xmin(pg_current_snapshot()))
            and not exists (select from audit_seals s where s.agency_id = $1 and s.event_id = e.event_id)
         order by e.xid, e.event_id
         limit $3"#,
        agency_id.0,
        moved,
        BATCH,
    )
    .fetch_all(tx)
    .await?;
    Ok(events)
}

async fn write_seals(
    tx: &mut PgConnection,
    agency_id: AgencyId,
    sealed: &[(i64, &StoredEvent, Seal)],
) -> Result<(), records::RecordsError> {
    let done = sqlx::query!(
        "insert into audit_seals (agency_id, position, xid, event_id, seal)
         select $1, position, xid::xid8, event_id, seal
         from unnest($2::bigint[], $3::text[], $4::bigint[], $5::bytea[]) as n (position, xid, event_id, seal)",
        agency_id.0,
        &records::column(sealed, |part| part.0),
        &records::column(sealed, |part| part.1.xid.clone()),
        &records::column(sealed, |part| part.1.event_id),
        &records::column(sealed, |part| part.2.to_vec()),
    )
    .execute(tx)
    .await?;
    records::all_written(&done, sealed.len(), "audit_seals")
}

/// Of transactions before `settled_xid` there is nothing left to seal.
async fn move_head(
    tx: &mut PgConnection,
    agency_id: AgencyId,
    (position, seal): (i64, &Seal),
    settled_xid: &str,
    moved_to: Option<i64>,
) -> Result<(), records::RecordsError> {
    let done = sqlx::query!(
        "update audit_heads set position = $2, seal = $3, settled_xid = $4::text::xid8, cluster_id = coalesce($5, cluster_id) where agency_id = $1",
        agency_id.0,
        position,
        &seal[..],
        settled_xid,
        moved_to,
    )
    .execute(tx)
    .await?;
    records::all_written(&done, 1, "audit_heads")
}
