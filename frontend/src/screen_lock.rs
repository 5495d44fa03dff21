//! Letting the device's screen lock open the vault too, and taking that back.

use std::rc::Rc;

use app::desk::{DeskError, ScreenLock};
use leptos::prelude::*;

use crate::{
    core::Core,
    door::vault_problem,
    keeper::{Disk, Keeper},
    vault::{Keyring, screen_lock_may_be_there},
};

/// Finds out how it stands, for the pages.
pub(crate) async fn refresh(core: &Rc<Core>) {
    let Keeper::Disk(disk) = core.keeper() else { return };
    let is_in_use = disk.vault().keyring().passkey().is_some();
    let passphrase_needed = disk.vault().needs_passphrase_for_passkey();
    core.state.screen_lock.set(match () {
        () if is_in_use => ScreenLock::InUse,
        () if screen_lock_may_be_there().await => ScreenLock::Possible { passphrase_needed },
        () => ScreenLock::NotThere,
    });
}

/// Makes a passkey that opens the vault too.
///
/// # Errors
/// It is the wrong passphrase, or this device's screen lock cannot do it.
pub(crate) async fn add(core: &Rc<Core>, passphrase: Option<String>) -> Result<(), DeskError> {
    let disk = writer(core)?;
    let keyring = disk.vault().add_passkey(passphrase.as_deref()).await.map_err(vault_problem)?;
    keep(core, &disk, keyring).await
}

/// Leaves the passphrase as the only way in. The passkey itself stays with the browser, and opens nothing any more.
///
/// # Errors
/// The browser refuses.
pub(crate) async fn remove(core: &Rc<Core>) -> Result<(), DeskError> {
    let disk = writer(core)?;
    let keyring = disk.vault().keyring().with_passkey(None);
    keep(core, &disk, keyring).await
}

fn writer(core: &Rc<Core>) -> Result<Disk, DeskError> {
    match core.keeper() {
        Keeper::Disk(_) if !core.is_writer.get() => Err(DeskError::NotTheWriter),
        Keeper::Disk(disk) => Ok(*disk),
        Keeper::Memory(_) => Err(DeskError::NotAvailable),
    }
}

async fn keep(core: &Rc<Core>, disk: &Disk, keyring: Keyring) -> Result<(), DeskError> {
    disk.keep_keyring(&keyring).await.map_err(DeskError::Storage)?;
    disk.vault().take_keyring(keyring);
    refresh(core).await;
    Ok(())
}
