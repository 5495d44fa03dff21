//! Passkeys as browsers have them (WebAuthn level 3): making one, and letting one answer.

use js_sys::{Function, JSON, Promise};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use crate::{
    clock,
    platform::{Credential, Credentials, credentials, member, object},
};

/// Why no passkey was made, or none answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum WebAuthnError {
    #[error("this browser or its authenticator cannot do it")]
    Unable,
    #[error("the worker let it be, or there is no passkey that fits")]
    Refused,
    #[error("nobody did anything in the time that there was")]
    TimedOut,
    #[error("the authenticator holds one of this account already")]
    HasOne,
}

/// Makes a passkey from `publicKey`.
pub(crate) async fn create(public_key: JsValue) -> Result<Credential, WebAuthnError> {
    settle(public_key, Credentials::create).await
}

/// Lets a passkey answer what `publicKey` asks.
pub(crate) async fn get(public_key: JsValue) -> Result<Credential, WebAuthnError> {
    settle(public_key, Credentials::get).await
}

/// Makes a passkey as the office wishes: `{"publicKey": …}` in JSON, as WebAuthn writes it, and back the same way.
///
/// # Errors
/// The browser cannot, or the worker did not.
pub(crate) async fn create_for_office(options: &str) -> Result<String, WebAuthnError> {
    to_json(&create(read("parseCreationOptionsFromJSON", options)?).await?)
}

/// Lets a passkey answer the office; JSON both ways, as above.
///
/// # Errors
/// The browser cannot, or the worker did not.
pub(crate) async fn get_for_office(options: &str) -> Result<String, WebAuthnError> {
    to_json(&get(read("parseRequestOptionsFromJSON", options)?).await?)
}

type Call = fn(&Credentials, &JsValue) -> Result<Promise, JsValue>;

async fn settle(public_key: JsValue, call: Call) -> Result<Credential, WebAuthnError> {
    let patience_ms = member(&public_key, "timeout").as_f64().unwrap_or(f64::INFINITY);
    let credentials = credentials().ok_or(WebAuthnError::Unable)?;
    let begun_ms = clock::stopwatch_ms();
    let asked = call(&credentials, &object(&[("publicKey", public_key)])).map_err(|_| WebAuthnError::Unable)?;
    match JsFuture::from(asked).await {
        Ok(given) if given.is_object() => Ok(given.unchecked_into()),
        Ok(_) => Err(WebAuthnError::Refused),
        Err(error) => Err(problem(&error, clock::stopwatch_ms() - begun_ms >= patience_ms)),
    }
}

fn problem(error: &JsValue, time_is_up: bool) -> WebAuthnError {
    match member(error, "name").as_string().as_deref() {
        // Browsers do not say whether the worker let it be, the time was up, or there is no such passkey.
        Some("NotAllowedError" | "AbortError") if time_is_up => WebAuthnError::TimedOut,
        Some("NotAllowedError" | "AbortError") => WebAuthnError::Refused,
        Some("InvalidStateError") => WebAuthnError::HasOne,
        _ => WebAuthnError::Unable,
    }
}

/// The options as the browser wants them, by its own reading of WebAuthn's JSON.
fn read(how: &str, options: &str) -> Result<JsValue, WebAuthnError> {
    let unable = |_| WebAuthnError::Unable;
    let class = member(&leptos::prelude::window(), "PublicKeyCredential");
    let how = member(&class, how).dyn_into::<Function>().map_err(unable)?;
    let options = JSON::parse(options).map_err(unable)?;
    how.call1(&class, &member(&options, "publicKey")).map_err(unable)
}

fn to_json(credential: &Credential) -> Result<String, WebAuthnError> {
    let json = credential.to_json().and_then(|json| JSON::stringify(&json)).map_err(|_| WebAuthnError::Unable)?;
    Ok(json.into())
}
