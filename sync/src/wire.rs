//! What travels: JSON over HTTP, described for other clients in docs/sync-protocol.md.

mod attachment;
mod mutation;
mod sealed;

use std::collections::BTreeMap;

use domain::{DateTime, DevicePolicy, Record, RecordRef, ScopeId, Skipped};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub use self::{
    attachment::{
        ATTACHMENT_HEADER, BeginUpload, CHUNK_BYTES, CHUNK_HEADER, CHUNK_SEAL_BYTES, FetchAttachment, SealedKey, UploadState, chunk_sizes,
        refusal,
    },
    mutation::{BodyError, Mutation, read_command},
    sealed::{Base64, ConfirmWipe, DeviceSays, Proof, SealKey, SealedMutation, SealedRequest, SealedResponse, SealedResult},
};

/// The most mutations that one push may carry.
pub const MAX_BATCH: usize = 500;

/// The header in which a page says as whom it asks, by the worker's id. Under the session of somebody else it is answered `sign-in-needed`:
/// tabs of one browser share the cookie, and another tab may have signed somebody else in at any moment.
pub const WORKER_HEADER: &str = "doorstep-worker";

/// The largest request body after decompression, in bytes.
pub const MAX_BODY_BYTES: usize = 4 * 1024 * 1024;

macro_rules! wire_ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }
    )+};
}

wire_ids! {
    /// Identity of a mutation for ever; UUIDv7 made on the device, never trusted for its time.
    Mid,
    /// One installation on one device for one worker. New after eviction and after `device-forked`.
    DeviceId,
    /// Mutations that are applied together or not at all.
    GroupId,
    /// One life of the server's database; changes when it is restored from a backup.
    IncarnationId,
}

/// `POST /sync/v1/push`
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PushRequest {
    pub device_id: DeviceId,
    /// In the order of `seq`; at most [`MAX_BATCH`].
    pub mutations: Vec<Mutation>,
}

/// What became of one mutation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// The effect is committed, now or earlier.
    Applied,
    /// Committed, but some side effects were left out because others had been there first (`skipped`).
    Merged,
    /// Kept as a proposal; a person must choose.
    Conflict,
    /// Not applied; the server keeps the whole text for a supervisor.
    Quarantined,
    /// Kept like a quarantined one because it depends on one (`blocked_by`).
    Blocked,
    /// A passing fault; send it again.
    NotAttempted,
    /// A word this build does not know: keep the entry.
    #[serde(other)]
    Unknown,
}

impl Status {
    /// Whether the server holds either the effect or the text, for good.
    pub fn is_terminal(self) -> bool {
        matches!(self, Self::Applied | Self::Merged | Self::Conflict | Self::Quarantined | Self::Blocked)
    }

    /// Whether nothing comes of it until a person decides.
    pub fn needs_person(self) -> bool {
        matches!(self, Self::Conflict | Self::Quarantined | Self::Blocked)
    }
}

/// The receipt for one mutation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PushResult {
    pub seq: u64,
    pub mid: Mid,
    pub status: Status,
    /// Why, where it was not applied: a [`domain::Rejection`] or [`BodyError`] in kebab case, or a code of docs/sync-protocol.md.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub blocked_by: Option<Mid>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub skipped: Vec<Skipped>,
    /// When the server committed it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub received_at: Option<DateTime>,
}

/// The answer to every well-formed push.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PushResponse {
    pub incarnation: IncarnationId,
    pub device_last_seq: u64,
    /// Everything up to here would survive the loss of the server.
    pub safe_seq: u64,
    pub server_time: DateTime,
    pub results: Vec<PushResult>,
}

/// What a device holds of a scope: records up to `head` of `epoch`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    pub epoch: u32,
    pub head: u64,
}

impl Held {
    /// Rows are here, but nothing is known of what they are worth: the server sends the scope in full. Its epochs start at 1.
    pub const WORTHLESS: Self = Self { epoch: 0, head: 0 };
}

