//! The description of the API at `/api/openapi.json` (OpenAPI 3.1): sync, questions, sessions and health.
//!
//! Words come from the vocabularies and examples from the real types, so neither can be out of date; the test of `schemas` holds the
//! properties against the examples.

mod examples;
mod paths;
mod questions;
mod schemas;

use std::sync::LazyLock;

use axum::{Json, Router, routing::get};
use serde_json::{Value, json};

use crate::state::AppState;

static DESCRIPTION: LazyLock<Value> = LazyLock::new(describe);

/// `GET /api/openapi.json`
pub fn router() -> Router<AppState> {
    Router::new().route("/api/openapi.json", get(async || Json(&*DESCRIPTION)))
}

fn describe() -> Value {
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Doorstep",
            "version": env!("CARGO_PKG_VERSION"),
            "summary": "Sync between devices and the agency's server.",
            "description": "What each message means, and in which order a device sends them, is told in docs/sync-protocol.md. Times are RFC 3339 with the offset of the place. Ids are UUIDv7 made by whoever writes first.",
            "license": { "name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0" }
        },
        "servers": [{ "url": "/" }],
        "security": [{ "session": [] }],
        "paths": paths::describe(),
        "components": {
            "securitySchemes": {
                "session": { "type": "apiKey", "in": "cookie", "name": crate::sessions::COOKIE, "description": "Set by POST /sign-in." }
            },
            "schemas": schemas::describe()
        }
    })
}
