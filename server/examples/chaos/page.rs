//! One life of a page on a device: what it holds, and the few ways in which it changes. It does what frontend/src/core.rs does, with the
//! shipped `sync::device::Device` and `domain::Caseload`, and may be killed before and after every write.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Mutex, MutexGuard, PoisonError, atomic::Ordering},
};

use anyhow::Result;
use domain::{Actor, Caseload, Command, DateTime, Occasion, Permissions, RecordRef, ScopeId, decide};
use sync::{
    device::{Device, Entry, Meta, NewMutation, Pulled, Writes},
    wire::{DeviceId, GroupId, Mid, PullResponse, ScopeDelta},
};
use tokio::sync::Notify;
use uuid::Uuid;

use crate::{chance::Chance, clock::Clock, disk::RowChange, home::Home, ledger::NOTE, letters};

/// How many of a thousand writes a page does not survive: it dies before as often as after.
const DEATHS: u32 = 4;

/// The page is gone; what is on disk stays.
#[derive(Debug)]
pub(crate) struct Killed;

/// How far a pull went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Taken {
    /// There is more to ask for.
    Some,
    Last,
}

/// An open page.
pub(crate) struct Page<'a> {
    pub(crate) home: &'a Home,
    pub(crate) clock: Clock,
    /// Rings when something was saved.
    pub(crate) bell: Notify,
    held: Mutex<Held>,
    /// Changes wait for each other here, so that each starts from what the one before left.
    turn: tokio::sync::Mutex<()>,
    chance: Mutex<Chance>,
}

struct Held {
    device: Device,
    caseload: Caseload,
    rows: BTreeMap<ScopeId, BTreeSet<RecordRef>>,
    complete: bool,
}

impl<'a> Page<'a> {
    /// Opens the device from its disk; a new one begins empty.
    ///
    /// # Errors
    /// The disk can't be read.
    pub(crate) fn open(home: &'a Home, mut chance: Chance) -> Result<Self> {
        let clock = Clock::wrong(&mut chance);
        let held = match home.disk.open()? {
            Some(found) => {
                let mut rows: BTreeMap<ScopeId, BTreeSet<RecordRef>> = BTreeMap::new();
                for (scope_id, record) in &found.rows {
                    rows.entry(*scope_id).or_default().insert(record.record_ref());
                }
                let caseload = Caseload::from_records(found.rows.into_iter().map(|(_, record)| record));
                Held { device: Device::restore(found.meta, found.entries), caseload, rows, complete: found.complete }
            }
            None => {
                let device = Device::new(DeviceId(chance.id(clock.now())));
                Held { device, caseload: Caseload::default(), rows: BTreeMap::new(), complete: false }
            }
        };
        home.read_gauge(&held.device);
        let page = Self {
            home,
            clock,
            bell: Notify::new(),
            held: Mutex::new(held),
            turn: tokio::sync::Mutex::new(()),
            chance: Mutex::new(chance),
        };
        page.rebase();
        Ok(page)
    }

    pub(crate) fn device(&self) -> Device {
        self.held().device.clone()
    }

    pub(crate) fn unsent(&self) -> usize {
        self.held().device.unsent()
    }

    /// An id as this device makes it.
    pub(crate) fn new_id(&self) -> Uuid {
        self.chance().id(self.clock.now())
    }

    /// Looks at the records as they are shown now.
    pub(crate) fn read<T>(&self, question: impl FnOnce(&Caseload) -> T) -> T {
        question(&self.held().caseload)
    }

    /// The records as the server gave them, when the page is not used any more.
    pub(crate) fn into_records(self) -> Caseload {
        let mut caseload = self.held.into_inner().unwrap_or_else(PoisonError::into_inner).caseload;
        caseload.restore();
        caseload
    }

    /// Takes commands, all or none; says whether the rules allow them here. When this says yes, they are kept.
    pub(crate) async fn submit(&self, commands: Vec<Command>) -> Result<bool, Killed> {
        let _turn = self.turn.lock().await;
        let recorded_at = self.clock.now();
        let Some(scopes) = self.check(&commands, recorded_at) else { return Ok(false) };
        let group_id = (commands.len() > 1).then(|| GroupId(self.new_id()));
        let new = commands.into_iter().zip(scopes).map(|(command, scope_id)| NewMutation {
            mid: Mid(self.new_id()),
            group_id,
            scope_id,
            command,
            recorded_at,
            app_build: letters::BUILD.to_owned(),
        });
        let mut device = self.device();
        let writes = device.save(new.collect());
        self.keep(device, &writes, &[]).await?;
        self.rebase();
        self.bell.notify_one();
        Ok(true)
    }

    /// Changes the device, and keeps the change.
    pub(crate) async fn change(&self, change: impl FnOnce(&mut Device) -> Writes) -> Result<(), Killed> {
        let _turn = self.turn.lock().await;
        let mut device = self.device();
        let writes = change(&mut device);
        let receipts_changed = !writes.put.is_empty() || !writes.drop.is_empty();
        self.keep(device, &writes, &[]).await?;
        if receipts_changed {
            self.rebase();
        }
        Ok(())
    }

