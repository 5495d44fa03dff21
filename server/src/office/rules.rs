//! The agency's rules for devices and for signing in, which an administrator sets.

use axum::extract::State;
use domain::{DevicePolicy, Permission, Role, Term};
use sqlx::PgPool;
use sync::{
    questions::{Done, Rules, SetRules, ShowRules},
    wire::ProblemCode,
};

use super::{Answered, require};
use crate::{
    audit::{self, Event},
    db,
    problem::{Json, Problem},
    records::RecordsError,
    sessions::SignedIn,
};

pub(super) async fn show(State(pool): State<PgPool>, signed_in: SignedIn, Json(_): Json<ShowRules>) -> Answered<ShowRules> {
    let identity = &signed_in.identity;
    require(&pool, identity, Permission::ManageAgency, "rules.show").await?;
    let mut tx = db::begin_reading_as(&pool, identity).await?;
    let row = sqlx::query!(
        "select d.offline_storage, d.lease_hours, d.restricted_lease_hours, d.lock_after_idle_min, d.lock_after_hidden_s,
            s.second_factor_roles, s.break_glass_hours
         from device_policies d join security_policies s using (agency_id)
         where d.agency_id = app_agency()"
    )
    .fetch_one(&mut *tx)
    .await?;
    tx.commit().await?;
    let inconsistent = |table| move |_| RecordsError::Inconsistent { table, row: identity.agency_id.0 };
    let number = |stored: i16| u16::try_from(stored).map_err(inconsistent("device_policies"));
    Ok(Json(Rules {
        devices: DevicePolicy {
            offline_storage: row.offline_storage,
            lease_hours: number(row.lease_hours)?,
            restricted_lease_hours: number(row.restricted_lease_hours)?,
            lock_after_idle_min: number(row.lock_after_idle_min)?,
            lock_after_hidden_s: number(row.lock_after_hidden_s)?,
        },
        second_factor_roles: row.second_factor_roles.iter().filter_map(|code| Role::from_code(code)).collect(),
        break_glass_hours: u16::try_from(row.break_glass_hours).map_err(inconsistent("security_policies"))?,
    }))
}

pub(super) async fn set(State(pool): State<PgPool>, signed_in: SignedIn, Json(asked): Json<SetRules>) -> Answered<SetRules> {
    let identity = &signed_in.identity;
    let rules = &asked.rules;
    if !rules.are_possible() {
        return Err(Problem::new(ProblemCode::Malformed));
    }
    require(&pool, identity, Permission::ManageAgency, "rules.set").await?;
    signed_in.require_fresh()?;
    // What is possible fits.
    let number = |figure: u16| i16::try_from(figure).unwrap_or(i16::MAX);
    let roles: Vec<String> = rules.second_factor_roles.iter().map(|role| role.code().to_owned()).collect();
    let mut tx = db::begin_as(&pool, identity).await?;
    sqlx::query!(
        "select set_rules($1, $2, $3, $4, $5, $6, $7)",
        rules.devices.offline_storage,
        number(rules.devices.lease_hours),
        number(rules.devices.restricted_lease_hours),
        number(rules.devices.lock_after_idle_min),
        number(rules.devices.lock_after_hidden_s),
        &roles,
        i32::from(rules.break_glass_hours),
    )
    .execute(&mut *tx)
    .await?;
    audit::record(&mut tx, identity, Event::applied("rules.set")).await?;
    tx.commit().await?;
    Ok(Json(Done {}))
}
