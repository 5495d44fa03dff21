//! Rates passphrases and makes them, as a program of its own: its lists of words are larger than the rest, and only the page that sets a
//! device up wants them.
//!
//! Used by public/strength.js only. **It does not know** keys, storage, or the page that asks.

use bip39::Language;
use wasm_bindgen::prelude::*;
use zxcvbn::{Score, feedback::Warning, zxcvbn};

/// Words of a passphrase that is made here. Each is one of 2,048, so there are 66 bits: more than any guessing reaches behind Argon2id.
const WORDS: usize = 6;

/// Bytes of chance that [`make_passphrase`] takes.
const CHANCE_BYTES: usize = 2 * WORDS;

/// The shortest passphrase, in characters.
const SHORTEST: usize = 12;

/// What is weak about a passphrase, in one word that `frontend` knows; nothing where it is strong. What is in `known` (the worker's name, the
/// agency's) counts as guessed first.
#[wasm_bindgen]
pub fn weakness(passphrase: &str, known: Vec<String>) -> Option<String> {
    if passphrase.trim().chars().count() < SHORTEST {
        return Some("too-short".to_owned());
    }
    let words = known.iter().flat_map(|text| text.split_whitespace().chain([text.as_str()]));
    let known: Vec<&str> = words.chain(["doorstep"]).collect();
    let rated = zxcvbn(passphrase, &known);
    if rated.score() >= Score::Three {
        return None;
    }
    let warning = rated.feedback().and_then(|feedback| feedback.warning());
    Some(warning.map_or("guessable", code).to_owned())
}

fn code(warning: Warning) -> &'static str {
    match warning {
        Warning::StraightRowsOfKeysAreEasyToGuess | Warning::ShortKeyboardPatternsAreEasyToGuess => "keyboard",
        Warning::RepeatsLikeAaaAreEasyToGuess | Warning::RepeatsLikeAbcAbcAreOnlySlightlyHarderToGuess => "repeated",
        Warning::ThisIsATop10Password
        | Warning::ThisIsATop100Password
        | Warning::ThisIsACommonPassword
        | Warning::ThisIsSimilarToACommonlyUsedPassword => "common",
        Warning::SequencesLikeAbcAreEasyToGuess => "sequence",
        Warning::RecentYearsAreEasyToGuess | Warning::DatesAreOftenEasyToGuess => "date",
        Warning::NamesAndSurnamesByThemselvesAreEasyToGuess | Warning::CommonNamesAndSurnamesAreEasyToGuess => "name",
        Warning::AWordByItselfIsEasyToGuess => "guessable",
    }
}

/// Six words, drawn by these random bytes; nothing where there are too few.
#[wasm_bindgen]
pub fn make_passphrase(chance: &[u8]) -> Option<String> {
    let list = Language::English.word_list();
    let drawn = chance.get(..CHANCE_BYTES)?.chunks_exact(2).map(|pair| {
        // The list has 2,048 words, so the remainder favours none.
        list[usize::from(u16::from_le_bytes([pair[0], pair[1]])) % list.len()]
    });
    Some(drawn.collect::<Vec<_>>().join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn weak(passphrase: &str) -> Option<String> {
        weakness(passphrase, vec!["Maria Santos".to_owned(), "Harbor Community Services".to_owned()])
    }

    #[test]
    fn a_weak_passphrase_is_told_from_a_strong_one_and_says_why() {
        assert_eq!(weak("short").as_deref(), Some("too-short"));
        assert_eq!(weak("           a           ").as_deref(), Some("too-short"));
        assert_eq!(weak("password1234").as_deref(), Some("common"));
        assert_eq!(weak("aaaaaaaaaaaaaa").as_deref(), Some("repeated"));
        assert_eq!(weak("abcdefghijklmn").as_deref(), Some("sequence"));
        assert_eq!(weak("qwertyuiop[]").as_deref(), Some("keyboard"));
        assert_eq!(weak("maria santos").as_deref(), Some("guessable"));
        assert_eq!(weak("velvet harbor monsoon ladder"), None);
    }

    #[test]
    fn a_made_passphrase_has_six_words_and_is_strong() {
        let made = make_passphrase(&[1, 0, 2, 1, 3, 2, 4, 3, 5, 4, 6, 5]).expect("enough chance");
        assert_eq!(made.split(' ').count(), WORDS);
        assert_eq!(weak(&made), None);
        assert_eq!(make_passphrase(&[0; 11]), None);
    }

    #[test]
    fn each_word_can_be_drawn_and_none_more_often() {
        let word = |number: u16| make_passphrase(&[number.to_le_bytes().to_vec(), vec![0; 10]].concat()).expect("enough chance");
        let drawn: std::collections::BTreeSet<String> = (0..2_048).map(word).collect();
        assert_eq!(drawn.len(), 2_048);
        assert_eq!(word(2_048), word(0));
    }
}
