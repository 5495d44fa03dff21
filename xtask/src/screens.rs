//! `make screens`: the main job in every language, at every width, and one picture of it all for the README.

use std::process::Command;

use anyhow::Result;

use crate::database::Cluster;
use crate::office;
use crate::project::{Project, run, say};
use crate::web::{self, Profile};

/// Builds, walks through the main job, and writes target/screens and docs/screenshots/contact-sheet.jpg.
///
/// # Errors
/// When something can't be built, or a page is not good to everybody.
pub(crate) fn screens(project: &Project) -> Result<()> {
    web::build(project, Profile::WasmRelease)?;
    office::build(project)?;
    let cluster = Cluster::emptied(project, "screens")?;
    cluster.start()?;
    say("walking through the main job (about 2 min)");
    let walked = run(&mut playwright(project, &cluster, &["tests/languages.spec.ts"]));
    cluster.remove()?;
    walked?;
    run(&mut playwright(project, &cluster, &["--config", "screens/playwright.config.ts"]))
}

/// Playwright with these arguments, on databases of this cluster.
pub(crate) fn playwright(project: &Project, cluster: &Cluster, arguments: &[&str]) -> Command {
    let mut command = Command::new("npx");
    command.args(["--no-install", "playwright", "test"]).args(arguments).current_dir(project.root.join("end2end"));
    command.env("DATABASE_URL", cluster.url("postgres"));
    command.env("DOORSTEP_BIN", project.server("debug")).env("DOORSTEP_SITE", project.site());
    command
}
