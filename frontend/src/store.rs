//! The device's disk: IndexedDB. It takes and gives sealed bytes and what may lie open only, and says yes only when a strict transaction is complete.

use std::{cell::RefCell, fmt, rc::Rc};

use app::desk::StorageProblem;
use indexed_db_futures::{
    database::Database,
    error::{DomException, Error, OpenDbError},
    internals::SystemRepr,
    object_store::ObjectStore,
    prelude::*,
    transaction::{Transaction, TransactionDurability, TransactionMode, TransactionOptions},
};
use js_sys::{Reflect, Uint8Array};
use uuid::Uuid;
use wasm_bindgen::prelude::*;
use web_sys::{IdbDatabase, IdbTransaction};

use crate::{
    platform::{member, object},
    vault::{SEAL_VERSION, Sealed},
};

/// The database of one worker in this browser. Its name is a number drawn for it, and says nothing about anybody.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place(String);

impl Place {
    /// Of the first worker: it has the name that all had when a browser was one worker's.
    const FIRST: &str = "doorstep";

    pub(crate) fn first() -> Self {
        Self(Self::FIRST.to_owned())
    }

    /// Of one more worker.
    pub(crate) fn fresh() -> Self {
        Self([Self::FIRST, "-", &Uuid::now_v7().to_string()].concat())
    }

    /// The place of this name, if it is one of ours.
    pub(crate) fn parse(name: &str) -> Option<Self> {
        let rest = name.strip_prefix(Self::FIRST)?;
        let is_ours = rest.is_empty() || rest.strip_prefix('-').is_some_and(|id| Uuid::try_parse(id).is_ok());
        is_ours.then(|| Self(name.to_owned()))
    }

    pub(crate) fn name(&self) -> &str {
        &self.0
    }
}

/// Version of its shape. An older build refuses a newer one. The second has scope keys and what can be handed in while locked, the third
/// photos and documents.
const VERSION: u8 = 3;

/// Where stands what may lie open: see [`Open`].
const OPEN: &str = "keyring";

/// What may lie open on disk: it says nothing about anybody, and opens nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Open {
    /// The wrapped keys, as JSON.
    Keyring,
    /// Wrong passphrases since the last good one, as JSON.
    Tries,
    /// What a locked device must know to hand in its notes, as JSON.
    Door,
    /// What the worker wants to be called on the lock page; everybody may read it.
    Label,
    /// The caseload was removed, because the agency lets no device keep one.
    Withdrawn,
    /// When the device was opened last, by its clock, in milliseconds.
    Opened,
    /// The device's own signing key. It cannot be exported, but whoever copies the disk can copy it, and sign as this device.
    DeviceKey,
    /// All that is left of a lost device which was emptied, until the server has heard of it: what it has to say, as JSON.
    Wiped,
}

impl Open {
    /// What belongs to a device in use.
    const OF_DEVICE: [Self; 7] = [Self::Keyring, Self::Tries, Self::Door, Self::Label, Self::Withdrawn, Self::Opened, Self::DeviceKey];

    fn key(self) -> &'static str {
        match self {
            Self::Keyring => "device",
            Self::Tries => "tries",
            Self::Door => "door",
            Self::Label => "label",
            Self::Withdrawn => "withdrawn",
            Self::Opened => "opened",
            Self::DeviceKey => "device-key",
            Self::Wiped => "wiped",
        }
    }
}

/// The object stores that hold sealed bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Shelf {
    /// One row a mutation; its own store, because nothing but a safe receipt may clear it.
    Outbox,
    /// Pages of records, by scope and number.
    Rows,
    Meta,
    Drafts,
    /// One wrapped key a scope.
    Keys,
    /// Mutations sealed to the server, as JSON, by `mid`: what a locked device can hand in.
    HandIn,
    /// Photos and documents, by id: what opens each, for its author.
    Attachments,
    /// What has to be known to send them while locked, as JSON, by id; see [`sync::device::Parcel`].
    Parcels,
    /// Their contents, by id and number of the chunk, as they travel.
    Chunks,
}

impl Shelf {
    const ALL: [Self; 9] =
        [Self::Outbox, Self::Rows, Self::Meta, Self::Drafts, Self::Keys, Self::HandIn, Self::Attachments, Self::Parcels, Self::Chunks];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Outbox => "outbox",
            Self::Rows => "rows",
            Self::Meta => "meta",
            Self::Drafts => "drafts",
            Self::Keys => "keys",
            Self::HandIn => "hand-in",
            Self::Attachments => "attachments",
            Self::Parcels => "parcels",
            Self::Chunks => "chunks",
        }
    }
}

