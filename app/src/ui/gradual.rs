//! A long list that is drawn in steps: what is in sight at once, the rest while nobody waits for it.

use std::time::Duration;

use leptos::prelude::*;

use crate::desk::{DeskState, Keeping};

/// A breath between two steps, in which a touch or a key is answered.
const BREATH: Duration = Duration::from_millis(30);

/// The items that are drawn so far. On a page that the server draws, and where that page comes alive, these are all of them: both halves
/// draw the same, and whoever has no script sees everything.
pub fn gradually<T: Clone + PartialEq + Send + Sync + 'static>(
    items: Memo<Vec<T>>,
    step: usize,
    state: DeskState,
) -> impl Fn() -> Vec<T> + Clone {
    let in_steps = state.keeping.get_untracked() == Keeping::Device;
    let drawn = RwSignal::new(if in_steps { step } else { usize::MAX });
    Effect::new(move |_| {
        if drawn.get() < items.with(Vec::len) {
            let _ = set_timeout(
                move || {
                    // The page may be left by then.
                    drawn.try_update(|drawn| *drawn = drawn.saturating_add(step));
                },
                BREATH,
            );
        }
    });
    move || items.with(|items| items.iter().take(drawn.get()).cloned().collect())
}
