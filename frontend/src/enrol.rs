//! Making this browser an enrolled device.

use std::rc::Rc;

use app::desk::{DeskError, NewDevice};

use crate::{
    clock,
    core::Core,
    door,
    keeper::{Disk, Keeper, NewKeys},
    lease, places, platform, screen_lock, service_worker, storage,
    store::Store,
    strength, sync_loop,
    vault::Vault,
};

/// Makes keys, wraps them with the passphrase, moves what is in memory to disk, and fetches everything that the worker may see.
///
/// # Errors
/// The passphrase is too weak, the browser lacks something, or its disk refuses. Then nothing was written.
pub(crate) async fn enrol(core: &Rc<Core>, device: NewDevice) -> Result<(), DeskError> {
    let NewDevice { passphrase, name, lock_page_name } = device;
    let me = core.me().ok_or(DeskError::NotAvailable)?;
    storage::refresh(&core.state).await;
    let is_allowed = core.device().meta().policy.offline_storage;
    if core.keeper().is_disk() || !is_allowed || !platform::can_keep_sealed() || platform::must_be_installed_first() {
        return Err(DeskError::NotAvailable);
    }
    strength::check(&passphrase, &[&me.name, &me.agency_name]).await?;
    if !door::become_writer(core).await {
        core.is_writer.set(true);
        return Err(DeskError::NotTheWriter);
    }
    if places::set_up().await.iter().any(|device| device.owner() == Some(me.worker_id)) {
        // Another tab has set this device up since this page was opened.
        return Err(DeskError::NotTheWriter);
    }
    let place = places::free().await;
    if Store::open_enrolled(&place).await.map_err(DeskError::Storage)?.is_some() {
        // A browser that does not list its databases has room for one worker.
        return Err(DeskError::NotAvailable);
    }
    // Without it the device could not start offline, so it comes first.
    if !service_worker::is_ready().await {
        return Err(DeskError::NotAvailable);
    }
    storage::ask_to_persist().await;
    let new = Vault::create(me.worker_id, &passphrase).await.map_err(|_| DeskError::NotAvailable)?;
    let (vault, keys) = NewKeys::of(new, lock_page_name, clock::now());
    let disk = Disk::new(Store::create(&place).await.map_err(DeskError::Storage)?, vault);
    if let Some(seal_key) = core.seal_key.borrow().clone() {
        // So that it can be written on while it is locked, from the beginning.
        disk.outgoing().take_seal_key(seal_key);
    }
    core.change(|device| device.name(name)).await?;
    let drafts = core.keeper().drafts_in_memory();
    let moved = core.move_to_disk(|device, complete, pages| async move {
        disk.found(keys, &me, &device, complete, &pages, drafts).await?;
        Ok(Keeper::Disk(Box::new(disk)))
    });
    moved.await.map_err(DeskError::Storage)?;
    core.place.replace(Some(place));
    service_worker::mark_enrolled().await;
    storage::refresh(&core.state).await;
    wasm_bindgen_futures::spawn_local(lease::keep_watch(Rc::clone(core)));
    screen_lock::refresh(core).await;
    sync_loop::register_enrolled(core).await;
    // If the connection is lost on the way, the device is enrolled all the same and fetches the rest later.
    sync_loop::round(core).await;
    core.make_visits_ready().await;
    storage::refresh(&core.state).await;
    Ok(())
}
