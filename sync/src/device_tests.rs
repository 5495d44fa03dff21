use domain::{CaseId, Command, CompleteTask, DateTime, ScopeId, TaskId};
use uuid::Uuid;

use super::*;
use crate::wire::{Problem, ProblemCode, PullResponse, PushResponse, ScopeDelta, Status};

fn id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

fn now() -> DateTime {
    DateTime::from_unix_ms(1_790_000_000_000, 0)
}

fn new(number: u128, group: Option<u128>) -> NewMutation {
    NewMutation {
        mid: Mid(id(number)),
        group_id: group.map(|group| GroupId(id(group))),
        scope_id: ScopeId(id(1)),
        command: Command::CompleteTask(CompleteTask { task_id: TaskId(id(number)), case_id: CaseId(id(1)) }),
        recorded_at: now(),
        app_build: "test".to_owned(),
    }
}

/// A registered device with `count` unsent entries whose `mid`s are 1 to `count`.
fn device(count: u128) -> Device {
    let mut device = Device::new(DeviceId(id(1000)));
    device.mark_registered();
    device.save((1..=count).map(|number| new(number, None)).collect());
    device
}

fn response(device_last_seq: u64, safe_seq: u64, statuses: &[Status]) -> PushResponse {
    let results = (1u64..).zip(statuses).map(|(seq, status)| PushResult {
        seq,
        mid: Mid(id(u128::from(seq))),
        status: *status,
        code: None,
        blocked_by: None,
        skipped: Vec::new(),
        received_at: Some(now()),
    });
    PushResponse { incarnation: IncarnationId(id(7)), device_last_seq, safe_seq, server_time: now(), results: results.collect() }
}

fn pull(device: &Device, device_last_seq: u64, safe_seq: u64) -> PullResponse {
    PullResponse {
        generation: device.meta().generation,
        incarnation: IncarnationId(id(7)),
        device_last_seq: Some(device_last_seq),
        safe_seq,
        server_time: now(),
        forget: Vec::new(),
        scopes: Vec::new(),
        more: false,
        wipe: false,
        policy: DevicePolicy::default(),
        seal_key: None,
    }
}

fn push(device: &mut Device, response: &PushResponse) -> Writes {
    let request = device.next_push().expect("something is unsent");
    device.pushed(&request, response)
}

fn seqs(device: &Device) -> Vec<u64> {
    device.entries().map(|entry| entry.mutation.seq).collect()
}

#[test]
fn what_is_saved_is_numbered_and_unsent() {
    let mut device = device(1);
    let writes = device.save(vec![new(2, None), new(3, None)]);
    assert_eq!(writes, Writes { meta: true, put: vec![2, 3], drop: vec![] });
    assert_eq!((seqs(&device), device.unsent(), device.meta().next_seq), (vec![1, 2, 3], 3, 4));
    assert!(device.entries().all(|entry| device.standing(entry) == Standing::Saved));
}

#[test]
fn what_was_written_while_locked_gets_a_place_and_stays_what_it_was() {
    let mut before = Device::new(DeviceId(id(1)));
    before.save(vec![new(8, None), new(9, None)]);
    let written: Vec<Mutation> = before.entries().map(|entry| Mutation { seq: 0, ..entry.mutation.clone() }).collect();
    let mut device = device(1);
    assert_eq!(device.adopt(written.clone()), Writes { meta: true, put: vec![2, 3], drop: vec![] });
    assert_eq!((seqs(&device), device.unsent()), (vec![1, 2, 3], 3));
    let adopted = &device.entry(2).expect("it has its place").mutation;
    assert_eq!((adopted.mid, adopted.body.get(), adopted.recorded_at), (Mid(id(8)), written[0].body.get(), now()));
    assert!(device.adopt(written).is_empty(), "it is there already");
}

#[test]
fn nothing_is_sent_before_the_device_is_known() {
    let mut device = Device::new(DeviceId(id(1000)));
    device.save(vec![new(1, None)]);
    assert!(device.next_push().is_none());
    assert_eq!(device.next_pull(None, 1000).device_id, None);
    device.mark_registered();
    assert_eq!(device.next_push().expect("it is known now").mutations.len(), 1);
}

#[test]
fn an_entry_stays_until_a_complete_pull_says_it_is_safe() {
    let mut device = device(2);
    push(&mut device, &response(2, 1, &[Status::Applied, Status::Applied]));
    assert_eq!(device.entries().map(|entry| device.standing(entry)).collect::<Vec<_>>(), [Standing::Safe, Standing::Received]);
    let mut first_page = pull(&device, 2, 2);
    first_page.more = true;
    device.pulled(&first_page, now());
    assert_eq!(seqs(&device), [1, 2]);
    let last_page = pull(&device, 2, 2);
    let Pulled::Fresh { writes, .. } = device.pulled(&last_page, now()) else { panic!("the answer is fresh") };
    assert_eq!((writes.drop, seqs(&device)), (vec![1, 2], vec![]));
}

