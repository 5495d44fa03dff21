//! The Fluent files of one language.

use std::{collections::BTreeMap, fs, path::Path};

use fluent_syntax::{
    ast::{Entry, Pattern},
    parser,
};

use crate::message::{Kind, Message, MessageError};

/// Why the words can't be compiled, in a sentence that says where and how to mend it.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SourceError {
    #[error("{path} can't be read: {source}")]
    Read { path: String, source: std::io::Error },
    #[error("{path}, near “{near}”: this is no Fluent. A message is `name = words`; further lines of it are indented.")]
    NotFluent { path: String, near: String },
    #[error("{path}: the message `{name}` {source}")]
    Message { path: String, name: String, source: MessageError },
    #[error("{path} has two messages called `{name}`. Give one of them another name.")]
    Twice { path: String, name: String },
    #[error("{language}/{file}.ftl: the message `{name}` is not translated. Add it; words/en/{file}.ftl has the English one.")]
    Missing { language: String, file: String, name: String },
    #[error("{language}/{file}.ftl: the message `{name}` is not in the English file any more. Remove it, or mend its name.")]
    Unknown { language: String, file: String, name: String },
    #[error(
        "{language}/{file}.ftl: the message `{name}` uses `${argument}`, which the English one does not have, or uses it differently \
         (as a number, as a choice or as text)."
    )]
    Argument { language: String, file: String, name: String, argument: String },
}

/// The messages of a language by file and name, in the order of their names.
pub(crate) struct Source {
    pub(crate) language: String,
    pub(crate) files: BTreeMap<String, BTreeMap<String, Message>>,
}

impl Source {
    /// Reads all files of a language.
    pub(crate) fn read(language: &str) -> Result<Self, SourceError> {
        println!("cargo::rerun-if-changed={language}");
        let unread = |source| SourceError::Read { path: language.to_owned(), source };
        let mut paths = Vec::new();
        for entry in fs::read_dir(language).map_err(unread)? {
            let path = entry.map_err(unread)?.path();
            if path.extension().is_some_and(|extension| extension == "ftl") {
                paths.push(path);
            }
        }
        let mut files = BTreeMap::new();
        for path in paths {
            let name = path.file_stem().unwrap_or_default().to_string_lossy().replace('-', "_");
            files.insert(name, read_file(&path)?);
        }
        Ok(Self { language: language.to_owned(), files })
    }

    /// Whether every message of `first` is here, and no other, with the same arguments.
    pub(crate) fn check_against(&self, first: &Self) -> Result<(), SourceError> {
        let language = || self.language.clone();
        for (file, name, message) in first.messages() {
            let Some(mine) = self.message(file, name) else {
                return Err(SourceError::Missing { language: language(), file: file.to_owned(), name: name.to_owned() });
            };
            for (argument, kind) in &mine.arguments {
                let declared = message.arguments.iter().find(|(declared, _)| declared == argument).map(|(_, kind)| *kind);
                // A number may be left as it is in a language that has no plural for it.
                if declared != Some(*kind) && !(declared == Some(Kind::Number) && *kind == Kind::Text) {
                    let (file, name, argument) = (file.to_owned(), name.to_owned(), argument.clone());
                    return Err(SourceError::Argument { language: language(), file, name, argument });
                }
            }
        }
        for (file, name, _) in self.messages() {
            if first.message(file, name).is_none() {
                return Err(SourceError::Unknown { language: language(), file: file.to_owned(), name: name.to_owned() });
            }
        }
        Ok(())
    }

    /// All messages, in the order of their numbers.
    pub(crate) fn messages(&self) -> impl Iterator<Item = (&str, &str, &Message)> {
        self.files.iter().flat_map(|(file, messages)| messages.iter().map(move |(name, message)| (file.as_str(), name.as_str(), message)))
    }

    pub(crate) fn message(&self, file: &str, name: &str) -> Option<&Message> {
        self.files.get(file)?.get(name)
    }
}

fn read_file(path: &Path) -> Result<BTreeMap<String, Message>, SourceError> {
    let shown = || path.display().to_string();
    let text = fs::read_to_string(path).map_err(|source| SourceError::Read { path: shown(), source })?;
    let resource = parser::parse(text.as_str()).map_err(|(_, errors)| {
        let near = errors.first().map_or(0, |error| error.pos.start.min(text.len()));
        let near =
            text.char_indices().filter(|(at, _)| *at >= near).map(|(_, char)| char).take_while(|char| *char != '\n').take(40).collect();
        SourceError::NotFluent { path: shown(), near }
    })?;
    let of_message = |name: &str, source| SourceError::Message { path: shown(), name: name.to_owned(), source };
    let mut patterns: Vec<(&str, &Pattern<&str>)> = Vec::new();
    let mut terms: Vec<(&str, &Pattern<&str>)> = Vec::new();
    for entry in &resource.body {
        match entry {
            Entry::Message(message) => {
                let value = message.value.as_ref().ok_or_else(|| of_message(message.id.name, MessageError::Attributes))?;
                if !message.attributes.is_empty() {
                    return Err(of_message(message.id.name, MessageError::Attributes));
                }
                if patterns.iter().any(|(name, _)| *name == message.id.name) {
                    return Err(SourceError::Twice { path: shown(), name: message.id.name.to_owned() });
                }
                patterns.push((message.id.name, value));
            }
            Entry::Term(term) => terms.push((term.id.name, &term.value)),
            Entry::Comment(_) | Entry::GroupComment(_) | Entry::ResourceComment(_) => {}
            Entry::Junk { content } => {
                return Err(SourceError::NotFluent { path: shown(), near: content.chars().take(40).collect() });
            }
        }
    }
    let messages = patterns.iter().map(|(name, pattern)| {
        let message = Message::of(pattern, &terms).map_err(|source| of_message(name, source))?;
        Ok(((*name).to_owned(), message))
    });
    messages.collect()
}
