//! `make bench`: measures the release builds on an empty cluster, and prints one table.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::database::Cluster;
use crate::project::{Project, run, say};
use crate::web::{self, Profile};

/// One line of the table; every file in target/bench is a list of these.
#[derive(Deserialize)]
struct Measurement {
    /// What was measured, in words.
    what: String,
    /// Under which conditions: `4× throttle`, `8 devices`.
    #[serde(default)]
    at: String,
    value: f64,
    /// `ms`, `KB`, `notes/s`.
    unit: String,
    /// What was hoped for, in words: `< 500 ms`.
    #[serde(default)]
    target: String,
    /// Whether the hope came true, where there was one.
    #[serde(default)]
    met: Option<bool>,
}

/// Builds, measures and prints. A missed target is reported and is no failure.
///
/// # Errors
/// When something can't be built or a measurement breaks off.
pub(crate) fn bench(project: &Project) -> Result<()> {
    web::build(project, Profile::WasmRelease)?;
    say("building the server for release (about 15 min the first time, 2 min after a change)");
    run(&mut project.cargo(&["build", "--release", "-p", "server", "--bin", "doorstep", "--example", "push_load"]))?;
    let results = project.target.join("bench");
    if results.exists() {
        fs::remove_dir_all(&results)?;
    }
    fs::create_dir_all(&results)?;
    let cluster = Cluster::emptied(project, "bench")?;
    cluster.start()?;
    let measured = measure(project, &cluster, &results);
    cluster.remove()?;
    measured.and_then(|()| print_table(&results))
}

fn measure(project: &Project, cluster: &Cluster, results: &Path) -> Result<()> {
    cluster.create_database("doorstep_bench")?;
    for (what, mut command) in [
        ("the server under load", Command::new(project.target.join("release/examples/push_load"))),
        ("the browser half", Command::new("node")),
    ] {
        if command.get_program() == "node" {
            command.arg(project.root.join("end2end/bench/run.mjs"));
        }
        say(&format!("measuring {what} (about 5 min)"));
        command.current_dir(&project.root).env("DATABASE_URL", cluster.url("doorstep_bench")).env("DOORSTEP_BENCH_DIR", results);
        run(command.env("DOORSTEP_BIN", project.server("release")).env("DOORSTEP_SITE", project.site()))?;
    }
    Ok(())
}

fn print_table(results: &Path) -> Result<()> {
    let mut paths = fs::read_dir(results)?.map(|entry| entry.map(|entry| entry.path())).collect::<Result<Vec<_>, _>>()?;
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
    paths.sort();
    let mut rows = vec![["what", "at", "measured", "target", ""].map(str::to_owned)];
    for path in paths {
        let text = fs::read(&path)?;
        let list: Vec<Measurement> =
            serde_json::from_slice(&text).with_context(|| format!("{} is not a list of measurements", path.display()))?;
        rows.extend(list.into_iter().map(in_words));
    }
    print!("{}", align(&rows));
    Ok(())
}

fn in_words(measurement: Measurement) -> [String; 5] {
    let verdict = match measurement.met {
        Some(true) => "met",
        Some(false) => "missed",
        None => "",
    };
    let places = if measurement.value.abs() < 100.0 { 1 } else { 0 };
    let measured = format!("{:.places$} {}", measurement.value, measurement.unit);
    [measurement.what, measurement.at, measured, measurement.target, verdict.to_owned()]
}

fn align(rows: &[[String; 5]]) -> String {
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..5).map(width).collect();
    let line = |row: &[String; 5]| row.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}  ")).collect::<String>();
    rows.iter().map(|row| format!("{}\n", line(row).trim_end())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_stand_below_each_other() {
        let row = |what: &str, at: &str| [what, at, "1", "2", ""].map(str::to_owned);
        assert_eq!(align(&[row("a", "long"), row("four", "b")]), "a     long  1  2\nfour  b     1  2\n");
    }

    #[test]
    fn a_missed_target_is_said() {
        let text = r#"{"what":"search","at":"4×","value":31.25,"unit":"ms","target":"< 30 ms","met":false}"#;
        assert_eq!(in_words(serde_json::from_str(text).unwrap()), ["search", "4×", "31.2 ms", "< 30 ms", "missed"].map(str::to_owned));
    }
}
