//! The addresses: who may ask what, and what comes back.

use domain::Attachment;
use serde_json::{Map, Value, json};
use sync::wire::{ATTACHMENT_HEADER, CHUNK_HEADER};

use super::schemas::reference;

pub(super) fn describe() -> Value {
    let Value::Object(mut paths) = describe_fixed() else { return Value::Null };
    if let Value::Object(attachments) = describe_attachments() {
        paths.extend(attachments);
    }
    paths.extend(super::questions::paths());
    Value::Object(paths)
}

fn describe_fixed() -> Value {
    json!({
        "/sync/v1/devices": { "post": {
            "operationId": "registerDevice",
            "summary": "Makes a device known before its first push. Doing it again changes only what it says of itself.",
            "requestBody": json_body("RegisterDevice"),
            "responses": with_problems(
                &[("200", json_answer("What was registered.", "RegisterDevice"))],
                &["malformed", "sign-in-needed", "cross-site", "not-allowed", "device-forked", "too-large", "unavailable"],
            )
        } },
        "/sync/v1/push": { "post": {
            "operationId": "push",
            "summary": "Hands in mutations, in the order of `seq`. Every well-formed request is answered with a receipt for each.",
            "requestBody": json_body("PushRequest"),
            "responses": with_problems(
                &[("200", json_answer("What became of each mutation.", "PushResponse"))],
                &[
                    "malformed",
                    "sign-in-needed",
                    "cross-site",
                    "device-unknown",
                    "device-revoked",
                    "not-allowed",
                    "device-forked",
                    "seq-gap",
                    "too-large",
                    "unavailable",
                ],
            )
        } },
        "/sync/v1/pull": { "post": {
            "operationId": "pull",
            "summary": "Asks for what is new since the heads that the device holds.",
            "requestBody": json_body("PullRequest"),
            "responses": with_problems(
                &[("200", json_answer("What to forget and what is new.", "PullResponse"))],
                &["malformed", "sign-in-needed", "cross-site", "device-unknown", "device-revoked", "not-allowed", "too-large", "unavailable"],
            )
        } },
        "/sync/v1/sealed": { "post": {
            "operationId": "handInSealed",
            "summary": "Takes what a locked device sealed to this server. Signatures say whose it is; nobody needs to be signed in.",
            "security": [],
            "requestBody": json_body("SealedRequest"),
            "responses": with_problems(
                &[("200", json_answer("What became of each mutation, and no more than that.", "SealedResponse"))],
                &["malformed", "cross-site", "device-unknown", "too-large", "unavailable"],
            )
        } },
        "/sync/v1/events": { "get": {
            "operationId": "watch",
            "summary": "Says `changed` when there may be something new; the news itself comes by pull. Ends with the session.",
            "responses": with_problems(
                &[("200", json!({ "description": "Server-sent events without data of anybody.", "content": { "text/event-stream": {} } }))],
                &["sign-in-needed", "unavailable"],
            )
        } },
        "/sign-in": { "post": {
            "operationId": "signIn",
            "summary": "Opens a session and ends the one that the browser had.",
            "security": [],
            "requestBody": json_body("Credentials"),
            "responses": with_problems(
                &[("200", json_answer("The worker. The cookie is set.", "Me"))],
                &["malformed", "wrong-password", "too-many-tries", "cross-site", "too-large", "unavailable"],
            )
        } },
        "/sign-out": { "post": {
            "operationId": "signOut",
            "summary": "Ends the session, if there is one.",
            "security": [],
            "parameters": [{ "name": "Accept", "in": "header", "schema": { "const": "application/json" }, "description": "Without it the answer is a redirection to the sign-in page." }],
            "responses": with_problems(&[("204", empty("There is no session any more."))], &["cross-site", "unavailable"])
        } },
        "/session": { "get": {
            "operationId": "session",
            "summary": "Who is signed in.",
            "responses": with_problems(&[("200", json_answer("The worker.", "Me"))], &["sign-in-needed", "unavailable"])
        } },
        "/healthz": { "get": {
            "operationId": "health",
            "summary": "Whether the process lives.",
            "security": [],
            "responses": { "200": { "description": "It does.", "content": { "text/plain": {} } } }
        } },
        "/readyz": { "get": {
            "operationId": "readiness",
            "summary": "Whether requests should be sent here.",
            "security": [],
            "responses": {
                "200": json_answer("They should.", "Readiness"),
                "503": json_answer("They should not; what is false is missing.", "Readiness")
            }
        } },
        "/api/openapi.json": { "get": {
            "operationId": "describe",
            "summary": "This description.",
            "security": [],
            "responses": { "200": { "description": "OpenAPI 3.1.", "content": { "application/json": {} } } }
        } }
    })
}

