//! A picture or document that somebody chose, on its way to the disk: redrawn so that it says nothing but what it shows, cut, sealed, kept.

use app::desk::{ContentProblem, StorageProblem};
use domain::{Attachment, AttachmentId, Content, ContentHash, NewAttachment};
use futures::future::try_join_all;
use js_sys::{ArrayBuffer, Promise, Uint8Array};
use leptos::prelude::{document, window};
use sync::{
    device::Parcel,
    wire::{CHUNK_BYTES, SealKey},
};
use uuid::Uuid;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, CanvasRenderingContext2d, File, HtmlCanvasElement, ImageBitmap};

use super::{Own, chunk_key, key};
use crate::{
    core::Core,
    keeper::{Disk, Keeper},
    store::{Change, Shelf},
    vault::{ContentKey, VaultError, digest},
};

/// The longest side of a picture, in pixels: enough to read a letter that was photographed.
const LONGEST_SIDE: f64 = 2_048.0;

/// JPEG's quality, from 0 to 1.
const QUALITY: f64 = 0.85;

/// A picture is redrawn as this, whatever it was.
const PICTURE: &str = "image/jpeg";

/// Nothing is read that could not be a picture of a phone or a document.
const MAX_READ_BYTES: f64 = 100.0 * 1024.0 * 1024.0;

/// Takes a file for a note that is being written.
///
/// # Errors
/// It is of a kind or size that is not taken, or the disk has no room. Nothing of it is kept then.
pub(crate) async fn attach(core: &Core, file: File) -> Result<NewAttachment, ContentProblem> {
    let Keeper::Disk(disk) = core.keeper() else { return Err(ContentProblem::NotAvailable) };
    if !core.is_writer.get() {
        return Err(ContentProblem::NotAvailable);
    }
    let title = title_of(&file.name());
    let content = prepare(&file).await?;
    let attachment = keep(&disk, content, title).await?;
    core.show_contents();
    Ok(attachment)
}

/// The name without its ending.
fn title_of(name: &str) -> String {
    const LONGEST_CHARS: usize = 100;
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem).trim();
    stem.chars().take(LONGEST_CHARS).collect()
}

/// The bytes as they are kept, and what they are.
async fn prepare(file: &File) -> Result<(Vec<u8>, &'static str), ContentProblem> {
    if file.size() > MAX_READ_BYTES {
        return Err(ContentProblem::TooLarge);
    }
    let bytes = match file.type_().as_str() {
        "application/pdf" => read(file).await,
        _ => redraw(file).await,
    };
    let bytes = bytes.map_err(|_| ContentProblem::NotReadable)?;
    let content = Content::read(&bytes).map_err(|_| ContentProblem::NotReadable)?;
    let (media_type, bytes) = (content.media_type, content.without_metadata());
    let is_taken = Attachment::MEDIA_TYPES.contains(&media_type);
    match bytes.len() as u64 {
        _ if !is_taken => Err(ContentProblem::NotReadable),
        Attachment::MAX_BYTES.. => Err(ContentProblem::TooLarge),
        _ => Ok((bytes, media_type)),
    }
}

async fn read(blob: &Blob) -> Result<Vec<u8>, JsValue> {
    let buffer: ArrayBuffer = JsFuture::from(blob.array_buffer()).await?.dyn_into()?;
    Ok(Uint8Array::new(&buffer).to_vec())
}

