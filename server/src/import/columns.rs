//! The columns of a caseload file: what they are called, and which must be there.

use csv::StringRecord;

/// What a column says about a client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    ClientNumber,
    GivenName,
    FamilyName,
    PreferredName,
    BirthDate,
    Language,
    InterpreterNeeded,
    Phones,
    SafeContact,
    Address,
    AddressConfidential,
    Programme,
    WorkerEmail,
    Risk,
    OpenedOn,
    LastContact,
    /// Written by an earlier import into its file of rejected rows; it says nothing about the client.
    Reason,
}

struct Definition {
    column: Column,
    /// The heading as docs/import.md gives it.
    heading: &'static str,
    required: bool,
    /// Other spellings, in lower case with nothing but letters and digits; `#` counts as "no".
    also: &'static [&'static str],
}

const DEFINITIONS: &[Definition] = &[
    required(
        Column::ClientNumber,
        "client number",
        &[
            "clientno",
            "clientid",
            "clientnr",
            "clientref",
            "number",
            "no",
            "id",
            "caseid",
            "casenumber",
            "caseno",
            "personid",
            "externalid",
            "mrn",
        ],
    ),
    required(Column::GivenName, "given name", &["givennames", "firstname", "first", "forename", "forenames", "clientfirstname"]),
    required(Column::FamilyName, "family name", &["lastname", "last", "surname", "familynames", "clientlastname"]),
    optional(Column::PreferredName, "preferred name", &["preferred", "nickname", "knownas", "goesby", "chosenname", "calledname"]),
    optional(Column::BirthDate, "birth date", &["birthdate", "dateofbirth", "dob", "born", "birthday"]),
    optional(Column::Language, "language", &["preferredlanguage", "primarylanguage", "spokenlanguage", "languages", "lang"]),
    optional(
        Column::InterpreterNeeded,
        "interpreter needed",
        &["interpreter", "needsinterpreter", "interpreterrequired", "interpretation"],
    ),
    optional(
        Column::Phones,
        "phones",
        &["phone", "phonenumber", "phonenumbers", "telephone", "tel", "mobile", "cell", "cellphone", "contactnumber"],
    ),
    optional(Column::SafeContact, "safe contact", &["safecontactrule", "phonerule", "contactrule", "safetocontact", "phonesafety"]),
    optional(Column::Address, "address", &["homeaddress", "streetaddress", "residence", "fulladdress"]),
    optional(Column::AddressConfidential, "address confidential", &["confidentialaddress", "addressprotected", "protectedaddress"]),
    required(Column::Programme, "programme", &["program", "programs", "programmes", "service", "team", "project"]),
    required(
        Column::WorkerEmail,
        "worker email",
        &[
            "workersemail",
            "worker",
            "caseworker",
            "caseworkeremail",
            "casemanager",
            "casemanageremail",
            "primaryworker",
            "assignedto",
            "staffemail",
        ],
    ),
    optional(Column::Risk, "risk", &["risklevel", "riskrating", "acuity"]),
    required(
        Column::OpenedOn,
        "opened on",
        &["opened", "openedat", "dateopened", "opendate", "openeddate", "startdate", "enrolledon", "enrollmentdate", "intakedate"],
    ),
    optional(
        Column::LastContact,
        "last contact",
        &["lastcontacton", "lastcontactdate", "dateoflastcontact", "lastseen", "lastseenon", "lastvisit", "lastcontacted"],
    ),
    optional(Column::Reason, "reason", &[]),
];

