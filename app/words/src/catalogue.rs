//! All words of one language.

use crate::{Language, MESSAGES, marks::NEXT};

/// Why a file is no catalogue of this program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CatalogueError {
    /// It has another number of messages.
    #[error("these words are of another build")]
    OtherBuild,
}

/// The words of a language, for as long as the program runs.
#[derive(Debug)]
pub struct Catalogue {
    pub(crate) language: Language,
    pub(crate) messages: Vec<&'static str>,
}

impl Catalogue {
    /// Reads what the build wrote. It stays in memory from then on; there is one a language.
    ///
    /// # Errors
    /// It is of another build.
    pub fn read(language: Language, file: &'static str) -> Result<&'static Self, CatalogueError> {
        let mut messages: Vec<&str> = file.split(NEXT).collect();
        // The last message has a mark after it too.
        messages.pop();
        match messages.len() == MESSAGES {
            true => Ok(Box::leak(Box::new(Self { language, messages }))),
            false => Err(CatalogueError::OtherBuild),
        }
    }

    /// Which language it is.
    #[must_use]
    pub fn language(&self) -> Language {
        self.language
    }
}

#[cfg(feature = "built-in")]
impl Catalogue {
    /// The words of a language that are inside the program.
    #[must_use]
    pub fn built_in(language: Language) -> &'static Self {
        static ALL: std::sync::LazyLock<[&'static Catalogue; 3]> = std::sync::LazyLock::new(|| {
            Language::ALL.map(|language| Catalogue::read(language, crate::source(language)).expect("the build wrote it together with this"))
        });
        ALL.iter().find(|catalogue| catalogue.language == language).expect("all languages are there")
    }
}
