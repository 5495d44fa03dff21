//! Whether faults happen now, and how many happened. Everybody who makes faults asks here first.

use std::{
    collections::BTreeMap,
    fmt,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

/// Rough until somebody calls for calm.
#[derive(Default)]
pub(crate) struct Weather {
    calm: AtomicBool,
    faults: Mutex<BTreeMap<&'static str, u64>>,
}

impl Weather {
    pub(crate) fn is_calm(&self) -> bool {
        self.calm.load(Ordering::Relaxed)
    }

    /// From here on nobody makes a fault any more.
    pub(crate) fn calm_down(&self) {
        self.calm.store(true, Ordering::Relaxed);
    }

    /// Notes one fault of a kind.
    pub(crate) fn count(&self, kind: &'static str) {
        *self.faults.lock().unwrap_or_else(PoisonError::into_inner).entry(kind).or_default() += 1;
    }

    /// Those of `kinds` that never happened.
    pub(crate) fn missing(&self, kinds: &[&'static str]) -> Vec<&'static str> {
        let faults = self.faults.lock().unwrap_or_else(PoisonError::into_inner);
        kinds.iter().filter(|kind| !faults.contains_key(*kind)).copied().collect()
    }
}

impl fmt::Display for Weather {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let faults = self.faults.lock().unwrap_or_else(PoisonError::into_inner);
        let lines: Vec<String> = faults.iter().map(|(kind, times)| format!("{kind} {times}")).collect();
        lines.join(", ").fmt(f)
    }
}
