//! How much to ask for at a time. Pure: it is told how long the last answer took.

/// Begins small, so that the first clients are there soon, and then follows the line: a fast one is not asked a dozen times, and on a slow
/// one no answer takes so long that it is given up, or that a note has to wait for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Slice {
    /// In bytes of JSON, before compression.
    bytes: u32,
}

impl Default for Slice {
    fn default() -> Self {
        Self { bytes: Self::SMALLEST }
    }
}

impl Slice {
    const SMALLEST: u32 = 64 * 1024;
    /// More at once would keep a page from its reader while the browser hands it over.
    const LARGEST: u32 = 1024 * 1024;

    /// How long one answer should take, in milliseconds.
    const GOOD_MS: f64 = 4_000.0;

    pub(crate) fn bytes(self) -> u32 {
        self.bytes
    }

    /// Chooses the next size, knowing how long one of this size took.
    pub(crate) fn fit(&mut self, took_ms: f64) {
        let fitting = f64::from(self.bytes) * Self::GOOD_MS / took_ms.max(1.0);
        // One answer may have come from a lucky moment.
        let most = f64::from(self.bytes) * 32.0;
        self.bytes = fitting.min(most).clamp(f64::from(Self::SMALLEST), f64::from(Self::LARGEST)) as u32;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fast_line_is_asked_for_more_and_a_slow_one_for_less() {
        let mut slice = Slice::default();
        slice.fit(400.0);
        assert_eq!(slice.bytes(), 10 * Slice::SMALLEST);
        slice.fit(8_000.0);
        assert_eq!(slice.bytes(), 5 * Slice::SMALLEST);
        slice.fit(0.0);
        assert_eq!(slice.bytes(), Slice::LARGEST);
        slice.fit(3_600_000.0);
        assert_eq!(slice.bytes(), Slice::SMALLEST);
    }
}
