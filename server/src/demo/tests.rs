//! What must hold for every made-up agency.

use std::collections::{HashMap, HashSet};

use domain::{Case, Caseload, Date, DateTime, Narrative, Note, Person, Reached, Record, Role, SafeContact};

use super::{Demo, DemoSize, generate};

const SIZE: DemoSize = DemoSize { clients: 45, notes: 30 };

fn today() -> Date {
    Date::new(2026, 11, 23).expect("a day")
}

fn demo() -> Demo {
    generate(SIZE, 7, today())
}

fn notes(demo: &Demo) -> Vec<&Note> {
    demo.records.iter().filter_map(|record| if let Record::Note(note) = record { Some(note) } else { None }).collect()
}

fn cases(demo: &Demo) -> Vec<&Case> {
    demo.records.iter().filter_map(|record| if let Record::Case(case) = record { Some(case) } else { None }).collect()
}

fn persons(demo: &Demo) -> Vec<&Person> {
    demo.records.iter().filter_map(|record| if let Record::Person(person) = record { Some(person) } else { None }).collect()
}

#[test]
fn the_same_seed_makes_the_same_agency_and_another_seed_another() {
    let small = DemoSize { clients: 6, notes: 8 };
    assert_eq!(generate(small, 7, today()), generate(small, 7, today()));
    assert_ne!(generate(small, 7, today()).records, generate(small, 8, today()).records);
}

#[test]
fn on_another_day_the_same_seed_makes_the_same_clients() {
    let small = DemoSize { clients: 6, notes: 8 };
    let names = |day| persons(&generate(small, 7, day)).iter().map(|person| person.legal_name()).collect::<Vec<_>>();
    assert_eq!(names(today()), names(today().plus_days(1)));
}

#[test]
fn every_size_can_be_made() {
    for (clients, notes) in [(0, 5), (1, 0), (1, 1), (2, 2), (1, 400)] {
        let demo = generate(DemoSize { clients, notes }, 1, today());
        assert_eq!(self::notes(&demo).len(), clients * notes);
    }
}

#[test]
fn there_is_as_much_as_was_asked_for_and_each_record_once() {
    let demo = demo();
    assert_eq!((persons(&demo).len(), cases(&demo).len(), notes(&demo).len()), (45, 45, 45 * 30));
    let refs: HashSet<_> = demo.records.iter().map(Record::record_ref).collect();
    assert_eq!(refs.len(), demo.records.len());
    assert!(demo.records.iter().all(|record| record.id().get_version_num() == 7));
}

#[test]
fn every_record_survives_the_journey_as_json() {
    for record in demo().records {
        let json = serde_json::to_string(&record).expect("records are plain data");
        assert_eq!(serde_json::from_str::<Record>(&json).expect("what was written is read"), record);
    }
}

#[test]
fn nothing_happened_in_the_future_or_before_the_case_was_opened() {
    let demo = demo();
    let opened: HashMap<_, _> = cases(&demo).into_iter().map(|case| (case.id, case.opened_on)).collect();
    let this_morning = DateTime::from_local(today(), 0, 0, super::calendar::offset_min(today())).expect("a moment");
    for note in notes(&demo) {
        assert!(note.occurred_at < this_morning && note.signed_at < this_morning, "{}", note.signed_at);
        assert!(note.received_at.is_some_and(|received| received < this_morning));
        assert!(note.signed_at > note.occurred_at);
        assert!(note.occurred_at.date() >= opened[&note.case_id]);
    }
    for case in cases(&demo) {
        assert!(case.last_contact_on.is_none_or(|day| day < today()));
    }
}

#[test]
fn the_last_contact_is_the_last_note_in_which_the_client_was_reached() {
    let demo = demo();
    for case in cases(&demo) {
        let reached = notes(&demo).into_iter().filter(|note| note.case_id == case.id && note.reached == Reached::Client);
        assert_eq!(case.last_contact_on, reached.map(|note| note.occurred_at.date()).max());
    }
}

#[test]
fn every_case_manager_has_two_to_four_visits_today_and_some_work_that_is_due() {
    let demo = demo();
    let caseload = Caseload::from_records(demo.records.clone());
    for (worker, _) in demo.workers.iter().filter(|(worker, _)| worker.role == Role::CaseManager) {
        let visits = caseload.visits_on(worker.id, today(), super::calendar::offset_min(today()));
        assert!((2..=4).contains(&visits.len()), "{} has {}", worker.name, visits.len());
        assert!(!caseload.due(worker.id, today()).is_empty(), "{}", worker.name);
    }
}

#[test]
fn notes_are_as_long_as_notes_are() {
    let demo = demo();
    let lengths: Vec<usize> = notes(&demo).iter().map(|note| note.narrative.as_str().chars().count()).collect();
    let mean = lengths.iter().sum::<usize>() / lengths.len();
    assert!((520..=680).contains(&mean), "{mean}");
    assert!(lengths.iter().all(|length| (120..Narrative::MAX_CHARS).contains(length)));
}

#[test]
fn no_two_notes_are_the_same_and_no_bracket_is_left() {
    let demo = demo();
    let texts: HashSet<&str> = notes(&demo).iter().map(|note| note.narrative.as_str()).collect();
    assert_eq!(texts.len(), notes(&demo).len());
    for text in texts {
        assert!(!text.contains(['[', ']', '{', '}', '|']) && !text.contains("  ") && !text.contains(" ."), "{text}");
    }
}

#[test]
fn a_note_keeps_to_the_grammar_of_its_pronoun() {
    let wrong = [
        "they is ",
        "They is ",
        "they has ",
        "They has ",
        "they was ",
        "they does ",
        "they wants",
        "they keeps",
        "they likes",
        "he are ",
        "he have ",
        "he were ",
        "he want ",
        "he keep ",
        "he like ",
        "he do ",
        "he need ",
        "he feel ",
        "she ask ",
        "'s's",
        " a a ",
        "the the ",
    ];
    for seed in 0..3 {
        for note in notes(&generate(SIZE, seed, today())) {
            let text = note.narrative.as_str();
            let found = wrong.iter().find(|wrong| text.contains(**wrong));
            assert_eq!(found, None, "{text}");
        }
    }
}

#[test]
fn no_message_is_left_where_none_may_be_left() {
    let demo = demo();
    let caseload = Caseload::from_records(demo.records.clone());
    for note in notes(&demo).into_iter().filter(|note| note.reached == Reached::NoOneMessage && note.mode == domain::ContactMode::Phone) {
        let client = caseload.client(note.case_id).expect("a client").person;
        assert!(client.phones.iter().any(|phone| phone.safe_contact == SafeContact::Anything));
    }
}

#[test]
fn phone_numbers_belong_to_nobody() {
    for person in persons(&demo()) {
        assert!(person.phones.iter().all(|phone| phone.number.contains(" 555-01")));
        assert!(person.birth_date.is_none_or(|birth| (18..=95).contains(&today().years_since(birth))));
    }
}

#[test]
fn goals_move_over_time_and_stand_where_their_last_note_put_them() {
    let demo = demo();
    let mut moved = 0;
    for record in &demo.records {
        let Record::Goal(goal) = record else { continue };
        let Some(note_id) = goal.moved_by else { continue };
        let note = notes(&demo).into_iter().find(|note| note.id == note_id).expect("the note that moved the goal");
        let touched = note.goals.iter().find(|touched| touched.goal_id == goal.id).expect("the goal in its note");
        assert_eq!(touched.to, goal.achievement);
        moved += 1;
    }
    assert!(moved > 40, "{moved}");
}
