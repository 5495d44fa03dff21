//! Phone numbers with the rule for using them, several in one cell: `555-0100 (no messages); 555-0101 (text only, after 5 pm)`.

use domain::{Phone, SafeContact};

/// A number as a file gives it. Where the file states no rule, one that is known already stays.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatedPhone {
    pub number: String,
    pub safe_contact: Option<SafeContact>,
    pub remark: Option<String>,
}

/// What is wrong with a cell of phone numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PhoneError {
    #[error("has something that is not a phone number; write numbers as 555-0100 or (555) 555-0100, several with a semicolon between them")]
    NotANumber,
    #[error("has a bracket that is not closed")]
    OpenBracket,
}

/// Rules as people write them; the first that a text contains counts, so the strictest stand first.
const RULES: &[(&str, SafeContact)] = &[
    ("do not use", SafeContact::DoNotUse),
    ("don't use", SafeContact::DoNotUse),
    ("do-not-use", SafeContact::DoNotUse),
    ("do not call", SafeContact::DoNotUse),
    ("don't call", SafeContact::DoNotUse),
    ("not safe", SafeContact::DoNotUse),
    ("unsafe", SafeContact::DoNotUse),
    ("not ok", SafeContact::DoNotUse),
    ("never", SafeContact::DoNotUse),
    ("no calls", SafeContact::TextOnly),
    ("text only", SafeContact::TextOnly),
    ("texts only", SafeContact::TextOnly),
    ("text-only", SafeContact::TextOnly),
    ("sms only", SafeContact::TextOnly),
    ("only text", SafeContact::TextOnly),
    ("no message", SafeContact::NoMessages),
    ("no-message", SafeContact::NoMessages),
    ("no voicemail", SafeContact::NoMessages),
    ("no voice mail", SafeContact::NoMessages),
    ("no vm", SafeContact::NoMessages),
    ("leave no message", SafeContact::NoMessages),
    ("not leave message", SafeContact::NoMessages),
    ("not leave a message", SafeContact::NoMessages),
    ("not leave voicemail", SafeContact::NoMessages),
    ("anything", SafeContact::Anything),
    ("any contact", SafeContact::Anything),
    ("call or text", SafeContact::Anything),
    ("messages ok", SafeContact::Anything),
    ("message ok", SafeContact::Anything),
    ("safe", SafeContact::Anything),
    ("ok", SafeContact::Anything),
];

/// Reads all numbers of a cell.
///
/// # Errors
/// A part of it is no number, or a bracket stays open.
pub fn parse_phones(text: &str) -> Result<Vec<StatedPhone>, PhoneError> {
    let parts = split_outside_brackets(text, &[';', ',', '\n', '|', '/'])?;
    parts.into_iter().map(str::trim).filter(|part| !part.is_empty()).map(parse_phone).collect()
}

/// The rule that a text states, and what more it says.
pub fn parse_rule(text: &str) -> (Option<SafeContact>, Option<String>) {
    let (mut rule, mut more) = (None, Vec::new());
    for piece in text.split([',', ';']).map(str::trim).filter(|piece| !piece.is_empty()) {
        let folded = domain::fold(&piece.replace('’', "'"));
        match RULES.iter().find(|(words, _)| is_in(words, &folded)) {
            // "no messages after 5 pm" says more than the rule.
            Some((words, stated)) => {
                rule = rule.max(Some(*stated));
                if folded.len() > words.len() + 3 {
                    more.push(piece);
                }
            }
            None => more.push(piece),
        }
    }
    (rule, (!more.is_empty()).then(|| more.join(", ")))
}

/// The digits by which two spellings of a number are the same; a leading country code 1 is left out.
pub fn digits(number: &str) -> String {
    let before_extension = number.split(['x', 'X']).next().unwrap_or(number).split("ext").next().unwrap_or(number);
    let digits: String = before_extension.chars().filter(char::is_ascii_digit).collect();
    match digits.strip_prefix('1') {
        Some(national) if national.len() == 10 => national.to_owned(),
        _ => digits,
    }
}

/// The phones of a client after an import: as the file says, with the rule and remark that `known` numbers have where it says none.
pub fn phones_after(stated: &[StatedPhone], known: &[Phone]) -> Vec<Phone> {
    let after = stated.iter().map(|phone| {
        let before = known.iter().find(|known| digits(&known.number) == digits(&phone.number));
        Phone {
            number: phone.number.clone(),
            safe_contact: phone.safe_contact.or(before.map(|before| before.safe_contact)).unwrap_or(SafeContact::Anything),
            remark: phone.remark.clone().or_else(|| before.and_then(|before| before.remark.clone())),
        }
    });
    after.collect()
}

