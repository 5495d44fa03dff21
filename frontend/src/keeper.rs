//! What the desk keeps beyond one page's life: nothing at all, or a sealed store. The same questions to both.

use std::{cell::RefCell, collections::HashMap, rc::Rc};

use app::{
    desk::{Draft, StorageProblem},
    page_data::Me,
};
use domain::Record;
use futures::future::{join_all, try_join_all};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use sync::{
    device::{Device, Entry, Meta, Writes},
    wire::Held,
};

use crate::{
    keyring::Keyring,
    rows::PageKey,
    store::{Change, Key, Shelf, Store, place},
    vault::{self, Sealed, Vault, VaultError},
};

/// Room set aside on disk, given up when the disk is full so that notes can still be saved: some two thousand of them.
const RESERVE_BYTES: u32 = 2_000_000;

/// Where things are kept.
#[derive(Clone)]
pub(crate) enum Keeper {
    /// In this page's memory: gone with it.
    Memory(Rc<RefCell<HashMap<String, Draft>>>),
    /// Sealed on disk.
    Disk(Disk),
}

/// The sealed store of an unlocked device.
#[derive(Clone)]
pub(crate) struct Disk {
    store: Store,
    vault: Vault,
}

/// A page of records as it is to stand on disk; absent where it is to be deleted.
pub(crate) type PageWrite = (PageKey, Option<Vec<u8>>);

/// Everything that an enrolled device has on disk, still sealed.
pub(crate) struct Closed {
    own: Option<Sealed>,
    owner: Option<Sealed>,
    outbox: Vec<(Key, Sealed)>,
    rows: Vec<(Key, Sealed)>,
}

impl Closed {
    /// Reads it. No key is needed, so it can be done while the passphrase is worked on.
    ///
    /// # Errors
    /// The browser refuses.
    pub(crate) async fn read(store: &Store) -> Result<Self, StorageProblem> {
        let (own_key, owner_key) = (device_key(), owner_key());
        let (own, owner, outbox, rows) = futures::try_join!(
            store.read(Shelf::Meta, &own_key),
            store.read(Shelf::Meta, &owner_key),
            store.read_all(Shelf::Outbox),
            store.read_all(Shelf::Rows),
        )?;
        Ok(Self { own, owner, outbox, rows })
    }
}

/// What [`Disk::open`] found.
pub(crate) struct Found {
    pub(crate) owner: Me,
    pub(crate) complete: bool,
    pub(crate) meta: Meta,
    pub(crate) entries: Vec<Entry>,
    /// Every page with its size in bytes.
    pub(crate) pages: Vec<(PageKey, usize, Vec<Record>)>,
    /// Pages that did not open.
    pub(crate) damaged: Vec<PageKey>,
}

/// What a write came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kept {
    Well,
    /// The disk was full; the room set aside was given up for it.
    InReserve,
}

/// The device's own row.
#[derive(Serialize, Deserialize)]
struct DeviceRow {
    meta: Meta,
    /// Everything that the worker may see is on disk.
    complete: bool,
}

fn device_key() -> Key {
    Key::Text("device".to_owned())
}

fn owner_key() -> Key {
    Key::Text("owner".to_owned())
}

fn reserve_key() -> Key {
    Key::Text("reserve".to_owned())
}

impl Keeper {
    pub(crate) fn memory() -> Self {
        Self::Memory(Rc::default())
    }

    pub(crate) fn is_disk(&self) -> bool {
        matches!(self, Self::Disk(_))
    }

    /// Keeps what a change of the device names, all or nothing. When this says yes, it is kept.
    ///
    /// # Errors
    /// The disk is full, or the browser refuses.
    pub(crate) async fn keep(&self, device: &Device, writes: &Writes, complete: bool, pages: &[PageWrite]) -> Result<Kept, StorageProblem> {
        match self {
            Self::Memory(_) => Ok(Kept::Well),
            Self::Disk(disk) => disk.keep(device, writes, complete, pages).await,
        }
    }

    /// Keeps who the worker is.
    ///
    /// # Errors
    /// The disk is full, or the browser refuses.
    pub(crate) async fn keep_owner(&self, owner: &Me) -> Result<(), StorageProblem> {
        match self {
            Self::Memory(_) => Ok(()),
            Self::Disk(disk) => disk.store.write(&[disk.put_json(Shelf::Meta, owner_key(), owner).await?]).await,
        }
    }

    pub(crate) async fn load_draft(&self, name: &str) -> Option<Draft> {
        match self {
            Self::Memory(drafts) => drafts.borrow().get(name).cloned(),
            Self::Disk(disk) => disk.read_json(Shelf::Drafts, &Key::Text(name.to_owned())).await.ok().flatten(),
        }
    }

