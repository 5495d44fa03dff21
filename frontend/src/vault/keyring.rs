//! What stands on disk about keys: the master key, wrapped, once for each way to open it, and what belongs to it. Never a raw key.

use domain::WorkerId;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use sync::wire::DeviceKeys;
use uuid::Uuid;

use super::{cost::Cost, letterbox::Letterbox};

/// The wrapped keys of one device for one worker, stored as JSON.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Keyring {
    /// [`Keyring::VERSION`].
    v: u8,
    /// Random; what is wrapped here opens nowhere else.
    pub(crate) vault_id: Uuid,
    /// Whose it is.
    pub(crate) worker_id: WorkerId,
    /// The same master key, wrapped once for each way to open it.
    pub(crate) wraps: Vec<Wrap>,
    /// What the server knows this device by.
    pub(crate) public: DeviceKeys,
    /// The private half of `public.author`, wrapped by a key from the master key.
    pub(crate) author: WrappedKey,
    /// For what is written while the device is locked.
    pub(crate) letterbox: Letterbox,
}

/// What a keyring has beside its ways to open it.
pub(crate) struct Pairs {
    pub(crate) public: DeviceKeys,
    pub(crate) author: WrappedKey,
    pub(crate) letterbox: Letterbox,
}

/// The master key, wrapped for one way to open it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Wrap {
    pub(crate) kind: WrapKind,
    /// Version of this kind: names the derivation and what is authenticated beside the key.
    pub(crate) v: u8,
    /// How much work the passphrase is put through.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) cost: Option<Cost>,
    /// Which passkey opens it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) credential_id: Option<Vec<u8>>,
    pub(crate) salt: Vec<u8>,
    #[serde(flatten)]
    pub(crate) wrapped: WrappedKey,
}

/// A key in a form that can lie on disk.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct WrappedKey {
    pub(crate) iv: Vec<u8>,
    pub(crate) key: Vec<u8>,
}

/// Ways to open the master key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum WrapKind {
    Passphrase,
    /// The device's screen lock, by the PRF of a passkey.
    Passkey,
    /// One that a newer build knows.
    #[serde(other)]
    Unknown,
}

/// A keyring as it was found.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Stored {
    Now(Keyring),
    /// One data key for everything. It is brought up to date when it is opened next.
    First(FirstKeyring),
}

/// The keyring of the first version.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(crate) struct FirstKeyring {
    wraps: Vec<Wrap>,
}

/// Why a keyring does not say how to open it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum KeyringError {
    #[error("the keyring is of a newer build")]
    Newer,
    #[error("the keyring is damaged")]
    Damaged,
}

impl Keyring {
    /// The shape that this build writes.
    const VERSION: u8 = 2;

    pub(crate) fn new(vault_id: Uuid, worker_id: WorkerId, wrap: Wrap, pairs: Pairs) -> Self {
        let Pairs { public, author, letterbox } = pairs;
        Self { v: Self::VERSION, vault_id, worker_id, wraps: vec![wrap], public, author, letterbox }
    }

    pub(crate) fn to_json(&self) -> String {
        serde_json::to_string(self).expect("a keyring is plain data")
    }

    /// The wrap that a passphrase opens, with its cost.
    ///
    /// # Errors
    /// There is none, or it is of a version that this build does not know.
    pub(crate) fn passphrase(&self) -> Result<(&Wrap, Cost), KeyringError> {
        passphrase_of(&self.wraps, Wrap::PASSPHRASE_VERSION)
    }

    /// The wrap that the device's screen lock opens, with its passkey; none where that was not set up.
    pub(crate) fn passkey(&self) -> Option<(&Wrap, &[u8])> {
        let wrap = self.wraps.iter().find(|wrap| wrap.kind == WrapKind::Passkey && wrap.v == Wrap::PASSKEY_VERSION)?;
        Some((wrap, wrap.credential_id.as_deref()?))
    }

    /// The same keyring with this passkey in place of an earlier one, or with none.
    #[must_use]
    pub(crate) fn with_passkey(&self, wrap: Option<Wrap>) -> Self {
        let mut keyring = self.clone();
        keyring.wraps.retain(|wrap| wrap.kind != WrapKind::Passkey);
        keyring.wraps.extend(wrap);
        keyring
    }
}

impl Stored {
    /// Reads a stored keyring.
    ///
    /// # Errors
    /// It has another shape, or a version that this build does not know.
    pub(crate) fn parse(json: &str) -> Result<Self, KeyringError> {
        #[derive(Deserialize)]
        struct Header {
            v: u8,
        }
        fn read<T: DeserializeOwned>(json: &str) -> Result<T, KeyringError> {
            serde_json::from_slice(json.as_bytes()).map_err(|_| KeyringError::Damaged)
        }
        match read::<Header>(json)?.v {
            Keyring::VERSION => read(json).map(Self::Now),
            1 => read(json).map(Self::First),
            _ => Err(KeyringError::Newer),
        }
    }

