use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::{
    Achievement, Actor, AmendmentKind, CaseState, CompleteTask, ContactMode, GoalLifecycle, GoalTouched, Narrative, Permissions, Phone,
    PlanVisit, Purpose, Reached, Risk, RiskLevel, Role, SafeContact, Sensitivity, SignNote, TaskState, VisitState,
};

fn id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

fn at(hour: i64) -> DateTime {
    DateTime::from_unix_ms(1_790_000_000_000 + hour * 3_600_000, 0)
}

fn day(day: u8) -> Date {
    Date::new(2026, 11, day).expect("a day of November")
}

fn person(number: u128, given_name: &str, family_name: &str) -> Person {
    Person {
        id: PersonId(id(number)),
        client_number: Some(format!("C-{number}")),
        given_name: given_name.to_owned(),
        family_name: family_name.to_owned(),
        preferred_name: None,
        birth_date: None,
        language: "en".to_owned(),
        interpreter_needed: false,
        phones: vec![Phone { number: "(555) 010-4477".to_owned(), safe_contact: SafeContact::Anything, remark: None }],
        addresses: Vec::new(),
        related: Vec::new(),
        written: crate::Writers::new(),
    }
}

/// Case `number` in scope `number` of person `person`.
fn case(number: u128, person: u128) -> Case {
    Case {
        id: CaseId(id(number)),
        scope_id: ScopeId(id(number)),
        restricted_scope_id: Some(ScopeId(id(number + 1000))),
        person_id: PersonId(id(person)),
        programme: "Home".to_owned(),
        primary_worker_id: WorkerId(id(1)),
        state: CaseState::Active,
        risk: Risk { level: RiskLevel::Low, reason: None, since: None },
        opened_on: day(1),
        last_contact_on: None,
        contact_every_days: 14,
        alerts: Vec::new(),
        written: crate::Writers::new(),
    }
}

fn note(number: u128, case: u128, hour: i64, narrative: &str) -> Note {
    Note {
        id: NoteId(id(number)),
        case_id: CaseId(id(case)),
        author_id: WorkerId(id(1)),
        occurred_at: at(hour),
        duration_min: 30,
        mode: ContactMode::HomeVisit,
        reached: Reached::Client,
        purpose: Purpose::Monitoring,
        narrative: Narrative::parse(narrative).expect("a narrative"),
        sensitivity: Sensitivity::Ordinary,
        goals: Vec::new(),
        tasks_done: Vec::new(),
        visit_id: None,
        signed_at: at(hour),
        received_at: Some(at(hour)),
        late_after_reassignment: false,
    }
}

fn goal(number: u128, case: u128, achievement: Achievement) -> Goal {
    Goal {
        id: GoalId(id(number)),
        case_id: CaseId(id(case)),
        statement: "Find a flat".to_owned(),
        measure: None,
        target_on: None,
        lifecycle: GoalLifecycle::Active,
        achievement,
        moved_by: None,
        moved_at: None,
    }
}

fn task(number: u128, case: u128, due_on: Date, state: TaskState) -> Task {
    let title = "Call the landlord".to_owned();
    Task { id: TaskId(id(number)), case_id: CaseId(id(case)), owner_id: WorkerId(id(1)), title, due_on, state }
}

fn visit(number: u128, case: u128, hour: i64, state: VisitState) -> Visit {
    Visit {
        id: VisitId(id(number)),
        case_id: CaseId(id(case)),
        worker_id: WorkerId(id(1)),
        planned_at: at(hour),
        mode: ContactMode::Office,
        state,
    }
}

/// Ana (case 11) and Zoë (case 12), with a note each.
fn two_clients() -> Caseload {
    Caseload::from_records([
        Record::Person(person(21, "Ana", "García")),
        Record::Person(person(22, "Zoë", "Abbott")),
        Record::Case(case(11, 21)),
        Record::Case(case(12, 22)),
        Record::Note(note(31, 11, 1, "The garden is in bloom.")),
        Record::Note(note(32, 12, 2, "Zoë asked about the garden plot.")),
    ])
}

// Questions.