/// Key of a row. Keys are not sealed: they are random ids and plain numbers only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Key {
    Text(String),
    Number(u64),
}

impl Key {
    /// The key, if it is text.
    pub(crate) fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Number(_) => None,
        }
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => text.fmt(f),
            Self::Number(number) => number.fmt(f),
        }
    }
}

/// The name of one place in the store, to be authenticated with what stands there.
pub(crate) fn place(shelf: Shelf, key: &Key) -> String {
    format!("{}|{key}", shelf.name())
}

/// One change of what is on disk.
#[derive(Clone, Debug)]
pub(crate) enum Change {
    Put(Shelf, Key, Sealed),
    /// What needs no key of ours, because it is sealed to the server.
    PutText(Shelf, Key, String),
    Delete(Shelf, Key),
    Clear(Shelf),
    PutOpen(Open, JsValue),
    DeleteOpen(Open),
}

/// An open database.
#[derive(Clone, Debug)]
pub(crate) struct Store {
    place: Place,
    db: Rc<RefCell<Database>>,
}

impl Store {
    /// Opens the database of an enrolled device, and gives its keyring with it; none where there is no device.
    ///
    /// # Errors
    /// The browser refuses, or the database belongs to a newer build.
    pub(crate) async fn open_enrolled(place: &Place) -> Result<Option<(Self, String)>, StorageProblem> {
        let Some(store) = Self::open_existing(place).await? else { return Ok(None) };
        match store.read_open_text(Open::Keyring).await? {
            Some(keyring) => Ok(Some((store, keyring))),
            None => Ok(None),
        }
    }

    /// Opens the database of a device that was emptied and has to say so still.
    ///
    /// # Errors
    /// The browser refuses, or the database belongs to a newer build.
    pub(crate) async fn open_emptied(place: &Place) -> Result<Option<(Self, String)>, StorageProblem> {
        let Some(store) = Self::open_existing(place).await? else { return Ok(None) };
        let is_in_use = store.read_open_text(Open::Keyring).await?.is_some();
        let said = if is_in_use { None } else { store.read_open_text(Open::Wiped).await? };
        Ok(said.map(|said| (store, said)))
    }

    /// Makes the database, or opens it if it is there.
    ///
    /// # Errors
    /// The browser refuses, or the database belongs to a newer build.
    pub(crate) async fn create(place: &Place) -> Result<Self, StorageProblem> {
        let (db, _) = open(place, true).await?;
        Ok(Self { place: place.clone(), db: Rc::new(RefCell::new(db)) })
    }

    pub(crate) fn place(&self) -> &Place {
        &self.place
    }

    /// Reads one row.
    ///
    /// # Errors
    /// The browser refuses.
    pub(crate) async fn read(&self, shelf: Shelf, key: &Key) -> Result<Option<Sealed>, StorageProblem> {
        let key = key.clone();
        self.with_retry(|db| {
            let key = key.clone();
            async move {
                let tx = db.transaction(shelf.name()).build()?;
                let value: Option<JsValue> = match &key {
                    Key::Text(text) => tx.object_store(shelf.name())?.get(text.as_str()).primitive()?.await?,
                    Key::Number(number) => tx.object_store(shelf.name())?.get(as_number(*number)).primitive()?.await?,
                };
                Ok(value)
            }
        })
        .await?
        .map(|value| from_js(&value))
        .transpose()
    }

    /// Reads every row of a shelf, with its key, in one go.
    ///
    /// # Errors
    /// The browser refuses.
    pub(crate) async fn read_all(&self, shelf: Shelf) -> Result<Vec<(Key, Sealed)>, StorageProblem> {
        self.read_values(shelf).await?.iter().map(|(key, value)| Ok((key.clone(), from_js(value)?))).collect()
    }

    /// Reads every row of a shelf that holds text, with its key, in one go.
    ///
    /// # Errors
    /// The browser refuses.
    pub(crate) async fn read_all_texts(&self, shelf: Shelf) -> Result<Vec<(Key, String)>, StorageProblem> {
        let texts = self.read_values(shelf).await?.into_iter().map(|(key, value)| Some((key, value.as_string()?)));
        texts.collect::<Option<_>>().ok_or(StorageProblem::Unreadable)
    }

