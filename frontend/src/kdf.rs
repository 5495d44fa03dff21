//! The slow derivation from a passphrase. It runs in a worker, so that the page goes on, and its memory goes away with the worker.

use argon2::{Algorithm, Argon2, Block, Params, Version};
use futures::channel::oneshot;
use js_sys::Uint8Array;
use wasm_bindgen::prelude::*;
use web_sys::{MessageEvent, Worker, WorkerOptions, WorkerType};

use crate::{
    clock,
    keyring::Cost,
    platform::{member, object},
};

/// Length of what is derived, in bytes.
const KEY_BYTES: usize = 32;

/// Why nothing was derived.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum KdfError {
    #[error("the derivation parameters are out of range")]
    Parameters,
    /// Among other things: there was no memory for this cost.
    #[error("the derivation did not run")]
    Failed,
}

/// Argon2id, version 0x13, one lane. Called by the worker.
pub(crate) fn derive(passphrase: &str, salt: &[u8], cost: Cost) -> Result<Vec<u8>, KdfError> {
    let params = Params::new(cost.memory_kib, cost.passes, 1, Some(KEY_BYTES)).map_err(|_| KdfError::Parameters)?;
    let mut memory = Vec::new();
    memory.try_reserve_exact(params.block_count()).map_err(|_| KdfError::Failed)?;
    memory.resize(params.block_count(), Block::default());
    let mut key = vec![0; KEY_BYTES];
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    argon2
        .hash_password_into_with_memory(passphrase.as_bytes(), salt, &mut key, memory.as_mut_slice())
        .map_err(|_| KdfError::Parameters)?;
    Ok(key)
}

/// A worker that derives keys.
pub(crate) struct Deriver(Worker);

impl Deriver {
    /// Starts the worker.
    pub(crate) fn start() -> Result<Self, KdfError> {
        let html = leptos::prelude::document().document_element().ok_or(KdfError::Failed)?;
        let url = html.get_attribute("data-kdf").ok_or(KdfError::Failed)?;
        let options = WorkerOptions::new();
        options.set_type(WorkerType::Module);
        Worker::new_with_options(&url, &options).map(Self).map_err(|_| KdfError::Failed)
    }

    /// Derives with a given cost.
    pub(crate) async fn derive(&self, passphrase: &str, salt: &[u8], cost: Cost) -> Result<Uint8Array, KdfError> {
        let (answer, answered) = oneshot::channel();
        let mut answer = Some(answer);
        let listener = Closure::<dyn FnMut(JsValue)>::new(move |event: JsValue| {
            let data = event.dyn_into::<MessageEvent>().map_or(JsValue::UNDEFINED, |message| message.data());
            if let Some(answer) = answer.take() {
                // Nobody waits any more where the page went on.
                let _ = answer.send(member(&data, "key").dyn_into::<Uint8Array>().map_err(|_| KdfError::Failed));
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
        self.0.post_message(&question).map_err(|_| KdfError::Failed)?;
        answered.await.unwrap_or(Err(KdfError::Failed))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn derivation_is_argon2id_as_others_compute_it() {
        // A test vector of the reference implementation (phc-winner-argon2, src/test.c).
        let key = derive("password", b"somesalt", Cost { memory_kib: 256, passes: 2 }).expect("parameters within range");
        let hex: String = key.iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(hex, "9dfeb910e80bad0311fee20f9c0e2b12c17987b4cac90c2ef54d5b3021c68bfe");
    }

    #[test]
    fn parameters_out_of_range_are_refused() {
        assert_eq!(derive("password", b"somesalt", Cost { memory_kib: 1, passes: 0 }), Err(KdfError::Parameters));
    }
}
