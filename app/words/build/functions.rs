//! The functions that pages call: one a message, in a module a file, with its arguments and their types.

use std::fmt::Write;

use crate::{
    message::{Kind, Message},
    source::Source,
};

/// The Rust source. Messages are numbered in the order of [`Source::messages`].
pub(crate) fn write(source: &Source) -> String {
    let mut text = String::new();
    let mut number = 0;
    for (file, messages) in &source.files {
        let _ = writeln!(text, "/// The words of `{file}.ftl`.\npub mod {file} {{");
        for (name, message) in messages {
            write_function(&mut text, name, message, number);
            number += 1;
        }
        text.push_str("}\n");
    }
    let _ = writeln!(text, "/// How many messages a catalogue has.\npub(crate) const MESSAGES: usize = {number};");
    text
}

fn write_function(text: &mut String, name: &str, message: &Message, number: usize) {
    let function = name.replace('-', "_");
    let doc = message.shown().replace('[', "\\[").replace('<', "\\<");
    let _ = writeln!(text, "    /// {doc}\n    #[must_use]");
    if message.arguments.is_empty() {
        let _ = writeln!(text, "    pub fn r#{function}() -> &'static str {{ crate::text({number}) }}");
        return;
    }
    let mut parameters = String::new();
    let mut arguments = String::new();
    for (argument, kind) in &message.arguments {
        let argument = argument.replace('-', "_");
        let (parameter, value) = match kind {
            Kind::Number => ("impl crate::Count", format!("crate::Argument::Number(crate::Count::count({argument}))")),
            Kind::Text | Kind::Choice => ("&str", format!("crate::Argument::Text({argument})")),
        };
        let _ = write!(parameters, "{argument}: {parameter}, ");
        let _ = write!(arguments, "{value}, ");
    }
    let _ = writeln!(text, "    pub fn r#{function}({parameters}) -> String {{ crate::filled({number}, &[{arguments}]) }}");
}
