//! Visits.

use domain::{AgencyId, CaseId, DateTime, NoteId, RecordKind, RecordRef, Term, Visit, VisitId, VisitState, WorkerId};
use sqlx::PgConnection;
use uuid::Uuid;

use super::{RecordsError, all_written, column, term};
use crate::identity::Identity;

pub(super) async fn load(tx: &mut PgConnection, agency_id: AgencyId, ids: &[Uuid]) -> Result<Vec<Visit>, RecordsError> {
    let rows = sqlx::query!(
        "select visit_id, case_id, worker_id, planned_at, planned_offset_min, mode, ended_by_note
         from visits where agency_id = $1 and visit_id = any ($2)",
        agency_id.0,
        ids
    )
    .fetch_all(tx)
    .await?;
    let mut visits = Vec::with_capacity(rows.len());
    for row in rows {
        visits.push(Visit {
            id: VisitId(row.visit_id),
            case_id: CaseId(row.case_id),
            worker_id: WorkerId(row.worker_id),
            planned_at: DateTime::from_time(row.planned_at, row.planned_offset_min),
            mode: term(&row.mode, "visits", row.visit_id)?,
            state: row.ended_by_note.map_or(VisitState::Planned, |note_id| VisitState::Ended { note_id: NoteId(note_id) }),
        });
    }
    Ok(visits)
}

/// The planned visits of a worker.
pub(super) async fn list_planned(tx: &mut PgConnection, identity: &Identity) -> Result<Vec<RecordRef>, RecordsError> {
    let ids = sqlx::query_scalar!(
        "select visit_id from visits where agency_id = $1 and worker_id = $2 and ended_by_note is null",
        identity.agency_id.0,
        identity.worker_id.0
    )
    .fetch_all(tx)
    .await?;
    Ok(ids.into_iter().map(|id| RecordRef { kind: RecordKind::Visit, id }).collect())
}

/// Keeps the visits as they are until the transaction ends.
pub(crate) async fn lock(tx: &mut PgConnection, agency_id: AgencyId, ids: &[Uuid]) -> Result<(), RecordsError> {
    sqlx::query!(
        "select visit_id from visits where agency_id = $1 and visit_id = any ($2) order by visit_id for no key update",
        agency_id.0,
        ids
    )
    .fetch_all(tx)
    .await?;
    Ok(())
}

/// Writes that visits ended, and in which note.
pub(crate) async fn end(tx: &mut PgConnection, agency_id: AgencyId, visits: &[&Visit]) -> Result<(), RecordsError> {
    let done = sqlx::query!(
        "update visits v set ended_by_note = n.note_id
         from unnest($2::uuid[], $3::uuid[]) as n (visit_id, note_id)
         where v.agency_id = $1 and v.visit_id = n.visit_id",
        agency_id.0,
        &column(visits, |visit| visit.id.0),
        &column(visits, |visit| ended_by(visit)) as &[Option<Uuid>],
    )
    .execute(tx)
    .await?;
    all_written(&done, visits.len(), "visits")
}

/// Writes who makes the visits now.
pub(crate) async fn assign(tx: &mut PgConnection, agency_id: AgencyId, visits: &[&Visit]) -> Result<(), RecordsError> {
    let done = sqlx::query!(
        "update visits v set worker_id = n.worker_id from unnest($2::uuid[], $3::uuid[]) as n (visit_id, worker_id)
         where v.agency_id = $1 and v.visit_id = n.visit_id",
        agency_id.0,
        &column(visits, |visit| visit.id.0),
        &column(visits, |visit| visit.worker_id.0),
    )
    .execute(tx)
    .await?;
    all_written(&done, visits.len(), "visits")
}

/// The planned visits of some cases.
pub(crate) async fn list_planned_of(tx: &mut PgConnection, agency_id: AgencyId, cases: &[Uuid]) -> Result<Vec<Uuid>, RecordsError> {
    let ids = sqlx::query_scalar!(
        "select visit_id from visits where agency_id = $1 and case_id = any ($2) and ended_by_note is null",
        agency_id.0,
        cases
    );
    Ok(ids.fetch_all(tx).await?)
}

fn ended_by(visit: &Visit) -> Option<Uuid> {
    match visit.state {
        VisitState::Planned => None,
        VisitState::Ended { note_id } => Some(note_id.0),
    }
}

/// Writes new visits. One whose id is taken is an error.
pub(crate) async fn insert(tx: &mut PgConnection, agency_id: AgencyId, visits: &[&Visit]) -> Result<(), RecordsError> {
    let done = sqlx::query!(
        "insert into visits (agency_id, visit_id, case_id, scope_id, worker_id, planned_at, planned_offset_min, mode, ended_by_note)
         select $1, n.visit_id, n.case_id, c.scope_id, n.worker_id, n.planned_at, n.offset_min, n.mode, n.ended_by_note
         from unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::timestamptz[], $6::smallint[], $7::text[], $8::uuid[])
            as n (visit_id, case_id, worker_id, planned_at, offset_min, mode, ended_by_note)
         join cases c on c.agency_id = $1 and c.case_id = n.case_id",
        agency_id.0,
        &column(visits, |visit| visit.id.0),
        &column(visits, |visit| visit.case_id.0),
        &column(visits, |visit| visit.worker_id.0),
        &column(visits, |visit| visit.planned_at.to_time()),
        &column(visits, |visit| visit.planned_at.offset_min()),
        &column(visits, |visit| visit.mode.code().to_owned()),
        &column(visits, |visit| ended_by(visit)) as &[Option<Uuid>],
    )
    .execute(tx)
    .await?;
    all_written(&done, visits.len(), "visits")
}

pub(super) async fn save(tx: &mut PgConnection, agency_id: AgencyId, visits: &[&Visit]) -> Result<(), RecordsError> {
    if visits.is_empty() {
        return Ok(());
    }
    let ids = column(visits, |visit| visit.id.0);
    sqlx::query!("delete from visits where agency_id = $1 and visit_id = any ($2)", agency_id.0, &ids).execute(&mut *tx).await?;
    insert(tx, agency_id, visits).await
}
