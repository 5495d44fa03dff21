//! What others own, asked for by everybody who should not have it: every table, every route, every id.

use std::collections::BTreeSet;

use domain::{AgencyId, Permission, Permissions, Role, WorkerId};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use server::{db, identity::Identity};
use sqlx::{AssertSqlSafe, PgConnection, PgPool};
use sync::questions::{BreakGlass, BreakGlassId, HEADER, MarkNoticeSeen, Question, ReviewBreakGlass, SignInWithPasskey};
use uuid::Uuid;

use crate::{
    helpers::{Answer, Browser, TestApp, send},
    sync_phone::{Phone, add_plan, count, id, note, run, sign, worker_id},
};

/// Words that only omar, and who is above him, may read.
const OF_OMAR: &str = "only Omar and Ruth may read this";
/// A name in the twin agency.
const OF_TWIN: &str = "Zephyrine";

/// An agency in which every table has rows of maria and of omar.
async fn full_agency(pool: PgPool) -> TestApp {
    let app = TestApp::start(pool).await;
    for (name, case_id, words) in [("maria", app.case_id(), "hers"), ("omar", app.world.case_of_omar, OF_OMAR)] {
        add_plan(&app, case_id, name).await;
        let mut phone = Phone::of(&app, name).await;
        phone.push_one(&sign(case_id, words)).await;
        // One that waits for a person: it is about no case.
        phone.push_one(&sign(domain::CaseId(Uuid::now_v7()), words)).await;
    }
    let omar = app.worker("omar").await;
    let reason = format!("{OF_OMAR}, and this as well");
    let opened = omar.answer_to(&BreakGlass { case_id: app.world.case_of_omar, reason }).await;
    assert_ne!(opened.break_glass_id, BreakGlassId(Uuid::nil()));
    let more = "insert into passkeys (agency_id, worker_id, credential_id, credential, name)
                select agency_id, worker_id, sha256(email::bytea), '{}', email from workers;
                insert into person_phones select agency_id, person_id, 0, '555-0100', 'anything', null from persons;
                insert into person_addresses select agency_id, person_id, 0, '1 Mill Lane', true from persons;
                insert into related_persons select agency_id, person_id, 0, given_name, 'sister', false from persons;
                insert into case_alerts (agency_id, case_id, scope_id, position, kind, statement)
                select agency_id, case_id, scope_id, 0, 'safety', 'dog' from cases;
                insert into note_goals (agency_id, note_id, position, scope_id, goal_id, from_achievement, to_achievement)
                select n.agency_id, n.note_id, 0, n.scope_id, g.goal_id, 'in-progress', 'improving' from notes n join goals g using (agency_id, case_id);
                insert into attachments (agency_id, attachment_id, note_id, case_id, scope_id, author_id, title, media_type, size_bytes, sha256, received_at)
                select agency_id, gen_random_uuid(), note_id, case_id, scope_id, author_id, narrative, 'image/png', 9, repeat('0', 64), now() from notes;
                insert into uploads (agency_id, worker_id, attachment_id, device_id, content_key, size_bytes, sha256, media_type, verified_at)
                select a.agency_id, author_id, attachment_id, device_id, '', size_bytes, sha256, media_type, received_at
                from attachments a join lateral (select device_id from devices where worker_id = author_id limit 1) d on true;
                insert into reminders (agency_id, worker_id, device_id, endpoint, time_zone, next_at)
                select agency_id, worker_id, device_id, 'https://fcm.googleapis.com/x', 'UTC', now() + interval '1 day' from devices";
    run(&app.pool, more).await;
    app
}

/// Tables of agencies, each with its columns that can be written.
async fn tables(pool: &PgPool) -> Vec<(String, Vec<String>)> {
    sqlx::query_as(
        "select c.relname::text, array_agg(a.attname::text order by a.attnum)
         from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
         where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace
         group by c.relname having bool_or(a.attname = 'agency_id') order by c.relname",
    )
    .fetch_all(pool)
    .await
    .unwrap()
}

