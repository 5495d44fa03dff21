use uuid::Uuid;

use super::*;
use crate::{
    Achievement, Case, CaseState, Date, Goal, NarrativeError, Person, PersonId, RecordKind, RecordRef, Risk, RiskLevel, ScopeId, Term,
};

fn id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

fn at(hour: i64) -> DateTime {
    DateTime::from_unix_ms(1_790_000_000_000 + hour * 3_600_000, -300)
}

fn case(number: u128, state: CaseState) -> Case {
    Case {
        id: CaseId(id(number)),
        scope_id: ScopeId(id(number)),
        person_id: PersonId(id(90)),
        programme: "Home".to_owned(),
        primary_worker_id: WorkerId(id(80)),
        state,
        risk: Risk { level: RiskLevel::Low, reason: None, since: None },
        opened_on: Date::new(2026, 1, 5).expect("a day"),
        last_contact_on: None,
        contact_every_days: 30,
        alerts: Vec::new(),
    }
}

fn goal(number: u128, case: u128) -> Goal {
    Goal {
        id: GoalId(id(number)),
        case_id: CaseId(id(case)),
        statement: "Find a flat".to_owned(),
        measure: None,
        target_on: None,
        lifecycle: GoalLifecycle::Active,
        achievement: Achievement::InProgress,
        moved_by: None,
        moved_at: None,
    }
}

fn task(number: u128, case: u128) -> Task {
    Task {
        id: TaskId(id(number)),
        case_id: CaseId(id(case)),
        owner_id: WorkerId(id(80)),
        title: "Call the landlord".to_owned(),
        due_on: Date::new(2026, 12, 1).expect("a day"),
        state: TaskState::Open,
    }
}

fn visit(number: u128, case: u128) -> Visit {
    Visit {
        id: VisitId(id(number)),
        case_id: CaseId(id(case)),
        worker_id: WorkerId(id(80)),
        planned_at: at(1),
        mode: ContactMode::HomeVisit,
        state: VisitState::Planned,
    }
}

/// Case 1 is active with goal 10, task 20 and visit 30; case 2 is closed with goal 11, task 21 and visit 31.
fn records() -> Caseload {
    let person = Person {
        id: PersonId(id(90)),
        client_number: None,
        given_name: "Ana".to_owned(),
        family_name: "García".to_owned(),
        preferred_name: None,
        birth_date: None,
        language: "es".to_owned(),
        interpreter_needed: false,
        phones: Vec::new(),
        addresses: Vec::new(),
        related: Vec::new(),
    };
    Caseload::from_records([
        Record::Person(person),
        Record::Case(case(1, CaseState::Active)),
        Record::Goal(goal(10, 1)),
        Record::Task(task(20, 1)),
        Record::Visit(visit(30, 1)),
        Record::Case(case(2, CaseState::Closed)),
        Record::Goal(goal(11, 2)),
        Record::Task(task(21, 2)),
        Record::Visit(visit(31, 2)),
    ])
}

fn occasion() -> Occasion {
    Occasion {
        actor: Actor { worker_id: WorkerId(id(80)), role: Role::CaseManager },
        recorded_at: at(3),
        received_at: Some(at(4)),
        late_after_reassignment: false,
    }
}

fn note(number: u128) -> SignNote {
    SignNote {
        note_id: NoteId(id(number)),
        case_id: CaseId(id(1)),
        occurred_at: at(2),
        duration_min: 45,
        mode: ContactMode::HomeVisit,
        reached: Reached::Client,
        purpose: Purpose::Monitoring,
        narrative: "  The heating works again. ".to_owned(),
        goals: Vec::new(),
        tasks_done: Vec::new(),
        visit_id: None,
    }
}

fn full_note() -> SignNote {
    let goals = vec![GoalTouched { goal_id: GoalId(id(10)), from: Achievement::InProgress, to: Achievement::Improving }];
    SignNote { goals, tasks_done: vec![TaskId(id(20))], visit_id: Some(VisitId(id(30))), ..note(40) }
}

fn sign(sign: SignNote) -> Result<Decision, Rejection> {
    decide(&Command::SignNote(sign), &occasion(), &records())
}

fn plan(visit: u128, case: u128) -> Command {
    Command::PlanVisit(PlanVisit { visit_id: VisitId(id(visit)), case_id: CaseId(id(case)), planned_at: at(48), mode: ContactMode::Office })
}

fn complete(task: u128, case: u128) -> Command {
    Command::CompleteTask(CompleteTask { task_id: TaskId(id(task)), case_id: CaseId(id(case)) })
}

