//! Days, moments and lengths in the language that is spoken. "Now" comes in, so the server and the browser say the same.

use domain::{Date, DateTime, PartialDate};
use words::time;

use crate::typed::{self, push_two_digits};

/// "Today", "Yesterday", "Tomorrow", "Mon 3 Nov", and with its year when that is another one.
pub fn day(day: Date, today: Date) -> String {
    match today.days_since(day) {
        0 => time::today().to_owned(),
        1 => time::yesterday().to_owned(),
        -1 => time::tomorrow().to_owned(),
        _ => time::weekday_and_date(&time::weekday_short(day.weekday()), &short_date(day, today)),
    }
}

/// "3 Nov", and with its year when that is another one.
pub fn short_date(date: Date, today: Date) -> String {
    let (day, month) = (date.day().to_string(), time::month_short(date.month()));
    match date.year() == today.year() {
        true => time::day_and_month(&day, &month),
        false => time::day_month_and_year(&day, &month, &date.year().to_string()),
    }
}

/// "23 November 2026".
pub fn full_date(day: Date) -> String {
    time::full_date(&day.day().to_string(), &time::month(day.month()), &day.year().to_string())
}

/// "Monday 23 November".
pub fn long_day(day: Date) -> String {
    time::long_day(&time::weekday(day.weekday()), &day.day().to_string(), &time::month(day.month()))
}

/// What was understood of a typed date: "Monday 23 November 2026", "November 2026" or "2026".
pub fn understood(date: PartialDate) -> String {
    match date {
        PartialDate::Day(day) => time::weekday_and_date(&time::weekday(day.weekday()), &full_date(day)),
        PartialDate::Month { year, month } => time::month_and_year(&time::month(month), &year.to_string()),
        PartialDate::Year(year) => year.to_string(),
    }
}

/// "Today 14:30", on the wall of the place where `now` is read.
pub fn moment(moment: DateTime, now: DateTime) -> String {
    let here = moment.at_offset(now.offset_min());
    time::moment(&day(here.date(), now.date()), &clock(here))
}

/// "14:30", on the wall where it was written.
pub fn clock(moment: DateTime) -> String {
    let (hour, minute) = moment.hour_minute();
    let mut text = String::with_capacity(5);
    push_two_digits(&mut text, hour);
    text.push(':');
    push_two_digits(&mut text, minute);
    text
}

/// The clock of `moment` on the wall where `now` is read.
pub fn clock_here(moment: DateTime, now: DateTime) -> String {
    clock(moment.at_offset(now.offset_min()))
}

/// "2 days late", "Due today", "Due in 3 days", "Due 3 Dec".
pub fn due(on: Date, today: Date) -> String {
    match on.days_since(today) {
        late if late < 0 => time::days_late(late.unsigned_abs()),
        0 => time::due_today().to_owned(),
        1 => time::due_tomorrow().to_owned(),
        soon if soon < 14 => time::due_in(soon),
        _ => time::due_on(&short_date(on, today)),
    }
}

/// "today", "yesterday", "12 days ago", "3 months ago".
pub fn ago(then: Date, today: Date) -> String {
    match today.days_since(then) {
        ..=0 => time::just_today().to_owned(),
        1 => time::just_yesterday().to_owned(),
        days @ 2..60 => time::days_ago(days),
        days @ 60..730 => time::months_ago(days / 30),
        days => time::years_ago(days / 365),
    }
}

/// "45 min", "1 h 30 min", "2 h".
pub fn duration(minutes: u16) -> String {
    match (minutes / 60, minutes % 60) {
        (0, minutes) => time::minutes_short(minutes),
        (hours, 0) => time::hours_short(hours),
        (hours, minutes) => time::hours_and_minutes_short(hours, minutes),
    }
}

/// "30 seconds", "1 minute", "4 minutes": never less than there is.
pub fn wait(seconds: u32) -> String {
    match seconds {
        ..=59 => time::seconds(seconds),
        _ => time::minutes(seconds.div_ceil(60)),
    }
}

/// What is left of a time, in the largest unit that says enough: "2 days", "5 hours", "12 minutes".
pub fn left(minutes: i64) -> String {
    match minutes.max(0) {
        minutes @ ..120 => time::minutes(minutes),
        minutes @ 120..2_880 => time::hours(minutes / 60),
        minutes => time::days(minutes / 1_440),
    }
}

