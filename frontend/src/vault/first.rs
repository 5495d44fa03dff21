//! The first version of the vault: one data key for everything. Read only, and only to bring a device up to date.

use js_sys::Uint8Array;
use web_sys::CryptoKey;

use super::{
    FirstKeyring, Sealed, VaultError,
    crypto::{self, Kind, Opening},
    derive,
};
use crate::store::{Key, Shelf, place};

/// What was sealed by it has this version.
const SEAL_VERSION: u8 = 1;

/// The data key of a device of the first version.
pub(crate) struct FirstVault {
    key: CryptoKey,
}

impl FirstVault {
    /// Opens the data key with the passphrase.
    ///
    /// # Errors
    /// It is the wrong passphrase, or the keyring is damaged.
    pub(crate) async fn open(keyring: &FirstKeyring, passphrase: &str) -> Result<Self, VaultError> {
        let (wrap, cost) = keyring.passphrase()?;
        let secret: Uint8Array = derive(passphrase, &wrap.salt, cost).await?;
        let material = crypto::secret(&secret).await?;
        let wrapping = crypto::derive(&material, &wrap.salt, "doorstep/key/passphrase/1", &["unwrapKey"]).await?;
        let key = crypto::unwrap(Kind::Rows, &wrap.wrapped.sealed(), &wrapping, "doorstep|passphrase|1").await;
        key.map(|key| Self { key }).map_err(|error| match error {
            VaultError::Damaged => VaultError::WrongPassphrase,
            other => other,
        })
    }

    /// Starts to open what stands in one place of the store.
    ///
    /// # Errors
    /// It was not sealed by the first version.
    pub(crate) fn start_open(&self, sealed: &Sealed, shelf: Shelf, key: &Key) -> Result<Opening, VaultError> {
        if sealed.v != SEAL_VERSION {
            return Err(VaultError::Damaged);
        }
        crypto::start_open(&self.key, sealed, &format!("{}|{SEAL_VERSION}", place(shelf, key)))
    }
}
