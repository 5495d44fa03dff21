//! How the app starts. A page to sign in comes alive at once; for every other one the rest of the program is fetched first.

use std::sync::Arc;

use app::{
    App,
    desk::{DeskState, provide_desk},
    document::PAGE_DATA_ID,
    page_data::PageData,
};
use leptos::prelude::*;
use serde::de::DeserializeOwned;
use wasm_bindgen_futures::spawn_local;

use crate::{clock, doorman::Doorman, inside};

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
        Some(page) if page.me.is_none() => hydrate(page),
        page => spawn_local(inside::begin_when_loaded(page)),
    }
    Ok(())
}

/// Brings the page to sign in to life.
fn hydrate(page: PageData) {
    leptos::mount::hydrate_body(move || {
        provide_desk(|place| {
            let doorman = Doorman::new(DeskState::of_page(&page, Vec::new()), page.build.clone(), place);
            let fetching = doorman.clone();
            spawn_local(async move {
                clock::sleep(0).await;
                say_ready();
                fetching.fetch().await;
            });
            Arc::new(doorman)
        });
        view! { <App /> }
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