#[test]
fn clients_are_ordered_as_asked() {
    let mut caseload = two_clients();
    caseload.put(Record::Case(Case {
        risk: Risk { level: RiskLevel::High, reason: None, since: None },
        last_contact_on: Some(day(20)),
        ..case(11, 21)
    }));
    let order = |sort_by| caseload.clients(sort_by).iter().map(|line| line.case.id.0.as_u128()).collect::<Vec<_>>();
    assert_eq!(order(SortBy::Name), [12, 11]);
    assert_eq!(order(SortBy::Risk), [11, 12]);
    assert_eq!(order(SortBy::LastContact), [12, 11], "who was never reached comes first");
}

#[test]
fn before_a_visit_the_last_talk_is_told_and_nothing_restricted() {
    let mut caseload = two_clients();
    caseload.put(Record::Note(Note { sensitivity: Sensitivity::PartnerViolence, ..note(33, 11, 5, "He was there.") }));
    caseload.put(Record::Note(Note { reached: Reached::NoOne, ..note(34, 11, 6, "Nobody opened.") }));
    caseload.put(Record::Task(task(51, 11, day(20), TaskState::Open)));
    caseload.put(Record::Task(Task { owner_id: WorkerId(id(2)), ..task(52, 11, day(10), TaskState::Open) }));
    caseload.put(Record::Goal(Goal { lifecycle: GoalLifecycle::Completed, ..goal(61, 11, Achievement::Achieved) }));
    let before = caseload.before_visit(CaseId(id(11)), WorkerId(id(1)), day(14)).expect("the client is here");
    assert_eq!(before.last_note.map(|note| note.id), Some(NoteId(id(31))), "the screen may be seen by who is visited");
    assert_eq!(before.promised.iter().map(|task| task.id).collect::<Vec<_>>(), [TaskId(id(51))], "what others promised is theirs");
    assert_eq!(before.contact_due_on, None, "the client is to be reached a day later");
    assert!(before.goals.is_empty());
    let later = caseload.before_visit(CaseId(id(11)), WorkerId(id(1)), day(15)).expect("the client is here");
    assert_eq!(later.contact_due_on, Some(day(15)));
    assert_eq!(caseload.before_visit(CaseId(id(99)), WorkerId(id(1)), day(14)), None);
}

#[test]
fn a_visit_packs_all_records_of_its_case_and_none_of_another() {
    let mut caseload = two_clients();
    caseload.put(Record::Task(task(51, 11, day(20), TaskState::Open)));
    let mut packed: Vec<u128> =
        caseload.visit_pack(CaseId(id(11))).expect("the client is here").iter().map(|record_ref| record_ref.id.as_u128()).collect();
    packed.sort_unstable();
    assert_eq!(packed, [11, 21, 31, 51]);
    assert_eq!(caseload.visit_pack(CaseId(id(99))), None);
}

#[test]
fn visits_are_packed_for_today_and_tomorrow() {
    let mut caseload = two_clients();
    for (number, hour) in [(41, 0), (42, 24), (43, 48), (44, -24)] {
        caseload.put(Record::Visit(visit(number, 11, hour, VisitState::Planned)));
    }
    let packed: Vec<u128> = caseload.visits_to_pack(WorkerId(id(1)), at(0)).iter().map(|visit| visit.id.0.as_u128()).collect();
    assert_eq!(packed, [41, 42]);
    assert!(caseload.visits_to_pack(WorkerId(id(2)), at(0)).is_empty());
}

#[test]
fn a_timeline_has_what_is_planned_and_then_what_happened_newest_first() {
    let mut caseload = two_clients();
    caseload.put(Record::Note(note(33, 11, 5, "A call.")));
    caseload.put(Record::Visit(visit(41, 11, 50, VisitState::Planned)));
    caseload.put(Record::Visit(visit(42, 11, 90, VisitState::Planned)));
    caseload.put(Record::Visit(visit(43, 11, 3, VisitState::Ended { note_id: NoteId(id(33)) })));
    let timeline = caseload.timeline(CaseId(id(11)));
    let ids: Vec<u128> = (timeline.iter())
        .map(|item| match item {
            TimelineItem::Note(note) => note.id.0.as_u128(),
            TimelineItem::Visit(visit) => visit.id.0.as_u128(),
        })
        .collect();
    assert_eq!(ids, [42, 41, 33, 31]);
}

