//! The rest of the program, cut off from what stands in front of the door (docs/decisions/0005): the desk, and how a page of somebody who is
//! signed in comes alive.

use std::{rc::Rc, sync::Arc};

use app::{
    App,
    desk::{Access, Desk, DeskState, provide_desk},
    document::PAGE_RECORDS_ID,
    page_data::PageData,
};
use domain::Record;
use leptos::{
    ev,
    prelude::*,
    wasm_split::{SplitLoaderError, wasm_split},
};
use wasm_bindgen_futures::spawn_local;

use crate::{
    app_manners, auto_lock, clock,
    core::Core,
    desk::BrowserDesk,
    door, hand_in, poke, service_worker, shared,
    start::{is_page, read_block, say_ready},
    storage, sync_loop, update, wipe,
};

/// Makes the desk for what stands in front of the door already.
///
/// # Errors
/// The rest of the program did not come.
#[wasm_split(inside, wasm_split_path = ::leptos::wasm_split, fallible)]
pub(crate) fn make_desk(state: DeskState, build: String) -> Result<Arc<dyn Desk>, SplitLoaderError> {
    let core = Core::in_memory(state, build);
    match state.access.get_untracked() {
        Access::OpenElsewhere => door::stand_by(&core),
        Access::Locked => door::attend_lock(&core),
        _ => {}
    }
    attend(Rc::clone(&core));
    Ok(Arc::new(BrowserDesk::new(core)))
}

#[wasm_split(inside, wasm_split_path = ::leptos::wasm_split, fallible)]
fn prepare(page: PageData) -> Result<Box<dyn FnOnce()>, SplitLoaderError> {
    // Where they are missing the page comes alive without them and fetches them anew.
    let records: Vec<Record> = read_block(PAGE_RECORDS_ID).unwrap_or_default();
    Ok(Box::new(move || {
        leptos::mount::hydrate_body(move || {
            let core = Core::in_memory(DeskState::of_page(&page, records), page.build);
            if page.passkey_needed {
                core.arriving.replace(page.me);
            }
            provide_desk(|_| Arc::new(BrowserDesk::new(Rc::clone(&core))));
            spawn_local(async move {
                clock::sleep(0).await;
                say_ready();
                attend(core);
            });
            view! { <App /> }
        });
    }))
}

/// Brings the page to life when the rest of the program is here, however long it takes. What the server drew can be read meanwhile.
pub(crate) async fn begin_when_loaded(page: PageData) {
    const WAIT_MS: u32 = 2_000;
    let path = window().location().pathname().unwrap_or_default();
    while !app::inside::load_page(&path).await {
        update::leave_old_build(&page.build).await;
        clock::sleep(WAIT_MS).await;
    }
    // In steps, so that somebody who scrolls meanwhile is not kept waiting. It is here: this cannot fail any more.
    clock::sleep(0).await;
    let Ok(begin) = prepare(page).await else { return };
    clock::sleep(0).await;
    begin();
}

/// Starts what goes on beside the pages.
fn attend(core: Rc<Core>) {
    warn_before_leaving(Rc::clone(&core));
    poke::listen(&core);
    auto_lock::watch(&core);
    come_back_online(core.state);
    app_manners::follow_offer(core.state);
    shared::follow(core.state);
    app_manners::hold_screen_while_seen();
    clock::keep_ticking(core.state.now);
    if matches!(core.state.access.get_untracked(), Access::Open(_) | Access::PasskeyNeeded) {
        spawn_local(sync_loop::run(Rc::clone(&core)));
    }
    spawn_local(hand_in::carry(Rc::clone(&core)));
    spawn_local(async move {
        wipe::say_so_still(&core).await;
        storage::refresh(&core.state).await;
        service_worker::register(core.state.update_ready).await;
        update::take_part(&core);
    });
}

/// The shell that stands in for the server's page while nobody answers gives way to it when the connection is back.
fn come_back_online(state: DeskState) {
    if is_page() {
        return;
    }
    let _ = window_event_listener(ev::online, move |_| {
        // Whoever came by way of the lock page is about to sign in here.
        let is_at_lock = state.workers.with_untracked(|workers| !workers.is_empty());
        if state.access.get_untracked() == Access::SignedOut && !is_at_lock {
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
