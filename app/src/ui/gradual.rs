//! Long lists and long pages that are drawn in steps: what is in sight at once, the rest while nobody waits for it.

use std::time::Duration;

use leptos::prelude::*;

use crate::page_memory::use_page_memory;

/// A breath between two steps, in which a touch or a key is answered.
const BREATH: Duration = Duration::from_millis(30);

/// The items of a list that are drawn so far.
pub struct Gradual<T: Clone + Send + Sync + 'static> {
    items: Memo<Vec<T>>,
    drawn: RwSignal<usize>,
}

/// Draws so many of `items` at first, and the rest in steps; a list that has become short begins anew when it grows again. The server draws the
/// first, and a page comes alive with them.
pub fn gradually<T: Clone + PartialEq + Send + Sync + 'static>(items: Memo<Vec<T>>, at_first: usize, step: usize) -> Gradual<T> {
    let drawn = RwSignal::new(at_first);
    Effect::new(move |_| {
        let (so_far, number) = (drawn.get(), items.with(Vec::len));
        if so_far < number {
            let _ = set_timeout(
                move || {
                    // The page may be left by then.
                    drawn.try_update(|drawn| *drawn = drawn.saturating_add(step));
                },
                BREATH,
            );
        } else if number <= at_first && at_first < so_far {
            drawn.set(at_first);
        }
    });
    Gradual { items, drawn }
}

// Both parts can be copied, whatever the items are.
impl<T: Clone + Send + Sync + 'static> Clone for Gradual<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Clone + Send + Sync + 'static> Copy for Gradual<T> {}

impl<T: Clone + Send + Sync + 'static> Gradual<T> {
    /// What is drawn now.
    pub fn shown(self) -> Vec<T> {
        self.items.with(|items| items.iter().take(self.drawn.get()).cloned().collect())
    }

    /// Draws all of it in the next turn: somebody looks for an item.
    pub fn draw_all(self) {
        self.drawn.set(usize::MAX);
    }

    /// Whether there is more. Without a script it stays so.
    pub fn has_more(self) -> bool {
        self.drawn.get() < self.items.with(Vec::len)
    }
}

/// What stands below the first screenful of a page: drawn a breath after a page that one turned to, so that the tap is answered sooner. On the
/// server, where its page comes alive, and where one comes back to a page, it is drawn at once.
pub fn a_breath_later(view: impl Fn() -> AnyView + Send + Sync + 'static) -> AnyView {
    let is_new = use_page_memory().turned_on.get_value();
    let drawn = RwSignal::new(!is_new);
    if is_new {
        Effect::new(move |_| {
            let draw = move || {
                // The page may be left by then.
                let _ = drawn.try_set(true);
            };
            let _ = set_timeout(draw, BREATH);
        });
    }
    view! { {move || drawn.get().then(&view)} }.into_any()
}
