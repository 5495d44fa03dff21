//! Puts arguments into words, and chooses among words by them.

use crate::{
    Language,
    marks::{ARGUMENTS, CHOOSE, END, INSERT, OPTION, TEXT},
    number,
};

/// What is put into a message.
#[derive(Clone, Copy, Debug)]
pub enum Argument<'a> {
    /// A text, or a code by which words are chosen.
    Text(&'a str),
    Number(i64),
}

/// Writes a message. Marks that do not belong together are left out; the build writes none.
pub(crate) fn fill(message: &str, arguments: &[Argument<'_>], language: Language, words: &mut String) {
    let mut rest = message;
    while let Some(at) = rest.find([INSERT, CHOOSE]) {
        let (before, from_mark) = rest.split_at(at);
        words.push_str(before);
        let mut marks = from_mark.chars();
        let (mark, argument) = (marks.next(), marks.next().and_then(|mark| argument_of(mark, arguments)));
        rest = marks.as_str();
        if mark == Some(INSERT) {
            match argument {
                Some(Argument::Text(text)) => words.push_str(text),
                Some(Argument::Number(count)) => number::write(count, language, words),
                None => {}
            }
        } else {
            let (options, after) = options(rest);
            if let Some(words_chosen) = options.into_iter().find(|(key, _)| fits(key, argument, language)).map(|(_, words)| words) {
                fill(words_chosen, arguments, language, words);
            }
            rest = after;
        }
    }
    words.push_str(rest);
}

fn argument_of<'a>(mark: char, arguments: &[Argument<'a>]) -> Option<Argument<'a>> {
    ARGUMENTS.iter().position(|known| *known == mark).and_then(|place| arguments.get(place)).copied()
}

fn fits(key: &str, argument: Option<Argument<'_>>, language: Language) -> bool {
    match argument {
        _ if key.is_empty() => true,
        Some(Argument::Text(text)) => key == text,
        Some(Argument::Number(count)) => key.parse() == Ok(count) || key == language.plural(count),
        None => false,
    }
}

/// The options of a choice as keys and words, and what comes after it. Words may hold choices of their own.
fn options(text: &str) -> (Vec<(&str, &str)>, &str) {
    let mut options = Vec::new();
    let (mut depth, mut from) = (0_usize, 0);
    for (at, char) in text.char_indices() {
        let is_end = depth == 0 && char == END;
        if is_end || (depth == 0 && char == OPTION) {
            options.extend(text.get(from..at).and_then(|option| option.split_once(TEXT)));
            from = at + char.len_utf8();
        }
        match char {
            _ if is_end => return (options, text.get(from..).unwrap_or_default()),
            CHOOSE => depth += 1,
            END => depth -= 1,
            _ => {}
        }
    }
    (options, "")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(message: &str, arguments: &[Argument<'_>], language: Language) -> String {
        let mut words = String::new();
        fill(message, arguments, language, &mut words);
        words
    }

    const NOTES: &str = "\u{1}0 has \u{2}1\u{3}0\u{4}no notes\u{3}one\u{4}one note\u{3}\u{4}\u{1}1 notes\u{5}.";

    #[test]
    fn texts_and_numbers_are_put_in_and_plurals_chosen() {
        let with = |count| filled(NOTES, &[Argument::Text("Ana"), Argument::Number(count)], Language::English);
        assert_eq!(with(0), "Ana has no notes.");
        assert_eq!(with(1), "Ana has one note.");
        assert_eq!(with(1200), "Ana has 1,200 notes.");
    }

    #[test]
    fn words_are_chosen_by_a_code_also_within_a_choice() {
        let message = "\u{2}0\u{3}a\u{4}A\u{2}1\u{3}one\u{4} 1\u{3}\u{4} n\u{5}!\u{3}\u{4}none\u{5}.";
        assert_eq!(filled(message, &[Argument::Text("a"), Argument::Number(1)], Language::English), "A 1!.");
        assert_eq!(filled(message, &[Argument::Text("a"), Argument::Number(2)], Language::English), "A n!.");
        assert_eq!(filled(message, &[Argument::Text("b"), Argument::Number(2)], Language::English), "none.");
    }

    #[test]
    fn marks_that_do_not_belong_together_harm_nobody() {
        for broken in ["\u{1}", "\u{2}", "\u{1}9x", "\u{2}0\u{3}one\u{4}x", "\u{5}\u{3}"] {
            filled(broken, &[Argument::Number(1)], Language::Arabic);
        }
    }
}
