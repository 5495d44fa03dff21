//! `POST /sync/v1/wiped`: a device that was reported as lost says that it has removed everything.
//!
//! There is no session: those of a lost device have ended. The device's own key says that it is this one.

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use http::HeaderValue;
use sqlx::PgPool;
use sync::{
    questions::Done,
    wire::{ConfirmWipe, DeviceSays, ProblemCode},
};

use super::sender::Sender;
use crate::{
    audit::{self, Event},
    db,
    problem::{Json, Problem},
};

/// Saying it again changes nothing: the answer may have been lost.
pub(super) async fn confirm(State(pool): State<PgPool>, Json(said): Json<ConfirmWipe>) -> Result<Response, Problem> {
    let device_id = said.device_id;
    let sender = Sender::find(&pool, device_id, |sender| sender.says(DeviceSays::Wiped, device_id, &said.signature)).await?;
    let mut tx = db::begin_as(&pool, &sender.identity).await?;
    let was_ordered = sqlx::query_scalar!(r#"select confirm_wipe($1) as "was_ordered!""#, device_id.0).fetch_one(&mut *tx).await?;
    if !was_ordered {
        return Err(Problem::new(ProblemCode::NotFound));
    }
    audit::record(&mut tx, &sender.identity, Event::applied("device.wiped").from_device(Some(device_id))).await?;
    tx.commit().await?;
    let mut response = Json(Done {}).into_response();
    if said.clear_site {
        response.headers_mut().insert("clear-site-data", HeaderValue::from_static(r#""cache", "cookies", "storage""#));
    }
    Ok(response)
}
