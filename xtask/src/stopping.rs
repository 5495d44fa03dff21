//! Ctrl-C, answered at the next moment that leaves nothing half done.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Context, Result};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};

/// Whether somebody asked this tool to end.
#[derive(Clone)]
pub(crate) struct Stopping(Arc<AtomicBool>);

impl Stopping {
    /// From here on Ctrl-C, a closed terminal and `kill` are noted instead of ending the tool.
    ///
    /// # Errors
    /// When the system does not take the handlers.
    pub(crate) fn listen() -> Result<Self> {
        let flag = Arc::new(AtomicBool::new(false));
        for signal in [SIGINT, SIGTERM, SIGHUP] {
            signal_hook::flag::register(signal, Arc::clone(&flag)).context("signals can't be received")?;
        }
        Ok(Self(flag))
    }

    /// True once somebody asked.
    pub(crate) fn asked(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}
