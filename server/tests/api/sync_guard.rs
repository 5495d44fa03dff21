//! Row-level security: what the database itself refuses, whatever a query forgets to ask.

use std::{
    future::{Future, poll_fn},
    pin::pin,
    task::Poll,
};

use domain::*;
use server::{db, identity::Identity, records};
use sqlx::{AssertSqlSafe, PgConnection, PgPool};
use uuid::Uuid;

use crate::{
    helpers::TestApp,
    sync_phone::{count, id, worker_id},
};

async fn identity(app: &TestApp, name: &str, role: Role) -> Identity {
    let agency_id = AgencyId(id(&app.pool, "select agency_id from agencies limit 1").await);
    Identity { agency_id, worker_id: WorkerId(worker_id(&app.pool, name).await), role, may: domain::Permissions::usual(role) }
}

async fn rows(connection: &mut PgConnection, table: &str) -> i64 {
    sqlx::query_scalar(AssertSqlSafe(format!("select count(*) from {table}"))).fetch_one(connection).await.unwrap()
}

/// Every table that holds something of an agency.
async fn guarded_tables(pool: &PgPool) -> Vec<String> {
    let tables = "select c.relname from pg_class c join pg_attribute a on a.attrelid = c.oid
                  where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace and a.attname = 'agency_id' order by c.relname";
    sqlx::query_scalar(tables).fetch_all(pool).await.unwrap()
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn every_table_of_an_agency_is_guarded_and_keyed_by_it(pool: PgPool) {
    let tables = guarded_tables(&pool).await;
    assert!(tables.len() >= 20, "{tables:?}");
    for table in tables {
        let forced = format!("select count(*) from pg_class where relname = '{table}' and relrowsecurity and relforcerowsecurity");
        assert_eq!(count(&pool, &forced).await, 1, "{table} has no forced row-level security");
        let untouchable = format!(
            "select count(*) where not has_table_privilege('doorstep_app', '{table}', 'select, insert, update, delete, truncate')
             and not has_any_column_privilege('doorstep_app', '{table}', 'select, insert, update')"
        );
        let policies = format!(
            "select count(*) from pg_policies where tablename = '{table}' and 'doorstep_app' = any (roles)
             and coalesce(qual, with_check) like '%app_agency()%'"
        );
        let is_guarded = count(&pool, &policies).await > 0 || count(&pool, &untouchable).await == 1;
        assert!(is_guarded, "{table} has no policy for the office's role");
        let key = format!(
            "select count(*) from pg_constraint k join pg_attribute a on a.attrelid = k.conrelid and a.attnum = k.conkey[1]
             where k.conrelid = '{table}'::regclass and k.contype = 'p' and a.attname = 'agency_id'"
        );
        assert_eq!(count(&pool, &key).await, 1, "the key of {table} does not begin with its agency");
    }
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn the_offices_role_owns_nothing_and_passes_no_guard_by(pool: PgPool) {
    let owned = "select count(*) from pg_shdepend where refobjid = 'doorstep_app'::regrole and deptype = 'o'";
    assert_eq!(count(&pool, owned).await, 0);
    let powers = "select count(*) from pg_roles where rolname = 'doorstep_app' and (rolsuper or rolbypassrls or rolcreaterole or rolcreatedb or rolcanlogin)";
    assert_eq!(count(&pool, powers).await, 0);
    // Views would run with the rights of their owner unless told otherwise.
    let views = "select count(*) from pg_class where relkind in ('v', 'm') and relnamespace = 'public'::regnamespace
                 and not coalesce(reloptions, '{}') @> array['security_invoker=true']";
    assert_eq!(count(&pool, views).await, 0);
    // What runs with the owner's rights says where it looks names up, and is for nobody by default.
    let open = "select count(*) from pg_proc where prosecdef and pronamespace = 'public'::regnamespace
                and (proconfig is null or prorettype <> 'trigger'::regtype and has_function_privilege('public', oid, 'execute'))";
    assert_eq!(count(&pool, open).await, 0);
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn fault_32_a_connection_that_acted_for_somebody_acts_for_nobody_afterwards(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let office = db::connect_app((*app.pool.connect_options()).clone(), 1).await.unwrap();
    let maria = identity(&app, "maria", Role::CaseManager).await;
    let mut tx = db::begin_as(&office, &maria).await.unwrap();
    assert_eq!(rows(&mut tx, "cases").await, 1);
    tx.commit().await.unwrap();
    // The same connection, a moment later, acts for nobody: no row, and no error.
    let mut connection = office.acquire().await.unwrap();
    for table in guarded_tables(&app.pool).await {
        // Some are not for the office's role to read at all, or not whole.
        if count(&app.pool, &format!("select count(*) where has_table_privilege('doorstep_app', '{table}', 'select')")).await == 0 {
            continue;
        }
        assert_eq!(rows(&mut connection, &table).await, 0, "{table}");
    }
    assert_eq!(sqlx::query_scalar::<_, i64>("select count(worker_id) from workers").fetch_one(&mut *connection).await.unwrap(), 0);
    drop(connection);
    let omar = identity(&app, "omar", Role::CaseManager).await;
    let mut tx = db::begin_as(&office, &omar).await.unwrap();
    let seen: Uuid = sqlx::query_scalar("select case_id from cases").fetch_one(&mut *tx).await.unwrap();
    assert_eq!(seen, app.world.case_of_omar.0);
    drop(tx);
    office.close().await;
    app.stop().await;
}

/// Drops `work` when it would be polled for the time after `polls`, as a server does with a request whose browser has gone.
pub async fn dropped_after<F: Future>(polls: usize, work: F) -> Option<F::Output> {
    let mut work = pin!(work);
    let mut polled = 0;
    poll_fn(move |context| {
        polled += 1;
        if polled > polls { Poll::Ready(None) } else { work.as_mut().poll(context).map(Some) }
    })
    .await
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn a_request_that_is_dropped_while_it_begins_leaves_nobody_behind(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let office = db::connect_app((*app.pool.connect_options()).clone(), 1).await.unwrap();
    let maria = identity(&app, "maria", Role::CaseManager).await;
    for polls in 0..8 {
        drop(dropped_after(polls, db::begin_reading_as(&office, &maria)).await);
        let acts_for = "select coalesce(current_setting('app.worker_id', true), '')";
        assert_eq!(sqlx::query_scalar::<_, String>(acts_for).fetch_one(&office).await.unwrap(), "", "dropped after {polls} polls");
    }
    office.close().await;
    app.stop().await;
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn what_is_not_visible_cannot_be_written(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let office = db::connect_app((*app.pool.connect_options()).clone(), 1).await.unwrap();
    let maria = identity(&app, "maria", Role::CaseManager).await;
    let of_omar = app.world.case_of_omar;
    for (statement, sqlstate) in [
        (format!("insert into visits select agency_id, gen_random_uuid(), case_id, scope_id, app_worker(), now(), 0, 'home' from (
            select '{}'::uuid as agency_id, '{of_omar}'::uuid as case_id, scope_id from (values ('{}'::uuid)) as v (scope_id)) x",
            maria.agency_id, id(&app.pool, &format!("select scope_id from cases where case_id = '{of_omar}'")).await), "42501"),
        ("insert into persons (agency_id) values (app_agency())".to_owned(), "42501"),
        ("update cases set programme = 'another'".to_owned(), "42501"),
        ("update notes set narrative = 'other words'".to_owned(), "42501"),
        ("delete from notes".to_owned(), "42501"),
        ("select password_hash from workers".to_owned(), "42501"),
        ("select * from audit_events".to_owned(), "42501"),
        ("update audit_events set result = 'x'".to_owned(), "42501"),
        ("delete from audit_events".to_owned(), "42501"),
        ("insert into visible_scopes (agency_id, worker_id, scope_id, reason) select agency_id, app_worker(), scope_id, 'primary-worker' from scopes".to_owned(), "42501"),
        ("update scopes set head = 0".to_owned(), "42501"),
        ("create table mine (id int)".to_owned(), "42501"),
    ] {
        let mut tx = db::begin_as(&office, &maria).await.unwrap();
        let refused = sqlx::query(AssertSqlSafe(statement.clone())).execute(&mut *tx).await.unwrap_err();
        assert_eq!(refused.as_database_error().unwrap().code().unwrap(), sqlstate, "{statement}: {refused}");
    }
    // A row of another is not there at all.
    let mut tx = db::begin_as(&office, &maria).await.unwrap();
    let done = sqlx::query("update cases set last_contact_on = now() where case_id = $1").bind(of_omar.0).execute(&mut *tx).await.unwrap();
    assert_eq!(done.rows_affected(), 0);
    drop(tx);
    office.close().await;
    app.stop().await;
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn the_audit_trail_is_only_ever_added_to(pool: PgPool) {
    let app = TestApp::start(pool).await;
    app.worker("maria").await;
    assert!(count(&app.pool, "select count(*) from audit_events").await > 0);
    for statement in ["update audit_events set result = 'x'", "delete from audit_events", "truncate audit_events"] {
        assert!(sqlx::query(AssertSqlSafe(statement)).execute(&app.pool).await.is_err(), "{statement}");
    }
    app.stop().await;
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn a_page_shows_what_its_worker_may_see(pool: PgPool) {
    use records::Need;
    let app = TestApp::start(pool).await;
    let office = db::connect_app((*app.pool.connect_options()).clone(), 2).await.unwrap();
    let maria = identity(&app, "maria", Role::CaseManager).await;
    let ruth = identity(&app, "ruth", Role::Supervisor).await;
    let kinds = async |who: &Identity, need| {
        let mut tx = db::begin_as(&office, who).await.unwrap();
        let records = records::load_page(&mut tx, who, need).await.unwrap();
        RecordKind::ALL.iter().map(|kind| records.iter().filter(|record| record.kind() == *kind).count()).collect::<Vec<_>>()
    };
    assert_eq!(kinds(&maria, Need::Nothing).await, [0; 11]);
    assert_eq!(kinds(&maria, Need::Caseload).await, [4, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0]);
    assert_eq!(kinds(&ruth, Need::Caseload).await, [4, 2, 2, 0, 0, 0, 0, 0, 0, 0, 0]);
    crate::sync_phone::add_plan(&app, app.case_id(), "maria").await;
    assert_eq!(kinds(&maria, Need::Today).await, [4, 1, 1, 0, 0, 1, 1, 0, 0, 0, 0]);
    assert_eq!(kinds(&ruth, Need::Today).await, [4, 2, 2, 0, 0, 0, 0, 0, 0, 0, 0]);
    assert_eq!(kinds(&maria, Need::Client(app.case_id())).await, [4, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0]);
    assert_eq!(kinds(&maria, Need::Client(app.world.case_of_omar)).await, [4, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0]);
    office.close().await;
    app.stop().await;
}

#[test]
fn no_source_tells_a_connection_for_whom_it_acts_beyond_its_transaction() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut folders = vec![root.join("src"), root.join("migrations")];
    let (mut read, mut settings) = (0, 0);
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let Ok(text) = std::fs::read_to_string(&path) else { continue };
            read += 1;
            for call in text.split("set_config('app.").skip(1) {
                let call = call.split_once(");").unwrap().0;
                assert!(call.ends_with(", true"), "{}: set_config('app.{call})", path.display());
                settings += 1;
            }
            // `set local` is the transaction's, `set` the connection's.
            assert!(!text.contains("set app.") && !text.contains("set session app."), "{}", path.display());
            // Under row-level security it would make a row that cannot be seen a success that is none.
            assert!(!text.to_lowercase().contains("on conflict do nothing"), "{}", path.display());
        }
    }
    assert!(read > 50 && settings > 0);
}
