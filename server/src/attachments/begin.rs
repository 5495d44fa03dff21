//! `POST /sync/v1/attachments/begin`: a device says what it will send, or asks how far that is. Its signature stands in for a session.

use std::time::Duration;

use axum::extract::State;
use domain::Attachment;
use sync::wire::{BeginUpload, ProblemCode, Proof, UploadState, chunk_sizes, refusal};

use super::{
    keys::ContentKey,
    uploads::{self, Upload},
    verify::{Lane, Origin},
};
use crate::{
    db,
    problem::{Json, Problem},
    sync::Sender,
};

/// How many contents of one worker may be here that no note has named yet, whole or not.
const MAX_OPEN: i64 = 200;

/// When to try again where there are too many.
const TRY_AGAIN_AFTER: Duration = Duration::from_secs(3600);

pub(super) async fn begin(State(lane): State<Lane>, Json(begin): Json<BeginUpload>) -> Result<Json<UploadState>, Problem> {
    if begin.size_bytes == 0 {
        return Err(Problem::new(ProblemCode::Malformed));
    }
    // In a task of its own, as a push.
    let task = tokio::spawn(async move { lane.begin(&begin).await.map(Json) });
    task.await.unwrap_or_else(|_| Err(Problem::unavailable()))
}

impl Lane {
    async fn begin(&self, begin: &BeginUpload) -> Result<UploadState, Problem> {
        let signed = begin.signed_bytes();
        let sender = Sender::find(&self.pool, begin.device_id, |sender| sender.signed(Proof::Device, &signed, &begin.signature)).await?;
        // A device that proves nothing is not told from one that is not there.
        let sender = sender.ok_or_else(|| Problem::new(ProblemCode::DeviceUnknown))?;
        let from = Origin { identity: sender.identity, device_id: begin.device_id };
        if begin.size_bytes > Attachment::MAX_BYTES {
            return Ok(not_taken(begin, refusal::TOO_LARGE));
        }
        let Some(key) = self.seal_keys.open_key(&begin.key, begin.attachment_id).map(ContentKey::new) else {
            return Ok(not_taken(begin, refusal::KEY_NOT_OPENED));
        };
        match self.write_down(from, begin, key).await? {
            Begun::Otherwise => Ok(not_taken(begin, refusal::ANNOUNCED_OTHERWISE)),
            // All of it was here when the server stopped.
            Begun::Known(upload) if upload.missing().is_empty() && !upload.is_verified && upload.refused.is_none() => {
                self.finish(from, &upload, key).await
            }
            Begun::New | Begun::Known(_) => self.state(from, begin.attachment_id).await,
        }
    }

    async fn write_down(&self, from: Origin, begin: &BeginUpload, key: ContentKey) -> Result<Begun, Problem> {
        let Origin { identity, .. } = from;
        let (agency_id, attachment_id) = (identity.agency_id, begin.attachment_id);
        let seal = || key.seal(&self.secrets.content_key, agency_id, attachment_id).map_err(|_| Problem::unavailable());
        let mut tx = db::begin_as(&self.pool, &identity).await?;
        let Some(known) = uploads::lock(&mut tx, &identity, attachment_id).await? else {
            if uploads::count_open(&mut tx, &identity).await? >= MAX_OPEN {
                return Err(Problem::new(ProblemCode::TooManyTries).retry_after(TRY_AGAIN_AFTER));
            }
            uploads::insert(&mut tx, &identity, begin, &seal()?).await?;
            tx.commit().await?;
            return Ok(Begun::New);
        };
        if (known.size_bytes, &known.sha256) != (begin.size_bytes, &begin.sha256) {
            return Ok(Begun::Otherwise);
        }
        let stored = ContentKey::unseal(&self.secrets.content_key, agency_id, attachment_id, &known.content_key);
        if known.is_verified || known.refused.is_some() || stored == Some(key) {
            return Ok(Begun::Known(known));
        }
        uploads::begin_anew(&mut tx, &identity, begin, &seal()?).await?;
        tx.commit().await?;
        self.storage.remove(known.place(agency_id), known.chunks.iter().copied()).await?;
        Ok(Begun::New)
    }
}

/// What is known of what was announced.
enum Begun {
    New,
    Known(Upload),
    /// Something else was announced under this id.
    Otherwise,
}

/// Nothing was written down.
fn not_taken(begin: &BeginUpload, code: &str) -> UploadState {
    let chunks = u32::try_from(chunk_sizes(begin.size_bytes).len()).unwrap_or(u32::MAX);
    let missing = if code == refusal::KEY_NOT_OPENED { (0..chunks).collect() } else { Vec::new() };
    UploadState { missing, received: false, refused: Some(code.to_owned()) }
}
