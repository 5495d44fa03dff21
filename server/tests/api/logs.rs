//! The log names nobody.

use sqlx::PgPool;
use sync::questions::{BreakGlass, ChangePassword, StepUp};

use crate::{
    helpers::{PASSWORD, TestApp, logs, send},
    world::{CLIENT_NAME, FAMILY_NAME, NOTE_WORDS, email},
};

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn fault_42_no_name_no_note_no_address_and_no_secret_is_logged(pool: PgPool) {
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
    // What is asked of the office is nobody's business either.
    let reason = format!("{CLIENT_NAME} calls about a gas leak");
    maria.ask(&BreakGlass { case_id: app.world.case_of_omar, reason: reason.clone() }).await;
    maria.ask(&StepUp { password: "a-wrong-password".to_owned() }).await;
    maria.ask(&ChangePassword { current: PASSWORD.to_owned(), new: "a-wrong-password-too".to_owned() }).await;
    let device = serde_json::json!({ "device_id": app.case_id(), "enrolled": true, "app_build": CLIENT_NAME });
    maria.post_json("/sync/v1/devices", &device).await;
    app.state().pool.close().await;
    maria.get(&client).await;
    let token = maria.cookie.clone().unwrap();
    let token = token.split_once('=').unwrap().1.to_owned();
    let case_id = app.case_id().to_string();
    app.stop().await;

    let logs = logs();
    assert!(logs.contains("route=\"/clients/{case_id}\" status=200"), "{logs}");
    for marker in [CLIENT_NAME, FAMILY_NAME, NOTE_WORDS, "harbor.example", "a-wrong-password", &reason, PASSWORD, &token, &case_id] {
        let line = logs.lines().find(|line| line.contains(marker));
        assert_eq!(line, None, "{marker}");
    }
}
