//! One row of a caseload file, read cell by cell.

use domain::{Date, RiskLevel};

use super::{
    columns::{Column, Header},
    language::parse_language,
    phone::{StatedPhone, parse_phones, parse_rule},
    sheet::Row,
};

/// The longest cell that becomes a name or another short text, in characters.
const MAX_SHORT: usize = 200;

/// The longest address, in characters.
const MAX_ADDRESS: usize = 500;

/// Nobody is older.
const MAX_AGE_YEARS: i32 = 125;

/// What is wrong with a row: in which column, if it is one, and why. It never repeats what the cell says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CellProblem {
    /// As the file heads it; none where the row as a whole is wrong.
    pub column: Option<String>,
    pub reason: String,
}

impl std::fmt::Display for CellProblem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.column {
            Some(column) => write!(f, "“{column}” {}", self.reason),
            None => f.write_str(&self.reason),
        }
    }
}

/// What a row says of a client. Where a cell is empty, it says nothing.
#[derive(Clone, Debug, PartialEq)]
pub struct ClientRow {
    pub client_number: String,
    pub given_name: String,
    pub family_name: String,
    pub preferred_name: Option<String>,
    pub birth_date: Option<Date>,
    pub language: Option<String>,
    pub interpreter_needed: Option<bool>,
    pub phones: Vec<StatedPhone>,
    pub address: Option<String>,
    pub address_confidential: Option<bool>,
    pub programme: String,
    /// In lower case, as accounts keep it.
    pub worker_email: String,
    pub risk: Option<RiskLevel>,
    pub opened_on: Date,
    pub last_contact_on: Option<Date>,
}

impl ClientRow {
    /// Reads a row; `today` is the last day on which something can have happened.
    ///
    /// # Errors
    /// Everything that is wrong with it, in the order of the columns.
    pub fn parse(header: &Header, row: &Row, today: Date) -> Result<Self, Vec<CellProblem>> {
        if row.cells.len() != header.width() {
            return Err(vec![CellProblem { column: None, reason: wrong_width(header, row) }]);
        }
        let mut cells = Cells { header, row, today, problems: Vec::new() };
        let client_number = cells.needed(Column::ClientNumber);
        let given_name = cells.text(Column::GivenName, MAX_SHORT).unwrap_or_default();
        let family_name = cells.text(Column::FamilyName, MAX_SHORT).unwrap_or_default();
        if given_name.is_empty() && family_name.is_empty() {
            cells.wrong(Column::GivenName, "is empty, and so is the family name; one of them must be there");
        }
        let preferred_name = cells.text(Column::PreferredName, MAX_SHORT);
        let birth_date = cells.birth_date();
        let language = cells.language();
        let interpreter_needed = cells.yes_no(Column::InterpreterNeeded);
        let phones = cells.phones();
        let (address, marked_confidential) = cells.address();
        let address_confidential = cells.yes_no(Column::AddressConfidential).or(marked_confidential);
        let programme = cells.needed(Column::Programme);
        let worker_email = cells.worker_email();
        let risk = cells.risk();
        let opened_on = cells.past_day(Column::OpenedOn);
        if opened_on.is_none() && cells.cell(Column::OpenedOn).is_empty() {
            cells.wrong(Column::OpenedOn, "is empty; write the day as 2026-11-22 or 11/22/2026");
        }
        let last_contact_on = cells.past_day(Column::LastContact);
        match (opened_on, cells.problems.is_empty()) {
            (Some(opened_on), true) => Ok(Self {
                client_number,
                given_name,
                family_name,
                preferred_name,
                birth_date,
                language,
                interpreter_needed,
                phones,
                address,
                address_confidential,
                programme,
                worker_email,
                risk,
                opened_on,
                last_contact_on,
            }),
            _ => Err(cells.problems),
        }
    }
}

/// The cells of one row, and what was found wrong with them so far.
struct Cells<'a> {
    header: &'a Header,
    row: &'a Row,
    today: Date,
    problems: Vec<CellProblem>,
}

