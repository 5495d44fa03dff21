//! The sections of the form to edit a client. Labels say what a row is about, so that each field has a name of its own.

use domain::{AlertKind, RiskLevel, SafeContact};
use leptos::prelude::*;

use super::{
    fields::{AddressRow, AlertRow, EditFields, PhoneRow, RelatedRow, Row, Rows},
    form::{FAMILY, GIVEN, PREFERRED, RISK_REASON, field_id},
};
use crate::ui::{
    Checkbox, ChoiceLayout, FieldError, Radios, Select, TextField, TextKind, choices_of, error_of, language_options, with_hidden,
};

type Errors = Signal<Vec<FieldError>>;

pub fn names(fields: EditFields, errors: Errors) -> AnyView {
    view! {
        <fieldset class="field form__group">
            <legend class="form__legend">{words::edit::name()}</legend>
            <TextField id=GIVEN label=words::edit::given_name() value=fields.given error=error_of(errors, GIVEN) />
            <TextField id=FAMILY label=words::edit::family_name() value=fields.family error=error_of(errors, FAMILY) />
            <TextField
                id=PREFERRED
                label=words::edit::name_to_say()
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
            <legend class="form__legend">{words::edit::language()}</legend>
            <Select
                id="language".to_owned()
                label=words::edit::language_the_client_wants()
                options=language_options(&chosen)
                value=fields.language
                on_choice=Callback::new(move |tag| fields.language.set(tag))
            />
            {tick("interpreter", words::edit::an_interpreter_is_needed(), fields.interpreter)}
        </fieldset>
    }
    .into_any()
}

pub fn phones(fields: EditFields, errors: Errors) -> AnyView {
    let row = move |at: usize, row: PhoneRow| {
        let (number, remark) = (field_id("phone", at, "number"), field_id("phone", at, "remark"));
        view! {
            <TextField id=number.clone() label=words::edit::phone_number() kind=TextKind::Phone value=row.number error=error_of(errors, number) />
            <Select
                id=field_id("phone", at, "rule")
                label=words::edit::what_is_safe()
                options={choices_of::<SafeContact>()}
                value=row.rule
                on_choice=Callback::new(move |rule| row.rule.set(rule))
            />
            <TextField
                id=remark.clone()
                label=words::edit::more_to_the_rule()
                hint=words::edit::like_after_5_pm()
                optional=true
                value=row.remark
                error=error_of(errors, remark)
            />
        }
        .into_any()
    };
    list(words::edit::phones(), words::edit::phone(), words::edit::add_a_phone(), fields.phones, row)
}

pub fn addresses(fields: EditFields, errors: Errors) -> AnyView {
    let row = move |at: usize, row: AddressRow| {
        let text = field_id("address", at, "text");
        view! {
            <TextField id=text.clone() label=words::edit::address_as_one_line() value=row.text error=error_of(errors, text) />
            {tick(field_id("address", at, "confidential"), words::edit::confidential_tell_nobody_this_address(), row.confidential)}
        }
        .into_any()
    };
    list(words::edit::addresses(), words::edit::address(), words::edit::add_an_address(), fields.addresses, row)
}

pub fn risk(fields: EditFields, errors: Errors) -> AnyView {
    view! {
        <fieldset class="field form__group">
            <legend class="form__legend">{words::edit::risk()}</legend>
            <Radios
                name="risk"
                legend=words::edit::how_much_could_go_wrong()
                options={choices_of::<RiskLevel>()}
                layout=ChoiceLayout::Chips
                value=fields.risk
                error=Signal::stored(None::<String>)
            />
            <TextField
                id=RISK_REASON
                label=words::edit::reason_for_the_risk()
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
                label=words::edit::what_it_is_about()
                options={choices_of::<AlertKind>()}
                value=row.kind
                on_choice=Callback::new(move |kind| row.kind.set(kind))
            />
            <TextField id=text.clone() label=words::edit::what_one_must_know_before() value=row.text error=error_of(errors, text) />
        }
        .into_any()
    };
    list(words::edit::alerts(), words::edit::alert(), words::edit::add_an_alert(), fields.alerts, row)
}

pub fn people(fields: EditFields, errors: Errors) -> AnyView {
    let row = move |at: usize, row: RelatedRow| {
        let (name, relationship) = (field_id("person", at, "name"), field_id("person", at, "relationship"));
        view! {
            <TextField id=name.clone() label=words::edit::name_of_the_person() value=row.name error=error_of(errors, name) />
            <TextField
                id=relationship.clone()
                label=words::edit::who_they_are()
                hint=words::edit::like_daughter_neighbour_legal_guardian()
                value=row.relationship
                error=error_of(errors, relationship)
            />
            {tick(field_id("person", at, "household"), words::edit::lives_in_the_same_household(), row.household)}
        }
        .into_any()
    };
    list(words::edit::people(), words::edit::person(), words::edit::add_a_person(), fields.related, row)
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
                        {with_hidden(&words::common::with_name(words::edit::remove(), &what))}
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
