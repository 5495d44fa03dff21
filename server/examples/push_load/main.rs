//! `make bench`, the server's part: how many signed notes a second, beside what pgbench reaches with the same rows in the same tables of
//! the same cluster, and how long a pull takes at a million notes.
//!
//! Environment: `DATABASE_URL` (a role that may create databases), `DOORSTEP_BIN` (the server, built for release), `DOORSTEP_SITE`,
//! `DOORSTEP_BENCH_DIR` (where server.json is written), `DOORSTEP_BENCH_NOTES` (how many notes the database holds; a million unless told),
//! `DOORSTEP_BENCH_SECONDS` (how long each load lasts; 8 unless told).

mod http;
#[path = "../office/mod.rs"]
mod office;
mod pgbench;
mod report;
mod seed;

use std::{
    env,
    num::ParseIntError,
    path::{Path, PathBuf},
    str::FromStr,
    time::{Duration, Instant},
};

use anyhow::{Context, Result};
use domain::{Command, ContactMode, DateTime, NoteId, Purpose, Reached, ScopeId, Sensitivity, SignNote};
use serde_json::json;
use sqlx::postgres::PgConnectOptions;
use sync::wire::{DeviceId, Held, Mid, Mutation, PullRequest, PullResponse, PushRequest, PushResponse, RegisterDevice, Status};
use uuid::Uuid;

use crate::{
    http::Caller,
    office::{Program, with_own_database},
    report::{Report, median, percentile},
    seed::{CASES_PER_DEVICE, PASSWORD, Seed},
};

const NOTES_PER_PUSH: usize = 100;

fn main() -> Result<()> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(run())
}

async fn run() -> Result<()> {
    let base: PgConnectOptions = env::var("DATABASE_URL").context("set DATABASE_URL to a cluster for the bench")?.parse()?;
    let folder = PathBuf::from(env::var("DOORSTEP_BENCH_DIR").unwrap_or_else(|_| "target/bench".to_owned()));
    let notes = number("DOORSTEP_BENCH_NOTES", 1_000_000)?;
    let lasts = Duration::from_secs(number("DOORSTEP_BENCH_SECONDS", 8)?);

    let report = with_own_database(&base, "doorstep_load", async |database| measure(database, notes, lasts, &folder).await).await?;
    report.print();
    report.write(&folder.join("server.json"))
}

/// A whole number from the environment.
fn number<T: FromStr<Err = ParseIntError>>(name: &'static str, unless_told: T) -> Result<T> {
    match env::var(name) {
        Ok(text) => text.parse().with_context(|| format!("{name} is not a whole number")),
        Err(_) => Ok(unless_told),
    }
}

async fn measure(database: PgConnectOptions, notes: i64, lasts: Duration, folder: &Path) -> Result<Report> {
    println!("seeding {notes} notes");
    let seed = Seed::plant(&database, notes).await?;
    let program = env::var("DOORSTEP_BIN").unwrap_or_else(|_| "target/release/doorstep".to_owned());
    let site = env::var("DOORSTEP_SITE").unwrap_or_else(|_| "target/site".to_owned());
    let mut server = Program::start(Path::new(&program), &database, Path::new(&site), &folder.join("server.log"))?;
    let mut report = Report::default();
    measure_pulls(&server, notes, &mut report).await?;
    let load = Load { server: &server, seed: &seed, database: &database, lasts };
    for devices in [8, 32] {
        load.measure(devices, 1, 60.0, &mut report).await?;
    }
    load.measure(8, NOTES_PER_PUSH, 50.0, &mut report).await?;
    measure_queue(&server, &mut report).await?;
    anyhow::ensure!(!server.has_ended()?, "the server ended under the load");
    Ok(report)
}

async fn sign_in(server: &Program, email: &str) -> Result<Caller> {
    let mut caller = Caller::connect(server.address).await?;
    caller.sign_in(email, PASSWORD).await?;
    Ok(caller)
}

/// A worker's whole caseload, then pulls that bring nothing.
async fn measure_pulls(server: &Program, notes: i64, report: &mut Report) -> Result<()> {
    let mut caller = sign_in(server, seed::READER).await?;
    let device_id = DeviceId(Uuid::now_v7());
    register(&mut caller, device_id).await?;
    let mut request = PullRequest {
        device_id: Some(device_id),
        generation: 0,
        incarnation: None,
        scopes: Default::default(),
        first: None,
        limit_bytes: 1024 * 1024,
    };
    let begun = Instant::now();
    let mut records = 0;
    loop {
        let response: PullResponse = caller.post("/sync/v1/pull", &json!(request)).await?;
        request.incarnation = Some(response.incarnation);
        for delta in &response.scopes {
            records += delta.records.len();
            request.scopes.insert(delta.scope_id, Held { epoch: delta.epoch, head: delta.through });
        }
        if !response.more {
            break;
        }
    }
    let at = format!("{} notes in the database", notes);
    report.line(&format!("first sync of {records} records, without the browser"), &at, begun.elapsed().as_secs_f64() * 1e3, "ms");

    let body = json!(request);
    let mut times = Vec::new();
    for _ in 0..500 {
        let begun = Instant::now();
        let response: PullResponse = caller.post("/sync/v1/pull", &body).await?;
        anyhow::ensure!(response.scopes.is_empty() && !response.more, "an idle pull brought something");
        times.push(begun.elapsed().as_secs_f64() * 1e3);
    }
    report.below("pull with nothing new, one request and its answer", &at, median(&times), "ms", 5.0);
    report.line("the same, the slowest of a hundred", &at, percentile(&times, 99), "ms");
    Ok(())
}

