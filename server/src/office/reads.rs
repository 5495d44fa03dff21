//! What a worker read on a device, told afterwards: the server saw only that the records went there.

use axum::extract::State;
use sqlx::PgPool;
use sync::{
    questions::{Done, MOST_READS, ReportReads},
    wire::ProblemCode,
};

use super::Answered;
use crate::{
    db,
    problem::{Json, Problem},
    records::{all_written, column},
    sessions::SignedIn,
};

/// One event for each page that was opened. Which cases the worker may see now does not matter: it was read when it could be.
pub(super) async fn report(State(pool): State<PgPool>, signed_in: SignedIn, Json(asked): Json<ReportReads>) -> Answered<ReportReads> {
    let (identity, reads) = (&signed_in.identity, &asked.reads);
    if reads.is_empty() || reads.len() > MOST_READS {
        return Err(Problem::new(ProblemCode::Malformed));
    }
    let mut tx = db::begin_as(&pool, identity).await?;
    let is_known = sqlx::query_scalar!(
        r#"select exists (
            select from read_reports where agency_id = app_agency() and worker_id = app_worker() and report_id = $1
         ) as "is_known!""#,
        asked.report_id
    )
    .fetch_one(&mut *tx)
    .await?;
    if is_known {
        return Ok(Json(Done {}));
    }
    // Where the same report is taken at this very moment, this one fails, and is known when it comes again.
    sqlx::query!("insert into read_reports (agency_id, worker_id, report_id) values (app_agency(), app_worker(), $1)", asked.report_id)
        .execute(&mut *tx)
        .await?;
    let done = sqlx::query!(
        "insert into audit_events (agency_id, worker_id, device_id, action, kind, entity_id, result, told_at)
         select $1, $2, $3, 'device.client', 'case', case_id, 'read', read_at
         from unnest($4::uuid[], $5::timestamptz[]) as n (case_id, read_at)",
        identity.agency_id.0,
        identity.worker_id.0,
        signed_in.device_id.map(|device_id| device_id.0),
        &column(reads, |read| read.case_id.0),
        &column(reads, |read| read.read_at.to_time()),
    )
    .execute(&mut *tx)
    .await?;
    all_written(&done, reads.len(), "audit_events")?;
    tx.commit().await?;
    Ok(Json(Done {}))
}
