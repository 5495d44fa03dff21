//! Keeps note of what time it was, so that a clock that is set back gains no time.

use std::rc::Rc;

use crate::{clock, core::Core};

/// How often the time is kept: so much can be gained at most.
const EVERY_MS: u32 = 10 * 60 * 1000;

/// Keeps the time now and then, for as long as this tab is the writer.
pub(crate) async fn keep_watch(core: Rc<Core>) {
    let life = core.life.get();
    while core.life.get() == life {
        core.see_the_time().await;
        clock::sleep(EVERY_MS).await;
    }
}
