//! What operators' probes ask: does the process live, and can it do its work.

use std::time::Duration;

use axum::{Json, Router, extract::State, routing::get};
use http::StatusCode;
use serde::Serialize;

use crate::{db, state::AppState};

/// A probe must hear something before it gives up.
const PATIENCE: Duration = Duration::from_secs(2);

/// Whether requests should be sent here, and what is missing.
#[derive(Serialize)]
struct Readiness {
    ready: bool,
    database: bool,
    migrations: bool,
    site: bool,
    stopping: bool,
}

/// `GET /healthz` and `GET /readyz`.
pub fn router() -> Router<AppState> {
    Router::new().route("/healthz", get(async || "ok\n")).route("/readyz", get(readiness))
}

async fn readiness(State(state): State<AppState>) -> (StatusCode, Json<Readiness>) {
    let version = tokio::time::timeout(PATIENCE, applied_version(&state)).await.ok().and_then(Result::ok);
    let wanted = db::MIGRATOR.iter().map(|migration| migration.version).max();
    let database = version.is_some();
    // A newer schema is no fault: migrations only go forward, and during an upgrade two versions serve side by side.
    let migrations = version.flatten() >= wanted;
    let stopping = state.stopping.is_cancelled();
    let ready = database && migrations && !stopping;
    let status = if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    // The browser half was read whole before the server began to listen.
    (status, Json(Readiness { ready, database, migrations, site: true, stopping }))
}

async fn applied_version(state: &AppState) -> sqlx::Result<Option<i64>> {
    // Not a checked query: sqlx makes this table itself, when it first migrates.
    sqlx::query_scalar("select max(version) from _sqlx_migrations where success").fetch_one(&state.pool).await
}
