//! The workers of this browser: each has a database of their own, with keys of their own (docs/decisions/0009). Which ones there are the
//! browser itself says, so there is no list that could be wrong.

use app::desk::{KnownWorker, StorageProblem};
use domain::WorkerId;
use js_sys::Array;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;

use crate::{
    platform::{factory, member},
    store::{Open, Place, Store},
    vault::Stored,
};

/// A device that is set up in this browser.
pub(crate) struct SetUp {
    pub(crate) store: Store,
    /// As it was found.
    pub(crate) keyring: String,
}

impl SetUp {
    pub(crate) fn place(&self) -> &Place {
        self.store.place()
    }

    /// Whose it is. A keyring of the first version, or of a newer one, does not say.
    pub(crate) fn owner(&self) -> Option<WorkerId> {
        Stored::parse(&self.keyring).ok()?.worker_id()
    }

    async fn opened_ms(&self) -> i64 {
        let text = self.store.read_open_text(Open::Opened).await.ok().flatten();
        text.and_then(|text| text.parse().ok()).unwrap_or(0)
    }
}

/// Every database of ours, the oldest first. Where the browser lists none, the first one may be there all the same.
pub(crate) async fn all() -> Vec<Place> {
    list().await.unwrap_or_else(|| vec![Place::first()])
}

/// Where one more worker's database goes.
pub(crate) async fn free() -> Place {
    let is_taken = list().await.is_some_and(|places| places.contains(&Place::first()));
    if is_taken { Place::fresh() } else { Place::first() }
}

/// Whether a device is set up here.
///
/// # Errors
/// There may be one, but the browser does not open it.
pub(crate) async fn is_any_set_up() -> Result<bool, StorageProblem> {
    let mut problem = None;
    for place in all().await {
        match Store::open_enrolled(&place).await {
            Ok(Some(_)) => return Ok(true),
            Ok(None) => {}
            Err(found) => problem = Some(found),
        }
    }
    problem.map_or(Ok(false), Err)
}

/// Every device that is set up here and opens, the oldest first.
pub(crate) async fn set_up() -> Vec<SetUp> {
    let mut found = Vec::new();
    for place in all().await {
        if let Ok(Some((store, keyring))) = Store::open_enrolled(&place).await {
            found.push(SetUp { store, keyring });
        }
    }
    found
}

/// The one that was opened last, if there is any.
pub(crate) async fn last_opened() -> Option<Place> {
    let mut last: Option<(i64, Place)> = None;
    for device in set_up().await {
        let opened_ms = device.opened_ms().await;
        if last.as_ref().is_none_or(|(before_ms, _)| opened_ms > *before_ms) {
            last = Some((opened_ms, device.place().clone()));
        }
    }
    last.map(|(_, place)| place)
}

/// The workers as the lock page shows them: nothing but what they want to be called.
pub(crate) async fn known(chosen: &Place) -> Vec<KnownWorker> {
    let mut workers = Vec::new();
    for device in set_up().await {
        let label = device.store.read_open_text(Open::Label).await.ok().flatten();
        let is_chosen = device.place() == chosen;
        workers.push(KnownWorker { place: device.place().name().to_owned(), label: label.unwrap_or_default(), is_chosen });
    }
    workers
}

/// None where the browser does not say.
async fn list() -> Option<Vec<Place>> {
    let listed = JsFuture::from(factory()?.databases().ok()?).await.ok()?.dyn_into::<Array>().ok()?;
    let mut places: Vec<Place> = listed.iter().filter_map(|database| Place::parse(&member(&database, "name").as_string()?)).collect();
    places.sort_unstable();
    Some(places)
}
