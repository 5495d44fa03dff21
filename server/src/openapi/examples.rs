//! One example of each shape, made from the real types. The people in them are made up.

use std::collections::BTreeMap;

use app::page_data::Me;
use domain::*;
use serde::Serialize;
use serde_json::{Value, json};
use sync::wire::{Base64, DeviceKeys, Held, Keep, *};
use uuid::Uuid;

/// Examples by the name of their shape.
pub(super) fn all() -> Vec<(&'static str, Value)> {
    let mut examples = vec![];
    examples.extend(records());
    examples.extend(messages());
    examples.extend(super::questions::examples());
    examples.extend([
        ("Credentials", json!({ "email": "maria@harbor.example", "password": "four words of a sentence" })),
        (
            "Me",
            value(&Me {
                worker_id: WorkerId(id(1)),
                name: "Maria Santos".into(),
                role: Role::CaseManager,
                may: Some(Permissions::usual(Role::CaseManager)),
                agency_name: "Harbor".into(),
            }),
        ),
        ("Readiness", json!({ "ready": true, "database": true, "migrations": true, "site": true, "stopping": false })),
    ]);
    examples
}

fn messages() -> Vec<(&'static str, Value)> {
    let command = Command::SignNote(sign_note());
    let (kind, v, body) = Mutation::wrap(&command);
    let mutation = Mutation {
        mid: Mid(id(20)),
        seq: 1,
        group_id: Some(GroupId(id(21))),
        kind: kind.to_owned(),
        v,
        scope_id: ScopeId(id(4)),
        entity_id: command.entity_id(),
        recorded_at: moment(),
        app_build: "0123456789abcdef".into(),
        body,
    };
    let result = PushResult {
        seq: 1,
        mid: Mid(id(20)),
        status: Status::Merged,
        code: Some("case-closed".into()),
        blocked_by: Some(Mid(id(22))),
        skipped: vec![Skipped::TaskAlreadyDone(TaskId(id(9)))],
        received_at: Some(moment()),
    };
    let delta = ScopeDelta {
        scope_id: ScopeId(id(4)),
        keep: Keep::Restricted,
        epoch: 1,
        full: true,
        through: 7,
        head: 7,
        records: vec![Record::Worker(worker())],
        deleted: vec![RecordRef { kind: RecordKind::Task, id: id(10) }],
    };
    let held = Held { epoch: 1, head: 6 };
    let device_id = DeviceId(id(2));
    vec![
        ("RegisterDevice", value(&register(device_id))),
        ("Mutation", value(&mutation)),
        ("PushRequest", value(&PushRequest { device_id, mutations: vec![mutation] })),
        ("PushResult", value(&result)),
        (
            "PushResponse",
            value(&PushResponse {
                incarnation: IncarnationId(id(3)),
                device_last_seq: 1,
                safe_seq: 0,
                server_time: moment(),
                results: vec![result],
            }),
        ),
        ("Skipped", value(&Skipped::GoalMovedMeanwhile(GoalId(id(7))))),
        ("Held", value(&held)),
        ("DeviceKeys", value(&device_keys())),
        ("SealKey", value(&seal_key())),
        ("SealedMutation", value(&sealed_mutation())),
        ("SealedRequest", value(&SealedRequest { device_id, mutations: vec![sealed_mutation()], presence: Some(signature()) })),
        ("SealedResult", value(&sealed_result())),
        (
            "SealedResponse",
            value(&SealedResponse {
                incarnation: IncarnationId(id(3)),
                server_time: moment(),
                results: vec![sealed_result()],
                wipe: false,
                offline_storage: true,
            }),
        ),
        ("ConfirmWipe", value(&ConfirmWipe { device_id, signature: signature(), clear_site: true })),
        ("SealedKey", value(&sealed_key())),
        ("BeginUpload", value(&begin_upload(device_id))),
        ("UploadState", value(&UploadState { missing: vec![2], received: false, refused: Some(refusal::KEY_NOT_OPENED.into()) })),
        ("FetchAttachment", value(&FetchAttachment { attachment_id: AttachmentId(id(12)) })),
        ("DevicePolicy", value(&DevicePolicy::default())),
        (
            "PullRequest",
            value(&PullRequest {
                device_id: Some(device_id),
                generation: 3,
                incarnation: Some(IncarnationId(id(3))),
                scopes: BTreeMap::from([(ScopeId(id(4)), held)]),
                first: Some(ScopeId(id(4))),
                limit_bytes: 262_144,
            }),
        ),
        ("ScopeDelta", value(&delta)),
        (
            "PullResponse",
            value(&PullResponse {
                generation: 3,
                incarnation: IncarnationId(id(3)),
                device_last_seq: Some(1),
                safe_seq: 0,
                server_time: moment(),
                forget: vec![ScopeId(id(5))],
                scopes: vec![delta],
                more: false,
                wipe: false,
                policy: DevicePolicy::default(),
                seal_key: Some(seal_key()),
            }),
        ),
        (
            "Problem",
            value(&Problem {
                status: 409,
                code: ProblemCode::SeqGap,
                title: "Something that came before is missing. Send from the number in `expected` on.".into(),
                expected: Some(4),
            }),
        ),
    ]
}