/// Devices that push as fast as they get answers.
struct Load<'a> {
    server: &'a Program,
    seed: &'a Seed,
    database: &'a PgConnectOptions,
    /// Each load is measured twice for this long, in turns with pgbench's, so that a slow minute of the machine meets both.
    lasts: Duration,
}

impl Load<'_> {
    /// Notes a second through the server, and through pgbench.
    async fn measure(&self, devices: usize, notes_per_push: usize, at_least_percent: f64, report: &mut Report) -> Result<()> {
        let (mut ours, mut theirs) = (Vec::new(), Vec::new());
        for _ in 0..2 {
            theirs.push(pgbench::run(self.database, self.seed, devices, notes_per_push, self.lasts)?);
            ours.push(push_for(self.server, devices, notes_per_push, self.lasts).await?);
        }
        let mean = |rates: &[f64]| rates.iter().sum::<f64>() / rates.len() as f64;
        let (ours, theirs) = (mean(&ours), mean(&theirs));
        let at = format!("{devices} devices");
        let what = if notes_per_push == 1 { "one signed note a push".to_owned() } else { format!("{notes_per_push} signed notes a push") };
        report.line(&what, &at, ours, "notes/s");
        report.line(&format!("{what}: pgbench with the same rows"), &at, theirs, "notes/s");
        report.at_least(&format!("{what}: share of pgbench"), &at, 100.0 * ours / theirs, "%", at_least_percent);
        Ok(())
    }
}

/// Lets devices push as fast as they get answers; answers how many notes a second were taken.
async fn push_for(server: &Program, devices: usize, notes_per_push: usize, lasts: Duration) -> Result<f64> {
    let mut writers = Vec::new();
    for device in 0..devices {
        // A session belongs to one device.
        let mut writer = Writer::new(sign_in(server, seed::WRITER).await?, device).await?;
        writer.push(notes_per_push).await?;
        writers.push(writer);
    }
    let begun = Instant::now();
    let tasks: Vec<_> = writers
        .into_iter()
        .map(|mut writer| {
            tokio::spawn(async move {
                let mut taken = 0;
                while begun.elapsed() < lasts {
                    writer.push(notes_per_push).await?;
                    taken += notes_per_push;
                }
                anyhow::Ok(taken)
            })
        })
        .collect();
    let mut taken = 0;
    for task in tasks {
        taken += task.await??;
    }
    Ok(taken as f64 / begun.elapsed().as_secs_f64())
}

/// One device comes back with a day's notes.
async fn measure_queue(server: &Program, report: &mut Report) -> Result<()> {
    let mut writer = Writer::new(sign_in(server, seed::WRITER).await?, 0).await?;
    let mut times = Vec::new();
    for _ in 0..40 {
        let body = writer.next(NOTES_PER_PUSH);
        let begun = Instant::now();
        writer.send(&body).await?;
        times.push(begun.elapsed().as_secs_f64() * 1e3);
    }
    report.below("push 100 queued notes, all effects and receipts", "1 device", median(&times), "ms", 150.0);
    Ok(())
}

async fn register(caller: &mut Caller, device_id: DeviceId) -> Result<()> {
    let device = RegisterDevice { device_id, enrolled: true, app_build: "bench".to_owned(), label: String::new(), keys: None };
    caller.post::<RegisterDevice>("/sync/v1/devices", &json!(device)).await.map(drop)
}

/// A device that signs notes.
struct Writer {
    caller: Caller,
    device_id: DeviceId,
    /// Which of the seeded cases are its own.
    place: usize,
    seq: u64,
    narrative: String,
}

impl Writer {
    async fn new(mut caller: Caller, place: usize) -> Result<Self> {
        let device_id = DeviceId(Uuid::now_v7());
        register(&mut caller, device_id).await?;
        Ok(Self { caller, device_id, place, seq: 0, narrative: seed::narrative() })
    }

    async fn push(&mut self, notes: usize) -> Result<()> {
        let body = self.next(notes);
        self.send(&body).await
    }

    fn next(&mut self, notes: usize) -> serde_json::Value {
        let mutations = (0..notes).map(|number| self.sign(number)).collect();
        json!(PushRequest { device_id: self.device_id, mutations })
    }

    fn sign(&mut self, number: usize) -> Mutation {
        let now = DateTime::from_unix_ms(1_790_000_000_000, 0);
        let case_id = seed::case_id(self.place * CASES_PER_DEVICE + number % CASES_PER_DEVICE);
        let command = Command::SignNote(SignNote {
            note_id: NoteId(Uuid::now_v7()),
            case_id,
            occurred_at: now,
            duration_min: 40,
            mode: ContactMode::HomeVisit,
            reached: Reached::Client,
            purpose: Purpose::Monitoring,
            narrative: self.narrative.clone(),
            goals: Vec::new(),
            tasks_done: Vec::new(),
            visit_id: None,
            sensitivity: Sensitivity::Ordinary,
            attachments: Vec::new(),
            blind_note_id: None,
        });
        self.seq += 1;
        let (kind, v, body) = Mutation::wrap(&command);
        Mutation {
            mid: Mid(Uuid::now_v7()),
            seq: self.seq,
            group_id: None,
            kind: kind.to_owned(),
            v,
            scope_id: ScopeId(Uuid::nil()),
            entity_id: command.entity_id(),
            recorded_at: now,
            app_build: "bench".to_owned(),
            body,
        }
    }

    async fn send(&mut self, body: &serde_json::Value) -> Result<()> {
        let response: PushResponse = self.caller.post("/sync/v1/push", body).await?;
        let refused = response.results.iter().find(|result| result.status != Status::Applied);
        anyhow::ensure!(refused.is_none(), "a note was not applied: {refused:?}");
        Ok(())
    }
}