const fn required(column: Column, heading: &'static str, also: &'static [&'static str]) -> Definition {
    Definition { column, heading, required: true, also }
}

const fn optional(column: Column, heading: &'static str, also: &'static [&'static str]) -> Definition {
    Definition { column, heading, required: false, also }
}

/// Why the first line of a file does not do as its header.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HeaderError {
    #[error("The file is empty: its first line must name the columns.")]
    Empty,
    #[error("The first line must name the columns, and {} missing: {}. docs/import.md lists the names.", if .0.len() == 1 { "one is" } else { "some are" }, .0.join(", "))]
    Missing(Vec<&'static str>),
    #[error("Two columns both say the {0}. Keep one, or rename the other.")]
    Twice(&'static str),
}

/// Which cell of a row says what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    cells: StringRecord,
    /// For each cell of a row, what it is; none where we do not know the heading.
    columns: Vec<Option<Column>>,
}

impl Header {
    /// Reads the first row of a file.
    ///
    /// # Errors
    /// It is blank, a required column is missing, or two columns say the same.
    pub fn parse(cells: &StringRecord) -> Result<Self, HeaderError> {
        if cells.iter().all(|cell| cell.trim().is_empty()) {
            return Err(HeaderError::Empty);
        }
        let columns: Vec<Option<Column>> = cells.iter().map(column_of).collect();
        let count = |column| columns.iter().filter(|found| **found == Some(column)).count();
        if let Some(twice) = DEFINITIONS.iter().find(|definition| count(definition.column) > 1) {
            return Err(HeaderError::Twice(twice.heading));
        }
        let missing = DEFINITIONS.iter().filter(|definition| definition.required && count(definition.column) == 0);
        let missing: Vec<&str> = missing.map(|definition| definition.heading).collect();
        if !missing.is_empty() {
            return Err(HeaderError::Missing(missing));
        }
        Ok(Self { cells: cells.clone(), columns })
    }

    /// How many cells each row has.
    pub fn width(&self) -> usize {
        self.columns.len()
    }

    /// The headings that say nothing to us; their cells are not read.
    pub fn unused(&self) -> Vec<&str> {
        let unknown = self.cells.iter().zip(&self.columns).filter(|(_, column)| column.is_none());
        unknown.map(|(cell, _)| cell.trim()).filter(|cell| !cell.is_empty()).collect()
    }

    /// The cell of a row that belongs to a column, without spaces around it; empty where the file has no such column.
    pub fn cell<'a>(&self, column: Column, row: &'a StringRecord) -> &'a str {
        let at = self.columns.iter().position(|found| *found == Some(column));
        at.and_then(|at| row.get(at)).map_or("", str::trim)
    }

    /// A column's heading as the file writes it.
    pub fn heading(&self, column: Column) -> &str {
        let at = self.columns.iter().position(|found| *found == Some(column));
        at.and_then(|at| self.cells.get(at)).map_or_else(|| heading(column), str::trim)
    }

    /// The cells of a row as they were, without an earlier import's reason.
    pub fn original<'a>(&'a self, row: &'a StringRecord) -> impl Iterator<Item = &'a str> {
        row.iter().enumerate().filter(|(at, _)| self.columns.get(*at) != Some(&Some(Column::Reason))).map(|(_, cell)| cell)
    }

    /// The headings as they were, likewise.
    pub fn original_headings(&self) -> impl Iterator<Item = &str> {
        self.original(&self.cells)
    }
}

fn heading(column: Column) -> &'static str {
    DEFINITIONS.iter().find(|definition| definition.column == column).map_or("", |definition| definition.heading)
}

fn column_of(heading: &str) -> Option<Column> {
    let key = key(heading);
    let known = DEFINITIONS.iter().find(|definition| self::key(definition.heading) == key || definition.also.contains(&key.as_str()));
    known.map(|definition| definition.column)
}

fn key(heading: &str) -> String {
    let spelled = heading.replace('#', "no");
    domain::fold(&spelled).chars().filter(|letter| letter.is_alphanumeric()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(line: &str) -> Result<Header, HeaderError> {
        Header::parse(&line.split(',').collect::<Vec<_>>().into())
    }

    #[test]
    fn headings_are_known_in_many_spellings() {
        for (heading, column) in [
            ("Client #", Column::ClientNumber),
            ("CLIENT_ID", Column::ClientNumber),
            ("First Name", Column::GivenName),
            ("last-name", Column::FamilyName),
            ("D.O.B.", Column::BirthDate),
            ("Worker's e-mail", Column::WorkerEmail),
            ("Case Manager E-mail", Column::WorkerEmail),
            ("Program", Column::Programme),
            ("  opened_on ", Column::OpenedOn),
        ] {
            assert_eq!(column_of(heading), Some(column), "{heading}");
        }
        assert_eq!(column_of("shoe size"), None);
    }

    #[test]
    fn what_is_missing_is_named() {
        let missing = header("client number,given name,family name,programme").expect_err("two are missing");
        assert_eq!(missing, HeaderError::Missing(vec!["worker email", "opened on"]));
        assert!(missing.to_string().contains("worker email, opened on"), "{missing}");
    }

    #[test]
    fn two_columns_for_one_thing_are_refused() {
        assert_eq!(header("id,client number,first,last,program,worker,opened"), Err(HeaderError::Twice("client number")));
    }

    #[test]
    fn a_blank_first_line_is_an_empty_file() {
        assert_eq!(header(",, "), Err(HeaderError::Empty));
    }

    #[test]
    fn no_spelling_leads_to_two_columns() {
        let mut seen = std::collections::HashSet::new();
        for definition in DEFINITIONS {
            let own = key(definition.heading);
            let spellings = std::iter::once(own.as_str()).chain(definition.also.iter().copied().filter(|also| *also != own));
            for spelling in spellings {
                assert!(seen.insert(spelling.to_owned()), "{spelling} stands twice");
            }
        }
    }

    #[test]
    fn an_earlier_reason_is_not_copied_again() {
        let header = header("id,first,last,program,worker,opened,reason,shoe size").expect("a header");
        assert_eq!(header.unused(), ["shoe size"]);
        let row: StringRecord = vec!["1", "A", "B", "P", "w", "d", "why", "44"].into();
        assert_eq!(header.original(&row).collect::<Vec<_>>(), ["1", "A", "B", "P", "w", "d", "44"]);
    }
}
