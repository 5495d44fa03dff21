//! What is typed on the form to edit a client, and the change that it becomes: only what differs from what was seen.

use domain::{
    Address, Alert, AlertKind, Case, CaseId, ChangeClient, Command, Date, DateTime, Language, MAX_SHORT_CHARS, Names, Person, Phone, Reach,
    Rejection, RelatedChange, RelatedPerson, Risk, RiskLevel, SafeContact, Safety, Term, Unit, UnitChange, UnitKind,
};
use serde::{Deserialize, Serialize};

use crate::ui::{FieldError, rejection_words};

pub const GIVEN: &str = "given-name";
pub const FAMILY: &str = "family-name";
pub const PREFERRED: &str = "preferred-name";
pub const RISK_REASON: &str = "risk-reason";

/// A phone as it is typed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PhoneForm {
    pub number: String,
    pub rule: String,
    pub remark: String,
}

/// An address as it is typed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct AddressForm {
    pub text: String,
    pub confidential: bool,
}

/// An alert as it is typed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct AlertForm {
    pub kind: String,
    pub text: String,
}

/// Somebody in the client's life, as they are typed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RelatedForm {
    pub name: String,
    pub relationship: String,
    pub household: bool,
}

/// The text of every field, and what the author saw when they began. Kept in drafts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EditForm {
    pub written_at: Option<DateTime>,
    pub person: Person,
    pub case: Case,
    pub given: String,
    pub family: String,
    pub preferred: String,
    pub language: String,
    pub interpreter: bool,
    pub phones: Vec<PhoneForm>,
    pub addresses: Vec<AddressForm>,
    pub risk: String,
    pub risk_reason: String,
    pub alerts: Vec<AlertForm>,
    pub related: Vec<RelatedForm>,
}

impl EditForm {
    /// The form as it begins: everything as it stands.
    pub fn of(person: Person, case: Case) -> Self {
        let phone = |phone: &Phone| PhoneForm {
            number: phone.number.clone(),
            rule: phone.safe_contact.code().to_owned(),
            remark: phone.remark.clone().unwrap_or_default(),
        };
        let address = |address: &Address| AddressForm { text: address.text.clone(), confidential: address.confidential };
        let alert = |alert: &Alert| AlertForm { kind: alert.kind.code().to_owned(), text: alert.text.clone() };
        let related =
            |one: &RelatedPerson| RelatedForm { name: one.name.clone(), relationship: one.relationship.clone(), household: one.household };
        Self {
            written_at: None,
            given: person.given_name.clone(),
            family: person.family_name.clone(),
            preferred: person.preferred_name.clone().unwrap_or_default(),
            language: person.language.clone(),
            interpreter: person.interpreter_needed,
            phones: person.phones.iter().map(phone).collect(),
            addresses: person.addresses.iter().map(address).collect(),
            risk: case.risk.level.code().to_owned(),
            risk_reason: case.risk.reason.clone().unwrap_or_default(),
            alerts: case.alerts.iter().map(alert).collect(),
            related: person.related.iter().map(related).collect(),
            person,
            case,
        }
    }

    /// What must be mended, in the order of the form.
    pub fn flaws(&self) -> Vec<FieldError> {
        let mut flaws = Vec::new();
        if self.given.trim().is_empty() && self.family.trim().is_empty() {
            flaws.push(FieldError::new(GIVEN, words::edit::enter_a_name()));
        }
        let mut check = |id: String, text: &str, missing: Option<&str>| match missing {
            Some(words) if text.trim().is_empty() => flaws.push(FieldError::new(id, words)),
            _ if text.chars().count() > MAX_SHORT_CHARS => flaws.push(FieldError::new(id, rejection_words(Rejection::TextTooLong))),
            _ => {}
        };
        for (id, text) in [(GIVEN, &self.given), (FAMILY, &self.family), (PREFERRED, &self.preferred)] {
            check(id.to_owned(), text, None);
        }
        for (at, phone) in self.phones.iter().enumerate() {
            check(field_id("phone", at, "number"), &phone.number, Some(words::edit::enter_the_phone_number()));
            check(field_id("phone", at, "remark"), &phone.remark, None);
        }
        for (at, address) in self.addresses.iter().enumerate() {
            check(field_id("address", at, "text"), &address.text, Some(words::edit::enter_the_address_or_remove()));
        }
        check(RISK_REASON.to_owned(), &self.risk_reason, None);
        for (at, alert) in self.alerts.iter().enumerate() {
            check(field_id("alert", at, "text"), &alert.text, Some(words::edit::enter_what_one_must_know()));
        }
        for (at, one) in self.related.iter().enumerate() {
            check(field_id("person", at, "name"), &one.name, Some(words::edit::enter_the_name_or_remove()));
            check(field_id("person", at, "relationship"), &one.relationship, None);
        }
        flaws
    }

    /// The change; none where everything is as it was seen.
    pub fn command(&self, case_id: CaseId, today: Date) -> Option<Command> {
        let (mut person, mut case) = (self.person.clone(), self.case.clone());
        let mut units = Vec::new();
        for kind in UnitKind::ALL {
            let (from, to) = (Unit::of(*kind, &person, &case), self.unit(*kind, today));
            if from == to {
                continue;
            }
            // What this very change does to the other unit is known to its author.
            let beside = kind.beside().map(|beside| Unit::of(beside, &person, &case));
            to.clone().put_into(&mut person, &mut case);
            units.push(UnitChange { from, to, beside });
        }
        let related = self.related_change();
        (!units.is_empty() || !related.is_empty()).then_some(Command::ChangeClient(ChangeClient { case_id, units, related }))
    }

