//! Photos and documents that another app shares with this one (Web Share Target). They wait in this page's memory, and nowhere else, until
//! somebody adds them to a note.

use app::desk::DeskState;
use js_sys::{Array, Reflect};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::File;

use crate::platform::member;

/// Where boot.js puts what the service worker took.
const PLACE: &str = "doorstepShared";

/// What boot.js calls out when something came.
const CAME: &str = "doorstep-shared";

/// Says how much waits, now and later.
pub(crate) fn follow(state: DeskState) {
    let look = move || state.shared.set(waiting().len());
    look();
    let _ = window_event_listener_untyped(CAME, move |_| look());
}

/// Hands over what waits; nothing waits any more.
pub(crate) fn take(state: DeskState) -> Vec<File> {
    let files = waiting();
    forget(state);
    files
}

/// Lets it go.
pub(crate) fn forget(state: DeskState) {
    let _ = Reflect::delete_property(&window(), &PLACE.into());
    state.shared.set(0);
}

fn waiting() -> Vec<File> {
    let files = member(&window(), PLACE);
    let files = files.dyn_ref::<Array>().map(|files| files.iter().filter_map(|file| file.dyn_into().ok()).collect());
    files.unwrap_or_default()
}