/// The records after a command.
fn after(command: &Command, mut records: Caseload) -> Caseload {
    let decision = decide(command, &occasion(), &records).expect("the command is allowed");
    decision.changed.into_iter().for_each(|record| records.put(record));
    records
}

// Happy.

#[test]
fn a_signed_note_says_by_whom_and_when_and_is_trimmed() {
    let decision = sign(note(40)).expect("it is allowed");
    let Some(Record::Note(note)) = decision.changed.first() else { panic!("a note comes first") };
    assert_eq!((note.author_id, note.signed_at, note.received_at), (WorkerId(id(80)), at(3), Some(at(4))));
    assert_eq!(note.narrative.as_str(), "The heating works again.");
    assert!(decision.skipped.is_empty());
}

#[test]
fn a_note_moves_its_goals_does_its_tasks_ends_its_visit_and_dates_the_contact() {
    let after = after(&Command::SignNote(full_note()), records());
    let goal = after.goal(GoalId(id(10))).expect("the goal is there");
    assert_eq!((goal.achievement, goal.moved_by, goal.moved_at), (Achievement::Improving, Some(NoteId(id(40))), Some(at(3))));
    let done = TaskState::Done { at: at(3), by: WorkerId(id(80)), note_id: Some(NoteId(id(40))) };
    assert_eq!(after.task(TaskId(id(20))).map(|task| task.state.clone()), Some(done));
    assert_eq!(after.visit(VisitId(id(30))).map(|visit| visit.state.clone()), Some(VisitState::Ended { note_id: NoteId(id(40)) }));
    assert_eq!(after.case(CaseId(id(1))).and_then(|case| case.last_contact_on), Some(at(2).date()));
}

#[test]
fn only_reaching_the_client_counts_as_contact_and_never_backwards() {
    let contact_after =
        |sign: SignNote, records| after(&Command::SignNote(sign), records).case(CaseId(id(1))).and_then(|case| case.last_contact_on);
    for reached in Reached::ALL.iter().filter(|reached| **reached != Reached::Client) {
        assert_eq!(contact_after(SignNote { reached: *reached, ..note(40) }, records()), None, "{reached:?}");
    }
    let today = after(&Command::SignNote(note(40)), records());
    let of_last_week = SignNote { occurred_at: at(-7 * 24), ..note(41) };
    assert_eq!(contact_after(of_last_week, today), Some(at(2).date()));
}

#[test]
fn a_goal_that_was_only_talked_about_stays_where_it_is() {
    let goals = vec![GoalTouched { goal_id: GoalId(id(10)), from: Achievement::Worsening, to: Achievement::Worsening }];
    let decision = sign(SignNote { goals, reached: Reached::NoOne, ..note(40) }).expect("it is allowed");
    assert_eq!((decision.changed.len(), decision.skipped.len()), (1, 0));
}

#[test]
fn a_closed_case_still_takes_a_note_because_the_contact_happened() {
    assert!(sign(SignNote { case_id: CaseId(id(2)), ..note(40) }).is_ok());
}

#[test]
fn a_planned_visit_belongs_to_who_planned_it() {
    let after = after(&plan(32, 1), records());
    let visit = after.visit(VisitId(id(32))).expect("it is planned");
    assert_eq!((visit.worker_id, visit.planned_at, visit.is_planned()), (WorkerId(id(80)), at(48), true));
}

#[test]
fn a_task_can_be_done_outside_of_a_note() {
    let after = after(&complete(20, 1), records());
    assert_eq!(
        after.task(TaskId(id(20))).map(|task| task.state.clone()),
        Some(TaskState::Done { at: at(3), by: WorkerId(id(80)), note_id: None })
    );
}

#[test]
fn a_late_note_says_that_it_is_late() {
    let late = Occasion { late_after_reassignment: true, ..occasion() };
    let decision = decide(&Command::SignNote(note(40)), &late, &records()).expect("it is allowed");
    assert!(decision.changed.iter().any(|record| matches!(record, Record::Note(note) if note.late_after_reassignment)));
}

// Repeated, or somebody was there first.

#[test]
fn the_same_command_a_second_time_changes_nothing() {
    let first = after(&Command::SignNote(full_note()), records());
    assert_eq!(decide(&Command::SignNote(full_note()), &occasion(), &first), Err(Rejection::IdTaken));
    let planned = after(&plan(32, 1), records());
    assert_eq!(decide(&plan(32, 1), &occasion(), &planned), Err(Rejection::IdTaken));
    let done = after(&complete(20, 1), records());
    assert_eq!(decide(&complete(20, 1), &occasion(), &done), Err(Rejection::TaskAlreadyDone));
}

