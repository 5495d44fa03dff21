//! `POST /sync/v1/devices`: makes a device known before its first push.

use axum::extract::State;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
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
    let keys = PublicKeys::read(request)?;
    match save_device(pool, signed_in, request, &keys).await {
        // Somebody else has this id; or the same worker registered it a moment ago, which the second look tells.
        Err(Refused::Taken) => match save_device(pool, signed_in, request, &keys).await {
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

/// The longest label, in characters.
const MAX_LABEL_CHARS: usize = 100;

/// The longest public key, in bytes; one of P-256 takes 91.
const MAX_KEY_BYTES: usize = 200;

/// The device's keys as bytes, where it told them.
#[derive(Default)]
struct PublicKeys {
    author: Option<Vec<u8>>,
    device: Option<Vec<u8>>,
}

impl PublicKeys {
    fn read(request: &RegisterDevice) -> Result<Self, Problem> {
        let malformed = || Problem::new(ProblemCode::Malformed);
        if request.label.chars().count() > MAX_LABEL_CHARS {
            return Err(malformed());
        }
        let Some(keys) = &request.keys else { return Ok(Self::default()) };
        let read = |key: &sync::wire::Base64| {
            let bytes = URL_SAFE_NO_PAD.decode(&key.0).ok().filter(|bytes| bytes.len() <= MAX_KEY_BYTES);
            bytes.map(Some).ok_or_else(malformed)
        };
        Ok(Self { author: read(&keys.author)?, device: read(&keys.device)? })
    }
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
async fn save_device(pool: &PgPool, signed_in: &SignedIn, device: &RegisterDevice, keys: &PublicKeys) -> Result<(), Refused> {
    let identity = &signed_in.identity;
    let mut tx = db::begin_as(pool, identity).await?;
    let before = devices::is_enrolled(&mut tx, signed_in, device.device_id).await?;
    let of_another = signed_in.device_id.is_some_and(|bound| bound != device.device_id);
    if before == Some(true) && of_another {
        return Err(Refused::Problem(Problem::new(ProblemCode::NotAllowed)));
    }
    match before {
        Some(_) => update_device(&mut tx, identity, device, keys).await?,
        None => insert_device(&mut tx, identity, device, keys).await?,
    }
    if device.enrolled && signed_in.device_id != Some(device.device_id) {
        devices::bind(&mut tx, signed_in, device.device_id).await?;
    }
    Ok(tx.commit().await?)
}

async fn update_device(tx: &mut PgConnection, identity: &Identity, device: &RegisterDevice, keys: &PublicKeys) -> sqlx::Result<()> {
    sqlx::query!(
        "update devices set enrolled = $4, app_build = $5, label = $6, author_key = $7, device_key = $8, last_seen_at = now()
         where agency_id = $1 and worker_id = $2 and device_id = $3",
        identity.agency_id.0,
        identity.worker_id.0,
        device.device_id.0,
        device.enrolled,
        device.app_build,
        device.label,
        keys.author.as_deref(),
        keys.device.as_deref(),
    )
    .execute(tx)
    .await?;
    Ok(())
}

async fn insert_device(tx: &mut PgConnection, identity: &Identity, device: &RegisterDevice, keys: &PublicKeys) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into devices (agency_id, device_id, worker_id, enrolled, app_build, label, author_key, device_key)
         values ($1, $3, $2, $4, $5, $6, $7, $8)",
        identity.agency_id.0,
        identity.worker_id.0,
        device.device_id.0,
        device.enrolled,
        device.app_build,
        device.label,
        keys.author.as_deref(),
        keys.device.as_deref(),
    )
    .execute(&mut *tx)
    .await?;
    audit::record(tx, identity, Event::applied("device.register").from_device(Some(device.device_id))).await
}
