//! The sections of the form to edit a client. Labels say what a row is about, so that each field has a name of its own.

use domain::{AlertKind, RiskLevel, SafeContact, Term};
use leptos::prelude::*;

use super::{
    fields::{AddressRow, AlertRow, EditFields, PhoneRow, RelatedRow, Row, Rows},
    form::{FAMILY, GIVEN, PREFERRED, RISK_REASON, field_id},
};
use crate::ui::{Checkbox, ChoiceLayout, FieldError, Radios, Select, TextField, error_of, language_options};

type Errors = Signal<Vec<FieldError>>;

fn options<T: Term>() -> Vec<(&'static str, &'static str)> {
    T::ALL.iter().map(|term| (term.code(), term.label())).collect()
}

pub fn names(fields: EditFields, errors: Errors) -> AnyView {
    view! {
        <fieldset class="field form__group">
            <legend class="form__legend">"Name"</legend>
            <TextField id=GIVEN label="Given name" value=fields.given error=error_of(errors, GIVEN) />
            <TextField id=FAMILY label="Family name" value=fields.family error=error_of(errors, FAMILY) />
            <TextField
                id=PREFERRED
                label="Name to say at the door"
                optional=true
                value=fields.preferred
                error=error_of(errors, PREFERRED)
            />
        </fieldset>
    }
    .into_any()
}

pub fn language(fields: EditFields) -> AnyView {
    let chosen = fields.language.get_untracked();
    view! {
        <fieldset class="field form__group">
            <legend class="form__legend">"Language"</legend>
            <Select
                id="language".to_owned()
                label="Language the client wants to speak"
                options=language_options(&chosen)
                value=fields.language
                on_choice=Callback::new(move |tag| fields.language.set(tag))
            />
            {tick("interpreter", "An interpreter is needed", fields.interpreter)}
        </fieldset>
    }
    .into_any()
}

pub fn phones(fields: EditFields, errors: Errors) -> AnyView {
    let row = move |at: usize, row: PhoneRow| {
        let (number, remark) = (field_id("phone", at, "number"), field_id("phone", at, "remark"));
        view! {
            <TextField id=number.clone() label="Phone number" value=row.number error=error_of(errors, number) />
            <Select
                id=field_id("phone", at, "rule")
                label="What is safe"
                options={options::<SafeContact>()}
                value=row.rule
                on_choice=Callback::new(move |rule| row.rule.set(rule))
            />
            <TextField
                id=remark.clone()
                label="More to the rule"
                hint="Like: after 5 pm, or ask for Ana"
                optional=true
                value=row.remark
                error=error_of(errors, remark)
            />
        }
        .into_any()
    };
    list("Phones", "Phone", "Add a phone", fields.phones, row)
}

pub fn addresses(fields: EditFields, errors: Errors) -> AnyView {
    let row = move |at: usize, row: AddressRow| {
        let text = field_id("address", at, "text");
        view! {
            <TextField id=text.clone() label="Address as one line" value=row.text error=error_of(errors, text) />
            {tick(field_id("address", at, "confidential"), "Confidential: tell nobody this address", row.confidential)}
        }
        .into_any()
    };
    list("Addresses", "Address", "Add an address", fields.addresses, row)
}

pub fn risk(fields: EditFields, errors: Errors) -> AnyView {
    view! {
        <fieldset class="field form__group">
            <legend class="form__legend">"Risk"</legend>
            <Radios
                name="risk"
                legend="How much could go wrong soon?"
                options={options::<RiskLevel>()}
                layout=ChoiceLayout::Chips
                value=fields.risk
                error=Signal::stored(None::<String>)
            />
            <TextField
                id=RISK_REASON
                label="Reason for the risk"
                optional=true
                value=fields.risk_reason
                error=error_of(errors, RISK_REASON)
            />
        </fieldset>
    }
    .into_any()
}

pub fn alerts(fields: EditFields, errors: Errors) -> AnyView {
    let row = move |at: usize, row: AlertRow| {
        let text = field_id("alert", at, "text");
        view! {
            <Select
                id=field_id("alert", at, "kind")
                label="What it is about"
                options={options::<AlertKind>()}
                value=row.kind
                on_choice=Callback::new(move |kind| row.kind.set(kind))
            />
            <TextField id=text.clone() label="What one must know before knocking" value=row.text error=error_of(errors, text) />
        }
        .into_any()
    };
    list("Alerts", "Alert", "Add an alert", fields.alerts, row)
}

pub fn people(fields: EditFields, errors: Errors) -> AnyView {
    let row = move |at: usize, row: RelatedRow| {
        let (name, relationship) = (field_id("person", at, "name"), field_id("person", at, "relationship"));
        view! {
            <TextField id=name.clone() label="Name of the person" value=row.name error=error_of(errors, name) />
            <TextField
                id=relationship.clone()
                label="Who they are"
                hint="Like: daughter, neighbour, legal guardian"
                value=row.relationship
                error=error_of(errors, relationship)
            />
            {tick(field_id("person", at, "household"), "Lives in the same household", row.household)}
        }
        .into_any()
    };
    list("People", "Person", "Add a person", fields.related, row)
}

fn tick(id: impl Into<String>, label: &'static str, value: RwSignal<bool>) -> AnyView {
    view! { <Checkbox id=id.into() label=label checked=value on_change=Callback::new(move |is_so| value.set(is_so)) /> }.into_any()
}

/// A list whose rows can be added and removed; `one` is what a row is called.
fn list<R: Row>(
    heading: &'static str,
    one: &'static str,
    add: &'static str,
    rows: Rows<R>,
    fields_of: impl Fn(usize, R) -> AnyView + Clone + Send + Sync + 'static,
) -> AnyView {
    let drawn = move || {
        let rows_now = rows.0.get();
        let row = |(at, row): (usize, R)| {
            let name = [one, " ", &(at + 1).to_string()].concat();
            let what = name.clone();
            view! {
                <fieldset class="card field form__row">
                    <legend class="field__label">{name}</legend>
                    {fields_of(at, row)}
                    <button class="button button--small" type="button" on:click=move |_| rows.remove(at)>
                        "Remove" <span class="visually-hidden">" " {what}</span>
                    </button>
                </fieldset>
            }
            .into_any()
        };
        rows_now.into_iter().enumerate().map(row).collect_view()
    };
    view! {
        <fieldset class="field form__group">
            <legend class="form__legend">{heading}</legend>
            {drawn}
            <button class="button form__add" type="button" on:click=move |_| rows.add()>{add}</button>
        </fieldset>
    }
    .into_any()
}
