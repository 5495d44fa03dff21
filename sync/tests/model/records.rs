//! The little agency of the model: a few cases, and what a worker might write in them.

use domain::*;
use uuid::Uuid;

use crate::contents;

pub const SCOPES: usize = 4;
pub const WORKERS: usize = 3;

/// The id of one thing of the agency; counters of a run start above.
pub fn id(kind: u32, number: usize) -> Uuid {
    Uuid::from_u128((u128::from(kind) << 64) | number as u128)
}

pub fn scope_id(number: usize) -> ScopeId {
    ScopeId(id(1, number))
}

pub fn case_id(number: usize) -> CaseId {
    CaseId(id(2, number))
}

pub fn worker_id(number: usize) -> WorkerId {
    WorkerId(id(3, number))
}

pub fn actor(worker_id: WorkerId) -> Actor {
    Actor { worker_id, may: Permissions::usual(Role::CaseManager) }
}

/// A moment of the model: a step is eight hours, so that a run outlasts the period of grace.
pub fn moment(step: u64) -> DateTime {
    DateTime::from_unix_ms(1_790_000_000_000 + i64::try_from(step).unwrap() * 8 * 60 * 60 * 1000, 0)
}

/// The records with which a case begins. The last case is closed, so that visits cannot be planned in it.
pub fn of_case(number: usize) -> Vec<Record> {
    let case_id = case_id(number);
    let day = Date::new(2026, 1, 5).unwrap();
    let person = Person {
        id: PersonId(id(4, number)),
        client_number: None,
        given_name: format!("Client {number}"),
        family_name: "Model".to_owned(),
        preferred_name: None,
        birth_date: None,
        language: "en".to_owned(),
        interpreter_needed: false,
        phones: Vec::new(),
        addresses: Vec::new(),
        related: Vec::new(),
        written: domain::Writers::new(),
    };
    let case = Case {
        id: case_id,
        scope_id: scope_id(number),
        restricted_scope_id: None,
        person_id: person.id,
        programme: "Model".to_owned(),
        primary_worker_id: worker_id(0),
        state: if number + 1 == SCOPES { CaseState::Closed } else { CaseState::Active },
        risk: Risk { level: RiskLevel::Low, reason: None, since: None },
        opened_on: day,
        last_contact_on: None,
        contact_every_days: 30,
        alerts: Vec::new(),
        written: domain::Writers::new(),
    };
    let goal = Goal {
        id: GoalId(id(5, number)),
        case_id,
        statement: "Find a flat".to_owned(),
        measure: None,
        target_on: None,
        lifecycle: GoalLifecycle::Active,
        achievement: Achievement::InProgress,
        moved_by: None,
        moved_at: None,
    };
    let task = Task {
        id: TaskId(id(6, number)),
        case_id,
        owner_id: worker_id(0),
        title: "Call the landlord".to_owned(),
        due_on: day,
        state: TaskState::Open,
    };
    let visit = Visit {
        id: VisitId(id(7, number)),
        case_id,
        worker_id: worker_id(0),
        planned_at: moment(3),
        mode: ContactMode::HomeVisit,
        state: VisitState::Planned,
    };
    vec![Record::Person(person), Record::Case(case), Record::Goal(goal), Record::Task(task), Record::Visit(visit)]
}

