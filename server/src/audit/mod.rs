//! The audit trail: who did or read what, from which device, and whether they were let. It is only ever added to, and sealed afterwards
//! by one worker (`seal`), so that a verifier (`verify`) finds what was changed later by somebody with all rights on the database.

pub mod anchor;
pub mod chain;
pub mod seal;
pub mod verify;

use sqlx::{PgConnection, PgPool};
use sync::wire::DeviceId;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::{db, identity::Identity};

/// One event, told by whoever does the thing. Words and ids only: what people wrote never comes here.
#[derive(Clone, Copy, Debug)]
pub struct Event<'a> {
    /// What was done: `session.start`, `page.client` …
    pub action: &'static str,
    /// `applied`, `read`, `denied` …
    pub result: &'static str,
    pub device_id: Option<DeviceId>,
    /// What kind of record it was about, and which.
    pub kind: Option<&'static str>,
    pub entity_id: Option<Uuid>,
    /// Where one reading was of several records.
    pub entity_ids: Option<&'a [Uuid]>,
    /// Why it was denied.
    pub code: Option<&'static str>,
}

impl Event<'_> {
    /// Something was done.
    pub fn applied(action: &'static str) -> Self {
        Self { action, result: "applied", device_id: None, kind: None, entity_id: None, entity_ids: None, code: None }
    }

    /// Something was read.
    pub fn read(action: &'static str) -> Self {
        Self { result: "read", ..Self::applied(action) }
    }

    /// Somebody tried and was not let, for the reason that a code gives.
    pub fn denied(action: &'static str, code: &'static str) -> Self {
        Self { result: "denied", code: Some(code), ..Self::applied(action) }
    }

    #[must_use]
    pub fn about(self, kind: &'static str, entity_id: Uuid) -> Self {
        Self { kind: Some(kind), entity_id: Some(entity_id), ..self }
    }

    #[must_use]
    pub fn from_device(self, device_id: Option<DeviceId>) -> Self {
        Self { device_id, ..self }
    }
}

/// Writes an event in the caller's transaction: it is kept if and only if what it tells of is.
///
/// # Errors
/// The database failed.
pub async fn record(tx: &mut PgConnection, identity: &Identity, event: Event<'_>) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into audit_events (agency_id, worker_id, device_id, action, kind, entity_id, entity_ids, result, code)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        identity.agency_id.0,
        identity.worker_id.0,
        event.device_id.map(|device_id| device_id.0),
        event.action,
        event.kind,
        event.entity_id,
        event.entity_ids as Option<&[Uuid]>,
        event.result,
        event.code,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Writes an event in a transaction of its own: for what was read, before it is sent, and for what was denied.
///
/// # Errors
/// The database failed.
pub async fn record_alone(pool: &PgPool, identity: &Identity, event: Event<'_>) -> sqlx::Result<()> {
    let mut tx = db::begin_as(pool, identity).await?;
    record(&mut tx, identity, event).await?;
    tx.commit().await
}

/// An event as it stands in the database: all that is sealed of it.
#[derive(Clone, Debug)]
pub(crate) struct StoredEvent {
    pub(crate) agency_id: Uuid,
    pub(crate) event_id: i64,
    pub(crate) occurred_at: OffsetDateTime,
    pub(crate) worker_id: Uuid,
    pub(crate) device_id: Option<Uuid>,
    pub(crate) action: String,
    pub(crate) kind: Option<String>,
    pub(crate) entity_id: Option<Uuid>,
    pub(crate) entity_ids: Option<Vec<Uuid>>,
    pub(crate) result: String,
    pub(crate) code: Option<String>,
    /// When it happened by the clock of the device that told of it afterwards.
    pub(crate) told_at: Option<OffsetDateTime>,
    /// The transaction that wrote it: its place in the order of sealing, and no part of what is sealed.
    pub(crate) xid: String,
}
