//! The office: sessions, pages drawn on the server, the sync endpoints, PostgreSQL, import and export.
//!
//! Used by the `doorstep` program and by tests that start the real thing in their own process. **It does not know** rules (they are in
//! `domain`), words that people see (`app`) or the browser's storage (`frontend`): it is wiring and SQL.

pub mod attachments;
pub mod audit;
pub mod cli;
pub mod clock;
pub mod config;
pub mod db;
pub mod demo;
pub mod health;
pub mod identity;
pub mod import;
pub mod jobs;
pub mod office;
pub mod openapi;
pub mod pages;
pub mod problem;
pub mod push;
pub mod records;
pub mod secrets;
pub mod security;
pub mod sessions;
pub mod site;
pub mod start;
pub mod state;
pub mod sync;
pub mod telemetry;
pub mod tls;

pub use config::Config;
pub use start::{Running, StartError, start, start_with};
