//! The questions of `/office/v1`: addresses, shapes and examples.

use domain::WorkerId;
use serde_json::{Map, Value, json};
use sync::{questions::*, wire::DeviceId};

use super::{
    examples::{id, moment as at, value},
    paths::{json_answer, json_body, with_problems},
    schemas::{Named, boolean, closed, list, moment, number, open, string, uuid},
};

/// What can be answered to every question.
const ALWAYS: [&str; 5] = ["malformed", "sign-in-needed", "cross-site", "too-large", "unavailable"];

/// One question: how it is called, what it does, how it is answered, and what else can come.
struct Asked {
    path: &'static str,
    id: &'static str,
    summary: &'static str,
    asked: &'static str,
    answer: (&'static str, &'static str),
    codes: &'static [&'static str],
}

fn all() -> Vec<Asked> {
    vec![
        Asked {
            path: ListSessions::PATH,
            id: "listSessions",
            summary: "Where somebody is signed in: oneself, or a worker whom one may manage.",
            asked: "ListSessions",
            answer: ("The sessions that are good now.", "Sessions"),
            codes: &["not-allowed"],
        },
        Asked {
            path: EndSession::PATH,
            id: "endSession",
            summary: "Ends a session. Another worker's asks for a fresh proof.",
            asked: "EndSession",
            answer: ("It has ended.", "Done"),
            codes: &["not-allowed", "step-up-needed", "not-found"],
        },
        Asked {
            path: EndOtherSessions::PATH,
            id: "endOtherSessions",
            summary: "Ends all of one's own sessions but this, or all of another worker.",
            asked: "EndOtherSessions",
            answer: ("How many have ended.", "Ended"),
            codes: &["not-allowed", "step-up-needed"],
        },
        Asked {
            path: StepUp::PATH,
            id: "stepUp",
            summary: "Proves once more who asks, for five minutes. The cookie is a new one.",
            asked: "StepUp",
            answer: ("It was right.", "Done"),
            codes: &["wrong-password", "too-many-tries"],
        },
    ]
}

pub(super) fn paths() -> Map<String, Value> {
    let header = json!([{ "name": HEADER, "in": "header", "required": true, "schema": { "type": "string" }, "description": "Any value." }]);
    let described = all().into_iter().map(|question| {
        let codes: Vec<&str> = ALWAYS.iter().chain(question.codes).copied().collect();
        let operation = json!({ "post": {
            "operationId": question.id,
            "summary": question.summary,
            "parameters": header,
            "requestBody": json_body(question.asked),
            "responses": with_problems(&[("200", json_answer(question.answer.0, question.answer.1))], &codes),
        } });
        (question.path.to_owned(), operation)
    });
    described.collect()
}

pub(super) fn shapes() -> Vec<Named> {
    vec![
        ("Done", open(&[], &[])),
        ("ListSessions", closed(&[], &[("worker_id", uuid())])),
        ("Sessions", open(&[("sessions", list("SessionSeen"))], &[])),
        (
            "SessionSeen",
            open(
                &[
                    ("session_id", uuid()),
                    ("is_this", boolean()),
                    ("label", string()),
                    ("started_at", moment()),
                    ("last_seen_at", moment()),
                    ("ends_at", moment()),
                ],
                &[("device_id", uuid())],
            ),
        ),
        ("EndSession", closed(&[("session_id", uuid())], &[])),
        ("EndOtherSessions", closed(&[], &[("worker_id", uuid())])),
        ("Ended", open(&[("count", number(0))], &[])),
        ("StepUp", closed(&[("password", string())], &[])),
    ]
}

pub(super) fn examples() -> Vec<Named> {
    let seen = SessionSeen {
        session_id: SessionId(id(30)),
        is_this: true,
        label: "Chrome on Android".into(),
        device_id: Some(DeviceId(id(2))),
        started_at: at(),
        last_seen_at: at(),
        ends_at: at(),
    };
    let worker_id = Some(WorkerId(id(1)));
    vec![
        ("Done", value(&Done {})),
        ("ListSessions", value(&ListSessions { worker_id })),
        ("SessionSeen", value(&seen)),
        ("Sessions", value(&Sessions { sessions: vec![seen] })),
        ("EndSession", value(&EndSession { session_id: SessionId(id(30)) })),
        ("EndOtherSessions", value(&EndOtherSessions { worker_id })),
        ("Ended", value(&Ended { count: 2 })),
        ("StepUp", value(&StepUp { password: "four words of a sentence".into() })),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_question_is_described() {
        let described = paths();
        for path in PATHS {
            assert!(described.contains_key(*path), "{path}");
        }
        assert_eq!(described.len(), PATHS.len());
    }
}
