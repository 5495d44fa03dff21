//! `make check` and `make test`: every check of the house, fast ones first.

use std::path::PathBuf;
use std::process::{Command, ExitCode};

use anyhow::Result;

use crate::bench;
use crate::chaos::{self, Size};
use crate::database::Cluster;
use crate::deny;
use crate::faults;
use crate::office;
use crate::project::Project;
use crate::report::{self, Report, Runner};
use crate::sqlx;
use crate::stopping::Stopping;
use crate::web::{self, Profile};

/// The crates that people use, always named together: then every step shares one set of compiled dependencies.
pub(crate) const PRODUCT: [&str; 10] = ["-p", "domain", "-p", "sync", "-p", "words", "-p", "app", "-p", "server"];

/// Told to be quiet, cargo's tests would print dots in place of their names.
pub(crate) const NAMES_TESTS: (&str, &str) = ("CARGO_TERM_QUIET", "false");

const TESTS: &str = "tests";
const TESTS_FRONTEND: &str = "tests frontend";

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

/// Everything of [`check`], the committed query data, a short run of chaos, the browser tests on a release build, and the server's bench in
/// small; then docs/faults.md is written from the results.
///
/// # Errors
/// As for [`check`].
pub(crate) fn test(project: &Project) -> Result<ExitCode> {
    begin(project, |report, cluster| {
        check_text(project, report)?;
        report.work("queries", || sqlx::check(project, cluster))?;
        check_behaviour(project, report, cluster)?;
        chaos::check(project, report, Size::SHORT)?;
        check_in_browser(project, report, cluster)?;
        bench::check(project, report, cluster)?;
        report.work("faults", || write_faults(project))?;
        Ok(())
    })
}

/// Gives the steps an empty cluster of their own, and takes it away again.
fn begin(project: &Project, steps: impl FnOnce(&mut Report, &Cluster) -> Result<()>) -> Result<ExitCode> {
    let stopping = Stopping::listen()?;
    let mut report = Report::begin(&logs(project), stopping)?;
    let cluster = Cluster::emptied(project, "test")?;
    cluster.start()?;
    let result = steps(&mut report, &cluster);
    cluster.remove()?;
    result.map(|()| report.end())
}

fn check_text(project: &Project, report: &mut Report) -> Result<()> {
    report.step("format", &Runner::Whole, &mut project.cargo(&["fmt", "--all", "--check"]))?;
    deny::check(project, report)?;
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
    let mut tests = project.cargo(&["test", "-p", "frontend", "-p", "kdf", "-p", "strength", "--lib"]);
    report.step(TESTS_FRONTEND, &Runner::Rust, tests.env(NAMES_TESTS.0, NAMES_TESTS.1))?;
    let mut tests = project.cargo(&["test", "--no-fail-fast"]);
    let tests = tests.args(PRODUCT).env(NAMES_TESTS.0, NAMES_TESTS.1);
    report.step(TESTS, &Runner::Rust, tests.env("DATABASE_URL", cluster.url("doorstep_test")))?;
    Ok(())
}

fn check_in_browser(project: &Project, report: &mut Report, cluster: &Cluster) -> Result<()> {
    // An older report must not speak for a run that did not come so far.
    std::fs::remove_file(browser_report(project)).ok();
    let web = report.work("browser half", || web::build(project, Profile::WasmRelease))?;
    let server = report.work("server", || office::build(project))?;
    if !(web && server) {
        report.cannot_run("browser tests", "there is no build to test");
        return Ok(());
    }
    let result = browser_report(project);
    let mut playwright = Command::new("npx");
    playwright.args(["--no-install", "playwright", "test"]).current_dir(project.root.join("end2end"));
    playwright.env("DATABASE_URL", cluster.url("postgres")).env("DOORSTEP_E2E_JSON", &result);
    playwright.env("DOORSTEP_BIN", project.server("debug")).env("DOORSTEP_SITE", project.site());
    report.step("browser tests", &Runner::Playwright(result), &mut playwright)?;
    Ok(())
}

/// Writes docs/faults.md from what the last run of all suites left behind.
///
/// # Errors
/// When a suite did not run, or a fault lacks a test without a reason.
pub(crate) fn write_faults(project: &Project) -> Result<()> {
    let [frontend, tests] = [TESTS_FRONTEND, TESTS].map(|step| report::log(&logs(project), step));
    faults::write(project, &[&frontend, &tests], &browser_report(project))
}

fn logs(project: &Project) -> PathBuf {
    project.root.join("target/test-logs")
}

fn browser_report(project: &Project) -> PathBuf {
    logs(project).join("browser-tests.json")
}
