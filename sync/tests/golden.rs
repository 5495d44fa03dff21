//! Every body that any build ever sent must be readable for ever: `golden/<type>@<version>[.<variant>].json` are never changed, only added to.
//! The same holds for records that the server or a device has stored: `golden-records/<record>.<number>.json`.

#![expect(clippy::unwrap_used, reason = "all of it is test code, also what stands outside of test functions")]

use std::{collections::BTreeSet, fs, path::Path};

use domain::{Command, DateTime, Matter, Record, ScopeId, WorkerId};
use serde_json::value::RawValue;
use sync::wire::{Mid, Mutation};
use uuid::Uuid;

fn mutation(kind: &str, v: u16, body: String) -> Mutation {
    Mutation {
        mid: Mid(Uuid::from_u128(1)),
        seq: 1,
        group_id: None,
        kind: kind.to_owned(),
        v,
        scope_id: ScopeId(Uuid::from_u128(2)),
        entity_id: Uuid::from_u128(3),
        recorded_at: DateTime::from_unix_ms(1_790_000_000_000, 0),
        app_build: "golden".to_owned(),
        body: RawValue::from_string(body).unwrap(),
    }
}

/// Type, version and body of every golden file.
fn golden_files() -> Vec<(String, u16, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let mut files = Vec::new();
    for file in fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        let (kind, rest) = name.split_once('@').unwrap_or_else(|| panic!("{name} has no version"));
        let v = rest.split('.').next().unwrap().parse().unwrap();
        files.push((kind.to_owned(), v, fs::read_to_string(path).unwrap().trim().to_owned()));
    }
    files
}

#[test]
fn fault_17_every_body_ever_sent_is_still_read() {
    for (kind, v, body) in golden_files() {
        let command = mutation(&kind, v, body).command();
        assert!(command.is_ok(), "{kind}@{v}: {command:?}");
    }
}

#[test]
fn every_type_that_this_build_sends_has_a_golden_file() {
    let files = golden_files();
    let known: BTreeSet<(&str, u16)> = files.iter().map(|(kind, v, _)| (kind.as_str(), *v)).collect();
    let commands: Vec<Command> = files.iter().filter_map(|(kind, v, body)| mutation(kind, *v, body.clone()).command().ok()).collect();
    let sent: BTreeSet<(&str, u16)> = commands.iter().map(Mutation::wrap).map(|(kind, v, _)| (kind, v)).collect();
    assert!(sent.is_subset(&known), "{sent:?} is sent, {known:?} is kept");
    assert_eq!(sent.len(), 9, "a new type of mutation needs a golden file");
}

#[test]
fn what_is_wrapped_is_read_as_the_same_command() {
    for (kind, v, body) in golden_files() {
        let command = mutation(&kind, v, body).command().unwrap();
        let (kind, v, body) = Mutation::wrap(&command);
        assert_eq!(mutation(kind, v, body.get().to_owned()).command(), Ok(command));
    }
}

#[test]
fn a_contradiction_that_was_kept_before_anybody_wrote_down_whose_the_other_value_is_can_be_read() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden-records");
    let found_by = |number: u8| {
        let text = fs::read_to_string(folder.join(format!("review.contradiction.{number}.json"))).unwrap();
        let record: Record = serde_json::from_str(&text).unwrap();
        let again = serde_json::to_value(&record).unwrap();
        assert_eq!(again, serde_json::from_str::<serde_json::Value>(&text).unwrap());
        let Record::Review(review) = record else { panic!("a review") };
        let Matter::Contradiction(contradiction) = review.matter else { panic!("a contradiction") };
        contradiction.found_by
    };
    assert_eq!(found_by(1), None);
    assert_eq!(found_by(2).map(|written| written.by), Some(WorkerId(Uuid::from_u128(3))));
}