fn parse_phone(part: &str) -> Result<StatedPhone, PhoneError> {
    let (mut number, mut said) = (String::new(), Vec::new());
    let mut rest = part;
    while let Some(open) = rest.find('(') {
        let close = rest[open..].find(')').ok_or(PhoneError::OpenBracket)? + open;
        let inside = &rest[open + 1..close];
        number.push_str(&rest[..open]);
        match inside.chars().all(|letter| letter.is_ascii_digit() || letter == ' ') {
            true => number.push_str(&rest[open..=close]),
            false => said.push(inside),
        }
        rest = &rest[close + 1..];
    }
    number.push_str(rest);
    let number = number.split_whitespace().collect::<Vec<_>>().join(" ");
    if !is_number(&number) {
        return Err(PhoneError::NotANumber);
    }
    let (safe_contact, remark) = parse_rule(&said.join(", "));
    Ok(StatedPhone { number, safe_contact, remark })
}

fn is_number(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    let (main, extension) = match lower.find(['e', 'x']) {
        Some(at) => lower.split_at(at),
        None => (lower.as_str(), ""),
    };
    let extension = extension.trim_start_matches("ext").trim_start_matches('x').trim_start_matches(['.', ' ']);
    let count = main.chars().filter(char::is_ascii_digit).count();
    (7..=15).contains(&count)
        && main.chars().all(|letter| letter.is_ascii_digit() || " -.()+".contains(letter))
        && extension.len() <= 6
        && extension.chars().all(|letter| letter.is_ascii_digit())
}

fn is_in(words: &str, text: &str) -> bool {
    text.match_indices(words).any(|(at, _)| !text[..at].ends_with(|before: char| before.is_alphanumeric()))
}

fn split_outside_brackets<'a>(text: &'a str, separators: &[char]) -> Result<Vec<&'a str>, PhoneError> {
    let (mut parts, mut from, mut depth) = (Vec::new(), 0, 0_i32);
    for (at, letter) in text.char_indices() {
        match letter {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ if depth == 0 && separators.contains(&letter) => {
                parts.push(&text[from..at]);
                from = at + letter.len_utf8();
            }
            _ => {}
        }
        if depth < 0 {
            return Err(PhoneError::OpenBracket);
        }
    }
    if depth != 0 {
        return Err(PhoneError::OpenBracket);
    }
    parts.push(&text[from..]);
    Ok(parts)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(text: &str) -> (String, Option<SafeContact>, Option<String>) {
        let mut phones = parse_phones(text).expect("a phone");
        assert_eq!(phones.len(), 1, "{text}");
        let phone = phones.remove(0);
        (phone.number, phone.safe_contact, phone.remark)
    }

    #[test]
    fn several_numbers_each_have_their_rule() {
        let phones = parse_phones("555-0100 (no messages); 555-0101 (text only)").expect("phones");
        let rules: Vec<_> = phones.iter().map(|phone| (phone.number.as_str(), phone.safe_contact)).collect();
        assert_eq!(rules, [("555-0100", Some(SafeContact::NoMessages)), ("555-0101", Some(SafeContact::TextOnly))]);
        assert!(parse_phones(" ").expect("none").is_empty());
    }

    #[test]
    fn an_area_code_in_brackets_is_no_rule() {
        assert_eq!(one("(207) 555-0100 (Do NOT use)"), ("(207) 555-0100".into(), Some(SafeContact::DoNotUse), None));
        assert_eq!(one("+1 207 555 0100 ext. 12"), ("+1 207 555 0100 ext. 12".into(), None, None));
    }

    #[test]
    fn what_is_more_than_a_rule_is_kept_as_a_remark() {
        assert_eq!(one("555-0100 (text only, after 5 pm)").2.as_deref(), Some("after 5 pm"));
        assert_eq!(one("555-0100 (ask for Ana)"), ("555-0100".into(), None, Some("ask for Ana".into())));
        let (_, rule, remark) = one("555-0100 (no messages when he is home)");
        assert_eq!((rule, remark.as_deref()), (Some(SafeContact::NoMessages), Some("no messages when he is home")));
    }

    #[test]
    fn the_stricter_of_two_rules_counts() {
        assert_eq!(parse_rule("call or text, do not use").0, Some(SafeContact::DoNotUse));
        assert_eq!(parse_rule("not safe").0, Some(SafeContact::DoNotUse));
    }

    #[test]
    fn what_is_no_number_is_refused() {
        for text in ["call her sister", "12345", "555-0100x", "555-0100; none"] {
            let refused = parse_phones(text);
            assert!(refused == Err(PhoneError::NotANumber) || text == "555-0100x", "{text}: {refused:?}");
        }
        assert_eq!(parse_phones("555-0100 (no messages"), Err(PhoneError::OpenBracket));
        assert_eq!(parse_phones("555-0100) (x)"), Err(PhoneError::OpenBracket));
    }

    #[test]
    fn spellings_of_one_number_have_the_same_digits() {
        assert_eq!(digits("+1 (207) 555-0100"), digits("207.555.0100 x12"));
    }

    #[test]
    fn a_rule_that_the_file_does_not_state_stays() {
        let known = [Phone { number: "555-0100".into(), safe_contact: SafeContact::DoNotUse, remark: None }];
        let stated = parse_phones("555 0100, 555-0101").expect("phones");
        let after = phones_after(&stated, &known);
        assert_eq!(after[0].safe_contact, SafeContact::DoNotUse);
        assert_eq!(after[1].safe_contact, SafeContact::Anything);
    }
}