#[test]
fn what_waits_for_a_person_stays_until_it_is_dismissed_and_is_not_shown_as_done() {
    let mut device = device(3);
    push(&mut device, &response(3, 2, &[Status::Quarantined, Status::Applied, Status::Blocked]));
    let answer = pull(&device, 3, 2);
    device.pulled(&answer, now());
    assert_eq!(seqs(&device), [1, 3]);
    assert_eq!(device.overlay().count(), 0);
    assert!(device.dismiss(3).is_empty(), "the server's copy is not safe");
    assert_eq!(device.dismiss(1).drop, [1]);
    assert_eq!(seqs(&device), [3]);
}

#[test]
fn a_word_that_this_build_does_not_know_is_no_receipt() {
    let mut device = device(2);
    let writes = push(&mut device, &response(0, 0, &[Status::Unknown, Status::NotAttempted]));
    assert_eq!((writes.put, device.unsent()), (vec![], 2));
}

#[test]
fn a_receipt_for_another_mutation_is_no_receipt() {
    let mut device = device(1);
    let mut answer = response(1, 1, &[Status::Applied]);
    answer.results[0].mid = Mid(id(99));
    push(&mut device, &answer);
    assert_eq!(device.unsent(), 1);
}

#[test]
fn an_answer_to_an_identity_given_up_is_ignored() {
    let mut device = device(1);
    let request = device.next_push().expect("something is unsent");
    device.take_identity(DeviceId(id(1001)));
    assert!(device.pushed(&request, &response(1, 1, &[Status::Applied])).is_empty());
    assert_eq!(device.unsent(), 1);
}

#[test]
fn a_group_is_never_split() {
    let mut device = device(3);
    device.save(vec![new(4, Some(50)), new(5, Some(50)), new(6, Some(60))]);
    let sent = |device: &Device| device.next_push().map(|request| request.mutations.len());
    assert_eq!(sent(&device), Some(6));
    device.batch = push::Batch::of(4);
    assert_eq!(sent(&device), Some(3));
    push(&mut device, &response(3, 0, &[Status::Applied; 3]));
    device.batch = push::Batch::of(1);
    assert_eq!(sent(&device), Some(2), "a group travels whole, however small the batch");
}

#[test]
fn fault_10_a_server_that_went_back_gets_everything_again() {
    let mut device = device(3);
    push(&mut device, &response(3, 1, &[Status::Applied; 3]));
    let answer = pull(&device, 1, 1);
    let Pulled::Fresh { writes, .. } = device.pulled(&answer, now()) else { panic!("the answer is fresh") };
    assert_eq!((writes.put, writes.drop, device.unsent()), (vec![2, 3], vec![1], 2));
}

#[test]
fn fault_10_another_life_of_the_server_makes_receipts_and_heads_worthless() {
    let mut device = device(1);
    let scope_id = ScopeId(id(1));
    push(&mut device, &response(1, 0, &[Status::Applied]));
    let mut answer = pull(&device, 1, 0);
    answer.scopes.push(ScopeDelta {
        scope_id,
        keep: Keep::Disk,
        epoch: 1,
        full: true,
        through: 5,
        head: 5,
        records: vec![],
        deleted: vec![],
    });
    device.pulled(&answer, now());
    let mut restored = pull(&device, 1, 0);
    restored.incarnation = IncarnationId(id(8));
    device.pulled(&restored, now());
    assert_eq!(device.unsent(), 1);
    assert_eq!(device.meta().scopes[&scope_id], Held::WORTHLESS, "still in the vector, so that it can be forgotten");
}

#[test]
fn fault_04_an_answer_to_an_older_question_is_stale() {
    let mut device = device(0);
    let old = pull(&device, 0, 0);
    device.pulled(&old, now());
    assert_eq!(device.pulled(&old, now()), Pulled::Stale);
}

#[test]
fn fault_11_a_forked_device_takes_a_new_identity_and_loses_nothing() {
    let mut device = device(4);
    assert!(device.name("Maria's tablet".to_owned()).meta);
    push(&mut device, &response(4, 2, &[Status::Applied, Status::Applied, Status::Applied, Status::NotAttempted]));
    let answer = pull(&device, 4, 2);
    device.pulled(&answer, now());
    let generation = device.meta().generation;
    let writes = device.push_refused(&problem(ProblemCode::DeviceForked, None), DeviceId(id(1001)));
    assert_eq!((writes.put, writes.drop), (vec![1, 2], vec![3, 4]));
    assert_eq!(device.entries().map(|entry| entry.mutation.mid.0).collect::<Vec<_>>(), [id(3), id(4)]);
    assert_eq!((device.unsent(), device.meta().next_seq, device.meta().safe_seq), (2, 3, 0));
    assert!(!device.meta().registered && device.meta().generation > generation);
    assert_eq!(device.meta().label, "Maria's tablet", "the server is told of it under its new identity");
}

