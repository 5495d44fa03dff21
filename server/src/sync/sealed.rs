//! `POST /sync/v1/sealed`: takes what a locked, expired or revoked device sealed to this server, from whoever carries it here.
//!
//! There is no session: signatures say whose it is. What they do not prove is kept for a person; what they contradict stays with the device.

use std::collections::BTreeSet;

use axum::extract::State;
use domain::ScopeId;
use sqlx::PgPool;
use std::sync::Arc;
use sync::{
    office::{code, groups},
    wire::{
        DeviceId, DeviceSays, MAX_BATCH, Mid, Mutation, ProblemCode, Proof, PushResult, SealedMutation, SealedRequest, SealedResponse,
        SealedResult, Status,
    },
};

use super::{
    attempt::{Lane, Mode, Sent},
    pokes::Pokes,
    push::attempt_until_taken,
    seal_keys::SealKeys,
    sender::Sender,
    turns::Turns,
};
use crate::problem::{Json, Problem};

pub(super) async fn hand_in(
    State(pool): State<PgPool>,
    State(pokes): State<Pokes>,
    State(turns): State<Turns>,
    State(keys): State<Arc<SealKeys>>,
    Json(request): Json<SealedRequest>,
) -> Result<Json<SealedResponse>, Problem> {
    if request.mutations.len() > MAX_BATCH {
        return Err(Problem::new(ProblemCode::TooLarge));
    }
    // In a task of its own, as a push.
    let task = tokio::spawn(async move {
        let sender = Sender::find(&pool, request.device_id, |sender| proves_some_of(sender, &request)).await?;
        let turn = turns.take(&sender.identity, request.device_id).await;
        let (response, touched) = take(&pool, &keys, &sender, &request).await?;
        drop(turn);
        pokes.touched(sender.identity.agency_id, touched);
        Ok(Json(response))
    });
    task.await.unwrap_or_else(|_| Err(Problem::unavailable()))
}

fn proves_some_of(sender: &Sender, request: &SealedRequest) -> bool {
    let is_here = request.presence.as_ref().is_some_and(|signature| sender.says(DeviceSays::Here, request.device_id, signature));
    is_here || request.mutations.iter().any(|sealed| proves(sender, sealed))
}

fn proves(sender: &Sender, sealed: &SealedMutation) -> bool {
    sender.signed(sealed.proof, &sealed.signed_bytes(), &sealed.signature)
}

/// Group by group, each in a transaction of its own, until one has to wait: what follows may need it.
async fn take(
    pool: &PgPool,
    keys: &SealKeys,
    sender: &Sender,
    request: &SealedRequest,
) -> Result<(SealedResponse, BTreeSet<ScopeId>), Problem> {
    let proven = |sealed: &&SealedMutation| proves(sender, sealed);
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
