//! How many years of school a text asks for. For Doorstep's own words, and for texts that clients read.
//!
//! English: Flesch-Kincaid grade level (Kincaid et al. 1975). Spanish: Crawford's formula (1985). Others have no formula that works without a
//! dictionary. Syllables are counted by rules, which is right for nine words in ten: enough for a text, not for a word.

/// What a text is made of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Counts {
    sentences: u32,
    words: u32,
    syllables: u32,
}

/// How many syllables a word has.
type Syllables = fn(&str) -> u32;

/// From what a text is made of to its grade.
type Formula = fn(Counts) -> f64;

/// The grade of a text in the language of a tag (BCP 47), from 0 on; none where it has no words, or nobody can tell for its language.
///
/// A line is a sentence even without a full stop: headings and points of a list end where they end.
pub fn school_grade(text: &str, language: &str) -> Option<f64> {
    let (syllables, grade): (Syllables, Formula) = match language.split(['-', '_']).next()? {
        "en" => (english_syllables, flesch_kincaid),
        "es" => (spanish_syllables, crawford),
        _ => return None,
    };
    let counts = count(text, syllables);
    (counts.words > 0).then(|| grade(counts).max(0.0))
}

fn flesch_kincaid(Counts { sentences, words, syllables }: Counts) -> f64 {
    let (sentences, words, syllables) = (f64::from(sentences), f64::from(words), f64::from(syllables));
    0.39 * (words / sentences) + 11.8 * (syllables / words) - 15.59
}

fn crawford(Counts { sentences, words, syllables }: Counts) -> f64 {
    let in_100_words = |count: u32| 100.0 * f64::from(count) / f64::from(words);
    -0.205 * in_100_words(sentences) + 0.049 * in_100_words(syllables) - 3.407
}

fn count(text: &str, syllables: Syllables) -> Counts {
    let mut counts = Counts::default();
    for sentence in text.split(['.', '!', '?', ':', ';', '\n', '…']) {
        let words = sentence.split(|char: char| !char.is_alphabetic() && char != '\'' && char != '’').filter(|word| !word.is_empty());
        let mut is_empty = true;
        for word in words {
            is_empty = false;
            counts.words += 1;
            counts.syllables += syllables(&word.to_lowercase()).max(1);
        }
        counts.sentences += u32::from(!is_empty);
    }
    counts
}

/// Groups of vowels, without the silent e at the end.
fn english_syllables(word: &str) -> u32 {
    let is_vowel = |char: char| matches!(char, 'a' | 'e' | 'i' | 'o' | 'u' | 'y');
    let groups = groups(word, is_vowel);
    let silent = (word.ends_with('e') && !word.ends_with("le") && !word.ends_with("ee"))
        || (word.ends_with("es") && !["ses", "zes", "xes", "ces", "ges", "hes"].iter().any(|end| word.ends_with(end)))
        || (word.ends_with("ed") && !word.ends_with("ted") && !word.ends_with("ded"));
    if silent && groups > 1 { groups - 1 } else { groups }
}

/// Groups of vowels; two strong ones, or an accented weak one beside another, are two syllables. The u of "que" and "gui" is silent.
fn spanish_syllables(word: &str) -> u32 {
    let word = word.replace("qu", "q").replace("gue", "ge").replace("gui", "gi");
    let is_strong = |char: char| matches!(char, 'a' | 'e' | 'o' | 'á' | 'é' | 'ó' | 'í' | 'ú');
    let is_weak = |char: char| matches!(char, 'i' | 'u' | 'ü');
    let mut syllables = 0;
    let mut before = None;
    for char in word.chars() {
        let is_vowel = is_strong(char) || is_weak(char);
        if is_vowel && before.is_none_or(|before| is_strong(before) && is_strong(char)) {
            syllables += 1;
        }
        before = is_vowel.then_some(char);
    }
    // A y at the end sounds like a vowel of its own only where it is the word.
    if syllables == 0 { u32::from(word.ends_with('y')) } else { syllables }
}

fn groups(word: &str, is_vowel: impl Fn(char) -> bool) -> u32 {
    let mut groups = 0;
    let mut within = false;
    for char in word.chars() {
        let vowel = is_vowel(char);
        groups += u32::from(vowel && !within);
        within = vowel;
    }
    groups
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn syllables_are_counted_by_the_rules_of_each_language() {
        for (word, syllables) in [("note", 1), ("table", 2), ("signed", 1), ("visited", 3), ("office", 2), ("a", 1), ("supervisor", 4)] {
            assert_eq!(english_syllables(word), syllables, "{word}");
        }
        for (word, syllables) in [("visita", 3), ("cliente", 2), ("día", 2), ("aquí", 2), ("sesión", 2), ("leer", 2), ("guerra", 2)] {
            assert_eq!(spanish_syllables(word), syllables, "{word}");
        }
    }

    #[test]
    fn a_plain_text_asks_for_less_school_than_a_stiff_one() {
        let plain = "Your notes are safe. Go where there is a signal. Then sign in.";
        let stiff =
            "Notwithstanding the aforementioned considerations, participants are obligated to comply with administrative requirements.";
        assert!(school_grade(plain, "en-US").is_some_and(|grade| grade < 4.0));
        assert!(school_grade(stiff, "en").is_some_and(|grade| grade > 16.0));
        let plain = "Sus notas están a salvo. Vaya a un lugar con señal.";
        let stiff =
            "No obstante las consideraciones anteriormente mencionadas los participantes están obligados al cumplimiento administrativo.";
        let grades = [plain, stiff].map(|text| school_grade(text, "es").unwrap_or_default());
        assert!(grades[0] < 4.0 && grades[1] > grades[0] + 4.0, "{grades:?}");
    }

    #[test]
    fn where_nothing_can_be_told_nothing_is() {
        assert_eq!(school_grade("ملاحظاتك آمنة", "ar"), None);
        assert_eq!(school_grade(" … 12 %", "en"), None);
    }
}
