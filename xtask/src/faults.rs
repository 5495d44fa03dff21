//! docs/faults.md: each fault with the tests that carry its number, and how they came out. Written from what the runners said.

mod rows;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;

use self::rows::{REASONS, ROWS, Row};
use crate::project::Project;

/// Where a fault is tested.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Layer {
    /// The rules and the protocol without I/O.
    Core,
    /// The real server with PostgreSQL.
    Server,
    /// The whole program in Chromium.
    Browser,
}

/// How one test came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Outcome {
    Passed,
    Failed,
    NotRun,
}

/// The tests of each fault on each layer, by name.
type Found = BTreeMap<(u8, Layer), BTreeMap<String, Outcome>>;

const LAYERS: [Layer; 3] = [Layer::Core, Layer::Server, Layer::Browser];

/// Writes docs/faults.md from the logs of Rust's runners and Playwright's report of one run of `make test`.
///
/// # Errors
/// When a suite did not run, the page can't be written, or a layer lacks a test and nothing says why.
pub(crate) fn write(project: &Project, rust_logs: &[&Path], browser_report: &Path) -> Result<()> {
    let mut found = Found::new();
    for log in rust_logs {
        let text = fs::read(log).with_context(|| format!("{} can't be read", log.display()))?;
        ensure!(
            read_rust(&project.root, &String::from_utf8_lossy(&text), &mut found) > 0,
            "{} names no test: nothing was written",
            log.display()
        );
    }
    let report = fs::read(browser_report).context("the browser tests did not run: nothing was written")?;
    read_playwright(&serde_json::from_slice(&report)?, &mut found);
    fs::write(project.root.join("docs/faults.md"), page(&found))?;
    match gaps(&found).as_slice() {
        [] => Ok(()),
        gaps => bail!("{}", gaps.join("\n")),
    }
}

/// Adds the tests of a log such as `Running tests/api/main.rs (…)`, `test sync_faults::fault_05_… ... ok`. Gives how many tests it names
/// in all.
fn read_rust(root: &Path, log: &str, found: &mut Found) -> usize {
    let mut layer = Layer::Core;
    let mut tests = 0;
    for line in log.lines().map(str::trim) {
        if let Some((source, binary)) = line.strip_prefix("Running ").and_then(|line| line.split_once(" (")) {
            layer = layer_of(root, source, binary);
        }
        let Some((path, outcome)) = line.strip_prefix("test ").and_then(|line| line.split_once(" ... ")) else { continue };
        tests += 1;
        let name = path.rsplit("::").next().unwrap_or(path);
        let Some(number) = name.strip_prefix("fault_").and_then(number) else { continue };
        let outcome = match outcome {
            "ok" => Outcome::Passed,
            _ if outcome.starts_with("ignored") => Outcome::NotRun,
            _ => Outcome::Failed,
        };
        add(found, (number, layer), name[9..].replace('_', " "), outcome);
    }
    tests
}

/// A test's layer, from the line in which cargo names its source and its program.
fn layer_of(root: &Path, source: &str, binary: &str) -> Layer {
    let is_server = match source.strip_prefix("unittests ") {
        Some(_) => Path::new(binary).file_name().is_some_and(|name| {
            let name = name.to_string_lossy();
            name.starts_with("server-") || name.starts_with("doorstep-")
        }),
        None => root.join("server").join(source).exists(),
    };
    if is_server { Layer::Server } else { Layer::Core }
}

/// Adds the tests of Playwright's JSON report, whose suites lie in each other.
fn read_playwright(suite: &Value, found: &mut Found) {
    let items = |name: &str| suite[name].as_array().into_iter().flatten();
    for spec in items("specs") {
        let title = spec["title"].as_str().unwrap_or_default();
        let Some(number) = title.strip_prefix("fault ").and_then(number) else { continue };
        let statuses: BTreeSet<&str> = spec["tests"].as_array().into_iter().flatten().filter_map(|test| test["status"].as_str()).collect();
        let outcome = match statuses.iter().copied().collect::<Vec<_>>().as_slice() {
            ["expected"] => Outcome::Passed,
            ["skipped"] | [] => Outcome::NotRun,
            _ => Outcome::Failed,
        };
        let name = title.split_once(": ").map_or(title, |(_, name)| name);
        add(found, (number, Layer::Browser), name.to_owned(), outcome);
    }
    for inner in items("suites") {
        read_playwright(inner, found);
    }
}

