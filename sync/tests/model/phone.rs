//! A phone: a disk that survives, a page that may die at any moment, and the shipped `sync::device` between them.

use std::collections::{BTreeMap, BTreeSet};

use domain::{AttachmentId, Caseload, Command, DateTime, Occasion, Record, RecordRef, ScopeId, WorkerId};
use sync::{
    device::{Device, Entry, Lane, LaneWrites, Meta, NewMutation, Parcel, Pulled, Writes},
    wire::{DeviceId, GroupId, Mid, Mutation, Problem, PullResponse, PushRequest, PushResponse},
};

use crate::{action::Killed, contents, defect::Defect};

/// What is on the disk of a phone.
#[derive(Clone, Debug)]
pub struct Disk {
    pub meta: Meta,
    pub entries: BTreeMap<u64, Entry>,
    pub rows: BTreeMap<ScopeId, BTreeMap<RecordRef, Record>>,
    /// Contents whose bytes are here.
    pub parcels: BTreeMap<AttachmentId, Parcel>,
}

impl Disk {
    fn new(device_id: DeviceId) -> Self {
        Self { meta: Device::new(device_id).meta().clone(), entries: BTreeMap::new(), rows: BTreeMap::new(), parcels: BTreeMap::new() }
    }

    pub fn mids(&self) -> BTreeSet<Mid> {
        self.entries.values().map(|entry| entry.mutation.mid).collect()
    }

    fn open(&self) -> Device {
        Device::restore(self.meta.clone(), self.entries.values().cloned().collect())
    }

    fn write(&mut self, device: &Device, writes: &Writes) {
        if writes.meta {
            self.meta = device.meta().clone();
        }
        for seq in &writes.put {
            self.entries.insert(*seq, device.entry(*seq).expect("what is put is there").clone());
        }
        for seq in &writes.drop {
            self.entries.remove(seq);
        }
    }

    fn write_contents(&mut self, lane: &Lane, writes: &LaneWrites) {
        for attachment_id in &writes.put {
            self.parcels.insert(*attachment_id, lane.parcel(*attachment_id).expect("what is put is there").clone());
        }
        for attachment_id in &writes.drop {
            self.parcels.remove(attachment_id);
        }
    }

    /// Whether the page could be killed now and go on with the same.
    fn tells_all_of(&self, device: &Device) -> bool {
        let in_memory: Vec<(u64, Mid, bool)> = device.entries().map(key).collect();
        let on_disk: Vec<(u64, Mid, bool)> = self.entries.values().map(key).collect();
        in_memory == on_disk && self.meta == *device.meta()
    }
}

fn key(entry: &Entry) -> (u64, Mid, bool) {
    (entry.mutation.seq, entry.mutation.mid, entry.receipt.is_some())
}

/// What the last applied answer to a pull let the worker see, and when the server computed it.
#[derive(Clone, Debug)]
pub struct LastSeen {
    pub answered_at: u64,
    pub visible: BTreeSet<ScopeId>,
}

#[derive(Clone, Debug)]
pub struct Phone {
    pub worker_id: WorkerId,
    pub disk: Disk,
    pub device: Device,
    pub lane: Lane,
    /// How often it asked for its contents.
    pub asked: u64,
    /// Which page is open; answers to an earlier one reach nobody.
    pub page: u64,
    pub copy: Option<Disk>,
    pub last_seen: Option<LastSeen>,
}

impl Phone {
    pub fn new(worker_id: WorkerId, device_id: DeviceId) -> Self {
        let disk = Disk::new(device_id);
        Self { worker_id, device: disk.open(), lane: Lane::default(), asked: 0, disk, page: 0, copy: None, last_seen: None }
    }

    pub fn restart(&mut self) {
        self.page += 1;
        self.device = self.disk.open();
        self.lane = Lane::restore(self.disk.parcels.values().cloned());
    }

    /// Gives what was on the disk before.
    pub fn evict(&mut self, device_id: DeviceId) -> Disk {
        self.replace(Disk::new(device_id))
    }

    pub fn roll_back(&mut self) -> Option<Disk> {
        let copy = self.copy.clone()?;
        Some(self.replace(copy))
    }

    fn replace(&mut self, disk: Disk) -> Disk {
        let before = std::mem::replace(&mut self.disk, disk);
        self.last_seen = None;
        self.restart();
        before
    }

    /// Persists a change in one transaction, then makes it the phone's state.
    fn persist(&mut self, device: Device, writes: &Writes, rows: Option<Rows>, killed: Killed) -> Result<bool, String> {
        if killed == Killed::BeforeDisk {
            self.restart();
            return Ok(false);
        }
        self.disk.write(&device, writes);
        if let Some(rows) = rows {
            self.disk.rows = rows;
        }
        self.device = device;
        if !self.disk.tells_all_of(&self.device) {
            return Err(format!("the writes {writes:?} leave the disk behind the memory"));
        }
        if killed == Killed::AfterDisk {
            self.restart();
        }
        Ok(true)
    }

    /// Writes groups of commands; gives the mutations whose saving completed.
    pub fn save(
        &mut self,
        groups: Vec<Vec<Command>>,
        scope_id: ScopeId,
        now: DateTime,
        mut new_id: impl FnMut() -> uuid::Uuid,
        killed: Killed,
    ) -> Result<Vec<Mid>, String> {
        let attached = contents::attachments(&groups);
        for attachment in &attached {
            self.change_contents(|lane| lane.add(contents::parcel(attachment)));
        }
        let mut new = Vec::new();
        for group in groups {
            let group_id = (group.len() > 1).then(|| GroupId(new_id()));
            new.extend(group.into_iter().map(|command| NewMutation {
                mid: Mid(new_id()),
                group_id,
                scope_id,
                command,
                recorded_at: now,
                app_build: "model".to_owned(),
            }));
        }
        let mids = new.iter().map(|new| new.mid).collect();
        let mut device = self.device.clone();
        let writes = device.save(new);
        if killed != Killed::BeforeDisk {
            // In the transaction of the note.
            attached.iter().for_each(|attachment| self.change_contents(|lane| lane.sign(attachment.attachment_id)));
        }
        let saved = self.persist(device, &writes, None, killed)?;
        Ok(if saved { mids } else { Vec::new() })
    }

