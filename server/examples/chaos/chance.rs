//! Where all choices of a run come from: one seed, from which everybody who chooses gets a line of numbers of their own.

use std::time::Duration;

use domain::DateTime;
use rand::{Rng, RngCore, SeedableRng, seq::IndexedRandom};
use rand_chacha::ChaCha8Rng;
use uuid::Uuid;

/// A source of choices.
pub(crate) struct Chance(ChaCha8Rng);

impl Chance {
    /// The line of numbers of `stream`: the same for the same seed, whatever the others do.
    pub(crate) fn new(seed: u64, stream: u64) -> Self {
        let mut line = ChaCha8Rng::seed_from_u64(seed);
        line.set_stream(stream);
        Self(line)
    }

    /// A line of its own for somebody who works beside this one.
    pub(crate) fn branch(&mut self) -> Self {
        Self(ChaCha8Rng::from_rng(&mut self.0))
    }

    /// True in so many of a thousand cases.
    pub(crate) fn per_mille(&mut self, cases: u32) -> bool {
        self.0.random_ratio(cases, 1_000)
    }

    /// A number from `low` to `high`, both of them possible.
    pub(crate) fn between(&mut self, low: i64, high: i64) -> i64 {
        self.0.random_range(low..=high)
    }

    /// A size or place from `low` to `high`, both of them possible.
    pub(crate) fn size(&mut self, low: usize, high: usize) -> usize {
        self.0.random_range(low..=high)
    }

    /// From 0 to 1.
    pub(crate) fn share(&mut self) -> f64 {
        self.0.random()
    }

    /// A time between two, in milliseconds.
    pub(crate) fn wait(&mut self, low_ms: u64, high_ms: u64) -> Duration {
        Duration::from_millis(self.0.random_range(low_ms..=high_ms))
    }

    /// One of the items; none where there are none.
    pub(crate) fn pick<'a, T>(&mut self, items: &'a [T]) -> Option<&'a T> {
        items.choose(&mut self.0)
    }

    /// One of the items, each as likely as its weight says.
    pub(crate) fn weighted<T: Copy>(&mut self, items: &[(T, u32)]) -> Option<T> {
        items.choose_weighted(&mut self.0, |(_, weight)| *weight).ok().map(|(item, _)| *item)
    }

    /// A UUIDv7 as a device with this clock makes it.
    pub(crate) fn id(&mut self, made_at: DateTime) -> Uuid {
        let mut random = [0; 10];
        self.0.fill_bytes(&mut random);
        uuid::Builder::from_unix_timestamp_millis(u64::try_from(made_at.unix_ms()).unwrap_or(0), &random).into_uuid()
    }
}
