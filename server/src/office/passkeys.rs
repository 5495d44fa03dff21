//! Passkeys: adding, listing and revoking them, and signing in or proving oneself with one.

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use domain::{Permission, WorkerId};
use http::HeaderMap;
use sync::{
    questions::{AddPasskey, BeginPasskey, BeginProof, Done, ListPasskeys, Passkeys, RevokePasskey, SignInWithPasskey, StepUpWithPasskey},
    wire::ProblemCode,
};

use super::{Answered, require};
use crate::{
    audit::{self, Event},
    db,
    problem::{Json, Problem},
    security::ClientAddress,
    sessions::{
        Admission, SignedIn, SignedInAnyhow, Token, admit, forgive, open_instead, passkeys,
        store::{self, Factor, Which},
        with_cookie,
    },
    state::AppState,
};

/// The longest name of a passkey, in characters.
const MAX_NAME: usize = 100;

pub(super) async fn begin(
    State(state): State<AppState>,
    SignedInAnyhow(signed_in): SignedInAnyhow,
    Json(_): Json<BeginPasskey>,
) -> Answered<BeginPasskey> {
    signed_in.require_fresh()?;
    let mut tx = db::begin_reading_as(&state.pool, &signed_in.identity).await?;
    let known = passkeys::list_passkeys(&mut tx, signed_in.identity.worker_id).await?;
    tx.commit().await?;
    require_passkey(&signed_in, !known.is_empty())?;
    Ok(Json(passkeys::begin_registration(&state, &signed_in, &known).await?))
}

/// Who has a passkey shows it before another is added or one is taken away: a password that was seen must not undo the second factor.
fn require_passkey(signed_in: &SignedIn, has_one: bool) -> Result<(), Problem> {
    if has_one && !signed_in.second_factor { Err(Problem::new(ProblemCode::StepUpNeeded)) } else { Ok(()) }
}

pub(super) async fn add(
    State(state): State<AppState>,
    SignedInAnyhow(signed_in): SignedInAnyhow,
    Json(asked): Json<AddPasskey>,
) -> Result<Response, Problem> {
    let name = asked.name.trim();
    if !(1..=MAX_NAME).contains(&name.chars().count()) {
        return Err(Problem::new(ProblemCode::Malformed));
    }
    let identity = &signed_in.identity;
    let key = passkeys::finish_registration(&state, identity, asked.ceremony_id, asked.credential).await?;
    let token = Token::new().map_err(|_| Problem::unavailable())?;
    let mut tx = db::begin_as(&state.pool, identity).await?;
    let passkey_id = passkeys::add_passkey(&mut tx, identity, name, &key).await?;
    store::renew_token(&mut tx, identity, signed_in.session_id, token.hash(), Factor::Passkey).await?;
    audit::record(&mut tx, identity, Event::applied("passkey.add").about("passkey", passkey_id)).await?;
    tx.commit().await?;
    Ok(with_cookie(&token, Json(Done {}).into_response()))
}

pub(super) async fn list(
    State(state): State<AppState>,
    SignedInAnyhow(signed_in): SignedInAnyhow,
    Json(asked): Json<ListPasskeys>,
) -> Answered<ListPasskeys> {
    let identity = &signed_in.identity;
    let worker_id = asked.worker_id.unwrap_or(identity.worker_id);
    manage(&state, &signed_in, worker_id, "passkeys.list").await?;
    let mut tx = db::begin_as(&state.pool, identity).await?;
    let listed = passkeys::list_passkeys(&mut tx, worker_id).await?;
    let needed = passkeys::is_needed(&mut tx, worker_id).await?;
    if worker_id != identity.worker_id {
        audit::record(&mut tx, identity, Event::read("passkeys.list").about("worker", worker_id.0)).await?;
    }
    tx.commit().await?;
    Ok(Json(Passkeys { passkeys: listed.into_iter().map(|passkey| passkey.seen).collect(), needed }))
}

/// One's own, or those of a worker whom one may manage and with all that the agency asks of one.
async fn manage(state: &AppState, signed_in: &SignedIn, worker_id: WorkerId, action: &'static str) -> Result<(), Problem> {
    if worker_id == signed_in.identity.worker_id {
        return Ok(());
    }
    require(&state.pool, &signed_in.identity, Permission::ManageDevices, action).await?;
    if signed_in.needs_second_factor { Err(Problem::new(ProblemCode::StepUpNeeded)) } else { Ok(()) }
}

