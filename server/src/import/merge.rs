//! What a row changes: a new client, or an existing one with the cells of the file on top.

use domain::{Address, Case, CaseId, CaseState, Date, Person, PersonId, Risk, RiskLevel, ScopeId, WorkerId};

use super::{phone::phones_after, row::ClientRow};

/// The identities of a client who comes in for the first time.
#[derive(Clone, Copy, Debug)]
pub struct NewIds {
    pub person_id: PersonId,
    pub case_id: CaseId,
    pub scope_id: ScopeId,
    pub restricted_scope_id: ScopeId,
}

/// The tag for a language that nobody has asked about (ISO 639-2).
const LANGUAGE_NOT_KNOWN: &str = "und";

/// Makes the records of a client whom the agency has not had before.
pub fn new_client(row: &ClientRow, ids: NewIds, worker_id: WorkerId) -> (Person, Case) {
    let risk = match row.risk {
        Some(level) => Risk { level, reason: None, since: None },
        // "Low" would be a claim that nobody made.
        None => Risk { level: RiskLevel::Medium, reason: Some("Not assessed yet".to_owned()), since: None },
    };
    let contact_every_days = match risk.level {
        RiskLevel::High => 7,
        RiskLevel::Medium => 14,
        RiskLevel::Low => 30,
    };
    let person = Person {
        id: ids.person_id,
        client_number: Some(row.client_number.clone()),
        given_name: row.given_name.clone(),
        family_name: row.family_name.clone(),
        preferred_name: None,
        birth_date: None,
        language: LANGUAGE_NOT_KNOWN.to_owned(),
        interpreter_needed: false,
        phones: Vec::new(),
        addresses: Vec::new(),
        related: Vec::new(),
        written: domain::Writers::new(),
    };
    let case = Case {
        id: ids.case_id,
        scope_id: ids.scope_id,
        restricted_scope_id: Some(ids.restricted_scope_id),
        person_id: ids.person_id,
        programme: row.programme.clone(),
        primary_worker_id: worker_id,
        state: CaseState::Active,
        risk,
        opened_on: row.opened_on,
        last_contact_on: row.last_contact_on,
        contact_every_days,
        alerts: Vec::new(),
        written: domain::Writers::new(),
    };
    (person_after(row, &person), case)
}

/// The person as they are after the row. An empty cell leaves what is there.
pub fn person_after(row: &ClientRow, before: &Person) -> Person {
    let mut person = before.clone();
    person.given_name.clone_from(&row.given_name);
    person.family_name.clone_from(&row.family_name);
    person.preferred_name = row.preferred_name.clone().or(person.preferred_name);
    person.birth_date = row.birth_date.or(person.birth_date);
    person.language = row.language.clone().unwrap_or(person.language);
    person.interpreter_needed = row.interpreter_needed.unwrap_or(person.interpreter_needed);
    if !row.phones.is_empty() {
        person.phones = phones_after(&row.phones, &before.phones);
    }
    if let Some(text) = &row.address {
        // What was kept secret stays so until the file says otherwise.
        let was = before.addresses.first().is_some_and(|address| address.confidential);
        let address = Address { text: text.clone(), confidential: row.address_confidential.unwrap_or(was) };
        match person.addresses.first_mut() {
            Some(first) => *first = address,
            None => person.addresses.push(address),
        }
    }
    person
}

/// The case as it is after the row. The later of two last contacts stays, and a risk keeps its reason while its level stays.
pub fn case_after(row: &ClientRow, before: &Case, worker_id: WorkerId, today: Date) -> Case {
    let mut case = before.clone();
    case.programme.clone_from(&row.programme);
    case.primary_worker_id = worker_id;
    case.opened_on = row.opened_on;
    case.last_contact_on = case.last_contact_on.max(row.last_contact_on);
    if let Some(level) = row.risk
        && level != case.risk.level
    {
        case.risk = Risk { level, reason: None, since: Some(today) };
    }
    case
}

