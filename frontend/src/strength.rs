//! Whether a passphrase stands against somebody who copied the disk, and fresh ones that do. The lists of words are a program of their own
//! (frontend/strength), which a worker loads when it is wanted.

use app::desk::{DeskError, Weakness};
use js_sys::Array;
use wasm_bindgen::prelude::*;

use crate::{
    asking::Asked,
    platform::{member, object},
    vault::random,
};

/// Bytes of chance for a passphrase.
const CHANCE_BYTES: u32 = 12;

/// Lets strong passphrases pass.
///
/// # Errors
/// It is weak, or it could not be rated: then nothing is set up.
pub(crate) async fn check(passphrase: &str, known: &[&str]) -> Result<(), DeskError> {
    let known: Array = known.iter().map(|text| JsValue::from_str(text)).collect();
    let question = object(&[("passphrase", passphrase.into()), ("known", known.into())]);
    let answer = ask(&question).await.ok_or(DeskError::NotAvailable)?;
    if member(&answer, "rated").as_bool() != Some(true) {
        return Err(DeskError::NotAvailable);
    }
    match member(&answer, "weakness").as_string() {
        None => Ok(()),
        Some(code) => Err(DeskError::PassphraseTooWeak(read(&code))),
    }
}

/// Six words by chance; none where the list did not come.
pub(crate) async fn make() -> Option<String> {
    let chance = random(CHANCE_BYTES).ok()?;
    member(&ask(&object(&[("chance", chance.into())])).await?, "passphrase").as_string()
}

async fn ask(question: &JsValue) -> Option<JsValue> {
    Asked::start("data-strength")?.ask(question).await
}

fn read(code: &str) -> Weakness {
    match code {
        "too-short" => Weakness::TooShort,
        "common" => Weakness::Common,
        "name" => Weakness::Name,
        "date" => Weakness::Date,
        "repeated" => Weakness::Repeated,
        "sequence" => Weakness::Sequence,
        "keyboard" => Weakness::Keyboard,
        _ => Weakness::Guessable,
    }
}
