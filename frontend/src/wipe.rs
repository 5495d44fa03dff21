//! A device that was reported as lost empties itself: when everything that was written on it was handed in, and not before.

use app::desk::{Access, StorageProblem};
use js_sys::Array;
use leptos::prelude::{Set, window};
use sync::questions::{ConfirmWipe, Question};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::ServiceWorkerRegistration;

use crate::{
    clock,
    core::Core,
    hand_in,
    http::{self, Answer},
    keeper::Keeper,
    storage,
    store::Store,
    update::container,
};

/// Empties the device and says so to the server, whose answer clears what the browser keeps for this site. False: there is still something
/// that the server has not got, and nothing was removed.
///
/// # Errors
/// The browser refuses to remove it.
pub(crate) async fn obey(core: &Core) -> Result<bool, StorageProblem> {
    if let Keeper::Disk(disk) = core.keeper() {
        hand_in::hand_in_all().await;
        if core.unsent() > 0 || hand_in::is_waiting(disk.store()).await? {
            return Ok(false);
        }
        core.state.access.set(Access::Leaving);
        disk.store().clear().await?;
    } else if core.unsent() > 0 {
        return Ok(false);
    }
    let device_id = core.device().meta().device_id;
    core.state.access.set(Access::Leaving);
    core.forget_all();
    confirm(&ConfirmWipe { device_id }).await;
    // What that answer cleared is not there any more; where it did not come, this is all that can be done.
    storage::unmark_enrolled();
    Store::remove().await;
    let _ = forget_program().await;
    let _ = window().location().replace(app::paths::SIGN_IN);
    Ok(true)
}

/// The device is empty already: where nobody hears it, the supervisor sees that it was never confirmed.
async fn confirm(wiped: &ConfirmWipe) {
    const TRIES: u32 = 5;
    const PAUSE_MS: u32 = 2_000;
    let question = serde_json::to_vec(wiped).expect("an id is plain data");
    for _ in 0..TRIES {
        match http::ask_office(ConfirmWipe::PATH, question.clone()).await {
            Answer::Ok(_) => return,
            Answer::Refused { .. } | Answer::Nobody => clock::sleep(PAUSE_MS).await,
        }
    }
}

/// Removes the app's files and its service worker.
async fn forget_program() -> Result<(), JsValue> {
    let caches = window().caches()?;
    for name in JsFuture::from(caches.keys()).await?.unchecked_into::<Array>().iter() {
        JsFuture::from(caches.delete(&name.as_string().unwrap_or_default())).await?;
    }
    let Some(container) = container() else { return Ok(()) };
    for registration in JsFuture::from(container.get_registrations()).await?.unchecked_into::<Array>().iter() {
        JsFuture::from(registration.unchecked_into::<ServiceWorkerRegistration>().unregister()?).await?;
    }
    Ok(())
}
