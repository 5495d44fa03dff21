//! Days, times and lengths as people type them on a phone: any usual way is understood.

use domain::{Date, PartialDate};
use words::DayOrder;

/// "11/23/2026" where the month comes first, "23/11/2026" or "23.11.2026" where the day does; "2026-11-23", "11/23" (of this year), and
/// "today", "yesterday", "tomorrow" in the language that is spoken. Arabic figures are figures.
pub fn parse_day(text: &str, today: Date, order: DayOrder) -> Option<Date> {
    let text = in_ascii_figures(text.trim());
    match parse_partial(&text, today, order)? {
        PartialDate::Day(day) => Some(day),
        PartialDate::Month { .. } | PartialDate::Year(_) => None,
    }
}

/// As [`parse_day`], and "11/2026", "2026-11" or "2026" where the day, or the month, is not known.
pub fn parse_partial_day(text: &str, today: Date, order: DayOrder) -> Option<PartialDate> {
    parse_partial(&in_ascii_figures(text.trim()), today, order)
}

fn parse_partial(text: &str, today: Date, order: DayOrder) -> Option<PartialDate> {
    let lower = text.to_lowercase();
    let is = |english: &str, spoken: &str| lower == english || lower == spoken.to_lowercase();
    match () {
        () if is("today", words::time::today()) => return Some(PartialDate::Day(today)),
        () if is("yesterday", words::time::yesterday()) => return Some(PartialDate::Day(today.plus_days(-1))),
        () if is("tomorrow", words::time::tomorrow()) => return Some(PartialDate::Day(today.plus_days(1))),
        () => {}
    }
    if let Ok(partial) = PartialDate::parse(text) {
        return Some(partial);
    }
    let parts: Vec<&str> = text.split(['/', '.']).map(str::trim).collect();
    let number = |part: &str| part.parse::<u8>().ok();
    match *parts.as_slice() {
        [month, year] if year.len() == 4 => PartialDate::month(year.parse().ok()?, number(month)?),
        [first, second] => day_of_year(today.year(), (number(first)?, number(second)?), order),
        [first, second, year] => {
            let year = match year.len() {
                2 => 2000 + year.parse::<i32>().ok()?,
                4 => year.parse().ok()?,
                _ => return None,
            };
            day_of_year(year, (number(first)?, number(second)?), order)
        }
        _ => None,
    }
}

fn day_of_year(year: i32, (first, second): (u8, u8), order: DayOrder) -> Option<PartialDate> {
    let (month, day) = match order {
        DayOrder::MonthFirst => (first, second),
        DayOrder::DayFirst => (second, first),
    };
    Date::new(year, month, day).map(PartialDate::Day)
}

/// Arabic keyboards write figures of their own (U+0660 to U+0669, U+06F0 to U+06F9).
fn in_ascii_figures(text: &str) -> String {
    let figure = |letter: char| match letter {
        '\u{660}'..='\u{669}' => char::from(b'0' + (letter as u32 - 0x660) as u8),
        '\u{6f0}'..='\u{6f9}' => char::from(b'0' + (letter as u32 - 0x6f0) as u8),
        _ => letter,
    };
    text.chars().map(figure).collect()
}

/// A day as a date field writes it, by the order of a language: 11/23/2026 or 23/11/2026.
pub fn typed_date(day: Date, order: DayOrder) -> String {
    let (first, second) = match order {
        DayOrder::MonthFirst => (day.month(), day.day()),
        DayOrder::DayFirst => (day.day(), day.month()),
    };
    let mut text = String::with_capacity(10);
    push_two_digits(&mut text, first);
    text.push('/');
    push_two_digits(&mut text, second);
    text.push('/');
    text.push_str(&day.year().to_string());
    text
}

pub fn push_two_digits(text: &mut String, number: u8) {
    text.push(char::from(b'0' + number / 10 % 10));
    text.push(char::from(b'0' + number % 10));
}

/// "14:30", "14.30", "1430", "2:30 pm", "2pm", "9".
pub fn parse_time(text: &str) -> Option<(u8, u8)> {
    let text = in_ascii_figures(text.trim()).to_ascii_lowercase();
    let (clock, afternoon) = match text.trim_end_matches('.').strip_suffix('m') {
        Some(rest) => {
            let rest = rest.trim_end_matches(['.', ' ']);
            match (rest.strip_suffix('a'), rest.strip_suffix('p')) {
                (Some(clock), _) => (clock.trim(), Some(false)),
                (_, Some(clock)) => (clock.trim(), Some(true)),
                _ => return None,
            }
        }
        None => (text.as_str(), None),
    };
    let (hour, minute) = match clock.split_once([':', '.']) {
        Some((hour, minute)) if minute.len() == 2 => (digits(hour)?, digits(minute)?),
        Some(_) => return None,
        None if clock.len() > 2 => {
            let (hour, minute) = clock.split_at_checked(clock.len() - 2)?;
            (digits(hour)?, digits(minute)?)
        }
        None => (digits(clock)?, 0),
    };
    let hour = match afternoon {
        None => hour,
        Some(_) if !(1..=12).contains(&hour) => return None,
        Some(false) => hour % 12,
        Some(true) => hour % 12 + 12,
    };
    (hour < 24 && minute < 60).then_some((hour, minute))
}

