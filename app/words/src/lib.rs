//! What Doorstep says, in every language that it speaks.
//!
//! The Fluent files beside this folder (`en/`, `es/`, `ar/`) are the source. The build makes a function of every message, in a module a
//! file: a name or an argument that does not exist is an error of the compiler, a translation that is missing stops the build. Used by
//! `app` (pages), `server` (pages and what it sends) and `frontend` (which fetches a language); uses nothing of ours.
//!
//! ```
//! assert_eq!(words::note::sign_note(), "Sign note");
//! ```

mod catalogue;
mod fill;
mod language;
mod marks;
mod number;
mod speaking;

pub use catalogue::{Catalogue, CatalogueError};
pub use fill::Argument;
pub use language::{DayOrder, Direction, Language};
pub use number::{Count, number};
pub use speaking::{Speaking, around, current, speak, with};

use speaking::{filled, text};

include!(concat!(env!("OUT_DIR"), "/functions.rs"));

#[cfg(feature = "built-in")]
mod built_in {
    use super::Language;

    /// The catalogue of a language as a file, as a browser fetches it.
    #[must_use]
    pub fn source(language: Language) -> &'static str {
        match language {
            Language::English => include_str!(concat!(env!("OUT_DIR"), "/en.words")),
            Language::Spanish => include_str!(concat!(env!("OUT_DIR"), "/es.words")),
            Language::Arabic => include_str!(concat!(env!("OUT_DIR"), "/ar.words")),
        }
    }
}
#[cfg(feature = "built-in")]
pub use built_in::source;
