//! The app itself: what stands at its door, and which page is drawn.

use leptos::prelude::*;
use leptos_meta::{Title, provide_meta_context};
use leptos_router::{
    NavigateOptions,
    components::Router,
    hooks::{use_location, use_navigate},
    location::{BrowserUrl, LocationProvider},
};

use crate::{
    desk::{Access, StorageProblem, use_desk},
    inside, paths,
    place::Place,
    sign_in::{BrokenPage, EmptiedPage, OpenElsewherePage, SignInPage, UnlockPage},
    ui::empty_state,
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
    Passkey,
    Unlock,
    Open,
    Leaving,
    Elsewhere,
    Emptied,
    Broken(StorageProblem),
}

#[component]
fn Rooms() -> impl IntoView {
    let state = use_desk().state();
    let pathname = use_location().pathname;
    let place = Memo::new(move |_| pathname.with(|path| Place::of(path)));
    let is_here = inside::here();
    finish_navigation(pathname);
    leave_sign_in(place);
    let door = Memo::new(move |_| {
        state.access.with(|access| match access {
            Access::SignedOut => Door::SignIn,
            Access::Locked => Door::Unlock,
            Access::PasskeyNeeded => Door::Passkey,
            Access::Opening | Access::Open(_) => Door::Open,
            Access::Leaving => Door::Leaving,
            Access::OpenElsewhere => Door::Elsewhere,
            Access::Emptied => Door::Emptied,
            Access::Broken(problem) => Door::Broken(*problem),
        })
    });
    // Another language is another page.
    let door_in_language = Memo::new(move |_| (door.get(), state.language.get()));
    view! {
        // Read here, where the page is drawn: on the server a title that is still to be computed is asked for when this page is gone.
        {move || view! { <Title text=title(door_in_language.get().0, place.get()) /> }}
        {move || match door_in_language.get().0 {
            Door::SignIn => view! { <SignInPage /> }.into_any(),
            Door::Unlock => view! { <UnlockPage /> }.into_any(),
            Door::Leaving => view! { <main id="content">{empty_state(words::titles::locking())}</main> }.into_any(),
            Door::Elsewhere => view! { <OpenElsewherePage /> }.into_any(),
            Door::Emptied => view! { <EmptiedPage /> }.into_any(),
            Door::Broken(problem) => view! { <BrokenPage problem=problem /> }.into_any(),
            Door::Passkey | Door::Open => inside::inside(place, is_here),
        }}
    }
}

fn title(door: Door, place: Place) -> &'static str {
    match door {
        Door::SignIn => Place::SignIn.title(),
        Door::Passkey => words::titles::passkey_needed_doorstep(),
        Door::Unlock | Door::Leaving => words::titles::unlock_doorstep(),
        Door::Open => place.title(),
        Door::Elsewhere => words::titles::open_in_another_tab_doorstep(),
        Door::Emptied => words::titles::emptied_doorstep(),
        Door::Broken(_) => words::titles::storage_doorstep(),
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

/// Whoever has signed in goes on to where they wanted to go, or to the day's work.
fn leave_sign_in(place: Memo<Place>) {
    let access = use_desk().state().access;
    let hash = use_location().hash;
    let navigate = use_navigate();
    Effect::new(move |_| {
        let is_in = access.with(|access| matches!(access, Access::Opening | Access::Open(_)));
        if is_in && place.get() == Place::SignIn {
            let hash = hash.get_untracked();
            navigate(paths::wanted_of_hash(&hash).unwrap_or(paths::TODAY), NavigateOptions { replace: true, ..NavigateOptions::default() });
        }
    });
}
