//! One transaction of a push: all of its mutations are decided, written and answered for, or nothing happened.

use std::collections::BTreeSet;

use domain::ScopeId;
use sqlx::PgPool;
use sync::{
    office::{Admission, admit, admit_sealed, groups},
    wire::{DeviceId, Mutation, ProblemCode, PushResult, Status},
};

use super::{
    desk::Desk,
    log::{self, Device, Matter, Receipt},
};
use crate::{db, identity::Identity, problem::Problem, records::RecordsError};

/// What became of the attempt.
pub(super) struct Outcome {
    /// With its counter as it is now.
    pub(super) device: Device,
    /// In the order of the mutations; shorter where the line broke off.
    pub(super) results: Vec<PushResult>,
    /// Why the line broke off.
    pub(super) broke_off: Option<Problem>,
    /// The scopes in which something changed.
    pub(super) touched: BTreeSet<ScopeId>,
}

/// Why nothing happened.
#[derive(Debug)]
pub(super) enum Failure {
    /// The request as a whole is not one that this server takes.
    Refused(Problem),
    Records(RecordsError),
}

impl From<RecordsError> for Failure {
    fn from(error: RecordsError) -> Self {
        Self::Records(error)
    }
}

impl From<sqlx::Error> for Failure {
    fn from(error: sqlx::Error) -> Self {
        Self::Records(error.into())
    }
}

/// How much is looked up, and whether new mutations are decided on or kept for a person because the database would not take them.
#[derive(Clone, Copy)]
pub(super) enum Mode {
    /// Numbers that follow on what is here are taken for new. Where one is not, the log's own key stops it, and nothing happened.
    Quick,
    Decide,
    /// With the code that says why.
    Hold(&'static str),
}

/// The way on which mutations come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lane {
    /// Pushed, each with its place in the device's line.
    Line,
    /// Sealed, beside the line. A device that may not be used any more is heard as well.
    Sealed,
}

/// What a device hands in.
#[derive(Clone, Copy)]
pub(super) struct Sent<'a> {
    pub(super) device_id: DeviceId,
    pub(super) mutations: &'a [Mutation],
    pub(super) lane: Lane,
}

pub(super) async fn attempt(pool: &PgPool, identity: &Identity, sent: Sent<'_>, mode: Mode) -> Result<Outcome, Failure> {
    let Sent { device_id, mutations, lane } = sent;
    let mut tx = db::begin_as(pool, identity).await?;
    let device = log::lock_device(&mut tx, identity, device_id).await?;
    let mut device = device.ok_or_else(|| Failure::Refused(Problem::new(ProblemCode::DeviceUnknown)))?;
    if device.is_revoked && lane == Lane::Line {
        return Err(Failure::Refused(Problem::new(ProblemCode::DeviceRevoked)));
    }
    if mutations.is_empty() {
        return Ok(Outcome { device, results: Vec::new(), broke_off: None, touched: BTreeSet::new() });
    }

    let logged = match mode {
        Mode::Quick if lane == Lane::Line && follow_on(&device, mutations) => Vec::new(),
        _ => log::load_log(&mut tx, identity, device_id, mutations).await?,
    };
    let line = match lane {
        Lane::Line => Line::admit(&device, mutations, &logged),
        Lane::Sealed => Line::admit_sealed(&device, mutations, &logged),
    };
    let mut desk = Desk::load(&mut tx, identity, &line.new_ones()).await?;
    let decided = line.decide(|group| match mode {
        Mode::Quick | Mode::Decide => desk.judge(identity, &device, group).into_iter().map(|judgement| judgement.result).collect(),
        Mode::Hold(code) => group.iter().map(|mutation| held(mutation, code, &device)).collect(),
    });
    let mut touched = desk.touched();
    let is_news = decided.last_seq > device.last_seq || !decided.receipts.is_empty();
    if is_news {
        log::write_places(&mut tx, identity, device_id, &decided.placed).await?;
        log::write_receipts(&mut tx, identity, device_id, lane, &decided.receipts, decided.last_seq, device.now).await?;
        desk.write(&mut tx, identity, &device).await?;
    }
    // After the cases' scopes: whoever decides a review has locked those first, too.
    touched.extend(log::keep_reviews(&mut tx, identity, device_id, lane, &matters(&decided.held, &desk), device.now).await?);
    if is_news || !decided.held.is_empty() {
        device.last_seq = decided.last_seq;
        tx.commit().await?;
    }
    Ok(Outcome { device, results: decided.results, broke_off: line.broke_off, touched })
}

/// What a person has to decide: mutations that were not applied, and what applied ones contradict.
fn matters<'a>(held: &'a [Receipt<'_>], desk: &'a Desk) -> Vec<Matter<'a>> {
    let held = held.iter().map(|(mutation, result)| Matter {
        mutation,
        place: 0,
        code: Some(result.code.clone().unwrap_or_default()),
        contradiction: None,
    });
    let contradictions = desk.contradictions.iter().flat_map(|(mutation, contradictions)| {
        (1..).zip(contradictions).map(move |(place, contradiction)| Matter {
            mutation,
            place,
            code: None,
            contradiction: Some(contradiction),
        })
    });
    held.chain(contradictions).collect()
}

