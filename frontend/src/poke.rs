//! The server's hint that something changed, and the browser's own: the connection is back, the page is in front again.

use std::{cell::RefCell, rc::Rc};

use leptos::prelude::{document, window_event_listener_untyped};
use wasm_bindgen::prelude::*;
use web_sys::EventSource;

use crate::{backoff::Outcome, bell::Ring, core::Core};

const EVENTS: &str = "/sync/v1/events";

/// The stream of the server's hints. Losing one costs time, never data.
pub(crate) struct Poke {
    source: RefCell<Option<EventSource>>,
    on_message: Closure<dyn FnMut()>,
}

impl Poke {
    pub(crate) fn new(core: Rc<Core>) -> Rc<Self> {
        listen(&core);
        let poke = Rc::new(Self { source: RefCell::new(None), on_message: Closure::new(move || core.bell.ring(Ring::Hint)) });
        let on_hide = Rc::clone(&poke);
        // A page that nobody sees leaves its connection to those that somebody does.
        let listener = Closure::<dyn FnMut()>::new(move || {
            if document().hidden() {
                on_hide.close();
            }
        });
        if document().add_event_listener_with_callback("visibilitychange", listener.as_ref().unchecked_ref()).is_ok() {
            listener.forget();
        }
        poke
    }

    /// Opens the stream after a good round and closes it after a bad one.
    pub(crate) fn follow(&self, outcome: Outcome) {
        if outcome != Outcome::UpToDate {
            return self.close();
        }
        let is_closed = self.source.borrow().as_ref().is_none_or(|source| source.ready_state() == EventSource::CLOSED);
        if is_closed && !document().hidden() {
            self.open();
        }
    }

    fn open(&self) {
        self.close();
        // Without it, the timer finds what is new.
        let Ok(source) = EventSource::new(EVENTS) else { return };
        let on_message = self.on_message.as_ref().unchecked_ref();
        source.set_onmessage(Some(on_message));
        let _ = source.add_event_listener_with_callback("changed", on_message);
        self.source.replace(Some(source));
    }

    fn close(&self) {
        if let Some(source) = self.source.take() {
            source.close();
        }
    }
}

/// Rings when the connection is back or the page is in front again.
fn listen(core: &Rc<Core>) {
    let on = |name: &'static str, rings: bool| {
        let core = Rc::clone(core);
        let _ = window_event_listener_untyped(name, move |_| {
            core.session_checked.set(false);
            if rings {
                core.bell.ring(Ring::Now);
            }
        });
    };
    on("online", true);
    on("focus", false);
    on("blur", false);
    let on_visible = Rc::clone(core);
    let listener = Closure::<dyn FnMut()>::new(move || {
        on_visible.session_checked.set(false);
        if !document().hidden() {
            on_visible.bell.ring(Ring::Now);
        }
    });
    if document().add_event_listener_with_callback("visibilitychange", listener.as_ref().unchecked_ref()).is_ok() {
        listener.forget();
    }
}
