//! The examples in docs/sync-protocol.md are what this build reads.

#![expect(clippy::unwrap_used, reason = "all of it is test code, also what stands outside of test functions")]

use serde::de::DeserializeOwned;
use sync::{
    office::{Admission, admit},
    wire::{
        BeginUpload, FetchAttachment, Problem, ProblemCode, PullRequest, PullResponse, PushRequest, PushResponse, RegisterDevice,
        SealedRequest, Status, UploadState, refusal,
    },
};

const PAGE: &str = include_str!("../../docs/sync-protocol.md");

/// The example of this name, read as what it is an example of.
fn example<T: DeserializeOwned>(name: &str) -> T {
    let (_, rest) = PAGE.split_once(&format!("```json {name}\n")).unwrap_or_else(|| panic!("no example of {name}"));
    let (json, _) = rest.split_once("```").unwrap();
    serde_json::from_str(json).unwrap_or_else(|error| panic!("{name}: {error}"))
}

#[test]
fn every_example_is_read() {
    example::<RegisterDevice>("register");
    assert_eq!(example::<SealedRequest>("sealed-request").mutations.len(), 1);
    assert_eq!(example::<BeginUpload>("begin-upload").size_bytes, 600_000);
    assert_eq!(example::<UploadState>("upload-state").missing, [1, 2]);
    example::<FetchAttachment>("fetch-attachment");
    assert_eq!(example::<PullRequest>("pull-request").scopes.len(), 2);
    let pulled = example::<PullResponse>("pull-response");
    assert_eq!((pulled.scopes.len(), pulled.forget.len(), pulled.more), (2, 1, true));
    assert!(pulled.scopes[1].full && !pulled.scopes[0].full);
    assert_eq!(example::<Problem>("problem").code, ProblemCode::SeqGap);
    let statuses: Vec<Status> = example::<PushResponse>("push-response").results.iter().map(|result| result.status).collect();
    assert_eq!(statuses, [Status::Merged, Status::Applied, Status::Quarantined, Status::Blocked, Status::NotAttempted]);
}

#[test]
fn the_example_of_a_push_is_one_that_is_taken() {
    let push = example::<PushRequest>("push-request");
    for (mutation, last_seq) in push.mutations.iter().zip(40..) {
        assert_eq!(mutation.command().map(|command| command.entity_id()), Ok(mutation.entity_id));
        assert_eq!(admit(mutation, last_seq, None, None), Admission::Apply);
    }
}

#[test]
fn the_page_names_every_word_of_the_wire() {
    let codes = [
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
    ];
    let words = codes.iter().map(|code| serde_json::to_value(code).unwrap());
    for word in words {
        let word = word.as_str().unwrap();
        assert!(PAGE.contains(&format!("`{word}`")), "{word}");
    }
}

#[test]
fn the_page_names_every_reason_why_a_content_is_not_taken() {
    for code in [
        refusal::TOO_LARGE,
        refusal::KEY_NOT_OPENED,
        refusal::ANNOUNCED_OTHERWISE,
        refusal::SIZE_DIFFERS,
        refusal::HASH_DIFFERS,
        refusal::NOT_READABLE,
        refusal::HAS_METADATA,
        refusal::NOT_AS_THE_NOTE_SAYS,
    ] {
        assert!(PAGE.contains(&format!("| `{code}` |")), "{code}");
    }
}
