//! What a person sees: pages and components, compiled twice (drawn on the server, alive in the browser).
//!
//! Used by `frontend` and `server`; uses `domain` and `sync`. **It does not know** SQL, IndexedDB, HTTP or which half it runs in: pages read
//! a `Caseload` and act through the port [`desk::Desk`].

mod account;
mod amend;
mod ask;
mod caseload;
mod client;
mod decision;
pub mod desk;
mod device;
pub mod document;
mod draft;
mod edit;
mod frame;
mod hand_over;
pub mod inside;
mod not_found;
mod note;
pub mod page_data;
mod page_memory;
mod passkey;
pub mod paths;
mod place;
mod rare;
mod reviews;
mod root;
pub mod samples;
mod sending;
pub mod showcase;
mod sign_in;
mod to_file;
mod today;
mod typed;
pub mod ui;

pub use root::App;
