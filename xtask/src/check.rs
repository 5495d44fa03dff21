//! `make check` and `make test`: every check of the house, fast ones first.

use std::process::{Command, ExitCode};

use anyhow::Result;

use crate::database::Cluster;
use crate::office;
use crate::project::Project;
use crate::report::{Report, Runner};
use crate::sqlx;
use crate::stopping::Stopping;
use crate::web::{self, Profile};

/// The crates that people use, always named together: then every step shares one set of compiled dependencies.
const PRODUCT: [&str; 8] = ["-p", "domain", "-p", "sync", "-p", "app", "-p", "server"];

/// Formatting, lints, documentation and the tests that need no browser.
///
/// # Errors
/// When the run itself can't go on; failed checks are counted instead.
pub(crate) fn check(project: &Project) -> Result<ExitCode> {
    begin(project, |report, cluster| {
        check_text(project, report)?;
        check_behaviour(project, report, cluster)
    })
}

/// Everything of [`check`], the committed query data, and the browser tests on a release build.
///
/// # Errors
/// As for [`check`].
pub(crate) fn test(project: &Project) -> Result<ExitCode> {
    begin(project, |report, cluster| {
        check_text(project, report)?;
        report.work("queries", || sqlx::check(project, cluster))?;
        check_behaviour(project, report, cluster)?;
        check_in_browser(project, report, cluster)
    })
}

/// Gives the steps an empty cluster of their own, and takes it away again.
fn begin(project: &Project, steps: impl FnOnce(&mut Report, &Cluster) -> Result<()>) -> Result<ExitCode> {
    let stopping = Stopping::listen()?;
    let mut report = Report::begin(&project.root.join("target/test-logs"), stopping)?;
    let cluster = Cluster::emptied(project, "test")?;
    cluster.start()?;
    let result = steps(&mut report, &cluster);
    cluster.remove()?;
    result.map(|()| report.end())
}

fn check_text(project: &Project, report: &mut Report) -> Result<()> {
    report.step("format", &Runner::Whole, &mut project.cargo(&["fmt", "--all", "--check"]))?;
    let strict = ["--all-targets", "--", "-D", "warnings"];
    report.step("clippy xtask", &Runner::Whole, project.cargo(&["clippy", "-p", "xtask"]).args(strict))?;
    report.step("clippy", &Runner::Whole, project.cargo(&["clippy"]).args(PRODUCT).args(strict))?;
    report.step(
        "clippy wasm",
        &Runner::Whole,
        project.cargo_wasm(&["clippy", "-p", "frontend", "-p", "kdf", "-p", "strength"]).args(strict),
    )?;
    let mut doc = project.cargo(&["doc", "--no-deps"]);
    report.step("documentation", &Runner::Whole, doc.args(PRODUCT).env("RUSTDOCFLAGS", "-D warnings"))?;
    Ok(())
}

fn check_behaviour(project: &Project, report: &mut Report, cluster: &Cluster) -> Result<()> {
    cluster.create_database("doorstep_test")?;
    report.step("tests xtask", &Runner::Rust, &mut project.cargo(&["test", "-p", "xtask"]))?;
    // By itself: together with the server, `app` would be compiled for both halves at once.
    report.step(
        "tests frontend",
        &Runner::Rust,
        &mut project.cargo(&["test", "-p", "frontend", "-p", "kdf", "-p", "strength", "--lib"]),
    )?;
    let mut tests = project.cargo(&["test", "--no-fail-fast"]);
    report.step("tests", &Runner::Rust, tests.args(PRODUCT).env("DATABASE_URL", cluster.url("doorstep_test")))?;
    Ok(())
}

fn check_in_browser(project: &Project, report: &mut Report, cluster: &Cluster) -> Result<()> {
    let web = report.work("browser half", || web::build(project, Profile::WasmRelease))?;
    let server = report.work("server", || office::build(project))?;
    if !(web && server) {
        report.cannot_run("browser tests", "there is no build to test");
        return Ok(());
    }
    let result = project.root.join("target/test-logs/browser-tests.json");
    std::fs::remove_file(&result).ok();
    let mut playwright = Command::new("npx");
    playwright.args(["--no-install", "playwright", "test"]).current_dir(project.root.join("end2end"));
    playwright.env("DATABASE_URL", cluster.url("postgres")).env("DOORSTEP_E2E_JSON", &result);
    playwright.env("DOORSTEP_BIN", project.server("debug")).env("DOORSTEP_SITE", project.site());
    report.step("browser tests", &Runner::Playwright(result), &mut playwright)?;
    Ok(())
}
