//! Languages by the name that people use, or by BCP 47 tag (RFC 5646).

/// Names, folded, with their tags. A language that has a two-letter code is named by it.
const NAMES: &[(&str, &str)] = &[
    ("albanian", "sq"),
    ("american sign language", "ase"),
    ("amharic", "am"),
    ("arabic", "ar"),
    ("armenian", "hy"),
    ("asl", "ase"),
    ("bengali", "bn"),
    ("bosnian", "bs"),
    ("bulgarian", "bg"),
    ("burmese", "my"),
    ("cantonese", "yue"),
    ("cape verdean creole", "kea"),
    ("chinese", "zh"),
    ("creole", "ht"),
    ("croatian", "hr"),
    ("czech", "cs"),
    ("danish", "da"),
    ("dari", "prs"),
    ("dutch", "nl"),
    ("english", "en"),
    ("espanol", "es"),
    ("farsi", "fa"),
    ("filipino", "fil"),
    ("finnish", "fi"),
    ("francais", "fr"),
    ("french", "fr"),
    ("fulani", "ff"),
    ("german", "de"),
    ("greek", "el"),
    ("gujarati", "gu"),
    ("haitian", "ht"),
    ("haitian creole", "ht"),
    ("hakha chin", "cnh"),
    ("hausa", "ha"),
    ("hebrew", "he"),
    ("hindi", "hi"),
    ("hmong", "hmn"),
    ("hungarian", "hu"),
    ("igbo", "ig"),
    ("ilocano", "ilo"),
    ("indonesian", "id"),
    ("italian", "it"),
    ("japanese", "ja"),
    ("karen", "kar"),
    ("khmer", "km"),
    ("kinyarwanda", "rw"),
    ("kirundi", "rn"),
    ("korean", "ko"),
    ("kreyol", "ht"),
    ("kurdish", "ku"),
    ("kurmanji", "kmr"),
    ("lao", "lo"),
    ("lingala", "ln"),
    ("mam", "mam"),
    ("mandarin", "cmn"),
    ("mandarin chinese", "cmn"),
    ("marshallese", "mh"),
    ("mixteco", "mix"),
    ("nahuatl", "nah"),
    ("navajo", "nv"),
    ("nepali", "ne"),
    ("norwegian", "no"),
    ("oromo", "om"),
    ("pashto", "ps"),
    ("persian", "fa"),
    ("polish", "pl"),
    ("portuguese", "pt"),
    ("portugues", "pt"),
    ("punjabi", "pa"),
    ("quechua", "qu"),
    ("quiche", "quc"),
    ("k'iche'", "quc"),
    ("rohingya", "rhg"),
    ("romanian", "ro"),
    ("russian", "ru"),
    ("samoan", "sm"),
    ("serbian", "sr"),
    ("sign language", "sgn"),
    ("somali", "so"),
    ("spanish", "es"),
    ("swahili", "sw"),
    ("swedish", "sv"),
    ("tagalog", "tl"),
    ("tamil", "ta"),
    ("telugu", "te"),
    ("thai", "th"),
    ("tibetan", "bo"),
    ("tigrinya", "ti"),
    ("turkish", "tr"),
    ("twi", "tw"),
    ("ukrainian", "uk"),
    ("urdu", "ur"),
    ("uzbek", "uz"),
    ("vietnamese", "vi"),
    ("wolof", "wo"),
    ("yiddish", "yi"),
    ("yoruba", "yo"),
    ("zulu", "zu"),
];

/// The two-letter codes of ISO 639-1.
const TWO_LETTERS: &str = "aa ab ae af ak am an ar as av ay az ba be bg bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el en eo \
    es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja jv ka kg ki kj kk kl km kn ko kr \
    ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm \
    rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi \
    yo za zh zu";

/// The tag of a language: `Haitian Creole`, `ht` and `HT-ht` all lead to one. A tag is written as RFC 5646 recommends.
pub fn parse_language(text: &str) -> Option<String> {
    let folded = domain::fold(text.trim());
    if let Some((_, tag)) = NAMES.iter().find(|(name, _)| *name == folded) {
        return Some((*tag).to_owned());
    }
    let mut parts = folded.split(['-', '_']);
    let primary = parts.next()?;
    let known = match primary.len() {
        2 => TWO_LETTERS.split_whitespace().any(|code| code == primary),
        3 => NAMES.iter().any(|(_, tag)| *tag == primary) || primary == "und",
        _ => false,
    };
    if !known {
        return None;
    }
    let mut tag = primary.to_owned();
    for part in parts {
        if !(2..=8).contains(&part.len()) || !part.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            return None;
        }
        tag.push('-');
        match part.len() {
            2 => tag.push_str(&part.to_ascii_uppercase()),
            4 if part.starts_with(|first: char| first.is_ascii_alphabetic()) => {
                tag.push_str(&part[..1].to_ascii_uppercase());
                tag.push_str(&part[1..]);
            }
            _ => tag.push_str(part),
        }
    }
    Some(tag)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_tags_lead_to_the_same_language() {
        for (text, tag) in [
            ("Spanish", "es"),
            ("ESPAÑOL", "es"),
            ("es", "es"),
            ("Haitian Creole", "ht"),
            ("Kreyòl", "ht"),
            ("zh-hant-tw", "zh-Hant-TW"),
            ("pt_BR", "pt-BR"),
            ("Mandarin", "cmn"),
            ("ase", "ase"),
            ("es-419", "es-419"),
        ] {
            assert_eq!(parse_language(text).as_deref(), Some(tag), "{text}");
        }
    }

    #[test]
    fn what_is_no_language_is_refused() {
        for text in ["Klingon", "xx", "english?", "e", "en-", "en-!", "both"] {
            assert_eq!(parse_language(text), None, "{text}");
        }
    }

    #[test]
    fn every_name_is_folded_and_its_tag_is_read_back() {
        for (name, tag) in NAMES {
            assert_eq!(domain::fold(name), *name);
            assert_eq!(parse_language(tag).as_deref(), Some(*tag));
        }
    }
}
