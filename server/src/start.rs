//! From a configuration to a server that answers, and back.

use std::{future::IntoFuture, net::SocketAddr, sync::Arc, time::Duration};

use axum::{Router, serve::ListenerExt};
use sqlx::{Connection, PgConnection, PgPool, postgres::PgConnectOptions};
use tokio::{net::TcpListener, sync::Semaphore, task::JoinHandle};
use tokio_util::sync::CancellationToken;

use crate::{
    attachments::{self, Storage, StorageError},
    clock,
    config::Config,
    db,
    demo::{self, DemoError, DemoSize},
    health, jobs, office, openapi, pages,
    push::{Push, PushError},
    secrets::{Secrets, SecretsError},
    security, sessions,
    site::{self, Site, SiteError},
    state::AppState,
    sync::{self, NoKey, Pokes, SealKeys, Turns},
    tls,
};

/// How long requests may go on after the server was told to stop.
const LAST_ANSWERS: Duration = Duration::from_secs(10);

/// The agency that everybody sees who tries Doorstep out.
const DEMO_SEED: u64 = 7;

/// Why the server does not start. Each says what to do.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error(transparent)]
    Site(#[from] SiteError),
    #[error("PostgreSQL cannot be used at DATABASE_URL ({0}). Start it, or correct the address, the user and the password")]
    Database(#[from] sqlx::Error),
    #[error(
        "the database could not be brought up to date ({0}). Its user must own the tables, and no newer Doorstep may have changed them"
    )]
    Migrate(#[from] sqlx::migrate::MigrateError),
    #[error("PostgreSQL runs with {0} = off, so a power cut could lose notes that were confirmed. Set it to on in postgresql.conf")]
    NotDurable(String),
    #[error(transparent)]
    Secrets(#[from] SecretsError),
    #[error(transparent)]
    SealKey(#[from] NoKey),
    #[error(transparent)]
    Push(#[from] PushError),
    #[error(transparent)]
    Storage(#[from] StorageError),
    #[error(
        "{0} is no address that passkeys can belong to. Set DOORSTEP_ORIGIN to what browsers show, such as https://doorstep.agency.example; its host is a name, not a number"
    )]
    Origin(String),
    #[error(transparent)]
    Demo(#[from] DemoError),
    #[error("cannot listen on {0} ({1}). Set DOORSTEP_ADDR to a free address, such as 127.0.0.1:3001")]
    Listen(SocketAddr, std::io::Error),
}

/// A server that answers. It begins to stop when this is dropped.
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

/// Starts the server: reads the browser half, migrates the database, checks that it keeps what it confirms, listens.
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
    pages::prepare_to_draw();
    tls::choose();
    let site = Site::read(&config.site_dir)?;
    let secrets = Secrets::open(&config.data_dir)?;
    let seal_keys = SealKeys::new(&secrets.seal_keys)?;
    let storage = Arc::new(Storage::open(&config.data_dir, config.attachments.as_deref())?);
    let owner = migrate(&config.database).await?;
    refuse_to_lose(&owner).await?;
    if config.demo_if_empty && demo::is_empty(&owner).await? {
        demo::seed(&owner, DemoSize::SMALL, DEMO_SEED, clock::now(0).date()).await?;
    }
    let demo = has_demo(&owner).await?;

    let pool = db::connect_app(config.database.clone(), config.max_connections).await?;
    let listener = TcpListener::bind(config.address).await.map_err(|error| StartError::Listen(config.address, error))?;
    let address = listener.local_addr().map_err(|error| StartError::Listen(config.address, error))?;
    let origin = config.origin.clone().unwrap_or_else(|| format!("http://localhost:{}", address.port()));
    let push = Arc::new(Push::new(&secrets.push_key, &config.push_services, &origin)?);
    let webauthn = sessions::relying_party(&origin).ok_or(StartError::Origin(origin))?;
    let stopping = CancellationToken::new();
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    let pokes = Pokes::start(pool.clone(), stopping.clone());
    tokio::spawn(jobs::safe::run(pool.clone(), pokes.clone(), stopping.clone()));
    tokio::spawn(jobs::uploads::run(owner.clone(), storage.clone(), pokes.clone(), stopping.clone()));
    tokio::spawn(jobs::remind::run(owner.clone(), pool.clone(), push.clone(), stopping.clone()));
    let anchors = config.data_dir.join("audit-anchors.jsonl");
    tokio::spawn(jobs::seal::run(owner, secrets.audit_key.clone(), anchors, stopping.clone()));
    let state = AppState {
        pool,
        pokes,
        turns: Turns::default(),
        site: Arc::new(site),
        config: Arc::new(config),
        secrets: Arc::new(secrets),
        seal_keys: Arc::new(seal_keys),
        storage,
        push,
        webauthn: Arc::new(webauthn),
        password_checks: Arc::new(Semaphore::new(processors)),
        demo,
        stopping: stopping.clone(),
    };
    let server = tokio::spawn(serve(listener, routes().merge(extra), state.clone()));
    Ok(Running { address, state, server })
}

/// All addresses of the server, without what stands around them.
fn routes() -> Router<AppState> {
    Router::new()
        .merge(health::router())
        .merge(openapi::router())
        .merge(site::router())
        .merge(sessions::router())
        .merge(pages::router())
        .merge(sync::router())
        .merge(attachments::router())
        .merge(office::router())
}

async fn serve(listener: TcpListener, routes: Router<AppState>, state: AppState) {
    let listener = listener.tap_io(|connection| {
        // A receipt of a few bytes must not wait for more to come.
        if let Err(error) = connection.set_nodelay(true) {
            tracing::debug!(%error, "a connection keeps waiting to fill its packets");
        }
    });
    let stopping = state.stopping.clone();
    let routes = security::defend(routes, &state).with_state(state);
    let service = routes.into_make_service_with_connect_info::<SocketAddr>();
    let serving = axum::serve(listener, service).with_graceful_shutdown(stopping.cancelled_owned());
    if let Err(error) = serving.into_future().await {
        tracing::error!(%error, "the listener failed");
    }
}

/// Brings the database up to date, and gives the owner's connections.
///
/// # Errors
/// It cannot be reached, or its user may not change it.
pub async fn migrate(database: &PgConnectOptions) -> Result<PgPool, StartError> {
    // A pool would try for half a minute and then tell only that it had waited; one connection tells at once what is wrong.
    PgConnection::connect_with(database).await?.close().await?;
    let owner = db::connect_owner(database.clone()).await?;
    db::MIGRATOR.run(&owner).await?;
    Ok(owner)
}

/// Makes sure that what the database confirms survives a power cut.
async fn refuse_to_lose(owner: &PgPool) -> Result<(), StartError> {
    let off: Option<String> = sqlx::query_scalar!(
        r#"
        select name as "name!" from pg_settings
        where name in ('fsync', 'full_page_writes', 'synchronous_commit') and setting = 'off'
        order by name limit 1
        "#
    )
    .fetch_optional(owner)
    .await?;
    off.map_or(Ok(()), |name| Err(StartError::NotDurable(name)))
}

/// Whether the demo's accounts are in this database.
async fn has_demo(owner: &PgPool) -> sqlx::Result<bool> {
    sqlx::query_scalar!(r#"select exists (select from workers where email = 'maria@demo.example') as "exists!""#).fetch_one(owner).await
}
