//! The server as its callers know it: the real program on a free port, the real database, HTTP between.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails where it stands")]

mod health;
mod helpers;
mod import;
mod logs;
mod openapi;
mod pages;
mod restored;
mod security;
mod sessions;
mod site;
mod small_site;
mod sync_events;
mod sync_faults;
mod sync_guard;
mod sync_phone;
mod sync_pull;
mod sync_push;
mod world;
