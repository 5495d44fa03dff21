//! What a browser fetches: all messages of a language in the order of their numbers, with a mark after each.

use crate::{marks::NEXT, source::Source};

/// The catalogue of `source`, in the order of `first`.
pub(crate) fn write(first: &Source, source: &Source) -> String {
    let mut text = String::new();
    for (file, name, declared) in first.messages() {
        // A date is made of words of the same language: isolated from each other, they would stand in the order of another.
        let isolates = source.language == "ar" && file != "time";
        let message = source.message(file, name).unwrap_or(declared);
        text.push_str(&message.encoded(&declared.arguments, isolates));
        text.push(NEXT);
    }
    text
}
