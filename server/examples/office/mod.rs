//! What the runs against a real server share: the server as a program of its own, and a database of its own. Not an example itself.

mod database;
mod program;

pub(crate) use self::{database::with_own_database, program::Program};
