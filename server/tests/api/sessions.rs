//! Signing in, staying signed in, and the ends of a session.

use std::time::{Duration, Instant};

use app::page_data::Me;
use domain::Role;
use reqwest::{Method, StatusCode};
use sqlx::PgPool;
use sync::wire::ProblemCode;

use crate::{
    helpers::{PASSWORD, TestApp, send},
    world::email,
};

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn a_worker_who_signs_in_is_known_from_then_on(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let browser = app.worker("maria").await;
    let me: Me = browser.get("/session").await.json();
    assert_eq!((me.name.as_str(), me.role, me.agency_name.as_str()), ("maria of Harbor", Role::CaseManager, "Harbor Community Services"));
    app.stop().await;
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn the_cookie_is_bound_to_host_scheme_and_site_and_the_database_holds_its_hash_only(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let answer = app.anonymous().sign_in(&email("maria"), PASSWORD).await;
    let cookie = answer.header("set-cookie");
    for part in ["__Host-doorstep=", "; Path=/", "; Secure", "; HttpOnly", "; SameSite=Strict"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    assert!(!cookie.contains("Domain"), "{cookie}");
    let token = answer.session_cookie().unwrap();
    let token = token.split_once('=').unwrap().1;
    let stored: Vec<String> = sqlx::query_scalar("select row_to_json(s)::text from sessions s").fetch_all(&app.pool).await.unwrap();
    assert_eq!(stored.len(), 1);
    assert!(!stored[0].contains(token));
    app.stop().await;
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn signing_in_again_gives_a_new_token_and_ends_the_session_before(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let before = app.worker("maria").await;
    let answer = before.sign_in(&email("maria"), PASSWORD).await;
    assert_ne!(answer.session_cookie(), before.cookie);
    assert_eq!(before.get("/session").await.status, StatusCode::UNAUTHORIZED);
    app.stop().await;
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn a_wrong_password_and_an_unknown_email_get_the_same_answer_in_the_same_time(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let browser = app.anonymous();
    let mut times = [Duration::MAX; 2];
    let mut answers = Vec::new();
    for round in 0..4 {
        for (kind, email) in [(0, email("maria")), (1, format!("nobody{round}@harbor.example"))] {
            let started = Instant::now();
            let answer = browser.sign_in(&email, "wrong password").await;
            times[kind] = times[kind].min(started.elapsed());
            assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
            answers.push(answer.text());
        }
    }
    answers.dedup();
    assert_eq!(answers.len(), 1, "{answers:?}");
    // The same class, not the same microsecond: without the dummy hash the second is ten times as fast.
    let [known, unknown] = times;
    assert!(unknown * 3 > known && known * 3 > unknown, "{known:?} against {unknown:?}");
    app.stop().await;
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn a_wrong_password_for_an_account_is_in_the_audit_trail(pool: PgPool) {
    let app = TestApp::start(pool).await;
    app.anonymous().sign_in(&email("maria"), "wrong password").await;
    app.worker("maria").await;
    let events: Vec<(String, String)> =
        sqlx::query_as("select action, result from audit_events order by event_id").fetch_all(&app.pool).await.unwrap();
    assert_eq!(events, [("session.start".to_owned(), "denied".to_owned()), ("session.start".to_owned(), "applied".to_owned())]);
    app.stop().await;
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn an_account_takes_ten_wrong_passwords_and_then_not_even_the_right_one(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let browser = app.anonymous();
    for _ in 0..server::sessions::PER_ACCOUNT {
        assert_eq!(browser.sign_in(&email("maria"), "wrong password").await.status, StatusCode::UNAUTHORIZED);
    }
    // Also in other letters: it is the same account.
    let refused = browser.sign_in(" MARIA@harbor.example ", PASSWORD).await;
    assert_eq!(refused.problem().code, ProblemCode::TooManyTries);
    let wait_s: u64 = refused.header("retry-after").parse().unwrap();
    assert!((1..=900).contains(&wait_s), "{wait_s}");
    // Somebody else at the same address may.
    assert_eq!(browser.sign_in(&email("omar"), PASSWORD).await.status, StatusCode::OK);
    // And later she may again.
    sqlx::query("update sign_in_attempts set attempted_at = attempted_at - interval '15 minutes'").execute(&app.pool).await.unwrap();
    assert_eq!(browser.sign_in(&email("maria"), PASSWORD).await.status, StatusCode::OK);
    app.stop().await;
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn the_right_password_clears_what_was_counted_against_the_account(pool: PgPool) {
    let app = TestApp::start(pool).await;
    for _ in 0..2 {
        for _ in 0..server::sessions::PER_ACCOUNT - 1 {
            assert_eq!(app.anonymous().sign_in(&email("maria"), "wrong password").await.status, StatusCode::UNAUTHORIZED);
        }
        app.worker("maria").await;
    }
    app.stop().await;
}

/// Tries from one place until that is too much, claiming another address each time, and says after how many.
async fn tries_until_refused(app: &TestApp, forwarded: impl Fn(&str) -> String) -> i64 {
    let mut tries = 0;
    loop {
        let body = serde_json::json!({ "email": format!("nobody{tries}@harbor.example"), "password": "wrong password" });
        let mut request = app.anonymous().request(Method::POST, "/sign-in").json(&body);
        let claimed = format!("203.0.113.{tries}");
        for (name, value) in [("x-forwarded-for", &forwarded(&claimed)), ("x-real-ip", &claimed), ("forwarded", &format!("for={claimed}"))]
        {
            request = request.header(name, value);
        }
        match send(request).await.status {
            StatusCode::UNAUTHORIZED => tries += 1,
            StatusCode::TOO_MANY_REQUESTS => return tries,
            other => panic!("{other}"),
        }
    }
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn fault_39_who_claims_another_address_with_each_try_is_limited_all_the_same(pool: PgPool) {
    let app = TestApp::start(pool).await;
    assert_eq!(tries_until_refused(&app, str::to_owned).await, server::sessions::PER_ADDRESS);
    app.stop().await;
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn fault_39_behind_a_proxy_only_its_own_last_word_is_believed(pool: PgPool) {
    let app = TestApp::start_as(pool, |config| config.behind_tls_proxy = true).await;
    assert_eq!(tries_until_refused(&app, |claimed| format!("{claimed}, 192.0.2.7")).await, server::sessions::PER_ADDRESS);
    app.stop().await;
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn an_address_is_limited_whatever_it_claims_to_be(pool: PgPool) {
    let app = TestApp::start(pool).await;
    spend_address(&app).await;
    let body = serde_json::json!({ "email": email("maria"), "password": PASSWORD });
    let request = app.anonymous().request(Method::POST, "/sign-in").header("x-forwarded-for", "203.0.113.9").json(&body);
    assert_eq!(send(request).await.problem().code, ProblemCode::TooManyTries);
    app.stop().await;
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn behind_a_proxy_the_proxys_word_counts_and_the_callers_does_not(pool: PgPool) {
    let app = TestApp::start_as(pool, |config| config.behind_tls_proxy = true).await;
    spend_address(&app).await;
    let try_from = async |forwarded: &str| {
        let body = serde_json::json!({ "email": email("maria"), "password": PASSWORD });
        let browser = app.anonymous();
        send(browser.request(Method::POST, "/sign-in").header("x-forwarded-for", forwarded).json(&body)).await.status
    };
    assert_eq!(try_from("203.0.113.9, 127.0.0.1").await, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(try_from("127.0.0.1, 203.0.113.9").await, StatusCode::OK);
    app.stop().await;
}

/// Fills the limit of this machine's own address.
async fn spend_address(app: &TestApp) {
    assert_eq!(app.anonymous().sign_in("first@harbor.example", "wrong password").await.status, StatusCode::UNAUTHORIZED);
    sqlx::query(
        "insert into sign_in_attempts (account_hash, address_hash, succeeded)
         select sha256(n::text::bytea), address_hash, false from sign_in_attempts, generate_series(2, $1::bigint) n",
    )
    .bind(server::sessions::PER_ADDRESS)
    .execute(&app.pool)
    .await
    .unwrap();
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn tries_at_the_same_time_do_not_slip_past_the_limit(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let browser = std::sync::Arc::new(app.anonymous());
    let mut tries = tokio::task::JoinSet::new();
    for _ in 0..30 {
        let browser = browser.clone();
        tries.spawn(async move { browser.sign_in(&email("maria"), "wrong password").await.status });
    }
    let statuses = tries.join_all().await;
    let checked = statuses.iter().filter(|status| **status == StatusCode::UNAUTHORIZED).count();
    assert!(checked as i64 <= server::sessions::PER_ACCOUNT, "{checked} passwords were checked");
    assert!(statuses.iter().all(|status| matches!(status.as_u16(), 401 | 429)), "{statuses:?}");
    app.stop().await;
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn a_session_ends_when_idle_when_old_at_sign_out_and_with_the_account(pool: PgPool) {
    let app = TestApp::start(pool).await;
    for ending in [
        "update sessions set last_seen_at = now() - interval '30 minutes'",
        "update sessions set expires_at = now()",
        "update sessions set ended_at = now()",
        "update workers set active = false where email = 'maria@harbor.example'",
    ] {
        let browser = app.worker("maria").await;
        assert_eq!(browser.get("/session").await.status, StatusCode::OK);
        sqlx::query(ending).execute(&app.pool).await.unwrap();
        let answer = browser.get("/session").await;
        assert_eq!(answer.problem().code, ProblemCode::SignInNeeded, "{ending}");
        assert_eq!(browser.get("/today").await.header("location"), "/sign-in#/today", "{ending}");
    }
    assert_eq!(app.anonymous().sign_in(&email("maria"), PASSWORD).await.problem().code, ProblemCode::WrongPassword);
    app.stop().await;
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn a_request_keeps_the_session_awake(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let browser = app.worker("maria").await;
    for _ in 0..3 {
        sqlx::query("update sessions set last_seen_at = last_seen_at - interval '20 minutes'").execute(&app.pool).await.unwrap();
        assert_eq!(browser.get("/session").await.status, StatusCode::OK);
    }
    app.stop().await;
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn signing_out_ends_the_session_and_takes_the_cookie(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let browser = app.worker("maria").await;
    let answer = send(browser.request(Method::POST, "/sign-out")).await;
    assert_eq!((answer.status, answer.header("location")), (StatusCode::SEE_OTHER, "/sign-in"));
    assert!(answer.header("set-cookie").contains("Max-Age=0"));
    assert_eq!(browser.get("/session").await.status, StatusCode::UNAUTHORIZED);
    // Again, and by somebody who was never signed in: nothing to do is no error.
    let again = send(browser.request(Method::POST, "/sign-out").header("accept", "application/json")).await;
    assert_eq!(again.status, StatusCode::NO_CONTENT);
    app.stop().await;
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn the_form_without_javascript_leads_to_today_or_back_with_the_email_kept(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let wrong = app.anonymous().sign_in_by_form(&email("maria"), "wrong password").await;
    assert_eq!(wrong.status, StatusCode::UNAUTHORIZED);
    assert!(wrong.text().contains("value=\"maria@harbor.example\""), "{}", wrong.text());
    assert!(!wrong.text().contains("wrong password"));
    assert_eq!(wrong.session_cookie(), None);
    let right = app.anonymous().sign_in_by_form(&email("maria"), PASSWORD).await;
    assert_eq!((right.status, right.header("location")), (StatusCode::SEE_OTHER, "/today"));
    assert!(right.session_cookie().is_some());
    app.stop().await;
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn a_forged_token_is_nobody(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let mut browser = app.worker("maria").await;
    for forged in ["", "A", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "' or 1=1 --"] {
        browser.cookie = Some(format!("__Host-doorstep={forged}"));
        assert_eq!(browser.get("/session").await.status, StatusCode::UNAUTHORIZED, "{forged}");
    }
    app.stop().await;
}
