//! Passkeys: added, used, lost; and roles for which a password is not enough.

use app::page_data::Me;
use domain::WorkerId;
use reqwest::StatusCode;
use sqlx::PgPool;
use sync::{
    questions::{
        AddPasskey, BeginPasskey, BeginProof, EndOtherSessions, ListPasskeys, ListSessions, RevokePasskey, SignInWithPasskey, StepUp,
        StepUpWithPasskey,
    },
    wire::ProblemCode,
};
use uuid::Uuid;

use crate::{
    authenticator::Authenticator,
    helpers::{Answer, Browser, PASSWORD, TestApp},
    sync_phone::{count, run, worker_id},
};

fn origin(app: &TestApp) -> String {
    app.anonymous().base.replace("127.0.0.1", "localhost")
}

/// Adds a passkey to the account that is signed in.
async fn add(app: &TestApp, browser: &mut Browser) -> Authenticator {
    let mut authenticator = Authenticator::new(&origin(app));
    let challenge = browser.answer_to(&BeginPasskey {}).await;
    let credential = authenticator.create(&challenge.options);
    let added = browser.ask(&AddPasskey { ceremony_id: challenge.ceremony_id, name: " My phone ".to_owned(), credential }).await;
    assert_eq!(added.status, StatusCode::OK, "{}", added.text());
    browser.cookie = added.session_cookie();
    authenticator
}

async fn sign_in(browser: &Browser, authenticator: &mut Authenticator) -> Answer {
    let challenge = browser.answer_to(&BeginProof {}).await;
    let credential = authenticator.get(&challenge.options);
    browser.ask(&SignInWithPasskey { ceremony_id: challenge.ceremony_id, credential }).await
}

