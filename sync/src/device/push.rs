//! Sending: which entries go next, and what an answer or a refusal means for them.

use super::{Device, Entry, Writes};
use crate::wire::{DeviceId, MAX_BATCH, MAX_BODY_BYTES, Problem, ProblemCode, PushRequest, PushResponse};

/// How much one push carries at most.
#[derive(Clone, Copy, Debug)]
pub(super) struct Batch {
    count: usize,
    bytes: usize,
}

impl Default for Batch {
    fn default() -> Self {
        Self { count: MAX_BATCH, bytes: MAX_BODY_BYTES / 4 }
    }
}

impl Batch {
    #[cfg(test)]
    pub(super) fn of(count: usize) -> Self {
        Self { count, ..Self::default() }
    }

    fn halve(&mut self) {
        self.count = (self.count / 2).max(1);
        self.bytes = (self.bytes / 2).max(1);
    }
}

impl Device {
    /// What to send next: entries without a receipt, in order and without a gap, never part of a group.
    /// Nothing while the device is not registered.
    ///
    /// After an answer, ask again at once only if [`Device::unsent`] went down or [`Device::meta`] has a new identity; otherwise wait a while.
    pub fn next_push(&self) -> Option<PushRequest> {
        if !self.meta.registered {
            return None;
        }
        let unsent: Vec<&Entry> = self.next_run().collect();
        let mut taken = 0;
        let mut bytes = 0;
        for group in unsent.chunk_by(|a, b| a.mutation.group_id.is_some() && a.mutation.group_id == b.mutation.group_id) {
            bytes += group.iter().map(|entry| size_bytes(entry)).sum::<usize>();
            let fits = taken + group.len() <= self.batch.count && bytes <= self.batch.bytes;
            if taken > 0 && !fits {
                break;
            }
            taken += group.len();
        }
        let mutations = unsent.into_iter().take(taken).map(|entry| entry.mutation.clone()).collect::<Vec<_>>();
        (!mutations.is_empty()).then_some(PushRequest { device_id: self.meta.device_id, mutations })
    }

    /// The first entries without a receipt whose numbers follow each other.
    fn next_run(&self) -> impl Iterator<Item = &Entry> {
        let mut expected = None;
        self.entries().skip_while(|entry| entry.is_received()).take(MAX_BATCH * 2).take_while(move |entry| {
            let follows = expected.is_none_or(|seq| entry.mutation.seq == seq);
            expected = Some(entry.mutation.seq + 1);
            follows && !entry.is_received()
        })
    }

    /// Takes the receipts of an answer. A word that this build does not know is no receipt, and nothing leaves the outbox here:
    /// it stays until a pull has brought its effect.
    pub fn pushed(&mut self, request: &PushRequest, response: &PushResponse) -> Writes {
        let mut writes = Writes::default();
        if request.device_id != self.meta.device_id {
            return writes;
        }
        self.meet(response.incarnation, &mut writes);
        for result in response.results.iter().filter(|result| result.status.is_terminal()) {
            let asked = request.mutations.iter().any(|mutation| mutation.seq == result.seq && mutation.mid == result.mid);
            let held = self.entry(result.seq).is_some_and(|entry| entry.mutation.mid == result.mid);
            if asked && held {
                self.set_receipt(result.seq, Some(result.clone()), &mut writes);
            }
        }
        self.compare_count(response.device_last_seq, &mut writes);
        self.trust(response.safe_seq, response.device_last_seq, &mut writes);
        writes
    }

    /// The server, or something before it, refused the whole request. Whatever it says, every entry stays.
    ///
    /// `fresh` is the identity to take where the old one cannot be used any more.
    pub fn push_refused(&mut self, problem: &Problem, fresh: DeviceId) -> Writes {
        match problem.code {
            ProblemCode::DeviceForked => self.take_identity(fresh),
            ProblemCode::SeqGap => match problem.expected {
                Some(expected) if self.entries.contains_key(&expected) => {
                    let mut writes = Writes::default();
                    self.doubt_beyond(expected - 1, &mut writes);
                    writes
                }
                _ => self.take_identity(fresh),
            },
            ProblemCode::DeviceUnknown => self.unknown_to_server(),
            ProblemCode::TooLarge => {
                self.batch.halve();
                Writes::default()
            }
            ProblemCode::SignInNeeded
            | ProblemCode::WrongPassword
            | ProblemCode::TooManyTries
            | ProblemCode::CrossSite
            | ProblemCode::NotFound
            | ProblemCode::Malformed
            | ProblemCode::DeviceRevoked
            | ProblemCode::NotAllowed
            | ProblemCode::StepUpNeeded
            | ProblemCode::UpgradeRequired
            | ProblemCode::Unavailable
            | ProblemCode::Unknown => Writes::default(),
        }
    }
}

/// About what an entry takes in a request, in bytes of JSON.
fn size_bytes(entry: &Entry) -> usize {
    const ENVELOPE: usize = 400;
    ENVELOPE + entry.mutation.app_build.len() + entry.mutation.body.get().len()
}
