//! A word about what was just done, with the way to take it back. It stays until it is closed or another one comes: nobody has to be quick.

use std::sync::Arc;

use leptos::prelude::*;

/// What was done.
#[derive(Clone)]
pub struct Toast {
    pub words: String,
    /// Takes it back. It outlives the button that was tapped.
    pub undo: Option<Arc<dyn Fn() + Send + Sync>>,
}

/// The place of the toast above the places to go. It is there from the beginning, so that it is read out when something is said.
#[component]
pub fn ToastPlace(
    /// What is said now.
    toast: RwSignal<Option<Toast>>,
) -> impl IntoView {
    let view_of = move |said: Toast| {
        let undo = said.undo.map(|undo| {
            let take_back = move |_| {
                toast.set(None);
                undo();
            };
            view! { <button class="button button--small" type="button" on:click=take_back>{words::common::undo()}</button> }.into_any()
        });
        view! {
            <div class="toast">
                <p class="toast__words">{said.words}</p>
                {undo}
                <button class="button button--small button--quiet" type="button" on:click=move |_| toast.set(None)>{words::common::close()}</button>
            </div>
        }
        .into_any()
    };
    view! { <div class="toast-place" role="status">{move || toast.get().map(view_of)}</div> }.into_any()
}
