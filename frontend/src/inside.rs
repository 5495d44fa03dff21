//! The rest of the program, cut off from what a page to sign in needs (docs/decisions/0005): the desk, and how the app starts for whoever
//! is signed in or has an enrolled device.

use std::{rc::Rc, sync::Arc};

use app::{
    App,
    desk::{Access, Desk, DeskState, StorageProblem, provide_desk},
    document::PAGE_RECORDS_ID,
    page_data::PageData,
    paths,
};
use domain::Record;
use leptos::{
    ev,
    prelude::*,
    wasm_split::{SplitLoaderError, wasm_split},
};
use wasm_bindgen_futures::spawn_local;

use crate::{
    clock,
    core::Core,
    desk::BrowserDesk,
    door, locks, poke, service_worker,
    start::{is_page, read_block, say_ready},
    storage,
    store::Store,
    sync_loop,
};

/// Makes the desk for a page that is alive already.
///
/// # Errors
/// The rest of the program did not come.
#[wasm_split(inside, wasm_split_path = ::leptos::wasm_split, fallible)]
pub(crate) fn make_desk(state: DeskState, build: String) -> Result<Arc<dyn Desk>, SplitLoaderError> {
    let core = Core::in_memory(state, build);
    attend(Rc::clone(&core));
    Ok(Arc::new(BrowserDesk::new(core)))
}

#[wasm_split(inside, wasm_split_path = ::leptos::wasm_split, fallible)]
fn begin(page: Option<PageData>) -> Result<(), SplitLoaderError> {
    spawn_local(async move {
        let enrolled = look_for_device().await;
        match (page, enrolled) {
            (Some(page), None) => hydrate(page),
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

/// Starts the app when the rest of the program is here, however long it takes. A page that the server drew can be read meanwhile.
pub(crate) async fn begin_when_loaded(page: Option<PageData>) {
    const WAIT_MS: u32 = 2_000;
    while !app::inside::load().await {
        clock::sleep(WAIT_MS).await;
    }
    // It is here: this cannot fail any more.
    let _ = begin(page).await;
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
    // Where they are missing the page comes alive without them and fetches them anew.
    let records: Vec<Record> = read_block(PAGE_RECORDS_ID).unwrap_or_default();
    leptos::mount::hydrate_body(move || {
        let core = open_desk(&page, records);
        attend(core);
        view! { <App /> }
    });
}

/// Draws the app on an empty body. If the server drew a page for somebody on an enrolled device, it gives way: there is one truth only.
fn mount(access: Access) {
    clear_page(access != Access::SignedOut);
    leptos::mount::mount_to_body(move || {
        let core = open_desk(&empty_page(), Vec::new());
        match access {
            Access::OpenElsewhere => door::stand_by(&core),
            access => core.state.access.set(access),
        }
        attend(core);
        view! { <App /> }
    });
}

fn open_desk(page: &PageData, records: Vec<Record>) -> Rc<Core> {
    let core = Core::in_memory(DeskState::of_page(page, records), page.build.clone());
    provide_desk(|_| Arc::new(BrowserDesk::new(Rc::clone(&core))));
    core
}

/// Starts what goes on beside the pages, when they are drawn.
fn attend(core: Rc<Core>) {
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

fn empty_page() -> PageData {
    let build = document().document_element().and_then(|html| html.get_attribute("data-build"));
    PageData { me: None, now: clock::now(), failed_sign_in: None, demo: false, build: build.unwrap_or_default() }
}

/// Takes what the server drew off the page, and an address off the bar that an enrolled device has no use for.
fn clear_page(is_enrolled: bool) {
    for block in [app::document::PAGE_DATA_ID, PAGE_RECORDS_ID] {
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
