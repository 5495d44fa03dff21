//! The server's half of the protocol: what becomes of a mutation, and what a pull brings.
//!
//! The server reads what these functions ask for, inside one transaction, and writes what they answer. A push goes group by group
//! ([`groups`]): lock the device's row, [`admit`] each mutation, [`judge`] those to be applied, write effects, log and counter, commit.

mod judgement;
mod pull;

use crate::wire::{DeviceId, Mid, Mutation, PushResult, Status};

pub use self::{
    judgement::{Judgement, Knowledge, LATE_GRACE_DAYS, Tenure, judge, rejection_code},
    pull::{PullPlan, ScopeHead, TakeScope, plan_pull},
};

/// Codes of results that are neither a `domain::Rejection` nor a `BodyError`.
pub mod code {
    /// The `mid` stands for another body already.
    pub const MID_TAKEN: &str = "mid-taken";
    /// The envelope names another record than the body.
    pub const ENTITY_MISMATCH: &str = "entity-mismatch";
    /// It was handed in by a device that may not be used any more.
    pub const DEVICE_REVOKED: &str = "device-revoked";
    /// It was handed in from a locked device, and nothing proves who wrote it.
    pub const NOT_PROVEN: &str = "not-proven";
    /// Another mutation of the same group was not applied.
    pub const GROUP_NOT_APPLIED: &str = "group-not-applied";
    /// It needs a record whose creation was not applied.
    pub const DEPENDS_ON_HELD: &str = "depends-on-held";
    /// A record with this id exists where the worker cannot see it.
    pub const ID_COLLISION: &str = "id-collision";
}

/// What the log holds of one mutation.
#[derive(Clone, Debug, PartialEq)]
pub struct Logged {
    pub device_id: DeviceId,
    /// Its place in the device's line; absent where it was handed in beside the line, sealed.
    pub seq: Option<u64>,
    pub mid: Mid,
    pub body_hash: [u8; 32],
    pub result: PushResult,
}

/// What to do with one mutation of a push.
#[derive(Clone, Debug, PartialEq)]
pub enum Admission {
    /// It is new and next: judge it, log it, advance the device's counter to its `seq`.
    Apply,
    /// It was here before: answer this; write nothing.
    Replay(PushResult),
    /// It was here before, from another identity of the device or sealed: advance the counter to its `seq`, answer this. Where the log knows
    /// no place of it, write this one down: otherwise another mutation could come to the same place later and be taken for known.
    AdvanceAndReplay(PushResult),
    /// Its `mid` stands for another body. Keep the text in quarantine under this device and `seq`, if it is not there yet;
    /// advance the counter if it is behind; answer this.
    MidTaken(PushResult),
    /// Mutations before it are missing: stop, answer 409 `seq-gap`.
    SeqGap { expected: u64 },
    /// Another mutation has its place: two installations count under one identity. Stop, answer 409 `device-forked`.
    Forked,
}

/// Decides whether a mutation is new, known, too early, or not from this device's line.
///
/// `last_seq` is the device's counter, read with its row locked. `by_mid` and `by_seq` are what the log holds, for this worker, under
/// the mutation's `mid` and under this device and `seq`.
pub fn admit(mutation: &Mutation, last_seq: u64, by_mid: Option<&Logged>, by_seq: Option<&Logged>) -> Admission {
    if mutation.seq > last_seq + 1 {
        return Admission::SeqGap { expected: last_seq + 1 };
    }
    let is_next = mutation.seq == last_seq + 1;
    if !is_next && by_seq.is_some_and(|logged| logged.mid != mutation.mid) {
        return Admission::Forked;
    }
    let Some(logged) = by_mid else {
        return if is_next { Admission::Apply } else { Admission::Forked };
    };
    if logged.body_hash != mutation.body_hash() {
        return Admission::MidTaken(mid_taken(mutation));
    }
    let stored = PushResult { seq: mutation.seq, ..logged.result.clone() };
    if is_next { Admission::AdvanceAndReplay(stored) } else { Admission::Replay(stored) }
}

/// Decides whether a mutation that was handed in sealed, beside the device's line, is new. It takes no place in the line: when the device
/// pushes it later, [`admit`] finds it by its `mid`.
pub fn admit_sealed(mutation: &Mutation, by_mid: Option<&Logged>) -> Admission {
    match by_mid {
        None => Admission::Apply,
        Some(logged) if logged.body_hash == mutation.body_hash() => Admission::Replay(logged.result.clone()),
        Some(_) => Admission::MidTaken(mid_taken(mutation)),
    }
}

fn mid_taken(mutation: &Mutation) -> PushResult {
    PushResult {
        seq: mutation.seq,
        mid: mutation.mid,
        status: Status::Quarantined,
        code: Some(code::MID_TAKEN.to_owned()),
        blocked_by: None,
        skipped: Vec::new(),
        received_at: None,
    }
}

/// Splits a batch into the runs that are applied in one transaction each: neighbours of one group, or a single mutation.
pub fn groups(mutations: &[Mutation]) -> impl Iterator<Item = &[Mutation]> {
    mutations.chunk_by(|a, b| a.group_id.is_some() && a.group_id == b.group_id)
}

#[cfg(test)]
#[path = "office_tests.rs"]
mod tests;
