//! What becomes of what a device wrote.

use domain::*;
use reqwest::StatusCode;
use serde_json::{json, value::RawValue};
use sqlx::PgPool;
use sync::wire::*;
use uuid::Uuid;

use crate::{
    helpers::TestApp,
    sync_phone::{Phone, add_plan, count, id, note, run, sign, with, worker_id},
};

const WORDS: &str = "She opened the door and spoke of the stairs";

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn a_signed_note_reaches_the_database_with_all_that_it_changes(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let plan = add_plan(&app, app.case_id(), "maria").await;
    let mut phone = Phone::of(&app, "maria").await;
    let signed = SignNote {
        reached: Reached::Client,
        goals: vec![GoalTouched { goal_id: plan.goal_id, from: Achievement::InProgress, to: Achievement::Improving }],
        tasks_done: vec![plan.task_id],
        visit_id: Some(plan.visit_id),
        ..note(app.case_id(), WORDS)
    };
    let receipt = phone.push_one(&Command::SignNote(signed.clone())).await;
    assert_eq!((receipt.status, receipt.seq, receipt.code), (Status::Applied, 1, None));
    assert!(receipt.received_at.is_some());

    let note_id = signed.note_id;
    assert_eq!(count(&app.pool, &format!("select count(*) from notes where note_id = '{note_id}' and narrative = '{WORDS}'")).await, 1);
    assert_eq!(count(&app.pool, "select count(*) from note_goals").await, 1);
    assert_eq!(
        count(&app.pool, &format!("select count(*) from goals where achievement = 'improving' and moved_by = '{note_id}'")).await,
        1
    );
    assert_eq!(
        count(&app.pool, &format!("select count(*) from tasks where done_in_note = '{note_id}' and done_offset_min = 120")).await,
        1
    );
    assert_eq!(count(&app.pool, &format!("select count(*) from visits where ended_by_note = '{note_id}'")).await, 1);
    assert_eq!(count(&app.pool, "select count(*) from mutations where status = 'applied'").await, 1);
    let audited = "select count(*) from audit_events where action = 'note.sign' and result = 'applied' and device_id is not null";
    assert_eq!(count(&app.pool, audited).await, 1);
    app.stop().await;
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn fault_01_a_push_whose_answer_was_lost_gets_the_same_answer_and_has_one_effect(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let mut phone = Phone::of(&app, "maria").await;
    let mutations = [phone.write(&sign(app.case_id(), WORDS)), phone.write(&sign(app.case_id(), "And the second"))];
    let first = phone.push(&mutations).await;
    let second = phone.push(&mutations).await;
    assert_eq!(first.results, second.results);
    assert_eq!((second.device_last_seq, second.safe_seq), (2, 0));
    assert_eq!(count(&app.pool, "select count(*) from notes where reached = 'no-one'").await, 2);
    assert_eq!(count(&app.pool, "select count(*) from audit_events where action = 'note.sign'").await, 2);
    app.stop().await;
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn what_came_through_another_identity_of_the_device_is_not_done_twice(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let mut phone = Phone::of(&app, "maria").await;
    let mutation = phone.write(&sign(app.case_id(), WORDS));
    phone.push(std::slice::from_ref(&mutation)).await;
    phone.device_id = DeviceId(Uuid::now_v7());
    phone.register().await;
    let again = phone.push(&[mutation]).await;
    assert_eq!((again.results[0].status, again.device_last_seq), (Status::Applied, 1));
    assert_eq!(count(&app.pool, "select count(*) from notes where reached = 'no-one'").await, 1);
    app.stop().await;
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn fault_03_a_gap_is_told_with_the_number_that_is_missing(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let mut phone = Phone::of(&app, "maria").await;
    let first = phone.write(&sign(app.case_id(), "one"));
    let second = phone.write(&sign(app.case_id(), "two"));
    let third = phone.write(&sign(app.case_id(), "three"));
    let refused = phone.send(std::slice::from_ref(&second)).await;
    assert_eq!((refused.status, refused.problem().code, refused.problem().expected), (StatusCode::CONFLICT, ProblemCode::SeqGap, Some(1)));
    // What comes before the gap is taken.
    let taken = phone.push(&[first.clone(), third.clone()]).await;
    assert_eq!((taken.results.len(), taken.device_last_seq), (1, 1));
    let healed = phone.push(&[first, second, third]).await;
    assert!(healed.results.iter().all(|result| result.status == Status::Applied));
    assert_eq!(healed.device_last_seq, 3);
    app.stop().await;
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn fault_11_a_second_installation_under_the_same_identity_is_noticed(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let mut phone = Phone::of(&app, "maria").await;
    phone.push_one(&sign(app.case_id(), "from the phone")).await;
    phone.next_seq = 1;
    let other = phone.write(&sign(app.case_id(), "from its restored copy"));
    let refused = phone.send(&[other]).await;
    assert_eq!((refused.status, refused.problem().code), (StatusCode::CONFLICT, ProblemCode::DeviceForked));
    assert_eq!(count(&app.pool, "select count(*) from notes where reached = 'no-one'").await, 1);
    app.stop().await;
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn a_known_mid_with_other_words_is_kept_for_a_person(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let mut phone = Phone::of(&app, "maria").await;
    let first = phone.write(&sign(app.case_id(), "the first words"));
    phone.push(std::slice::from_ref(&first)).await;
    let other = Mutation { mid: first.mid, ..phone.write(&sign(app.case_id(), "other words")) };
    for _ in 0..2 {
        let answer = phone.push(std::slice::from_ref(&other)).await;
        assert_eq!((answer.results[0].status, answer.results[0].code.as_deref()), (Status::Quarantined, Some("mid-taken")));
        assert_eq!(answer.device_last_seq, 2);
    }
    assert_eq!(count(&app.pool, "select count(*) from reviews where mutation like '%other words%'").await, 1);
    app.stop().await;
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn fault_26_what_cannot_be_read_is_kept_with_its_text_and_what_follows_passes(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let mut phone = Phone::of(&app, "maria").await;
    let unknown = Mutation { kind: "note.sing".to_owned(), ..phone.write(&sign(app.case_id(), WORDS)) };
    let newer = Mutation { v: 99, ..phone.write(&sign(app.case_id(), "from a newer build")) };
    let body = RawValue::from_string(r#"{"narrative":  "half a note"}"#.to_owned()).unwrap();
    let malformed = Mutation { body, ..phone.write(&sign(app.case_id(), "")) };
    let blank = phone.write(&sign(app.case_id(), " \n "));
    let no_text = phone.write(&sign(app.case_id(), "a byte\0that no text column holds"));
    let good = phone.write(&sign(app.case_id(), "a good one"));
    let answer = phone.push(&[unknown, newer, malformed, blank, no_text, good]).await;
    let told: Vec<_> = answer.results.iter().map(|result| (result.status, result.code.as_deref().unwrap_or(""))).collect();
    let expected = [
        (Status::Quarantined, "unknown-type"),
        (Status::Quarantined, "unknown-type"),
        (Status::Quarantined, "malformed-body"),
        (Status::Quarantined, "narrative-empty"),
        (Status::Quarantined, "not-storable"),
        (Status::Applied, ""),
    ];
    assert_eq!(told, expected);
    assert_eq!(count(&app.pool, &format!("select count(*) from reviews where mutation like '%{WORDS}%'")).await, 1);
    // The body is kept as it came, also its spaces.
    assert_eq!(count(&app.pool, r#"select count(*) from reviews where mutation like '%{"narrative":  "half a note"}%'"#).await, 1);
    assert_eq!(count(&app.pool, "select count(*) from reviews").await, 5);
    assert_eq!(count(&app.pool, "select count(*) from mutations").await, 6);
    // The trail tells no name that a device made up.
    assert_eq!(count(&app.pool, "select count(*) from audit_events where action = 'note.sing'").await, 0);
    app.stop().await;
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn a_note_for_somebody_elses_client_is_kept_for_a_supervisor(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let mut phone = Phone::of(&app, "maria").await;
    let receipt = phone.push_one(&sign(app.world.case_of_omar, WORDS)).await;
    assert_eq!((receipt.status, receipt.code.as_deref()), (Status::Quarantined, Some("no-such-case")));
    // A case that does not exist is answered alike: nobody learns which cases there are.
    let receipt = phone.push_one(&sign(CaseId(Uuid::now_v7()), WORDS)).await;
    assert_eq!((receipt.status, receipt.code.as_deref()), (Status::Quarantined, Some("no-such-case")));
    assert_eq!(count(&app.pool, &format!("select count(*) from reviews where mutation like '%{WORDS}%'")).await, 2);
    assert_eq!(count(&app.pool, &format!("select count(*) from notes where narrative = '{WORDS}'")).await, 0);
    app.stop().await;
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn an_administrator_writes_in_no_case(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let mut phone = Phone::of(&app, "ada").await;
    let receipt = phone.push_one(&sign(app.case_id(), WORDS)).await;
    assert_eq!((receipt.status, receipt.code.as_deref()), (Status::Quarantined, Some("no-such-case")));
    app.stop().await;
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn a_group_is_applied_whole_or_not_at_all(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let mut phone = Phone::of(&app, "maria").await;
    let group_id = Some(GroupId(Uuid::now_v7()));
    let visit = PlanVisit {
        visit_id: VisitId(Uuid::now_v7()),
        case_id: app.case_id(),
        planned_at: crate::sync_phone::moment(),
        mode: ContactMode::Phone,
    };
    let good = Mutation { group_id, ..phone.write(&Command::PlanVisit(visit.clone())) };
    let bad = Mutation { group_id, ..phone.write(&sign(app.world.case_of_omar, WORDS)) };
    let ends_it = phone.write(&Command::SignNote(SignNote { visit_id: Some(visit.visit_id), ..note(app.case_id(), "after the call") }));
    let apart = phone.write(&sign(app.case_id(), "apart"));
    let answer = phone.push(&[good.clone(), bad.clone(), ends_it, apart]).await;
    let told: Vec<_> = answer.results.iter().map(|result| (result.status, result.code.as_deref(), result.blocked_by)).collect();
    assert_eq!(told[0], (Status::Blocked, Some("group-not-applied"), Some(bad.mid)));
    assert_eq!(told[1], (Status::Quarantined, Some("no-such-case"), None));
    assert_eq!(told[2], (Status::Blocked, Some("depends-on-held"), Some(good.mid)));
    assert_eq!(told[3], (Status::Applied, None, None));
    // Days later the answer is the same: the quarantine still tells what waits.
    let later = phone.push_one(&Command::SignNote(SignNote { visit_id: Some(visit.visit_id), ..note(app.case_id(), "later") })).await;
    assert_eq!((later.status, later.blocked_by), (Status::Blocked, Some(good.mid)));
    assert_eq!(count(&app.pool, "select count(*) from visits").await, 0);
    app.stop().await;
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn what_one_mutation_makes_the_next_may_use(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let mut phone = Phone::of(&app, "maria").await;
    let visit_id = VisitId(Uuid::now_v7());
    let planned_at = crate::sync_phone::moment();
    let plan = phone.write(&Command::PlanVisit(PlanVisit { visit_id, case_id: app.case_id(), planned_at, mode: ContactMode::Phone }));
    let ends_it = phone.write(&Command::SignNote(SignNote { visit_id: Some(visit_id), ..note(app.case_id(), WORDS) }));
    let answer = phone.push(&[plan, ends_it]).await;
    assert!(answer.results.iter().all(|result| result.status == Status::Applied), "{:?}", answer.results);
    assert_eq!(count(&app.pool, "select count(*) from visits where ended_by_note is not null").await, 1);
    app.stop().await;
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn whoever_comes_second_is_told_what_was_left_out(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let plan = add_plan(&app, app.case_id(), "maria").await;
    let (mut maria, mut ruth) = (Phone::of(&app, "maria").await, Phone::of(&app, "ruth").await);
    let done = SignNote { tasks_done: vec![plan.task_id], ..note(app.case_id(), WORDS) };
    assert_eq!(maria.push_one(&Command::SignNote(done.clone())).await.status, Status::Applied);
    let too_late = SignNote { note_id: NoteId(Uuid::now_v7()), ..done };
    let receipt = ruth.push_one(&Command::SignNote(too_late)).await;
    assert_eq!((receipt.status, receipt.skipped), (Status::Merged, vec![Skipped::TaskAlreadyDone(plan.task_id)]));
    app.stop().await;
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn fault_31_an_id_that_exists_out_of_sight_does_not_make_a_note_vanish(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let (mut omar, mut maria) = (Phone::of(&app, "omar").await, Phone::of(&app, "maria").await);
    let of_omar = note(app.world.case_of_omar, "of omar");
    omar.push_one(&Command::SignNote(of_omar.clone())).await;
    let before = maria.write(&sign(app.case_id(), "before"));
    let colliding = maria.write(&Command::SignNote(SignNote { note_id: of_omar.note_id, ..note(app.case_id(), WORDS) }));
    let after = maria.write(&sign(app.case_id(), "after"));
    let answer = maria.push(&[before, colliding, after]).await;
    let told: Vec<_> = answer.results.iter().map(|result| (result.status, result.code.as_deref())).collect();
    assert_eq!(told, [(Status::Applied, None), (Status::Quarantined, Some("id-collision")), (Status::Applied, None)]);
    assert_eq!(count(&app.pool, &format!("select count(*) from reviews where mutation like '%{WORDS}%'")).await, 1);
    assert_eq!(answer.device_last_seq, 3);
    app.stop().await;
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn fault_31_agencies_do_not_collide_with_each_other(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let mut maria = Phone::of(&app, "maria").await;
    let signed = note(app.case_id(), WORDS);
    let mutation = maria.write(&Command::SignNote(signed.clone()));
    assert_eq!(maria.push(std::slice::from_ref(&mutation)).await.results[0].status, Status::Applied);
    // The same ids, as another agency's database rows would have them.
    let other = Uuid::now_v7();
    let copies = format!(
        "insert into agencies (agency_id, name) values ('{other}', 'Another');
         insert into workers (agency_id, worker_id, email, password_hash, name, role)
            select '{other}', worker_id, 'x' || email, password_hash, name, role from workers;
         insert into scopes (agency_id, scope_id, kind, case_id) select '{other}', scope_id, kind, case_id from scopes
            where kind in ('case-general', 'case-restricted');
         insert into persons select '{other}', person_id, client_number, given_name, family_name, preferred_name, birth_date, language,
            interpreter_needed from persons;
         insert into cases (agency_id, case_id, scope_id, restricted_scope_id, person_id, programme, primary_worker_id, state, risk_level,
                opened_on, contact_every_days)
            select '{other}', case_id, scope_id, restricted_scope_id, person_id, programme, primary_worker_id, state, risk_level, opened_on, contact_every_days
            from cases where agency_id <> '{other}';"
    );
    run(&app.pool, &copies).await;
    let mut twin = Phone { browser: app.anonymous(), held: Default::default(), incarnation: None, ..maria };
    let answer = twin.browser.sign_in("xmaria@harbor.example", crate::helpers::PASSWORD).await;
    twin.browser.cookie = answer.session_cookie();
    assert_eq!(twin.register().await.status, StatusCode::OK);
    assert_eq!(twin.push(&[mutation]).await.results[0].status, Status::Applied);
    assert_eq!(count(&app.pool, &format!("select count(*) from notes where note_id = '{}'", signed.note_id)).await, 2);
    app.stop().await;
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn a_note_about_a_case_lost_lately_is_taken_and_marked(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let mut maria = Phone::of(&app, "maria").await;
    let omar = worker_id(&app.pool, "omar").await;
    run(&app.pool, &format!("update cases set primary_worker_id = '{omar}' where case_id = '{}'", app.case_id())).await;
    let visited = SignNote { reached: Reached::Client, ..note(app.case_id(), WORDS) };
    let receipt = maria.push_one(&Command::SignNote(visited)).await;
    assert_eq!((receipt.status, receipt.code), (Status::Applied, None));
    assert_eq!(count(&app.pool, &format!("select count(*) from notes where late_after_reassignment and narrative = '{WORDS}'")).await, 1);
    let reached = format!("select count(*) from cases where last_contact_on = '2026-09-21' and case_id = '{}'", app.case_id());
    assert_eq!(count(&app.pool, &reached).await, 1);
    // Nothing but a note comes late.
    let visit = PlanVisit {
        visit_id: VisitId(Uuid::now_v7()),
        case_id: app.case_id(),
        planned_at: crate::sync_phone::moment(),
        mode: ContactMode::Phone,
    };
    assert_eq!(maria.push_one(&Command::PlanVisit(visit)).await.status, Status::Quarantined);
    // And not after a month.
    run(&app.pool, "update visible_scopes set expires_at = now() - interval '31 days' where expires_at is not null").await;
    assert_eq!(maria.push_one(&sign(app.case_id(), "much later")).await.status, Status::Quarantined);
    app.stop().await;
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn only_the_devices_owner_pushes_for_it(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let mut maria = Phone::of(&app, "maria").await;
    let mutation = maria.write(&sign(app.case_id(), WORDS));
    let of_omar = Phone { browser: app.worker("omar").await, held: Default::default(), ..maria };
    assert_eq!(of_omar.send(std::slice::from_ref(&mutation)).await.problem().code, ProblemCode::DeviceUnknown);
    assert_eq!(of_omar.register().await.problem().code, ProblemCode::DeviceForked);
    assert_eq!(of_omar.send_pull(&of_omar.pull_request(1_000)).await.problem().code, ProblemCode::DeviceUnknown);

    let maria = Phone { browser: app.worker("maria").await, ..of_omar };
    run(&app.pool, "update devices set status = 'revoked'").await;
    for answer in [maria.send(&[mutation]).await, maria.send_pull(&maria.pull_request(1_000)).await] {
        assert_eq!((answer.status, answer.problem().code), (StatusCode::FORBIDDEN, ProblemCode::DeviceRevoked));
    }
    assert_eq!(count(&app.pool, "select count(*) from mutations").await, 0);
    app.stop().await;
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn nobody_syncs_without_a_session(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let mut phone = Phone::of(&app, "maria").await;
    let mutation = phone.write(&sign(app.case_id(), WORDS));
    phone.browser = app.anonymous();
    for answer in [phone.send(&[mutation]).await, phone.send_pull(&phone.pull_request(1_000)).await, phone.register().await] {
        assert_eq!((answer.status, answer.problem().code), (StatusCode::UNAUTHORIZED, ProblemCode::SignInNeeded));
    }
    assert_eq!(phone.browser.get("/sync/v1/events").await.status, StatusCode::UNAUTHORIZED);
    app.stop().await;
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn a_request_that_is_too_large_or_has_another_shape_changes_nothing(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let mut phone = Phone::of(&app, "maria").await;
    let good = json!(PushRequest { device_id: phone.device_id, mutations: vec![phone.write(&sign(app.case_id(), WORDS))] });
    let extra = with(good.clone(), "/mutations/0/seq", json!("one"));
    let mut unknown_field = good.clone();
    unknown_field["mutations"][0]["worker_id"] = json!(Uuid::now_v7());
    for (body, code) in [
        (extra, ProblemCode::Malformed),
        (unknown_field, ProblemCode::Malformed),
        (json!([]), ProblemCode::Malformed),
        (with(good.clone(), "/mutations/0/body/narrative", json!("x".repeat(MAX_BODY_BYTES))), ProblemCode::TooLarge),
    ] {
        assert_eq!(phone.browser.post_json("/sync/v1/push", &body).await.problem().code, code);
    }
    let too_many: Vec<Mutation> = (0..=MAX_BATCH).map(|_| phone.write(&sign(app.case_id(), "one of many"))).collect();
    let answer = phone.send(&too_many).await;
    assert_eq!((answer.status, answer.problem().code), (StatusCode::PAYLOAD_TOO_LARGE, ProblemCode::TooLarge));
    assert_eq!(count(&app.pool, "select count(*) from mutations").await, 0);
    assert_eq!(id(&app.pool, "select device_id from devices where last_seq = 0").await, phone.device_id.0);
    app.stop().await;
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn a_body_that_grows_too_large_when_unpacked_is_refused(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let mut phone = Phone::of(&app, "maria").await;
    let narrative = "x".repeat(2 * MAX_BODY_BYTES);
    let bomb = json!(PushRequest { device_id: phone.device_id, mutations: vec![phone.write(&sign(app.case_id(), &narrative))] });
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    std::io::Write::write_all(&mut packed, bomb.to_string().as_bytes()).unwrap();
    let packed = packed.finish().unwrap();
    assert!(packed.len() < MAX_BODY_BYTES / 10);
    let request = phone.browser.request(reqwest::Method::POST, "/sync/v1/push").header("content-encoding", "gzip");
    let answer = crate::helpers::send(request.header("content-type", "application/json").body(packed)).await;
    assert_eq!((answer.status, answer.problem().code), (StatusCode::PAYLOAD_TOO_LARGE, ProblemCode::TooLarge));
    app.stop().await;
}
