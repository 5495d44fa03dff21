//! The questions of `/office/v1`: addresses, shapes and examples.

use domain::{CaseId, DevicePolicy, Role, ScopeId, Term, WorkerId};
use serde_json::{Map, Value, json};
use sync::{questions::*, wire::DeviceId};

use super::{
    examples::{id, moment as at, value},
    paths::{json_answer, json_body, with_problems},
    schemas::{Named, boolean, closed, list, moment, number, open, reference, string, uuid},
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
        Asked {
            path: ChangePassword::PATH,
            id: "changePassword",
            summary: "Changes one's own password. All other sessions end, and the cookie is a new one.",
            asked: "ChangePassword",
            answer: ("It was changed, or why not.", "PasswordChange"),
            codes: &["wrong-password", "too-many-tries"],
        },
        Asked {
            path: BeginPasskey::PATH,
            id: "beginPasskey",
            summary: "What a new passkey is made from. Needs a fresh proof; with a passkey, where the worker has one already.",
            asked: "BeginPasskey",
            answer: ("For navigator.credentials.create, within five minutes.", "Challenge"),
            codes: &["step-up-needed"],
        },
        Asked {
            path: AddPasskey::PATH,
            id: "addPasskey",
            summary: "Hands in the passkey that was made. The cookie is a new one.",
            asked: "AddPasskey",
            answer: ("It can be used.", "Done"),
            codes: &["wrong-password"],
        },
        Asked {
            path: ListPasskeys::PATH,
            id: "listPasskeys",
            summary: "One's own passkeys, or those of a worker whom one may manage.",
            asked: "ListPasskeys",
            answer: ("Those that were not revoked.", "Passkeys"),
            codes: &["not-allowed", "step-up-needed"],
        },
        Asked {
            path: RevokePasskey::PATH,
            id: "revokePasskey",
            summary: "A passkey was lost: it is worth nothing from now on. Needs a fresh proof. One's own last one stays where the agency asks for one.",
            asked: "RevokePasskey",
            answer: ("It is revoked, and its owner's other sessions have ended.", "Done"),
            codes: &["not-allowed", "step-up-needed", "not-found"],
        },
        Asked {
            path: BeginProof::PATH,
            id: "beginPasskeyProof",
            summary: "What a passkey signs, to sign in or for a fresh proof. Anybody may ask; no session is needed.",
            asked: "BeginProof",
            answer: ("For navigator.credentials.get, within five minutes.", "Challenge"),
            codes: &[],
        },
        Asked {
            path: SignInWithPasskey::PATH,
            id: "signInWithPasskey",
            summary: "Opens a session with a passkey and ends the one that the browser had. No session is needed.",
            asked: "SignInWithPasskey",
            answer: ("The cookie is set.", "Done"),
            codes: &["wrong-password", "too-many-tries"],
        },
        Asked {
            path: StepUpWithPasskey::PATH,
            id: "stepUpWithPasskey",
            summary: "As stepUp, with a passkey of whoever is signed in.",
            asked: "StepUpWithPasskey",
            answer: ("It was right. The cookie is a new one.", "Done"),
            codes: &["wrong-password"],
        },
        Asked {
            path: BreakGlass::PATH,
            id: "breakGlass",
            summary: "Opens a case that is not one's own, in an emergency. Supervisors hear of it at once. Needs a fresh proof.",
            asked: "BreakGlass",
            answer: ("The case can be pulled until then.", "GlassBroken"),
            codes: &["not-allowed", "step-up-needed", "not-found"],
        },
        Asked {
            path: ListBreakGlass::PATH,
            id: "listBreakGlass",
            summary: "What was opened in emergencies: by oneself, and for those who review, by everybody.",
            asked: "ListBreakGlass",
            answer: ("What waits for a review first.", "GlassList"),
            codes: &[],
        },
        Asked {
            path: ReviewBreakGlass::PATH,
            id: "reviewBreakGlass",
            summary: "Judges what another worker opened, once. What was not justified ends at once.",
            asked: "ReviewBreakGlass",
            answer: ("It is judged.", "Done"),
            codes: &["not-allowed", "not-found"],
        },
        Asked {
            path: ListNotices::PATH,
            id: "listNotices",
            summary: "What one should look at and has not seen yet.",
            asked: "ListNotices",
            answer: ("The latest first.", "Notices"),
            codes: &[],
        },
        Asked {
            path: MarkNoticeSeen::PATH,
            id: "markNoticeSeen",
            summary: "A notice was looked at. Doing it again changes nothing.",
            asked: "MarkNoticeSeen",
            answer: ("It is gone from the list.", "Done"),
            codes: &[],
        },
        Asked {
            path: ListDevices::PATH,
            id: "listDevices",
            summary: "Which devices keep a sealed caseload: one's own, or those of a worker whom one may manage.",
            asked: "ListDevices",
            answer: ("The latest used first.", "Devices"),
            codes: &["not-allowed"],
        },
        Asked {
            path: ReportLost::PATH,
            id: "reportLost",
            summary: "Reports a device as lost: its sessions end, and it removes everything at its next contact. Another worker's asks for a fresh proof.",
            asked: "ReportLost",
            answer: ("The order stands.", "Done"),
            codes: &["step-up-needed", "not-found"],
        },
        Asked {
            path: ReportReads::PATH,
            id: "reportReads",
            summary: "Which clients' pages were opened where the server could not see it. The same report again changes nothing.",
            asked: "ReportReads",
            answer: ("It is in the audit trail.", "Done"),
            codes: &[],
        },
        Asked {
            path: FindCase::PATH,
            id: "findCase",
            summary: "Which cases the client with exactly this number has. For an emergency; needs a fresh proof.",
            asked: "FindCase",
            answer: ("The cases, without a name.", "FoundCases"),
            codes: &["not-allowed", "step-up-needed"],
        },
        Asked {
            path: ShowRules::PATH,
            id: "showRules",
            summary: "The agency's rules for devices and for signing in.",
            asked: "ShowRules",
            answer: ("The rules.", "Rules"),
            codes: &["not-allowed"],
        },
        Asked {
            path: SetRules::PATH,
            id: "setRules",
            summary: "Sets the agency's rules, all at once. Needs a fresh proof.",
            asked: "SetRules",
            answer: ("They hold from now on.", "Done"),
            codes: &["not-allowed", "step-up-needed"],
        },
        Asked {
            path: ShowReminders::PATH,
            id: "showReminders",
            summary: "Whether this device is reminded while the app is closed, and to whose key it subscribes.",
            asked: "ShowReminders",
            answer: ("What the office has of it.", "Reminders"),
            codes: &[],
        },
        Asked {
            path: SetReminders::PATH,
            id: "setReminders",
            summary: "Reminds this device from now on, or no longer. It must be an enrolled one.",
            asked: "SetReminders",
            answer: ("It holds from now on.", "Done"),
            codes: &["not-allowed"],
        },
        Asked {
            path: ExportCases::PATH,
            id: "exportCases",
            summary: "Writes down that these cases leave Doorstep as a file, and says whether they may. Needs a fresh proof.",
            asked: "ExportCases",
            answer: ("It is in the audit trail.", "Done"),
            codes: &["not-allowed", "step-up-needed", "not-found"],
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
        ("ChangePassword", closed(&[("current", string()), ("new", string())], &[])),
        ("PasswordChange", open(&[("outcome", json!({ "type": "string", "examples": OUTCOMES }))], &[])),
        ("BeginPasskey", closed(&[], &[])),
        ("Challenge", open(&[("ceremony_id", uuid()), ("options", anything())], &[])),
        ("AddPasskey", closed(&[("ceremony_id", uuid()), ("name", string()), ("credential", anything())], &[])),
        ("ListPasskeys", closed(&[], &[("worker_id", uuid())])),
        ("Passkeys", open(&[("passkeys", list("PasskeySeen"))], &[("needed", boolean())])),
        ("PasskeySeen", open(&[("passkey_id", uuid()), ("name", string()), ("created_at", moment())], &[("last_used_at", moment())])),
        ("RevokePasskey", closed(&[("passkey_id", uuid())], &[])),
        ("BeginProof", closed(&[], &[])),
        ("SignInWithPasskey", closed(&[("ceremony_id", uuid()), ("credential", anything())], &[])),
        ("StepUpWithPasskey", closed(&[("ceremony_id", uuid()), ("credential", anything())], &[])),
        ("BreakGlass", closed(&[("case_id", uuid()), ("reason", reason(MIN_REASON_CHARACTERS))], &[])),
        ("GlassBroken", open(&[("break_glass_id", uuid()), ("scope_id", uuid()), ("expires_at", moment())], &[])),
        ("ListBreakGlass", closed(&[], &[])),
        ("GlassList", open(&[("entries", list("GlassEntry"))], &[])),
        (
            "GlassEntry",
            open(
                &[
                    ("break_glass_id", uuid()),
                    ("worker_id", uuid()),
                    ("case_id", uuid()),
                    ("reason", string()),
                    ("opened_at", moment()),
                    ("expires_at", moment()),
                ],
                &[("review", reference("GlassReview"))],
            ),
        ),
        ("GlassReview", open(&[("by", uuid()), ("at", moment()), ("justified", boolean()), ("remark", string())], &[])),
        ("ReviewBreakGlass", closed(&[("break_glass_id", uuid()), ("justified", boolean())], &[("remark", reason(0))])),
        ("ListNotices", closed(&[], &[("seen_too", boolean())])),
        ("Notices", open(&[("notices", list("Notice"))], &[])),
        (
            "Notice",
            open(
                &[
                    ("notice_id", uuid()),
                    ("kind", json!({ "type": "string", "examples": [NoticeKind::BreakGlass] })),
                    ("about", uuid()),
                    ("created_at", moment()),
                ],
                &[("seen_at", moment())],
            ),
        ),
        ("MarkNoticeSeen", closed(&[("notice_id", uuid())], &[])),
        ("ListDevices", closed(&[], &[("worker_id", uuid())])),
        ("Devices", open(&[("devices", list("DeviceSeen"))], &[])),
        (
            "DeviceSeen",
            open(
                &[
                    ("device_id", uuid()),
                    ("is_this", boolean()),
                    ("label", string()),
                    ("registered_at", moment()),
                    ("last_seen_at", moment()),
                    ("fate", json!({ "type": "string", "examples": FATES })),
                ],
                &[],
            ),
        ),
        ("ReportLost", closed(&[("device_id", uuid())], &[])),
        ("ReportReads", closed(&[("report_id", uuid()), ("reads", list("ClientRead"))], &[])),
        ("ClientRead", closed(&[("case_id", uuid()), ("read_at", moment())], &[])),
        ("FindCase", closed(&[("client_number", string())], &[])),
        ("FoundCases", open(&[("cases", list("FoundCase"))], &[])),
        ("FoundCase", open(&[("case_id", uuid()), ("programme", string())], &[])),
        ("ShowRules", closed(&[], &[])),
        (
            "Rules",
            closed(
                &[
                    ("devices", reference("DevicePolicy")),
                    ("second_factor_roles", json!({ "type": "array", "items": { "type": "string", "enum": Role::ALL } })),
                    ("break_glass_hours", number(1)),
                ],
                &[],
            ),
        ),
        ("SetRules", closed(&[("rules", reference("Rules"))], &[])),
        ("ShowReminders", closed(&[], &[])),
        ("Reminders", open(&[("application_server_key", string())], &[("subscription", reference("PushSubscription"))])),
        ("PushSubscription", closed(&[("endpoint", string()), ("time_zone", string())], &[])),
        (
            "ExportCases",
            closed(&[("case_ids", json!({ "type": "array", "items": uuid(), "minItems": 1, "maxItems": MOST_EXPORTED }))], &[]),
        ),
        ("SetReminders", closed(&[], &[("subscription", reference("PushSubscription"))])),
    ]
}

