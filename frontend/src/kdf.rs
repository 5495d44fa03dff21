//! The slow derivation from a passphrase. It runs in a worker (public/kdf.js, frontend/kdf), so that the page goes on, and its memory goes
//! away with the worker.

use js_sys::Uint8Array;
use wasm_bindgen::prelude::*;

use crate::{
    asking::Asked,
    clock,
    platform::{member, object},
    vault::Cost,
};

/// Nothing was derived. Most often there was no memory for this cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the derivation did not run")]
pub(crate) struct KdfError;

/// A worker that derives keys.
pub(crate) struct Deriver(Asked);

impl Deriver {
    /// Starts the worker.
    pub(crate) fn start() -> Result<Self, KdfError> {
        Asked::start("data-kdf").map(Self).ok_or(KdfError)
    }

    /// Derives with a given cost.
    pub(crate) async fn derive(&self, passphrase: &str, salt: &[u8], cost: Cost) -> Result<Uint8Array, KdfError> {
        let question = object(&[
            ("passphrase", passphrase.into()),
            ("salt", Uint8Array::from(salt).into()),
            ("memory_kib", cost.memory_kib.into()),
            ("passes", cost.passes.into()),
        ]);
        clock::mark("kdf-start");
        let answer = self.0.ask(&question).await.ok_or(KdfError)?;
        clock::mark("kdf-end");
        member(&answer, "key").dyn_into::<Uint8Array>().map_err(|_| KdfError)
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
        return derive_small(passphrase, salt).await;
    };
    let fitted = Cost::DEFAULT.fitted(clock::stopwatch_ms() - started);
    if fitted == Cost::DEFAULT {
        return Ok((fitted, key));
    }
    Ok((fitted, deriver.derive(passphrase, salt, fitted).await?))
}

/// Where there is no memory for the usual cost. A worker that ran out of memory is not asked again.
async fn derive_small(passphrase: &str, salt: &[u8]) -> Result<(Cost, Uint8Array), KdfError> {
    if let Ok(key) = Deriver::start()?.derive(passphrase, salt, Cost::SMALLEST).await {
        return Ok((Cost::SMALLEST, key));
    }
    let key = Deriver::start()?.derive(passphrase, salt, Cost::LEAST_MEMORY).await?;
    Ok((Cost::LEAST_MEMORY, key))
}
