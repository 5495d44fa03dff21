//! Made-up records for this crate's tests and for the style page.

use std::sync::Arc;

use domain::*;
use uuid::Uuid;

use crate::{
    desk::{Desk, DeskState, provide_desk},
    page_data::{Me, PageData},
};

/// The day on which the samples live: Monday 23 November 2026.
pub fn today() -> Date {
    Date::new(2026, 11, 23).expect("a day")
}

/// Half past two on that day.
pub fn now() -> DateTime {
    DateTime::from_local(today(), 14, 30, 0).expect("a moment")
}

/// The sample worker.
pub fn me(role: Role) -> Me {
    Me { worker_id: WorkerId(id(1)), name: "Maria Santos".to_owned(), role, may: None, agency_name: "Harbor Community Services".to_owned() }
}

/// A page for a worker in a role.
pub fn page(role: Role) -> PageData {
    PageData {
        me: Some(me(role)),
        passkey_needed: false,
        now: now(),
        failed_sign_in: None,
        demo: true,
        language: words::current(),
        build: "0123456789abcdef".to_owned(),
    }
}

fn id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

/// The first sample client's case.
pub fn case_id() -> CaseId {
    CaseId(id(201))
}

/// The newest note of the first sample client, which was amended.
pub fn note_id() -> NoteId {
    let newest = caseload().notes_of(case_id()).first().map(|note| note.id);
    newest.expect("the sample client has notes")
}

/// A change of hers that contradicts another.
pub fn review_id() -> ReviewId {
    ReviewId(id(801))
}

/// Two clients with all that a client can have.
pub fn caseload() -> Caseload {
    let mut records = vec![Record::Worker(Worker { id: WorkerId(id(1)), name: "Maria Santos".to_owned(), role: Role::CaseManager })];
    records.extend(lola());
    records.extend(others());
    Caseload::from_records(records)
}

fn lola() -> Vec<Record> {
    let person = Person {
        id: PersonId(id(101)),
        client_number: Some("HC-1042".to_owned()),
        given_name: "Dolores".to_owned(),
        family_name: "Álvarez".to_owned(),
        preferred_name: Some("Lola".to_owned()),
        birth_date: Date::new(1951, 2, 14),
        language: "es".to_owned(),
        interpreter_needed: true,
        phones: vec![
            Phone { number: "(555) 010-4477".to_owned(), safe_contact: SafeContact::NoMessages, remark: Some("After 5 pm".to_owned()) },
            Phone { number: "(555) 010-9001".to_owned(), safe_contact: SafeContact::DoNotUse, remark: None },
        ],
        addresses: vec![Address { text: "12 Alder Street, Apt 3B, Springfield".to_owned(), confidential: true }],
        related: vec![RelatedPerson { name: "Ana Álvarez".to_owned(), relationship: "daughter".to_owned(), household: true }],
        written: Writers::new(),
    };
    let case = Case {
        id: case_id(),
        scope_id: ScopeId(id(301)),
        restricted_scope_id: Some(ScopeId(id(401))),
        person_id: person.id,
        programme: "Aging at home".to_owned(),
        primary_worker_id: WorkerId(id(1)),
        state: CaseState::Active,
        risk: Risk { level: RiskLevel::High, reason: Some("Fell twice in October".to_owned()), since: Date::new(2026, 11, 2) },
        opened_on: Date::new(2025, 3, 1).expect("a day"),
        last_contact_on: Some(today().plus_days(-12)),
        contact_every_days: 14,
        alerts: vec![Alert { kind: AlertKind::Safety, text: "Dog in the yard. Ring first and wait at the gate.".to_owned() }],
        written: Writers::from([(UnitKind::Safety, Written { by: WorkerId(id(1)), at: now().plus_minutes(-30) })]),
    };
    let goal = Goal {
        id: GoalId(id(401)),
        case_id: case.id,
        statement: "I want to go down to the garden on my own again.".to_owned(),
        measure: Some("Walks to the garden and back with the frame".to_owned()),
        target_on: Date::new(2027, 1, 31),
        lifecycle: GoalLifecycle::Active,
        achievement: Achievement::Improving,
        moved_by: None,
        moved_at: None,
    };
    let task = Task {
        id: TaskId(id(501)),
        case_id: case.id,
        owner_id: WorkerId(id(1)),
        title: "Order the bathroom rail".to_owned(),
        due_on: today().plus_days(-2),
        state: TaskState::Open,
    };
    let visit = Visit {
        id: VisitId(id(601)),
        case_id: case.id,
        worker_id: WorkerId(id(1)),
        planned_at: now().plus_minutes(60),
        mode: ContactMode::HomeVisit,
        state: VisitState::Planned,
    };
    let mut records = vec![Record::Person(person), Record::Case(case), Record::Goal(goal), Record::Task(task), Record::Visit(visit)];
    records.extend((0..25).map(note));
    records.extend(added(&records));
    records.push(contradiction(&records));
    records
}

fn note(number: u8) -> Record {
    let occurred_at = now().plus_minutes(-i64::from(number) * 60 * 24 * 12 - 60 * 24 * 12);
    Record::Note(Note {
        id: NoteId(id(700 + u128::from(number))),
        case_id: case_id(),
        author_id: WorkerId(id(1)),
        occurred_at,
        duration_min: 45,
        mode: if number.is_multiple_of(2) { ContactMode::HomeVisit } else { ContactMode::Phone },
        reached: Reached::Client,
        purpose: Purpose::Monitoring,
        narrative: Narrative::parse(
            "Lola was up and dressed when I came. She uses the walking frame in the flat and went to the door and back twice. \
             Her inhaler is nearly empty; Ana will pick up the new one on Thursday.\n\nWe looked at the bathroom together.",
        )
        .expect("a narrative"),
        sensitivity: Sensitivity::Ordinary,
        goals: vec![GoalTouched { goal_id: GoalId(id(401)), from: Achievement::InProgress, to: Achievement::Improving }],
        tasks_done: Vec::new(),
        visit_id: None,
        signed_at: occurred_at.plus_minutes(if number == 1 { 60 * 50 } else { 50 }),
        received_at: Some(occurred_at.plus_minutes(55)),
        late_after_reassignment: false,
    })
}