/// A second agency that is the first one's twin: every row is there twice, with the same ids.
async fn make_twin(pool: &PgPool) -> AgencyId {
    let twin = Uuid::now_v7();
    let mut statements = "begin; set local session_replication_role = replica;".to_owned();
    for (table, columns) in tables(pool).await {
        let values: Vec<String> = columns
            .iter()
            .map(|column| match column.as_str() {
                "agency_id" => format!("'{twin}'"),
                "email" => "'x' || email".to_owned(),
                "token_hash" | "credential_id" => format!("sha256({column})"),
                "given_name" => format!("'{OF_TWIN}'"),
                "narrative" => format!("'{OF_TWIN}'"),
                other => other.to_owned(),
            })
            .collect();
        let (columns, values) = (columns.join(", "), values.join(", "));
        statements += &format!("insert into {table} ({columns}) overriding system value select {values} from {table};");
    }
    run(pool, &(statements + "commit")).await;
    AgencyId(twin)
}

async fn identities(app: &TestApp) -> Vec<(&'static str, Identity)> {
    let agency_id = AgencyId(id(&app.pool, "select agency_id from agencies").await);
    let mut identities = Vec::new();
    for (name, role) in
        [("maria", Role::CaseManager), ("omar", Role::CaseManager), ("ruth", Role::Supervisor), ("ada", Role::Administrator)]
    {
        identities.push((
            name,
            Identity { agency_id, worker_id: WorkerId(worker_id(&app.pool, name).await), role, may: Permissions::usual(role) },
        ));
    }
    identities
}

/// The rows that somebody sees of a table, as text; nothing where the office's role may not read it.
async fn seen(tx: &mut PgConnection, table: &str, columns: &[String]) -> Option<BTreeSet<String>> {
    let readable =
        format!("select coalesce(array_agg(c), '{{}}') from unnest($1::text[]) c where has_column_privilege('{table}', c, 'select')");
    let readable: Vec<String> = sqlx::query_scalar(AssertSqlSafe(readable)).bind(columns).fetch_one(&mut *tx).await.unwrap();
    if !readable.iter().any(|column| column == "agency_id") {
        return None;
    }
    let rows = format!("select row({})::text from {table}", readable.join(", "));
    Some(sqlx::query_scalar(AssertSqlSafe(rows)).fetch_all(tx).await.unwrap().into_iter().collect())
}

/// Rows that an owner of all sees, under a condition.
async fn oracle(pool: &PgPool, table: &str, condition: &str) -> i64 {
    count(pool, &format!("select count(*) from {table} t where {condition}")).await
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn fault_30_in_every_table_each_worker_sees_what_the_rules_say_and_a_twin_agency_changes_nothing(pool: PgPool) {
    let app = full_agency(pool).await;
    let office = db::connect_app((*app.pool.connect_options()).clone(), 1).await.unwrap();
    let (tables, identities) = (tables(&app.pool).await, identities(&app).await);
    let mut before = Vec::new();
    for (name, identity) in &identities {
        let (worker, agency) = (identity.worker_id, identity.agency_id);
        let visible = format!(
            "select scope_id from visible_scopes where agency_id = '{agency}' and worker_id = '{worker}'
             and (expires_at is null or expires_at > now())"
        );
        let own = format!("t.worker_id = '{worker}'");
        let own_or = |permission| if identity.may(permission) { "true".to_owned() } else { own.clone() };
        let mut tx = db::begin_as(&office, identity).await.unwrap();
        for (table, columns) in &tables {
            let Some(rows) = seen(&mut tx, table, columns).await else { continue };
            let expected = match table.as_str() {
                "agencies" | "workers" | "security_policies" | "device_policies" | "role_permissions" => "true".to_owned(),
                "visible_scopes" => format!("{own} and (expires_at is null or expires_at > now())"),
                "persons" | "person_phones" | "person_addresses" | "related_persons" => {
                    format!("t.person_id in (select person_id from cases where scope_id in ({visible}))")
                }
                "devices" | "mutations" | "notices" | "read_reports" | "reminders" => own.clone(),
                "reviews" => own_or(Permission::DecideReviews),
                "break_glass" => own_or(Permission::ReviewBreakGlass),
                "sessions" | "passkeys" => own_or(Permission::ManageDevices),
                "uploads" => format!(
                    "{own} or (t.agency_id, t.attachment_id, t.worker_id) in
                     (select agency_id, attachment_id, author_id from attachments where received_at is not null and scope_id in ({visible}))"
                ),
                _ => format!("t.scope_id in ({visible})"),
            };
            let expected = oracle(&app.pool, table, &expected).await;
            assert_eq!(i64::try_from(rows.len()).unwrap(), expected, "{name} in {table}");
            before.push((*name, table.clone(), rows));
        }
    }
    assert!(before.iter().filter(|(_, _, rows)| !rows.is_empty()).count() > 40, "the agency is too empty to tell anything");

    let twin = make_twin(&app.pool).await;
    let mut again = Vec::new();
    for (name, identity) in &identities {
        let mut tx = db::begin_as(&office, identity).await.unwrap();
        for (table, columns) in &tables {
            if let Some(rows) = seen(&mut tx, table, columns).await {
                assert!(!rows.iter().any(|row| row.contains(&twin.to_string())), "{name} sees the twin's {table}");
                again.push((*name, table.clone(), rows));
            }
        }
    }
    assert_eq!(before, again);
    office.close().await;
    app.stop().await;
}

/// Where ids stand in a request.
fn id_fields(value: &Value, at: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(parts) => parts.iter().for_each(|(name, part)| id_fields(part, &format!("{at}/{name}"), found)),
        Value::Array(parts) => parts.iter().enumerate().for_each(|(place, part)| id_fields(part, &format!("{at}/{place}"), found)),
        Value::String(text) if text.parse::<Uuid>().is_ok() => found.push(at.to_owned()),
        _ => {}
    }
}

