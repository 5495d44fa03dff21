//! The vault's letterbox: anybody at the locked device can put words in, and only the unlocked vault takes them out.
//!
//! A pair of keys on P-256. The public half lies open on disk; the private half is wrapped by a key from the master key, with the public
//! one authenticated beside it, so that nobody can put another letterbox in its place unnoticed.

use js_sys::Uint8Array;
use serde::{Deserialize, Serialize};
use sync::wire::Base64;
use web_sys::CryptoKey;

use super::{
    SEAL_VERSION, Sealed, VaultError, WrappedKey,
    author::{base64, bytes},
    crypto::{self, Kind},
    seal::Agreed,
};

/// HKDF's `info`.
const KEY_INFO: &str = "doorstep/letterbox/1";

/// A letterbox as it stands in a keyring.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Letterbox {
    /// A point of P-256 (SEC 1, uncompressed).
    public: Base64,
    private: WrappedKey,
}

/// What was put in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Letter {
    sender_key: Base64,
    iv: Base64,
    ct: Base64,
}

/// What is authenticated beside the wrapped private half.
fn context(public: &Base64) -> String {
    format!("keys|letterbox|1|{}", public.0)
}

impl Letterbox {
    pub(super) async fn create(wrapping: &CryptoKey) -> Result<Self, VaultError> {
        let pair = crypto::generate_pair("ECDH", true, &["deriveBits"]).await?;
        let public = base64(&crypto::export("raw", &pair.get_public_key()).await?);
        let wrapped = crypto::wrap("pkcs8", &pair.get_private_key(), wrapping, &context(&public)).await?;
        Ok(Self { public, private: WrappedKey::of(&wrapped) })
    }

    /// Puts words in. `context` is authenticated beside them.
    ///
    /// # Errors
    /// The browser's cryptography failed.
    pub(crate) async fn put(&self, words: &[u8], context: &str) -> Result<Letter, VaultError> {
        let agreed = Agreed::with(&self.public, KEY_INFO).await?;
        let sealed = crypto::seal(&agreed.key, &Uint8Array::from(words), context).await?;
        Ok(Letter { sender_key: agreed.sender_key, iv: base64(&sealed.iv.to_vec()), ct: base64(&sealed.ct.to_vec()) })
    }

    /// Takes words out, with the key that wraps the private half.
    pub(super) async fn take(&self, letter: &Letter, context: &str, wrapping: &CryptoKey) -> Result<Vec<u8>, VaultError> {
        let private = crypto::unwrap(Kind::Agreement, &self.private.sealed(), wrapping, &self::context(&self.public)).await?;
        let shared = crypto::agree(&private, &bytes(&letter.sender_key)?).await?;
        let key = crypto::derive(&shared, &[], KEY_INFO, &["decrypt"]).await?;
        let part = |text: &Base64| bytes(text).map(|bytes| Uint8Array::from(bytes.as_slice()));
        let sealed = Sealed { v: SEAL_VERSION, iv: part(&letter.iv)?, ct: part(&letter.ct)? };
        Ok(crypto::start_open(&key, &sealed, context)?.bytes().await?.to_vec())
    }
}

#[cfg(test)]
impl Letterbox {
    /// One that opens nothing, for tests of what is around it.
    pub(super) fn sample() -> Self {
        Self { public: Base64("BA".to_owned()), private: WrappedKey { iv: vec![6; 12], key: vec![7; 154] } }
    }
}
