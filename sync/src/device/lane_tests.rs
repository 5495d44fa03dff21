//! The lane, answer by answer.

use uuid::Uuid;

use super::*;
use crate::wire::{Base64, CHUNK_BYTES};

fn id(number: u128) -> AttachmentId {
    AttachmentId(Uuid::from_u128(number))
}

fn key(key_id: &str) -> SealedKey {
    let part = || Base64("AA".to_owned());
    SealedKey { key_id: key_id.to_owned(), sender_key: part(), iv: part(), ct: part() }
}

/// One of three chunks, whose note is saved.
fn parcel(number: u128) -> Parcel {
    Parcel {
        attachment_id: id(number),
        size_bytes: 2 * CHUNK_BYTES as u64 + 1,
        sha256: ContentHash::of_digest(&[7; 32]),
        key: Some(key("first")),
        signed: true,
        refused: None,
    }
}

fn missing(chunks: &[u32]) -> Answer {
    Answer::State(UploadState { missing: chunks.to_vec(), received: false, refused: None })
}

fn refused(code: &str) -> Answer {
    Answer::State(UploadState { missing: Vec::new(), received: false, refused: Some(code.to_owned()) })
}

fn received() -> Answer {
    Answer::State(UploadState { missing: Vec::new(), received: true, refused: None })
}

fn answer(lane: &mut Lane, step: &Step, answer: Answer) -> LaneWrites {
    assert_eq!(lane.next(0, true), Next::Do(step.clone()));
    lane.answered(step, answer, 0, 0.0)
}

#[test]
fn a_content_is_sent_chunk_by_chunk_and_let_go_with_its_receipt_only() {
    let mut lane = Lane::restore([parcel(1)]);
    assert!(answer(&mut lane, &Step::Begin(id(1)), missing(&[0, 2])).is_empty());
    assert!(answer(&mut lane, &Step::Chunk(id(1), 0), missing(&[2])).is_empty());
    assert_eq!(lane.parcels().map(|(_, progress)| progress).collect::<Vec<_>>(), [Progress { sent: 2, of: 3 }]);
    // Everything is there, and nobody has said that it was looked at.
    assert!(answer(&mut lane, &Step::Chunk(id(1), 2), missing(&[])).is_empty());
    assert_eq!(lane.next(0, true), Next::WaitUntil(2_000));
    assert_eq!(lane.next(2_000, true), Next::Do(Step::Begin(id(1))));
    assert_eq!(lane.answered(&Step::Begin(id(1)), received(), 2_000, 0.0), LaneWrites { drop: vec![id(1)], ..LaneWrites::default() });
    assert_eq!(lane.next(2_000, true), Next::Rest);
}

#[test]
fn nothing_is_sent_before_its_note_is_saved() {
    let mut lane = Lane::restore([Parcel { signed: false, ..parcel(1) }]);
    assert_eq!(lane.next(0, true), Next::Rest);
    assert_eq!(lane.sign(id(1)), LaneWrites { put: vec![id(1)], ..LaneWrites::default() });
    assert!(lane.sign(id(1)).is_empty());
    assert_eq!(lane.next(0, true), Next::Do(Step::Begin(id(1))));
}

#[test]
fn a_chunk_that_is_not_known_begins_anew_and_the_second_time_a_person_is_told() {
    let mut lane = Lane::restore([parcel(1)]);
    answer(&mut lane, &Step::Begin(id(1)), missing(&[0, 1, 2]));
    assert!(answer(&mut lane, &Step::Chunk(id(1), 0), Answer::NotFound).is_empty());
    answer(&mut lane, &Step::Begin(id(1)), missing(&[0, 1, 2]));
    // A chunk that opens says that the beginning was lost, not the chunk.
    answer(&mut lane, &Step::Chunk(id(1), 0), missing(&[1, 2]));
    answer(&mut lane, &Step::Chunk(id(1), 1), Answer::NotFound);
    answer(&mut lane, &Step::Begin(id(1)), missing(&[1, 2]));
    assert_eq!(answer(&mut lane, &Step::Chunk(id(1), 1), Answer::NotFound).put, [id(1)]);
    assert_eq!(lane.parcel(id(1)).and_then(|parcel| parcel.refused.as_deref()), Some(DAMAGED));
    assert_eq!(lane.next(0, true), Next::Rest);
    // What a person decides.
    assert_eq!(lane.try_again(id(1)).put, [id(1)]);
    assert_eq!(lane.next(0, true), Next::Do(Step::Begin(id(1))));
    assert_eq!(lane.remove(id(1)).drop, [id(1)]);
}

