//! Who asks: signing in and out, and the session behind each request.
//!
//! A session is a row. It ends half an hour after the last request, twelve hours after it began (or as the agency says), at sign-out, when
//! somebody who may ends it, or when the worker's account is closed; the next request finds that out.

pub(crate) mod devices;
mod label;
mod limits;
mod new_password;
pub(crate) mod passkeys;
pub(crate) mod password;
pub(crate) mod proof;
mod sign_in;
pub(crate) mod store;
mod token;

use app::page_data::Me;
use axum::{
    Router,
    extract::{FromRef, FromRequestParts},
    routing::{get, post},
};
use http::{HeaderMap, request::Parts};
use sqlx::PgPool;
use sync::{
    questions::SessionId,
    wire::{DeviceId, ProblemCode, WORKER_HEADER},
};

use crate::{
    identity::Identity,
    problem::{Json, Problem},
    state::AppState,
};

pub use limits::{PER_ACCOUNT, PER_ADDRESS};
pub use passkeys::relying_party;
pub use password::hash_password;
pub use token::{COOKIE, cookie, forget_cookie};

pub(crate) use limits::{Admission, admit, forgive};
pub(crate) use new_password::refuse as refuse_password;
pub(crate) use {
    sign_in::{open_instead, with_cookie},
    token::Token,
};

/// The worker behind a request. As an extractor it answers 401 where there is none.
#[derive(Clone, Debug)]
pub struct SignedIn {
    pub identity: Identity,
    pub session_id: SessionId,
    /// The enrolled device that the session belongs to.
    pub device_id: Option<DeviceId>,
    /// The worker proved who they are within the last five minutes.
    pub is_fresh: bool,
    /// It was opened or proved with a passkey.
    pub second_factor: bool,
    /// The agency wants more than a password for this role: until then nothing is answered but what leads there.
    pub needs_second_factor: bool,
    pub me: Me,
}

impl SignedIn {
    /// The worker whose session the request shows, if it is good now.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn find(pool: &PgPool, headers: &HeaderMap) -> sqlx::Result<Option<Self>> {
        let Some(token) = Token::of_request(headers) else { return Ok(None) };
        store::find_session(pool, token.hash()).await
    }

    /// For what a session left open on a table must not be enough.
    ///
    /// # Errors
    /// The proof is older than five minutes.
    pub fn require_fresh(&self) -> Result<(), Problem> {
        if self.is_fresh { Ok(()) } else { Err(Problem::new(ProblemCode::StepUpNeeded)) }
    }
}

impl FromRequestParts<AppState> for SignedIn {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Problem> {
        let SignedInAnyhow(signed_in) = SignedInAnyhow::from_request_parts(parts, state).await?;
        if signed_in.needs_second_factor { Err(Problem::new(ProblemCode::StepUpNeeded)) } else { Ok(signed_in) }
    }
}

/// The same also where the agency wants a second factor that was not shown yet: for what leads to one, and for signing out.
pub(crate) struct SignedInAnyhow(pub(crate) SignedIn);

impl FromRequestParts<AppState> for SignedInAnyhow {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Problem> {
        let pool = PgPool::from_ref(state);
        let signed_in = SignedIn::find(&pool, &parts.headers).await?.filter(|signed_in| is_meant(signed_in, &parts.headers));
        signed_in.map(Self).ok_or_else(|| Problem::new(ProblemCode::SignInNeeded))
    }
}

/// Whether the session is that of the worker as whom the page asks, where it says so.
fn is_meant(signed_in: &SignedIn, headers: &HeaderMap) -> bool {
    headers.get(WORKER_HEADER).is_none_or(|meant| meant.as_bytes() == signed_in.identity.worker_id.to_string().as_bytes())
}

/// `POST /sign-in`, `POST /sign-out`, `GET /session`. The page at `GET /sign-in` is among the pages.
pub fn router() -> Router<AppState> {
    Router::new()
        .route(app::paths::SIGN_IN, post(sign_in::sign_in))
        .route(app::paths::SIGN_OUT, post(sign_in::sign_out))
        .route("/session", get(session))
}

async fn session(SignedInAnyhow(signed_in): SignedInAnyhow) -> Json<Me> {
    Json(signed_in.me)
}
