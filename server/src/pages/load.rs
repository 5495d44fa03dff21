//! What a page is drawn from, read as the worker who asked for it.

use domain::{CaseId, Record};
use sqlx::PgPool;

use crate::{
    db,
    identity::Identity,
    problem::Problem,
    records::{self, Need},
};

/// The records of a page.
pub(super) struct Loaded {
    pub(super) records: Vec<Record>,
    /// Whether the client whose page it is is there, and the worker may see them.
    pub(super) found: bool,
}

/// Reads a page's records in one moment. That somebody looked at a client is in the audit trail before they see anything.
pub(super) async fn load(pool: &PgPool, identity: &Identity, need: Need) -> Result<Loaded, Problem> {
    if need == Need::Nothing {
        return Ok(Loaded { records: Vec::new(), found: true });
    }
    let mut tx = db::begin_reading_as(pool, identity).await?;
    let records = records::load_page(&mut tx, identity, need).await?;
    tx.commit().await?;
    let Need::Client(case_id) = need else { return Ok(Loaded { records, found: true }) };
    let found = records.iter().any(|record| matches!(record, Record::Case(case) if case.id == case_id));
    record_reading(pool, identity, case_id, if found { "read" } else { "denied" }).await?;
    Ok(Loaded { records, found })
}

async fn record_reading(pool: &PgPool, identity: &Identity, case_id: CaseId, result: &str) -> sqlx::Result<()> {
    let mut tx = db::begin_as(pool, identity).await?;
    sqlx::query!(
        "insert into audit_events (agency_id, worker_id, action, kind, entity_id, result) values ($1, $2, 'page.client', 'case', $3, $4)",
        identity.agency_id.0,
        identity.worker_id.0,
        case_id.0,
        result,
    )
    .execute(&mut *tx)
    .await?;
    tx.commit().await
}
