//! The API as it describes itself.

use reqwest::{Method, StatusCode};
use serde_json::Value;
use sqlx::PgPool;
use sync::wire::{DeviceId, PullResponse, RegisterDevice};
use uuid::Uuid;

use crate::helpers::{TestApp, send};

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn every_address_that_is_described_is_there_and_answers_as_described(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let description: Value = app.anonymous().get("/api/openapi.json").await.json();
    let mut asked = 0;
    for (path, methods) in description["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            let method: Method = method.to_uppercase().parse().unwrap();
            // Nobody is signed in and nothing is sent: what needs either says so.
            let answer = send(app.anonymous().request(method.clone(), path).header("accept", "application/json")).await;
            let described = operation["responses"].get(answer.status.as_str()).is_some();
            assert!(described || answer.status == StatusCode::UNSUPPORTED_MEDIA_TYPE, "{method} {path}: {}", answer.status);
            asked += 1;
        }
    }
    assert_eq!(asked, 15 + sync::questions::PATHS.len());
    app.stop().await;
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn somebody_who_reads_only_the_description_can_register_and_pull(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let schemas = app.anonymous().get("/api/openapi.json").await.json::<Value>()["components"]["schemas"].take();
    let mut register = schemas["RegisterDevice"]["examples"][0].clone();
    let mut pull = schemas["PullRequest"]["examples"][0].clone();
    let device_id = DeviceId(Uuid::now_v7());
    register["device_id"] = serde_json::json!(device_id);
    pull["device_id"] = serde_json::json!(device_id);
    let browser = app.worker("maria").await;
    let registered = browser.post_json("/sync/v1/devices", &register).await;
    assert_eq!(registered.json::<RegisterDevice>().device_id, device_id);
    let pulled = browser.post_json("/sync/v1/pull", &pull).await;
    assert_eq!(pulled.status, StatusCode::OK, "{}", pulled.text());
    assert!(!pulled.json::<PullResponse>().scopes.is_empty());
    app.stop().await;
}
