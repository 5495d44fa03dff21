//! One message as the program needs it: its arguments, and its words with marks where something is put in or chosen.

use fluent_syntax::ast::{Expression, InlineExpression, Pattern, PatternElement, VariantKey};

use crate::marks::{ARGUMENTS, CHOOSE, END, INSERT, OPTION, TEXT};

/// What of Fluent is not used here, or is used wrongly.
#[derive(Debug, thiserror::Error)]
pub(crate) enum MessageError {
    #[error("has attributes or no words of its own. Make a message of each attribute.")]
    Attributes,
    #[error("uses the function {0}. NUMBER is the only one.")]
    Function(String),
    #[error("refers to the message `{0}`. Refer to a term (`-name`), or write the words again.")]
    Message(String),
    #[error("refers to the term `-{0}`, which is not in the same file.")]
    Term(String),
    #[error("uses `${0}` both to choose by number and to choose by name.")]
    Mixed(String),
    #[error("chooses by something that is neither `$name` nor `NUMBER($name)`.")]
    Selector,
    #[error("has more than eight arguments. Make two messages of it.")]
    TooMany,
}

/// What an argument is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Put in as it is.
    Text,
    /// Counted: chooses a plural, and is written as the language writes numbers.
    Number,
    /// A code by which words are chosen.
    Choice,
}

/// One message.
pub(crate) struct Message {
    /// By name, in the order in which they first appear.
    pub(crate) arguments: Vec<(String, Kind)>,
    pattern: Vec<Part>,
}

/// A piece of a message.
enum Part {
    Text(String),
    Argument(String),
    Choice { argument: String, options: Vec<(String, Vec<Part>)> },
}

const PLURALS: [&str; 6] = ["zero", "one", "two", "few", "many", "other"];

impl Message {
    pub(crate) fn of(pattern: &Pattern<&str>, terms: &[(&str, &Pattern<&str>)]) -> Result<Self, MessageError> {
        let mut message = Self { arguments: Vec::new(), pattern: Vec::new() };
        message.pattern = message.parts(pattern, terms)?;
        if message.arguments.len() > ARGUMENTS.len() {
            return Err(MessageError::TooMany);
        }
        Ok(message)
    }

    /// The words, with the arguments in the order of `declared`. What is put into words that run from right to left is isolated from them
    /// (Unicode Standard Annex 9, section 2.4).
    pub(crate) fn encoded(&self, declared: &[(String, Kind)], isolates: bool) -> String {
        let mut text = String::new();
        Encoder { declared, isolates }.encode(&self.pattern, &mut text);
        text
    }

