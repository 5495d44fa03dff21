//! Steps that run one after the other, their logs, and the sum that ends a run.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::Instant;

use anyhow::{Context, Result};

use crate::stopping::Stopping;

const SHOWN_LINES: usize = 60;

/// How a step's result is counted.
pub(crate) enum Runner {
    /// It passes or fails as a whole.
    Whole,
    /// Rust's tests, counted from what they print.
    Rust,
    /// Playwright's tests, counted from the report that it writes here.
    Playwright(PathBuf),
}

/// How many checks and tests came out how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    passed: u64,
    failed: u64,
    skipped: u64,
}

/// What came out so far.
pub(crate) struct Report {
    logs: PathBuf,
    stopping: Stopping,
    counts: Counts,
}

impl Report {
    /// Begins with nothing counted; logs go into a folder of their own under target/.
    ///
    /// # Errors
    /// When the folder can't be made.
    pub(crate) fn begin(logs: &Path, stopping: Stopping) -> Result<Self> {
        fs::create_dir_all(logs).with_context(|| format!("{} can't be made", logs.display()))?;
        Ok(Self { logs: logs.to_path_buf(), stopping, counts: Counts::default() })
    }

    /// Runs a program as a step and says whether it was a success. A failed step does not end the run: later ones still report.
    ///
    /// # Errors
    /// When its log can't be written, or somebody asked to stop.
    pub(crate) fn step(&mut self, name: &str, runner: &Runner, command: &mut Command) -> Result<bool> {
        let log = self.log(name);
        let out = File::create(&log).with_context(|| format!("{} can't be written", log.display()))?;
        eprint!("{name:<14}");
        let begun = Instant::now();
        let status = command.stdin(std::process::Stdio::null()).stdout(out.try_clone()?).stderr(out).status();
        let success = match status {
            Ok(status) => status.success(),
            Err(error) => {
                fs::write(&log, format!("the program could not be started: {error}\n"))?;
                false
            }
        };
        self.finish(name, runner, success, begun)
    }

    /// Does a piece of work of this tool as a step.
    ///
    /// # Errors
    /// As for [`Report::step`].
    pub(crate) fn work(&mut self, name: &str, work: impl FnOnce() -> Result<()>) -> Result<bool> {
        eprintln!("{name:<14} …");
        let begun = Instant::now();
        let result = work();
        let said = result.as_ref().err().map(|error| format!("{error:#}\n")).unwrap_or_default();
        fs::write(self.log(name), said)?;
        eprint!("{name:<14}");
        self.finish(name, &Runner::Whole, result.is_ok(), begun)
    }

    /// Counts a step that can't run because another one failed.
    pub(crate) fn cannot_run(&mut self, name: &str, reason: &str) {
        eprintln!("{name:<14} failed: {reason}");
        self.counts.failed += 1;
    }

    /// Prints the sum as the last line.
    pub(crate) fn end(self) -> ExitCode {
        println!("{}", self.counts.in_words());
        if self.counts.failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    }

    fn log(&self, name: &str) -> PathBuf {
        log(&self.logs, name)
    }

    fn finish(&mut self, name: &str, runner: &Runner, success: bool, begun: Instant) -> Result<bool> {
        anyhow::ensure!(!self.stopping.asked(), "stopped");
        let text = String::from_utf8_lossy(&fs::read(self.log(name))?).into_owned();
        let mut counts = match runner {
            Runner::Whole => Counts { passed: u64::from(success), ..Counts::default() },
            Runner::Rust => count_rust(&text),
            Runner::Playwright(report) => count_playwright(&fs::read(report).unwrap_or_default()),
        };
        // It did not compile, broke off or ran nothing: that is a failure even though no test says so.
        let nothing_ran = counts == Counts::default();
        if counts.failed == 0 && (!success || nothing_ran) {
            counts.failed = 1;
        }
        self.counts.passed += counts.passed;
        self.counts.failed += counts.failed;
        self.counts.skipped += counts.skipped;
        eprintln!(" {} ({:.0} s)", counts.in_words(), begun.elapsed().as_secs_f32());
        if counts.failed > 0 {
            let lines: Vec<&str> = text.lines().collect();
            eprintln!("  the end of {}:", self.log(name).display());
            for line in &lines[lines.len().saturating_sub(SHOWN_LINES)..] {
                eprintln!("  | {line}");
            }
        }
        Ok(counts.failed == 0)
    }
}

/// Where a step's log is.
pub(crate) fn log(logs: &Path, step: &str) -> PathBuf {
    logs.join(format!("{}.log", step.replace(' ', "-")))
}

impl Counts {
    fn in_words(self) -> String {
        let skipped = if self.skipped > 0 { format!(", {} skipped", self.skipped) } else { String::new() };
        format!("{} passed, {} failed{skipped}", self.passed, self.failed)
    }
}

/// Adds up lines such as `test result: ok. 12 passed; 0 failed; 1 ignored; …`.
fn count_rust(text: &str) -> Counts {
    let mut counts = Counts::default();
    for (_, result) in text.lines().filter_map(|line| line.strip_prefix("test result: ")?.split_once(". ")) {
        for (number, what) in result.split("; ").filter_map(|part| part.split_once(' ')) {
            let number = number.parse().unwrap_or(0);
            match what {
                "passed" => counts.passed += number,
                "failed" => counts.failed += number,
                "ignored" => counts.skipped += number,
                _ => {}
            }
        }
    }
    counts
}

/// Reads the sums of Playwright's JSON report; a test that passed only when tried again is counted as failed.
fn count_playwright(report: &[u8]) -> Counts {
    let report: serde_json::Value = serde_json::from_slice(report).unwrap_or_default();
    let number = |name: &str| report["stats"][name].as_u64().unwrap_or(0);
    Counts { passed: number("expected"), failed: number("unexpected") + number("flaky"), skipped: number("skipped") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_results_of_several_rust_runners_are_added_up() {
        let text = "test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 3 filtered out; finished in 0.1s\n\
                    test result: FAILED. 2 passed; 4 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.1s\n";
        assert_eq!(count_rust(text), Counts { passed: 14, failed: 4, skipped: 1 });
    }

    #[test]
    fn a_flaky_browser_test_is_a_failed_one() {
        let report = br#"{"stats":{"expected":3,"unexpected":1,"flaky":1,"skipped":2}}"#;
        assert_eq!(count_playwright(report), Counts { passed: 3, failed: 2, skipped: 2 });
    }

    #[test]
    fn a_report_that_was_never_written_counts_nothing() {
        assert_eq!(count_playwright(b""), Counts::default());
    }

    #[test]
    fn skipped_tests_are_named_only_when_there_are_some() {
        assert_eq!(Counts { passed: 2, failed: 0, skipped: 0 }.in_words(), "2 passed, 0 failed");
        assert_eq!(Counts { passed: 2, failed: 0, skipped: 1 }.in_words(), "2 passed, 0 failed, 1 skipped");
    }
}
