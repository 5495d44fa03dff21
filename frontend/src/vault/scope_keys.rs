//! One random key for each scope of records. A scope that is forgotten loses its key, and what is left of its pages opens never more.

use std::{cell::RefCell, collections::BTreeMap, rc::Rc};

use domain::ScopeId;
use futures::future::join_all;
use web_sys::CryptoKey;

use super::{
    VaultError,
    crypto::{self, Kind, SEAL_VERSION, Sealed},
};
use crate::store::{Key, Shelf, place};

/// The keys of all scopes of an unlocked device.
#[derive(Clone)]
pub(crate) struct ScopeKeys {
    wrapping: CryptoKey,
    held: Rc<RefCell<BTreeMap<ScopeId, ScopeKey>>>,
}

struct ScopeKey {
    key: CryptoKey,
    /// As it has to be written; none where it is on disk.
    unwritten: Option<Sealed>,
}

impl ScopeKeys {
    pub(super) fn new(wrapping: CryptoKey) -> Self {
        Self { wrapping, held: Rc::default() }
    }

    /// Opens the keys that were found on disk. One that does not open is left out: its scope is fetched anew, under a new key.
    pub(crate) async fn open(&self, found: &[(ScopeId, Sealed)]) {
        let opening = found.iter().filter(|(_, sealed)| sealed.v == SEAL_VERSION).map(|(scope_id, sealed)| async move {
            let key = crypto::unwrap(Kind::Rows, sealed, &self.wrapping, &context(*scope_id)).await.ok()?;
            Some((*scope_id, ScopeKey { key, unwritten: None }))
        });
        let opened = join_all(opening).await;
        self.held.borrow_mut().extend(opened.into_iter().flatten());
    }

    pub(super) fn get(&self, scope_id: ScopeId) -> Option<CryptoKey> {
        self.held.borrow().get(&scope_id).map(|held| held.key.clone())
    }

    pub(crate) fn holds(&self, scope_id: ScopeId) -> bool {
        self.held.borrow().contains_key(&scope_id)
    }

    /// Makes the keys that these scopes lack, and gives all of theirs that still have to be written.
    ///
    /// # Errors
    /// The browser's cryptography failed.
    pub(crate) async fn make(&self, scopes: impl IntoIterator<Item = ScopeId>) -> Result<Vec<(ScopeId, Sealed)>, VaultError> {
        let mut unwritten = Vec::new();
        for scope_id in scopes {
            if !self.holds(scope_id) {
                let made = self.make_one(scope_id).await?;
                self.held.borrow_mut().insert(scope_id, made);
            }
            let held = self.held.borrow();
            unwritten.extend(held.get(&scope_id).and_then(|held| held.unwritten.clone()).map(|sealed| (scope_id, sealed)));
        }
        Ok(unwritten)
    }

    /// The scopes that are held and of which `is_kept` says no.
    pub(crate) fn without(&self, is_kept: impl Fn(ScopeId) -> bool) -> Vec<ScopeId> {
        self.held.borrow().keys().copied().filter(|scope_id| !is_kept(*scope_id)).collect()
    }

    /// Notes that these are on disk, and that those are not any more.
    pub(crate) fn written(&self, written: &[(ScopeId, Sealed)], gone: &[ScopeId]) {
        let mut held = self.held.borrow_mut();
        for (scope_id, _) in written {
            if let Some(held) = held.get_mut(scope_id) {
                held.unwritten = None;
            }
        }
        for scope_id in gone {
            held.remove(scope_id);
        }
    }

    async fn make_one(&self, scope_id: ScopeId) -> Result<ScopeKey, VaultError> {
        let exportable = crypto::generate().await?;
        let sealed = crypto::wrap("raw", &exportable, &self.wrapping, &context(scope_id)).await?;
        // From here on the key is the one that cannot be exported.
        let key = crypto::unwrap(Kind::Rows, &sealed, &self.wrapping, &context(scope_id)).await?;
        Ok(ScopeKey { key, unwritten: Some(sealed) })
    }
}

fn context(scope_id: ScopeId) -> String {
    format!("{}|{SEAL_VERSION}", place(Shelf::Keys, &Key::Text(scope_id.to_string())))
}
