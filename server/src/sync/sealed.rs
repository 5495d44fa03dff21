//! `POST /sync/v1/sealed`: takes what a locked, expired or revoked device sealed to this server, from whoever carries it here.
//!
//! There is no session: signatures say whose it is. What they do not prove is kept for a person; what they contradict stays with the device.

use std::collections::BTreeSet;

use axum::extract::State;
use domain::{AgencyId, ScopeId, WorkerId};
use p256::{
    PublicKey,
    ecdsa::{Signature, VerifyingKey, signature::Verifier},
    pkcs8::DecodePublicKey,
};
use sqlx::PgPool;
use std::sync::Arc;
use sync::{
    office::{code, groups},
    wire::{
        Base64, DeviceId, DeviceSays, MAX_BATCH, Mid, Mutation, ProblemCode, Proof, PushResult, SealedMutation, SealedRequest,
        SealedResponse, SealedResult, Status,
    },
};

use super::{
    attempt::{Lane, Mode, Sent},
    pokes::Pokes,
    push::attempt_until_taken,
    seal_keys::{SealKeys, bytes},
};
use crate::{
    identity::Identity,
    problem::{Json, Problem},
    sessions::store::{read_permissions, read_role},
};

pub(super) async fn hand_in(
    State(pool): State<PgPool>,
    State(pokes): State<Pokes>,
    State(keys): State<Arc<SealKeys>>,
    Json(request): Json<SealedRequest>,
) -> Result<Json<SealedResponse>, Problem> {
    if request.mutations.len() > MAX_BATCH {
        return Err(Problem::new(ProblemCode::TooLarge));
    }
    // In a task of its own, as a push.
    let task = tokio::spawn(async move {
        let sender = find_sender(&pool, request.device_id, |sender| sender.proves_some_of(&request)).await?;
        let (response, touched) = take(&pool, &keys, &sender, &request).await?;
        pokes.touched(sender.identity.agency_id, touched);
        Ok(Json(response))
    });
    task.await.unwrap_or_else(|_| Err(Problem::unavailable()))
}

/// Whose device it is, and how it proves that.
pub(super) struct Sender {
    pub(super) identity: Identity,
    /// Neither the device was revoked nor its worker.
    is_trusted: bool,
    /// It was reported as such.
    is_lost: bool,
    /// Its agency lets devices keep records.
    may_keep: bool,
    author: Option<VerifyingKey>,
    device: Option<VerifyingKey>,
}

impl Sender {
    fn proves_some_of(&self, request: &SealedRequest) -> bool {
        let is_here = request.presence.as_ref().is_some_and(|signature| self.says(DeviceSays::Here, request.device_id, signature));
        is_here || request.mutations.iter().any(|sealed| self.proves(sealed))
    }

    /// Whether the device itself said so.
    pub(super) fn says(&self, said: DeviceSays, device_id: DeviceId, signature: &Base64) -> bool {
        verify(self.device.as_ref(), &said.signed_bytes(device_id), signature)
    }

    fn proves(&self, sealed: &SealedMutation) -> bool {
        let key = match sealed.proof {
            Proof::Author => &self.author,
            Proof::Device => &self.device,
        };
        verify(key.as_ref(), &sealed.signed_bytes(), &sealed.signature)
    }
}

fn verify(key: Option<&VerifyingKey>, signed: &[u8], signature: &Base64) -> bool {
    let signature = bytes(signature).and_then(|bytes| Signature::from_slice(&bytes).ok());
    key.zip(signature).is_some_and(|(key, signature)| key.verify(signed, &signature).is_ok())
}

