use uuid::Uuid;

use super::*;
use crate::*;

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
        restricted_scope_id: Some(ScopeId(id(number + 1000))),
        person_id: PersonId(id(90)),
        programme: "Home".to_owned(),
        primary_worker_id: WorkerId(id(80)),
        state,
        risk: Risk { level: RiskLevel::Low, reason: None, since: None },
        opened_on: Date::new(2026, 1, 5).expect("a day"),
        last_contact_on: None,
        contact_every_days: 30,
        alerts: Vec::new(),
        written: Writers::new(),
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
        written: Writers::new(),
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
        actor: Actor { worker_id: WorkerId(id(80)), may: Permissions::usual(Role::CaseManager) },
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
        sensitivity: Sensitivity::Ordinary,
        goals: Vec::new(),
        tasks_done: Vec::new(),
        visit_id: None,
        attachments: Vec::new(),
        blind_note_id: None,
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
fn each_command_takes_the_permission_that_is_for_it() {
    let commands = [
        (Command::SignNote(note(40)), Permission::WriteInCases),
        (plan(32, 1), Permission::WriteInCases),
        (complete(20, 1), Permission::WriteInCases),
        (amend(50, Amending::Addendum, 0), Permission::WriteInCases),
        (blind(60), Permission::WriteInCases),
        (change(vec![names("Anita")]), Permission::WriteInCases),
        (hand_over(80, 81), Permission::HandOverCases),
        (file(70, None), Permission::DecideReviews),
    ];
    for (command, needed) in commands {
        let everything: Permissions = Permission::ALL.iter().copied().collect();
        let refused = |may| {
            let occasion = Occasion { actor: Actor { may, ..occasion().actor }, ..occasion() };
            decide(&command, &occasion, &office()) == Err(Rejection::RoleMayNotWrite)
        };
        assert!(!refused(everything) && !refused(Permissions::NONE.with(needed)), "{command:?}");
        assert!(refused(everything.without(needed)), "{command:?}");
    }
}

#[test]
fn nothing_is_planned_in_a_closed_case() {
    assert_eq!(decide(&plan(32, 2), &occasion(), &records()), Err(Rejection::CaseClosed));
}

// Amendments.

/// The records with a signed note 40 in case 1, a colleague 81, an administrator 82, and the matters 70 and 71.
fn office() -> Caseload {
    let mut records = after(&Command::SignNote(note(40)), records());
    for (number, role) in [(80, Role::CaseManager), (81, Role::CaseManager), (82, Role::Administrator)] {
        records.put(Record::Worker(Worker { id: WorkerId(id(number)), name: format!("Worker {number}"), role }));
    }
    let held = HeldCommand { code: "no-such-case".to_owned(), kind: "note.sign".to_owned(), v: 1, body: "{}".to_owned() };
    records.put(Record::Review(review(70, Matter::Held(held))));
    records
}

fn review(number: u128, matter: Matter) -> Review {
    Review {
        id: ReviewId(id(number)),
        author_id: WorkerId(id(81)),
        case_id: Some(CaseId(id(1))),
        recorded_at: at(0),
        received_at: at(1),
        matter,
        decided: None,
    }
}

fn supervisor() -> Occasion {
    Occasion { actor: Actor { worker_id: WorkerId(id(83)), may: Permissions::usual(Role::Supervisor) }, ..occasion() }
}

fn amend(number: u128, kind: Amending, seen: u32) -> Command {
    let (note_id, case_id) = (NoteId(id(40)), CaseId(id(1)));
    Command::AmendNote(AmendNote {
        amendment_id: AmendmentId(id(number)),
        note_id,
        case_id,
        kind,
        text: "It was Tuesday.".to_owned(),
        seen,
    })
}

#[test]
fn an_addendum_leaves_the_note_as_it_was_signed() {
    let before = office();
    let after = after(&amend(50, Amending::Addendum, 0), before.clone());
    assert_eq!(after.note(NoteId(id(40))), before.note(NoteId(id(40))));
    let [amendment] = after.amendments_of(NoteId(id(40)))[..] else { panic!("one amendment") };
    assert_eq!((amendment.kind.text().as_str(), amendment.concurrent), ("It was Tuesday.", false));
    assert!(!after.is_hidden(NoteId(id(40))));
}