/// Draws a picture anew, upright and no larger than it has to be. What it says beside its pixels stays behind.
async fn redraw(file: &File) -> Result<Vec<u8>, JsValue> {
    let picture: ImageBitmap = JsFuture::from(window().create_image_bitmap_with_blob(file)?).await?.dyn_into()?;
    let (width, height) = (f64::from(picture.width()), f64::from(picture.height()));
    let scale = (LONGEST_SIDE / width.max(height)).min(1.0);
    let canvas: HtmlCanvasElement = document().create_element("canvas")?.dyn_into()?;
    canvas.set_width((width * scale).round().max(1.0) as u32);
    canvas.set_height((height * scale).round().max(1.0) as u32);
    let context: CanvasRenderingContext2d = canvas.get_context("2d")?.ok_or(JsValue::NULL)?.dyn_into()?;
    let (width, height) = (f64::from(canvas.width()), f64::from(canvas.height()));
    // What was transparent is white as paper.
    context.set_fill_style_str("#fff");
    context.fill_rect(0.0, 0.0, width, height);
    context.draw_image_with_image_bitmap_and_dw_and_dh(&picture, 0.0, 0.0, width, height)?;
    picture.close();
    let drawn = Promise::new(&mut |resolve, reject| {
        let done = Closure::once_into_js(move |blob: JsValue| resolve.call1(&JsValue::UNDEFINED, &blob));
        if canvas.to_blob_with_type_and_encoder_options(done.unchecked_ref(), PICTURE, &QUALITY.into()).is_err() {
            let _ = reject.call0(&JsValue::UNDEFINED);
        }
    });
    read(&JsFuture::from(drawn).await?.dyn_into::<Blob>()?).await
}

/// Seals a content and keeps all of it, in one transaction.
async fn keep(disk: &Disk, (bytes, media_type): (Vec<u8>, &'static str), title: String) -> Result<NewAttachment, ContentProblem> {
    let attachment_id = AttachmentId(Uuid::now_v7());
    let content = Uint8Array::from(bytes.as_slice());
    let sealed = seal(disk, attachment_id, &content, media_type).await.map_err(|_| ContentProblem::NotAvailable)?;
    let sha256 = ContentHash::of_digest(&digest(&content).await.map_err(|_| ContentProblem::NotAvailable)?);
    let size_bytes = bytes.len() as u64;
    let parcel = Parcel { attachment_id, size_bytes, sha256: sha256.clone(), key: sealed.key, signed: false, refused: None };
    let kept = disk.contents().change(disk.store(), sealed.changes, |lane| lane.add(parcel.clone())).await;
    kept.map_err(|problem| if problem == StorageProblem::Full { ContentProblem::NoRoom } else { ContentProblem::NotAvailable })?;
    Ok(NewAttachment { attachment_id, title, media_type: media_type.to_owned(), size_bytes, sha256 })
}

struct Sealing {
    changes: Vec<Change>,
    key: Option<sync::wire::SealedKey>,
}

async fn seal(disk: &Disk, attachment_id: AttachmentId, content: &Uint8Array, media_type: &str) -> Result<Sealing, VaultError> {
    let content_key = ContentKey::create(attachment_id).await?;
    let own = Own { media_type: media_type.to_owned(), key: content_key.to_keep() };
    let own = serde_json::to_vec(&own).expect("a key is plain data");
    let mut changes =
        vec![Change::Put(Shelf::Attachments, key(attachment_id), disk.vault().seal(&own, Shelf::Attachments, &key(attachment_id)).await?)];
    let chunk_bytes = CHUNK_BYTES as u32;
    let starts = (0..content.length()).step_by(CHUNK_BYTES);
    let chunks =
        (0..).zip(starts).map(|(chunk, start)| {
            let part = content.subarray(start, content.length().min(start + chunk_bytes));
            let content_key = &content_key;
            async move {
                Ok::<_, VaultError>(Change::Put(Shelf::Chunks, chunk_key(attachment_id, chunk), content_key.seal(chunk, &part).await?))
            }
        });
    changes.extend(try_join_all(chunks).await?);
    // Without the server's key it waits for one.
    let key = seal_to(disk.outgoing().seal_key(), &content_key).await;
    Ok(Sealing { changes, key })
}

async fn seal_to(server: Option<SealKey>, content_key: &ContentKey) -> Option<sync::wire::SealedKey> {
    content_key.seal_to(&server?).await.ok()
}
