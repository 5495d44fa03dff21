//! What is behind the door, as a part of its own: the door is alive before the rest of the program has arrived.
//!
//! The build cuts the program at `frame` (xtask/src/wasm.rs, docs/decisions/0005). On the server, and where the part is here
//! already, everything in this file answers at once.

use futures::FutureExt;
use leptos::{prelude::*, task::spawn_local, wasm_split::wasm_split};

use crate::{
    desk::{Access, use_desk},
    frame::Frame,
    passkey::PasskeyNeededPage,
    place::Place,
    rare,
    ui::empty_state,
};

#[wasm_split(inside, wasm_split_path = ::leptos::wasm_split, fallible, preload(load_frame))]
fn frame(place: Memo<Place>) -> Result<AnyView, leptos::wasm_split::SplitLoaderError> {
    let access = use_desk().state().access;
    Ok(match access.with_untracked(|access| *access == Access::PasskeyNeeded) {
        true => view! { <PasskeyNeededPage /> }.into_any(),
        false => view! { <Frame place=place /> }.into_any(),
    })
}

/// Loads the part. False where it did not come; asking again tries again.
pub async fn load() -> bool {
    load_frame().await.is_ok()
}

/// Loads what the page at `path` is drawn by, so that it comes alive at once. False where it did not come.
pub async fn load_page(path: &str) -> bool {
    load().await && (!Place::of(path).is_rare() || rare::load().await)
}

/// Whether the part is here; it is on its way from the first time that this is asked in a browser.
pub fn here() -> RwSignal<bool> {
    let here = RwSignal::new(load().now_or_never() == Some(true));
    Effect::new(move |_| {
        if !here.get_untracked() {
            spawn_local(async move { here.set(load().await) });
        }
    });
    here
}

/// Everything behind the door, or what stands there until it has come.
pub fn inside(place: Memo<Place>, here: RwSignal<bool>) -> AnyView {
    let view = here.get().then(|| frame(place).now_or_never()).flatten();
    match view {
        Some(Ok(view)) => view,
        _ => view! { <main id="content">{empty_state(words::inside::opening())}</main> }.into_any(),
    }
}
