//! Pushes that meet each other, and pushes that are cut off.

use std::{collections::BTreeSet, time::Duration};

use domain::{Command, SignNote};
use futures::future::join_all;
use sqlx::{AssertSqlSafe, PgPool, Row};
use sync::wire::*;
use uuid::Uuid;

use crate::{
    helpers::TestApp,
    sync_phone::{Phone, add_plan, count, note, run, scope_of, sign},
};

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn fault_02_two_identical_pushes_at_once_have_one_effect_and_one_answer(pool: PgPool) {
    let app = TestApp::start(pool).await;
    // At one server they wait for their turn; at two only the database keeps them apart.
    let beside = app.start_beside().await;
    let mut phone = Phone::of(&app, "maria").await;
    let elsewhere = phone.at(&beside);
    for round in 1..=50 {
        let mutations = [phone.write(&sign(app.case_id(), "at once"))];
        let same = if round % 2 == 0 { &phone } else { &elsewhere };
        let (one, other) = tokio::join!(phone.push(&mutations), same.push(&mutations));
        assert_eq!(one.results, other.results);
        assert_eq!((one.results[0].status, one.device_last_seq), (Status::Applied, round));
    }
    assert_eq!(count(&app.pool, "select count(*) from notes where narrative = 'at once'").await, 50);
    assert_eq!(count(&app.pool, "select count(*) from mutations").await, 50);
    beside.stop().await;
    app.stop().await;
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn fault_02_the_repeats_of_one_device_leave_the_others_their_connections(pool: PgPool) {
    // Four connections, and each push takes a while.
    let app = TestApp::start(pool).await;
    run(&app.pool, "create function take_a_while() returns trigger language plpgsql as $$ begin perform pg_sleep(1); return null; end $$")
        .await;
    let mut phone = Phone::of(&app, "maria").await;
    let mut other = Phone::of(&app, "omar").await;
    run(&app.pool, "create trigger slow after insert on notes for each statement execute function take_a_while()").await;
    let waiting = "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
    let mutations = [phone.write(&sign(app.case_id(), "again and again"))];
    let repeats = join_all((0..12).map(|_| phone.push(&mutations)));
    let looks = async {
        let mut most = 0;
        while count(&app.pool, "select count(*) from notes where narrative = 'again and again'").await == 0 {
            most = most.max(count(&app.pool, waiting).await);
        }
        most
    };
    let (answers, most, _) = tokio::join!(repeats, looks, other.pull());
    assert!(answers.iter().all(|answer| answer.results[0].status == Status::Applied));
    assert!(most <= 1, "{most} connections waited for the row of one device");
    app.stop().await;
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn fault_05_heads_have_no_holes_under_many_writers(pool: PgPool) {
    let app = TestApp::start_as(pool, |config| config.max_connections = 16).await;
    let scope_id = scope_of(&app.pool, app.case_id()).await;
    let head = format!("select head from scopes where scope_id = '{scope_id}'");
    let before = count(&app.pool, &head).await;
    let mut phones = Vec::new();
    for writer in 0..16 {
        phones.push(Phone::of(&app, if writer % 2 == 0 { "maria" } else { "ruth" }).await);
    }
    let writing = join_all(phones.iter_mut().map(async |phone| {
        for _ in 0..10 {
            let mutations = [phone.write(&sign(app.case_id(), "one of many")), phone.write(&sign(app.case_id(), "another"))];
            assert!(phone.push(&mutations).await.results.iter().all(|result| result.status == Status::Applied));
        }
    }));
    // Whenever somebody looks, everything up to the head is there.
    let holes = format!(
        "select s.head - {before} - (select count(*) from sync_entries e where e.scope_id = s.scope_id and e.seq > {before})
         from scopes s where s.scope_id = '{scope_id}'"
    );
    let looking = async {
        let mut looks = 0;
        loop {
            assert_eq!(count(&app.pool, &holes).await, 0);
            looks += 1;
            if count(&app.pool, &head).await == before + 320 {
                return looks;
            }
        }
    };
    let (_, looks) = tokio::join!(writing, looking);
    assert!(looks > 1);
    let seqs = format!(
        "select count(distinct seq) from sync_entries where scope_id = '{scope_id}' and seq between {} and {}",
        before + 1,
        before + 320
    );
    assert_eq!(count(&app.pool, &seqs).await, 320);
    app.stop().await;
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn fault_09_writers_of_two_cases_in_opposite_orders_do_not_stop_each_other(pool: PgPool) {
    let app = TestApp::start_as(pool, |config| config.max_connections = 8).await;
    let cases = [app.world.case_of_maria, app.world.case_of_omar];
    let mut phones = Vec::new();
    for _ in 0..8 {
        phones.push(Phone::of(&app, "ruth").await);
    }
    join_all(phones.iter_mut().enumerate().map(async |(writer, phone)| {
        for _ in 0..10 {
            let (one, other) = (cases[writer % 2], cases[(writer + 1) % 2]);
            let reached = |case_id| Command::SignNote(SignNote { reached: domain::Reached::Client, ..note(case_id, "there and back") });
            let mutations = [phone.write(&reached(one)), phone.write(&reached(other)), phone.write(&reached(one))];
            assert!(phone.push(&mutations).await.results.iter().all(|result| result.status == Status::Applied));
        }
    }))
    .await;
    assert_eq!(count(&app.pool, "select count(*) from notes where narrative = 'there and back'").await, 240);
    app.stop().await;
}

/// Ends the connection of a push that waits at the head of a scope, and says how many there were.
async fn end_waiting_push(pool: &PgPool) -> i64 {
    count(
        pool,
        "select count(pg_terminate_backend(pid)) from pg_stat_activity
         where datname = current_database() and application_name = 'doorstep' and wait_event_type = 'Lock'",
    )
    .await
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn fault_07_a_push_whose_connection_dies_after_its_writes_is_done_once(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let mut phone = Phone::of(&app, "maria").await;
    let scope_id = scope_of(&app.pool, app.case_id()).await;
    let mutations = [phone.write(&sign(app.case_id(), "through a fault"))];
    // Somebody holds the head, so the push stands right before its end, with everything written.
    let mut holding = app.pool.begin().await.unwrap();
    let hold = format!("select from scopes where scope_id = '{scope_id}' for update");
    sqlx::query(AssertSqlSafe(hold)).fetch_one(&mut *holding).await.unwrap();
    let end_it = async {
        while end_waiting_push(&app.pool).await == 0 {}
        // Of what was written before, nothing is there.
        assert_eq!(count(&app.pool, "select count(*) from mutations").await, 0);
        assert_eq!(count(&app.pool, "select count(*) from notes where narrative = 'through a fault'").await, 0);
        holding.commit().await.unwrap();
    };
    let (answer, ()) = tokio::join!(phone.push(&mutations), end_it);
    assert_eq!((answer.results[0].status, answer.device_last_seq), (Status::Applied, 1));
    assert_eq!(count(&app.pool, "select count(*) from notes where narrative = 'through a fault'").await, 1);
    app.stop().await;
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn fault_07_pushes_cut_off_at_any_moment_are_all_or_nothing(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let mut phone = Phone::of(&app, "maria").await;
    let mut kept = Vec::new();
    for round in 0..40_u64 {
        let group_id = Some(GroupId(Uuid::now_v7()));
        let mutations: Vec<Mutation> = (0..3).map(|_| Mutation { group_id, ..phone.write(&sign(app.case_id(), "cut off")) }).collect();
        // The caller hangs up, or every connection to the database is ended, a little later each time.
        let moment = Duration::from_micros(round * 400);
        if round % 2 == 0 {
            let _ = tokio::time::timeout(moment, phone.send(&mutations)).await;
        } else {
            let end_all = async {
                tokio::time::sleep(moment).await;
                let end = "select count(pg_terminate_backend(pid)) from pg_stat_activity
                           where datname = current_database() and application_name = 'doorstep'";
                count(&app.pool, end).await
            };
            tokio::join!(phone.send(&mutations), end_all);
        }
        kept.extend(mutations);
        let seen = count(&app.pool, "select count(*) from notes where narrative = 'cut off'").await;
        assert_eq!(seen % 3, 0, "a group is there whole or not at all");
        // A device that has no answer sends it all again until it has one.
        while phone.send(&kept[kept.len() - 3..]).await.status != 200 {}
    }
    let distinct: BTreeSet<Mid> = kept.iter().map(|mutation| mutation.mid).collect();
    let rows = sqlx::query(
        "select (select count(*) from notes where narrative = 'cut off'), (select count(*) from mutations), max(last_seq) from devices",
    )
    .fetch_one(&app.pool)
    .await
    .unwrap();
    let expected = i64::try_from(distinct.len()).unwrap();
    assert_eq!((rows.get::<i64, _>(0), rows.get::<i64, _>(1), rows.get::<i64, _>(2)), (expected, expected, expected));
    app.stop().await;
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn fault_09_what_waited_too_long_is_not_attempted_and_nothing_is_lost(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let mut phone = Phone::of(&app, "maria").await;
    // A lock that outlasts the patience of the server's role.
    run(
        &app.pool,
        "create function refuse_to_wait() returns trigger language plpgsql as $$ begin raise exception using errcode = '55P03'; end $$",
    )
    .await;
    run(&app.pool, "create trigger busy before insert on notes for each statement execute function refuse_to_wait()").await;
    let mutations = [phone.write(&sign(app.case_id(), "busy")), phone.write(&sign(app.case_id(), "busy too"))];
    let answer = phone.push(&mutations).await;
    assert_eq!(answer.results.iter().map(|result| result.status).collect::<Vec<_>>(), [Status::NotAttempted; 2]);
    assert_eq!(answer.device_last_seq, 0);
    run(&app.pool, "drop trigger busy on notes").await;
    let answer = phone.push(&mutations).await;
    assert_eq!(answer.results.iter().map(|result| result.status).collect::<Vec<_>>(), [Status::Applied; 2]);
    app.stop().await;
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn fault_09_a_deadlock_is_tried_again(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let mut phone = Phone::of(&app, "maria").await;
    let faults = "create sequence faults;
        create function deadlock_twice() returns trigger language plpgsql as $$
        begin
            if nextval('faults') <= 2 then raise exception using errcode = '40P01'; end if;
            return null;
        end $$;
        grant usage on sequence faults to doorstep_app;
        create trigger fault before insert on notes for each statement execute function deadlock_twice()";
    run(&app.pool, faults).await;
    assert_eq!(phone.push_one(&sign(app.case_id(), "third time lucky")).await.status, Status::Applied);
    assert_eq!(count(&app.pool, "select last_value from faults").await, 3);
    app.stop().await;
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn a_case_that_is_handed_over_between_the_check_and_the_write_is_judged_as_handed_over(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let mut phone = Phone::of(&app, "maria").await;
    let plan = add_plan(&app, app.case_id(), "maria").await;
    let done = SignNote { tasks_done: vec![plan.task_id], ..note(app.case_id(), "in between") };
    let mutation = phone.write(&Command::SignNote(done));
    // Whether she holds the case is read before the task is locked: there the push waits.
    let mut holding = app.pool.begin().await.unwrap();
    sqlx::query("select from tasks for update").execute(&mut *holding).await.unwrap();
    let hand_over = async {
        let waiting = "select count(*) from pg_stat_activity
                       where datname = current_database() and application_name = 'doorstep' and wait_event_type = 'Lock'";
        while count(&app.pool, waiting).await == 0 {}
        let assign =
            "update cases set primary_worker_id = (select worker_id from workers where email = 'omar@harbor.example') where case_id = $1";
        sqlx::query(assign).bind(app.case_id().0).execute(&mut *holding).await.unwrap();
        holding.commit().await.unwrap();
    };
    let (answer, ()) = tokio::join!(phone.push(std::slice::from_ref(&mutation)), hand_over);
    // It touches a task that is not hers any more, so it waits for a person, whole; nothing of it was done.
    assert_eq!(answer.results[0].status, Status::Quarantined, "{:?}", answer.results);
    assert_eq!(count(&app.pool, "select count(*) from notes where narrative = 'in between'").await, 0);
    assert_eq!(count(&app.pool, "select count(*) from tasks where done_at is not null").await, 0);
    assert_eq!(count(&app.pool, "select count(*) from reviews where mutation like '%in between%'").await, 1);
    app.stop().await;
}
