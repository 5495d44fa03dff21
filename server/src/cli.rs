//! The command line.

use std::{net::SocketAddr, path::PathBuf, process::ExitCode};

use clap::{Args, Parser, Subcommand};
use tracing_subscriber::EnvFilter;

use crate::{Config, telemetry};

/// Case management that works without a signal.
#[derive(Parser)]
#[command(name = "doorstep", version, about)]
struct Cli {
    #[command(flatten)]
    common: Common,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Args)]
struct Common {
    /// The database, as postgres://user@host/name; its user owns the tables.
    #[arg(long, env = "DATABASE_URL", hide_env_values = true, global = true)]
    database_url: Option<String>,
    /// What to log, such as info or server=debug.
    #[arg(long, env = "DOORSTEP_LOG", default_value = telemetry::DEFAULT_FILTER, global = true)]
    log: String,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the app (the default).
    Serve(Serve),
}

#[derive(Args)]
struct Serve {
    /// Where to listen.
    #[arg(long, env = "DOORSTEP_ADDR", default_value = "127.0.0.1:3000")]
    addr: SocketAddr,
    /// How many connections to PostgreSQL the requests share.
    #[arg(long, env = "DOORSTEP_MAX_CONNECTIONS", default_value_t = 20)]
    max_connections: u32,
    /// The folder that `xtask` built the browser half into.
    #[arg(long, env = "DOORSTEP_SITE", default_value = "target/site")]
    site: PathBuf,
    /// Fill an empty database with a made-up agency.
    #[arg(long)]
    demo_if_empty: bool,
    /// A proxy in front ends TLS and sets X-Forwarded-For.
    #[arg(long, env = "DOORSTEP_BEHIND_TLS_PROXY")]
    behind_tls_proxy: bool,
}

/// Runs the program and says how it ended.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    match run(cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("doorstep: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(cli: Cli) -> anyhow::Result<()> {
    let filter = EnvFilter::try_new(&cli.common.log)?;
    tracing::subscriber::set_global_default(telemetry::subscriber(filter, std::io::stderr))?;
    telemetry::log_panics_without_message();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(dispatch(cli))
}

async fn dispatch(cli: Cli) -> anyhow::Result<()> {
    let Some(database_url) = cli.common.database_url else {
        anyhow::bail!("DATABASE_URL is not set; `make run` sets it, or give --database-url postgres://user@host/name");
    };
    match cli.command {
        Some(Command::Serve(serve)) => self::serve(serve, database_url).await,
        None => anyhow::bail!("name a command"),
    }
}

async fn serve(serve: Serve, database_url: String) -> anyhow::Result<()> {
    let config = Config {
        database_url,
        address: serve.addr,
        max_connections: serve.max_connections,
        site_dir: serve.site,
        demo_if_empty: serve.demo_if_empty,
        behind_tls_proxy: serve.behind_tls_proxy,
    };
    let running = crate::start(config).await?;
    println!("Doorstep answers at http://{}", running.address);
    running.stop().await;
    Ok(())
}
