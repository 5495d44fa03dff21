//! Pages drawn on the server: load what the page needs as the worker, then draw it in one go.

mod desk;
mod draw;
mod load;
mod style;

use app::{
    page_data::{FailedSignIn, PageData, SignInProblem},
    paths,
};
use axum::{
    Router,
    extract::{Path, RawQuery, Request, State},
    response::{IntoResponse, Redirect, Response},
    routing::get,
};
use domain::CaseId;
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};

use words::Language;

use crate::{
    problem::Problem,
    records::Need,
    sessions::{self, SignedIn},
    state::AppState,
};

pub use draw::prepare_to_draw;
use draw::{draw, unavailable};

/// Every page of the app, and the answer where there is none.
pub fn router() -> Router<AppState> {
    Router::new()
        .route(paths::HOME, get(home))
        .route(paths::SIGN_IN, get(sign_in))
        .route(paths::TODAY, get(today))
        .route(paths::CASELOAD, get(caseload))
        .route(paths::CASE_TABLE, get(caseload))
        .route("/clients/{case_id}", get(client))
        .route("/clients/{case_id}/before-visit", get(client))
        .route("/clients/{case_id}/read-aloud", get(client))
        .route("/clients/{case_id}/letter", get(client))
        .route("/clients/{case_id}/notes/new", get(client))
        .route("/clients/{case_id}/notes/{note_id}/amend", get(page_of_note))
        .route("/clients/{case_id}/edit", get(client))
        .route("/clients/{case_id}/hand-over", get(client))
        .route(paths::REVIEWS, get(reviews))
        .route("/reviews/{review_id}", get(reviews))
        .route(paths::TO_FILE, get(today))
        .route(paths::MORE, get(bare))
        .route(paths::SESSIONS, get(bare))
        .route(paths::PASSWORD, get(bare))
        .route(paths::PASSKEYS, get(bare))
        .route(paths::NOTICES, get(bare))
        .route(paths::RULES, get(bare))
        .route(paths::LOST_DEVICE, get(colleagues))
        .route(paths::EMERGENCY, get(colleagues))
        .route(paths::DEVICE, get(bare))
        .route(paths::SET_UP_DEVICE, get(bare))
        .route(STYLE, get(style_page))
        .fallback(no_page)
}

/// Where the living style page is.
const STYLE: &str = "/style";

async fn style_page(state: State<AppState>, request: Request) -> Response {
    match state.demo {
        true => style::draw(&state, &blank(&state, request.headers())),
        false => no_page(state, request).await,
    }
}

async fn home(State(state): State<AppState>, headers: HeaderMap) -> Response {
    match SignedIn::find(&state.pool, &headers).await {
        Ok(Some(_)) => Redirect::to(paths::TODAY).into_response(),
        Ok(None) => Redirect::to(&paths::sign_in_for(paths::TODAY)).into_response(),
        Err(error) => unavailable(&state, language_of(&headers), error.into()),
    }
}

async fn today(state: State<AppState>, request: Request) -> Response {
    page(state, request, Need::Today).await
}

async fn caseload(state: State<AppState>, request: Request) -> Response {
    page(state, request, Need::Caseload).await
}

async fn reviews(state: State<AppState>, request: Request) -> Response {
    page(state, request, Need::Reviews).await
}

async fn colleagues(state: State<AppState>, request: Request) -> Response {
    page(state, request, Need::Colleagues).await
}

async fn bare(state: State<AppState>, request: Request) -> Response {
    page(state, request, Need::Nothing).await
}

async fn client(state: State<AppState>, Path(case_id): Path<String>, request: Request) -> Response {
    match case_id.parse::<CaseId>() {
        Ok(case_id) => page(state, request, Need::Client(case_id)).await,
        Err(_) => no_page(state, request).await,
    }
}

async fn page_of_note(state: State<AppState>, Path((case_id, _)): Path<(String, String)>, request: Request) -> Response {
    client(state, Path(case_id), request).await
}

/// A page of the signed-in worker.
async fn page(State(state): State<AppState>, request: Request, need: Need) -> Response {
    let signed_in = match SignedIn::find(&state.pool, request.headers()).await {
        Ok(Some(signed_in)) => signed_in,
        Ok(None) => return sign_in_first(request.uri()),
        Err(error) => return unavailable(&state, language_of(request.headers()), error.into()),
    };
    if signed_in.needs_second_factor {
        let data = PageData { me: Some(signed_in.me), passkey_needed: true, ..blank(&state, request.headers()) };
        return draw(&state, request.uri(), data, Vec::new(), StatusCode::FORBIDDEN).await;
    }
    match load::load(&state.pool, &signed_in.identity, need).await {
        Ok(loaded) => {
            let status = if loaded.found { StatusCode::OK } else { StatusCode::NOT_FOUND };
            let data = PageData { me: Some(signed_in.me), ..blank(&state, request.headers()) };
            draw(&state, request.uri(), data, loaded.records, status).await
        }
        Err(problem) => unavailable(&state, language_of(request.headers()), problem),
    }
}

