//! What every device wrote: noted in the moment in which its disk said yes, which is when a person may be told "saved on this phone".

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

use sync::wire::{Mid, Mutation};
use uuid::Uuid;

use crate::world::Account;

/// The `type` of the mutations that are counted.
pub(crate) const NOTE: &str = "note.sign";

/// One mutation as it was saved first.
#[derive(Clone)]
pub(crate) struct Written {
    pub(crate) agency_id: Uuid,
    pub(crate) worker_id: Uuid,
    pub(crate) mutation: Mutation,
}

/// Everything that was written, by everybody.
#[derive(Default)]
pub(crate) struct Ledger(Mutex<BTreeMap<Mid, Written>>);

impl Ledger {
    /// Notes a mutation; says whether it is a new one.
    pub(crate) fn note(&self, author: &Account, mutation: &Mutation) -> bool {
        let mut written = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_new = !written.contains_key(&mutation.mid);
        if is_new {
            let by = Written { agency_id: author.agency_id.0, worker_id: author.worker_id.0, mutation: mutation.clone() };
            written.insert(mutation.mid, by);
        }
        is_new
    }

    /// All of it.
    pub(crate) fn all(&self) -> Vec<Written> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).values().cloned().collect()
    }
}
