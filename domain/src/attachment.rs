//! A photo or a document that belongs to a note (FHIR DocumentReference.content.attachment). It travels by itself: the note never waits.

use serde::{Deserialize, Serialize};

use crate::{AttachmentId, CaseId, DateTime, NoteId, WorkerId};

/// SHA-256 of a content, 64 hexadecimal digits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ContentHash(String);

impl ContentHash {
    /// Takes 32 bytes, as SHA-256 gives them.
    pub fn of_digest(digest: &[u8; 32]) -> Self {
        Self(digest.iter().map(|byte| format!("{byte:02x}")).collect())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for ContentHash {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let is_hash = text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte));
        if is_hash { Ok(Self(text)) } else { Err("a SHA-256 is 64 hexadecimal digits in lower case") }
    }
}

impl From<ContentHash> for String {
    fn from(hash: ContentHash) -> Self {
        hash.0
    }
}

/// What a note says of something that is attached to it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewAttachment {
    pub attachment_id: AttachmentId,
    /// What it shows, in the worker's words or the file's name.
    pub title: String,
    /// RFC 6838, one of [`Attachment::MEDIA_TYPES`].
    pub media_type: String,
    pub size_bytes: u64,
    pub sha256: ContentHash,
}

/// An attachment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Attachment {
    pub id: AttachmentId,
    pub note_id: NoteId,
    pub case_id: CaseId,
    pub author_id: WorkerId,
    pub title: String,
    pub media_type: String,
    pub size_bytes: u64,
    pub sha256: ContentHash,
    /// When the server had all of it and the hash fitted; absent while the content is still on its way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub received_at: Option<DateTime>,
}

impl Attachment {
    /// What may be attached: pictures without a script in them, and PDF.
    pub const MEDIA_TYPES: [&'static str; 4] = ["image/jpeg", "image/png", "image/webp", "application/pdf"];

    /// The largest content, in bytes.
    pub const MAX_BYTES: u64 = 25 * 1024 * 1024;

    /// How many one note may have.
    pub const MAX_PER_NOTE: usize = 10;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_is_written_as_others_write_it() {
        let hash = ContentHash::of_digest(&[0xab; 32]);
        assert_eq!(hash.as_str(), "ab".repeat(32));
        assert!(ContentHash::try_from("AB".repeat(32)).is_err());
        assert!(ContentHash::try_from("ab".repeat(31)).is_err());
    }
}