#[test]
fn the_visits_of_a_day_are_those_of_the_workers_own_calendar() {
    let late_evening = DateTime::from_local(day(22), 23, 30, -300).expect("a time");
    let mut caseload = two_clients();
    caseload.put(Record::Visit(Visit { planned_at: late_evening, ..visit(41, 11, 0, VisitState::Planned) }));
    let visits_on = |on, offset_min| caseload.visits_on(WorkerId(id(1)), on, offset_min).len();
    assert_eq!((visits_on(day(22), -300), visits_on(day(23), -300)), (1, 0));
    assert_eq!((visits_on(day(22), 0), visits_on(day(23), 0)), (0, 1));
    assert_eq!(caseload.visits_on(WorkerId(id(2)), day(22), -300).len(), 0);
}

#[test]
fn a_morning_reminds_of_today_and_an_evening_of_tomorrows_visits() {
    let moment = |of, hour| DateTime::from_local(day(of), hour, 0, -300).expect("a time");
    let mut caseload = two_clients();
    caseload.put(Record::Visit(Visit { planned_at: moment(12, 9), ..visit(41, 11, 0, VisitState::Planned) }));
    let is_reminded = |of, hour| caseload.is_worth_a_reminder(WorkerId(id(1)), moment(of, hour));
    assert!(is_reminded(12, 7), "somebody is visited today");
    assert!(is_reminded(11, 16), "somebody is visited tomorrow");
    assert!(!is_reminded(12, 16) && !is_reminded(11, 7), "nothing is due, nobody is visited");
    assert!(is_reminded(15, 7), "contact is due 14 days after opening");
    assert!(!caseload.is_worth_a_reminder(WorkerId(id(2)), moment(12, 7)));
}

#[test]
fn what_is_due_comes_oldest_first_and_ends_with_the_day_asked_for() {
    let mut caseload = two_clients();
    caseload.put(Record::Task(task(51, 11, day(10), TaskState::Open)));
    caseload.put(Record::Task(task(52, 11, day(9), TaskState::Done { at: at(0), by: WorkerId(id(1)), note_id: None })));
    caseload.put(Record::Case(Case { state: CaseState::OnHold, ..case(12, 22) }));
    let due = |until| caseload.due(WorkerId(id(1)), until).iter().map(|due| due.on).collect::<Vec<_>>();
    assert_eq!(due(day(30)), [day(10), day(15)], "contact is due 14 days after opening; nothing while on hold");
    assert_eq!(due(day(10)), [day(10)]);
    assert_eq!(caseload.due(WorkerId(id(2)), day(30)), []);
}

// Search.

#[test]
fn a_client_is_found_by_name_number_and_phone_before_any_note() {
    let caseload = two_clients();
    let clients = |query: &str| {
        let hits = caseload.search(query, 10);
        hits.iter().filter(|hit| hit.kind == HitKind::Client).map(|hit| hit.case_id.0.as_u128()).collect::<Vec<_>>()
    };
    assert_eq!(clients("garcia ana"), [11]);
    assert_eq!(clients("zoe"), [12]);
    assert_eq!(clients("c-22"), [12]);
    assert_eq!(clients("0104477"), [12, 11]);
    assert!(matches!(caseload.search("zoe", 10)[1].kind, HitKind::Note { .. }));
}

#[test]
fn notes_are_found_by_all_words_newest_first_and_not_by_two_letters() {
    let caseload = two_clients();
    let notes = |query: &str| caseload.search(query, 10).iter().map(|hit| hit.case_id.0.as_u128()).collect::<Vec<_>>();
    assert_eq!(notes("garden"), [12, 11]);
    assert_eq!(notes("bloom garden"), [11]);
    assert_eq!(notes("ga"), [11], "the name, not the notes");
    assert_eq!(notes("garden winter"), Vec::<u128>::new());
    assert_eq!((notes(""), notes("   ")), (vec![], vec![]));
    assert_eq!(caseload.search("garden", 1).len(), 1);
}

#[test]
fn a_note_that_changed_or_went_is_found_by_what_it_says_now() {
    let mut caseload = two_clients();
    caseload.put(Record::Note(note(31, 11, 1, "The balcony is in bloom.")));
    caseload.remove(RecordRef { kind: RecordKind::Note, id: id(32) });
    assert_eq!(caseload.search("garden", 10), []);
    assert_eq!(caseload.search("balcony", 10).len(), 1);
}

