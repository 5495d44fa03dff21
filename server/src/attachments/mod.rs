//! The contents of photos and documents: they come in chunks, before or after their note, and never hold it up.
//!
//! A device begins an upload with its signature, so a locked or revoked one goes on sending; a chunk proves by its seal that it belongs to
//! what was begun. Chunks stay sealed in the storage. Only a whole content that is what was announced gets its receipt.

mod begin;
mod chunk;
mod fetch;
pub(crate) mod keys;
pub(crate) mod storage;
mod uploads;
mod verify;

use axum::{Router, extract::DefaultBodyLimit, routing::post};
use sync::wire::{CHUNK_BYTES, CHUNK_SEAL_BYTES};

use crate::state::AppState;

pub use storage::{Storage, StorageError};

/// `/sync/v1/attachments/begin`, `/chunk` and `/fetch`.
pub fn router() -> Router<AppState> {
    Router::new().route("/sync/v1/attachments/begin", post(begin::begin)).route("/sync/v1/attachments/fetch", post(fetch::fetch)).merge(
        Router::new().route("/sync/v1/attachments/chunk", post(chunk::take)).layer(DefaultBodyLimit::max(CHUNK_BYTES + CHUNK_SEAL_BYTES)),
    )
}
