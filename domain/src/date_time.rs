//! Calendar days and moments, as FHIR `date` and `dateTime` write them (ISO 8601, RFC 3339).

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use time::{Month, OffsetDateTime, UtcOffset, format_description::well_known::Rfc3339};

/// Why a text is not a day or a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a date: write it as 2026-11-22 or 11/22/2026")]
pub struct DateTimeError;

/// A calendar day without a time zone.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(time::Date);

impl Date {
    /// The day for a year, a month (1 to 12) and a day of the month, where the calendar has one.
    pub fn new(year: i32, month: u8, day: u8) -> Option<Self> {
        let month = Month::try_from(month).ok()?;
        time::Date::from_calendar_date(year, month, day).ok().map(Self)
    }

    /// Reads `2026-11-22` (ISO 8601) or `11/22/2026` (as written in the United States).
    ///
    /// # Errors
    /// The text has another shape, or the calendar has no such day.
    pub fn parse(text: &str) -> Result<Self, DateTimeError> {
        let text = text.trim();
        let (year, month, day) = match text.split_once('/') {
            Some((month, rest)) => {
                let (day, year) = rest.split_once('/').ok_or(DateTimeError)?;
                (year, month, day)
            }
            None => {
                let (year, rest) = text.split_once('-').ok_or(DateTimeError)?;
                let (month, day) = rest.split_once('-').ok_or(DateTimeError)?;
                (year, month, day)
            }
        };
        if year.len() != 4 || month.len() > 2 || day.len() > 2 {
            return Err(DateTimeError);
        }
        let number = |part: &str| part.parse::<u16>().map_err(|_| DateTimeError);
        let (month, day) = (number(month)?, number(day)?);
        let (month, day) = (u8::try_from(month).map_err(|_| DateTimeError)?, u8::try_from(day).map_err(|_| DateTimeError)?);
        Self::new(i32::from(number(year)?), month, day).ok_or(DateTimeError)
    }

    /// The day a number of days later (or earlier, if negative); the calendar's end where it would pass it.
    pub fn plus_days(self, days: i32) -> Self {
        let moved = self.0.checked_add(time::Duration::days(i64::from(days)));
        Self(moved.unwrap_or(if days < 0 { time::Date::MIN } else { time::Date::MAX }))
    }

    /// Days from `earlier` to this day; negative if this day comes first.
    pub fn days_since(self, earlier: Self) -> i32 {
        self.0.to_julian_day() - earlier.0.to_julian_day()
    }

    /// A number that grows by one a day (the Julian day).
    pub fn ordinal(self) -> i64 {
        i64::from(self.0.to_julian_day())
    }

    pub fn year(self) -> i32 {
        self.0.year()
    }

    /// 1 to 12.
    pub fn month(self) -> u8 {
        self.0.month().into()
    }

    /// 1 to 31.
    pub fn day(self) -> u8 {
        self.0.day()
    }

    /// Monday is 0.
    pub fn weekday(self) -> u8 {
        self.0.weekday().number_days_from_monday()
    }

    /// Whole years from `birth` to this day.
    pub fn years_since(self, birth: Self) -> i32 {
        let had_birthday = (self.month(), self.day()) >= (birth.month(), birth.day());
        self.year() - birth.year() - i32::from(!had_birthday)
    }

    /// For the server's database driver.
    pub fn to_time(self) -> time::Date {
        self.0
    }

    /// From the server's database driver.
    pub fn from_time(date: time::Date) -> Self {
        Self(date)
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year(), self.month(), self.day())
    }
}

impl fmt::Debug for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for Date {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        read_text(deserializer, Self::parse)
    }
}

/// A moment, to the millisecond, with the offset of the place where it was written down.
///
/// Two moments are equal when they are the same instant, whatever their offsets.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DateTime(OffsetDateTime);

impl DateTime {
    /// From milliseconds since 1970-01-01T00:00Z and the local offset from UTC in minutes (east is positive).
    /// What the calendar or a clock cannot hold becomes the nearest value it can.
    pub fn from_unix_ms(unix_ms: i64, offset_min: i16) -> Self {
        const EARLIEST: i64 = -62_000_000_000_000;
        const LATEST: i64 = 253_000_000_000_000;
        let nanos = i128::from(unix_ms.clamp(EARLIEST, LATEST)) * 1_000_000;
        let utc = OffsetDateTime::from_unix_timestamp_nanos(nanos).unwrap_or(OffsetDateTime::UNIX_EPOCH);
        let seconds = i32::from(offset_min).clamp(-14 * 60, 14 * 60) * 60;
        Self(utc.to_offset(UtcOffset::from_whole_seconds(seconds).unwrap_or(UtcOffset::UTC)))
    }

