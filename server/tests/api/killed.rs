//! The server as a process of its own, killed between any two of its steps.

use std::{
    net::{Ipv4Addr, SocketAddr, TcpListener},
    process::{Child, Command, Stdio},
};

use sqlx::{AssertSqlSafe, ConnectOptions, PgPool, Row};
use sync::wire::{GroupId, Mutation, Status};
use uuid::Uuid;

use crate::{
    helpers::{TestApp, data_dir, site_dir},
    sync_phone::{Phone, count, run, sign},
};

/// The program, on the test's database.
struct Process {
    child: Child,
    address: SocketAddr,
}

impl Process {
    async fn start(pool: &PgPool) -> Self {
        let address = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap();
        let child = Command::new(env!("CARGO_BIN_EXE_doorstep"))
            .arg("serve")
            .env("DATABASE_URL", pool.connect_options().to_url_lossy().as_str())
            .env("DOORSTEP_ADDR", address.to_string())
            .env("DOORSTEP_SITE", site_dir())
            .env("DOORSTEP_DATA", data_dir())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut process = Self { child, address };
        while !reqwest::get(process.url("/readyz")).await.is_ok_and(|answer| answer.status().is_success()) {
            assert!(process.child.try_wait().unwrap().is_none(), "the server ended at its start");
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        process
    }

    fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// As a power cut does it.
    fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

/// Where the transaction of a push is held: before it takes the device's row, before each of its writes, and in the commit itself.
const STEPS: [&str; 6] = ["devices", "notes", "scopes", "mutations", "audit_events", "the commit"];

/// Lets every commit of a push wait for an advisory lock.
const WAIT_IN_COMMIT: &str = "
    create function wait_in_commit() returns trigger language plpgsql as $$ begin perform pg_advisory_xact_lock(6); return null; end $$;
    create constraint trigger last_step after insert on mutations deferrable initially deferred
        for each row execute function wait_in_commit()";

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn fault_06_a_server_killed_between_any_two_steps_leaves_all_or_nothing(pool: PgPool) {
    let app = TestApp::start(pool).await;
    run(&app.pool, WAIT_IN_COMMIT).await;
    let mut phone = Phone::of(&app, "maria").await;
    for (round, step) in STEPS.into_iter().enumerate() {
        let process = Process::start(&app.pool).await;
        phone.browser.base = process.url("");
        let group_id = Some(GroupId(Uuid::now_v7()));
        let mutations: Vec<Mutation> =
            (0..3).map(|_| Mutation { group_id, ..phone.write(&sign(app.case_id(), "before the kill")) }).collect();
        let mut holding = app.pool.begin().await.unwrap();
        let hold = match step {
            "the commit" => "select pg_advisory_xact_lock(6)".to_owned(),
            table => format!("lock table {table} in access exclusive mode"),
        };
        sqlx::raw_sql(AssertSqlSafe(hold)).execute(&mut *holding).await.unwrap();
        let killing = async {
            while waiting(&app.pool).await == 0 {}
            process.kill();
            holding.commit().await.unwrap();
        };
        let request = phone.request(&mutations).send();
        let (answer, ()) = tokio::join!(request, killing);
        assert!(answer.is_err(), "nobody is there to answer");
        // What PostgreSQL was in the middle of ends one way or the other.
        while connected(&app.pool).await > 0 {}
        let before = 3 * i64::try_from(round).unwrap();
        let there = counts(&app.pool).await;
        let all_or_nothing = [[before; 4], [before + 3; 4]];
        assert!(all_or_nothing.contains(&there), "killed at {step}: {there:?}");

        let process = Process::start(&app.pool).await;
        phone.browser.base = process.url("");
        let answer = phone.push(&mutations).await;
        assert!(answer.results.iter().all(|result| result.status == Status::Applied), "{step}");
        assert_eq!(counts(&app.pool).await, [before + 3; 4], "replayed after {step}");
        process.kill();
        while connected(&app.pool).await > 0 {}
    }
    app.stop().await;
}

/// The connections of the server that wait for a lock.
async fn waiting(pool: &PgPool) -> i64 {
    connections(pool, "and wait_event_type = 'Lock'").await
}

/// The connections of the process; those of the test's own server rest.
async fn connected(pool: &PgPool) -> i64 {
    connections(pool, "and state <> 'idle'").await
}

async fn connections(pool: &PgPool, which: &str) -> i64 {
    let query =
        format!("select count(*) from pg_stat_activity where datname = current_database() and application_name = 'doorstep' {which}");
    count(pool, &query).await
}

/// Notes, receipts, audit events and the device's counter.
async fn counts(pool: &PgPool) -> [i64; 4] {
    let row = sqlx::query(
        "select (select count(*) from notes where narrative = 'before the kill'), (select count(*) from mutations),
            (select count(*) from audit_events where action = 'note.sign'), (select max(last_seq) from devices)",
    )
    .fetch_one(pool)
    .await
    .unwrap();
    [0, 1, 2, 3].map(|column| row.get(column))
}
