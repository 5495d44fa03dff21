//! One writer: of all tabs of this browser only the one that holds the lock touches the sealed store.

use futures::channel::oneshot;
use js_sys::{Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};

use crate::platform::{LockManager, locks, member, object};

const NAME: &str = "sync-writer";

/// Whether another tab holds the lock.
pub(crate) async fn is_held_elsewhere() -> bool {
    let Some(Ok(query)) = locks().map(|locks| locks.query()) else { return false };
    let Ok(answer) = JsFuture::from(query).await else { return false };
    let held = js_sys::Array::from(&member(&answer, "held"));
    held.iter().any(|lock| member(&lock, "name").as_string().as_deref() == Some(NAME))
}

/// Takes the lock if no other tab holds it. It is held until the page goes away; `lost` is called if another tab steals it.
pub(crate) async fn acquire(lost: impl FnOnce() + 'static) -> bool {
    take("ifAvailable", lost).await
}

/// Takes the lock from whichever tab holds it.
pub(crate) async fn steal(lost: impl FnOnce() + 'static) -> bool {
    take("steal", lost).await
}

/// Waits until no other tab holds the lock. It is not taken: whoever unlocks first takes it.
pub(crate) async fn until_free() {
    let Some(locks) = locks() else { return };
    let let_go = Closure::once_into_js(|| Promise::resolve(&JsValue::UNDEFINED));
    let Ok(granted) = locks.request(NAME, &object(&[]), let_go.unchecked_ref()) else { return };
    let _ = JsFuture::from(granted).await;
}

async fn take(how: &str, lost: impl FnOnce() + 'static) -> bool {
    let Some(locks) = locks() else { return false };
    let (granted, answer) = oneshot::channel();
    let Some(held) = request(&locks, how, granted) else { return false };
    let has_it = answer.await.unwrap_or(false);
    if has_it {
        spawn_local(async move {
            // Settles only when the lock is gone: what holds it never ends by itself.
            let _ = JsFuture::from(held).await;
            lost();
        });
    }
    has_it
}

fn request(locks: &LockManager, how: &str, granted: oneshot::Sender<bool>) -> Option<Promise> {
    let on_grant = Closure::once_into_js(move |lock: JsValue| {
        let has_it = !lock.is_null() && !lock.is_undefined();
        // Nobody waits any more where the page went on.
        let _ = granted.send(has_it);
        if has_it { Promise::new(&mut |_, _| ()) } else { Promise::resolve(&JsValue::UNDEFINED) }
    });
    let options = object(&[]);
    Reflect::set(&options, &how.into(), &JsValue::TRUE).ok()?;
    locks.request(NAME, &options, on_grant.unchecked_ref()).ok()
}
