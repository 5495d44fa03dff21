//! Tasks.

use domain::{AgencyId, CaseId, Date, DateTime, NoteId, RecordKind, RecordRef, Task, TaskId, TaskState, WorkerId};
use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

use super::{RecordsError, all_written, column};
use crate::identity::Identity;

pub(super) async fn load(tx: &mut PgConnection, agency_id: AgencyId, ids: &[Uuid]) -> Result<Vec<Task>, RecordsError> {
    let rows = sqlx::query!(
        "select task_id, case_id, owner_id, title, due_on, done_at, done_offset_min, done_by, done_in_note
         from tasks where agency_id = $1 and task_id = any ($2)",
        agency_id.0,
        ids
    )
    .fetch_all(tx)
    .await?;
    let tasks = rows.into_iter().map(|row| Task {
        id: TaskId(row.task_id),
        case_id: CaseId(row.case_id),
        owner_id: WorkerId(row.owner_id),
        title: row.title,
        due_on: Date::from_time(row.due_on),
        state: match (row.done_at, row.done_by) {
            (Some(at), Some(by)) => TaskState::Done {
                at: DateTime::from_time(at, row.done_offset_min.unwrap_or(0)),
                by: WorkerId(by),
                note_id: row.done_in_note.map(NoteId),
            },
            _ => TaskState::Open,
        },
    });
    Ok(tasks.collect())
}

/// The open tasks of a worker.
pub(super) async fn list_open(tx: &mut PgConnection, identity: &Identity) -> Result<Vec<RecordRef>, RecordsError> {
    let ids = sqlx::query_scalar!(
        "select task_id from tasks where agency_id = $1 and owner_id = $2 and done_at is null",
        identity.agency_id.0,
        identity.worker_id.0
    )
    .fetch_all(tx)
    .await?;
    Ok(ids.into_iter().map(|id| RecordRef { kind: RecordKind::Task, id }).collect())
}

/// Keeps the tasks as they are until the transaction ends.
pub(crate) async fn lock(tx: &mut PgConnection, agency_id: AgencyId, ids: &[Uuid]) -> Result<(), RecordsError> {
    sqlx::query!(
        "select task_id from tasks where agency_id = $1 and task_id = any ($2) order by task_id for no key update",
        agency_id.0,
        ids
    )
    .fetch_all(tx)
    .await?;
    Ok(())
}

/// When, by whom and in which note a task was done; all absent while it is open.
type Done = (Option<OffsetDateTime>, Option<i16>, Option<Uuid>, Option<Uuid>);

fn done_parts(task: &Task) -> Done {
    match &task.state {
        TaskState::Open => (None, None, None, None),
        TaskState::Done { at, by, note_id } => (Some(at.to_time()), Some(at.offset_min()), Some(by.0), note_id.map(|id| id.0)),
    }
}

/// Writes that tasks were done.
pub(crate) async fn finish(tx: &mut PgConnection, agency_id: AgencyId, tasks: &[&Task]) -> Result<(), RecordsError> {
    let parts = column(tasks, |task| done_parts(task));
    let done = sqlx::query!(
        "update tasks t set done_at = n.done_at, done_offset_min = n.offset_min, done_by = n.done_by, done_in_note = n.note_id
         from unnest($2::uuid[], $3::timestamptz[], $4::smallint[], $5::uuid[], $6::uuid[])
            as n (task_id, done_at, offset_min, done_by, note_id)
         where t.agency_id = $1 and t.task_id = n.task_id",
        agency_id.0,
        &column(tasks, |task| task.id.0),
        &column(&parts, |part| part.0) as &[Option<OffsetDateTime>],
        &column(&parts, |part| part.1) as &[Option<i16>],
        &column(&parts, |part| part.2) as &[Option<Uuid>],
        &column(&parts, |part| part.3) as &[Option<Uuid>],
    )
    .execute(tx)
    .await?;
    all_written(&done, tasks.len(), "tasks")
}

/// Writes whose the tasks are now.
pub(crate) async fn assign(tx: &mut PgConnection, agency_id: AgencyId, tasks: &[&Task]) -> Result<(), RecordsError> {
    let done = sqlx::query!(
        "update tasks t set owner_id = n.owner_id from unnest($2::uuid[], $3::uuid[]) as n (task_id, owner_id)
         where t.agency_id = $1 and t.task_id = n.task_id",
        agency_id.0,
        &column(tasks, |task| task.id.0),
        &column(tasks, |task| task.owner_id.0),
    )
    .execute(tx)
    .await?;
    all_written(&done, tasks.len(), "tasks")
}

/// The open tasks of some cases.
pub(crate) async fn list_open_of(tx: &mut PgConnection, agency_id: AgencyId, cases: &[Uuid]) -> Result<Vec<Uuid>, RecordsError> {
    let ids = sqlx::query_scalar!(
        "select task_id from tasks where agency_id = $1 and case_id = any ($2) and done_at is null",
        agency_id.0,
        cases
    );
    Ok(ids.fetch_all(tx).await?)
}

pub(super) async fn save(tx: &mut PgConnection, agency_id: AgencyId, tasks: &[&Task]) -> Result<(), RecordsError> {
    if tasks.is_empty() {
        return Ok(());
    }
    let parts = column(tasks, |task| done_parts(task));
    let done = sqlx::query!(
        "insert into tasks (agency_id, task_id, case_id, scope_id, owner_id, title, due_on, done_at, done_offset_min, done_by, done_in_note)
         select $1, n.task_id, n.case_id, c.scope_id, n.owner_id, n.title, n.due_on, n.done_at, n.offset_min, n.done_by, n.note_id
         from unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::date[], $7::timestamptz[], $8::smallint[], $9::uuid[], $10::uuid[])
            as n (task_id, case_id, owner_id, title, due_on, done_at, offset_min, done_by, note_id)
         join cases c on c.agency_id = $1 and c.case_id = n.case_id
         on conflict (agency_id, task_id) do update set
            owner_id = excluded.owner_id, title = excluded.title, due_on = excluded.due_on, done_at = excluded.done_at,
            done_offset_min = excluded.done_offset_min, done_by = excluded.done_by, done_in_note = excluded.done_in_note
         where tasks.case_id = excluded.case_id",
        agency_id.0,
        &column(tasks, |task| task.id.0),
        &column(tasks, |task| task.case_id.0),
        &column(tasks, |task| task.owner_id.0),
        &column(tasks, |task| task.title.clone()),
        &column(tasks, |task| task.due_on.to_time()),
        &column(&parts, |part| part.0) as &[Option<OffsetDateTime>],
        &column(&parts, |part| part.1) as &[Option<i16>],
        &column(&parts, |part| part.2) as &[Option<Uuid>],
        &column(&parts, |part| part.3) as &[Option<Uuid>],
    )
    .execute(tx)
    .await?;
    all_written(&done, tasks.len(), "tasks")
}
