//! What notes say of the photos and documents that belong to them. The contents are kept elsewhere.

use domain::{AgencyId, Attachment, AttachmentId, CaseId, ContentHash, DateTime, NoteId, WorkerId};
use sqlx::PgConnection;
use uuid::Uuid;

use super::{RecordsError, all_written, cases::Scopes, column, narrow};

pub(super) async fn load(tx: &mut PgConnection, agency_id: AgencyId, ids: &[Uuid]) -> Result<Vec<Attachment>, RecordsError> {
    let rows = sqlx::query!(
        "select attachment_id, note_id, case_id, author_id, title, media_type, size_bytes, sha256, received_at
         from attachments where agency_id = $1 and attachment_id = any ($2)",
        agency_id.0,
        ids
    )
    .fetch_all(tx)
    .await?;
    let mut attachments = Vec::with_capacity(rows.len());
    for row in rows {
        let id = row.attachment_id;
        attachments.push(Attachment {
            id: AttachmentId(id),
            note_id: NoteId(row.note_id),
            case_id: CaseId(row.case_id),
            author_id: WorkerId(row.author_id),
            title: row.title,
            media_type: row.media_type,
            size_bytes: narrow(row.size_bytes, "attachments", id)?,
            sha256: ContentHash::try_from(row.sha256).map_err(|_| RecordsError::Inconsistent { table: "attachments", row: id })?,
            received_at: row.received_at.map(|at| DateTime::from_time(at, 0)),
        });
    }
    Ok(attachments)
}

/// Writes new attachments, each into the scope of its note, whose sensitivity stands beside it.
pub(crate) async fn insert(
    tx: &mut PgConnection,
    agency_id: AgencyId,
    attachments: &[(&Attachment, domain::Sensitivity)],
    scopes: &Scopes,
) -> Result<(), RecordsError> {
    let missing = || RecordsError::NotWritten { table: "attachments" };
    let scope_ids = attachments
        .iter()
        .map(|(attachment, sensitivity)| scopes.get(&attachment.case_id).map(|of_case| of_case.of(*sensitivity).0).ok_or_else(missing));
    let done = sqlx::query!(
        "insert into attachments (agency_id, attachment_id, note_id, case_id, scope_id, author_id, title, media_type, size_bytes, sha256)
         select $1, * from unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::uuid[], $6::uuid[], $7::text[], $8::text[], $9::bigint[], $10::text[])",
        agency_id.0,
        &column(attachments, |(attachment, _)| attachment.id.0),
        &column(attachments, |(attachment, _)| attachment.note_id.0),
        &column(attachments, |(attachment, _)| attachment.case_id.0),
        &scope_ids.collect::<Result<Vec<_>, _>>()?,
        &column(attachments, |(attachment, _)| attachment.author_id.0),
        &column(attachments, |(attachment, _)| attachment.title.clone()),
        &column(attachments, |(attachment, _)| attachment.media_type.clone()),
        &column(attachments, |(attachment, _)| i64::try_from(attachment.size_bytes).unwrap_or(i64::MAX)),
        &column(attachments, |(attachment, _)| attachment.sha256.as_str().to_owned()),
    )
    .execute(tx)
    .await?;
    all_written(&done, attachments.len(), "attachments")
}