/// Not a closed list: a newer server may have another reason.
const OUTCOMES: [PasswordOutcome; 6] = [
    PasswordOutcome::Changed,
    PasswordOutcome::TooShort,
    PasswordOutcome::TooLong,
    PasswordOutcome::TooCommon,
    PasswordOutcome::LikeYourself,
    PasswordOutcome::Unchanged,
];

/// Not a closed list either.
const FATES: [DeviceFate; 4] = [DeviceFate::InUse, DeviceFate::Lost, DeviceFate::Wiped, DeviceFate::LockedOut];

/// As WebAuthn level 3 writes it in JSON.
fn anything() -> Value {
    json!({ "type": "object" })
}

fn reason(least: usize) -> Value {
    json!({ "type": "string", "minLength": least, "maxLength": MAX_REASON_CHARACTERS })
}

pub(super) fn examples() -> Vec<Named> {
    let (break_glass_id, case_id) = (BreakGlassId(id(31)), CaseId(id(5)));
    let entry = GlassEntry {
        break_glass_id,
        worker_id: WorkerId(id(1)),
        case_id,
        reason: "Maria is ill and the client calls about a leak.".into(),
        opened_at: at(),
        expires_at: at(),
        review: Some(GlassReview { by: WorkerId(id(12)), at: at(), justified: true, remark: "Agreed by phone.".into() }),
    };
    let ceremony_id = id(33);
    let passkey = PasskeySeen { passkey_id: id(34), name: "My phone".into(), created_at: at(), last_used_at: Some(at()) };
    let notice = Notice { notice_id: id(32), kind: NoticeKind::BreakGlass, about: id(31), created_at: at(), seen_at: Some(at()) };
    let read = ClientRead { case_id, read_at: at() };
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
    let device = DeviceSeen {
        device_id: DeviceId(id(2)),
        is_this: false,
        label: "Chrome on Android".into(),
        registered_at: at(),
        last_seen_at: at(),
        fate: DeviceFate::Lost,
    };
    let found = FoundCase { case_id, programme: "Aging at home".into() };
    let rules =
        Rules { devices: DevicePolicy::default(), second_factor_roles: vec![Role::Supervisor, Role::Administrator], break_glass_hours: 24 };
    let subscription = PushSubscription { endpoint: "https://web.push.apple.com/QGx…".into(), time_zone: "America/Chicago".into() };
    vec![
        ("Done", value(&Done {})),
        ("ListSessions", value(&ListSessions { worker_id })),
        ("SessionSeen", value(&seen)),
        ("Sessions", value(&Sessions { sessions: vec![seen] })),
        ("EndSession", value(&EndSession { session_id: SessionId(id(30)) })),
        ("EndOtherSessions", value(&EndOtherSessions { worker_id })),
        ("Ended", value(&Ended { count: 2 })),
        ("StepUp", value(&StepUp { password: "four words of a sentence".into() })),
        ("ChangePassword", value(&ChangePassword { current: "four words of a sentence".into(), new: "tea kettle on the stove".into() })),
        ("PasswordChange", value(&PasswordChange { outcome: PasswordOutcome::Changed })),
        ("BeginPasskey", value(&BeginPasskey {})),
        ("Challenge", value(&Challenge { ceremony_id, options: json!({ "publicKey": {} }) })),
        ("AddPasskey", value(&AddPasskey { ceremony_id, name: "My phone".into(), credential: json!({}) })),
        ("ListPasskeys", value(&ListPasskeys { worker_id })),
        ("PasskeySeen", value(&passkey)),
        ("Passkeys", value(&Passkeys { passkeys: vec![passkey], needed: true })),
        ("RevokePasskey", value(&RevokePasskey { passkey_id: id(34) })),
        ("BeginProof", value(&BeginProof {})),
        ("SignInWithPasskey", value(&SignInWithPasskey { ceremony_id, credential: json!({}) })),
        ("StepUpWithPasskey", value(&StepUpWithPasskey { ceremony_id, credential: json!({}) })),
        ("BreakGlass", value(&BreakGlass { case_id, reason: entry.reason.clone() })),
        ("GlassBroken", value(&GlassBroken { break_glass_id, scope_id: ScopeId(id(4)), expires_at: at() })),
        ("ListBreakGlass", value(&ListBreakGlass {})),
        ("GlassReview", value(&entry.review)),
        ("GlassEntry", value(&entry)),
        ("GlassList", value(&GlassList { entries: vec![entry] })),
        ("ReviewBreakGlass", value(&ReviewBreakGlass { break_glass_id, justified: true, remark: "Agreed by phone.".into() })),
        ("ListNotices", value(&ListNotices { seen_too: true })),
        ("Notice", value(&notice)),
        ("Notices", value(&Notices { notices: vec![notice] })),
        ("MarkNoticeSeen", value(&MarkNoticeSeen { notice_id: id(32) })),
        ("ListDevices", value(&ListDevices { worker_id })),
        ("DeviceSeen", value(&device)),
        ("Devices", value(&Devices { devices: vec![device] })),
        ("ReportLost", value(&ReportLost { device_id: DeviceId(id(2)) })),
        ("ClientRead", value(&read)),
        ("ReportReads", value(&ReportReads { report_id: id(33), reads: vec![read] })),
        ("FindCase", value(&FindCase { client_number: "HC-1042".into() })),
        ("FoundCase", value(&found)),
        ("FoundCases", value(&FoundCases { cases: vec![found] })),
        ("ShowRules", value(&ShowRules {})),
        ("Rules", value(&rules)),
        ("SetRules", value(&SetRules { rules })),
        ("ShowReminders", value(&ShowReminders {})),
        ("Reminders", value(&Reminders { application_server_key: "BJk…".into(), subscription: Some(subscription.clone()) })),
        ("PushSubscription", value(&subscription)),
        ("ExportCases", value(&ExportCases { case_ids: vec![case_id] })),
        ("SetReminders", value(&SetReminders { subscription: Some(subscription) })),
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
