//! The log names nobody.

use sqlx::PgPool;

use crate::{
    helpers::{PASSWORD, TestApp, logs, send},
    world::{CLIENT_NAME, FAMILY_NAME, NOTE_WORDS, email},
};

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn no_name_no_note_no_address_and_no_secret_is_logged(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let maria = app.worker("maria").await;
    let client = format!("/clients/{}", app.case_id());
    for path in ["/today", "/caseload", &client, "/nonsense?name=Quillon"] {
        maria.get(path).await;
    }
    maria.sign_in(&email("maria"), "a-wrong-password").await;
    maria.sign_in_by_form(&email("maria"), "a-wrong-password").await;
    maria.post_json("/test/panic", &serde_json::json!({ "name": CLIENT_NAME })).await;
    maria.post_json("/test/echo", &serde_json::json!({ "name": CLIENT_NAME })).await;
    send(maria.request(reqwest::Method::POST, "/test/echo").header("content-type", "application/json").body("{\"Quillon")).await;
    app.state().pool.close().await;
    maria.get(&client).await;
    let token = maria.cookie.clone().unwrap();
    let token = token.split_once('=').unwrap().1.to_owned();
    let case_id = app.case_id().to_string();
    app.stop().await;

    let logs = logs();
    assert!(logs.contains("route=\"/clients/{case_id}\" status=200"), "{logs}");
    for marker in [CLIENT_NAME, FAMILY_NAME, NOTE_WORDS, "harbor.example", "a-wrong-password", PASSWORD, &token, &case_id] {
        let line = logs.lines().find(|line| line.contains(marker));
        assert_eq!(line, None, "{marker}");
    }
}
