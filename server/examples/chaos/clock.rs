//! Clocks of devices, each wrong in its own way. The only place of the run that reads the real one.

use std::time::{SystemTime, UNIX_EPOCH};

use domain::DateTime;

use crate::chance::Chance;

/// Ten years, in milliseconds.
const FARTHEST_MS: i64 = 10 * 365 * 24 * 60 * 60 * 1_000;

/// A clock that is off by up to ten years and shows the time of some place on earth.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Clock {
    off_ms: i64,
    offset_min: i16,
}

impl Clock {
    /// One of two is right but for seconds, the other off by up to ten years.
    pub(crate) fn wrong(chance: &mut Chance) -> Self {
        let farthest_ms = if chance.per_mille(500) { 5_000 } else { FARTHEST_MS };
        let quarters = chance.between(-48, 56);
        Self { off_ms: chance.between(-farthest_ms, farthest_ms), offset_min: i16::try_from(quarters * 15).unwrap_or(0) }
    }

    /// What it shows.
    pub(crate) fn now(&self) -> DateTime {
        let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let right_ms = i64::try_from(since_1970.as_millis()).unwrap_or(i64::MAX);
        DateTime::from_unix_ms(right_ms.saturating_add(self.off_ms), self.offset_min)
    }
}
