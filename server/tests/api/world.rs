//! A small agency with two case managers, a supervisor and an administrator, and one client for each case manager.

use domain::*;
use server::{db, records, sessions};
use sqlx::PgPool;
use uuid::Uuid;

use crate::helpers::PASSWORD;

/// Words that must never be seen in a log, a title or an address.
pub const CLIENT_NAME: &str = "Quillon";
pub const FAMILY_NAME: &str = "Abernathy-Voss";
pub const NOTE_WORDS: &str = "the landlord changed the lock on Tuesday";

/// What was made.
pub struct World {
    pub case_of_maria: CaseId,
    pub case_of_omar: CaseId,
}

pub fn email(name: &str) -> String {
    format!("{name}@harbor.example")
}

pub async fn create(pool: &PgPool) -> World {
    let agency_id = AgencyId(Uuid::now_v7());
    let password_hash = sessions::hash_password(PASSWORD).unwrap();
    let mut tx = db::begin_in_agency(pool, agency_id).await.unwrap();
    records::create_agency(&mut tx, agency_id, "Harbor Community Services").await.unwrap();
    let mut workers = Vec::new();
    for (name, role) in
        [("maria", Role::CaseManager), ("omar", Role::CaseManager), ("ruth", Role::Supervisor), ("ada", Role::Administrator)]
    {
        let worker = Worker { id: WorkerId(Uuid::now_v7()), name: format!("{name} of Harbor"), role };
        records::create_worker(&mut tx, agency_id, &worker, &email(name), &password_hash).await.unwrap();
        workers.push(worker.id);
    }
    let (of_maria, case_of_maria) = client(CLIENT_NAME, FAMILY_NAME, workers[0]);
    let (of_omar, case_of_omar) = client("Ottoline", "Fairweather", workers[1]);
    records::save(&mut tx, agency_id, &[of_maria, of_omar].concat()).await.unwrap();
    tx.commit().await.unwrap();
    World { case_of_maria, case_of_omar }
}

fn client(given_name: &str, family_name: &str, primary_worker_id: WorkerId) -> (Vec<Record>, CaseId) {
    let person = Person {
        id: PersonId(Uuid::now_v7()),
        client_number: None,
        given_name: given_name.to_owned(),
        family_name: family_name.to_owned(),
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
        primary_worker_id,
        state: CaseState::Active,
        risk: Risk { level: RiskLevel::Medium, reason: None, since: None },
        opened_on: Date::new(2026, 1, 5).unwrap(),
        last_contact_on: None,
        contact_every_days: 14,
        alerts: Vec::new(),
        written: domain::Writers::new(),
    };
    let at = DateTime::from_unix_ms(1_790_000_000_000, 0);
    let note = Note {
        id: NoteId(Uuid::now_v7()),
        case_id: case.id,
        author_id: primary_worker_id,
        occurred_at: at,
        duration_min: 30,
        mode: ContactMode::HomeVisit,
        reached: Reached::Client,
        purpose: Purpose::Monitoring,
        narrative: Narrative::parse(NOTE_WORDS).unwrap(),
        sensitivity: domain::Sensitivity::Ordinary,
        goals: Vec::new(),
        tasks_done: Vec::new(),
        visit_id: None,
        signed_at: at,
        received_at: Some(at),
        late_after_reassignment: false,
    };
    let case_id = case.id;
    (vec![Record::Person(person), Record::Case(case), Record::Note(note)], case_id)
}
