use std::collections::BTreeMap;

use domain::{
    Actor, Case, CaseId, CaseState, Caseload, Command, CompleteTask, ContactMode, Date, DateTime, NoteId, Permissions, PersonId, PlanVisit,
    Purpose, Reached, Record, Rejection, Risk, RiskLevel, Role, ScopeId, Sensitivity, SignNote, TaskId, VisitId, WorkerId,
};
use serde_json::value::RawValue;
use uuid::Uuid;

use super::*;
use crate::wire::{GroupId, Held};

fn id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

fn now() -> DateTime {
    DateTime::from_unix_ms(1_790_000_000_000, 0)
}

fn note(number: u128, narrative: &str) -> SignNote {
    SignNote {
        note_id: NoteId(id(number)),
        case_id: CaseId(id(1)),
        occurred_at: now(),
        duration_min: 20,
        mode: ContactMode::HomeVisit,
        reached: Reached::Client,
        purpose: Purpose::Monitoring,
        narrative: narrative.to_owned(),
        goals: Vec::new(),
        tasks_done: Vec::new(),
        visit_id: None,
        sensitivity: Sensitivity::Ordinary,
        attachments: Vec::new(),
        blind_note_id: None,
    }
}

fn mutation(seq: u64, mid: u128, command: &Command) -> Mutation {
    let (kind, v, body) = Mutation::wrap(command);
    Mutation {
        mid: Mid(id(mid)),
        seq,
        group_id: None,
        kind: kind.to_owned(),
        v,
        scope_id: ScopeId(id(1)),
        entity_id: command.entity_id(),
        recorded_at: now(),
        app_build: "test".to_owned(),
        body,
    }
}

fn signing(seq: u64, mid: u128) -> Mutation {
    mutation(seq, mid, &Command::SignNote(note(mid, "A visit.")))
}

fn logged(mutation: &Mutation, device: u128) -> Logged {
    let (seq, mid) = (mutation.seq, mutation.mid);
    let status = Status::Applied;
    let result = PushResult { seq, mid, status, code: None, blocked_by: None, skipped: Vec::new(), received_at: Some(now()) };
    Logged { device_id: DeviceId(id(device)), seq: Some(seq), mid, body_hash: mutation.body_hash(), result }
}

// Admission.

#[test]
fn the_next_new_mutation_is_applied() {
    assert_eq!(admit(&signing(4, 40), 3, None, None), Admission::Apply);
}

#[test]
fn a_repeated_mutation_gets_its_stored_answer() {
    let mutation = signing(3, 30);
    let stored = logged(&mutation, 1);
    assert_eq!(admit(&mutation, 3, Some(&stored), Some(&stored)), Admission::Replay(stored.result.clone()));
}

#[test]
fn a_mutation_after_a_gap_waits_for_what_is_missing() {
    assert_eq!(admit(&signing(6, 60), 3, None, None), Admission::SeqGap { expected: 4 });
}

#[test]
fn a_place_that_is_taken_by_another_mutation_means_two_devices() {
    let stored = logged(&signing(3, 30), 1);
    assert_eq!(admit(&signing(3, 31), 3, None, Some(&stored)), Admission::Forked);
    assert_eq!(admit(&signing(3, 31), 3, None, None), Admission::Forked, "an old place that nobody remembers");
}

#[test]
fn a_mutation_known_from_another_identity_advances_the_counter_and_is_answered_with_its_new_number() {
    let mutation = signing(1, 30);
    let stored = Logged { seq: Some(9), ..logged(&signing(9, 30), 1) };
    let expected = PushResult { seq: 1, ..stored.result.clone() };
    assert_eq!(admit(&mutation, 0, Some(&stored), None), Admission::AdvanceAndReplay(expected.clone()));
    assert_eq!(admit(&mutation, 1, Some(&stored), None), Admission::Replay(expected), "and again when it is repeated");
}

