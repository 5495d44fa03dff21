//! The device: starts the app in the browser, keeps the caseload in memory and, sealed, on disk, and syncs it.
//!
//! Used by the page's scripts only; uses `app`, `sync` and `domain`. **It does not know** rules (they are in `domain`), what an answer of the
//! server means for unsent work (that is in `sync`), or how a page looks (that is in `app`).
//!
//! Two parts are loaded one after the other (docs/decisions/0005): `start` and `doorman`, with which a page to sign in is alive, and
//! everything else, which `inside` begins.

mod app_manners;
mod asking;
mod auto_lock;
mod backoff;
mod bell;
mod clock;
mod contents;
mod core;
mod desk;
mod device_kind;
mod dictation;
mod door;
mod doorman;
mod enrol;
mod hand_in;
mod http;
mod inside;
mod kdf;
mod keeper;
mod language;
mod lease;
mod locked;
mod locks;
mod office;
mod outbox_view;
mod places;
mod platform;
mod poke;
mod read_log;
mod reminders;
mod rows;
mod screen_lock;
mod service_worker;
mod shared;
mod slice;
mod start;
mod storage;
mod store;
mod strength;
mod sync_loop;
mod update;
mod upgrade;
mod vault;
mod webauthn;
mod wipe;
mod withdrawal;

use wasm_bindgen::prelude::*;

/// Starts the app in the language of a tag, with the words of that language; called once, by boot.js.
///
/// # Errors
/// The page cannot be brought to life; what the server drew stays readable.
#[wasm_bindgen]
pub fn start(language: &str, words: String) -> Result<(), JsError> {
    console_error_panic_hook::set_once();
    language::begin(language, words)?;
    Ok(start::start()?)
}
