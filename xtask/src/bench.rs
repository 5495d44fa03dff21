//! `make bench`: measures the release builds on an empty cluster, and prints one table from target/bench/*.json.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::database::Cluster;
use crate::project::{Project, run, say};
use crate::web::{self, Profile};

/// A file in target/bench.
#[derive(Deserialize)]
struct Measurements {
    lines: Vec<Line>,
}

/// One line of the table.
#[derive(Deserialize)]
struct Line {
    /// What was measured, in words.
    what: String,
    /// Under which conditions: `4× throttle`, `8 devices`.
    #[serde(default)]
    at: String,
    median: f64,
    /// `ms`, `KB`, `notes/s`.
    unit: String,
    /// The median should be below this.
    #[serde(default)]
    target: Option<f64>,
    /// The median should not be below this.
    #[serde(default)]
    at_least: Option<f64>,
    /// What others reach, in words.
    #[serde(default)]
    peers: String,
}

/// Builds, measures and prints. A missed target is reported and is no failure.
///
/// # Errors
/// When something can't be built or a measurement breaks off.
pub(crate) fn bench(project: &Project) -> Result<()> {
    web::build(project, Profile::WasmRelease)?;
    say("building the server for release (about 15 min the first time, 2 min after a change)");
    run(&mut project.cargo(&["build", "--release", "-p", "server", "--bin", "doorstep", "--example", "push_load"]))?;
    let results = project.root.join("target/bench");
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
    let mut rows = vec![["what", "at", "median", "target", "", "others"].map(str::to_owned)];
    for path in paths {
        let text = fs::read(&path)?;
        let list: Measurements = serde_json::from_slice(&text).with_context(|| format!("{} holds no measurements", path.display()))?;
        rows.extend(list.lines.iter().map(in_words));
    }
    print!("{}", align(&rows));
    Ok(())
}

fn in_words(line: &Line) -> [String; 6] {
    let (target, met) = match (line.target, line.at_least) {
        (Some(most), _) => (format!("< {most} {}", line.unit), Some(line.median < most)),
        (None, Some(least)) => (format!("≥ {least:.0} {}", line.unit), Some(line.median >= least)),
        (None, None) => (String::new(), None),
    };
    let verdict = met.map_or("", |met| if met { "met" } else { "missed" });
    let places = if line.median.abs() < 100.0 { 1 } else { 0 };
    let median = format!("{:.places$} {}", line.median, line.unit);
    [line.what.clone(), line.at.clone(), median, target, verdict.to_owned(), line.peers.clone()]
}

fn align(rows: &[[String; 6]]) -> String {
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..6).map(width).collect();
    let line = |row: &[String; 6]| row.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}  ")).collect::<String>();
    rows.iter().map(|row| format!("{}\n", line(row).trim_end())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_stand_below_each_other() {
        let row = |what: &str, at: &str| [what, at, "1", "2", "", ""].map(str::to_owned);
        assert_eq!(align(&[row("a", "long"), row("four", "b")]), "a     long  1  2\nfour  b     1  2\n");
    }

    #[test]
    fn a_missed_target_is_said() {
        let slow: Line =
            serde_json::from_str(r#"{"what":"search","at":"4×","median":31.25,"unit":"ms","target":30,"peers":"286"}"#).unwrap();
        assert_eq!(in_words(&slow), ["search", "4×", "31.2 ms", "< 30 ms", "missed", "286"].map(str::to_owned));
        let quick: Line = serde_json::from_str(r#"{"what":"push","median":1200,"unit":"notes/s","at_least":1050}"#).unwrap();
        assert_eq!(in_words(&quick), ["push", "", "1200 notes/s", "≥ 1050 notes/s", "met", ""].map(str::to_owned));
    }
}
