//! `make chaos`: devices that write against a server and a PostgreSQL that keep failing, in a cluster of the run's own.

use std::env;
use std::fs;
use std::process::{Command, ExitCode};

use anyhow::{Context, Result};

use crate::check::PRODUCT;
use crate::database::Cluster;
use crate::project::{Project, run, say};
use crate::report::{Report, Runner};
use crate::stopping::Stopping;

/// Name of the cluster; [`restart_postgres`] works on this one only.
const CLUSTER: &str = "chaos";

/// How much a run writes, and by how many.
#[derive(Clone, Copy)]
pub(crate) struct Size {
    pub(crate) notes: u64,
    pub(crate) devices: u64,
    /// Where all choices come from; the run makes one up if there is none.
    pub(crate) seed: Option<u32>,
}

impl Size {
    /// The short run, which is one of the tests.
    pub(crate) const SHORT: Self = Self { notes: 500, devices: 5, seed: None };
    /// The whole run.
    pub(crate) const FULL: Self = Self { notes: 10_000, devices: 20, seed: None };
}

/// Builds, runs, and removes the cluster; the run itself says how it went.
///
/// # Errors
/// When something can't be built, or the cluster can't be made or removed.
pub(crate) fn chaos(project: &Project, size: Size) -> Result<ExitCode> {
    // Ctrl-C ends the run; this tool goes on and takes the cluster away.
    let _stopping = Stopping::listen()?;
    say("building the server and the devices (some minutes the first time)");
    run(&mut build(project))?;
    with_cluster(project, |cluster| {
        let status = command(project, cluster, size)?.status().context("the run could not be started")?;
        Ok(if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    })
}

/// The same as a step of a longer run, where it counts as one test; its log has the seed.
///
/// # Errors
/// As for [`chaos`]; a failed run is counted instead.
pub(crate) fn check(project: &Project, report: &mut Report, size: Size) -> Result<()> {
    if !report.work("chaos build", || run(&mut build(project)))? {
        report.cannot_run("chaos", "it does not compile");
        return Ok(());
    }
    with_cluster(project, |cluster| report.step("chaos", &Runner::Whole, &mut command(project, cluster, size)?).map(drop))
}

/// The command that compiles what a run needs: debug builds, as in the tests, because they also say where a number overflows.
fn build(project: &Project) -> Command {
    let mut command = project.cargo(&["build", "--quiet", "--bin", "doorstep", "--example", "chaos"]);
    command.args(PRODUCT);
    command
}

/// Makes an empty cluster for `work`, and takes it away again.
///
/// # Errors
/// When it can't be made or removed, and those of `work`.
fn with_cluster<T>(project: &Project, work: impl FnOnce(&Cluster) -> Result<T>) -> Result<T> {
    let cluster = Cluster::emptied(project, CLUSTER)?;
    cluster.start()?;
    let done = work(&cluster);
    cluster.remove()?;
    done
}

/// The command that runs it.
///
/// # Errors
/// When the folder for its logs can't be emptied, or this program does not know where it lies.
fn command(project: &Project, cluster: &Cluster, size: Size) -> Result<Command> {
    let logs = project.target.join("chaos");
    if logs.exists() {
        fs::remove_dir_all(&logs).with_context(|| format!("{} can't be removed", logs.display()))?;
    }
    let tool = env::current_exe().context("this program's own path is unknown")?;
    let mut command = Command::new(project.target.join("debug/examples/chaos"));
    command.current_dir(&project.root).env("DATABASE_URL", cluster.url("postgres"));
    command.env("DOORSTEP_BIN", project.server("debug")).env("DOORSTEP_CHAOS_DIR", logs);
    command.env("DOORSTEP_RESTART_POSTGRES", format!("{}\nrestart-chaos", tool.display()));
    command.env("NOTES", size.notes.to_string()).env("DEVICES", size.devices.to_string());
    command.env("SEED", size.seed.map(|seed| seed.to_string()).unwrap_or_default());
    Ok(command)
}

/// Ends the PostgreSQL of the present run as a power cut would, and starts it again. The run calls this.
///
/// # Errors
/// When there is none, or it does not come back.
pub(crate) fn restart_postgres(project: &Project) -> Result<()> {
    Cluster::existing(project, CLUSTER)?.crash_and_start()
}
