//! Words of which a part is only for those who listen.

use leptos::prelude::*;

/// `Write note <for Ana Ruiz>`: what stands between the angle brackets is heard and not seen, because the place on the page says it to those
/// who see it.
pub fn with_hidden(words: &str) -> AnyView {
    let (before, rest) = words.split_once('<').unwrap_or((words, ""));
    let (hidden, after) = rest.rsplit_once('>').unwrap_or((rest, ""));
    let (before, hidden, after) = (before.to_owned(), hidden.to_owned(), after.to_owned());
    view! { {before} <span class="visually-hidden">{hidden}</span> {after} }.into_any()
}

/// A pause for those who listen, between words that only their places on the page keep apart.
pub fn pause() -> AnyView {
    view! { <span class="visually-hidden">", "</span> }.into_any()
}
