//! Where somebody is signed in, the ends of sessions, fresh proofs, and the device that a session belongs to.

use domain::WorkerId;
use reqwest::{Method, StatusCode};
use sqlx::PgPool;
use sync::{
    questions::{
        BeginProof, EndOtherSessions, EndSession, HEADER, ListSessions, PATHS, Question, SessionId, Sessions, SignInWithPasskey, StepUp,
    },
    wire::{DeviceId, ProblemCode},
};
use uuid::Uuid;

use crate::{
    helpers::{Browser, PASSWORD, TestApp, send},
    sync_phone::{Phone, count, run, sign, worker_id},
};

async fn own_sessions(browser: &Browser) -> Sessions {
    browser.answer_to(&ListSessions::default()).await
}

async fn is_signed_in(browser: &Browser) -> bool {
    browser.get("/session").await.status == StatusCode::OK
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn a_worker_sees_where_they_are_signed_in_and_ends_it(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let (here, there, elsewhere) = (app.worker("maria").await, app.worker("maria").await, app.worker("maria").await);
    let of_omar = app.worker("omar").await;
    let sessions = own_sessions(&here).await.sessions;
    assert_eq!(sessions.len(), 3);
    assert_eq!(sessions.iter().filter(|session| session.is_this).count(), 1);
    assert!(sessions.iter().all(|session| session.label == "Unknown browser" && session.ends_at > session.started_at));
    // Any session by its own view of itself.
    let of_there = own_sessions(&there).await.sessions.into_iter().find(|session| session.is_this).unwrap().session_id;
    here.answer_to(&EndSession { session_id: of_there }).await;
    assert!(!is_signed_in(&there).await && is_signed_in(&elsewhere).await);
    assert_eq!(here.answer_to(&EndOtherSessions::default()).await.count, 1);
    assert!(!is_signed_in(&elsewhere).await && is_signed_in(&here).await && is_signed_in(&of_omar).await);
    assert_eq!(own_sessions(&here).await.sessions.len(), 1);
    app.stop().await;
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn an_ended_session_is_refused_at_the_next_request_and_its_stream_ends(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let (here, there) = (app.worker("maria").await, app.worker("maria").await);
    let mut stream = there.request(Method::GET, "/sync/v1/events").send().await.unwrap();
    here.answer_to(&EndOtherSessions::default()).await;
    assert!(!is_signed_in(&there).await);
    while stream.chunk().await.unwrap().is_some() {}
    app.stop().await;
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn nobody_sees_or_ends_the_session_of_another_but_who_may(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let (maria, omar) = (app.worker("maria").await, app.worker("omar").await);
    let of_omar = own_sessions(&omar).await.sessions[0].session_id;
    let omar_id = Some(WorkerId(worker_id(&app.pool, "omar").await));
    // The same words for another's session and for none at all.
    let told = [of_omar, SessionId(Uuid::now_v7())];
    for session_id in told {
        assert_eq!(maria.ask(&EndSession { session_id }).await.problem().code, ProblemCode::NotFound);
    }
    assert_eq!(maria.ask(&ListSessions { worker_id: omar_id }).await.problem().code, ProblemCode::NotAllowed);
    assert_eq!(maria.ask(&EndOtherSessions { worker_id: omar_id }).await.problem().code, ProblemCode::NotAllowed);
    assert!(is_signed_in(&omar).await);
    let denied = "select count(*) from audit_events where result = 'denied' and code = 'not-allowed'";
    assert_eq!(count(&app.pool, denied).await, 2);

    for name in ["ruth", "ada"] {
        let omar = app.worker("omar").await;
        let manager = app.worker(name).await;
        let sessions = manager.answer_to(&ListSessions { worker_id: omar_id }).await.sessions;
        assert!(sessions.iter().all(|session| !session.is_this) && !sessions.is_empty(), "{name}");
        manager.answer_to(&EndSession { session_id: sessions[0].session_id }).await;
        manager.answer_to(&EndOtherSessions { worker_id: omar_id }).await;
        assert!(!is_signed_in(&omar).await, "{name}");
    }
    let by = "select count(*) from sessions where ended_by <> worker_id";
    assert!(count(&app.pool, by).await >= 3);
    app.stop().await;
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn ending_the_sessions_of_others_asks_for_a_fresh_proof_which_gives_a_new_token(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let omar = app.worker("omar").await;
    let mut ada = app.worker("ada").await;
    run(&app.pool, "update sessions set proved_at = now() - interval '5 minutes'").await;
    let question = EndOtherSessions { worker_id: Some(WorkerId(worker_id(&app.pool, "omar").await)) };
    assert_eq!(ada.ask(&question).await.problem().code, ProblemCode::StepUpNeeded);
    assert!(is_signed_in(&omar).await);
    let wrong = ada.ask(&StepUp { password: "wrong password".to_owned() }).await;
    assert_eq!((wrong.problem().code, wrong.session_cookie()), (ProblemCode::WrongPassword, None));
    assert_eq!(ada.ask(&question).await.problem().code, ProblemCode::StepUpNeeded);

    let proof = ada.ask(&StepUp { password: PASSWORD.to_owned() }).await;
    let new = proof.session_cookie();
    assert!(new.is_some() && new != ada.cookie, "{}", proof.text());
    assert!(!is_signed_in(&ada).await, "the token before is worth nothing");
    ada.cookie = new;
    assert_eq!(ada.answer_to(&question).await.count, 1);
    assert!(!is_signed_in(&omar).await);
    // It was one and the same session all the time.
    assert_eq!(
        count(&app.pool, "select count(*) from sessions s join workers w using (agency_id, worker_id) where w.role = 'administrator'")
            .await,
        1
    );
    let events = "select count(*) from audit_events where action = 'session.step-up'";
    assert_eq!(count(&app.pool, events).await, 2);
    app.stop().await;
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn a_fresh_proof_is_tried_no_oftener_than_a_sign_in(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let maria = app.worker("maria").await;
    for _ in 0..server::sessions::PER_ACCOUNT {
        assert_eq!(maria.ask(&StepUp { password: "wrong password".to_owned() }).await.problem().code, ProblemCode::WrongPassword);
    }
    assert_eq!(maria.ask(&StepUp { password: PASSWORD.to_owned() }).await.problem().code, ProblemCode::TooManyTries);
    app.stop().await;
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn how_long_a_session_lasts_is_the_agencys_to_say(pool: PgPool) {
    let app = TestApp::start(pool).await;
    run(&app.pool, "update security_policies set idle_min = 5, absolute_hours = 2").await;
    let maria = app.worker("maria").await;
    let lasts = "select extract(epoch from expires_at - created_at)::bigint from sessions";
    assert_eq!(count(&app.pool, lasts).await, 2 * 3600);
    run(&app.pool, "update sessions set last_seen_at = now() - interval '4 minutes'").await;
    assert!(is_signed_in(&maria).await);
    run(&app.pool, "update sessions set last_seen_at = now() - interval '5 minutes'").await;
    assert!(!is_signed_in(&maria).await);
    app.stop().await;
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn a_session_of_one_device_does_not_speak_for_another_of_the_same_worker(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let mut phone = Phone::of(&app, "maria").await;
    let mut tablet = Phone::of(&app, "maria").await;
    assert_eq!(phone.push_one(&sign(app.case_id(), "from the phone")).await.seq, 1);
    assert_eq!(
        own_sessions(&phone.browser).await.sessions.iter().find(|session| session.is_this).unwrap().device_id,
        Some(phone.device_id)
    );
    // The phone's session, in the name of the tablet.
    let note = tablet.write(&sign(app.case_id(), "forged"));
    let forged = Phone { browser: phone.browser, held: Default::default(), incarnation: None, ..tablet };
    for answer in
        [forged.send(std::slice::from_ref(&note)).await, forged.send_pull(&forged.pull_request(1_000)).await, forged.register().await]
    {
        assert_eq!((answer.status, answer.problem().code), (StatusCode::FORBIDDEN, ProblemCode::NotAllowed));
    }
    assert_eq!(count(&app.pool, "select count(*) from notes where narrative = 'forged'").await, 0);
    assert_eq!(count(&app.pool, "select count(*) from audit_events where code = 'another-device'").await, 3);
    // A session that was opened anew belongs to the device that it is first used for.
    let mut tablet = Phone { browser: app.worker("maria").await, ..forged };
    assert_eq!(tablet.push(&[note]).await.results.len(), 1);
    // And where the device takes another identity, to that.
    tablet.device_id = DeviceId(Uuid::now_v7());
    assert_eq!(tablet.register().await.status, StatusCode::OK);
    assert_eq!(tablet.send_pull(&tablet.pull_request(1_000)).await.status, StatusCode::OK);
    app.stop().await;
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn fault_38_a_question_needs_the_header_json_and_our_own_origin(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let browser = app.worker("maria").await;
    for path in PATHS {
        let ask = |headers: &[(&str, &str)], content_type: &str| {
            let mut request = browser.request(Method::POST, path).header("content-type", content_type).body("{}");
            for (name, value) in headers {
                request = request.header(*name, *value);
            }
            send(request)
        };
        assert_eq!(ask(&[], "application/json").await.problem().code, ProblemCode::CrossSite, "{path}");
        let foreign = [(HEADER, "1"), ("origin", "https://evil.example")];
        assert_eq!(ask(&foreign, "application/json").await.problem().code, ProblemCode::CrossSite, "{path}");
        assert_eq!(
            ask(&[(HEADER, "1"), ("sec-fetch-site", "cross-site")], "application/json").await.problem().code,
            ProblemCode::CrossSite
        );
        for content_type in ["text/plain", "application/x-www-form-urlencoded"] {
            assert_eq!(ask(&[(HEADER, "1")], content_type).await.status, StatusCode::UNSUPPORTED_MEDIA_TYPE, "{path}");
        }
        // A field that nobody asked for is no part of a question.
        let extra = browser.request(Method::POST, path).header(HEADER, "1").json(&serde_json::json!({ "role": "administrator" }));
        assert_eq!(send(extra).await.problem().code, ProblemCode::Malformed, "{path}");
        let for_anybody = [BeginProof::PATH, SignInWithPasskey::PATH].contains(path);
        let anonymous = app.anonymous().request(Method::POST, path).header(HEADER, "1").json(&serde_json::json!({}));
        assert!(for_anybody || send(anonymous).await.problem().code == ProblemCode::SignInNeeded, "{path}");
        let method = browser.request(Method::GET, path).header(HEADER, "1");
        assert_eq!(send(method).await.status, StatusCode::METHOD_NOT_ALLOWED, "{path}");
    }
    assert_eq!(ListSessions::PATH, "/office/v1/sessions");
    app.stop().await;
}
