//! The key of one photo or document. Its chunks are sealed with it once: as they lie on disk they travel, and the server opens them.

use domain::AttachmentId;
use js_sys::Uint8Array;
use sync::wire::{Base64, BeginUpload, SealKey, SealedKey, SealedMutation};
use web_sys::CryptoKey;

use super::{
    VaultError,
    author::{base64, bytes},
    crypto::{self, Sealed},
    seal::Agreed,
};

const KEY_BYTES: u32 = 32;

/// A key for the chunks of one content.
pub(crate) struct ContentKey {
    attachment_id: AttachmentId,
    /// As it is sealed to the server and kept for its author.
    raw: Uint8Array,
    key: CryptoKey,
}

impl ContentKey {
    /// A fresh one.
    ///
    /// # Errors
    /// The browser's cryptography failed.
    pub(crate) async fn create(attachment_id: AttachmentId) -> Result<Self, VaultError> {
        Self::of(attachment_id, crypto::random(KEY_BYTES)?).await
    }

    /// One that was kept.
    ///
    /// # Errors
    /// It is no key.
    pub(crate) async fn restore(attachment_id: AttachmentId, kept: &Base64) -> Result<Self, VaultError> {
        Self::of(attachment_id, Uint8Array::from(bytes(kept)?.as_slice())).await
    }

    async fn of(attachment_id: AttachmentId, raw: Uint8Array) -> Result<Self, VaultError> {
        Ok(Self { attachment_id, key: crypto::import(&raw).await?, raw })
    }

    /// To be sealed before it is kept.
    pub(crate) fn to_keep(&self) -> Base64 {
        base64(&self.raw.to_vec())
    }

    /// Seals one chunk.
    ///
    /// # Errors
    /// The browser's cryptography failed.
    pub(crate) async fn seal(&self, chunk: u32, content: &Uint8Array) -> Result<Sealed, VaultError> {
        crypto::seal(&self.key, content, &SealedKey::chunk_context(self.attachment_id, chunk)).await
    }

    /// Opens one chunk.
    ///
    /// # Errors
    /// It is another one, or was changed.
    pub(crate) async fn open(&self, chunk: u32, sealed: &Sealed) -> Result<Uint8Array, VaultError> {
        crypto::start_open(&self.key, sealed, &SealedKey::chunk_context(self.attachment_id, chunk))?.bytes().await
    }

    /// Seals the key to the server.
    ///
    /// # Errors
    /// What is given is no public key.
    pub(crate) async fn seal_to(&self, server: &SealKey) -> Result<SealedKey, VaultError> {
        let Agreed { sender_key, key } = Agreed::with(&server.public_key, SealedMutation::KEY_INFO).await?;
        let sealed = crypto::seal(&key, &self.raw, &SealedKey::context(self.attachment_id)).await?;
        Ok(SealedKey { key_id: server.key_id.clone(), sender_key, iv: base64(&sealed.iv.to_vec()), ct: base64(&sealed.ct.to_vec()) })
    }
}

/// Signs what announces a content, with the key that whoever holds the device can use.
///
/// # Errors
/// The browser's cryptography failed.
pub(crate) async fn sign_begin(device_key: &CryptoKey, begin: BeginUpload) -> Result<BeginUpload, VaultError> {
    let signature = base64(&crypto::sign(device_key, &begin.signed_bytes()).await?);
    Ok(BeginUpload { signature, ..begin })
}
