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
    sessions::{SignedIn, devices},
};

/// Answers with what was registered; asking again changes nothing but the build and whether the device is enrolled.
pub(super) async fn register(
    State(pool): State<PgPool>,
    signed_in: SignedIn,
    Json(request): Json<RegisterDevice>,
) -> Result<Json<RegisterDevice>, Problem> {
    match save(&pool, &signed_in, &request).await {
        Ok(()) => Ok(Json(request)),
        Err(problem) => Err(denied(&pool, &signed_in.identity, "device.register", Some(request.device_id), problem).await),
    }
}

async fn save(pool: &PgPool, signed_in: &SignedIn, request: &RegisterDevice) -> Result<(), Problem> {
    match save_device(pool, signed_in, request).await {
        // Somebody else has this id; or the same worker registered it a moment ago, which the second look tells.
        Err(Refused::Taken) => match save_device(pool, signed_in, request).await {
            Err(Refused::Taken) => Err(Problem::new(ProblemCode::DeviceForked)),
            Err(Refused::Problem(problem)) => Err(problem),
            Ok(()) => Ok(()),
        },
        Err(Refused::Problem(problem)) => Err(problem),
        Ok(()) => Ok(()),
    }
}

/// Why a device was not saved.
enum Refused {
    /// The id is there already, where this worker cannot see it.
    Taken,
    Problem(Problem),
}

impl From<sqlx::Error> for Refused {
    fn from(error: sqlx::Error) -> Self {
        match error.as_database_error() {
            Some(database) if database.is_unique_violation() => Self::Taken,
            _ => Self::Problem(error.into()),
        }
    }
}

/// The session belongs to the device from then on, if it is enrolled: a new one, one that becomes enrolled, or the one it belonged to.
async fn save_device(pool: &PgPool, signed_in: &SignedIn, device: &RegisterDevice) -> Result<(), Refused> {
    let identity = &signed_in.identity;
    let mut tx = db::begin_as(pool, identity).await?;
    let before = devices::is_enrolled(&mut tx, signed_in, device.device_id).await?;
    let of_another = signed_in.device_id.is_some_and(|bound| bound != device.device_id);
    if before == Some(true) && of_another {
        return Err(Refused::Problem(Problem::new(ProblemCode::NotAllowed)));
    }
    match before {
        Some(_) => update_device(&mut tx, identity, device).await?,
        None => insert_device(&mut tx, identity, device).await?,
    }
    if device.enrolled && signed_in.device_id != Some(device.device_id) {
        devices::bind(&mut tx, signed_in, device.device_id).await?;
    }
    Ok(tx.commit().await?)
}

async fn update_device(tx: &mut PgConnection, identity: &Identity, device: &RegisterDevice) -> sqlx::Result<()> {
    sqlx::query!(
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
    Ok(())
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
