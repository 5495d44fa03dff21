//! Who asks: signing in and out, and the session behind each request.
//!
//! A session is a row. It ends half an hour after the last request, twelve hours after it began, at sign-out, or when the worker's account
//! is closed; the next request finds that out.

mod limits;
pub(crate) mod password;
mod sign_in;
mod store;
mod token;

use app::page_data::Me;
use axum::{
    Router,
    extract::{FromRef, FromRequestParts},
    routing::{get, post},
};
use http::{HeaderMap, request::Parts};
use sqlx::PgPool;
use sync::wire::ProblemCode;

use crate::{
    identity::Identity,
    problem::{Json, Problem},
    state::AppState,
};

pub use limits::{PER_ACCOUNT, PER_ADDRESS};
pub use password::hash_password;
pub use token::{COOKIE, TokenHash, cookie, forget_cookie};

use token::Token;

/// The worker behind a request. As an extractor it answers 401 where there is none.
#[derive(Clone, Debug)]
pub struct SignedIn {
    pub identity: Identity,
    pub session_id: TokenHash,
    pub me: Me,
}

impl SignedIn {
    /// The worker whose session the request shows, if it is good now.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn find(pool: &PgPool, headers: &HeaderMap) -> sqlx::Result<Option<Self>> {
        let Some(token) = Token::of_request(headers) else { return Ok(None) };
        let session_id = token.hash();
        let session = store::find_session(pool, session_id).await?;
        Ok(session.map(|session| Self { identity: session.identity, session_id, me: session.me }))
    }
}

impl FromRequestParts<AppState> for SignedIn {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Problem> {
        let pool = PgPool::from_ref(state);
        Self::find(&pool, &parts.headers).await?.ok_or_else(|| Problem::new(ProblemCode::SignInNeeded))
    }
}

/// `POST /sign-in`, `POST /sign-out`, `GET /session`. The page at `GET /sign-in` is among the pages.
pub fn router() -> Router<AppState> {
    Router::new()
        .route(app::paths::SIGN_IN, post(sign_in::sign_in))
        .route(app::paths::SIGN_OUT, post(sign_in::sign_out))
        .route("/session", get(session))
}

async fn session(signed_in: SignedIn) -> Json<Me> {
    Json(signed_in.me)
}
