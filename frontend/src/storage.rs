//! What the browser says of this app's storage: how much there is, and whether it promised to keep it.

use app::desk::{Access, DeskState, Keeping};
use js_sys::Promise;
use leptos::prelude::{GetUntracked, Update, document, window};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{HtmlDocument, StorageEstimate, StorageManager};

use crate::{places, platform};

/// Reads it anew for the pages.
pub(crate) async fn refresh(state: &DeskState) {
    let persisted = settle(manager().map(|manager| manager.persisted())).await.and_then(|answer| answer.as_bool());
    let estimate = settle(manager().map(|manager| manager.estimate())).await.map(JsCast::unchecked_into::<StorageEstimate>);
    let used = estimate.as_ref().and_then(StorageEstimate::get_usage);
    let quota = estimate.as_ref().and_then(StorageEstimate::get_quota);
    let is_cleared = was_cleared(state).await;
    state.storage.update(|storage| {
        storage.persisted = persisted;
        storage.cleared = is_cleared;
        storage.used_bytes = used.map(whole);
        storage.free_bytes = used.zip(quota).map(|(used, quota)| whole(quota - used));
        storage.unsupported = !platform::can_keep_sealed();
        storage.install_first = platform::must_be_installed_first();
    });
}

/// Asks the browser never to clear this app's storage by itself.
pub(crate) async fn ask_to_persist() -> bool {
    settle(manager().map(|manager| manager.persist())).await.and_then(|answer| answer.as_bool()).unwrap_or(false)
}

/// A cookie, because a browser that clears an app's storage leaves its cookies. It says nothing about anybody.
const ENROLLED: &str = "doorstep-enrolled=1";

/// Notes that this browser is a device with a caseload.
pub(crate) fn mark_enrolled() {
    let document = document().unchecked_into::<HtmlDocument>();
    // Without cookies nobody could sign in either.
    let _ = document.set_cookie(&format!("{ENROLLED}; Path=/; Max-Age=31536000; SameSite=Strict"));
}

/// Takes that back.
pub(crate) fn unmark_enrolled() {
    let document = document().unchecked_into::<HtmlDocument>();
    // A mark that stays behind makes the page warn of notes that may be lost, no more.
    let _ = document.set_cookie(&format!("{ENROLLED}; Path=/; Max-Age=0; SameSite=Strict"));
}

/// There was a sealed caseload in this browser, and there is none.
async fn was_cleared(state: &DeskState) -> bool {
    let is_sealed = matches!(state.access.get_untracked(), Access::Locked | Access::OpenElsewhere | Access::Broken(_));
    let is_set_up = is_sealed || state.keeping.get_untracked() == Keeping::Device;
    let is_marked = || document().unchecked_into::<HtmlDocument>().cookie().is_ok_and(|cookies| cookies.contains(ENROLLED));
    // That of somebody else may be there.
    !is_set_up && is_marked() && places::is_any_set_up().await == Ok(false)
}

fn manager() -> Option<StorageManager> {
    let manager = platform::member(&window().navigator(), "storage");
    (!manager.is_undefined()).then(|| manager.unchecked_into())
}

async fn settle(promise: Option<Result<Promise, JsValue>>) -> Option<JsValue> {
    JsFuture::from(promise?.ok()?).await.ok()
}

fn whole(bytes: f64) -> u64 {
    bytes.max(0.0) as u64
}
