//! What stands around every route: limits, the refusal of requests from other sites, headers, compression, the log and the last resort.

mod address;
mod body;
mod headers;
mod log;

use axum::{
    Router,
    extract::DefaultBodyLimit,
    middleware::{from_fn, from_fn_with_state},
    response::{IntoResponse, Response},
};
use http::StatusCode;
use tower_http::{
    catch_panic::CatchPanicLayer,
    compression::{CompressionLayer, CompressionLevel},
    csrf::CsrfLayer,
    decompression::RequestDecompressionLayer,
};

use sync::wire::ProblemCode;

use crate::{problem::Problem, state::AppState};

pub use address::ClientAddress;
pub use headers::page_policy;

/// A first sync goes over a slow line once; the server's processor has time for it. With 6 instead of 3, zstd makes it 14 % smaller.
const COMPRESSION: CompressionLevel = CompressionLevel::Precise(6);

/// The largest body of a request, where a route does not say otherwise, in bytes. Forms are small.
const MAX_FORM_BYTES: usize = 16 * 1024;

/// Puts the defences around the routes. A request passes them from the last to the first.
pub fn defend(routes: Router<AppState>, state: &AppState) -> Router<AppState> {
    routes
        .layer(DefaultBodyLimit::max(MAX_FORM_BYTES))
        .layer(RequestDecompressionLayer::new())
        .layer(from_fn(body::limit_as_sent))
        .layer(from_fn(body::explain_bare_errors))
        .layer(CsrfLayer::new().with_rejection_response(|_| Problem::new(ProblemCode::CrossSite).into_response()))
        .layer(CatchPanicLayer::custom(last_resort))
        .layer(CompressionLayer::new().quality(COMPRESSION))
        .layer(from_fn_with_state(state.clone(), headers::add_headers))
        .layer(from_fn(log::log_request))
}

/// A handler panicked. Where is in the log (`telemetry`); the caller hears nothing about why.
fn last_resort(_panic: Box<dyn std::any::Any + Send>) -> Response {
    Problem::of_status(StatusCode::INTERNAL_SERVER_ERROR).into_response()
}
