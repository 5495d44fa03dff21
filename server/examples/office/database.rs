//! A database that is there for one run only.

use anyhow::Result;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, postgres::PgConnectOptions};

/// Makes a database in the cluster of `base`, hands it to `work`, and drops it whatever came of that.
///
/// # Errors
/// The cluster does not make or drop it, or `work` failed.
pub(crate) async fn with_own_database<T>(
    base: &PgConnectOptions,
    name: &str,
    work: impl AsyncFnOnce(PgConnectOptions) -> Result<T>,
) -> Result<T> {
    let name = format!("{name}_{}", std::process::id());
    run(base, format!("create database {name}")).await?;
    let done = work(base.clone().database(&name)).await;
    run(base, format!("drop database {name} with (force)")).await?;
    done
}

/// On a connection of its own: the cluster may have been restarted since the last one.
async fn run(base: &PgConnectOptions, statement: String) -> Result<()> {
    let mut cluster = base.connect().await?;
    sqlx::raw_sql(AssertSqlSafe(statement)).execute(&mut cluster).await?;
    cluster.close().await?;
    Ok(())
}
