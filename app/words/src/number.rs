//! Whole numbers as a language writes them. All three use the digits 0 to 9 here: clients and workers read Arabic beside English forms,
//! telephone numbers and house numbers, which have these.

use crate::{Language, current};

/// Anything that can be counted.
pub trait Count {
    /// As a number; the largest there is where it is larger.
    fn count(self) -> i64;
}

macro_rules! counts {
    ($($number:ty),+) => {
        $(impl Count for $number {
            fn count(self) -> i64 {
                i64::try_from(self).unwrap_or(i64::MAX)
            }
        })+
    };
}
counts!(u8, u16, u32, u64, usize, i16, i32, i64);

/// A number in the language of this moment: 12,345 or 12.345.
#[must_use]
pub fn number(number: impl Count) -> String {
    let mut text = String::new();
    write(number.count(), current(), &mut text);
    text
}

/// Writes a number with what stands between its thousands.
pub(crate) fn write(number: i64, language: Language, text: &mut String) {
    let digits = number.unsigned_abs().to_string();
    // Spanish leaves four digits together (CLDR, minimum grouping digits).
    let (mark, least) = match language {
        Language::English | Language::Arabic => (',', 4),
        Language::Spanish => ('.', 5),
    };
    if number < 0 {
        text.push('-');
    }
    for (at, digit) in digits.chars().enumerate() {
        let left = digits.len() - at;
        if at > 0 && left.is_multiple_of(3) && digits.len() >= least {
            text.push(mark);
        }
        text.push(digit);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_set_apart_as_each_language_does() {
        let written = |number, language| {
            let mut text = String::new();
            write(number, language, &mut text);
            text
        };
        assert_eq!(written(1_234_567, Language::English), "1,234,567");
        assert_eq!(written(1_234, Language::Spanish), "1234");
        assert_eq!(written(12_345, Language::Spanish), "12.345");
        assert_eq!(written(-1_234, Language::Arabic), "-1,234");
        assert_eq!(written(0, Language::English), "0");
    }
}
