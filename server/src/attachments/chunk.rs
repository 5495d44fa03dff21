//! `POST /sync/v1/attachments/chunk`: one chunk of an upload that was begun, in any order and as often as it comes.
//!
//! Nobody needs to be signed in: a chunk that opens was sealed by the device that began the upload, for this place in this content.

use axum::{body::Bytes, extract::State, http::HeaderMap};
use domain::AttachmentId;
use sync::wire::{ATTACHMENT_HEADER, CHUNK_HEADER, ProblemCode, UploadState, chunk_sizes, refusal};

use super::{
    keys::ContentKey,
    uploads::{self, Upload},
    verify::{Lane, Origin, in_background},
};
use crate::{
    db,
    problem::{Json, Problem},
};

pub(super) async fn take(State(lane): State<Lane>, headers: HeaderMap, sealed: Bytes) -> Result<Json<UploadState>, Problem> {
    let (attachment_id, chunk) = read_headers(&headers).ok_or_else(|| Problem::new(ProblemCode::Malformed))?;
    // In a task of its own, as a push.
    let task = tokio::spawn(async move { lane.take(attachment_id, chunk, sealed).await.map(Json) });
    task.await.unwrap_or_else(|_| Err(Problem::unavailable()))
}

fn read_headers(headers: &HeaderMap) -> Option<(AttachmentId, u32)> {
    let text = |name| headers.get(name)?.to_str().ok();
    Some((AttachmentId(text(ATTACHMENT_HEADER)?.parse().ok()?), text(CHUNK_HEADER)?.parse().ok()?))
}

/// A chunk that opened, and where it belongs.
struct Opened {
    from: Origin,
    upload: Upload,
    key: ContentKey,
    /// It is as long as the chunk of this number should be.
    fits: bool,
}

impl Lane {
    async fn take(&self, attachment_id: AttachmentId, chunk: u32, sealed: Bytes) -> Result<UploadState, Problem> {
        // What belongs nowhere and what does not open are the same.
        let opened = self.open(attachment_id, chunk, &sealed).await?.ok_or_else(|| Problem::new(ProblemCode::NotFound))?;
        let Opened { from, upload, key, fits } = opened;
        if upload.is_verified || upload.refused.is_some() {
            return self.state(from, attachment_id).await;
        }
        if !fits {
            return self.refuse(from, &upload, refusal::SIZE_DIFFERS).await;
        }
        let place = upload.place(from.identity.agency_id);
        self.storage.put(place, chunk, sealed).await?;
        let mut tx = db::begin_as(&self.pool, &from.identity).await?;
        let known = uploads::add_chunk(&mut tx, &from.identity, &upload, chunk).await?;
        tx.commit().await?;
        match known {
            Some(upload) if upload.missing().is_empty() && !upload.is_verified => return self.finish(from, &upload, key).await,
            Some(_) => {}
            // It was refused or began anew meanwhile.
            None => self.storage.remove(place, [chunk]).await?,
        }
        self.state(from, attachment_id).await
    }

    /// The upload of which this is a chunk.
    async fn open(&self, attachment_id: AttachmentId, chunk: u32, sealed: &Bytes) -> Result<Option<Opened>, Problem> {
        for uploads::Found { identity, device_id, upload } in uploads::list_of_id(&self.pool, attachment_id).await? {
            let size = usize::try_from(chunk).ok().and_then(|chunk| chunk_sizes(upload.size_bytes).nth(chunk));
            let key = ContentKey::unseal(&self.secrets.content_key, identity.agency_id, attachment_id, &upload.content_key);
            let (Some(size), Some(key)) = (size, key) else { continue };
            let sealed = sealed.clone();
            if let Some(opened) = in_background(move || key.open_chunk(attachment_id, chunk, &sealed)).await? {
                return Ok(Some(Opened { from: Origin { identity, device_id }, upload, key, fits: opened.len() == size }));
            }
        }
        Ok(None)
    }
}