#[test]
fn fault_03_a_gap_that_can_be_filled_is_filled_and_another_one_ends_the_identity() {
    let mut device = device(3);
    push(&mut device, &response(3, 1, &[Status::Applied; 3]));
    device.push_refused(&problem(ProblemCode::SeqGap, Some(2)), DeviceId(id(1001)));
    assert_eq!((device.unsent(), device.meta().device_id), (2, DeviceId(id(1000))));
    let answer = pull(&device, 3, 1);
    device.pulled(&answer, now());
    device.push_refused(&problem(ProblemCode::SeqGap, Some(1)), DeviceId(id(1001)));
    assert_eq!((device.unsent(), device.meta().device_id), (2, DeviceId(id(1001))));
}

fn problem(code: ProblemCode, expected: Option<u64>) -> Problem {
    Problem { status: 409, code, title: String::new(), expected }
}

/// I8: nothing that can be said to a push takes an entry away.
#[test]
fn fault_27_no_refusal_of_any_kind_takes_an_entry_away() {
    const CODES: [ProblemCode; 16] = [
        ProblemCode::SignInNeeded,
        ProblemCode::WrongPassword,
        ProblemCode::TooManyTries,
        ProblemCode::CrossSite,
        ProblemCode::NotFound,
        ProblemCode::Malformed,
        ProblemCode::TooLarge,
        ProblemCode::DeviceUnknown,
        ProblemCode::DeviceRevoked,
        ProblemCode::NotAllowed,
        ProblemCode::StepUpNeeded,
        ProblemCode::DeviceForked,
        ProblemCode::SeqGap,
        ProblemCode::UpgradeRequired,
        ProblemCode::Unavailable,
        ProblemCode::Unknown,
    ];
    for code in CODES {
        for expected in [None, Some(0), Some(1), Some(2), Some(9), Some(u64::MAX)] {
            for status in [200, 204, 302, 400, 401, 403, 404, 409, 413, 426, 429, 500, 502, 503, 599] {
                let mut device = device(3);
                push(&mut device, &response(1, 0, &[Status::Applied]));
                let problem = Problem { status, ..problem(code, expected) };
                for _ in 0..3 {
                    device.push_refused(&problem, DeviceId(id(1001)));
                    device.pull_refused(&problem);
                }
                assert_eq!(device.entries().count(), 3, "{code:?} {expected:?}");
                device.mark_registered();
                assert!(device.next_push().is_some(), "{code:?} {expected:?}");
            }
        }
    }
}

/// I8: of all words for a status, only those that say the server has it are receipts.
#[test]
fn fault_27_no_word_for_a_status_takes_an_entry_away() {
    let words = ["applied", "merged", "conflict", "quarantined", "blocked", "not-attempted", "ok", "done", "APPLIED", ""];
    for word in words {
        let mut device = device(1);
        let text = format!(
            r#"{{"incarnation":"{}","device_last_seq":1,"safe_seq":1,"server_time":"2026-11-22T10:00:00Z",
                "results":[{{"seq":1,"mid":"{}","status":"{word}"}}]}}"#,
            id(7),
            id(1)
        );
        push(&mut device, &serde_json::from_str(&text).expect("any word is read"));
        assert_eq!(device.entries().count(), 1, "{word}");
        let known = ["applied", "merged", "conflict", "quarantined", "blocked"].contains(&word);
        assert_eq!(device.unsent(), usize::from(!known), "{word}");
    }
}

#[test]
fn a_device_that_saw_a_later_time_is_not_fooled_by_a_clock_that_is_set_back() {
    let mut device = device(0);
    assert_eq!(device.see(now()), Writes::default(), "before the first contact there is nothing to lose");
    device.pulled(&pull(&device, 0, 0), now());
    let later = now().plus_minutes(80 * 60);
    assert!(device.see(later).meta);
    assert_eq!(device.meta().standing(now()), domain::Standing::Ended);
    assert!(!device.see(now()).meta, "nothing new was seen");
}

#[test]
fn a_device_goes_on_from_what_was_persisted() {
    let mut device = device(3);
    push(&mut device, &response(2, 0, &[Status::Applied, Status::Quarantined]));
    let meta = serde_json::to_string(device.meta()).expect("plain data");
    let entries: Vec<String> = device.entries().map(|entry| serde_json::to_string(entry).expect("plain data")).collect();
    let back = Device::restore(
        serde_json::from_str(&meta).expect("what was written is read"),
        entries.iter().map(|entry| serde_json::from_str(entry).expect("what was written is read")).collect(),
    );
    assert_eq!(back.meta(), device.meta());
    assert_eq!((back.unsent(), back.overlay().count()), (1, 2));
}

