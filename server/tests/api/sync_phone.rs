//! A device as the server meets it: it signs in, registers, and counts what it writes.

use std::collections::BTreeMap;

use domain::*;
use reqwest::{Method, RequestBuilder, StatusCode};
use serde_json::{Value, json};
use server::Running;
use sqlx::{AssertSqlSafe, PgPool};
use sync::wire::*;
use uuid::Uuid;

use crate::helpers::{Answer, Browser, TestApp, send};

pub struct Phone {
    pub browser: Browser,
    pub device_id: DeviceId,
    /// The number of the next mutation.
    pub next_seq: u64,
    pub held: BTreeMap<ScopeId, Held>,
    pub incarnation: Option<IncarnationId>,
}

impl Phone {
    /// A registered device of one of the agency's workers.
    pub async fn of(app: &TestApp, name: &str) -> Self {
        let phone = Self {
            browser: app.worker(name).await,
            device_id: DeviceId(Uuid::now_v7()),
            next_seq: 1,
            held: BTreeMap::new(),
            incarnation: None,
        };
        assert_eq!(phone.register().await.status, StatusCode::OK);
        phone
    }

    /// The same device, with another server of the same database.
    pub fn at(&self, server: &Running) -> Self {
        let Self { device_id, next_seq, incarnation, .. } = *self;
        Self { browser: self.browser.at(server), device_id, next_seq, held: self.held.clone(), incarnation }
    }

    pub async fn register(&self) -> Answer {
        let request = RegisterDevice {
            device_id: self.device_id,
            enrolled: true,
            app_build: "test".to_owned(),
            label: "Test".to_owned(),
            keys: None,
        };
        self.browser.post_json("/sync/v1/devices", &json!(request)).await
    }

    /// The next mutation of this device.
    pub fn write(&mut self, command: &Command) -> Mutation {
        let (kind, v, body) = Mutation::wrap(command);
        let mutation = Mutation {
            mid: Mid(Uuid::now_v7()),
            seq: self.next_seq,
            group_id: None,
            kind: kind.to_owned(),
            v,
            scope_id: ScopeId(Uuid::nil()),
            entity_id: command.entity_id(),
            recorded_at: moment(),
            app_build: "test".to_owned(),
            body,
        };
        self.next_seq += 1;
        mutation
    }

    pub async fn send(&self, mutations: &[Mutation]) -> Answer {
        send(self.request(mutations)).await
    }

    pub fn request(&self, mutations: &[Mutation]) -> RequestBuilder {
        let request = PushRequest { device_id: self.device_id, mutations: mutations.to_vec() };
        // Written directly: by way of a `Value`, the bodies would lose their spaces.
        let body = serde_json::to_vec(&request).unwrap();
        let post = self.browser.request(Method::POST, "/sync/v1/push").header("content-type", "application/json");
        post.body(body)
    }

    pub async fn push(&self, mutations: &[Mutation]) -> PushResponse {
        let answer = self.send(mutations).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        answer.json()
    }

    /// Pushes one command and gives its receipt.
    pub async fn push_one(&mut self, command: &Command) -> PushResult {
        let mutation = self.write(command);
        self.push(&[mutation]).await.results.remove(0)
    }

    pub fn pull_request(&self, limit_bytes: u32) -> PullRequest {
        PullRequest {
            device_id: Some(self.device_id),
            generation: 7,
            incarnation: self.incarnation,
            scopes: self.held.clone(),
            first: None,
            limit_bytes,
        }
    }

    pub async fn send_pull(&self, request: &PullRequest) -> Answer {
        self.browser.post_json("/sync/v1/pull", &json!(request)).await
    }

    /// One pull; what it brings is held afterwards.
    pub async fn pull_page(&mut self, limit_bytes: u32) -> PullResponse {
        let answer = self.send_pull(&self.pull_request(limit_bytes)).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        let response: PullResponse = answer.json();
        self.incarnation = Some(response.incarnation);
        for scope_id in &response.forget {
            self.held.remove(scope_id);
        }
        for delta in &response.scopes {
            self.held.insert(delta.scope_id, Held { epoch: delta.epoch, head: delta.through });
        }
        response
    }

