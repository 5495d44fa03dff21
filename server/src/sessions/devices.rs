//! A session belongs to one enrolled device: with it nobody speaks for another of the same worker.
//!
//! A browser that keeps nothing on disk has an identity for each page that is open; those may share a session, and bind nothing.

use sqlx::{PgConnection, PgPool};
use sync::wire::{DeviceId, ProblemCode};

use super::SignedIn;
use crate::{db, problem::Problem};

/// Makes sure that the session may speak for a device: the enrolled one that it belongs to, or that it belongs to from now on.
///
/// # Errors
/// The session belongs to another device, or the database failed.
pub(crate) async fn speak_for(pool: &PgPool, signed_in: &SignedIn, device_id: DeviceId) -> Result<(), Problem> {
    if signed_in.device_id == Some(device_id) {
        return Ok(());
    }
    let mut tx = db::begin_as(pool, &signed_in.identity).await?;
    // Whether there is such a device at all is for whoever was asked to say.
    if is_enrolled(&mut tx, signed_in, device_id).await? == Some(true) {
        if signed_in.device_id.is_some() {
            return Err(Problem::new(ProblemCode::NotAllowed));
        }
        bind(&mut tx, signed_in, device_id).await?;
    }
    Ok(tx.commit().await?)
}

/// Whether a device of the worker keeps a sealed caseload; nothing where there is no such device.
pub(crate) async fn is_enrolled(tx: &mut PgConnection, signed_in: &SignedIn, device_id: DeviceId) -> sqlx::Result<Option<bool>> {
    let identity = &signed_in.identity;
    sqlx::query_scalar!(
        "select enrolled from devices where agency_id = $1 and worker_id = $2 and device_id = $3",
        identity.agency_id.0,
        identity.worker_id.0,
        device_id.0,
    )
    .fetch_optional(tx)
    .await
}

/// From now on the session belongs to this device.
pub(crate) async fn bind(tx: &mut PgConnection, signed_in: &SignedIn, device_id: DeviceId) -> sqlx::Result<()> {
    sqlx::query!(
        "update sessions set device_id = $3 where agency_id = $1 and session_id = $2",
        signed_in.identity.agency_id.0,
        signed_in.session_id.0,
        device_id.0,
    )
    .execute(tx)
    .await?;
    Ok(())
}
