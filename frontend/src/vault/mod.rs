//! Keys, and sealing with them. Everything that goes to disk passes through here first (docs/security.md draws the hierarchy).
//!
//! A passphrase or a passkey gives a key that wraps the master key. From it come: the key for the worker's own words, the key for what the
//! device knows of itself, and the key that wraps one random key for each scope of records. No key in use can be exported.

mod author;
mod content_key;
mod cost;
mod crypto;
mod first;
mod keyring;
mod letterbox;
mod passkey;
mod scope_keys;
mod seal;
mod tries;
mod wrap;

use std::{cell::RefCell, rc::Rc};

use domain::WorkerId;
use js_sys::Uint8Array;
use sync::wire::DeviceKeys;
use uuid::Uuid;
use web_sys::CryptoKey;

pub(crate) use self::{
    author::{AuthorKey, sign_as_device},
    content_key::{ContentKey, sign_begin},
    cost::Cost,
    crypto::{Opening, SEAL_VERSION, Sealed, digest, random},
    first::FirstVault,
    keyring::{FirstKeyring, Keyring, KeyringError, Stored},
    letterbox::{Letter, Letterbox},
    passkey::{PasskeyError, may_be_there as screen_lock_may_be_there},
    scope_keys::ScopeKeys,
    seal::Sealer,
    tries::Tries,
};
use self::{
    keyring::{Pairs, Wrap, WrapKind, WrappedKey},
    wrap::{Handle, Master, Opener, Owner},
};
use crate::{
    kdf::{self, Deriver},
    rows::PageKey,
    store::{Key, Shelf, place},
};

