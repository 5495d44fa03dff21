//! The days and hours of an agency on the east coast of the United States.

use domain::{Date, DateTime};

use super::chance::Chance;

/// The agency's offset from UTC in minutes on a day: daylight saving runs from the second Sunday of March to the first of November.
pub(super) fn offset_min(day: Date) -> i16 {
    const STANDARD: i16 = -5 * 60;
    let sunday = |month, number: i32| {
        let first = Date::new(day.year(), month, 1).unwrap_or(day);
        first.plus_days(6 - i32::from(first.weekday()) + 7 * (number - 1))
    };
    if day >= sunday(3, 2) && day < sunday(11, 1) { STANDARD + 60 } else { STANDARD }
}

/// The day itself, or the Friday before a weekend.
pub(super) fn workday_before(day: Date) -> Date {
    day.plus_days(-i32::from(day.weekday().saturating_sub(4)))
}

/// The day itself, or the Monday after a weekend.
pub(super) fn workday_after(day: Date) -> Date {
    match day.weekday() {
        weekday @ 5.. => day.plus_days(7 - i32::from(weekday)),
        _ => day,
    }
}

/// A moment on a day by the agency's own clock.
pub(super) fn at(day: Date, hour: u8, minute: u8) -> DateTime {
    let offset_min = offset_min(day);
    DateTime::from_local(day, hour, minute, offset_min).unwrap_or(DateTime::from_unix_ms(0, offset_min))
}

/// Some time of a working day, on a quarter of an hour.
pub(super) fn working_hour(day: Date, chance: &mut Chance) -> DateTime {
    let hour = *chance.pick(&[8, 9, 9, 10, 10, 11, 11, 13, 13, 14, 14, 15, 15, 16]);
    let minute = *chance.pick(&[0, 0, 15, 30, 30, 45]);
    at(day, hour, minute)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(month: u8, day: u8) -> Date {
        Date::new(2026, month, day).expect("a day")
    }

    #[test]
    fn daylight_saving_begins_and_ends_on_its_sundays() {
        assert_eq!([day(3, 7), day(3, 8), day(10, 31), day(11, 1)].map(offset_min), [-300, -240, -240, -300]);
    }

    #[test]
    fn nobody_works_on_a_weekend() {
        let saturday = day(11, 21);
        assert_eq!(workday_before(saturday), day(11, 20));
        assert_eq!(workday_after(saturday), day(11, 23));
        assert_eq!(workday_after(day(11, 20)), day(11, 20));
    }
}
