//! The server as its callers know it: the real program on a free port, the real database, HTTP between.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails where it stands")]

mod audit;
mod authenticator;
mod device;
mod device_faults;
mod health;
mod helpers;
mod import;
mod killed;
mod logs;
mod office_break_glass;
mod office_devices;
mod office_exports;
mod office_passkeys;
mod office_passwords;
mod office_reads;
mod office_reminders;
mod office_rules;
mod office_sessions;
mod openapi;
mod pages;
mod restored;
mod sealer;
mod security;
mod sessions;
mod site;
mod small_site;
mod strangers;
mod sync_attachments;
mod sync_dropped;
mod sync_events;
mod sync_faults;
mod sync_guard;
mod sync_office;
mod sync_phone;
mod sync_pull;
mod sync_push;
mod sync_readers;
mod sync_sealed;
mod sync_trust;
mod world;
