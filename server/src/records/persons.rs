//! Persons with their phones, addresses and the people in their lives.

use std::collections::HashMap;

use domain::{Address, AgencyId, Date, Person, PersonId, Phone, RelatedPerson, Term, Writers};
use sqlx::{PgConnection, types::Json};
use uuid::Uuid;

use super::{RecordsError, all_written, column, term};

/// The person that an agency knows by its own client number.
///
/// # Errors
/// The database failed.
pub async fn find_person_by_client_number(
    tx: &mut PgConnection,
    agency_id: AgencyId,
    client_number: &str,
) -> Result<Option<PersonId>, RecordsError> {
    let found =
        sqlx::query_scalar!("select person_id from persons where agency_id = $1 and client_number = $2", agency_id.0, client_number);
    Ok(found.fetch_optional(tx).await?.map(PersonId))
}

/// Every client number of an agency with its person; as the owner, for an import that looks up many.
///
/// # Errors
/// The database failed.
pub async fn list_client_numbers(tx: &mut PgConnection, agency_id: AgencyId) -> Result<HashMap<String, PersonId>, RecordsError> {
    let rows = sqlx::query!(
        r#"select client_number as "client_number!", person_id from persons where agency_id = $1 and client_number is not null"#,
        agency_id.0
    )
    .fetch_all(tx)
    .await?;
    Ok(rows.into_iter().map(|row| (row.client_number, PersonId(row.person_id))).collect())
}

pub(super) async fn load(tx: &mut PgConnection, agency_id: AgencyId, ids: &[Uuid]) -> Result<Vec<Person>, RecordsError> {
    let rows = sqlx::query!(
        r#"select person_id, client_number, given_name, family_name, preferred_name, birth_date, language, interpreter_needed,
            written as "written: Json<Writers>"
         from persons where agency_id = $1 and person_id = any ($2)"#,
        agency_id.0,
        ids
    )
    .fetch_all(&mut *tx)
    .await?;
    let mut phones = load_phones(tx, agency_id, ids).await?;
    let mut addresses = load_addresses(tx, agency_id, ids).await?;
    let mut related = load_related(tx, agency_id, ids).await?;
    let persons = rows.into_iter().map(|row| Person {
        id: PersonId(row.person_id),
        client_number: row.client_number,
        given_name: row.given_name,
        family_name: row.family_name,
        preferred_name: row.preferred_name,
        birth_date: row.birth_date.map(Date::from_time),
        language: row.language,
        interpreter_needed: row.interpreter_needed,
        phones: phones.remove(&row.person_id).unwrap_or_default(),
        addresses: addresses.remove(&row.person_id).unwrap_or_default(),
        related: related.remove(&row.person_id).unwrap_or_default(),
        written: row.written.0,
    });
    Ok(persons.collect())
}

async fn load_phones(tx: &mut PgConnection, agency_id: AgencyId, ids: &[Uuid]) -> Result<HashMap<Uuid, Vec<Phone>>, RecordsError> {
    let rows = sqlx::query!(
        "select person_id, number, safe_contact, remark from person_phones
         where agency_id = $1 and person_id = any ($2) order by person_id, position",
        agency_id.0,
        ids
    )
    .fetch_all(tx)
    .await?;
    let mut phones: HashMap<Uuid, Vec<Phone>> = HashMap::new();
    for row in rows {
        let safe_contact = term(&row.safe_contact, "person_phones", row.person_id)?;
        phones.entry(row.person_id).or_default().push(Phone { number: row.number, safe_contact, remark: row.remark });
    }
    Ok(phones)
}

