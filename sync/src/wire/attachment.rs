//! The lane of attachments: chunks that can be sent again and in any order, and a receipt only for the whole.
//!
//! What travels is what stands on the device's disk: chunks sealed with a key of the attachment's own. That key is sealed to the server, so
//! a locked device can go on sending.

use domain::{AttachmentId, ContentHash};
use serde::{Deserialize, Serialize};

use super::{Base64, DeviceId};

/// The size of a chunk before it is sealed, in bytes; the last one may be smaller.
pub const CHUNK_BYTES: usize = 256 * 1024;

/// By how many bytes a sealed chunk is longer: the initialisation vector before it, and AES-GCM's tag behind it.
pub const CHUNK_SEAL_BYTES: usize = 12 + 16;

/// The header that says to which attachment a chunk belongs.
pub const ATTACHMENT_HEADER: &str = "doorstep-attachment";

/// The header that says which chunk it is, from 0.
pub const CHUNK_HEADER: &str = "doorstep-chunk";

/// How long each chunk of a content is before it is sealed, in bytes.
pub fn chunk_sizes(size_bytes: u64) -> impl ExactSizeIterator<Item = usize> {
    let bytes = usize::try_from(size_bytes).unwrap_or(usize::MAX);
    (0..bytes.div_ceil(CHUNK_BYTES)).map(move |chunk| CHUNK_BYTES.min(bytes - chunk * CHUNK_BYTES))
}

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
    /// ECDSA with SHA-256 by the device's key over [`BeginUpload::signed_bytes`], as r and s (IEEE P1363).
    pub signature: Base64,
}

impl BeginUpload {
    /// What the signature is over: everything else but whose device it is, each part on a line.
    pub fn signed_bytes(&self) -> Vec<u8> {
        let SealedKey { key_id, sender_key, iv, ct } = &self.key;
        let (attachment_id, size_bytes) = (self.attachment_id.to_string(), self.size_bytes.to_string());
        let lines = ["doorstep/attachment-begin/1", &attachment_id, &size_bytes, self.sha256.as_str(), key_id, &sender_key.0, &iv.0, &ct.0];
        lines.join("\n").into_bytes()
    }
}

/// Why a content is not taken, as [`UploadState::refused`] says it.
pub mod refusal {
    /// It has more than `Attachment::MAX_BYTES`.
    pub const TOO_LARGE: &str = "too-large";
    /// None of the server's keys opens its key. Sealed anew to the key in use, it is taken.
    pub const KEY_NOT_OPENED: &str = "key-not-opened";
    /// The same id was announced with another size or hash before.
    pub const ANNOUNCED_OTHERWISE: &str = "announced-otherwise";
    /// A chunk has another size than it should.
    pub const SIZE_DIFFERS: &str = "size-differs";
    /// All of it is here, and its hash is not the announced one.
    pub const HASH_DIFFERS: &str = "hash-differs";
    /// Its bytes are none of `Attachment::MEDIA_TYPES`, or end too early.
    pub const NOT_READABLE: &str = "not-readable";
    /// A picture still says where, when or by whom it was taken, or something stands behind its end.
    pub const HAS_METADATA: &str = "has-metadata";
    /// Its note says another size, hash or media type.
    pub const NOT_AS_THE_NOTE_SAYS: &str = "not-as-the-note-says";
}

/// How far an upload is. The chunks themselves are sent to `POST /sync/v1/attachments/chunk` as they are on disk (the initialisation vector
/// before the ciphertext), with the headers `Doorstep-Attachment` and `Doorstep-Chunk`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UploadState {
    /// The numbers of the chunks that are still missing.
    pub missing: Vec<u32>,
    /// All of it is here and its hash is the announced one.
    pub received: bool,
    /// It is not taken, and why, as a code of [`refusal`]; the note is not touched by it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refused: Option<String>,
}

/// `POST /sync/v1/attachments/fetch`: answers with the content.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FetchAttachment {
    pub attachment_id: AttachmentId,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_content_is_cut_into_whole_chunks_and_a_rest() {
        let sizes = |bytes: usize| chunk_sizes(bytes as u64).collect::<Vec<_>>();
        assert_eq!(sizes(0), Vec::<usize>::new());
        assert_eq!(sizes(1), [1]);
        assert_eq!(sizes(CHUNK_BYTES), [CHUNK_BYTES]);
        assert_eq!(sizes(2 * CHUNK_BYTES + 5), [CHUNK_BYTES, CHUNK_BYTES, 5]);
    }
}
