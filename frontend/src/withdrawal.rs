//! The agency does not let devices keep anything any more: what was set up goes back to working in a page's memory, once everything that was
//! written on it was received.

use std::rc::Rc;

use leptos::prelude::Update;

use crate::{core::Core, keeper::Keeper, places, service_worker, storage, sync_loop};

/// Leaves the disk, if that is what the agency wants. Until something unsent is received, it stays there, sealed; the caseload does not.
pub(crate) async fn obey(core: &Rc<Core>) {
    let Keeper::Disk(disk) = core.keeper() else { return };
    if core.device().meta().policy.offline_storage || core.unsent() > 0 || !disk.contents().is_empty() {
        return;
    }
    // Nobody keeps a draft meanwhile.
    let _drafts = core.drafts.lock().await;
    let Ok(drafts) = disk.read_drafts().await else { return };
    let store = disk.store().clone();
    if core.move_to_memory(drafts, || async move { store.clear(None).await }).await != Ok(true) {
        return;
    }
    core.state.storage.update(|storage| storage.withdrawn = true);
    disk.store().remove().await;
    if places::set_up().await.is_empty() {
        service_worker::unmark_enrolled().await;
    }
    // The office lists it no longer among the devices that keep something. Where it does not hear it now, it lists one too many.
    sync_loop::register_unenrolled(core).await;
    storage::refresh(&core.state).await;
}
