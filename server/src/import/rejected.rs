//! The rows that did not come in, as they were, each with the reason: to be mended and imported again.

use std::{
    fs::{File, OpenOptions},
    io::{self, Write},
    path::{Path, PathBuf},
};

use super::{columns::Header, row::CellProblem, sheet::Row};

/// Writes `FILE.rejected.csv` beside `FILE.csv`, from the first rejected row on.
pub struct RejectedRows {
    path: PathBuf,
    separator: u8,
    byte_order_mark: bool,
    writer: Option<csv::Writer<File>>,
}

impl RejectedRows {
    /// Removes what an earlier import of the same file left there.
    ///
    /// # Errors
    /// The earlier file cannot be removed.
    pub fn beside(file: &Path, separator: u8, byte_order_mark: bool) -> io::Result<Self> {
        let path = file.with_extension("rejected.csv");
        match std::fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        Ok(Self { path, separator, byte_order_mark, writer: None })
    }

    /// Adds a row.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn add(&mut self, header: &Header, row: &Row, problems: &[CellProblem]) -> io::Result<()> {
        let reason = problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ");
        let writer = match &mut self.writer {
            Some(writer) => writer,
            none => none.insert(create(&self.path, self.separator, self.byte_order_mark, header)?),
        };
        writer.write_record(header.original(&row.cells).chain([reason.as_str()]))?;
        Ok(())
    }

    /// Ends the file; answers where it is, if there is one.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn finish(self) -> io::Result<Option<PathBuf>> {
        let Some(mut writer) = self.writer else { return Ok(None) };
        writer.flush()?;
        Ok(Some(self.path))
    }
}

fn create(path: &Path, separator: u8, byte_order_mark: bool, header: &Header) -> io::Result<csv::Writer<File>> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    // It holds clients' data: nobody but the person who imports may read it.
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    if byte_order_mark {
        file.write_all("\u{feff}".as_bytes())?;
    }
    let mut writer = csv::WriterBuilder::new().delimiter(separator).flexible(true).from_writer(file);
    writer.write_record(header.original_headings().chain(["reason"]))?;
    Ok(writer)
}
