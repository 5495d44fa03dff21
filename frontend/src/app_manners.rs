//! What makes a page an app: a place on the home screen, and a number on its icon.

use app::desk::DeskState;
use js_sys::{Function, Reflect};
use leptos::{ev, prelude::*};
use wasm_bindgen::{JsCast, JsValue};

use crate::platform::member;

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

/// Calls what not every browser has. Where it is missing, or refuses, nothing is lost.
fn call(object: &JsValue, name: &str, argument: Option<JsValue>) {
    if let Some(function) = member(object, name).dyn_ref::<Function>() {
        let _ = match argument {
            Some(argument) => function.call1(object, &argument),
            None => function.call0(object),
        };
    }
}
