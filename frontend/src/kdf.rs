//! The slow derivation from a passphrase. It runs in a worker (public/kdf.js, frontend/kdf), so that the page goes on, and its memory goes
//! away with the worker.

use futures::channel::oneshot;
use js_sys::Uint8Array;
use wasm_bindgen::prelude::*;
use web_sys::{MessageEvent, Worker, WorkerOptions, WorkerType};

use crate::{
    clock,
    keyring::Cost,
    platform::{member, object},
};

/// Nothing was derived. Most often there was no memory for this cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the derivation did not run")]
pub(crate) struct KdfError;

/// A worker that derives keys.
pub(crate) struct Deriver(Worker);

impl Deriver {
    /// Starts the worker.
    pub(crate) fn start() -> Result<Self, KdfError> {
        let html = leptos::prelude::document().document_element().ok_or(KdfError)?;
        let url = html.get_attribute("data-kdf").ok_or(KdfError)?;
        let options = WorkerOptions::new();
        options.set_type(WorkerType::Module);
        Worker::new_with_options(&url, &options).map(Self).map_err(|_| KdfError)
    }

    /// Derives with a given cost.
    pub(crate) async fn derive(&self, passphrase: &str, salt: &[u8], cost: Cost) -> Result<Uint8Array, KdfError> {
        let (answer, answered) = oneshot::channel();
        let mut answer = Some(answer);
        let listener = Closure::<dyn FnMut(JsValue)>::new(move |event: JsValue| {
            let data = event.dyn_into::<MessageEvent>().map_or(JsValue::UNDEFINED, |message| message.data());
            if let Some(answer) = answer.take() {
                // Nobody waits any more where the page went on.
                let _ = answer.send(member(&data, "key").dyn_into::<Uint8Array>().map_err(|_| KdfError));
            }
        });
        self.0.set_onmessage(Some(listener.as_ref().unchecked_ref()));
        self.0.set_onerror(Some(listener.as_ref().unchecked_ref()));
        let question = object(&[
            ("passphrase", passphrase.into()),
            ("salt", Uint8Array::from(salt).into()),
            ("memory_kib", cost.memory_kib.into()),
            ("passes", cost.passes.into()),
        ]);
        self.0.post_message(&question).map_err(|_| KdfError)?;
        answered.await.unwrap_or(Err(KdfError))
    }
}

impl Drop for Deriver {
    fn drop(&mut self) {
        self.0.terminate();
    }
}

/// Derives with the cost that fits this device, found by trying once.
pub(crate) async fn derive_fitted(passphrase: &str, salt: &[u8]) -> Result<(Cost, Uint8Array), KdfError> {
    const WARM_UP: Cost = Cost { memory_kib: 64, passes: 1 };
    let deriver = Deriver::start()?;
    // The first answer waits for the worker to load; it must not count.
    deriver.derive(passphrase, salt, WARM_UP).await?;
    let started = clock::stopwatch_ms();
    let Ok(key) = deriver.derive(passphrase, salt, Cost::DEFAULT).await else {
        // A worker that ran out of memory is not asked again.
        let key = Deriver::start()?.derive(passphrase, salt, Cost::SMALLEST).await?;
        return Ok((Cost::SMALLEST, key));
    };
    let fitted = Cost::DEFAULT.fitted(clock::stopwatch_ms() - started);
    if fitted == Cost::DEFAULT {
        return Ok((fitted, key));
    }
    Ok((fitted, deriver.derive(passphrase, salt, fitted).await?))
}
