//! The addresses of the build's files.

use std::sync::Arc;

use axum::{
    Router,
    body::Bytes,
    extract::State,
    response::{IntoResponse, Response},
    routing::get,
};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, Uri, header};

use super::Site;
use crate::state::AppState;

/// The name changes with the bytes, so what has this name never changes.
const FOR_EVER: &str = "public, max-age=31536000, immutable";
/// Kept, but asked about each time: a new build is noticed at once.
const ASK_EACH_TIME: &str = "no-cache";
const FOR_A_DAY: &str = "public, max-age=86400";

/// Files, icons, the shell and the service worker. None of it holds anybody's data.
pub fn router() -> Router<AppState> {
    Router::new()
        .route("/assets/{name}", get(asset))
        .route("/icons/{name}", get(icon))
        .route(app::paths::SHELL, get(shell))
        .route("/sw.js", get(service_worker))
        .route("/manifest.webmanifest", get(web_manifest))
}

async fn asset(State(site): State<Arc<Site>>, uri: Uri, headers: HeaderMap) -> Response {
    stored(&site, uri.path(), &headers, FOR_EVER)
}

async fn icon(State(site): State<Arc<Site>>, uri: Uri, headers: HeaderMap) -> Response {
    stored(&site, uri.path(), &headers, FOR_A_DAY)
}

async fn shell(State(site): State<Arc<Site>>) -> Response {
    whole(site.shell.clone(), "text/html; charset=utf-8", ASK_EACH_TIME).into_response()
}

async fn service_worker(State(site): State<Arc<Site>>) -> Response {
    whole(site.service_worker.clone(), "text/javascript; charset=utf-8", ASK_EACH_TIME).into_response()
}

async fn web_manifest(State(site): State<Arc<Site>>) -> Response {
    whole(site.web_manifest.clone(), "application/manifest+json", FOR_A_DAY).into_response()
}

fn stored(site: &Site, path: &str, headers: &HeaderMap, cache: &'static str) -> Response {
    let Some(stored) = site.stored.get(path) else { return StatusCode::NOT_FOUND.into_response() };
    let content_type = content_type(path);
    let mut response = match &stored.brotli {
        Some(brotli) if accepts_brotli(headers) => {
            ([(header::CONTENT_ENCODING, HeaderValue::from_static("br"))], whole(brotli.clone(), content_type, cache)).into_response()
        }
        _ => whole(stored.bytes.clone(), content_type, cache).into_response(),
    };
    response.headers_mut().append(header::VARY, HeaderValue::from_name(header::ACCEPT_ENCODING));
    response
}

fn whole(bytes: Bytes, content_type: &'static str, cache: &'static str) -> ([(HeaderName, &'static str); 2], Bytes) {
    ([(header::CONTENT_TYPE, content_type), (header::CACHE_CONTROL, cache)], bytes)
}

fn content_type(path: &str) -> &'static str {
    match path.rsplit_once('.').map(|(_, extension)| extension) {
        Some("js") => "text/javascript; charset=utf-8",
        Some("wasm") => "application/wasm",
        Some("css") => "text/css; charset=utf-8",
        Some("png") => "image/png",
        Some("svg") => "image/svg+xml",
        Some("txt") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

/// Whether `br` is among what the caller takes, and not refused by `q=0` (RFC 9110 section 12.5.3).
fn accepts_brotli(headers: &HeaderMap) -> bool {
    let lines = headers.get_all(header::ACCEPT_ENCODING).into_iter().filter_map(|line| line.to_str().ok());
    lines.flat_map(|line| line.split(',')).any(|coding| {
        let (name, weight) = coding.split_once(';').unwrap_or((coding, "q=1"));
        let refused = weight.trim().strip_prefix("q=").and_then(|q| q.trim().parse::<f32>().ok()) == Some(0.0);
        name.trim().eq_ignore_ascii_case("br") && !refused
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brotli_is_sent_only_to_those_who_take_it() {
        for (accepts, expected) in
            [("gzip, br", true), ("br;q=0.5", true), ("BR", true), ("br;q=0", false), ("br; q=0.0", false), ("gzip", false), ("", false)]
        {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_ENCODING, accepts.parse().unwrap());
            assert_eq!(accepts_brotli(&headers), expected, "{accepts}");
        }
    }
}
