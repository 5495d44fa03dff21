//! What a person sees: pages and components, compiled twice (drawn on the server, alive in the browser).
//!
//! Used by `frontend` and `server`; uses `domain` and `sync`. **It does not know** SQL, IndexedDB, HTTP or which half it runs in: pages read
//! a `Caseload` and act through the port [`desk::Desk`].

pub mod desk;
pub mod document;
pub mod page_data;
pub mod paths;
mod place;
mod root;

pub use root::App;
