//! What the server does by itself, beside requests.

pub mod remind;
pub mod safe;
pub mod seal;
pub mod uploads;
