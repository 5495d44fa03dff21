//! Hints that something changed: from a commit to the devices of everybody who sees it, through all servers of one database.
//!
//! PostgreSQL's `notify` takes a lock of the whole cluster when its transaction commits, so it is sent after the commit, from a task of
//! its own, at most five times a second. A hint may get lost: devices also look by themselves.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use domain::{AgencyId, ScopeId, WorkerId};
use sqlx::{PgPool, postgres::PgListener};
use tokio::sync::{broadcast, mpsc};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::records::column;

const CHANNEL: &str = "doorstep_changed";

/// The shortest time between two hints of one server.
const PACE: Duration = Duration::from_millis(200);

/// How long to wait before the channel is opened again after its connection broke.
const REOPEN_AFTER: Duration = Duration::from_secs(5);

/// PostgreSQL takes 8,000 bytes in one notification; an id has 36 characters and a space after it.
const WORKERS_PER_NOTICE: usize = 200;

/// Who is to look.
type Watchers = Arc<BTreeSet<WorkerId>>;

/// Where commits tell what they touched and where waiting devices hear of it. Cheap to clone.
#[derive(Clone)]
pub struct Pokes {
    touched: mpsc::UnboundedSender<Touched>,
    heard: broadcast::Sender<Watchers>,
}

enum Touched {
    Scopes(AgencyId, BTreeSet<ScopeId>),
    Workers(BTreeSet<WorkerId>),
}

impl Pokes {
    /// Begins to carry hints until `stopping`.
    pub fn start(pool: PgPool, stopping: CancellationToken) -> Self {
        let (touched, incoming) = mpsc::unbounded_channel();
        let (heard, _) = broadcast::channel(256);
        // Tells this server's own notices apart, which it has heard already.
        let server_id = Uuid::now_v7();
        let sending = send_all(pool.clone(), server_id, incoming, heard.clone());
        let hearing = hear_all(pool, server_id, heard.clone());
        let until = stopping.clone();
        tokio::spawn(async move { until.run_until_cancelled(sending).await });
        tokio::spawn(async move { stopping.run_until_cancelled(hearing).await });
        Self { touched, heard }
    }

    /// A commit changed something in these scopes.
    pub fn touched(&self, agency_id: AgencyId, scopes: BTreeSet<ScopeId>) {
        if !scopes.is_empty() {
            // Nobody listens any more only while the server stops.
            let _ = self.touched.send(Touched::Scopes(agency_id, scopes));
        }
    }

    /// Something that is only these workers' news.
    pub fn tell(&self, workers: BTreeSet<WorkerId>) {
        if !workers.is_empty() {
            let _ = self.touched.send(Touched::Workers(workers));
        }
    }

    pub(super) fn listen(&self) -> broadcast::Receiver<Watchers> {
        self.heard.subscribe()
    }
}

async fn send_all(pool: PgPool, server_id: Uuid, mut incoming: mpsc::UnboundedReceiver<Touched>, heard: broadcast::Sender<Watchers>) {
    let mut together = Vec::new();
    while incoming.recv_many(&mut together, 10_000).await > 0 {
        if let Err(error) = send(&pool, server_id, &heard, std::mem::take(&mut together)).await {
            tracing::warn!(kind = error_kind(&error), "a hint was not sent; devices will look by themselves");
        }
        tokio::time::sleep(PACE).await;
    }
}

async fn send(pool: &PgPool, server_id: Uuid, heard: &broadcast::Sender<Watchers>, touched: Vec<Touched>) -> sqlx::Result<()> {
    let mut watchers = BTreeSet::new();
    let mut scopes = BTreeSet::new();
    for touched in touched {
        match touched {
            Touched::Scopes(agency_id, some) => scopes.extend(some.into_iter().map(|scope_id| (agency_id, scope_id))),
            Touched::Workers(some) => watchers.extend(some),
        }
    }
    watchers.extend(list_watchers(pool, &scopes.into_iter().collect::<Vec<_>>()).await?);
    let ids: Vec<WorkerId> = watchers.iter().copied().collect();
    // No receiver is no fault.
    let _ = heard.send(Arc::new(watchers));
    for some in ids.chunks(WORKERS_PER_NOTICE) {
        let some: Vec<String> = some.iter().map(ToString::to_string).collect();
        let notice = format!("{server_id} {}", some.join(" "));
        sqlx::query!("select pg_notify($1, $2)", CHANNEL, notice).execute(pool).await?;
    }
    Ok(())
}

async fn list_watchers(pool: &PgPool, scopes: &[(AgencyId, ScopeId)]) -> sqlx::Result<Vec<WorkerId>> {
    if scopes.is_empty() {
        return Ok(Vec::new());
    }
    let ids = sqlx::query_scalar!(
        r#"select worker_id as "worker_id!" from watchers($1, $2)"#,
        &column(scopes, |(agency_id, _)| agency_id.0),
        &column(scopes, |(_, scope_id)| scope_id.0),
    )
    .fetch_all(pool)
    .await?;
    Ok(ids.into_iter().map(WorkerId).collect())
}

/// Carries what other servers say to the devices that wait here.
async fn hear_all(pool: PgPool, server_id: Uuid, heard: broadcast::Sender<Watchers>) {
    loop {
        if let Err(error) = hear(&pool, server_id, &heard).await {
            tracing::warn!(kind = error_kind(&error), "hints of other servers are not heard for a while");
        }
        tokio::time::sleep(REOPEN_AFTER).await;
    }
}

async fn hear(pool: &PgPool, server_id: Uuid, heard: &broadcast::Sender<Watchers>) -> sqlx::Result<()> {
    let mut listener = PgListener::connect_with(pool).await?;
    listener.listen(CHANNEL).await?;
    loop {
        let notice = listener.recv().await?;
        let mut ids = notice.payload().split(' ').filter_map(|id| Uuid::parse_str(id).ok());
        if ids.next() != Some(server_id) {
            let _ = heard.send(Arc::new(ids.map(WorkerId).collect()));
        }
    }
}

fn error_kind(error: &sqlx::Error) -> &'static str {
    match error {
        sqlx::Error::Database(_) => "database",
        sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed => "pool",
        _ => "connection",
    }
}
