//! Workers: colleagues' names for everybody, accounts for the sessions.

use domain::{AgencyId, Term, Worker, WorkerId};
use sqlx::PgConnection;
use uuid::Uuid;

use super::{RecordsError, all_written, column, term};

/// Makes a worker with an account; as the owner. The password arrives hashed (Argon2id, PHC string).
///
/// # Errors
/// The database failed, or the e-mail or the id is taken.
pub async fn create_worker(
    tx: &mut PgConnection,
    agency_id: AgencyId,
    worker: &Worker,
    email: &str,
    password_hash: &str,
) -> Result<(), RecordsError> {
    sqlx::query!(
        "insert into workers (agency_id, worker_id, email, password_hash, name, role) values ($1, $2, lower($3), $4, $5, $6)",
        agency_id.0,
        worker.id.0,
        email,
        password_hash,
        worker.name,
        worker.role.code()
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// The worker of an agency with this e-mail, in any case of letters; as the owner.
///
/// # Errors
/// The database failed.
pub async fn find_worker_by_email(tx: &mut PgConnection, agency_id: AgencyId, email: &str) -> Result<Option<WorkerId>, RecordsError> {
    let found = sqlx::query_scalar!("select worker_id from workers where agency_id = $1 and email = lower($2)", agency_id.0, email);
    Ok(found.fetch_optional(tx).await?.map(WorkerId))
}

pub(super) async fn load(tx: &mut PgConnection, agency_id: AgencyId, ids: &[Uuid]) -> Result<Vec<Worker>, RecordsError> {
    let rows = sqlx::query!("select worker_id, name, role from workers where agency_id = $1 and worker_id = any ($2)", agency_id.0, ids)
        .fetch_all(tx)
        .await?;
    let worker = |id, name, role: String| Ok(Worker { id: WorkerId(id), name, role: term(&role, "workers", id)? });
    rows.into_iter().map(|row| worker(row.worker_id, row.name, row.role)).collect()
}

/// Names and roles only; accounts are made by [`create_worker`].
pub(super) async fn save(tx: &mut PgConnection, agency_id: AgencyId, workers: &[&Worker]) -> Result<(), RecordsError> {
    if workers.is_empty() {
        return Ok(());
    }
    let done = sqlx::query!(
        "update workers w set name = n.name, role = n.role
         from unnest($2::uuid[], $3::text[], $4::text[]) as n (worker_id, name, role)
         where w.agency_id = $1 and w.worker_id = n.worker_id",
        agency_id.0,
        &column(workers, |worker| worker.id.0),
        &column(workers, |worker| worker.name.clone()),
        &column(workers, |worker| worker.role.code().to_owned()),
    )
    .execute(tx)
    .await?;
    all_written(&done, workers.len(), "workers")
}
