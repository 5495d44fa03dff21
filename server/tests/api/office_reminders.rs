//! Reminders: who is woken and when, that nothing is said, and that nobody else can be made to listen.

use std::sync::{Arc, Mutex};

use axum::{Router, body::Bytes, extract::State, http::HeaderMap, routing::post};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use p256::ecdsa::{Signature, VerifyingKey, signature::Verifier};
use reqwest::StatusCode;
use server::{db, jobs::remind::remind};
use sqlx::PgPool;
use sync::{
    questions::{PushSubscription, ReportLost, SetReminders, ShowReminders},
    wire::ProblemCode,
};
use tokio::net::TcpListener;

use crate::{
    helpers::TestApp,
    sync_phone::{Phone, count, run},
};

/// What a push service was asked.
#[derive(Clone, Default)]
struct Asked(Arc<Mutex<Vec<(HeaderMap, Bytes)>>>);

impl Asked {
    fn count(&self) -> usize {
        self.0.lock().unwrap().len()
    }
}

/// A push service of our own: it takes everything but what is sent to `/gone`.
async fn push_service() -> (String, Asked) {
    async fn take(State(asked): State<Asked>, headers: HeaderMap, body: Bytes) -> StatusCode {
        asked.0.lock().unwrap().push((headers, body));
        StatusCode::CREATED
    }
    let asked = Asked::default();
    let routes = Router::new().route("/device", post(take)).route("/gone", post(async || StatusCode::GONE)).with_state(asked.clone());
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, routes).await });
    (origin, asked)
}

fn subscription(endpoint: String) -> SetReminders {
    SetReminders { subscription: Some(PushSubscription { endpoint, time_zone: "UTC".to_owned() }) }
}

/// A zone in which it is eight in the morning now, or four in the afternoon, give or take an hour: `Etc/GMT+5` is five hours behind.
async fn zone_where_it_is(pool: &PgPool, hour: i64) -> String {
    let now = count(pool, "select extract(hour from now() at time zone 'UTC')::bigint").await;
    let ahead = (hour - now + 12).rem_euclid(24) - 12;
    if ahead <= 0 { format!("Etc/GMT+{}", -ahead) } else { format!("Etc/GMT-{ahead}") }
}

