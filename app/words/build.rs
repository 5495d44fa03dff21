//! Turns the Fluent files into functions that Rust checks, and into one catalogue a language that a browser fetches.

#[path = "build/catalogue.rs"]
mod catalogue;
#[path = "build/functions.rs"]
mod functions;
#[path = "src/marks.rs"]
mod marks;
#[path = "build/message.rs"]
mod message;
#[path = "build/source.rs"]
mod source;

use std::{env, error::Error, fs, path::PathBuf};

use source::Source;

/// The language in which the messages are declared; the others translate them.
const FIRST: &str = "en";
const OTHERS: [&str; 2] = ["es", "ar"];

fn main() -> Result<(), Box<dyn Error>> {
    let out = PathBuf::from(env::var("OUT_DIR")?);
    let first = Source::read(FIRST)?;
    fs::write(out.join("functions.rs"), functions::write(&first))?;
    fs::write(out.join("en.words"), catalogue::write(&first, &first))?;
    for language in OTHERS {
        let source = Source::read(language)?;
        source.check_against(&first)?;
        fs::write(out.join(format!("{language}.words")), catalogue::write(&first, &source))?;
    }
    Ok(())
}