impl<'a> Cells<'a> {
    fn cell(&self, column: Column) -> &'a str {
        self.header.cell(column, &self.row.cells)
    }

    fn wrong(&mut self, column: Column, reason: impl Into<String>) {
        let column = Some(self.header.heading(column).to_owned());
        self.problems.push(CellProblem { column, reason: reason.into() });
    }

    /// A text of one line; runs of spaces and line breaks become one space.
    fn text(&mut self, column: Column, max_chars: usize) -> Option<String> {
        let text = self.cell(column).split_whitespace().collect::<Vec<_>>().join(" ");
        if text.chars().any(char::is_control) {
            self.wrong(column, "has a control character, which is no part of a text");
            return None;
        }
        if text.chars().count() > max_chars {
            self.wrong(column, format!("is longer than {max_chars} characters"));
            return None;
        }
        (!text.is_empty()).then_some(text)
    }

    fn needed(&mut self, column: Column) -> String {
        let before = self.problems.len();
        let text = self.text(column, MAX_SHORT);
        if text.is_none() && self.problems.len() == before {
            self.wrong(column, "is empty");
        }
        text.unwrap_or_default()
    }

    fn past_day(&mut self, column: Column) -> Option<Date> {
        let cell = self.cell(column);
        if cell.is_empty() {
            return None;
        }
        let Ok(day) = Date::parse(cell) else {
            self.wrong(column, "is no day of the calendar; write it as 2026-11-22 or 11/22/2026");
            return None;
        };
        if day > self.today {
            self.wrong(column, "lies in the future");
            return None;
        }
        Some(day)
    }

    fn birth_date(&mut self) -> Option<Date> {
        let day = self.past_day(Column::BirthDate)?;
        if self.today.years_since(day) > MAX_AGE_YEARS {
            self.wrong(Column::BirthDate, format!("is more than {MAX_AGE_YEARS} years ago"));
            return None;
        }
        Some(day)
    }

    fn language(&mut self) -> Option<String> {
        let cell = self.cell(Column::Language);
        if cell.is_empty() {
            return None;
        }
        let language = parse_language(cell);
        if language.is_none() {
            self.wrong(Column::Language, "is not a language we know; write its English name (Spanish) or its BCP 47 tag (es)");
        }
        language
    }

    fn yes_no(&mut self, column: Column) -> Option<bool> {
        match domain::fold(self.cell(column)).as_str() {
            "" => None,
            "yes" | "y" | "true" | "t" | "1" | "x" | "si" => Some(true),
            "no" | "n" | "false" | "f" | "0" => Some(false),
            _ => {
                self.wrong(column, "is neither yes nor no");
                None
            }
        }
    }

    fn phones(&mut self) -> Vec<StatedPhone> {
        let (rule, remark) = parse_rule(self.cell(Column::SafeContact));
        match parse_phones(self.cell(Column::Phones)) {
            Ok(mut phones) => {
                for phone in &mut phones {
                    phone.safe_contact = phone.safe_contact.or(rule);
                    phone.remark = phone.remark.take().or_else(|| remark.clone());
                }
                phones
            }
            Err(error) => {
                self.wrong(Column::Phones, error.to_string());
                Vec::new()
            }
        }
    }

    /// The address as one line, and whether "(confidential)" stands behind it.
    fn address(&mut self) -> (Option<String>, Option<bool>) {
        let lines: Vec<&str> = self.cell(Column::Address).lines().map(|line| line.trim().trim_end_matches(',')).collect();
        let joined = lines.into_iter().filter(|line| !line.is_empty()).collect::<Vec<_>>().join(", ");
        let folded = domain::fold(&joined);
        let (address, confidential) = match (joined.rfind('('), folded.ends_with("(confidential)")) {
            (Some(at), true) => (joined[..at].trim().trim_end_matches(',').to_owned(), Some(true)),
            _ => (joined, None),
        };
        if address.chars().any(char::is_control) {
            self.wrong(Column::Address, "has a control character, which is no part of a text");
        } else if address.chars().count() > MAX_ADDRESS {
            self.wrong(Column::Address, format!("is longer than {MAX_ADDRESS} characters"));
        }
        ((!address.is_empty()).then_some(address), confidential)
    }

    fn worker_email(&mut self) -> String {
        let email = self.needed(Column::WorkerEmail).to_lowercase();
        if !email.is_empty() && !email.contains('@') {
            self.wrong(Column::WorkerEmail, "is not an e-mail address; the worker is found by the address they sign in with");
        }
        email
    }

    fn risk(&mut self) -> Option<RiskLevel> {
        let folded = domain::fold(self.cell(Column::Risk));
        match folded.trim_end_matches("risk").trim() {
            "" => None,
            "low" | "l" | "1" => Some(RiskLevel::Low),
            "medium" | "med" | "m" | "moderate" | "2" => Some(RiskLevel::Medium),
            "high" | "h" | "3" => Some(RiskLevel::High),
            _ => {
                self.wrong(Column::Risk, "is none of low, medium and high");
                None
            }
        }
    }
}

