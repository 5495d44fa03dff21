//! Passwords: how they are kept, and how they are changed.

use app::page_data::Me;
use reqwest::StatusCode;
use sqlx::PgPool;
use sync::{
    questions::{ChangePassword, PasswordChange, PasswordOutcome},
    wire::ProblemCode,
};

use crate::{
    helpers::{PASSWORD, TestApp},
    sync_phone::count,
    world::email,
};

fn change(current: &str, new: &str) -> ChangePassword {
    ChangePassword { current: current.to_owned(), new: new.to_owned() }
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn a_hash_from_before_the_pepper_is_made_anew_at_the_next_sign_in(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let peppered = "select count(*) from workers where email = 'maria@harbor.example' and password_hash like '%keyid=%'";
    assert_eq!(count(&app.pool, peppered).await, 0);
    assert_eq!(app.anonymous().sign_in(&email("maria"), "wrong password").await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(count(&app.pool, peppered).await, 0);
    for _ in 0..2 {
        app.worker("maria").await;
        assert_eq!(count(&app.pool, peppered).await, 1);
    }
    assert_eq!(count(&app.pool, "select count(*) from workers where password_hash like '%keyid=%'").await, 1);
    app.stop().await;
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn a_changed_password_is_the_only_one_and_ends_the_other_sessions(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let (mut here, there) = (app.worker("maria").await, app.worker("maria").await);
    let new = "tea kettle on the stove";
    assert_eq!(here.ask(&change("wrong password", new)).await.problem().code, ProblemCode::WrongPassword);
    let answer = here.ask(&change(PASSWORD, new)).await;
    assert_eq!(answer.json::<PasswordChange>().outcome, PasswordOutcome::Changed);
    assert_eq!(there.get("/session").await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(here.get("/session").await.status, StatusCode::UNAUTHORIZED, "the token before");
    here.cookie = answer.session_cookie();
    assert_eq!(here.get("/session").await.json::<Me>().name, "maria of Harbor");
    assert_eq!(app.anonymous().sign_in(&email("maria"), PASSWORD).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(app.anonymous().sign_in(&email("maria"), new).await.status, StatusCode::OK);
    assert_eq!(app.anonymous().sign_in(&email("omar"), PASSWORD).await.status, StatusCode::OK);
    let events = "select count(*) from audit_events where action = 'password.change'";
    assert_eq!(count(&app.pool, events).await, 2);
    app.stop().await;
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn a_password_that_everybody_tries_is_not_taken_and_a_long_one_without_rules_is(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let mut maria = app.worker("maria").await;
    for (new, outcome) in [
        ("short", PasswordOutcome::TooShort),
        ("Password123!", PasswordOutcome::TooCommon),
        ("maria@harbor.example", PasswordOutcome::LikeYourself),
        ("HARBOR2026", PasswordOutcome::LikeYourself),
        (PASSWORD, PasswordOutcome::Unchanged),
        (&*"long ".repeat(60), PasswordOutcome::TooLong),
    ] {
        let answer = maria.ask(&change(PASSWORD, new)).await;
        assert_eq!((answer.session_cookie(), answer.json::<PasswordChange>().outcome), (None, outcome), "{new}");
    }
    let long = "a quiet street with lamps and forty houses on the left side, one blue";
    assert!(long.len() > 64);
    let answer = maria.ask(&change(PASSWORD, long)).await;
    assert_eq!(answer.json::<PasswordChange>().outcome, PasswordOutcome::Changed);
    maria.cookie = answer.session_cookie();
    assert_eq!(app.anonymous().sign_in(&email("maria"), long).await.status, StatusCode::OK);
    assert_eq!(app.anonymous().sign_in(&email("maria"), &long[..64]).await.status, StatusCode::UNAUTHORIZED, "nothing is cut off");
    app.stop().await;
}
