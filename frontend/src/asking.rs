//! A worker that is asked questions, one after the other. Its memory goes away with it.

use futures::channel::oneshot;
use wasm_bindgen::prelude::*;
use web_sys::{MessageEvent, Worker, WorkerOptions, WorkerType};

use crate::platform::member;

/// A worker that runs for as long as this lives.
pub(crate) struct Asked(Worker);

impl Asked {
    /// Starts the worker whose address stands in this attribute of the document; none where the browser refuses.
    pub(crate) fn start(attribute: &str) -> Option<Self> {
        let html = leptos::prelude::document().document_element()?;
        let options = WorkerOptions::new();
        options.set_type(WorkerType::Module);
        Worker::new_with_options(&html.get_attribute(attribute)?, &options).map(Self).ok()
    }

    /// Asks, and waits for what is answered; none where the worker failed.
    pub(crate) async fn ask(&self, question: &JsValue) -> Option<JsValue> {
        let (answer, answered) = oneshot::channel();
        let mut answer = Some(answer);
        let listener = Closure::<dyn FnMut(JsValue)>::new(move |event: JsValue| {
            let is_message = event.has_type::<MessageEvent>();
            if let Some(answer) = answer.take() {
                // Nobody waits any more where the page went on.
                let _ = answer.send(is_message.then(|| member(&event, "data")));
            }
        });
        self.0.set_onmessage(Some(listener.as_ref().unchecked_ref()));
        self.0.set_onerror(Some(listener.as_ref().unchecked_ref()));
        self.0.post_message(question).ok()?;
        answered.await.ok().flatten()
    }
}

impl Drop for Asked {
    fn drop(&mut self) {
        self.0.terminate();
    }
}
