//! The service worker: registered at every start, replaced only when the worker says so.

use std::{pin::pin, rc::Rc};

use futures::future::{Either, select};
use leptos::prelude::{RwSignal, Set, window};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Cache, Response, ServiceWorker, ServiceWorkerContainer, ServiceWorkerRegistration, ServiceWorkerState};

use crate::{clock, storage, update::container};

const SCRIPT: &str = "/sw.js";

/// The cache in which the service worker looks for the mark of an enrolled device.
const DEVICE_CACHE: &str = "doorstep-device";
const ENROLLED: &str = "/enrolled";

/// Registers the service worker, and says in `update_ready` when a newer build waits.
pub(crate) async fn register(update_ready: RwSignal<bool>) {
    let Some(container) = container() else { return };
    // Without a connection the one that is there goes on.
    let Ok(registration) = JsFuture::from(container.register(SCRIPT)).await else { return };
    watch(&container, &registration.unchecked_into(), update_ready);
}

/// Whether the service worker is there to start this app without a connection; waits a while for it to be installed.
pub(crate) async fn is_ready() -> bool {
    const INSTALL_MS: u32 = 60_000;
    let Some(container) = container() else { return false };
    let Ok(ready) = container.ready() else { return false };
    matches!(select(JsFuture::from(ready), pin!(clock::sleep(INSTALL_MS))).await, Either::Left((Ok(_), _)))
}

/// Whether the service worker is there now to start this app without a connection. It is installed with all files of its build, or not at all.
pub(crate) async fn is_active() -> bool {
    let Some(container) = container() else { return false };
    let Ok(registration) = JsFuture::from(container.get_registration()).await else { return false };
    registration.dyn_into::<ServiceWorkerRegistration>().is_ok_and(|registration| registration.active().is_some())
}

/// Leaves the mark by which the service worker starts an enrolled device from the shell; and another one outside the storage, by which a
/// browser that clears the storage is found out.
pub(crate) async fn mark_enrolled() {
    storage::mark_enrolled();
    let marked = async {
        let cache: Cache = JsFuture::from(window().caches()?.open(DEVICE_CACHE)).await?.unchecked_into();
        JsFuture::from(cache.put_with_str(ENROLLED, &Response::new()?)).await
    };
    // Without the mark the device starts from the server's page when there is a connection, and from the shell when there is none.
    let _ = marked.await;
}

/// Takes both marks back.
pub(crate) async fn unmark_enrolled() {
    storage::unmark_enrolled();
    // Where the browser refuses, the next start finds no device and goes where one signs in.
    let _ = async { JsFuture::from(window().caches()?.delete(DEVICE_CACHE)).await }.await;
}

fn watch(container: &ServiceWorkerContainer, registration: &ServiceWorkerRegistration, update_ready: RwSignal<bool>) {
    // The first installation replaces nobody.
    let is_first = container.controller().is_none();
    if registration.waiting().is_some() && !is_first {
        update_ready.set(true);
    }
    let found = registration.clone();
    let on_found = Closure::<dyn FnMut()>::new(move || {
        if let Some(installing) = found.installing() {
            announce_when_installed(&installing, update_ready);
        }
    });
    registration.set_onupdatefound(Some(on_found.as_ref().unchecked_ref()));
    on_found.forget();
    look_for_updates(registration.clone());
}

fn announce_when_installed(installing: &ServiceWorker, update_ready: RwSignal<bool>) {
    let worker = Rc::new(installing.clone());
    let on_change = Closure::<dyn FnMut()>::new(move || {
        let replaces = container().is_some_and(|container| container.controller().is_some());
        if worker.state() == ServiceWorkerState::Installed && replaces {
            update_ready.set(true);
        }
    });
    installing.set_onstatechange(Some(on_change.as_ref().unchecked_ref()));
    on_change.forget();
}

/// An app that is never closed finds new builds too.
fn look_for_updates(registration: ServiceWorkerRegistration) {
    const EVERY: std::time::Duration = std::time::Duration::from_secs(60 * 60);
    let _ = leptos::prelude::set_interval(move || drop(registration.update()), EVERY);
}
