//! What probes hear.

use reqwest::StatusCode;
use sqlx::PgPool;

use crate::helpers::TestApp;

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn a_server_with_its_database_lives_and_is_ready(pool: PgPool) {
    let app = TestApp::start(pool).await;
    assert_eq!(app.anonymous().get("/healthz").await.status, StatusCode::OK);
    let ready = app.anonymous().get("/readyz").await;
    assert_eq!(ready.status, StatusCode::OK, "{}", ready.text());
    assert_eq!(ready.json::<serde_json::Value>()["database"], true);
    app.stop().await;
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn a_server_without_its_database_lives_but_is_not_ready(pool: PgPool) {
    let app = TestApp::start(pool).await;
    app.state().pool.close().await;
    assert_eq!(app.anonymous().get("/healthz").await.status, StatusCode::OK);
    let ready = app.anonymous().get("/readyz").await;
    assert_eq!(ready.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(ready.json::<serde_json::Value>()["database"], false);
    // And what it cannot do ends in words, not in silence.
    let sign_in = app.anonymous().sign_in("maria@harbor.example", "x").await;
    assert_eq!(sign_in.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(!sign_in.header("retry-after").is_empty());
    let page = app.anonymous().sign_in_by_form("maria@harbor.example", "x").await;
    assert_eq!(page.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(page.header("content-type").starts_with("text/html"));
    app.stop().await;
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn a_database_of_an_older_build_is_not_ready(pool: PgPool) {
    let app = TestApp::start(pool).await;
    sqlx::query("delete from _sqlx_migrations where version = (select max(version) from _sqlx_migrations)")
        .execute(&app.pool)
        .await
        .unwrap();
    let ready = app.anonymous().get("/readyz").await;
    assert_eq!(ready.status, StatusCode::SERVICE_UNAVAILABLE);
    let ready: serde_json::Value = ready.json();
    assert_eq!((&ready["database"], &ready["migrations"]), (&true.into(), &false.into()));
    app.stop().await;
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn a_server_without_its_browser_half_says_how_to_build_it(pool: PgPool) {
    let config = server::Config {
        database: (*pool.connect_options()).clone(),
        address: "127.0.0.1:0".parse().unwrap(),
        max_connections: 1,
        site_dir: "/nowhere/at/all".into(),
        data_dir: crate::helpers::data_dir(),
        attachments: None,
        origin: None,
        demo_if_empty: false,
        push_services: server::push::SERVICES.to_owned(),
        behind_tls_proxy: false,
    };
    let error = server::start(config).await.err().unwrap().to_string();
    assert!(error.contains("/nowhere/at/all") && error.contains("make run"), "{error}");
}