pub(super) async fn revoke(
    State(state): State<AppState>,
    signed_in: SignedIn,
    Json(asked): Json<RevokePasskey>,
) -> Answered<RevokePasskey> {
    let identity = &signed_in.identity;
    let mut tx = db::begin_as(&state.pool, identity).await?;
    let owner = passkeys::find_owner(&mut tx, asked.passkey_id).await?.ok_or_else(|| Problem::new(ProblemCode::NotFound))?;
    tx.commit().await?;
    manage(&state, &signed_in, owner, "passkey.revoke").await?;
    signed_in.require_fresh()?;
    let is_own = owner == identity.worker_id;
    require_passkey(&signed_in, is_own)?;
    let mut tx = db::begin_as(&state.pool, identity).await?;
    if is_own && passkeys::is_needed(&mut tx, owner).await? && passkeys::count_and_lock(&mut tx, owner).await? <= 1 {
        tx.rollback().await?;
        audit::record_alone(&state.pool, identity, Event::denied("passkey.revoke", "last-passkey")).await?;
        return Err(Problem::new(ProblemCode::NotAllowed));
    }
    passkeys::revoke_passkey(&mut tx, identity, asked.passkey_id).await?;
    let which = if is_own { Which::AllBut(signed_in.session_id) } else { Which::All };
    store::end_sessions(&mut tx, identity, owner, which).await?;
    audit::record(&mut tx, identity, Event::applied("passkey.revoke").about("passkey", asked.passkey_id)).await?;
    tx.commit().await?;
    Ok(Json(Done {}))
}

pub(super) async fn begin_proof(State(state): State<AppState>, Json(_): Json<BeginProof>) -> Answered<BeginProof> {
    Ok(Json(passkeys::begin_proof(&state).await?))
}

pub(super) async fn sign_in(
    State(state): State<AppState>,
    address: ClientAddress,
    headers: HeaderMap,
    Json(asked): Json<SignInWithPasskey>,
) -> Result<Response, Problem> {
    // Nobody knows yet whose it is, so tries count for the address only.
    let attempt = match admit(&state.pool, &format!("passkey from {}", address.0), address.0).await? {
        Admission::Admitted(attempt) => attempt,
        Admission::Refused(wait) => return Err(Problem::new(ProblemCode::TooManyTries).retry_after(wait)),
    };
    let proved = passkeys::finish_proof(&state, asked.ceremony_id, asked.credential).await?;
    forgive(&state.pool, &attempt).await?;
    let mut tx = db::begin_as(&state.pool, &proved.identity).await?;
    passkeys::note_use(&mut tx, &proved).await?;
    tx.commit().await?;
    let token = open_instead(&state, &headers, &proved.identity, Factor::Passkey).await?;
    Ok(with_cookie(&token, Json(Done {}).into_response()))
}

pub(super) async fn step_up(
    State(state): State<AppState>,
    SignedInAnyhow(signed_in): SignedInAnyhow,
    Json(asked): Json<StepUpWithPasskey>,
) -> Result<Response, Problem> {
    let identity = &signed_in.identity;
    let proved = passkeys::finish_proof(&state, asked.ceremony_id, asked.credential).await;
    // A passkey of somebody else proves that somebody else is here.
    let proved = proved.ok().filter(|proved| proved.identity == *identity);
    let Some(proved) = proved else {
        audit::record_alone(&state.pool, identity, Event::denied("session.step-up", "wrong-passkey")).await?;
        return Err(Problem::new(ProblemCode::WrongPassword));
    };
    let token = Token::new().map_err(|_| Problem::unavailable())?;
    let mut tx = db::begin_as(&state.pool, identity).await?;
    passkeys::note_use(&mut tx, &proved).await?;
    store::renew_token(&mut tx, identity, signed_in.session_id, token.hash(), Factor::Passkey).await?;
    audit::record(&mut tx, identity, Event::applied("session.step-up")).await?;
    tx.commit().await?;
    Ok(with_cookie(&token, Json(Done {}).into_response()))
}
