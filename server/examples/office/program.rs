//! The real server, as a program of its own.

use std::{
    fs::OpenOptions,
    io::{BufRead, BufReader},
    net::SocketAddr,
    path::Path,
    process::{Child, Command, Stdio},
};

use anyhow::{Context, Result};
use sqlx::{ConnectOptions, postgres::PgConnectOptions};

/// A server that runs until this is dropped; then it is killed (SIGKILL), because it keeps nothing that a stop could lose.
pub(crate) struct Program {
    child: Child,
    pub(crate) address: SocketAddr,
}

impl Program {
    /// Starts the server that `DOORSTEP_BIN` names on a free port, and waits until it says where it answers. Its log is added to `log`, and
    /// its secrets are beside it.
    ///
    /// # Errors
    /// It does not start, or ends before it answers: its log says why.
    pub(crate) fn start(program: &Path, database: &PgConnectOptions, site: &Path, log: &Path) -> Result<Self> {
        let mut command = Command::new(program);
        command.env("DATABASE_URL", database.to_url_lossy().as_str()).env("DOORSTEP_ADDR", "127.0.0.1:0").env("DOORSTEP_SITE", site);
        command.env("DOORSTEP_DATA", log.with_file_name("data"));
        // The log goes where an operator would have it, not through this program's terminal.
        let log = OpenOptions::new().create(true).append(true).open(log)?;
        let mut child = command.stdout(Stdio::piped()).stderr(log).spawn().context("DOORSTEP_BIN does not start")?;
        let stdout = child.stdout.take().context("no output")?;
        // The rest of its output is nobody's: it says where it answers, and then nothing.
        let said = BufReader::new(stdout).lines().map_while(Result::ok).find_map(|line| Some(line.split_once("http://")?.1.parse()));
        match said {
            Some(Ok(address)) => Ok(Self { child, address }),
            _ => {
                child.kill()?;
                child.wait()?;
                anyhow::bail!("the server did not say where it answers")
            }
        }
    }

    /// Whether it ended by itself.
    ///
    /// # Errors
    /// The system can't say.
    pub(crate) fn has_ended(&mut self) -> Result<bool> {
        Ok(self.child.try_wait()?.is_some())
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
