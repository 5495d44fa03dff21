//! Goals.

use domain::{AgencyId, CaseId, Date, DateTime, Goal, GoalId, NoteId, Term};
use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

use super::{RecordsError, all_written, column, term};

pub(super) async fn load(tx: &mut PgConnection, agency_id: AgencyId, ids: &[Uuid]) -> Result<Vec<Goal>, RecordsError> {
    let rows = sqlx::query!(
        "select goal_id, case_id, statement, measure, target_on, lifecycle, achievement, moved_by, moved_at, moved_offset_min
         from goals where agency_id = $1 and goal_id = any ($2)",
        agency_id.0,
        ids
    )
    .fetch_all(tx)
    .await?;
    let mut goals = Vec::with_capacity(rows.len());
    for row in rows {
        goals.push(Goal {
            id: GoalId(row.goal_id),
            case_id: CaseId(row.case_id),
            statement: row.statement,
            measure: row.measure,
            target_on: row.target_on.map(Date::from_time),
            lifecycle: term(&row.lifecycle, "goals", row.goal_id)?,
            achievement: term(&row.achievement, "goals", row.goal_id)?,
            moved_by: row.moved_by.map(NoteId),
            moved_at: row.moved_at.map(|at| DateTime::from_time(at, row.moved_offset_min.unwrap_or(0))),
        });
    }
    Ok(goals)
}

/// Keeps the goals as they are until the transaction ends, so that what is decided on them still holds when it is written.
pub(crate) async fn lock(tx: &mut PgConnection, agency_id: AgencyId, ids: &[Uuid]) -> Result<(), RecordsError> {
    sqlx::query!(
        "select goal_id from goals where agency_id = $1 and goal_id = any ($2) order by goal_id for no key update",
        agency_id.0,
        ids
    )
    .fetch_all(tx)
    .await?;
    Ok(())
}

/// Writes how far the clients are now.
pub(crate) async fn move_goals(tx: &mut PgConnection, agency_id: AgencyId, goals: &[&Goal]) -> Result<(), RecordsError> {
    let done = sqlx::query!(
        "update goals g set achievement = n.achievement, moved_by = n.moved_by, moved_at = n.moved_at, moved_offset_min = n.offset_min
         from unnest($2::uuid[], $3::text[], $4::uuid[], $5::timestamptz[], $6::smallint[])
            as n (goal_id, achievement, moved_by, moved_at, offset_min)
         where g.agency_id = $1 and g.goal_id = n.goal_id",
        agency_id.0,
        &column(goals, |goal| goal.id.0),
        &column(goals, |goal| goal.achievement.code().to_owned()),
        &column(goals, |goal| goal.moved_by.map(|id| id.0)) as &[Option<Uuid>],
        &column(goals, |goal| goal.moved_at.map(DateTime::to_time)) as &[Option<OffsetDateTime>],
        &column(goals, |goal| goal.moved_at.map(DateTime::offset_min)) as &[Option<i16>],
    )
    .execute(tx)
    .await?;
    all_written(&done, goals.len(), "goals")
}

pub(super) async fn save(tx: &mut PgConnection, agency_id: AgencyId, goals: &[&Goal]) -> Result<(), RecordsError> {
    if goals.is_empty() {
        return Ok(());
    }
    let done = sqlx::query!(
        "insert into goals (agency_id, goal_id, case_id, scope_id, statement, measure, target_on, lifecycle, achievement, moved_by,
            moved_at, moved_offset_min)
         select $1, n.goal_id, n.case_id, c.scope_id, n.statement, n.measure, n.target_on, n.lifecycle, n.achievement, n.moved_by,
            n.moved_at, n.offset_min
         from unnest($2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::date[], $7::text[], $8::text[], $9::uuid[],
                $10::timestamptz[], $11::smallint[])
            as n (goal_id, case_id, statement, measure, target_on, lifecycle, achievement, moved_by, moved_at, offset_min)
         join cases c on c.agency_id = $1 and c.case_id = n.case_id
         on conflict (agency_id, goal_id) do update set
            statement = excluded.statement, measure = excluded.measure, target_on = excluded.target_on, lifecycle = excluded.lifecycle,
            achievement = excluded.achievement, moved_by = excluded.moved_by, moved_at = excluded.moved_at,
            moved_offset_min = excluded.moved_offset_min
         where goals.case_id = excluded.case_id",
        agency_id.0,
        &column(goals, |goal| goal.id.0),
        &column(goals, |goal| goal.case_id.0),
        &column(goals, |goal| goal.statement.clone()),
        &column(goals, |goal| goal.measure.clone()) as &[Option<String>],
        &column(goals, |goal| goal.target_on.map(Date::to_time)) as &[Option<time::Date>],
        &column(goals, |goal| goal.lifecycle.code().to_owned()),
        &column(goals, |goal| goal.achievement.code().to_owned()),
        &column(goals, |goal| goal.moved_by.map(|id| id.0)) as &[Option<Uuid>],
        &column(goals, |goal| goal.moved_at.map(DateTime::to_time)) as &[Option<OffsetDateTime>],
        &column(goals, |goal| goal.moved_at.map(DateTime::offset_min)) as &[Option<i16>],
    )
    .execute(tx)
    .await?;
    all_written(&done, goals.len(), "goals")
}
