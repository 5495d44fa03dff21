//! How the app starts: on a page that the server drew, or on the shell that holds nobody's data.
//!
//! What stands in front of the door comes alive at once; what is behind it waits for the rest of the program (docs/decisions/0005).

use std::sync::Arc;

use app::{
    App,
    desk::{Access, DeskState, StorageProblem, provide_desk},
    document::{PAGE_DATA_ID, PAGE_RECORDS_ID},
    page_data::PageData,
    paths,
};
use leptos::prelude::*;
use serde::de::DeserializeOwned;
use wasm_bindgen_futures::spawn_local;

use crate::{clock, doorman::Doorman, inside, locks, places};

/// Why the app did not start.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum StartError {
    #[error("the page's data is missing or of another build")]
    PageData,
}

/// Starts the app as the mark on `<body>` says.
///
/// # Errors
/// The page's data cannot be read.
pub(crate) fn start() -> Result<(), StartError> {
    clock::tell_offset();
    match is_page().then(|| read_block::<PageData>(PAGE_DATA_ID)).transpose()? {
        // Whoever asked for it by its address may sign in; a caseload that is kept here stays locked.
        Some(page) if page.me.is_none() && wanted().is_none() => hydrate(page),
        // Whoever was sent here wanted another page. A device opens that itself, also when its service worker is gone.
        Some(page) if page.me.is_none() => spawn_local(async move {
            match look_for_device().await {
                Some(access) => mount(access),
                None => hydrate(page),
            }
        }),
        page => spawn_local(async move {
            match (page, look_for_device().await) {
                (Some(page), None) => inside::begin_when_loaded(page).await,
                (_, Some(access)) => mount(access),
                (None, None) => {
                    if !leave_for_sign_in() {
                        mount(Access::SignedOut);
                    }
                }
            }
        }),
    }
    Ok(())
}

/// What an enrolled device starts with; none where this browser is not enrolled.
async fn look_for_device() -> Option<Access> {
    match places::is_any_set_up().await {
        Ok(false) => None,
        Ok(true) if locks::is_held_elsewhere().await => Some(Access::OpenElsewhere),
        Ok(true) => Some(Access::Locked),
        // Where the browser has no storage for us at all, nothing can be enrolled.
        Err(StorageProblem::Failed) if is_page() => None,
        Err(problem) => Some(Access::Broken(problem)),
    }
}

/// Brings the page to sign in to life.
fn hydrate(page: PageData) {
    leptos::mount::hydrate_body(move || {
        stand_in(DeskState::of_page(&page, Vec::new()), page.build);
        view! { <App /> }
    });
}

/// Draws the app on an empty body. If the server drew a page for somebody on an enrolled device, it gives way: there is one truth only.
fn mount(access: Access) {
    clear_page(access != Access::SignedOut);
    leptos::mount::mount_to_body(move || {
        let page = empty_page();
        let state = DeskState::of_page(&page, Vec::new());
        state.access.set(access);
        stand_in(state, page.build);
        view! { <App /> }
    });
}

/// Lets a doorman stand in for the desk until it has come.
fn stand_in(state: DeskState, build: String) {
    provide_desk(|place| {
        let doorman = Doorman::new(state, build, place);
        let fetching = doorman.clone();
        spawn_local(async move {
            clock::sleep(0).await;
            say_ready();
            fetching.fetch().await;
        });
        Arc::new(doorman)
    });
}

/// Marks the document: what is clicked from now on is heard.
pub(crate) fn say_ready() {
    if let Some(html) = document().document_element() {
        let _ = html.set_attribute("data-ready", "");
    }
}

/// Whether the server drew this page; otherwise it is the shell that holds nobody's data.
pub(crate) fn is_page() -> bool {
    document().body().and_then(|body| body.get_attribute("data-start")).as_deref() == Some("page")
}

/// Reads one of the blocks of JSON that travel with a page.
///
/// # Errors
/// It is not there, or it is of another build.
pub(crate) fn read_block<T: DeserializeOwned>(id: &str) -> Result<T, StartError> {
    let json = document().get_element_by_id(id).and_then(|element| element.text_content());
    // From bytes, like all other records: reading from two kinds of source would put the reading code into the program twice.
    serde_json::from_slice(json.ok_or(StartError::PageData)?.as_bytes()).map_err(|_| StartError::PageData)
}

/// Where somebody wanted to go who was sent to sign in first.
fn wanted() -> Option<String> {
    let hash = window().location().hash().unwrap_or_default();
    paths::wanted_of_hash(&hash).map(str::to_owned)
}

fn is_at(path: &str) -> bool {
    window().location().pathname().is_ok_and(|here| here == path)
}

fn empty_page() -> PageData {
    let build = document().document_element().and_then(|html| html.get_attribute("data-build"));
    PageData {
        me: None,
        passkey_needed: false,
        now: clock::now(),
        failed_sign_in: None,
        demo: false,
        language: words::current(),
        build: build.unwrap_or_default(),
    }
}

/// Takes what the server drew off the page, and an address off the bar that an enrolled device has no use for.
fn clear_page(is_enrolled: bool) {
    for block in [PAGE_DATA_ID, PAGE_RECORDS_ID] {
        if let Some(data) = document().get_element_by_id(block) {
            data.remove();
        }
    }
    if let Some(body) = document().body() {
        body.set_text_content(None);
        let _ = body.set_attribute("data-start", "shell");
    }
    if is_enrolled
        && [paths::SIGN_IN, paths::SIGN_OUT, paths::SHELL].into_iter().any(is_at)
        && let Ok(history) = window().history()
    {
        let wanted = wanted().unwrap_or_else(|| paths::TODAY.to_owned());
        let _ = history.replace_state_with_url(&wasm_bindgen::JsValue::NULL, "", Some(&wanted));
    }
}

/// Without a device there is nothing to show offline: if there is a connection, go where one signs in. True if on the way.
fn leave_for_sign_in() -> bool {
    if is_at(paths::SIGN_IN) || !window().navigator().on_line() {
        return false;
    }
    let location = window().location();
    let wanted = [location.pathname(), location.search()].map(Result::unwrap_or_default).concat();
    location.replace(&paths::sign_in_for(&wanted)).is_ok()
}