    /// Changes the lane and keeps the change.
    pub fn change_contents(&mut self, change: impl FnOnce(&mut Lane) -> LaneWrites) {
        let writes = change(&mut self.lane);
        self.disk.write_contents(&self.lane, &writes);
    }

    pub fn registered(&mut self, device_id: DeviceId, killed: Killed) -> Result<(), String> {
        if device_id != self.device.meta().device_id {
            return Ok(());
        }
        let mut device = self.device.clone();
        let writes = device.mark_registered();
        self.persist(device, &writes, None, killed).map(drop)
    }

    pub fn pushed(
        &mut self,
        request: &PushRequest,
        response: Result<PushResponse, Problem>,
        fresh: DeviceId,
        killed: Killed,
        defect: Option<Defect>,
    ) -> Result<(), String> {
        let mut device = self.device.clone();
        let writes = match response {
            Ok(mut response) => {
                if defect == Some(Defect::NoRegressCheck) {
                    response.device_last_seq = response.device_last_seq.max(highest_receipt(&device));
                }
                device.pushed(request, &response)
            }
            Err(problem) => device.push_refused(&problem, fresh),
        };
        self.persist(device, &writes, None, killed)?;
        if defect == Some(Defect::DropAtReceipt) {
            self.disk.entries.retain(|_, entry| !entry.is_received());
            self.device = self.disk.open();
        }
        Ok(())
    }

    pub fn pulled(
        &mut self,
        mut response: PullResponse,
        seen: LastSeen,
        now: DateTime,
        killed: Killed,
        defect: Option<Defect>,
    ) -> Result<(), String> {
        let mut device = self.device.clone();
        if defect == Some(Defect::StalePullApplied) {
            response.generation = device.meta().generation;
        }
        if defect == Some(Defect::NoRegressCheck) {
            response.device_last_seq = response.device_last_seq.map(|last_seq| last_seq.max(highest_receipt(&device)));
        }
        let Pulled::Fresh { writes, forget } = device.pulled(&response, now) else { return Ok(()) };
        let mut rows = self.disk.rows.clone();
        for scope_id in &forget {
            rows.remove(scope_id);
        }
        for delta in response.scopes {
            let scope = rows.entry(delta.scope_id).or_default();
            if delta.full {
                scope.clear();
            }
            for record_ref in delta.deleted {
                scope.remove(&record_ref);
            }
            scope.extend(delta.records.into_iter().map(|record| (record.record_ref(), record)));
        }
        if !self.persist(device, &writes, Some(rows), killed)? {
            return Ok(());
        }
        if self.last_seen.as_ref().is_none_or(|last| last.answered_at <= seen.answered_at) {
            self.last_seen = Some(seen);
        }
        if defect == Some(Defect::RevokePurgesOutbox) {
            self.disk.entries.retain(|_, entry| !forget.contains(&entry.mutation.scope_id));
            self.device = self.disk.open();
        }
        Ok(())
    }

    /// What the phone shows of a scope: the rows, with what it wrote itself on top.
    pub fn shown(&self, scope_id: ScopeId) -> Caseload {
        let rows = self.disk.rows.get(&scope_id).into_iter().flat_map(BTreeMap::values).cloned();
        let mut shown = Caseload::from_records(rows);
        let pending: Vec<(Command, Occasion)> = (self.device.overlay())
            .filter_map(|entry| {
                let recorded_at = entry.mutation.recorded_at;
                let actor = crate::records::actor(self.worker_id);
                let occasion = Occasion { actor, recorded_at, received_at: None, late_after_reassignment: false };
                Some((entry.mutation.command().ok()?, occasion))
            })
            .collect();
        shown.rebase(pending.iter().map(|(command, occasion)| (command, *occasion)));
        shown
    }

    /// What a locked phone hands in beside its line: everything without a receipt, each by itself.
    pub fn sealed(&self) -> Vec<Mutation> {
        let unsent = self.device.entries().filter(|entry| !entry.is_received() && entry.mutation.group_id.is_none());
        unsent.map(|entry| entry.mutation.clone()).collect()
    }

    pub fn pull_refused(&mut self, problem: &Problem, killed: Killed) -> Result<(), String> {
        let mut device = self.device.clone();
        let writes = device.pull_refused(problem);
        self.persist(device, &writes, None, killed).map(drop)
    }

    pub fn dismiss_all(&mut self) -> Result<(), String> {
        let waiting: Vec<u64> = self.device.entries().filter(|entry| entry.needs_person()).map(|entry| entry.mutation.seq).collect();
        for seq in waiting {
            let mut device = self.device.clone();
            let writes = device.dismiss(seq);
            self.persist(device, &writes, None, Killed::Not)?;
        }
        Ok(())
    }
}

type Rows = BTreeMap<ScopeId, BTreeMap<RecordRef, Record>>;

fn highest_receipt(device: &Device) -> u64 {
    device.entries().filter(|entry| entry.is_received()).map(|entry| entry.mutation.seq).max().unwrap_or(0)
}