#[test]
fn amendments_of_two_people_at_once_are_both_kept_and_marked() {
    let first = after(&amend(50, Amending::Addendum, 0), office());
    let both = after(&amend(51, Amending::Addendum, 0), first.clone());
    assert_eq!(both.amendments_of(NoteId(id(40))).iter().map(|one| one.concurrent).collect::<Vec<_>>(), [false, true]);
    let seen = after(&amend(51, Amending::Addendum, 1), first);
    assert!(seen.amendments_of(NoteId(id(40))).iter().all(|one| !one.concurrent));
}

#[test]
fn a_note_that_was_entered_in_error_is_hidden_and_found_by_no_search_but_never_gone() {
    let after = after(&amend(50, Amending::EnteredInError, 0), office());
    assert!(after.is_hidden(NoteId(id(40))));
    assert!(after.search("heating", 9).is_empty());
    assert!(office().search("heating", 9).len() == 1);
    assert!(after.note(NoteId(id(40))).is_some());
}

#[test]
fn only_the_author_or_who_decides_reviews_hides_a_note() {
    let hide = amend(50, Amending::EnteredInError, 0);
    let colleague = Occasion { actor: Actor { worker_id: WorkerId(id(81)), ..occasion().actor }, ..occasion() };
    assert_eq!(decide(&hide, &colleague, &office()), Err(Rejection::NotTheAuthor));
    assert!(decide(&amend(50, Amending::Addendum, 0), &colleague, &office()).is_ok());
    assert!(decide(&hide, &supervisor(), &office()).is_ok());
}

#[test]
fn an_amendment_needs_a_note_of_this_case_and_words() {
    let Command::AmendNote(good) = amend(50, Amending::Addendum, 0) else { panic!("an amendment") };
    let refused = |amend: AmendNote| decide(&Command::AmendNote(amend), &occasion(), &office()).err();
    assert_eq!(refused(AmendNote { note_id: NoteId(id(41)), ..good.clone() }), Some(Rejection::NoSuchNote));
    assert_eq!(refused(AmendNote { case_id: CaseId(id(2)), ..good.clone() }), Some(Rejection::NoSuchNote));
    assert_eq!(refused(AmendNote { text: " ".to_owned(), ..good }), Some(Rejection::Narrative(NarrativeError::Empty)));
}

// Attachments.

fn photo(number: u128) -> NewAttachment {
    NewAttachment {
        attachment_id: AttachmentId(id(number)),
        title: "The broken stair".to_owned(),
        media_type: "image/jpeg".to_owned(),
        size_bytes: 400_000,
        sha256: ContentHash::of_digest(&[7; 32]),
    }
}

#[test]
fn what_is_attached_is_announced_with_the_note_and_received_later() {
    let after = after(&Command::SignNote(SignNote { attachments: vec![photo(45)], ..note(40) }), records());
    let [attachment] = after.attachments_of(NoteId(id(40)))[..] else { panic!("one attachment") };
    assert_eq!((attachment.title.as_str(), attachment.received_at), ("The broken stair", None));
}

#[test]
fn only_pictures_and_pdf_of_some_size_are_attached_and_each_once() {
    let refused = |attachments| sign(SignNote { attachments, ..note(40) }).err();
    for odd in [
        NewAttachment { media_type: "image/svg+xml".to_owned(), ..photo(45) },
        NewAttachment { size_bytes: 0, ..photo(45) },
        NewAttachment { size_bytes: Attachment::MAX_BYTES + 1, ..photo(45) },
        NewAttachment { title: "x".repeat(MAX_SHORT_CHARS + 1), ..photo(45) },
    ] {
        assert_eq!(refused(vec![odd]), Some(Rejection::AttachmentNotTaken));
    }
    assert_eq!(refused(vec![photo(45), photo(45)]), Some(Rejection::IdTaken));
    assert_eq!(refused((0..11).map(|number| photo(45 + number)).collect()), Some(Rejection::TooMany));
}