#[test]
fn fault_11_a_server_that_counts_further_than_the_device_has_heard_from_a_copy_of_it() {
    let mut device = device(2);
    push(&mut device, &response(2, 0, &[Status::Applied; 2]));
    let answer = pull(&device, 5, 5);
    let Pulled::Fresh { writes, .. } = device.pulled(&answer, now()) else { panic!("the answer is fresh") };
    assert_eq!((writes.put, writes.drop, device.unsent(), device.meta().next_seq), (vec![1, 2], vec![], 2, 6));
    push(&mut device, &response(5, 5, &[Status::Applied; 2]));
    assert_eq!(device.unsent(), 0, "once it has compared, it is content");
}

#[test]
fn a_batch_that_was_too_large_is_halved_down_to_one() {
    let mut device = device(5);
    let sent = |device: &Device| device.next_push().map_or(0, |request| request.mutations.len());
    device.batch = push::Batch::of(4);
    assert_eq!(sent(&device), 4);
    for expected in [2, 1, 1] {
        assert!(device.push_refused(&problem(ProblemCode::TooLarge, None), DeviceId(id(1001))).is_empty());
        assert_eq!(sent(&device), expected);
    }
}

#[test]
fn fault_12_a_device_whose_storage_was_cleared_begins_anew_and_takes_no_answer_to_its_old_self() {
    let mut before = device(2);
    let request = before.next_push().expect("something is unsent");
    let mut after = Device::new(DeviceId(id(1001)));
    assert!(after.pushed(&request, &response(2, 2, &[Status::Applied; 2])).is_empty());
    assert!(!after.meta().registered);
    let asked = after.next_pull(None, 1_000);
    assert_eq!((asked.device_id, asked.incarnation, asked.scopes.len()), (None, None, 0), "it asks for everything, as somebody new");
    // Its numbers begin again at 1, under another identity: the server can tell them apart.
    after.mark_registered();
    after.save(vec![new(9, None)]);
    let sent = after.next_push().expect("something is unsent");
    assert_eq!((sent.device_id, sent.mutations[0].seq), (DeviceId(id(1001)), 1));
    assert_ne!(sent.device_id, before.next_push().expect("something is unsent").device_id);
    before.mark_registered();
}

/// A store that may refuse: what it keeps is what the shipped core asks it to keep, all or nothing.
#[derive(Default)]
struct FakeStore {
    meta: Option<Meta>,
    entries: BTreeMap<u64, Entry>,
    refuses: bool,
}

impl FakeStore {
    fn keep(&mut self, device: &Device, writes: &Writes) -> Result<(), ()> {
        if self.refuses {
            return Err(());
        }
        self.meta = writes.meta.then(|| device.meta().clone()).or(self.meta.take());
        for seq in &writes.put {
            self.entries.insert(*seq, device.entry(*seq).expect("what is to be written is there").clone());
        }
        writes.drop.iter().for_each(|seq| drop(self.entries.remove(seq)));
        Ok(())
    }
}

#[test]
fn fault_16_a_store_that_refuses_changes_nothing_and_takes_the_same_later() {
    let mut store = FakeStore::default();
    let mut device = device(0);
    store.refuses = true;
    for _ in 0..3 {
        let mut tried = device.clone();
        let writes = tried.save(vec![new(1, None)]);
        match store.keep(&tried, &writes) {
            Ok(()) => device = tried,
            Err(()) => assert_eq!((device.unsent(), device.meta().next_seq), (0, 1), "as if it had not been tried"),
        }
        assert!(store.entries.is_empty());
    }
    store.refuses = false;
    let writes = device.save(vec![new(1, None)]);
    store.keep(&device, &writes).expect("it takes it now");
    // A receipt that could not be kept is asked for again, and the number stays.
    let mut tried = device.clone();
    let writes = push(&mut tried, &response(1, 0, &[Status::Applied]));
    store.refuses = true;
    store.keep(&tried, &writes).expect_err("it refuses");
    let back = Device::restore(store.meta.clone().expect("it was written"), store.entries.values().cloned().collect());
    let sent = back.next_push().expect("it is still unsent");
    assert_eq!((sent.device_id, sent.mutations[0].mid, seqs(&back)), (device.meta().device_id, Mid(id(1)), vec![1]));
}

#[test]
fn nothing_may_be_on_disk_where_the_agency_lets_no_device_keep_anything() {
    let (mut device, scope_id) = (device(0), ScopeId(id(7)));
    assert!(device.meta().may_be_on_disk(scope_id));
    let policy = DevicePolicy { offline_storage: false, ..DevicePolicy::default() };
    device.pulled(&PullResponse { policy, ..pull(&device, 0, 0) }, now());
    assert!(!device.meta().may_be_on_disk(scope_id));
}
