use domain::Role;
use leptos_meta::{MetaContext, ServerMetaContext};
use leptos_router::location::RequestUrl;

use super::*;
use crate::{
    desk::{Access, DeskState, Keeping, OutboxItem, StorageProblem, SyncState, Whereabouts},
    page_data::{FailedSignIn, Me, SignInProblem},
    paths,
    samples::{self, QuietDesk},
};

fn assets() -> Assets {
    Assets {
        stylesheet: "/assets/style.css".to_owned(),
        boot: "/assets/boot.js".to_owned(),
        script: "/assets/doorstep.js".to_owned(),
        wasm: "/assets/doorstep.wasm".to_owned(),
        parts: "/assets/parts.js".to_owned(),
        inside: vec!["/assets/inside.wasm".to_owned()],
        kdf: "/assets/kdf.js".to_owned(),
        strength: "/assets/strength.js".to_owned(),
        words: Language::ALL.map(|language| (language, format!("/assets/{}.txt", language.tag()))),
        build: "0123456789abcdef".to_owned(),
    }
}

/// The document at `path`, after `prepare` has changed what the desk says.
fn drawn(path: &str, data: &PageData, prepare: impl FnOnce(DeskState)) -> String {
    drawn_with(path, data, samples::caseload().records().collect(), prepare)
}

fn drawn_with(path: &str, data: &PageData, records: Vec<Record>, prepare: impl FnOnce(DeskState)) -> String {
    let owner = Owner::new_root(None);
    let html = owner.with(|| {
        let (meta, _output) = ServerMetaContext::new();
        provide_context(meta);
        provide_context(MetaContext::new());
        provide_context(RequestUrl::new(path));
        prepare(QuietDesk::provide(data));
        page(data, &records, &assets()).to_html()
    });
    owner.cleanup();
    html
}

fn every_path() -> Vec<String> {
    let case_id = samples::case_id();
    let fixed = [
        paths::HOME,
        paths::TODAY,
        paths::CASELOAD,
        paths::CASE_TABLE,
        paths::DEVICE,
        paths::SET_UP_DEVICE,
        paths::SIGN_IN,
        paths::REVIEWS,
        paths::TO_FILE,
        paths::MORE,
        paths::SESSIONS,
        paths::LOST_DEVICE,
        paths::PASSWORD,
        paths::EMERGENCY,
        paths::RULES,
        "/nowhere",
    ];
    let of_client = [
        paths::client(case_id),
        paths::before_visit(case_id),
        paths::read_aloud(case_id),
        paths::letter(case_id),
        paths::write_note(case_id),
        paths::edit_client(case_id),
        paths::hand_over(case_id),
        paths::amend_note(case_id, samples::note_id()),
        paths::review(samples::review_id()),
    ];
    fixed.map(str::to_owned).into_iter().chain(of_client).collect()
}

#[test]
fn every_page_is_drawn_whatever_stands_at_the_door() {
    let data = samples::page(Role::CaseManager);
    let doors = [
        (Access::SignedOut, "Sign in"),
        (Access::Locked, "Unlock"),
        (Access::Opening, "Opening your caseload"),
        (Access::OpenElsewhere, "Use it here"),
        (Access::Broken(StorageProblem::Unreadable), "cannot be opened"),
    ];
    for (access, words) in doors {
        for path in every_path() {
            let html = drawn(&path, &data, |state| state.access.set(access.clone()));
            assert!(html.contains(words), "{access:?} at {path}");
        }
    }
}

#[test]
fn nothing_of_a_client_is_drawn_in_front_of_the_door() {
    let data = samples::page(Role::CaseManager);
    for access in [Access::SignedOut, Access::Locked, Access::OpenElsewhere] {
        let html = drawn(&paths::client(samples::case_id()), &data, |state| state.access.set(access));
        let body = html.split("<body").nth(1).expect("a body");
        assert!(!body.contains("Lola"), "{body}");
    }
}

