//! A device of the first version is brought up to date in place, when it is unlocked first: everything is opened with its one data key and
//! sealed with the keys that the vault has now, in one transaction. A page killed on the way leaves it as it was.

use std::collections::BTreeSet;

use app::desk::StorageProblem;
use domain::{ScopeId, WorkerId};
use serde_json::Value;

use crate::{
    clock,
    keeper::{NewKeys, owner_key, reserve_key},
    rows::PageKey,
    store::{Change, Key, Shelf, Store},
    vault::{FirstKeyring, FirstVault, Sealed, Vault, VaultError},
};

/// Why a device was not brought up to date. Nothing was changed then.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum UpgradeError {
    #[error(transparent)]
    Vault(#[from] VaultError),
    #[error("the storage did not take it")]
    Storage(StorageProblem),
}

impl From<StorageProblem> for UpgradeError {
    fn from(problem: StorageProblem) -> Self {
        Self::Storage(problem)
    }
}

/// Brings the device up to date and gives its vault, open.
///
/// # Errors
/// It is the wrong passphrase, the device's own rows do not open, or the disk has no room.
pub(crate) async fn upgrade(store: &Store, first: &FirstKeyring, passphrase: &str) -> Result<Vault, UpgradeError> {
    let old = FirstVault::open(first, passphrase).await?;
    let worker_id = owner(&old, store).await?;
    let new = Vault::create(worker_id, passphrase).await?;
    let (vault, keys) = NewKeys::of(new, String::new(), clock::now());
    let mut changes = Vec::new();
    for shelf in [Shelf::Outbox, Shelf::Rows, Shelf::Meta, Shelf::Drafts] {
        changes.extend(seal_anew(&old, &vault, shelf, store.read_all(shelf).await?).await?);
    }
    changes.extend(keys.into_changes());
    store.write(&changes).await?;
    Ok(vault)
}

/// Whose device it is.
async fn owner(old: &FirstVault, store: &Store) -> Result<WorkerId, UpgradeError> {
    let sealed = store.read(Shelf::Meta, &owner_key()).await?.ok_or(StorageProblem::Unreadable)?;
    let bytes = old.start_open(&sealed, Shelf::Meta, &owner_key())?.bytes().await?.to_vec();
    let owner: Value = serde_json::from_slice(&bytes).map_err(|_| StorageProblem::Unreadable)?;
    serde_json::from_value(owner["worker_id"].clone()).map_err(|_| StorageProblem::Unreadable.into())
}

/// Seals the rows of one shelf anew. What does not open stays as it is: pages are fetched again, and an entry is never thrown away.
async fn seal_anew(old: &FirstVault, vault: &Vault, shelf: Shelf, rows: Vec<(Key, Sealed)>) -> Result<Vec<Change>, UpgradeError> {
    let mut changes = Vec::new();
    if shelf == Shelf::Rows {
        let scopes: BTreeSet<ScopeId> = rows.iter().filter_map(|(key, _)| Some(PageKey::parse(key.text()?)?.scope_id)).collect();
        let keys = vault.scopes().make(scopes).await?;
        changes.extend(keys.iter().map(|(scope_id, sealed)| Change::Put(Shelf::Keys, Key::Text(scope_id.to_string()), sealed.clone())));
        vault.scopes().written(&keys, &[]);
    }
    for (key, sealed) in rows {
        if shelf == Shelf::Meta && key == reserve_key() {
            // The room set aside is wanted now; it is set aside again later.
            changes.push(Change::Delete(shelf, key));
            continue;
        }
        let Ok(opened) = old.start_open(&sealed, shelf, &key)?.bytes().await else { continue };
        let sealed = vault.seal(&opened.to_vec(), shelf, &key).await?;
        changes.push(Change::Put(shelf, key, sealed));
    }
    Ok(changes)
}
