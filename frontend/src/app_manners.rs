//! What makes a page an app: a place on the home screen, a number on its icon, and a screen that stays on while one writes.

use std::cell::{Cell, RefCell};

use app::desk::DeskState;
use js_sys::{Array, Function, Promise, Reflect};
use leptos::{ev, prelude::*};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Blob, BlobPropertyBag, HtmlElement, Url, VisibilityState};

use crate::platform::member;

thread_local! {
    /// Somebody wants the screen to stay on.
    static AWAKE: Cell<bool> = const { Cell::new(false) };
    /// What keeps it on.
    static SCREEN: RefCell<Option<JsValue>> = const { RefCell::new(None) };
}

/// Where boot.js keeps the browser's offer to install, which comes before this program is there.
const OFFER: &str = "doorstepInstall";

/// What boot.js calls out when the offer comes later.
const OFFERED: &str = "doorstep-install";

/// Follows the browser's offer to install.
pub(crate) fn follow_offer(state: DeskState) {
    let look = move || state.can_install.set(!member(&window(), OFFER).is_undefined());
    look();
    let _ = window_event_listener_untyped(OFFERED, move |_| look());
    let _ = window_event_listener(ev::Custom::<web_sys::Event>::new("appinstalled"), move |_| {
        let _ = Reflect::delete_property(&window(), &OFFER.into());
        look();
    });
}

/// Lets the browser ask.
pub(crate) fn install() {
    call(&member(&window(), OFFER), "prompt", None);
}

/// Shows a number on the icon; 0 takes it away.
pub(crate) fn mark_icon(count: usize) {
    let navigator: JsValue = window().navigator().into();
    match count {
        0 => call(&navigator, "clearAppBadge", None),
        count => call(&navigator, "setAppBadge", Some(JsValue::from_f64(count as f64))),
    }
}

/// Saves a file as a download.
pub(crate) fn save_file(name: &str, media_type: &str, content: &str) {
    let options = BlobPropertyBag::new();
    options.set_type(media_type);
    // A browser that can't make a download has none of these.
    let _ = (|| {
        let blob = Blob::new_with_str_sequence_and_options(&Array::of1(&content.into()), &options)?;
        let url = Url::create_object_url_with_blob(&blob)?;
        let link: HtmlElement = document().create_element("a")?.unchecked_into();
        link.set_attribute("href", &url)?;
        link.set_attribute("download", name)?;
        link.click();
        Url::revoke_object_url(&url)
    })();
}

/// Keeps the screen on, or lets it go dark again. A browser lets go by itself when the page goes out of sight; it is asked again then.
pub(crate) fn stay_awake(awake: bool) {
    AWAKE.set(awake);
    if !awake {
        if let Some(lock) = SCREEN.take() {
            call(&lock, "release", None);
        }
    } else if document().visibility_state() == VisibilityState::Visible {
        spawn_local(hold_screen());
    }
}

/// Asks again whenever the page comes back in sight.
pub(crate) fn hold_screen_while_seen() {
    let _ = window_event_listener(ev::visibilitychange, |_| {
        if AWAKE.get() {
            stay_awake(true);
        }
    });
}

async fn hold_screen() {
    let wake_lock = member(&window().navigator(), "wakeLock");
    let Some(request) = member(&wake_lock, "request").dyn_ref::<Function>().cloned() else { return };
    let Ok(promise) = request.call1(&wake_lock, &"screen".into()) else { return };
    // With an empty battery a browser refuses; the note is written all the same.
    let Ok(lock) = JsFuture::from(Promise::resolve(&promise)).await else { return };
    if AWAKE.get() {
        SCREEN.set(Some(lock));
    } else {
        call(&lock, "release", None);
    }
}

/// Calls what not every browser has. Where it is missing, or refuses, nothing is lost.
fn call(object: &JsValue, name: &str, argument: Option<JsValue>) {
    if let Some(function) = member(object, name).dyn_ref::<Function>() {
        let _ = match argument {
            Some(argument) => function.call1(object, &argument),
            None => function.call0(object),
        };
    }
}
