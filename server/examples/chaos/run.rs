//! One run from the first note to the verdict.

use std::{sync::Arc, time::Instant};

use anyhow::{Context, Result, ensure};
use domain::Caseload;
use server::db;
use sqlx::{ConnectOptions, Connection, postgres::PgConnectOptions};
use tokio::{sync::watch, task::JoinHandle};

use crate::{
    audit,
    chance::Chance,
    compare, device,
    disk::Disk,
    fleet::Fleet,
    home::{Gauge, Home},
    http::Line,
    ledger::Ledger,
    locked,
    nemesis::{self, Nemesis, Tools},
    oracle::{self, Verdict},
    proxy::{self, Proxy},
    reassign,
    sealer::Sealer,
    weather::Weather,
    world::World,
};

/// How much is written, and by how many.
#[derive(Clone, Copy)]
pub(crate) struct Size {
    pub(crate) notes: u64,
    pub(crate) devices: usize,
}

/// The lines of chance of those who choose; device n has the line `DEVICE + n`.
mod stream {
    pub(super) const NEMESIS: u64 = 1;
    pub(super) const PROXY: u64 = 2;
    pub(super) const REASSIGN: u64 = 3;
    pub(super) const KEYS: u64 = 4;
    pub(super) const DEVICE: u64 = 100;
}

/// Lets it all happen; answers with the verdict on the notes and with what else was not as it should be.
///
/// # Errors
/// The run could not go on.
pub(crate) async fn run(tools: Tools, size: Size, seed: u64) -> Result<(Verdict, Vec<String>)> {
    ensure!(size.notes > 0 && size.devices > 0, "without notes or devices nothing happens");
    archive_often(&tools.database).await?;
    let world = Arc::new(World::plant(&tools.database).await?);
    let weather = Arc::new(Weather::default());
    let nemesis = Nemesis::start(tools.clone(), Arc::clone(&weather), Chance::new(seed, stream::NEMESIS)).await?;
    let upstream = nemesis.upstream();
    let proxy = Proxy::start(upstream.clone(), Arc::clone(&weather), Chance::new(seed, stream::PROXY)).await?;
    let ledger = Arc::new(Ledger::default());
    let line = Line::to(proxy.address)?;
    let fleet = Arc::new(Fleet { homes: found_homes(&world, size, seed, &line, &ledger, &weather) });
    let (end, ended) = watch::channel(false);
    let mut devices = Devices(spawn_devices(&fleet, seed, &ended));

    let every = i64::try_from(size.notes / 40).unwrap_or(i64::MAX).max(50);
    let raging = tokio::spawn(nemesis.rage(Arc::clone(&fleet), every));
    let pool = db::connect_owner(tools.database.clone()).await?;
    let chance = Chance::new(seed, stream::REASSIGN);
    let (pool_there, world_there) = (pool.clone(), Arc::clone(&world));
    let changing = tokio::spawn(reassign::keep_changing(
        pool_there,
        world_there,
        Arc::clone(&fleet),
        Arc::clone(&weather),
        chance,
        (every / 10).max(3),
    ));
    let begun = Instant::now();
    let mut complaints = Vec::new();
    let hangs = |error: anyhow::Error| format!("{error:#}");

    let check = || {
        ensure!(!raging.is_finished(), "the server or PostgreSQL did not come back");
        devices.check()
    };
    // Where all was written sooner, pulls go on until each fault of the line was met.
    let met_all = || weather.missing(&proxy::every_fault()).is_empty();
    let written = fleet.wait_until("faults", |home| home.written() >= home.quota && met_all(), check).await;
    complaints.extend(written.err().map(hangs));
    weather.calm_down();
    let rounds: u64 = fleet.homes.iter().map(|home| home.rounds()).sum();
    println!("all faults stop after {} s and {rounds} whole rounds of syncing: {weather}", begun.elapsed().as_secs());
    changing.await?;
    // Held until the end: with it goes the server.
    let _nemesis = raging.await??;

    // Where something hangs already, waiting on would only take long.
    if complaints.is_empty() {
        let emptied = fleet.wait_until("calm", |home| home.levels().outbox == 0 && home.levels().registered, || devices.check()).await;
        complaints.extend(emptied.err().map(hangs));
    }
    if complaints.is_empty() {
        let rounds: Vec<u64> = fleet.homes.iter().map(|home| home.rounds()).collect();
        let pulled = |home: &Home| home.rounds() >= rounds[home.number] + 2;
        complaints.extend(fleet.wait_until("last pulls", pulled, || devices.check()).await.err().map(hangs));
    }
    end.send_replace(true);

    let verdict = oracle::judge(&pool, &ledger.all()).await?;
    let address = *upstream.borrow();
    let server = Line::to(address.context("the server is down")?)?;
    let mut differences = 0;
    for (home, shown) in fleet.homes.iter().zip(devices.end().await?) {
        differences += compare::compare_device(&pool, &server, home, &shown).await?;
    }
    if differences > 0 {
        complaints.push(format!("devices hold {differences} records otherwise than the server shows them to their workers"));
    }
    let missing = weather.missing(&[nemesis::SERVER_KILLED, nemesis::POSTGRES_RESTARTED, reassign::REASSIGNED, locked::HANDED_IN]);
    complaints.extend(audit::verify(&tools).await.err().map(hangs));
    if !missing.is_empty() {
        complaints.push(format!("the run was too small to meet: {}", missing.join(", ")));
    }
    pool.close().await;
    Ok((verdict, complaints))
}