#[test]
fn side_effects_that_somebody_else_had_first_are_left_out_and_said() {
    let first = after(&Command::SignNote(full_note()), records());
    let second = SignNote { note_id: NoteId(id(41)), ..full_note() };
    let decision = decide(&Command::SignNote(second), &occasion(), &first).expect("the note itself is taken");
    assert_eq!(
        decision.skipped,
        [
            Skipped::GoalMovedMeanwhile(GoalId(id(10))),
            Skipped::TaskAlreadyDone(TaskId(id(20))),
            Skipped::VisitAlreadyEnded(VisitId(id(30))),
        ]
    );
    assert_eq!(decision.changed.iter().map(Record::kind).collect::<Vec<_>>(), [RecordKind::Note]);
}

#[test]
fn a_goal_that_is_not_being_worked_on_does_not_move() {
    for lifecycle in GoalLifecycle::ALL.iter().filter(|lifecycle| **lifecycle != GoalLifecycle::Active) {
        let mut records = records();
        records.put(Record::Goal(Goal { lifecycle: *lifecycle, ..goal(10, 1) }));
        let decision = decide(&Command::SignNote(full_note()), &occasion(), &records).expect("the note is taken");
        assert_eq!(decision.skipped, [Skipped::GoalMovedMeanwhile(GoalId(id(10)))], "{lifecycle:?}");
    }
}

#[test]
fn what_a_note_names_twice_is_done_once() {
    let doubled = SignNote { tasks_done: vec![TaskId(id(20)); 2], goals: [full_note().goals, full_note().goals].concat(), ..full_note() };
    let decision = sign(doubled).expect("it is allowed");
    let mut refs: Vec<RecordRef> = decision.changed.iter().map(Record::record_ref).collect();
    refs.sort_unstable();
    refs.dedup();
    assert_eq!((refs.len(), decision.changed.len()), (5, 5));
    assert!(decision.skipped.is_empty());
}

// Missing.

#[test]
fn what_is_missing_or_of_another_case_is_named() {
    let goal = |number| vec![GoalTouched { goal_id: GoalId(id(number)), from: Achievement::InProgress, to: Achievement::Achieved }];
    assert_eq!(sign(SignNote { case_id: CaseId(id(3)), ..note(40) }), Err(Rejection::NoSuchCase));
    for number in [11, 99] {
        assert_eq!(sign(SignNote { goals: goal(number), ..note(40) }), Err(Rejection::NoSuchGoal));
    }
    for number in [21, 99] {
        assert_eq!(sign(SignNote { tasks_done: vec![TaskId(id(number))], ..note(40) }), Err(Rejection::NoSuchTask));
        assert_eq!(decide(&complete(number, 1), &occasion(), &records()), Err(Rejection::NoSuchTask));
    }
    for number in [31, 99] {
        assert_eq!(sign(SignNote { visit_id: Some(VisitId(id(number))), ..note(40) }), Err(Rejection::NoSuchVisit));
    }
    assert_eq!(decide(&plan(32, 3), &occasion(), &records()), Err(Rejection::NoSuchCase));
    assert_eq!(decide(&complete(20, 3), &occasion(), &records()), Err(Rejection::NoSuchCase));
}

#[test]
fn a_note_needs_words_and_a_length_that_a_day_has() {
    assert_eq!(sign(SignNote { narrative: " \n".to_owned(), ..note(40) }), Err(Rejection::Narrative(NarrativeError::Empty)));
    assert_eq!(sign(SignNote { narrative: "x".repeat(20_001), ..note(40) }), Err(Rejection::Narrative(NarrativeError::TooLong)));
    assert!(sign(SignNote { duration_min: MAX_DURATION_MIN, ..note(40) }).is_ok());
    assert_eq!(sign(SignNote { duration_min: MAX_DURATION_MIN + 1, ..note(40) }), Err(Rejection::DurationTooLong));
}

// Forbidden.

#[test]
fn only_case_managers_and_supervisors_write_in_cases() {
    for command in [Command::SignNote(note(40)), plan(32, 1), complete(20, 1)] {
        for role in Role::ALL {
            let occasion = Occasion { actor: Actor { role: *role, ..occasion().actor }, ..occasion() };
            let refused = decide(&command, &occasion, &records()) == Err(Rejection::RoleMayNotWrite);
            assert_eq!(refused, *role == Role::Administrator, "{role:?}");
        }
    }
}

#[test]
fn nothing_is_planned_in_a_closed_case() {
    assert_eq!(decide(&plan(32, 2), &occasion(), &records()), Err(Rejection::CaseClosed));
}
