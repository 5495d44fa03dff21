//! A server in memory: what the real one keeps in PostgreSQL, around the shipped `sync::office` and `domain`.

use std::collections::{BTreeMap, BTreeSet};

use domain::{CaseId, Caseload, ChangeClient, Command, Contradiction, DateTime, DevicePolicy, Record, RecordRef, ScopeId, WorkerId};
use sync::{
    office::{self, Admission, Judgement, Knowledge, Logged, ScopeHead, Tenure},
    wire::{
        DeviceId, IncarnationId, Keep, Mid, Mutation, Problem, ProblemCode, PullRequest, PullResponse, PushRequest, PushResponse,
        PushResult, ScopeDelta, Status,
    },
};
use uuid::Uuid;

use crate::{
    contents::Uploads,
    defect::Defect,
    records::{self, SCOPES, WORKERS, case_id, scope_id, worker_id},
};

#[derive(Clone, Debug)]
struct DeviceRow {
    worker_id: WorkerId,
    last_seq: u64,
    safe_seq: u64,
}

#[derive(Clone, Debug)]
pub struct Scope {
    pub head: ScopeHead,
    /// The latest change of each record; `None` where it was a deletion.
    pub entries: BTreeMap<RecordRef, (u64, Option<Record>)>,
}

/// One effect, in the order of commits.
#[derive(Clone, Copy, Debug)]
pub struct Effect {
    pub mid: Mid,
    pub device_id: DeviceId,
    /// Absent where it came beside the line, sealed.
    pub seq: Option<u64>,
}

#[derive(Clone, Debug)]
pub struct Server {
    pub incarnation: IncarnationId,
    pub scopes: BTreeMap<ScopeId, Scope>,
    visible: BTreeMap<WorkerId, BTreeSet<ScopeId>>,
    ended: BTreeMap<(WorkerId, ScopeId), DateTime>,
    devices: BTreeMap<DeviceId, DeviceRow>,
    pub log: BTreeMap<Mid, Logged>,
    pub quarantine: BTreeMap<(DeviceId, u64), Mutation>,
    /// What contradicts something else, under the mutation that wanted it.
    pub proposals: BTreeMap<Mid, Vec<Contradiction>>,
    /// What was wanted of clients' details, and judged.
    pub changes: Vec<(Mid, ChangeClient)>,
    pub effects: Vec<Effect>,
    pub erased: BTreeSet<Uuid>,
    pub uploads: Uploads,
    /// Only the mistaken server uses these.
    tombstones: BTreeMap<DeviceId, BTreeSet<ScopeId>>,
}

/// How the server fares during one push.
#[derive(Clone, Copy, Debug)]
pub enum Health {
    Well,
    DiesAfter(u8),
    BusyAfter(u8),
}

impl Server {
    pub fn new() -> Self {
        let mut server = Self {
            incarnation: IncarnationId(records::id(9, 0)),
            scopes: BTreeMap::new(),
            visible: BTreeMap::new(),
            ended: BTreeMap::new(),
            devices: BTreeMap::new(),
            log: BTreeMap::new(),
            quarantine: BTreeMap::new(),
            proposals: BTreeMap::new(),
            changes: Vec::new(),
            effects: Vec::new(),
            erased: BTreeSet::new(),
            uploads: Uploads::default(),
            tombstones: BTreeMap::new(),
        };
        for number in 0..SCOPES {
            let head = ScopeHead { epoch: 1, head: 0, floor: 0 };
            server.scopes.insert(scope_id(number), Scope { head, entries: BTreeMap::new() });
            records::of_case(number).into_iter().for_each(|record| server.write(scope_id(number), record));
            server.visible.entry(worker_id(number % WORKERS)).or_default().insert(scope_id(number));
        }
        server
    }

    pub fn visible(&self, worker_id: WorkerId) -> BTreeSet<ScopeId> {
        self.visible.get(&worker_id).cloned().unwrap_or_default()
    }