fn records() -> Vec<(&'static str, Value)> {
    let phone = Phone { number: "555-0142".into(), safe_contact: SafeContact::NoMessages, remark: Some("after 5 pm".into()) };
    let address = Address { text: "12 Mill Lane, Apt 3".into(), confidential: true };
    let related = RelatedPerson { name: "Ana".into(), relationship: "daughter".into(), household: true };
    let person = Person {
        id: PersonId(id(6)),
        client_number: Some("H-1042".into()),
        given_name: "Rosa".into(),
        family_name: "Example".into(),
        preferred_name: Some("Rosie".into()),
        birth_date: Some(day()),
        language: "es".into(),
        interpreter_needed: true,
        phones: vec![phone.clone()],
        addresses: vec![address.clone()],
        related: vec![related.clone()],
        written: Writers::from([(UnitKind::Names, written())]),
    };
    let risk = Risk { level: RiskLevel::High, reason: Some("eviction notice".into()), since: Some(day()) };
    let alert = Alert { kind: AlertKind::Safety, text: "Dog in the yard".into() };
    let case = Case {
        id: CaseId(id(5)),
        scope_id: ScopeId(id(4)),
        restricted_scope_id: Some(ScopeId(id(12))),
        person_id: PersonId(id(6)),
        programme: "Housing".into(),
        primary_worker_id: WorkerId(id(1)),
        state: CaseState::Active,
        risk: risk.clone(),
        opened_on: day(),
        last_contact_on: Some(day()),
        contact_every_days: 14,
        alerts: vec![alert.clone()],
        written: Writers::from([(UnitKind::Safety, written())]),
    };
    let goal = Goal {
        id: GoalId(id(7)),
        case_id: CaseId(id(5)),
        statement: "Keep the flat".into(),
        measure: Some("Rent paid three months in a row".into()),
        target_on: Some(day()),
        lifecycle: GoalLifecycle::Active,
        achievement: Achievement::Improving,
        moved_by: Some(NoteId(id(8))),
        moved_at: Some(moment()),
    };
    let note = Note {
        id: NoteId(id(8)),
        case_id: CaseId(id(5)),
        author_id: WorkerId(id(1)),
        occurred_at: moment(),
        duration_min: 45,
        mode: ContactMode::HomeVisit,
        reached: Reached::Client,
        purpose: Purpose::Monitoring,
        narrative: Narrative::parse("Rent is paid.").expect("the text is short and not blank"),
        sensitivity: Sensitivity::Legal,
        goals: vec![touched()],
        tasks_done: vec![TaskId(id(9))],
        visit_id: Some(VisitId(id(11))),
        signed_at: moment(),
        received_at: Some(moment()),
        late_after_reassignment: true,
    };
    let visit = Visit {
        id: VisitId(id(11)),
        case_id: CaseId(id(5)),
        worker_id: WorkerId(id(1)),
        planned_at: moment(),
        mode: ContactMode::HomeVisit,
        state: VisitState::Ended { note_id: NoteId(id(8)) },
    };
    let task = Task {
        id: TaskId(id(9)),
        case_id: CaseId(id(5)),
        owner_id: WorkerId(id(1)),
        title: "Call the landlord".into(),
        due_on: day(),
        state: TaskState::Done { at: moment(), by: WorkerId(id(1)), note_id: Some(NoteId(id(8))) },
    };
    vec![
        ("Worker", value(&worker())),
        ("Person", value(&person)),
        ("Phone", value(&phone)),
        ("Address", value(&address)),
        ("RelatedPerson", value(&related)),
        ("Case", value(&case)),
        ("Risk", value(&risk)),
        ("Alert", value(&alert)),
        ("Goal", value(&goal)),
        ("GoalTouched", value(&touched())),
        ("Note", value(&note)),
        ("Visit", value(&visit)),
        ("Task", value(&task)),
        ("Record", value(&Record::Task(task))),
        ("RecordRef", value(&RecordRef { kind: RecordKind::Task, id: id(9) })),
        ("SignNote", value(&sign_note())),
        (
            "PlanVisit",
            value(&PlanVisit { visit_id: VisitId(id(11)), case_id: CaseId(id(5)), planned_at: moment(), mode: ContactMode::Office }),
        ),
        ("CompleteTask", value(&CompleteTask { task_id: TaskId(id(9)), case_id: CaseId(id(5)) })),
    ]
    .into_iter()
    .chain(additions())
    .chain(changes())
    .collect()
}

