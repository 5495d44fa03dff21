//! What workers wrote while their devices were locked.

use domain::{AgencyId, BlindNote, BlindNoteId, DateTime, Narrative, NoteId, WorkerId};
use sqlx::PgConnection;
use uuid::Uuid;

use super::{RecordsError, all_written, column};

pub(super) async fn load(tx: &mut PgConnection, agency_id: AgencyId, ids: &[Uuid]) -> Result<Vec<BlindNote>, RecordsError> {
    let rows = sqlx::query!(
        "select blind_note_id, author_id, about, narrative, written_at, written_offset_min, received_at, filed_in
         from blind_notes where agency_id = $1 and blind_note_id = any ($2)",
        agency_id.0,
        ids
    )
    .fetch_all(tx)
    .await?;
    let mut blind_notes = Vec::with_capacity(rows.len());
    for row in rows {
        let id = row.blind_note_id;
        blind_notes.push(BlindNote {
            id: BlindNoteId(id),
            author_id: WorkerId(row.author_id),
            about: row.about,
            narrative: Narrative::try_from(row.narrative).map_err(|_| RecordsError::Inconsistent { table: "blind_notes", row: id })?,
            written_at: DateTime::from_time(row.written_at, row.written_offset_min),
            received_at: Some(DateTime::from_time(row.received_at, 0)),
            filed_in: row.filed_in.map(NoteId),
        });
    }
    Ok(blind_notes)
}

/// Writes new ones into their authors' own scopes. One whose id is taken is an error.
pub(crate) async fn insert(tx: &mut PgConnection, agency_id: AgencyId, blind_notes: &[&BlindNote]) -> Result<(), RecordsError> {
    let done = sqlx::query!(
        "insert into blind_notes (agency_id, blind_note_id, scope_id, author_id, about, narrative, written_at, written_offset_min,
            received_at, filed_in)
         select $1, n.id, n.author_id, n.author_id, n.about, n.narrative, n.written_at, n.offset_min, n.received_at, n.filed_in
         from unnest($2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::timestamptz[], $7::smallint[], $8::timestamptz[], $9::uuid[])
            as n (id, author_id, about, narrative, written_at, offset_min, received_at, filed_in)",
        agency_id.0,
        &column(blind_notes, |blind_note| blind_note.id.0),
        &column(blind_notes, |blind_note| blind_note.author_id.0),
        &column(blind_notes, |blind_note| blind_note.about.clone()),
        &column(blind_notes, |blind_note| blind_note.narrative.as_str().to_owned()),
        &column(blind_notes, |blind_note| blind_note.written_at.to_time()),
        &column(blind_notes, |blind_note| blind_note.written_at.offset_min()),
        &column(blind_notes, |blind_note| blind_note.received_at.unwrap_or(blind_note.written_at).to_time()),
        &column(blind_notes, |blind_note| blind_note.filed_in.map(|id| id.0)) as &[Option<Uuid>],
    )
    .execute(tx)
    .await?;
    all_written(&done, blind_notes.len(), "blind_notes")
}

/// Keeps them as they are until the transaction ends.
pub(crate) async fn lock(tx: &mut PgConnection, agency_id: AgencyId, ids: &[Uuid]) -> Result<(), RecordsError> {
    sqlx::query!(
        "select blind_note_id from blind_notes where agency_id = $1 and blind_note_id = any ($2) order by blind_note_id for no key update",
        agency_id.0,
        ids
    )
    .fetch_all(tx)
    .await?;
    Ok(())
}

/// Writes in which notes they were filed.
pub(crate) async fn file(tx: &mut PgConnection, agency_id: AgencyId, blind_notes: &[&BlindNote]) -> Result<(), RecordsError> {
    let done = sqlx::query!(
        "update blind_notes b set filed_in = n.filed_in from unnest($2::uuid[], $3::uuid[]) as n (blind_note_id, filed_in)
         where b.agency_id = $1 and b.blind_note_id = n.blind_note_id",
        agency_id.0,
        &column(blind_notes, |blind_note| blind_note.id.0),
        &column(blind_notes, |blind_note| blind_note.filed_in.map(|id| id.0)) as &[Option<Uuid>],
    )
    .execute(tx)
    .await?;
    all_written(&done, blind_notes.len(), "blind_notes")
}
