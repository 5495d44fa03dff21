//! What a locked, expired or revoked device hands in: mutations that only the server can open.
//!
//! Each is sealed when it is saved, to the server's public key: ECDH over P-256 with a key of this page's life, HKDF-SHA-256, AES-GCM-256.
//! Whoever carries it can neither read nor change it, and its signature says who wrote it.

use domain::DateTime;
use serde::{Deserialize, Serialize};

use super::{DeviceId, IncarnationId, Mid, Status};

/// Bytes in base64url without padding (RFC 4648 section 5).
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Base64(pub String);

/// The server's public key, as a point of P-256 (SEC 1, uncompressed). It is rotated: the id says which private key opens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SealKey {
    pub key_id: String,
    pub public_key: Base64,
}

/// Who wrote a sealed mutation, as far as its signature can say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Proof {
    /// Signed with the author's key: it was written on the unlocked device, and counts like one that was pushed.
    Author,
    /// Signed with the device's key: whoever holds the device could have written it. Only words without a case are taken like this.
    Device,
}

/// One mutation, sealed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SealedMutation {
    pub mid: Mid,
    /// Which of the server's keys opens it.
    pub key_id: String,
    /// The public key of the sender, as [`SealKey::public_key`].
    pub sender_key: Base64,
    pub iv: Base64,
    pub ct: Base64,
    pub proof: Proof,
    /// ECDSA with SHA-256 over [`SealedMutation::signed_bytes`], as r and s (IEEE P1363).
    pub signature: Base64,
}

impl SealedMutation {
    /// What is authenticated beside the mutation when it is sealed.
    pub fn context(mid: Mid) -> String {
        format!("doorstep/sealed/1|{mid}")
    }

    /// HKDF's `info`.
    pub const KEY_INFO: &'static str = "doorstep/seal/1";

    /// What the signature is over: everything else, each part on a line.
    pub fn signed_bytes(&self) -> Vec<u8> {
        let proof = match self.proof {
            Proof::Author => "author",
            Proof::Device => "device",
        };
        let mid = self.mid.to_string();
        ["doorstep/sealed/1", &mid, &self.key_id, &self.sender_key.0, &self.iv.0, &self.ct.0, proof].join("\n").into_bytes()
    }
}

/// `POST /sync/v1/sealed`: needs no session. The signatures speak for the device.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SealedRequest {
    pub device_id: DeviceId,
    /// In the order in which they were written.
    pub mutations: Vec<SealedMutation>,
    /// [`DeviceSays::Here`]: a device that has nothing to hand in asks with it what it has to do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub presence: Option<Base64>,
}

/// What became of one of them. It says no more than that: whoever carries it may not be its author.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SealedResult {
    pub mid: Mid,
    pub status: Status,
}

/// The answer to every well-formed request of a known device.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SealedResponse {
    pub incarnation: IncarnationId,
    pub server_time: DateTime,
    pub results: Vec<SealedResult>,
    /// As in the answer to a pull: this device was reported as lost. When all of it is handed in, it removes everything and says so
    /// ([`ConfirmWipe`]).
    #[serde(default)]
    pub wipe: bool,
    /// False: the agency lets no device keep records any more.
    #[serde(default = "yes")]
    pub offline_storage: bool,
}

fn yes() -> bool {
    true
}

/// What a device says of itself, signed with its own key: ECDSA with SHA-256, as r and s (IEEE P1363).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeviceSays {
    /// It is this device that asks.
    Here,
    /// It has removed everything.
    Wiped,
}

impl DeviceSays {
    /// What the signature is over, each part on a line. It can be repeated by whoever saw it, and says nothing else then.
    pub fn signed_bytes(self, device_id: DeviceId) -> Vec<u8> {
        let said = match self {
            Self::Here => "here",
            Self::Wiped => "wiped",
        };
        ["doorstep/device/1", said, &device_id.to_string()].join("\n").into_bytes()
    }
}

/// `POST /sync/v1/wiped`: a device that was told to has removed everything. It needs no session, and is refused from then on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConfirmWipe {
    pub device_id: DeviceId,
    /// [`DeviceSays::Wiped`].
    pub signature: Base64,
    /// The answer shall clear all that the browser keeps of this site. False where others go on using it.
    pub clear_site: bool,
}
