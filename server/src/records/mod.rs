//! Records in and out of PostgreSQL: one file for each aggregate, and the few questions that span them.
//!
//! Functions take a connection; whoever owns the use case opens the transaction. Row-level security decides what they can see, so no
//! query here asks whether the worker may.

mod agencies;
pub(crate) mod amendments;
pub(crate) mod attachments;
pub(crate) mod blind_notes;
pub(crate) mod cases;
pub(crate) mod goals;
pub(crate) mod notes;
pub(crate) mod persons;
pub(crate) mod reviews;
pub(crate) mod tasks;
pub(crate) mod visits;
mod workers;

use std::collections::HashSet;

use domain::{AgencyId, CaseId, Record, RecordKind, RecordRef, Term};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::{identity::Identity, problem::Problem};

pub use agencies::{create_agency, list_agencies};
pub use persons::{find_person_by_client_number, list_client_numbers};
pub use workers::{create_worker, find_worker_by_email};

/// Why records were not read or written.
#[derive(Debug, thiserror::Error)]
pub enum RecordsError {
    #[error(transparent)]
    Database(#[from] sqlx::Error),
    /// A row that no rule would have written.
    #[error("table {table} holds a row that cannot be read: {row}")]
    Inconsistent { table: &'static str, row: Uuid },
    /// Fewer rows were written than were meant to be.
    #[error("table {table} took fewer rows than it was given")]
    NotWritten { table: &'static str },
}

impl From<RecordsError> for Problem {
    fn from(error: RecordsError) -> Self {
        match error {
            RecordsError::Database(error) => error.into(),
            RecordsError::Inconsistent { .. } | RecordsError::NotWritten { .. } => {
                tracing::error!(%error, "stored records are not as they should be");
                Self::unavailable()
            }
        }
    }
}

/// What a page that the server draws is made from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// The worker's planned visits and open tasks, what they wrote while locked, and the list of clients.
    Today,
    /// The list of clients, without their notes.
    Caseload,
    /// One case with all its records, what waits to be filed or decided, and the list of clients beside it.
    Client(CaseId),
    /// What waits for a decision, with the names that it refers to.
    Reviews,
    /// The names of those who work for the agency.
    Colleagues,
    Nothing,
}

/// Reads what one page shows, as far as the worker may see it.
///
/// # Errors
/// The database failed, or holds a row that cannot be read.
pub async fn load_page(tx: &mut PgConnection, identity: &Identity, need: Need) -> Result<Vec<Record>, RecordsError> {
    let mut wanted = match need {
        Need::Nothing => return Ok(Vec::new()),
        Need::Colleagues => list_entries(tx, &[RecordKind::Worker]).await?,
        Need::Caseload => list_entries(tx, &[RecordKind::Worker, RecordKind::Person, RecordKind::Case]).await?,
        Need::Today => list_entries(tx, &[RecordKind::Worker, RecordKind::Person, RecordKind::Case, RecordKind::BlindNote]).await?,
        Need::Client(_) | Need::Reviews => {
            let kinds = [RecordKind::Worker, RecordKind::Person, RecordKind::Case, RecordKind::BlindNote, RecordKind::Review];
            list_entries(tx, &kinds).await?
        }
    };
    match need {
        Need::Today => {
            wanted.extend(visits::list_planned(tx, identity).await?);
            wanted.extend(tasks::list_open(tx, identity).await?);
        }
        Need::Client(case_id) => wanted.extend(list_entries_of_case(tx, case_id).await?),
        Need::Caseload | Need::Reviews | Need::Colleagues | Need::Nothing => {}
    }
    load(tx, identity.agency_id, wanted).await
}

/// Reads records of any kind by their names, each once; those that are not there or not visible are left out.
///
/// # Errors
/// The database failed, or holds a row that cannot be read.
pub async fn load(
    tx: &mut PgConnection,
    agency_id: AgencyId,
    refs: impl IntoIterator<Item = RecordRef>,
) -> Result<Vec<Record>, RecordsError> {
    let mut by_kind: [Vec<Uuid>; RecordKind::ALL.len()] = Default::default();
    for record_ref in refs.into_iter().collect::<HashSet<_>>() {
        by_kind[record_ref.kind as usize].push(record_ref.id);
    }
    let mut records = Vec::new();
    for kind in RecordKind::ALL {
        let ids = &by_kind[*kind as usize];
        if ids.is_empty() {
            continue;
        }
        match kind {
            RecordKind::Worker => records.extend(workers::load(tx, agency_id, ids).await?.into_iter().map(Record::Worker)),
            RecordKind::Person => records.extend(persons::load(tx, agency_id, ids).await?.into_iter().map(Record::Person)),
            RecordKind::Case => records.extend(cases::load(tx, agency_id, ids).await?.into_iter().map(Record::Case)),
            RecordKind::Goal => records.extend(goals::load(tx, agency_id, ids).await?.into_iter().map(Record::Goal)),
            RecordKind::Note => records.extend(notes::load(tx, agency_id, ids).await?.into_iter().map(Record::Note)),
            RecordKind::Visit => records.extend(visits::load(tx, agency_id, ids).await?.into_iter().map(Record::Visit)),
            RecordKind::Task => records.extend(tasks::load(tx, agency_id, ids).await?.into_iter().map(Record::Task)),
            RecordKind::Amendment => records.extend(amendments::load(tx, agency_id, ids).await?.into_iter().map(Record::Amendment)),
            RecordKind::Attachment => records.extend(attachments::load(tx, agency_id, ids).await?.into_iter().map(Record::Attachment)),
            RecordKind::BlindNote => records.extend(blind_notes::load(tx, agency_id, ids).await?.into_iter().map(Record::BlindNote)),
            RecordKind::Review => records.extend(reviews::load(tx, agency_id, ids).await?.into_iter().map(Record::Review)),
        }
    }
    Ok(records)
}

/// Makes the stored records equal to `records`, for imports and the demo; what is equal already is not touched, so nothing of it syncs
/// again. A new case gets its scope, its worker and the agency's supervisors (migration `grant_scopes`).
///
/// The transaction is one of the owner ([`crate::db::begin_in_agency`]). Workers must exist: an e-mail and a password make one
/// ([`create_worker`]). Answers how many records were new or changed.
///
/// # Errors
/// The database failed or a constraint does not hold; nothing of the transaction should be kept then.
pub async fn save(tx: &mut PgConnection, agency_id: AgencyId, records: &[Record]) -> Result<usize, RecordsError> {
    let stored = load(tx, agency_id, records.iter().map(Record::record_ref)).await?;
    let stored: std::collections::HashMap<RecordRef, Record> = stored.into_iter().map(|record| (record.record_ref(), record)).collect();
    let changed: Vec<&Record> = records.iter().filter(|record| stored.get(&record.record_ref()) != Some(*record)).collect();

    macro_rules! of_kind {
        ($kind:ident) => {
            changed.iter().filter_map(|record| if let Record::$kind(value) = record { Some(value) } else { None }).collect::<Vec<_>>()
        };
    }
    workers::save(tx, agency_id, &of_kind!(Worker)).await?;
    persons::save(tx, agency_id, &of_kind!(Person)).await?;
    cases::save(tx, agency_id, &of_kind!(Case)).await?;
    goals::save(tx, agency_id, &of_kind!(Goal)).await?;
    notes::save(tx, agency_id, &of_kind!(Note)).await?;
    visits::save(tx, agency_id, &of_kind!(Visit)).await?;
    tasks::save(tx, agency_id, &of_kind!(Task)).await?;
    Ok(changed.len())
}

/// Names the living records of some kinds in every scope that the worker may see.
async fn list_entries(tx: &mut PgConnection, kinds: &[RecordKind]) -> Result<Vec<RecordRef>, RecordsError> {
    let codes: Vec<String> = kinds.iter().map(|kind| kind.code().to_owned()).collect();
    let rows = sqlx::query!(
        "select kind, entity_id from sync_entries
         where agency_id = app_agency() and scope_id in (select scope_id from visible_scopes) and kind = any ($1) and not deleted",
        &codes
    )
    .fetch_all(tx)
    .await?;
    rows.into_iter().map(|row| record_ref(&row.kind, row.entity_id)).collect()
}

async fn list_entries_of_case(tx: &mut PgConnection, case_id: CaseId) -> Result<Vec<RecordRef>, RecordsError> {
    let rows = sqlx::query!(
        "select kind, entity_id from sync_entries
         where agency_id = app_agency() and not deleted and scope_id in (
            select unnest(array[scope_id, restricted_scope_id]) from cases where agency_id = app_agency() and case_id = $1)",
        case_id.0
    )
    .fetch_all(tx)
    .await?;
    rows.into_iter().map(|row| record_ref(&row.kind, row.entity_id)).collect()
}

/// The record that a row of `sync_entries` names.
pub(crate) fn record_ref(kind: &str, id: Uuid) -> Result<RecordRef, RecordsError> {
    let kind = RecordKind::from_code(kind).ok_or(RecordsError::Inconsistent { table: "sync_entries", row: id })?;
    Ok(RecordRef { kind, id })
}

/// A stored word, as the term it stands for.
fn term<T: Term>(code: &str, table: &'static str, row: Uuid) -> Result<T, RecordsError> {
    T::from_code(code).ok_or(RecordsError::Inconsistent { table, row })
}

/// A stored number that must fit a smaller type.
fn narrow<T, U: TryFrom<T>>(number: T, table: &'static str, row: Uuid) -> Result<U, RecordsError> {
    U::try_from(number).map_err(|_| RecordsError::Inconsistent { table, row })
}

/// Checks that a statement wrote as many rows as it was given.
pub(crate) fn all_written(done: &sqlx::postgres::PgQueryResult, given: usize, table: &'static str) -> Result<(), RecordsError> {
    if usize::try_from(done.rows_affected()) == Ok(given) { Ok(()) } else { Err(RecordsError::NotWritten { table }) }
}

/// Makes one array of each part of the items, for `unnest`.
pub(crate) fn column<T, U>(items: &[T], part: impl FnMut(&T) -> U) -> Vec<U> {
    items.iter().map(part).collect()
}
