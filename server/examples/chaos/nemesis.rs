//! Kills the server and restarts PostgreSQL, at moments that follow the work: so a slow machine meets as many as a fast one.

use std::{net::SocketAddr, path::PathBuf, process::Stdio, sync::Arc};

use anyhow::{Context, Result, ensure};
use sqlx::{ConnectOptions, Connection, postgres::PgConnectOptions};
use tokio::{process::Command, sync::watch};

use crate::{chance::Chance, fleet::Fleet, office::Program, proxy::Upstream, weather::Weather};

pub(crate) const SERVER_KILLED: &str = "server killed";
pub(crate) const POSTGRES_RESTARTED: &str = "PostgreSQL restarted";

/// What is needed to start things again.
#[derive(Clone)]
pub(crate) struct Tools {
    pub(crate) database: PgConnectOptions,
    /// The server's program.
    pub(crate) program: PathBuf,
    pub(crate) site: PathBuf,
    pub(crate) log: PathBuf,
    /// A program, and its arguments, that ends PostgreSQL as a power cut would and starts it again.
    pub(crate) restart_postgres: (PathBuf, Vec<String>),
}

/// The server, and the wish to harm it.
pub(crate) struct Nemesis {
    tools: Tools,
    weather: Arc<Weather>,
    chance: Chance,
    /// None while it is down.
    server: Option<Program>,
    where_it_answers: watch::Sender<Option<SocketAddr>>,
}

impl Nemesis {
    /// Starts the server.
    ///
    /// # Errors
    /// It does not start.
    pub(crate) async fn start(tools: Tools, weather: Arc<Weather>, chance: Chance) -> Result<Self> {
        let server = start_server(tools.clone()).await?;
        let (where_it_answers, _) = watch::channel(Some(server.address));
        Ok(Self { tools, weather, chance, server: Some(server), where_it_answers })
    }

    /// Where the server answers; changes with every start.
    pub(crate) fn upstream(&self) -> Upstream {
        self.where_it_answers.subscribe()
    }

    /// Does harm after every `every` settled mutations or so until it is calm; gives back itself with the server running.
    ///
    /// # Errors
    /// Something does not come back.
    pub(crate) async fn rage(mut self, fleet: Arc<Fleet>, every: i64) -> Result<Self> {
        // The first two are one of each kind: a short run has met both.
        let (mut next, mut harms) = (0, 0);
        loop {
            next += u64::try_from(self.chance.between(every / 2, every * 3 / 2)).unwrap_or(1);
            while fleet.settled() < next {
                if self.weather.is_calm() {
                    return Ok(self);
                }
                let has_ended = self.server.as_mut().map_or(Ok(true), Program::has_ended)?;
                ensure!(!has_ended, "the server ended by itself; its log says why");
                fleet.glance().await;
            }
            // Not right after an answer: anywhere in the work.
            tokio::time::sleep(self.chance.wait(0, 300)).await;
            let what = if harms < 2 { harms * 3 } else { self.chance.size(0, 5) };
            harms += 1;
            match what {
                0..=2 => self.kill_server().await?,
                3..=4 => self.restart_postgres().await?,
                _ => {
                    // All at once: the server finds no database when it comes back.
                    self.drop_server();
                    self.restart_postgres().await?;
                    self.bring_server_back().await?;
                }
            }
        }
    }

    async fn kill_server(&mut self) -> Result<()> {
        self.drop_server();
        tokio::time::sleep(self.chance.wait(0, 1_000)).await;
        self.bring_server_back().await
    }

    fn drop_server(&mut self) {
        self.where_it_answers.send_replace(None);
        self.server = None;
        self.weather.count(SERVER_KILLED);
    }

    async fn bring_server_back(&mut self) -> Result<()> {
        let server = start_server(self.tools.clone()).await?;
        self.where_it_answers.send_replace(Some(server.address));
        self.server = Some(server);
        Ok(())
    }

    async fn restart_postgres(&mut self) -> Result<()> {
        let (program, arguments) = &self.tools.restart_postgres;
        let mut command = Command::new(program);
        // In a group of its own: Ctrl-C ends the run, and leaves no PostgreSQL half stopped.
        command.args(arguments).stdin(Stdio::null()).stdout(Stdio::null()).process_group(0);
        let status = command.status().await.context("PostgreSQL can't be restarted")?;
        ensure!(status.success(), "PostgreSQL did not come back");
        // After a crash its checkpointer heeds `archive_timeout` only from its next checkpoint on, and until then nothing becomes safe.
        let mut connection = self.tools.database.connect().await?;
        sqlx::raw_sql("checkpoint").execute(&mut connection).await?;
        connection.close().await?;
        self.weather.count(POSTGRES_RESTARTED);
        Ok(())
    }
}

async fn start_server(tools: Tools) -> Result<Program> {
    let Tools { database, program, site, log, .. } = tools;
    tokio::task::spawn_blocking(move || Program::start(&program, &database, &site, &log)).await?
}