#[test]
fn a_mid_with_another_body_is_kept_for_a_person() {
    let stored = logged(&signing(3, 30), 1);
    let other = mutation(4, 30, &Command::SignNote(note(30, "Something else.")));
    for last_seq in [3, 4] {
        let Admission::MidTaken(receipt) = admit(&other, last_seq, Some(&stored), None) else { panic!("the bodies differ") };
        assert_eq!((receipt.seq, receipt.status, receipt.code.as_deref()), (4, Status::Quarantined, Some("mid-taken")));
    }
}

#[test]
fn neighbours_of_a_group_go_together() {
    let mut mutations: Vec<Mutation> = (1..=5).map(|number| signing(number, u128::from(number))).collect();
    for (index, group) in [(1, 7), (2, 7), (3, 8), (4, 7)] {
        mutations[index].group_id = Some(GroupId(id(group)));
    }
    assert_eq!(groups(&mutations).map(<[Mutation]>::len).collect::<Vec<_>>(), [1, 2, 1, 1]);
}

// Judgement.

fn records(state: CaseState) -> Caseload {
    Caseload::from_records([Record::Case(Case {
        id: CaseId(id(1)),
        scope_id: ScopeId(id(1)),
        restricted_scope_id: None,
        person_id: PersonId(id(2)),
        programme: "Test".to_owned(),
        primary_worker_id: WorkerId(id(3)),
        state,
        risk: Risk { level: RiskLevel::Low, reason: None, since: None },
        opened_on: Date::new(2026, 1, 1).expect("a day"),
        last_contact_on: None,
        contact_every_days: 30,
        alerts: Vec::new(),
        written: domain::Writers::new(),
    })])
}

fn judge_as(role: Role, state: CaseState, tenure: Tenure, group: &[&Mutation]) -> Vec<Judgement> {
    let tenure = |_| tenure;
    let held_create = |entity: Uuid| (entity == id(500)).then(|| Mid(id(5)));
    let actor = Actor { worker_id: WorkerId(id(3)), may: Permissions::usual(role) };
    judge(group, Knowledge { actor, received_at: now(), records: records(state), tenure: &tenure, held_create: &held_create })
}

fn judge_one(state: CaseState, tenure: Tenure, mutation: &Mutation) -> Judgement {
    judge_as(Role::CaseManager, state, tenure, &[mutation]).remove(0)
}

fn visit(number: u128) -> Command {
    let case_id = CaseId(id(1));
    Command::PlanVisit(PlanVisit { visit_id: VisitId(id(number)), case_id, planned_at: now(), mode: ContactMode::Office })
}

fn outcome(judgement: &Judgement) -> (Status, Option<&str>) {
    (judgement.result.status, judgement.result.code.as_deref())
}

#[test]
fn a_note_is_applied_with_all_that_it_changes() {
    let judgement = judge_one(CaseState::Active, Tenure::Holds, &signing(1, 10));
    assert_eq!(outcome(&judgement), (Status::Applied, None));
    assert_eq!((judgement.changed.len(), judgement.result.received_at), (2, Some(now())));
}

#[test]
fn a_group_stands_or_falls_as_one() {
    let (good, bad) = (signing(1, 10), mutation(2, 11, &Command::SignNote(note(11, " "))));
    let judged = judge_as(Role::CaseManager, CaseState::Active, Tenure::Holds, &[&good, &bad]);
    assert_eq!(
        judged.iter().map(outcome).collect::<Vec<_>>(),
        [(Status::Blocked, Some("group-not-applied")), (Status::Quarantined, Some("narrative-empty")),]
    );
    assert_eq!(judged[0].result.blocked_by, Some(Mid(id(11))));
    assert!(judged.iter().all(|judgement| judgement.changed.is_empty()));
}

#[test]
fn a_member_of_a_group_sees_what_the_one_before_made() {
    let telling = SignNote { visit_id: Some(VisitId(id(20))), ..note(10, "As planned.") };
    let (plan, tell) = (mutation(1, 1, &visit(20)), mutation(2, 2, &Command::SignNote(telling)));
    let judged = judge_as(Role::CaseManager, CaseState::Active, Tenure::Holds, &[&plan, &tell]);
    assert!(judged.iter().all(|judgement| judgement.result.status == Status::Applied));
}

