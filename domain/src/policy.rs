//! What an agency allows its devices: how long they may be without contact, and when they lock.

use serde::{Deserialize, Serialize};

use crate::DateTime;

/// An agency's rules for devices. They travel with every answer to a pull.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DevicePolicy {
    /// Devices may keep a sealed caseload; otherwise everything lives in a page's memory.
    pub offline_storage: bool,
    /// How long a caseload may be read without contact with the server.
    pub lease_hours: u16,
    /// The same for restricted compartments.
    pub restricted_lease_hours: u16,
    /// Locks after so long without a touch or a key.
    pub lock_after_idle_min: u16,
    /// Locks when the app was out of sight for longer.
    pub lock_after_hidden_s: u16,
}

impl Default for DevicePolicy {
    fn default() -> Self {
        Self { offline_storage: true, lease_hours: 72, restricted_lease_hours: 24, lock_after_idle_min: 5, lock_after_hidden_s: 60 }
    }
}

/// Until when a device may show what it keeps, as of its last contact. It is the app that keeps to it: no cryptography can measure time
/// without a network (docs/security.md).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lease {
    /// The server's clock at the last contact.
    pub renewed_at: DateTime,
    /// How far the device's clock was ahead of the server's then, in milliseconds.
    pub ahead_ms: i64,
    /// The latest moment that this device has seen, by the server's clock: one that is set back gains no time.
    pub seen_at: DateTime,
}

/// What may be read now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Everything, for so many more minutes.
    Good {
        left_min: i64,
    },
    /// Restricted compartments are closed; the rest is open for so many more minutes.
    RestrictedEnded {
        left_min: i64,
    },
    Ended,
}

impl Lease {
    /// The lease that an answer of the server begins, which reached the device at `now`.
    pub fn renew(server_time: DateTime, now: DateTime) -> Self {
        Self { renewed_at: server_time, ahead_ms: now.unix_ms() - server_time.unix_ms(), seen_at: server_time }
    }

    /// Notes what time it is, so that a clock that is set back later is noticed.
    #[must_use]
    pub fn seen(self, now: DateTime) -> Self {
        Self { seen_at: self.seen_at.max(self.by_server(now)), ..self }
    }

    /// What may be read at `now`, by the device's clock.
    pub fn standing(&self, policy: &DevicePolicy, now: DateTime) -> Standing {
        let now = self.by_server(now).max(self.seen_at);
        let left = |hours: u16| self.renewed_at.unix_ms() + i64::from(hours) * 3_600_000 - now.unix_ms();
        let (left_ms, restricted_ms) = (left(policy.lease_hours), left(policy.restricted_lease_hours));
        let left_min = left_ms / 60_000;
        match () {
            () if left_ms <= 0 => Standing::Ended,
            () if restricted_ms <= 0 => Standing::RestrictedEnded { left_min },
            () => Standing::Good { left_min },
        }
    }

    fn by_server(&self, now: DateTime) -> DateTime {
        DateTime::from_unix_ms(now.unix_ms() - self.ahead_ms, now.offset_min())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minutes: i64) -> DateTime {
        DateTime::from_unix_ms(1_790_000_000_000, 0).plus_minutes(minutes)
    }

    #[test]
    fn a_lease_runs_out_in_two_steps() {
        let (lease, policy) = (Lease::renew(at(0), at(0)), DevicePolicy::default());
        assert_eq!(lease.standing(&policy, at(60)), Standing::Good { left_min: 71 * 60 });
        assert_eq!(lease.standing(&policy, at(24 * 60)), Standing::RestrictedEnded { left_min: 48 * 60 });
        assert_eq!(lease.standing(&policy, at(72 * 60)), Standing::Ended);
    }

    #[test]
    fn a_wrong_clock_is_no_shorter_and_no_longer_lease() {
        let policy = DevicePolicy::default();
        for years in [-10, 10] {
            let off = years * 365 * 24 * 60;
            let lease = Lease::renew(at(0), at(off));
            assert_eq!(lease.standing(&policy, at(off + 60)), Standing::Good { left_min: 71 * 60 });
            assert_eq!(lease.standing(&policy, at(off + 72 * 60)), Standing::Ended);
        }
    }

    #[test]
    fn a_clock_that_is_set_back_gains_no_time() {
        let policy = DevicePolicy::default();
        let lease = Lease::renew(at(0), at(0)).seen(at(71 * 60));
        assert_eq!(lease.standing(&policy, at(10)), Standing::RestrictedEnded { left_min: 60 });
        assert_eq!(lease.seen(at(73 * 60)).standing(&policy, at(10)), Standing::Ended);
    }
}
