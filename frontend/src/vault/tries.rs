//! How many wrong passphrases were tried, and what that means. Pure: it is told what time it is.

use serde::{Deserialize, Serialize};

/// Tries since the device was opened last. It stands on disk, so a new page does not begin anew.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Tries {
    /// Every try counts as wrong from before it is checked until it proved right: killing the page in between gains nothing.
    pub(crate) wrong: u32,
    /// When the last one was made, by the device's clock.
    pub(crate) last_ms: i64,
    /// There were too many: the keys of the caseload are gone, and it is fetched anew.
    #[serde(default)]
    pub(crate) destroyed: bool,
}

impl Tries {
    /// So many may be wrong without a wait.
    const FREE: u32 = 5;

    /// After so many the keys of the caseload are destroyed.
    pub(crate) const MOST: u32 = 10;

    /// The wait after [`Tries::FREE`]; it doubles with each further try.
    const FIRST_WAIT_MS: i64 = 30_000;

    /// Counts one more, made at `now_ms`.
    #[must_use]
    pub(crate) fn one_more(self, now_ms: i64) -> Self {
        Self { wrong: self.wrong + 1, last_ms: now_ms, ..self }
    }

    /// How long the next try has to wait, in milliseconds.
    pub(crate) fn wait_ms(self, now_ms: i64) -> i64 {
        if self.wrong < Self::FREE {
            return 0;
        }
        let wait_ms = Self::FIRST_WAIT_MS << (self.wrong - Self::FREE).min(Self::MOST);
        // A clock that was set back makes nobody wait longer than a full turn.
        (self.last_ms + wait_ms - now_ms).clamp(0, wait_ms)
    }

    /// The same, with a last try that does not lie in the future of a clock that was set back: otherwise the wait would never end.
    #[must_use]
    pub(crate) fn at(self, now_ms: i64) -> Self {
        Self { last_ms: self.last_ms.min(now_ms), ..self }
    }

    /// Whether no passphrase is taken any more until the worker has signed in.
    pub(crate) fn are_over(self) -> bool {
        self.wrong >= Self::MOST
    }

    /// The worker signed in: the passphrase may be tried again. What was destroyed stays destroyed.
    #[must_use]
    pub(crate) fn forgiven(self) -> Self {
        Self { wrong: 0, last_ms: 0, ..self }
    }

    pub(crate) fn to_json(self) -> String {
        serde_json::to_string(&self).expect("a count is plain data")
    }

    /// Reads what [`Tries::to_json`] wrote. What cannot be read was tampered with and counts as all of them.
    pub(crate) fn parse(json: &str) -> Self {
        let tampered = Self { wrong: Self::MOST, last_ms: 0, destroyed: false };
        serde_json::from_slice(json.as_bytes()).unwrap_or(tampered)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_790_000_000_000;

    fn after(wrong: u32) -> Tries {
        (0..wrong).fold(Tries::default(), |tries, _| tries.one_more(NOW))
    }

    #[test]
    fn four_tries_are_free_and_the_wait_doubles_from_then_on() {
        assert_eq!(after(4).wait_ms(NOW), 0);
        let waits: Vec<i64> = (5..10).map(|wrong| after(wrong).wait_ms(NOW) / 1_000).collect();
        assert_eq!(waits, [30, 60, 120, 240, 480]);
        assert_eq!(after(6).wait_ms(NOW + 59_000), 1_000);
        assert_eq!(after(6).wait_ms(NOW + 60_000), 0);
    }

    #[test]
    fn the_tenth_is_the_last_until_the_worker_signs_in() {
        assert!(!after(9).are_over());
        assert!(after(10).are_over());
        let forgiven = Tries { destroyed: true, ..after(10) }.forgiven();
        assert!(!forgiven.are_over());
        assert!(forgiven.destroyed);
        assert_eq!(forgiven.wait_ms(NOW), 0);
    }

    #[test]
    fn a_clock_that_was_set_back_does_not_lock_anybody_out_for_years() {
        let early = NOW - 10 * 365 * 24 * 3_600_000;
        assert_eq!(after(5).wait_ms(early), 30_000);
        assert_eq!(after(5).at(early).wait_ms(early + 30_000), 0);
    }

    #[test]
    fn a_count_that_was_tampered_with_counts_as_all_of_them() {
        assert!(Tries::parse("nothing").are_over());
        assert_eq!(Tries::parse(&after(3).to_json()), after(3));
    }
}