// Words written while locked.

fn blind(number: u128) -> Command {
    let blind_note_id = BlindNoteId(id(number));
    Command::WriteBlind(WriteBlind { blind_note_id, about: " Mrs. G, blue door ".to_owned(), narrative: "She fell.".to_owned() })
}

#[test]
fn words_written_while_locked_wait_for_their_author_to_file_them_once() {
    let written = after(&blind(60), records());
    assert_eq!(
        written.blind_notes_to_file(WorkerId(id(80))).iter().map(|one| one.about.as_str()).collect::<Vec<_>>(),
        ["Mrs. G, blue door"]
    );
    assert!(written.blind_notes_to_file(WorkerId(id(81))).is_empty());
    let filing = |number| Command::SignNote(SignNote { blind_note_id: Some(BlindNoteId(id(60))), ..note(number) });
    let filed = after(&filing(40), written.clone());
    assert!(filed.blind_notes_to_file(WorkerId(id(80))).is_empty());
    let again = decide(&filing(41), &occasion(), &filed).expect("the note itself is taken");
    assert_eq!(again.skipped, [Skipped::BlindNoteAlreadyFiled(BlindNoteId(id(60)))]);
    let colleague = Occasion { actor: Actor { worker_id: WorkerId(id(81)), ..occasion().actor }, ..occasion() };
    assert_eq!(decide(&filing(40), &colleague, &written), Err(Rejection::NoSuchBlindNote));
    assert_eq!(decide(&blind(60), &occasion(), &written), Err(Rejection::IdTaken));
}

// Changes to a client.

fn unit(kind: UnitKind) -> Unit {
    let records = records();
    let client = records.client(CaseId(id(1))).expect("the client");
    Unit::of(kind, client.person, client.case)
}

fn to(to: Unit) -> UnitChange {
    UnitChange { from: unit(to.kind()), beside: to.kind().beside().map(unit), to }
}

fn names(given: &str) -> UnitChange {
    to(Unit::Names(Names { given_name: given.to_owned(), family_name: "García".to_owned(), preferred_name: None }))
}

fn language(tag: &str) -> UnitChange {
    to(Unit::Language(Language { language: tag.to_owned(), interpreter_needed: true }))
}

fn phone(number: &str) -> UnitChange {
    let phone = Phone { number: number.to_owned(), safe_contact: SafeContact::NoMessages, remark: None };
    to(Unit::Reach(Reach { phones: vec![phone], addresses: Vec::new() }))
}

fn risk(level: RiskLevel) -> UnitChange {
    to(Unit::Safety(Safety { risk: Risk { level, reason: Some("A fall".to_owned()), since: None }, alerts: Vec::new() }))
}

fn change(units: Vec<UnitChange>) -> Command {
    Command::ChangeClient(ChangeClient { case_id: CaseId(id(1)), units, related: RelatedChange::default() })
}

fn contradictions(command: &Command, records: &Caseload) -> Vec<UnitKind> {
    let decision = decide(command, &occasion(), records).expect("it is taken");
    decision.contradictions.iter().map(|one| one.wanted.kind()).collect()
}

#[test]
fn changes_of_different_units_are_merged() {
    let both = after(&change(vec![language("ht")]), after(&change(vec![names("Anita")]), records()));
    let person = both.client(CaseId(id(1))).expect("the client").person;
    assert_eq!((person.given_name.as_str(), person.language.as_str(), person.interpreter_needed), ("Anita", "ht", true));
}

#[test]
fn the_same_change_twice_is_no_contradiction_and_another_one_is() {
    let changed = after(&change(vec![names("Anita")]), records());
    let again = decide(&change(vec![names("Anita")]), &occasion(), &changed).expect("it is taken");
    assert_eq!(again, Decision::default());
    let decision = decide(&change(vec![names("Anna"), language("ht")]), &occasion(), &changed).expect("it is taken");
    let [contradiction] = &decision.contradictions[..] else { panic!("one contradiction") };
    assert_eq!((&contradiction.wanted, &contradiction.found), (&names("Anna").to, &names("Anita").to));
    assert!(matches!(&decision.changed[..], [Record::Person(person)] if person.language == "ht" && person.given_name == "Anita"));
}