/// What is added to notes.
fn additions() -> Vec<(&'static str, Value)> {
    let (case_id, note_id, author_id) = (CaseId(id(5)), NoteId(id(8)), WorkerId(id(1)));
    let NewAttachment { attachment_id, title, media_type, size_bytes, sha256 } = new_attachment();
    let narrative = || Narrative::parse("The hearing is on the 9th.").expect("the text is short and not blank");
    let amendment = Amendment {
        id: AmendmentId(id(13)),
        note_id,
        case_id,
        author_id,
        kind: AmendmentKind::Addendum(narrative()),
        signed_at: moment(),
        received_at: Some(moment()),
        concurrent: true,
    };
    let attachment =
        Attachment { id: attachment_id, note_id, case_id, author_id, title, media_type, size_bytes, sha256, received_at: Some(moment()) };
    let blind_note = BlindNote {
        id: BlindNoteId(id(14)),
        author_id,
        about: "The family on Mill Lane".into(),
        narrative: narrative(),
        written_at: moment(),
        received_at: Some(moment()),
        filed_in: Some(note_id),
    };
    let amend = AmendNote {
        amendment_id: AmendmentId(id(13)),
        note_id,
        case_id,
        kind: Amending::Addendum,
        text: "The hearing is on the 9th.".into(),
        seen: 0,
    };
    let blind =
        WriteBlind { blind_note_id: BlindNoteId(id(14)), about: "The family on Mill Lane".into(), narrative: "The boiler is out.".into() };
    let read = Read { case_id, at: moment() };
    vec![
        ("Amendment", value(&amendment)),
        ("Attachment", value(&attachment)),
        ("BlindNote", value(&blind_note)),
        ("NewAttachment", value(&new_attachment())),
        ("AmendNote", value(&amend)),
        ("WriteBlind", value(&blind)),
        ("Read", value(&read)),
        ("LogReads", value(&LogReads { log_id: id(16), reads: vec![read] })),
    ]
}

/// What is changed, handed over and decided.
fn changes() -> Vec<(&'static str, Value)> {
    let names = |preferred_name: Option<&str>| {
        let preferred_name = preferred_name.map(str::to_owned);
        Unit::Names(Names { given_name: "Rosa".into(), family_name: "Example".into(), preferred_name })
    };
    let safety = Unit::Safety(Safety { risk: Risk { level: RiskLevel::Low, reason: None, since: None }, alerts: Vec::new() });
    let reach = |text: &str| {
        let address = Address { text: text.into(), confidential: true };
        Unit::Reach(Reach { phones: Vec::new(), addresses: vec![address] })
    };
    let unit = UnitChange { from: reach("12 Mill Lane"), to: reach("12 Mill Lane, Apt 3"), beside: Some(safety) };
    let related = |name: &str| RelatedPerson { name: name.into(), relationship: "neighbour".into(), household: false };
    let related = RelatedChange { add: vec![related("Jo")], remove: vec![related("Kim")] };
    let contradiction = Contradiction {
        record: RecordRef { kind: RecordKind::Person, id: id(6) },
        seen: names(None),
        wanted: names(Some("Rosie")),
        found: names(Some("Rosita")),
        found_by: Some(written()),
    };
    let decided = Decided { by: WorkerId(id(3)), at: moment(), outcome: Outcome::File, reason: "The client said so.".into() };
    let review = Review {
        id: ReviewId(id(15)),
        author_id: WorkerId(id(1)),
        case_id: Some(CaseId(id(5))),
        recorded_at: moment(),
        received_at: moment(),
        matter: Matter::Contradiction(contradiction.clone()),
        decided: Some(decided.clone()),
    };
    let held = HeldCommand { code: "no-such-case".into(), kind: "task.complete".into(), v: 1, body: "{}".into() };
    let hand_over = HandOver { case_id: CaseId(id(5)), from: WorkerId(id(1)), to: WorkerId(id(2)), reason: "Maria goes on leave.".into() };
    let decide = DecideReview {
        review_id: ReviewId(id(15)),
        outcome: Outcome::File,
        reason: "The client said so.".into(),
        found: Some(names(Some("Rosita"))),
    };
    vec![
        ("Unit", value(&names(Some("Rosie")))),
        ("UnitChange", value(&unit)),
        ("RelatedChange", value(&related)),
        ("ChangeClient", value(&ChangeClient { case_id: CaseId(id(5)), units: vec![unit], related })),
        ("Contradiction", value(&contradiction)),
        ("Written", value(&written())),
        ("HeldCommand", value(&held)),
        ("Decided", value(&decided)),
        ("Review", value(&review)),
        ("HandOver", value(&hand_over)),
        ("DecideReview", value(&decide)),
    ]
}

