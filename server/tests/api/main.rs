//! The server as its callers know it: the real program on a free port, the real database, HTTP between.

mod health;
mod helpers;
mod logs;
mod pages;
mod security;
mod sessions;
mod site;
mod world;