    pub async fn pull(&mut self) -> PullResponse {
        self.pull_page(1_000_000).await
    }
}

/// When everything is written in these tests.
pub fn moment() -> DateTime {
    DateTime::from_unix_ms(1_790_000_000_000, 120)
}

/// A note about a contact in which nobody was reached, so that it changes nothing but itself.
pub fn note(case_id: CaseId, narrative: &str) -> SignNote {
    SignNote {
        note_id: NoteId(Uuid::now_v7()),
        case_id,
        occurred_at: moment(),
        duration_min: 25,
        mode: ContactMode::HomeVisit,
        reached: Reached::NoOne,
        purpose: Purpose::Monitoring,
        narrative: narrative.to_owned(),
        goals: Vec::new(),
        tasks_done: Vec::new(),
        visit_id: None,
        sensitivity: Sensitivity::Ordinary,
        attachments: Vec::new(),
        blind_note_id: None,
    }
}

pub fn sign(case_id: CaseId, narrative: &str) -> Command {
    Command::SignNote(note(case_id, narrative))
}

/// The records in a pull, without their scopes.
pub fn records(response: &PullResponse) -> Vec<Record> {
    response.scopes.iter().flat_map(|delta| delta.records.clone()).collect()
}

/// One number, past row-level security.
pub async fn count(pool: &PgPool, query: &str) -> i64 {
    sqlx::query_scalar(AssertSqlSafe(query.to_owned())).fetch_one(pool).await.unwrap()
}

/// One id, past row-level security.
pub async fn id(pool: &PgPool, query: &str) -> Uuid {
    sqlx::query_scalar(AssertSqlSafe(query.to_owned())).fetch_one(pool).await.unwrap()
}

pub async fn run(pool: &PgPool, statement: &str) {
    sqlx::raw_sql(AssertSqlSafe(statement.to_owned())).execute(pool).await.unwrap();
}

pub async fn worker_id(pool: &PgPool, name: &str) -> Uuid {
    id(pool, &format!("select worker_id from workers where email = '{name}@harbor.example'")).await
}

pub async fn scope_of(pool: &PgPool, case_id: CaseId) -> ScopeId {
    ScopeId(id(pool, &format!("select scope_id from cases where case_id = '{case_id}'")).await)
}

/// A goal, a task and a planned visit of a case, as an import would bring them.
pub struct Plan {
    pub goal_id: GoalId,
    pub task_id: TaskId,
    pub visit_id: VisitId,
}

pub async fn add_plan(app: &TestApp, case_id: CaseId, name: &str) -> Plan {
    let agency_id = AgencyId(id(&app.pool, "select agency_id from agencies").await);
    let worker_id = WorkerId(worker_id(&app.pool, name).await);
    let plan = Plan { goal_id: GoalId(Uuid::now_v7()), task_id: TaskId(Uuid::now_v7()), visit_id: VisitId(Uuid::now_v7()) };
    let goal = Goal {
        id: plan.goal_id,
        case_id,
        statement: "A door that locks".to_owned(),
        measure: None,
        target_on: None,
        lifecycle: GoalLifecycle::Active,
        achievement: Achievement::InProgress,
        moved_by: None,
        moved_at: None,
    };
    let due_on = Date::new(2026, 10, 1).unwrap();
    let task =
        Task { id: plan.task_id, case_id, owner_id: worker_id, title: "Call the landlord".to_owned(), due_on, state: TaskState::Open };
    let visit =
        Visit { id: plan.visit_id, case_id, worker_id, planned_at: moment(), mode: ContactMode::HomeVisit, state: VisitState::Planned };
    let mut tx = server::db::begin_in_agency(&app.pool, agency_id).await.unwrap();
    let records = [Record::Goal(goal), Record::Task(task), Record::Visit(visit)];
    assert_eq!(server::records::save(&mut tx, agency_id, &records).await.unwrap(), 3);
    assert_eq!(server::records::save(&mut tx, agency_id, &records).await.unwrap(), 0);
    tx.commit().await.unwrap();
    plan
}

/// A value with one part changed.
pub fn with(mut value: Value, pointer: &str, part: Value) -> Value {
    *value.pointer_mut(pointer).unwrap() = part;
    value
}
