//! A believable agency that nobody works at: for trying Doorstep out, for its tests, benches and screenshots.
//!
//! The same seed and day always make the same records. Names, numbers and addresses are made up: telephone numbers end in 555-01xx,
//! which are kept free for that, and the streets are on no map.

mod calendar;
mod chance;
mod contact;
mod generate;
mod goal_thread;
mod grammar;
mod names;
mod people;
mod programme;
mod story;

use domain::{Date, RecordKind};
use sqlx::PgPool;

pub use generate::{AGENCY_NAME, Demo, STAFF, generate};

use crate::{
    db,
    records::{self, RecordsError},
    sessions::password::hash_password,
};

/// With which everybody of the demo agency signs in.
pub const PASSWORD: &str = "doorstep-demo";

/// How many records are written in one transaction.
const BATCH: usize = 4_000;

/// How much there shall be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DemoSize {
    pub clients: usize,
    /// For each client.
    pub notes: usize,
}

impl DemoSize {
    /// Enough to look around, and made in a few seconds.
    pub const SMALL: Self = Self { clients: 40, notes: 25 };
}

/// `doorstep demo`
#[derive(Clone, Debug, clap::Args)]
pub struct DemoArgs {
    /// How many clients.
    #[arg(long, default_value_t = 100)]
    pub clients: usize,
    /// How many notes each client has.
    #[arg(long, default_value_t = 50)]
    pub notes: usize,
    /// The same seed makes the same agency.
    #[arg(long, default_value_t = 7)]
    pub seed: u64,
}

/// Why there is no demo agency.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    #[error("the database holds {0} already; the demo is only put into an empty one (`make clean-data` makes it so)")]
    NotEmpty(String),
    #[error("--clients and --notes take numbers up to {0}")]
    TooLarge(usize),
    #[error(transparent)]
    Records(#[from] RecordsError),
    #[error("the database failed: {0}")]
    Database(#[from] sqlx::Error),
    #[error("the demo password could not be hashed: the system gives no random numbers")]
    Password,
}

/// What was put into the database.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Seeded {
    pub clients: usize,
    pub notes: usize,
    pub records: usize,
}

impl std::fmt::Display for Seeded {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        writeln!(f, "{AGENCY_NAME}: {} clients, {} notes, {} records in all.", self.clients, self.notes, self.records)?;
        writeln!(f, "Everybody signs in with the password {PASSWORD}:")?;
        for (name, email, role) in STAFF {
            writeln!(f, "  {email:<20} {name}, {}", domain::Term::code(role).replace('-', " "))?;
        }
        Ok(())
    }
}

/// Carries out `doorstep demo` and answers with what to tell.
///
/// # Errors
/// The database is not empty, or failed.
pub async fn run(owner: &PgPool, args: &DemoArgs, today: Date) -> Result<Seeded, DemoError> {
    const MOST: usize = 10_000;
    if args.clients > MOST || args.notes > MOST {
        return Err(DemoError::TooLarge(MOST));
    }
    seed(owner, DemoSize { clients: args.clients, notes: args.notes }, args.seed, today).await
}

/// Whether no agency is in the database yet.
///
/// # Errors
/// The database failed.
pub async fn is_empty(owner: &PgPool) -> Result<bool, DemoError> {
    let mut connection = owner.acquire().await?;
    Ok(records::list_agencies(&mut connection).await?.is_empty())
}

/// Puts the demo agency into an empty database: all of it or, where something fails, nothing. The pool is the owner's.
///
/// # Errors
/// The database holds an agency already, or failed.
pub async fn seed(owner: &PgPool, size: DemoSize, seed: u64, today: Date) -> Result<Seeded, DemoError> {
    let mut connection = owner.acquire().await?;
    if let Some((_, name)) = records::list_agencies(&mut connection).await?.into_iter().next() {
        return Err(DemoError::NotEmpty(format!("the agency “{name}”")));
    }
    drop(connection);
    // Neither the hash nor the story may keep the threads that serve.
    let made = tokio::task::spawn_blocking(move || (hash_password(PASSWORD), generate(size, seed, today))).await;
    let (Ok(hash), demo) = made.map_err(|_| DemoError::Password)? else { return Err(DemoError::Password) };
    let mut tx = db::begin_in_agency(owner, demo.agency_id).await?;
    records::create_agency(&mut tx, demo.agency_id, AGENCY_NAME).await?;
    for (worker, email) in &demo.workers {
        records::create_worker(&mut tx, demo.agency_id, worker, email, &hash).await?;
    }
    for batch in demo.records.chunks(BATCH) {
        records::save(&mut tx, demo.agency_id, batch).await?;
    }
    tx.commit().await?;
    let count = |kind| demo.records.iter().filter(|record| record.kind() == kind).count();
    Ok(Seeded { clients: count(RecordKind::Person), notes: count(RecordKind::Note), records: demo.records.len() })
}

#[cfg(test)]
mod tests;
