//! The receipt: given only for a whole content that is what was announced and that may be kept.

use std::sync::Arc;

use axum::{body::Bytes, extract::FromRef};
use domain::{AttachmentId, Content, ContentHash};
use sha2::{Digest, Sha256};
use sqlx::PgPool;
use sync::wire::{DeviceId, ProblemCode, UploadState, refusal};

use super::{
    keys::ContentKey,
    storage::{Place, Storage},
    uploads::{self, Upload},
};
use crate::{
    audit::{self, Event},
    db,
    identity::Identity,
    problem::Problem,
    secrets::Secrets,
    state::AppState,
    sync::{Pokes, SealKeys},
};

/// What taking an upload needs of the server.
#[derive(Clone)]
pub(super) struct Lane {
    pub(super) pool: PgPool,
    pub(super) pokes: Pokes,
    pub(super) storage: Arc<Storage>,
    pub(super) secrets: Arc<Secrets>,
    pub(super) seal_keys: Arc<SealKeys>,
}

impl FromRef<AppState> for Lane {
    fn from_ref(state: &AppState) -> Self {
        Self {
            pool: state.pool.clone(),
            pokes: state.pokes.clone(),
            storage: state.storage.clone(),
            secrets: state.secrets.clone(),
            seal_keys: state.seal_keys.clone(),
        }
    }
}

/// For whom, and from which of their devices, something is taken.
#[derive(Clone, Copy)]
pub(super) struct Origin {
    pub(super) identity: Identity,
    pub(super) device_id: DeviceId,
}

impl Lane {
    /// Looks at a content of which all chunks are stored, and answers what became of it.
    pub(super) async fn finish(&self, from: Origin, upload: &Upload, key: ContentKey) -> Result<UploadState, Problem> {
        match self.judge(from, upload, key).await? {
            Judgement::Good(media_type) => {
                let mut tx = db::begin_as(&self.pool, &from.identity).await?;
                if uploads::mark_verified(&mut tx, &from.identity, upload, media_type).await? {
                    let event = Event::applied("attachment.upload").about("attachment", upload.attachment_id.0);
                    audit::record(&mut tx, &from.identity, event.from_device(Some(from.device_id))).await?;
                }
                // Before the attachment is touched: whoever writes the note just now waits for this, and this must not wait for them.
                tx.commit().await?;
            }
            Judgement::Refused(code) => return self.refuse(from, upload, code).await,
            Judgement::Incomplete => {
                let mut tx = db::begin_as(&self.pool, &from.identity).await?;
                uploads::forget_chunks(&mut tx, &from.identity, upload).await?;
                tx.commit().await?;
            }
        }
        self.state(from, upload.attachment_id).await
    }

    /// Writes down why a content can never be taken, and keeps nothing of it.
    pub(super) async fn refuse(&self, from: Origin, upload: &Upload, code: &'static str) -> Result<UploadState, Problem> {
        let mut tx = db::begin_as(&self.pool, &from.identity).await?;
        if uploads::mark_refused(&mut tx, &from.identity, upload, code).await? {
            let event = Event::denied("attachment.upload", code).about("attachment", upload.attachment_id.0);
            audit::record(&mut tx, &from.identity, event.from_device(Some(from.device_id))).await?;
            tx.commit().await?;
            self.storage.remove(upload.place(from.identity.agency_id), 0..upload.chunk_count()).await?;
        }
        self.state(from, upload.attachment_id).await
    }

    /// How far an upload is. Where its content and its note are here by now, this is when they find each other.
    pub(super) async fn state(&self, from: Origin, attachment_id: AttachmentId) -> Result<UploadState, Problem> {
        let mut tx = db::begin_as(&self.pool, &from.identity).await?;
        let of_note = uploads::receive(&mut tx, attachment_id).await?;
        let upload = uploads::find(&mut tx, &from.identity, attachment_id).await?;
        tx.commit().await?;
        if let Some(of_note) = of_note.as_ref().filter(|of_note| of_note.is_news) {
            self.pokes.touched(from.identity.agency_id, [of_note.scope_id].into());
        }
        let upload = upload.ok_or_else(|| Problem::new(ProblemCode::NotFound))?;
        let unfit = of_note.is_some_and(|note| !note.fits).then(|| refusal::NOT_AS_THE_NOTE_SAYS.to_owned());
        let refused = upload.refused.clone().or(unfit);
        let missing = if refused.is_some() { Vec::new() } else { upload.missing() };
        Ok(UploadState { missing, received: upload.is_verified && refused.is_none(), refused })
    }

    async fn judge(&self, from: Origin, upload: &Upload, key: ContentKey) -> Result<Judgement, Problem> {
        let place = upload.place(from.identity.agency_id);
        let Some(content) = open_whole(&self.storage, place, upload.attachment_id, upload.chunk_count(), key).await? else {
            return Ok(Judgement::Incomplete);
        };
        let announced = upload.sha256.clone();
        in_background(move || judge_content(&content, &announced)).await
    }
}

/// What is to be said of a content.
enum Judgement {
    /// It may be kept, and is this media type.
    Good(&'static str),
    Refused(&'static str),
    /// The storage has not kept all of it.
    Incomplete,
}

fn judge_content(content: &[u8], announced: &ContentHash) -> Judgement {
    if hash(content) != *announced {
        return Judgement::Refused(refusal::HASH_DIFFERS);
    }
    match Content::read(content) {
        Err(_) => Judgement::Refused(refusal::NOT_READABLE),
        Ok(content) if content.has_metadata() => Judgement::Refused(refusal::HAS_METADATA),
        Ok(content) => Judgement::Good(content.media_type),
    }
}

pub(super) fn hash(content: &[u8]) -> ContentHash {
    ContentHash::of_digest(&Sha256::digest(content).into())
}

/// A content from its stored chunks; nothing where one is missing or does not open.
pub(super) async fn open_whole(
    storage: &Storage,
    place: Place,
    attachment_id: AttachmentId,
    chunks: u32,
    key: ContentKey,
) -> Result<Option<Vec<u8>>, Problem> {
    let _room = storage.room_for_one().await?;
    let Some(sealed) = storage.get_all(place, chunks).await? else { return Ok(None) };
    in_background(move || open_all(&sealed, attachment_id, key)).await
}

fn open_all(sealed: &[Bytes], attachment_id: AttachmentId, key: ContentKey) -> Option<Vec<u8>> {
    let mut content = Vec::with_capacity(sealed.iter().map(Bytes::len).sum());
    for (chunk, sealed) in (0..).zip(sealed) {
        content.append(&mut key.open_chunk(attachment_id, chunk, sealed)?);
    }
    Some(content)
}

/// Off the threads that answer: a large content takes a moment.
pub(super) async fn in_background<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Problem> {
    tokio::task::spawn_blocking(work).await.map_err(|_| Problem::unavailable())
}