fn wrong_width(header: &Header, row: &Row) -> String {
    let mut reason = format!("The row has {} cells, but the first line names {} columns", row.cells.len(), header.width());
    reason.push_str(match row.lines {
        1 => "; a cell with a separator in it must stand in quotation marks",
        _ => "; it goes over several lines, so perhaps a quotation mark is not closed",
    });
    reason
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADINGS: [&str; 16] = [
        "client number",
        "given name",
        "family name",
        "preferred name",
        "birth date",
        "language",
        "interpreter needed",
        "phones",
        "safe contact",
        "address",
        "address confidential",
        "programme",
        "worker email",
        "risk",
        "opened on",
        "last contact",
    ];
    const GOOD: [&str; 16] = [
        "A-1",
        "Ana",
        "Ruiz",
        "",
        "3/9/1980",
        "Spanish",
        "Y",
        "555-0100",
        "no messages",
        "1 Elm St\nApt 2 (confidential)",
        "",
        "Aging at Home",
        " Maria@Demo.example",
        "High risk",
        "2026-01-02",
        "",
    ];

    fn today() -> Date {
        Date::new(2026, 11, 22).expect("a day")
    }

    fn parse(change: &[(usize, &str)]) -> Result<ClientRow, Vec<String>> {
        let header = Header::parse(&HEADINGS.to_vec().into()).expect("a header");
        let mut cells = GOOD;
        for (at, text) in change {
            cells[*at] = text;
        }
        let row = Row { line: 2, lines: 1, cells: cells.to_vec().into() };
        ClientRow::parse(&header, &row, today()).map_err(|problems| problems.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn a_good_row_is_read() {
        let row = parse(&[]).expect("a row");
        assert_eq!(row.birth_date, Date::new(1980, 3, 9));
        assert_eq!(row.language.as_deref(), Some("es"));
        assert_eq!(row.interpreter_needed, Some(true));
        assert_eq!(row.phones[0].safe_contact, Some(domain::SafeContact::NoMessages));
        assert_eq!(row.address.as_deref(), Some("1 Elm St, Apt 2"));
        assert_eq!(row.address_confidential, Some(true));
        assert_eq!(row.worker_email, "maria@demo.example");
        assert_eq!(row.risk, Some(RiskLevel::High));
        assert_eq!((row.preferred_name, row.last_contact_on), (None, None));
    }

    #[test]
    fn every_wrong_cell_is_named_with_its_reason() {
        for (at, text, expected) in [
            (0, "", "“client number” is empty"),
            (4, "2026-11-23", "“birth date” lies in the future"),
            (4, "1890-01-01", "“birth date” is more than 125 years ago"),
            (4, "45123", "“birth date” is no day of the calendar; write it as 2026-11-22 or 11/22/2026"),
            (5, "Klingon", "“language” is not a language we know; write its English name (Spanish) or its BCP 47 tag (es)"),
            (6, "maybe", "“interpreter needed” is neither yes nor no"),
            (12, "Maria", "“worker email” is not an e-mail address; the worker is found by the address they sign in with"),
            (13, "sky-high", "“risk” is none of low, medium and high"),
            (14, "", "“opened on” is empty; write the day as 2026-11-22 or 11/22/2026"),
            (15, "13/13/2026", "“last contact” is no day of the calendar; write it as 2026-11-22 or 11/22/2026"),
            (1, "A\0B", "“given name” has a control character, which is no part of a text"),
        ] {
            assert_eq!(parse(&[(at, text)]), Err(vec![expected.to_owned()]));
        }
    }

    #[test]
    fn all_problems_of_a_row_are_told_at_once() {
        assert_eq!(parse(&[(4, "x"), (6, "x y"), (14, "")]).expect_err("three").len(), 3);
    }

    #[test]
    fn one_name_is_enough() {
        assert!(parse(&[(2, "")]).is_ok());
        assert_eq!(parse(&[(1, ""), (2, " ")]).expect_err("no name").len(), 1);
    }

    #[test]
    fn a_row_of_another_width_is_not_guessed_at() {
        let header = Header::parse(&HEADINGS.to_vec().into()).expect("a header");
        let row = Row { line: 2, lines: 3, cells: vec!["A-1", "Ana"].into() };
        let problems = ClientRow::parse(&header, &row, today()).expect_err("too narrow");
        assert!(problems[0].to_string().contains("2 cells, but the first line names 16 columns"), "{}", problems[0]);
        assert!(problems[0].to_string().contains("quotation mark"), "{}", problems[0]);
    }
}
