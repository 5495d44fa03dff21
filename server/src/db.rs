//! Connections, and the transactions that say for whom they act.
//!
//! The settings are local to a transaction: a connection that goes back to the pool acts for nobody, and row-level security then shows
//! it nothing.

use std::time::Duration;

use domain::{AgencyId, Term};
use sqlx::{
    AssertSqlSafe, PgPool, Postgres, Transaction,
    migrate::Migrator,
    postgres::{PgConnectOptions, PgPoolOptions},
};

use crate::identity::Identity;

/// Brings a database to the shape that this build reads and writes; run as the owner of its tables.
pub static MIGRATOR: Migrator = sqlx::migrate!("./migrations");

/// What every connection of the office's role is told first. It owns nothing and can't pass row-level security by; nothing that it sends
/// waits or holds locks for long; and each statement is planned once, because planning for exactly these arrays costs more than it saves.
/// Last, a database that was restored since begins a new life (`incarnations`), before anybody asks anything of it.
const AS_APP: &str = "\
    set role doorstep_app;\
    set lock_timeout = '5s';\
    set statement_timeout = '15s';\
    set idle_in_transaction_session_timeout = '20s';\
    set plan_cache_mode = 'force_generic_plan';\
    set application_name = 'doorstep';\
    select begin_incarnation_if_restored()";

/// A pool of the office's role `doorstep_app`. The user in `options` must be a member of it; the owner who migrated is.
///
/// # Errors
/// The database cannot be reached, or it was never migrated.
pub async fn connect_app(options: PgConnectOptions, max_connections: u32) -> sqlx::Result<PgPool> {
    PgPoolOptions::new()
        .max_connections(max_connections)
        .acquire_timeout(Duration::from_secs(10))
        // A ping before each use is one more round trip; a broken connection is noticed at its first statement, and that is tried again.
        .test_before_acquire(false)
        .after_connect(|connection, _| Box::pin(async move { sqlx::raw_sql(AS_APP).execute(connection).await.map(drop) }))
        .connect_with(options)
        .await
}

/// A small pool of the owner, for migrations, imports and the demo.
///
/// # Errors
/// The database cannot be reached.
pub async fn connect_owner(options: PgConnectOptions) -> sqlx::Result<PgPool> {
    PgPoolOptions::new().max_connections(4).acquire_timeout(Duration::from_secs(30)).connect_with(options).await
}

/// Begins a transaction in which `identity` reads and writes what they may.
///
/// # Errors
/// The database did not answer.
pub async fn begin_as(pool: &PgPool, identity: &Identity) -> sqlx::Result<Transaction<'static, Postgres>> {
    begin(pool, "begin", identity).await
}

/// Begins a transaction that only reads, and sees one moment throughout.
///
/// # Errors
/// The database did not answer.
pub async fn begin_reading_as(pool: &PgPool, identity: &Identity) -> sqlx::Result<Transaction<'static, Postgres>> {
    begin(pool, "begin isolation level repeatable read read only", identity).await
}

/// Begins a transaction of the owner in one agency: for imports, the demo and repairs. The pool is [`connect_owner`]'s.
///
/// # Errors
/// The database did not answer.
pub async fn begin_in_agency(pool: &PgPool, agency_id: AgencyId) -> sqlx::Result<Transaction<'static, Postgres>> {
    pool.begin_with(AssertSqlSafe(format!("begin; set local app.agency_id = '{agency_id}'"))).await
}

/// The same to read only, at one moment throughout.
///
/// # Errors
/// The database did not answer.
pub async fn begin_reading_in_agency(pool: &PgPool, agency_id: AgencyId) -> sqlx::Result<Transaction<'static, Postgres>> {
    let begin = format!("begin isolation level repeatable read read only; set local app.agency_id = '{agency_id}'");
    pool.begin_with(AssertSqlSafe(begin)).await
}

/// One round trip. What is put into the text are two UUIDs and a word of a closed list, so nothing in it needs quoting.
async fn begin(pool: &PgPool, begin: &'static str, identity: &Identity) -> sqlx::Result<Transaction<'static, Postgres>> {
    let Identity { agency_id, worker_id, role, .. } = identity;
    let role = role.code();
    let statement =
        format!("{begin}; set local app.agency_id = '{agency_id}'; set local app.worker_id = '{worker_id}'; set local app.role = '{role}'");
    // A request is dropped when its browser goes away. sqlx rolls back what has begun, but not what is just beginning: the connection
    // would go back to the pool acting for this worker. In a task of its own it always gets to its end.
    let pool = pool.clone();
    let beginning = tokio::spawn(async move { pool.begin_with(AssertSqlSafe(statement)).await });
    beginning.await.map_err(|_| sqlx::Error::WorkerCrashed)?
}
