//! What stands on disk about keys: the data key, wrapped, once for each way to open it. Never a raw key.

use serde::{Deserialize, Serialize};

/// The shape of [`Keyring`] that this build writes.
const VERSION: u8 = 1;

/// The wrapped keys of one device, stored as JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Keyring {
    pub(crate) v: u8,
    /// The same data key, wrapped once for each way to open it.
    pub(crate) wraps: Vec<Wrap>,
}

/// The data key, wrapped for one way to open it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Wrap {
    pub(crate) kind: WrapKind,
    /// Version of this kind: names the derivation and what is authenticated beside the key.
    pub(crate) v: u8,
    /// How much work the passphrase is put through.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) cost: Option<Cost>,
    pub(crate) salt: Vec<u8>,
    pub(crate) iv: Vec<u8>,
    pub(crate) key: Vec<u8>,
}

/// Ways to open the data key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum WrapKind {
    Passphrase,
    /// One that a newer build knows.
    #[serde(other)]
    Unknown,
}

/// The cost of Argon2id (version 0x13, one lane).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Cost {
    pub(crate) memory_kib: u32,
    pub(crate) passes: u32,
}

/// Why a keyring does not say how to open it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum KeyringError {
    #[error("the keyring is of a newer build")]
    Newer,
    #[error("the keyring is damaged")]
    Damaged,
}

/// The costs that are tried, the dearest first; each is at least what OWASP asks for.
const COSTS: [Cost; 5] = [
    Cost { memory_kib: 64 * 1024, passes: 3 },
    Cost { memory_kib: 64 * 1024, passes: 2 },
    Cost { memory_kib: 46 * 1024, passes: 2 },
    Cost { memory_kib: 32 * 1024, passes: 2 },
    Cost { memory_kib: 19 * 1024, passes: 2 },
];

impl Cost {
    /// What is tried first.
    pub(crate) const DEFAULT: Self = COSTS[0];

    /// For devices that have no memory for more.
    pub(crate) const SMALLEST: Self = COSTS[COSTS.len() - 1];

    /// An unlock shorter than this could afford a harder derivation, in milliseconds.
    const SHORT_MS: f64 = 300.0;

    /// An unlock longer than this would drive people to leave the app open, in milliseconds.
    const LONG_MS: f64 = 1_000.0;

    /// The cost that fits a device on which this one took `took_ms`; the same if it fits already.
    pub(crate) fn fitted(self, took_ms: f64) -> Self {
        let per_unit_ms = took_ms / self.units();
        if took_ms < Self::SHORT_MS && self == Self::DEFAULT {
            let passes = (Self::SHORT_MS / (per_unit_ms * f64::from(self.memory_kib))).ceil().clamp(f64::from(self.passes), 12.0);
            return Self { passes: passes as u32, ..self };
        }
        if took_ms <= Self::LONG_MS {
            return self;
        }
        let affordable = |cost: &&Self| cost.units() <= self.units() && cost.units() * per_unit_ms <= Self::LONG_MS;
        *COSTS.iter().find(affordable).unwrap_or(&Self::SMALLEST)
    }

    fn units(self) -> f64 {
        f64::from(self.memory_kib) * f64::from(self.passes)
    }
}

impl Keyring {
    pub(crate) fn new(wrap: Wrap) -> Self {
        Self { v: VERSION, wraps: vec![wrap] }
    }

    /// Reads a stored keyring.
    ///
    /// # Errors
    /// It has another shape, or a version that this build does not know.
    pub(crate) fn parse(json: &str) -> Result<Self, KeyringError> {
        #[derive(Deserialize)]
        struct Header {
            v: u8,
        }
        let header: Header = serde_json::from_slice(json.as_bytes()).map_err(|_| KeyringError::Damaged)?;
        if header.v != VERSION {
            return Err(KeyringError::Newer);
        }
        serde_json::from_slice(json.as_bytes()).map_err(|_| KeyringError::Damaged)
    }

    pub(crate) fn to_json(&self) -> String {
        serde_json::to_string(self).expect("a keyring is plain data")
    }

    /// The wrap that a passphrase opens, with its cost.
    ///
    /// # Errors
    /// There is none, or it is of a version that this build does not know.
    pub(crate) fn passphrase(&self) -> Result<(&Wrap, Cost), KeyringError> {
        let wrap = self.wraps.iter().find(|wrap| wrap.kind == WrapKind::Passphrase).ok_or(KeyringError::Newer)?;
        if wrap.v != Wrap::PASSPHRASE_VERSION {
            return Err(KeyringError::Newer);
        }
        Ok((wrap, wrap.cost.ok_or(KeyringError::Damaged)?))
    }
}

impl Wrap {
    /// Argon2id, then HKDF-SHA-256, then AES-GCM-256.
    pub(crate) const PASSPHRASE_VERSION: u8 = 1;
}

/// Whether a passphrase is long enough to stand against somebody who copied the disk.
pub(crate) fn is_long_enough(passphrase: &str) -> bool {
    const MIN_CHARS: usize = 12;
    passphrase.trim().chars().count() >= MIN_CHARS
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keyring() -> Keyring {
        Keyring::new(Wrap {
            kind: WrapKind::Passphrase,
            v: Wrap::PASSPHRASE_VERSION,
            cost: Some(Cost::DEFAULT),
            salt: vec![1; 16],
            iv: vec![2; 12],
            key: vec![3; 48],
        })
    }

    #[test]
    fn a_keyring_is_read_as_it_was_written() {
        assert_eq!(Keyring::parse(&keyring().to_json()), Ok(keyring()));
    }

    #[test]
    fn an_unknown_version_is_not_guessed_at() {
        let newer = keyring().to_json().replacen("\"v\":1", "\"v\":2", 1);
        assert_eq!(Keyring::parse(&newer), Err(KeyringError::Newer));
        let mut newer_wrap = keyring();
        newer_wrap.wraps[0].v = 9;
        assert_eq!(newer_wrap.passphrase().map(|(_, cost)| cost), Err(KeyringError::Newer));
    }

    #[test]
    fn a_way_to_open_that_this_build_does_not_know_is_passed_over() {
        let mut keyring = keyring();
        keyring.wraps.insert(0, Wrap { kind: WrapKind::Unknown, cost: None, ..keyring.wraps[0].clone() });
        let json = keyring.to_json().replacen("unknown", "passkey", 1);
        let read = Keyring::parse(&json).expect("a keyring with one more way to open it");
        assert_eq!(read.passphrase().map(|(_, cost)| cost), Ok(Cost::DEFAULT));
    }

    #[test]
    fn the_cost_follows_the_device() {
        assert_eq!(Cost::DEFAULT.fitted(600.0), Cost::DEFAULT);
        assert_eq!(Cost::DEFAULT.fitted(1_400.0), Cost { memory_kib: 64 * 1024, passes: 2 });
        assert_eq!(Cost::DEFAULT.fitted(30_000.0), Cost::SMALLEST);
        assert_eq!(Cost::DEFAULT.fitted(100.0), Cost { memory_kib: 64 * 1024, passes: 9 });
        assert_eq!(Cost::SMALLEST.fitted(50.0), Cost::SMALLEST);
    }

    #[test]
    fn a_short_passphrase_is_too_weak() {
        assert!(!is_long_enough("elevenchars"));
        assert!(!is_long_enough("   short      "));
        assert!(is_long_enough("correct horse"));
    }
}
