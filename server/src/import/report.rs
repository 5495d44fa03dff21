//! What an import tells when it is done: lines, columns and reasons, and never what a cell says.

use std::{fmt, path::PathBuf};

use super::{duplicates::Likeness, row::CellProblem};

/// How many lines of each kind are told one by one; the rest is in the file of rejected rows.
const TOLD: usize = 50;

/// What became of a file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Report {
    /// Nothing was written: it only says what would be.
    pub dry_run: bool,
    pub inserted: usize,
    pub updated: usize,
    pub unchanged: usize,
    pub rejected: Vec<Rejected>,
    pub duplicates: Vec<Duplicate>,
    /// Headings that say nothing to us.
    pub unused_columns: Vec<String>,
    /// Where the rejected rows are, if there are any.
    pub rejected_file: Option<PathBuf>,
}

/// A row that did not come in.
#[derive(Clone, Debug, PartialEq)]
pub struct Rejected {
    pub line: u64,
    pub problems: Vec<CellProblem>,
}

/// A row whose client the agency may know under other numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Duplicate {
    pub line: u64,
    pub like: Vec<(String, Likeness)>,
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for rejected in self.rejected.iter().take(TOLD) {
            for problem in &rejected.problems {
                writeln!(f, "Line {}: {problem}.", rejected.line)?;
            }
        }
        more(f, self.rejected.len(), "rejected")?;
        for duplicate in self.duplicates.iter().take(TOLD) {
            for (number, likeness) in &duplicate.like {
                let words = likeness.words();
                writeln!(f, "Line {}: perhaps the same person as client number {number} ({words}). Both are kept apart.", duplicate.line)?;
            }
        }
        more(f, self.duplicates.len(), "that may be somebody known")?;
        if !self.unused_columns.is_empty() {
            writeln!(f, "Columns that were not read: {}.", self.unused_columns.join(", "))?;
        }
        if let Some(path) = &self.rejected_file {
            writeln!(f, "The rejected rows are in {}, each with its reason. Mend them there and import that file.", path.display())?;
        }
        let (inserted, updated, unchanged, rejected) = (self.inserted, self.updated, self.unchanged, self.rejected.len());
        match self.dry_run {
            true => write!(f, "Nothing was written. It would be: ")?,
            false => write!(f, "Done: ")?,
        }
        writeln!(f, "{inserted} inserted, {updated} updated, {unchanged} unchanged, {rejected} rejected.")
    }
}

fn more(f: &mut fmt::Formatter<'_>, count: usize, what: &str) -> fmt::Result {
    match count.checked_sub(TOLD) {
        Some(more @ 1..) => writeln!(f, "… and {more} more lines {what}."),
        _ => Ok(()),
    }
}
