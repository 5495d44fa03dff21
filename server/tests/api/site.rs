//! The browser half, as browsers and service workers fetch it.

use base64::{Engine, engine::general_purpose::STANDARD};
use reqwest::{Method, StatusCode};
use sha2::{Digest, Sha256};
use sqlx::PgPool;

use crate::helpers::{TestApp, send};

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn files_with_hashed_names_are_kept_for_ever_and_sent_compressed_to_those_who_can(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let path = "/assets/doorstep.0123456789abcdef.wasm";
    let plain = app.anonymous().get(path).await;
    assert_eq!((plain.status, plain.text().as_str()), (StatusCode::OK, "/* doorstep.wasm */"));
    assert_eq!(plain.header("content-type"), "application/wasm");
    assert!(plain.header("cache-control").contains("immutable"));
    assert!(plain.header("vary").to_lowercase().contains("accept-encoding"));
    let small = send(app.anonymous().request(Method::GET, path).header("accept-encoding", "gzip, br")).await;
    assert_eq!((small.header("content-encoding"), small.text().as_str()), ("br", "small"));
    for path in ["/assets/none.js", "/assets/..%2Fmanifest.json", "/icons/none.png"] {
        assert_eq!(app.anonymous().get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    app.stop().await;
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn the_shell_is_of_this_build_and_holds_no_script_of_its_own_and_nobodys_data(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let shell = app.worker("maria").await.get("/shell").await;
    let text = shell.text();
    assert_eq!(shell.header("cache-control"), "no-cache");
    assert!(text.contains("data-build=\"fedcba9876543210\"") && text.contains("data-start=\"shell\""), "{text}");
    assert!(text.contains("data-kdf=\"/assets/kdf.0123456789abcdef.js\""));
    assert!(!text.contains("maria") && !text.contains("page-data"));
    assert!(!shell.header("content-security-policy").contains("nonce"));
    for script in text.split("<script").skip(1) {
        let (tag, rest) = script.split_once('>').unwrap();
        assert!(tag.contains("src=") && rest.starts_with("</script>"), "{script}");
    }
    app.stop().await;
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn the_service_worker_names_one_matching_set_of_files(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let worker = app.anonymous().get("/sw.js").await;
    let text = worker.text();
    assert_eq!((worker.header("cache-control"), worker.header("content-type")), ("no-cache", "text/javascript; charset=utf-8"));
    assert!(text.contains("const BUILD = \"fedcba9876543210\";"));
    assert!(text.contains("{\"url\":\"/assets/doorstep.0123456789abcdef.wasm\",\"sha256\":\"c2hh\"}"), "{text}");
    // The shell is one of the set: what stands between browser and server cannot change a byte of it.
    let shell = STANDARD.encode(Sha256::digest(app.anonymous().get("/shell").await.body));
    assert!(text.contains(&format!("{{\"url\":\"/shell\",\"sha256\":\"{shell}\"}}")), "{text}");
    assert!(!text.contains("__FILES__") && !text.contains("__BUILD__"));
    let manifest = app.anonymous().get("/manifest.webmanifest").await;
    assert_eq!(manifest.header("content-type"), "application/manifest+json");
    assert_eq!(manifest.json::<serde_json::Value>()["start_url"], "/today");
    app.stop().await;
}
