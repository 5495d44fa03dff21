//! From a configuration to a server that answers, and back.

use std::{future::IntoFuture, net::SocketAddr, sync::Arc, time::Duration};

use axum::{Router, serve::ListenerExt};
use sqlx::postgres::PgPoolOptions;
use tokio::{net::TcpListener, task::JoinHandle};
use tokio_util::sync::CancellationToken;

use crate::{
    config::Config,
    site::{Site, SiteError},
    state::AppState,
};

/// How long requests may go on after the server was told to stop.
const LAST_ANSWERS: Duration = Duration::from_secs(10);

/// Why the server does not start. Each says what to do.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error(transparent)]
    Site(#[from] SiteError),
    #[error("PostgreSQL does not answer at DATABASE_URL: {0}")]
    Database(#[from] sqlx::Error),
    #[error("cannot listen on {0}: {1}; set DOORSTEP_ADDR to a free address, such as 127.0.0.1:3001")]
    Listen(SocketAddr, std::io::Error),
}

/// A server that answers. It stops when this is dropped.
pub struct Running {
    pub address: SocketAddr,
    pub state: AppState,
    server: JoinHandle<()>,
}

impl Running {
    /// Lets the requests that are under way finish, then stops.
    pub async fn stop(mut self) {
        self.state.stopping.cancel();
        if tokio::time::timeout(LAST_ANSWERS, &mut self.server).await.is_err() {
            self.server.abort();
        }
        self.state.pool.close().await;
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.state.stopping.cancel();
    }
}

/// Starts the server: reads the browser half, connects, migrates, listens.
///
/// # Errors
/// Something that the server needs is missing; the error says what, and the remedy.
pub async fn start(config: Config) -> Result<Running, StartError> {
    start_with(config, Router::new()).await
}

/// As [`start`], with routes of the caller's own behind the same defences.
///
/// # Errors
/// As [`start`].
pub async fn start_with(config: Config, extra: Router<AppState>) -> Result<Running, StartError> {
    let site = Site::read(&config.site_dir)?;
    let pool = PgPoolOptions::new().connect(&config.database_url).await?;
    let listener = TcpListener::bind(config.address).await.map_err(|error| StartError::Listen(config.address, error))?;
    let address = listener.local_addr().map_err(|error| StartError::Listen(config.address, error))?;
    let stopping = CancellationToken::new();
    let state = AppState { pool, site: Arc::new(site), config: Arc::new(config), stopping: stopping.clone() };

    let listener = listener.tap_io(|connection| {
        // A receipt of a few bytes must not wait for more to come.
        if let Err(error) = connection.set_nodelay(true) {
            tracing::debug!(%error, "a connection keeps Nagle's algorithm");
        }
    });
    let service = extra.with_state(state.clone()).into_make_service_with_connect_info::<SocketAddr>();
    let serving = axum::serve(listener, service).with_graceful_shutdown(stopping.cancelled_owned());
    let server = tokio::spawn(async move {
        if let Err(error) = serving.into_future().await {
            tracing::error!(%error, "the listener failed");
        }
    });
    Ok(Running { address, state, server })
}
