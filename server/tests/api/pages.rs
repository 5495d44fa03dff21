//! Pages that the server draws.

use app::page_data::{PageData, SignInProblem};
use reqwest::{Method, StatusCode};
use sqlx::PgPool;
use uuid::Uuid;

use crate::{
    helpers::{Answer, TestApp, send},
    world::{CLIENT_NAME, FAMILY_NAME, NOTE_WORDS},
};

/// What the page was drawn from, as the browser will read it.
fn page_data(answer: &Answer) -> PageData {
    let text = answer.text();
    let (_, rest) = text.split_once("id=\"page-data\">").unwrap_or_else(|| panic!("no page data in {text}"));
    serde_json::from_str(rest.split_once("</script>").unwrap().0).unwrap()
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn whoever_is_not_signed_in_is_sent_to_the_sign_in_page(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let client = format!("/clients/{}", app.case_id());
    let note = format!("{client}/notes/new");
    for (path, way) in [("/", "/sign-in#/today"), ("/nonsense", "/sign-in")] {
        let answer = app.anonymous().get(path).await;
        assert_eq!((answer.status, answer.header("location")), (StatusCode::SEE_OTHER, way), "{path}");
    }
    // What was wanted stands where no server sees it, for the page that goes on from there.
    for path in ["/today", "/caseload", &client, &note, "/device", "/device/set-up", "/reviews"] {
        let answer = app.anonymous().get(path).await;
        assert_eq!((answer.status, answer.header("location")), (StatusCode::SEE_OTHER, ["/sign-in#", path].concat().as_str()), "{path}");
    }
    let page = app.anonymous().get("/sign-in").await;
    assert_eq!(page.status, StatusCode::OK);
    assert_eq!(page_data(&page).me, None);
    assert_eq!(page_data(&page).failed_sign_in, None);
    app.stop().await;
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn a_signed_in_worker_skips_the_sign_in_page(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let browser = app.worker("maria").await;
    for path in ["/", "/sign-in"] {
        assert_eq!(browser.get(path).await.header("location"), "/today", "{path}");
    }
    app.stop().await;
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn whose_session_ended_reads_so_once(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let browser = app.worker("maria").await;
    sqlx::query("update sessions set ended_at = now()").execute(&app.pool).await.unwrap();
    let page = browser.get("/sign-in").await;
    assert_eq!(page_data(&page).failed_sign_in.map(|failed| failed.problem), Some(SignInProblem::SessionEnded));
    assert!(page.header("set-cookie").contains("Max-Age=0"));
    app.stop().await;
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn a_client_page_shows_the_client_and_leaves_a_trace(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let path = format!("/clients/{}", app.case_id());
    let page = app.worker("maria").await.get(&path).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.text().contains(CLIENT_NAME) && page.text().contains(NOTE_WORDS));
    let title = page.text().split_once("<title>").unwrap().1.split_once("</title>").unwrap().0.to_owned();
    assert!(!title.contains(CLIENT_NAME) && !title.contains(FAMILY_NAME), "{title}");
    let traces: Vec<(Uuid, String)> =
        sqlx::query_as("select entity_id, result from audit_events where action = 'page.client'").fetch_all(&app.pool).await.unwrap();
    assert_eq!(traces, [(app.case_id().0, "read".to_owned())]);
    app.stop().await;
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn somebody_elses_client_and_no_client_at_all_are_told_in_the_same_words(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let browser = app.worker("maria").await;
    let mut told = Vec::new();
    for id in [app.world.case_of_omar.to_string(), Uuid::now_v7().to_string(), "nonsense".to_owned()] {
        for path in [format!("/clients/{id}"), format!("/clients/{id}/before-visit"), format!("/clients/{id}/notes/new")] {
            let page = browser.get(&path).await;
            assert_eq!(page.status, StatusCode::NOT_FOUND, "{path}");
            assert!(page.text().contains("There is nothing here for you"), "{}", page.text());
            assert!(!page.text().contains("Ottoline"));
            told.push(page.text().split_once("<section").unwrap().1.split_once("</section>").unwrap().0.replace(&id, "ID"));
        }
    }
    told.dedup();
    assert_eq!(told.len(), 1, "{told:#?}");
    let denied: i64 = sqlx::query_scalar("select count(*) from audit_events where action = 'page.client' and result = 'denied'")
        .fetch_one(&app.pool)
        .await
        .unwrap();
    assert_eq!(denied, 6);
    app.stop().await;
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn a_supervisor_sees_every_client_and_an_administrator_none(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let of_ruth = app.worker("ruth").await.get("/caseload").await.text();
    assert!(of_ruth.contains(CLIENT_NAME) && of_ruth.contains("Ottoline"));
    let ada = app.worker("ada").await;
    for path in ["/today", "/caseload"] {
        let page = ada.get(path).await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(!page.text().contains(CLIENT_NAME) && !page.text().contains("Ottoline"), "{path}");
    }
    assert_eq!(ada.get(&format!("/clients/{}", app.case_id())).await.status, StatusCode::NOT_FOUND);
    app.stop().await;
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn a_client_who_was_handed_over_is_gone_from_the_next_page(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let browser = app.worker("maria").await;
    let path = format!("/clients/{}", app.case_id());
    assert_eq!(browser.get(&path).await.status, StatusCode::OK);
    sqlx::query(
        "update cases set primary_worker_id = (select worker_id from workers where email = 'omar@harbor.example') where case_id = $1",
    )
    .bind(app.case_id().0)
    .execute(&app.pool)
    .await
    .unwrap();
    assert_eq!(browser.get(&path).await.status, StatusCode::NOT_FOUND);
    assert!(!browser.get("/caseload").await.text().contains(CLIENT_NAME));
    app.stop().await;
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn a_page_is_drawn_at_the_browsers_own_offset(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let mut browser = app.worker("maria").await;
    let session = browser.cookie.clone().unwrap();
    for (cookie, expected) in [("doorstep-offset=-300", -300), ("doorstep-offset=330", 330), ("doorstep-offset=x", 0), ("a=b", 0)] {
        browser.cookie = Some(format!("{session}; {cookie}"));
        let page = browser.get("/today").await;
        assert_eq!(page_data(&page).now.offset_min(), expected, "{cookie}");
    }
    app.stop().await;
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn a_page_speaks_the_language_that_was_chosen_or_that_the_browser_asks_for(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let mut browser = app.worker("maria").await;
    let session = browser.cookie.clone().unwrap();
    for (cookie, expected) in [("es", "lang=\"es\" dir=\"ltr\""), ("ar", "lang=\"ar\" dir=\"rtl\""), ("tlh", "lang=\"en\" dir=\"ltr\"")] {
        browser.cookie = Some(format!("{session}; doorstep-language={cookie}"));
        let page = browser.get("/today").await;
        assert!(page.text().contains(expected), "{cookie}");
    }
    let asked = send(app.anonymous().request(Method::GET, "/sign-in").header("accept-language", "es-MX,en;q=0.5")).await;
    assert!(asked.text().contains("<h1>Iniciar sesión"));
    let chosen = app.anonymous().get("/sign-in?language=ar").await;
    assert!(chosen.text().contains("dir=\"rtl\"") && chosen.header("set-cookie").starts_with("doorstep-language=ar;"));
    app.stop().await;
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn a_page_says_in_plain_words_when_the_records_cannot_be_reached(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let browser = app.worker("maria").await;
    app.state().pool.close().await;
    let page = browser.get("/today").await;
    assert_eq!(page.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(page.header("content-type").starts_with("text/html") && page.text().contains("Nothing is lost"));
    app.stop().await;
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn forty_readers_at_once_all_get_their_page(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let browser = std::sync::Arc::new(app.worker("maria").await);
    let mut readers = tokio::task::JoinSet::new();
    for _ in 0..40 {
        let browser = browser.clone();
        readers.spawn(async move {
            for path in ["/today", "/caseload", "/device"] {
                let page = browser.get(path).await;
                assert_eq!(page.status, StatusCode::OK);
                assert!(page.text().contains("– Doorstep</title>"));
            }
        });
    }
    readers.join_all().await;
    app.stop().await;
}
