//! Bodies of requests that are too large, and answers that would come without a word.

use axum::{
    body::Body,
    extract::Request,
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, header};
use http_body_util::Limited;
use sync::wire::{MAX_BODY_BYTES, ProblemCode};

use crate::problem::Problem;

/// Limits bodies as they come over the wire, before decompression; each route's own limit holds for what comes out of it.
pub(super) async fn limit_as_sent(request: Request, next: Next) -> Response {
    if announced_bytes(request.headers()).is_some_and(|bytes| bytes > MAX_BODY_BYTES as u64) {
        return Problem::new(ProblemCode::TooLarge).into_response();
    }
    next.run(request.map(|body| Body::new(Limited::new(body, MAX_BODY_BYTES)))).await
}

fn announced_bytes(headers: &HeaderMap) -> Option<u64> {
    headers.get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

/// Gives the router's and the extractors' own error answers (404, 405, 415 …) the shape that all others have.
pub(super) async fn explain_bare_errors(request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    let status = response.status();
    if !(status.is_client_error() || status.is_server_error()) || is_explained(&response) {
        return response;
    }
    let mut problem = Problem::of_status(status).into_response();
    for name in [header::ALLOW, header::ACCEPT_ENCODING] {
        if let Some(value) = response.headers().get(&name) {
            problem.headers_mut().insert(name, value.clone());
        }
    }
    problem
}

fn is_explained(response: &Response) -> bool {
    let content_type = response.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    content_type.is_some_and(|content_type| !content_type.starts_with("text/plain"))
}
