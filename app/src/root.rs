//! The app itself: what stands at its door, and which page is drawn.

use leptos::prelude::*;
use leptos_meta::{Title, provide_meta_context};
use leptos_router::{
    components::Router,
    hooks::use_location,
    location::{BrowserUrl, LocationProvider},
};

use crate::{
    desk::{Access, StorageProblem, use_desk},
    place::Place,
};

/// The whole app. It takes the desk from context.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    view! {
        <Router>
            <Rooms />
        </Router>
    }
}

/// What stands between the worker and the pages, without what changes while it stands there.
#[derive(Clone, Copy, PartialEq)]
enum Door {
    SignIn,
    Unlock,
    Open,
    Elsewhere,
    Broken(StorageProblem),
}

#[component]
fn Rooms() -> impl IntoView {
    let state = use_desk().state();
    let pathname = use_location().pathname;
    let place = Memo::new(move |_| pathname.with(|path| Place::of(path)));
    finish_navigation(pathname);
    let door = Memo::new(move |_| {
        state.access.with(|access| match access {
            Access::SignedOut => Door::SignIn,
            Access::Locked { .. } => Door::Unlock,
            Access::Opening | Access::Open(_) => Door::Open,
            Access::OpenElsewhere => Door::Elsewhere,
            Access::Broken(problem) => Door::Broken(*problem),
        })
    });
    view! {
        <Title text=move || place.get().title().to_owned() />
        {move || match door.get() {
            Door::SignIn => view! { <h1>"Sign in"</h1> }.into_any(),
            Door::Unlock => view! { <h1>"Unlock"</h1> }.into_any(),
            Door::Elsewhere => view! { <h1>"Doorstep is open in another tab"</h1> }.into_any(),
            Door::Broken(_) => view! { <h1>"This device's storage cannot be read"</h1> }.into_any(),
            Door::Open => view! { <h1>{move || place.get().title()}</h1> }.into_any(),
        }}
    }
}

/// Tells the router that the new page is drawn, so that it changes the address and scrolls.
fn finish_navigation(pathname: Memo<String>) {
    let browser = use_context::<BrowserUrl>();
    Effect::new(move |_| {
        pathname.track();
        if let Some(browser) = &browser {
            browser.ready_to_complete();
        }
    });
}
