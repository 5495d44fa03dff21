//! How the app starts: on a page that the server drew, or on the shell that holds nobody's data.

use std::{rc::Rc, sync::Arc};

use app::{
    App,
    desk::{Access, Desk, DeskState, StorageProblem},
    document::PAGE_DATA_ID,
    page_data::PageData,
    paths,
};
use leptos::{ev, prelude::*};
use wasm_bindgen_futures::spawn_local;

use crate::{clock, core::Core, desk::BrowserDesk, door, locks, poke, service_worker, storage, store::Store, sync_loop};

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
    let page = is_page().then(read_page_data).transpose()?;
    spawn_local(async move {
        let enrolled = look_for_device().await;
        match (page, enrolled) {
            (Some(page), None) => hydrate(page),
            // Whoever asked for it by its address may sign in; the caseload that is kept here stays locked.
            (Some(page), Some(_)) if is_at(paths::SIGN_IN) && page.me.is_none() => hydrate(page),
            (_, Some(access)) => mount(access),
            (None, None) => {
                if !leave_for_sign_in() {
                    mount(Access::SignedOut);
                }
            }
        }
    });
    Ok(())
}

/// What an enrolled device starts with; none where this browser is not enrolled.
async fn look_for_device() -> Option<Access> {
    match Store::open_enrolled().await {
        Ok(None) => None,
        Ok(Some(_)) if locks::is_held_elsewhere().await => Some(Access::OpenElsewhere),
        Ok(Some(_)) => Some(Access::Locked { wrong_tries: 0 }),
        // Where the browser has no storage for us at all, nothing can be enrolled.
        Err(StorageProblem::Failed) if is_page() => None,
        Err(problem) => Some(Access::Broken(problem)),
    }
}

/// Brings the server's page to life.
fn hydrate(page: PageData) {
    leptos::mount::hydrate_body(move || {
        let core = open_desk(&page);
        after_mount(core);
        view! { <App /> }
    });
}

/// Draws the app on an empty body. If the server drew a page for somebody on an enrolled device, it gives way: there is one truth only.
fn mount(access: Access) {
    clear_page(access != Access::SignedOut);
    leptos::mount::mount_to_body(move || {
        let core = open_desk(&empty_page());
        match access {
            Access::OpenElsewhere => door::stand_by(&core),
            access => core.state.access.set(access),
        }
        after_mount(core);
        view! { <App /> }
    });
}

fn open_desk(page: &PageData) -> Rc<Core> {
    let core = Core::in_memory(DeskState::of_page(page), page.build.clone());
    provide_context::<Arc<dyn Desk>>(Arc::new(BrowserDesk::new(Rc::clone(&core))));
    core
}

/// Starts what goes on beside the pages, when they are drawn.
fn after_mount(core: Rc<Core>) {
    warn_before_leaving(Rc::clone(&core));
    poke::listen(&core);
    come_back_online(core.state);
    spawn_local(async move {
        clock::sleep(0).await;
        clock::keep_ticking(core.state.now);
        say_ready();
        if matches!(core.state.access.get_untracked(), Access::Open(_)) {
            spawn_local(sync_loop::run(Rc::clone(&core)));
        }
        storage::refresh(&core.state).await;
        service_worker::register(core.state.update_ready).await;
    });
}

/// The shell that stands in for the server's page while nobody answers gives way to it when the connection is back.
fn come_back_online(state: DeskState) {
    if is_page() {
        return;
    }
    let _ = window_event_listener(ev::online, move |_| {
        if state.access.get_untracked() == Access::SignedOut {
            let _ = window().location().reload();
        }
    });
}

/// Marks the document: what is clicked from now on is heard.
fn say_ready() {
    if let Some(html) = document().document_element() {
        let _ = html.set_attribute("data-ready", "");
    }
}

/// What is in this page's memory only would be gone with it.
fn warn_before_leaving(core: Rc<Core>) {
    let core = send_wrapper::SendWrapper::new(core);
    let _ = window_event_listener(ev::beforeunload, move |event| {
        let keeper = core.keeper();
        if !keeper.is_disk() && (core.unsent() > 0 || !keeper.drafts_in_memory().is_empty()) {
            event.prevent_default();
        }
    });
}

fn is_at(path: &str) -> bool {
    window().location().pathname().is_ok_and(|here| here == path)
}

fn is_page() -> bool {
    document().body().and_then(|body| body.get_attribute("data-start")).as_deref() == Some("page")
}

fn read_page_data() -> Result<PageData, StartError> {
    let json = document().get_element_by_id(PAGE_DATA_ID).and_then(|element| element.text_content());
    // From bytes, like all other records: reading from two kinds of source would put the reading code into the program twice.
    serde_json::from_slice(json.ok_or(StartError::PageData)?.as_bytes()).map_err(|_| StartError::PageData)
}

fn empty_page() -> PageData {
    let build = document().document_element().and_then(|html| html.get_attribute("data-build"));
    PageData { me: None, now: clock::now(), records: Vec::new(), failed_sign_in: None, demo: false, build: build.unwrap_or_default() }
}

/// Takes what the server drew off the page, and an address off the bar that an enrolled device has no use for.
fn clear_page(is_enrolled: bool) {
    if let Some(data) = document().get_element_by_id(PAGE_DATA_ID) {
        data.remove();
    }
    if let Some(body) = document().body() {
        body.set_text_content(None);
        let _ = body.set_attribute("data-start", "shell");
    }
    if is_enrolled
        && [paths::SIGN_IN, paths::SIGN_OUT, paths::SHELL].into_iter().any(is_at)
        && let Ok(history) = window().history()
    {
        let _ = history.replace_state_with_url(&wasm_bindgen::JsValue::NULL, "", Some(paths::TODAY));
    }
}

/// Without a device there is nothing to show offline: if there is a connection, go where one signs in. True if on the way.
fn leave_for_sign_in() -> bool {
    if is_at(paths::SIGN_IN) || !window().navigator().on_line() {
        return false;
    }
    window().location().replace(paths::SIGN_IN).is_ok()
}