#[cfg(test)]
mod tests {
    use domain::SafeContact;
    use uuid::Uuid;

    use super::*;
    use crate::import::phone::parse_phones;

    fn day(day: u8) -> Date {
        Date::new(2026, 3, day).expect("a day")
    }

    fn row() -> ClientRow {
        ClientRow {
            client_number: "A-1".into(),
            given_name: "Ana".into(),
            family_name: "Ruiz".into(),
            preferred_name: Some("Anita".into()),
            birth_date: Date::new(1980, 3, 9),
            language: Some("es".into()),
            interpreter_needed: Some(true),
            phones: parse_phones("555-0100 (text only)").expect("a phone"),
            address: Some("1 Elm St".into()),
            address_confidential: Some(true),
            programme: "Aging at Home".into(),
            worker_email: "maria@demo.example".into(),
            risk: Some(RiskLevel::Low),
            opened_on: day(1),
            last_contact_on: Some(day(10)),
        }
    }

    fn client() -> (Person, Case) {
        let id = Uuid::from_u128;
        let ids =
            NewIds { person_id: PersonId(id(1)), case_id: CaseId(id(2)), scope_id: ScopeId(id(3)), restricted_scope_id: ScopeId(id(4)) };
        new_client(&row(), ids, WorkerId(id(4)))
    }

    #[test]
    fn the_same_row_again_changes_nothing() {
        let (person, case) = client();
        assert_eq!(person_after(&row(), &person), person);
        assert_eq!(case_after(&row(), &case, case.primary_worker_id, day(20)), case);
    }

    #[test]
    fn a_later_contact_than_the_file_knows_stays() {
        let (_, mut case) = client();
        case.last_contact_on = Some(day(15));
        assert_eq!(case_after(&row(), &case, case.primary_worker_id, day(20)), case);
    }

    #[test]
    fn an_empty_cell_takes_nothing_away() {
        let (person, case) = client();
        let silent = ClientRow {
            preferred_name: None,
            birth_date: None,
            language: None,
            interpreter_needed: None,
            phones: Vec::new(),
            address: None,
            address_confidential: None,
            risk: None,
            last_contact_on: None,
            ..row()
        };
        assert_eq!(person_after(&silent, &person), person);
        assert_eq!(case_after(&silent, &case, case.primary_worker_id, day(20)), case);
    }

    #[test]
    fn an_import_does_not_lift_a_safety_rule_that_it_says_nothing_about() {
        let (person, _) = client();
        let moved = ClientRow {
            phones: parse_phones("555-0100").expect("a phone"),
            address: Some("2 Oak St".into()),
            address_confidential: None,
            ..row()
        };
        let after = person_after(&moved, &person);
        assert_eq!(after.phones[0].safe_contact, SafeContact::TextOnly);
        assert_eq!(after.addresses, [Address { text: "2 Oak St".into(), confidential: true }]);
    }

    #[test]
    fn a_new_risk_level_begins_today_without_the_old_reason() {
        let (_, mut case) = client();
        case.risk = Risk { level: RiskLevel::High, reason: Some("Fell twice".into()), since: Some(day(2)) };
        let after = case_after(&row(), &case, case.primary_worker_id, day(20));
        assert_eq!(after.risk, Risk { level: RiskLevel::Low, reason: None, since: Some(day(20)) });
    }

    #[test]
    fn a_client_without_a_stated_risk_is_not_called_low_risk() {
        let (_, case) = client();
        let ids = NewIds {
            person_id: case.person_id,
            case_id: case.id,
            scope_id: case.scope_id,
            restricted_scope_id: case.restricted_scope_id.unwrap_or(case.scope_id),
        };
        let (_, case) = new_client(&ClientRow { risk: None, ..row() }, ids, case.primary_worker_id);
        assert_eq!(case.risk.level, RiskLevel::Medium);
    }
}
