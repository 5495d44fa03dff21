//! Where things are, and how other programs are called.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

/// The checkout and its build folder.
#[derive(Clone)]
pub(crate) struct Project {
    pub(crate) root: PathBuf,
    pub(crate) target: PathBuf,
}

impl Project {
    /// Finds the checkout that this tool was compiled from.
    pub(crate) fn find() -> Result<Self> {
        let manifest = env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
        let root = manifest.parent().context("xtask lies in a workspace")?.to_path_buf();
        if !root.join("Cargo.lock").is_file() {
            bail!("{} is not the checkout any more. Run `make` there again.", root.display());
        }
        let target = env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), |folder| root.join(folder));
        Ok(Self { root, target })
    }

    /// The folder that the server serves the browser half from.
    pub(crate) fn site(&self) -> PathBuf {
        self.target.join("site")
    }

    /// The server's binary in a profile's folder (`debug`, `release`).
    pub(crate) fn server(&self, folder: &str) -> PathBuf {
        self.target.join(folder).join("doorstep")
    }

    /// Cargo for native code. Queries are checked against the committed data, so no build needs a database.
    pub(crate) fn cargo(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        command.args(arguments).current_dir(&self.root).env("SQLX_OFFLINE", "true").env("CARGO_TARGET_DIR", &self.target);
        // What cargo told xtask about xtask is not true of what is built next; and flags from outside would take the place of those in
        // .cargo/config.toml, on which both halves have to agree.
        let told = ["CARGO_MANIFEST_DIR", "CARGO_MANIFEST_PATH", "CARGO_PKG_NAME", "CARGO_PKG_VERSION"];
        for name in told.into_iter().chain(["RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS"]) {
            command.env_remove(name);
        }
        command
    }

    /// Cargo for the browser.
    pub(crate) fn cargo_wasm(&self, arguments: &[&str]) -> Command {
        let mut command = self.cargo(arguments);
        command.args(["--target", "wasm32-unknown-unknown"]);
        command
    }
}

/// Says what begins now, and how long it usually takes.
pub(crate) fn say(text: &str) {
    eprintln!("doorstep: {text}");
}

/// Runs a program to its end.
///
/// # Errors
/// When it can't be started or reports failure.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let name = name_of(command);
    let status = command.status().with_context(|| format!("{name} could not be started"))?;
    if !status.success() {
        bail!("{name} failed ({status}); its own message is above");
    }
    Ok(())
}

/// Runs a program quietly and gives what it printed.
///
/// # Errors
/// When it can't be started or reports failure; the error carries what it said.
pub(crate) fn capture(command: &mut Command) -> Result<String> {
    let name = name_of(command);
    let output = command.output().with_context(|| format!("{name} could not be started"))?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    if !output.status.success() {
        bail!("{name} failed ({}):\n{text}{}", output.status, String::from_utf8_lossy(&output.stderr));
    }
    Ok(text)
}

fn name_of(command: &Command) -> String {
    let program = Path::new(command.get_program()).file_name().unwrap_or(command.get_program()).to_string_lossy().into_owned();
    let words = command.get_args().take(4).map(|word| word.to_string_lossy().into_owned());
    std::iter::once(program).chain(words).collect::<Vec<_>>().join(" ")
}