fn new_attachment() -> NewAttachment {
    NewAttachment {
        attachment_id: AttachmentId(id(12)),
        title: "Letter from the court".into(),
        media_type: "image/jpeg".into(),
        size_bytes: 812_345,
        sha256: ContentHash::of_digest(&[0x9f; 32]),
    }
}

fn register(device_id: DeviceId) -> RegisterDevice {
    RegisterDevice {
        device_id,
        enrolled: true,
        app_build: "0123456789abcdef".into(),
        label: "Chrome on Android".into(),
        keys: Some(device_keys()),
    }
}

fn device_keys() -> DeviceKeys {
    DeviceKeys { author: Base64("MFkwEwYHKoZIzj0CAQ".into()), device: Base64("MFkwEwYHKoZIzj0DAQ".into()) }
}

fn seal_key() -> SealKey {
    SealKey { key_id: "2026-11".into(), public_key: Base64("BGsX0fLhLEJH".into()) }
}

fn sealed_mutation() -> SealedMutation {
    SealedMutation {
        mid: Mid(id(2)),
        key_id: seal_key().key_id,
        sender_key: Base64("BBv5Lr0n6WQ2".into()),
        iv: Base64("CQoLDA0ODxAR".into()),
        ct: Base64("c2VhbGVkIGhlcmU".into()),
        proof: Proof::Author,
        signature: signature(),
    }
}

fn signature() -> Base64 {
    Base64("MEUCIQDx".into())
}

fn sealed_key() -> SealedKey {
    let SealedMutation { key_id, sender_key, iv, ct, .. } = sealed_mutation();
    SealedKey { key_id, sender_key, iv, ct }
}

fn begin_upload(device_id: DeviceId) -> BeginUpload {
    let NewAttachment { attachment_id, size_bytes, sha256, .. } = new_attachment();
    BeginUpload { device_id, attachment_id, size_bytes, sha256, key: sealed_key(), signature: sealed_mutation().signature }
}

fn sealed_result() -> SealedResult {
    SealedResult { mid: Mid(id(2)), status: Status::Applied }
}

fn worker() -> Worker {
    Worker { id: WorkerId(id(1)), name: "Maria Santos".into(), role: Role::CaseManager }
}

fn touched() -> GoalTouched {
    GoalTouched { goal_id: GoalId(id(7)), from: Achievement::InProgress, to: Achievement::Improving }
}

fn sign_note() -> SignNote {
    SignNote {
        note_id: NoteId(id(8)),
        case_id: CaseId(id(5)),
        occurred_at: moment(),
        duration_min: 45,
        mode: ContactMode::HomeVisit,
        reached: Reached::Client,
        purpose: Purpose::Monitoring,
        narrative: "Rent is paid.".into(),
        goals: vec![touched()],
        tasks_done: vec![TaskId(id(9))],
        visit_id: Some(VisitId(id(11))),
        sensitivity: Sensitivity::Legal,
        attachments: vec![new_attachment()],
        blind_note_id: Some(BlindNoteId(id(14))),
    }
}

pub(super) fn id(number: u64) -> Uuid {
    Uuid::from_u64_pair(0x0199_a2b3_c4d5_7000, 0x8000_0000_0000_0000 | number)
}

fn day() -> Date {
    moment().date()
}

fn written() -> Written {
    Written { by: WorkerId(id(3)), at: moment() }
}

pub(super) fn moment() -> DateTime {
    DateTime::from_unix_ms(1_795_440_600_000, -300)
}

/// Plain data is JSON.
pub(super) fn value<T: Serialize>(example: &T) -> Value {
    serde_json::to_value(example).unwrap_or(Value::Null)
}
