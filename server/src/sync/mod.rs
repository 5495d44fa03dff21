//! The sync endpoints: what devices send is decided and kept, what they may see is sent.
//!
//! What happens is `sync::office`'s and `domain`'s to decide; here is what must be read for it and what is written of it, each in one
//! transaction.

mod attempt;
mod desk;
mod devices;
mod effects;
mod events;
mod log;
mod pokes;
mod pull;
mod push;

use axum::{
    Router,
    extract::DefaultBodyLimit,
    routing::{get, post},
};
use sync::wire::MAX_BODY_BYTES;

use crate::state::AppState;

pub use pokes::Pokes;

/// `/sync/v1/devices`, `/push`, `/pull` and `/events`.
pub fn router() -> Router<AppState> {
    Router::new()
        .route("/sync/v1/devices", post(devices::register))
        .route("/sync/v1/push", post(push::push))
        .route("/sync/v1/pull", post(pull::pull))
        .layer(DefaultBodyLimit::max(MAX_BODY_BYTES))
        .route("/sync/v1/events", get(events::events))
}
