//! Who the device is to the server, and when what it believed has to be doubted.

use std::{collections::BTreeMap, mem, sync::Arc};

use super::{Device, Writes};
use crate::wire::{DeviceId, Held, IncarnationId};

impl Device {
    /// The server has answered `POST /sync/v1/devices`.
    pub fn mark_registered(&mut self) -> Writes {
        self.meta.registered = true;
        Writes { meta: true, ..Writes::default() }
    }

    /// Its worker gives it a name, which goes along at the next registration.
    pub fn name(&mut self, label: String) -> Writes {
        self.meta.label = label;
        Writes { meta: true, ..Writes::default() }
    }

    /// The server does not know this device (any more): it has to be registered, and everything held is sent again.
    pub(super) fn unknown_to_server(&mut self) -> Writes {
        let mut writes = Writes { meta: true, ..Writes::default() };
        self.meta.registered = false;
        self.doubt_beyond(0, &mut writes);
        writes
    }

    /// Takes a new identity: everything held gets a new place, from 1, in the old order, and is sent again under its old `mid`.
    /// The server answers for those it knows and applies the others.
    pub(super) fn take_identity(&mut self, fresh: DeviceId) -> Writes {
        let held = mem::take(&mut self.entries);
        let before: Vec<u64> = held.keys().copied().collect();
        self.entries = (1..)
            .zip(held.into_values())
            .map(|(seq, entry)| {
                let mut entry = Arc::unwrap_or_clone(entry);
                entry.mutation.seq = seq;
                entry.receipt = None;
                (seq, Arc::new(entry))
            })
            .collect::<BTreeMap<_, _>>();
        self.meta.device_id = fresh;
        self.meta.registered = false;
        // An answer to a pull that is still on its way speaks of the old identity's numbers.
        self.meta.generation += 1;
        self.meta.next_seq = self.entries.len() as u64 + 1;
        self.meta.safe_seq = 0;
        let drop = before.into_iter().filter(|seq| !self.entries.contains_key(seq)).collect();
        Writes { meta: true, put: self.entries.keys().copied().collect(), drop }
    }

    /// Notes which life of the server's database answers. In another life no receipt and no head of a scope can be relied on.
    pub(super) fn meet(&mut self, incarnation: IncarnationId, writes: &mut Writes) {
        let known = self.meta.incarnation.replace(incarnation);
        if known == Some(incarnation) {
            return;
        }
        writes.meta = true;
        if known.is_some() {
            self.doubt_beyond(0, writes);
            self.meta.generation += 1;
            self.meta.scopes.values_mut().for_each(|held| *held = Held::WORTHLESS);
        }
    }

    /// Compares the server's count of this device with its own.
    ///
    /// A server that counts further than the device ever did has heard from a copy of it: go on from there, and send everything held
    /// again, so that the server can compare each `mid`.
    pub(super) fn compare_count(&mut self, device_last_seq: u64, writes: &mut Writes) {
        if device_last_seq < self.meta.next_seq {
            self.doubt_beyond(device_last_seq, writes);
        } else {
            self.doubt_beyond(0, writes);
            self.meta.next_seq = device_last_seq.saturating_add(1);
            writes.meta = true;
        }
    }

    /// Takes back the receipts that the server, by its own count, cannot have given: they are sent again.
    pub(super) fn doubt_beyond(&mut self, device_last_seq: u64, writes: &mut Writes) {
        let doubted: Vec<u64> = self.entries.range(device_last_seq.saturating_add(1)..).map(|(seq, _)| *seq).collect();
        for seq in doubted {
            self.set_receipt(seq, None, writes);
        }
        if self.meta.safe_seq > device_last_seq {
            self.meta.safe_seq = device_last_seq;
            writes.meta = true;
        }
    }

    /// Notes how far the server's copy is safe, which is never further than it goes.
    pub(super) fn trust(&mut self, safe_seq: u64, device_last_seq: u64, writes: &mut Writes) {
        let safe_seq = self.meta.safe_seq.max(safe_seq).min(device_last_seq);
        if safe_seq != self.meta.safe_seq {
            self.meta.safe_seq = safe_seq;
            writes.meta = true;
        }
    }
}