/// "820 KB", "3.2 MB", "14 GB".
pub fn size(bytes: u64) -> String {
    let (unit, name): (u64, fn(&str) -> String) = match bytes {
        ..1_000 => (1, time::bytes),
        1_000..1_000_000 => (1_000, time::kilobytes),
        1_000_000..1_000_000_000 => (1_000_000, time::megabytes),
        _ => (1_000_000_000, time::gigabytes),
    };
    let tenths = bytes.saturating_mul(10) / unit;
    let mut number = (tenths / 10).to_string();
    if tenths < 100 && unit > 1_000 {
        number.push('.');
        number.push_str(&(tenths % 10).to_string());
    }
    name(&number)
}

/// "Good morning", by the hour.
pub fn greeting(now: DateTime) -> &'static str {
    match now.hour_minute().0 {
        5..12 => time::good_morning(),
        12..18 => time::good_afternoon(),
        _ => time::good_evening(),
    }
}

/// A day as a date field writes it in the language that is spoken.
pub fn typed_date(day: Date) -> String {
    typed::typed_date(day, words::current().day_order())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on(year: i32, month: u8, day: u8) -> Date {
        Date::new(year, month, day).expect("a day")
    }

    fn at(day: Date, hour: u8, minute: u8, offset_min: i16) -> DateTime {
        DateTime::from_local(day, hour, minute, offset_min).expect("a moment")
    }

    #[test]
    fn a_day_near_today_has_a_name_of_its_own() {
        let today = on(2026, 11, 23);
        assert_eq!(day(today, today), "Today");
        assert_eq!(day(on(2026, 11, 22), today), "Yesterday");
        assert_eq!(day(on(2026, 11, 24), today), "Tomorrow");
        assert_eq!(day(on(2026, 11, 3), today), "Tue 3 Nov");
        assert_eq!(day(on(2025, 11, 3), today), "Mon 3 Nov 2025");
        assert_eq!(long_day(today), "Monday 23 November");
    }

    #[test]
    fn a_moment_is_told_on_the_readers_wall() {
        let now = at(on(2026, 11, 23), 16, 0, 60);
        assert_eq!(moment(at(on(2026, 11, 23), 14, 5, 60), now), "Today 14:05");
        assert_eq!(moment(at(on(2026, 11, 22), 23, 30, 0), now), "Today 00:30");
    }

    #[test]
    fn what_is_due_is_told_in_days() {
        let today = on(2026, 11, 23);
        assert_eq!(due(on(2026, 11, 21), today), "2 days late");
        assert_eq!(due(on(2026, 11, 22), today), "1 day late");
        assert_eq!(due(today, today), "Due today");
        assert_eq!(due(on(2026, 11, 24), today), "Due tomorrow");
        assert_eq!(due(on(2026, 11, 26), today), "Due in 3 days");
        assert_eq!(due(on(2027, 1, 2), today), "Due 2 Jan 2027");
    }

    #[test]
    fn the_past_is_told_in_days_months_and_years() {
        let today = on(2026, 11, 23);
        assert_eq!(ago(today, today), "today");
        assert_eq!(ago(on(2026, 11, 22), today), "yesterday");
        assert_eq!(ago(on(2026, 11, 11), today), "12 days ago");
        assert_eq!(ago(on(2026, 8, 1), today), "3 months ago");
        assert_eq!(ago(on(2023, 8, 1), today), "3 years ago");
    }

    #[test]
    fn lengths_and_sizes_are_short() {
        assert_eq!(duration(0), "0 min");
        assert_eq!(duration(45), "45 min");
        assert_eq!(duration(90), "1 h 30 min");
        assert_eq!(duration(120), "2 h");
        assert_eq!(size(812), "812 bytes");
        assert_eq!(size(820_400), "820 KB");
        assert_eq!(size(3_260_000), "3.2 MB");
        assert_eq!(size(14_000_000_000), "14 GB");
        assert_eq!([left(-1), left(119), left(120), left(4_320)], ["0 minutes", "119 minutes", "2 hours", "3 days"]);
    }

    #[test]
    fn a_wait_is_told_in_round_words() {
        assert_eq!(wait(1), "1 second");
        assert_eq!(wait(30), "30 seconds");
        assert_eq!(wait(60), "1 minute");
        assert_eq!(wait(61), "2 minutes");
        assert_eq!(wait(480), "8 minutes");
    }
}