/// Whether the mutations are the very next ones of the device.
fn follow_on(device: &Device, mutations: &[Mutation]) -> bool {
    (device.last_seq + 1..).zip(mutations).all(|(seq, mutation)| mutation.seq == seq)
}

fn held(mutation: &Mutation, code: &str, device: &Device) -> PushResult {
    PushResult {
        seq: mutation.seq,
        mid: mutation.mid,
        status: Status::Quarantined,
        code: Some(code.to_owned()),
        blocked_by: None,
        skipped: Vec::new(),
        received_at: Some(device.now),
    }
}

/// A device's mutations up to where they fit what came before.
struct Line<'a> {
    /// In runs that are applied together.
    groups: Vec<Vec<(&'a Mutation, Admission)>>,
    broke_off: Option<Problem>,
    last_seq: u64,
}

/// What is to be answered and written.
struct Decided<'a> {
    results: Vec<PushResult>,
    receipts: Vec<Receipt<'a>>,
    held: Vec<Receipt<'a>>,
    /// Known already, and next in the line: where they came sealed, this is their place.
    placed: Vec<&'a Mutation>,
    last_seq: u64,
}

impl<'a> Line<'a> {
    fn admit(device: &Device, mutations: &'a [Mutation], logged: &[sync::office::Logged]) -> Self {
        let mut line = Self { groups: Vec::new(), broke_off: None, last_seq: device.last_seq };
        for group in groups(mutations) {
            let mut admitted = Vec::with_capacity(group.len());
            for mutation in group {
                let by_mid = logged.iter().find(|logged| logged.mid == mutation.mid);
                let by_seq = logged.iter().find(|logged| logged.seq == Some(mutation.seq) && logged.device_id == device.id);
                match admit(mutation, line.last_seq, by_mid, by_seq) {
                    Admission::SeqGap { expected } => line.broke_off = Some(Problem::new(ProblemCode::SeqGap).expecting(expected)),
                    Admission::Forked => line.broke_off = Some(Problem::new(ProblemCode::DeviceForked)),
                    admission => {
                        line.last_seq = line.last_seq.max(mutation.seq);
                        admitted.push((mutation, admission));
                        continue;
                    }
                }
                // Half a group is not applied: its other half comes with the next push.
                line.last_seq = device.last_seq.max(line.groups.iter().flatten().map(|(mutation, _)| mutation.seq).max().unwrap_or(0));
                return line;
            }
            line.groups.push(admitted);
        }
        line
    }

    /// Beside the line: nothing can be missing, and the line stays where it is.
    fn admit_sealed(device: &Device, mutations: &'a [Mutation], logged: &[sync::office::Logged]) -> Self {
        let by_mid = |mutation: &Mutation| logged.iter().find(|logged| logged.mid == mutation.mid);
        let admitted =
            groups(mutations).map(|group| group.iter().map(|mutation| (mutation, admit_sealed(mutation, by_mid(mutation)))).collect());
        Self { groups: admitted.collect(), broke_off: None, last_seq: device.last_seq }
    }

    fn new_ones(&self) -> Vec<&'a Mutation> {
        let all = self.groups.iter().flatten();
        all.filter(|(_, admission)| *admission == Admission::Apply).map(|(mutation, _)| *mutation).collect()
    }

    fn decide(&self, mut judge: impl FnMut(&[&Mutation]) -> Vec<PushResult>) -> Decided<'a> {
        let mut decided =
            Decided { results: Vec::new(), receipts: Vec::new(), held: Vec::new(), placed: Vec::new(), last_seq: self.last_seq };
        for group in &self.groups {
            let new: Vec<&Mutation> =
                group.iter().filter(|(_, admission)| *admission == Admission::Apply).map(|(mutation, _)| *mutation).collect();
            let mut judged = if new.is_empty() { Vec::new() } else { judge(&new) }.into_iter();
            for (mutation, admission) in group {
                let result = match admission {
                    Admission::Replay(stored) => stored.clone(),
                    Admission::AdvanceAndReplay(stored) => {
                        decided.placed.push(mutation);
                        stored.clone()
                    }
                    Admission::MidTaken(refused) => {
                        decided.held.push((mutation, refused.clone()));
                        refused.clone()
                    }
                    Admission::Apply => {
                        let Some(result) = judged.next() else { continue };
                        decided.receipts.push((mutation, result.clone()));
                        if matches!(result.status, Status::Quarantined | Status::Blocked) {
                            decided.held.push((mutation, result.clone()));
                        }
                        result
                    }
                    Admission::SeqGap { .. } | Admission::Forked => continue,
                };
                decided.results.push(result);
            }
        }
        decided
    }
}