#[test]
fn one_that_fails_or_is_refused_holds_no_other_up() {
    let mut lane = Lane::restore([parcel(1), parcel(2), parcel(3)]);
    answer(&mut lane, &Step::Begin(id(1)), Answer::Later { retry_after_ms: Some(90_000) });
    assert_eq!(answer(&mut lane, &Step::Begin(id(2)), refused(refusal::HASH_DIFFERS)).put, [id(2)]);
    answer(&mut lane, &Step::Begin(id(3)), received());
    assert_eq!(lane.next(0, true), Next::WaitUntil(90_000));
    assert_eq!(lane.parcel(id(1)).and_then(|parcel| parcel.refused.as_deref()), None);
    // Also where it may be tried again by now.
    lane.add(parcel(4));
    assert_eq!(lane.next(90_000, true), Next::Do(Step::Begin(id(4))));
}

#[test]
fn where_nobody_answers_everything_waits_longer_each_time_until_the_connection_is_back() {
    let mut lane = Lane::restore([parcel(1), parcel(2)]);
    let step = Step::Begin(id(1));
    let mut now_ms = 0;
    let waits = (0..9).map(|_| {
        lane.answered(&step, Answer::Nobody, now_ms, 0.0);
        let Next::WaitUntil(until_ms) = lane.next(now_ms, true) else { panic!("everything waits") };
        let wait_ms = until_ms - now_ms;
        now_ms = until_ms;
        wait_ms
    });
    assert_eq!(waits.collect::<Vec<_>>(), [2_000, 4_000, 8_000, 16_000, 32_000, 64_000, 128_000, 256_000, 300_000]);
    lane.answered(&step, Answer::Nobody, now_ms, 1.0);
    assert_eq!(lane.next(now_ms, true), Next::WaitUntil(now_ms + 600_000));
    lane.line_is_back();
    assert_eq!(lane.next(now_ms, true), Next::Do(step));
}

#[test]
fn what_the_server_did_not_know_goes_on_when_the_device_was_registered() {
    let mut lane = Lane::restore([parcel(1)]);
    for _ in 0..4 {
        lane.answered(&Step::Begin(id(1)), Answer::NotFound, 0, 0.0);
    }
    assert!(matches!(lane.next(1_000, true), Next::WaitUntil(_)));
    lane.line_is_back();
    assert_eq!(lane.next(1_000, true), Next::Do(Step::Begin(id(1))));
    // What a busy server asked for is kept to.
    answer(&mut lane, &Step::Begin(id(1)), Answer::Later { retry_after_ms: Some(60_000) });
    lane.line_is_back();
    assert!(matches!(lane.next(1_000, true), Next::WaitUntil(_)));
}

#[test]
fn a_key_that_the_server_lost_is_sealed_anew_by_an_unlocked_device() {
    let mut lane = Lane::restore([parcel(1)]);
    answer(&mut lane, &Step::Begin(id(1)), refused(refusal::KEY_NOT_OPENED));
    assert_eq!(lane.next(2_000, false), Next::Rest);
    assert_eq!(lane.next(2_000, true), Next::Do(Step::Seal(id(1))));
    assert_eq!(lane.sealed(id(1), key("second")).put, [id(1)]);
    assert_eq!(lane.next(0, false), Next::Do(Step::Begin(id(1))));
    assert_eq!(lane.parcel(id(1)).and_then(|parcel| parcel.key.clone()), Some(key("second")));
    // One that was taken before the server's key was known.
    lane = Lane::restore([Parcel { key: None, ..parcel(2) }]);
    assert_eq!(lane.next(0, false), Next::Rest);
    assert_eq!(lane.next(0, true), Next::Do(Step::Seal(id(2))));
}

#[test]
fn a_lane_goes_on_after_the_page_from_what_the_server_has() {
    let mut lane = Lane::restore([parcel(1)]);
    answer(&mut lane, &Step::Begin(id(1)), missing(&[1]));
    let kept: Vec<Parcel> = lane.parcels().map(|(parcel, _)| parcel.clone()).collect();
    let json = serde_json::to_string(&kept).unwrap();
    let mut lane = Lane::restore(serde_json::from_str::<Vec<Parcel>>(&json).unwrap());
    answer(&mut lane, &Step::Begin(id(1)), missing(&[1]));
    answer(&mut lane, &Step::Chunk(id(1), 1), received());
    assert_eq!(lane.next(0, true), Next::Rest);
}
