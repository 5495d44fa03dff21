//! `make lighthouse`: what Lighthouse says about the pages that a worker waits for.

use anyhow::Result;

use crate::database::Cluster;
use crate::office;
use crate::project::{Project, run, say};
use crate::screens::playwright;
use crate::web::{self, Profile};

/// Builds, measures, prints the scores and writes target/lighthouse.
///
/// # Errors
/// When something can't be built, or a page is not accessible or not made as it should be.
pub(crate) fn lighthouse(project: &Project) -> Result<()> {
    web::build(project, Profile::WasmRelease)?;
    office::build(project)?;
    let cluster = Cluster::emptied(project, "lighthouse")?;
    cluster.start()?;
    say("asking Lighthouse (about 3 min)");
    let asked = run(&mut playwright(project, &cluster, &["--config", "lighthouse/playwright.config.ts"]));
    cluster.remove()?;
    asked
}
