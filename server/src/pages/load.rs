//! What a page is drawn from, read as the worker who asked for it.

use domain::Record;
use sqlx::PgPool;

use crate::{
    audit::{self, Event},
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

/// Reads a page's records in one moment. That somebody looked is in the audit trail before they see anything.
pub(super) async fn load(pool: &PgPool, identity: &Identity, need: Need) -> Result<Loaded, Problem> {
    if need == Need::Nothing {
        return Ok(Loaded { records: Vec::new(), found: true });
    }
    let mut tx = db::begin_reading_as(pool, identity).await?;
    let records = records::load_page(&mut tx, identity, need).await?;
    tx.commit().await?;
    let is_there = |case_id| records.iter().any(|record| matches!(record, Record::Case(case) if case.id == case_id));
    let (found, event) = match need {
        Need::Nothing | Need::Colleagues => return Ok(Loaded { records, found: true }),
        Need::Today => (true, Event::read("page.today")),
        Need::Caseload => (true, Event::read("page.caseload")),
        Need::Reviews => (true, Event::read("page.reviews")),
        Need::Client(case_id) if is_there(case_id) => (true, Event::read("page.client").about("case", case_id.0)),
        Need::Client(case_id) => (false, Event::denied("page.client", "not-found").about("case", case_id.0)),
    };
    audit::record_alone(pool, identity, event).await?;
    Ok(Loaded { records, found })
}
