//! Signed notes: written once, read for ever.

use std::collections::HashMap;

use domain::{AgencyId, CaseId, DateTime, GoalId, GoalTouched, Narrative, Note, NoteId, ScopeId, TaskId, Term, VisitId, WorkerId};
use sqlx::PgConnection;
use uuid::Uuid;

use super::{RecordsError, all_written, cases::Scopes, column, narrow, term};

pub(super) async fn load(tx: &mut PgConnection, agency_id: AgencyId, ids: &[Uuid]) -> Result<Vec<Note>, RecordsError> {
    let mut goals = load_goals(tx, agency_id, ids).await?;
    let rows = sqlx::query!(
        "select note_id, case_id, author_id, occurred_at, occurred_offset_min, duration_min, mode, reached, purpose, narrative, sensitivity,
            tasks_done, visit_id, signed_at, signed_offset_min, received_at, late_after_reassignment
         from notes where agency_id = $1 and note_id = any ($2)",
        agency_id.0,
        ids
    )
    .fetch_all(tx)
    .await?;
    let mut notes = Vec::with_capacity(rows.len());
    for row in rows {
        let id = row.note_id;
        notes.push(Note {
            id: NoteId(id),
            case_id: CaseId(row.case_id),
            author_id: WorkerId(row.author_id),
            occurred_at: DateTime::from_time(row.occurred_at, row.occurred_offset_min),
            duration_min: narrow(row.duration_min, "notes", id)?,
            mode: term(&row.mode, "notes", id)?,
            reached: term(&row.reached, "notes", id)?,
            purpose: term(&row.purpose, "notes", id)?,
            narrative: Narrative::try_from(row.narrative).map_err(|_| RecordsError::Inconsistent { table: "notes", row: id })?,
            sensitivity: term(&row.sensitivity, "notes", id)?,
            goals: goals.remove(&id).unwrap_or_default(),
            tasks_done: row.tasks_done.into_iter().map(TaskId).collect(),
            visit_id: row.visit_id.map(VisitId),
            signed_at: DateTime::from_time(row.signed_at, row.signed_offset_min),
            received_at: Some(DateTime::from_time(row.received_at, 0)),
            late_after_reassignment: row.late_after_reassignment,
        });
    }
    Ok(notes)
}

async fn load_goals(tx: &mut PgConnection, agency_id: AgencyId, ids: &[Uuid]) -> Result<HashMap<Uuid, Vec<GoalTouched>>, RecordsError> {
    let rows = sqlx::query!(
        "select note_id, goal_id, from_achievement, to_achievement from note_goals
         where agency_id = $1 and note_id = any ($2) order by note_id, position",
        agency_id.0,
        ids
    )
    .fetch_all(tx)
    .await?;
    let mut goals: HashMap<Uuid, Vec<GoalTouched>> = HashMap::new();
    for row in rows {
        let (from, to) = (term(&row.from_achievement, "note_goals", row.note_id)?, term(&row.to_achievement, "note_goals", row.note_id)?);
        goals.entry(row.note_id).or_default().push(GoalTouched { goal_id: GoalId(row.goal_id), from, to });
    }
    Ok(goals)
}

