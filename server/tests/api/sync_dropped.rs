//! A browser that hangs up at any moment of its request.

use axum::{
    body::Body,
    http::{Request, header},
};
use sqlx::PgPool;
use sync::wire::*;
use tower::ServiceExt;
use uuid::Uuid;

use crate::{
    helpers::TestApp,
    sync_guard::dropped_after,
    sync_phone::{Phone, count, sign},
};

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn fault_08_a_request_dropped_at_any_poll_has_no_half_effect_and_keeps_no_lock(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let mut phone = Phone::of(&app, "maria").await;
    let routes = server::sync::router().with_state(app.state().clone());
    let mut polls = 0;
    loop {
        let group_id = Some(GroupId(Uuid::now_v7()));
        let mutations: Vec<Mutation> = (0..3).map(|_| Mutation { group_id, ..phone.write(&sign(app.case_id(), "hung up")) }).collect();
        let push = PushRequest { device_id: phone.device_id, mutations: mutations.clone() };
        let request = Request::post("/sync/v1/push")
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::COOKIE, phone.browser.cookie.clone().unwrap())
            .body(Body::from(serde_json::to_vec(&push).unwrap()))
            .unwrap();
        let answered = dropped_after(polls, routes.clone().oneshot(request)).await;
        let notes = count(&app.pool, "select count(*) from notes where narrative = 'hung up'").await;
        assert_eq!(notes % 3, 0, "dropped after {polls} polls: a group is there whole or not at all");
        // The device sends it again at once. A lock that stayed would keep it waiting until the server's patience ends.
        let again = phone.push(&mutations).await;
        assert!(again.results.iter().all(|result| result.status == Status::Applied), "dropped after {polls} polls");
        let expected = 3 * (i64::try_from(polls).unwrap() + 1);
        assert_eq!(count(&app.pool, "select count(*) from notes where narrative = 'hung up'").await, expected);
        assert_eq!(count(&app.pool, "select count(*) from mutations").await, expected);
        polls += 1;
        if answered.is_some() {
            break;
        }
    }
    assert!(polls > 1, "the request was dropped at {polls} moments only");
    app.stop().await;
}
