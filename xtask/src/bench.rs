//! `make bench`: measures the release builds on an empty cluster, and prints one table from target/bench/*.json, with what was measured the last
//! time beside it (docs/figures.json; target/bench/figures.json is what would replace it).

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::check::PRODUCT;
use crate::database::Cluster;
use crate::project::{Project, run, say};
use crate::report::{Report, Runner};
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
    measured.and_then(|()| print_table(&project.root, &results))
}

/// The server's part in small, as a test: what measures must run on the day when it is asked. What it measures counts for nothing.
///
/// # Errors
/// When a command can't be started.
pub(crate) fn check(project: &Project, report: &mut Report, cluster: &Cluster) -> Result<()> {
    let results = project.root.join("target/bench-check");
    fs::create_dir_all(&results)?;
    let mut build = project.cargo(&["build", "--quiet", "--bin", "doorstep", "--example", "push_load"]);
    if !report.work("bench build", || run(build.args(PRODUCT)))? {
        report.cannot_run("bench", "it does not compile");
        return Ok(());
    }
    let mut load = Command::new(project.target.join("debug/examples/push_load"));
    load.current_dir(&project.root).env("DATABASE_URL", cluster.url("postgres")).env("DOORSTEP_BENCH_DIR", results);
    load.env("DOORSTEP_BIN", project.server("debug")).env("DOORSTEP_SITE", project.site());
    load.env("DOORSTEP_BENCH_NOTES", "2000").env("DOORSTEP_BENCH_SECONDS", "1");
    report.step("bench", &Runner::Whole, &mut load).map(drop)
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

/// Medians by what was measured, and under which conditions: `"search keystroke to painted result, 4×": 34.1`.
type Figures = BTreeMap<String, f64>;

fn print_table(root: &Path, results: &Path) -> Result<()> {
    let mut paths = fs::read_dir(results)?.map(|entry| entry.map(|entry| entry.path())).collect::<Result<Vec<_>, _>>()?;
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
    paths.sort();
    let mut lines = Vec::new();
    for path in paths {
        let text = fs::read(&path)?;
        let list: Measurements = serde_json::from_slice(&text).with_context(|| format!("{} holds no measurements", path.display()))?;
        lines.extend(list.lines);
    }
    let earlier: Figures = fs::read(root.join("docs/figures.json")).map_or(Ok(Figures::new()), |text| serde_json::from_slice(&text))?;
    let mut rows = vec![["what", "at", "median", "earlier", "target", "", "others"].map(str::to_owned)];
    rows.extend(lines.iter().map(|line| in_words(line, &earlier)));
    print!("{}", align(&rows));
    let figures: Figures = lines.iter().map(|line| (line.name(), rounded(line.median))).collect();
    fs::write(results.join("figures.json"), serde_json::to_string_pretty(&figures)? + "\n")?;
    Ok(())
}

impl Line {
    fn name(&self) -> String {
        [self.what.trim(), self.at.as_str()].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
    }
}

fn digits(value: f64) -> usize {
    match value.abs() {
        ..1.0 => 3,
        ..100.0 => 1,
        _ => 0,
    }
}

/// As precise as it can mean something.
fn rounded(figure: f64) -> f64 {
    let parts = if figure.abs() < 1.0 { 1000.0 } else { 10.0 };
    (figure * parts).round() / parts
}

fn in_words(line: &Line, earlier: &Figures) -> [String; 7] {
    let target = match (line.at_least, line.target) {
        (Some(least), Some(most)) => format!("{least:.0} to {most} {}", line.unit),
        (None, Some(most)) => format!("< {most} {}", line.unit),
        (Some(least), None) => format!("≥ {least:.0} {}", line.unit),
        (None, None) => String::new(),
    };
    let is_met = line.target.is_none_or(|most| line.median < most) && line.at_least.is_none_or(|least| line.median >= least);
    let verdict = match (target.is_empty(), is_met) {
        (true, _) => "",
        (false, true) => "met",
        (false, false) => "missed",
    };
    let figure = |value: f64| format!("{value:.0$} {1}", digits(value), line.unit);
    let before = earlier.get(&line.name()).map_or(String::new(), |value| figure(*value));
    [line.what.clone(), line.at.clone(), figure(line.median), before, target, verdict.to_owned(), line.peers.clone()]
}

fn align(rows: &[[String; 7]]) -> String {
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..7).map(width).collect();
    let line = |row: &[String; 7]| row.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}  ")).collect::<String>();
    rows.iter().map(|row| format!("{}\n", line(row).trim_end())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_stand_below_each_other() {
        let row = |what: &str, at: &str| [what, at, "1", "2", "", "", ""].map(str::to_owned);
        assert_eq!(align(&[row("a", "long"), row("four", "b")]), "a     long  1  2\nfour  b     1  2\n");
    }

    #[test]
    fn a_figure_stands_beside_its_target_and_the_one_before() {
        let line = |median, at_least| Line {
            what: "  a key".to_owned(),
            at: "4×".to_owned(),
            median,
            unit: "ms".to_owned(),
            target: Some(1_000.0),
            at_least,
            peers: String::new(),
        };
        let earlier = Figures::from([("a key, 4×".to_owned(), 650.0)]);
        assert_eq!(in_words(&line(400.0, Some(300.0)), &earlier)[2..6], ["400 ms", "650 ms", "300 to 1000 ms", "met"]);
        assert_eq!(in_words(&line(99.96, Some(300.0)), &Figures::new())[2..6], ["100.0 ms", "", "300 to 1000 ms", "missed"]);
        assert_eq!(in_words(&line(1_000.0, None), &Figures::new())[4..6], ["< 1000 ms", "missed"]);
    }
}
