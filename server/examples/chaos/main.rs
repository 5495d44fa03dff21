//! `make chaos`: simulated devices with the shipped client core write notes over HTTP against the real server and PostgreSQL, while a
//! proxy loses, doubles, delays, cuts and reorders requests, the server is killed, PostgreSQL is restarted, pages are killed, cases change
//! hands and clocks are wrong. Then all faults stop, every outbox has to become empty, and every note is counted.
//!
//! Environment: `NOTES`, `DEVICES`, `SEED` (one is made up and printed if there is none), `DATABASE_URL` (a cluster of the run's own, as
//! superuser), `DOORSTEP_BIN` (the server), `DOORSTEP_CHAOS_DIR` (for logs), `DOORSTEP_RESTART_POSTGRES` (a program that ends PostgreSQL as
//! a power cut would and starts it again, and its arguments, one a line).
//!
//! The last line reads `written N, received N, quarantined N, lost N, doubled N`.

mod audit;
mod chance;
mod clock;
mod compare;
mod device;
mod disk;
mod errands;
mod exchange;
mod fleet;
mod found;
mod home;
mod http;
mod ledger;
mod letters;
mod locked;
mod nemesis;
#[path = "../office/mod.rs"]
mod office;
mod oracle;
mod page;
mod proxy;
mod reassign;
mod run;
#[path = "../../tests/api/sealer.rs"]
mod sealer;
#[path = "../../tests/api/small_site.rs"]
mod small_site;
mod weather;
mod world;
mod writer;

use std::{env, fs, path::PathBuf, process::ExitCode, str::FromStr};

use anyhow::{Context, Result};
use sqlx::postgres::PgConnectOptions;

use crate::{nemesis::Tools, office::with_own_database, oracle::Verdict, run::Size};

fn main() -> ExitCode {
    let ran = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(anyhow::Error::from);
    match ran.and_then(|runtime| runtime.block_on(start())) {
        Ok((verdict, mut complaints)) => {
            if !verdict.is_good() {
                complaints.push(format!("not everything is there exactly once; beside the notes {} things", verdict.wrong_beside));
            }
            complaints.iter().for_each(|complaint| println!("FAILED: {complaint}"));
            let Verdict { written, received, quarantined, lost, doubled, .. } = verdict;
            println!("written {written}, received {received}, quarantined {quarantined}, lost {lost}, doubled {doubled}");
            if complaints.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
        }
        Err(error) => {
            println!("FAILED: the run broke off: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn start() -> Result<(Verdict, Vec<String>)> {
    let size = Size { notes: number("NOTES")?.unwrap_or(10_000), devices: number("DEVICES")?.unwrap_or(20) };
    let seed = number("SEED")?.unwrap_or_else(rand::random::<u32>);
    println!("SEED={seed} repeats the choices of this run; when things happen is the machine's choice, and can't be repeated");
    let base: PgConnectOptions = env::var("DATABASE_URL").context("set DATABASE_URL to a cluster of the run's own")?.parse()?;
    let folder = PathBuf::from(env::var("DOORSTEP_CHAOS_DIR").unwrap_or_else(|_| "target/chaos".to_owned()));
    let site = folder.join("site");
    fs::create_dir_all(&folder)?;
    small_site::write(&site)?;
    let restart = env::var("DOORSTEP_RESTART_POSTGRES").context("set DOORSTEP_RESTART_POSTGRES to what restarts the cluster")?;
    let mut restart = restart.lines().map(str::to_owned);
    let tools = Tools {
        database: base.clone(),
        program: env::var("DOORSTEP_BIN").unwrap_or_else(|_| "target/debug/doorstep".to_owned()).into(),
        site,
        log: folder.join("server.log"),
        restart_postgres: (restart.next().unwrap_or_default().into(), restart.collect()),
    };
    with_own_database(&base, "doorstep_chaos", async |database| run::run(Tools { database, ..tools }, size, u64::from(seed)).await).await
}

/// A number from the environment; none where it is absent or empty.
fn number<T: FromStr>(name: &str) -> Result<Option<T>> {
    let text = env::var(name).unwrap_or_default();
    if text.is_empty() {
        return Ok(None);
    }
    text.parse().map(Some).map_err(|_| anyhow::anyhow!("{name} is no number"))
}