async fn step_up(browser: &mut Browser, authenticator: &mut Authenticator) -> Answer {
    let challenge = browser.answer_to(&BeginProof {}).await;
    let credential = authenticator.get(&challenge.options);
    let answer = browser.ask(&StepUpWithPasskey { ceremony_id: challenge.ceremony_id, credential }).await;
    if answer.status == StatusCode::OK {
        browser.cookie = answer.session_cookie();
    }
    answer
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn a_passkey_says_by_itself_who_signs_in(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let mut maria = app.worker("maria").await;
    let before = maria.cookie.clone();
    let mut authenticator = add(&app, &mut maria).await;
    assert_ne!(maria.cookie, before);
    let listed = maria.answer_to(&ListPasskeys::default()).await.passkeys;
    assert_eq!((listed.len(), listed[0].name.as_str(), listed[0].last_used_at), (1, "My phone", None));
    for _ in 0..2 {
        let mut browser = app.anonymous();
        let answer = sign_in(&browser, &mut authenticator).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        browser.cookie = answer.session_cookie();
        assert_eq!(browser.get("/session").await.json::<Me>().name, "maria of Harbor");
    }
    assert!(maria.answer_to(&ListPasskeys::default()).await.passkeys[0].last_used_at.is_some());
    assert_eq!(count(&app.pool, "select count(*) from sessions where second_factor").await, 3);
    assert_eq!(count(&app.pool, "select count(*) from audit_events where action = 'passkey.add'").await, 1);
    app.stop().await;
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn a_passkey_is_good_for_our_origin_a_recognised_person_and_one_answer(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let mut maria = app.worker("maria").await;
    let mut authenticator = add(&app, &mut maria).await;
    let browser = app.anonymous();
    let refused = async |answer: Answer| assert_eq!(answer.problem().code, ProblemCode::WrongPassword);
    authenticator.recognises = false;
    refused(sign_in(&browser, &mut authenticator).await).await;
    authenticator.recognises = true;
    authenticator.origin = "https://evil.example".to_owned();
    refused(sign_in(&browser, &mut authenticator).await).await;
    authenticator.origin = origin(&app);
    // One that nobody knows.
    refused(sign_in(&browser, &mut Authenticator::new(&origin(&app))).await).await;
    // An answer that was seen on its way is worth nothing a second time, nor to another challenge.
    let challenge = browser.answer_to(&BeginProof {}).await;
    let seen = SignInWithPasskey { ceremony_id: challenge.ceremony_id, credential: authenticator.get(&challenge.options) };
    let other = browser.answer_to(&BeginProof {}).await;
    refused(browser.ask(&SignInWithPasskey { ceremony_id: other.ceremony_id, ..seen.clone() }).await).await;
    assert_eq!(browser.ask(&seen).await.status, StatusCode::OK);
    refused(browser.ask(&seen).await).await;
    // Nor one that comes late.
    let challenge = browser.answer_to(&BeginProof {}).await;
    run(&app.pool, "update passkey_ceremonies set expires_at = now()").await;
    let late = SignInWithPasskey { ceremony_id: challenge.ceremony_id, credential: authenticator.get(&challenge.options) };
    refused(browser.ask(&late).await).await;
    app.stop().await;
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn tries_with_passkeys_are_limited_for_an_address(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let browser = app.anonymous();
    let mut unknown = Authenticator::new(&origin(&app));
    for _ in 0..server::sessions::PER_ACCOUNT {
        assert_eq!(sign_in(&browser, &mut unknown).await.problem().code, ProblemCode::WrongPassword);
    }
    assert_eq!(sign_in(&browser, &mut unknown).await.problem().code, ProblemCode::TooManyTries);
    app.stop().await;
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn who_has_a_passkey_shows_it_before_another_is_added_or_one_is_taken_away(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let mut maria = app.worker("maria").await;
    run(&app.pool, "update sessions set proved_at = now() - interval '1 hour'").await;
    assert_eq!(maria.ask(&BeginPasskey {}).await.problem().code, ProblemCode::StepUpNeeded);
    maria.cookie = maria.ask(&StepUp { password: PASSWORD.to_owned() }).await.session_cookie();
    let mut first = add(&app, &mut maria).await;
    let passkey_id = maria.answer_to(&ListPasskeys::default()).await.passkeys[0].passkey_id;
    // Somebody who saw the password.
    let mut other = app.worker("maria").await;
    assert_eq!(other.ask(&BeginPasskey {}).await.problem().code, ProblemCode::StepUpNeeded);
    assert_eq!(other.ask(&RevokePasskey { passkey_id }).await.problem().code, ProblemCode::StepUpNeeded);
    // With the passkey it works, and not with that of somebody else.
    let mut omar = app.worker("omar").await;
    let mut of_omar = add(&app, &mut omar).await;
    assert_eq!(step_up(&mut other, &mut of_omar).await.problem().code, ProblemCode::WrongPassword);
    assert_eq!(count(&app.pool, "select count(*) from audit_events where code = 'wrong-passkey'").await, 1);
    assert_eq!(step_up(&mut other, &mut first).await.status, StatusCode::OK);
    add(&app, &mut other).await;
    assert_eq!(other.answer_to(&ListPasskeys::default()).await.passkeys.len(), 2);
    app.stop().await;
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn a_lost_passkey_is_revoked_by_its_owner_or_by_who_manages_sessions(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let (mut maria, ruth, omar) = (app.worker("maria").await, app.worker("ruth").await, app.worker("omar").await);
    let mut lost = add(&app, &mut maria).await;
    let passkey_id = maria.answer_to(&ListPasskeys::default()).await.passkeys[0].passkey_id;
    for (browser, passkey_id) in [(&omar, passkey_id), (&maria, Uuid::now_v7())] {
        assert_eq!(browser.ask(&RevokePasskey { passkey_id }).await.problem().code, ProblemCode::NotFound);
    }
    let of_maria = ListPasskeys { worker_id: Some(WorkerId(worker_id(&app.pool, "maria").await)) };
    assert_eq!(omar.ask(&of_maria).await.problem().code, ProblemCode::NotAllowed);
    assert_eq!(ruth.answer_to(&of_maria).await.passkeys.len(), 1);
    ruth.answer_to(&RevokePasskey { passkey_id }).await;
    assert_eq!(maria.get("/session").await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(sign_in(&app.anonymous(), &mut lost).await.problem().code, ProblemCode::WrongPassword);
    // By herself, from another session that knows the passkey.
    let mut maria = app.worker("maria").await;
    let there = app.worker("maria").await;
    add(&app, &mut maria).await;
    let passkey_id = maria.answer_to(&ListPasskeys::default()).await.passkeys[0].passkey_id;
    maria.answer_to(&RevokePasskey { passkey_id }).await;
    assert!(maria.answer_to(&ListPasskeys::default()).await.passkeys.is_empty());
    assert_eq!(there.get("/session").await.status, StatusCode::UNAUTHORIZED);
    app.stop().await;
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn the_last_passkey_stays_where_the_agency_asks_for_one(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let mut ruth = app.worker("ruth").await;
    add(&app, &mut ruth).await;
    let listed = ruth.answer_to(&ListPasskeys::default()).await;
    assert!(!listed.needed);
    run(&app.pool, "update security_policies set second_factor_roles = '{supervisor}'").await;
    assert!(ruth.answer_to(&ListPasskeys::default()).await.needed);
    let first = RevokePasskey { passkey_id: listed.passkeys[0].passkey_id };
    assert_eq!(ruth.ask(&first).await.problem().code, ProblemCode::NotAllowed);
    assert_eq!(count(&app.pool, "select count(*) from audit_events where code = 'last-passkey'").await, 1);
    add(&app, &mut ruth).await;
    ruth.answer_to(&first).await;
    assert_eq!(ruth.answer_to(&ListPasskeys::default()).await.passkeys.len(), 1);
    // Another's last one can be taken away by whoever manages devices: it may be lost.
    run(&app.pool, "update security_policies set second_factor_roles = '{administrator}'").await;
    let mut ada = app.worker("ada").await;
    add(&app, &mut ada).await;
    let of_ada = ListPasskeys { worker_id: Some(WorkerId(worker_id(&app.pool, "ada").await)) };
    let passkey_id = ruth.answer_to(&of_ada).await.passkeys[0].passkey_id;
    ruth.answer_to(&RevokePasskey { passkey_id }).await;
    app.stop().await;
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn where_the_agency_wants_more_than_a_password_nothing_is_answered_until_a_passkey_was_shown(pool: PgPool) {
    let app = TestApp::start(pool).await;
    run(&app.pool, "update security_policies set second_factor_roles = '{supervisor,administrator}'").await;
    let mut ruth = app.worker("ruth").await;
    assert_eq!(ruth.get("/today").await.status, StatusCode::OK, "there is a grace");
    run(&app.pool, "update workers set created_at = created_at - interval '15 days'").await;
    let today = ruth.get("/today").await;
    assert_eq!(today.status, StatusCode::FORBIDDEN);
    assert!(today.text().contains("A passkey is needed"));
    assert_eq!(ruth.get("/session").await.status, StatusCode::OK);
    let pull = serde_json::json!({ "gen": 1, "scopes": {}, "limit_bytes": 1000 });
    assert_eq!(ruth.post_json("/sync/v1/pull", &pull).await.problem().code, ProblemCode::StepUpNeeded);
    assert_eq!(ruth.ask(&ListSessions::default()).await.problem().code, ProblemCode::StepUpNeeded);
    let of_maria = Some(WorkerId(worker_id(&app.pool, "maria").await));
    assert_eq!(ruth.ask(&ListPasskeys { worker_id: of_maria }).await.problem().code, ProblemCode::StepUpNeeded);
    // Case managers are asked for nothing more.
    assert_eq!(app.worker("maria").await.get("/today").await.status, StatusCode::OK);

    let mut authenticator = add(&app, &mut ruth).await;
    assert_eq!(ruth.get("/today").await.status, StatusCode::OK);
    assert_eq!(ruth.answer_to(&EndOtherSessions::default()).await.count, 0);
    // The password alone leads nowhere from now on, and with the passkey everywhere.
    let mut again = app.worker("ruth").await;
    assert_eq!(again.post_json("/sync/v1/pull", &pull).await.problem().code, ProblemCode::StepUpNeeded);
    assert_eq!(again.ask(&BeginPasskey {}).await.problem().code, ProblemCode::StepUpNeeded);
    assert_eq!(step_up(&mut again, &mut authenticator).await.status, StatusCode::OK);
    assert_eq!(again.post_json("/sync/v1/pull", &pull).await.status, StatusCode::OK);
    app.stop().await;
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn an_address_without_a_name_is_refused_at_the_start(pool: PgPool) {
    for origin in ["http://127.0.0.1:3000", "doorstep.example", ""] {
        let config = server::Config {
            database: (*pool.connect_options()).clone(),
            address: "127.0.0.1:0".parse().unwrap(),
            max_connections: 1,
            site_dir: crate::helpers::site_dir().to_owned(),
            origin: Some(origin.to_owned()),
            data_dir: crate::helpers::data_dir(),
            attachments: None,
            demo_if_empty: false,
            push_services: server::push::SERVICES.to_owned(),
            behind_tls_proxy: false,
        };
        let error = server::start(config).await.err().unwrap().to_string();
        assert!(error.contains("DOORSTEP_ORIGIN"), "{error}");
    }
}
