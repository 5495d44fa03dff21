//! Sentences from rules: the files in `words/` say what can be said, chance says which.
//!
//! A rule is a line `@name` and below it one alternative a line. In an alternative `[a|b]` is a choice, `{2-9}` a number, and `{name}`
//! what the speaker knows under that name or another rule; `{Name}` begins with a capital letter. A rule whose name begins with `my.` is
//! spoken once for each client and remembered.

use std::{collections::HashMap, sync::LazyLock};

use super::chance::Chance;

const FILES: [&str; 7] = [
    include_str!("words/places.txt"),
    include_str!("words/contact.txt"),
    include_str!("words/details.txt"),
    include_str!("words/alerts.txt"),
    include_str!("words/goals_home.txt"),
    include_str!("words/goals_health.txt"),
    include_str!("words/goals_future.txt"),
];

static RULES: LazyLock<HashMap<&'static str, Vec<Vec<Piece>>>> = LazyLock::new(read_rules);

enum Piece {
    Text(&'static str),
    Choice(Vec<Vec<Piece>>),
    Number(i32, i32),
    Name(&'static str),
}

fn read_rules() -> HashMap<&'static str, Vec<Vec<Piece>>> {
    let mut rules: HashMap<&str, Vec<Vec<Piece>>> = HashMap::new();
    let mut name = "";
    for line in FILES.iter().flat_map(|file| file.lines()) {
        match line.strip_prefix('@') {
            Some(rule) => name = rule,
            None if line.trim().is_empty() || line.starts_with('#') => {}
            None => rules.entry(name).or_default().push(read_pieces(&mut { line }, false)),
        }
    }
    rules
}

/// Reads up to the end of the text, or inside of a choice up to its next `|` or `]`, which stay.
fn read_pieces(text: &mut &'static str, in_choice: bool) -> Vec<Piece> {
    let mut pieces = Vec::new();
    while !text.is_empty() {
        let stop = text.find(if in_choice { &['[', '{', '|', ']'][..] } else { &['[', '{'][..] }).unwrap_or(text.len());
        let (plain, rest) = text.split_at(stop);
        if !plain.is_empty() {
            pieces.push(Piece::Text(plain));
        }
        *text = rest;
        match rest.as_bytes().first() {
            Some(b'[') => pieces.push(read_choice(text)),
            Some(b'{') => {
                let (name, after) = rest[1..].split_once('}').unwrap_or((&rest[1..], ""));
                pieces.push(read_name(name));
                *text = after;
            }
            _ => break,
        }
    }
    pieces
}

fn read_choice(text: &mut &'static str) -> Piece {
    let mut options = Vec::new();
    while !text.is_empty() && !text.starts_with(']') {
        *text = &text[1..];
        options.push(read_pieces(text, true));
    }
    *text = text.get(1..).unwrap_or_default();
    Piece::Choice(options)
}

fn read_name(name: &'static str) -> Piece {
    let range = name.split_once('-').and_then(|(low, high)| Some((low.parse().ok()?, high.parse().ok()?)));
    range.map_or(Piece::Name(name), |(low, high)| Piece::Number(low, high))
}

/// Whether there is a rule of this name.
#[cfg(test)]
pub(super) fn has_rule(name: &str) -> bool {
    RULES.contains_key(name)
}

/// Somebody who speaks of one client: knows their names, and does not say the same twice before everything else was said.
#[derive(Default)]
pub(super) struct Speaker {
    known: HashMap<&'static str, String>,
    /// What was not said yet, by rule.
    unsaid: HashMap<&'static str, Vec<usize>>,
}

impl Speaker {
    /// Lets the speaker know something under a name.
    pub(super) fn learn(&mut self, name: &'static str, text: impl Into<String>) {
        self.known.insert(name, text.into());
    }

    /// Says one alternative of a rule; nothing where there is no such rule.
    pub(super) fn say(&mut self, rule: &str, chance: &mut Chance) -> String {
        let mut text = String::new();
        self.speak(rule, chance, &mut text);
        tidy(&text)
    }

    fn speak(&mut self, rule: &str, chance: &mut Chance, text: &mut String) {
        let Some((name, alternatives)) = RULES.get_key_value(rule) else { return };
        let unsaid = self.unsaid.entry(name).or_default();
        if unsaid.is_empty() {
            unsaid.extend(0..alternatives.len());
            chance.shuffle(unsaid);
        }
        let alternative = unsaid.pop().unwrap_or(0);
        if name.starts_with("my.") {
            let mut once = String::new();
            self.speak_pieces(&alternatives[alternative], chance, &mut once);
            text.push_str(&once);
            self.known.insert(name, once);
        } else {
            self.speak_pieces(&alternatives[alternative], chance, text);
        }
    }

