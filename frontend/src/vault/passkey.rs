//! The device's screen lock as a way in: a passkey whose PRF (WebAuthn level 3) gives 32 secret bytes, always the same for the same salt.
//!
//! The server knows nothing of this passkey: it opens what is on this device, and signs nobody in.

use js_sys::{Array, ArrayBuffer, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use super::{VaultError, crypto::random};
use crate::{
    platform::{credentials, member, object},
    webauthn::{self, WebAuthnError},
};

/// How long the browser waits for the worker, in milliseconds.
const PATIENCE_MS: u32 = 60_000;

const CHALLENGE_BYTES: u32 = 32;
const USER_BYTES: u32 = 16;
const PRF_BYTES: u32 = 32;

/// Why the device's screen lock did not open anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum PasskeyError {
    #[error("no passkey was made for this device")]
    Absent,
    #[error("this browser or its screen lock cannot give a key")]
    Unable,
    #[error("the worker let it be, or the passkey is not there any more")]
    Refused,
}

impl From<WebAuthnError> for PasskeyError {
    fn from(error: WebAuthnError) -> Self {
        match error {
            WebAuthnError::Unable => Self::Unable,
            WebAuthnError::Refused | WebAuthnError::TimedOut | WebAuthnError::HasOne => Self::Refused,
        }
    }
}

/// Makes a passkey for this device. Gives its id and what its PRF says to `salt`.
pub(super) async fn create(salt: &[u8]) -> Result<(Vec<u8>, Uint8Array), VaultError> {
    // The browser lists passkeys by this name. It says nothing about anybody.
    let user = object(&[
        ("id", random(USER_BYTES)?.into()),
        ("name", "Doorstep on this device".into()),
        ("displayName", "Doorstep on this device".into()),
    ]);
    let kind = |algorithm: i32| object(&[("type", "public-key".into()), ("alg", algorithm.into())]);
    let selection = object(&[
        ("authenticatorAttachment", "platform".into()),
        ("residentKey", "required".into()),
        ("requireResidentKey", true.into()),
        ("userVerification", "required".into()),
    ]);
    let options = object(&[
        ("challenge", random(CHALLENGE_BYTES)?.into()),
        ("rp", object(&[("name", "Doorstep".into())])),
        ("user", user),
        // ES256, RS256: what platform authenticators have.
        ("pubKeyCredParams", Array::of2(&kind(-7), &kind(-257)).into()),
        ("authenticatorSelection", selection),
        ("timeout", PATIENCE_MS.into()),
        ("extensions", prf(salt)),
    ]);
    let created = webauthn::create(options).await.map_err(PasskeyError::from)?;
    let said = member(&created.get_client_extension_results(), "prf");
    if member(&said, "enabled").as_bool() != Some(true) {
        return Err(PasskeyError::Unable.into());
    }
    let id = Uint8Array::new(&created.raw_id()).to_vec();
    // Some authenticators answer at once, others only when they are asked.
    match secret_of(&said) {
        Some(secret) => Ok((id, secret)),
        None => ask(&id, salt).await.map(|secret| (id, secret)),
    }
}

/// Asks the passkey for what its PRF says to `salt`.
pub(super) async fn ask(credential_id: &[u8], salt: &[u8]) -> Result<Uint8Array, VaultError> {
    let allowed = object(&[
        ("type", "public-key".into()),
        ("id", Uint8Array::from(credential_id).into()),
        ("transports", Array::of1(&"internal".into()).into()),
    ]);
    let options = object(&[
        ("challenge", random(CHALLENGE_BYTES)?.into()),
        ("allowCredentials", Array::of1(&allowed).into()),
        ("userVerification", "required".into()),
        ("timeout", PATIENCE_MS.into()),
        ("extensions", prf(salt)),
    ]);
    let answer = webauthn::get(options).await.map_err(PasskeyError::from)?;
    let said = member(&answer.get_client_extension_results(), "prf");
    secret_of(&said).ok_or_else(|| PasskeyError::Unable.into())
}

/// Whether this device has a screen lock that could be asked.
pub(crate) async fn may_be_there() -> bool {
    let asked = async {
        let credential = member(&leptos::prelude::window(), "PublicKeyCredential");
        let ask = member(&credential, "isUserVerifyingPlatformAuthenticatorAvailable").dyn_into::<js_sys::Function>().ok()?;
        let promise = ask.call0(&credential).ok()?.dyn_into::<js_sys::Promise>().ok()?;
        JsFuture::from(promise).await.ok()?.as_bool()
    };
    credentials().is_some() && asked.await == Some(true)
}

/// The extension's input; the label keeps this use apart from every other of the same salt.
fn prf(salt: &[u8]) -> JsValue {
    let input = [b"doorstep/prf/1|".as_slice(), salt].concat();
    object(&[("prf", object(&[("eval", object(&[("first", Uint8Array::from(input.as_slice()).into())]))]))])
}

fn secret_of(said: &JsValue) -> Option<Uint8Array> {
    let first = member(&member(said, "results"), "first").dyn_into::<ArrayBuffer>().ok()?;
    let secret = Uint8Array::new(&first);
    (secret.length() == PRF_BYTES).then_some(secret)
}
