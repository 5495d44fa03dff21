//! Passkeys: what the server keeps of them, and the challenges that they answer. The cryptography is webauthn-rs'.

use domain::{AgencyId, DateTime, WorkerId};
use serde::{Serialize, de::DeserializeOwned};
use sqlx::{PgConnection, PgPool};
use sync::{
    questions::{Challenge, PasskeySeen},
    wire::ProblemCode,
};
use uuid::Uuid;
use webauthn_rs::{
    Webauthn, WebauthnBuilder,
    prelude::{DiscoverableAuthentication, Passkey, PasskeyRegistration, PublicKeyCredential, Url},
};

use super::{SignedIn, store};
use crate::{identity::Identity, problem::Problem, state::AppState};

/// What passkeys are made for: this origin and its host. Nothing where the origin is no address with a name.
pub fn relying_party(origin: &str) -> Option<Webauthn> {
    let origin = Url::parse(origin).ok()?;
    let builder = WebauthnBuilder::new(origin.domain()?, &origin).ok()?;
    builder.rp_name("Doorstep").build().ok()
}

/// A registration that waits for its answer, and by whom.
#[derive(serde::Serialize, serde::Deserialize)]
struct Registering {
    agency_id: AgencyId,
    worker_id: WorkerId,
    registration: PasskeyRegistration,
}

/// Begins a registration. The passkey says by itself, later, whose it is: an authenticator that can't is not taken.
pub(crate) async fn begin_registration(state: &AppState, signed_in: &SignedIn, known: &[StoredPasskey]) -> Result<Challenge, Problem> {
    let Identity { agency_id, worker_id, .. } = signed_in.identity;
    let exclude = known.iter().map(|passkey| passkey.key.cred_id().clone()).collect();
    let name = &signed_in.me.name;
    let (options, registration) =
        state.webauthn.start_passkey_registration(worker_id.0, name, name, Some(exclude)).map_err(|_| Problem::unavailable())?;
    let mut options = serde_json::to_value(options).map_err(|_| Problem::unavailable())?;
    let selection = &mut options["publicKey"]["authenticatorSelection"];
    selection["residentKey"] = "required".into();
    selection["requireResidentKey"] = true.into();
    let ceremony_id = save_ceremony(&state.pool, &Registering { agency_id, worker_id, registration }).await?;
    Ok(Challenge { ceremony_id, options })
}

/// The passkey that a browser made, if it answers the challenge that this worker was given.
pub(crate) async fn finish_registration(
    state: &AppState,
    identity: &Identity,
    ceremony_id: Uuid,
    credential: serde_json::Value,
) -> Result<Passkey, Problem> {
    let begun: Registering = take_ceremony(&state.pool, ceremony_id).await?.ok_or_else(refused)?;
    if (begun.agency_id, begun.worker_id) != (identity.agency_id, identity.worker_id) {
        return Err(refused());
    }
    let credential = serde_json::from_value(credential).map_err(|_| Problem::new(ProblemCode::Malformed))?;
    state.webauthn.finish_passkey_registration(&credential, &begun.registration).map_err(|_| refused())
}

/// Begins a proof, by whomever.
pub(crate) async fn begin_proof(state: &AppState) -> Result<Challenge, Problem> {
    let (options, proof) = state.webauthn.start_discoverable_authentication().map_err(|_| Problem::unavailable())?;
    let options = serde_json::to_value(options).map_err(|_| Problem::unavailable())?;
    let ceremony_id = save_ceremony(&state.pool, &proof).await?;
    Ok(Challenge { ceremony_id, options: serde_json::json!({ "publicKey": options["publicKey"] }) })
}

/// Whose passkey answered a challenge.
pub(crate) struct Proved {
    pub(crate) identity: Identity,
    pub(crate) passkey_id: Uuid,
    key: Passkey,
    /// Its counter moved.
    changed: bool,
}

/// Holds an answer against its challenge, and tells whose passkey gave it.
///
/// # Errors
/// It does not fit, nobody knows the passkey (any more), or the database failed. Which of them is not told.
pub(crate) async fn finish_proof(state: &AppState, ceremony_id: Uuid, credential: serde_json::Value) -> Result<Proved, Problem> {
    let begun: DiscoverableAuthentication = take_ceremony(&state.pool, ceremony_id).await?.ok_or_else(refused)?;
    let credential: PublicKeyCredential = serde_json::from_value(credential).map_err(|_| Problem::new(ProblemCode::Malformed))?;
    let known = sqlx::query!(
        r#"select agency_id as "agency_id!", worker_id as "worker_id!", role as "role!", permissions as "permissions!",
            passkey_id as "passkey_id!", credential as "credential!"
         from passkey_of_credential($1)"#,
        credential.raw_id.as_slice(),
    )
    .fetch_optional(&state.pool)
    .await?
    .ok_or_else(refused)?;
    let mut key: Passkey = serde_json::from_str(&known.credential).map_err(|_| Problem::unavailable())?;
    let result = state.webauthn.finish_discoverable_authentication_v2(&credential, begun, &key).map_err(|_| refused())?;
    // The name that the authenticator keeps for its owner must be the owner's.
    let handle = credential.response.user_handle.as_deref();
    if handle.is_some_and(|handle| handle != known.worker_id.as_bytes()) || !result.user_verified() {
        return Err(refused());
    }
    let changed = key.update_credential(&result) == Some(true);
    let (role, may) = (store::read_role(&known.role)?, store::read_permissions(&known.permissions));
    let identity = Identity { agency_id: AgencyId(known.agency_id), worker_id: WorkerId(known.worker_id), role, may };
    Ok(Proved { identity, passkey_id: known.passkey_id, key, changed })
}

