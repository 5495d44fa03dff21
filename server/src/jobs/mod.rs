//! What the server does by itself, beside requests.

pub mod safe;
pub mod seal;
pub mod uploads;