    fn speak_pieces(&mut self, pieces: &'static [Piece], chance: &mut Chance, text: &mut String) {
        for piece in pieces {
            match piece {
                Piece::Text(plain) => text.push_str(plain),
                Piece::Choice(options) => self.speak_pieces(&options[chance.below(options.len())], chance, text),
                Piece::Number(low, high) => text.push_str(&chance.between(*low, *high).to_string()),
                Piece::Name(name) => self.speak_name(name, chance, text),
            }
        }
    }

    fn speak_name(&mut self, name: &'static str, chance: &mut Chance, text: &mut String) {
        let start = text.len();
        let plain = name.to_lowercase();
        match self.known.get(plain.as_str()) {
            Some(known) => text.push_str(known),
            None => self.speak(&plain, chance, text),
        }
        if plain != name {
            capitalize_at(text, start);
        }
    }
}

/// One space between words and none before a stop; a capital letter where a sentence begins.
fn tidy(text: &str) -> String {
    let mut tidied = String::with_capacity(text.len());
    for letter in text.trim().chars() {
        if matches!(letter, ' ' | ',' | '.' | ';') && tidied.ends_with(' ') {
            tidied.pop();
        }
        tidied.push(letter);
    }
    for (wrong, right) in [("..", "."), (",,", ","), (", .", "."), (",.", ".")] {
        if tidied.contains(wrong) {
            tidied = tidied.replace(wrong, right);
        }
    }
    let mut at = Some(0);
    while let Some(start) = at {
        capitalize_at(&mut tidied, start);
        at = tidied[start..].find(". ").map(|found| start + found + 2);
        // "a.m. and" goes on.
        while let Some(start) = at
            && ["a.m. ", "p.m. "].iter().any(|short| tidied[..start].ends_with(short))
        {
            at = tidied[start..].find(". ").map(|found| start + found + 2);
        }
    }
    tidied
}

fn capitalize_at(text: &mut String, at: usize) {
    if let Some(first) = text[at..].chars().next()
        && first.is_lowercase()
    {
        let upper: String = first.to_uppercase().collect();
        text.replace_range(at..at + first.len_utf8(), &upper);
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// What a speaker of the story always knows.
    pub(in crate::demo) const KNOWN: &[&str] = &[
        "name",
        "they",
        "them",
        "their",
        "theirs",
        "themselves",
        "was",
        "is",
        "has",
        "do",
        "s",
        "es",
        "kin",
        "language",
        "month",
        "child",
        "childself",
        "colleague",
        "at",
        "daypart",
        "worship",
    ];

    fn names(pieces: &'static [Piece], found: &mut Vec<&'static str>) {
        for piece in pieces {
            match piece {
                Piece::Name(name) => found.push(name),
                Piece::Choice(options) => options.iter().for_each(|option| names(option, found)),
                Piece::Text(text) => assert!(!text.contains(['[', ']', '{', '}', '|']), "a bracket is open in: {text}"),
                Piece::Number(low, high) => assert!(low < high),
            }
        }
    }

    #[test]
    fn every_name_in_the_rules_means_something() {
        for (rule, alternatives) in RULES.iter() {
            let mut found = Vec::new();
            alternatives.iter().for_each(|alternative| names(alternative, &mut found));
            for name in found {
                let plain = name.to_lowercase();
                assert!(KNOWN.contains(&plain.as_str()) || RULES.contains_key(plain.as_str()), "{rule} speaks of {name}");
            }
        }
    }

    #[test]
    fn nothing_is_said_twice_before_all_was_said() {
        let (mut speaker, mut chance) = (Speaker::default(), Chance::from_seed(1));
        let days: std::collections::HashSet<String> = (0..40).map(|_| speaker.say("weekday", &mut chance)).collect();
        assert_eq!(days.len(), 5);
        let count = RULES["seen"].len();
        KNOWN.iter().for_each(|name| speaker.learn(name, "x"));
        let said: std::collections::HashSet<String> = (0..count).map(|_| speaker.say("seen", &mut chance)).collect();
        assert_eq!(said.len(), count);
    }

    #[test]
    fn what_is_theirs_stays() {
        let (mut speaker, mut chance) = (Speaker::default(), Chance::from_seed(2));
        KNOWN.iter().for_each(|name| speaker.learn(name, "x"));
        let first = speaker.say("my.pharmacy", &mut chance);
        let mut said = String::new();
        speaker.speak_name("my.pharmacy", &mut chance, &mut said);
        assert_eq!(said, first);
    }

    #[test]
    fn sentences_are_tidied() {
        assert_eq!(tidy("at 9:00 a.m. sharp . she  left ,  then"), "At 9:00 a.m. sharp. She left, then");
    }
}
