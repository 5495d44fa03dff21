//! What wakes the sync loop, or whoever hands in while the device is locked.

use std::{
    cell::{Cell, RefCell},
    pin::pin,
};

use futures::{
    channel::oneshot,
    future::{Either, select},
};

use crate::clock;

/// How much a ring matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Ring {
    /// Something was saved, or the server said that something changed.
    Hint,
    /// A person asked, or the connection came back.
    Now,
}

/// A bell with one listener: who comes later takes the place. What rings while nobody listens is heard at the next wait.
#[derive(Default)]
pub(crate) struct Bell {
    rung: Cell<Option<Ring>>,
    listener: RefCell<Option<oneshot::Sender<()>>>,
}

impl Bell {
    pub(crate) fn ring(&self, ring: Ring) {
        self.rung.set(self.rung.get().max(Some(ring)));
        if let Some(listener) = self.listener.take() {
            // It may have stopped waiting just now.
            let _ = listener.send(());
        }
    }

    /// Waits for a ring of at least this weight, or until the time is up. False: somebody else listens now, and this one is not needed.
    pub(crate) async fn wait(&self, at_least: Ring, wait_ms: u32) -> bool {
        let mut timer = pin!(clock::sleep(wait_ms));
        loop {
            if self.rung.get() >= Some(at_least) {
                break;
            }
            let (rang, listening) = oneshot::channel();
            self.listener.replace(Some(rang));
            match select(listening, timer.as_mut()).await {
                Either::Left((Ok(()), _)) => {}
                Either::Left((Err(oneshot::Canceled), _)) => return false,
                Either::Right(_) => break,
            }
        }
        self.rung.set(None);
        true
    }
}
