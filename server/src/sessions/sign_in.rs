//! Signing in and out, from a plain HTML form and from the app.

use std::{net::IpAddr, time::Duration};

use app::{
    page_data::{FailedSignIn, Me, SignInProblem},
    paths,
};
use axum::{
    Form,
    extract::{FromRequest, Request, State},
    response::{IntoResponse, Redirect, Response},
};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use serde::Deserialize;
use sync::wire::ProblemCode;

use super::{
    SignedIn,
    label::label_of,
    limits::{self, Admission},
    password::Checked,
    proof,
    store::{self, Factor},
    token::{Token, forget_cookie},
};
use crate::{
    audit::{self, Event},
    db,
    identity::Identity,
    pages,
    problem::{Json, Problem},
    security::ClientAddress,
    state::AppState,
};

/// What a person types to sign in.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Credentials {
    email: String,
    password: String,
}

/// Credentials, and in which form the answer is wanted: as they came.
pub(super) enum SignIn {
    Form(Credentials),
    Json(Credentials),
}

impl FromRequest<AppState> for SignIn {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &AppState) -> Result<Self, Problem> {
        let content_type = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("");
        if content_type.starts_with("application/x-www-form-urlencoded") {
            let form = Form::<Credentials>::from_request(request, state).await;
            form.map(|Form(credentials)| Self::Form(credentials))
                .map_err(|rejection| Problem::of_status(rejection.into_response().status()))
        } else {
            Json::<Credentials>::from_request(request, state).await.map(|Json(credentials)| Self::Json(credentials))
        }
    }
}

/// The name of a try to sign in, in the audit trail.
const SIGN_IN: &str = "session.start";

/// A session that was opened.
struct Opened {
    token: Token,
    me: Me,
}

pub(super) async fn sign_in(State(state): State<AppState>, address: ClientAddress, headers: HeaderMap, sign_in: SignIn) -> Response {
    match sign_in {
        SignIn::Json(credentials) => match open(&state, &headers, address.0, &credentials).await {
            Ok(opened) => with_cookie(&opened.token, Json(opened.me).into_response()),
            Err(problem) => problem.into_response(),
        },
        SignIn::Form(credentials) => match open(&state, &headers, address.0, &credentials).await {
            Ok(opened) => with_cookie(&opened.token, Redirect::to(paths::TODAY).into_response()),
            Err(problem) => try_again(&state, &headers, credentials.email, &problem).await,
        },
    }
}

/// Checks the password and opens a session in place of the one that the browser had.
async fn open(state: &AppState, headers: &HeaderMap, address: IpAddr, credentials: &Credentials) -> Result<Opened, Problem> {
    let email = credentials.email.trim().to_lowercase();
    let attempt = match limits::admit(&state.pool, &email, address).await? {
        Admission::Admitted(attempt) => attempt,
        Admission::Refused(wait) => {
            if let Some(account) = store::find_account(&state.pool, &email).await? {
                audit::record_alone(&state.pool, &account.identity, Event::denied(SIGN_IN, "too-many-tries")).await?;
            }
            return Err(Problem::new(ProblemCode::TooManyTries).retry_after(wait));
        }
    };
    let account = store::find_account(&state.pool, &email).await?;
    let hash = account.as_ref().map(|account| account.password_hash.clone());
    let checked = proof::check_password(state, credentials.password.clone(), hash).await?;
    if checked == Checked::Wrong {
        if let Some(account) = account {
            audit::record_alone(&state.pool, &account.identity, Event::denied(SIGN_IN, "wrong-password")).await?;
        }
        return Err(Problem::new(ProblemCode::WrongPassword));
    }
    let Some(account) = account else { return Err(Problem::new(ProblemCode::WrongPassword)) };
    limits::forgive(&state.pool, &attempt).await?;
    if checked == Checked::RightButOld {
        let hash = proof::hash_new_password(state, credentials.password.clone()).await?;
        let mut tx = db::begin_as(&state.pool, &account.identity).await?;
        proof::set_own_password(&mut tx, &hash).await?;
        tx.commit().await.map_err(Problem::from)?;
    }
    let token = open_instead(state, headers, &account.identity, Factor::Password).await?;
    Ok(Opened { token, me: account.me })
}

/// Opens a session in place of the one that the browser had.
pub(crate) async fn open_instead(state: &AppState, headers: &HeaderMap, identity: &Identity, factor: Factor) -> Result<Token, Problem> {
    if let Some(before) = SignedIn::find(&state.pool, headers).await? {
        store::end_session(&state.pool, &before.identity, before.session_id).await?;
    }
    let token = Token::new().map_err(|_| Problem::unavailable())?;
    let mut tx = db::begin_as(&state.pool, identity).await?;
    store::open_session(&mut tx, identity, token.hash(), &label_of(headers), factor).await?;
    tx.commit().await?;
    Ok(token)
}

/// The page again, with the e-mail that was typed and what went wrong.
async fn try_again(state: &AppState, headers: &HeaderMap, email: String, problem: &Problem) -> Response {
    let words = match problem.code() {
        ProblemCode::WrongPassword => SignInProblem::WrongPassword,
        ProblemCode::TooManyTries => SignInProblem::TooManyTries,
        _ => SignInProblem::Unavailable,
    };
    let mut page = pages::sign_in_again(state, headers, FailedSignIn { email, problem: words }).await;
    *page.status_mut() = problem.status();
    if let Some(wait) = problem.wait() {
        page.headers_mut().insert(header::RETRY_AFTER, seconds(wait));
    }
    page
}

fn seconds(wait: Duration) -> HeaderValue {
    HeaderValue::from(wait.as_secs().max(1))
}

/// Ends the session, if there is one. Doing it again changes nothing.
pub(super) async fn sign_out(State(state): State<AppState>, headers: HeaderMap) -> Result<Response, Problem> {
    if let Some(signed_in) = SignedIn::find(&state.pool, &headers).await? {
        store::end_session(&state.pool, &signed_in.identity, signed_in.session_id).await?;
    }
    let wants_json = headers.get(header::ACCEPT).is_some_and(|accept| accept.as_bytes().starts_with(b"application/json"));
    let mut response = if wants_json { StatusCode::NO_CONTENT.into_response() } else { Redirect::to(paths::SIGN_IN).into_response() };
    response.headers_mut().append(header::SET_COOKIE, forget_cookie());
    Ok(response)
}

/// The answer with a new token in it.
pub(crate) fn with_cookie(token: &Token, mut response: Response) -> Response {
    match token.set_cookie() {
        Some(cookie) => {
            response.headers_mut().append(header::SET_COOKIE, cookie);
            response
        }
        None => Problem::unavailable().into_response(),
    }
}
