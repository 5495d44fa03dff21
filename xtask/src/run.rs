//! `make run`: build, database, server, until Ctrl-C.

use anyhow::Result;

use crate::office::{self, Database, Office};
use crate::project::Project;
use crate::stopping::Stopping;
use crate::web::{self, Profile};

/// Builds both halves and serves them until somebody asks to stop; then stops everything that it started.
///
/// # Errors
/// When something can't be built or started, or the server ends by itself.
pub(crate) fn run(project: &Project) -> Result<()> {
    web::build(project, Profile::WasmRelease)?;
    office::build(project)?;
    let stopping = Stopping::listen()?;
    let database = Database::open(project)?;
    let served = Office::open(project, &database).and_then(|office| office.attend(&stopping));
    database.close().and(served)
}