#[test]
fn a_client_page_shows_what_matters_at_the_door() {
    let html = drawn(&paths::client(samples::case_id()), &samples::page(Role::CaseManager), |_| {});
    for words in [
        "Lola Álvarez",
        "Dolores Álvarez",
        "Spanish – interpreter needed",
        "Dog in the yard",
        "Fell twice in October",
        "Call, but leave no message",
        "Confidential",
        "I want to go down to the garden",
        "Order the bathroom rail",
        "Show older notes",
        "Written late",
        "Received ",
        "Write note",
    ] {
        assert!(html.contains(words), "{words}");
    }
    assert!(html.contains("tel:5550104477"));
    assert!(!html.contains("tel:5550109001"), "a number that must not be used is no link");
}

#[test]
fn what_is_not_there_and_what_is_not_yours_look_the_same() {
    let data = samples::page(Role::CaseManager);
    let unknown = paths::client(domain::CaseId(uuid::Uuid::from_u128(1)));
    let body = |path: &str| drawn(path, &data, |_| {}).split("<main").nth(1).map(str::to_owned);
    let nowhere = body("/nowhere").expect("a page");
    assert!(nowhere.contains("There is nothing here for you"));
    assert!(body(&unknown).expect("a page").contains("There is nothing here for you"));
}

#[test]
fn a_matter_shows_both_values_with_author_and_time_and_who_decides_only_to_who_may() {
    let path = paths::review(samples::review_id());
    let html = drawn(&path, &samples::page(Role::Supervisor), |_| {});
    for words in [
        "Risk and alerts: two changes",
        "What the author wants",
        "What stands there now",
        "Two dogs now.",
        "Dog in the yard",
        "Maria Santos, Today 12:30",
        "Maria Santos, Today 14:00: changed once more since this arrived",
    ] {
        assert!(html.contains(words), "{words}");
    }
    assert!(html.contains("Take what the author wants"));
    let html = drawn(&path, &samples::page(Role::CaseManager), |_| {});
    assert!(html.contains("Two dogs now.") && html.contains("A supervisor decides.") && !html.contains("Take what the author wants"));
}

#[test]
fn the_number_of_open_matters_stands_in_the_navigation_of_who_decides() {
    let with_count = |role: Role| drawn(paths::TODAY, &samples::page(role), |_| {}).contains("places__count");
    assert!(with_count(Role::Supervisor));
    assert!(!with_count(Role::CaseManager) && !with_count(Role::Administrator));
}

#[test]
fn an_amendment_stands_below_its_note_and_what_was_entered_in_error_is_folded_away() {
    let html = drawn(&paths::client(samples::case_id()), &samples::page(Role::CaseManager), |_| {});
    let (note, added) = html.split_once("Added later").expect("an amendment");
    assert!(note.contains("Lola was up and dressed") && added.contains("It was the left knee."));
    assert!(html.contains("Show what was signed") && html.contains("This was her sister."));
}

#[test]
fn a_device_that_was_without_contact_for_too_long_shows_no_client() {
    let data = samples::page(Role::CaseManager);
    for path in
        [paths::TODAY.to_owned(), paths::CASELOAD.to_owned(), paths::client(samples::case_id()), paths::review(samples::review_id())]
    {
        let html = drawn(&path, &data, |state| {
            state.keeping.set(Keeping::Device);
            state.lease.set(Some(domain::Lease::renew(samples::now().plus_minutes(-73 * 60), samples::now().plus_minutes(-73 * 60))));
        });
        let body = html.split("<body").nth(1).expect("a body");
        assert!(body.contains("Closed until the next contact") && !body.contains("Lola") && !body.contains("Two dogs"), "{path}");
    }
    let soon = drawn(paths::TODAY, &data, |state| {
        state.keeping.set(Keeping::Device);
        state.lease.set(Some(domain::Lease::renew(samples::now().plus_minutes(-70 * 60), samples::now().plus_minutes(-70 * 60))));
        state.policy.update(|policy| policy.restricted_lease_hours = 72);
    });
    assert!(soon.contains("Connect soon") && soon.contains("2 hours"));
}

#[test]
fn where_devices_may_keep_nothing_the_page_to_set_one_up_says_so() {
    let html = drawn(paths::SET_UP_DEVICE, &samples::page(Role::CaseManager), |state| {
        state.policy.update(|policy| policy.offline_storage = false)
    });
    assert!(html.contains("does not let devices keep") && !html.contains("Confirm passphrase"));
}

