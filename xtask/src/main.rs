//! The build tool: the browser half, a private PostgreSQL, and the runs behind `make run`, `test`, `watch`,
//! `check`, `chaos`, `soak`, `bench`, `screens` and `lighthouse`.
//! Used by the Makefile only. Of the product it knows the words, which it writes into the site: everything else it builds and starts, and reads
//! nothing of what it means.

mod bench;
mod cache;
mod chaos;
mod check;
mod database;
mod deny;
mod faults;
mod lighthouse;
mod office;
mod postgres_user;
mod project;
mod report;
mod run;
mod sbom;
mod screens;
mod site;
mod soak;
mod sqlx;
mod stopping;
mod wasm;
mod watch;
mod web;

use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

use crate::chaos::Size;
use crate::database::Cluster;
use crate::office::Database;
use crate::project::Project;
use crate::web::Profile;

/// Builds, runs and tests Doorstep.
#[derive(Parser)]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Build the browser half into target/site.
    Web {
        #[arg(long, value_enum, default_value_t = Profile::WasmRelease)]
        profile: Profile,
    },
    /// Build, start a database where none is named, and serve until Ctrl-C.
    Run,
    /// As run, and build again after every change.
    Watch,
    /// Every check that needs no browser.
    Check,
    /// Every check.
    Test,
    /// Let devices write against a server and a PostgreSQL that keep failing, and count every note.
    Chaos {
        /// How many notes are written.
        #[arg(long, env = "NOTES", default_value_t = Size::FULL.notes)]
        notes: u64,
        /// By how many devices.
        #[arg(long, env = "DEVICES", default_value_t = Size::FULL.devices)]
        devices: u64,
        /// Repeats the choices of an earlier run, which printed it.
        #[arg(long, env = "SEED")]
        seed: Option<u32>,
    },
    /// For a night: the model with 20,000 seeds, and the whole chaos run.
    Soak,
    /// End the PostgreSQL of a chaos run as a power cut would, and start it again; for that run only.
    #[command(hide = true)]
    RestartChaos,
    /// Measure the release builds.
    Bench,
    /// Take pictures of the main job in every language, and make one sheet of them.
    Screens,
    /// Let Lighthouse judge the pages that a worker waits for.
    Lighthouse,
    /// Write docs/faults.md anew from the logs of the last `test`.
    Faults,
    /// Write target/sbom/doorstep.cdx.json: everything that the product is made of.
    Sbom,
    /// Write .sqlx anew from the migrations and the queries.
    Sqlx,
    /// The private PostgreSQL under .data.
    Database {
        #[command(subcommand)]
        action: DatabaseAction,
    },
}

#[derive(Subcommand)]
enum DatabaseAction {
    /// Create it where there is none, and start it.
    Start,
    /// Stop it; the data stays.
    Stop,
    /// Print its address for DATABASE_URL.
    Url,
    /// Open psql on the database of `run`; where that is stopped it runs until psql ends.
    Psql,
    /// Take a new base back-up and drop the archive that it makes unnecessary.
    BackUp,
    /// Put the base back-up and the archive in the place of the data.
    Restore,
    /// Stop it and remove its data and its back-up.
    Remove,
}

fn main() -> ExitCode {
    match Project::find().and_then(|project| perform(&project, &Arguments::parse().task)) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("doorstep: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn perform(project: &Project, task: &Task) -> Result<ExitCode> {
    match task {
        Task::Web { profile } => web::build(project, *profile)?,
        Task::Run => run::run(project)?,
        Task::Watch => watch::watch(project)?,
        Task::Check => return check::check(project),
        Task::Test => return check::test(project),
        Task::Chaos { notes, devices, seed } => return chaos::chaos(project, Size { notes: *notes, devices: *devices, seed: *seed }),
        Task::Soak => return soak::soak(project),
        Task::RestartChaos => chaos::restart_postgres(project)?,
        Task::Bench => bench::bench(project)?,
        Task::Screens => screens::screens(project)?,
        Task::Lighthouse => lighthouse::lighthouse(project)?,
        Task::Faults => check::write_faults(project)?,
        Task::Sbom => println!("{}", sbom::write(project)?.display()),
        Task::Sqlx => sqlx::update(project)?,
        Task::Database { action } => tend(project, action)?,
    }
    Ok(ExitCode::SUCCESS)
}

fn tend(project: &Project, action: &DatabaseAction) -> Result<()> {
    let cluster = || Cluster::of_people(project);
    match action {
        DatabaseAction::Start => {
            let cluster = cluster()?;
            cluster.start()?;
            cluster.create_database("doorstep")?;
            println!("{}", cluster.url("doorstep"));
        }
        DatabaseAction::Stop => cluster()?.stop()?,
        DatabaseAction::Url => println!("{}", cluster()?.url("doorstep")),
        DatabaseAction::Psql => {
            let database = Database::open(project)?;
            database.prompt().and(database.close())?;
        }
        DatabaseAction::BackUp => cluster()?.back_up()?,
        DatabaseAction::Restore => cluster()?.restore()?,
        DatabaseAction::Remove => cluster()?.remove()?,
    }
    Ok(())
}
