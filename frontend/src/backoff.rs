//! When to try the server again. Pure: chance comes in as a number from 0 to 1.

/// How a round of syncing ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    UpToDate,
    /// Nobody answered, or somebody in between did.
    Offline,
    SignInNeeded,
    /// The worker signed in with a password, and the agency wants a passkey as well.
    PasskeyNeeded,
    UpdateNeeded,
    /// The server takes nothing from this device any more but what is sealed.
    Revoked,
    /// The device was reported as lost: it hands in everything, and then removes everything.
    Lost,
    /// The server, or this device's disk, could not do it now.
    Trouble {
        retry_after_ms: Option<u32>,
    },
    /// This tab is not the writer any more.
    NotTheWriter,
}

/// Counts failures in a row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Backoff {
    failures: u32,
}

impl Backoff {
    const FIRST_MS: u32 = 2_000;
    const LONGEST_MS: u32 = 60_000;
    const QUIET_MS: u32 = 30_000;
    const WITHOUT_SESSION_MS: u32 = 300_000;

    /// How long to wait after this outcome unless something happens before, in milliseconds. `chance` spreads devices apart.
    pub(crate) fn wait_ms(&mut self, outcome: Outcome, chance: f64) -> u32 {
        let spread = |base_ms: u32| base_ms + scaled(base_ms, chance);
        match outcome {
            Outcome::UpToDate => {
                self.failures = 0;
                spread(Self::QUIET_MS)
            }
            Outcome::SignInNeeded | Outcome::PasskeyNeeded | Outcome::UpdateNeeded | Outcome::Revoked | Outcome::NotTheWriter => {
                self.failures = 0;
                Self::WITHOUT_SESSION_MS
            }
            Outcome::Offline | Outcome::Lost => spread(self.doubled()),
            Outcome::Trouble { retry_after_ms } => spread(self.doubled()).max(retry_after_ms.unwrap_or(0)),
        }
    }

    fn doubled(&mut self) -> u32 {
        let wait_ms = Self::FIRST_MS.saturating_mul(1 << self.failures.min(10)).min(Self::LONGEST_MS);
        self.failures += 1;
        wait_ms
    }
}

fn scaled(base_ms: u32, chance: f64) -> u32 {
    (f64::from(base_ms) * chance.clamp(0.0, 1.0)) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quiet_rounds_come_every_30_to_60_seconds() {
        let mut backoff = Backoff::default();
        assert_eq!(backoff.wait_ms(Outcome::UpToDate, 0.0), 30_000);
        assert_eq!(backoff.wait_ms(Outcome::UpToDate, 1.0), 60_000);
    }

    #[test]
    fn failures_wait_longer_each_time_and_a_success_starts_over() {
        let mut backoff = Backoff::default();
        let waits: Vec<u32> = (0..7).map(|_| backoff.wait_ms(Outcome::Offline, 0.0)).collect();
        assert_eq!(waits, [2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000]);
        backoff.wait_ms(Outcome::UpToDate, 0.0);
        assert_eq!(backoff.wait_ms(Outcome::Offline, 0.0), 2_000);
    }

    #[test]
    fn the_server_may_ask_for_a_longer_wait_but_not_for_a_shorter_one() {
        let mut backoff = Backoff::default();
        assert_eq!(backoff.wait_ms(Outcome::Trouble { retry_after_ms: Some(90_000) }, 0.0), 90_000);
        assert_eq!(backoff.wait_ms(Outcome::Trouble { retry_after_ms: Some(1) }, 0.0), 4_000);
    }
}