async fn load_addresses(tx: &mut PgConnection, agency_id: AgencyId, ids: &[Uuid]) -> Result<HashMap<Uuid, Vec<Address>>, RecordsError> {
    let rows = sqlx::query!(
        "select person_id, line, confidential from person_addresses
         where agency_id = $1 and person_id = any ($2) order by person_id, position",
        agency_id.0,
        ids
    )
    .fetch_all(tx)
    .await?;
    let mut addresses: HashMap<Uuid, Vec<Address>> = HashMap::new();
    for row in rows {
        addresses.entry(row.person_id).or_default().push(Address { text: row.line, confidential: row.confidential });
    }
    Ok(addresses)
}

async fn load_related(tx: &mut PgConnection, agency_id: AgencyId, ids: &[Uuid]) -> Result<HashMap<Uuid, Vec<RelatedPerson>>, RecordsError> {
    let rows = sqlx::query!(
        "select person_id, name, relationship, household from related_persons
         where agency_id = $1 and person_id = any ($2) order by person_id, position",
        agency_id.0,
        ids
    )
    .fetch_all(tx)
    .await?;
    let mut related: HashMap<Uuid, Vec<RelatedPerson>> = HashMap::new();
    for row in rows {
        let person = RelatedPerson { name: row.name, relationship: row.relationship, household: row.household };
        related.entry(row.person_id).or_default().push(person);
    }
    Ok(related)
}

/// Keeps the persons as they are until the transaction ends.
pub(crate) async fn lock(tx: &mut PgConnection, agency_id: AgencyId, ids: &[Uuid]) -> Result<(), RecordsError> {
    sqlx::query!(
        "select person_id from persons where agency_id = $1 and person_id = any ($2) order by person_id for no key update",
        agency_id.0,
        ids
    )
    .fetch_all(tx)
    .await?;
    Ok(())
}

/// Writes what workers keep up to date of known persons.
pub(crate) async fn change(tx: &mut PgConnection, agency_id: AgencyId, persons: &[&Person]) -> Result<(), RecordsError> {
    let ids = column(persons, |person| person.id.0);
    let done = sqlx::query!(
        "update persons p set given_name = n.given_name, family_name = n.family_name, preferred_name = n.preferred_name,
            language = n.language, interpreter_needed = n.interpreter_needed, written = n.written
         from unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::bool[], $8::jsonb[])
            as n (person_id, given_name, family_name, preferred_name, language, interpreter_needed, written)
         where p.agency_id = $1 and p.person_id = n.person_id",
        agency_id.0,
        &ids,
        &column(persons, |person| person.given_name.clone()),
        &column(persons, |person| person.family_name.clone()),
        &column(persons, |person| person.preferred_name.clone()) as &[Option<String>],
        &column(persons, |person| person.language.clone()),
        &column(persons, |person| person.interpreter_needed),
        &column(persons, |person| Json(&person.written)) as &[Json<&Writers>],
    )
    .execute(&mut *tx)
    .await?;
    all_written(&done, persons.len(), "persons")?;
    save_phones(tx, agency_id, &ids, persons).await?;
    save_addresses(tx, agency_id, &ids, persons).await?;
    save_related(tx, agency_id, &ids, persons).await
}

pub(super) async fn save(tx: &mut PgConnection, agency_id: AgencyId, persons: &[&Person]) -> Result<(), RecordsError> {
    if persons.is_empty() {
        return Ok(());
    }
    let ids = column(persons, |person| person.id.0);
    let done = sqlx::query!(
        "insert into persons
            (agency_id, person_id, client_number, given_name, family_name, preferred_name, birth_date, language, interpreter_needed)
         select $1, * from unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::date[], $8::text[], $9::bool[])
         on conflict (agency_id, person_id) do update set
            client_number = excluded.client_number, given_name = excluded.given_name, family_name = excluded.family_name,
            preferred_name = excluded.preferred_name, birth_date = excluded.birth_date, language = excluded.language,
            interpreter_needed = excluded.interpreter_needed",
        agency_id.0,
        &ids,
        &column(persons, |person| person.client_number.clone()) as &[Option<String>],
        &column(persons, |person| person.given_name.clone()),
        &column(persons, |person| person.family_name.clone()),
        &column(persons, |person| person.preferred_name.clone()) as &[Option<String>],
        &column(persons, |person| person.birth_date.map(Date::to_time)) as &[Option<time::Date>],
        &column(persons, |person| person.language.clone()),
        &column(persons, |person| person.interpreter_needed),
    )
    .execute(&mut *tx)
    .await?;
    all_written(&done, persons.len(), "persons")?;
    save_phones(tx, agency_id, &ids, persons).await?;
    save_addresses(tx, agency_id, &ids, persons).await?;
    save_related(tx, agency_id, &ids, persons).await
}

