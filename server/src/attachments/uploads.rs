//! What the database knows of uploads.

use domain::{AgencyId, AttachmentId, ContentHash, ScopeId, WorkerId};
use sqlx::{PgConnection, PgPool};
use sync::wire::{BeginUpload, DeviceId, chunk_sizes};
use uuid::Uuid;

use super::storage::Place;
use crate::{
    identity::Identity,
    records::RecordsError,
    sessions::store::{read_permissions, read_role},
};

/// An upload that was begun.
#[derive(Clone, Debug)]
pub(super) struct Upload {
    pub(super) attachment_id: AttachmentId,
    pub(super) content_id: Uuid,
    /// Sealed with this server's secret.
    pub(super) content_key: Vec<u8>,
    pub(super) size_bytes: u64,
    pub(super) sha256: ContentHash,
    /// The numbers of the chunks that are stored.
    pub(super) chunks: Vec<u32>,
    pub(super) is_verified: bool,
    /// The code that says why it can never be taken.
    pub(super) refused: Option<String>,
}

impl Upload {
    /// How many chunks the whole content has.
    pub(super) fn chunk_count(&self) -> u32 {
        u32::try_from(chunk_sizes(self.size_bytes).len()).unwrap_or(u32::MAX)
    }

    pub(super) fn missing(&self) -> Vec<u32> {
        if self.is_verified || self.refused.is_some() {
            return Vec::new();
        }
        (0..self.chunk_count()).filter(|chunk| !self.chunks.contains(chunk)).collect()
    }

    pub(super) fn place(&self, agency_id: AgencyId) -> Place {
        Place { agency_id, content_id: self.content_id }
    }
}

/// As the columns hold it.
struct Row {
    content_id: Uuid,
    content_key: Vec<u8>,
    size_bytes: i64,
    sha256: String,
    chunks: Vec<i16>,
    is_verified: bool,
    refused: Option<String>,
}

impl Row {
    fn read(self, attachment_id: AttachmentId) -> Result<Upload, RecordsError> {
        let inconsistent = || RecordsError::Inconsistent { table: "uploads", row: attachment_id.0 };
        Ok(Upload {
            attachment_id,
            content_id: self.content_id,
            content_key: self.content_key,
            size_bytes: u64::try_from(self.size_bytes).map_err(|_| inconsistent())?,
            sha256: ContentHash::try_from(self.sha256).map_err(|_| inconsistent())?,
            chunks: self.chunks.into_iter().map(u32::try_from).collect::<Result<_, _>>().map_err(|_| inconsistent())?,
            is_verified: self.is_verified,
            refused: self.refused,
        })
    }
}

/// The worker's upload of an attachment, locked until the transaction ends.
pub(super) async fn lock(tx: &mut PgConnection, identity: &Identity, attachment_id: AttachmentId) -> Result<Option<Upload>, RecordsError> {
    let row = sqlx::query_as!(
        Row,
        r#"select content_id, content_key, size_bytes, sha256, chunks, verified_at is not null as "is_verified!", refused
         from uploads where agency_id = $1 and worker_id = $2 and attachment_id = $3
         for update"#,
        identity.agency_id.0,
        identity.worker_id.0,
        attachment_id.0,
    )
    .fetch_optional(tx)
    .await?;
    row.map(|row| row.read(attachment_id)).transpose()
}

/// The worker's upload of an attachment.
pub(super) async fn find(tx: &mut PgConnection, identity: &Identity, attachment_id: AttachmentId) -> Result<Option<Upload>, RecordsError> {
    let row = sqlx::query_as!(
        Row,
        r#"select content_id, content_key, size_bytes, sha256, chunks, verified_at is not null as "is_verified!", refused
         from uploads where agency_id = $1 and worker_id = $2 and attachment_id = $3"#,
        identity.agency_id.0,
        identity.worker_id.0,
        attachment_id.0,
    )
    .fetch_optional(tx)
    .await?;
    row.map(|row| row.read(attachment_id)).transpose()
}

/// An upload that a chunk may belong to, and for whom it is taken.
pub(super) struct Found {
    pub(super) identity: Identity,
    pub(super) device_id: DeviceId,
    pub(super) upload: Upload,
}

/// Every upload of that id; more than one only where somebody took the id of another.
pub(super) async fn list_of_id(pool: &PgPool, attachment_id: AttachmentId) -> Result<Vec<Found>, RecordsError> {
    let rows = sqlx::query!(
        r#"select agency_id as "agency_id!", worker_id as "worker_id!", role as "role!", permissions as "permissions!",
            device_id as "device_id!", content_id as "content_id!", content_key as "content_key!", size_bytes as "size_bytes!",
            sha256 as "sha256!", chunks as "chunks!", verified_at is not null as "is_verified!", refused
         from uploads_of_id($1)"#,
        attachment_id.0,
    )
    .fetch_all(pool)
    .await?;
    let mut found = Vec::with_capacity(rows.len());
    for row in rows {
        let (role, may) = (read_role(&row.role)?, read_permissions(&row.permissions));
        let identity = Identity { agency_id: AgencyId(row.agency_id), worker_id: WorkerId(row.worker_id), role, may };
        let upload = Row {
            content_id: row.content_id,
            content_key: row.content_key,
            size_bytes: row.size_bytes,
            sha256: row.sha256,
            chunks: row.chunks,
            is_verified: row.is_verified,
            refused: row.refused,
        };
        found.push(Found { identity, device_id: DeviceId(row.device_id), upload: upload.read(attachment_id)? });
    }
    Ok(found)
}

