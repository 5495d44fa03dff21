//! Finding the same person under two client numbers. It only ever tells; a person decides.

use std::collections::HashMap;

use domain::{Date, Person};

use super::phone::digits;

/// Why two clients may be the same person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Likeness {
    NameAndBirthDate,
    PhoneAndName,
}

impl Likeness {
    pub fn words(self) -> &'static str {
        match self {
            Self::NameAndBirthDate => "the same name and birth date",
            Self::PhoneAndName => "the same phone number and a similar name",
        }
    }
}

/// The clients of an agency by what makes a person known.
#[derive(Default)]
pub struct KnownPersons {
    entries: Vec<Entry>,
    by_name_and_birth: HashMap<(String, Date), Vec<usize>>,
    by_phone: HashMap<String, Vec<usize>>,
}

struct Entry {
    client_number: String,
    given: String,
    family: String,
}

impl KnownPersons {
    /// Adds a client by their number, names, birth date and phone numbers as written.
    pub fn add<'a>(
        &mut self,
        client_number: &str,
        given_name: &str,
        family_name: &str,
        birth_date: Option<Date>,
        phones: impl IntoIterator<Item = &'a str>,
    ) {
        let entry = Entry { client_number: client_number.to_owned(), given: name_key(given_name), family: name_key(family_name) };
        let at = self.entries.len();
        if let Some(birth_date) = birth_date {
            self.by_name_and_birth.entry((format!("{}{}", entry.given, entry.family), birth_date)).or_default().push(at);
        }
        for phone in phones {
            self.by_phone.entry(digits(phone)).or_default().push(at);
        }
        self.entries.push(entry);
    }

    pub fn add_person(&mut self, person: &Person) {
        let number = person.client_number.as_deref().unwrap_or_default();
        let phones = person.phones.iter().map(|phone| phone.number.as_str());
        self.add(number, &person.given_name, &person.family_name, person.birth_date, phones);
    }

    /// The client numbers under which `person` may be known already, each with the first reason to think so.
    pub fn like(&self, person: &Person) -> Vec<(&str, Likeness)> {
        let own_number = person.client_number.as_deref().unwrap_or_default();
        let (given, family) = (name_key(&person.given_name), name_key(&person.family_name));
        let mut found: Vec<(&str, Likeness)> = Vec::new();
        let mut tell = |entry: &'_ usize, likeness| {
            let number = self.entries[*entry].client_number.as_str();
            if number != own_number && !found.iter().any(|(known, _)| *known == number) {
                found.push((number, likeness));
            }
        };
        if let Some(birth_date) = person.birth_date {
            let same = self.by_name_and_birth.get(&(format!("{given}{family}"), birth_date));
            same.into_iter().flatten().for_each(|entry| tell(entry, Likeness::NameAndBirthDate));
        }
        for phone in &person.phones {
            let same = self.by_phone.get(&digits(&phone.number)).into_iter().flatten();
            let similar = same.filter(|entry| {
                let entry = &self.entries[**entry];
                // One household shares a phone and a family name: only the given name tells people apart.
                are_similar(&entry.given, &given) && (are_similar(&entry.family, &family) || entry.family.is_empty() || family.is_empty())
            });
            similar.for_each(|entry| tell(entry, Likeness::PhoneAndName));
        }
        found
    }
}

/// A name without case, accents, spaces, hyphens and apostrophes.
fn name_key(name: &str) -> String {
    domain::fold(name).chars().filter(|letter| letter.is_alphanumeric()).collect()
}

/// Equal, one the beginning of the other (Dan, Daniel), or one letter apart (Mohamed, Mohammed).
fn are_similar(a: &str, b: &str) -> bool {
    const SHORTEST: usize = 3;
    if a == b {
        return !a.is_empty();
    }
    let shorter = a.chars().count().min(b.chars().count());
    shorter >= SHORTEST && (a.starts_with(b) || b.starts_with(a) || (shorter > SHORTEST && are_one_letter_apart(a, b)))
}

fn are_one_letter_apart(a: &str, b: &str) -> bool {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let ahead = a.iter().zip(&b).take_while(|(a, b)| a == b).count();
    let (a, b) = (&a[ahead..], &b[ahead..]);
    let behind = a.iter().rev().zip(b.iter().rev()).take_while(|(a, b)| a == b).count();
    a.len() - behind <= 1 && b.len() - behind <= 1
}

#[cfg(test)]
mod tests {
    use domain::{PersonId, Phone, SafeContact};

    use super::*;

    fn person(number: &str, given: &str, family: &str, birth_date: Option<Date>, phone: &str) -> Person {
        Person {
            id: PersonId(uuid::Uuid::nil()),
            client_number: Some(number.into()),
            given_name: given.into(),
            family_name: family.into(),
            preferred_name: None,
            birth_date,
            language: "en".into(),
            interpreter_needed: false,
            phones: vec![Phone { number: phone.into(), safe_contact: SafeContact::Anything, remark: None }],
            addresses: Vec::new(),
            related: Vec::new(),
            written: domain::Writers::new(),
        }
    }

    fn known() -> KnownPersons {
        let mut known = KnownPersons::default();
        known.add_person(&person("A-1", "José", "Núñez-Ortiz", Date::new(1980, 3, 9), "(207) 555-0100"));
        known
    }

    #[test]
    fn the_same_name_and_birth_date_is_seen_in_any_spelling() {
        let other = person("A-2", "JOSE", "Nunez Ortiz", Date::new(1980, 3, 9), "555-0199");
        assert_eq!(known().like(&other), [("A-1", Likeness::NameAndBirthDate)]);
        let younger = person("A-2", "JOSE", "Nunez Ortiz", Date::new(2004, 3, 9), "555-0199");
        assert!(known().like(&younger).is_empty());
    }

    #[test]
    fn the_same_phone_counts_with_a_similar_name_only() {
        let typo = person("A-2", "Josse", "Nuñez Ortiz", None, "+1 207-555-0100");
        assert_eq!(known().like(&typo), [("A-1", Likeness::PhoneAndName)]);
        let sister = person("A-3", "Elena", "Núñez-Ortiz", None, "207 555 0100");
        assert!(known().like(&sister).is_empty());
    }

    #[test]
    fn nobody_is_their_own_duplicate() {
        let same = person("A-1", "José", "Núñez-Ortiz", Date::new(1980, 3, 9), "(207) 555-0100");
        assert!(known().like(&same).is_empty());
    }

    #[test]
    fn similar_names() {
        assert!(are_similar("mohamed", "mohammed") && are_similar("dan", "daniel") && are_similar("anna", "anne"));
        assert!(!are_similar("ana", "eva") && !are_similar("li", "lin") && !are_similar("", "") && !are_similar("maria", "mario s"));
    }
}