#[test]
fn a_contradiction_says_who_wrote_the_other_value_and_when() {
    let colleague = Occasion { actor: Actor { worker_id: WorkerId(id(81)), ..occasion().actor }, recorded_at: at(2), ..occasion() };
    let mut changed = records();
    for record in decide(&change(vec![names("Anita")]), &colleague, &changed).expect("it is taken").changed {
        changed.put(record);
    }
    let found_by = |unit, records: &Caseload| {
        let mut decision = decide(&change(vec![unit]), &occasion(), records).expect("it is taken");
        decision.contradictions.remove(0).found_by
    };
    let written = Written { by: WorkerId(id(81)), at: at(2) };
    assert_eq!(found_by(names("Anna"), &changed), Some(written));
    // Wanting the same makes nobody its author.
    let again = after(&change(vec![names("Anita")]), changed);
    let client = again.client(CaseId(id(1))).expect("the client");
    assert_eq!(UnitKind::Names.writer(client.person, client.case), Some(written));
    assert_eq!(UnitKind::Language.writer(client.person, client.case), None);
    // Of what stood there before anybody wrote it here, nobody knows.
    let warned = after(&change(vec![risk(RiskLevel::High)]), records());
    assert_eq!(found_by(phone("555-0101"), &warned), None);
    let client = warned.client(CaseId(id(1))).expect("the client");
    assert_eq!(UnitKind::Safety.writer(client.person, client.case), Some(Written { by: WorkerId(id(80)), at: at(3) }));
}

#[test]
fn what_could_hurt_is_never_merged_even_where_the_fields_differ() {
    let warned = after(&change(vec![risk(RiskLevel::High)]), records());
    assert_eq!(contradictions(&change(vec![phone("555-0101")]), &warned), [UnitKind::Reach]);
    assert_eq!(contradictions(&change(vec![names("Anita")]), &warned), []);
    let moved = after(&change(vec![phone("555-0101")]), records());
    assert_eq!(contradictions(&change(vec![risk(RiskLevel::High)]), &moved), [UnitKind::Safety]);
}

#[test]
fn people_around_a_client_are_a_set_that_two_workers_can_add_to() {
    let add = |name: &str| {
        let person = RelatedPerson { name: name.to_owned(), relationship: "daughter".to_owned(), household: true };
        let related = RelatedChange { add: vec![person], remove: Vec::new() };
        Command::ChangeClient(ChangeClient { case_id: CaseId(id(1)), units: Vec::new(), related })
    };
    let both = after(&add("Luz"), after(&add("Sol"), after(&add("Luz"), records())));
    let names: Vec<_> = both.client(CaseId(id(1))).expect("the client").person.related.iter().map(|one| one.name.as_str()).collect();
    assert_eq!(names, ["Luz", "Sol"]);
}

#[test]
fn a_change_that_makes_no_sense_is_refused() {
    let refused = |unit| decide(&change(vec![unit]), &occasion(), &records()).err();
    assert_eq!(refused(UnitChange { to: language("ht").to, ..names("Anita") }), Some(Rejection::UnitsDoNotFit));
    assert_eq!(refused(UnitChange { beside: None, ..phone("555-0101") }), Some(Rejection::UnitsDoNotFit));
    let nameless = Unit::Names(Names { given_name: " ".to_owned(), family_name: String::new(), preferred_name: None });
    assert_eq!(refused(to(nameless)), Some(Rejection::NameMissing));
    assert_eq!(refused(phone(&"5".repeat(501))), Some(Rejection::TextTooLong));
}

// The office.