async fn set_clock(app: &TestApp, hour: i64) {
    let zone = zone_where_it_is(&app.pool, hour).await;
    run(&app.pool, &format!("update reminders set time_zone = '{zone}', next_at = now()")).await;
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn a_device_is_woken_once_when_there_is_a_reason_and_nothing_is_said(pool: PgPool) {
    let (service, asked) = push_service().await;
    let services = service.clone();
    let app = TestApp::start_as(pool, |config| config.push_services = services).await;
    let maria = Phone::of(&app, "maria").await;
    let state = app.state();
    let owner = db::connect_owner((*app.pool.connect_options()).clone()).await.unwrap();
    let look = || async { remind(&owner, &state.pool, &state.push).await.unwrap() };

    let known = maria.browser.answer_to(&ShowReminders {}).await;
    assert_eq!(known.subscription, None);
    maria.browser.answer_to(&subscription(format!("{service}/device"))).await;
    assert!(maria.browser.answer_to(&ShowReminders {}).await.subscription.is_some());
    look().await;
    assert_eq!(asked.count(), 0, "its time has not come");

    // Nothing is due: there is no task and no visit, and the cases rest.
    assert_eq!(count(&app.pool, "select (select count(*) from tasks) + (select count(*) from visits)").await, 0);
    run(&app.pool, "update cases set state = 'on-hold'").await;
    set_clock(&app, 8).await;
    look().await;
    assert_eq!(asked.count(), 0, "there is no reason");
    assert_eq!(count(&app.pool, "select count(*) from reminders where next_at <= now()").await, 0, "it was looked at");

    run(&app.pool, "update cases set state = 'active', contact_every_days = 1, opened_on = current_date - 9, last_contact_on = null").await;
    set_clock(&app, 17).await;
    look().await;
    assert_eq!(asked.count(), 0, "in the evening only tomorrow's visits are a reason");
    set_clock(&app, 8).await;
    look().await;
    look().await;
    assert_eq!(asked.count(), 1, "once");

    let (headers, body) = asked.0.lock().unwrap().remove(0);
    assert!(body.is_empty(), "there is nothing to read");
    let authorization = headers["authorization"].to_str().unwrap();
    let (proof, key) = authorization.strip_prefix("vapid t=").unwrap().split_once(", k=").unwrap();
    assert_eq!(key, known.application_server_key);
    let (signed, signature) = proof.rsplit_once('.').unwrap();
    let decode = |text: &str| URL_SAFE_NO_PAD.decode(text).unwrap();
    let key = VerifyingKey::from_sec1_bytes(&decode(key)).unwrap();
    key.verify(signed.as_bytes(), &Signature::from_slice(&decode(signature)).unwrap()).unwrap();
    let claims: serde_json::Value = serde_json::from_slice(&decode(signed.split_once('.').unwrap().1)).unwrap();
    assert_eq!(claims["aud"], service.as_str());
    assert!(headers.contains_key("ttl") && headers["topic"] == "reminder");

    // A server that was away for hours does not make up for it; a lost device is not woken.
    set_clock(&app, 8).await;
    run(&app.pool, "update reminders set next_at = now() - interval '3 hours'").await;
    look().await;
    let ruth = app.worker("ruth").await;
    ruth.answer_to(&ReportLost { device_id: maria.device_id }).await;
    set_clock(&app, 8).await;
    look().await;
    assert_eq!(asked.count(), 0);
    app.stop().await;
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn a_subscription_that_has_ended_is_forgotten(pool: PgPool) {
    let (service, _) = push_service().await;
    let services = service.clone();
    let app = TestApp::start_as(pool, |config| config.push_services = services).await;
    let maria = Phone::of(&app, "maria").await;
    maria.browser.answer_to(&subscription(format!("{service}/gone"))).await;
    run(&app.pool, "update cases set contact_every_days = 1, opened_on = current_date - 9, last_contact_on = null").await;
    set_clock(&app, 8).await;
    let owner = db::connect_owner((*app.pool.connect_options()).clone()).await.unwrap();
    remind(&owner, &app.state().pool, &app.state().push).await.unwrap();
    assert_eq!(maria.browser.answer_to(&ShowReminders {}).await.subscription, None);
    app.stop().await;
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn only_an_enrolled_device_is_reminded_and_only_by_a_push_service(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let good = subscription("https://fcm.googleapis.com/fcm/send/abc".to_owned());
    assert_eq!(app.worker("maria").await.ask(&good).await.problem().code, ProblemCode::NotAllowed, "a browser that keeps nothing");
    let maria = Phone::of(&app, "maria").await;
    for inside in ["http://127.0.0.1:5432/", "https://169.254.169.254/latest", "https://fcm.googleapis.com.evil.example/"] {
        assert_eq!(maria.browser.ask(&subscription(inside.to_owned())).await.problem().code, ProblemCode::Malformed, "{inside}");
    }
    let nowhere = SetReminders {
        subscription: Some(PushSubscription { time_zone: "Mars/Olympus".to_owned(), ..good.subscription.clone().unwrap() }),
    };
    assert_eq!(maria.browser.ask(&nowhere).await.problem().code, ProblemCode::Malformed);
    maria.browser.answer_to(&good).await;
    let other = Phone::of(&app, "omar").await;
    assert_eq!(other.browser.answer_to(&ShowReminders {}).await.subscription, None, "each device has its own");
    maria.browser.answer_to(&SetReminders { subscription: None }).await;
    assert_eq!(count(&app.pool, "select count(*) from reminders").await, 0);
    app.stop().await;
}
