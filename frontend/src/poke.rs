//! The server's hint that something changed, and the browser's own: the connection is back, the page is in front again.

use std::{cell::RefCell, rc::Rc};

use leptos::prelude::{document, window_event_listener_untyped};
use wasm_bindgen::prelude::*;
use web_sys::EventSource;

use crate::{backoff::Outcome, bell::Ring, core::Core};

const EVENTS: &str = "/sync/v1/events";

/// The stream of the server's hints. Losing one costs time, never data.
#[derive(Default)]
pub(crate) struct Poke {
    open: RefCell<Option<Stream>>,
}

struct Stream {
    source: EventSource,
    _on_message: Closure<dyn FnMut()>,
}

impl Poke {
    /// Opens the stream after a good round and closes it after a bad one.
    pub(crate) fn follow(&self, outcome: Outcome, core: &Rc<Core>) {
        if outcome != Outcome::UpToDate {
            return self.close();
        }
        let is_closed = self.open.borrow().as_ref().is_none_or(|stream| stream.source.ready_state() == EventSource::CLOSED);
        if is_closed && !document().hidden() {
            self.close();
            self.open.replace(Stream::open(core));
        }
    }

    pub(crate) fn close(&self) {
        if let Some(stream) = self.open.take() {
            stream.source.close();
        }
    }
}

impl Stream {
    /// None where the browser refuses: then the timer finds what is new.
    fn open(core: &Rc<Core>) -> Option<Self> {
        let source = EventSource::new(EVENTS).ok()?;
        let core = Rc::downgrade(core);
        let on_message = Closure::<dyn FnMut()>::new(move || {
            if let Some(core) = core.upgrade() {
                core.bell.ring(Ring::Hint);
            }
        });
        let listener = on_message.as_ref().unchecked_ref();
        source.set_onmessage(Some(listener));
        source.add_event_listener_with_callback("changed", listener).ok()?;
        Some(Self { source, _on_message: on_message })
    }
}

/// Rings when the connection is back or the page is in front again, for as long as the page lives.
pub(crate) fn listen(core: &Rc<Core>) {
    let on = |name: &'static str, rings: bool| {
        let core = Rc::clone(core);
        let _ = window_event_listener_untyped(name, move |_| {
            core.session_checked.set(false);
            if rings {
                core.bell.ring(Ring::Now);
                core.carrier.ring(Ring::Now);
            }
        });
    };
    on("online", true);
    // Whoever signs in in another window takes the focus from this one.
    on("focus", false);
    on("blur", false);
    let core = Rc::clone(core);
    let on_visibility = Closure::<dyn FnMut()>::new(move || {
        core.session_checked.set(false);
        if document().hidden() {
            // A page that nobody sees leaves its connection to those that somebody does.
            core.poke.close();
        } else {
            core.bell.ring(Ring::Now);
            core.carrier.ring(Ring::Now);
        }
    });
    if document().add_event_listener_with_callback("visibilitychange", on_visibility.as_ref().unchecked_ref()).is_ok() {
        on_visibility.forget();
    }
}
