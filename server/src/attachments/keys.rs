//! The key of a content: it opens the chunks as the device sealed them, and is itself kept sealed with a secret of this server.

use aes_gcm::{
    Aes256Gcm, KeyInit, Nonce,
    aead::{Aead, Payload},
};
use domain::{AgencyId, AttachmentId};
use sync::wire::SealedKey;

use crate::secrets::Secret;

/// How many bytes the initialisation vector has, which stands before what is sealed.
const IV_BYTES: usize = 12;

/// The key of one content.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct ContentKey([u8; 32]);

impl ContentKey {
    pub(super) fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// One chunk as it was before it was sealed; nothing where it is not this chunk of this content.
    pub(super) fn open_chunk(&self, attachment_id: AttachmentId, chunk: u32, sealed: &[u8]) -> Option<Vec<u8>> {
        open(&self.0, &SealedKey::chunk_context(attachment_id, chunk), sealed)
    }

    /// As it is kept in the database.
    ///
    /// # Errors
    /// The system has no random numbers.
    pub(super) fn seal(&self, secret: &Secret, agency_id: AgencyId, attachment_id: AttachmentId) -> Result<Vec<u8>, getrandom::Error> {
        let mut iv = [0; IV_BYTES];
        getrandom::fill(&mut iv)?;
        let context = context(agency_id, attachment_id);
        let payload = Payload { msg: &self.0, aad: context.as_bytes() };
        let sealed = cipher(secret.bytes()).and_then(|cipher| cipher.encrypt(&Nonce::from(iv), payload).ok());
        Ok([&iv, sealed.unwrap_or_default().as_slice()].concat())
    }

    /// From the database; nothing where another secret sealed it.
    pub(super) fn unseal(secret: &Secret, agency_id: AgencyId, attachment_id: AttachmentId, sealed: &[u8]) -> Option<Self> {
        open(secret.bytes(), &context(agency_id, attachment_id), sealed)?.try_into().ok().map(Self)
    }
}

fn context(agency_id: AgencyId, attachment_id: AttachmentId) -> String {
    format!("doorstep/content-key/1|{agency_id}|{attachment_id}")
}

fn cipher(key: &[u8]) -> Option<Aes256Gcm> {
    Aes256Gcm::new_from_slice(key).ok()
}

/// What stands behind its initialisation vector.
fn open(key: &[u8], context: &str, sealed: &[u8]) -> Option<Vec<u8>> {
    let (iv, ct) = sealed.split_first_chunk::<IV_BYTES>()?;
    cipher(key)?.decrypt(&Nonce::from(*iv), Payload { msg: ct, aad: context.as_bytes() }).ok()
}