/// `POST /sync/v1/pull`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PullRequest {
    /// Absent for a browser that holds nothing on disk and has nothing to send.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device_id: Option<DeviceId>,
    /// Echoed; an answer is applied only while it still is the device's generation.
    #[serde(rename = "gen")]
    pub generation: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub incarnation: Option<IncarnationId>,
    pub scopes: BTreeMap<ScopeId, Held>,
    /// The scope that a person is waiting for, to be sent before the others.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first: Option<ScopeId>,
    /// The size of an answer after which the server stops adding records, in bytes of JSON.
    pub limit_bytes: u32,
}

/// Where and how long a device may keep a scope's records.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Keep {
    /// Sealed on disk, for as long as the lease runs.
    #[default]
    Disk,
    /// The same, but only for as long as the shorter lease of restricted compartments runs.
    Restricted,
    /// In a page's memory only: the worker was let in for an emergency.
    Memory,
}

impl Keep {
    fn is_disk(&self) -> bool {
        *self == Self::Disk
    }
}

/// News of one scope.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ScopeDelta {
    pub scope_id: ScopeId,
    #[serde(default, skip_serializing_if = "Keep::is_disk")]
    pub keep: Keep,
    pub epoch: u32,
    /// Drop what is held of the scope before these records are put in.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub full: bool,
    /// The device now holds the scope up to here; below `head` there is more to pull.
    pub through: u64,
    pub head: u64,
    pub records: Vec<Record>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub deleted: Vec<RecordRef>,
}

/// The answer to a pull. `D` is what stands for a scope's news where they are not read yet.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PullResponse<D = ScopeDelta> {
    #[serde(rename = "gen")]
    pub generation: u64,
    pub incarnation: IncarnationId,
    /// Absent when the request named no device.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device_last_seq: Option<u64>,
    #[serde(default)]
    pub safe_seq: u64,
    pub server_time: DateTime,
    /// Scopes that the worker may no longer see; applied first and at once.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub forget: Vec<ScopeId>,
    pub scopes: Vec<D>,
    /// There is more: pull again.
    pub more: bool,
    /// This device was reported as lost: it hands in what is unsent, removes everything that it keeps, and says so
    /// ([`ConfirmWipe`]). `forget` names all that it holds.
    #[serde(default)]
    pub wipe: bool,
    /// What the agency allows its devices, from now on.
    #[serde(default)]
    pub policy: DevicePolicy,
    /// To whom a device seals what it may have to hand in while it is locked; absent where the server opens nothing sealed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seal_key: Option<SealKey>,
}

/// `POST /sync/v1/devices`: makes a device known before its first push.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RegisterDevice {
    pub device_id: DeviceId,
    /// Keeps a sealed caseload on disk; otherwise it lives in one page's memory.
    pub enrolled: bool,
    pub app_build: String,
    /// What its worker calls it: "Maria's tablet".
    #[serde(default)]
    pub label: String,
    /// With these an enrolled device proves, while it is locked, what it hands in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub keys: Option<DeviceKeys>,
}

/// The public keys of an enrolled device: ECDSA over P-256, each as SubjectPublicKeyInfo (RFC 5480).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeviceKeys {
    /// Its private key is wrapped by the device's master key: who signs with it had unlocked the device.
    pub author: Base64,
    /// Its private key can be used while the device is locked, by whoever holds the device.
    pub device: Base64,
}

/// An error answer (RFC 9457 `application/problem+json`). It never decides the fate of unsent work.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Problem {
    pub status: u16,
    pub code: ProblemCode,
    /// A sentence for people: what happened and what to do.
    pub title: String,
    /// For `seq-gap`: the next `seq` that the server takes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected: Option<u64>,
}

/// What went wrong with a request as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ProblemCode {
    SignInNeeded,
    WrongPassword,
    TooManyTries,
    CrossSite,
    NotFound,
    Malformed,
    TooLarge,
    DeviceUnknown,
    DeviceRevoked,
    /// The worker's permissions or the agency's policy do not allow it.
    NotAllowed,
    /// It takes a fresh proof of who asks: the password or a passkey once more.
    StepUpNeeded,
    DeviceForked,
    SeqGap,
    UpgradeRequired,
    Unavailable,
    #[serde(other)]
    Unknown,
}