#[test]
fn what_needs_a_record_in_quarantine_is_blocked_by_it() {
    let waiting = SignNote { visit_id: Some(VisitId(id(500))), ..note(10, "As planned.") };
    let blocked = judge_one(CaseState::Active, Tenure::Holds, &mutation(1, 1, &Command::SignNote(waiting)));
    assert_eq!(outcome(&blocked), (Status::Blocked, Some("depends-on-held")));
    assert_eq!(blocked.result.blocked_by, Some(Mid(id(5))));
    let lost = SignNote { visit_id: Some(VisitId(id(501))), ..note(10, "As planned.") };
    let refused = judge_one(CaseState::Active, Tenure::Holds, &mutation(1, 1, &Command::SignNote(lost)));
    assert_eq!(outcome(&refused), (Status::Quarantined, Some("no-such-visit")));
}

#[test]
fn a_note_for_a_case_lost_lately_is_taken_and_marked_and_nothing_else_is() {
    let days_ago = |days: i64| Tenure::Ended(now().plus_minutes(-days * 24 * 60));
    let late = judge_one(CaseState::Active, days_ago(LATE_GRACE_DAYS), &signing(1, 10));
    assert_eq!(outcome(&late), (Status::Applied, None));
    assert!(late.changed.iter().any(|record| matches!(record, Record::Note(note) if note.late_after_reassignment)));
    let refused = (Status::Quarantined, Some("no-such-case"));
    assert_eq!(outcome(&judge_one(CaseState::Active, days_ago(LATE_GRACE_DAYS + 1), &signing(1, 10))), refused);
    assert_eq!(outcome(&judge_one(CaseState::Active, days_ago(1), &mutation(1, 1, &visit(20)))), refused);
    assert_eq!(outcome(&judge_one(CaseState::Active, Tenure::Never, &signing(1, 10))), refused);
}

#[test]
fn an_envelope_or_body_that_makes_no_sense_is_kept_for_a_person() {
    let quarantined = |mutation: &Mutation| {
        let judgement = judge_one(CaseState::Active, Tenure::Holds, mutation);
        assert_eq!(judgement.result.status, Status::Quarantined);
        judgement.result.code.expect("a reason")
    };
    assert_eq!(quarantined(&Mutation { kind: "note.sing".to_owned(), ..signing(1, 10) }), "unknown-type");
    assert_eq!(quarantined(&Mutation { v: 99, ..signing(1, 10) }), "unknown-type");
    let body = RawValue::from_string("[1, 2]".to_owned()).expect("JSON");
    assert_eq!(quarantined(&Mutation { body, ..signing(1, 10) }), "malformed-body");
    assert_eq!(quarantined(&Mutation { entity_id: id(77), ..signing(1, 10) }), "entity-mismatch");
    assert_eq!(
        quarantined(&mutation(1, 1, &Command::CompleteTask(CompleteTask { task_id: TaskId(id(9)), case_id: CaseId(id(1)) }))),
        "no-such-task"
    );
}

#[test]
fn who_may_not_write_is_told_so_and_the_text_is_kept() {
    let judged = judge_as(Role::Administrator, CaseState::Active, Tenure::Holds, &[&signing(1, 10)]);
    assert_eq!(outcome(&judged[0]), (Status::Quarantined, Some("role-may-not-write")));
}

