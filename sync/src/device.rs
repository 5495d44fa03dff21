//! The device's half of the protocol: what it holds, what it sends next, and what an answer changes.
//!
//! Clone the [`Device`], call one method on the clone, persist what the returned [`Writes`] name in one strict transaction, and put the
//! clone in place of the original only when the disk has said yes. A page killed anywhere in between goes on from what is on disk.

mod identity;
mod lane;
mod pull;
mod push;

use std::{collections::BTreeMap, sync::Arc};

use domain::{Command, DateTime, DevicePolicy, Lease, ScopeId, Standing as LeaseStanding};
use serde::{Deserialize, Serialize};

pub use self::{
    lane::{Answer, DAMAGED, Lane, LaneWrites, Next, Parcel, Progress, Step},
    pull::Pulled,
};
use crate::wire::{DeviceId, GroupId, Held, IncarnationId, Keep, Mid, Mutation, PushResult};

/// What a device knows of itself; stored as one row.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Meta {
    pub device_id: DeviceId,
    /// What its worker calls it; empty on devices that were set up before they were asked.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub label: String,
    /// The server knows `device_id`.
    pub registered: bool,
    /// Moves on with every pull that is applied and with every new identity; an answer to an older one is stale.
    pub generation: u64,
    /// The life of the server's database that receipts and scopes belong to.
    pub incarnation: Option<IncarnationId>,
    pub next_seq: u64,
    /// Everything up to here would survive the loss of the server.
    pub safe_seq: u64,
    /// What is held of each scope.
    pub scopes: BTreeMap<ScopeId, Held>,
    /// Which of them may be kept less freely than on disk for the whole lease.
    #[serde(default)]
    pub kept: BTreeMap<ScopeId, Keep>,
    /// Until when all of this may be shown; absent until the first contact.
    #[serde(default)]
    pub lease: Option<Lease>,
    #[serde(default)]
    pub policy: DevicePolicy,
}

impl Meta {
    /// Whether the rows of a scope may be written to disk.
    pub fn may_be_on_disk(&self, scope_id: ScopeId) -> bool {
        self.policy.offline_storage && self.kept.get(&scope_id) != Some(&Keep::Memory)
    }

    /// What may be shown at `now`, by the device's clock. Before the first contact there is nothing to show.
    pub fn standing(&self, now: DateTime) -> LeaseStanding {
        self.lease.map_or(LeaseStanding::Ended, |lease| lease.standing(&self.policy, now))
    }

    /// The scopes whose records may not be shown at `now`.
    pub fn closed_scopes(&self, now: DateTime) -> Vec<ScopeId> {
        match self.standing(now) {
            LeaseStanding::Good { .. } => Vec::new(),
            LeaseStanding::RestrictedEnded { .. } => {
                self.kept.iter().filter(|(_, keep)| **keep == Keep::Restricted).map(|(scope_id, _)| *scope_id).collect()
            }
            LeaseStanding::Ended => self.scopes.keys().copied().collect(),
        }
    }
}

/// One mutation in the outbox with what the server said of it; stored as one row a `seq`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Entry {
    pub mutation: Mutation,
    /// The last final receipt; absent while it has to be sent.
    pub receipt: Option<PushResult>,
}

impl Entry {
    /// The server holds the effect or the text.
    pub fn is_received(&self) -> bool {
        self.receipt.as_ref().is_some_and(|receipt| receipt.status.is_terminal())
    }

    /// The server holds the text, and nothing comes of it until a person decides.
    pub fn needs_person(&self) -> bool {
        self.receipt.as_ref().is_some_and(|receipt| receipt.status.needs_person())
    }
}

/// A command that was just given, before it has its place in the outbox.
#[derive(Clone, Debug)]
pub struct NewMutation {
    pub mid: Mid,
    /// Neighbours with the same group are applied together or not at all.
    pub group_id: Option<GroupId>,
    pub scope_id: ScopeId,
    pub command: Command,
    pub recorded_at: DateTime,
    pub app_build: String,
}

/// What a change wants persisted, all in one transaction.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Writes {
    /// The row of [`Meta`].
    pub meta: bool,
    /// Entries to be written, by `seq`; never one of `drop`.
    pub put: Vec<u64>,
    /// Entries to be deleted, by `seq`.
    pub drop: Vec<u64>,
}

impl Writes {
    pub fn is_empty(&self) -> bool {
        !self.meta && self.put.is_empty() && self.drop.is_empty()
    }

    fn put(&mut self, seq: u64) {
        if !self.put.contains(&seq) {
            self.put.push(seq);
        }
    }
}

/// Where an entry is, as far as the device knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// On this device and nowhere else, as far as it knows.
    Saved,
    /// The server has it.
    Received,
    /// The server has it, and it would survive the loss of the server.
    Safe,
    /// The server keeps the text, but a person must look at it.
    NeedsPerson,
}

/// The outbox, the vector of scopes and the identity of one installation.
#[derive(Clone, Debug)]
pub struct Device {
    meta: Meta,
    entries: BTreeMap<u64, Arc<Entry>>,
    /// Not stored: how much one push carries, smaller after the server or something before it found one too large.
    batch: push::Batch,
}

