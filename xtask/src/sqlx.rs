//! The committed data of the checked queries (.sqlx): written anew by the compiler from a database with today's migrations.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use anyhow::{Context, Result, bail};

use crate::database::Cluster;
use crate::project::{Project, capture, say};

/// Brings .sqlx up to date.
///
/// # Errors
/// When a migration or a query is wrong.
pub(crate) fn update(project: &Project) -> Result<()> {
    let cluster = Cluster::emptied(project, "sqlx")?;
    cluster.start()?;
    let fresh = describe(project, &cluster);
    cluster.remove()?;
    let fresh = fresh?;
    let kept = project.root.join(".sqlx");
    if kept.exists() {
        fs::remove_dir_all(&kept)?;
    }
    fs::create_dir_all(&kept)?;
    let queries = read_folder(&fresh)?;
    for (name, text) in &queries {
        fs::write(kept.join(name), text)?;
    }
    say(&format!("{} queries described in .sqlx", queries.len()));
    Ok(())
}

/// Compares .sqlx with what the compiler would write today.
///
/// # Errors
/// When they differ, or a migration or a query is wrong.
pub(crate) fn check(project: &Project, cluster: &Cluster) -> Result<()> {
    let fresh = read_folder(&describe(project, cluster)?)?;
    let kept = read_folder(&project.root.join(".sqlx"))?;
    let differ: Vec<&String> = fresh.keys().chain(kept.keys()).filter(|name| fresh.get(*name) != kept.get(*name)).collect();
    if let Some(first) = differ.first() {
        bail!(
            "{} files of .sqlx are not those of today's queries and migrations ({first}). Run `cargo run -p xtask -- sqlx` and commit .sqlx.",
            differ.len()
        );
    }
    Ok(())
}

/// Compiles the server's queries against a database that has only the migrations, and gives the folder with what the compiler wrote.
fn describe(project: &Project, cluster: &Cluster) -> Result<PathBuf> {
    let database = "doorstep_queries";
    cluster.create_database(database)?;
    cluster.run_sql(database, &project.root.join("xtask/src/migration_ledger.sql"))?;
    for migration in sorted(&project.root.join("server/migrations"))? {
        cluster.run_sql(database, &migration).with_context(|| format!("the migration {} fails", migration.display()))?;
    }
    let fresh = project.target.join("sqlx");
    if fresh.exists() {
        fs::remove_dir_all(&fresh)?;
    }
    fs::create_dir_all(&fresh)?;
    let mut cargo = project.cargo(&["check", "-p", "server", "--all-targets"]);
    cargo.env("SQLX_OFFLINE", "false").env("DATABASE_URL", cluster.url(database)).env("SQLX_OFFLINE_DIR", &fresh);
    as_if_changed(&project.root.join("server/src/lib.rs"), || capture(&mut cargo))?;
    Ok(fresh)
}

/// Macros run only when their crate is compiled: the file looks new while `work` runs, and as old as before afterwards.
fn as_if_changed<T>(path: &Path, work: impl FnOnce() -> Result<T>) -> Result<T> {
    let file = File::options().append(true).open(path).with_context(|| format!("{} can't be opened", path.display()))?;
    let before = file.metadata()?.modified()?;
    file.set_modified(SystemTime::now())?;
    let result = work();
    file.set_modified(before)?;
    result
}

fn sorted(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder).with_context(|| format!("{} can't be read", folder.display()))?;
    let mut paths = entries.map(|entry| entry.map(|entry| entry.path())).collect::<Result<Vec<_>, _>>()?;
    paths.sort();
    Ok(paths)
}

fn read_folder(folder: &Path) -> Result<BTreeMap<String, Vec<u8>>> {
    if !folder.exists() {
        return Ok(BTreeMap::new());
    }
    let named = |path: PathBuf| Ok((path.file_name().unwrap_or_default().to_string_lossy().into_owned(), fs::read(path)?));
    sorted(folder)?.into_iter().map(named).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_as_old_as_before_after_it_looked_changed() {
        let path = std::env::temp_dir().join(format!("doorstep-age-{}", std::process::id()));
        fs::write(&path, "").unwrap();
        File::options().append(true).open(&path).unwrap().set_modified(SystemTime::UNIX_EPOCH).unwrap();
        let during = as_if_changed(&path, || Ok(fs::metadata(&path)?.modified()?)).unwrap();
        assert!(during > SystemTime::UNIX_EPOCH);
        assert_eq!(fs::metadata(&path).unwrap().modified().unwrap(), SystemTime::UNIX_EPOCH);
        fs::remove_file(&path).unwrap();
    }
}