fn describe_attachments() -> Value {
    let bytes = json!({ "schema": { "type": "string", "format": "binary" } });
    let contents: Map<String, Value> = Attachment::MEDIA_TYPES.iter().map(|media_type| ((*media_type).to_owned(), bytes.clone())).collect();
    json!({
        "/sync/v1/attachments/begin": { "post": {
            "operationId": "beginUpload",
            "summary": "Says which content will come, or asks how far that is. The device's signature stands in for a session.",
            "security": [],
            "requestBody": json_body("BeginUpload"),
            "responses": with_problems(
                &[("200", json_answer("How far it is.", "UploadState"))],
                &["malformed", "cross-site", "device-unknown", "too-large", "too-many-tries", "unavailable"],
            )
        } },
        "/sync/v1/attachments/chunk": { "post": {
            "operationId": "sendChunk",
            "summary": "One sealed chunk of a content that was announced: the initialisation vector, then the ciphertext. In any order, as often as needed.",
            "security": [],
            "parameters": [
                { "name": ATTACHMENT_HEADER, "in": "header", "required": true, "schema": { "type": "string", "format": "uuid" } },
                { "name": CHUNK_HEADER, "in": "header", "required": true, "schema": { "type": "integer", "minimum": 0 } }
            ],
            "requestBody": { "required": true, "content": { "application/octet-stream": bytes } },
            "responses": with_problems(
                &[("200", json_answer("How far the upload is.", "UploadState"))],
                &["malformed", "cross-site", "not-found", "too-large", "unavailable"],
            )
        } },
        "/sync/v1/attachments/fetch": { "post": {
            "operationId": "fetchAttachment",
            "summary": "The content of an attachment that was received, for whoever may see its note.",
            "requestBody": json_body("FetchAttachment"),
            "responses": with_problems(
                &[("200", json!({ "description": "The content.", "content": contents }))],
                &["malformed", "sign-in-needed", "cross-site", "not-found", "too-large", "unavailable"],
            )
        } }
    })
}

pub(super) fn json_body(schema: &str) -> Value {
    json!({ "required": true, "content": { "application/json": { "schema": reference(schema) } } })
}

pub(super) fn json_answer(description: &str, schema: &str) -> Value {
    json!({ "description": description, "content": { "application/json": { "schema": reference(schema) } } })
}

fn empty(description: &str) -> Value {
    json!({ "description": description })
}

/// The answers of an address: those that are meant, and the problems that can come instead, by their status.
pub(super) fn with_problems(answers: &[(&str, Value)], codes: &[&str]) -> Value {
    let mut responses: Map<String, Value> = answers.iter().map(|(status, answer)| ((*status).to_owned(), answer.clone())).collect();
    for code in codes {
        let code = serde_json::from_value(json!(code)).unwrap_or(sync::wire::ProblemCode::Unknown);
        let status = crate::problem::Problem::new(code).status();
        let listed = codes
            .iter()
            .filter(|other| serde_json::from_value(json!(other)).is_ok_and(|other| crate::problem::Problem::new(other).status() == status));
        let description = format!("Problem: {}.", listed.copied().collect::<Vec<_>>().join(", "));
        let content = json!({ "application/problem+json": { "schema": reference("Problem") } });
        responses.insert(status.as_str().to_owned(), json!({ "description": description, "content": content }));
    }
    Value::Object(responses)
}
