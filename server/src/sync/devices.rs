//! `POST /sync/v1/devices`: makes a device known before its first push.

use axum::extract::State;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use sqlx::{PgConnection, PgPool};
use sync::wire::{ProblemCode, RegisterDevice};

use crate::{
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
    let keys = PublicKeys::read(&request)?;
    match save_device(&pool, &signed_in.identity, &request, &keys).await {
        Ok(()) => Ok(Json(request)),
        // Somebody else has this id; or the same worker registered it a moment ago, which the second look tells.
        Err(error) if is_taken(&error) => match save_device(&pool, &signed_in.identity, &request, &keys).await {
            Ok(()) => Ok(Json(request)),
            Err(error) if is_taken(&error) => Err(Problem::new(ProblemCode::DeviceForked)),
            Err(error) => Err(error.into()),
        },
        Err(error) => Err(error.into()),
    }
}

fn is_taken(error: &sqlx::Error) -> bool {
    error.as_database_error().is_some_and(|database| database.is_unique_violation())
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

async fn save_device(pool: &PgPool, identity: &Identity, device: &RegisterDevice, keys: &PublicKeys) -> sqlx::Result<()> {
    let mut tx = db::begin_as(pool, identity).await?;
    if !update_device(&mut tx, identity, device, keys).await? {
        insert_device(&mut tx, identity, device, keys).await?;
    }
    tx.commit().await
}

async fn update_device(tx: &mut PgConnection, identity: &Identity, device: &RegisterDevice, keys: &PublicKeys) -> sqlx::Result<bool> {
    let done = sqlx::query!(
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
    Ok(done.rows_affected() == 1)
}

async fn insert_device(tx: &mut PgConnection, identity: &Identity, device: &RegisterDevice, keys: &PublicKeys) -> sqlx::Result<()> {
    sqlx::query!(
        "with registered as (
            insert into devices (agency_id, device_id, worker_id, enrolled, app_build, label, author_key, device_key)
            values ($1, $3, $2, $4, $5, $6, $7, $8)
         )
         insert into audit_events (agency_id, worker_id, device_id, action, result) values ($1, $2, $3, 'device.register', 'applied')",
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
