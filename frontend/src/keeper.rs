//! What the desk keeps beyond one page's life: nothing at all, or a sealed store. The same questions to both.

use std::{
    cell::{Cell, RefCell},
    collections::{BTreeSet, HashMap},
    rc::Rc,
};

use app::{
    desk::{Draft, StorageProblem},
    page_data::Me,
};
use domain::{AttachmentId, DateTime, Record, ScopeId};
use futures::future::{join_all, try_join_all};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use sync::{
    device::{Device, Entry, Meta, Writes},
    wire::{DeviceKeys, Held, Keep, SealKey},
};
use web_sys::CryptoKey;

use crate::{
    clock,
    contents::Contents,
    hand_in::{self, Handed, Outgoing, Row},
    read_log::ReadLog,
    rows::PageKey,
    store::{Change, Key, Open, Shelf, Store},
    vault::{self, Keyring, NewVault, Sealed, Vault, VaultError},
};

/// Room set aside on disk, given up when the disk is full so that notes can still be saved: some two thousand of them.
const RESERVE_BYTES: u32 = 2_000_000;

/// Where things are kept.
#[derive(Clone)]
pub(crate) enum Keeper {
    /// In this page's memory: gone with it.
    Memory(Rc<RefCell<HashMap<String, Draft>>>),
    /// Sealed on disk.
    Disk(Box<Disk>),
}

/// The sealed store of an unlocked device.
#[derive(Clone)]
pub(crate) struct Disk {
    store: Store,
    vault: Vault,
    /// What a locked device could hand in.
    outgoing: Outgoing,
    /// Photos and documents.
    contents: Contents,
    /// The server has this device's public keys.
    keys_told: Rc<Cell<bool>>,
}

/// A page of records as it is to stand on disk; absent where it is to be deleted.
pub(crate) type PageWrite = (PageKey, Option<Vec<u8>>);

/// Everything that an enrolled device has on disk, still sealed.
pub(crate) struct Closed {
    own: Option<Sealed>,
    owner: Option<Sealed>,
    reads: Option<Sealed>,
    outbox: Vec<(Key, Sealed)>,
    rows: Vec<(Key, Sealed)>,
    keys: Vec<(Key, Sealed)>,
    hand_in: Vec<(Key, String)>,
    parcels: Vec<(Key, String)>,
}

impl Closed {
    /// Reads it. No key is needed, so it can be done while the passphrase is worked on.
    ///
    /// # Errors
    /// The browser refuses.
    pub(crate) async fn read(store: &Store) -> Result<Self, StorageProblem> {
        let (own_key, owner_key, reads_key) = (device_key(), owner_key(), reads_key());
        let (own, owner, reads, outbox, rows, keys, hand_in, parcels) = futures::try_join!(
            store.read(Shelf::Meta, &own_key),
            store.read(Shelf::Meta, &owner_key),
            store.read(Shelf::Meta, &reads_key),
            store.read_all(Shelf::Outbox),
            store.read_all(Shelf::Rows),
            store.read_all(Shelf::Keys),
            store.read_all_texts(Shelf::HandIn),
            store.read_all_texts(Shelf::Parcels),
        )?;
        Ok(Self { own, owner, reads, outbox, rows, keys, hand_in, parcels })
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
    /// What can be handed in.
    pub(crate) hand_in: Vec<Row>,
    pub(crate) reads: ReadLog,
}

/// The keys of a vault that was just made, as they are written, and what else lies open beside them.
pub(crate) struct NewKeys {
    keyring: Keyring,
    device_key: CryptoKey,
    /// What the worker wants to be called on the lock page.
    label: String,
    now: DateTime,
}

impl NewKeys {
    /// Takes them apart from the vault that goes into use.
    pub(crate) fn of(new: NewVault, label: String, now: DateTime) -> (Vault, Self) {
        (new.vault, Self { keyring: new.keyring, device_key: new.device_key, label, now })
    }

    pub(crate) fn into_changes(self) -> [Change; 5] {
        [
            Change::PutOpen(Open::Label, self.label.into()),
            opened(self.now),
            Change::PutOpen(Open::Keyring, self.keyring.to_json().into()),
            Change::PutOpen(Open::DeviceKey, self.device_key.into()),
            // Another device that was here before may not have been heard when it said that it is empty.
            Change::DeleteOpen(Open::Wiped),
        ]
    }
}

/// Notes when the device was opened.
pub(crate) fn opened(now: DateTime) -> Change {
    Change::PutOpen(Open::Opened, now.unix_ms().to_string().into())
}

/// Changes of what is on disk, and what they mean for the keys in memory once they are written.
struct Changes {
    changes: Vec<Change>,
    new_keys: Vec<(ScopeId, Sealed)>,
    gone: Vec<ScopeId>,
    handed_in: Handed,
    /// Contents whose note is among the changes.
    signed: Vec<AttachmentId>,
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
    /// To whom is sealed what a locked device may hand in. It stands open on disk too, but only this copy cannot be exchanged unnoticed.
    #[serde(default)]
    seal_key: Option<SealKey>,
    /// The server has this device's public keys.
    #[serde(default)]
    keys_told: bool,
}

fn device_key() -> Key {
    Key::Text("device".to_owned())
}

pub(crate) fn owner_key() -> Key {
    Key::Text("owner".to_owned())
}

fn reads_key() -> Key {
    Key::Text("reads".to_owned())
}

pub(crate) fn reserve_key() -> Key {
    Key::Text("reserve".to_owned())
}

impl Keeper {
    pub(crate) fn memory() -> Self {
        Self::Memory(Rc::default())
    }