    pub fn live_records(&self, scope_id: ScopeId) -> impl Iterator<Item = &Record> {
        self.scopes[&scope_id].entries.values().filter_map(|(_, record)| record.as_ref())
    }

    fn write(&mut self, scope_id: ScopeId, record: Record) {
        self.write_entry(scope_id, record.record_ref(), Some(record));
    }

    fn write_entry(&mut self, scope_id: ScopeId, record_ref: RecordRef, record: Option<Record>) {
        let scope = self.scopes.get_mut(&scope_id).unwrap();
        scope.head.head += 1;
        scope.entries.insert(record_ref, (scope.head.head, record));
    }

    // What happens in the office.

    pub fn reassign(&mut self, scope_id: ScopeId, to: WorkerId, now: DateTime) {
        for number in 0..WORKERS {
            let worker_id = worker_id(number);
            if worker_id != to && self.visible.entry(worker_id).or_default().remove(&scope_id) {
                self.ended.insert((worker_id, scope_id), now);
                for (device_id, row) in &self.devices {
                    if row.worker_id == worker_id {
                        self.tombstones.entry(*device_id).or_default().insert(scope_id);
                    }
                }
            }
        }
        self.share(scope_id, to);
    }

    pub fn share(&mut self, scope_id: ScopeId, with: WorkerId) {
        self.visible.entry(with).or_default().insert(scope_id);
        self.ended.remove(&(with, scope_id));
    }

    /// Deletes a goal, a note or a visit, so that its absence has to travel.
    pub fn erase(&mut self, scope_id: ScopeId, choice: u8) {
        let may_go = |record: &&Record| matches!(record, Record::Goal(_) | Record::Note(_) | Record::Visit(_));
        let there: Vec<RecordRef> = self.live_records(scope_id).filter(may_go).map(Record::record_ref).collect();
        if let Some(record_ref) = there.get(usize::from(choice) % there.len().max(1)).copied() {
            self.erased.insert(record_ref.id);
            self.write_entry(scope_id, record_ref, None);
        }
    }

    pub fn raise_floor(&mut self, scope_id: ScopeId) {
        let scope = self.scopes.get_mut(&scope_id).unwrap();
        scope.head.floor = scope.head.head;
        scope.entries.retain(|_, (_, record)| record.is_some());
    }

    pub fn raise_epoch(&mut self, scope_id: ScopeId) {
        self.scopes.get_mut(&scope_id).unwrap().head.epoch += 1;
    }

    /// Everything received so far would survive; gives the copy to be restored.
    pub fn back_up(&mut self) -> Self {
        self.devices.values_mut().for_each(|row| row.safe_seq = row.last_seq);
        self.clone()
    }

    // What devices ask.

    pub fn register(&mut self, worker_id: WorkerId, device_id: DeviceId) {
        self.devices.entry(device_id).or_insert(DeviceRow { worker_id, last_seq: 0, safe_seq: 0 });
    }

    fn row(&self, worker_id: WorkerId, device_id: DeviceId) -> Result<&DeviceRow, Problem> {
        let row = self.devices.get(&device_id).filter(|row| row.worker_id == worker_id);
        row.ok_or_else(|| problem(404, ProblemCode::DeviceUnknown, None))
    }

    /// Answers a push; `None` where the server died before it could.
    pub fn push(
        &mut self,
        worker_id: WorkerId,
        request: &PushRequest,
        now: DateTime,
        health: Health,
        defect: Option<Defect>,
    ) -> Option<Result<PushResponse, Problem>> {
        if let Err(problem) = self.row(worker_id, request.device_id) {
            return Some(Err(problem));
        }
        let mut results = Vec::new();
        let groups: Vec<&[Mutation]> = office::groups(&request.mutations).collect();
        for (number, group) in (0u8..).zip(groups) {
            match health {
                Health::DiesAfter(groups) if number >= groups => {
                    if defect == Some(Defect::ReservedBeforeEffect) {
                        self.reserve(request.device_id, group, now);
                    }
                    return None;
                }
                Health::BusyAfter(groups) if number >= groups => {
                    results.extend(group.iter().map(|mutation| receipt(mutation, Status::NotAttempted)));
                }
                _ => match self.push_group(worker_id, request.device_id, group, now, defect) {
                    Ok(of_group) => results.extend(of_group),
                    Err(problem) => return Some(Err(problem)),
                },
            }
        }
        let row = &self.devices[&request.device_id];
        Some(Ok(PushResponse {
            incarnation: self.incarnation,
            device_last_seq: row.last_seq,
            safe_seq: row.safe_seq,
            server_time: now,
            results,
        }))
    }

