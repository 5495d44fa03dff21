//! Hands cases from one worker to another, and closes and opens them, as somebody at an SQL console would.

use std::sync::Arc;

use domain::{CaseId, WorkerId};
use server::db;
use sqlx::PgPool;

use crate::{
    chance::Chance,
    fleet::Fleet,
    weather::Weather,
    world::{Agency, World},
};

pub(crate) const REASSIGNED: &str = "cases reassigned";
const CLOSED_OR_OPENED: &str = "cases closed or opened";

/// Changes something after every `every` settled mutations or so, until it is calm.
pub(crate) async fn keep_changing(
    pool: PgPool,
    world: Arc<World>,
    fleet: Arc<Fleet>,
    weather: Arc<Weather>,
    mut chance: Chance,
    every: i64,
) {
    let mut next = 0;
    loop {
        next += u64::try_from(chance.between(1, every * 2)).unwrap_or(1);
        while fleet.settled() < next {
            if weather.is_calm() {
                return;
            }
            fleet.glance().await;
        }
        let Some(agency) = chance.pick(&world.agencies) else { return };
        let (Some(case_id), Some(to)) = (chance.pick(&agency.cases), chance.pick(&agency.managers)) else { return };
        let closes = chance.per_mille(150);
        let changed = if closes { close_or_open(&pool, agency, *case_id).await } else { hand_over(&pool, agency, *case_id, *to).await };
        // While PostgreSQL is down nobody hands anything over.
        if changed.unwrap_or(false) {
            weather.count(if closes { CLOSED_OR_OPENED } else { REASSIGNED });
        }
    }
}

/// Nobody loses the last case: whoever has none writes no notes.
async fn hand_over(pool: &PgPool, agency: &Agency, case_id: CaseId, to: WorkerId) -> sqlx::Result<bool> {
    let mut tx = db::begin_in_agency(pool, agency.agency_id).await?;
    let done = sqlx::query(
        "update cases c set primary_worker_id = $3
         where agency_id = $1 and case_id = $2 and primary_worker_id <> $3
            and (select count(*) from cases o where o.agency_id = $1 and o.primary_worker_id = c.primary_worker_id) > 1",
    )
    .bind(agency.agency_id.0)
    .bind(case_id.0)
    .bind(to.0)
    .execute(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(done.rows_affected() == 1)
}

async fn close_or_open(pool: &PgPool, agency: &Agency, case_id: CaseId) -> sqlx::Result<bool> {
    let mut tx = db::begin_in_agency(pool, agency.agency_id).await?;
    let done = sqlx::query(
        "update cases set state = case state when 'closed' then 'active' else 'closed' end where agency_id = $1 and case_id = $2",
    )
    .bind(agency.agency_id.0)
    .bind(case_id.0)
    .execute(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(done.rows_affected() == 1)
}
