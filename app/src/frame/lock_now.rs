//! Locking from anywhere, with one tap.

use leptos::prelude::*;

use crate::{
    desk::{Keeping, use_desk},
    ui::Icon,
};

/// The button in the header of an enrolled device.
#[component]
pub fn LockNow() -> impl IntoView {
    let desk = StoredValue::new(use_desk());
    let keeping = desk.with_value(|desk| desk.state().keeping);
    let is_device = Memo::new(move |_| keeping.get() == Keeping::Device);
    move || {
        is_device.get().then(|| {
            view! {
                <button class="top__lock" type="button" on:click=move |_| desk.with_value(|desk| desk.lock())>
                    {Icon::Lock.view()}
                    <span class="top__lock-words">{words::frame::lock_now()}</span>
                </button>
            }
            .into_any()
        })
    }
}
