//! The shipped device core against the real server, when one of the two goes back in time, stops in the middle, or hears nothing for long.

use std::{cell::Cell, rc::Rc};

use sqlx::{AssertSqlSafe, PgPool};
use uuid::Uuid;

use crate::{
    device::{CorePhone, Line},
    helpers::TestApp,
    sync_phone::count,
};

async fn notes_of(pool: &PgPool, words: &str) -> i64 {
    count(pool, &format!("select count(*) from notes where narrative = '{words}'")).await
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn fault_10_what_was_received_after_the_back_up_is_sent_again(pool: PgPool) {
    let options = (*pool.connect_options()).clone();
    let name = options.get_database().unwrap().to_owned();
    let app = TestApp::start(pool).await;
    let mut phone = CorePhone::of(&app, "maria").await;
    let case_id = app.case_id();
    phone.sign(case_id, "before the back-up");
    assert!(phone.round().await);

    // A copy needs the original for itself.
    let copy = format!("copy_{}", Uuid::now_v7().simple());
    let app = app.reopen(async || {
        let admin = PgPool::connect_with(options.clone().database("postgres")).await.unwrap();
        sqlx::query(AssertSqlSafe(format!("create database \"{copy}\" template \"{name}\""))).execute(&admin).await.unwrap();
        PgPool::connect_with(options.clone()).await.unwrap()
    });
    let app = app.await;
    phone.browser.base = app.anonymous().base;
    phone.sign(case_id, "after the back-up");
    assert!(phone.push_all().await);
    assert_eq!((notes_of(&app.pool, "after the back-up").await, phone.disk.core.unsent()), (1, 0));

    // The server goes on from the back-up, where the last note never was.
    let app = app.reopen(async || PgPool::connect_with(options.clone().database(&copy)).await.unwrap()).await;
    phone.browser.base = app.anonymous().base;
    assert_eq!(notes_of(&app.pool, "after the back-up").await, 0);
    // The first round meets another life of the database; the next ones put right what followed from it.
    for _ in 0..3 {
        phone.round().await;
    }
    assert_eq!(phone.disk.core.unsent(), 0);
    for words in ["before the back-up", "after the back-up"] {
        assert_eq!(notes_of(&app.pool, words).await, 1, "{words}");
    }
    app.pool.close().await;
    app.stop().await;
    let admin = PgPool::connect_with(options.database("postgres")).await.unwrap();
    sqlx::query(AssertSqlSafe(format!("drop database \"{copy}\" with (force)"))).execute(&admin).await.unwrap();
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn fault_11_a_phone_set_back_to_its_copy_loses_and_doubles_nothing(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let mut phone = CorePhone::of(&app, "maria").await;
    phone.sign(app.case_id(), "before the copy");
    assert!(phone.round().await);
    let copy = phone.disk.clone();
    phone.sign(app.case_id(), "after the copy");
    assert!(phone.round().await);
    let before = phone.disk.core.meta().device_id;

    phone.disk = copy;
    phone.sign(app.case_id(), "on the phone set back");
    for _ in 0..3 {
        phone.round().await;
    }
    assert_eq!(phone.disk.core.unsent(), 0);
    for words in ["before the copy", "after the copy", "on the phone set back"] {
        assert_eq!(notes_of(&app.pool, words).await, 1, "{words}");
    }
    assert_eq!(count(&app.pool, "select count(*) from reviews").await, 0);
    assert_ne!(phone.disk.core.meta().device_id, before, "two installations never share an identity");
    app.stop().await;
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn fault_28_after_a_long_time_of_faults_the_outbox_empties_without_a_new_write(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let mut phone = CorePhone::of(&app, "maria").await;
    let faulty = Rc::new(Cell::new(true));
    let still = Rc::clone(&faulty);
    phone.line = Box::new(move |number| match number % 7 {
        _ if !still.get() => Line::Good,
        // Now and then something gets through, so that it is not the same request that fails for ever.
        0 => Line::Good,
        1 | 4 => Line::AnswerLost,
        2 | 5 => Line::Portal,
        _ => Line::RequestLost,
    });
    let mut written = 0;
    for round in 0..200 {
        if round % 5 == 0 && round < 150 {
            phone.sign(app.case_id(), "through the faults");
            written += 1;
        }
        phone.round().await;
        assert_eq!(phone.disk.core.entries().filter(|entry| !entry.is_received()).count(), phone.disk.core.unsent());
    }
    faulty.set(false);
    assert!(phone.round().await, "one quiet round is enough");
    assert_eq!((phone.disk.core.unsent(), notes_of(&app.pool, "through the faults").await), (0, written));
    app.stop().await;
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn fault_29_a_first_pull_that_is_cut_off_goes_on_where_it_stopped(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let mut writer = CorePhone::of(&app, "maria").await;
    for _ in 0..60 {
        writer.sign(app.case_id(), "one of many");
    }
    assert!(writer.round().await);

    let mut whole = CorePhone::of(&app, "maria").await;
    assert!(whole.round().await);

    let mut phone = CorePhone::of(&app, "maria").await;
    phone.limit_bytes = 2_000;
    let (mut received, mut pages) = (0, 0);
    loop {
        let before = phone.held();
        // Killed after every page: only what is on disk goes on.
        phone.disk = phone.disk.clone();
        let more = phone.pull_page().await.unwrap();
        received += phone.held() - before;
        pages += 1;
        assert!(phone.held() > before || !more, "page {pages} brought nothing new");
        if !more {
            break;
        }
    }
    assert!(pages > 5, "{pages} pages");
    assert_eq!((received, &phone.disk.rows), (whole.held(), &whole.disk.rows));
    app.stop().await;
}
