//! The lane of attachments: which content is sent next, what an answer means for it, and when its bytes may go.
//!
//! It runs beside the outbox: no note waits for a content, and no content for another that fails. As with the [`super::Device`]: clone the
//! lane, call one method, persist what the returned [`LaneWrites`] name in one transaction, then put the clone in place of the original.
//! Times are milliseconds of any clock that only moves on.

use std::collections::BTreeMap;

use domain::{AttachmentId, ContentHash};
use serde::{Deserialize, Serialize};

use crate::wire::{SealedKey, UploadState, chunk_sizes, refusal};

/// A content that is kept on the device until the server has all of it; stored as one row, beside its sealed chunks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Parcel {
    pub attachment_id: AttachmentId,
    pub size_bytes: u64,
    pub sha256: ContentHash,
    /// The key of its chunks, sealed to the server; absent while the server's key is not known.
    pub key: Option<SealedKey>,
    /// Its note is saved. Nothing is sent before.
    pub signed: bool,
    /// It needs a person: a code of [`refusal`], or one of this module.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refused: Option<String>,
}

/// A chunk does not open at the server, also after the upload began anew: it is damaged on this device.
pub const DAMAGED: &str = "damaged";

/// What is to be done for one content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Say what will come, and ask how far that is.
    Begin(AttachmentId),
    /// Send the chunk of this number.
    Chunk(AttachmentId, u32),
    /// Seal its key anew to the server's key in use, then call [`Lane::sealed`]. Only an unlocked device can.
    Seal(AttachmentId),
}

impl Step {
    pub fn attachment_id(&self) -> AttachmentId {
        match self {
            Self::Begin(id) | Self::Chunk(id, _) | Self::Seal(id) => *id,
        }
    }
}

/// What comes next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Next {
    Do(Step),
    /// Nothing before this moment.
    WaitUntil(i64),
    /// Nothing at all, until something is added.
    Rest,
}

/// What came of a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    State(UploadState),
    /// It does not open, or nothing was begun.
    NotFound,
    /// The server could not do it now.
    Later {
        retry_after_ms: Option<u32>,
    },
    /// Nobody answered, or somebody in between did.
    Nobody,
}

/// What a change wants persisted, all in one transaction.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LaneWrites {
    /// Rows to be written.
    pub put: Vec<AttachmentId>,
    /// Contents to be removed: the row and every chunk.
    pub drop: Vec<AttachmentId>,
}

impl LaneWrites {
    pub fn is_empty(&self) -> bool {
        self.put.is_empty() && self.drop.is_empty()
    }

    fn put(attachment_id: AttachmentId) -> Self {
        Self { put: vec![attachment_id], ..Self::default() }
    }

    fn drop(attachment_id: AttachmentId) -> Self {
        Self { drop: vec![attachment_id], ..Self::default() }
    }
}

/// How far a content is, as pages show it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Chunks that the server has, as far as is known.
    pub sent: u32,
    pub of: u32,
}

/// How far a content is in this life of the page. What the server has, it is asked again in the next.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Stage {
    Begin,
    Send {
        missing: Vec<u32>,
    },
    /// None of the server's keys opens its key.
    Seal,
}

#[derive(Clone, Debug, PartialEq)]
struct OnTheWay {
    parcel: Parcel,
    stage: Stage,
    /// The server did not know its last chunk.
    began_again: bool,
    /// The server did not know the device: it waits for the next round of syncing, which registers it.
    is_unknown: bool,
    patience: Patience,
}

/// Waits longer after each failure.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Patience {
    failures: u32,
    until_ms: i64,
}

impl Patience {
    const FIRST_MS: u32 = 2_000;
    const LONGEST_MS: u32 = 300_000;

