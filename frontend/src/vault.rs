//! Keys, and sealing with them: WebCrypto only. Everything that goes to disk passes through here first.
//!
//! passphrase → Argon2id → HKDF → key-encryption key, which wraps the data key, which seals rows. No key can be exported once it is in use.

use js_sys::{Array, Object, Promise, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{AesGcmParams, CryptoKey, SubtleCrypto};

use crate::{
    kdf::{self, Deriver},
    keyring::{Keyring, KeyringError, Wrap, WrapKind},
    platform::object,
    store::DATABASE,
};

/// The shape of a sealed value.
pub(crate) const SEAL_VERSION: u8 = 1;

const IV_BYTES: u32 = 12;
const SALT_BYTES: u32 = 16;

/// Sealed bytes as they stand on disk. They stay in the browser's memory, out of ours, until they are opened.
#[derive(Clone, Debug)]
pub(crate) struct Sealed {
    pub(crate) iv: Uint8Array,
    pub(crate) ct: Uint8Array,
}

/// Why something was not sealed or opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum VaultError {
    #[error("the passphrase does not open this device")]
    WrongPassphrase,
    #[error(transparent)]
    Keyring(#[from] KeyringError),
    #[error("the passphrase could not be worked on")]
    Kdf,
    #[error("the sealed data does not open with this device's key")]
    Damaged,
    #[error("the browser's cryptography failed")]
    Crypto,
}

/// The data key of an unlocked device.
#[derive(Clone, Debug)]
pub(crate) struct Vault {
    key: CryptoKey,
}

impl Vault {
    /// Makes a data key and the keyring in which it is wrapped by the passphrase.
    ///
    /// # Errors
    /// The browser has no memory for the derivation, or its cryptography failed.
    pub(crate) async fn create(passphrase: &str) -> Result<(Self, Keyring), VaultError> {
        let salt = random(SALT_BYTES)?.to_vec();
        let (cost, secret) = kdf::derive_fitted(passphrase, &salt).await.map_err(|_| VaultError::Kdf)?;
        let wrapping = wrapping_key(&secret, &salt).await?;
        let iv = random(IV_BYTES)?;
        let params = gcm(&iv, &wrap_context(WrapKind::Passphrase, Wrap::PASSPHRASE_VERSION));
        let exportable: CryptoKey = settle(subtle()?.generate_key_with_object(&aes(), true, &usages(&["encrypt", "decrypt"]))).await?;
        let wrapped = settle::<JsValue>(subtle()?.wrap_key_with_object("raw", &exportable, &wrapping, &params)).await?;
        let wrap = Wrap {
            kind: WrapKind::Passphrase,
            v: Wrap::PASSPHRASE_VERSION,
            cost: Some(cost),
            salt,
            iv: iv.to_vec(),
            key: Uint8Array::new(&wrapped).to_vec(),
        };
        // From here on the key is the one that cannot be exported.
        let key = unwrap(&wrap, &wrapping).await?;
        Ok((Self { key }, Keyring::new(wrap)))
    }

    /// Opens the data key with the passphrase.
    ///
    /// # Errors
    /// It is the wrong passphrase, or the keyring is of a newer build or damaged.
    pub(crate) async fn open_with(keyring: &Keyring, passphrase: &str) -> Result<Self, VaultError> {
        let (wrap, cost) = keyring.passphrase()?;
        let deriver = Deriver::start().map_err(|_| VaultError::Kdf)?;
        let secret = deriver.derive(passphrase, &wrap.salt, cost).await.map_err(|_| VaultError::Kdf)?;
        let wrapping = wrapping_key(&secret, &wrap.salt).await?;
        Ok(Self { key: unwrap(wrap, &wrapping).await? })
    }

    /// Seals bytes for one place in the store.
    ///
    /// # Errors
    /// The browser's cryptography failed.
    pub(crate) async fn seal(&self, bytes: &[u8], place: &str) -> Result<Sealed, VaultError> {
        let iv = random(IV_BYTES)?;
        // The browser takes its own copy of the bytes before this call returns.
        let sealing = subtle()?.encrypt_with_object_and_js_u8_array(&gcm(&iv, &row_context(place)), &self.key, &Uint8Array::from(bytes));
        let ct = settle::<JsValue>(sealing).await?;
        Ok(Sealed { iv, ct: Uint8Array::new(&ct) })
    }

    /// Starts to open what stands in one place of the store; many can be under way at once.
    ///
    /// # Errors
    /// The browser's cryptography failed.
    pub(crate) fn start_open(&self, sealed: &Sealed, place: &str) -> Result<Opening, VaultError> {
        let params = gcm(&sealed.iv, &row_context(place));
        let opening = subtle()?.decrypt_with_object_and_js_u8_array(&params, &self.key, &sealed.ct);
        opening.map(Opening).map_err(|_| VaultError::Crypto)
    }

    /// Opens what stands in one place of the store.
    ///
    /// # Errors
    /// It was sealed with another key, for another place, or was changed.
    pub(crate) async fn open(&self, sealed: &Sealed, place: &str) -> Result<Vec<u8>, VaultError> {
        self.start_open(sealed, place)?.bytes().await
    }
}

/// Sealed bytes that the browser is opening.
pub(crate) struct Opening(Promise);

impl Opening {
    /// The bytes, when they are there.
    ///
    /// # Errors
    /// They were sealed with another key, for another place, or were changed.
    pub(crate) async fn bytes(self) -> Result<Vec<u8>, VaultError> {
        let opened = JsFuture::from(self.0).await.map_err(|_| VaultError::Damaged)?;
        Ok(Uint8Array::new(&opened).to_vec())
    }
}

/// Random bytes of the browser's.
///
/// # Errors
/// The browser has none.
pub(crate) fn random(length: u32) -> Result<Uint8Array, VaultError> {
    /// The most that the browser gives at a time.
    const AT_ONCE: u32 = 65_536;
    let crypto = leptos::prelude::window().crypto().map_err(|_| VaultError::Crypto)?;
    let bytes = Uint8Array::new_with_length(length);
    for start in (0..length).step_by(AT_ONCE as usize) {
        let part = bytes.subarray(start, length.min(start + AT_ONCE));
        crypto.get_random_values_with_js_u8_array(&part).map_err(|_| VaultError::Crypto)?;
    }
    Ok(bytes)
}

async fn wrapping_key(secret: &Uint8Array, salt: &[u8]) -> Result<CryptoKey, VaultError> {
    let material: CryptoKey = settle(subtle()?.import_key_with_str("raw", secret, "HKDF", false, &usages(&["deriveKey"]))).await?;
    secret.fill(0, 0, secret.length());
    let hkdf = object(&[
        ("name", "HKDF".into()),
        ("hash", "SHA-256".into()),
        ("salt", Uint8Array::from(salt).into()),
        ("info", Uint8Array::from(b"doorstep/key/passphrase/1".as_slice()).into()),
    ]);
    let derived =
        subtle()?.derive_key_with_object_and_object(hkdf.unchecked_ref(), &material, &aes(), false, &usages(&["wrapKey", "unwrapKey"]));
    settle(derived).await
}

async fn unwrap(wrap: &Wrap, wrapping: &CryptoKey) -> Result<CryptoKey, VaultError> {
    let params = gcm(&Uint8Array::from(wrap.iv.as_slice()), &wrap_context(wrap.kind, wrap.v));
    let wrapped = Uint8Array::from(wrap.key.as_slice());
    let key = subtle()?
        .unwrap_key_with_js_u8_array_and_object_and_object(
            "raw",
            &wrapped,
            wrapping,
            &params,
            &aes(),
            false,
            &usages(&["encrypt", "decrypt"]),
        )
        .map_err(|_| VaultError::Crypto)?;
    let key = JsFuture::from(key).await.map_err(|_| VaultError::WrongPassphrase)?;
    key.dyn_into().map_err(|_| VaultError::Crypto)
}

fn gcm(iv: &Uint8Array, context: &str) -> AesGcmParams {
    let params = AesGcmParams::new_with_u8_array("AES-GCM", iv);
    params.set_additional_data_u8_array(&Uint8Array::from(context.as_bytes()));
    params
}

/// What is authenticated beside a wrapped key.
fn wrap_context(kind: WrapKind, version: u8) -> String {
    let kind = match kind {
        WrapKind::Passphrase => "passphrase",
        WrapKind::Unknown => "unknown",
    };
    format!("{DATABASE}|{kind}|{version}")
}

/// What is authenticated beside sealed bytes, so that no two places can be swapped.
fn row_context(place: &str) -> String {
    format!("{place}|{SEAL_VERSION}")
}

fn aes() -> Object {
    object(&[("name", "AES-GCM".into()), ("length", 256.into())]).unchecked_into()
}

fn usages(names: &[&str]) -> JsValue {
    names.iter().map(|name| JsValue::from_str(name)).collect::<Array>().into()
}

fn subtle() -> Result<SubtleCrypto, VaultError> {
    leptos::prelude::window().crypto().map(|crypto| crypto.subtle()).map_err(|_| VaultError::Crypto)
}

async fn settle<T: JsCast>(promise: Result<Promise, JsValue>) -> Result<T, VaultError> {
    let value = JsFuture::from(promise.map_err(|_| VaultError::Crypto)?).await.map_err(|_| VaultError::Crypto)?;
    Ok(value.unchecked_into())
}