    /// One group, one transaction: nothing is written unless everything is.
    fn push_group(
        &mut self,
        worker_id: WorkerId,
        device_id: DeviceId,
        group: &[Mutation],
        now: DateTime,
        defect: Option<Defect>,
    ) -> Result<Vec<PushResult>, Problem> {
        let mut last_seq = self.devices[&device_id].last_seq;
        let mut results: BTreeMap<u64, PushResult> = BTreeMap::new();
        let mut to_judge = Vec::new();
        let (mut mid_taken, mut advanced) = (Vec::new(), Vec::new());
        for mutation in group {
            let admission = self.admit(device_id, mutation, last_seq, defect);
            match admission {
                Admission::Apply => to_judge.push(mutation),
                Admission::Replay(stored) => drop(results.insert(mutation.seq, stored)),
                Admission::AdvanceAndReplay(stored) => {
                    results.insert(mutation.seq, stored);
                    advanced.push(mutation);
                }
                Admission::MidTaken(receipt) => {
                    results.insert(mutation.seq, receipt);
                    mid_taken.push(mutation);
                }
                Admission::SeqGap { expected } => return Err(problem(409, ProblemCode::SeqGap, Some(expected))),
                Admission::Forked => return Err(problem(409, ProblemCode::DeviceForked, None)),
            }
            last_seq = last_seq.max(mutation.seq);
        }
        let judged = self.judge(worker_id, &to_judge, now, defect);
        for (mutation, judgement) in to_judge.into_iter().zip(judged) {
            results.insert(mutation.seq, judgement.result.clone());
            self.commit(device_id, Some(mutation.seq), mutation, judgement, defect);
        }
        for mutation in advanced {
            let logged = self.log.get_mut(&mutation.mid).expect("it was found there");
            if logged.seq.is_none() && defect != Some(Defect::SealedHasNoPlace) {
                (logged.device_id, logged.seq) = (device_id, Some(mutation.seq));
            }
        }
        for mutation in mid_taken {
            self.quarantine.entry((device_id, mutation.seq)).or_insert_with(|| mutation.clone());
        }
        self.devices.get_mut(&device_id).unwrap().last_seq = last_seq;
        Ok(results.into_values().collect())
    }

    fn admit(&self, device_id: DeviceId, mutation: &Mutation, last_seq: u64, defect: Option<Defect>) -> Admission {
        let by_mid = self.log.get(&mutation.mid);
        let by_seq = self.log.values().find(|logged| logged.device_id == device_id && logged.seq == Some(mutation.seq));
        if defect == Some(Defect::NoMidCrossCheck)
            && let Some(logged) = by_seq
            && mutation.seq <= last_seq
        {
            return Admission::Replay(PushResult { mid: mutation.mid, ..logged.result.clone() });
        }
        match office::admit(mutation, last_seq, by_mid, by_seq) {
            Admission::Replay(_) | Admission::AdvanceAndReplay(_) if defect == Some(Defect::NoDedupe) => Admission::Apply,
            admission => admission,
        }
    }