    /// The words for people who read the code.
    pub(crate) fn shown(&self) -> String {
        let mut text = String::new();
        show(&self.pattern, &mut text);
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    fn parts(&mut self, pattern: &Pattern<&str>, terms: &[(&str, &Pattern<&str>)]) -> Result<Vec<Part>, MessageError> {
        let mut parts = Vec::new();
        for element in &pattern.elements {
            match element {
                PatternElement::TextElement { value } => parts.push(Part::Text((*value).to_owned())),
                PatternElement::Placeable { expression } => self.expression(expression, terms, &mut parts)?,
            }
        }
        Ok(parts)
    }

    fn expression(
        &mut self,
        expression: &Expression<&str>,
        terms: &[(&str, &Pattern<&str>)],
        parts: &mut Vec<Part>,
    ) -> Result<(), MessageError> {
        match expression {
            Expression::Inline(inline) => self.inline(inline, terms, parts),
            Expression::Select { selector, variants } => {
                let is_count = |key: &VariantKey<&str>| match key {
                    VariantKey::NumberLiteral { .. } => true,
                    VariantKey::Identifier { name } => PLURALS.contains(name),
                };
                let counted = variants.iter().all(|variant| is_count(&variant.key));
                let argument = match selector {
                    InlineExpression::VariableReference { id } => id.name,
                    selector => number_argument(selector).ok_or(MessageError::Selector)?,
                };
                self.argument(argument, if counted { Kind::Number } else { Kind::Choice })?;
                let mut options = Vec::new();
                for variant in variants {
                    let key = match &variant.key {
                        _ if variant.default => String::new(),
                        VariantKey::Identifier { name } => (*name).to_owned(),
                        VariantKey::NumberLiteral { value } => (*value).to_owned(),
                    };
                    options.push((key, self.parts(&variant.value, terms)?));
                }
                // The first that fits is chosen: exact numbers win over plurals, and the default comes last.
                options.sort_by_key(|(key, _)| (key.is_empty(), !key.starts_with(|char: char| char.is_ascii_digit())));
                parts.push(Part::Choice { argument: argument.to_owned(), options });
                Ok(())
            }
        }
    }

    fn inline(
        &mut self,
        inline: &InlineExpression<&str>,
        terms: &[(&str, &Pattern<&str>)],
        parts: &mut Vec<Part>,
    ) -> Result<(), MessageError> {
        match inline {
            InlineExpression::StringLiteral { value } | InlineExpression::NumberLiteral { value } => {
                parts.push(Part::Text(fluent_syntax::unicode::unescape_unicode_to_string(value).into_owned()));
            }
            InlineExpression::VariableReference { id } => {
                self.argument(id.name, Kind::Text)?;
                parts.push(Part::Argument(id.name.to_owned()));
            }
            InlineExpression::FunctionReference { id, .. } => {
                let argument = number_argument(inline).ok_or_else(|| MessageError::Function(id.name.to_owned()))?;
                self.argument(argument, Kind::Number)?;
                parts.push(Part::Argument(argument.to_owned()));
            }
            InlineExpression::TermReference { id, .. } => {
                let (_, pattern) = terms.iter().find(|(name, _)| *name == id.name).ok_or_else(|| MessageError::Term(id.name.to_owned()))?;
                parts.extend(self.parts(pattern, terms)?);
            }
            InlineExpression::MessageReference { id, .. } => return Err(MessageError::Message(id.name.to_owned())),
            InlineExpression::Placeable { expression } => self.expression(expression, terms, parts)?,
        }
        Ok(())
    }

    /// Notes an argument. One that is put in somewhere and chosen by elsewhere is what it is chosen by.
    fn argument(&mut self, name: &str, kind: Kind) -> Result<(), MessageError> {
        let Some((_, known)) = self.arguments.iter_mut().find(|(known, _)| known == name) else {
            self.arguments.push((name.to_owned(), kind));
            return Ok(());
        };
        match (*known, kind) {
            (_, Kind::Text) => {}
            (Kind::Text, kind) => *known = kind,
            (known, kind) if known == kind => {}
            _ => return Err(MessageError::Mixed(name.to_owned())),
        }
        Ok(())
    }
}

/// The argument of `NUMBER($argument)`.
fn number_argument<'a>(inline: &InlineExpression<&'a str>) -> Option<&'a str> {
    match inline {
        InlineExpression::FunctionReference { id, arguments } if id.name == "NUMBER" => match arguments.positional.as_slice() {
            [InlineExpression::VariableReference { id }] => Some(id.name),
            _ => None,
        },
        _ => None,
    }
}

/// Writes the words with their marks.
struct Encoder<'a> {
    declared: &'a [(String, Kind)],
    isolates: bool,
}

impl Encoder<'_> {
    fn encode(&self, parts: &[Part], text: &mut String) {
        for part in parts {
            match part {
                Part::Text(words) => text.push_str(words),
                Part::Argument(argument) if self.isolates && !self.is_number(argument) => {
                    text.extend(['\u{2068}', INSERT, self.mark(argument), '\u{2069}']);
                }
                Part::Argument(argument) => text.extend([INSERT, self.mark(argument)]),
                Part::Choice { argument, options } => {
                    text.extend([CHOOSE, self.mark(argument)]);
                    for (key, parts) in options {
                        text.push(OPTION);
                        text.push_str(key);
                        text.push(TEXT);
                        self.encode(parts, text);
                    }
                    text.push(END);
                }
            }
        }
    }

    fn place(&self, argument: &str) -> usize {
        self.declared.iter().position(|(name, _)| name == argument).unwrap_or_default()
    }

    fn is_number(&self, argument: &str) -> bool {
        self.declared.get(self.place(argument)).is_some_and(|(_, kind)| *kind == Kind::Number)
    }

    fn mark(&self, argument: &str) -> char {
        ARGUMENTS.get(self.place(argument)).copied().unwrap_or_default()
    }
}

fn show(parts: &[Part], text: &mut String) {
    for part in parts {
        match part {
            Part::Text(words) => text.push_str(words),
            Part::Argument(argument) => text.extend(["{", argument, "}"]),
            // The default says most.
            Part::Choice { options, .. } => {
                if let Some((_, parts)) = options.last() {
                    show(parts, text);
                }
            }
        }
    }
}