/// Why something was not sealed or opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum VaultError {
    #[error("the passphrase or passkey does not open this device")]
    WrongPassphrase,
    #[error(transparent)]
    Keyring(#[from] KeyringError),
    #[error(transparent)]
    Passkey(#[from] PasskeyError),
    #[error("the passphrase could not be worked on")]
    Kdf,
    #[error("the sealed data was sealed by a newer build")]
    Newer,
    #[error("the sealed data does not open with this device's key")]
    Damaged,
    #[error("the browser's cryptography failed")]
    Crypto,
}

/// The keys of an unlocked device.
#[derive(Clone)]
pub(crate) struct Vault {
    keyring: Rc<RefCell<Rc<Keyring>>>,
    /// For what the worker wrote and the server has not: outbox and drafts.
    words: CryptoKey,
    /// For what the device knows of itself.
    own: CryptoKey,
    scopes: ScopeKeys,
    /// For the keys of pairs that the keyring has.
    keys: CryptoKey,
    author: AuthorKey,
    /// Only in the page in which the vault was made.
    handle: Option<Handle>,
}

/// A vault that was just made, and what has to be written for it.
pub(crate) struct NewVault {
    pub(crate) vault: Vault,
    pub(crate) keyring: Keyring,
    /// Signs for this device while it is locked. It cannot be exported, but it can be used by whoever holds the device.
    pub(crate) device_key: CryptoKey,
}

impl Vault {
    /// Makes all keys of a worker's vault, wrapped by the passphrase.
    ///
    /// # Errors
    /// The browser has no memory for the derivation, or its cryptography failed.
    pub(crate) async fn create(worker_id: WorkerId, passphrase: &str) -> Result<NewVault, VaultError> {
        let owner = Owner { worker_id, vault_id: random_id()? };
        let salt = random(wrap::SALT_BYTES)?.to_vec();
        let (cost, secret) = kdf::derive_fitted(passphrase, &salt).await.map_err(|_| VaultError::Kdf)?;
        let (master, wrap, handle) = Master::create(owner, by_passphrase(secret, salt, cost)).await?;
        let device = author::create_device_key().await?;
        let keys = keys_key(&master, owner).await?;
        let (author, letterbox) = futures::try_join!(author::create(&keys), Letterbox::create(&keys))?;
        let public = DeviceKeys { author: author.public, device: device.public };
        let keyring = Keyring::new(owner.vault_id, worker_id, wrap, Pairs { public, author: author.wrapped, letterbox });
        let vault = Self { handle: Some(handle), ..Self::of_master(&master, &keyring).await? };
        Ok(NewVault { vault, keyring, device_key: device.private })
    }

    /// Opens a vault with the passphrase.
    ///
    /// # Errors
    /// It is the wrong passphrase, or the keyring is of a newer build or damaged.
    pub(crate) async fn open_with_passphrase(keyring: &Keyring, passphrase: &str) -> Result<Self, VaultError> {
        let (wrap, cost) = keyring.passphrase()?;
        let secret = derive(passphrase, &wrap.salt, cost).await?;
        let master = Master::open(Owner::of(keyring), wrap, by_passphrase(secret, wrap.salt.clone(), cost)).await?;
        Self::of_master(&master, keyring).await
    }

    /// Opens a vault with the device's screen lock.
    ///
    /// # Errors
    /// It was not set up, the worker let it be, or another passkey answered.
    pub(crate) async fn open_with_passkey(keyring: &Keyring) -> Result<Self, VaultError> {
        let (wrap, credential_id) = keyring.passkey().ok_or(PasskeyError::Absent)?;
        let secret = passkey::ask(credential_id, &wrap.salt).await?;
        let opener = by_passkey(secret, wrap.salt.clone(), credential_id.to_vec());
        Self::of_master(&Master::open(Owner::of(keyring), wrap, opener).await?, keyring).await
    }

    /// Makes a passkey that opens this vault as well, and gives the keyring with it. Where the vault was not made in this very page, the
    /// passphrase is needed once more.
    ///
    /// # Errors
    /// It is the wrong passphrase, or this device's screen lock cannot do it.
    pub(crate) async fn add_passkey(&self, passphrase: Option<&str>) -> Result<Keyring, VaultError> {
        let keyring = self.keyring();
        let handle = match (&self.handle, passphrase) {
            (Some(handle), _) => handle.clone(),
            (None, Some(passphrase)) => {
                let (wrap, cost) = keyring.passphrase()?;
                let secret = derive(passphrase, &wrap.salt, cost).await?;
                Handle::of(wrap, by_passphrase(secret, wrap.salt.clone(), cost)).await?
            }
            (None, None) => return Err(VaultError::WrongPassphrase),
        };
        let salt = random(wrap::SALT_BYTES)?.to_vec();
        let (credential_id, secret) = passkey::create(&salt).await?;
        let wrap = handle.wrap_for(Owner::of(&keyring), by_passkey(secret, salt, credential_id)).await?;
        Ok(keyring.with_passkey(Some(wrap)))
    }

    /// Whether the passphrase is needed once more to make a passkey.
    pub(crate) fn needs_passphrase_for_passkey(&self) -> bool {
        self.handle.is_none()
    }

    /// Takes a keyring that is on disk now.
    pub(crate) fn take_keyring(&self, keyring: Keyring) {
        self.keyring.replace(Rc::new(keyring));
    }

    pub(crate) fn keyring(&self) -> Rc<Keyring> {
        Rc::clone(&self.keyring.borrow())
    }

    pub(crate) fn scopes(&self) -> &ScopeKeys {
        &self.scopes
    }

    pub(crate) fn author(&self) -> &AuthorKey {
        &self.author
    }

    /// Takes out of the letterbox what was put in while the device was locked.
    ///
    /// # Errors
    /// It was put into another letterbox, or was changed.
    pub(crate) async fn take_letter(&self, letter: &Letter, context: &str) -> Result<Vec<u8>, VaultError> {
        self.keyring().letterbox.take(letter, context, &self.keys).await
    }

    /// Seals bytes for one place in the store.
    ///
    /// # Errors
    /// There is no key for that place, or the browser's cryptography failed.
    pub(crate) async fn seal(&self, bytes: &[u8], shelf: Shelf, key: &Key) -> Result<Sealed, VaultError> {
        crypto::seal(&self.key(shelf, key)?, &Uint8Array::from(bytes), &context(shelf, key)).await
    }

    /// Starts to open what stands in one place of the store; many can be under way at once.
    ///
    /// # Errors
    /// It was sealed by a newer build, or there is no key for it.
    pub(crate) fn start_open(&self, sealed: &Sealed, shelf: Shelf, key: &Key) -> Result<Opening, VaultError> {
        match sealed.v {
            SEAL_VERSION => crypto::start_open(&self.key(shelf, key)?, sealed, &context(shelf, key)),
            // What is left of the first version did not open when everything else was brought up to date.
            ..SEAL_VERSION => Err(VaultError::Damaged),
            _ => Err(VaultError::Newer),
        }
    }

    /// Opens what stands in one place of the store.
    ///
    /// # Errors
    /// It was sealed with another key, for another place, by a newer build, or was changed.
    pub(crate) async fn open(&self, sealed: &Sealed, shelf: Shelf, key: &Key) -> Result<Vec<u8>, VaultError> {
        Ok(self.start_open(sealed, shelf, key)?.bytes().await?.to_vec())
    }

    async fn of_master(master: &Master, keyring: &Keyring) -> Result<Self, VaultError> {
        let owner = Owner::of(keyring);
        let uses = ["encrypt", "decrypt"];
        let words = master.key_for(owner, "doorstep/words/1", &uses);
        let own = master.key_for(owner, "doorstep/own/1", &uses);
        let (words, own, keys) = futures::try_join!(words, own, keys_key(master, owner))?;
        let author = AuthorKey::new(keys.clone(), keyring.author.clone());
        Ok(Self {
            keyring: Rc::new(RefCell::new(Rc::new(keyring.clone()))),
            words,
            own,
            scopes: ScopeKeys::new(keys.clone()),
            keys,
            author,
            handle: None,
        })
    }

    fn key(&self, shelf: Shelf, key: &Key) -> Result<CryptoKey, VaultError> {
        match (shelf, key) {
            (Shelf::Outbox | Shelf::Drafts | Shelf::Attachments, _) => Ok(self.words.clone()),
            (Shelf::Meta, _) => Ok(self.own.clone()),
            (Shelf::Rows, Key::Text(text)) => {
                let page = PageKey::parse(text).ok_or(VaultError::Damaged)?;
                self.scopes.get(page.scope_id).ok_or(VaultError::Damaged)
            }
            // Scope keys are wrapped, not sealed; what is handed in is sealed to the server; each content has a key of its own.
            (Shelf::Rows | Shelf::Keys | Shelf::HandIn | Shelf::Parcels | Shelf::Chunks, _) => Err(VaultError::Damaged),
        }
    }
}

/// The key that wraps scope keys and the author's key.
async fn keys_key(master: &Master, owner: Owner) -> Result<CryptoKey, VaultError> {
    master.key_for(owner, "doorstep/keys/1", &["wrapKey", "unwrapKey"]).await
}

fn by_passphrase(secret: Uint8Array, salt: Vec<u8>, cost: Cost) -> Opener {
    Opener { kind: WrapKind::Passphrase, v: Wrap::PASSPHRASE_VERSION, secret, salt, cost: Some(cost), credential_id: None }
}

fn by_passkey(secret: Uint8Array, salt: Vec<u8>, credential_id: Vec<u8>) -> Opener {
    Opener { kind: WrapKind::Passkey, v: Wrap::PASSKEY_VERSION, secret, salt, cost: None, credential_id: Some(credential_id) }
}

async fn derive(passphrase: &str, salt: &[u8], cost: Cost) -> Result<Uint8Array, VaultError> {
    let deriver = Deriver::start().map_err(|_| VaultError::Kdf)?;
    deriver.derive(passphrase, salt, cost).await.map_err(|_| VaultError::Kdf)
}

fn random_id() -> Result<Uuid, VaultError> {
    const ID_BYTES: u32 = 16;
    let bytes = random(ID_BYTES)?.to_vec();
    let bytes = bytes.try_into().map_err(|_| VaultError::Crypto)?;
    Ok(uuid::Builder::from_random_bytes(bytes).into_uuid())
}

/// What is authenticated beside sealed bytes, so that no two places can be swapped.
fn context(shelf: Shelf, key: &Key) -> String {
    format!("{}|{SEAL_VERSION}", place(shelf, key))
}