/// Every id of every table that belongs to omar or stands in his case, with the name of its column.
async fn ids_of_omar(app: &TestApp) -> BTreeSet<(String, Uuid)> {
    let (omar, scope) = (
        worker_id(&app.pool, "omar").await,
        id(&app.pool, &format!("select scope_id from cases where case_id = '{}'", app.world.case_of_omar)).await,
    );
    let mut ids = BTreeSet::new();
    for (table, columns) in tables(&app.pool).await {
        let has = |name: &str| columns.iter().any(|column| column == name);
        let condition = match () {
            () if has("scope_id") => format!("scope_id = '{scope}'"),
            () if has("worker_id") => format!("worker_id = '{omar}'"),
            () if has("person_id") => format!("person_id = (select person_id from cases where scope_id = '{scope}')"),
            () => continue,
        };
        for column in columns.iter().filter(|column| column.ends_with("_id") && *column != "agency_id") {
            let found = format!(
                "select distinct {column} from {table} where {condition} and pg_typeof({column}) = 'uuid'::regtype and {column} is not null"
            );
            let found: Result<Vec<Uuid>, _> = sqlx::query_scalar(AssertSqlSafe(found)).fetch_all(&app.pool).await;
            ids.extend(found.unwrap_or_default().into_iter().map(|id| (format!("{table}.{column}"), id)));
        }
    }
    ids
}

/// All that is omar's or in his case, as one hash for each table.
async fn state_of_omar(app: &TestApp) -> Vec<(String, Option<String>)> {
    let omar = worker_id(&app.pool, "omar").await;
    let mut state = Vec::new();
    for (table, columns) in tables(&app.pool).await {
        // What maria tries stands in the trail as hers, and heads only count.
        if ["audit_events", "audit_seals", "audit_heads"].contains(&table.as_str()) {
            continue;
        }
        let has = |name: &str| columns.iter().any(|column| column == name);
        let scope = format!("(select scope_id from cases where case_id = '{}')", app.world.case_of_omar);
        let condition = match () {
            () if has("scope_id") && has("worker_id") => format!("(t.scope_id = {scope} or t.worker_id = '{omar}')"),
            () if has("scope_id") => format!("t.scope_id = {scope}"),
            () if has("worker_id") => format!("t.worker_id = '{omar}'"),
            () => continue,
        };
        // What is safe is moved on by the server itself.
        let hash = format!(
            "select md5(string_agg(row, '|' order by row)) from (select (to_jsonb(t) - 'safe_seq')::text as row from {table} t where {condition}) r"
        );
        let hash: Option<String> = sqlx::query_scalar(AssertSqlSafe(hash)).fetch_one(&app.pool).await.unwrap();
        state.push((table, hash));
    }
    state
}

