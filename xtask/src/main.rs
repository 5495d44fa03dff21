//! The build tool: the browser half, a private PostgreSQL, and the runs behind `make run`, `test`, `watch`, `check` and `bench`.
//! Used by the Makefile only. It knows no product crate: it builds and starts them, and reads nothing of what they mean.

mod cache;
mod database;
mod postgres_user;
mod project;
mod site;
mod wasm;
mod web;

use anyhow::Result;
use clap::{Parser, Subcommand};

use crate::database::Cluster;
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
    /// Start, stop or name the private PostgreSQL under .data.
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
    /// Take a new base back-up and drop the archive that it makes unnecessary.
    BackUp,
}

fn main() -> Result<()> {
    let project = Project::find()?;
    match Arguments::parse().task {
        Task::Web { profile } => web::build(&project, profile),
        Task::Database { action } => {
            let cluster = Cluster::of_people(&project)?;
            match action {
                DatabaseAction::Start => cluster.start().map(|_| println!("{}", cluster.url("doorstep"))),
                DatabaseAction::Stop => cluster.stop(),
                DatabaseAction::Url => {
                    println!("{}", cluster.url("doorstep"));
                    Ok(())
                }
                DatabaseAction::BackUp => cluster.back_up(),
            }
        }
    }
}