    fn unit(&self, kind: UnitKind, today: Date) -> Unit {
        match kind {
            UnitKind::Names => Unit::Names(Names {
                given_name: trimmed(&self.given),
                family_name: trimmed(&self.family),
                preferred_name: optional(&self.preferred),
            }),
            UnitKind::Language => Unit::Language(Language { language: self.language.clone(), interpreter_needed: self.interpreter }),
            UnitKind::Reach => Unit::Reach(Reach {
                phones: self.phones.iter().map(PhoneForm::phone).collect(),
                addresses: self.addresses.iter().map(AddressForm::address).collect(),
            }),
            UnitKind::Safety => Unit::Safety(Safety { risk: self.risk(today), alerts: self.alerts.iter().map(AlertForm::alert).collect() }),
        }
    }

    /// A risk that is judged anew bears the day on which that was done.
    fn risk(&self, today: Date) -> Risk {
        let seen = &self.case.risk;
        let risk =
            Risk { level: RiskLevel::from_code(&self.risk).unwrap_or(seen.level), reason: optional(&self.risk_reason), since: seen.since };
        if risk == *seen { risk } else { Risk { since: Some(today), ..risk } }
    }

    fn related_change(&self) -> RelatedChange {
        let wanted: Vec<RelatedPerson> = self.related.iter().map(RelatedForm::person).collect();
        let seen = &self.person.related;
        RelatedChange {
            add: wanted.iter().filter(|one| !seen.contains(one)).cloned().collect(),
            remove: seen.iter().filter(|one| !wanted.contains(one)).cloned().collect(),
        }
    }
}

/// Id of the field `name` of the row `at` of a list.
pub fn field_id(list: &str, at: usize, name: &str) -> String {
    [list, "-", &(at + 1).to_string(), "-", name].concat()
}

impl PhoneForm {
    fn phone(&self) -> Phone {
        let safe_contact = SafeContact::from_code(&self.rule).unwrap_or(SafeContact::NoMessages);
        Phone { number: trimmed(&self.number), safe_contact, remark: optional(&self.remark) }
    }
}

impl AddressForm {
    fn address(&self) -> Address {
        Address { text: trimmed(&self.text), confidential: self.confidential }
    }
}

impl AlertForm {
    fn alert(&self) -> Alert {
        Alert { kind: AlertKind::from_code(&self.kind).unwrap_or(AlertKind::Safety), text: trimmed(&self.text) }
    }
}

impl RelatedForm {
    fn person(&self) -> RelatedPerson {
        RelatedPerson { name: trimmed(&self.name), relationship: trimmed(&self.relationship), household: self.household }
    }
}

fn trimmed(text: &str) -> String {
    text.trim().to_owned()
}

fn optional(text: &str) -> Option<String> {
    Some(trimmed(text)).filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use domain::{Actor, Caseload, Occasion, Permissions, Role, decide};

    use super::*;
    use crate::samples;

    fn form(caseload: &Caseload) -> EditForm {
        let client = caseload.client(samples::case_id()).expect("the sample client");
        EditForm::of(client.person.clone(), client.case.clone())
    }

    fn change(form: &EditForm) -> ChangeClient {
        let command = form.command(samples::case_id(), samples::today());
        let Some(Command::ChangeClient(change)) = command else { panic!("a change: {command:?}") };
        change
    }

    #[test]
    fn a_form_that_nobody_touched_changes_nothing() {
        assert_eq!(form(&samples::caseload()).command(samples::case_id(), samples::today()), None);
    }

    #[test]
    fn only_what_was_changed_is_in_the_change() {
        let mut form = form(&samples::caseload());
        form.preferred = "  Lolita ".to_owned();
        form.related.push(RelatedForm { name: "Luis".to_owned(), relationship: "son".to_owned(), household: false });
        let change = change(&form);
        assert_eq!(change.units.iter().map(|unit| unit.to.kind()).collect::<Vec<_>>(), [UnitKind::Names]);
        assert_eq!((change.related.add.len(), change.related.remove.len()), (1, 0));
    }

    #[test]
    fn phones_and_alerts_changed_together_do_not_contradict_each_other() {
        let caseload = samples::caseload();
        let mut form = form(&caseload);
        form.phones.clear();
        form.alerts.push(AlertForm { kind: "contact".to_owned(), text: "No phone any more.".to_owned() });
        form.risk = "medium".to_owned();
        let me = samples::me(Role::CaseManager);
        let actor = Actor { worker_id: me.worker_id, may: Permissions::usual(Role::CaseManager) };
        let occasion = Occasion { actor, recorded_at: samples::now(), received_at: None, late_after_reassignment: false };
        let decision = decide(&Command::ChangeClient(change(&form)), &occasion, &caseload).expect("a change that fits");
        assert!(decision.contradictions.is_empty(), "{:?}", decision.contradictions);
        assert_eq!(decision.changed.len(), 2);
        let Some(Unit::Safety(safety)) = change(&form).units.into_iter().map(|unit| unit.to).find(|to| to.kind() == UnitKind::Safety)
        else {
            panic!("the alerts were changed")
        };
        assert_eq!(safety.risk.since, Some(samples::today()));
    }

    #[test]
    fn a_row_that_was_left_blank_is_to_be_mended_or_removed() {
        let mut form = form(&samples::caseload());
        form.phones.push(PhoneForm::default());
        form.alerts.push(AlertForm { kind: "safety".to_owned(), text: "x".repeat(MAX_SHORT_CHARS + 1) });
        let ids: Vec<String> = form.flaws().into_iter().map(|flaw| flaw.field_id.into_owned()).collect();
        assert_eq!(ids, ["phone-3-number", "alert-2-text"]);
    }
}
