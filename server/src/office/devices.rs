//! The devices that keep a sealed caseload, and what becomes of one that was lost.

use axum::extract::State;
use domain::{DateTime, Permission, WorkerId};
use sqlx::PgPool;
use sync::{
    questions::{DeviceFate, DeviceSeen, Devices, Done, ListDevices, ReportLost},
    wire::{DeviceId, ProblemCode},
};

use super::{Answered, require};
use crate::{
    audit::{self, Event},
    db,
    problem::{Json, Problem},
    sessions::SignedIn,
};

pub(super) async fn list(State(pool): State<PgPool>, signed_in: SignedIn, Json(asked): Json<ListDevices>) -> Answered<ListDevices> {
    let identity = &signed_in.identity;
    let worker_id = asked.worker_id.unwrap_or(identity.worker_id);
    let of_another = worker_id != identity.worker_id;
    if of_another {
        require(&pool, identity, Permission::ManageDevices, "devices.list").await?;
    }
    let mut tx = db::begin_as(&pool, identity).await?;
    let rows = sqlx::query!(
        r#"select device_id as "device_id!", label as "label!", registered_at as "registered_at!", last_seen_at as "last_seen_at!",
            is_revoked as "is_revoked!", lost_at, wiped_at
         from devices_of($1)"#,
        worker_id.0,
    )
    .fetch_all(&mut *tx)
    .await?;
    if of_another {
        audit::record(&mut tx, identity, Event::read("devices.list").about("worker", worker_id.0)).await?;
    }
    tx.commit().await?;
    let devices = rows.into_iter().map(|row| {
        let fate = match (row.wiped_at, row.lost_at, row.is_revoked) {
            (Some(_), ..) => DeviceFate::Wiped,
            (None, Some(_), _) => DeviceFate::Lost,
            (None, None, true) => DeviceFate::LockedOut,
            (None, None, false) => DeviceFate::InUse,
        };
        DeviceSeen {
            device_id: DeviceId(row.device_id),
            is_this: signed_in.device_id == Some(DeviceId(row.device_id)),
            label: row.label,
            registered_at: DateTime::from_time(row.registered_at, 0),
            last_seen_at: DateTime::from_time(row.last_seen_at, 0),
            fate,
        }
    });
    Ok(Json(Devices { devices: devices.collect() }))
}

pub(super) async fn report_lost(State(pool): State<PgPool>, signed_in: SignedIn, Json(asked): Json<ReportLost>) -> Answered<ReportLost> {
    let identity = &signed_in.identity;
    let mut tx = db::begin_as(&pool, identity).await?;
    let owner = sqlx::query_scalar!("select device_owner($1)", asked.device_id.0).fetch_one(&mut *tx).await?.map(WorkerId);
    // Somebody else's, where it may not be seen, is not there.
    let owner = owner.ok_or_else(|| Problem::new(ProblemCode::NotFound))?;
    if owner != identity.worker_id {
        signed_in.require_fresh()?;
    }
    let is_there = sqlx::query_scalar!(r#"select report_lost($1) as "is_there!""#, asked.device_id.0).fetch_one(&mut *tx).await?;
    if !is_there {
        return Err(Problem::new(ProblemCode::NotFound));
    }
    audit::record(&mut tx, identity, Event::applied("device.lost").about("device", asked.device_id.0)).await?;
    tx.commit().await?;
    Ok(Json(Done {}))
}
