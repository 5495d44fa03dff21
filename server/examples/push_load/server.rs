//! The real server, as a program of its own.

use std::{
    env,
    fs::File,
    io::{BufRead, BufReader},
    net::SocketAddr,
    path::Path,
    process::{Child, Command, Stdio},
};

use anyhow::{Context, Result};
use sqlx::{ConnectOptions, postgres::PgConnectOptions};

use crate::{http::Caller, seed::PASSWORD};

pub(crate) struct Server {
    child: Child,
    address: SocketAddr,
}

impl Server {
    pub(crate) fn start(database: &PgConnectOptions) -> Result<Self> {
        let program = env::var("DOORSTEP_BIN").unwrap_or_else(|_| "target/release/doorstep".to_owned());
        let mut command = Command::new(program);
        command.env("DATABASE_URL", database.to_url_lossy().as_str()).env("DOORSTEP_ADDR", "127.0.0.1:0");
        // The log goes where an operator would have it, not through this program's terminal.
        let log =
            File::create(Path::new(&env::var("DOORSTEP_BENCH_DIR").unwrap_or_else(|_| "target/bench".to_owned())).join("server.log"))?;
        let mut child = command.stdout(Stdio::piped()).stderr(log).spawn().context("DOORSTEP_BIN does not start")?;
        let stdout = child.stdout.take().context("no output")?;
        // The rest of its output is nobody's: it says where it answers, and then nothing.
        let said = BufReader::new(stdout).lines().map_while(Result::ok).find_map(|line| Some(line.split_once("http://")?.1.parse()));
        match said {
            Some(Ok(address)) => Ok(Self { child, address }),
            _ => {
                child.kill()?;
                anyhow::bail!("the server did not say where it answers")
            }
        }
    }

    pub(crate) async fn sign_in(&self, email: &str) -> Result<Caller> {
        let mut caller = Caller::connect(self.address).await?;
        caller.sign_in(email, PASSWORD).await?;
        Ok(caller)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It keeps nothing that a stop could lose.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
