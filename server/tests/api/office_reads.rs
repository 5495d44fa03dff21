//! What was read on a device reaches the audit trail, once.

use domain::{CaseId, DateTime};
use sqlx::PgPool;
use sync::{
    questions::{ClientRead, MOST_READS, ReportReads},
    wire::ProblemCode,
};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::{
    helpers::TestApp,
    sync_phone::{Phone, count},
};

const TOLD: &str = "select count(*) from audit_events where action = 'device.client'";

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn what_was_read_on_a_device_is_in_the_trail_once(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let mut phone = Phone::of(&app, "maria").await;
    phone.pull().await;
    let read_at = DateTime::from_unix_ms(1_790_000_000_000, 120);
    let read = |case_id| ClientRead { case_id, read_at };
    let report =
        ReportReads { report_id: Uuid::now_v7(), reads: vec![read(app.case_id()), read(CaseId(Uuid::now_v7())), read(app.case_id())] };
    // The answer to the first was lost.
    phone.browser.answer_to(&report).await;
    phone.browser.answer_to(&report).await;
    assert_eq!(count(&app.pool, TOLD).await, 3);
    let (device, about, told_at): (Uuid, Uuid, OffsetDateTime) =
        sqlx::query_as("select device_id, entity_id, told_at from audit_events where action = 'device.client' order by event_id limit 1")
            .fetch_one(&app.pool)
            .await
            .unwrap();
    assert_eq!((device, about), (phone.device_id.0, app.case_id().0));
    assert_eq!(DateTime::from_time(told_at, 120), read_at);
    // The same id made by somebody else is another report.
    app.worker("omar").await.answer_to(&report).await;
    assert_eq!(count(&app.pool, TOLD).await, 6);
    app.stop().await;
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn a_report_is_neither_empty_nor_endless(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let maria = app.worker("maria").await;
    let read = ClientRead { case_id: app.case_id(), read_at: DateTime::from_unix_ms(1_790_000_000_000, 0) };
    for (reads, is_taken) in [(0, false), (1, true), (MOST_READS, true), (MOST_READS + 1, false)] {
        let answer = maria.ask(&ReportReads { report_id: Uuid::now_v7(), reads: vec![read; reads] }).await;
        assert_eq!(answer.status.is_success(), is_taken, "{reads} reads: {}", answer.text());
        if !is_taken {
            assert_eq!(answer.problem().code, ProblemCode::Malformed);
        }
    }
    app.stop().await;
}
