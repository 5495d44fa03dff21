//! Photos and documents: the server's half of their lane, and how a phone of the model asks it. The phone's half is the shipped `Lane`.

use std::collections::{BTreeMap, BTreeSet};

use domain::{AttachmentId, Command, ContentHash, NewAttachment};
use sync::{
    device::{Answer, Parcel, Step},
    wire::{Base64, CHUNK_BYTES, SealedKey, UploadState, refusal},
};
use uuid::Uuid;

use crate::server::Health;

/// Each content has so many chunks.
pub const CHUNKS: u32 = 3;

/// What is wrong with a content, which the server finds out in the end: most are well.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Good,
    /// It is never taken.
    Refused,
    /// The server cannot cope with it, however often it is asked.
    Unlucky,
}

pub fn kind(attachment_id: AttachmentId) -> Kind {
    match attachment_id.0.as_u128() % 7 {
        0 => Kind::Refused,
        1 => Kind::Unlucky,
        _ => Kind::Good,
    }
}

/// One that is attached to a note.
pub fn attachment(id: Uuid) -> NewAttachment {
    NewAttachment {
        attachment_id: AttachmentId(id),
        title: "A stair".to_owned(),
        media_type: "image/jpeg".to_owned(),
        size_bytes: u64::from(CHUNKS) * CHUNK_BYTES as u64,
        sha256: ContentHash::of_digest(&[7; 32]),
    }
}

/// What a phone keeps of it before its note is signed.
pub fn parcel(attachment: &NewAttachment) -> Parcel {
    let part = || Base64("AA".to_owned());
    let key = SealedKey { key_id: "model".to_owned(), sender_key: part(), iv: part(), ct: part() };
    let NewAttachment { attachment_id, size_bytes, sha256, .. } = attachment.clone();
    Parcel { attachment_id, size_bytes, sha256, key: Some(key), signed: false, refused: None }
}

/// What the commands of a phone attach.
pub fn attachments(groups: &[Vec<Command>]) -> Vec<NewAttachment> {
    let notes = groups.iter().flatten().filter_map(|command| match command {
        Command::SignNote(note) => Some(note.attachments.clone()),
        _ => None,
    });
    notes.flatten().collect()
}

/// What the server has of contents. The phone that sends one does not matter: its chunks prove themselves.
#[derive(Clone, Debug, Default)]
pub struct Uploads {
    chunks: BTreeMap<AttachmentId, BTreeSet<u32>>,
}

impl Uploads {
    pub fn has_all_of(&self, attachment_id: AttachmentId) -> bool {
        kind(attachment_id) == Kind::Good && self.chunks.get(&attachment_id).is_some_and(|chunks| chunks.len() == CHUNKS as usize)
    }

    /// Takes one step; no answer where the server died meanwhile.
    pub fn take(&mut self, step: &Step, health: Health) -> Option<Answer> {
        match health {
            Health::DiesAfter(0) => return None,
            Health::BusyAfter(_) => return Some(Answer::Later { retry_after_ms: None }),
            Health::DiesAfter(_) | Health::Well => {}
        }
        let answer = self.carry_out(step);
        (!matches!(health, Health::DiesAfter(_))).then_some(answer)
    }

    fn carry_out(&mut self, step: &Step) -> Answer {
        let attachment_id = step.attachment_id();
        if kind(attachment_id) == Kind::Unlucky {
            return Answer::Later { retry_after_ms: Some(1_000) };
        }
        match step {
            Step::Begin(_) => drop(self.chunks.entry(attachment_id).or_default()),
            Step::Chunk(_, chunk) => match self.chunks.get_mut(&attachment_id) {
                Some(chunks) => drop(chunks.insert(*chunk)),
                None => return Answer::NotFound,
            },
            Step::Seal(_) => unreachable!("the model's server never loses its key"),
        }
        let there = &self.chunks[&attachment_id];
        let missing: Vec<u32> = (0..CHUNKS).filter(|chunk| !there.contains(chunk)).collect();
        let refused = (missing.is_empty() && kind(attachment_id) == Kind::Refused).then(|| refusal::HASH_DIFFERS.to_owned());
        Answer::State(UploadState { received: missing.is_empty() && refused.is_none(), missing, refused })
    }
}