    fn judge(&self, worker_id: WorkerId, group: &[&Mutation], now: DateTime, defect: Option<Defect>) -> Vec<Judgement> {
        let tenure = |case_id: CaseId| {
            let scope_id = scope_of(case_id);
            match self.ended.get(&(worker_id, scope_id)) {
                _ if self.visible(worker_id).contains(&scope_id) => Tenure::Holds,
                Some(at) => Tenure::Ended(*at),
                None => Tenure::Never,
            }
        };
        let held_create = |id: Uuid| {
            let held = self.quarantine.values().find(|held| held.entity_id == id && held.kind == "visit.plan");
            held.map(|held| held.mid)
        };
        let scopes: BTreeSet<ScopeId> = group.iter().map(|mutation| mutation.scope_id).collect();
        let records = scopes.into_iter().flat_map(|scope_id| self.live_records(scope_id)).cloned();
        let knowledge = Knowledge {
            actor: records::actor(worker_id),
            received_at: now,
            records: Caseload::from_records(records),
            tenure: &tenure,
            held_create: &held_create,
        };
        let judgements = office::judge(group, knowledge);
        if defect == Some(Defect::LastChangeWins) { self.overwrite(group, judgements) } else { judgements }
    }

    /// What a mistaken server does with contradictions: the later one wins.
    fn overwrite(&self, group: &[&Mutation], mut judgements: Vec<Judgement>) -> Vec<Judgement> {
        for (mutation, judgement) in group.iter().zip(&mut judgements) {
            let records = Caseload::from_records(self.live_records(mutation.scope_id).cloned());
            for contradiction in std::mem::take(&mut judgement.contradictions) {
                let Ok(Command::ChangeClient(change)) = mutation.command() else { continue };
                let Some(client) = records.client(change.case_id) else { continue };
                let (mut person, mut case) = (client.person.clone(), client.case.clone());
                let is_of_case = contradiction.wanted.is_of_case();
                contradiction.wanted.put_into(&mut person, &mut case);
                judgement.changed.push(if is_of_case { Record::Case(case) } else { Record::Person(person) });
                judgement.result.status = Status::Applied;
            }
        }
        judgements
    }

    /// Takes what a locked phone hands in, each by itself.
    pub fn take_sealed(
        &mut self,
        worker_id: WorkerId,
        device_id: DeviceId,
        mutations: &[Mutation],
        now: DateTime,
        defect: Option<Defect>,
    ) -> Result<(), String> {
        if self.row(worker_id, device_id).is_err() {
            return Ok(());
        }
        for mutation in mutations {
            let by_mid = self.log.get(&mutation.mid);
            let is_new = office::admit_sealed(mutation, by_mid) == Admission::Apply || defect == Some(Defect::SealedTwice);
            if is_new {
                let judgement = self.judge(worker_id, &[mutation], now, defect).remove(0);
                self.commit(device_id, None, mutation, judgement, defect);
            }
        }
        Ok(())
    }

    fn commit(&mut self, device_id: DeviceId, seq: Option<u64>, mutation: &Mutation, judgement: Judgement, defect: Option<Defect>) {
        if matches!(judgement.result.status, Status::Quarantined | Status::Blocked) {
            if defect != Some(Defect::RejectedNotKept) {
                self.quarantine.insert(place(device_id, seq, mutation), mutation.clone());
            }
        } else {
            self.effects.push(Effect { mid: mutation.mid, device_id, seq });
            if let Ok(Command::ChangeClient(change)) = mutation.command() {
                self.changes.push((mutation.mid, change));
            }
            for record in judgement.changed {
                self.write(mutation.scope_id, record);
            }
            if !judgement.contradictions.is_empty() && defect != Some(Defect::ProposalNotKept) {
                self.proposals.insert(mutation.mid, judgement.contradictions);
            }
        }
        let logged = Logged { device_id, seq, mid: mutation.mid, body_hash: mutation.body_hash(), result: judgement.result };
        self.log.insert(mutation.mid, logged);
    }

