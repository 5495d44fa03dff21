//! `POST /sync/v1/attachments/fetch`: the content of an attachment, for whoever may see its note.

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use domain::AttachmentId;
use http::{HeaderValue, header};
use sqlx::PgConnection;
use sync::wire::{FetchAttachment, ProblemCode, chunk_sizes};

use super::{
    keys::ContentKey,
    storage::Place,
    verify::{Lane, hash, in_background, open_whole},
};
use crate::{
    audit::{self, Event},
    db,
    identity::Identity,
    problem::{Json, Problem},
    sessions::SignedIn,
};

/// Nothing in a document runs, whatever it is opened as.
const POLICY: &str = "default-src 'none'; sandbox";

pub(super) async fn fetch(
    State(lane): State<Lane>,
    signed_in: SignedIn,
    Json(request): Json<FetchAttachment>,
) -> Result<Response, Problem> {
    let (identity, attachment_id) = (&signed_in.identity, request.attachment_id);
    let mut tx = db::begin_reading_as(&lane.pool, identity).await?;
    let kept = find(&mut tx, identity, attachment_id).await?;
    drop(tx);
    let event = match kept {
        Some(_) => Event::read("attachment.fetch"),
        None => Event::denied("attachment.fetch", "not-found"),
    };
    let event = event.about("attachment", attachment_id.0).from_device(signed_in.device_id);
    audit::record_alone(&lane.pool, identity, event).await?;
    // One that is not there, one that is somebody else's and one that is still on its way are the same.
    let kept = kept.ok_or_else(|| Problem::new(ProblemCode::NotFound))?;
    let content = lane.content(identity, attachment_id, &kept).await?;
    Ok(answer(&kept.media_type, content))
}

/// What is known of a content that was received.
struct Kept {
    media_type: String,
    size_bytes: i64,
    sha256: String,
    content_id: uuid::Uuid,
    content_key: Vec<u8>,
}

async fn find(tx: &mut PgConnection, identity: &Identity, attachment_id: AttachmentId) -> sqlx::Result<Option<Kept>> {
    sqlx::query_as!(
        Kept,
        "select a.media_type, a.size_bytes, a.sha256, u.content_id, u.content_key
         from attachments a
         join uploads u on u.agency_id = a.agency_id and u.worker_id = a.author_id and u.attachment_id = a.attachment_id
         where a.agency_id = $1 and a.attachment_id = $2 and a.received_at is not null",
        identity.agency_id.0,
        attachment_id.0,
    )
    .fetch_optional(tx)
    .await
}

impl Lane {
    /// The content, which is what its note says of it: that is looked at each time, as the storage may be anybody's.
    async fn content(&self, identity: &Identity, attachment_id: AttachmentId, kept: &Kept) -> Result<Vec<u8>, Problem> {
        let chunks = chunk_sizes(u64::try_from(kept.size_bytes).unwrap_or(0)).len();
        let chunks = u32::try_from(chunks).unwrap_or(u32::MAX);
        let place = Place { agency_id: identity.agency_id, content_id: kept.content_id };
        let content = match ContentKey::unseal(&self.secrets.content_key, identity.agency_id, attachment_id, &kept.content_key) {
            Some(key) => open_whole(&self.storage, place, attachment_id, chunks, key).await?,
            None => None,
        };
        let sha256 = kept.sha256.clone();
        let whole = in_background(move || content.filter(|content| hash(content).as_str() == sha256)).await?;
        whole.ok_or_else(|| {
            tracing::error!("the content of an attachment is not in the storage any more, or is not what was received");
            Problem::unavailable()
        })
    }
}

fn answer(media_type: &str, content: Vec<u8>) -> Response {
    let mut response = content.into_response();
    let headers = response.headers_mut();
    let media_type = HeaderValue::from_str(media_type).unwrap_or(HeaderValue::from_static("application/octet-stream"));
    headers.insert(header::CONTENT_TYPE, media_type);
    // Without a name: what it is called is told to nobody who keeps lists of downloads.
    headers.insert(header::CONTENT_DISPOSITION, HeaderValue::from_static("attachment"));
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    response
}
