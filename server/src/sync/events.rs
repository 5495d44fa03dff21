//! `GET /sync/v1/events`: says "changed" when a device should pull, and nothing else.

use std::{convert::Infallible, time::Duration};

use axum::{
    extract::State,
    response::{
        Sse,
        sse::{Event, KeepAlive},
    },
};
use futures::Stream;
use sqlx::PgPool;
use sync::questions::SessionId;
use tokio::{
    sync::broadcast::error::RecvError,
    time::{MissedTickBehavior, interval},
};

use super::pokes::Pokes;
use crate::{
    identity::Identity,
    sessions::{SignedIn, store},
    state::AppState,
};

/// How soon a stream ends after its session did.
const LOOK_AT_SESSION: Duration = Duration::from_secs(5);

/// Proxies close what is silent for longer.
const KEEP_ALIVE: Duration = Duration::from_secs(20);

pub(super) async fn events(
    State(state): State<AppState>,
    State(pokes): State<Pokes>,
    signed_in: SignedIn,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let mut heard = pokes.listen();
    let stream = async_stream::stream! {
        let mut look = interval(LOOK_AT_SESSION);
        look.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                news = heard.recv() => match news {
                    Ok(watchers) if !watchers.contains(&signed_in.identity.worker_id) => {}
                    // After too many to remember, one of them was surely for this device.
                    Ok(_) | Err(RecvError::Lagged(_)) => yield Ok(Event::default().event("changed").data("changed")),
                    Err(RecvError::Closed) => break,
                },
                _ = look.tick() => if !is_good(&state.pool, &signed_in.identity, signed_in.session_id).await { break },
                () = state.stopping.cancelled() => break,
            }
        }
    };
    Sse::new(stream).keep_alive(KeepAlive::new().interval(KEEP_ALIVE))
}

/// Whether the session still holds. Listening does not keep it awake: nobody need sit in front of the screen for it.
async fn is_good(pool: &PgPool, identity: &Identity, session_id: SessionId) -> bool {
    store::is_good(pool, identity, session_id).await.unwrap_or_else(|error| {
        tracing::warn!(database = error.as_database_error().is_some(), "a session could not be looked at; its stream ends");
        false
    })
}
