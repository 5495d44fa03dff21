//! The page for what does not exist, and in the same words for what exists but is not the worker's.

use leptos::prelude::*;

use crate::paths;

/// Not there, or not yours: nobody learns which.
#[component]
pub fn NotFound() -> impl IntoView {
    view! {
        <section class="page page--narrow">
            <h1>"There is nothing here for you"</h1>
            <p>"This address leads to no page and to none of your clients. If a client was handed over to somebody else, ask your supervisor."</p>
            <p><a class="button" href=paths::CASELOAD>"Back to your clients"</a></p>
        </section>
    }
    .into_any()
}

/// A page that the worker's role does not open, and who does what it is for.
pub fn not_for_you(who: &'static str) -> AnyView {
    view! {
        <section class="page page--narrow">
            <h1>"Not for your role"</h1>
            <p>{who}</p>
            <p><a class="button" href=paths::TODAY>"Back to Today"</a></p>
        </section>
    }
    .into_any()
}
