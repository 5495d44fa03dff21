//! The headers of every answer.

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::Response,
};
use http::{
    HeaderName, HeaderValue,
    header::{self, Entry},
};

use crate::state::AppState;

/// For everything but pages with data: no inline script at all. Pictures come from a page's memory (`blob:`) too: those of a note are opened there. The service worker keeps the shell with this header for months.
const POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' blob:; font-src 'self'; \
    connect-src 'self'; worker-src 'self'; manifest-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; object-src 'none'";

/// The policy of one drawn page, whose inline scripts carry this nonce.
pub fn page_policy(nonce: &str) -> Option<HeaderValue> {
    let policy = POLICY.replace("script-src 'self'", &format!("script-src 'self' 'nonce-{nonce}'"));
    HeaderValue::from_str(&policy).ok()
}

/// Sets what every answer carries; a handler's own policy and caching stay. What says nothing of caching is not stored anywhere.
pub(super) async fn add_headers(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
        (HeaderName::from_static("permissions-policy"), "camera=(), geolocation=(), microphone=(self), payment=(), usb=()"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if state.config.behind_tls_proxy {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=63072000; includeSubDomains"));
    }
    for (name, value) in [(header::CONTENT_SECURITY_POLICY, POLICY), (header::CACHE_CONTROL, "no-store")] {
        if let Entry::Vacant(vacant) = headers.entry(name) {
            vacant.insert(HeaderValue::from_static(value));
        }
    }
    response
}
