//! Whether a device is reminded while the app is closed.

use std::sync::Arc;

use axum::extract::State;
use sqlx::PgPool;
use sync::{
    questions::{Done, PushSubscription, Reminders, SetReminders, ShowReminders},
    wire::ProblemCode,
};

use super::Answered;
use crate::{
    db,
    problem::{Json, Problem},
    push::Push,
    sessions::SignedIn,
};

pub(super) async fn show(
    State(pool): State<PgPool>,
    State(push): State<Arc<Push>>,
    signed_in: SignedIn,
    Json(_): Json<ShowReminders>,
) -> Answered<ShowReminders> {
    let mut tx = db::begin_reading_as(&pool, &signed_in.identity).await?;
    let row = sqlx::query!(
        "select endpoint, time_zone from reminders where agency_id = app_agency() and device_id = $1",
        signed_in.device_id.map(|device_id| device_id.0)
    )
    .fetch_optional(&mut *tx)
    .await?;
    tx.commit().await?;
    let subscription = row.map(|row| PushSubscription { endpoint: row.endpoint, time_zone: row.time_zone });
    Ok(Json(Reminders { application_server_key: push.public_key().to_owned(), subscription }))
}

pub(super) async fn set(
    State(pool): State<PgPool>,
    State(push): State<Arc<Push>>,
    signed_in: SignedIn,
    Json(asked): Json<SetReminders>,
) -> Answered<SetReminders> {
    // Only a device that keeps a caseload is reminded to open it.
    let device_id = signed_in.device_id.ok_or_else(|| Problem::new(ProblemCode::NotAllowed))?;
    let mut tx = db::begin_as(&pool, &signed_in.identity).await?;
    let Some(PushSubscription { endpoint, time_zone }) = asked.subscription else {
        sqlx::query!("delete from reminders where agency_id = app_agency() and device_id = $1", device_id.0).execute(&mut *tx).await?;
        tx.commit().await?;
        return Ok(Json(Done {}));
    };
    if !push.knows(&endpoint) || endpoint.len() > PushSubscription::MAX_ENDPOINT_BYTES {
        return Err(Problem::new(ProblemCode::Malformed));
    }
    let is_zone = sqlx::query_scalar!(r#"select exists (select from pg_timezone_names where name = $1) as "is_zone!""#, time_zone);
    if !is_zone.fetch_one(&mut *tx).await? {
        return Err(Problem::new(ProblemCode::Malformed));
    }
    sqlx::query!(
        "insert into reminders (agency_id, worker_id, device_id, endpoint, time_zone, next_at)
         values (app_agency(), app_worker(), $1, $2, $3, next_reminder($3))
         on conflict (agency_id, device_id) do update
         set endpoint = excluded.endpoint, time_zone = excluded.time_zone, next_at = excluded.next_at",
        device_id.0,
        endpoint,
        time_zone
    )
    .execute(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(Json(Done {}))
}
