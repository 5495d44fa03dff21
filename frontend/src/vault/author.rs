//! Two keys that sign what is handed in sealed: the author's, which only an unlocked device can use, and the device's own.

use std::{cell::OnceCell, rc::Rc};

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use sync::wire::{Base64, DeviceId, DeviceSays};
use web_sys::CryptoKey;

use super::{
    VaultError, WrappedKey,
    crypto::{self, Kind},
};

const CONTEXT: &str = "keys|author|1";

/// Bytes from where they travelled.
///
/// # Errors
/// It is no base64url.
pub(super) fn bytes(text: &Base64) -> Result<Vec<u8>, VaultError> {
    BASE64_URL_SAFE_NO_PAD.decode(&text.0).map_err(|_| VaultError::Damaged)
}

/// Bytes as they travel.
pub(super) fn base64(bytes: &[u8]) -> Base64 {
    Base64(BASE64_URL_SAFE_NO_PAD.encode(bytes))
}

pub(super) struct NewAuthor {
    pub(super) public: Base64,
    pub(super) wrapped: WrappedKey,
}

pub(super) struct NewDeviceKey {
    pub(super) public: Base64,
    pub(super) private: CryptoKey,
}

/// Makes an author's key, wrapped.
pub(super) async fn create(wrapping: &CryptoKey) -> Result<NewAuthor, VaultError> {
    let pair = crypto::generate_pair("ECDSA", true, &["sign", "verify"]).await?;
    let public = base64(&crypto::export("spki", &pair.get_public_key()).await?);
    let wrapped = WrappedKey::of(&crypto::wrap("pkcs8", &pair.get_private_key(), wrapping, CONTEXT).await?);
    Ok(NewAuthor { public, wrapped })
}

/// Makes a device's key.
pub(super) async fn create_device_key() -> Result<NewDeviceKey, VaultError> {
    let pair = crypto::generate_pair("ECDSA", false, &["sign", "verify"]).await?;
    Ok(NewDeviceKey { public: base64(&crypto::export("spki", &pair.get_public_key()).await?), private: pair.get_private_key() })
}

/// What a device says of itself, signed with its own key.
///
/// # Errors
/// The browser's cryptography failed.
pub(crate) async fn sign_as_device(key: &CryptoKey, said: DeviceSays, device_id: DeviceId) -> Result<Base64, VaultError> {
    Ok(base64(&crypto::sign(key, &said.signed_bytes(device_id)).await?))
}

/// The author's key of an unlocked device; opened when it is used first, because opening the caseload comes before.
#[derive(Clone)]
pub(crate) struct AuthorKey {
    wrapping: CryptoKey,
    wrapped: WrappedKey,
    opened: Rc<OnceCell<CryptoKey>>,
}

impl AuthorKey {
    pub(super) fn new(wrapping: CryptoKey, wrapped: WrappedKey) -> Self {
        Self { wrapping, wrapped, opened: Rc::default() }
    }

    /// The key, ready to sign.
    ///
    /// # Errors
    /// The keyring was changed.
    pub(crate) async fn open(&self) -> Result<CryptoKey, VaultError> {
        if let Some(key) = self.opened.get() {
            return Ok(key.clone());
        }
        let key = crypto::unwrap(Kind::Signing, &self.wrapped.sealed(), &self.wrapping, CONTEXT).await?;
        Ok(self.opened.get_or_init(|| key).clone())
    }
}
