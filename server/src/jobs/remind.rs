//! Reminds workers: in the morning of what is to be done, in the evening of making tomorrow's visits ready. What counts as worth a
//! reminder is a rule of `domain`; what is sent says nothing of it.

use std::{sync::Arc, time::Duration};

use domain::{AgencyId, Caseload, DateTime, WorkerId};
use sqlx::PgPool;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::{
    db,
    identity::Identity,
    push::{Push, PushError},
    records::{self, Need, RecordsError},
    sessions::store::{read_permissions, read_role},
};

/// How often to look.
const EVERY: Duration = Duration::from_secs(60);

/// How late a reminder may be, in minutes: after a server was away for longer, none is sent.
const LATE_MIN: i32 = 120;

/// How many devices are looked at in one go.
const AT_ONCE: i64 = 100;

/// Looks until `stopping`. `owner` finds who is to be reminded; `pool` reads as each of them.
pub async fn run(owner: PgPool, pool: PgPool, push: Arc<Push>, stopping: CancellationToken) {
    loop {
        if let Err(error) = remind(&owner, &pool, &push).await {
            tracing::warn!(database = matches!(error, RecordsError::Database(_)), "nobody could be reminded; it is tried again");
        }
        tokio::select! {
            () = tokio::time::sleep(EVERY) => {}
            () = stopping.cancelled() => return,
        }
    }
}

/// A device that wants to be reminded.
struct Reminded {
    identity: Identity,
    device_id: Uuid,
    endpoint: String,
    /// The present moment, by the clock of its place.
    now: DateTime,
    /// It is too late for this one, or the device is out of use.
    is_off: bool,
}

/// One look at everybody whose time it is.
///
/// # Errors
/// The database failed.
pub async fn remind(owner: &PgPool, pool: &PgPool, push: &Push) -> Result<(), RecordsError> {
    loop {
        let taken = take(owner).await?;
        if taken.is_empty() {
            return Ok(());
        }
        for device in taken {
            if device.is_off || !is_worth_it(pool, &device).await? {
                continue;
            }
            match push.wake(&device.endpoint, device.now.unix_ms() / 1000).await {
                Ok(()) => {}
                Err(PushError::Gone) => forget(owner, &device).await?,
                // The next one may come through.
                Err(error) => tracing::info!(%error, "a reminder was not sent"),
            }
        }
    }
}

/// Takes those whose time has come. Each is taken once, whichever server looks first.
async fn take(owner: &PgPool) -> Result<Vec<Reminded>, RecordsError> {
    let rows = sqlx::query!(
        r#"with taken as (
            select agency_id, device_id, next_at from reminders
            where next_at <= now() order by next_at limit $1 for update skip locked
        )
        update reminders r set next_at = next_reminder(r.time_zone)
        from taken t
        join devices d using (agency_id, device_id)
        join workers w on (w.agency_id, w.worker_id) = (d.agency_id, d.worker_id)
        where (r.agency_id, r.device_id) = (t.agency_id, t.device_id)
        returning r.agency_id, r.worker_id, r.device_id, r.endpoint, w.role, permissions_of(w.agency_id, w.role) as "permissions!",
            (t.next_at < now() - make_interval(mins => $2) or not w.active or d.status <> 'active' or d.lost_at is not null) as "is_off!",
            now() as "now!",
            (extract(epoch from (now() at time zone r.time_zone) - (now() at time zone 'UTC')) / 60)::smallint as "offset_min!""#,
        AT_ONCE,
        LATE_MIN,
    )
    .fetch_all(owner)
    .await?;
    rows.into_iter()
        .map(|row| {
            let (role, may) = (read_role(&row.role)?, read_permissions(&row.permissions));
            Ok(Reminded {
                identity: Identity { agency_id: AgencyId(row.agency_id), worker_id: WorkerId(row.worker_id), role, may },
                device_id: row.device_id,
                endpoint: row.endpoint,
                now: DateTime::from_time(row.now, row.offset_min),
                is_off: row.is_off,
            })
        })
        .collect()
}

/// Reads what the worker's own page of the day is drawn from. Nobody sees it, so it is in no audit trail.
async fn is_worth_it(pool: &PgPool, device: &Reminded) -> Result<bool, RecordsError> {
    let mut tx = db::begin_reading_as(pool, &device.identity).await?;
    let records = records::load_page(&mut tx, &device.identity, Need::Today).await?;
    tx.commit().await?;
    Ok(Caseload::from_records(records).is_worth_a_reminder(device.identity.worker_id, device.now))
}

/// The browser has ended its subscription.
async fn forget(owner: &PgPool, device: &Reminded) -> Result<(), RecordsError> {
    sqlx::query!(
        "delete from reminders where agency_id = $1 and device_id = $2 and endpoint = $3",
        device.identity.agency_id.0,
        device.device_id,
        device.endpoint
    )
    .execute(owner)
    .await?;
    Ok(())
}
