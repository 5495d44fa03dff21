//! Bringing data in from other programs. Reading is pure; only `caseload` and `store` know the database.
//!
//! docs/import.md describes the file for those who make it.

mod caseload;
mod columns;
mod duplicates;
mod language;
mod merge;
mod phone;
mod rejected;
mod report;
mod row;
mod sheet;
mod store;

use std::path::PathBuf;

use domain::{AgencyId, DateTime};
use sqlx::PgPool;

pub use duplicates::Likeness;
pub use report::{Duplicate, Rejected, Report};
pub use row::CellProblem;
pub use sheet::SheetError;

use crate::records::{self, RecordsError};

/// `doorstep import`
#[derive(Clone, Debug, clap::Args)]
pub struct ImportArgs {
    #[command(subcommand)]
    pub what: What,
}

/// What is imported.
#[derive(Clone, Debug, clap::Subcommand)]
pub enum What {
    /// Clients with their worker, programme and contact details, from a CSV file (docs/import.md lists its columns).
    Caseload(CaseloadArgs),
}

/// `doorstep import caseload`
#[derive(Clone, Debug, clap::Args)]
pub struct CaseloadArgs {
    /// The CSV file, in UTF-8.
    pub file: PathBuf,
    /// The agency's name or id; needed only where the database holds more than one.
    #[arg(long)]
    pub agency: Option<String>,
    /// Only say what would happen.
    #[arg(long)]
    pub dry_run: bool,
}

/// Why an import did not happen, or not to its end. Each says how to go on.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    #[error("{} cannot be opened: {error}.", .path.display())]
    Open { path: PathBuf, error: std::io::Error },
    #[error("{0} Nothing was imported.")]
    Sheet(#[from] SheetError),
    #[error("The file names its columns but has no rows. Nothing was imported.")]
    NoRows,
    #[error("The file could not be read to its end: {0}. What came before is imported; the same import again goes on.")]
    Row(#[from] csv::Error),
    #[error("{} cannot be written: {error}. Run the import again when it can.", .path.display())]
    RejectedFile { path: PathBuf, error: std::io::Error },
    #[error("The database holds no agency yet. `doorstep demo` makes one to try things out.")]
    NoAgency,
    #[error("There is no agency “{wanted}”. These are there: {}.", .there.join(", "))]
    UnknownAgency { wanted: String, there: Vec<String> },
    #[error("The database holds several agencies: say --agency and one of {}.", .0.join(", "))]
    SeveralAgencies(Vec<String>),
    #[error("The import stopped at line {0}: {1}. The rows before it are imported; the same import again goes on.")]
    Stopped(u64, RecordsError),
    #[error(transparent)]
    Records(#[from] RecordsError),
    #[error("The database failed: {0}.")]
    Database(#[from] sqlx::Error),
}

/// Carries out `doorstep import` and answers with what to tell. The pool is the owner's.
///
/// # Errors
/// The file as a whole makes no sense, or the database failed.
pub async fn run(owner: &PgPool, args: &ImportArgs, now: DateTime) -> Result<Report, ImportError> {
    let What::Caseload(args) = &args.what;
    let mut connection = owner.acquire().await?;
    let agency_id = choose_agency(records::list_agencies(&mut connection).await?, args.agency.as_deref())?;
    drop(connection);
    // A day has begun when it has begun somewhere: an agency may be ahead of this machine's clock.
    let today = now.at_offset(14 * 60).date();
    caseload::import(owner, agency_id, &args.file, args.dry_run, today).await
}

fn choose_agency(agencies: Vec<(AgencyId, String)>, wanted: Option<&str>) -> Result<AgencyId, ImportError> {
    let names = || agencies.iter().map(|(_, name)| name.clone()).collect();
    match (wanted, agencies.as_slice()) {
        (_, []) => Err(ImportError::NoAgency),
        (None, [(only, _)]) => Ok(*only),
        (None, _) => Err(ImportError::SeveralAgencies(names())),
        (Some(wanted), _) => {
            let found = agencies.iter().filter(|(id, name)| domain::fold(name) == domain::fold(wanted) || id.to_string() == wanted);
            match found.collect::<Vec<_>>().as_slice() {
                [(id, _)] => Ok(*id),
                [] => Err(ImportError::UnknownAgency { wanted: wanted.to_owned(), there: names() }),
                several => Err(ImportError::SeveralAgencies(several.iter().map(|(id, name)| format!("{id} ({name})")).collect())),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn agency(number: u128, name: &str) -> (AgencyId, String) {
        (AgencyId(uuid::Uuid::from_u128(number)), name.to_owned())
    }

    #[test]
    fn the_only_agency_needs_no_name() {
        assert_eq!(choose_agency(vec![agency(1, "North")], None).expect("the one"), agency(1, "North").0);
        assert!(matches!(choose_agency(Vec::new(), None), Err(ImportError::NoAgency)));
    }

    #[test]
    fn one_of_several_is_chosen_by_name_or_id() {
        let agencies = || vec![agency(1, "North"), agency(2, "South Side"), agency(3, "North")];
        assert!(matches!(choose_agency(agencies(), None), Err(ImportError::SeveralAgencies(_))));
        assert_eq!(choose_agency(agencies(), Some("south side")).expect("by name"), agency(2, "").0);
        assert!(matches!(choose_agency(agencies(), Some("north")), Err(ImportError::SeveralAgencies(_))));
        let id = agency(3, "").0;
        assert_eq!(choose_agency(agencies(), Some(&id.to_string())).expect("by id"), id);
        assert!(matches!(choose_agency(agencies(), Some("West")), Err(ImportError::UnknownAgency { .. })));
    }
}
