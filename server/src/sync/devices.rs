//! `POST /sync/v1/devices`: makes a device known before its first push.

use axum::extract::State;
use sqlx::{PgConnection, PgPool};
use sync::wire::{ProblemCode, RegisterDevice};

use super::denied;
use crate::{
    audit::{self, Event},
    db,
    identity::Identity,
    problem::{Json, Problem},
    sessions::SignedIn,
};

/// Answers with what was registered; asking again changes nothing but the build and whether the device is enrolled.
pub(super) async fn register(
    State(pool): State<PgPool>,
    signed_in: SignedIn,
    Json(request): Json<RegisterDevice>,
) -> Result<Json<RegisterDevice>, Problem> {
    match save(&pool, &signed_in.identity, &request).await {
        Ok(()) => Ok(Json(request)),
        Err(problem) => Err(denied(&pool, &signed_in.identity, "device.register", Some(request.device_id), problem).await),
    }
}

async fn save(pool: &PgPool, identity: &Identity, request: &RegisterDevice) -> Result<(), Problem> {
    match save_device(pool, identity, request).await {
        // Somebody else has this id; or the same worker registered it a moment ago, which the second look tells.
        Err(error) if is_taken(&error) => match save_device(pool, identity, request).await {
            Err(error) if is_taken(&error) => Err(Problem::new(ProblemCode::DeviceForked)),
            saved => Ok(saved?),
        },
        saved => Ok(saved?),
    }
}

fn is_taken(error: &sqlx::Error) -> bool {
    error.as_database_error().is_some_and(|database| database.is_unique_violation())
}

async fn save_device(pool: &PgPool, identity: &Identity, device: &RegisterDevice) -> sqlx::Result<()> {
    let mut tx = db::begin_as(pool, identity).await?;
    if !update_device(&mut tx, identity, device).await? {
        insert_device(&mut tx, identity, device).await?;
    }
    tx.commit().await
}

async fn update_device(tx: &mut PgConnection, identity: &Identity, device: &RegisterDevice) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update devices set enrolled = $4, app_build = $5, last_seen_at = now()
         where agency_id = $1 and worker_id = $2 and device_id = $3",
        identity.agency_id.0,
        identity.worker_id.0,
        device.device_id.0,
        device.enrolled,
        device.app_build,
    )
    .execute(tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

async fn insert_device(tx: &mut PgConnection, identity: &Identity, device: &RegisterDevice) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into devices (agency_id, device_id, worker_id, enrolled, app_build) values ($1, $3, $2, $4, $5)",
        identity.agency_id.0,
        identity.worker_id.0,
        device.device_id.0,
        device.enrolled,
        device.app_build,
    )
    .execute(&mut *tx)
    .await?;
    audit::record(tx, identity, Event::applied("device.register").from_device(Some(device.device_id))).await
}