#[test]
fn every_rejection_has_a_code_in_kebab_case() {
    use domain::NarrativeError;
    let codes = [
        (Rejection::NoSuchCase, "no-such-case"),
        (Rejection::RoleMayNotWrite, "role-may-not-write"),
        (Rejection::IdTaken, "id-taken"),
        (Rejection::Narrative(NarrativeError::Empty), "narrative-empty"),
        (Rejection::Narrative(NarrativeError::TooLong), "narrative-too-long"),
        (Rejection::DurationTooLong, "duration-too-long"),
        (Rejection::NoSuchGoal, "no-such-goal"),
        (Rejection::NoSuchTask, "no-such-task"),
        (Rejection::NoSuchVisit, "no-such-visit"),
        (Rejection::CaseClosed, "case-closed"),
        (Rejection::TaskAlreadyDone, "task-already-done"),
    ];
    for (rejection, code) in codes {
        assert_eq!(rejection_code(rejection), code);
    }
}

// Pull.

fn plan(held: &[(u128, u32, u64)], visible: &[(u128, u32, u64, u64)], same_incarnation: bool, first: Option<u128>) -> PullPlan {
    let held: BTreeMap<_, _> = held.iter().map(|(scope, epoch, head)| (ScopeId(id(*scope)), Held { epoch: *epoch, head: *head })).collect();
    let visible: BTreeMap<_, _> = (visible.iter())
        .map(|(scope, epoch, head, floor)| (ScopeId(id(*scope)), ScopeHead { epoch: *epoch, head: *head, floor: *floor }))
        .collect();
    plan_pull(&held, &visible, same_incarnation, first.map(|scope| ScopeId(id(scope))))
}

fn taken(plan: &PullPlan) -> Vec<(u128, u64, bool)> {
    plan.take.iter().map(|take| (take.scope_id.0.as_u128(), take.after, take.full)).collect()
}

#[test]
fn a_device_that_is_up_to_date_gets_nothing() {
    assert_eq!(plan(&[(1, 1, 5)], &[(1, 1, 5, 0)], true, None), PullPlan::default());
}

#[test]
fn a_device_gets_what_is_new_and_forgets_what_it_may_not_see() {
    let plan = plan(&[(1, 1, 5), (2, 1, 9)], &[(1, 1, 8, 5), (3, 1, 2, 0)], true, None);
    assert_eq!(plan.forget, [ScopeId(id(2))]);
    assert_eq!(taken(&plan), [(1, 5, false), (3, 0, true)]);
}

#[test]
fn a_state_that_does_not_lead_on_is_replaced_whole() {
    let visible = [(1, 2, 8, 4)];
    for held in [(1, 1, 8), (1, 3, 8), (1, 2, 9), (1, 2, 3), (1, 0, 0)] {
        assert_eq!(taken(&plan(&[held], &visible, true, None)), [(1, 0, true)], "{held:?}");
    }
    assert_eq!(taken(&plan(&[(1, 2, 8)], &visible, false, None)), [(1, 0, true)], "another life of the database");
    assert_eq!(taken(&plan(&[(1, 0, 0)], &[(1, 0, 0, 0)], true, None)), [(1, 0, true)], "worthless is worthless");
}

#[test]
fn the_scope_that_somebody_waits_for_comes_first() {
    let plan = plan(&[], &[(1, 1, 8, 0), (2, 1, 8, 0), (3, 1, 8, 0)], true, Some(3));
    assert_eq!(taken(&plan).iter().map(|(scope, ..)| *scope).collect::<Vec<_>>(), [3, 1, 2]);
}

#[test]
fn a_page_ends_before_the_entry_that_was_left_out() {
    let plan = plan(&[], &[(1, 1, 8, 5)], true, None);
    assert_eq!((plan.take[0].at_least, plan.take[0].through(Some(7)), plan.take[0].through(None)), (5, 6, 8));
}

#[test]
fn a_scope_in_which_nothing_ever_was_is_not_sent() {
    let empty = BTreeMap::from([(ScopeId(id(1)), ScopeHead { epoch: 1, head: 0, floor: 0 })]);
    assert_eq!(plan_pull(&BTreeMap::new(), &empty, true, None), PullPlan::default());
    let restored = BTreeMap::from([(ScopeId(id(1)), Held { epoch: 1, head: 4 })]);
    assert_eq!(plan_pull(&restored, &empty, true, None).take.len(), 1, "whoever holds something of it is told that it is gone");
}
