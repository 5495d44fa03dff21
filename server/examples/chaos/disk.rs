//! What a device's IndexedDB holds, in the shape in which frontend/src/store.rs and keeper.rs write it: JSON of the device itself, one row
//! a mutation, and the records. Here they are not sealed, and each record has a row of its own.

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use anyhow::{Context, Result};
use domain::{Record, RecordRef, ScopeId};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use sync::device::{Device, Entry, Meta, Writes};

/// The disk of one device. It outlives every page.
#[derive(Default)]
pub(crate) struct Disk(Mutex<Shelves>);

#[derive(Default)]
struct Shelves {
    device: Option<Vec<u8>>,
    outbox: BTreeMap<u64, Vec<u8>>,
    rows: BTreeMap<(ScopeId, RecordRef), Vec<u8>>,
    cookie: Option<String>,
}

/// One change of the records on disk.
pub(crate) enum RowChange {
    Put(ScopeId, Box<Record>),
    Delete(ScopeId, RecordRef),
    Forget(ScopeId),
}

/// What a page finds when it opens.
pub(crate) struct Found {
    pub(crate) meta: Meta,
    pub(crate) entries: Vec<Entry>,
    pub(crate) rows: Vec<(ScopeId, Record)>,
    pub(crate) complete: bool,
}

/// The device's own row.
#[derive(Serialize, Deserialize)]
struct DeviceRow {
    meta: Meta,
    /// Everything that the worker may see is on disk.
    complete: bool,
}

impl Disk {
    /// Writes everything that a change names, all or nothing.
    pub(crate) fn keep(&self, device: &Device, writes: &Writes, complete: bool, rows: &[RowChange]) {
        let mut shelves = self.lock();
        if writes.meta {
            shelves.device = Some(to_json(&DeviceRow { meta: device.meta().clone(), complete }));
        }
        for seq in &writes.put {
            let entry = device.entry(*seq).expect("a write names entries that are there");
            shelves.outbox.insert(*seq, to_json(entry));
        }
        for change in rows {
            match change {
                RowChange::Put(scope_id, record) => drop(shelves.rows.insert((*scope_id, record.record_ref()), to_json(record))),
                RowChange::Delete(scope_id, record_ref) => drop(shelves.rows.remove(&(*scope_id, *record_ref))),
                RowChange::Forget(scope_id) => shelves.rows.retain(|(scope, _), _| scope != scope_id),
            }
        }
        for seq in &writes.drop {
            shelves.outbox.remove(seq);
        }
    }

    /// Reads everything; none where nothing was ever written.
    ///
    /// # Errors
    /// What was written can't be read.
    pub(crate) fn open(&self) -> Result<Option<Found>> {
        let shelves = self.lock();
        let Some(own) = &shelves.device else { return Ok(None) };
        let own: DeviceRow = from_json(own)?;
        let entries = shelves.outbox.values().map(|bytes| from_json(bytes)).collect::<Result<_>>()?;
        let rows = shelves.rows.iter().map(|((scope_id, _), bytes)| Ok((*scope_id, from_json(bytes)?))).collect::<Result<_>>()?;
        Ok(Some(Found { meta: own.meta, entries, rows, complete: own.complete }))
    }

    /// The browser's cookie, which a closed page leaves behind.
    pub(crate) fn cookie(&self) -> Option<String> {
        self.lock().cookie.clone()
    }

    pub(crate) fn keep_cookie(&self, cookie: Option<String>) {
        self.lock().cookie = cookie;
    }

    fn lock(&self) -> MutexGuard<'_, Shelves> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn to_json<T: Serialize>(value: &T) -> Vec<u8> {
    serde_json::to_vec(value).expect("what is kept is plain data")
}

fn from_json<T: DeserializeOwned>(bytes: &[u8]) -> Result<T> {
    serde_json::from_slice(bytes).context("a row on disk can't be read")
}
