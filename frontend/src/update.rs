//! Going over to a newer build: only when no open page would lose something by it, and then all of them together.
//!
//! The service worker that waits asks every page (`public/sw.js`). One build is one matching set of files: every name carries the hash of
//! its content, so a page can't mix two builds; it can only find that part of its own is gone.

use std::rc::Rc;

use app::desk::Access;
use leptos::prelude::*;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{MessageEvent, MessagePort, ServiceWorker, ServiceWorkerContainer, ServiceWorkerRegistration};

use crate::{
    clock,
    core::Core,
    http,
    platform::{member, object},
    start::is_page,
};

/// What is typed is kept within half a second, what is sent is answered within a few: a page waits this long before it says no. The service
/// worker waits somewhat longer.
const PATIENCE_MS: u32 = 2_000;

/// Lets this page take part: answer the service worker, and load the newer build with all the others.
pub(crate) fn take_part(core: &Rc<Core>) {
    let Some(container) = container() else { return };
    hear(&container, Rc::clone(core));
    let controller = container.controller();
    let changed = Rc::clone(core);
    let mut had_one = controller.is_some();
    let of_all = container.clone();
    let on_change = Closure::<dyn FnMut()>::new(move || {
        let has_one = of_all.controller().is_some();
        let took_over = std::mem::replace(&mut had_one, has_one) && has_one;
        if !took_over || changed.state.access.get_untracked() == Access::Emptied {
            // The first service worker of a browser replaces nobody. And where the last one goes, the browser has cleared its storage: what
            // is being typed is nowhere else any more.
        } else {
            spawn_local(go_over(Rc::clone(&changed)));
        }
    });
    container.set_oncontrollerchange(Some(on_change.as_ref().unchecked_ref()));
    on_change.forget();
    if let Some(controller) = controller {
        let _ = controller.post_message(&object(&[("type", "build".into())]));
    }
}

/// Lets the newer build take over, as far as this page is concerned; the service worker asks the other ones.
pub(crate) async fn update_now(core: Rc<Core>) {
    core.state.update_held.set(false);
    if !may_reload_soon(&core).await {
        core.state.update_held.set(true);
        return;
    }
    match waiting().await {
        Some(newer) => drop(newer.post_message(&object(&[("type", "activate".into())]))),
        None => reload(),
    }
}

/// Loads the page anew, once, where a part of it did not come and the server has another build. Never over something that was typed.
pub(crate) async fn leave_old_build(build: &str) {
    if was_reloaded() || is_something_typed() {
        return;
    }
    let Some(shell) = http::get_text(app::paths::SHELL).await else { return };
    if build_of(&shell).is_some_and(|served| served != build) {
        reload();
    }
}

fn hear(container: &ServiceWorkerContainer, core: Rc<Core>) {
    let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        let message = event.data();
        match member(&message, "type").as_string().as_deref() {
            Some("may-update") => {
                if let Ok(port) = event.ports().get(0).dyn_into::<MessagePort>() {
                    spawn_local(answer(Rc::clone(&core), port));
                }
            }
            Some("not-now") => core.state.update_held.set(true),
            Some("build") => {
                let is_other = member(&message, "build").as_string().is_some_and(|build| build != core.build);
                // Only the shell is the service worker's: a page that the server drew may well be newer.
                if is_other && !is_page() && !was_reloaded() && may_reload(&core) {
                    reload();
                }
            }
            _ => {}
        }
    });
    container.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    on_message.forget();
}

/// Loads the build that took over. This page agreed a moment ago; what it began since then (a bell, a sync) ends by itself, or else somebody
/// writes again: the files of this build are still served until they say so.
async fn go_over(core: Rc<Core>) {
    if may_reload_soon(&core).await {
        reload();
    } else {
        core.state.update_ready.set(true);
    }
}

async fn answer(core: Rc<Core>, port: MessagePort) {
    let may = may_reload_soon(&core).await;
    // Nobody listens any more where the answer comes too late.
    let _ = port.post_message(&may.into());
}

async fn may_reload_soon(core: &Core) -> bool {
    const GLANCE_MS: u32 = 100;
    for _ in 0..PATIENCE_MS / GLANCE_MS {
        if may_reload(core) {
            return true;
        }
        clock::sleep(GLANCE_MS).await;
    }
    may_reload(core)
}

/// Whether this page could be loaded anew at this moment, and nothing typed would be lost and nothing on its way cut off.
fn may_reload(core: &Core) -> bool {
    let keeper = core.keeper();
    let only_here = !keeper.is_disk() && (core.unsent() > 0 || !keeper.drafts_in_memory().is_empty());
    !only_here && !core.is_busy() && !core.state.unkept.get_untracked()
}

fn reload() {
    let _ = window().location().reload();
}

/// Whether this page came of a reload already: it is not loaded a third time.
fn was_reloaded() -> bool {
    let entries = window().performance().map(|performance| performance.get_entries_by_type("navigation"));
    entries.is_some_and(|entries| member(&entries.get(0), "type").as_string().as_deref() == Some("reload"))
}

fn is_something_typed() -> bool {
    let Ok(fields) = document().query_selector_all("input, textarea") else { return false };
    (0..fields.length())
        .filter_map(|index| fields.get(index))
        .any(|field| member(&field, "value").as_string().is_some_and(|it| !it.is_empty()))
}

/// The identity of the build that a document is of.
fn build_of(document: &str) -> Option<&str> {
    document.split_once("data-build=\"")?.1.split('"').next()
}

async fn waiting() -> Option<ServiceWorker> {
    let registration = JsFuture::from(container()?.get_registration()).await.ok()?;
    registration.dyn_into::<ServiceWorkerRegistration>().ok()?.waiting()
}

/// The browser's service workers, if it has them.
pub(crate) fn container() -> Option<ServiceWorkerContainer> {
    let container = member(&window().navigator(), "serviceWorker");
    (!container.is_undefined()).then(|| container.unchecked_into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_documents_build_is_read_and_a_portals_page_has_none() {
        assert_eq!(build_of(r#"<!DOCTYPE html><html lang="en" data-build="3f2a9c0d11e84b57">"#), Some("3f2a9c0d11e84b57"));
        assert_eq!(build_of("<!doctype html><title>Free Wi-Fi</title>"), None);
    }
}
