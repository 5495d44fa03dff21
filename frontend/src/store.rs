//! The device's disk: IndexedDB. It takes and gives sealed bytes only, and says yes only when a strict transaction is complete.

use std::{cell::RefCell, fmt, rc::Rc};

use app::desk::StorageProblem;
use indexed_db_futures::{
    database::Database,
    error::{DomException, Error, OpenDbError},
    internals::SystemRepr,
    prelude::*,
    transaction::{Transaction, TransactionDurability, TransactionMode, TransactionOptions},
};
use js_sys::{Reflect, Uint8Array};
use wasm_bindgen::prelude::*;
use web_sys::{IdbDatabase, IdbTransaction};

use crate::{
    keyring::Keyring,
    platform::{member, object},
    vault::{SEAL_VERSION, Sealed},
};

/// Name of the database.
pub(crate) const DATABASE: &str = "doorstep";

/// Version of its shape. An older build refuses a newer one.
const VERSION: u8 = 1;

/// Where the wrapped keys stand; the only values that are not sealed bytes.
const KEYRING: &str = "keyring";
const KEYRING_KEY: &str = "device";

/// The object stores that hold sealed bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shelf {
    /// One row a mutation; its own store, because nothing but a safe receipt may clear it.
    Outbox,
    /// Pages of records, by scope and number.
    Rows,
    Meta,
    Drafts,
}

impl Shelf {
    const ALL: [Self; 4] = [Self::Outbox, Self::Rows, Self::Meta, Self::Drafts];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Outbox => "outbox",
            Self::Rows => "rows",
            Self::Meta => "meta",
            Self::Drafts => "drafts",
        }
    }
}

/// Key of a row. Keys are not sealed: they are random ids and plain numbers only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Key {
    Text(String),
    Number(u64),
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
    Delete(Shelf, Key),
    /// Written once, at enrolment.
    PutKeyring(Keyring),
}

/// An open database.
#[derive(Clone, Debug)]
pub(crate) struct Store {
    db: Rc<RefCell<Database>>,
}

impl Store {
    /// Opens the database of an enrolled device; none where this browser is not enrolled.
    ///
    /// # Errors
    /// The browser refuses, or the database belongs to a newer build.
    pub(crate) async fn open_enrolled() -> Result<Option<(Self, String)>, StorageProblem> {
        let Some(store) = Self::open_existing().await? else { return Ok(None) };
        match store.read_keyring().await? {
            Some(keyring) => Ok(Some((store, keyring))),
            None => Ok(None),
        }
    }

    /// Makes the database, or opens it if it is there.
    ///
    /// # Errors
    /// The browser refuses, or the database belongs to a newer build.
    pub(crate) async fn create() -> Result<Self, StorageProblem> {
        let (db, _) = open(true).await?;
        Ok(Self { db: Rc::new(RefCell::new(db)) })
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
        keys.iter().zip(&values).map(|(key, value)| Ok((key_from_js(key)?, from_js(value)?))).collect()
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

    async fn open_existing() -> Result<Option<Self>, StorageProblem> {
        let (db, is_new) = open(false).await?;
        if is_new {
            // Only looked for: leave no empty database behind.
            let _ = db.delete().map_err(|_| StorageProblem::Failed)?.await;
            return Ok(None);
        }
        Ok(Some(Self { db: Rc::new(RefCell::new(db)) }))
    }

    async fn read_keyring(&self) -> Result<Option<String>, StorageProblem> {
        self.with_retry(|db| async move {
            let tx = db.transaction(KEYRING).build()?;
            let keyring: Option<String> = tx.object_store(KEYRING)?.get(KEYRING_KEY).primitive()?.await?;
            Ok(keyring)
        })
        .await
    }

    /// Tries again once on a fresh connection: phones cut the old one while the app is in the background.
    async fn with_retry<T, F: Future<Output = Result<T, Error>>>(&self, work: impl Fn(Database) -> F) -> Result<T, StorageProblem> {
        let db = self.db.borrow().clone();
        match work(db).await {
            Err(Error::DomException(DomException::InvalidStateError(_))) => {
                let (db, is_new) = open(false).await?;
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
async fn open(make_stores: bool) -> Result<(Database, bool), StorageProblem> {
    let is_new = Rc::new(RefCell::new(false));
    let was_new = Rc::clone(&is_new);
    let request = Database::open(DATABASE).with_version(VERSION).with_on_upgrade_needed(move |event, db| {
        let was_absent = event.old_version() == 0.0;
        was_new.replace(was_absent);
        if was_absent && make_stores {
            for name in Shelf::ALL.map(Shelf::name).into_iter().chain([KEYRING]) {
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
        Change::Put(_, Key::Text(key), sealed) => drop(store.put(to_js(sealed)).with_key(key.as_str()).primitive()?),
        Change::Put(_, Key::Number(key), sealed) => drop(store.put(to_js(sealed)).with_key(as_number(*key)).primitive()?),
        Change::Delete(_, Key::Text(key)) => drop(store.delete(key.as_str()).primitive()?),
        Change::Delete(_, Key::Number(key)) => drop(store.delete(as_number(*key)).primitive()?),
        Change::PutKeyring(keyring) => drop(store.put(keyring.to_json()).with_key(KEYRING_KEY).primitive()?),
    }
    Ok(())
}

impl Change {
    fn store_name(&self) -> &'static str {
        match self {
            Self::Put(shelf, ..) | Self::Delete(shelf, _) => shelf.name(),
            Self::PutKeyring(_) => KEYRING,
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
    object(&[("v", SEAL_VERSION.into()), ("iv", sealed.iv.clone().into()), ("ct", sealed.ct.clone().into())])
}

/// A value of an unknown version is not guessed at.
fn from_js(value: &JsValue) -> Result<Sealed, StorageProblem> {
    if member(value, "v").as_f64() != Some(f64::from(SEAL_VERSION)) {
        return Err(StorageProblem::NewerBuild);
    }
    let bytes = |name: &str| member(value, name).dyn_into::<Uint8Array>().map_err(|_| StorageProblem::Unreadable);
    Ok(Sealed { iv: bytes("iv")?, ct: bytes("ct")? })
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
