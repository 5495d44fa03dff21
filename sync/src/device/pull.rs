//! Fetching: what to ask for, and whether an answer still counts.

use domain::{DateTime, Lease, ScopeId};

use super::{Device, Entry, Writes};
use crate::wire::{Held, Keep, Problem, ProblemCode, PullRequest, PullResponse};

/// What to do with the answer to a pull.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pulled {
    /// It answers a question from before something else changed: ignore it whole and ask again.
    Stale,
    /// Drop the rows of `forget` first, then put in the answer's records, then persist `writes`: all in one transaction.
    Fresh { writes: Writes, forget: Vec<ScopeId> },
}

impl Device {
    /// What to ask for next.
    pub fn next_pull(&self, first: Option<ScopeId>, limit_bytes: u32) -> PullRequest {
        PullRequest {
            device_id: self.meta.registered.then_some(self.meta.device_id),
            generation: self.meta.generation,
            incarnation: self.meta.incarnation,
            scopes: self.meta.scopes.clone(),
            first,
            limit_bytes,
        }
    }

    /// Takes the answer to a pull. Entries leave the outbox only here: when their receipt is final, nobody has to look at them,
    /// the server's copy is safe, and the records that they made are here.
    ///
    /// `now` is the device's clock: the lease begins anew.
    pub fn pulled(&mut self, response: &PullResponse, now: DateTime) -> Pulled {
        if response.generation != self.meta.generation {
            return Pulled::Stale;
        }
        let mut writes = Writes { meta: true, ..Writes::default() };
        self.meet(response.incarnation, &mut writes);
        for scope_id in &response.forget {
            self.meta.scopes.remove(scope_id);
            self.meta.kept.remove(scope_id);
        }
        for delta in &response.scopes {
            self.meta.scopes.insert(delta.scope_id, Held { epoch: delta.epoch, head: delta.through });
            match delta.keep {
                Keep::Disk => drop(self.meta.kept.remove(&delta.scope_id)),
                keep => drop(self.meta.kept.insert(delta.scope_id, keep)),
            }
        }
        self.meta.policy = response.policy;
        self.meta.lease = Some(Lease::renew(response.server_time, now));
        if let Some(device_last_seq) = response.device_last_seq {
            self.compare_count(device_last_seq, &mut writes);
            self.trust(response.safe_seq, device_last_seq, &mut writes);
            if !response.more {
                self.drop_what_is_safe(&mut writes);
            }
        }
        self.meta.generation += 1;
        Pulled::Fresh { writes, forget: response.forget.clone() }
    }

    /// The server refused a pull. What is held stays.
    pub fn pull_refused(&mut self, problem: &Problem) -> Writes {
        match problem.code {
            ProblemCode::DeviceUnknown => self.unknown_to_server(),
            _ => Writes::default(),
        }
    }

    fn drop_what_is_safe(&mut self, writes: &mut Writes) {
        let may_go = |entry: &Entry| entry.is_received() && !entry.needs_person();
        let safe = self.entries.range(..=self.meta.safe_seq).filter(|(_, entry)| may_go(entry));
        writes.drop = safe.map(|(seq, _)| *seq).collect();
        for seq in &writes.drop {
            self.entries.remove(seq);
        }
        writes.put.retain(|seq| !writes.drop.contains(seq));
    }
}
