//! All devices together: how far they are, and whether anything moves at all.

use std::{
    fmt::Write,
    time::{Duration, Instant},
};

use anyhow::{Result, bail};

use std::sync::Arc;

use crate::home::{Home, Levels};

/// Between two looks.
const GLANCE: Duration = Duration::from_millis(25);

/// Between two lines that say how far the run is.
const SAYS_EVERY: Duration = Duration::from_secs(10);

/// Where nothing at all moves for so long, something hangs. No measure of speed: the longest wait of anything here is a tenth of it.
const NOTHING_MOVES: Duration = Duration::from_secs(180);

/// All devices.
pub(crate) struct Fleet {
    pub(crate) homes: Vec<Arc<Home>>,
}

impl Fleet {
    /// Notes on the disks of their devices.
    pub(crate) fn written(&self) -> u64 {
        self.homes.iter().map(|home| home.written()).sum()
    }

    /// Notes that were written and are not waiting to be sent: how far the work is.
    pub(crate) fn settled(&self) -> u64 {
        let settled = |home: &Arc<Home>| home.written().saturating_sub(home.levels().unsent as u64);
        self.homes.iter().map(settled).sum()
    }

    pub(crate) async fn glance(&self) {
        tokio::time::sleep(GLANCE).await;
    }

    /// Waits until `is_done` says so of every device, and says from time to time how far they are.
    ///
    /// # Errors
    /// Nothing moves any more, or `check` finds that something ended; the message says what hangs.
    pub(crate) async fn wait_until(
        &self,
        what: &str,
        is_done: impl Fn(&Home) -> bool,
        mut check: impl FnMut() -> Result<()>,
    ) -> Result<()> {
        let (mut seen, mut since, mut said) = (self.position(), Instant::now(), Instant::now());
        while !self.homes.iter().all(|home| is_done(home)) {
            check()?;
            self.glance().await;
            let position = self.position();
            if position != seen {
                (seen, since) = (position, Instant::now());
            }
            if said.elapsed() > SAYS_EVERY {
                println!("{}", self.in_words(what));
                said = Instant::now();
            }
            if since.elapsed() > NOTHING_MOVES {
                bail!("nothing moves any more ({what}):\n{}", self.list(is_done));
            }
        }
        Ok(())
    }

    /// Everything that changes when something moves; a round of syncing that brings nothing is no movement.
    fn position(&self) -> Vec<(u64, usize, usize, usize, u64)> {
        let position = |home: &Arc<Home>| {
            let Levels { outbox, unsent, unsafe_yet, safe_seq, .. } = home.levels();
            (home.written(), outbox, unsent, unsafe_yet, safe_seq)
        };
        self.homes.iter().map(position).collect()
    }

    fn in_words(&self, what: &str) -> String {
        let sum = |of: fn(&Levels) -> usize| self.homes.iter().map(|home| of(&home.levels())).sum::<usize>();
        let (outbox, unsent) = (sum(|levels| levels.outbox), sum(|levels| levels.unsent));
        format!("{what}: written {}, in outboxes {outbox}, of these unsent {unsent}", self.written())
    }

    fn list(&self, is_done: impl Fn(&Home) -> bool) -> String {
        let mut list = String::new();
        for home in self.homes.iter().filter(|home| !is_done(home)) {
            let _ = writeln!(list, "device {} of {}: {:?}", home.number, home.owner.email, home.levels());
        }
        list
    }
}
