//! Which new passwords are taken: long ones. There are no rules about what they are made of (V6.2.5); what everybody tries first is refused.

use std::{collections::HashSet, sync::LazyLock};

use sync::questions::PasswordOutcome;

/// In characters. The page asks for [`sync::questions::SUGGESTED_PASSWORD_CHARACTERS`].
const LEAST: usize = 8;

/// Far beyond what anybody types; a bound there must be.
const MOST: usize = 256;

/// What everybody tries first, in small letters and without digits around it. Our own list, from the usual suspects of published leaks.
static COMMON: LazyLock<HashSet<&'static str>> =
    LazyLock::new(|| include_str!("common_passwords.txt").lines().filter(|line| !line.is_empty() && !line.starts_with('#')).collect());

/// Why a new password is not taken; nothing where it is. `about` are words that anybody knows of the worker: e-mail, name, agency.
pub(crate) fn refuse(password: &str, about: &[&str]) -> Option<PasswordOutcome> {
    let length = password.chars().count();
    if length < LEAST {
        return Some(PasswordOutcome::TooShort);
    }
    if length > MOST {
        return Some(PasswordOutcome::TooLong);
    }
    let (plain, cores) = (password.to_lowercase(), cores(password));
    let is_one_of = |words: &HashSet<&str>| words.contains(plain.as_str()) || cores.iter().any(|core| words.contains(core.as_str()));
    let only_digits = cores[0].is_empty() && length < 15;
    if is_one_of(&COMMON) || is_repeated(&plain) || only_digits {
        return Some(PasswordOutcome::TooCommon);
    }
    let about: Vec<String> = about.iter().map(|text| text.to_lowercase()).collect();
    let words = about.iter().flat_map(|text| text.split(|c: char| !c.is_alphanumeric())).filter(|word| word.len() >= 3);
    let known = words.chain(about.iter().map(String::as_str)).chain(["doorstep"]).collect();
    is_one_of(&known).then_some(PasswordOutcome::LikeYourself)
}

/// Without what people put around a word, and with letters for the signs that stand for them: `P@ssw0rd!2026` and `$ecret1` are `password`
/// and `secret`. Which of the signs at the ends stand for letters cannot be known, so each way.
fn cores(password: &str) -> [String; 3] {
    let plain = password.to_lowercase();
    let is_around = |c: char| !c.is_alphabetic();
    let trim = |text: &str| text.trim_matches(is_around).to_owned();
    let letters = |text: &str| text.chars().map(letter).collect::<String>();
    let alphabetic = |text: String| text.chars().filter(|c| c.is_alphabetic()).collect();
    [alphabetic(letters(&trim(&plain))), alphabetic(letters(plain.trim_end_matches(is_around))), alphabetic(trim(&letters(&plain)))]
}

fn letter(sign: char) -> char {
    match sign {
        '0' => 'o',
        '1' | '!' => 'i',
        '3' => 'e',
        '4' | '@' => 'a',
        '5' | '$' => 's',
        '7' => 't',
        other => other,
    }
}

/// One to four characters over and over: `aaaaaaaa`, `abcabcabc`.
fn is_repeated(plain: &str) -> bool {
    let characters: Vec<char> = plain.chars().collect();
    (1..=4).any(|period| characters.iter().zip(characters.iter().skip(period)).all(|(one, next)| one == next))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn length_is_asked_for_and_nothing_else() {
        let ana = ["ana.ruiz@harbor.example", "Ana Ruiz", "Harbor Community Services"];
        for good in [
            "tea kettle on the stove",
            "mossygatepost",
            "alllowercaseletterswithoutdigits",
            "1234 river stones",
            "пароль из четырёх слов",
            &"wide sky ".repeat(28),
        ] {
            assert_eq!(refuse(good, &ana), None, "{good}");
        }
        for (bad, why) in [
            ("seven77", PasswordOutcome::TooShort),
            ("", PasswordOutcome::TooShort),
            (&*"x y ".repeat(65), PasswordOutcome::TooLong),
            ("password", PasswordOutcome::TooCommon),
            ("P@ssw0rd!2026", PasswordOutcome::TooCommon),
            ("Welcome123!", PasswordOutcome::TooCommon),
            ("Summer2026", PasswordOutcome::TooCommon),
            ("$uperman!", PasswordOutcome::TooCommon),
            ("qwertyuiop", PasswordOutcome::TooCommon),
            ("correcthorsebatterystaple", PasswordOutcome::TooCommon),
            ("aaaaaaaaaaaaaaaaaaaa", PasswordOutcome::TooCommon),
            ("abcabcabcabc", PasswordOutcome::TooCommon),
            ("19850412", PasswordOutcome::TooCommon),
            ("Doorstep1", PasswordOutcome::LikeYourself),
            ("Harbor2026", PasswordOutcome::LikeYourself),
            ("ana.ruiz@harbor.example", PasswordOutcome::LikeYourself),
        ] {
            assert_eq!(refuse(bad, &ana), Some(why), "{bad}");
        }
    }

    #[test]
    fn the_list_holds_what_can_be_found_in_it() {
        assert!(COMMON.len() >= 300, "{}", COMMON.len());
        for entry in COMMON.iter() {
            assert_eq!(cores(entry)[0], *entry, "can never be found");
        }
    }
}