    /// In memory, with these drafts.
    pub(crate) fn memory_with(drafts: Vec<(String, Draft)>) -> Self {
        Self::Memory(Rc::new(RefCell::new(drafts.into_iter().collect())))
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

    /// Keeps which clients' pages were opened.
    ///
    /// # Errors
    /// The disk is full, or the browser refuses.
    pub(crate) async fn keep_reads(&self, reads: &ReadLog) -> Result<(), StorageProblem> {
        match self {
            Self::Memory(_) => Ok(()),
            Self::Disk(disk) => disk.store.write(&[disk.put_json(Shelf::Meta, reads_key(), reads).await?]).await,
        }
    }

    /// Takes the server's key to which is sealed from now on.
    pub(crate) fn take_seal_key(&self, seal_key: Option<&SealKey>) {
        if let (Self::Disk(disk), Some(seal_key)) = (self, seal_key) {
            disk.outgoing.take_seal_key(seal_key.clone());
        }
    }

    /// Whether something has to be written although the device itself has not changed.
    pub(crate) fn has_more_to_keep(&self, device: &Device) -> bool {
        matches!(self, Self::Disk(disk) if disk.outgoing.has_news(device))
    }

    /// The public keys of an enrolled device.
    pub(crate) fn public_keys(&self) -> Option<DeviceKeys> {
        match self {
            Self::Memory(_) => None,
            Self::Disk(disk) => Some(disk.vault.keyring().public.clone()),
        }
    }

    /// Whether the server still has to be told the public keys of this device.
    pub(crate) fn has_keys_to_tell(&self) -> bool {
        matches!(self, Self::Disk(disk) if !disk.keys_told.get())
    }

    /// Notes that the server was told; it is kept with the next change.
    pub(crate) fn note_keys_told(&self) {
        if let Self::Disk(disk) = self {
            disk.keys_told.set(true);
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
            Self::Disk(disk) => disk.write_or_use_reserve(&[disk.put_json(Shelf::Drafts, Key::Text(name), &draft).await?]).await,
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
        let outgoing = Outgoing::new(vault.author().clone(), vault.keyring().worker_id);
        Self { store, vault, outgoing, contents: Contents::default(), keys_told: Rc::default() }
    }

    pub(crate) fn store(&self) -> &Store {
        &self.store
    }

    pub(crate) fn vault(&self) -> &Vault {
        &self.vault
    }

    pub(crate) fn outgoing(&self) -> &Outgoing {
        &self.outgoing
    }

    pub(crate) fn contents(&self) -> &Contents {
        &self.contents
    }

    /// Everything that is being written and not signed.
    ///
    /// # Errors
    /// The browser refuses.
    pub(crate) async fn drafts(&self) -> Result<Vec<Draft>, StorageProblem> {
        let sealed = self.store.read_all(Shelf::Drafts).await?;
        let opened = join_all(sealed.into_iter().map(|(key, sealed)| self.open_json::<Draft>(Some(sealed), Shelf::Drafts, key)));
        Ok(opened.await.into_iter().flatten().collect())
    }

    /// Writes everything of a device that was in memory so far, with its keys, in one transaction: enrolled, or not at all.
    ///
    /// # Errors
    /// The disk is full, or the browser refuses; the browser is not enrolled.
    pub(crate) async fn found(
        &self,
        keys: NewKeys,
        owner: &Me,
        device: &Device,
        complete: bool,
        pages: &[PageWrite],
        drafts: Vec<(String, Draft)>,
    ) -> Result<(), StorageProblem> {
        let everything = Writes { meta: true, put: device.entries().map(|entry| entry.mutation.seq).collect(), drop: Vec::new() };
        let mut changes = self.changes(device, &everything, complete, pages).await?;
        changes.changes.push(self.put_json(Shelf::Meta, owner_key(), owner).await?);
        for (name, draft) in drafts {
            changes.changes.push(self.put_json(Shelf::Drafts, Key::Text(name), &draft).await?);
        }
        changes.changes.extend(keys.into_changes());
        self.write(changes).await?;
        // Where there is no room to set aside, the notes come first.
        let _ = self.set_room_aside().await;
        Ok(())
    }

    /// Opens everything. Pages that do not open are left out, and their scope is fetched anew.
    ///
    /// # Errors
    /// The device's own rows do not open.
    pub(crate) async fn open(&self, closed: Closed) -> Result<Found, StorageProblem> {
        let scope_keys = closed.keys.into_iter().filter_map(|(key, sealed)| Some((PageKey::parse_scope(key.text()?)?, sealed)));
        self.vault.scopes().open(&scope_keys.collect::<Vec<_>>()).await;
        let own = self.open_json::<DeviceRow>(closed.own, Shelf::Meta, device_key());
        let owner = self.open_json::<Me>(closed.owner, Shelf::Meta, owner_key());
        // A log that does not open is no reason to keep a worker from her caseload.
        let reads = async { Ok(self.open_json(closed.reads, Shelf::Meta, reads_key()).await.unwrap_or_default()) };
        let ((pages, damaged), entries, mut own, owner, reads) =
            futures::try_join!(self.open_pages(closed.rows), self.open_entries(closed.outbox), own, owner, reads)?;
        // Without its key a scope has no records here, whatever the device's own row says.
        let is_lost = |scope_id| damaged.iter().any(|key| key.scope_id == scope_id) || !self.vault.scopes().holds(scope_id);
        let mut is_whole = true;
        for (scope_id, held) in &mut own.meta.scopes {
            let in_memory_only = own.meta.kept.get(scope_id) == Some(&Keep::Memory);
            if !in_memory_only && is_lost(*scope_id) {
                (*held, is_whole) = (Held::WORTHLESS, false);
            }
        }
        self.keys_told.set(own.keys_told);
        let hand_in: Vec<Row> = hand_in::parse_all(&closed.hand_in).collect();
        self.outgoing.found(own.seal_key, &hand_in, &entries);
        self.contents.take_found(&closed.parcels);
        Ok(Found { owner, complete: own.complete && is_whole, meta: own.meta, entries, pages, damaged, hand_in, reads })
    }

    /// Every draft that opens, by its name.
    ///
    /// # Errors
    /// The browser refuses.
    pub(crate) async fn read_drafts(&self) -> Result<Vec<(String, Draft)>, StorageProblem> {
        let mut drafts = Vec::new();
        for (key, sealed) in self.store.read_all(Shelf::Drafts).await? {
            let opened = self.open_json::<Draft>(Some(sealed), Shelf::Drafts, key.clone()).await;
            drafts.extend(key.text().map(str::to_owned).zip(opened.ok()));
        }
        Ok(drafts)
    }

    /// Keeps a keyring in place of the one before.
    ///
    /// # Errors
    /// The disk is full, or the browser refuses.
    pub(crate) async fn keep_keyring(&self, keyring: &Keyring) -> Result<(), StorageProblem> {
        self.store.write(&[Change::PutOpen(Open::Keyring, keyring.to_json().into())]).await
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

    async fn write(&self, changes: Changes) -> Result<(), StorageProblem> {
        self.store.write(&changes.changes).await?;
        self.note_written(&changes);
        Ok(())
    }

    fn note_written(&self, changes: &Changes) {
        self.vault.scopes().written(&changes.new_keys, &changes.gone);
        self.outgoing.written(&changes.handed_in);
        self.contents.note_signed(&changes.signed);
    }

    async fn keep(&self, device: &Device, writes: &Writes, complete: bool, pages: &[PageWrite]) -> Result<Kept, StorageProblem> {
        clock::mark("seal-start");
        let changes = self.changes(device, writes, complete, pages).await?;
        clock::mark("sealed");
        if !pages.is_empty() {
            // Records can be fetched again; only what exists nowhere else may use the room set aside.
            return self.write(changes).await.map(|()| Kept::Well);
        }
        let kept = self.write_or_use_reserve(&changes.changes).await?;
        self.note_written(&changes);
        Ok(kept)
    }

    async fn write_or_use_reserve(&self, changes: &[Change]) -> Result<Kept, StorageProblem> {
        match self.store.write(changes).await {
            Err(StorageProblem::Full) => {
                self.store.write(&[Change::Delete(Shelf::Meta, reserve_key())]).await?;
                self.store.write(changes).await.map(|()| Kept::InReserve)
            }
            other => other.map(|()| Kept::Well),
        }
    }

    /// Seals everything before the transaction opens: one that waits for cryptography would be closed under it.
    async fn changes(&self, device: &Device, writes: &Writes, complete: bool, pages: &[PageWrite]) -> Result<Changes, StorageProblem> {
        let mut json: Vec<(Shelf, Key, Vec<u8>)> = Vec::new();
        if writes.meta || self.outgoing.has_news(device) {
            let row =
                DeviceRow { meta: device.meta().clone(), complete, seal_key: self.outgoing.seal_key(), keys_told: self.keys_told.get() };
            json.push((Shelf::Meta, device_key(), to_json(&row)));
        }
        for seq in &writes.put {
            let entry = device.entry(*seq).expect("a write names entries that are there");
            json.push((Shelf::Outbox, Key::Number(*seq), to_json(entry)));
        }
        let sealing = json.iter().map(|(shelf, key, bytes)| self.seal(*shelf, key.clone(), bytes));
        let mut changes = try_join_all(sealing).await?;
        let page_key = |key: &PageKey| Key::Text(key.to_text());
        let kept = |key: &PageKey| device.meta().may_be_on_disk(key.scope_id);
        let written = || pages.iter().filter(|(key, bytes)| bytes.is_some() && kept(key));
        let new_keys = self.vault.scopes().make(written().map(|(key, _)| key.scope_id).collect::<BTreeSet<_>>()).await;
        let new_keys = new_keys.map_err(|error| storage_problem(&error))?;
        let sealing = written().filter_map(|(key, bytes)| Some(self.seal(Shelf::Rows, page_key(key), bytes.as_deref()?)));
        changes.extend(try_join_all(sealing).await?);
        let deleted = pages.iter().filter(|(key, bytes)| bytes.is_none() || !kept(key));
        changes.extend(deleted.map(|(key, _)| Change::Delete(Shelf::Rows, page_key(key))));
        changes.extend(writes.drop.iter().map(|seq| Change::Delete(Shelf::Outbox, Key::Number(*seq))));
        // A scope that is held no longer loses its key with its pages.
        let is_held = |scope_id| device.meta().scopes.contains_key(&scope_id) && device.meta().may_be_on_disk(scope_id);
        let gone = self.vault.scopes().without(is_held);
        changes.extend(new_keys.iter().map(|(scope_id, sealed)| Change::Put(Shelf::Keys, Key::Text(scope_id.to_string()), sealed.clone())));
        changes.extend(gone.iter().map(|scope_id| Change::Delete(Shelf::Keys, Key::Text(scope_id.to_string()))));
        let handed_in = self.outgoing.changes(device).await;
        changes.extend(handed_in.changes());
        let (signed, of_contents) = self.contents.signed_with(writes.put.iter().filter_map(|seq| device.entry(*seq)));
        changes.extend(of_contents);
        Ok(Changes { changes, new_keys, gone, handed_in, signed })
    }

    /// One page as it is on disk; nothing where it is not there or does not open.
    pub(crate) async fn read_page(&self, page: PageKey) -> Option<Vec<Record>> {
        self.read_json(Shelf::Rows, &Key::Text(page.to_text())).await.ok().flatten()
    }

    async fn open_pages(&self, sealed: Vec<(Key, Sealed)>) -> Result<(Vec<(PageKey, usize, Vec<Record>)>, Vec<PageKey>), StorageProblem> {
        let mut openings = Vec::with_capacity(sealed.len());
        for (key, sealed) in sealed {
            let Key::Text(text) = &key else { continue };
            let Some(page) = PageKey::parse(text) else { continue };
            openings.push((page, self.vault.start_open(&sealed, Shelf::Rows, &key)));
        }
        // The browser opens them all side by side; each is read while the next ones are being opened.
        let (mut pages, mut damaged) = (Vec::with_capacity(openings.len()), Vec::new());
        for (page, opening) in openings {
            let bytes = match opening {
                Ok(opening) => opening.bytes().await.ok().map(|bytes| bytes.to_vec()),
                Err(VaultError::Damaged) => None,
                Err(error) => return Err(storage_problem(&error)),
            };
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
            let bytes = self.vault.open(sealed, Shelf::Outbox, key).await.ok()?;
            serde_json::from_slice(&bytes).ok()
        }));
        Ok(opened.await.into_iter().flatten().collect())
    }

    async fn seal(&self, shelf: Shelf, key: Key, bytes: &[u8]) -> Result<Change, StorageProblem> {
        let sealed = self.vault.seal(bytes, shelf, &key).await.map_err(|error| storage_problem(&error))?;
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
        let bytes = self.vault.open(&sealed, shelf, &key).await.map_err(|error| storage_problem(&error))?;
        serde_json::from_slice(&bytes).map_err(|_| StorageProblem::Unreadable)
    }
}

fn to_json<T: Serialize>(value: &T) -> Vec<u8> {
    serde_json::to_vec(value).expect("what is kept is plain data")
}

fn storage_problem(error: &VaultError) -> StorageProblem {
    match error {
        VaultError::Damaged => StorageProblem::Unreadable,
        VaultError::Newer => StorageProblem::NewerBuild,
        _ => StorageProblem::Failed,
    }
}