    async fn read_values(&self, shelf: Shelf) -> Result<Vec<(Key, JsValue)>, StorageProblem> {
        let (keys, values) = self
            .with_retry(|db| async move {
                let tx = db.transaction(shelf.name()).build()?;
                let store = tx.object_store(shelf.name())?;
                let keys = store.get_all_keys::<JsValue>().primitive()?;
                let values = store.get_all::<JsValue>().primitive()?;
                let keys = keys.await?.collect::<Result<Vec<_>, _>>()?;
                let values = values.await?.collect::<Result<Vec<_>, _>>()?;
                Ok((keys, values))
            })
            .await?;
        keys.iter().zip(values).map(|(key, value)| Ok((key_from_js(key)?, value))).collect()
    }

    /// Writes all of the changes or none. When this says yes, they are on the disk.
    ///
    /// # Errors
    /// The disk is full, or the browser refuses; nothing was written.
    pub(crate) async fn write(&self, changes: &[Change]) -> Result<(), StorageProblem> {
        if changes.is_empty() {
            return Ok(());
        }
        self.with_retry(|db| async move { write(&db, changes).await }).await
    }

    /// Removes everything of a device in one transaction, and writes what is left to be said.
    ///
    /// # Errors
    /// The browser refuses; then all of it is there still.
    pub(crate) async fn clear(&self, left: Option<Change>) -> Result<(), StorageProblem> {
        let open = Open::OF_DEVICE.map(Change::DeleteOpen);
        self.write(&Shelf::ALL.map(Change::Clear).into_iter().chain(open).chain(left).collect::<Vec<_>>()).await
    }

    /// Removes the database. Pages that have it open let go of it.
    pub(crate) async fn remove(&self) {
        self.db.borrow().clone().close();
        if let Ok(request) = Database::delete_by_name(self.place.name()) {
            let _ = request.await;
        }
    }

    async fn open_existing(place: &Place) -> Result<Option<Self>, StorageProblem> {
        let (db, is_new) = open(place, false).await?;
        if is_new {
            // Only looked for: leave no empty database behind.
            let _ = db.delete().map_err(|_| StorageProblem::Failed)?.await;
            return Ok(None);
        }
        Ok(Some(Self { place: place.clone(), db: Rc::new(RefCell::new(db)) }))
    }

    /// Reads something that lies open; none where it is not there.
    ///
    /// # Errors
    /// The browser refuses.
    pub(crate) async fn read_open(&self, what: Open) -> Result<Option<JsValue>, StorageProblem> {
        self.with_retry(|db| async move {
            let tx = db.transaction(OPEN).build()?;
            let value: Option<JsValue> = tx.object_store(OPEN)?.get(what.key()).primitive()?.await?;
            Ok(value)
        })
        .await
    }

    /// Reads something that lies open as text; none where it is not there.
    ///
    /// # Errors
    /// The browser refuses.
    pub(crate) async fn read_open_text(&self, what: Open) -> Result<Option<String>, StorageProblem> {
        Ok(self.read_open(what).await?.and_then(|value| value.as_string()))
    }

    /// Tries again once on a fresh connection: phones cut the old one while the app is in the background.
    async fn with_retry<T, F: Future<Output = Result<T, Error>>>(&self, work: impl Fn(Database) -> F) -> Result<T, StorageProblem> {
        let db = self.db.borrow().clone();
        match work(db).await {
            Err(Error::DomException(DomException::InvalidStateError(_))) => {
                let (db, is_new) = open(&self.place, false).await?;
                if is_new {
                    // The browser cleared the storage under an open page: the keys are gone, so nothing may be written.
                    let _ = db.delete().map_err(|_| StorageProblem::Failed)?.await;
                    return Err(StorageProblem::Unreadable);
                }
                self.db.replace(db.clone());
                work(db).await.map_err(|error| problem(&error))
            }
            other => other.map_err(|error| problem(&error)),
        }
    }
}

/// Opens the database; makes its stores if `make_stores`. Says whether there was none before.
async fn open(place: &Place, make_stores: bool) -> Result<(Database, bool), StorageProblem> {
    let is_new = Rc::new(RefCell::new(false));
    let was_new = Rc::clone(&is_new);
    let request = Database::open(place.name()).with_version(VERSION).with_on_upgrade_needed(move |event, db| {
        let was_absent = event.old_version() == 0.0;
        was_new.replace(was_absent);
        if was_absent && !make_stores {
            return Ok(());
        }
        // What an older version has stays as it is; it is sealed anew when it is unlocked next.
        let there: Vec<String> = db.object_store_names().collect();
        for name in Shelf::ALL.map(Shelf::name).into_iter().chain([OPEN]) {
            if !there.iter().any(|there| there == name) {
                db.create_object_store(name).build()?;
            }
        }
        Ok(())
    });
    let db = request.await.map_err(|error| open_problem(&error))?;
    close_for_newer_builds(&db);
    let is_new = *is_new.borrow();
    Ok((db, is_new))
}