// Forgetting.

#[test]
fn forgetting_a_scope_leaves_nothing_of_it() {
    let mut caseload = two_clients();
    caseload.put(Record::Goal(goal(61, 11, Achievement::InProgress)));
    let occasion = occasion();
    caseload.show(&Command::SignNote(signing(71, 11, None)), &occasion);
    caseload.forget(ScopeId(id(11)));
    caseload.restore();
    let left: Vec<u128> = sorted(&caseload).keys().map(|record_ref| record_ref.id.as_u128()).collect();
    assert_eq!(left, [22, 12, 32]);
    assert_eq!(caseload.search("ana", 10), []);
    assert_eq!(caseload.search("bloom", 10), []);
    assert!(caseload.timeline(CaseId(id(11))).is_empty() && !format!("{caseload:?}").contains("García"));
}

#[test]
fn a_person_stays_while_another_case_needs_them() {
    let mut caseload = two_clients();
    caseload.put(Record::Case(case(13, 21)));
    caseload.forget(ScopeId(id(11)));
    assert!(caseload.person(PersonId(id(21))).is_some());
    caseload.forget(ScopeId(id(13)));
    assert!(caseload.person(PersonId(id(21))).is_none());
}

#[test]
fn a_case_that_moved_to_another_person_belongs_to_that_one_only() {
    let mut caseload = two_clients();
    caseload.put(Record::Case(case(11, 22)));
    caseload.forget(ScopeId(id(12)));
    assert!(caseload.person(PersonId(id(22))).is_some(), "case 11 needs them");
    caseload.forget(ScopeId(id(11)));
    assert!(caseload.person(PersonId(id(22))).is_none());
}

#[test]
fn a_search_finds_the_same_before_and_after_it_was_prepared_and_after_a_note_changed() {
    let mut caseload = two_clients();
    let before = caseload.search("the", 9);
    assert!(!before.is_empty());
    assert!(caseload.prepare_search(1), "the second note is still to be prepared");
    assert_eq!(caseload.search("the", 9), before);
    while caseload.prepare_search(1) {}
    assert_eq!(caseload.search("the", 9), before);
    let note_id = caseload.notes_of(CaseId(id(11)))[0].id.0.as_u128();
    caseload.put(Record::Note(note(note_id, 11, 1, "Something else entirely.")));
    assert_eq!(caseload.search("entirely", 9).len(), 1);
    while caseload.prepare_search(9) {}
    assert_eq!(caseload.search("entirely", 9).len(), 1);
}

#[test]
fn losing_the_restricted_compartment_takes_its_notes_and_what_belongs_to_them() {
    let mut caseload = two_clients();
    let restricted = Note { sensitivity: Sensitivity::SubstanceUse, ..note(33, 11, 5, "In confidence.") };
    caseload.put(Record::Note(restricted));
    let amendment = |number: u128, note: u128| {
        Record::Amendment(Amendment {
            id: AmendmentId(id(number)),
            note_id: NoteId(id(note)),
            case_id: CaseId(id(11)),
            author_id: WorkerId(id(1)),
            kind: AmendmentKind::Addendum(Narrative::parse("More.").expect("a narrative")),
            signed_at: at(6),
            received_at: None,
            concurrent: false,
        })
    };
    let ordinary = caseload.notes_of(CaseId(id(11))).into_iter().find(|note| note.id != NoteId(id(33))).expect("another note").id;
    caseload.put(amendment(51, 33));
    caseload.put(Record::Amendment(Amendment {
        note_id: ordinary,
        ..match amendment(52, 33) {
            Record::Amendment(one) => one,
            _ => unreachable!(),
        }
    }));
    caseload.forget(ScopeId(id(1011)));
    assert!(caseload.note(NoteId(id(33))).is_none());
    assert!(caseload.amendment(AmendmentId(id(51))).is_none());
    assert!(caseload.amendment(AmendmentId(id(52))).is_some());
    assert!(caseload.case(CaseId(id(11))).is_some());
}

// Commands of this device on top of what the server gave.

fn occasion() -> Occasion {
    let actor = Actor { worker_id: WorkerId(id(1)), may: Permissions::usual(Role::CaseManager) };
    Occasion { actor, recorded_at: at(9), received_at: None, late_after_reassignment: false }
}

