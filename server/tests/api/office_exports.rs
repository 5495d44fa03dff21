//! Cases that leave Doorstep as a file: who may, and that it is written down.

use domain::CaseId;
use sqlx::PgPool;
use sync::{
    questions::{Done, ExportCases, StepUp},
    wire::ProblemCode,
};
use uuid::Uuid;

use crate::{
    helpers::{PASSWORD, TestApp},
    sync_phone::{count, run},
};

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn a_supervisor_exports_after_a_fresh_proof_and_it_stands_in_the_audit_trail(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let mut ruth = app.worker("ruth").await;
    let cases = ExportCases { case_ids: vec![app.world.case_of_maria, app.world.case_of_omar] };
    run(&app.pool, "update sessions set proved_at = now() - interval '1 hour'").await;
    assert_eq!(ruth.ask(&cases).await.problem().code, ProblemCode::StepUpNeeded);
    let proved = ruth.ask(&StepUp { password: PASSWORD.to_owned() }).await;
    ruth.cookie = proved.session_cookie();
    assert_eq!(ruth.answer_to(&cases).await, Done {});
    let written = "select count(*) from audit_events where action = 'cases.export' and result = 'read' and kind = 'case' and cardinality(entity_ids) = 2";
    assert_eq!(count(&app.pool, written).await, 1);

    let strange = ExportCases { case_ids: vec![CaseId(Uuid::now_v7())] };
    assert_eq!(ruth.ask(&strange).await.problem().code, ProblemCode::NotFound);
    assert_eq!(ruth.ask(&ExportCases { case_ids: Vec::new() }).await.problem().code, ProblemCode::Malformed);
    app.stop().await;
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn a_case_manager_exports_nothing_and_the_try_is_written_down(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let maria = app.worker("maria").await;
    let own = ExportCases { case_ids: vec![app.case_id()] };
    assert_eq!(maria.ask(&own).await.problem().code, ProblemCode::NotAllowed);
    assert_eq!(count(&app.pool, "select count(*) from audit_events where action = 'cases.export' and result = 'denied'").await, 1);
    app.stop().await;
}
