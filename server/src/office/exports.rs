//! What leaves Doorstep as a file. The file is made where the table is shown; here stands who took what.

use axum::extract::State;
use domain::Permission;
use sqlx::PgPool;
use sync::{
    questions::{Done, ExportCases, MOST_EXPORTED},
    wire::ProblemCode,
};
use uuid::Uuid;

use super::{Answered, require};
use crate::{
    audit::{self, Event},
    db,
    problem::{Json, Problem},
    sessions::SignedIn,
};

pub(super) async fn cases(State(pool): State<PgPool>, signed_in: SignedIn, Json(asked): Json<ExportCases>) -> Answered<ExportCases> {
    const ACTION: &str = "cases.export";
    let identity = &signed_in.identity;
    if asked.case_ids.is_empty() || asked.case_ids.len() > MOST_EXPORTED {
        return Err(Problem::new(ProblemCode::Malformed));
    }
    require(&pool, identity, Permission::ExportCases, ACTION).await?;
    signed_in.require_fresh()?;
    let mut tx = db::begin_as(&pool, identity).await?;
    let case_ids: Vec<Uuid> = asked.case_ids.iter().map(|case_id| case_id.0).collect();
    let visible = sqlx::query_scalar!(
        r#"select count(distinct case_id) as "count!" from cases where agency_id = app_agency() and case_id = any($1)"#,
        &case_ids
    )
    .fetch_one(&mut *tx)
    .await?;
    // One that may not be seen is not there.
    if usize::try_from(visible) != Ok(case_ids.len()) {
        return Err(Problem::new(ProblemCode::NotFound));
    }
    let event = Event { kind: Some("case"), entity_ids: Some(&case_ids), ..Event::read(ACTION) };
    audit::record(&mut tx, identity, event.from_device(signed_in.device_id)).await?;
    tx.commit().await?;
    Ok(Json(Done {}))
}