    /// A local wall-clock time (`hour` 0 to 23, `minute` 0 to 59) on a day, at an offset from UTC in minutes.
    pub fn from_local(date: Date, hour: u8, minute: u8, offset_min: i16) -> Option<Self> {
        let wall = time::Time::from_hms(hour, minute, 0).ok()?;
        let offset = UtcOffset::from_whole_seconds(i32::from(offset_min) * 60).ok()?;
        Some(Self(date.0.with_time(wall).assume_offset(offset)))
    }

    /// Milliseconds since 1970-01-01T00:00Z.
    pub fn unix_ms(self) -> i64 {
        i64::try_from(self.0.unix_timestamp_nanos() / 1_000_000).unwrap_or(i64::MAX)
    }

    /// The offset from UTC in minutes, east positive.
    pub fn offset_min(self) -> i16 {
        self.0.offset().whole_minutes()
    }

    /// The day on the wall where it was written.
    pub fn date(self) -> Date {
        Date(self.0.date())
    }

    /// Hour (0 to 23) and minute on the wall where it was written.
    pub fn hour_minute(self) -> (u8, u8) {
        (self.0.hour(), self.0.minute())
    }

    /// The same instant on the wall of another place.
    pub fn at_offset(self, offset_min: i16) -> Self {
        Self::from_unix_ms(self.unix_ms(), offset_min)
    }

    pub fn plus_minutes(self, minutes: i64) -> Self {
        Self::from_unix_ms(self.unix_ms() + minutes * 60_000, self.offset_min())
    }

    /// For the server's database driver.
    pub fn to_time(self) -> OffsetDateTime {
        self.0
    }

    /// From the server's database driver, shown at an offset in minutes.
    pub fn from_time(moment: OffsetDateTime, offset_min: i16) -> Self {
        let unix_ms = moment.unix_timestamp_nanos() / 1_000_000;
        Self::from_unix_ms(i64::try_from(unix_ms).unwrap_or(0), offset_min)
    }
}

impl fmt::Display for DateTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.format(&Rfc3339).map_err(|_| fmt::Error)?)
    }
}

impl fmt::Debug for DateTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for DateTime {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for DateTime {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        read_text(deserializer, |text| {
            let parsed = OffsetDateTime::parse(text, &Rfc3339)?;
            Ok::<_, time::error::Parse>(Self::from_time(parsed, parsed.offset().whole_minutes()))
        })
    }
}

/// Reads a text where it stands: a caseload has tens of thousands of moments, and a copy of each would be for nothing.
fn read_text<'de, T, E: fmt::Display, D: Deserializer<'de>>(
    deserializer: D,
    read: impl FnOnce(&str) -> Result<T, E>,
) -> Result<T, D::Error> {
    struct Reader<F>(F);

    impl<T, E: fmt::Display, F: FnOnce(&str) -> Result<T, E>> de::Visitor<'_> for Reader<F> {
        type Value = T;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a date or a moment")
        }

        fn visit_str<R: de::Error>(self, text: &str) -> Result<T, R> {
            (self.0)(text).map_err(R::custom)
        }
    }

    deserializer.deserialize_str(Reader(read))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_reads_iso_and_us_form() {
        let expected = Date::new(2026, 3, 9);
        assert_eq!(Date::parse("2026-03-09").ok(), expected);
        assert_eq!(Date::parse(" 3/9/2026 ").ok(), expected);
    }

    #[test]
    fn a_day_that_no_calendar_has_is_refused() {
        for text in ["2026-02-30", "13/01/2026", "26-01-01", "tomorrow", "2026-1", "1/2", "2026-001-01"] {
            assert_eq!(Date::parse(text), Err(DateTimeError), "{text}");
        }
    }

    #[test]
    fn the_29th_of_february_has_its_birthday_on_the_first_of_march() {
        let birth = Date::new(2000, 2, 29).expect("a leap day");
        let eve = Date::new(2001, 2, 28).expect("a day");
        assert_eq!(eve.years_since(birth), 0);
        assert_eq!(eve.plus_days(1).years_since(birth), 1);
    }

    #[test]
    fn a_moment_keeps_its_offset_and_compares_by_instant() {
        let here = DateTime::from_unix_ms(1_790_000_000_123, -300);
        let text = serde_json::to_string(&here).expect("a moment is a string");
        let back: DateTime = serde_json::from_str(&text).expect("what was written is read");
        assert_eq!(back, here);
        assert_eq!(back.offset_min(), -300);
        assert_eq!(here, here.at_offset(60));
    }
}
