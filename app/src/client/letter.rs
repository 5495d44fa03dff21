//! A letter to the client, in their language, ready for paper: when somebody comes to see them, or that somebody would like to.
//!
//! It says nothing about why: whoever opens a letter may not be the one to whom it is written.

use domain::{CaseId, Person, Visit};
use leptos::prelude::*;
use words::Catalogue;

use super::{back_to_client, client_of, their_language::TheirLanguage, when_here};
use crate::{
    desk::{DeskState, use_desk},
    page_data::Me,
    ui::{Banner, BannerTone, moments},
};

/// The page with the letter.
#[component]
pub fn LetterPage(
    /// The client's case.
    case_id: CaseId,
) -> impl IntoView {
    when_here(case_id, move || view! { <Letter case_id=case_id /> }.into_any())
}

#[component]
fn Letter(case_id: CaseId) -> impl IntoView {
    let state = use_desk().state();
    let language = TheirLanguage::of(case_id);
    let person = Memo::new(move |_| client_of(case_id).map(|(person, _)| person));
    let by_hand = Memo::new(move |_| person.with(|person| person.as_ref().is_none_or(|person| address(person).is_none())));
    let print = move |_| {
        // A browser that prints nothing has said so itself.
        let _ = window().print();
    };
    view! {
        <section class="page letter-page">
            {back_to_client(case_id)}
            <h1>{words::letter::letter()}</h1>
            {move || by_hand.get().then(|| view! {
                <Banner tone=BannerTone::Warning heading=words::letter::hand_it_over()>
                    <p>{words::letter::there_is_no_address()}</p>
                </Banner>
            })}
            {language.chooser("letter-in")}
            {move || {
                let (me, person, catalogue) = (state.me()?, person.get()?, language.words.get()?);
                Some(letter_view(state, &me, &person, catalogue, next_visit(state, case_id, &me)))
            }}
            <p><button class="button button--primary" type="button" on:click=print>{words::letter::print_it()}</button></p>
        </section>
    }
    .into_any()
}

/// Where a letter may be posted to: a confidential address is on no envelope.
fn address(person: &Person) -> Option<&str> {
    person.addresses.iter().find(|address| !address.confidential).map(|address| address.text.as_str())
}

/// The next visit that this worker has planned.
fn next_visit(state: DeskState, case_id: CaseId, me: &Me) -> Option<Visit> {
    let now = state.now.get();
    state.caseload.with(|caseload| {
        let planned = caseload.planned_visits_of(case_id).into_iter();
        let coming = planned.filter(|visit| visit.worker_id == me.worker_id && visit.planned_at.unix_ms() > now.unix_ms());
        coming.min_by_key(|visit| visit.planned_at.unix_ms()).cloned()
    })
}

fn letter_view(state: DeskState, me: &Me, person: &Person, catalogue: &'static Catalogue, visit: Option<Visit>) -> AnyView {
    let now = state.now.get();
    let language = catalogue.language();
    let reason = move || match &visit {
        Some(visit) => {
            let at = visit.planned_at.at_offset(now.offset_min());
            words::letter::i_plan_to_visit_you(&moments::long_day(at.date()), &moments::clock_here(at, now))
        }
        None => words::letter::i_would_like_to_see_you().to_owned(),
    };
    let (day, dear, reason) = words::with(catalogue, || (moments::full_date(now.date()), words::letter::dear(&person.name()), reason()));
    let (if_not, regards) = words::with(catalogue, || (words::letter::if_it_does_not_suit_you(), words::letter::with_kind_regards()));
    view! {
        <article class="letter" lang=language.tag() dir=language.direction().code()>
            <p class="letter__from"><bdi>{me.agency_name.clone()}</bdi></p>
            <address class="letter__to">
                <bdi>{person.name()}</bdi>
                {address(person).map(|address| view! { <br /> <bdi>{address.to_owned()}</bdi> })}
            </address>
            <p class="letter__date">{day}</p>
            <p>{dear}</p>
            <p>{reason}</p>
            <p>{if_not}</p>
            <p class="letter__regards">{regards}</p>
            <p><bdi>{me.name.clone()}</bdi></p>
        </article>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;
    use domain::Address;

    #[test]
    fn a_confidential_address_is_on_no_letter() {
        let caseload = samples::caseload();
        let mut person = caseload.client(samples::case_id()).expect("she is there").person.clone();
        let confidential = Address { text: "7 Secret Lane".to_owned(), confidential: true };
        person.addresses = vec![confidential.clone()];
        assert_eq!(address(&person), None);
        person.addresses = vec![confidential, Address { text: "1 Mill Lane".to_owned(), confidential: false }];
        assert_eq!(address(&person), Some("1 Mill Lane"));
    }
}
