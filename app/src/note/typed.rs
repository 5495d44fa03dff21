//! Days, times and lengths as people type them on a phone: any usual way is understood.

use domain::Date;

/// "11/23/2026", "2026-11-23", "11/23" (the last one that was, or this year's), "today", "yesterday", "tomorrow".
pub fn parse_day(text: &str, today: Date) -> Option<Date> {
    let text = text.trim();
    match text.to_ascii_lowercase().as_str() {
        "today" => return Some(today),
        "yesterday" => return Some(today.plus_days(-1)),
        "tomorrow" => return Some(today.plus_days(1)),
        _ => {}
    }
    if let Ok(day) = Date::parse(text) {
        return Some(day);
    }
    let mut parts = text.split('/');
    let (month, day) = (parts.next()?.trim().parse().ok()?, parts.next()?.trim().parse().ok()?);
    let year = match parts.next() {
        None => today.year(),
        Some(short) if short.trim().len() == 2 => 2000 + short.trim().parse::<i32>().ok()?,
        Some(_) => return None,
    };
    Date::new(year, month, day).filter(|_| parts.next().is_none())
}

/// "14:30", "14.30", "1430", "2:30 pm", "2pm", "9".
pub fn parse_time(text: &str) -> Option<(u8, u8)> {
    let text = text.trim().to_ascii_lowercase();
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
    let text = text.trim().to_ascii_lowercase();
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

    #[test]
    fn a_day_is_understood_as_people_type_it() {
        let today = Date::new(2026, 11, 23).expect("a day");
        for text in ["11/23/2026", "2026-11-23", " 11/23 ", "11/23/26", "Today"] {
            assert_eq!(parse_day(text, today), Some(today), "{text}");
        }
        assert_eq!(parse_day("yesterday", today), Some(today.plus_days(-1)));
        for text in ["", "23/11/2026", "11/23/2026/1", "Monday", "11-23"] {
            assert_eq!(parse_day(text, today), None, "{text}");
        }
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
