//! The command line.

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::Context;
use clap::{Args, Parser, Subcommand};
use domain::Term;
use sqlx::postgres::PgConnectOptions;
use tokio::signal::unix::{SignalKind, signal};
use tracing_subscriber::EnvFilter;

use crate::{
    Config,
    audit::{
        anchor::{self, Anchor},
        verify,
    },
    clock, db,
    demo::{self, DemoArgs},
    import::{self, ImportArgs},
    push,
    secrets::Secrets,
    telemetry,
};

/// Case management that works without a signal.
#[derive(Parser)]
#[command(name = "doorstep", version, about)]
struct Cli {
    #[command(flatten)]
    common: Common,
    #[command(subcommand)]
    command: Option<Command>,
    /// The options of `serve`, which is what happens without a command.
    #[command(flatten)]
    serve: Serve,
}

#[derive(Args)]
struct Common {
    /// The database, as postgres://user@host/name; its user owns the tables.
    #[arg(long, env = "DATABASE_URL", hide_env_values = true, global = true)]
    database_url: Option<String>,
    /// What to log, such as info or server=debug.
    #[arg(long, env = "DOORSTEP_LOG", default_value = telemetry::DEFAULT_FILTER, global = true)]
    log: String,
    /// The folder of what only this machine keeps: its secrets (made at the first start), the anchors of the audit trail, attachments.
    #[arg(long, env = "DOORSTEP_DATA", default_value = ".data", global = true)]
    data: PathBuf,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the app (the default).
    Serve(Serve),
    /// Bring the database up to date and end.
    Migrate,
    /// Bring data in from another program.
    Import(ImportArgs),
    /// Fill an empty database with a made-up agency.
    Demo(DemoArgs),
    /// Check the audit trail.
    #[command(subcommand)]
    Audit(Audit),
}

#[derive(Subcommand)]
enum Audit {
    /// Name the first event of each agency that was changed, deleted or inserted after it was sealed; fails where there is one.
    Verify {
        /// A file with anchors, as `audit anchor` printed them: finds also an end that was cut off.
        #[arg(long)]
        anchor: Option<PathBuf>,
    },
    /// Print where each agency's trail ends now, to be kept elsewhere.
    Anchor,
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
    /// Where browsers find this server, such as https://doorstep.agency.example; passkeys belong to its host [default: http://localhost:PORT].
    #[arg(long, env = "DOORSTEP_ORIGIN")]
    origin: Option<String>,
    /// A bucket for photos and documents, such as s3://doorstep/agency, with AWS_* as usual [default: a folder below --data].
    #[arg(long, env = "DOORSTEP_ATTACHMENTS")]
    attachments: Option<String>,
    /// The push services through which devices are reminded: origins with commas between them; * stands for the beginning of a name.
    #[arg(long, env = "DOORSTEP_PUSH_SERVICES", default_value = push::SERVICES)]
    push_services: String,
    /// Fill an empty database with a made-up agency.
    #[arg(long)]
    demo_if_empty: bool,
    /// A proxy in front ends TLS and appends the caller's address to X-Forwarded-For.
    #[arg(long, env = "DOORSTEP_BEHIND_TLS_PROXY")]
    behind_tls_proxy: bool,
}

/// Runs the program and says how it ended.
pub fn main() -> ExitCode {
    match run(Cli::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Each error says what happened and what to do; its causes would only say the first half again.
            eprintln!("doorstep: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(cli: Cli) -> anyhow::Result<()> {
    let filter = EnvFilter::try_new(&cli.common.log).context("DOORSTEP_LOG is no filter; write it as info or server=debug")?;
    tracing::subscriber::set_global_default(telemetry::subscriber(filter, std::io::stderr))?;
    telemetry::log_panics_without_message();
    let database = read_database_url(cli.common.database_url.as_deref())?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        match cli.command.unwrap_or(Command::Serve(cli.serve)) {
            Command::Serve(options) => serve(options, &cli.common.data, database).await,
            Command::Migrate => migrate(database).await,
            Command::Import(options) => import(options, database).await,
            Command::Demo(options) => seed(options, database).await,
            Command::Audit(Audit::Verify { anchor }) => verify_audit(anchor, &cli.common.data, database).await,
            Command::Audit(Audit::Anchor) => print_anchors(database).await,
        }
    })
}

