//! Names of languages that clients speak, by BCP 47 tag.

const NAMES: [(&str, &str); 48] = [
    ("am", "Amharic"),
    ("ar", "Arabic"),
    ("ase", "American Sign Language"),
    ("bn", "Bengali"),
    ("bs", "Bosnian"),
    ("cmn", "Mandarin"),
    ("de", "German"),
    ("en", "English"),
    ("es", "Spanish"),
    ("fa", "Persian"),
    ("fr", "French"),
    ("gu", "Gujarati"),
    ("hi", "Hindi"),
    ("hmn", "Hmong"),
    ("ht", "Haitian Creole"),
    ("hy", "Armenian"),
    ("it", "Italian"),
    ("ja", "Japanese"),
    ("kea", "Cape Verdean Creole"),
    ("km", "Khmer"),
    ("ko", "Korean"),
    ("ku", "Kurdish"),
    ("lo", "Lao"),
    ("mam", "Mam"),
    ("my", "Burmese"),
    ("ne", "Nepali"),
    ("om", "Oromo"),
    ("pa", "Punjabi"),
    ("pl", "Polish"),
    ("prs", "Dari"),
    ("ps", "Pashto"),
    ("pt", "Portuguese"),
    ("quc", "K'iche'"),
    ("ro", "Romanian"),
    ("ru", "Russian"),
    ("rw", "Kinyarwanda"),
    ("so", "Somali"),
    ("sw", "Swahili"),
    ("th", "Thai"),
    ("ti", "Tigrinya"),
    ("tl", "Tagalog"),
    ("tr", "Turkish"),
    ("uk", "Ukrainian"),
    ("ur", "Urdu"),
    ("vi", "Vietnamese"),
    ("yi", "Yiddish"),
    ("yue", "Cantonese"),
    ("zh", "Chinese"),
];

/// The English name of the language of a tag such as `es` or `pt-BR`; the tag itself where it is not known here.
pub fn language_name(tag: &str) -> &str {
    let language = tag.split(['-', '_']).next().unwrap_or(tag);
    NAMES.iter().find(|(code, _)| code.eq_ignore_ascii_case(language)).map_or(tag, |(_, name)| name)
}

/// Tags and names to choose from, and the chosen one where it is another.
pub fn language_options(chosen: &str) -> Vec<(String, String)> {
    let mut options: Vec<(String, String)> = NAMES.iter().map(|(tag, name)| ((*tag).to_owned(), (*name).to_owned())).collect();
    if !NAMES.iter().any(|(tag, _)| *tag == chosen) {
        options.push((chosen.to_owned(), language_name(chosen).to_owned()));
    }
    options.sort_by(|(_, a), (_, b)| a.cmp(b));
    options
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_has_a_name_with_and_without_its_region() {
        assert_eq!(language_name("es"), "Spanish");
        assert_eq!(language_name("pt-BR"), "Portuguese");
        assert_eq!(language_name("tlh"), "tlh");
    }
}
