//! Names of languages that clients speak, by BCP 47 tag.

const TAGS: [&str; 48] = [
    "am", "ar", "ase", "bn", "bs", "cmn", "de", "en", "es", "fa", "fr", "gu", "hi", "hmn", "ht", "hy", "it", "ja", "kea", "km", "ko", "ku",
    "lo", "mam", "my", "ne", "om", "pa", "pl", "prs", "ps", "pt", "quc", "ro", "ru", "rw", "so", "sw", "th", "ti", "tl", "tr", "uk", "ur",
    "vi", "yi", "yue", "zh",
];

/// The name of the language of a tag such as `es` or `pt-BR`; the tag itself where it is not known here.
pub fn language_name(tag: &str) -> String {
    let language = tag.split(['-', '_']).next().unwrap_or(tag).to_ascii_lowercase();
    match TAGS.contains(&language.as_str()) {
        true => words::languages::name(&language),
        false => tag.to_owned(),
    }
}

/// Tags and names to choose from, and the chosen one where it is another.
pub fn language_options(chosen: &str) -> Vec<(String, String)> {
    let others = (!TAGS.contains(&chosen)).then_some(chosen);
    let mut options: Vec<(String, String)> = TAGS.into_iter().chain(others).map(|tag| (tag.to_owned(), language_name(tag))).collect();
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