/// The number at the beginning of a text.
fn number(text: &str) -> Option<u8> {
    text.get(..2)?.parse().ok()
}

/// Of two tests with one name the worse outcome counts.
fn add(found: &mut Found, place: (u8, Layer), name: String, outcome: Outcome) {
    let known = found.entry(place).or_default().entry(name).or_insert(outcome);
    *known = (*known).max(outcome);
}

/// What is wrong with the list: no test and no reason, a reason that no longer holds, a number that no row has.
fn gaps(found: &Found) -> Vec<String> {
    let mut gaps = Vec::new();
    for row in &ROWS {
        for layer in LAYERS {
            let has_tests = found.contains_key(&(row.number, layer));
            let number = row.number;
            match (row.layers.contains(&layer), has_tests, reason(row, layer)) {
                (true, false, None) => gaps.push(format!("fault {number:02} has no test at the layer {layer:?}, and no reason says why")),
                (_, true, Some(_)) => gaps.push(format!("fault {number:02} has a test at the layer {layer:?}: its reason for none goes")),
                (false, _, Some(_)) => gaps.push(format!("fault {number:02} needs no test at the layer {layer:?}: its reason goes")),
                _ => {}
            }
        }
    }
    let unknown = found.keys().filter(|(number, _)| !ROWS.iter().any(|row| row.number == *number));
    gaps.extend(unknown.map(|(number, layer)| format!("a test at the layer {layer:?} names the fault {number:02}, which is none")));
    gaps
}

fn reason(row: &Row, layer: Layer) -> Option<&'static str> {
    REASONS.iter().find(|(number, at, _)| (*number, *at) == (row.number, layer)).map(|(_, _, reason)| *reason)
}

/// The whole page. The same results give the same bytes.
fn page(found: &Found) -> String {
    let all = || found.values().flat_map(BTreeMap::values);
    let count = |outcome| all().filter(|known| **known == outcome).count();
    let mut page = format!(
        "# Faults and attacks\n\n\
        Written by `make test` from the results of its tests; what is changed here by hand is gone after the next run. Each test is named after its row: \
        `fault_07_…` in Rust, `fault 07: …` in the browser suite. *Core* is rules and protocol without I/O, *server* the real server with PostgreSQL, \
        *browser* the whole program in Chromium. The rows are in `xtask/src/faults/rows.rs`.\n\n\
        {} tests: {} passed, {} failed, {} not run.\n\n\
        | # | What goes wrong | What must happen | Core | Server | Browser |\n|---|---|---|---|---|---|\n",
        all().count(),
        count(Outcome::Passed),
        count(Outcome::Failed),
        count(Outcome::NotRun),
    );
    for row in &ROWS {
        let [core, server, browser] = LAYERS.map(|layer| cell(row, layer, found));
        page += &format!("| {} | {} | {} | {core} | {server} | {browser} |\n", row.number, row.fault, row.expectation);
    }
    page
}

fn cell(row: &Row, layer: Layer, found: &Found) -> String {
    if let Some(tests) = found.get(&(row.number, layer)) {
        let lines = tests.iter().map(|(name, outcome)| format!("**{}** {}", in_words(*outcome), name.replace('|', "\\|")));
        return lines.collect::<Vec<_>>().join("<br>");
    }
    match (row.layers.contains(&layer), reason(row, layer)) {
        (false, _) => "–".to_owned(),
        (true, Some(reason)) => format!("**missing**: {reason}"),
        (true, None) => "**missing**".to_owned(),
    }
}

fn in_words(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Passed => "passed",
        Outcome::Failed => "failed",
        Outcome::NotRun => "not run",
    }
}

#[cfg(test)]
mod tests;
