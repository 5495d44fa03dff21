//! Changing one's own password.

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use sync::questions::{ChangePassword, PasswordChange, PasswordOutcome};

use crate::{
    audit::{self, Event},
    db,
    problem::{Json, Problem},
    security::ClientAddress,
    sessions::{
        SignedIn, Token, proof, refuse_password,
        store::{self, Factor, Which},
        with_cookie,
    },
    state::AppState,
};

/// In the audit trail.
const ACTION: &str = "password.change";

pub(super) async fn change(
    State(state): State<AppState>,
    address: ClientAddress,
    signed_in: SignedIn,
    Json(asked): Json<ChangePassword>,
) -> Result<Response, Problem> {
    let is_same = asked.current == asked.new;
    let email = proof::check_own_password(&state, &signed_in, address.0, asked.current, ACTION).await?;
    let me = &signed_in.me;
    let refused =
        if is_same { Some(PasswordOutcome::Unchanged) } else { refuse_password(&asked.new, &[&email, &me.name, &me.agency_name]) };
    if let Some(outcome) = refused {
        return Ok(Json(PasswordChange { outcome }).into_response());
    }
    let hash = proof::hash_new_password(&state, asked.new).await?;
    let token = Token::new().map_err(|_| Problem::unavailable())?;
    let (identity, this) = (&signed_in.identity, signed_in.session_id);
    let mut tx = db::begin_as(&state.pool, identity).await?;
    proof::set_own_password(&mut tx, &hash).await?;
    store::end_sessions(&mut tx, identity, identity.worker_id, Which::AllBut(this)).await?;
    store::renew_token(&mut tx, identity, this, token.hash(), Factor::Password).await?;
    audit::record(&mut tx, identity, Event::applied(ACTION)).await?;
    tx.commit().await?;
    Ok(with_cookie(&token, Json(PasswordChange { outcome: PasswordOutcome::Changed }).into_response()))
}
