//! What comes in from others: licences, sources, forbidden crates, known weaknesses (`deny.toml`).

use std::process::{Command, Output};

use anyhow::{Result, bail};

use crate::project::{Project, say};
use crate::report::Report;

/// Runs cargo-deny as a step; where this machine has none, says so and goes on.
///
/// # Errors
/// When the step's log can't be written, or somebody asked to stop.
pub(crate) fn check(project: &Project, report: &mut Report) -> Result<()> {
    if Command::new("cargo-deny").arg("--version").output().is_err() {
        say("cargo-deny is not on this machine, so licences and sources were not checked: `cargo install cargo-deny --locked`");
        return Ok(());
    }
    report.work("deny", || succeed(&deny(project, &["bans", "licenses", "sources"])?))?;
    let advisories = deny(project, &["advisories"])?;
    if said(&advisories).contains("failed to fetch advisory database") {
        say("the database of known weaknesses (github.com/RustSec/advisory-db) does not answer, so it was not looked into");
        return Ok(());
    }
    report.work("advisories", || succeed(&advisories))?;
    Ok(())
}

fn deny(project: &Project, checks: &[&str]) -> Result<Output> {
    let mut command = Command::new("cargo-deny");
    command.current_dir(&project.root).args(["--locked", "check", "--hide-inclusion-graph"]).args(checks);
    Ok(command.output()?)
}

fn said(output: &Output) -> String {
    [&output.stdout, &output.stderr].map(|stream| String::from_utf8_lossy(stream).into_owned()).concat()
}

fn succeed(output: &Output) -> Result<()> {
    if !output.status.success() {
        bail!("{}", said(output));
    }
    Ok(())
}