fn refused() -> Problem {
    Problem::new(ProblemCode::WrongPassword)
}

/// A passkey of a worker.
pub(crate) struct StoredPasskey {
    pub(crate) seen: PasskeySeen,
    key: Passkey,
}

/// The passkeys of a worker that were not revoked, the oldest first.
pub(crate) async fn list_passkeys(tx: &mut PgConnection, worker_id: WorkerId) -> Result<Vec<StoredPasskey>, Problem> {
    let rows = sqlx::query!(
        "select passkey_id, name, credential, created_at, last_used_at from passkeys
         where agency_id = app_agency() and worker_id = $1 and revoked_at is null
         order by created_at, passkey_id",
        worker_id.0
    )
    .fetch_all(tx)
    .await?;
    let mut passkeys = Vec::with_capacity(rows.len());
    for row in rows {
        let seen = PasskeySeen {
            passkey_id: row.passkey_id,
            name: row.name,
            created_at: DateTime::from_time(row.created_at, 0),
            last_used_at: row.last_used_at.map(|at| DateTime::from_time(at, 0)),
        };
        passkeys.push(StoredPasskey { seen, key: serde_json::from_str(&row.credential).map_err(|_| Problem::unavailable())? });
    }
    Ok(passkeys)
}

pub(crate) async fn add_passkey(tx: &mut PgConnection, identity: &Identity, name: &str, key: &Passkey) -> Result<Uuid, Problem> {
    let credential = serde_json::to_string(key).map_err(|_| Problem::unavailable())?;
    let added = sqlx::query_scalar!(
        "insert into passkeys (agency_id, worker_id, credential_id, credential, name) values ($1, $2, $3, $4, $5) returning passkey_id",
        identity.agency_id.0,
        identity.worker_id.0,
        key.cred_id().as_slice(),
        credential,
        name,
    )
    .fetch_one(tx)
    .await;
    match added {
        // Whose it is already is not told.
        Err(error) if error.as_database_error().is_some_and(|database| database.is_unique_violation()) => Err(refused()),
        added => Ok(added?),
    }
}

/// Whether the agency asks this worker for one.
pub(crate) async fn is_needed(tx: &mut PgConnection, worker_id: WorkerId) -> sqlx::Result<bool> {
    let needed = sqlx::query_scalar!(
        r#"select w.role = any (p.second_factor_roles) as "needed!" from workers w join security_policies p using (agency_id)
         where w.agency_id = app_agency() and w.worker_id = $1"#,
        worker_id.0
    );
    Ok(needed.fetch_optional(tx).await? == Some(true))
}

/// How many a worker has that were not revoked. Until the transaction ends nobody else takes one of them away.
pub(crate) async fn count_and_lock(tx: &mut PgConnection, worker_id: WorkerId) -> sqlx::Result<usize> {
    let held = sqlx::query_scalar!(
        "select passkey_id from passkeys where agency_id = app_agency() and worker_id = $1 and revoked_at is null
         order by passkey_id for update",
        worker_id.0
    );
    Ok(held.fetch_all(tx).await?.len())
}

/// Notes that a passkey was used, and how often by its own count.
pub(crate) async fn note_use(tx: &mut PgConnection, proved: &Proved) -> Result<(), Problem> {
    let credential = if proved.changed { Some(serde_json::to_string(&proved.key).map_err(|_| Problem::unavailable())?) } else { None };
    sqlx::query!(
        "update passkeys set last_used_at = now(), credential = coalesce($2, credential)
         where agency_id = app_agency() and worker_id = app_worker() and passkey_id = $1",
        proved.passkey_id,
        credential,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Whose passkey it is, as far as whoever asks may see it.
pub(crate) async fn find_owner(tx: &mut PgConnection, passkey_id: Uuid) -> sqlx::Result<Option<WorkerId>> {
    let owner = sqlx::query_scalar!(
        "select worker_id from passkeys where agency_id = app_agency() and passkey_id = $1 and revoked_at is null",
        passkey_id
    );
    Ok(owner.fetch_optional(tx).await?.map(WorkerId))
}

pub(crate) async fn revoke_passkey(tx: &mut PgConnection, by: &Identity, passkey_id: Uuid) -> sqlx::Result<()> {
    sqlx::query!(
        "update passkeys set revoked_at = now(), revoked_by = $2 where agency_id = app_agency() and passkey_id = $1 and revoked_at is null",
        passkey_id,
        by.worker_id.0,
    )
    .execute(tx)
    .await?;
    Ok(())
}

async fn save_ceremony(pool: &PgPool, begun: &impl Serialize) -> Result<Uuid, Problem> {
    let state = serde_json::to_string(begun).map_err(|_| Problem::unavailable())?;
    let ceremony_id = Uuid::now_v7();
    sqlx::query!(
        "with swept as (delete from passkey_ceremonies where expires_at < now())
         insert into passkey_ceremonies (ceremony_id, state) values ($1, $2)",
        ceremony_id,
        state,
    )
    .execute(pool)
    .await?;
    Ok(ceremony_id)
}

/// What was begun, once. One that waits for another kind of answer is spent as well.
async fn take_ceremony<T: DeserializeOwned>(pool: &PgPool, ceremony_id: Uuid) -> Result<Option<T>, Problem> {
    let taken =
        sqlx::query_scalar!("delete from passkey_ceremonies where ceremony_id = $1 and expires_at > now() returning state", ceremony_id);
    Ok(taken.fetch_optional(pool).await?.and_then(|state| serde_json::from_str(&state).ok()))
}
