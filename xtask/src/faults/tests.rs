use std::path::PathBuf;

use super::*;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_path_buf()
}

const LOG: &str = "     Running unittests src/lib.rs (target/debug/deps/sync-0123456789abcdef)
test device::tests::fault_27_no_status_takes_an_entry_away ... ok
test device::tests::a_group_is_never_split ... ok
     Running tests/api/main.rs (target/debug/deps/api-0123456789abcdef)
test sync_faults::fault_05_no_row_is_missed ... FAILED
test sync_faults::fault_09_waits ... ignored, not here
";

#[test]
fn rust_tests_are_found_by_number_at_the_layer_of_their_crate() {
    let mut found = Found::new();
    assert_eq!(read_rust(&root(), LOG, &mut found), 4);
    let one = |place, name: &str| found.get(&place).and_then(|tests| tests.get(name)).copied();
    assert_eq!(one((27, Layer::Core), "no status takes an entry away"), Some(Outcome::Passed));
    assert_eq!(one((5, Layer::Server), "no row is missed"), Some(Outcome::Failed));
    assert_eq!(one((9, Layer::Server), "waits"), Some(Outcome::NotRun));
    assert_eq!(found.len(), 3);
}

#[test]
fn browser_tests_are_found_however_deep_their_suite_lies() {
    let report = serde_json::json!({ "suites": [{ "specs": [
        { "title": "fault 01: a lost receipt changes nothing", "tests": [{ "status": "expected" }] },
        { "title": "another test", "tests": [{ "status": "unexpected" }] },
    ], "suites": [{ "specs": [{ "title": "fault 35: a script is text", "tests": [{ "status": "flaky" }] }] }] }] });
    let mut found = Found::new();
    read_playwright(&report, &mut found);
    assert_eq!(found[&(1, Layer::Browser)]["a lost receipt changes nothing"], Outcome::Passed);
    assert_eq!(found[&(35, Layer::Browser)]["a script is text"], Outcome::Failed);
    assert_eq!(found.len(), 2);
}

#[test]
fn the_page_shows_what_failed_and_what_is_missing_and_is_the_same_for_the_same_results() {
    let mut found = Found::new();
    read_rust(&root(), LOG, &mut found);
    let page = page(&found);
    assert!(page.contains("3 tests: 1 passed, 1 failed, 1 not run."));
    assert!(page.contains("| **failed** no row is missed |"));
    assert!(page.contains("| **missing** |"));
    assert_eq!(page, super::page(&found));
}

#[test]
fn a_layer_without_a_test_and_a_fault_that_is_none_are_told() {
    let mut found = Found::new();
    add(&mut found, (43, Layer::Core), "of no row".to_owned(), Outcome::Passed);
    let gaps = gaps(&found);
    assert!(gaps.iter().any(|gap| gap.starts_with("fault 05 has no test at the layer Server")));
    assert!(gaps.iter().any(|gap| gap.contains("names the fault 43")));
}

#[test]
fn the_rows_are_numbered_from_1_to_42_and_each_has_a_layer() {
    assert!(ROWS.iter().map(|row| row.number).eq(1..=42));
    assert!(ROWS.iter().all(|row| !row.layers.is_empty()));
}

/// The tests as they stand in the sources: told before anything runs.
#[test]
fn every_layer_that_a_row_names_has_a_test_or_a_reason() {
    let mut found = Found::new();
    for (folder, layer) in [("domain", Layer::Core), ("sync", Layer::Core), ("frontend", Layer::Core), ("server", Layer::Server)] {
        look_for(&root().join(folder), "rs", "fn fault_", layer, &mut found);
    }
    look_for(&root().join("end2end/tests"), "ts", "fault ", Layer::Browser, &mut found);
    assert_eq!(gaps(&found), Vec::<String>::new());
}

fn look_for(folder: &Path, extension: &str, before: &str, layer: Layer, found: &mut Found) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            look_for(&path, extension, before, layer, found);
        } else if path.extension().is_some_and(|found| found == extension) {
            let text = fs::read_to_string(&path).unwrap();
            let numbers = text.split(before).skip(1).filter_map(number);
            numbers.for_each(|number| add(found, (number, layer), String::new(), Outcome::NotRun));
        }
    }
}