    /// What the mistaken server does before it carries a group out.
    fn reserve(&mut self, device_id: DeviceId, group: &[Mutation], now: DateTime) {
        for mutation in group {
            let row = self.devices.get_mut(&device_id).unwrap();
            if mutation.seq != row.last_seq + 1 || self.log.contains_key(&mutation.mid) {
                return;
            }
            row.last_seq = mutation.seq;
            let result = PushResult { received_at: Some(now), ..receipt(mutation, Status::Applied) };
            let (seq, mid) = (mutation.seq, mutation.mid);
            self.log.insert(mid, Logged { device_id, seq: Some(seq), mid, body_hash: mutation.body_hash(), result });
        }
    }

    pub fn pull(
        &mut self,
        worker_id: WorkerId,
        request: &PullRequest,
        now: DateTime,
        defect: Option<Defect>,
    ) -> Result<PullResponse, Problem> {
        let row = request.device_id.map(|device_id| self.row(worker_id, device_id)).transpose()?.cloned();
        let visible: BTreeMap<ScopeId, ScopeHead> =
            self.visible(worker_id).into_iter().map(|scope_id| (scope_id, self.scopes[&scope_id].head)).collect();
        let same_incarnation = request.incarnation == Some(self.incarnation);
        let mut plan = office::plan_pull(&request.scopes, &visible, same_incarnation, request.first);
        if defect == Some(Defect::TombstonesForForget) {
            let told_once = request.device_id.and_then(|device_id| self.tombstones.remove(&device_id)).unwrap_or_default();
            plan.forget = told_once.into_iter().filter(|scope_id| !visible.contains_key(scope_id)).collect();
        }
        let mut scopes = Vec::new();
        let mut room = request.limit_bytes;
        let planned = plan.take.len();
        for take in plan.take {
            if room == 0 {
                break;
            }
            let mut delta = ScopeDelta {
                scope_id: take.scope_id,
                keep: Keep::Disk,
                epoch: take.epoch,
                full: take.full,
                through: take.after,
                head: take.head,
                records: Vec::new(),
                deleted: Vec::new(),
            };
            let mut entries: Vec<_> = self.scopes[&take.scope_id].entries.iter().filter(|(_, (seq, _))| *seq > take.after).collect();
            entries.sort_by_key(|(_, (seq, _))| *seq);
            let mut first_left_out = None;
            for (record_ref, (seq, record)) in entries {
                if room == 0 && *seq > take.at_least {
                    first_left_out = Some(*seq);
                    break;
                }
                room = room.saturating_sub(RECORD_BYTES);
                match record {
                    Some(record) => delta.records.push(record.clone()),
                    None => delta.deleted.push(*record_ref),
                }
            }
            delta.through = take.through(first_left_out);
            scopes.push(delta);
        }
        let more = scopes.len() < planned || scopes.iter().any(|delta| delta.through < delta.head);
        Ok(PullResponse {
            generation: request.generation,
            incarnation: self.incarnation,
            device_last_seq: row.as_ref().map(|row| row.last_seq),
            safe_seq: row.as_ref().map_or(0, |row| row.safe_seq),
            server_time: now,
            forget: plan.forget,
            scopes,
            more,
            wipe: false,
            policy: DevicePolicy::default(),
            seal_key: None,
        })
    }
}

/// What a record counts for in an answer.
pub const RECORD_BYTES: u32 = 100;

fn scope_of(case: CaseId) -> ScopeId {
    (0..SCOPES).find(|number| case_id(*number) == case).map(scope_id).expect("the model has no other cases")
}

fn receipt(mutation: &Mutation, status: Status) -> PushResult {
    PushResult { seq: mutation.seq, mid: mutation.mid, status, code: None, blocked_by: None, skipped: Vec::new(), received_at: None }
}

pub fn problem(status: u16, code: ProblemCode, expected: Option<u64>) -> Problem {
    Problem { status, code, title: "The model says no.".to_owned(), expected }
}

/// Where a text is kept: beside the line, every mutation has a place of its own.
fn place(device_id: DeviceId, seq: Option<u64>, mutation: &Mutation) -> (DeviceId, u64) {
    match seq {
        Some(seq) => (device_id, seq),
        None => (DeviceId(mutation.mid.0), 0),
    }
}
