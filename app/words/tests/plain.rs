//! What Doorstep says can be read by people who went to school for six years.

use domain::school_grade;
use words::{Language, source};

/// The grade that each part of the app must not pass.
const MOST: f64 = 6.0;

/// The grade of no message alone may be higher, from this many words on: in shorter ones a single long word counts for all.
const MOST_OF_ONE: f64 = 8.5;
const WORDS: usize = 10;

/// The texts of a language: each message, and each of the words among which one chooses.
fn texts(language: Language) -> Vec<&'static str> {
    source(language).split(|char: char| char.is_control()).filter(|text| text.contains(char::is_alphabetic)).collect()
}

#[test]
fn the_words_of_the_app_ask_for_six_years_of_school() {
    for language in [Language::English, Language::Spanish] {
        let tag = language.tag();
        let texts = texts(language);
        let whole = school_grade(&texts.join("\n"), tag).expect("there are words");
        assert!(whole <= MOST, "{tag}: grade {whole:.1} in all");
        let is_long = |text: &&&str| text.split_whitespace().count() >= WORDS;
        let hard: Vec<String> = (texts.iter().filter(is_long))
            .filter_map(|text| Some((school_grade(text, tag)?, text)))
            .filter(|(grade, _)| *grade > MOST_OF_ONE)
            .map(|(grade, text)| format!("{grade:.1}: {text}"))
            .collect();
        assert!(hard.is_empty(), "{tag}: hard to read, use shorter sentences and words:\n{}", hard.join("\n"));
    }
}
