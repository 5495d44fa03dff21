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
mod seal_keys;
mod sealed;
mod sender;
mod turns;
mod wiped;

use axum::{
    Router,
    extract::DefaultBodyLimit,
    routing::{get, post},
};
use sqlx::PgPool;
use sync::wire::{DeviceId, MAX_BODY_BYTES, ProblemCode};

use crate::{
    audit::{self, Event},
    identity::Identity,
    problem::Problem,
    state::AppState,
};

pub use pokes::Pokes;
pub use seal_keys::{NoKey, SealKeys};
pub(crate) use sender::Sender;
pub use turns::Turns;

/// Notes in the audit trail that a device was not let, and gives the problem that it hears. Faults of this server are no denials.
async fn denied(pool: &PgPool, identity: &Identity, action: &'static str, device_id: Option<DeviceId>, problem: Problem) -> Problem {
    let code = match problem.code() {
        ProblemCode::DeviceUnknown => "device-unknown",
        ProblemCode::DeviceRevoked => "device-revoked",
        ProblemCode::DeviceForked => "device-forked",
        ProblemCode::NotAllowed => "another-device",
        _ => return problem,
    };
    match audit::record_alone(pool, identity, Event::denied(action, code).from_device(device_id)).await {
        Ok(()) => problem,
        Err(error) => error.into(),
    }
}

/// `/sync/v1/devices`, `/push`, `/pull`, `/sealed`, `/wiped` and `/events`.
pub fn router() -> Router<AppState> {
    Router::new()
        .route("/sync/v1/devices", post(devices::register))
        .route("/sync/v1/push", post(push::push))
        .route("/sync/v1/pull", post(pull::pull))
        .route("/sync/v1/sealed", post(sealed::hand_in))
        .route("/sync/v1/wiped", post(wiped::confirm))
        .layer(DefaultBodyLimit::max(MAX_BODY_BYTES))
        .route("/sync/v1/events", get(events::events))
}
