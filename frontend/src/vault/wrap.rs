//! The master key and the ways to it: what a passphrase or a passkey gives is turned into a key that wraps the master key.

use domain::WorkerId;
use js_sys::Uint8Array;
use uuid::Uuid;
use web_sys::CryptoKey;

use super::{
    VaultError,
    cost::Cost,
    crypto::{self, Kind, SEAL_VERSION, Sealed},
    keyring::{Keyring, Wrap, WrapKind, WrappedKey},
};

const MASTER_BYTES: u32 = 32;
pub(super) const SALT_BYTES: u32 = 16;

/// For whom and for which vault a key is wrapped.
#[derive(Clone, Copy)]
pub(super) struct Owner {
    pub(super) worker_id: WorkerId,
    pub(super) vault_id: Uuid,
}

impl Owner {
    pub(super) fn of(keyring: &Keyring) -> Self {
        Self { worker_id: keyring.worker_id, vault_id: keyring.vault_id }
    }

    /// What is authenticated beside a wrapped master key: user, device, kind, version.
    fn context(self, kind: WrapKind, v: u8) -> String {
        format!("doorstep|{}|{}|{}|{v}", self.worker_id, self.vault_id, name(kind))
    }
}

fn name(kind: WrapKind) -> &'static str {
    match kind {
        WrapKind::Passphrase => "passphrase",
        WrapKind::Passkey => "passkey",
        WrapKind::Unknown => "unknown",
    }
}

/// What opens one wrap of the master key: 32 secret bytes, and which wrap they are for.
pub(super) struct Opener {
    pub(super) kind: WrapKind,
    pub(super) v: u8,
    pub(super) secret: Uint8Array,
    pub(super) salt: Vec<u8>,
    /// Of a passphrase.
    pub(super) cost: Option<Cost>,
    /// Of a passkey.
    pub(super) credential_id: Option<Vec<u8>>,
}

impl Opener {
    /// The key that wraps the master key. The secret bytes are wiped.
    async fn key(&self, uses: &[&str]) -> Result<CryptoKey, VaultError> {
        let material = crypto::secret(&self.secret).await?;
        let info = format!("doorstep/kek/{}/{}", name(self.kind), self.v);
        crypto::derive(&material, &self.salt, &info, uses).await
    }

    /// Wraps the bytes of a master key. Gives the wrap, and the key with which its bytes can be had once more.
    async fn wrap(self, owner: Owner, master: &Uint8Array) -> Result<(Wrap, Handle), VaultError> {
        let key = self.key(&["encrypt", "decrypt"]).await?;
        let sealed = crypto::seal(&key, master, &owner.context(self.kind, self.v)).await?;
        let Self { kind, v, cost, credential_id, salt, .. } = self;
        let wrap = Wrap { kind, v, cost, credential_id, salt, wrapped: WrappedKey::of(&sealed) };
        Ok((wrap.clone(), Handle { key, wrap }))
    }
}

/// With this another way to the master key can be made.
#[derive(Clone)]
pub(crate) struct Handle {
    key: CryptoKey,
    wrap: Wrap,
}

impl Handle {
    /// One from a keyring.
    ///
    /// # Errors
    /// The browser's cryptography failed.
    pub(super) async fn of(wrap: &Wrap, opener: Opener) -> Result<Self, VaultError> {
        Ok(Self { key: opener.key(&["decrypt"]).await?, wrap: wrap.clone() })
    }

    /// Wraps the same master key for another way to open it.
    ///
    /// # Errors
    /// The handle is of another keyring, or its passphrase was the wrong one.
    pub(super) async fn wrap_for(&self, owner: Owner, opener: Opener) -> Result<Wrap, VaultError> {
        let context = owner.context(self.wrap.kind, self.wrap.v);
        let opening = crypto::start_open(&self.key, &self.wrap.wrapped.sealed(), &context)?;
        let master = opening.bytes().await.map_err(|_| VaultError::WrongPassphrase)?;
        let wrapped = opener.wrap(owner, &master).await;
        master.fill(0, 0, master.length());
        wrapped.map(|(wrap, _)| wrap)
    }
}

/// A master key in use: other keys are derived from it, and it cannot be exported.
pub(super) struct Master(CryptoKey);

impl Master {
    /// Makes one and wraps it.
    ///
    /// # Errors
    /// The browser's cryptography failed.
    pub(super) async fn create(owner: Owner, opener: Opener) -> Result<(Self, Wrap, Handle), VaultError> {
        let bytes = crypto::random(MASTER_BYTES)?;
        let (wrap, handle) = opener.wrap(owner, &bytes).await?;
        Ok((Self(crypto::secret(&bytes).await?), wrap, handle))
    }

    /// Opens the one of a keyring.
    ///
    /// # Errors
    /// It was another passphrase or passkey, or the keyring was changed.
    pub(super) async fn open(owner: Owner, wrap: &Wrap, opener: Opener) -> Result<Self, VaultError> {
        let key = opener.key(&["unwrapKey"]).await?;
        let context = owner.context(wrap.kind, wrap.v);
        let master = crypto::unwrap(Kind::Secret, &wrap.wrapped.sealed(), &key, &context).await;
        master.map(Self).map_err(|error| match error {
            VaultError::Damaged => VaultError::WrongPassphrase,
            other => other,
        })
    }

    /// A key for one purpose.
    ///
    /// # Errors
    /// The browser's cryptography failed.
    pub(super) async fn key_for(&self, owner: Owner, purpose: &str, uses: &[&str]) -> Result<CryptoKey, VaultError> {
        crypto::derive(&self.0, owner.vault_id.as_bytes(), purpose, uses).await
    }
}

impl WrappedKey {
    pub(super) fn of(sealed: &Sealed) -> Self {
        Self { iv: sealed.iv.to_vec(), key: sealed.ct.to_vec() }
    }

    /// As bytes of the browser's.
    pub(super) fn sealed(&self) -> Sealed {
        Sealed { v: SEAL_VERSION, iv: Uint8Array::from(self.iv.as_slice()), ct: Uint8Array::from(self.key.as_slice()) }
    }
}
