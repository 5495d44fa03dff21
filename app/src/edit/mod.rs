//! Editing what is known of a client. What others changed meanwhile is merged field by field; where how to reach the client or what is
//! dangerous was changed elsewhere, a person decides.

mod fields;
mod form;
mod sections;

use domain::{Case, CaseId, Person, Term, Unit, UnitKind};
use leptos::{ev, prelude::*};
use leptos_router::{NavigateOptions, hooks::use_navigate};

use self::{
    fields::EditFields,
    form::{EditForm, GIVEN},
};
use crate::{
    client::{back_to_client, client_of, when_here},
    desk::use_desk,
    draft::{DraftKeeper, draft_line},
    page_memory::{JustDone, use_page_memory},
    paths,
    sending::Sending,
    ui::{Banner, BannerTone, ErrorSummary, FieldError, Icon, Spoken},
};

/// The page on which a client is edited.
#[component]
pub fn EditClientPage(
    /// The client's case.
    case_id: CaseId,
) -> impl IntoView {
    when_here(case_id, move || match untrack(|| client_of(case_id)) {
        Some((person, case)) => view! { <EditClient case_id=case_id person=person case=case /> }.into_any(),
        None => ().into_any(),
    })
}

#[component]
fn EditClient(case_id: CaseId, person: Person, case: Case) -> impl IntoView {
    let desk = use_desk();
    let state = desk.state();
    let fields = EditFields::of(&EditForm::of(person, case));
    let keeper = DraftKeeper::new(case_id.0, fields);
    keeper.begin();
    let sending = Sending::new();
    let memory = use_page_memory();
    let navigate = use_navigate();
    let ending = keeper.clone();
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let form = untrack(|| fields.read());
        if !sending.may_go(form.flaws()) {
            return;
        }
        let now = state.now.get_untracked();
        let Some(command) = form.command(case_id, now.date()) else {
            return sending.errors.set(vec![FieldError::new(GIVEN, words::edit::nothing_was_changed_yet_change())]);
        };
        let (ending, navigate) = (ending.clone(), navigate.clone());
        sending.submit(vec![command], GIVEN, move || {
            ending.end();
            let done = JustDone { case_id: Some(case_id), heading: words::edit::change_saved(), entity_id: case_id.0, at: now };
            memory.just_done.try_set(Some(done));
            navigate(&paths::client(case_id), NavigateOptions { replace: true, ..NavigateOptions::default() });
        });
    };
    let as_now = move || {
        if let Some((person, case)) = untrack(|| client_of(case_id)) {
            fields.fill(EditForm::of(person, case));
        }
    };
    let blur = keeper.clone();
    let errors = sending.errors.into();
    view! {
        <section class="page write">
            {back_to_client(case_id)}
            <h1>{words::edit::edit_client()}</h1>
            {changed_elsewhere(case_id, fields)}
            <ErrorSummary errors=sending.errors />
            <form class="form" novalidate on:submit=submit on:focusout=move |_| blur.keep()>
                {sections::names(fields, errors)}
                {sections::language(fields)}
                {sections::phones(fields, errors)}
                {sections::addresses(fields, errors)}
                {sections::risk(fields, errors)}
                {sections::alerts(fields, errors)}
                {sections::people(fields, errors)}
                {draft_line(keeper, as_now)}
                <div class="action-bar">
                    <button class="button button--primary button--wide" type="submit">{Icon::Check.view()} {words::edit::save_changes()}</button>
                </div>
            </form>
        </section>
    }
    .into_any()
}

/// What somebody else has changed since the author began.
fn changed_elsewhere(case_id: CaseId, fields: EditFields) -> AnyView {
    let changed = Memo::new(move |_| {
        let Some((person, case)) = client_of(case_id) else { return Vec::new() };
        let (seen_person, seen_case) = fields.seen.get_value();
        let differs = |kind: &UnitKind| Unit::of(*kind, &person, &case) != Unit::of(*kind, &seen_person, &seen_case);
        UnitKind::ALL.iter().copied().filter(differs).collect::<Vec<UnitKind>>()
    });
    let banner = move || {
        let changed = changed.get();
        (!changed.is_empty()).then(|| {
            let lines = changed.iter().map(|kind| view! { <li>{kind.words()}</li> }.into_any()).collect_view();
            view! {
                <Banner tone=BannerTone::Warning heading=words::edit::somebody_else_has_changed()>
                    <ul class="bullets">{lines}</ul>
                    <p>{words::edit::if_you_changed_the_same()}</p>
                </Banner>
            }
            .into_any()
        })
    };
    view! { <div role="status" class="signed-place">{banner}</div> }.into_any()
}