/// "45", "45 min", "1 h 30", "1:30".
pub fn parse_minutes(text: &str) -> Option<u16> {
    let text = in_ascii_figures(text.trim()).to_ascii_lowercase();
    let text = text.trim_end_matches(|letter: char| letter.is_ascii_alphabetic() && letter != 'h').trim();
    match text.split_once(['h', ':']) {
        None => text.parse().ok(),
        Some((hours, minutes)) => {
            let hours: u16 = hours.trim().parse().ok()?;
            let minutes: u16 = match minutes.trim() {
                "" => 0,
                minutes => minutes.parse().ok()?,
            };
            hours.checked_mul(60)?.checked_add(minutes)
        }
    }
}

fn digits(text: &str) -> Option<u8> {
    text.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const MONTH: DayOrder = DayOrder::MonthFirst;
    const DAY: DayOrder = DayOrder::DayFirst;

    #[test]
    fn a_day_is_understood_as_people_type_it() {
        let today = Date::new(2026, 11, 23).expect("a day");
        for text in ["11/23/2026", "2026-11-23", " 11/23 ", "11/23/26", "11.23.2026", "Today", "١١/٢٣/٢٠٢٦"] {
            assert_eq!(parse_day(text, today, MONTH), Some(today), "{text}");
        }
        assert_eq!(parse_day("yesterday", today, MONTH), Some(today.plus_days(-1)));
        for text in ["", "23/11/2026", "11/23/2026/1", "Monday", "11-23", "2026", "11/2026"] {
            assert_eq!(parse_day(text, today, MONTH), None, "{text}");
        }
    }

    #[test]
    fn a_day_is_written_and_read_in_the_order_of_the_language() {
        let day = Date::new(2026, 3, 12).expect("a day");
        for order in [MONTH, DAY] {
            assert_eq!(parse_day(&typed_date(day, order), day, order), Some(day));
        }
        assert_eq!((typed_date(day, MONTH).as_str(), typed_date(day, DAY).as_str()), ("03/12/2026", "12/03/2026"));
        assert_eq!(parse_day("12/3", day, DAY), Some(day));
        words::with(words::Catalogue::built_in(words::Language::Spanish), || {
            assert_eq!(parse_day("Mañana", day, DAY), Some(day.plus_days(1)));
        });
    }

    #[test]
    fn a_day_or_a_month_may_be_left_out_where_nobody_knows_it() {
        let today = Date::new(2026, 11, 23).expect("a day");
        assert_eq!(parse_partial_day("1951", today, MONTH), Some(PartialDate::Year(1951)));
        assert_eq!(parse_partial_day("2/1951", today, MONTH), PartialDate::month(1951, 2));
        assert_eq!(parse_partial_day("14/2/1951", today, DAY), Date::new(1951, 2, 14).map(PartialDate::Day));
        assert_eq!(parse_partial_day("13/1951", today, MONTH), None);
    }

    #[test]
    fn a_time_is_understood_as_people_type_it() {
        for text in ["14:30", "14.30", "1430", "2:30 pm", "2:30PM", "2.30 p.m."] {
            assert_eq!(parse_time(text), Some((14, 30)), "{text}");
        }
        assert_eq!(parse_time("9"), Some((9, 0)));
        assert_eq!(parse_time("930"), Some((9, 30)));
        assert_eq!(parse_time("12 am"), Some((0, 0)));
        assert_eq!(parse_time("12pm"), Some((12, 0)));
        for text in ["", "25:00", "14:60", "14:3", "13 pm", "noon", "é30"] {
            assert_eq!(parse_time(text), None, "{text}");
        }
    }

    #[test]
    fn a_length_is_understood_as_people_type_it() {
        assert_eq!(parse_minutes("45"), Some(45));
        assert_eq!(parse_minutes("45 min"), Some(45));
        assert_eq!(parse_minutes("1 h 30 min"), Some(90));
        assert_eq!(parse_minutes("1:30"), Some(90));
        assert_eq!(parse_minutes("2h"), Some(120));
        for text in ["", "-5", "a lot", "1.5"] {
            assert_eq!(parse_minutes(text), None, "{text}");
        }
    }
}