    /// `chance`, from 0 to 1, spreads devices apart.
    fn lose(&mut self, retry_after_ms: Option<u32>, now_ms: i64, chance: f64) {
        let base_ms = Self::FIRST_MS.saturating_mul(1 << self.failures.min(10)).min(Self::LONGEST_MS);
        let wait_ms = i64::from(base_ms) + (f64::from(base_ms) * chance.clamp(0.0, 1.0)) as i64;
        self.failures += 1;
        self.until_ms = now_ms.saturating_add(wait_ms.max(i64::from(retry_after_ms.unwrap_or(0))));
    }
}

/// All contents of a device.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Lane {
    parcels: BTreeMap<AttachmentId, OnTheWay>,
    /// The connection itself.
    line: Patience,
}

impl Lane {
    /// The lane as it was persisted.
    pub fn restore(parcels: impl IntoIterator<Item = Parcel>) -> Self {
        let mut lane = Self::default();
        parcels.into_iter().for_each(|parcel| drop(lane.add(parcel)));
        lane
    }

    /// Takes a content whose chunks are kept. One that is there already stays as it is.
    pub fn add(&mut self, parcel: Parcel) -> LaneWrites {
        let attachment_id = parcel.attachment_id;
        if self.parcels.contains_key(&attachment_id) {
            return LaneWrites::default();
        }
        let stage = if parcel.key.is_some() { Stage::Begin } else { Stage::Seal };
        self.parcels
            .insert(attachment_id, OnTheWay { parcel, stage, began_again: false, is_unknown: false, patience: Patience::default() });
        LaneWrites::put(attachment_id)
    }

    pub fn parcel(&self, attachment_id: AttachmentId) -> Option<&Parcel> {
        self.parcels.get(&attachment_id).map(|one| &one.parcel)
    }

    /// Everything that is kept, oldest first, with how far it is.
    pub fn parcels(&self) -> impl Iterator<Item = (&Parcel, Progress)> {
        self.parcels.values().map(|one| (&one.parcel, one.progress()))
    }

    /// Its note is saved, in the same transaction: from now on it is sent.
    pub fn sign(&mut self, attachment_id: AttachmentId) -> LaneWrites {
        match self.parcels.get_mut(&attachment_id) {
            Some(one) if !one.parcel.signed => {
                one.parcel.signed = true;
                LaneWrites::put(attachment_id)
            }
            _ => LaneWrites::default(),
        }
    }

    /// What to do now: the oldest content goes first, and one that failed after those that did not. `can_seal`: the device is unlocked.
    pub fn next(&self, now_ms: i64, can_seal: bool) -> Next {
        let can_go = |one: &&OnTheWay| one.parcel.signed && one.parcel.refused.is_none() && (can_seal || one.stage != Stage::Seal);
        let until_ms = |one: &OnTheWay| one.patience.until_ms.max(self.line.until_ms);
        let ready = self.parcels.values().filter(can_go).filter(|one| until_ms(one) <= now_ms).min_by_key(|one| one.patience.failures);
        match ready {
            Some(one) => Next::Do(one.step()),
            None => self.parcels.values().filter(can_go).map(until_ms).min().map_or(Next::Rest, Next::WaitUntil),
        }
    }

