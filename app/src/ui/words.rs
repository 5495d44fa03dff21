//! Days, moments and lengths in words. Pure: "now" comes in, so the server and the browser say the same.

use domain::{Date, DateTime};

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const LONG_MONTHS: [&str; 12] =
    ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];
const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const LONG_DAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/// "Today", "Yesterday", "Tomorrow", "Mon 3 Nov", and with its year when that is another one.
pub fn day(day: Date, today: Date) -> String {
    match today.days_since(day) {
        0 => "Today".to_owned(),
        1 => "Yesterday".to_owned(),
        -1 => "Tomorrow".to_owned(),
        _ => {
            let mut text = String::from(word(&DAYS, day.weekday()));
            text.push(' ');
            text.push_str(&short_date(day, today));
            text
        }
    }
}

/// "3 Nov", and with its year when that is another one.
pub fn short_date(day: Date, today: Date) -> String {
    let mut text = day.day().to_string();
    text.push(' ');
    text.push_str(word(&MONTHS, day.month().saturating_sub(1)));
    if day.year() != today.year() {
        text.push(' ');
        text.push_str(&day.year().to_string());
    }
    text
}

/// "23 November 2026".
pub fn full_date(day: Date) -> String {
    let month = word(&LONG_MONTHS, day.month().saturating_sub(1));
    [&day.day().to_string(), " ", month, " ", &day.year().to_string()].concat()
}

/// "Monday 23 November".
pub fn long_day(day: Date) -> String {
    let mut text = String::from(word(&LONG_DAYS, day.weekday()));
    text.push(' ');
    text.push_str(&day.day().to_string());
    text.push(' ');
    text.push_str(word(&LONG_MONTHS, day.month().saturating_sub(1)));
    text
}

/// "Today 14:30", on the wall of the place where `now` is read.
pub fn moment(moment: DateTime, now: DateTime) -> String {
    let here = moment.at_offset(now.offset_min());
    let mut text = day(here.date(), now.date());
    text.push(' ');
    text.push_str(&clock(here));
    text
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
        late if late < 0 => {
            let mut text = count(late.unsigned_abs(), "day", "days");
            text.push_str(" late");
            text
        }
        0 => "Due today".to_owned(),
        1 => "Due tomorrow".to_owned(),
        soon if soon < 14 => {
            let mut text = String::from("Due in ");
            text.push_str(&count(soon.unsigned_abs(), "day", "days"));
            text
        }
        _ => {
            let mut text = String::from("Due ");
            text.push_str(&short_date(on, today));
            text
        }
    }
}

/// "today", "yesterday", "12 days ago", "3 months ago".
pub fn ago(then: Date, today: Date) -> String {
    let days = today.days_since(then);
    let mut text = match days {
        ..=0 => return "today".to_owned(),
        1 => return "yesterday".to_owned(),
        2..60 => count(days.unsigned_abs(), "day", "days"),
        60..730 => count(days.unsigned_abs() / 30, "month", "months"),
        _ => count(days.unsigned_abs() / 365, "year", "years"),
    };
    text.push_str(" ago");
    text
}

/// "45 min", "1 h 30 min", "2 h".
pub fn duration(minutes: u16) -> String {
    let (hours, minutes) = (minutes / 60, minutes % 60);
    let mut text = String::new();
    if hours > 0 {
        text.push_str(&hours.to_string());
        text.push_str(" h");
    }
    if minutes > 0 || hours == 0 {
        if hours > 0 {
            text.push(' ');
        }
        text.push_str(&minutes.to_string());
        text.push_str(" min");
    }
    text
}

/// "30 seconds", "1 minute", "4 minutes": never less than there is.
pub fn wait(seconds: u32) -> String {
    match seconds {
        ..=59 => count(seconds, "second", "seconds"),
        _ => count(seconds.div_ceil(60), "minute", "minutes"),
    }
}

/// What is left of a time, in the largest unit that says enough: "2 days", "5 hours", "12 minutes".
pub fn left(minutes: i64) -> String {
    let minutes = u32::try_from(minutes.max(0)).unwrap_or(u32::MAX);
    match minutes {
        ..120 => count(minutes, "minute", "minutes"),
        120..2_880 => count(minutes / 60, "hour", "hours"),
        _ => count(minutes / 1_440, "day", "days"),
    }
}

/// "1 client", "2 clients".
pub fn count(number: u32, one: &str, many: &str) -> String {
    let mut text = number.to_string();
    text.push(' ');
    text.push_str(if number == 1 { one } else { many });
    text
}

/// [`count`] for the length of a list.
pub fn count_of(number: usize, one: &str, many: &str) -> String {
    count(u32::try_from(number).unwrap_or(u32::MAX), one, many)
}

/// "820 KB", "3.2 MB", "14 GB".
pub fn size(bytes: u64) -> String {
    const UNITS: [(u64, &str); 3] = [(1_000_000_000, " GB"), (1_000_000, " MB"), (1_000, " KB")];
    let (unit, name) = UNITS.into_iter().find(|(unit, _)| bytes >= *unit).unwrap_or((1, " bytes"));
    let tenths = bytes.saturating_mul(10) / unit;
    let mut text = (tenths / 10).to_string();
    if tenths < 100 && unit > 1_000 {
        text.push('.');
        text.push_str(&(tenths % 10).to_string());
    }
    text.push_str(name);
    text
}

/// "Good morning", by the hour.
pub fn greeting(now: DateTime) -> &'static str {
    match now.hour_minute().0 {
        5..12 => "Good morning",
        12..18 => "Good afternoon",
        _ => "Good evening",
    }
}

/// A day as the form's date field writes it: 11/23/2026.
pub fn typed_date(day: Date) -> String {
    let mut text = String::with_capacity(10);
    push_two_digits(&mut text, day.month());
    text.push('/');
    push_two_digits(&mut text, day.day());
    text.push('/');
    text.push_str(&day.year().to_string());
    text
}

fn word(words: &[&'static str], index: u8) -> &'static str {
    words.get(usize::from(index)).copied().unwrap_or_default()
}

fn push_two_digits(text: &mut String, number: u8) {
    text.push(char::from(b'0' + number / 10 % 10));
    text.push(char::from(b'0' + number % 10));
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
    fn lengths_sizes_and_counts_are_short() {
        assert_eq!(duration(0), "0 min");
        assert_eq!(duration(45), "45 min");
        assert_eq!(duration(90), "1 h 30 min");
        assert_eq!(duration(120), "2 h");
        assert_eq!(size(812), "812 bytes");
        assert_eq!(size(820_400), "820 KB");
        assert_eq!(size(3_260_000), "3.2 MB");
        assert_eq!(size(14_000_000_000), "14 GB");
        assert_eq!(count(1, "client", "clients"), "1 client");
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

    #[test]
    fn a_typed_date_is_read_back() {
        let today = on(2026, 1, 3);
        assert_eq!(typed_date(today), "01/03/2026");
        assert_eq!(Date::parse(&typed_date(today)), Ok(today));
    }
}
