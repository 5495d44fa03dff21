//! How much work a passphrase is put through, and what fits a device. Pure.

use serde::{Deserialize, Serialize};

/// The cost of Argon2id (version 0x13, one lane).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Cost {
    pub(crate) memory_kib: u32,
    pub(crate) passes: u32,
}

/// The costs that are tried, the dearest first; each is at least what OWASP asks for.
const COSTS: [Cost; 4] = [
    Cost { memory_kib: 64 * 1024, passes: 3 },
    Cost { memory_kib: 64 * 1024, passes: 2 },
    Cost { memory_kib: 64 * 1024, passes: 1 },
    Cost { memory_kib: 46 * 1024, passes: 1 },
];

impl Cost {
    /// What is tried first.
    pub(crate) const DEFAULT: Self = COSTS[0];

    /// For devices that are too slow for more, or have no memory for it.
    pub(crate) const SMALLEST: Self = COSTS[COSTS.len() - 1];

    /// For devices that have no memory even for [`Cost::SMALLEST`]; by OWASP's table it is as good.
    pub(crate) const LEAST_MEMORY: Self = Self { memory_kib: 19 * 1024, passes: 2 };

    /// An unlock shorter than this could afford a harder derivation, in milliseconds.
    const SHORT_MS: f64 = 300.0;

    /// An unlock longer than this would drive people to leave the app open, in milliseconds.
    const LONG_MS: f64 = 1_000.0;

    /// The most passes that a fast device makes.
    const MOST_PASSES: f64 = 12.0;

    /// The cost that fits a device on which this one took `took_ms`; the same if it fits already.
    pub(crate) fn fitted(self, took_ms: f64) -> Self {
        let per_unit_ms = took_ms / self.units();
        if took_ms < Self::SHORT_MS && self == Self::DEFAULT {
            let passes = (Self::SHORT_MS / (per_unit_ms * f64::from(self.memory_kib))).ceil();
            return Self { passes: passes.clamp(f64::from(self.passes), Self::MOST_PASSES) as u32, ..self };
        }
        if took_ms <= Self::LONG_MS {
            return self;
        }
        let affordable = |cost: &&Self| cost.units() <= self.units() && cost.units() * per_unit_ms <= Self::LONG_MS;
        *COSTS.iter().find(affordable).unwrap_or(&Self::SMALLEST)
    }

    fn units(self) -> f64 {
        f64::from(self.memory_kib) * f64::from(self.passes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cost_follows_the_device() {
        assert_eq!(Cost::DEFAULT.fitted(600.0), Cost::DEFAULT);
        assert_eq!(Cost::DEFAULT.fitted(1_400.0), Cost { memory_kib: 64 * 1024, passes: 2 });
        assert_eq!(Cost::DEFAULT.fitted(2_500.0), Cost { memory_kib: 64 * 1024, passes: 1 });
        assert_eq!(Cost::DEFAULT.fitted(30_000.0), Cost::SMALLEST);
        assert_eq!(Cost::DEFAULT.fitted(100.0), Cost { memory_kib: 64 * 1024, passes: 9 });
        assert_eq!(Cost::SMALLEST.fitted(50.0), Cost::SMALLEST);
    }

    #[test]
    fn what_is_chosen_takes_between_a_third_of_a_second_and_one() {
        for per_pass_ms in [10, 40, 99, 150, 300, 333, 420, 800, 1_000] {
            let took_ms = 3.0 * f64::from(per_pass_ms);
            let chosen = Cost::DEFAULT.fitted(took_ms);
            let takes_ms = chosen.units() * took_ms / Cost::DEFAULT.units();
            let is_as_hard_as_allowed = chosen.passes == 12;
            assert!(takes_ms <= 1_000.0 && (takes_ms >= 300.0 || is_as_hard_as_allowed), "{per_pass_ms} ms a pass: {chosen:?}");
        }
    }
}
