//! The page for what does not exist, and in the same words for what exists but is not the worker's.

use leptos::prelude::*;

use crate::paths;

/// Not there, or not yours: nobody learns which.
#[component]
pub fn NotFound() -> impl IntoView {
    view! {
        <section class="page page--narrow">
            <h1>{words::frame::there_is_nothing_here()}</h1>
            <p>{words::frame::this_address_leads()}</p>
            <p><a class="button" href=paths::CASELOAD>{words::frame::back_to_your_clients()}</a></p>
        </section>
    }
    .into_any()
}

/// A page that the worker's role does not open, and who does what it is for.
pub fn not_for_you(who: &'static str) -> AnyView {
    view! {
        <section class="page page--narrow">
            <h1>{words::frame::not_for_your_role()}</h1>
            <p>{who}</p>
            <p><a class="button" href=paths::TODAY>{words::frame::back_to_today()}</a></p>
        </section>
    }
    .into_any()
}
