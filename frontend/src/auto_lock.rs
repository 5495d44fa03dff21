//! Locks by itself: when nobody has touched the page for a while, when it was out of sight for too long, and when the browser brings back a
//! page that it had put aside. The agency sets the times; they come with every pull.

use std::{cell::Cell, rc::Rc, time::Duration};

use leptos::{ev, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::PageTransitionEvent;

use crate::{clock, core::Core, door};

/// How often is looked whether the time is up.
const LOOK: Duration = Duration::from_secs(5);

/// Since when nobody has touched the page, and since when nobody has seen it, by the device's clock in milliseconds.
struct Watch {
    touched_ms: Cell<i64>,
    hidden_ms: Cell<Option<i64>>,
}

/// Watches for as long as the page lives. A page that keeps nothing on disk is left alone.
pub(crate) fn watch(core: &Rc<Core>) {
    let watch = Rc::new(Watch { touched_ms: Cell::new(now_ms()), hidden_ms: Cell::new(document().hidden().then(now_ms)) });
    for touch in ["pointerdown", "keydown", "wheel", "touchmove"] {
        let watch = Rc::clone(&watch);
        let _ = window_event_listener_untyped(touch, move |_| watch.touched_ms.set(now_ms()));
    }
    let (seen, core_of_seen) = (Rc::clone(&watch), Rc::clone(core));
    let _ = window_event_listener(ev::visibilitychange, move |_| {
        lock_if_due(&core_of_seen, &seen);
        seen.hidden_ms.set(document().hidden().then(now_ms));
    });
    let core_of_page = Rc::clone(core);
    let _ = window_event_listener_untyped("pageshow", move |event| {
        if event.dyn_into::<PageTransitionEvent>().is_ok_and(|event| event.persisted()) {
            door::lock(&core_of_page);
        }
    });
    let core = Rc::clone(core);
    let _ = set_interval(move || lock_if_due(&core, &watch), LOOK);
}

fn lock_if_due(core: &Rc<Core>, watch: &Watch) {
    if !core.keeper().is_disk() {
        return;
    }
    let policy = core.device().meta().policy;
    let now_ms = now_ms();
    let is_due = |since_ms: i64, limit_s: i64| now_ms - since_ms >= limit_s * 1_000;
    let is_idle = is_due(watch.touched_ms.get(), i64::from(policy.lock_after_idle_min) * 60);
    let is_forgotten = watch.hidden_ms.get().is_some_and(|since_ms| is_due(since_ms, i64::from(policy.lock_after_hidden_s)));
    if is_idle || is_forgotten {
        door::lock(core);
    }
}

fn now_ms() -> i64 {
    clock::now().unix_ms()
}