/// What is wrong with the address is not repeated: it may hold a password.
fn read_database_url(url: Option<&str>) -> anyhow::Result<PgConnectOptions> {
    let url = url.context("DATABASE_URL is not set. `make run` sets it; or write DATABASE_URL=postgres://user@host/name")?;
    url.parse().map_err(|_| anyhow::anyhow!("DATABASE_URL is no address of PostgreSQL. Write it as postgres://user@host/name"))
}

async fn serve(options: Serve, data: &Path, database: PgConnectOptions) -> anyhow::Result<()> {
    let config = Config {
        database,
        address: options.addr,
        max_connections: options.max_connections,
        site_dir: options.site,
        origin: options.origin,
        data_dir: data.to_owned(),
        attachments: options.attachments,
        push_services: options.push_services,
        demo_if_empty: options.demo_if_empty,
        behind_tls_proxy: options.behind_tls_proxy,
    };
    // Listened for from the beginning, so that a stop during the start is not missed.
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    let running = crate::start(config).await?;
    println!("Doorstep answers at http://{}", running.address);
    if running.state.demo {
        println!("Accounts of the demo, all with the password {}:", demo::PASSWORD);
        for (name, email, role) in demo::STAFF {
            println!("  {email:<20} {name}, {}", role.code().replace('-', " "));
        }
    }
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
    tracing::info!("stopping: requests that are under way may finish");
    running.stop().await;
    Ok(())
}

async fn migrate(database: PgConnectOptions) -> anyhow::Result<()> {
    crate::start::migrate(&database).await?.close().await;
    println!("The database is up to date.");
    Ok(())
}

async fn seed(options: DemoArgs, database: PgConnectOptions) -> anyhow::Result<()> {
    let owner = crate::start::migrate(&database).await?;
    let seeded = demo::run(&owner, &options, clock::now(0).date()).await?;
    owner.close().await;
    println!("{seeded}");
    Ok(())
}

async fn import(options: ImportArgs, database: PgConnectOptions) -> anyhow::Result<()> {
    let owner = crate::start::migrate(&database).await?;
    let report = import::run(&owner, &options, clock::now(0)).await?;
    owner.close().await;
    println!("{report}");
    Ok(())
}

async fn verify_audit(anchor: Option<PathBuf>, data: &Path, database: PgConnectOptions) -> anyhow::Result<()> {
    let anchors = anchor.map_or(Ok(Vec::new()), |path| read_anchors(&path))?;
    let secrets = Secrets::open(data)?;
    let owner = db::connect_owner(database).await?;
    let verified = verify::verify_all(&owner, &secrets.audit_key, &anchors).await?;
    owner.close().await;
    for agency in &verified {
        println!("{agency}");
    }
    let bad = verified.iter().filter(|agency| agency.finding.is_some()).count();
    anyhow::ensure!(bad == 0, "the audit trail of {bad} of {} agencies was tampered with", verified.len());
    Ok(())
}

fn read_anchors(path: &Path) -> anyhow::Result<Vec<Anchor>> {
    let text = std::fs::read_to_string(path).map_err(|error| anyhow::anyhow!("{} cannot be read ({error})", path.display()))?;
    Ok(anchor::parse(&text)?)
}

async fn print_anchors(database: PgConnectOptions) -> anyhow::Result<()> {
    let owner = db::connect_owner(database).await?;
    for end in anchor::list_anchors(&owner).await? {
        print!("{}", anchor::line(&end));
    }
    owner.close().await;
    Ok(())
}
