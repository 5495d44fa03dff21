//! Finding a client by anything a worker remembers: a name in any spelling, a number, a word from a note.

use memchr::memmem;

use crate::{CaseId, NoteId};

/// What a search found, best first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    pub case_id: CaseId,
    pub kind: HitKind,
}

/// Where the words were found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HitKind {
    /// In a name, a phone number or the agency's number.
    Client,
    /// In a note; `snippet` is the text around the first match, as it was written.
    Note { note_id: NoteId, snippet: String },
}

/// Folds a text for comparison: lower case, Latin letters without their accents, digits of other scripts as 0 to 9.
pub fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let mut folded = String::with_capacity(text.len());
    text.chars().for_each(|letter| fold_letter(letter, |part| folded.push_str(part)));
    folded
}

/// A query, folded and split into words; a text matches when it has them all.
pub(crate) struct Words(Vec<memmem::Finder<'static>>);

impl Words {
    pub(crate) fn of(query: &str) -> Self {
        let folded = fold(query);
        let mut words: Vec<&str> = folded.split_whitespace().collect();
        // The longest is the rarest: most texts fail on it at once.
        if let Some(longest) = (0..words.len()).max_by_key(|at| words[*at].len()) {
            words.swap(0, longest);
        }
        Self(words.into_iter().map(|word| memmem::Finder::new(word).into_owned()).collect())
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The longest word, in bytes.
    pub(crate) fn longest(&self) -> usize {
        self.0.first().map_or(0, |finder| finder.needle().len())
    }

    /// Whether the folded `text` has every word.
    pub(crate) fn all_in(&self, text: &str) -> bool {
        self.0.iter().all(|word| word.find(text.as_bytes()).is_some())
    }

    /// Some 90 characters of `original` around the first place where the longest word stands; `folded` is the same text, folded.
    pub(crate) fn snippet(&self, original: &str, folded: &str) -> String {
        const BEFORE: usize = 30;
        const LENGTH: usize = 90;
        let in_folded = self.0.first().and_then(|word| word.find(folded.as_bytes())).unwrap_or(0);
        let at = unfolded(original, folded, in_folded);
        let start = original[..at].char_indices().rev().nth(BEFORE - 1).map_or(0, |(start, _)| start);
        let end = original[start..].char_indices().nth(LENGTH).map_or(original.len(), |(length, _)| start + length);
        let (before, after) = (if start > 0 { "…" } else { "" }, if end < original.len() { "…" } else { "" });
        [before, &original[start..end], after].concat()
    }
}

/// Where in `original` the letter begins that stands at a byte of `folded`.
fn unfolded(original: &str, folded: &str, at: usize) -> usize {
    if original.is_ascii() {
        return at;
    }
    let mut reached = 0;
    for (start, letter) in original.char_indices() {
        if reached >= at {
            return start;
        }
        fold_letter(letter, |part| reached += part.len());
    }
    debug_assert!(reached == folded.len(), "both are the same text");
    original.len()
}

/// Gives what one letter becomes, in parts.
fn fold_letter(letter: char, mut part: impl FnMut(&str)) {
    for lower in letter.to_lowercase() {
        match unaccented(lower) {
            Some(plain) => part(plain),
            None => part(western_digit(lower).encode_utf8(&mut [0; 4])),
        }
    }
}

fn unaccented(letter: char) -> Option<&'static str> {
    Some(match letter {
        'à'..='å' | 'ā' | 'ă' | 'ą' | 'ạ'..='ặ' => "a",
        'ç' | 'ć' | 'č' => "c",
        'ď' | 'đ' => "d",
        'è'..='ë' | 'ē' | 'ė' | 'ę' | 'ě' | 'ẹ'..='ệ' => "e",
        'ğ' => "g",
        'ì'..='ï' | 'ī' | 'ı' | 'ỉ' | 'ị' => "i",
        'ł' => "l",
        'ñ' | 'ń' | 'ň' => "n",
        'ò'..='ö' | 'ø' | 'ō' | 'ő' | 'ơ' | 'ọ'..='ợ' => "o",
        'ř' => "r",
        'ś' | 'š' | 'ş' => "s",
        'ß' => "ss",
        'ť' | 'ţ' => "t",
        'ù'..='ü' | 'ū' | 'ů' | 'ű' | 'ư' | 'ụ'..='ự' => "u",
        'ý' | 'ÿ' | 'ỳ'..='ỹ' => "y",
        'ź' | 'ż' | 'ž' => "z",
        'æ' => "ae",
        'œ' => "oe",
        '\u{0300}'..='\u{036f}' => "",
        _ => return None,
    })
}

fn western_digit(letter: char) -> char {
    let zero = match letter {
        '٠'..='٩' => '٠',
        '۰'..='۹' => '۰',
        '०'..='९' => '०',
        _ => return letter,
    };
    char::from_digit(u32::from(letter) - u32::from(zero), 10).unwrap_or(letter)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accents_case_and_other_digits_do_not_matter() {
        assert_eq!(fold("José ÑÚÑEZ ٣٤"), "jose nunez 34");
        assert_eq!(fold("Nguyễn"), "nguyen");
    }

    #[test]
    fn every_word_must_be_there_in_any_order() {
        let words = Words::of("ana  GARCIA");
        assert!(words.all_in(&fold("García López, Ana")));
        assert!(!words.all_in(&fold("García López, Eva")));
    }

    #[test]
    fn a_snippet_shows_the_text_as_written() {
        let text = format!("{}She asked about the Jardín infantil.", "Long before. ".repeat(10));
        let snippet = Words::of("jardin").snippet(&text, &fold(&text));
        assert!(snippet.contains("Jardín"), "{snippet}");
        assert!(snippet.starts_with('…'), "{snippet}");
        let plain = "Long before. ".repeat(10) + "The heating. " + &"And after. ".repeat(10);
        let snippet = Words::of("the HEATING").snippet(&plain, &fold(&plain));
        assert!(snippet.contains("heating") && snippet.starts_with('…') && snippet.ends_with('…'), "{snippet}");
        assert_eq!(Words::of("ß").snippet("Straße İß", &fold("Straße İß")), "Straße İß");
    }
}