/// The device of this id that proves what it says. Two agencies may know the same id. One that nothing proves is not told from one that is
/// not there.
pub(super) async fn find_sender(pool: &PgPool, device_id: DeviceId, proves: impl Fn(&Sender) -> bool) -> Result<Sender, Problem> {
    let rows = sqlx::query!(
        r#"select agency_id as "agency_id!", worker_id as "worker_id!", role as "role!", permissions as "permissions!",
            is_trusted as "is_trusted!", author_key as "author_key!", device_key as "device_key!", is_lost as "is_lost!",
            offline_storage as "offline_storage!"
         from devices_of_id($1)"#,
        device_id.0,
    )
    .fetch_all(pool)
    .await?;
    for row in rows {
        let (role, may) = (read_role(&row.role)?, read_permissions(&row.permissions));
        let sender = Sender {
            identity: Identity { agency_id: AgencyId(row.agency_id), worker_id: WorkerId(row.worker_id), role, may },
            is_trusted: row.is_trusted,
            is_lost: row.is_lost,
            may_keep: row.offline_storage,
            author: verifying_key(&row.author_key),
            device: verifying_key(&row.device_key),
        };
        if proves(&sender) {
            return Ok(sender);
        }
    }
    Err(Problem::new(ProblemCode::DeviceUnknown))
}

fn verifying_key(spki: &[u8]) -> Option<VerifyingKey> {
    PublicKey::from_public_key_der(spki).ok().map(VerifyingKey::from)
}

/// Group by group, each in a transaction of its own, until one has to wait: what follows may need it.
async fn take(
    pool: &PgPool,
    keys: &SealKeys,
    sender: &Sender,
    request: &SealedRequest,
) -> Result<(SealedResponse, BTreeSet<ScopeId>), Problem> {
    let proven = |sealed: &&SealedMutation| sender.proves(sealed);
    let opened: Vec<(Mutation, Proof)> =
        request.mutations.iter().filter(proven).filter_map(|sealed| Some((keys.open(sealed)?, sealed.proof))).collect();
    let mutations: Vec<Mutation> = opened.iter().map(|(mutation, _)| mutation.clone()).collect();
    let mut results: Vec<PushResult> = Vec::with_capacity(mutations.len());
    let mut touched = BTreeSet::new();
    for group in groups(&mutations) {
        let of_group = &opened[results.len()..results.len() + group.len()];
        let Ok(mut outcome) = attempt_until_taken(pool, &sender.identity, sent(request.device_id, group), mode(sender, of_group)).await
        else {
            break;
        };
        results.append(&mut outcome.results);
        touched.append(&mut outcome.touched);
    }
    // Reads where the device stands.
    let device = attempt_until_taken(pool, &sender.identity, sent(request.device_id, &[]), Mode::Decide).await.map_err(Problem::from)?;
    let results = request.mutations.iter().map(|sealed| result_of(sealed.mid, &results)).collect();
    let response = SealedResponse {
        incarnation: device.device.incarnation,
        server_time: device.device.now,
        results,
        wipe: sender.is_lost,
        offline_storage: sender.may_keep,
    };
    Ok((response, touched))
}

fn sent(device_id: DeviceId, mutations: &[Mutation]) -> Sent<'_> {
    Sent { device_id, mutations, lane: Lane::Sealed }
}

/// Whether a group is decided on like one that was pushed, or kept for a person.
fn mode(sender: &Sender, group: &[(Mutation, Proof)]) -> Mode {
    let is_proven = |(mutation, proof): &(Mutation, Proof)| match proof {
        Proof::Author => true,
        // Words without a case are all that a locked device writes.
        Proof::Device => matches!(mutation.command(), Ok(domain::Command::WriteBlind(_))),
    };
    match () {
        () if !sender.is_trusted => Mode::Hold(code::DEVICE_REVOKED),
        () if !group.iter().all(is_proven) => Mode::Hold(code::NOT_PROVEN),
        () => Mode::Decide,
    }
}

/// What was neither proven nor opened nor taken stays with the device, to be pushed when it is open.
fn result_of(mid: Mid, results: &[PushResult]) -> SealedResult {
    let status = results.iter().find(|result| result.mid == mid).map_or(Status::NotAttempted, |result| result.status);
    SealedResult { mid, status }
}