/// What was added to the newest notes: a correction, and that one was entered in error.
fn added(records: &[Record]) -> Vec<Record> {
    let text = |text: &str| Narrative::parse(text).expect("a narrative");
    let kinds = [AmendmentKind::Addendum(text("It was the left knee.")), AmendmentKind::EnteredInError(text("This was her sister."))];
    let mut notes: Vec<&Note> =
        records.iter().filter_map(|record| if let Record::Note(note) = record { Some(note) } else { None }).collect();
    notes.sort_by_key(|note| -note.occurred_at.unix_ms());
    let amendment = |(number, (note, kind)): (u128, (&&Note, AmendmentKind))| {
        Record::Amendment(Amendment {
            id: AmendmentId(id(701 + number)),
            note_id: note.id,
            case_id: note.case_id,
            author_id: WorkerId(id(1)),
            kind,
            signed_at: now().plus_minutes(-30),
            received_at: Some(now().plus_minutes(-29)),
            concurrent: false,
        })
    };
    (0u128..).zip(notes.iter().zip(kinds)).map(amendment).collect()
}

/// The worker wanted another alert, and somebody else had changed the risk.
fn contradiction(records: &[Record]) -> Record {
    let case = records.iter().find_map(|record| if let Record::Case(case) = record { Some(case) } else { None }).expect("the case");
    let safety = |text: &str, reason: &str| {
        let risk = Risk { reason: Some(reason.to_owned()), ..case.risk.clone() };
        Unit::Safety(Safety { risk, alerts: vec![Alert { kind: AlertKind::Safety, text: text.to_owned() }] })
    };
    Record::Review(Review {
        id: review_id(),
        author_id: WorkerId(id(1)),
        case_id: Some(case.id),
        recorded_at: now().plus_minutes(-120),
        received_at: now().plus_minutes(-60),
        matter: Matter::Contradiction(Contradiction {
            record: RecordRef { kind: RecordKind::Case, id: case.id.0 },
            seen: safety("Dog in the yard.", "Fell twice"),
            wanted: safety("Two dogs now.", "Fell twice"),
            found: safety("Dog in the yard.", "Fell three times"),
            found_by: Some(Written { by: WorkerId(id(1)), at: now().plus_minutes(-180) }),
        }),
        decided: None,
    })
}

fn others() -> Vec<Record> {
    const NAMES: [(&str, &str); 11] = [
        ("Samuel", "Baptiste"),
        ("Thuy", "Nguyen"),
        ("Earl", "Whitfield"),
        ("Amina", "Yusuf"),
        ("Grace", "Okafor"),
        ("Raymond", "Kowalski"),
        ("Marisol", "Ortega"),
        ("Delroy", "Campbell"),
        ("Ivy", "Chen"),
        ("Bogdan", "Petrenko"),
        ("Rosa", "Delgado"),
    ];
    let mut records = Vec::new();
    for (number, (given, family)) in (0u8..).zip(NAMES) {
        let step = u128::from(number);
        let person_id = PersonId(id(110 + step));
        records.push(Record::Person(Person {
            id: person_id,
            client_number: None,
            given_name: given.to_owned(),
            family_name: family.to_owned(),
            preferred_name: None,
            birth_date: Date::new(1960 + i32::from(number) * 3, 5, 9),
            language: "en".to_owned(),
            interpreter_needed: false,
            phones: Vec::new(),
            addresses: Vec::new(),
            related: Vec::new(),
            written: Writers::new(),
        }));
        records.push(Record::Case(Case {
            id: CaseId(id(210 + step)),
            scope_id: ScopeId(id(310 + step)),
            restricted_scope_id: Some(ScopeId(id(410 + step))),
            person_id,
            programme: if number % 3 == 0 { "Housing first" } else { "Aging at home" }.to_owned(),
            primary_worker_id: WorkerId(id(1)),
            state: CaseState::Active,
            risk: Risk { level: RiskLevel::ALL[usize::from(number % 3)], reason: None, since: None },
            opened_on: Date::new(2026, 1, 5).expect("a day"),
            last_contact_on: Some(today().plus_days(-3 * i32::from(number))),
            contact_every_days: 30,
            alerts: Vec::new(),
            written: Writers::new(),
        }));
        if number < 3 {
            records.push(Record::Visit(Visit {
                id: VisitId(id(610 + step)),
                case_id: CaseId(id(210 + step)),
                worker_id: WorkerId(id(1)),
                planned_at: now().plus_minutes(i64::from(number) * 90 - 240),
                mode: ContactMode::ALL[usize::from(number) * 2],
                state: VisitState::Planned,
            }));
        }
    }
    records
}

/// A desk at which nothing can be done, as the server's.
pub struct QuietDesk(pub DeskState);

impl QuietDesk {
    /// Gives the pages a desk with all sample records.
    pub fn provide(page: &PageData) -> DeskState {
        let state = DeskState::of_page(page, caseload().records().collect());
        provide_desk(|_| Arc::new(Self(state)));
        state
    }
}

impl Desk for QuietDesk {
    fn state(&self) -> DeskState {
        self.0
    }
    fn new_id(&self) -> Uuid {
        id(9_000)
    }
}