    /// Takes the answer to a pull: shows it, keeps it, and only then counts it as held.
    pub(crate) async fn take_pull(&self, response: PullResponse) -> Result<Taken, Killed> {
        let _turn = self.turn.lock().await;
        let mut device = self.device();
        let Pulled::Fresh { writes, forget } = device.pulled(&response, self.clock.now()) else { return Ok(Taken::Some) };
        let complete = !response.more;
        let has_news = !forget.is_empty() || !response.scopes.is_empty();
        let (rows, moved_on_only) = {
            let mut held = self.held();
            held.caseload.restore();
            let rows = held.put_in(&forget, response.scopes);
            let completes = complete && !held.complete;
            held.complete |= complete;
            let is_quiet = !has_news && !completes && writes.put.is_empty() && writes.drop.is_empty();
            (rows, is_quiet && only_moved_on(held.device.meta(), device.meta()))
        };
        if moved_on_only {
            // The generation tells answers apart within one life of a page, and a lease is long; on disk they may stay behind.
            self.held().device = device;
        } else {
            self.keep(device, &writes, &rows).await?;
        }
        self.rebase();
        Ok(if complete { Taken::Last } else { Taken::Some })
    }

    /// Writes to disk, then changes what is held in memory. Death may come before, in between and after.
    async fn keep(&self, device: Device, writes: &Writes, rows: &[RowChange]) -> Result<(), Killed> {
        if !writes.is_empty() || !rows.is_empty() {
            self.may_die("pages killed before a write")?;
            tokio::task::yield_now().await;
            let complete = self.held().complete;
            self.home.disk.keep(&device, writes, complete, rows);
            self.note_written(&device, writes);
            tokio::task::yield_now().await;
            self.may_die("pages killed after a write")?;
        }
        self.home.read_gauge(&device);
        self.held().device = device;
        Ok(())
    }

    /// From this moment on a person may be told "saved on this phone".
    fn note_written(&self, device: &Device, writes: &Writes) {
        for entry in writes.put.iter().filter_map(|seq| device.entry(*seq)) {
            if self.home.ledger.note(&self.home.owner, &entry.mutation) && entry.mutation.kind == NOTE {
                self.home.gauge.written.fetch_add(1, Ordering::Relaxed);
            }
        }
    }

    fn may_die(&self, when: &'static str) -> Result<(), Killed> {
        if !self.home.weather.is_calm() && self.chance().per_mille(DEATHS / 2) {
            self.home.weather.count(when);
            return Err(Killed);
        }
        Ok(())
    }

    /// Whether the commands would be taken, each on top of those before it; and the scopes they belong to.
    fn check(&self, commands: &[Command], recorded_at: DateTime) -> Option<Vec<ScopeId>> {
        let occasion = self.occasion(recorded_at, None);
        let mut held = self.held();
        let checked = commands.iter().map(|command| {
            decide(command, &occasion, &held.caseload).ok()?;
            let scope_id = match command.case_id() {
                Some(case_id) => held.caseload.case(case_id)?.scope_id,
                None => letters::own_scope(self.home.owner.worker_id),
            };
            held.caseload.show(command, &occasion);
            Some(scope_id)
        });
        let scopes = checked.collect();
        drop(held);
        self.rebase();
        scopes
    }

    /// Shows what the outbox holds on top of the server's records.
    fn rebase(&self) {
        let mut held = self.held();
        let shown = |entry: &Entry| {
            let received_at = entry.receipt.as_ref().and_then(|receipt| receipt.received_at);
            Some((entry.mutation.command().ok()?, self.occasion(entry.mutation.recorded_at, received_at)))
        };
        let overlay: Vec<(Command, Occasion)> = held.device.overlay().filter_map(shown).collect();
        held.caseload.rebase(overlay.iter().map(|(command, occasion)| (command, *occasion)));
    }

    fn occasion(&self, recorded_at: DateTime, received_at: Option<DateTime>) -> Occasion {
        let owner = &self.home.owner;
        let actor = Actor { worker_id: owner.worker_id, may: Permissions::usual(owner.role) };
        Occasion { actor, recorded_at, received_at, late_after_reassignment: false }
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn chance(&self) -> MutexGuard<'_, Chance> {
        self.chance.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Held {
    /// Puts news in: what is revoked goes first. Answers with what changes on disk.
    fn put_in(&mut self, forget: &[ScopeId], news: Vec<ScopeDelta>) -> Vec<RowChange> {
        let mut changes = Vec::new();
        for scope_id in forget {
            self.forget(*scope_id, &mut changes);
        }
        for delta in news {
            if delta.full {
                self.drop_rows(delta.scope_id, &mut changes);
            }
            for record_ref in delta.deleted {
                self.caseload.remove(record_ref);
                self.rows.entry(delta.scope_id).or_default().remove(&record_ref);
                changes.push(RowChange::Delete(delta.scope_id, record_ref));
            }
            for record in delta.records {
                self.rows.entry(delta.scope_id).or_default().insert(record.record_ref());
                self.caseload.put(record.clone());
                changes.push(RowChange::Put(delta.scope_id, Box::new(record)));
            }
        }
        changes
    }

    fn forget(&mut self, scope_id: ScopeId, changes: &mut Vec<RowChange>) {
        self.caseload.forget(scope_id);
        self.drop_rows(scope_id, changes);
    }

    /// Drops the rows of a scope, and from memory what no other scope holds.
    fn drop_rows(&mut self, scope_id: ScopeId, changes: &mut Vec<RowChange>) {
        for record_ref in self.rows.remove(&scope_id).unwrap_or_default() {
            if !self.rows.values().any(|rows| rows.contains(&record_ref)) {
                self.caseload.remove(record_ref);
            }
        }
        changes.push(RowChange::Forget(scope_id));
    }
}

/// Whether nothing is new but the number of answers and, within the same ten minutes, the lease.
fn only_moved_on(before: &Meta, after: &Meta) -> bool {
    const MARK_MS: i64 = 10 * 60 * 1000;
    let mark = |meta: &Meta| meta.lease.map(|lease| lease.renewed_at.unix_ms() / MARK_MS);
    mark(before) == mark(after) && Meta { generation: before.generation, lease: before.lease, ..after.clone() } == *before
}
