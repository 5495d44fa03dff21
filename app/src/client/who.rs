//! Who the client is.

use domain::{Case, Date, Person};
use leptos::prelude::*;

use crate::{
    caseload::contact_words,
    ui::{Spoken, language_name, moments},
};

/// The heading of a client's page: the name to say at the door first.
pub fn who_header(person: &Person, case: &Case, today: Date) -> AnyView {
    let household: Vec<String> = (person.related.iter())
        .map(|related| {
            let words = if related.household { words::client::related_person_of_the_household } else { words::client::related_person };
            words(&related.name, &related.relationship)
        })
        .collect();
    view! {
        <header class="who">
            <h1><bdi>{person.name()}</bdi></h1>
            <p class="who__case"><bdi>{case.programme.clone()}</bdi> " · " {case.state.words()} " · " {contact_words(case.last_contact_on, today)}</p>
            <dl class="facts">
                {(person.legal_name() != person.name()).then(|| fact(words::client::legal_name(), person.legal_name()))}
                {person.birth_date.map(|birth| fact(words::client::age(), age_words(birth, today)))}
                {fact(words::client::language(), language_words(person))}
                {(!household.is_empty()).then(|| people(household.join(words::common::between_two_of_a_list())))}
                {person.client_number.clone().map(|number| fact(words::client::client_number(), number))}
            </dl>
        </header>
    }
    .into_any()
}

fn people(names: String) -> AnyView {
    view! {
        <div class="facts__fact facts__fact--wide">
            <dt>{words::client::people()}</dt>
            <dd>{names}</dd>
        </div>
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
    words::client::age_and_birth(today.years_since(birth), &moments::short_date(birth, today))
}

pub fn language_words(person: &Person) -> String {
    let language = language_name(&person.language);
    match person.interpreter_needed {
        true => words::client::language_with_interpreter(&language),
        false => language,
    }
}
