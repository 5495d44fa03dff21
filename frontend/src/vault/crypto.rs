//! What the browser's cryptography is asked for, and in which shape. No key of ours is made or used anywhere else.

use js_sys::{Array, ArrayBuffer, Object, Promise, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{AesGcmParams, CryptoKey, CryptoKeyPair, SubtleCrypto};

use super::VaultError;
use crate::platform::object;

/// The size of a random IV for AES-GCM, in bytes.
pub(crate) const IV_BYTES: u32 = 12;

/// The shape of what this build seals: which key, which algorithm, what is authenticated beside it. Another number is never guessed at.
pub(crate) const SEAL_VERSION: u8 = 2;

/// What AES-GCM made. The bytes stay in the browser's memory, out of ours, until they are opened.
#[derive(Clone, Debug)]
pub(crate) struct Sealed {
    pub(crate) v: u8,
    pub(crate) iv: Uint8Array,
    pub(crate) ct: Uint8Array,
}

impl Sealed {
    fn new(iv: Uint8Array, ct: &ArrayBuffer) -> Self {
        Self { v: SEAL_VERSION, iv, ct: Uint8Array::new(ct) }
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

/// Takes secret bytes as something to derive keys from, and wipes them.
///
/// # Errors
/// The browser's cryptography failed.
pub(crate) async fn secret(bytes: &Uint8Array) -> Result<CryptoKey, VaultError> {
    let key = settle(subtle()?.import_key_with_str("raw", bytes, "HKDF", false, &usages(&["deriveKey"]))).await;
    bytes.fill(0, 0, bytes.length());
    key
}

/// Derives a key for AES-GCM-256 by HKDF-SHA-256; it cannot be exported.
///
/// # Errors
/// The browser's cryptography failed.
pub(crate) async fn derive(secret: &CryptoKey, salt: &[u8], info: &str, uses: &[&str]) -> Result<CryptoKey, VaultError> {
    let hkdf = object(&[
        ("name", "HKDF".into()),
        ("hash", "SHA-256".into()),
        ("salt", Uint8Array::from(salt).into()),
        ("info", Uint8Array::from(info.as_bytes()).into()),
    ]);
    settle(subtle()?.derive_key_with_object_and_object(hkdf.unchecked_ref(), secret, &aes(), false, &usages(uses))).await
}

/// Seals bytes under a fresh IV, with `context` authenticated beside them.
///
/// # Errors
/// The browser's cryptography failed.
pub(crate) async fn seal(key: &CryptoKey, bytes: &Uint8Array, context: &str) -> Result<Sealed, VaultError> {
    let iv = random(IV_BYTES)?;
    // The browser takes its own copy of the bytes before this call returns.
    let ct = settle::<ArrayBuffer>(subtle()?.encrypt_with_object_and_js_u8_array(&gcm(&iv, context), key, bytes)).await?;
    Ok(Sealed::new(iv, &ct))
}

/// Starts to open what [`seal`] made; many can be under way at once.
///
/// # Errors
/// The browser's cryptography failed.
pub(crate) fn start_open(key: &CryptoKey, sealed: &Sealed, context: &str) -> Result<Opening, VaultError> {
    let opening = subtle()?.decrypt_with_object_and_js_u8_array(&gcm(&sealed.iv, context), key, &sealed.ct);
    opening.map(Opening).map_err(|_| VaultError::Crypto)
}

/// Sealed bytes that the browser is opening.
pub(crate) struct Opening(Promise);

impl Opening {
    /// The bytes, when they are there.
    ///
    /// # Errors
    /// They were sealed with another key, for another place, or were changed.
    pub(crate) async fn bytes(self) -> Result<Uint8Array, VaultError> {
        let opened = JsFuture::from(self.0).await.map_err(|_| VaultError::Damaged)?;
        Ok(Uint8Array::new(&opened))
    }
}

/// A fresh key for AES-GCM-256 that can be wrapped.
///
/// # Errors
/// The browser's cryptography failed.
pub(crate) async fn generate() -> Result<CryptoKey, VaultError> {
    settle(subtle()?.generate_key_with_object(&aes(), true, &usages(&["encrypt", "decrypt"]))).await
}

/// Takes 32 bytes as a key for AES-GCM-256; it cannot be exported.
///
/// # Errors
/// They are not 32.
pub(crate) async fn import(bytes: &Uint8Array) -> Result<CryptoKey, VaultError> {
    settle(subtle()?.import_key_with_object("raw", bytes, &aes(), false, &usages(&["encrypt", "decrypt"]))).await
}

/// SHA-256.
///
/// # Errors
/// The browser's cryptography failed.
pub(crate) async fn digest(bytes: &Uint8Array) -> Result<[u8; 32], VaultError> {
    let digest = settle::<ArrayBuffer>(subtle()?.digest_with_str_and_js_u8_array("SHA-256", bytes)).await?;
    Uint8Array::new(&digest).to_vec().try_into().map_err(|_| VaultError::Crypto)
}

/// A fresh pair of keys on P-256: `ECDSA` to sign, `ECDH` to agree on a key.
///
/// # Errors
/// The browser's cryptography failed.
pub(crate) async fn generate_pair(algorithm: &str, extractable: bool, uses: &[&str]) -> Result<CryptoKeyPair, VaultError> {
    settle(subtle()?.generate_key_with_object(&p256(algorithm), extractable, &usages(uses))).await
}

/// Wraps a key in `format` (`raw`, `pkcs8`).
///
/// # Errors
/// The browser's cryptography failed.
pub(crate) async fn wrap(format: &str, key: &CryptoKey, wrapping: &CryptoKey, context: &str) -> Result<Sealed, VaultError> {
    let iv = random(IV_BYTES)?;
    let ct = settle::<ArrayBuffer>(subtle()?.wrap_key_with_object(format, key, wrapping, &gcm(&iv, context))).await?;
    Ok(Sealed::new(iv, &ct))
}

/// What a wrapped key is, and what it may be used for once it is unwrapped. It cannot be exported then.
#[derive(Clone, Copy)]
pub(crate) enum Kind {
    /// Something to derive keys from.
    Secret,
    /// AES-GCM-256.
    Rows,
    /// ECDSA over P-256.
    Signing,
    /// ECDH over P-256.
    Agreement,
}

/// Opens a wrapped key.
///
/// # Errors
/// It was wrapped by another key, for another place, or was changed.
pub(crate) async fn unwrap(kind: Kind, wrapped: &Sealed, wrapping: &CryptoKey, context: &str) -> Result<CryptoKey, VaultError> {
    let (format, algorithm, uses) = match kind {
        Kind::Secret => ("raw", object(&[("name", "HKDF".into())]).unchecked_into(), usages(&["deriveKey"])),
        Kind::Rows => ("raw", aes(), usages(&["encrypt", "decrypt"])),
        Kind::Signing => ("pkcs8", p256("ECDSA"), usages(&["sign"])),
        Kind::Agreement => ("pkcs8", p256("ECDH"), usages(&["deriveBits"])),
    };
    let params = gcm(&wrapped.iv, context);
    let key = subtle()?
        .unwrap_key_with_js_u8_array_and_object_and_object(format, &wrapped.ct, wrapping, &params, &algorithm, false, &uses)
        .map_err(|_| VaultError::Crypto)?;
    let key = JsFuture::from(key).await.map_err(|_| VaultError::Damaged)?;
    key.dyn_into().map_err(|_| VaultError::Crypto)
}

/// A public key in `format`: `raw` is the point (SEC 1, uncompressed), `spki` is RFC 5480.
///
/// # Errors
/// The browser's cryptography failed.
pub(crate) async fn export(format: &str, key: &CryptoKey) -> Result<Vec<u8>, VaultError> {
    let bytes = settle::<ArrayBuffer>(subtle()?.export_key(format, key)).await?;
    Ok(Uint8Array::new(&bytes).to_vec())
}

/// What a private key and somebody's public key (a point of P-256) agree on, as something to derive keys from.
///
/// # Errors
/// The bytes are not a point of P-256.
pub(crate) async fn agree(private: &CryptoKey, public: &[u8]) -> Result<CryptoKey, VaultError> {
    const SHARED_BITS: u32 = 256;
    let point = Uint8Array::from(public);
    let public: CryptoKey = settle(subtle()?.import_key_with_object("raw", &point, &p256("ECDH"), true, &Array::new().into())).await?;
    let ecdh = object(&[("name", "ECDH".into()), ("public", public.into())]);
    let shared = settle::<ArrayBuffer>(subtle()?.derive_bits_with_object(ecdh.unchecked_ref(), private, SHARED_BITS)).await?;
    secret(&Uint8Array::new(&shared)).await
}

/// Signs by ECDSA with SHA-256; r and s (IEEE P1363).
///
/// # Errors
/// The browser's cryptography failed.
pub(crate) async fn sign(key: &CryptoKey, bytes: &[u8]) -> Result<Vec<u8>, VaultError> {
    let ecdsa = object(&[("name", "ECDSA".into()), ("hash", "SHA-256".into())]);
    let signing = subtle()?.sign_with_object_and_js_u8_array(ecdsa.unchecked_ref(), key, &Uint8Array::from(bytes));
    let signature = settle::<ArrayBuffer>(signing).await?;
    Ok(Uint8Array::new(&signature).to_vec())
}

fn gcm(iv: &Uint8Array, context: &str) -> AesGcmParams {
    let params = AesGcmParams::new_with_u8_array("AES-GCM", iv);
    params.set_additional_data_u8_array(&Uint8Array::from(context.as_bytes()));
    params
}

fn aes() -> Object {
    object(&[("name", "AES-GCM".into()), ("length", 256.into())]).unchecked_into()
}

fn p256(algorithm: &str) -> Object {
    object(&[("name", algorithm.into()), ("namedCurve", "P-256".into())]).unchecked_into()
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
