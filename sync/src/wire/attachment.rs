//! The lane of attachments: chunks that can be sent again and in any order, and a receipt only for the whole.
//!
//! What travels is what stands on the device's disk: chunks sealed with a key of the attachment's own. That key is sealed to the server, so
//! a locked device can go on sending.

use domain::{AttachmentId, ContentHash};
use serde::{Deserialize, Serialize};

use super::{Base64, DeviceId};

/// The size of a chunk before it is sealed, in bytes; the last one may be smaller.
pub const CHUNK_BYTES: usize = 256 * 1024;

/// The key of an attachment, sealed to the server as a [`super::SealedMutation`] is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SealedKey {
    pub key_id: String,
    pub sender_key: Base64,
    pub iv: Base64,
    pub ct: Base64,
}

impl SealedKey {
    /// What is authenticated beside the key.
    pub fn context(attachment_id: AttachmentId) -> String {
        format!("doorstep/attachment-key/1|{attachment_id}")
    }

    /// What is authenticated beside one chunk.
    pub fn chunk_context(attachment_id: AttachmentId, chunk: u32) -> String {
        format!("doorstep/attachment/1|{attachment_id}|{chunk}")
    }
}

/// `POST /sync/v1/attachments/begin`: tells what will come, or asks what is here already.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BeginUpload {
    pub device_id: DeviceId,
    pub attachment_id: AttachmentId,
    /// Of the whole content, before it is sealed.
    pub size_bytes: u64,
    pub sha256: ContentHash,
    pub key: SealedKey,
    /// ECDSA with the device's key over `attachment_id` and `sha256`, each on a line.
    pub signature: Base64,
}

/// How far an upload is. The chunks themselves are sent to `POST /sync/v1/attachments/chunk` as they are on disk (the initialisation vector
/// before the ciphertext), with the headers `Doorstep-Attachment` and `Doorstep-Chunk`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UploadState {
    /// The numbers of the chunks that are still missing.
    pub missing: Vec<u32>,
    /// All of it is here and its hash is the announced one.
    pub received: bool,
    /// It can never be taken, and why, as a code; the note is not touched by it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refused: Option<String>,
}

/// `POST /sync/v1/attachments/fetch`: answers with the content.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FetchAttachment {
    pub attachment_id: AttachmentId,
}