/// How many uploads of the worker are not the content of any attachment yet.
pub(super) async fn count_open(tx: &mut PgConnection, identity: &Identity) -> Result<i64, RecordsError> {
    Ok(sqlx::query_scalar!(
        r#"select count(*) as "count!" from uploads u
         where u.agency_id = $1 and u.worker_id = $2 and u.refused is null and not exists (
            select from attachments a
            where a.agency_id = u.agency_id and a.attachment_id = u.attachment_id and a.author_id = u.worker_id and a.received_at is not null)"#,
        identity.agency_id.0,
        identity.worker_id.0,
    )
    .fetch_one(tx)
    .await?)
}

/// Writes a new upload down.
pub(super) async fn insert(
    tx: &mut PgConnection,
    identity: &Identity,
    begin: &BeginUpload,
    content_key: &[u8],
) -> Result<(), RecordsError> {
    sqlx::query!(
        "insert into uploads (agency_id, worker_id, attachment_id, device_id, content_key, size_bytes, sha256) values ($1, $2, $3, $4, $5, $6, $7)",
        identity.agency_id.0,
        identity.worker_id.0,
        begin.attachment_id.0,
        begin.device_id.0,
        content_key,
        i64::try_from(begin.size_bytes).unwrap_or(i64::MAX),
        begin.sha256.as_str(),
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// The same content under another key: none of its chunks is here any more, and the next ones get a place of their own.
pub(super) async fn begin_anew(
    tx: &mut PgConnection,
    identity: &Identity,
    begin: &BeginUpload,
    content_key: &[u8],
) -> Result<(), RecordsError> {
    sqlx::query!(
        "update uploads set content_id = gen_random_uuid(), content_key = $5, chunks = '{}', device_id = $4, touched_at = now()
         where agency_id = $1 and worker_id = $2 and attachment_id = $3",
        identity.agency_id.0,
        identity.worker_id.0,
        begin.attachment_id.0,
        begin.device_id.0,
        content_key,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// A chunk is stored. Answers what is known then, unless the upload began anew meanwhile.
pub(super) async fn add_chunk(
    tx: &mut PgConnection,
    identity: &Identity,
    upload: &Upload,
    chunk: u32,
) -> Result<Option<Upload>, RecordsError> {
    let row = sqlx::query_as!(
        Row,
        r#"update uploads set chunks = array(select distinct c from unnest(chunks || $5::smallint) c order by c), touched_at = now()
         where agency_id = $1 and worker_id = $2 and attachment_id = $3 and content_id = $4 and refused is null
         returning content_id, content_key, size_bytes, sha256, chunks, verified_at is not null as "is_verified!", refused"#,
        identity.agency_id.0,
        identity.worker_id.0,
        upload.attachment_id.0,
        upload.content_id,
        i16::try_from(chunk).unwrap_or(i16::MAX),
    )
    .fetch_optional(tx)
    .await?;
    row.map(|row| row.read(upload.attachment_id)).transpose()
}

/// The storage has not kept all chunks: all of them are awaited again.
pub(super) async fn forget_chunks(tx: &mut PgConnection, identity: &Identity, upload: &Upload) -> Result<(), RecordsError> {
    sqlx::query!(
        "update uploads set chunks = '{}'
         where agency_id = $1 and worker_id = $2 and attachment_id = $3 and content_id = $4 and verified_at is null",
        identity.agency_id.0,
        identity.worker_id.0,
        upload.attachment_id.0,
        upload.content_id,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// All of it is here and is what was announced. False where that was known, or the upload began anew meanwhile.
pub(super) async fn mark_verified(
    tx: &mut PgConnection,
    identity: &Identity,
    upload: &Upload,
    media_type: &str,
) -> Result<bool, RecordsError> {
    let done = sqlx::query!(
        "update uploads set verified_at = now(), media_type = $5
         where agency_id = $1 and worker_id = $2 and attachment_id = $3 and content_id = $4 and verified_at is null and refused is null",
        identity.agency_id.0,
        identity.worker_id.0,
        upload.attachment_id.0,
        upload.content_id,
        media_type,
    )
    .execute(tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// It can never be taken. False where that was known, or the upload began anew meanwhile.
pub(super) async fn mark_refused(tx: &mut PgConnection, identity: &Identity, upload: &Upload, code: &str) -> Result<bool, RecordsError> {
    let done = sqlx::query!(
        "update uploads set refused = $5, chunks = '{}'
         where agency_id = $1 and worker_id = $2 and attachment_id = $3 and content_id = $4 and verified_at is null and refused is null",
        identity.agency_id.0,
        identity.worker_id.0,
        upload.attachment_id.0,
        upload.content_id,
        code,
    )
    .execute(tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// What the note of a content says of it.
pub(super) struct OfNote {
    pub(super) scope_id: ScopeId,
    /// It is what the note says.
    pub(super) fits: bool,
    /// It was said just now that the content is here.
    pub(super) is_news: bool,
}

/// Says on its attachment that a verified content is here, if the note is; nothing where it is not.
pub(super) async fn receive(tx: &mut PgConnection, attachment_id: AttachmentId) -> Result<Option<OfNote>, RecordsError> {
    let row = sqlx::query!(
        r#"select scope_id as "scope_id!", fits as "fits!", is_news as "is_news!" from receive_attachment($1)"#,
        attachment_id.0
    )
    .fetch_optional(tx)
    .await?;
    Ok(row.map(|row| OfNote { scope_id: ScopeId(row.scope_id), fits: row.fits, is_news: row.is_news }))
}