/// Writes new notes into the scopes of their cases. A note whose id is taken, by whomever, is an error: it never replaces one and never
/// vanishes without a word.
pub(crate) async fn insert(tx: &mut PgConnection, agency_id: AgencyId, notes: &[&Note], scopes: &Scopes) -> Result<(), RecordsError> {
    if notes.is_empty() {
        return Ok(());
    }
    let scope_ids = notes.iter().map(|note| Ok(scope_of(note, scopes)?.0)).collect::<Result<Vec<_>, RecordsError>>()?;
    let done = sqlx::query!(
        "insert into notes (agency_id, note_id, case_id, scope_id, author_id, occurred_at, occurred_offset_min, duration_min, mode,
            reached, purpose, narrative, tasks_done, visit_id, signed_at, signed_offset_min, received_at, late_after_reassignment,
            sensitivity)
         select $1, n.note_id, n.case_id, n.scope_id, n.author_id, n.occurred_at, n.occurred_offset_min, n.duration_min, n.mode,
            n.reached, n.purpose, n.narrative, n.tasks_done::uuid[], n.visit_id, n.signed_at, n.signed_offset_min, n.received_at, n.late,
            n.sensitivity
         from unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::timestamptz[], $6::smallint[], $7::int[], $8::text[], $9::text[],
                $10::text[], $11::text[], $12::text[], $13::uuid[], $14::timestamptz[], $15::smallint[], $16::timestamptz[], $17::bool[],
                $18::uuid[], $19::text[])
            as n (note_id, case_id, author_id, occurred_at, occurred_offset_min, duration_min, mode, reached, purpose, narrative,
                tasks_done, visit_id, signed_at, signed_offset_min, received_at, late, scope_id, sensitivity)",
        agency_id.0,
        &column(notes, |note| note.id.0),
        &column(notes, |note| note.case_id.0),
        &column(notes, |note| note.author_id.0),
        &column(notes, |note| note.occurred_at.to_time()),
        &column(notes, |note| note.occurred_at.offset_min()),
        &column(notes, |note| i32::from(note.duration_min)),
        &column(notes, |note| note.mode.code().to_owned()),
        &column(notes, |note| note.reached.code().to_owned()),
        &column(notes, |note| note.purpose.code().to_owned()),
        &column(notes, |note| note.narrative.as_str().to_owned()),
        &column(notes, |note| array_text(&note.tasks_done)),
        &column(notes, |note| note.visit_id.map(|id| id.0)) as &[Option<Uuid>],
        &column(notes, |note| note.signed_at.to_time()),
        &column(notes, |note| note.signed_at.offset_min()),
        &column(notes, |note| note.received_at.unwrap_or(note.signed_at).to_time()),
        &column(notes, |note| note.late_after_reassignment),
        &scope_ids,
        &column(notes, |note| note.sensitivity.code().to_owned()),
    )
    .execute(&mut *tx)
    .await?;
    all_written(&done, notes.len(), "notes")?;
    insert_goals(tx, agency_id, notes, &scope_ids).await
}

/// The compartment of a note.
fn scope_of(note: &Note, scopes: &Scopes) -> Result<ScopeId, RecordsError> {
    scopes.get(&note.case_id).map(|compartments| compartments.of(note.sensitivity)).ok_or(RecordsError::NotWritten { table: "notes" })
}

/// PostgreSQL's own writing of an array: `unnest` would take a list of lists apart to the last element.
fn array_text(ids: &[TaskId]) -> String {
    let ids: Vec<String> = ids.iter().map(ToString::to_string).collect();
    format!("{{{}}}", ids.join(","))
}

async fn insert_goals(tx: &mut PgConnection, agency_id: AgencyId, notes: &[&Note], scope_ids: &[Uuid]) -> Result<(), RecordsError> {
    let of_note = |(note, scope_id): (&&Note, &Uuid)| {
        let (note_id, scope_id) = (note.id.0, *scope_id);
        (0_i16..).zip(note.goals.clone()).map(move |(position, touched)| (note_id, scope_id, position, touched))
    };
    let touched: Vec<_> = notes.iter().zip(scope_ids).flat_map(of_note).collect();
    if touched.is_empty() {
        return Ok(());
    }
    let done = sqlx::query!(
        "insert into note_goals (agency_id, note_id, position, scope_id, goal_id, from_achievement, to_achievement)
         select $1, n.note_id, n.position, n.scope_id, n.goal_id, n.from_achievement, n.to_achievement
         from unnest($2::uuid[], $3::uuid[], $4::smallint[], $5::uuid[], $6::text[], $7::text[])
            as n (note_id, scope_id, position, goal_id, from_achievement, to_achievement)",
        agency_id.0,
        &column(&touched, |part| part.0),
        &column(&touched, |part| part.1),
        &column(&touched, |part| part.2),
        &column(&touched, |part| part.3.goal_id.0),
        &column(&touched, |part| part.3.from.code().to_owned()),
        &column(&touched, |part| part.3.to.code().to_owned()),
    )
    .execute(tx)
    .await?;
    all_written(&done, touched.len(), "note_goals")
}

pub(super) async fn save(tx: &mut PgConnection, agency_id: AgencyId, notes: &[&Note]) -> Result<(), RecordsError> {
    let scopes = super::cases::load_scopes(tx, agency_id, &column(notes, |note| note.case_id.0)).await?;
    // Bounded statements: a demo has tens of thousands of notes.
    for some in notes.chunks(2_000) {
        insert(tx, agency_id, some, &scopes).await?;
    }
    Ok(())
}
