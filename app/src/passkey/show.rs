//! Showing a passkey: one button, and words where nothing came of it.

use leptos::{prelude::*, task::spawn_local};

use super::prove;
use crate::{
    desk::use_desk,
    ui::{ErrorSummary, FieldError},
};

const SHOW: &str = "show-passkey";

/// The button that lets the browser ask for a passkey.
#[component]
pub fn ShowPasskey(
    /// Run when the office has seen it.
    done: Callback<()>,
    /// It is the one thing to do here.
    #[prop(optional)]
    primary: bool,
) -> impl IntoView {
    let desk = StoredValue::new(use_desk());
    let busy = RwSignal::new(false);
    let errors = RwSignal::new(Vec::<FieldError>::new());
    let show = move |_| {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        errors.set(Vec::new());
        let proved = prove(desk.get_value());
        spawn_local(async move {
            let proved = proved.await;
            if busy.try_set(false).is_some() {
                return; // The page was left.
            }
            match proved {
                Ok(()) => done.run(()),
                Err(trouble) => errors.set(vec![FieldError::new(SHOW, trouble.words())]),
            }
        });
    };
    view! {
        <ErrorSummary errors=errors />
        <button
            class=if primary { "button button--primary button--wide" } else { "button button--wide" }
            id=SHOW
            type="button"
            aria-disabled=move || busy.get().then_some("true")
            on:click=show
        >
            {words::passkey::use_your_passkey()}
        </button>
    }
    .into_any()
}
