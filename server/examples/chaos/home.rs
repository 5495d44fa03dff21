//! A simulated device as it is between two pages: its disk, its owner, and what others may know of it.

use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicU64, Ordering},
};

use sync::device::{Device, Entry, Standing};

use crate::{disk::Disk, exchange::Outcome, http::Line, ledger::Ledger, weather::Weather, world::Account};

/// What stays when a page is killed.
pub(crate) struct Home {
    pub(crate) number: usize,
    pub(crate) owner: Account,
    /// How many notes are to be written here.
    pub(crate) quota: u64,
    pub(crate) disk: Disk,
    pub(crate) line: Line,
    pub(crate) ledger: Arc<Ledger>,
    pub(crate) weather: Arc<Weather>,
    pub(crate) gauge: Gauge,
}

/// What can be read off a device from outside.
#[derive(Default)]
pub(crate) struct Gauge {
    /// Notes that its disk said yes to.
    pub(crate) written: AtomicU64,
    /// Rounds of syncing that came to their end.
    pub(crate) rounds: AtomicU64,
    levels: Mutex<Levels>,
}

/// What a device's outbox holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Levels {
    pub(crate) outbox: usize,
    /// Without a receipt.
    pub(crate) unsent: usize,
    /// With a receipt, and not safe yet.
    pub(crate) unsafe_yet: usize,
    pub(crate) needs_person: usize,
    pub(crate) safe_seq: u64,
    pub(crate) registered: bool,
    /// How the last round ended.
    pub(crate) last: Option<Outcome>,
}

impl Home {
    /// Reads the levels of the device as it is now.
    pub(crate) fn read_gauge(&self, device: &Device) {
        let count = |standing| device.entries().filter(|entry: &&Entry| device.standing(entry) == standing).count();
        let mut levels = self.levels();
        levels.outbox = device.entries().count();
        levels.unsent = device.unsent();
        levels.unsafe_yet = count(Standing::Received);
        levels.needs_person = count(Standing::NeedsPerson);
        levels.safe_seq = device.meta().safe_seq;
        levels.registered = device.meta().registered;
        *self.gauge.levels.lock().unwrap_or_else(PoisonError::into_inner) = levels;
    }

    /// Notes how a round ended.
    pub(crate) fn note_round(&self, outcome: Outcome) {
        self.gauge.levels.lock().unwrap_or_else(PoisonError::into_inner).last = Some(outcome);
        if outcome == Outcome::UpToDate {
            self.gauge.rounds.fetch_add(1, Ordering::Relaxed);
        }
    }

    pub(crate) fn levels(&self) -> Levels {
        *self.gauge.levels.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn written(&self) -> u64 {
        self.gauge.written.load(Ordering::Relaxed)
    }

    pub(crate) fn rounds(&self) -> u64 {
        self.gauge.rounds.load(Ordering::Relaxed)
    }
}
