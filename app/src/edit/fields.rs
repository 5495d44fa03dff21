//! The live fields of the form to edit a client: one signal each, and lists of rows that grow and shrink.

use domain::{AlertKind, Case, Caseload, DateTime, Person, SafeContact, Term};
use leptos::prelude::*;

use super::form::{AddressForm, AlertForm, EditForm, PhoneForm, RelatedForm};
use crate::{
    desk::Draft,
    draft::{Fields, TakenUp, read_draft},
};

/// One entry of a list, as it is typed.
pub trait Row: Copy + Send + Sync + 'static {
    type Form: Clone + Send + Sync + 'static;
    fn of(form: &Self::Form) -> Self;
    fn read(self) -> Self::Form;
    /// A new entry.
    fn blank() -> Self::Form;
}

#[derive(Clone, Copy)]
pub struct PhoneRow {
    pub number: RwSignal<String>,
    pub rule: RwSignal<String>,
    pub remark: RwSignal<String>,
}

impl Row for PhoneRow {
    type Form = PhoneForm;

    fn of(form: &PhoneForm) -> Self {
        let text = |text: &String| RwSignal::new(text.clone());
        Self { number: text(&form.number), rule: text(&form.rule), remark: text(&form.remark) }
    }

    fn read(self) -> PhoneForm {
        PhoneForm { number: self.number.get(), rule: self.rule.get(), remark: self.remark.get() }
    }

    /// The rule that does no harm, until somebody chooses another one.
    fn blank() -> PhoneForm {
        PhoneForm { rule: SafeContact::NoMessages.code().to_owned(), ..PhoneForm::default() }
    }
}

#[derive(Clone, Copy)]
pub struct AddressRow {
    pub text: RwSignal<String>,
    pub confidential: RwSignal<bool>,
}

impl Row for AddressRow {
    type Form = AddressForm;

    fn of(form: &AddressForm) -> Self {
        Self { text: RwSignal::new(form.text.clone()), confidential: RwSignal::new(form.confidential) }
    }

    fn read(self) -> AddressForm {
        AddressForm { text: self.text.get(), confidential: self.confidential.get() }
    }

    fn blank() -> AddressForm {
        AddressForm::default()
    }
}

#[derive(Clone, Copy)]
pub struct AlertRow {
    pub kind: RwSignal<String>,
    pub text: RwSignal<String>,
}

impl Row for AlertRow {
    type Form = AlertForm;

    fn of(form: &AlertForm) -> Self {
        Self { kind: RwSignal::new(form.kind.clone()), text: RwSignal::new(form.text.clone()) }
    }

    fn read(self) -> AlertForm {
        AlertForm { kind: self.kind.get(), text: self.text.get() }
    }

    fn blank() -> AlertForm {
        AlertForm { kind: AlertKind::Safety.code().to_owned(), ..AlertForm::default() }
    }
}

#[derive(Clone, Copy)]
pub struct RelatedRow {
    pub name: RwSignal<String>,
    pub relationship: RwSignal<String>,
    pub household: RwSignal<bool>,
}

impl Row for RelatedRow {
    type Form = RelatedForm;

    fn of(form: &RelatedForm) -> Self {
        let text = |text: &String| RwSignal::new(text.clone());
        Self { name: text(&form.name), relationship: text(&form.relationship), household: RwSignal::new(form.household) }
    }

    fn read(self) -> RelatedForm {
        RelatedForm { name: self.name.get(), relationship: self.relationship.get(), household: self.household.get() }
    }

    fn blank() -> RelatedForm {
        RelatedForm::default()
    }
}

/// A list of rows.
#[derive(Clone, Copy)]
pub struct Rows<R: Row>(pub RwSignal<Vec<R>>);

impl<R: Row> Rows<R> {
    fn of(forms: &[R::Form]) -> Self {
        Self(RwSignal::new(forms.iter().map(R::of).collect()))
    }

    fn fill(self, forms: &[R::Form]) {
        self.0.set(forms.iter().map(R::of).collect());
    }

    fn read(self) -> Vec<R::Form> {
        self.0.get().into_iter().map(R::read).collect()
    }

    pub fn add(self) {
        self.0.update(|rows| rows.push(R::of(&R::blank())));
    }

    pub fn remove(self, at: usize) {
        self.0.update(|rows| {
            if at < rows.len() {
                rows.remove(at);
            }
        });
    }
}

/// Every field, and what the author saw when they began.
#[derive(Clone, Copy)]
pub struct EditFields {
    /// What stood there when the author began.
    pub seen: StoredValue<(Person, Case)>,
    pub given: RwSignal<String>,
    pub family: RwSignal<String>,
    pub preferred: RwSignal<String>,
    pub language: RwSignal<String>,
    pub interpreter: RwSignal<bool>,
    pub phones: Rows<PhoneRow>,
    pub addresses: Rows<AddressRow>,
    pub risk: RwSignal<String>,
    pub risk_reason: RwSignal<String>,
    pub alerts: Rows<AlertRow>,
    pub related: Rows<RelatedRow>,
}

impl EditFields {
    pub fn of(form: &EditForm) -> Self {
        let text = |text: &String| RwSignal::new(text.clone());
        Self {
            seen: StoredValue::new((form.person.clone(), form.case.clone())),
            given: text(&form.given),
            family: text(&form.family),
            preferred: text(&form.preferred),
            language: text(&form.language),
            interpreter: RwSignal::new(form.interpreter),
            phones: Rows::of(&form.phones),
            addresses: Rows::of(&form.addresses),
            risk: text(&form.risk),
            risk_reason: text(&form.risk_reason),
            alerts: Rows::of(&form.alerts),
            related: Rows::of(&form.related),
        }
    }

    pub fn fill(self, form: EditForm) {
        self.phones.fill(&form.phones);
        self.addresses.fill(&form.addresses);
        self.alerts.fill(&form.alerts);
        self.related.fill(&form.related);
        self.seen.set_value((form.person, form.case));
        self.given.set(form.given);
        self.family.set(form.family);
        self.preferred.set(form.preferred);
        self.language.set(form.language);
        self.interpreter.set(form.interpreter);
        self.risk.set(form.risk);
        self.risk_reason.set(form.risk_reason);
    }

    /// What the fields say now; whoever reads it follows every one of them.
    pub fn read(self) -> EditForm {
        let (person, case) = self.seen.get_value();
        EditForm {
            written_at: None,
            person,
            case,
            given: self.given.get(),
            family: self.family.get(),
            preferred: self.preferred.get(),
            language: self.language.get(),
            interpreter: self.interpreter.get(),
            phones: self.phones.read(),
            addresses: self.addresses.read(),
            risk: self.risk.get(),
            risk_reason: self.risk_reason.get(),
            alerts: self.alerts.read(),
            related: self.related.read(),
        }
    }
}

impl Fields for EditFields {
    fn form(&self) -> &'static str {
        "edit"
    }

    fn draft(&self, written_at: Option<DateTime>) -> Draft {
        serde_json::to_string(&EditForm { written_at, ..self.read() }).expect("a form is plain data")
    }

    fn take_up(&self, draft: &str, _: &Caseload) -> TakenUp {
        let Some(form) = read_draft::<EditForm>(draft) else { return TakenUp::LeftAlone };
        let (person, case) = self.seen.get_value();
        if untrack(|| self.read()) != EditForm::of(person, case) {
            return TakenUp::LeftAlone;
        }
        let written_at = form.written_at;
        self.fill(form);
        TakenUp::Restored { written_at }
    }
}
