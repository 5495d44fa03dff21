//! A button for what cannot be undone: the first tap says what it would do, only the second one does it.

use leptos::prelude::*;

use super::with_hidden;

/// The button, with the warning above it once it was tapped.
#[component]
pub fn SureButton(
    /// What it does.
    action: &'static str,
    /// What one says to it the second time.
    yes: &'static str,
    /// What one says to it instead; that it is kept, where nothing else is said.
    #[prop(optional)]
    no: Option<&'static str>,
    /// What becomes of it, and that it cannot be undone.
    warning: &'static str,
    /// To what it is done, for those who listen.
    about: String,
    /// Does it.
    on_yes: Callback<()>,
) -> impl IntoView {
    let is_asked = RwSignal::new(false);
    let tap = move |_| match is_asked.get_untracked() {
        false => is_asked.set(true),
        true => on_yes.run(()),
    };
    let words = move || with_hidden(&words::common::with_what(if is_asked.get() { yes } else { action }, &about));
    view! {
        {move || is_asked.get().then(|| view! { <p role="alert" class="field__error">{warning}</p> })}
        <p class="sure">
            <button class="button button--small" type="button" on:click=tap>{words}</button>
            {move || is_asked.get().then(|| view! {
                <button class="button button--small button--quiet" type="button" on:click=move |_| is_asked.set(false)>{no.unwrap_or_else(words::common::keep_it)}</button>
            })}
        </p>
    }
    .into_any()
}
