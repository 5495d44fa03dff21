//! The table, for people and for `xtask bench`.

use std::{fs, path::Path};

use anyhow::Result;
use serde::Serialize;

#[derive(Default, Serialize)]
pub(crate) struct Report {
    lines: Vec<Line>,
}

#[derive(Serialize)]
struct Line {
    what: String,
    at: String,
    median: f64,
    unit: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    target: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    at_least: Option<f64>,
}

impl Report {
    pub(crate) fn line(&mut self, what: &str, at: &str, value: f64, unit: &'static str) {
        self.add(what, at, value, unit, None, None);
    }

    /// The value should be below `target`.
    pub(crate) fn below(&mut self, what: &str, at: &str, value: f64, unit: &'static str, target: f64) {
        self.add(what, at, value, unit, Some(target), None);
    }

    /// The value should not be below `at_least`.
    pub(crate) fn at_least(&mut self, what: &str, at: &str, value: f64, unit: &'static str, at_least: f64) {
        self.add(what, at, value, unit, None, Some(at_least));
    }

    fn add(&mut self, what: &str, at: &str, value: f64, unit: &'static str, target: Option<f64>, at_least: Option<f64>) {
        let median = (value * 100.0).round() / 100.0;
        println!("{what}, {at}: {median} {unit}");
        self.lines.push(Line { what: what.to_owned(), at: at.to_owned(), median, unit, target, at_least });
    }

    pub(crate) fn print(&self) {
        for Line { what, at, median, unit, .. } in &self.lines {
            println!("{what:60} {at:32} {median:>12} {unit}");
        }
    }

    pub(crate) fn write(&self, path: &Path) -> Result<()> {
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(path, serde_json::to_vec_pretty(self)?)?;
        Ok(())
    }
}

pub(crate) fn median(values: &[f64]) -> f64 {
    percentile(values, 50)
}

pub(crate) fn percentile(values: &[f64], percent: usize) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get((sorted.len() * percent / 100).min(sorted.len().saturating_sub(1))).copied().unwrap_or(f64::NAN)
}
