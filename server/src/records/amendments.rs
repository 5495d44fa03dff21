//! What is added to signed notes: written once, read for ever.

use domain::{AgencyId, Amending, Amendment, AmendmentId, AmendmentKind, CaseId, DateTime, Narrative, NoteId, Term, WorkerId};
use sqlx::PgConnection;
use uuid::Uuid;

use super::{RecordsError, all_written, column, term};

pub(super) async fn load(tx: &mut PgConnection, agency_id: AgencyId, ids: &[Uuid]) -> Result<Vec<Amendment>, RecordsError> {
    let rows = sqlx::query!(
        "select amendment_id, note_id, case_id, author_id, kind, narrative, signed_at, signed_offset_min, received_at, concurrent
         from amendments where agency_id = $1 and amendment_id = any ($2)",
        agency_id.0,
        ids
    )
    .fetch_all(tx)
    .await?;
    let mut amendments = Vec::with_capacity(rows.len());
    for row in rows {
        let id = row.amendment_id;
        let text = Narrative::try_from(row.narrative).map_err(|_| RecordsError::Inconsistent { table: "amendments", row: id })?;
        amendments.push(Amendment {
            id: AmendmentId(id),
            note_id: NoteId(row.note_id),
            case_id: CaseId(row.case_id),
            author_id: WorkerId(row.author_id),
            kind: match term(&row.kind, "amendments", id)? {
                Amending::Addendum => AmendmentKind::Addendum(text),
                Amending::EnteredInError => AmendmentKind::EnteredInError(text),
            },
            signed_at: DateTime::from_time(row.signed_at, row.signed_offset_min),
            received_at: Some(DateTime::from_time(row.received_at, 0)),
            concurrent: row.concurrent,
        });
    }
    Ok(amendments)
}

/// The amendments of some notes.
pub(crate) async fn list_of(tx: &mut PgConnection, agency_id: AgencyId, notes: &[Uuid]) -> Result<Vec<Uuid>, RecordsError> {
    let ids = sqlx::query_scalar!("select amendment_id from amendments where agency_id = $1 and note_id = any ($2)", agency_id.0, notes);
    Ok(ids.fetch_all(tx).await?)
}

/// Writes new amendments into the scopes of their notes. One whose id is taken is an error.
pub(crate) async fn insert(tx: &mut PgConnection, agency_id: AgencyId, amendments: &[&Amendment]) -> Result<(), RecordsError> {
    let done = sqlx::query!(
        "insert into amendments (agency_id, amendment_id, note_id, case_id, scope_id, author_id, kind, narrative, signed_at,
            signed_offset_min, received_at, concurrent)
         select $1, a.amendment_id, n.note_id, n.case_id, n.scope_id, a.author_id, a.kind, a.narrative, a.signed_at, a.offset_min,
            a.received_at, a.concurrent
         from unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::timestamptz[], $8::smallint[], $9::timestamptz[],
                $10::bool[])
            as a (amendment_id, note_id, author_id, kind, narrative, signed_at, offset_min, received_at, concurrent)
         join notes n on n.agency_id = $1 and n.note_id = a.note_id",
        agency_id.0,
        &column(amendments, |amendment| amendment.id.0),
        &column(amendments, |amendment| amendment.note_id.0),
        &column(amendments, |amendment| amendment.author_id.0),
        &column(amendments, |amendment| kind_code(&amendment.kind).to_owned()),
        &column(amendments, |amendment| amendment.kind.text().as_str().to_owned()),
        &column(amendments, |amendment| amendment.signed_at.to_time()),
        &column(amendments, |amendment| amendment.signed_at.offset_min()),
        &column(amendments, |amendment| amendment.received_at.unwrap_or(amendment.signed_at).to_time()),
        &column(amendments, |amendment| amendment.concurrent),
    )
    .execute(tx)
    .await?;
    all_written(&done, amendments.len(), "amendments")
}

fn kind_code(kind: &AmendmentKind) -> &'static str {
    match kind {
        AmendmentKind::Addendum(_) => Amending::Addendum.code(),
        AmendmentKind::EnteredInError(_) => Amending::EnteredInError.code(),
    }
}
