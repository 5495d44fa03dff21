//! Where somebody is signed in, the ends of sessions, and the fresh proof that some acts ask for.

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use domain::{Permission, WorkerId};
use sync::{
    questions::{Done, EndOtherSessions, EndSession, Ended, ListSessions, Sessions, StepUp},
    wire::ProblemCode,
};

use super::{Answered, require};
use crate::{
    audit::{self, Event},
    db,
    problem::{Json, Problem},
    security::ClientAddress,
    sessions::{
        SignedIn, SignedInAnyhow, Token, proof,
        store::{self, Factor, Which},
        with_cookie,
    },
    state::AppState,
};

pub(super) async fn list(State(state): State<AppState>, signed_in: SignedIn, Json(asked): Json<ListSessions>) -> Answered<ListSessions> {
    let identity = &signed_in.identity;
    let worker_id = asked.worker_id.unwrap_or(identity.worker_id);
    if worker_id != identity.worker_id {
        require(&state.pool, identity, Permission::ManageDevices, "sessions.list").await?;
    }
    let mut tx = db::begin_as(&state.pool, identity).await?;
    let sessions = store::list_sessions(&mut tx, worker_id, signed_in.session_id).await?;
    if worker_id != identity.worker_id {
        audit::record(&mut tx, identity, Event::read("sessions.list").about("worker", worker_id.0)).await?;
    }
    tx.commit().await?;
    Ok(Json(Sessions { sessions }))
}

pub(super) async fn end(State(state): State<AppState>, signed_in: SignedIn, Json(asked): Json<EndSession>) -> Answered<EndSession> {
    let mut tx = db::begin_as(&state.pool, &signed_in.identity).await?;
    let owner = store::find_owner(&mut tx, asked.session_id).await?;
    tx.commit().await?;
    // Somebody else's, where it may not be seen, is not there.
    let owner = owner.ok_or_else(|| Problem::new(ProblemCode::NotFound))?;
    end_sessions(&state, &signed_in, owner, Which::One(asked.session_id)).await?;
    Ok(Json(Done {}))
}

pub(super) async fn end_others(
    State(state): State<AppState>,
    signed_in: SignedIn,
    Json(asked): Json<EndOtherSessions>,
) -> Answered<EndOtherSessions> {
    let own = signed_in.identity.worker_id;
    let (owner, which) = match asked.worker_id {
        Some(worker_id) if worker_id != own => (worker_id, Which::All),
        _ => (own, Which::AllBut(signed_in.session_id)),
    };
    let count = end_sessions(&state, &signed_in, owner, which).await?;
    Ok(Json(Ended { count: u32::try_from(count).unwrap_or(u32::MAX) }))
}

async fn end_sessions(state: &AppState, signed_in: &SignedIn, owner: WorkerId, which: Which) -> Result<u64, Problem> {
    let identity = &signed_in.identity;
    if owner != identity.worker_id {
        require(&state.pool, identity, Permission::ManageDevices, "session.end").await?;
        signed_in.require_fresh()?;
    }
    let mut tx = db::begin_as(&state.pool, identity).await?;
    let count = store::end_sessions(&mut tx, identity, owner, which).await?;
    audit::record(&mut tx, identity, Event::applied("session.end").about("worker", owner.0)).await?;
    tx.commit().await?;
    Ok(count)
}

pub(super) async fn step_up(
    State(state): State<AppState>,
    address: ClientAddress,
    SignedInAnyhow(signed_in): SignedInAnyhow,
    Json(asked): Json<StepUp>,
) -> Result<Response, Problem> {
    proof::check_own_password(&state, &signed_in, address.0, asked.password, "session.step-up").await?;
    let token = Token::new().map_err(|_| Problem::unavailable())?;
    let mut tx = db::begin_as(&state.pool, &signed_in.identity).await?;
    store::renew_token(&mut tx, &signed_in.identity, signed_in.session_id, token.hash(), Factor::Password).await?;
    audit::record(&mut tx, &signed_in.identity, Event::applied("session.step-up")).await?;
    tx.commit().await?;
    Ok(with_cookie(&token, Json(Done {}).into_response()))
}