/// The parts of all persons, each with its person and its place in that person's list.
fn parts<'a, T>(persons: &[&'a Person], of: impl Fn(&'a Person) -> &'a [T]) -> Vec<(Uuid, i16, &'a T)> {
    let of_person =
        |person: &&'a Person| (0_i16..).zip(of(person)).map(|(position, part)| (person.id.0, position, part)).collect::<Vec<_>>();
    persons.iter().flat_map(of_person).collect()
}

async fn save_phones(tx: &mut PgConnection, agency_id: AgencyId, ids: &[Uuid], persons: &[&Person]) -> Result<(), RecordsError> {
    sqlx::query!("delete from person_phones where agency_id = $1 and person_id = any ($2)", agency_id.0, ids).execute(&mut *tx).await?;
    let phones = parts(persons, |person| &person.phones);
    let done = sqlx::query!(
        "insert into person_phones (agency_id, person_id, position, number, safe_contact, remark)
         select $1, * from unnest($2::uuid[], $3::smallint[], $4::text[], $5::text[], $6::text[])",
        agency_id.0,
        &column(&phones, |part| part.0),
        &column(&phones, |part| part.1),
        &column(&phones, |part| part.2.number.clone()),
        &column(&phones, |part| part.2.safe_contact.code().to_owned()),
        &column(&phones, |part| part.2.remark.clone()) as &[Option<String>],
    )
    .execute(tx)
    .await?;
    all_written(&done, phones.len(), "person_phones")
}

async fn save_addresses(tx: &mut PgConnection, agency_id: AgencyId, ids: &[Uuid], persons: &[&Person]) -> Result<(), RecordsError> {
    sqlx::query!("delete from person_addresses where agency_id = $1 and person_id = any ($2)", agency_id.0, ids).execute(&mut *tx).await?;
    let addresses = parts(persons, |person| &person.addresses);
    let done = sqlx::query!(
        "insert into person_addresses (agency_id, person_id, position, line, confidential)
         select $1, * from unnest($2::uuid[], $3::smallint[], $4::text[], $5::bool[])",
        agency_id.0,
        &column(&addresses, |part| part.0),
        &column(&addresses, |part| part.1),
        &column(&addresses, |part| part.2.text.clone()),
        &column(&addresses, |part| part.2.confidential),
    )
    .execute(tx)
    .await?;
    all_written(&done, addresses.len(), "person_addresses")
}

async fn save_related(tx: &mut PgConnection, agency_id: AgencyId, ids: &[Uuid], persons: &[&Person]) -> Result<(), RecordsError> {
    sqlx::query!("delete from related_persons where agency_id = $1 and person_id = any ($2)", agency_id.0, ids).execute(&mut *tx).await?;
    let related = parts(persons, |person| &person.related);
    let done = sqlx::query!(
        "insert into related_persons (agency_id, person_id, position, name, relationship, household)
         select $1, * from unnest($2::uuid[], $3::smallint[], $4::text[], $5::text[], $6::bool[])",
        agency_id.0,
        &column(&related, |part| part.0),
        &column(&related, |part| part.1),
        &column(&related, |part| part.2.name.clone()),
        &column(&related, |part| part.2.relationship.clone()),
        &column(&related, |part| part.2.household),
    )
    .execute(tx)
    .await?;
    all_written(&done, related.len(), "related_persons")
}
