//! How far something is that takes longer than a second.

use leptos::prelude::*;

/// A bar with words: they say what is done, the bar how far it is. Without `of` nobody knows how much there is to do.
#[component]
pub fn Progress(
    /// What is being done.
    #[prop(into)]
    words: Signal<String>,
    /// How much is done.
    #[prop(into)]
    done: Signal<f64>,
    /// How much there is to do.
    #[prop(into)]
    of: Signal<Option<f64>>,
) -> impl IntoView {
    view! {
        <label class="progress">
            <span>{move || words.get()}</span>
            <progress class="progress__bar" max=move || of.get().map(|of| of.to_string()) value=move || of.get().map(|_| done.get().to_string())></progress>
        </label>
    }
    .into_any()
}