/// What a worker writes at one go, knowing what the phone shows. Each inner list is a group.
pub fn writing(case: usize, what: u8, detail: u8, now: DateTime, shown: &Caseload, mut new_id: impl FnMut() -> Uuid) -> Vec<Vec<Command>> {
    let note = |note_id: Uuid, narrative: &str| SignNote {
        note_id: NoteId(note_id),
        case_id: case_id(case),
        occurred_at: now,
        duration_min: 30,
        mode: ContactMode::HomeVisit,
        reached: if detail.is_multiple_of(2) { Reached::Client } else { Reached::NoOne },
        purpose: Purpose::Monitoring,
        narrative: narrative.to_owned(),
        goals: Vec::new(),
        tasks_done: Vec::new(),
        visit_id: None,
        sensitivity: Sensitivity::Ordinary,
        attachments: Vec::new(),
        blind_note_id: None,
    };
    let plan = |visit_id: Uuid| {
        Command::PlanVisit(PlanVisit {
            visit_id: VisitId(visit_id),
            case_id: case_id(case),
            planned_at: now.plus_minutes(600),
            mode: ContactMode::Office,
        })
    };
    match what % 14 {
        // A note with everything that it can change.
        0 | 1 => {
            let from = if detail.is_multiple_of(3) { Achievement::InProgress } else { Achievement::Improving };
            vec![vec![Command::SignNote(SignNote {
                goals: vec![GoalTouched { goal_id: GoalId(id(5, case)), from, to: Achievement::Improving }],
                tasks_done: vec![TaskId(id(6, case))],
                visit_id: Some(VisitId(id(7, case))),
                attachments: (0..detail % 3).map(|_| contents::attachment(new_id())).collect(),
                ..note(new_id(), "Everything at once.")
            })]]
        }
        2 => vec![vec![plan(new_id())]],
        // A note and the next appointment, together or not at all.
        3 => vec![vec![Command::SignNote(note(new_id(), "See you next week.")), plan(new_id())]],
        // A visit planned, then told about: the note needs the visit.
        4 => {
            let visit_id = new_id();
            let telling = SignNote { visit_id: Some(VisitId(visit_id)), ..note(new_id(), "As planned.") };
            vec![vec![plan(visit_id)], vec![Command::SignNote(telling)]]
        }
        5 => vec![vec![Command::CompleteTask(CompleteTask { task_id: TaskId(id(6, case)), case_id: case_id(case) })]],
        // What the rulebook refuses, alone and in company.
        6 => vec![vec![Command::SignNote(note(new_id(), "  "))]],
        7 => vec![vec![Command::SignNote(note(new_id(), "Fine.")), Command::SignNote(note(new_id(), " "))]],
        8 | 9 => amending(case, detail, shown, new_id()).into_iter().map(|amend| vec![amend]).collect(),
        10..=12 => changing(case, what, detail, shown).into_iter().map(|change| vec![change]).collect(),
        _ => vec![vec![Command::SignNote(note(new_id(), "A visit."))]],
    }
}

/// An addition to some note that the phone shows.
fn amending(case: usize, detail: u8, shown: &Caseload, amendment_id: Uuid) -> Option<Command> {
    let notes = shown.notes_of(case_id(case));
    let note = notes.get(usize::from(detail) % notes.len().max(1))?;
    Some(Command::AmendNote(AmendNote {
        amendment_id: AmendmentId(amendment_id),
        note_id: note.id,
        case_id: case_id(case),
        kind: Amending::Addendum,
        text: "One thing more.".to_owned(),
        seen: u32::try_from(shown.amendments_of(note.id).len()).unwrap(),
    }))
}

/// A change of one unit or of two, from what the phone shows.
fn changing(case: usize, what: u8, detail: u8, shown: &Caseload) -> Option<Command> {
    let client = shown.client(case_id(case))?;
    let unit = |kind: UnitKind| Unit::of(kind, client.person, client.case);
    let named = Unit::Names(Names { given_name: format!("Name {detail}"), family_name: "Model".to_owned(), preferred_name: None });
    let level = if detail.is_multiple_of(2) { RiskLevel::High } else { RiskLevel::Medium };
    let endangered =
        Unit::Safety(Safety { risk: Risk { level, reason: Some(format!("Reason {detail}")), since: None }, alerts: Vec::new() });
    let names = UnitChange { from: unit(UnitKind::Names), to: named, beside: None };
    let safety = UnitChange { from: unit(UnitKind::Safety), to: endangered, beside: Some(unit(UnitKind::Reach)) };
    let units = match what % 14 {
        10 => vec![names],
        11 => vec![safety],
        _ => vec![names, safety],
    };
    Some(Command::ChangeClient(ChangeClient { case_id: case_id(case), units, related: RelatedChange::default() }))
}
