//! What a device is sent, and what it must forget.

use domain::*;
use reqwest::StatusCode;
use sqlx::PgPool;
use sync::wire::*;
use uuid::Uuid;

use crate::{
    helpers::TestApp,
    sync_phone::{Phone, add_plan, count, id, note, records, run, scope_of, sign, worker_id},
};

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn a_first_pull_brings_what_the_worker_may_see_and_nothing_else(pool: PgPool) {
    let app = TestApp::start(pool).await;
    add_plan(&app, app.case_id(), "maria").await;
    let mut phone = Phone::of(&app, "maria").await;
    let response = phone.pull().await;
    let records = records(&response);
    let of_kind = |kind| records.iter().filter(|record| record.kind() == kind).count();
    assert_eq!(RecordKind::ALL.iter().map(|kind| of_kind(*kind)).collect::<Vec<_>>(), [4, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0]);
    assert!(records.iter().all(|record| record.case_id().is_none_or(|case_id| case_id == app.case_id())));
    assert_eq!((response.generation, response.more, response.device_last_seq), (7, false, Some(0)));
    assert!(response.scopes.iter().all(|delta| delta.full && delta.through == delta.head));
    assert_eq!(count(&app.pool, "select count(*) from audit_events where action = 'sync.pull' and result = 'read'").await, 1);

    let idle = phone.pull().await;
    assert_eq!((idle.scopes, idle.forget, idle.more), (vec![], vec![], false));
    app.stop().await;
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn what_one_device_wrote_comes_to_the_others(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let (mut maria, mut ruth) = (Phone::of(&app, "maria").await, Phone::of(&app, "ruth").await);
    ruth.pull().await;
    let signed = SignNote { reached: Reached::Client, ..note(app.case_id(), "from maria") };
    maria.push_one(&Command::SignNote(signed.clone())).await;
    let news = records(&ruth.pull().await);
    let Some(Record::Note(note)) = news.iter().find(|record| record.kind() == RecordKind::Note) else { panic!("{news:?}") };
    assert_eq!((note.id, note.narrative.as_str(), note.signed_at.offset_min()), (signed.note_id, "from maria", 120));
    let Some(Record::Case(case)) = news.iter().find(|record| record.kind() == RecordKind::Case) else { panic!("{news:?}") };
    assert_eq!(case.last_contact_on, Some(signed.occurred_at.date()));
    assert_eq!(news.len(), 2);
    app.stop().await;
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn fault_29_a_small_limit_takes_more_pulls_and_brings_the_same(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let mut writer = Phone::of(&app, "maria").await;
    for _ in 0..3 {
        let mutations: Vec<Mutation> = (0..100).map(|number| writer.write(&sign(app.case_id(), &format!("note {number}")))).collect();
        writer.push(&mutations).await;
    }
    let mut whole = records(&writer.pull().await);
    let mut reader = Phone::of(&app, "maria").await;
    let (mut parts, mut pulls) = (Vec::new(), 0);
    loop {
        let response = reader.pull_page(5_000).await;
        parts.extend(records(&response));
        pulls += 1;
        if !response.more {
            break;
        }
    }
    assert!(pulls > 10, "{pulls}");
    assert_eq!(writer.held, reader.held);
    whole.sort_by_key(Record::record_ref);
    parts.sort_by_key(Record::record_ref);
    assert_eq!(whole, parts);
    app.stop().await;
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn the_scope_that_somebody_waits_for_comes_first_then_todays(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let ruth = Phone::of(&app, "ruth").await;
    let (of_maria, of_omar) = (scope_of(&app.pool, app.world.case_of_maria).await, scope_of(&app.pool, app.world.case_of_omar).await);
    for first in [of_maria, of_omar] {
        let request = PullRequest { first: Some(first), ..ruth.pull_request(1) };
        let response: PullResponse = ruth.send_pull(&request).await.json();
        assert_eq!((response.scopes[0].scope_id, response.scopes.len(), response.more), (first, 1, true));
        assert_eq!(response.scopes[0].records.len(), 1);
    }
    let case = if of_maria < of_omar { app.world.case_of_omar } else { app.world.case_of_maria };
    add_plan(&app, case, "ruth").await;
    run(&app.pool, "update visits set planned_at = now() + interval '1 hour'").await;
    let response: PullResponse = ruth.send_pull(&ruth.pull_request(1_000_000)).await.json();
    let place = |scope_id| response.scopes.iter().position(|delta| delta.scope_id == scope_id);
    assert!(place(of_maria.max(of_omar)) < place(of_maria.min(of_omar)), "the case with a visit before the one without");
    app.stop().await;
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn fault_24_a_case_that_was_reassigned_is_forgotten_here_and_comes_there(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let (mut maria, mut omar) = (Phone::of(&app, "maria").await, Phone::of(&app, "omar").await);
    maria.pull().await;
    omar.pull().await;
    let scope_id = scope_of(&app.pool, app.case_id()).await;
    let to_omar = worker_id(&app.pool, "omar").await;
    // From a console: nobody but the database itself takes care.
    run(&app.pool, &format!("update cases set primary_worker_id = '{to_omar}' where case_id = '{}'", app.case_id())).await;
    let lost = maria.pull().await;
    assert_eq!((lost.forget, lost.scopes), (vec![scope_id], vec![]));
    let won = omar.pull().await;
    assert_eq!((won.scopes.len(), won.scopes[0].scope_id, won.scopes[0].full), (1, scope_id, true));
    let back = worker_id(&app.pool, "maria").await;
    run(&app.pool, &format!("update cases set primary_worker_id = '{back}' where case_id = '{}'", app.case_id())).await;
    let again = maria.pull().await;
    assert_eq!((again.scopes.len(), again.scopes[0].full), (1, true));
    assert_eq!(omar.pull().await.forget, [scope_id]);
    app.stop().await;
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn a_worker_who_left_sees_nothing_and_a_new_supervisor_sees_all(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let (mut omar, mut ada) = (Phone::of(&app, "omar").await, Phone::of(&app, "ada").await);
    omar.pull().await;
    ada.pull().await;
    assert_eq!((omar.held.len(), ada.held.len()), (2, 1));
    run(&app.pool, "update workers set role = 'supervisor' where email like 'omar%' or email like 'ada%'").await;
    let (as_omar, as_ada) = (omar.pull().await, ada.pull().await);
    assert_eq!((omar.held.len(), ada.held.len()), (3, 3));
    assert_eq!((as_omar.forget.len(), as_ada.forget.len()), (0, 0));
    run(&app.pool, "update workers set role = 'administrator' where email like 'ada%'").await;
    assert_eq!(ada.pull().await.forget.len(), 2);
    run(&app.pool, "update workers set active = false where email like 'omar%'").await;
    assert_eq!(omar.send_pull(&omar.pull_request(1_000)).await.status, StatusCode::UNAUTHORIZED);
    app.stop().await;
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn a_fix_from_a_console_syncs_like_any_other(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let plan = add_plan(&app, app.case_id(), "maria").await;
    let mut phone = Phone::of(&app, "maria").await;
    phone.pull().await;
    for (statement, kind) in [
        ("update persons set preferred_name = 'Quill'", RecordKind::Person),
        ("insert into person_phones select agency_id, person_id, 0, '555-0100', 'text-only', null from persons", RecordKind::Person),
        ("delete from person_phones", RecordKind::Person),
        ("insert into case_alerts select agency_id, case_id, scope_id, 0, 'safety', 'A dog' from cases", RecordKind::Case),
        ("update notes set narrative = 'mended'", RecordKind::Note),
        ("update goals set statement = 'A door'", RecordKind::Goal),
        (
            "insert into note_goals select n.agency_id, n.note_id, 0, n.scope_id, g.goal_id, 'improving', 'improving' from notes n join goals g using (case_id)",
            RecordKind::Note,
        ),
    ] {
        run(&app.pool, statement).await;
        let news = records(&phone.pull().await);
        assert_eq!(news.iter().map(Record::kind).collect::<Vec<_>>(), [kind], "{statement}");
    }
    run(&app.pool, "delete from tasks").await;
    let gone = phone.pull().await;
    assert_eq!(gone.scopes[0].deleted, [RecordRef { kind: RecordKind::Task, id: plan.task_id.0 }]);
    // Whoever starts anew never hears of it.
    let mut fresh = Phone::of(&app, "maria").await;
    assert!(fresh.pull().await.scopes.iter().all(|delta| delta.deleted.is_empty()));
    // A password or a sign-in is nobody's news.
    run(&app.pool, "update workers set password_hash = password_hash").await;
    assert_eq!(phone.pull().await.scopes, []);
    run(&app.pool, "update workers set name = 'Ada L.' where email like 'ada%'").await;
    assert_eq!(records(&phone.pull().await).len(), 1);
    app.stop().await;
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn fault_10_a_restored_database_is_noticed_and_read_anew(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let mut phone = Phone::of(&app, "maria").await;
    let before = phone.pull().await;
    run(&app.pool, "insert into incarnations default values").await;
    let after = phone.pull().await;
    assert_ne!(before.incarnation, after.incarnation);
    assert!(after.scopes.len() == 2 && after.scopes.iter().all(|delta| delta.full));
    app.stop().await;
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn what_is_below_the_floor_or_of_another_epoch_is_read_anew(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let mut phone = Phone::of(&app, "maria").await;
    phone.pull().await;
    let scope_id = scope_of(&app.pool, app.case_id()).await;
    run(&app.pool, &format!("update scopes set epoch = epoch + 1 where scope_id = '{scope_id}'")).await;
    let anew = phone.pull().await;
    assert_eq!((anew.scopes.len(), anew.scopes[0].full, anew.scopes[0].epoch), (1, true, 2));
    run(&app.pool, &format!("update scopes set head = head + 1, floor = head + 1 where scope_id = '{scope_id}'")).await;
    // Even by the smallest pages it comes to an end.
    for _ in 0..20 {
        if !phone.pull_page(1).await.more {
            break;
        }
    }
    assert_eq!(phone.pull().await.scopes, []);
    app.stop().await;
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn ids_of_others_in_a_pull_bring_no_row_and_no_hint(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let phone = Phone::of(&app, "maria").await;
    let (of_omar, unknown) = (scope_of(&app.pool, app.world.case_of_omar).await, ScopeId(Uuid::now_v7()));
    let mut request = phone.pull_request(1_000_000);
    for scope_id in [of_omar, unknown] {
        request.scopes.insert(scope_id, Held { epoch: 1, head: 0 });
    }
    request.first = Some(of_omar);
    let response: PullResponse = phone.send_pull(&request).await.json();
    let mut expected = vec![of_omar, unknown];
    expected.sort();
    assert_eq!(response.forget, expected);
    assert!(response.scopes.iter().all(|delta| delta.scope_id != of_omar));
    app.stop().await;
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn a_browser_without_a_device_may_read(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let phone = Phone::of(&app, "maria").await;
    let request = PullRequest { device_id: None, ..phone.pull_request(1_000_000) };
    let response: PullResponse = phone.send_pull(&request).await.json();
    assert_eq!((response.device_last_seq, response.safe_seq, response.scopes.len()), (None, 0, 2));
    app.stop().await;
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn fault_25_a_break_glass_grant_ends_by_itself(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let mut maria = Phone::of(&app, "maria").await;
    maria.pull().await;
    let (worker, scope) = (worker_id(&app.pool, "maria").await, scope_of(&app.pool, app.world.case_of_omar).await);
    let agency = id(&app.pool, "select agency_id from agencies").await;
    let grant =
        format!("insert into visible_scopes values ('{agency}', '{worker}', '{scope}', 'break-glass', now(), now() + interval '1 hour')");
    run(&app.pool, &grant).await;
    assert_eq!(maria.pull().await.scopes.len(), 1);
    run(&app.pool, "update visible_scopes set expires_at = now() where reason = 'break-glass'").await;
    assert_eq!(maria.pull().await.forget, [scope]);
    app.stop().await;
}