    /// Takes what came of a step. Only a receipt for the whole content lets go of it.
    pub fn answered(&mut self, step: &Step, answer: Answer, now_ms: i64, chance: f64) -> LaneWrites {
        let attachment_id = step.attachment_id();
        let Self { parcels, line } = self;
        let Some(one) = parcels.get_mut(&attachment_id) else { return LaneWrites::default() };
        if answer == Answer::Nobody {
            line.lose(None, now_ms, chance);
            return LaneWrites::default();
        }
        *line = Patience::default();
        match answer {
            Answer::State(state) if state.received => {
                parcels.remove(&attachment_id);
                return LaneWrites::drop(attachment_id);
            }
            Answer::State(UploadState { refused: Some(code), .. }) if code == refusal::KEY_NOT_OPENED => {
                one.stage = Stage::Seal;
                // With the same key again it is no use: until another one has come, this waits longer each time.
                one.patience.lose(None, now_ms, chance);
            }
            Answer::State(UploadState { refused: Some(code), .. }) => return one.refuse(code),
            Answer::State(UploadState { missing, .. }) => {
                let was_chunk = matches!(step, Step::Chunk(..));
                one.began_again &= !was_chunk;
                match missing.is_empty() {
                    // All chunks are there, and no receipt came with the last one: the server looks at them when it is asked.
                    true => {
                        one.stage = Stage::Begin;
                        one.patience.lose(None, now_ms, chance);
                    }
                    false => {
                        one.stage = Stage::Send { missing };
                        one.patience = Patience::default();
                    }
                }
            }
            Answer::NotFound => match step {
                Step::Chunk(..) if one.began_again => return one.refuse(DAMAGED.to_owned()),
                Step::Chunk(..) => (one.stage, one.began_again) = (Stage::Begin, true),
                // The server does not know this device, or not its keys: the next round registers it.
                Step::Begin(_) | Step::Seal(_) => {
                    one.is_unknown = true;
                    one.patience.lose(None, now_ms, chance);
                }
            },
            Answer::Later { retry_after_ms } => one.patience.lose(retry_after_ms, now_ms, chance),
            Answer::Nobody => {}
        }
        LaneWrites::default()
    }

    /// Its key is sealed to `key.key_id` now.
    pub fn sealed(&mut self, attachment_id: AttachmentId, key: SealedKey) -> LaneWrites {
        let Some(one) = self.parcels.get_mut(&attachment_id) else { return LaneWrites::default() };
        (one.parcel.key, one.stage, one.patience) = (Some(key), Stage::Begin, Patience::default());
        LaneWrites::put(attachment_id)
    }

    /// A person asks to try again.
    pub fn try_again(&mut self, attachment_id: AttachmentId) -> LaneWrites {
        let Some(one) = self.parcels.get_mut(&attachment_id) else { return LaneWrites::default() };
        (one.parcel.refused, one.began_again, one.patience) = (None, false, Patience::default());
        if one.stage != Stage::Seal {
            one.stage = Stage::Begin;
        }
        LaneWrites::put(attachment_id)
    }

    /// A person gives it up, or takes it off a note that is not signed.
    pub fn remove(&mut self, attachment_id: AttachmentId) -> LaneWrites {
        self.parcels.remove(&attachment_id).map_or_else(LaneWrites::default, |_| LaneWrites::drop(attachment_id))
    }

    /// A round of syncing is over, or somebody asks: what waited for the connection or for the device to be known waits no more.
    pub fn line_is_back(&mut self) {
        self.line = Patience::default();
        for one in self.parcels.values_mut().filter(|one| one.is_unknown) {
            one.is_unknown = false;
            one.patience.until_ms = 0;
        }
    }
}

impl OnTheWay {
    fn step(&self) -> Step {
        let attachment_id = self.parcel.attachment_id;
        match &self.stage {
            Stage::Seal => Step::Seal(attachment_id),
            Stage::Send { missing } => missing.first().map_or(Step::Begin(attachment_id), |chunk| Step::Chunk(attachment_id, *chunk)),
            Stage::Begin => Step::Begin(attachment_id),
        }
    }

    fn refuse(&mut self, code: String) -> LaneWrites {
        self.parcel.refused = Some(code);
        LaneWrites::put(self.parcel.attachment_id)
    }

    fn progress(&self) -> Progress {
        let of = u32::try_from(chunk_sizes(self.parcel.size_bytes).len()).unwrap_or(u32::MAX);
        let missing = match &self.stage {
            Stage::Send { missing } => u32::try_from(missing.len()).unwrap_or(u32::MAX),
            Stage::Begin | Stage::Seal => of,
        };
        Progress { sent: of.saturating_sub(missing), of }
    }
}

#[cfg(test)]
#[path = "lane_tests.rs"]
mod tests;
