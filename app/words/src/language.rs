//! The languages, and how each counts and writes.

/// A language that Doorstep speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Language {
    #[default]
    English,
    Spanish,
    Arabic,
}

/// Where a line of writing begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    LeftToRight,
    RightToLeft,
}

impl Direction {
    /// As the `dir` of HTML has it.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::LeftToRight => "ltr",
            Self::RightToLeft => "rtl",
        }
    }
}

/// Which part of a date is written first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DayOrder {
    /// 11/27/2026.
    MonthFirst,
    /// 27/11/2026.
    DayFirst,
}

impl Language {
    /// In the order in which they are offered.
    pub const ALL: [Self; 3] = [Self::English, Self::Spanish, Self::Arabic];

    /// BCP 47.
    #[must_use]
    pub fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Spanish => "es",
            Self::Arabic => "ar",
        }
    }

    /// What it is called by those who speak it.
    #[must_use]
    pub fn own_name(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::Spanish => "Español",
            Self::Arabic => "العربية",
        }
    }

    #[must_use]
    pub fn direction(self) -> Direction {
        match self {
            Self::English | Self::Spanish => Direction::LeftToRight,
            Self::Arabic => Direction::RightToLeft,
        }
    }

    /// How a date is written in figures (CLDR, `en-US`, `es-US` and `ar`).
    #[must_use]
    pub fn day_order(self) -> DayOrder {
        match self {
            Self::English => DayOrder::MonthFirst,
            Self::Spanish | Self::Arabic => DayOrder::DayFirst,
        }
    }

    /// The language of a tag such as `es` or `es-MX`.
    #[must_use]
    pub fn of_tag(tag: &str) -> Option<Self> {
        let language = tag.split(['-', '_']).next().unwrap_or(tag);
        Self::ALL.into_iter().find(|known| known.tag().eq_ignore_ascii_case(language))
    }

    /// The best one for a list of tags with weights, as the header `Accept-Language` has it (RFC 9110, section 12.5.4).
    #[must_use]
    pub fn accepted(header: &str) -> Option<Self> {
        let mut best: Option<(u32, Self)> = None;
        for range in header.split(',') {
            let (tag, weight) = range.split_once(';').unwrap_or((range, ""));
            let weight = weight.trim().strip_prefix("q=").map_or(Some(1000), thousandths);
            if let (Some(language), Some(weight @ 1..)) = (Self::of_tag(tag.trim()), weight)
                && best.is_none_or(|(known, _)| weight > known)
            {
                best = Some((weight, language));
            }
        }
        best.map(|(_, language)| language)
    }

    /// The plural category of a whole number (CLDR, cardinal).
    pub(crate) fn plural(self, number: i64) -> &'static str {
        let number = number.unsigned_abs();
        match (self, number, number % 100) {
            (Self::English | Self::Spanish, 1, _) => "one",
            (Self::Spanish, 1.., _) if number.is_multiple_of(1_000_000) => "many",
            (Self::English | Self::Spanish, ..) => "other",
            (Self::Arabic, 0, _) => "zero",
            (Self::Arabic, 1, _) => "one",
            (Self::Arabic, 2, _) => "two",
            (Self::Arabic, _, 3..=10) => "few",
            (Self::Arabic, _, 11..) => "many",
            (Self::Arabic, ..) => "other",
        }
    }
}

/// `0.8` as 800.
fn thousandths(weight: &str) -> Option<u32> {
    let (whole, part) = weight.trim().split_once('.').unwrap_or((weight.trim(), ""));
    let digits: String = part.chars().chain("000".chars()).take(3).collect();
    Some(whole.parse::<u32>().ok()?.checked_mul(1000)?.saturating_add(digits.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use icu_locale_core::Locale;
    use icu_plurals::{PluralCategory, PluralRules};

    use super::*;

    #[test]
    fn numbers_have_the_plural_categories_of_the_cldr() {
        for language in Language::ALL {
            let locale: Locale = language.tag().parse().unwrap();
            let rules = PluralRules::try_new_cardinal(locale.into()).unwrap();
            for number in (0_i32..1_200).chain([10_000, 999_999, 1_000_000, 1_000_001, 2_000_000]) {
                let category = match rules.category_for(number) {
                    PluralCategory::Zero => "zero",
                    PluralCategory::One => "one",
                    PluralCategory::Two => "two",
                    PluralCategory::Few => "few",
                    PluralCategory::Many => "many",
                    PluralCategory::Other => "other",
                };
                assert_eq!(language.plural(i64::from(number)), category, "{number} in {}", language.tag());
            }
        }
    }

    #[test]
    fn the_best_language_of_a_browser_is_taken() {
        assert_eq!(Language::accepted("es-MX,es;q=0.9,en;q=0.8"), Some(Language::Spanish));
        assert_eq!(Language::accepted("fr,ar;q=0.5,en;q=0.4"), Some(Language::Arabic));
        assert_eq!(Language::accepted("en;q=0.2, ES;q=0.25"), Some(Language::Spanish));
        assert_eq!(Language::accepted("en;q=0, de"), None);
        assert_eq!(Language::accepted(""), None);
    }
}
