//! A file of comma-separated values as agencies export it: with or without a byte order mark, with `,`, `;` or tabs between its cells.

use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};

use csv::StringRecord;

use super::columns::{Header, HeaderError};

const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// How much of a file is looked at to find out how its cells are separated.
const HEAD_BYTES: u64 = 64 * 1024;

/// Why a file as a whole can't be read. Each says how to mend it.
#[derive(Debug, thiserror::Error)]
pub enum SheetError {
    #[error("This is a spreadsheet, not a CSV file. In the spreadsheet program choose “Save as” and then “CSV UTF-8”.")]
    Spreadsheet,
    #[error("The file is written in UTF-16 (“Unicode text”). Save it as “CSV UTF-8” instead.")]
    Utf16,
    #[error(
        "Line {0} is not written in UTF-8: accents and other letters would come out wrong. Save the file as “CSV UTF-8” and import it again."
    )]
    NotUtf8(u64),
    #[error(transparent)]
    Header(#[from] HeaderError),
    #[error("The file cannot be read: {0}.")]
    Read(#[from] io::Error),
    #[error("The file cannot be read: {0}.")]
    Csv(#[from] csv::Error),
}

/// A file whose header made sense, ready to give its rows.
pub struct Sheet<R> {
    pub header: Header,
    pub separator: u8,
    /// The file begins with a byte order mark, as spreadsheet programs want it.
    pub has_byte_order_mark: bool,
    reader: csv::Reader<R>,
    text: Text,
}

/// Where the text of a file begins, and where its lines end, counted from there.
struct Text {
    start: u64,
    line_ends: Vec<u64>,
}

/// One row and the line on which it begins, counted from 1.
pub struct Row {
    pub line: u64,
    /// How many lines it goes over, because cells in quotation marks have line breaks.
    pub lines: u64,
    pub cells: StringRecord,
}

impl<R: Read + Seek> Sheet<R> {
    /// Checks how the file is written and reads its header.
    ///
    /// # Errors
    /// It is no CSV file in UTF-8, or its first line does not name the columns.
    pub fn open(mut source: R) -> Result<Self, SheetError> {
        let text = check_encoding(&mut source)?;
        let start = text.start;
        source.seek(SeekFrom::Start(start))?;
        let mut head = Vec::new();
        source.by_ref().take(HEAD_BYTES).read_to_end(&mut head)?;
        source.seek(SeekFrom::Start(start))?;
        let separator = separator_of(&head);
        let mut reader = csv::ReaderBuilder::new().delimiter(separator).has_headers(true).flexible(true).from_reader(source);
        let header = Header::parse(reader.headers()?)?;
        Ok(Self { header, separator, has_byte_order_mark: start > 0, reader, text })
    }

    /// The rows in their order; those without anything in them are left out.
    pub fn rows(&mut self) -> impl Iterator<Item = Result<Row, csv::Error>> + '_ {
        std::iter::from_fn(move || {
            loop {
                let mut cells = StringRecord::new();
                match self.reader.read_record(&mut cells) {
                    Err(error) => return Some(Err(error)),
                    Ok(false) => return None,
                    Ok(true) if cells.iter().all(|cell| cell.trim().is_empty()) => {}
                    Ok(true) => {
                        let breaks = cells.iter().map(|cell| cell.matches('\n').count() as u64).sum::<u64>();
                        let last = self.text.line_that_ends_before(self.reader.position().byte());
                        return Some(Ok(Row { line: last.saturating_sub(breaks), lines: breaks + 1, cells }));
                    }
                }
            }
        })
    }
}

impl Text {
    /// The number of the line to which the byte before `byte` belongs. The csv crate counts lines too, but one too few after CRLF.
    fn line_that_ends_before(&self, byte: u64) -> u64 {
        self.line_ends.partition_point(|end| end + 1 < byte) as u64 + 1
    }
}

/// Reads the file once through, to the end or to the first line that is not UTF-8.
fn check_encoding(source: &mut impl Read) -> Result<Text, SheetError> {
    let mut reader = BufReader::new(source);
    let head = reader.fill_buf()?;
    if head.starts_with(b"PK\x03\x04") || head.starts_with(b"\xD0\xCF\x11\xE0") {
        return Err(SheetError::Spreadsheet);
    }
    if head.starts_with(b"\xFF\xFE") || head.starts_with(b"\xFE\xFF") {
        return Err(SheetError::Utf16);
    }
    let start = if head.starts_with(BYTE_ORDER_MARK) { BYTE_ORDER_MARK.len() } else { 0 };
    reader.consume(start);
    let (mut line, mut at, mut line_ends) = (Vec::new(), 0, Vec::new());
    while reader.read_until(b'\n', &mut line)? > 0 {
        if std::str::from_utf8(&line).is_err() {
            return Err(SheetError::NotUtf8(line_ends.len() as u64 + 1));
        }
        at += line.len() as u64;
        line_ends.push(at - 1);
        line.clear();
    }
    Ok(Text { start: start as u64, line_ends })
}

/// The separator that stands most often in the first row, outside of quotation marks.
fn separator_of(head: &[u8]) -> u8 {
    let mut quoted = false;
    let mut counts = [(b',', 0), (b';', 0), (b'\t', 0)];
    for byte in head {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' if !quoted => break,
            _ if quoted => {}
            _ => counts.iter_mut().filter(|(separator, _)| separator == byte).for_each(|(_, count)| *count += 1),
        }
    }
    // Of equals the last is the greatest to `max_by_key`: a comma shall win.
    counts.iter().rev().max_by_key(|(_, count)| *count).map_or(b',', |(separator, _)| *separator)
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;
    use crate::import::columns::Column;

    const HEADER: &str = "id,first,last,program,worker,opened\n";

    fn rows(bytes: &[u8]) -> Vec<(u64, Vec<String>)> {
        let mut sheet = Sheet::open(Cursor::new(bytes)).expect("a sheet");
        let rows = sheet.rows().map(|row| row.expect("a row"));
        rows.map(|row| (row.line, row.cells.iter().map(str::to_owned).collect())).collect()
    }

    fn problem(bytes: &[u8]) -> SheetError {
        Sheet::open(Cursor::new(bytes)).err().expect("a problem")
    }

    #[test]
    fn a_byte_order_mark_and_crlf_change_nothing() {
        let plain = format!("{HEADER}1,Ána,B,P,w,2026-01-01\n");
        let windows = format!("\u{feff}{}", plain.replace('\n', "\r\n"));
        assert_eq!(rows(plain.as_bytes()), rows(windows.as_bytes()));
        assert_eq!(rows(windows.as_bytes())[0].1[1], "Ána");
    }

    #[test]
    fn a_byte_order_mark_before_a_quoted_heading_is_no_part_of_it() {
        let sheet = Sheet::open(Cursor::new("\u{feff}\"client number\",first,last,program,worker,opened\n")).expect("a sheet");
        assert_eq!(sheet.header.heading(Column::ClientNumber), "client number");
    }

    #[test]
    fn semicolons_and_tabs_are_seen() {
        for separator in [";", "\t"] {
            let text = format!("{HEADER}1,A,B,P,w,d\n").replace(',', separator);
            assert_eq!(rows(text.as_bytes())[0].1.len(), 6, "{separator:?}");
        }
        assert_eq!(separator_of(b"\"a;b;c\",d\n;;;;"), b',');
    }

    #[test]
    fn lines_are_counted_across_quoted_line_breaks_and_blank_rows() {
        let text = format!("{HEADER}1,\"A\nA\",B,P,w,d\n,,,,,\n\n\n2,C,D,P,w,d");
        for text in [text.replace('\n', "\r\n"), format!("{text}\n"), text] {
            let lines: Vec<u64> = rows(text.as_bytes()).iter().map(|(line, _)| *line).collect();
            assert_eq!(lines, [2, 7], "{text:?}");
        }
    }

    #[test]
    fn the_line_that_is_not_utf8_is_named() {
        let mut bytes = format!("{HEADER}1,A,B,P,w,d\n2,").into_bytes();
        bytes.extend(b"Mu\xF1oz,B,P,w,d\n");
        assert!(matches!(problem(&bytes), SheetError::NotUtf8(3)));
    }

    #[test]
    fn other_kinds_of_file_are_named() {
        assert!(matches!(problem(b"\xFF\xFEi\0d\0"), SheetError::Utf16));
        assert!(matches!(problem(b"PK\x03\x04rest"), SheetError::Spreadsheet));
        assert!(matches!(problem(b""), SheetError::Header(HeaderError::Empty)));
        assert!(matches!(problem(b"\xEF\xBB\xBF"), SheetError::Header(HeaderError::Empty)));
    }
}
