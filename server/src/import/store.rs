//! What an import asks the database for.

use std::collections::HashMap;

use domain::{AgencyId, CaseId, Date, PersonId, Role, ScopeId, Term, WorkerId};
use sqlx::PgConnection;

use super::duplicates::KnownPersons;
use crate::records::RecordsError;

/// The clients that an agency has, by their numbers.
pub(super) struct Clients {
    pub(super) by_number: HashMap<String, PersonId>,
    pub(super) cases: HashMap<PersonId, Vec<KnownCase>>,
    pub(super) persons: KnownPersons,
}

/// A case, as far as it takes to find it.
#[derive(Clone)]
pub(super) struct KnownCase {
    pub(super) case_id: CaseId,
    pub(super) scope_id: ScopeId,
    pub(super) programme: String,
}

/// Reads the clients of an agency.
pub(super) async fn list_clients(tx: &mut PgConnection, agency_id: AgencyId) -> Result<Clients, RecordsError> {
    let mut clients = Clients { by_number: HashMap::new(), cases: HashMap::new(), persons: KnownPersons::default() };
    let persons = sqlx::query!(
        r#"select person_id, client_number, given_name, family_name, birth_date,
            array(select number from person_phones f where f.agency_id = p.agency_id and f.person_id = p.person_id) as "phones!"
         from persons p where agency_id = $1"#,
        agency_id.0
    )
    .fetch_all(&mut *tx)
    .await?;
    for person in persons {
        let number = person.client_number.unwrap_or_default();
        let phones = person.phones.iter().map(String::as_str);
        clients.persons.add(&number, &person.given_name, &person.family_name, person.birth_date.map(Date::from_time), phones);
        if !number.is_empty() {
            clients.by_number.insert(number, PersonId(person.person_id));
        }
    }
    let cases = sqlx::query!(
        "select case_id, scope_id, person_id, programme from cases where agency_id = $1 and state <> 'closed' order by case_id",
        agency_id.0
    )
    .fetch_all(tx)
    .await?;
    for case in cases {
        let known = KnownCase { case_id: CaseId(case.case_id), scope_id: ScopeId(case.scope_id), programme: case.programme };
        clients.cases.entry(PersonId(case.person_id)).or_default().push(known);
    }
    Ok(clients)
}

/// Everybody who can carry a case, by the e-mail they sign in with.
pub(super) async fn list_workers(tx: &mut PgConnection, agency_id: AgencyId) -> Result<HashMap<String, WorkerId>, RecordsError> {
    let administrator = Role::Administrator.code();
    let rows =
        sqlx::query!("select email, worker_id from workers where agency_id = $1 and active and role <> $2", agency_id.0, administrator)
            .fetch_all(tx)
            .await?;
    Ok(rows.into_iter().map(|row| (row.email, WorkerId(row.worker_id))).collect())
}

/// Keeps the cases of these scopes as they are until the transaction ends: a note that is signed meanwhile waits, in the same order.
pub(super) async fn lock_scopes(tx: &mut PgConnection, scope_ids: &[ScopeId]) -> Result<(), RecordsError> {
    let ids: Vec<uuid::Uuid> = scope_ids.iter().map(|id| id.0).collect();
    sqlx::query!("select lock_scopes($1)", &ids).execute(tx).await?;
    Ok(())
}