/// Segments of the log are archived every few seconds, so that "safe" comes as soon. The cluster is the run's own.
async fn archive_often(database: &PgConnectOptions) -> Result<()> {
    let mut connection = database.connect().await?;
    for statement in ["alter system set archive_timeout = '4s'", "select pg_reload_conf()"] {
        sqlx::raw_sql(statement).execute(&mut connection).await?;
    }
    Ok(connection.close().await?)
}

fn found_homes(world: &World, size: Size, seed: u64, line: &Line, ledger: &Arc<Ledger>, weather: &Arc<Weather>) -> Vec<Arc<Home>> {
    let workers = world.workers_of(size.devices);
    let count = size.devices as u64;
    let mut keys = Chance::new(seed, stream::KEYS);
    let mut found = |number: usize| Home {
        number,
        owner: world.accounts[number % workers].clone(),
        quota: size.notes / count + u64::from((number as u64) < size.notes % count),
        disk: Disk::default(),
        sealer: make_sealer(&mut keys),
        line: line.clone(),
        ledger: Arc::clone(ledger),
        weather: Arc::clone(weather),
        gauge: Gauge::default(),
    };
    println!("{} devices of {workers} workers write {} notes", size.devices, size.notes);
    (0..size.devices).map(|number| Arc::new(found(number))).collect()
}

fn make_sealer(chance: &mut Chance) -> Sealer {
    loop {
        if let Some(sealer) = Sealer::from_bytes(&chance.key(), &chance.key()) {
            return sealer;
        }
    }
}

fn spawn_devices(fleet: &Fleet, seed: u64, ended: &watch::Receiver<bool>) -> Vec<JoinHandle<Result<Caseload>>> {
    let spawn = |home: &Arc<Home>| {
        let chance = Chance::new(seed, stream::DEVICE + home.number as u64);
        tokio::spawn(device::live(Arc::clone(home), chance, ended.clone()))
    };
    fleet.homes.iter().map(spawn).collect()
}

/// The devices at work.
struct Devices(Vec<JoinHandle<Result<Caseload>>>);

impl Devices {
    /// None of them may end by itself.
    fn check(&self) -> Result<()> {
        ensure!(!self.0.iter().any(JoinHandle::is_finished), "a device broke down");
        Ok(())
    }

    /// The records that each showed last.
    async fn end(&mut self) -> Result<Vec<Caseload>> {
        let mut shown = Vec::with_capacity(self.0.len());
        for device in self.0.drain(..) {
            shown.push(device.await??);
        }
        Ok(shown)
    }
}