/// Whoever is not signed in comes here again when they are.
fn sign_in_first(uri: &http::Uri) -> Response {
    let wanted = uri.path_and_query().map_or(uri.path(), http::uri::PathAndQuery::as_str);
    Redirect::to(&paths::sign_in_for(wanted)).into_response()
}

/// No page has this address. People get the app's own words for it; programs get a problem.
async fn no_page(State(state): State<AppState>, request: Request) -> Response {
    let accept = request.headers().get(header::ACCEPT).and_then(|accept| accept.to_str().ok()).unwrap_or("");
    if !accept.contains("text/html") || !matches!(*request.method(), Method::GET | Method::HEAD) {
        return Problem::of_status(StatusCode::NOT_FOUND).into_response();
    }
    match SignedIn::find(&state.pool, request.headers()).await {
        Ok(Some(signed_in)) => {
            let data = PageData { me: Some(signed_in.me), ..blank(&state, request.headers()) };
            draw(&state, request.uri(), data, Vec::new(), StatusCode::NOT_FOUND).await
        }
        Ok(None) => Redirect::to(paths::SIGN_IN).into_response(),
        Err(error) => unavailable(&state, language_of(request.headers()), error.into()),
    }
}

/// The page to sign in; who is signed in already goes on. Whose session ended meanwhile reads so, once. Its address may name a language,
/// which is remembered: that works without a script.
async fn sign_in(State(state): State<AppState>, RawQuery(query): RawQuery, headers: HeaderMap) -> Response {
    let chosen = query.as_deref().and_then(|query| query.strip_prefix("language=")).and_then(Language::of_tag);
    let ended = sessions::cookie(&headers, sessions::COOKIE).is_some();
    let mut response = match SignedIn::find(&state.pool, &headers).await {
        Ok(Some(_)) => Redirect::to(paths::TODAY).into_response(),
        Ok(None) => {
            let failed_sign_in = ended.then(|| FailedSignIn { email: String::new(), problem: SignInProblem::SessionEnded });
            let blank = blank(&state, &headers);
            let data = PageData { failed_sign_in, demo: state.demo, language: chosen.unwrap_or(blank.language), ..blank };
            let mut response = draw(&state, &http::Uri::from_static(paths::SIGN_IN), data, Vec::new(), StatusCode::OK).await;
            if ended {
                response.headers_mut().append(header::SET_COOKIE, sessions::forget_cookie());
            }
            response
        }
        Err(error) => return unavailable(&state, language_of(&headers), error.into()),
    };
    if let Some(cookie) = chosen.and_then(language_cookie) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

/// The page to sign in, after a try that did not work.
pub async fn sign_in_again(state: &AppState, headers: &HeaderMap, failed: FailedSignIn) -> Response {
    let data = PageData { failed_sign_in: Some(failed), demo: state.demo, ..blank(state, headers) };
    draw(state, &http::Uri::from_static(paths::SIGN_IN), data, Vec::new(), StatusCode::OK).await
}

/// The name of the cookie in which a browser keeps its language; its own scripts write it too.
const LANGUAGE_COOKIE: &str = "doorstep-language";

/// `Set-Cookie` that keeps a language for a year.
fn language_cookie(language: Language) -> Option<HeaderValue> {
    HeaderValue::try_from(format!("{LANGUAGE_COOKIE}={}; Path=/; Max-Age=31536000; SameSite=Strict", language.tag())).ok()
}

/// What the browser is to be spoken to in: as chosen in it, or else as it asks for.
fn language_of(headers: &HeaderMap) -> Language {
    let chosen = sessions::cookie(headers, LANGUAGE_COOKIE).and_then(Language::of_tag);
    let accepted = || headers.get(header::ACCEPT_LANGUAGE).and_then(|tags| tags.to_str().ok()).and_then(Language::accepted);
    chosen.or_else(accepted).unwrap_or_default()
}

/// A page of nobody, at the time of the place where the browser is.
fn blank(state: &AppState, headers: &HeaderMap) -> PageData {
    let offset_min = sessions::cookie(headers, "doorstep-offset").and_then(|minutes| minutes.parse().ok()).unwrap_or(0);
    PageData {
        me: None,
        passkey_needed: false,
        now: crate::clock::now(offset_min),
        failed_sign_in: None,
        demo: false,
        language: language_of(headers),
        build: state.site.assets.build.clone(),
    }
}