#[test]
fn an_administrator_is_told_honestly() {
    for path in [paths::TODAY, paths::CASELOAD] {
        let html = drawn(path, &samples::page(Role::Administrator), |_| {});
        assert!(html.contains("No client data in your role"), "{path}");
    }
}

#[test]
fn a_failed_sign_in_keeps_the_email_and_says_what_to_do() {
    let failed = FailedSignIn { email: "maria@demo.example".to_owned(), problem: SignInProblem::WrongPassword };
    let data = PageData { me: None, failed_sign_in: Some(failed), ..samples::page(Role::CaseManager) };
    let html = drawn(paths::SIGN_IN, &data, |_| {});
    assert!(html.contains("value=\"maria@demo.example\""), "{html}");
    assert!(html.contains("Email and password do not belong together"));
    assert!(html.contains("method=\"post\""));
}

#[test]
fn unsent_notes_are_listed_with_where_they_are() {
    let item = OutboxItem {
        seq: 1,
        entity_id: uuid::Uuid::from_u128(1),
        case_id: Some(samples::case_id()),
        kind: "note.sign".to_owned(),
        written_at: samples::now(),
        whereabouts: Whereabouts::Saved,
        status: None,
        code: None,
        skipped: Vec::new(),
    };
    let stuck = OutboxItem { whereabouts: Whereabouts::NeedsPerson, code: Some("no-such-case".to_owned()), ..item.clone() };
    let html = drawn(paths::DEVICE, &samples::page(Role::CaseManager), |state| {
        state.keeping.set(Keeping::Device);
        state.sync.set(SyncState::Offline);
        state.outbox.set(vec![item, stuck]);
    });
    for words in ["Saved on this phone", "Needs attention", "Tell your supervisor", "No connection", "Lock"] {
        assert!(html.contains(words), "{words}");
    }
}

#[test]
fn the_body_begins_with_the_app_and_the_data_cannot_leave_its_element() {
    let mut data = samples::page(Role::CaseManager);
    let name = "</script><script>alert(1)";
    data.me = data.me.map(|me| Me { name: name.to_owned(), ..me });
    let id = domain::WorkerId(uuid::Uuid::from_u128(5));
    let records = vec![Record::Worker(domain::Worker { id, name: name.to_owned(), role: Role::Supervisor })];
    let html = drawn_with(paths::TODAY, &data, records.clone(), |_| {});
    assert!(html.starts_with("<!DOCTYPE html>"));
    // A comment stands for what draws nothing, such as the title.
    assert!(html.contains("<body data-start=\"page\"><!--<() />--><div class=\"frame\">"), "{html}");
    assert!(!html.contains("</script><script>alert"));
    let block = |id: &str| {
        let rest = html.split(&format!("id=\"{id}\">")).nth(1)?;
        rest.split("</script>").next()
    };
    let read_back: PageData = serde_json::from_str(block(PAGE_DATA_ID).expect("the data")).expect("what was written is read");
    assert_eq!(read_back, data);
    let read_back: Vec<Record> = serde_json::from_str(block(PAGE_RECORDS_ID).expect("the records")).expect("what was written is read");
    assert_eq!(read_back, records);
}

#[test]
fn the_shell_holds_nothing_of_anybody_and_no_inline_script() {
    let html = shell(&assets());
    assert!(html.starts_with("<!DOCTYPE html>"));
    assert!(html.contains("<body data-start=\"shell\"></body>"), "{html}");
    assert!(!html.contains("page-data"));
    assert_eq!(html.matches("<script").count(), html.matches("<script type=\"module\" src=").count());
}

#[test]
fn no_title_names_a_client() {
    let data = samples::page(Role::CaseManager);
    for path in every_path() {
        let place = crate::place::Place::of(&path);
        assert!(place.title().ends_with("– Doorstep"));
        let html = drawn(&path, &data, |_| {});
        assert!(!html.contains("<title>Lola"), "{path}");
    }
}
