//! A device that was reported as lost empties itself: when everything that was signed on it was handed in, and not before.
//!
//! A device is one worker's database. Those of others in the same browser are not touched, for nobody has reported them.

use std::rc::Rc;

use app::desk::{Access, StorageProblem};
use js_sys::Array;
use leptos::prelude::{GetUntracked, Set, window};
use serde::{Deserialize, Serialize, de::IgnoredAny};
use sync::wire::{Base64, ConfirmWipe, DeviceId, DeviceSays, Mid, ProblemCode};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{CryptoKey, ServiceWorkerRegistration};

use crate::{
    clock,
    contents::Contents,
    core::Core,
    door,
    hand_in::{self, Door, Load},
    http::{self, Answer, Patience},
    keeper::Keeper,
    places, storage,
    store::{Change, Open, Store},
    update::container,
    vault,
};

const WIPED: &str = "/sync/v1/wiped";

/// What an emptied device has to say, as it lies on disk until the server has heard it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Wiped {
    device_id: DeviceId,
    signature: Base64,
}

/// Empties an unlocked device. False: there is still something that the server has not got, and nothing was removed.
pub(crate) async fn obey(core: &Rc<Core>) -> bool {
    let Keeper::Disk(disk) = core.keeper() else { return false };
    let store = disk.store();
    hand_in::ask(core, Load::Everything).await;
    if !is_all_in(core, store).await {
        return false;
    }
    door::close(core).await;
    // Something may have been signed a moment ago.
    if is_all_in(core, store).await && empty(core, store).await.is_ok() {
        return true;
    }
    // Locked, it goes on with it.
    door::start_anew();
    true
}

/// Empties a locked device, where nothing waits to be handed in.
pub(crate) async fn obey_locked(core: &Rc<Core>, store: &Store) {
    // Nobody writes a note without unlocking meanwhile.
    let _emptying = core.drafts.lock().await;
    if hand_in::is_all_in(store, &[]).await == Ok(true) && are_contents_in(store).await {
        // Where the browser refuses, it is tried again at the next contact.
        let _ = empty(core, store).await;
    }
}

/// An emptied device that nobody has heard yet says so once more.
pub(crate) async fn say_so_still(core: &Rc<Core>) {
    for place in places::all().await {
        if let Ok(Some((store, said))) = Store::open_emptied(&place).await {
            finish(core, &store, &said).await;
        }
    }
}

/// The key with which a device speaks for itself while it is locked.
pub(crate) async fn device_key(store: &Store) -> Option<CryptoKey> {
    store.read_open(Open::DeviceKey).await.ok()??.dyn_into().ok()
}

async fn is_all_in(core: &Core, store: &Store) -> bool {
    let device = core.device();
    let unsent: Vec<Mid> = device.entries().filter(|entry| !entry.is_received()).map(|entry| entry.mutation.mid).collect();
    hand_in::is_all_in(store, &unsent).await == Ok(true) && are_contents_in(store).await
}

/// Photos and documents of signed notes go first, but for those that the server does not take.
async fn are_contents_in(store: &Store) -> bool {
    Contents::read(store).await.is_ok_and(|contents| contents.is_all_in())
}

/// Removes everything, and says so for as long as this page is there.
async fn empty(core: &Rc<Core>, store: &Store) -> Result<(), StorageProblem> {
    let said = last_words(store).await;
    store.clear(said.clone().map(|said| Change::PutOpen(Open::Wiped, said.into()))).await?;
    let is_open = core.has_open(store.place());
    if is_open {
        core.forget_all();
    }
    let is_at_lock = core.state.access.get_untracked() == Access::Locked && core.place.borrow().as_ref() == Some(store.place());
    if is_open || is_at_lock {
        core.state.access.set(Access::Emptied);
    }
    let (core, store) = (Rc::clone(core), store.clone());
    spawn_local(async move {
        finish(&core, &store, &said.unwrap_or_default()).await;
    });
    Ok(())
}

/// What is to be said, signed while there is still a key. None on a device that never got one.
async fn last_words(store: &Store) -> Option<String> {
    let device_id = Door::read(store).await.ok()??.device_id;
    let signature = vault::sign_as_device(&device_key(store).await?, DeviceSays::Wiped, device_id).await.ok()?;
    serde_json::to_string(&Wiped { device_id, signature }).ok()
}

/// Says it, and when it was heard removes what is left. Where nobody hears it, the next start says it again, and the supervisor sees
/// that it was not confirmed.
async fn finish(core: &Rc<Core>, store: &Store, said: &str) {
    const TRIES: u32 = 5;
    const PAUSE_MS: u32 = 2_000;
    let is_last = is_last(core).await;
    let Ok(said) = serde_json::from_slice::<Wiped>(said.as_bytes()) else { return remove_rest(store, is_last).await };
    for _ in 0..TRIES {
        if is_heard(&said, is_last).await {
            return remove_rest(store, is_last).await;
        }
        clock::sleep(PAUSE_MS).await;
    }
}

/// Nobody else's device is in this browser, and nobody works in it who keeps nothing here.
async fn is_last(core: &Core) -> bool {
    !matches!(core.state.access.get_untracked(), Access::Open(_) | Access::Opening) && places::set_up().await.is_empty()
}

/// Where nobody else uses this browser, the answer clears all that it keeps of this site.
async fn is_heard(said: &Wiped, clear_site: bool) -> bool {
    let confirmed = ConfirmWipe { device_id: said.device_id, signature: said.signature.clone(), clear_site };
    match http::post::<IgnoredAny>(WIPED, &confirmed, Patience::Short).await {
        Answer::Ok(_) => true,
        // Nobody waits for it (any more).
        Answer::Refused { problem, .. } => matches!(problem.code, ProblemCode::DeviceUnknown | ProblemCode::NotFound),
        Answer::Nobody => false,
    }
}

/// Where the browser did not clear everything by itself, this is all that can be done.
async fn remove_rest(store: &Store, is_last: bool) {
    store.remove().await;
    if is_last {
        storage::unmark_enrolled();
        let _ = forget_program().await;
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
