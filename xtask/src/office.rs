//! The server as a process, and the database it is given.

use std::process::{Child, Command};
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use rustix::process::{Pid, Signal, kill_process};

use crate::database::Cluster;
use crate::project::{Project, run, say};
use crate::stopping::Stopping;

/// Between two looks at a process or at files.
pub(crate) const GLANCE: Duration = Duration::from_millis(100);

/// The server finishes its requests first (it allows them 10 s); after this it is ended.
const GRACE: Duration = Duration::from_secs(15);

/// The database that `make run` and `make watch` work on.
pub(crate) enum Database {
    /// The caller's, named in DATABASE_URL; it is never started or stopped here.
    Theirs(String),
    /// The private cluster, and whether it was started for this run.
    Ours { cluster: Cluster, started: bool },
}

impl Database {
    /// Opens the caller's database or starts the private cluster.
    ///
    /// # Errors
    /// When the private cluster can't be made or started.
    pub(crate) fn open(project: &Project) -> Result<Self> {
        if let Some(url) = std::env::var("DATABASE_URL").ok().filter(|url| !url.is_empty()) {
            say("using the database of DATABASE_URL");
            return Ok(Self::Theirs(url));
        }
        let cluster = Cluster::of_people(project)?;
        let started = cluster.start()?;
        cluster.create_database("doorstep")?;
        Ok(Self::Ours { cluster, started })
    }

    /// Its address.
    pub(crate) fn url(&self) -> String {
        match self {
            Self::Theirs(url) => url.clone(),
            Self::Ours { cluster, .. } => cluster.url("doorstep"),
        }
    }

    /// Opens PostgreSQL's own prompt.
    ///
    /// # Errors
    /// When psql reports failure.
    pub(crate) fn prompt(&self) -> Result<()> {
        match self {
            Self::Theirs(url) => run(Command::new("psql").arg(url)),
            Self::Ours { cluster, .. } => cluster.prompt("doorstep"),
        }
    }

    /// Stops what [`Database::open`] started.
    ///
    /// # Errors
    /// When it does not stop.
    pub(crate) fn close(self) -> Result<()> {
        match self {
            Self::Ours { cluster, started: true } => cluster.stop(),
            _ => Ok(()),
        }
    }
}

/// Compiles the server for development.
///
/// # Errors
/// When it does not compile.
pub(crate) fn build(project: &Project) -> Result<()> {
    say("building the server (about 7 min the first time, 20 s after a change)");
    run(&mut project.cargo(&["build", "-p", "server", "--bin", "doorstep"]))
}

/// A server that was started here.
pub(crate) struct Office(Child);

impl Office {
    /// Starts the server on a database; it prints its address and the demo accounts itself.
    ///
    /// # Errors
    /// When the program can't be started.
    pub(crate) fn open(project: &Project, database: &Database) -> Result<Self> {
        let mut command = Command::new(project.server("debug"));
        command.args(["serve", "--demo-if-empty"]).current_dir(&project.root);
        command.env("DATABASE_URL", database.url()).env("DOORSTEP_SITE", project.site());
        Ok(Self(command.spawn().context("the server could not be started")?))
    }

    /// Waits until the server ends by itself, which is a failure, or somebody asks to stop.
    ///
    /// # Errors
    /// When the server ended unasked.
    pub(crate) fn attend(mut self, stopping: &Stopping) -> Result<()> {
        while !stopping.asked() {
            if let Some(status) = self.0.try_wait()? {
                // A terminal's Ctrl-C reaches the server as well, and it may be the faster one.
                if stopping.asked() || status.success() {
                    return Ok(());
                }
                bail!("the server ended ({status}); its own message is above");
            }
            sleep(GLANCE);
        }
        self.close()
    }

    /// True while it runs.
    ///
    /// # Errors
    /// When the system can't say.
    pub(crate) fn is_open(&mut self) -> Result<bool> {
        Ok(self.0.try_wait()?.is_none())
    }

    /// Asks it to end, waits, and ends it when it does not.
    ///
    /// # Errors
    /// When the system refuses.
    pub(crate) fn close(mut self) -> Result<()> {
        let deadline = Instant::now() + GRACE;
        if self.is_open()? {
            let pid = i32::try_from(self.0.id()).ok().and_then(Pid::from_raw).context("a process has a number")?;
            kill_process(pid, Signal::TERM).ok();
        }
        while self.is_open()? {
            if Instant::now() > deadline {
                self.0.kill()?;
            }
            sleep(GLANCE);
        }
        Ok(())
    }
}