    /// Keeps a draft in place of the one before.
    ///
    /// # Errors
    /// The disk is full, or the browser refuses.
    pub(crate) async fn save_draft(&self, name: String, draft: Draft) -> Result<Kept, StorageProblem> {
        match self {
            Self::Memory(drafts) => {
                drafts.borrow_mut().insert(name, draft);
                Ok(Kept::Well)
            }
            Self::Disk(disk) => disk.write_or_use_reserve(vec![disk.put_json(Shelf::Drafts, Key::Text(name), &draft).await?]).await,
        }
    }

    pub(crate) async fn discard_draft(&self, name: &str) {
        match self {
            Self::Memory(drafts) => drop(drafts.borrow_mut().remove(name)),
            // A draft that stays behind is only shown again.
            Self::Disk(disk) => drop(disk.store.write(&[Change::Delete(Shelf::Drafts, Key::Text(name.to_owned()))]).await),
        }
    }

    /// Drafts that would be gone with this page.
    pub(crate) fn drafts_in_memory(&self) -> Vec<(String, Draft)> {
        match self {
            Self::Memory(drafts) => drafts.borrow().iter().map(|(name, draft)| (name.clone(), draft.clone())).collect(),
            Self::Disk(_) => Vec::new(),
        }
    }
}

impl Disk {
    pub(crate) fn new(store: Store, vault: Vault) -> Self {
        Self { store, vault }
    }

    /// Writes everything of a device that was in memory so far, with its keyring, in one transaction: enrolled, or not at all.
    ///
    /// # Errors
    /// The disk is full, or the browser refuses; the browser is not enrolled.
    pub(crate) async fn found(
        &self,
        keyring: Keyring,
        owner: &Me,
        device: &Device,
        complete: bool,
        pages: &[PageWrite],
        drafts: Vec<(String, Draft)>,
    ) -> Result<(), StorageProblem> {
        let everything = Writes { meta: true, put: device.entries().map(|entry| entry.mutation.seq).collect(), drop: Vec::new() };
        let mut changes = self.changes(device, &everything, complete, pages).await?;
        changes.push(self.put_json(Shelf::Meta, owner_key(), owner).await?);
        for (name, draft) in drafts {
            changes.push(self.put_json(Shelf::Drafts, Key::Text(name), &draft).await?);
        }
        changes.push(Change::PutKeyring(keyring));
        self.store.write(&changes).await?;
        // Where there is no room to set aside, the notes come first.
        let _ = self.set_room_aside().await;
        Ok(())
    }

    /// Opens everything. Pages that do not open are left out, and their scope is fetched anew.
    ///
    /// # Errors
    /// The device's own rows do not open.
    pub(crate) async fn open(&self, closed: Closed) -> Result<Found, StorageProblem> {
        let own = self.open_json::<DeviceRow>(closed.own, Shelf::Meta, device_key());
        let owner = self.open_json::<Me>(closed.owner, Shelf::Meta, owner_key());
        let ((pages, damaged), entries, mut own, owner) =
            futures::try_join!(self.open_pages(closed.rows), self.open_entries(closed.outbox), own, owner)?;
        for key in &damaged {
            own.meta.scopes.insert(key.scope_id, Held::WORTHLESS);
        }
        let complete = own.complete && damaged.is_empty();
        Ok(Found { owner, complete, meta: own.meta, entries, pages, damaged })
    }

    /// Sets room aside again after it was given up.
    ///
    /// # Errors
    /// The disk is still full.
    pub(crate) async fn set_room_aside(&self) -> Result<(), StorageProblem> {
        if self.store.read(Shelf::Meta, &reserve_key()).await?.is_some() {
            return Ok(());
        }
        // Random, so that no disk makes it smaller than it says.
        let filler = vault::random(RESERVE_BYTES).map_err(|error| storage_problem(&error))?.to_vec();
        let sealed = self.seal(Shelf::Meta, reserve_key(), &filler).await?;
        self.store.write(&[sealed]).await
    }

    async fn keep(&self, device: &Device, writes: &Writes, complete: bool, pages: &[PageWrite]) -> Result<Kept, StorageProblem> {
        let changes = self.changes(device, writes, complete, pages).await?;
        if !pages.is_empty() {
            // Records can be fetched again; only what exists nowhere else may use the room set aside.
            return self.store.write(&changes).await.map(|()| Kept::Well);
        }
        self.write_or_use_reserve(changes).await
    }

    async fn write_or_use_reserve(&self, changes: Vec<Change>) -> Result<Kept, StorageProblem> {
        match self.store.write(&changes).await {
            Err(StorageProblem::Full) => {
                self.store.write(&[Change::Delete(Shelf::Meta, reserve_key())]).await?;
                self.store.write(&changes).await.map(|()| Kept::InReserve)
            }
            other => other.map(|()| Kept::Well),
        }
    }

