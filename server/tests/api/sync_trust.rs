//! What a device may be wrong about, or cut off from, without losing anything: the time, its session, and who answers.

use domain::*;
use reqwest::{Method, RequestBuilder, StatusCode};
use serde_json::json;
use sqlx::{AssertSqlSafe, PgPool};
use sync::wire::*;
use uuid::Uuid;

use crate::{
    helpers::{PASSWORD, TestApp, send},
    sync_phone::{Phone, count, moment, note, run, sign, worker_id},
    world,
};

const TEN_YEARS_MS: i64 = 10 * 365 * 24 * 60 * 60 * 1_000;

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn fault_22_a_wrong_clock_refuses_no_note_and_changes_no_order(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let mut phone = Phone::of(&app, "maria").await;
    // Ten years on, ten years back, and three times in the hour that summer time takes or gives.
    let clocks = [(TEN_YEARS_MS, 120), (-TEN_YEARS_MS, 120), (0, 120), (0, 60), (-1, 120)];
    let mut mutations = Vec::new();
    for (number, (off_ms, offset_min)) in clocks.into_iter().enumerate() {
        let at = DateTime::from_unix_ms(moment().unix_ms() + off_ms, offset_min);
        let signed = SignNote { occurred_at: at, ..note(app.case_id(), &format!("by clock {number}")) };
        mutations.push(Mutation { recorded_at: at, ..phone.write(&Command::SignNote(signed)) });
    }
    let answer = phone.push(&mutations).await;
    assert!(answer.results.iter().all(|result| result.status == Status::Applied), "{:?}", answer.results);
    // The device's word is kept beside the server's, and order is that of writing.
    let told: Vec<(String, i64, i16, bool)> = sqlx::query_as(
        "select narrative, round(extract(epoch from signed_at) * 1000)::bigint, signed_offset_min,
            abs(extract(epoch from received_at - clock_timestamp())) < 3600
         from audit_events join notes on note_id = entity_id where action = 'note.sign' order by event_id",
    )
    .fetch_all(&app.pool)
    .await
    .unwrap();
    let expected: Vec<(String, i64, i16, bool)> = clocks
        .into_iter()
        .enumerate()
        .map(|(number, (off_ms, offset_min))| (format!("by clock {number}"), moment().unix_ms() + off_ms, offset_min, true))
        .collect();
    assert_eq!(told, expected);
    app.stop().await;
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn fault_23_a_session_that_ends_between_two_pushes_costs_no_note(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let mut phone = Phone::of(&app, "maria").await;
    let all: Vec<Mutation> = (0..4).map(|_| phone.write(&sign(app.case_id(), "around the end"))).collect();
    phone.push(&all[..2]).await;
    run(&app.pool, "update sessions set expires_at = now()").await;
    let refused = phone.send(&all[2..]).await;
    assert_eq!((refused.status, refused.problem().code), (StatusCode::UNAUTHORIZED, ProblemCode::SignInNeeded));
    let answer = phone.browser.sign_in(&world::email("maria"), PASSWORD).await;
    phone.browser.cookie = answer.session_cookie();
    assert_eq!(phone.push(&all[2..]).await.device_last_seq, 4);
    assert_eq!(count(&app.pool, "select count(*) from notes where narrative = 'around the end'").await, 4);
    app.stop().await;
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn fault_23_a_push_under_way_when_the_session_ends_is_answered(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let mut phone = Phone::of(&app, "maria").await;
    let mutations = [phone.write(&sign(app.case_id(), "just in time"))];
    let mut holding = app.pool.begin().await.unwrap();
    sqlx::raw_sql(AssertSqlSafe("lock table notes in access exclusive mode".to_owned())).execute(&mut *holding).await.unwrap();
    let ending = async {
        let waiting = "select count(*) from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()";
        while count(&app.pool, waiting).await == 0 {}
        run(&app.pool, "update sessions set expires_at = now()").await;
        holding.commit().await.unwrap();
    };
    let (answer, ()) = tokio::join!(phone.push(&mutations), ending);
    assert_eq!(answer.results[0].status, Status::Applied);
    assert_eq!(phone.send(&mutations).await.status, StatusCode::UNAUTHORIZED);
    app.stop().await;
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn fault_21_every_answer_to_a_device_says_that_it_is_ours(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let mut phone = Phone::of(&app, "maria").await;
    let mutation = phone.write(&sign(app.case_id(), "a note"));
    for answer in [phone.register().await, phone.send(&[mutation]).await, phone.send_pull(&phone.pull_request(1_000)).await] {
        assert_eq!((answer.status, answer.header("content-type")), (StatusCode::OK, "application/json"));
    }
    // By this a device tells a refusal of ours from the page of somebody in between.
    let nobody = app.anonymous();
    for (method, path) in [
        (Method::POST, "/sync/v1/devices"),
        (Method::POST, "/sync/v1/push"),
        (Method::POST, "/sync/v1/pull"),
        (Method::GET, "/sync/v1/events"),
        (Method::GET, "/sync/v1/push"),
        (Method::POST, "/sync/v2/push"),
        (Method::GET, "/session"),
    ] {
        for browser in [&phone.browser, &nobody] {
            if browser.cookie.is_some() && method == Method::GET && matches!(path, "/sync/v1/events" | "/session") {
                continue;
            }
            let answer = send(browser.request(method.clone(), path).header("accept", "application/json").body("{")).await;
            assert!(!answer.status.is_success(), "{method} {path}");
            assert_eq!(answer.header("content-type"), "application/problem+json", "{method} {path} {}", answer.text());
        }
    }
    app.stop().await;
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn nothing_is_taken_for_one_worker_under_the_session_of_another(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let mut phone = Phone::of(&app, "maria").await;
    let mutation = phone.write(&sign(app.case_id(), "hers"));
    let maria = worker_id(&app.pool, "maria").await.to_string();
    let as_maria = |request: RequestBuilder| send(request.header(WORKER_HEADER, maria.clone()));
    // Another tab has signed Omar in: the cookie of the browser is his.
    phone.browser = app.worker("omar").await;
    let fresh = json!({ "device_id": Uuid::now_v7(), "enrolled": true, "app_build": "test" });
    let pull = json!(PullRequest { device_id: None, ..phone.pull_request(1_000) });
    for (path, body) in [("/sync/v1/devices", fresh), ("/sync/v1/pull", pull)] {
        let post = phone.browser.request(Method::POST, path).header("content-type", "application/json").body(body.to_string());
        assert_eq!(as_maria(post).await.problem().code, ProblemCode::SignInNeeded, "{path}");
    }
    let push = as_maria(phone.request(std::slice::from_ref(&mutation))).await;
    assert_eq!(push.problem().code, ProblemCode::SignInNeeded);
    assert_eq!(count(&app.pool, "select count(*) from devices").await, 1, "no device was made for Omar");
    assert_eq!(count(&app.pool, "select count(*) from notes where narrative = 'hers'").await, 0);
    phone.browser = app.worker("maria").await;
    assert_eq!(as_maria(phone.request(&[mutation])).await.status, StatusCode::OK);
    assert_eq!(count(&app.pool, "select count(*) from notes where narrative = 'hers'").await, 1);
    app.stop().await;
}