impl Device {
    /// A device that holds nothing and is not known to the server.
    pub fn new(device_id: DeviceId) -> Self {
        let meta = Meta {
            device_id,
            label: String::new(),
            registered: false,
            generation: 0,
            incarnation: None,
            next_seq: 1,
            safe_seq: 0,
            scopes: BTreeMap::new(),
            kept: BTreeMap::new(),
            lease: None,
            policy: DevicePolicy::default(),
        };
        Self { meta, entries: BTreeMap::new(), batch: push::Batch::default() }
    }

    /// Notes what time it is by the device's clock: one that is set back later gains no time. Worth keeping every now and then.
    pub fn see(&mut self, now: DateTime) -> Writes {
        let seen = self.meta.lease.map(|lease| lease.seen(now));
        let moved_on = seen != self.meta.lease;
        self.meta.lease = seen;
        Writes { meta: moved_on, ..Writes::default() }
    }

    /// The device as it was persisted.
    pub fn restore(mut meta: Meta, entries: Vec<Entry>) -> Self {
        let entries: BTreeMap<u64, Arc<Entry>> = entries.into_iter().map(|entry| (entry.mutation.seq, Arc::new(entry))).collect();
        let after_last = entries.last_key_value().map_or(1, |(seq, _)| seq + 1);
        meta.next_seq = meta.next_seq.max(after_last);
        // What was in a page's memory only went with the page.
        let Meta { scopes, kept, .. } = &mut meta;
        kept.retain(|scope_id, keep| {
            let stays = *keep != Keep::Memory;
            if !stays {
                scopes.remove(scope_id);
            }
            stays
        });
        Self { meta, entries, batch: push::Batch::default() }
    }

    pub fn meta(&self) -> &Meta {
        &self.meta
    }

    pub fn entry(&self, seq: u64) -> Option<&Entry> {
        self.entries.get(&seq).map(Arc::as_ref)
    }

    /// Everything in the outbox, oldest first.
    pub fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.entries.values().map(Arc::as_ref)
    }

    /// How many entries the server has not confirmed.
    pub fn unsent(&self) -> usize {
        self.entries().filter(|entry| !entry.is_received()).count()
    }

    /// Takes commands into the outbox, in order.
    pub fn save(&mut self, new: Vec<NewMutation>) -> Writes {
        let mutation = |new: NewMutation| {
            let (kind, v, body) = Mutation::wrap(&new.command);
            Mutation {
                mid: new.mid,
                seq: 0,
                group_id: new.group_id,
                kind: kind.to_owned(),
                v,
                scope_id: new.scope_id,
                entity_id: new.command.entity_id(),
                recorded_at: new.recorded_at,
                app_build: new.app_build,
                body,
            }
        };
        self.append(new.into_iter().map(mutation))
    }

    /// Takes what was written without the outbox into it, in order: all of it stays as it was, only its place is new. What is there already
    /// is left out.
    pub fn adopt(&mut self, written: Vec<Mutation>) -> Writes {
        let new: Vec<Mutation> = written.into_iter().filter(|mutation| !self.holds(mutation.mid)).collect();
        if new.is_empty() {
            return Writes::default();
        }
        self.append(new)
    }

    fn holds(&self, mid: Mid) -> bool {
        self.entries().any(|entry| entry.mutation.mid == mid)
    }

    fn append(&mut self, new: impl IntoIterator<Item = Mutation>) -> Writes {
        let mut writes = Writes { meta: true, ..Writes::default() };
        for mutation in new {
            let seq = self.meta.next_seq;
            self.meta.next_seq += 1;
            self.entries.insert(seq, Arc::new(Entry { mutation: Mutation { seq, ..mutation }, receipt: None }));
            writes.put(seq);
        }
        writes
    }

    /// The entries whose effect is shown on top of the pulled records: all but those that wait for a person.
    pub fn overlay(&self) -> impl Iterator<Item = &Entry> {
        self.entries().filter(|entry| !entry.needs_person())
    }

    /// Where an entry is. That it is being sent at this moment only the caller knows.
    pub fn standing(&self, entry: &Entry) -> Standing {
        match () {
            () if entry.needs_person() => Standing::NeedsPerson,
            () if !entry.is_received() => Standing::Saved,
            () if entry.mutation.seq <= self.meta.safe_seq => Standing::Safe,
            () => Standing::Received,
        }
    }

    /// Takes an entry that waited for a person out of the outbox. Does nothing unless the server's copy is safe.
    pub fn dismiss(&mut self, seq: u64) -> Writes {
        let may_go = self.entry(seq).is_some_and(Entry::needs_person) && seq <= self.meta.safe_seq;
        if !may_go {
            return Writes::default();
        }
        self.entries.remove(&seq);
        Writes { drop: vec![seq], ..Writes::default() }
    }

    /// Changes an entry in place and notes that it has to be written.
    fn set_receipt(&mut self, seq: u64, receipt: Option<PushResult>, writes: &mut Writes) {
        let Some(entry) = self.entries.get_mut(&seq) else { return };
        if entry.receipt != receipt {
            Arc::make_mut(entry).receipt = receipt;
            writes.put(seq);
        }
    }
}

#[cfg(test)]
#[path = "device_tests.rs"]
mod tests;
