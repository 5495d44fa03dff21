//! The audit trail: what goes into it, and what shows when somebody with all rights on the database changes it afterwards.

use std::process::Command;

use domain::AgencyId;
use reqwest::{Method, StatusCode};
use serde_json::json;
use server::{
    audit::{
        anchor::{self, Anchor, list_anchors},
        seal::seal_all,
        verify::{Fault, Verified, verify_all},
    },
    secrets::Secrets,
};
use sqlx::{ConnectOptions, PgPool};
use sync::wire::{DeviceId, PullRequest};
use uuid::Uuid;

use crate::{
    helpers::{PASSWORD, TestApp, data_dir, send},
    sync_phone::{Phone, count, id, run, sign},
    world::email,
};

fn secrets() -> Secrets {
    Secrets::open(&data_dir()).unwrap()
}

/// Seals until nothing waits. Transactions of other tests in the same cluster may keep some events waiting for a moment.
async fn seal_everything(pool: &PgPool) {
    loop {
        seal_all(pool, &secrets().audit_key).await.unwrap();
        if verify(pool, &[]).await.waiting == 0 {
            return;
        }
        tokio::task::yield_now().await;
    }
}

async fn verify(pool: &PgPool, anchors: &[Anchor]) -> Verified {
    verify_all(pool, &secrets().audit_key, anchors).await.unwrap().remove(0)
}

/// A stopped server's database with eight sealed events or more.
async fn sealed_trail(pool: PgPool) -> PgPool {
    let app = TestApp::start(pool).await;
    let mut phone = Phone::of(&app, "maria").await;
    for words in ["one", "two", "three", "four", "five"] {
        phone.push_one(&sign(app.case_id(), words)).await;
    }
    phone.pull().await;
    let pool = app.pool.clone();
    app.stop().await;
    seal_everything(&pool).await;
    let verified = verify(&pool, &[]).await;
    assert_eq!((verified.finding, verified.waiting), (None, 0));
    assert!(verified.sealed >= 8, "{}", verified.sealed);
    pool
}

/// As somebody who may switch triggers off.
async fn tamper(pool: &PgPool, statements: &str) {
    run(pool, &format!("begin; set local session_replication_role = replica; {statements}; commit")).await;
}

