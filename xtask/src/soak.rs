//! `make soak`: for a night, what `make test` does in small.

use std::process::ExitCode;

use anyhow::Result;

use crate::chaos::{self, Size};
use crate::check::{NAMES_TESTS, PRODUCT};
use crate::project::{Project, say};
use crate::report::{Report, Runner};
use crate::stopping::Stopping;

/// How many histories the model of the protocol goes through.
const SEEDS: &str = "20000";

/// The model with many seeds, then the whole chaos run. Ctrl-C ends it and leaves nothing but the logs behind.
///
/// # Errors
/// When the run itself can't go on; what fails is counted instead.
pub(crate) fn soak(project: &Project) -> Result<ExitCode> {
    let stopping = Stopping::listen()?;
    let logs = project.root.join("target/soak-logs");
    let mut report = Report::begin(&logs, stopping)?;
    say(&format!("this takes a while; what happens meanwhile is written to {}", logs.display()));
    let mut model = project.cargo(&["test", "--no-fail-fast", "--test", "model"]);
    model.args(PRODUCT).env(NAMES_TESTS.0, NAMES_TESTS.1).env("DOORSTEP_SEEDS", SEEDS);
    report.step("model", &Runner::Rust, &mut model)?;
    chaos::check(project, &mut report, Size::FULL)?;
    Ok(report.end())
}