async fn post(browser: &Browser, path: &str, body: &Value) -> Answer {
    send(browser.request(Method::POST, path).header(HEADER, "1").header("accept", "application/json").json(body)).await
}

fn tells_nothing(answer: &Answer, at: &str) {
    let text = answer.text();
    for marker in ["Ottoline", "Fairweather", OF_OMAR, OF_TWIN] {
        assert!(!text.contains(marker), "{at}: {text}");
    }
    assert!(answer.status.as_u16() < 500, "{at}: {}", answer.status);
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn fault_30_no_route_shows_or_changes_anything_by_the_id_of_another(pool: PgPool) {
    let app = full_agency(pool).await;
    let mut phone = Phone::of(&app, "maria").await;
    let ids = ids_of_omar(&app).await;
    assert!(ids.len() >= 25, "{ids:?}");
    let before = state_of_omar(&app).await;
    let description: Value = app.anonymous().get("/api/openapi.json").await.json();
    let mut asked = 0;
    for (path, methods) in description["paths"].as_object().unwrap() {
        // The rule for an emergency is that a case manager may, and it has tests of its own.
        if [BreakGlass::PATH, "/sync/v1/push", "/sync/v1/devices"].contains(&path.as_str()) {
            continue;
        }
        let Some(schema) = methods["post"]["requestBody"]["content"]["application/json"]["schema"]["$ref"].as_str() else { continue };
        let example = &description["components"]["schemas"][schema.rsplit('/').next().unwrap()]["examples"][0];
        let mut fields = Vec::new();
        id_fields(example, "", &mut fields);
        for field in fields {
            let with = |id: Uuid| crate::sync_phone::with(example.clone(), &field, json!(id));
            let nothing = post(&phone.browser, path, &with(Uuid::now_v7())).await;
            for (name, id) in &ids {
                if path == SignInWithPasskey::PATH {
                    // So many tries would be too many.
                    run(&app.pool, "delete from sign_in_attempts").await;
                }
                let answer = post(&phone.browser, path, &with(*id)).await;
                let at = format!("{path} {field} = {name}");
                tells_nothing(&answer, &at);
                // The same words as for an id that does not exist. Only colleagues are no secret: that she may not manage them is said.
                assert!(field == "/worker_id" || answer.status == nothing.status, "{at}: {} and not {}", answer.status, nothing.status);
                asked += 1;
            }
        }
    }
    // Each place of a mutation that holds an id, in a push of her own device about her own case.
    let mut sample = note(app.case_id(), "words of maria");
    sample.visit_id = Some(domain::VisitId(Uuid::now_v7()));
    sample.tasks_done = vec![domain::TaskId(Uuid::now_v7())];
    let sample = json!(phone.write(&domain::Command::SignNote(sample)));
    let mut fields = Vec::new();
    id_fields(&sample, "", &mut fields);
    assert!(fields.len() >= 7, "{fields:?}");
    let mut seq = 0;
    for field in fields {
        for (name, id) in &ids {
            let mut mutation = crate::sync_phone::with(sample.clone(), "/mid", json!(Uuid::now_v7()));
            let note_id = json!(Uuid::now_v7());
            (mutation["entity_id"], mutation["body"]["note_id"]) = (note_id.clone(), note_id);
            mutation["seq"] = json!(seq + 1);
            *mutation.pointer_mut(&field).unwrap() = json!(id);
            let push = json!({ "device_id": phone.device_id, "mutations": [mutation] });
            let answer = post(&phone.browser, "/sync/v1/push", &push).await;
            let at = format!("push {field} = {name}");
            tells_nothing(&answer, &at);
            assert_eq!(answer.status, StatusCode::OK, "{at} {}", answer.text());
            seq = answer.json::<sync::wire::PushResponse>().device_last_seq;
            asked += 1;
        }
    }
    for (name, id) in &ids {
        for path in [format!("/clients/{id}"), format!("/clients/{id}/before-visit"), format!("/clients/{id}/notes/new")] {
            let answer = phone.browser.get(&path).await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path} {name}");
            tells_nothing(&answer, &path);
            asked += 1;
        }
    }
    // A device's id is told to be taken, which is all that it tells; one that no device has becomes hers.
    let second = app.worker("maria").await;
    for (name, id) in &ids {
        let answer = post(&second, "/sync/v1/devices", &json!({ "device_id": id, "enrolled": false, "app_build": "test" })).await;
        tells_nothing(&answer, name);
        let is_device = count(&app.pool, &format!("select count(*) from devices where device_id = '{id}'")).await;
        assert!(is_device == 1 && [StatusCode::OK, StatusCode::CONFLICT].contains(&answer.status), "{name} {}", answer.status);
        asked += 1;
    }
    assert!(asked > 400, "{asked}");
    assert_eq!(before, state_of_omar(&app).await);
    // And what she may see has not grown.
    let pulled = serde_json::to_string(&phone.pull().await).unwrap();
    assert!(!pulled.contains("Ottoline") && !pulled.contains(OF_OMAR));
    app.stop().await;
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn fault_30_a_twin_agency_with_the_same_ids_is_another_world(pool: PgPool) {
    let app = full_agency(pool).await;
    let twin = make_twin(&app.pool).await;
    let (maria, ruth) = (app.worker("maria").await, app.worker("ruth").await);
    for browser in [&maria, &ruth] {
        for path in ["/today", "/caseload", &format!("/clients/{}", app.case_id())] {
            let page = browser.get(path).await;
            assert_eq!(page.status, StatusCode::OK);
            tells_nothing_of_twin(&page.text());
        }
        let pull = json!({ "gen": 1, "scopes": {}, "limit_bytes": 4_000_000 });
        tells_nothing_of_twin(&browser.post_json("/sync/v1/pull", &pull).await.text());
    }
    // What is done here is not done there.
    let glass = id(&app.pool, "select distinct break_glass_id from break_glass").await;
    let notice_id = id(&app.pool, "select distinct notice_id from notices").await;
    ruth.answer_to(&ReviewBreakGlass { break_glass_id: BreakGlassId(glass), justified: false, remark: String::new() }).await;
    ruth.answer_to(&MarkNoticeSeen { notice_id }).await;
    maria.answer_to(&sync::questions::EndOtherSessions::default()).await;
    for untouched in [
        format!("select count(*) from break_glass where agency_id = '{twin}' and reviewed_at is null"),
        format!("select count(*) from notices where agency_id = '{twin}' and seen_at is null"),
        format!("select count(*) from visible_scopes where agency_id = '{twin}' and reason = 'break-glass' and expires_at > now()"),
    ] {
        assert_eq!(count(&app.pool, &untouched).await, 1, "{untouched}");
    }
    assert_eq!(count(&app.pool, &format!("select count(*) from sessions where agency_id = '{twin}' and ended_at is not null")).await, 0);
    app.stop().await;
}

fn tells_nothing_of_twin(text: &str) {
    assert!(!text.contains(OF_TWIN), "{text}");
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn what_no_shape_names_is_refused_by_every_route(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let maria = app.worker("maria").await;
    let description: Value = app.anonymous().get("/api/openapi.json").await.json();
    let mut asked = 0;
    for (path, methods) in description["paths"].as_object().unwrap() {
        let Some(schema) = methods["post"]["requestBody"]["content"]["application/json"]["schema"]["$ref"].as_str() else { continue };
        let example = &description["components"]["schemas"][schema.rsplit('/').next().unwrap()]["examples"][0];
        for extra in ["agency_id", "worker_role", "role", "is_admin"] {
            let mut body = example.clone();
            body[extra] = json!("administrator");
            let answer = post(&maria, path, &body).await;
            assert_eq!(
                (answer.status, answer.problem().code),
                (StatusCode::BAD_REQUEST, sync::wire::ProblemCode::Malformed),
                "{path} {extra}"
            );
            asked += 1;
        }
    }
    assert!(asked >= 4 * 20, "{asked}");
    app.stop().await;
}
