//! From a page's data to HTML.

use std::sync::Arc;

use app::{
    desk::{DeskState, provide_desk},
    document,
    page_data::PageData,
};
use axum::{
    body::Body,
    extract::Request,
    response::{Html, IntoResponse, Response},
};
use domain::Record;
use http::{HeaderValue, StatusCode, Uri, header};
use leptos::{nonce::use_nonce, prelude::*};
use leptos_axum::{ResponseOptions, render_app_async_with_context};

use words::{Catalogue, Language, Speaking};

use super::desk::ServerDesk;
use crate::{problem::Problem, security, state::AppState};

/// Tells Leptos, once for the process, which tasks it runs on. Calling it again changes nothing.
pub fn prepare_to_draw() {
    if any_spawner::Executor::init_tokio().is_err() {
        tracing::trace!("pages were drawn in this process before");
    }
}

/// Draws one page. Nothing in it waits: all that it shows is in `data` and `records`.
pub(super) async fn draw(state: &AppState, uri: &Uri, data: PageData, records: Vec<Record>, status: StatusCode) -> Response {
    let spoken = Catalogue::built_in(data.language);
    let data = Arc::new(data);
    let records: Arc<[Record]> = records.into();
    let assets = Arc::new(state.site.assets.clone());
    let context = {
        let (data, records) = (Arc::clone(&data), Arc::clone(&records));
        move || {
            provide_desk(|_| Arc::new(ServerDesk(DeskState::of_page(&data, records.to_vec()))));
            set_policy();
        }
    };
    let drawn = render_app_async_with_context(context, move || document::page(&data, &records, &assets));
    // The pages know their own address and nothing else of the request.
    let address = uri.path_and_query().map_or("/", |address| address.as_str());
    let Ok(request) = Request::get(address).body(Body::empty()) else {
        return Problem::of_status(StatusCode::NOT_FOUND).into_response();
    };
    let mut response = Speaking::new(spoken, drawn(request)).await;
    *response.status_mut() = status;
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// Lets the scripts run that Leptos writes into this page, and no other inline script.
fn set_policy() {
    let policy = use_nonce().and_then(|nonce| security::page_policy(&nonce));
    if let (Some(policy), Some(response)) = (policy, use_context::<ResponseOptions>()) {
        response.insert_header(header::CONTENT_SECURITY_POLICY, policy);
    }
}

/// A page for when the records cannot be reached. Plain, so that nothing more can go wrong with it.
pub(super) fn unavailable(state: &AppState, language: Language, problem: Problem) -> Response {
    let mut response = words::with(Catalogue::built_in(language), || plain(state, problem.status()));
    if let Some(wait) = problem.wait() {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(wait.as_secs().max(1)));
    }
    response
}

fn plain(state: &AppState, status: StatusCode) -> Response {
    let stylesheet = &state.site.assets.stylesheet;
    let (title, heading) = (words::titles::not_available(), words::door::doorstep_cannot_reach_its_records());
    let (what, language) = (words::door::nothing_is_lost_load_again(), words::current());
    let (tag, direction) = (language.tag(), language.direction().code());
    let page = format!(
        "<!DOCTYPE html><html lang=\"{tag}\" dir=\"{direction}\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\"><title>{title}</title>\
         <link rel=\"stylesheet\" href=\"{stylesheet}\"></head><body><main><h1>{heading}</h1><p>{what}</p></main></body></html>"
    );
    (status, Html(page)).into_response()
}
