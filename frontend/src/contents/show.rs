//! Opening a content for a person: from this device while it is here, otherwise from the server. It is never written anywhere.

use app::desk::{ContentProblem, ShownContent, StorageProblem};
use domain::{Attachment, AttachmentId, ContentHash};
use futures::future::try_join_all;
use js_sys::{Array, Uint8Array};
use leptos::prelude::WithUntracked;
use sync::wire::{FetchAttachment, chunk_sizes};
use web_sys::{Blob, BlobPropertyBag, Url};

use super::{Own, chunk_key, key};
use crate::{
    core::Core,
    http::{self, Answer},
    keeper::{Disk, Keeper},
    store::Shelf,
    vault::{ContentKey, VaultError, digest},
};

const FETCH: &str = "/sync/v1/attachments/fetch";

/// Opens a content and gives it an address in this page's memory.
///
/// # Errors
/// It is not there or not what it should be, or nobody answers.
pub(crate) async fn show(core: &Core, attachment_id: AttachmentId) -> Result<ShownContent, ContentProblem> {
    let here = match core.keeper() {
        Keeper::Disk(disk) => find_here(&disk, attachment_id).await?,
        Keeper::Memory(_) => None,
    };
    let (media_type, bytes) = match here {
        Some(found) => found,
        None => fetch(core, attachment_id).await?,
    };
    let url = address(&bytes, &media_type).ok_or(ContentProblem::NotAvailable)?;
    Ok(ShownContent { url, media_type })
}

/// Takes the address of a content back.
pub(crate) fn close(url: &str) {
    // One that is not there any more is no fault.
    let _ = Url::revoke_object_url(url);
}

/// What opens a content of this device, and its media type.
///
/// # Errors
/// It is not there, or does not open.
pub(super) async fn open_key(disk: &Disk, attachment_id: AttachmentId) -> Result<(String, ContentKey), ContentProblem> {
    let key = key(attachment_id);
    let sealed = disk.store().read(Shelf::Attachments, &key).await.map_err(storage)?.ok_or(ContentProblem::NotThere)?;
    let own = disk.vault().open(&sealed, Shelf::Attachments, &key).await.map_err(damaged)?;
    let own: Own = serde_json::from_slice(&own).map_err(|_| ContentProblem::Damaged)?;
    Ok((own.media_type, ContentKey::restore(attachment_id, &own.key).await.map_err(damaged)?))
}

async fn find_here(disk: &Disk, attachment_id: AttachmentId) -> Result<Option<(String, Uint8Array)>, ContentProblem> {
    let Some(parcel) = disk.contents().lane.borrow().parcel(attachment_id).cloned() else { return Ok(None) };
    let (media_type, key) = open_key(disk, attachment_id).await?;
    let chunks = (0..).zip(chunk_sizes(parcel.size_bytes)).map(|(chunk, _)| {
        let key = &key;
        async move {
            let sealed = disk.store().read(Shelf::Chunks, &chunk_key(attachment_id, chunk)).await.map_err(storage)?;
            key.open(chunk, &sealed.ok_or(ContentProblem::Damaged)?).await.map_err(damaged)
        }
    });
    let chunks = try_join_all(chunks).await?;
    let whole = Uint8Array::new_with_length(chunks.iter().map(Uint8Array::length).sum());
    let mut at = 0;
    for chunk in &chunks {
        whole.set(chunk, at);
        at += chunk.length();
    }
    compare(&whole, &parcel.sha256).await?;
    Ok(Some((media_type, whole)))
}

async fn fetch(core: &Core, attachment_id: AttachmentId) -> Result<(String, Uint8Array), ContentProblem> {
    let known = core.state.caseload.with_untracked(|caseload| caseload.attachment(attachment_id).cloned());
    let Attachment { media_type, sha256, .. } = known.ok_or(ContentProblem::NotThere)?;
    let bytes = match http::post_for_bytes(FETCH, &FetchAttachment { attachment_id }).await {
        Answer::Ok(bytes) => bytes,
        Answer::Refused { problem, .. } if problem.status == 404 => return Err(ContentProblem::NotThere),
        Answer::Refused { .. } | Answer::Nobody => return Err(ContentProblem::NoConnection),
    };
    compare(&bytes, &sha256).await?;
    // A note names no others; what a newer one names is not opened as what it says.
    let is_known = Attachment::MEDIA_TYPES.contains(&media_type.as_str());
    is_known.then_some((media_type, bytes)).ok_or(ContentProblem::NotReadable)
}

async fn compare(bytes: &Uint8Array, sha256: &ContentHash) -> Result<(), ContentProblem> {
    let found = ContentHash::of_digest(&digest(bytes).await.map_err(damaged)?);
    if found == *sha256 { Ok(()) } else { Err(ContentProblem::Damaged) }
}

fn address(bytes: &Uint8Array, media_type: &str) -> Option<String> {
    let options = BlobPropertyBag::new();
    options.set_type(media_type);
    let blob = Blob::new_with_u8_array_sequence_and_options(&Array::of1(bytes), &options).ok()?;
    Url::create_object_url_with_blob(&blob).ok()
}

fn damaged(_: VaultError) -> ContentProblem {
    ContentProblem::Damaged
}

fn storage(_: StorageProblem) -> ContentProblem {
    ContentProblem::NotAvailable
}
