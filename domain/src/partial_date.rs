//! A date of which the day, or the month too, may not be known (FHIR `date`).

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{Date, DateTimeError};

/// A year, a month of a year, or a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum PartialDate {
    Year(i32),
    /// 1 to 12.
    Month {
        year: i32,
        month: u8,
    },
    Day(Date),
}

impl PartialDate {
    /// A month of a year, where there is one.
    pub fn month(year: i32, month: u8) -> Option<Self> {
        let is_one = (1..=12).contains(&month) && Self::is_year(year);
        is_one.then_some(Self::Month { year, month })
    }

    /// Reads `1951`, `1951-02` or `1951-02-14`.
    ///
    /// # Errors
    /// The text has another shape, or the calendar has no such day.
    pub fn parse(text: &str) -> Result<Self, DateTimeError> {
        let number = |part: &str| part.parse::<i32>().map_err(|_| DateTimeError);
        let is_figures = |part: &str, length: usize| part.len() == length && part.bytes().all(|letter| letter.is_ascii_digit());
        match text.split_once('-') {
            None if is_figures(text, 4) && Self::is_year(number(text)?) => Ok(Self::Year(number(text)?)),
            None => Err(DateTimeError),
            Some((year, month)) if is_figures(year, 4) && is_figures(month, 2) => {
                Self::month(number(year)?, u8::try_from(number(month)?).map_err(|_| DateTimeError)?).ok_or(DateTimeError)
            }
            Some(_) => Date::parse(text).map(Self::Day),
        }
    }

    fn is_year(year: i32) -> bool {
        (1000..=9999).contains(&year)
    }
}

impl fmt::Display for PartialDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Year(year) => write!(f, "{year:04}"),
            Self::Month { year, month } => write!(f, "{year:04}-{month:02}"),
            Self::Day(day) => fmt::Display::fmt(day, f),
        }
    }
}

impl TryFrom<String> for PartialDate {
    type Error = DateTimeError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text)
    }
}

impl From<PartialDate> for String {
    fn from(date: PartialDate) -> Self {
        date.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_known_is_read_and_written_as_fhir_does() {
        for text in ["1951", "1951-02", "1951-02-14"] {
            assert_eq!(PartialDate::parse(text).expect(text).to_string(), text);
        }
        for text in ["", "51", "1951-2", "1951-13", "1951-02-30", "0001", "year"] {
            assert_eq!(PartialDate::parse(text), Err(DateTimeError), "{text}");
        }
    }
}
