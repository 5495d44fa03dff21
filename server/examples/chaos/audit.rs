//! Whether the audit trail is whole after all kills. An operator's own command says so.

use anyhow::{Context, Result, ensure};
use sqlx::ConnectOptions;
use tokio::process::Command;

use crate::nemesis::Tools;

/// Runs `doorstep audit verify` against the run's database.
///
/// # Errors
/// An event was changed, is missing or doubled: what the command says of it is printed.
pub(crate) async fn verify(tools: &Tools) -> Result<()> {
    let mut command = Command::new(&tools.program);
    command.args(["audit", "verify"]).env("DATABASE_URL", tools.database.to_url_lossy().as_str());
    command.env("DOORSTEP_DATA", tools.log.with_file_name("data"));
    let said = command.output().await.context("the audit trail can't be verified")?;
    if !said.status.success() {
        print!("{}{}", String::from_utf8_lossy(&said.stdout), String::from_utf8_lossy(&said.stderr));
    }
    ensure!(said.status.success(), "the audit trail is not whole");
    Ok(())
}