fn signing(note: u128, case: u128, goal: Option<(u128, Achievement)>) -> SignNote {
    let touched = goal.map(|(goal, from)| GoalTouched { goal_id: GoalId(id(goal)), from, to: Achievement::Improving });
    SignNote {
        note_id: NoteId(id(note)),
        case_id: CaseId(id(case)),
        occurred_at: at(9),
        duration_min: 10,
        mode: ContactMode::Phone,
        reached: Reached::Client,
        purpose: Purpose::Outreach,
        narrative: "A pending word.".to_owned(),
        sensitivity: Sensitivity::Ordinary,
        goals: touched.into_iter().collect(),
        tasks_done: Vec::new(),
        visit_id: None,
        attachments: Vec::new(),
        blind_note_id: None,
    }
}

#[test]
fn a_record_from_the_server_is_not_lost_beneath_a_pending_command() {
    let mut caseload = two_clients();
    let pending = Command::SignNote(signing(71, 11, None));
    caseload.rebase([(&pending, occasion())]);
    assert_eq!(caseload.case(CaseId(id(11))).and_then(|case| case.last_contact_on), Some(at(9).date()));
    caseload.put(Record::Case(Case { programme: "Moved".to_owned(), ..case(11, 21) }));
    caseload.rebase([(&pending, occasion())]);
    let shown = caseload.case(CaseId(id(11))).expect("it is there");
    assert_eq!((shown.programme.as_str(), shown.last_contact_on), ("Moved", Some(at(9).date())));
    caseload.rebase([]);
    assert_eq!(caseload.case(CaseId(id(11))).map(|case| (case.programme.as_str(), case.last_contact_on)), Some(("Moved", None)));
    assert!(caseload.note(NoteId(id(71))).is_none());
}

/// What can happen to a caseload between two looks at it.
#[derive(Clone, Debug)]
enum Change {
    Put(Box<Record>),
    Remove(RecordRef),
    Forget(ScopeId),
    Pend(Box<Command>),
    /// The oldest pending command is confirmed, or the newest is taken back.
    ConfirmOldest,
    TakeNewestBack,
    Rebase,
}

const CASES: std::ops::Range<u128> = 11..14;

fn any_record() -> impl Strategy<Value = Record> {
    let achievement = prop_oneof![Just(Achievement::InProgress), Just(Achievement::Improving)];
    prop_oneof![
        (21u128..23, "[A-C]").prop_map(|(number, name)| Record::Person(person(number, &name, "Test"))),
        (CASES, 21u128..23, prop::option::of(20u8..24)).prop_map(|(number, person, contact)| {
            let last_contact_on = contact.map(day);
            Record::Case(Case { last_contact_on, ..case(number, person) })
        }),
        (61u128..63, CASES, achievement).prop_map(|(number, case, achievement)| Record::Goal(goal(number, case, achievement))),
        (51u128..53, CASES, any::<bool>()).prop_map(|(number, case, open)| {
            let done = TaskState::Done { at: at(0), by: WorkerId(id(2)), note_id: None };
            Record::Task(task(number, case, day(5), if open { TaskState::Open } else { done }))
        }),
        (41u128..43, CASES, any::<bool>()).prop_map(|(number, case, planned)| {
            let ended = VisitState::Ended { note_id: NoteId(id(99)) };
            Record::Visit(visit(number, case, 5, if planned { VisitState::Planned } else { ended }))
        }),
        (71u128..74, CASES, "[a-c]{3,5}").prop_map(|(number, case, narrative)| Record::Note(note(number, case, 4, &narrative))),
    ]
}

fn any_command() -> impl Strategy<Value = Command> {
    let goal = prop::option::of((61u128..63, prop_oneof![Just(Achievement::InProgress), Just(Achievement::Improving)]));
    let signing = (71u128..76, CASES, goal, prop::option::of(51u128..53), prop::option::of(41u128..44)).prop_map(
        |(note, case, goal, task, visit)| {
            let (tasks_done, visit_id) = (task.map(|task| TaskId(id(task))).into_iter().collect(), visit.map(|visit| VisitId(id(visit))));
            Command::SignNote(SignNote { tasks_done, visit_id, ..signing(note, case, goal) })
        },
    );
    let planning = (41u128..46, CASES).prop_map(|(visit, case)| {
        let (visit_id, case_id) = (VisitId(id(visit)), CaseId(id(case)));
        Command::PlanVisit(PlanVisit { visit_id, case_id, planned_at: at(30), mode: ContactMode::HomeVisit })
    });
    let completing = (51u128..53, CASES)
        .prop_map(|(task, case)| Command::CompleteTask(CompleteTask { task_id: TaskId(id(task)), case_id: CaseId(id(case)) }));
    prop_oneof![3 => signing, 1 => planning, 1 => completing]
}

