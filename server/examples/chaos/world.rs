//! Two agencies with a supervisor and some case managers each, and clients who are handed from one to the other.

use anyhow::Result;
use domain::*;
use server::{db, records, sessions};
use sqlx::{PgConnection, PgPool, postgres::PgConnectOptions};
use uuid::Uuid;

pub(crate) const PASSWORD: &str = "whatever the weather";

const AGENCIES: usize = 2;
const MANAGERS_EACH: usize = 2;
const CASES_PER_MANAGER: usize = 6;
const TASKS_PER_CASE: usize = 12;

/// Somebody who may sign in.
#[derive(Clone, Debug)]
pub(crate) struct Account {
    pub(crate) agency_id: AgencyId,
    pub(crate) worker_id: WorkerId,
    pub(crate) role: Role,
    pub(crate) email: String,
}

/// An agency whose cases change hands.
pub(crate) struct Agency {
    pub(crate) agency_id: AgencyId,
    pub(crate) managers: Vec<WorkerId>,
    pub(crate) cases: Vec<CaseId>,
}

/// What was made.
pub(crate) struct World {
    /// Those who have devices, one agency's beside the other's.
    pub(crate) accounts: Vec<Account>,
    pub(crate) agencies: Vec<Agency>,
}

impl World {
    /// Migrates the database and fills it, as its owner.
    pub(crate) async fn plant(database: &PgConnectOptions) -> Result<Self> {
        let pool = db::connect_owner(database.clone()).await?;
        db::MIGRATOR.run(&pool).await?;
        let hash = sessions::hash_password(PASSWORD).map_err(|error| anyhow::anyhow!("{error}"))?;
        let (mut by_agency, mut agencies) = (Vec::new(), Vec::new());
        for number in 0..AGENCIES {
            let (accounts, agency) = plant_agency(&pool, number, &hash).await?;
            by_agency.push(accounts);
            agencies.push(agency);
        }
        pool.close().await;
        let places = 0..by_agency.iter().map(Vec::len).max().unwrap_or(0);
        let accounts = places.flat_map(|place| by_agency.iter().filter_map(move |accounts| accounts.get(place).cloned())).collect();
        Ok(Self { accounts, agencies })
    }

    /// How many workers so many devices belong to: some have several, and there is never one agency only.
    pub(crate) fn workers_of(&self, devices: usize) -> usize {
        (devices.saturating_sub(1)).clamp(AGENCIES, self.accounts.len())
    }
}

async fn plant_agency(pool: &PgPool, number: usize, hash: &str) -> Result<(Vec<Account>, Agency)> {
    let agency_id = AgencyId(Uuid::now_v7());
    let mut tx = db::begin_in_agency(pool, agency_id).await?;
    records::create_agency(&mut tx, agency_id, &format!("Agency {number}")).await?;
    // The supervisor is the second, so that a few devices are enough for one of them to hand cases over.
    let roles = [Role::CaseManager, Role::Supervisor].into_iter().chain(std::iter::repeat_n(Role::CaseManager, MANAGERS_EACH - 1));
    let mut accounts = Vec::new();
    for (place, role) in roles.enumerate() {
        let worker = Worker { id: WorkerId(Uuid::now_v7()), name: format!("Worker {number}.{place}"), role };
        let email = format!("worker{place}@agency{number}.example");
        records::create_worker(&mut tx, agency_id, &worker, &email, hash).await?;
        accounts.push(Account { agency_id, worker_id: worker.id, role, email });
    }
    let managers: Vec<WorkerId> =
        accounts.iter().filter(|account| account.role == Role::CaseManager).map(|account| account.worker_id).collect();
    let mut cases = Vec::new();
    for manager in &managers {
        for _ in 0..CASES_PER_MANAGER {
            cases.push(plant_case(&mut tx, agency_id, *manager, cases.len()).await?);
        }
    }
    tx.commit().await?;
    Ok((accounts, Agency { agency_id, managers, cases }))
}

async fn plant_case(tx: &mut PgConnection, agency_id: AgencyId, manager: WorkerId, number: usize) -> Result<CaseId> {
    let person = Person {
        id: PersonId(Uuid::now_v7()),
        client_number: None,
        given_name: format!("Given{number}"),
        family_name: format!("Family{number}"),
        preferred_name: None,
        birth_date: None,
        language: "en".to_owned(),
        interpreter_needed: false,
        phones: Vec::new(),
        addresses: Vec::new(),
        related: Vec::new(),
        written: domain::Writers::new(),
    };
    let case = Case {
        id: CaseId(Uuid::now_v7()),
        scope_id: ScopeId(Uuid::now_v7()),
        restricted_scope_id: Some(ScopeId(Uuid::now_v7())),
        person_id: person.id,
        programme: "Housing".to_owned(),
        primary_worker_id: manager,
        state: CaseState::Active,
        risk: Risk { level: RiskLevel::Medium, reason: None, since: None },
        opened_on: Date::from_time(time::macros::date!(2026 - 01 - 05)),
        last_contact_on: None,
        contact_every_days: 14,
        alerts: Vec::new(),
        written: domain::Writers::new(),
    };
    let case_id = case.id;
    let plan = [goal(case_id)].into_iter().chain((0..TASKS_PER_CASE).map(|_| task(case_id, manager)));
    let all: Vec<Record> = [Record::Person(person), Record::Case(case)].into_iter().chain(plan).collect();
    records::save(tx, agency_id, &all).await?;
    Ok(case_id)
}

fn goal(case_id: CaseId) -> Record {
    Record::Goal(Goal {
        id: GoalId(Uuid::now_v7()),
        case_id,
        statement: "A door that locks".to_owned(),
        measure: None,
        target_on: None,
        lifecycle: GoalLifecycle::Active,
        achievement: Achievement::InProgress,
        moved_by: None,
        moved_at: None,
    })
}

fn task(case_id: CaseId, owner_id: WorkerId) -> Record {
    Record::Task(Task {
        id: TaskId(Uuid::now_v7()),
        case_id,
        owner_id,
        title: "Call the landlord".to_owned(),
        due_on: Date::from_time(time::macros::date!(2026 - 10 - 01)),
        state: TaskState::Open,
    })
}
