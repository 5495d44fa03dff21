//! Who the client is.

use domain::{Case, Date, Person, Term};
use leptos::prelude::*;

use crate::{
    caseload::contact_words,
    ui::{language_name, words},
};

/// The heading of a client's page: the name to say at the door first.
pub fn who_header(person: &Person, case: &Case, today: Date) -> AnyView {
    let household: Vec<String> = (person.related.iter())
        .map(|related| {
            let place = if related.household { ", same household" } else { "" };
            [related.name.as_str(), " (", &related.relationship, place, ")"].concat()
        })
        .collect();
    view! {
        <header class="who">
            <h1>{person.name()}</h1>
            <p class="who__case">{case.programme.clone()} " · " {case.state.label()} " · " {contact_words(case.last_contact_on, today)}</p>
            <dl class="facts">
                {(person.legal_name() != person.name()).then(|| fact("Legal name", person.legal_name()))}
                {person.birth_date.map(|birth| fact("Age", age_words(birth, today)))}
                {fact("Language", language_words(person))}
                {(!household.is_empty()).then(|| fact("People", household.join(", ")))}
                {person.client_number.clone().map(|number| fact("Client number", number))}
            </dl>
        </header>
    }
    .into_any()
}

fn fact(name: &'static str, value: String) -> AnyView {
    view! {
        <div class="facts__fact">
            <dt>{name}</dt>
            <dd>{value}</dd>
        </div>
    }
    .into_any()
}

fn age_words(birth: Date, today: Date) -> String {
    let mut text = words::count(today.years_since(birth).unsigned_abs(), "year", "years");
    text.push_str(", born ");
    text.push_str(&words::short_date(birth, today));
    text
}

fn language_words(person: &Person) -> String {
    let mut text = String::from(language_name(&person.language));
    if person.interpreter_needed {
        text.push_str(" – interpreter needed");
    }
    text
}
