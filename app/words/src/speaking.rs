//! Which language is spoken at this moment.
//!
//! A browser speaks one until its user chooses another. A server draws pages in several at once, each in one go on one thread; there the
//! language belongs to what is being done ([`with`], [`Speaking`]).

use std::{
    cell::Cell,
    pin::Pin,
    task::{Context, Poll},
};

use crate::{Argument, Catalogue, Language, fill::fill};

thread_local! {
    static SPOKEN: Cell<Option<&'static Catalogue>> = const { Cell::new(None) };
}

/// Speaks this language from now on, on this thread.
pub fn speak(catalogue: &'static Catalogue) {
    SPOKEN.set(Some(catalogue));
}

/// The language of this moment.
#[must_use]
pub fn current() -> Language {
    spoken().map_or(Language::default(), |catalogue| catalogue.language)
}

/// Does something in another language.
pub fn with<T>(catalogue: &'static Catalogue, work: impl FnOnce() -> T) -> T {
    let _before = Before(SPOKEN.replace(Some(catalogue)));
    work()
}

/// Speaks again what was spoken before, also after a panic.
struct Before(Option<&'static Catalogue>);

impl Drop for Before {
    fn drop(&mut self) {
        SPOKEN.set(self.0);
    }
}

/// A future in which a language is spoken, on whichever thread it runs.
pub struct Speaking<F> {
    catalogue: &'static Catalogue,
    work: Pin<Box<F>>,
}

impl<F: Future> Speaking<F> {
    /// What `work` says, it says in this language.
    pub fn new(catalogue: &'static Catalogue, work: F) -> Self {
        Self { catalogue, work: Box::pin(work) }
    }
}

impl<F: Future> Future for Speaking<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        let catalogue = self.catalogue;
        with(catalogue, || self.work.as_mut().poll(context))
    }
}

/// What stands before and after something that is no text, such as a link: `message` gets the place of it and gives the whole.
pub fn around(message: impl FnOnce(&str) -> String) -> (String, String) {
    const PLACE: &str = "\u{e000}";
    let whole = message(PLACE).replace(['\u{2068}', '\u{2069}'], "");
    match whole.split_once(PLACE) {
        Some((before, after)) => (before.to_owned(), after.to_owned()),
        None => (whole, String::new()),
    }
}

fn spoken() -> Option<&'static Catalogue> {
    let spoken = SPOKEN.get();
    #[cfg(feature = "built-in")]
    let spoken = spoken.or_else(|| Some(Catalogue::built_in(Language::default())));
    spoken
}

/// The words of a message without arguments.
pub(crate) fn text(number: usize) -> &'static str {
    spoken().and_then(|catalogue| catalogue.messages.get(number).copied()).unwrap_or_default()
}

/// The words of a message with its arguments put in.
pub(crate) fn filled(number: usize, arguments: &[Argument<'_>]) -> String {
    let mut words = String::new();
    fill(text(number), arguments, current(), &mut words);
    words
}

#[cfg(all(test, feature = "built-in"))]
mod tests {
    use super::*;

    #[test]
    fn each_does_what_it_does_in_its_own_language() {
        let spanish = Catalogue::built_in(Language::Spanish);
        assert_eq!(with(spanish, current), Language::Spanish);
        assert_eq!(current(), Language::English);
        assert!(std::panic::catch_unwind(|| with(spanish, || panic!("in Spanish"))).is_err());
        assert_eq!(current(), Language::English);
    }
}
