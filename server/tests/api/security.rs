//! What holds for every route.

use std::io::Write;

use reqwest::{Method, StatusCode};
use sqlx::PgPool;
use sync::{
    questions::PATHS,
    wire::{MAX_BODY_BYTES, ProblemCode},
};

use crate::{
    helpers::{PASSWORD, TestApp, send},
    world::{CLIENT_NAME, email},
};

/// How an answer may be kept.
#[derive(Clone, Copy, PartialEq)]
enum Keep {
    /// Not anywhere: it may hold somebody's data.
    Never,
    /// Nobody's data.
    Ask,
    Days,
    ForEver,
}

/// Every route, with who may keep its answer.
fn routes(case_id: &str) -> Vec<(Method, String, Keep)> {
    let get = |path: &str, keep| (Method::GET, path.replace("{id}", case_id), keep);
    let post = |path: &str| (Method::POST, path.to_owned(), Keep::Never);
    let mut routes: Vec<_> = PATHS.iter().map(|path| post(path)).collect();
    routes.extend([
        get("/", Keep::Never),
        get("/today", Keep::Never),
        get("/caseload", Keep::Never),
        get("/clients/{id}", Keep::Never),
        get("/clients/{id}/before-visit", Keep::Never),
        get("/clients/{id}/notes/new", Keep::Never),
        get("/device", Keep::Never),
        get("/device/set-up", Keep::Never),
        get("/sign-in", Keep::Never),
        get("/nonsense", Keep::Never),
        get("/session", Keep::Never),
        get("/healthz", Keep::Never),
        get("/readyz", Keep::Never),
        get("/api/openapi.json", Keep::Never),
        get("/api/nonsense", Keep::Never),
        get("/sync/v1/nonsense", Keep::Never),
        get("/sync/v1/push", Keep::Never),
        get("/shell", Keep::Ask),
        get("/sw.js", Keep::Ask),
        get("/manifest.webmanifest", Keep::Days),
        get("/icons/icon-192.png", Keep::Days),
        get("/icons/nonsense.png", Keep::Never),
        get("/assets/boot.0123456789abcdef.js", Keep::ForEver),
        get("/assets/nonsense.js", Keep::Never),
        post("/sign-in"),
        post("/sync/v1/devices"),
        post("/sync/v1/push"),
        post("/sync/v1/pull"),
        post("/sync/v1/sealed"),
        post("/sync/v1/attachments/begin"),
        post("/sync/v1/attachments/chunk"),
        post("/sync/v1/attachments/fetch"),
        post("/test/panic"),
        post("/today"),
        // Last: it ends the session.
        post("/sign-out"),
    ]);
    routes
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn every_answer_carries_the_headers_and_only_nobodys_data_may_be_kept(pool: PgPool) {
    let app = TestApp::start_as(pool, |config| config.behind_tls_proxy = true).await;
    let case_id = app.case_id().to_string();
    for browser in [app.anonymous(), app.worker("maria").await] {
        for (method, path, keep) in routes(&case_id) {
            let answer = send(browser.request(method.clone(), &path).header("accept", "text/html,*/*")).await;
            let at = format!("{method} {path} {}", answer.status);
            for (name, expected) in [
                ("x-content-type-options", "nosniff"),
                ("referrer-policy", "no-referrer"),
                ("cross-origin-opener-policy", "same-origin"),
                ("cross-origin-resource-policy", "same-origin"),
                ("strict-transport-security", "max-age=63072000; includeSubDomains"),
            ] {
                assert_eq!(answer.header(name), expected, "{name} of {at}");
            }
            assert!(!answer.header("permissions-policy").is_empty(), "{at}");
            let policy = answer.header("content-security-policy");
            for part in ["default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'"] {
                assert!(policy.contains(part), "{part} of {at}: {policy}");
            }
            assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"), "{at}: {policy}");
            let kept = match keep {
                Keep::Never => "no-store",
                Keep::Ask => "no-cache",
                Keep::Days => "public, max-age=86400",
                Keep::ForEver => "public, max-age=31536000, immutable",
            };
            assert_eq!(answer.header("cache-control"), kept, "{at}");
            let is_page = answer.header("content-type").starts_with("text/html");
            if answer.status.as_u16() >= 400 && !is_page {
                answer.problem();
            }
            assert!(!answer.headers.contains_key("server") && !answer.headers.contains_key("x-powered-by"), "{at}");
        }
    }
    app.stop().await;
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn without_tls_in_front_nobody_is_told_to_insist_on_it(pool: PgPool) {
    let app = TestApp::start(pool).await;
    assert_eq!(app.anonymous().get("/shell").await.header("strict-transport-security"), "");
    app.stop().await;
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn the_inline_scripts_of_a_page_carry_the_nonce_of_its_policy_and_no_two_pages_share_one(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let browser = app.worker("maria").await;
    let mut nonces = Vec::new();
    for _ in 0..2 {
        let page = browser.get("/today").await;
        let policy = page.header("content-security-policy").to_owned();
        let nonce = policy.split_once("'nonce-").unwrap().1.split_once('\'').unwrap().0.to_owned();
        assert!(nonce.len() >= 16, "{nonce}");
        for script in page.text().split("<script").skip(1) {
            let (tag, rest) = script.split_once('>').unwrap();
            let inert = tag.contains("application/json") || rest.starts_with("</script>");
            assert!(inert || tag.contains(&format!("nonce=\"{nonce}\"")), "{tag}");
        }
        assert!(!page.text().contains(" style=\"") && !page.text().contains("<style"), "inline style");
        nonces.push(nonce);
    }
    assert_ne!(nonces[0], nonces[1]);
    app.stop().await;
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn fault_38_requests_that_another_site_sent_are_refused(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let browser = app.worker("maria").await;
    let own = browser.base.clone();
    let foreign = "https://evil.example".to_owned();
    let cases: [(&[(&str, &str)], bool); 10] = [
        (&[], true),
        (&[("sec-fetch-site", "same-origin")], true),
        (&[("sec-fetch-site", "none")], true),
        (&[("origin", &own)], true),
        (&[("origin", &own), ("sec-fetch-site", "same-origin")], true),
        (&[("sec-fetch-site", "cross-site")], false),
        (&[("sec-fetch-site", "same-site")], false),
        (&[("origin", &foreign)], false),
        (&[("origin", "null")], false),
        (&[("origin", &foreign), ("sec-fetch-site", "cross-site")], false),
    ];
    for (headers, allowed) in cases {
        for (path, content_type, body) in [
            ("/test/echo", "application/json", "{}".to_owned()),
            ("/sign-in", "application/x-www-form-urlencoded", format!("email={}&password=x", email("maria"))),
        ] {
            let mut request = browser.request(Method::POST, path).header("content-type", content_type).body(body);
            for (name, value) in headers {
                request = request.header(*name, *value);
            }
            let answer = send(request).await;
            assert_eq!(answer.status != StatusCode::FORBIDDEN, allowed, "{path} {headers:?} {}", answer.status);
            if !allowed {
                assert_eq!(answer.problem().code, ProblemCode::CrossSite);
            }
        }
        // Reading is safe: links from elsewhere work.
        let mut request = browser.request(Method::GET, "/today");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        assert_eq!(send(request).await.status, StatusCode::OK, "{headers:?}");
    }
    app.stop().await;
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn fault_38_a_method_override_changes_nothing(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let browser = app.worker("maria").await;
    let request = browser.request(Method::GET, "/sign-out?_method=POST").header("x-http-method-override", "POST");
    let answer = send(request).await;
    assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(answer.header("allow"), "POST");
    assert_eq!(browser.get("/session").await.status, StatusCode::OK);
    app.stop().await;
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn what_is_not_the_expected_json_is_a_problem_in_words(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let valid = serde_json::json!({ "email": email("maria"), "password": PASSWORD }).to_string();
    let extra = serde_json::json!({ "email": email("maria"), "password": PASSWORD, "role": "administrator" }).to_string();
    for (content_type, body, status) in [
        ("application/json", "{", 400),
        ("application/json", "[]", 400),
        ("application/json", "{\"email\":1,\"password\":2}", 400),
        ("application/json", &extra, 400),
        ("application/json", "\u{0}", 400),
        ("application/json", &"[".repeat(10_000), 400),
        ("text/plain", &valid, 415),
        ("", &valid, 415),
        ("application/x-www-form-urlencoded", "email=a", 422),
    ] {
        let request = app.anonymous().request(Method::POST, "/sign-in").header("content-type", content_type).body(body.to_owned());
        let answer = send(request).await;
        assert_eq!(answer.status.as_u16(), status, "{content_type} {:.40}", body);
        assert_eq!(answer.problem().code, ProblemCode::Malformed);
        assert!(!answer.text().contains("line"), "the parser's own words: {}", answer.text());
    }
    app.stop().await;
}

/// A JSON string of a size.
fn json_of(bytes: usize) -> Vec<u8> {
    let mut json = vec![b'x'; bytes];
    (json[0], json[bytes - 1]) = (b'"', b'"');
    json
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn a_body_is_limited_before_and_after_decompression(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let browser = app.anonymous();
    let echo = |encoding: &'static str, body: Vec<u8>| {
        let request = browser.request(Method::POST, "/test/echo").header("content-type", "application/json");
        let request = if encoding.is_empty() { request } else { request.header("content-encoding", encoding) };
        async move { send(request.body(body)).await }
    };
    let largest = json_of(MAX_BODY_BYTES);
    assert_eq!(echo("", largest.clone()).await.status, StatusCode::OK);
    assert_eq!(echo("gzip", gzip(&largest)).await.status, StatusCode::OK);
    for (encoding, body) in [
        ("", json_of(MAX_BODY_BYTES + 1)),
        ("gzip", gzip(&json_of(MAX_BODY_BYTES + 1))),
        // 64 MB in 64 kB.
        ("gzip", gzip(&json_of(64 * 1024 * 1024))),
    ] {
        let answer = echo(encoding, body).await;
        assert_eq!(answer.problem().code, ProblemCode::TooLarge, "{encoding}");
    }
    assert_eq!(echo("gzip", b"not gzip at all".to_vec()).await.problem().code, ProblemCode::Malformed);
    assert_eq!(echo("compress", largest).await.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    app.stop().await;
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn a_body_without_a_length_is_limited_too(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let chunks = futures::stream::iter((0..80).map(|_| Ok::<_, std::io::Error>(vec![b' '; 64 * 1024])));
    let request = app.anonymous().request(Method::POST, "/test/echo").header("content-type", "application/json");
    let sent = request.body(reqwest::Body::wrap_stream(chunks)).send().await;
    // The server answers before the body is whole and closes; a sender that still writes may see only that.
    if let Ok(response) = sent {
        assert_eq!(response.status(), StatusCode::PAYLOAD_TOO_LARGE);
    }
    let form = "email=".to_owned() + &"a".repeat(17 * 1024);
    let request = app.anonymous().request(Method::POST, "/sign-in").header("content-type", "application/x-www-form-urlencoded");
    assert_eq!(send(request.body(form)).await.problem().code, ProblemCode::TooLarge);
    app.stop().await;
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn answers_are_compressed_for_those_who_ask(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let browser = app.worker("maria").await;
    for coding in ["br", "gzip", "zstd"] {
        let page = send(browser.request(Method::GET, "/caseload").header("accept-encoding", coding)).await;
        assert_eq!(page.header("content-encoding"), coding);
    }
    assert_eq!(browser.get("/caseload").await.header("content-encoding"), "");
    app.stop().await;
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn a_panic_is_one_bad_answer_without_its_reason(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let answer = send(app.anonymous().request(Method::POST, "/test/panic")).await;
    assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(answer.problem().code, ProblemCode::Unavailable);
    assert!(!answer.text().contains(CLIENT_NAME));
    assert_eq!(app.anonymous().get("/healthz").await.status, StatusCode::OK);
    app.stop().await;
}