fn any_change() -> impl Strategy<Value = Change> {
    prop_oneof![
        8 => any_record().prop_map(|record| Change::Put(Box::new(record))),
        2 => any_record().prop_map(|record| Change::Remove(record.record_ref())),
        1 => CASES.prop_map(|number| Change::Forget(ScopeId(id(number)))),
        6 => any_command().prop_map(|command| Change::Pend(Box::new(command))),
        1 => Just(Change::ConfirmOldest),
        1 => Just(Change::TakeNewestBack),
        2 => Just(Change::Rebase),
    ]
}

fn sorted(caseload: &Caseload) -> BTreeMap<RecordRef, Record> {
    caseload.records().map(|record| (record.record_ref(), record)).collect()
}

/// The same as `Caseload::forget`, said plainly: the case, all that names it, and a person whom no other case names.
fn forget_plainly(base: &mut BTreeMap<RecordRef, Record>, scope_id: ScopeId) {
    let gone: Vec<Case> = base
        .values()
        .filter_map(|record| if let Record::Case(case) = record { Some(case.clone()) } else { None })
        .filter(|case| case.scope_id == scope_id)
        .collect();
    for case in gone {
        base.retain(|_, record| record.case_id() != Some(case.id));
        let needed = base.values().any(|record| matches!(record, Record::Case(other) if other.person_id == case.person_id));
        base.retain(|_, record| needed || !matches!(record, Record::Person(person) if person.id == case.person_id));
    }
}

proptest! {
    /// However changes of the server's records and of this device's commands follow each other, what is shown is the same as the
    /// commands, replayed on the records that are left.
    #[test]
    fn what_is_shown_is_the_pending_commands_replayed_on_the_records(changes in prop::collection::vec(any_change(), 1..60)) {
        let mut caseload = Caseload::default();
        let mut base: BTreeMap<RecordRef, Record> = BTreeMap::new();
        let mut pending: Vec<Command> = Vec::new();
        for change in changes {
            match change {
                Change::Put(record) => {
                    caseload.put((*record).clone());
                    base.insert(record.record_ref(), *record);
                }
                Change::Remove(record_ref) => {
                    caseload.remove(record_ref);
                    base.remove(&record_ref);
                }
                Change::Forget(scope_id) => {
                    caseload.forget(scope_id);
                    forget_plainly(&mut base, scope_id);
                }
                Change::Pend(command) => {
                    caseload.show(&command, &occasion());
                    pending.push(*command);
                }
                Change::ConfirmOldest if !pending.is_empty() => drop(pending.remove(0)),
                Change::TakeNewestBack => drop(pending.pop()),
                Change::Rebase => caseload.rebase(pending.iter().map(|command| (command, occasion()))),
                Change::ConfirmOldest => {}
            }
        }
        caseload.rebase(pending.iter().map(|command| (command, occasion())));
        let mut replayed = Caseload::from_records(base.values().cloned());
        pending.iter().for_each(|command| replayed.show(command, &occasion()));

        prop_assert_eq!(sorted(&caseload), sorted(&replayed));
        for number in CASES {
            let case_id = CaseId(id(number));
            prop_assert_eq!(caseload.timeline(case_id), replayed.timeline(case_id));
            prop_assert_eq!(caseload.goals_of(case_id), replayed.goals_of(case_id));
            prop_assert_eq!(caseload.open_tasks_of(case_id), replayed.open_tasks_of(case_id));
        }
        prop_assert_eq!(caseload.clients(SortBy::Name), replayed.clients(SortBy::Name));
        prop_assert_eq!(caseload.search("pending", 50), replayed.search("pending", 50));

        caseload.restore();
        prop_assert_eq!(sorted(&caseload), base);
    }
}