/// The event at a place of the chain.
async fn event_at(pool: &PgPool, position: i64) -> i64 {
    count(pool, &format!("select event_id from audit_seals where position = {position}")).await
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn fault_40_an_event_that_a_superuser_edits_is_named(pool: PgPool) {
    let pool = sealed_trail(pool).await;
    let event_id = event_at(&pool, 4).await;
    for change in [
        "result = 'denied'",
        "worker_id = gen_random_uuid()",
        "occurred_at = occurred_at - interval '1 second'",
        "entity_id = gen_random_uuid()",
        "code = ''",
    ] {
        let before = "create temp table kept as table audit_events";
        let change = format!("{before}; update audit_events set {change} where event_id = {event_id}");
        let mut connection = pool.acquire().await.unwrap();
        let statements = format!("set session_replication_role = replica; {change}");
        sqlx::raw_sql(sqlx::AssertSqlSafe(statements)).execute(&mut *connection).await.unwrap();
        let finding = verify(&pool, &[]).await.finding.unwrap();
        assert_eq!((finding.position, finding.fault), (4, Fault::Changed { event_id }), "{change}");
        let back = format!(
            "delete from audit_events where event_id = {event_id};
             insert into audit_events overriding system value select * from kept where event_id = {event_id};
             drop table kept; set session_replication_role = default"
        );
        sqlx::raw_sql(sqlx::AssertSqlSafe(back)).execute(&mut *connection).await.unwrap();
        drop(connection);
        assert_eq!(verify(&pool, &[]).await.finding, None, "{change}");
    }
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn fault_40_an_event_that_a_superuser_deletes_is_named(pool: PgPool) {
    let pool = sealed_trail(pool).await;
    let event_id = event_at(&pool, 3).await;
    tamper(&pool, &format!("delete from audit_events where event_id = {event_id}")).await;
    let finding = verify(&pool, &[]).await.finding.unwrap();
    assert_eq!((finding.position, finding.fault), (3, Fault::Deleted { event_id }));
    // With its seal it is missed all the same, and closing the gap needs the key.
    tamper(&pool, &format!("delete from audit_seals where event_id = {event_id}")).await;
    let finding = verify(&pool, &[]).await.finding.unwrap();
    assert_eq!((finding.position, finding.fault), (3, Fault::SealDeleted));
    let after = event_at(&pool, 4).await;
    tamper(&pool, "update audit_seals set position = -position where position > 3; update audit_seals set position = -position - 1 where position < 0").await;
    let finding = verify(&pool, &[]).await.finding.unwrap();
    assert_eq!((finding.position, finding.fault), (3, Fault::Changed { event_id: after }));
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn fault_40_events_that_change_places_or_come_in_between_are_named(pool: PgPool) {
    let pool = sealed_trail(pool).await;
    let (first, second) = (event_at(&pool, 2).await, event_at(&pool, 5).await);
    let swap = "create temp table swapped on commit drop as select * from audit_seals where position in (2, 5);
                delete from audit_seals where position in (2, 5);
                insert into audit_seals select agency_id, 7 - position, xid, event_id, seal, sealed_at from swapped";
    tamper(&pool, swap).await;
    let finding = verify(&pool, &[]).await.finding.unwrap();
    assert_eq!((finding.position, finding.fault), (2, Fault::Changed { event_id: second }));
    tamper(&pool, swap).await;
    assert_eq!(verify(&pool, &[]).await.finding, None);

    let insert = format!(
        "insert into audit_events (agency_id, worker_id, action, result, xid, occurred_at)
         select agency_id, worker_id, action, result, xid, occurred_at from audit_events where event_id = {first}"
    );
    tamper(&pool, &insert).await;
    let inserted = count(&pool, "select max(event_id) from audit_events").await;
    // The worker that seals does not take it for something new.
    seal_all(&pool, &secrets().audit_key).await.unwrap();
    let finding = verify(&pool, &[]).await.finding.unwrap();
    assert_eq!(finding.fault, Fault::Inserted { event_id: inserted });
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn fault_40_an_end_that_was_cut_off_shows_against_an_anchor(pool: PgPool) {
    let pool = sealed_trail(pool).await;
    let anchors = list_anchors(&pool).await.unwrap();
    assert_eq!(verify(&pool, &anchors).await.finding, None);
    let keep = anchors[0].position - 2;
    let cut = format!(
        "delete from audit_events where event_id in (select event_id from audit_seals where position > {keep});
         delete from audit_seals where position > {keep}"
    );
    tamper(&pool, &cut).await;
    let finding = verify(&pool, &[]).await.finding.unwrap();
    assert_eq!((finding.position, finding.fault), (keep, Fault::CutOff));
    // Whoever thinks of the head as well leaves a chain that is whole in itself …
    let head = "update audit_heads h set position = s.position, seal = s.seal from audit_seals s
                where s.position = (select max(position) from audit_seals)";
    tamper(&pool, head).await;
    assert_eq!(verify(&pool, &[]).await.finding, None);
    // … and not one that ends where the anchor was.
    assert_eq!(verify(&pool, &anchors).await.finding.unwrap().fault, Fault::NotAnchored { at: anchors[0].at });
    // Nor does it after going on from there.
    for _ in 0..4 {
        let event = "insert into audit_events (agency_id, worker_id, action, result) select agency_id, worker_id, 'session.end', 'applied'
                     from workers limit 1";
        run(&pool, event).await;
    }
    seal_everything(&pool).await;
    assert_eq!(verify(&pool, &[]).await.finding, None);
    let finding = verify(&pool, &anchors).await.finding.unwrap();
    assert_eq!((finding.position, finding.fault), (anchors[0].position, Fault::NotAnchored { at: anchors[0].at }));
    // An agency of which nothing is left is remembered by its anchor.
    let gone = Anchor { agency_id: AgencyId(Uuid::now_v7()), ..anchors[0].clone() };
    let verified = verify_all(&pool, &secrets().audit_key, std::slice::from_ref(&gone)).await.unwrap();
    let finding = verified.into_iter().find(|agency| agency.agency_id == gone.agency_id).unwrap().finding.unwrap();
    assert_eq!(finding.fault, Fault::NotAnchored { at: gone.at });
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn fault_40_the_command_names_the_bad_event_and_fails(pool: PgPool) {
    let pool = sealed_trail(pool).await;
    let url = pool.connect_options().to_url_lossy();
    let command = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_doorstep"));
        command.args(arguments).env("DATABASE_URL", url.as_str()).env("DOORSTEP_DATA", data_dir());
        let done = command.output().unwrap();
        (done.status.success(), String::from_utf8(done.stdout).unwrap(), String::from_utf8(done.stderr).unwrap())
    };
    let (good, printed, _) = command(&["audit", "anchor"]);
    let anchors = anchor::parse(&printed).unwrap();
    assert!(good && anchors.len() == 1, "{printed}");
    let file = data_dir().join(format!("anchors-{}", Uuid::now_v7()));
    anchor::append(&file, &anchors).unwrap();
    let verify = ["audit", "verify", "--anchor", file.to_str().unwrap()];
    let (good, printed, said) = command(&verify);
    assert!(good && printed.starts_with("good: agency "), "{printed}{said}");

    let event_id = event_at(&pool, 6).await;
    tamper(&pool, &format!("update audit_events set action = 'page.client' where event_id = {event_id}")).await;
    for arguments in [&verify[..], &["audit", "verify"]] {
        let (good, printed, said) = command(arguments);
        assert!(!good);
        assert!(printed.contains(&format!("position 6: event {event_id} is not what was sealed")), "{printed}");
        assert!(said.contains("1 of 1"), "{said}");
    }
    std::fs::remove_file(file).unwrap();
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn an_event_of_a_transaction_that_still_runs_is_sealed_when_it_has_ended(pool: PgPool) {
    let pool = sealed_trail(pool).await;
    let event = "insert into audit_events (agency_id, worker_id, action, result) select agency_id, worker_id, 'session.end', 'applied'
                 from workers limit 1";
    let mut slow = pool.begin().await.unwrap();
    sqlx::query(event).execute(&mut *slow).await.unwrap();
    // A later one is committed at once: who writes waits for nobody.
    run(&pool, event).await;
    let before = verify(&pool, &[]).await.sealed;
    // Two workers at once, as of two servers.
    let key = secrets().audit_key;
    let (one, other) = tokio::join!(seal_all(&pool, &key), seal_all(&pool, &key));
    assert_eq!((one.unwrap(), other.unwrap()), (0, 0));
    assert_eq!(verify(&pool, &[]).await.sealed, before);
    slow.commit().await.unwrap();
    seal_everything(&pool).await;
    let verified = verify(&pool, &[]).await;
    assert_eq!((verified.sealed, verified.finding), (before + 2, None));
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn the_chain_goes_on_in_another_cluster_whatever_it_counts(pool: PgPool) {
    let pool = sealed_trail(pool).await;
    let before = verify(&pool, &[]).await.sealed;
    // As after reading a dump into a cluster that has counted fewer transactions: the events that came along seem to be of the future.
    tamper(&pool, "update audit_events set xid = (xid::text::bigint + 1000000000)::text::xid8").await;
    tamper(&pool, "update audit_seals set xid = (xid::text::bigint + 1000000000)::text::xid8").await;
    tamper(&pool, "update audit_heads set settled_xid = (settled_xid::text::bigint + 1000000000)::text::xid8, cluster_id = 1").await;
    let event = "insert into audit_events (agency_id, worker_id, action, result) select agency_id, worker_id, 'session.end', 'applied'
                 from workers limit 1";
    for _ in 0..2 {
        run(&pool, event).await;
        seal_everything(&pool).await;
    }
    let verified = verify(&pool, &[]).await;
    assert_eq!((verified.sealed, verified.finding), (before + 2, None));
}

/// What the trail says of the latest event after a number of them.
async fn events_after(pool: &PgPool, event_id: i64) -> Vec<(String, String, Option<String>, bool)> {
    sqlx::query_as("select action, result, code, device_id is not null from audit_events where event_id > $1 order by event_id")
        .bind(event_id)
        .fetch_all(pool)
        .await
        .unwrap()
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn each_request_that_touches_clients_data_leaves_exactly_one_event(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let phone = Phone::of(&app, "maria").await;
    let (of_maria, of_omar) = (app.case_id(), app.world.case_of_omar);
    let post = |path: &str, body: serde_json::Value| phone.browser.request(Method::POST, path).json(&body);
    let get = |path: String| phone.browser.request(Method::GET, &path).header("accept", "text/html");
    let pull = phone.pull_request(1_000_000);
    let unknown = PullRequest { device_id: Some(DeviceId(Uuid::now_v7())), ..pull.clone() };
    let mut other = Phone { browser: app.anonymous(), held: Default::default(), incarnation: None, ..phone };
    let note = other.write(&sign(of_maria, "words"));
    let push = json!({ "device_id": phone.device_id, "mutations": [note] });
    let lost_push = json!({ "device_id": unknown.device_id, "mutations": [] });
    let of_ruth = Phone::of(&app, "ruth").await;
    let taken = json!({ "device_id": of_ruth.device_id, "enrolled": true, "app_build": "test" });
    let wrong = json!({ "email": email("maria"), "password": "wrong password" });
    let right = json!({ "email": email("omar"), "password": PASSWORD });
    let stranger = app.anonymous();
    let requests = [
        (get("/today".into()), "page.today", "read", None),
        (get("/caseload".into()), "page.caseload", "read", None),
        (get(format!("/clients/{of_maria}")), "page.client", "read", None),
        (get(format!("/clients/{of_maria}/notes/new")), "page.client", "read", None),
        (get(format!("/clients/{of_omar}")), "page.client", "denied", Some("not-found")),
        (post("/sync/v1/pull", json!(pull)), "sync.pull", "read", None),
        (post("/sync/v1/pull", json!(unknown)), "sync.pull", "denied", Some("device-unknown")),
        (post("/sync/v1/push", push.clone()), "note.sign", "applied", None),
        (post("/sync/v1/push", lost_push), "sync.push", "denied", Some("device-unknown")),
        (post("/sync/v1/devices", taken), "device.register", "denied", Some("device-forked")),
        (stranger.request(Method::POST, "/sign-in").json(&wrong), "session.start", "denied", Some("wrong-password")),
        (stranger.request(Method::POST, "/sign-in").json(&right), "session.start", "applied", None),
        (post("/sign-out", json!({})), "session.end", "applied", None),
    ];
    for (request, action, result, code) in requests {
        let before = count(&app.pool, "select max(event_id) from audit_events").await;
        let answer = send(request).await;
        let events = events_after(&app.pool, before).await;
        let [(at, as_result, as_code, with_device)] = &events[..] else { panic!("{action} {}: {events:?}", answer.status) };
        assert_eq!((at.as_str(), as_result.as_str(), as_code.as_deref()), (action, result, code), "{}", answer.status);
        assert_eq!(*with_device, action.starts_with("sync.") || action.starts_with("device.") || action == "note.sign", "{action}");
    }
    let scopes = "select cardinality(entity_ids)::bigint from audit_events where action = 'sync.pull' and result = 'read'";
    assert_eq!(count(&app.pool, scopes).await, 2);
    // What touches nobody's data, and who is nobody, leave none.
    let before = count(&app.pool, "select max(event_id) from audit_events").await;
    for path in ["/sign-in", "/shell", "/healthz", "/readyz", "/api/openapi.json", "/today"] {
        stranger.get(path).await;
    }
    assert_eq!(stranger.sign_in("nobody@harbor.example", "wrong password").await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(events_after(&app.pool, before).await, []);
    app.stop().await;
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn a_device_that_is_locked_out_and_tries_too_many_are_in_the_trail(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let phone = Phone::of(&app, "maria").await;
    run(&app.pool, "update devices set status = 'revoked'").await;
    let before = id(&app.pool, "select worker_id from devices").await;
    assert_eq!(phone.send_pull(&phone.pull_request(1_000)).await.status, StatusCode::FORBIDDEN);
    for _ in 0..=server::sessions::PER_ACCOUNT {
        app.anonymous().sign_in(&email("maria"), "wrong password").await;
    }
    for code in ["device-revoked", "too-many-tries"] {
        let told = format!("select count(*) from audit_events where result = 'denied' and code = '{code}' and worker_id = '{before}'");
        assert_eq!(count(&app.pool, &told).await, 1, "{code}");
    }
    app.stop().await;
}