fn hand_over(from: u128, to: u128) -> Command {
    let reason = "Maria is on leave".to_owned();
    Command::HandOver(HandOver { case_id: CaseId(id(1)), from: WorkerId(id(from)), to: WorkerId(id(to)), reason })
}

fn file(number: u128, found: Option<Unit>) -> Command {
    Command::DecideReview(DecideReview { review_id: ReviewId(id(number)), outcome: Outcome::File, reason: "Checked".to_owned(), found })
}

#[test]
fn a_case_goes_over_with_its_open_tasks_and_planned_visits() {
    let decision = decide(&hand_over(80, 81), &supervisor(), &office()).expect("it is allowed");
    let mut after = office();
    decision.changed.into_iter().for_each(|record| after.put(record));
    assert_eq!(after.case(CaseId(id(1))).map(|case| case.primary_worker_id), Some(WorkerId(id(81))));
    assert_eq!(after.task(TaskId(id(20))).map(|task| task.owner_id), Some(WorkerId(id(81))));
    assert_eq!(after.visit(VisitId(id(30))).map(|visit| visit.worker_id), Some(WorkerId(id(81))));
}

#[test]
fn a_case_goes_only_from_who_has_it_to_somebody_who_can_take_it() {
    let refused = |from, to| decide(&hand_over(from, to), &supervisor(), &office()).err();
    assert_eq!(refused(81, 80), Some(Rejection::ChangedMeanwhile));
    assert_eq!(refused(80, 82), Some(Rejection::NoSuchWorker));
    assert_eq!(refused(80, 99), Some(Rejection::NoSuchWorker));
    assert_eq!(refused(80, 80), None);
}

#[test]
fn a_decision_names_who_made_it_and_is_made_once() {
    let decision = decide(&file(70, None), &supervisor(), &office()).expect("it is allowed");
    let [Record::Review(decided)] = &decision.changed[..] else { panic!("a review") };
    assert_eq!(decided.decided.as_ref().map(|one| (one.by, one.outcome)), Some((WorkerId(id(83)), Outcome::File)));
    let mut after = office();
    after.put(Record::Review(decided.clone()));
    let again = decide(&file(70, None), &supervisor(), &after).expect("it is taken");
    assert_eq!((again.changed.len(), again.skipped), (0, vec![Skipped::ReviewAlreadyDecided(ReviewId(id(70)))]));
    let silent = DecideReview { review_id: ReviewId(id(70)), outcome: Outcome::Keep, reason: " ".to_owned(), found: None };
    assert_eq!(decide(&Command::DecideReview(silent), &supervisor(), &office()), Err(Rejection::ReasonMissing));
}

#[test]
fn a_contradiction_is_settled_over_what_the_person_saw() {
    let mut records = after(&change(vec![names("Anita")]), records());
    let mut decision = decide(&change(vec![names("Anna")]), &occasion(), &records).expect("it is taken");
    records.put(Record::Review(review(71, Matter::Contradiction(decision.contradictions.remove(0)))));
    let settle = |found| decide(&file(71, found), &supervisor(), &records);
    assert_eq!(settle(Some(names("Ana").to)), Err(Rejection::ChangedMeanwhile));
    let settled = settle(Some(names("Anita").to)).expect("it is allowed");
    let author = records.review(ReviewId(id(71))).expect("the review").author_id;
    let by_author = |person: &Person| person.written[&UnitKind::Names].by == author;
    assert!(
        settled.changed.iter().any(|record| matches!(record, Record::Person(person) if person.given_name == "Anna" && by_author(person)))
    );
    assert!(settled.changed.iter().any(|record| matches!(record, Record::Review(review) if !review.is_open())));
}

#[test]
fn a_list_of_reads_is_bounded() {
    let read = Read { case_id: CaseId(id(1)), at: at(0) };
    let log = |count| Command::LogReads(LogReads { log_id: id(1), reads: vec![read; count] });
    assert!(decide(&log(LogReads::MAX), &occasion(), &records()).is_ok());
    assert_eq!(decide(&log(LogReads::MAX + 1), &occasion(), &records()), Err(Rejection::TooMany));
}