    /// Seals everything before the transaction opens: one that waits for cryptography would be closed under it.
    async fn changes(&self, device: &Device, writes: &Writes, complete: bool, pages: &[PageWrite]) -> Result<Vec<Change>, StorageProblem> {
        let mut json: Vec<(Shelf, Key, Vec<u8>)> = Vec::new();
        if writes.meta {
            json.push((Shelf::Meta, device_key(), to_json(&DeviceRow { meta: device.meta().clone(), complete })));
        }
        for seq in &writes.put {
            let entry = device.entry(*seq).expect("a write names entries that are there");
            json.push((Shelf::Outbox, Key::Number(*seq), to_json(entry)));
        }
        let sealing = json.iter().map(|(shelf, key, bytes)| self.seal(*shelf, key.clone(), bytes));
        let mut changes = try_join_all(sealing).await?;
        let page_key = |key: &PageKey| Key::Text(key.to_text());
        let sealing = pages.iter().filter_map(|(key, bytes)| Some(self.seal(Shelf::Rows, page_key(key), bytes.as_deref()?)));
        changes.extend(try_join_all(sealing).await?);
        changes.extend(pages.iter().filter(|(_, bytes)| bytes.is_none()).map(|(key, _)| Change::Delete(Shelf::Rows, page_key(key))));
        changes.extend(writes.drop.iter().map(|seq| Change::Delete(Shelf::Outbox, Key::Number(*seq))));
        Ok(changes)
    }

    async fn open_pages(&self, sealed: Vec<(Key, Sealed)>) -> Result<(Vec<(PageKey, usize, Vec<Record>)>, Vec<PageKey>), StorageProblem> {
        let mut openings = Vec::with_capacity(sealed.len());
        for (key, sealed) in sealed {
            let Key::Text(text) = &key else { continue };
            let Some(page) = PageKey::parse(text) else { continue };
            let opening = self.vault.start_open(&sealed, &place(Shelf::Rows, &key)).map_err(|error| storage_problem(&error))?;
            openings.push((page, opening));
        }
        // The browser opens them all side by side; each is read while the next ones are being opened.
        let (mut pages, mut damaged) = (Vec::with_capacity(openings.len()), Vec::new());
        for (page, opening) in openings {
            let bytes = opening.bytes().await.ok();
            match bytes.and_then(|bytes| Some((bytes.len(), serde_json::from_slice(&bytes).ok()?))) {
                Some((size, records)) => pages.push((page, size, records)),
                None => damaged.push(page),
            }
        }
        Ok((pages, damaged))
    }

    /// Entries that do not open stay on disk: nothing but a safe receipt removes one.
    async fn open_entries(&self, sealed: Vec<(Key, Sealed)>) -> Result<Vec<Entry>, StorageProblem> {
        let opened = join_all(sealed.iter().map(|(key, sealed)| async move {
            let bytes = self.vault.open(sealed, &place(Shelf::Outbox, key)).await.ok()?;
            serde_json::from_slice(&bytes).ok()
        }));
        Ok(opened.await.into_iter().flatten().collect())
    }

    async fn seal(&self, shelf: Shelf, key: Key, bytes: &[u8]) -> Result<Change, StorageProblem> {
        let sealed = self.vault.seal(bytes, &place(shelf, &key)).await.map_err(|error| storage_problem(&error))?;
        Ok(Change::Put(shelf, key, sealed))
    }

    async fn put_json<T: Serialize>(&self, shelf: Shelf, key: Key, value: &T) -> Result<Change, StorageProblem> {
        self.seal(shelf, key, &to_json(value)).await
    }

    async fn read_json<T: DeserializeOwned>(&self, shelf: Shelf, key: &Key) -> Result<Option<T>, StorageProblem> {
        match self.store.read(shelf, key).await? {
            Some(sealed) => self.open_json(Some(sealed), shelf, key.clone()).await.map(Some),
            None => Ok(None),
        }
    }

    /// Opens what has to be there.
    async fn open_json<T: DeserializeOwned>(&self, sealed: Option<Sealed>, shelf: Shelf, key: Key) -> Result<T, StorageProblem> {
        let sealed = sealed.ok_or(StorageProblem::Unreadable)?;
        let bytes = self.vault.open(&sealed, &place(shelf, &key)).await.map_err(|error| storage_problem(&error))?;
        serde_json::from_slice(&bytes).map_err(|_| StorageProblem::Unreadable)
    }
}

fn to_json<T: Serialize>(value: &T) -> Vec<u8> {
    serde_json::to_vec(value).expect("what is kept is plain data")
}

fn storage_problem(error: &VaultError) -> StorageProblem {
    match error {
        VaultError::Damaged => StorageProblem::Unreadable,
        _ => StorageProblem::Failed,
    }
}