/// A newer build in another tab must not wait for this one: let go of the database.
fn close_for_newer_builds(db: &Database) {
    let sys: IdbDatabase = db.as_sys().clone().unchecked_into();
    let closing = sys.clone();
    let on_change = Closure::<dyn FnMut()>::new(move || closing.close());
    sys.set_onversionchange(Some(on_change.as_ref().unchecked_ref()));
    on_change.forget();
}

async fn write(db: &Database, changes: &[Change]) -> Result<(), Error> {
    let mut names: Vec<&str> = changes.iter().map(Change::store_name).collect();
    names.sort_unstable();
    names.dedup();
    let options = TransactionOptions::new().with_durability(TransactionDurability::Strict);
    let tx = db.transaction(names.as_slice()).with_mode(TransactionMode::Readwrite).with_options(options).build()?;
    for change in changes {
        apply(&tx, change)?;
    }
    let sys: IdbTransaction = tx.as_sys().clone().unchecked_into();
    tx.commit().await.map_err(|error| match sys.error() {
        // The transaction knows why it was aborted; a full disk shows only here.
        Some(cause) => cause.into(),
        None => error,
    })
}

fn apply(tx: &Transaction<'_>, change: &Change) -> Result<(), Error> {
    let store = tx.object_store(change.store_name())?;
    match change {
        Change::Put(_, key, sealed) => put(&store, key, to_js(sealed)),
        Change::PutText(_, key, text) => put(&store, key, text.as_str().into()),
        Change::Delete(_, Key::Text(key)) => store.delete(key.as_str()).primitive().map(drop),
        Change::Delete(_, Key::Number(key)) => store.delete(as_number(*key)).primitive().map(drop),
        Change::Clear(_) => store.clear().map(drop),
        Change::PutOpen(what, value) => store.put(value.clone()).with_key(what.key()).primitive().map(drop),
        Change::DeleteOpen(what) => store.delete(what.key()).primitive().map(drop),
    }
}

fn put(store: &ObjectStore<'_>, key: &Key, value: JsValue) -> Result<(), Error> {
    match key {
        Key::Text(key) => store.put(value).with_key(key.as_str()).primitive().map(drop),
        Key::Number(key) => store.put(value).with_key(as_number(*key)).primitive().map(drop),
    }
}

impl Change {
    fn store_name(&self) -> &'static str {
        match self {
            Self::Put(shelf, ..) | Self::PutText(shelf, ..) | Self::Delete(shelf, _) | Self::Clear(shelf) => shelf.name(),
            Self::PutOpen(..) | Self::DeleteOpen(_) => OPEN,
        }
    }
}

/// Numbers as IndexedDB orders them; exact up to 2⁵³, more than anybody writes.
fn as_number(number: u64) -> f64 {
    number as f64
}

fn key_from_js(key: &JsValue) -> Result<Key, StorageProblem> {
    if let Some(text) = key.as_string() {
        return Ok(Key::Text(text));
    }
    key.as_f64().map(|number| Key::Number(number as u64)).ok_or(StorageProblem::Unreadable)
}

fn to_js(sealed: &Sealed) -> JsValue {
    object(&[("v", sealed.v.into()), ("iv", sealed.iv.clone().into()), ("ct", sealed.ct.clone().into())])
}

/// A value of an unknown version is not guessed at.
fn from_js(value: &JsValue) -> Result<Sealed, StorageProblem> {
    let v = (1..=SEAL_VERSION).find(|v| member(value, "v").as_f64() == Some(f64::from(*v))).ok_or(StorageProblem::NewerBuild)?;
    let bytes = |name: &str| member(value, name).dyn_into::<Uint8Array>().map_err(|_| StorageProblem::Unreadable);
    Ok(Sealed { v, iv: bytes("iv")?, ct: bytes("ct")? })
}

fn open_problem(error: &OpenDbError) -> StorageProblem {
    match error {
        OpenDbError::Base(error) => problem(error),
        _ => StorageProblem::Failed,
    }
}

fn problem(error: &Error) -> StorageProblem {
    let name = match error {
        Error::DomException(exception) => Reflect::get(exception.as_ref(), &"name".into()).ok().and_then(|name| name.as_string()),
        _ => None,
    };
    match name.as_deref() {
        Some("QuotaExceededError") => StorageProblem::Full,
        Some("VersionError") => StorageProblem::NewerBuild,
        Some("UnknownError" | "DataError") => StorageProblem::Unreadable,
        _ => StorageProblem::Failed,
    }
}