    /// Whose it is; the first version did not say.
    pub(crate) fn worker_id(&self) -> Option<WorkerId> {
        match self {
            Self::Now(keyring) => Some(keyring.worker_id),
            Self::First(_) => None,
        }
    }
}

impl FirstKeyring {
    /// The wrap that a passphrase opens, with its cost.
    ///
    /// # Errors
    /// There is none, or it is of another version.
    pub(crate) fn passphrase(&self) -> Result<(&Wrap, Cost), KeyringError> {
        passphrase_of(&self.wraps, 1)
    }
}

fn passphrase_of(wraps: &[Wrap], v: u8) -> Result<(&Wrap, Cost), KeyringError> {
    let wrap = wraps.iter().find(|wrap| wrap.kind == WrapKind::Passphrase).ok_or(KeyringError::Newer)?;
    if wrap.v != v {
        return Err(KeyringError::Newer);
    }
    Ok((wrap, wrap.cost.ok_or(KeyringError::Damaged)?))
}

impl Wrap {
    /// Argon2id, then HKDF-SHA-256, then AES-GCM-256.
    pub(crate) const PASSPHRASE_VERSION: u8 = 2;

    /// WebAuthn's PRF, then HKDF-SHA-256, then AES-GCM-256.
    pub(crate) const PASSKEY_VERSION: u8 = 1;
}

#[cfg(test)]
mod tests {
    use sync::wire::Base64;

    use super::*;

    fn wrap(kind: WrapKind, v: u8) -> Wrap {
        let wrapped = WrappedKey { iv: vec![2; 12], key: vec![3; 48] };
        let is_passkey = kind == WrapKind::Passkey;
        Wrap {
            kind,
            v,
            cost: (!is_passkey).then_some(Cost::DEFAULT),
            credential_id: is_passkey.then(|| vec![5; 16]),
            salt: vec![1; 16],
            wrapped,
        }
    }

    fn keyring() -> Keyring {
        let public = DeviceKeys { author: Base64("AQ".to_owned()), device: Base64("Ag".to_owned()) };
        let author = WrappedKey { iv: vec![4; 12], key: vec![5; 154] };
        let wrap = wrap(WrapKind::Passphrase, Wrap::PASSPHRASE_VERSION);
        let pairs = Pairs { public, author, letterbox: Letterbox::sample() };
        Keyring::new(Uuid::from_u128(1), WorkerId(Uuid::from_u128(2)), wrap, pairs)
    }

    #[test]
    fn a_keyring_is_read_as_it_was_written() {
        assert_eq!(Stored::parse(&keyring().to_json()), Ok(Stored::Now(keyring())));
    }

    #[test]
    fn an_unknown_version_is_not_guessed_at() {
        let newer = keyring().to_json().replacen("\"v\":2", "\"v\":3", 1);
        assert_eq!(Stored::parse(&newer), Err(KeyringError::Newer));
        assert_eq!(Stored::parse("{\"v\":2}"), Err(KeyringError::Damaged));
        let mut newer_wrap = keyring();
        newer_wrap.wraps[0].v = 9;
        assert_eq!(newer_wrap.passphrase().map(|(_, cost)| cost), Err(KeyringError::Newer));
    }

    #[test]
    fn a_way_to_open_that_this_build_does_not_know_is_passed_over() {
        let mut keyring = keyring();
        keyring.wraps.insert(0, wrap(WrapKind::Unknown, 1));
        let json = keyring.to_json().replacen("unknown", "retina", 1);
        let Ok(Stored::Now(read)) = Stored::parse(&json) else { panic!("a keyring with one more way to open it") };
        assert_eq!(read.passphrase().map(|(_, cost)| cost), Ok(Cost::DEFAULT));
    }

    #[test]
    fn a_passkey_takes_the_place_of_the_one_before() {
        let first = keyring().with_passkey(Some(wrap(WrapKind::Passkey, Wrap::PASSKEY_VERSION)));
        assert_eq!(first.passkey().map(|(_, id)| id.to_vec()), Some(vec![5; 16]));
        let second = Wrap { credential_id: Some(vec![6; 16]), ..wrap(WrapKind::Passkey, Wrap::PASSKEY_VERSION) };
        let changed = first.with_passkey(Some(second));
        assert_eq!((changed.wraps.len(), changed.passkey().map(|(_, id)| id.to_vec())), (2, Some(vec![6; 16])));
        assert_eq!(changed.with_passkey(None), keyring());
    }

    #[test]
    fn a_keyring_of_the_first_version_is_known_as_such() {
        let json = r#"{"v":1,"wraps":[{"kind":"passphrase","v":1,"cost":{"memory_kib":65536,"passes":3},"salt":[1],"iv":[2],"key":[3]}]}"#;
        let Ok(Stored::First(first)) = Stored::parse(json) else { panic!("a keyring of the first version") };
        let (wrap, cost) = first.passphrase().expect("a way to open it");
        assert_eq!((wrap.wrapped.key.as_slice(), cost), ([3].as_slice(), Cost::DEFAULT));
    }
}
