//! The stream of hints, and what becomes safe.

use std::time::Duration;

use reqwest::{Method, Response, StatusCode};
use server::sync::Pokes;
use sqlx::PgPool;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use crate::{
    helpers::{Browser, TestApp},
    sync_phone::{Phone, count, sign},
};

/// Longer than any of these may take.
const PATIENCE: Duration = Duration::from_secs(20);

async fn listen(browser: &Browser) -> Response {
    let stream = browser.request(Method::GET, "/sync/v1/events").send().await.unwrap();
    assert_eq!(stream.status(), StatusCode::OK);
    assert_eq!(stream.headers()["content-type"], "text/event-stream");
    stream
}

/// Reads until the word comes; false where the stream ends before.
async fn hears_of_a_change(stream: &mut Response) -> bool {
    let mut text = String::new();
    while let Some(bytes) = timeout(PATIENCE, stream.chunk()).await.unwrap().unwrap() {
        text.push_str(&String::from_utf8_lossy(&bytes));
        if text.contains("event: changed") {
            return true;
        }
    }
    false
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn whoever_sees_the_case_hears_that_something_changed(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let mut maria = Phone::of(&app, "maria").await;
    let (ruth, omar) = (app.worker("ruth").await, app.worker("omar").await);
    let (mut to_ruth, mut to_omar) = (listen(&ruth).await, listen(&omar).await);
    maria.push_one(&sign(app.case_id(), "news")).await;
    assert!(hears_of_a_change(&mut to_ruth).await);
    // Omar hears of the next change, which is in a case of his, and of that only.
    let mut of_omar = Phone::of(&app, "omar").await;
    of_omar.push_one(&sign(app.world.case_of_omar, "news")).await;
    assert!(hears_of_a_change(&mut to_omar).await);
    app.stop().await;
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn a_commit_at_one_server_is_heard_at_another(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let stop = CancellationToken::new();
    let other = Pokes::start(app.state().pool.clone(), stop.clone());
    let ruth = app.worker("ruth").await;
    let mut stream = listen(&ruth).await;
    let agency_id = domain::AgencyId(crate::sync_phone::id(&app.pool, "select agency_id from agencies").await);
    let scope_id = crate::sync_phone::scope_of(&app.pool, app.case_id()).await;
    // The listening connection opens by itself; until it has, a notice reaches nobody.
    while count(&app.pool, "select count(*) from pg_stat_activity where query ilike 'listen%' and datname = current_database()").await == 0
    {
    }
    other.touched(agency_id, [scope_id].into());
    assert!(hears_of_a_change(&mut stream).await);
    stop.cancel();
    app.stop().await;
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn the_stream_ends_with_its_session(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let ruth = app.worker("ruth").await;
    let mut stream = listen(&ruth).await;
    crate::sync_phone::run(&app.pool, "update sessions set ended_at = now()").await;
    assert!(!hears_of_a_change(&mut stream).await);
    app.stop().await;
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn a_push_is_safe_once_its_log_was_copied(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let mut phone = Phone::of(&app, "maria").await;
    phone.push_one(&sign(app.case_id(), "to be kept")).await;
    assert_eq!(phone.pull().await.safe_seq, 0);
    // A stand-in for a standby or an archive: it has everything up to now.
    let copied = "create or replace function surviving_lsn() returns pg_lsn language sql as 'select pg_current_wal_insert_lsn()'";
    crate::sync_phone::run(&app.pool, copied).await;
    let mut stream = listen(&phone.browser).await;
    assert!(hears_of_a_change(&mut stream).await);
    while phone.pull().await.safe_seq == 0 {}
    assert_eq!(phone.pull().await.safe_seq, 1);
    app.stop().await;
}
