//! The shapes of what is sent.

use domain::{
    Achievement, AlertKind, Amending, Attachment, CaseState, ContactMode, GoalLifecycle, Outcome, Permission, Purpose, Reached, RecordKind,
    RiskLevel, Role, SafeContact, Sensitivity, Term, UnitKind,
};
use serde_json::{Map, Value, json};
use sync::wire::{MAX_BATCH, ProblemCode, Status};

use super::{examples, questions};

/// Every named shape.
pub(super) fn describe() -> Value {
    let mut schemas = Map::new();
    for (name, schema) in messages().into_iter().chain(records()).chain(commands()).chain(people()).chain(questions::shapes()) {
        schemas.insert(name.to_owned(), schema);
    }
    for (name, example) in examples::all() {
        if let Some(Value::Object(schema)) = schemas.get_mut(name) {
            schema.insert("examples".to_owned(), json!([example]));
        }
    }
    Value::Object(schemas)
}

pub(super) type Named = (&'static str, Value);

/// What devices and the server say to each other.
fn messages() -> Vec<Named> {
    vec![
        (
            "RegisterDevice",
            closed(
                &[("device_id", uuid()), ("enrolled", boolean()), ("app_build", string())],
                &[("label", string()), ("keys", reference("DeviceKeys"))],
            ),
        ),
        ("DeviceKeys", closed(&[("author", base64()), ("device", base64())], &[])),
        ("SealKey", open(&[("key_id", string()), ("public_key", base64())], &[])),
        (
            "SealedMutation",
            closed(
                &[
                    ("mid", uuid()),
                    ("key_id", string()),
                    ("sender_key", base64()),
                    ("iv", base64()),
                    ("ct", base64()),
                    ("proof", json!({ "enum": ["author", "device"] })),
                    ("signature", base64()),
                ],
                &[],
            ),
        ),
        ("SealedRequest", closed(&[("device_id", uuid()), ("mutations", list("SealedMutation"))], &[("presence", base64())])),
        ("SealedResult", open(&[("mid", uuid()), ("status", json!({ "type": "string", "examples": words_of::<Status>(&STATUSES) }))], &[])),
        (
            "SealedResponse",
            open(
                &[
                    ("incarnation", uuid()),
                    ("server_time", moment()),
                    ("results", list("SealedResult")),
                    ("wipe", boolean()),
                    ("offline_storage", boolean()),
                ],
                &[],
            ),
        ),
        ("SealedKey", closed(&[("key_id", string()), ("sender_key", base64()), ("iv", base64()), ("ct", base64())], &[])),
        (
            "BeginUpload",
            closed(
                &[
                    ("device_id", uuid()),
                    ("attachment_id", uuid()),
                    ("size_bytes", number(1)),
                    ("sha256", string()),
                    ("key", reference("SealedKey")),
                    ("signature", base64()),
                ],
                &[],
            ),
        ),
        ("ConfirmWipe", closed(&[("device_id", uuid()), ("signature", base64()), ("clear_site", boolean())], &[])),
        (
            "UploadState",
            open(&[("missing", json!({ "type": "array", "items": number(0) })), ("received", boolean())], &[("refused", string())]),
        ),
        ("FetchAttachment", closed(&[("attachment_id", uuid())], &[])),
        (
            "PushRequest",
            closed(
                &[("device_id", uuid()), ("mutations", json!({ "type": "array", "items": reference("Mutation"), "maxItems": MAX_BATCH }))],
                &[],
            ),
        ),
        (
            "Mutation",
            closed(
                &[
                    ("mid", uuid()),
                    ("seq", number(1)),
                    ("type", json!({ "enum": COMMANDS.map(|(kind, _)| kind) })),
                    ("v", number(1)),
                    ("scope_id", uuid()),
                    ("entity_id", uuid()),
                    ("recorded_at", moment()),
                    ("app_build", string()),
                    ("body", json!({ "oneOf": COMMANDS.map(|(_, schema)| reference(schema)) })),
                ],
                &[("group_id", uuid())],
            ),
        ),
        (
            "PushResponse",
            open(
                &[
                    ("incarnation", uuid()),
                    ("device_last_seq", number(0)),
                    ("safe_seq", number(0)),
                    ("server_time", moment()),
                    ("results", list("PushResult")),
                ],
                &[],
            ),
        ),
        (
            "PushResult",
            open(
                &[("seq", number(1)), ("mid", uuid()), ("status", json!({ "type": "string", "examples": words_of::<Status>(&STATUSES) }))],
                &[("code", string()), ("blocked_by", uuid()), ("skipped", list("Skipped")), ("received_at", moment())],
            ),
        ),
        (
            "Skipped",
            one_key(&[
                ("goal-moved-meanwhile", uuid()),
                ("task-already-done", uuid()),
                ("visit-already-ended", uuid()),
                ("blind-note-already-filed", uuid()),
                ("review-already-decided", uuid()),
                ("still-not-possible", uuid()),
            ]),
        ),
        ("Held", open(&[("epoch", number(0)), ("head", number(0))], &[])),
        (
            "PullRequest",
            closed(
                &[
                    ("gen", number(0)),
                    ("scopes", json!({ "type": "object", "propertyNames": uuid(), "additionalProperties": reference("Held") })),
                    ("limit_bytes", number(0)),
                ],
                &[("device_id", uuid()), ("incarnation", uuid()), ("first", uuid())],
            ),
        ),
        (
            "PullResponse",
            open(
                &[
                    ("gen", number(0)),
                    ("incarnation", uuid()),
                    ("safe_seq", number(0)),
                    ("server_time", moment()),
                    ("scopes", list("ScopeDelta")),
                    ("more", boolean()),
                    ("wipe", boolean()),
                    ("policy", reference("DevicePolicy")),
                ],
                &[
                    ("device_last_seq", number(0)),
                    ("forget", json!({ "type": "array", "items": uuid() })),
                    ("seal_key", reference("SealKey")),
                ],
            ),
        ),
        (
            "DevicePolicy",
            open(
                &[
                    ("offline_storage", boolean()),
                    ("lease_hours", number(1)),
                    ("restricted_lease_hours", number(1)),
                    ("lock_after_idle_min", number(1)),
                    ("lock_after_hidden_s", number(0)),
                ],
                &[],
            ),
        ),
        ("SealKey", open(&[("key_id", string()), ("public_key", base64())], &[])),
        (
            "ScopeDelta",
            open(
                &[("scope_id", uuid()), ("epoch", number(1)), ("through", number(0)), ("head", number(0)), ("records", list("Record"))],
                &[("keep", json!({ "enum": ["disk", "restricted", "memory"] })), ("full", boolean()), ("deleted", list("RecordRef"))],
            ),
        ),
        (
            "Problem",
            open(
                &[
                    ("status", json!({ "type": "integer", "minimum": 400, "maximum": 599 })),
                    ("code", json!({ "type": "string", "examples": words_of::<ProblemCode>(&PROBLEMS) })),
                    ("title", string()),
                ],
                &[("expected", number(1))],
            ),
        ),
    ]
}

/// What is kept.
fn records() -> Vec<Named> {
    vec![
        (
            "Record",
            one_key(&[
                ("worker", reference("Worker")),
                ("person", reference("Person")),
                ("case", reference("Case")),
                ("goal", reference("Goal")),
                ("note", reference("Note")),
                ("visit", reference("Visit")),
                ("task", reference("Task")),
                ("amendment", reference("Amendment")),
                ("attachment", reference("Attachment")),
                ("blind-note", reference("BlindNote")),
                ("review", reference("Review")),
            ]),
        ),
        ("RecordRef", open(&[("kind", codes::<RecordKind>()), ("id", uuid())], &[])),
        ("Worker", open(&[("id", uuid()), ("name", string()), ("role", codes::<Role>())], &[])),
        (
            "Person",
            open(
                &[
                    ("id", uuid()),
                    ("given_name", string()),
                    ("family_name", string()),
                    ("language", string()),
                    ("interpreter_needed", boolean()),
                ],
                &[
                    ("client_number", string()),
                    ("preferred_name", string()),
                    ("birth_date", date()),
                    ("phones", list("Phone")),
                    ("addresses", list("Address")),
                    ("related", list("RelatedPerson")),
                    ("written", writers(&[UnitKind::Names, UnitKind::Language, UnitKind::Reach])),
                ],
            ),
        ),
        ("Written", open(&[("by", uuid()), ("at", moment())], &[])),
        ("Phone", open(&[("number", string()), ("safe_contact", codes::<SafeContact>())], &[("remark", string())])),
        ("Address", open(&[("text", string())], &[("confidential", boolean())])),
        ("RelatedPerson", open(&[("name", string()), ("relationship", string()), ("household", boolean())], &[])),
        (
            "Case",
            open(
                &[
                    ("id", uuid()),
                    ("scope_id", uuid()),
                    ("person_id", uuid()),
                    ("programme", string()),
                    ("primary_worker_id", uuid()),
                    ("state", codes::<CaseState>()),
                    ("risk", reference("Risk")),
                    ("opened_on", date()),
                    ("contact_every_days", number(0)),
                ],
                &[
                    ("restricted_scope_id", uuid()),
                    ("last_contact_on", date()),
                    ("alerts", list("Alert")),
                    ("written", writers(&[UnitKind::Safety])),
                ],
            ),
        ),
        ("Risk", open(&[("level", codes::<RiskLevel>())], &[("reason", string()), ("since", date())])),
        ("Alert", open(&[("kind", codes::<AlertKind>()), ("text", string())], &[])),
        (
            "Goal",
            open(
                &[
                    ("id", uuid()),
                    ("case_id", uuid()),
                    ("statement", string()),
                    ("lifecycle", codes::<GoalLifecycle>()),
                    ("achievement", codes::<Achievement>()),
                ],
                &[("measure", string()), ("target_on", date()), ("moved_by", uuid()), ("moved_at", moment())],
            ),
        ),
        ("GoalTouched", open(&[("goal_id", uuid()), ("from", codes::<Achievement>()), ("to", codes::<Achievement>())], &[])),
        (
            "Note",
            open(
                &[
                    ("id", uuid()),
                    ("case_id", uuid()),
                    ("author_id", uuid()),
                    ("occurred_at", moment()),
                    ("duration_min", number(0)),
                    ("mode", codes::<ContactMode>()),
                    ("reached", codes::<Reached>()),
                    ("purpose", codes::<Purpose>()),
                    ("narrative", string()),
                    ("signed_at", moment()),
                ],
                &[
                    ("sensitivity", codes::<Sensitivity>()),
                    ("goals", list("GoalTouched")),
                    ("tasks_done", json!({ "type": "array", "items": uuid() })),
                    ("visit_id", uuid()),
                    ("received_at", moment()),
                    ("late_after_reassignment", boolean()),
                ],
            ),
        ),
        (
            "Visit",
            open(
                &[
                    ("id", uuid()),
                    ("case_id", uuid()),
                    ("worker_id", uuid()),
                    ("planned_at", moment()),
                    ("mode", codes::<ContactMode>()),
                    ("state", json!({ "oneOf": [{ "const": "planned" }, one_key(&[("ended", open(&[("note_id", uuid())], &[]))])] })),
                ],
                &[],
            ),
        ),
        (
            "Task",
            open(
                &[
                    ("id", uuid()),
                    ("case_id", uuid()),
                    ("owner_id", uuid()),
                    ("title", string()),
                    ("due_on", date()),
                    (
                        "state",
                        json!({ "oneOf": [{ "const": "open" }, one_key(&[("done", open(&[("at", moment()), ("by", uuid())], &[("note_id", uuid())]))])] }),
                    ),
                ],
                &[],
            ),
        ),
        (
            "Amendment",
            open(
                &[
                    ("id", uuid()),
                    ("note_id", uuid()),
                    ("case_id", uuid()),
                    ("author_id", uuid()),
                    ("kind", one_key(&[("addendum", string()), ("entered-in-error", string())])),
                    ("signed_at", moment()),
                ],
                &[("received_at", moment()), ("concurrent", boolean())],
            ),
        ),
        (
            "Attachment",
            open(
                &[
                    ("id", uuid()),
                    ("note_id", uuid()),
                    ("case_id", uuid()),
                    ("author_id", uuid()),
                    ("title", string()),
                    ("media_type", media_type()),
                    ("size_bytes", number(1)),
                    ("sha256", string()),
                ],
                &[("received_at", moment())],
            ),
        ),
        (
            "BlindNote",
            open(
                &[("id", uuid()), ("author_id", uuid()), ("about", string()), ("narrative", string()), ("written_at", moment())],
                &[("received_at", moment()), ("filed_in", uuid())],
            ),
        ),
        (
            "Review",
            open(
                &[
                    ("id", uuid()),
                    ("author_id", uuid()),
                    ("recorded_at", moment()),
                    ("received_at", moment()),
                    ("matter", one_key(&[("held", reference("HeldCommand")), ("contradiction", reference("Contradiction"))])),
                ],
                &[("case_id", uuid()), ("decided", reference("Decided"))],
            ),
        ),
        ("HeldCommand", open(&[("code", string()), ("type", string()), ("v", number(1)), ("body", string())], &[])),
        (
            "Contradiction",
            open(
                &[
                    ("record", reference("RecordRef")),
                    ("seen", reference("Unit")),
                    ("wanted", reference("Unit")),
                    ("found", reference("Unit")),
                ],
                &[("found_by", reference("Written"))],
            ),
        ),
        ("Decided", open(&[("by", uuid()), ("at", moment()), ("outcome", codes::<Outcome>()), ("reason", string())], &[])),
        (
            "Unit",
            one_key(&[
                ("names", closed(&[("given_name", string()), ("family_name", string())], &[("preferred_name", string())])),
                ("language", closed(&[("language", string()), ("interpreter_needed", boolean())], &[])),
                ("reach", closed(&[("phones", list("Phone")), ("addresses", list("Address"))], &[])),
                ("safety", closed(&[("risk", reference("Risk")), ("alerts", list("Alert"))], &[])),
            ]),
        ),
    ]
}

/// The bodies of mutations.
fn commands() -> Vec<Named> {
    vec![
        (
            "SignNote",
            closed(
                &[
                    ("note_id", uuid()),
                    ("case_id", uuid()),
                    ("occurred_at", moment()),
                    ("duration_min", number(0)),
                    ("mode", codes::<ContactMode>()),
                    ("reached", codes::<Reached>()),
                    ("purpose", codes::<Purpose>()),
                    ("narrative", string()),
                ],
                &[
                    ("sensitivity", codes::<Sensitivity>()),
                    ("attachments", list("NewAttachment")),
                    ("blind_note_id", uuid()),
                    ("goals", list("GoalTouched")),
                    ("tasks_done", json!({ "type": "array", "items": uuid() })),
                    ("visit_id", json!({ "type": ["string", "null"], "format": "uuid" })),
                ],
            ),
        ),
        (
            "PlanVisit",
            closed(&[("visit_id", uuid()), ("case_id", uuid()), ("planned_at", moment()), ("mode", codes::<ContactMode>())], &[]),
        ),
        ("CompleteTask", closed(&[("task_id", uuid()), ("case_id", uuid())], &[])),
        (
            "NewAttachment",
            closed(
                &[
                    ("attachment_id", uuid()),
                    ("title", string()),
                    ("media_type", media_type()),
                    ("size_bytes", number(1)),
                    ("sha256", string()),
                ],
                &[],
            ),
        ),
        (
            "AmendNote",
            closed(
                &[
                    ("amendment_id", uuid()),
                    ("note_id", uuid()),
                    ("case_id", uuid()),
                    ("kind", codes::<Amending>()),
                    ("text", string()),
                    ("seen", number(0)),
                ],
                &[],
            ),
        ),
        ("WriteBlind", closed(&[("blind_note_id", uuid()), ("about", string()), ("narrative", string())], &[])),
        ("ChangeClient", closed(&[("case_id", uuid())], &[("units", list("UnitChange")), ("related", reference("RelatedChange"))])),
        ("UnitChange", closed(&[("from", reference("Unit")), ("to", reference("Unit"))], &[("beside", reference("Unit"))])),
        ("RelatedChange", closed(&[], &[("add", list("RelatedPerson")), ("remove", list("RelatedPerson"))])),
        ("HandOver", closed(&[("case_id", uuid()), ("from", uuid()), ("to", uuid()), ("reason", string())], &[])),
        (
            "DecideReview",
            closed(&[("review_id", uuid()), ("outcome", codes::<Outcome>()), ("reason", string())], &[("found", reference("Unit"))]),
        ),
        ("LogReads", closed(&[("log_id", uuid()), ("reads", list("Read"))], &[])),
        ("Read", closed(&[("case_id", uuid()), ("at", moment())], &[])),
    ]
}

/// Sessions and health.
fn people() -> Vec<Named> {
    vec![
        ("Credentials", closed(&[("email", string()), ("password", string())], &[])),
        (
            "Me",
            open(
                &[
                    ("worker_id", uuid()),
                    ("name", string()),
                    ("role", codes::<Role>()),
                    ("may", json!({ "type": "array", "items": codes::<Permission>() })),
                    ("agency_name", string()),
                ],
                &[],
            ),
        ),
        (
            "Readiness",
            open(
                &[("ready", boolean()), ("database", boolean()), ("migrations", boolean()), ("site", boolean()), ("stopping", boolean())],
                &[],
            ),
        ),
    ]
}

/// The types of mutations, and the shapes of their bodies.
const COMMANDS: [(&str, &str); 9] = [
    ("note.sign", "SignNote"),
    ("note.amend", "AmendNote"),
    ("note.blind", "WriteBlind"),
    ("visit.plan", "PlanVisit"),
    ("task.complete", "CompleteTask"),
    ("client.change", "ChangeClient"),
    ("case.hand-over", "HandOver"),
    ("review.decide", "DecideReview"),
    ("reads.log", "LogReads"),
];

/// Words that may come in an answer. Not a closed list: a newer server may send one that an older device does not know.
const STATUSES: [Status; 6] =
    [Status::Applied, Status::Merged, Status::Conflict, Status::Quarantined, Status::Blocked, Status::NotAttempted];
const PROBLEMS: [ProblemCode; 15] = [
    ProblemCode::SignInNeeded,
    ProblemCode::WrongPassword,
    ProblemCode::TooManyTries,
    ProblemCode::CrossSite,
    ProblemCode::NotFound,
    ProblemCode::Malformed,
    ProblemCode::TooLarge,
    ProblemCode::DeviceUnknown,
    ProblemCode::DeviceRevoked,
    ProblemCode::NotAllowed,
    ProblemCode::StepUpNeeded,
    ProblemCode::DeviceForked,
    ProblemCode::SeqGap,
    ProblemCode::UpgradeRequired,
    ProblemCode::Unavailable,
];

fn words_of<T: serde::Serialize>(words: &[T]) -> Value {
    json!(words)
}

pub(super) fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

pub(super) fn list(name: &str) -> Value {
    json!({ "type": "array", "items": reference(name) })
}

pub(super) fn string() -> Value {
    json!({ "type": "string" })
}

/// Bytes in base64url without padding (RFC 4648 section 5).
fn base64() -> Value {
    json!({ "type": "string", "contentEncoding": "base64url" })
}

fn media_type() -> Value {
    json!({ "enum": Attachment::MEDIA_TYPES })
}

/// Who wrote which of these units last.
fn writers(units: &[UnitKind]) -> Value {
    let units: Vec<(&str, Value)> = units.iter().map(|unit| (unit.code(), reference("Written"))).collect();
    open(&[], &units)
}

pub(super) fn boolean() -> Value {
    json!({ "type": "boolean" })
}

pub(super) fn number(minimum: u8) -> Value {
    json!({ "type": "integer", "minimum": minimum })
}

pub(super) fn uuid() -> Value {
    json!({ "type": "string", "format": "uuid" })
}

fn date() -> Value {
    json!({ "type": "string", "format": "date" })
}

pub(super) fn moment() -> Value {
    json!({ "type": "string", "format": "date-time" })
}

/// A controlled word.
fn codes<T: Term>() -> Value {
    json!({ "enum": T::ALL.iter().map(|term| term.code()).collect::<Vec<_>>() })
}

/// An object that may get more properties later.
pub(super) fn open(required: &[(&str, Value)], optional: &[(&str, Value)]) -> Value {
    let properties: Map<String, Value> =
        required.iter().chain(optional).map(|(name, schema)| ((*name).to_owned(), schema.clone())).collect();
    let required: Vec<&str> = required.iter().map(|(name, _)| *name).collect();
    json!({ "type": "object", "properties": properties, "required": required })
}

/// An object in which anything else is refused.
pub(super) fn closed(required: &[(&str, Value)], optional: &[(&str, Value)]) -> Value {
    let mut schema = open(required, optional);
    schema["additionalProperties"] = json!(false);
    schema
}

/// An object with one key that says what its value is.
fn one_key(kinds: &[(&str, Value)]) -> Value {
    json!({ "oneOf": kinds.iter().map(|(name, schema)| closed(&[(name, schema.clone())], &[])).collect::<Vec<_>>() })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_example_fits_its_shape_and_fills_it() {
        let schemas = describe();
        let mut checked = BTreeSet::new();
        for (name, example) in examples::all() {
            let schema = schemas.get(name).unwrap_or_else(|| panic!("no shape is named {name}"));
            check(&schemas, schema, &example, name);
            if let Some(properties) = schema.get("properties").and_then(Value::as_object) {
                let described: BTreeSet<&String> = properties.keys().collect();
                let sent: BTreeSet<&String> = example.as_object().unwrap().keys().collect();
                assert_eq!(sent, described, "{name}: an example leaves out no property and has none that is not described");
            }
            checked.insert(name);
        }
        let named: BTreeSet<&str> = schemas.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(checked, named, "every shape has an example");
    }

    #[test]
    fn every_reference_leads_somewhere() {
        let description = super::super::describe();
        let text = description.to_string();
        for name in text.split("#/components/schemas/").skip(1).map(|rest| rest.split('"').next().unwrap()) {
            assert!(description["components"]["schemas"][name].is_object(), "{name}");
        }
    }

    /// As much of JSON Schema as the shapes above use.
    fn check(schemas: &Value, schema: &Value, value: &Value, at: &str) {
        if let Some(target) = schema.get("$ref").and_then(Value::as_str) {
            return check(schemas, &schemas[target.rsplit('/').next().unwrap()], value, at);
        }
        if let Some(kinds) = schema.get("oneOf").and_then(Value::as_array) {
            let fitting = kinds.iter().filter(|kind| fits(schemas, kind, value)).count();
            assert_eq!(fitting, 1, "{at}: {value}");
        }
        assert!(fits(schemas, schema, value), "{at}: {value} is not {schema}");
    }

    fn fits(schemas: &Value, schema: &Value, value: &Value) -> bool {
        if let Some(target) = schema.get("$ref").and_then(Value::as_str) {
            return fits(schemas, &schemas[target.rsplit('/').next().unwrap()], value);
        }
        if let Some(kinds) = schema.get("oneOf").and_then(Value::as_array) {
            return kinds.iter().filter(|kind| fits(schemas, kind, value)).count() == 1;
        }
        if let Some(words) = schema.get("enum").and_then(Value::as_array) {
            return words.contains(value);
        }
        if let Some(word) = schema.get("const") {
            return word == value;
        }
        match schema["type"].as_str() {
            Some("object") => {
                let Some(object) = value.as_object() else { return false };
                let required = schema["required"].as_array().into_iter().flatten().all(|name| object.contains_key(name.as_str().unwrap()));
                let rest = &schema["additionalProperties"];
                required
                    && object.iter().all(|(name, value)| match schema["properties"].get(name) {
                        Some(schema) => fits(schemas, schema, value),
                        None if rest.is_object() => fits(schemas, rest, value),
                        None => *rest != json!(false),
                    })
            }
            Some("array") => value.as_array().is_some_and(|items| items.iter().all(|item| fits(schemas, &schema["items"], item))),
            Some("integer") => value.is_u64(),
            Some("boolean") => value.is_boolean(),
            Some("string") => value.is_string(),
            _ => schema["type"].as_array().is_some_and(|types| value.is_string() && types.contains(&json!("string"))),
        }
    }
}
