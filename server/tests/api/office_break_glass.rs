//! Opening a case in an emergency, what others hear of it, and its end.

use domain::{CaseId, Record, WorkerId};
use reqwest::StatusCode;
use sqlx::PgPool;
use sync::{
    questions::{
        BreakGlass, BreakGlassId, GlassBroken, ListBreakGlass, ListNotices, MarkNoticeSeen, NoticeKind, Question, ReviewBreakGlass,
    },
    wire::ProblemCode,
};
use uuid::Uuid;

use crate::{
    helpers::{Browser, TestApp},
    sync_phone::{Phone, count, records, run, scope_of, worker_id},
};

const REASON: &str = "Omar is ill and his client calls about a gas leak.";

fn break_glass(case_id: CaseId) -> BreakGlass {
    BreakGlass { case_id, reason: REASON.to_owned() }
}

async fn code<Q: Question>(browser: &Browser, question: &Q) -> ProblemCode {
    browser.ask(question).await.problem().code
}

async fn open(app: &TestApp, browser: &Browser) -> GlassBroken {
    browser.answer_to(&break_glass(app.world.case_of_omar)).await
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn fault_25_what_was_opened_in_an_emergency_comes_and_is_forgotten_when_its_time_is_over(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let mut maria = Phone::of(&app, "maria").await;
    maria.pull().await;
    let opened = open(&app, &maria.browser).await;
    assert_eq!(opened.scope_id, scope_of(&app.pool, app.world.case_of_omar).await);
    let hours = "select extract(epoch from expires_at - opened_at)::bigint / 3600 from break_glass";
    assert_eq!(count(&app.pool, hours).await, 24);
    let pulled = maria.pull().await;
    let case = |record: &Record| matches!(record, Record::Case(case) if case.id == app.world.case_of_omar);
    assert!(records(&pulled).iter().any(case));
    assert_eq!(maria.browser.get(&format!("/clients/{}", app.world.case_of_omar)).await.status, StatusCode::OK);

    run(&app.pool, "update visible_scopes set expires_at = now() where reason = 'break-glass'").await;
    let after = maria.pull().await;
    assert_eq!((records(&after).len(), after.forget), (0, vec![opened.scope_id]));
    assert_eq!(maria.browser.get(&format!("/clients/{}", app.world.case_of_omar)).await.status, StatusCode::NOT_FOUND);
    // Her own case stays.
    assert_eq!(maria.browser.get(&format!("/clients/{}", app.case_id())).await.status, StatusCode::OK);
    app.stop().await;
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn supervisors_hear_of_it_and_one_of_them_judges_it(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let (maria, ruth, omar) = (app.worker("maria").await, app.worker("ruth").await, app.worker("omar").await);
    let opened = open(&app, &maria).await;
    let notices = ruth.answer_to(&ListNotices::default()).await.notices;
    assert_eq!((notices.len(), notices[0].kind, notices[0].about), (1, NoticeKind::BreakGlass, opened.break_glass_id.0));
    for other in [&maria, &omar] {
        assert!(other.answer_to(&ListNotices::default()).await.notices.is_empty());
        // Nobody sees or touches the notice of another.
        other.answer_to(&MarkNoticeSeen { notice_id: notices[0].notice_id }).await;
    }
    assert_eq!(ruth.answer_to(&ListNotices::default()).await.notices.len(), 1);
    ruth.answer_to(&MarkNoticeSeen { notice_id: notices[0].notice_id }).await;
    assert!(ruth.answer_to(&ListNotices::default()).await.notices.is_empty());
    let all = ruth.answer_to(&ListNotices { seen_too: true }).await.notices;
    assert_eq!(all.iter().map(|notice| (notice.notice_id, notice.seen_at.is_some())).collect::<Vec<_>>(), [(notices[0].notice_id, true)]);

    let entry = ruth.answer_to(&ListBreakGlass {}).await.entries.remove(0);
    assert_eq!((entry.reason.as_str(), entry.worker_id.0, entry.review), (REASON, worker_id(&app.pool, "maria").await, None));
    assert_eq!(maria.answer_to(&ListBreakGlass {}).await.entries.len(), 1);
    assert!(omar.answer_to(&ListBreakGlass {}).await.entries.is_empty());
    let review = |justified| ReviewBreakGlass { break_glass_id: opened.break_glass_id, justified, remark: "agreed by phone".to_owned() };
    assert_eq!(code(&maria, &review(true)).await, ProblemCode::NotAllowed);
    ruth.answer_to(&review(true)).await;
    let judged = maria.answer_to(&ListBreakGlass {}).await.entries.remove(0).review.unwrap();
    assert_eq!((judged.by, judged.justified), (WorkerId(worker_id(&app.pool, "ruth").await), true));
    // Once, and it still is open.
    assert_eq!(code(&ruth, &review(false)).await, ProblemCode::NotFound);
    assert_eq!(maria.get(&format!("/clients/{}", app.world.case_of_omar)).await.status, StatusCode::OK);
    app.stop().await;
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn what_was_not_justified_ends_at_once(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let (maria, ruth) = (app.worker("maria").await, app.worker("ruth").await);
    let opened = open(&app, &maria).await;
    ruth.answer_to(&ReviewBreakGlass { break_glass_id: opened.break_glass_id, justified: false, remark: String::new() }).await;
    assert_eq!(maria.get(&format!("/clients/{}", app.world.case_of_omar)).await.status, StatusCode::NOT_FOUND);
    app.stop().await;
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn it_takes_a_role_a_reason_a_fresh_proof_and_a_case_of_the_agency(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let (maria, ada, ruth) = (app.worker("maria").await, app.worker("ada").await, app.worker("ruth").await);
    let question = break_glass(app.world.case_of_omar);
    assert_eq!(code(&ada, &question).await, ProblemCode::NotAllowed);
    for reason in ["", "   because   ", &"x".repeat(1001)] {
        assert_eq!(code(&maria, &BreakGlass { reason: reason.to_owned(), ..question.clone() }).await, ProblemCode::Malformed);
    }
    assert_eq!(code(&maria, &break_glass(CaseId(Uuid::now_v7()))).await, ProblemCode::NotFound);
    run(&app.pool, "update sessions set proved_at = now() - interval '1 hour'").await;
    assert_eq!(code(&maria, &question).await, ProblemCode::StepUpNeeded);
    assert_eq!(count(&app.pool, "select count(*) from break_glass").await, 0);
    assert_eq!(count(&app.pool, "select count(*) from visible_scopes where reason = 'break-glass'").await, 0);
    // Nobody judges what they opened themselves, and nobody judges nothing.
    run(&app.pool, "update sessions set proved_at = now()").await;
    let own = open(&app, &ruth).await;
    for break_glass_id in [own.break_glass_id, BreakGlassId(Uuid::now_v7())] {
        let review = ReviewBreakGlass { break_glass_id, justified: true, remark: String::new() };
        assert_eq!(code(&ruth, &review).await, ProblemCode::NotFound);
    }
    let denied = "select count(*) from audit_events where action like 'break-glass.%' and result = 'denied'";
    assert_eq!(count(&app.pool, denied).await, 4);
    let opened = "select count(*) from audit_events where action = 'break-glass.open' and result = 'applied' and kind = 'case'";
    assert_eq!(count(&app.pool, opened).await, 1);
    // The reason is for supervisors to read and stays out of the trail.
    assert_eq!(count(&app.pool, "select count(*) from audit_events e where row_to_json(e)::text like '%gas leak%'").await, 0);
    app.stop().await;
}
