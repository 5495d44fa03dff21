//! Amending, changing, handing over, deciding: what more than one person has a hand in.

use domain::{Phone as ClientPhone, *};
use serde_json::json;
use sqlx::PgPool;
use sync::wire::*;
use uuid::Uuid;

use crate::{
    helpers::TestApp,
    sync_phone::{Phone, add_plan, count, id, moment, note, run, scope_of, sign, worker_id},
};

const WORDS: &str = "She opened the door and spoke of the stairs";

fn amend(case_id: CaseId, note_id: NoteId, kind: Amending, text: &str, seen: u32) -> Command {
    Command::AmendNote(AmendNote { amendment_id: AmendmentId(Uuid::now_v7()), note_id, case_id, kind, text: text.to_owned(), seen })
}

/// What a pull brought, by the kind of record.
fn brought(response: &PullResponse, kind: RecordKind) -> Vec<Record> {
    let records = response.scopes.iter().flat_map(|delta| &delta.records);
    records.filter(|record| record.kind() == kind).cloned().collect()
}

async fn signed_note(app: &TestApp, phone: &mut Phone) -> NoteId {
    let signed = note(app.case_id(), WORDS);
    let note_id = signed.note_id;
    assert_eq!(phone.push_one(&Command::SignNote(signed)).await.status, Status::Applied);
    note_id
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn a_note_is_amended_and_never_overwritten(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let (mut maria, mut ruth) = (Phone::of(&app, "maria").await, Phone::of(&app, "ruth").await);
    let note_id = signed_note(&app, &mut maria).await;
    assert_eq!(maria.push_one(&amend(app.case_id(), note_id, Amending::Addendum, "And the lift.", 0)).await.status, Status::Applied);
    // Ruth had not seen Maria's when she wrote hers: both are kept, and the second says so.
    assert_eq!(
        ruth.push_one(&amend(app.case_id(), note_id, Amending::Addendum, "I called the landlord.", 0)).await.status,
        Status::Applied
    );
    let amendments = brought(&maria.pull().await, RecordKind::Amendment);
    let told: Vec<_> = amendments
        .iter()
        .filter_map(|record| if let Record::Amendment(one) = record { Some((one.kind.text().as_str(), one.concurrent)) } else { None })
        .collect();
    assert_eq!(told.len(), 2);
    assert!(told.contains(&("And the lift.", false)) && told.contains(&("I called the landlord.", true)), "{told:?}");
    assert_eq!(count(&app.pool, &format!("select count(*) from notes where narrative = '{WORDS}'")).await, 1);
    app.stop().await;
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn only_the_author_or_who_decides_reviews_calls_a_note_an_error(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let mut maria = Phone::of(&app, "maria").await;
    let note_id = signed_note(&app, &mut maria).await;
    let omar = worker_id(&app.pool, "omar").await;
    run(&app.pool, &format!("update cases set primary_worker_id = '{omar}' where case_id = '{}'", app.case_id())).await;
    let (mut omar, mut ruth) = (Phone::of(&app, "omar").await, Phone::of(&app, "ruth").await);
    let refused = omar.push_one(&amend(app.case_id(), note_id, Amending::EnteredInError, "Not mine.", 0)).await;
    assert_eq!((refused.status, refused.code.as_deref()), (Status::Quarantined, Some("not-the-author")));
    let taken = ruth.push_one(&amend(app.case_id(), note_id, Amending::EnteredInError, "Another client's.", 0)).await;
    assert_eq!(taken.status, Status::Applied);
    app.stop().await;
}

fn names(preferred_name: Option<&str>) -> Unit {
    let (given_name, family_name) = ("Lola".to_owned(), "Reyes".to_owned());
    Unit::Names(Names { given_name, family_name, preferred_name: preferred_name.map(str::to_owned) })
}

fn reach(number: &str) -> Unit {
    let phones = match number {
        "" => Vec::new(),
        _ => vec![ClientPhone { number: number.to_owned(), safe_contact: SafeContact::TextOnly, remark: None }],
    };
    Unit::Reach(Reach { phones, addresses: Vec::new() })
}

fn safety(level: RiskLevel) -> Unit {
    Unit::Safety(Safety { risk: Risk { level, reason: None, since: None }, alerts: Vec::new() })
}

fn change(case_id: CaseId, from: Unit, to: Unit, beside: Option<Unit>) -> Command {
    Command::ChangeClient(ChangeClient { case_id, units: vec![UnitChange { from, to, beside }], related: RelatedChange::default() })
}

/// How Maria's client is called in the database of the test, as the client of these commands.
async fn call_her_lola(app: &TestApp) {
    let person = format!("select person_id from cases where case_id = '{}'", app.case_id());
    run(&app.pool, &format!("update persons set given_name = 'Lola', family_name = 'Reyes' where person_id = ({person})")).await;
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn units_that_do_not_touch_are_merged_and_a_contradiction_waits_for_a_person(pool: PgPool) {
    let app = TestApp::start(pool).await;
    call_her_lola(&app).await;
    let (mut maria, mut ruth) = (Phone::of(&app, "maria").await, Phone::of(&app, "ruth").await);
    let case_id = app.case_id();
    let first = maria.push_one(&change(case_id, names(None), names(Some("Lo")), None)).await;
    assert_eq!(first.status, Status::Applied);
    // Another unit: nobody contradicts.
    let with_medium = safety(RiskLevel::Medium);
    let apart = ruth.push_one(&change(case_id, reach(""), reach("555-0101"), Some(with_medium.clone()))).await;
    assert_eq!(apart.status, Status::Applied);
    // The same unit, seen as it was before.
    let second = ruth.push_one(&change(case_id, names(None), names(Some("Lolita")), None)).await;
    assert_eq!(second.status, Status::Conflict);
    assert_eq!(count(&app.pool, "select count(*) from persons where preferred_name = 'Lo'").await, 1);
    // How she is reached changed meanwhile: whoever changes her safety must know.
    let unaware = ruth.push_one(&change(case_id, with_medium, safety(RiskLevel::High), Some(reach("")))).await;
    assert_eq!(unaware.status, Status::Conflict);
    assert_eq!(count(&app.pool, "select count(*) from reviews where contradiction is not null and decided_at is null").await, 2);
    app.stop().await;
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn a_supervisor_decides_with_what_stands_there_now(pool: PgPool) {
    let app = TestApp::start(pool).await;
    call_her_lola(&app).await;
    let (mut maria, mut ruth) = (Phone::of(&app, "maria").await, Phone::of(&app, "ruth").await);
    ruth.push_one(&change(app.case_id(), names(None), names(Some("Lolita")), None)).await;
    maria.push_one(&change(app.case_id(), names(None), names(Some("Lo")), None)).await;
    let reviews = brought(&ruth.pull().await, RecordKind::Review);
    let Some(Record::Review(review)) = reviews.first() else { panic!("{reviews:?}") };
    let Matter::Contradiction(contradiction) = &review.matter else { panic!("{review:?}") };
    assert_eq!(
        (&contradiction.seen, &contradiction.wanted, &contradiction.found),
        (&names(None), &names(Some("Lo")), &names(Some("Lolita")))
    );
    assert_eq!(review.author_id.0, worker_id(&app.pool, "maria").await);
    // Who wrote what Maria had not seen, and when by their device's clock.
    let by = contradiction.found_by.expect("it was written down");
    assert_eq!(by.by.0, worker_id(&app.pool, "ruth").await);
    assert_eq!(by.at, moment());

    let decide = |found: Unit| {
        let (review_id, reason) = (review.id, "The client says so.".to_owned());
        Command::DecideReview(DecideReview { review_id, outcome: Outcome::File, reason, found: Some(found) })
    };
    let outdated = ruth.push_one(&decide(names(None))).await;
    assert_eq!((outdated.status, outdated.code.as_deref()), (Status::Quarantined, Some("changed-meanwhile")));
    assert_eq!(ruth.push_one(&decide(names(Some("Lolita")))).await.status, Status::Applied);
    assert_eq!(count(&app.pool, "select count(*) from persons where preferred_name = 'Lo'").await, 1);
    // Decided once for ever; and the author learns of it.
    let again = ruth.push_one(&decide(names(Some("Lo")))).await;
    assert_eq!((again.status, again.skipped), (Status::Merged, vec![Skipped::ReviewAlreadyDecided(review.id)]));
    let known = brought(&maria.pull().await, RecordKind::Review);
    let decided = known.iter().any(|record| matches!(record, Record::Review(known) if known.id == review.id && known.decided.is_some()));
    assert!(decided, "{known:?}");
    // A worker decides nothing.
    let refused = maria.push_one(&decide(names(Some("Lo")))).await;
    assert_eq!((refused.status, refused.code.as_deref()), (Status::Quarantined, Some("role-may-not-write")));
    app.stop().await;
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn fault_24_a_case_handed_over_offline_is_forgotten_and_the_late_note_stays(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let plan = add_plan(&app, app.case_id(), "maria").await;
    let (mut maria, mut omar, mut ruth) = (Phone::of(&app, "maria").await, Phone::of(&app, "omar").await, Phone::of(&app, "ruth").await);
    maria.pull().await;
    omar.pull().await;
    let (from, to) = (WorkerId(worker_id(&app.pool, "maria").await), WorkerId(worker_id(&app.pool, "omar").await));
    let hand_over = HandOver { case_id: app.case_id(), from, to, reason: "Maria goes on leave.".to_owned() };
    assert_eq!(ruth.push_one(&Command::HandOver(hand_over.clone())).await.status, Status::Applied);
    assert_eq!(count(&app.pool, &format!("select count(*) from tasks where task_id = '{}' and owner_id = '{to}'", plan.task_id)).await, 1);
    assert_eq!(
        count(&app.pool, &format!("select count(*) from visits where visit_id = '{}' and worker_id = '{to}'", plan.visit_id)).await,
        1
    );
    assert_eq!(count(&app.pool, "select count(*) from hand_overs where reason = 'Maria goes on leave.'").await, 1);

    // Maria wrote meanwhile: her note is taken and marked, her change waits for a person.
    let late = maria.push_one(&sign(app.case_id(), WORDS)).await;
    assert_eq!(late.status, Status::Applied);
    assert_eq!(count(&app.pool, &format!("select count(*) from notes where late_after_reassignment and narrative = '{WORDS}'")).await, 1);
    let changed = maria.push_one(&change(app.case_id(), names(None), names(Some("Lo")), None)).await;
    assert_eq!((changed.status, changed.code.as_deref()), (Status::Quarantined, Some("no-such-case")));
    let lost = maria.pull().await;
    assert!(lost.forget.contains(&scope_of(&app.pool, app.case_id()).await), "{:?}", lost.forget);
    let notes = brought(&omar.pull().await, RecordKind::Note);
    assert!(notes.iter().any(|record| matches!(record, Record::Note(note) if note.late_after_reassignment)), "{notes:?}");

    let stale = ruth.push_one(&Command::HandOver(hand_over)).await;
    assert_eq!((stale.status, stale.code.as_deref()), (Status::Quarantined, Some("changed-meanwhile")));
    app.stop().await;
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn what_was_held_is_filed_for_its_author_when_a_person_says_so(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let (mut maria, mut ruth) = (Phone::of(&app, "maria").await, Phone::of(&app, "ruth").await);
    let signed = note(app.world.case_of_omar, WORDS);
    assert_eq!(maria.push_one(&Command::SignNote(signed.clone())).await.status, Status::Quarantined);
    let reviews = brought(&ruth.pull().await, RecordKind::Review);
    let Some(Record::Review(review)) = reviews.first() else { panic!("{reviews:?}") };
    assert_eq!(review.case_id, Some(app.world.case_of_omar));
    let Matter::Held(held) = &review.matter else { panic!("{review:?}") };
    assert_eq!((held.code.as_str(), held.kind.as_str()), ("no-such-case", "note.sign"));
    assert_eq!(serde_json::from_str::<serde_json::Value>(&held.body).unwrap(), json!(signed));
    let decide = DecideReview { review_id: review.id, outcome: Outcome::File, reason: "Maria stood in.".to_owned(), found: None };
    assert_eq!(ruth.push_one(&Command::DecideReview(decide)).await.status, Status::Applied);
    let filed = format!(
        "select count(*) from notes where note_id = '{}' and author_id = '{}' and narrative = '{WORDS}'",
        signed.note_id,
        worker_id(&app.pool, "maria").await
    );
    assert_eq!(count(&app.pool, &filed).await, 1);
    assert_eq!(count(&app.pool, "select count(*) from reviews where outcome = 'file' and decided_by is not null").await, 1);
    app.stop().await;
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn a_restricted_note_is_a_compartment_of_its_own(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let mut maria = Phone::of(&app, "maria").await;
    let legal = SignNote { sensitivity: Sensitivity::Legal, ..note(app.case_id(), WORDS) };
    let note_id = legal.note_id;
    assert_eq!(maria.push_one(&Command::SignNote(legal)).await.status, Status::Applied);
    maria.push_one(&amend(app.case_id(), note_id, Amending::Addendum, "The hearing is on the 9th.", 0)).await;
    let restricted = ScopeId(id(&app.pool, &format!("select restricted_scope_id from cases where case_id = '{}'", app.case_id())).await);
    let pulled = maria.pull().await;
    let delta = pulled.scopes.iter().find(|delta| delta.scope_id == restricted).unwrap();
    assert_eq!((delta.keep, delta.records.len()), (Keep::Restricted, 2));
    assert!(pulled.scopes.iter().filter(|delta| delta.scope_id != restricted).all(|delta| delta.keep == Keep::Disk));
    assert_eq!(pulled.policy, DevicePolicy::default());
    app.stop().await;
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn words_written_blind_are_seen_by_their_author_only_until_they_are_filed(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let (mut maria, mut ruth) = (Phone::of(&app, "maria").await, Phone::of(&app, "ruth").await);
    let blind = WriteBlind {
        blind_note_id: BlindNoteId(Uuid::now_v7()),
        about: "The family on Mill Lane".to_owned(),
        narrative: "The boiler is out.".to_owned(),
    };
    assert_eq!(maria.push_one(&Command::WriteBlind(blind.clone())).await.status, Status::Applied);
    assert_eq!(brought(&maria.pull().await, RecordKind::BlindNote).len(), 1);
    assert_eq!(brought(&ruth.pull().await, RecordKind::BlindNote).len(), 0);
    let filing = SignNote { blind_note_id: Some(blind.blind_note_id), ..note(app.case_id(), "The boiler is out.") };
    assert_eq!(maria.push_one(&Command::SignNote(filing.clone())).await.status, Status::Applied);
    let Some(Record::BlindNote(filed)) = brought(&maria.pull().await, RecordKind::BlindNote).pop() else { panic!("it changed") };
    assert_eq!(filed.filed_in, Some(filing.note_id));
    let stolen = SignNote { note_id: NoteId(Uuid::now_v7()), blind_note_id: Some(blind.blind_note_id), ..note(app.case_id(), "x") };
    let refused = ruth.push_one(&Command::SignNote(stolen)).await;
    assert_eq!((refused.status, refused.code.as_deref()), (Status::Quarantined, Some("no-such-blind-note")));
    app.stop().await;
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn what_was_read_offline_is_in_the_audit_trail(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let mut maria = Phone::of(&app, "maria").await;
    let reads = vec![Read { case_id: app.case_id(), at: moment() }; 3];
    assert_eq!(maria.push_one(&Command::LogReads(LogReads { log_id: Uuid::now_v7(), reads })).await.status, Status::Applied);
    let read = format!(
        "select count(*) from audit_events where action = 'page.read' and result = 'read-offline' and entity_id = '{}'",
        app.case_id()
    );
    assert_eq!(count(&app.pool, &read).await, 3);
    app.stop().await;
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn a_role_that_loses_a_permission_loses_what_followed_from_it(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let mut ruth = Phone::of(&app, "ruth").await;
    ruth.pull().await;
    let held = ruth.held.len();
    run(&app.pool, "delete from role_permissions where role = 'supervisor' and permission = 'see-all-cases'").await;
    let after = ruth.pull().await;
    assert_eq!(after.forget.len(), 2, "two cases, whose restricted compartments are empty: {held} were held");
    run(&app.pool, "delete from role_permissions where role = 'supervisor' and permission = 'write-in-cases'").await;
    let refused = ruth.push_one(&sign(app.case_id(), WORDS)).await;
    assert_eq!(refused.status, Status::Quarantined);
    for role in Role::ALL {
        let usual: Vec<String> = Permissions::usual(*role).iter().map(|permission| permission.code().to_owned()).collect();
        let listed = usual.iter().map(|code| format!("'{code}'")).collect::<Vec<_>>().join(",");
        let matching = format!("select count(*) from usual_permissions() where role = '{}' and permission in ({listed})", role.code());
        assert_eq!(count(&app.pool, &matching).await, usual.len() as i64);
        let all = format!("select count(*) from usual_permissions() where role = '{}'", role.code());
        assert_eq!(count(&app.pool, &all).await, usual.len() as i64, "{role:?}");
    }
    app.stop().await;
}
