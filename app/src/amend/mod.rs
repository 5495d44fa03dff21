//! Adding to a signed note. What was signed stays as it is; the addition stands below it.

mod form;

use domain::{AmendmentId, CaseId, Note, NoteId, Permission};
use leptos::{ev, prelude::*};
use leptos_router::{NavigateOptions, hooks::use_navigate};

use self::form::{AmendFields, AmendForm, REASON, TEXT, WHAT, What};
use crate::{
    client::{back_to_client, note_as_signed, when_here},
    desk::use_desk,
    draft::{DraftKeeper, draft_line},
    not_found::NotFound,
    page_memory::{JustDone, use_page_memory},
    paths,
    sending::Sending,
    ui::{ChoiceLayout, ErrorSummary, Icon, Radios, TextArea, error_of},
};

/// The page on which a note is amended.
#[component]
pub fn AmendNotePage(
    /// The client's case.
    case_id: CaseId,
    /// The note.
    note_id: NoteId,
) -> impl IntoView {
    let state = use_desk().state();
    let is_here = Memo::new(move |_| state.caseload.with(|caseload| caseload.note(note_id).is_some_and(|note| note.case_id == case_id)));
    when_here(case_id, move || match is_here.get() {
        true => view! { <AmendNote case_id=case_id note_id=note_id /> }.into_any(),
        false => view! { <NotFound /> }.into_any(),
    })
}

#[component]
fn AmendNote(case_id: CaseId, note_id: NoteId) -> impl IntoView {
    let desk = use_desk();
    let state = desk.state();
    let may_hide = may_hide(note_id);
    let fields = AmendFields::of(&AmendForm::default());
    let keeper = DraftKeeper::new(note_id.0, fields);
    keeper.begin();
    let sending = Sending::new();
    let memory = use_page_memory();
    let navigate = use_navigate();
    let ending = keeper.clone();
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        fields.name(AmendmentId(desk.new_id()));
        let form = untrack(|| fields.read());
        if !sending.may_go(form.flaws()) {
            return;
        }
        let seen = state.caseload.with_untracked(|caseload| caseload.amendments_of(note_id).len());
        let Some(command) = form.command(case_id, note_id, seen) else { return };
        let (ending, navigate, now) = (ending.clone(), navigate.clone(), state.now.get_untracked());
        let entity_id = command.entity_id();
        sending.submit(vec![command], TEXT, move || {
            ending.end();
            memory.signed_here.try_update(|signed| signed.push(entity_id));
            memory.just_done.try_set(Some(JustDone {
                case_id: Some(case_id),
                heading: words::amend::addition_signed(),
                entity_id,
                at: now,
            }));
            navigate(&paths::client(case_id), NavigateOptions { replace: true, ..NavigateOptions::default() });
        });
    };
    let original = move || state.caseload.with(|caseload| caseload.note(note_id).map(|note| note_as_signed(note, caseload, state)));
    let blur = keeper.clone();
    let errors = sending.errors;
    let what = Memo::new(move |_| What::of(&fields.what.get()));
    view! {
        <section class="page write">
            {back_to_client(case_id)}
            <h1>{words::amend::amend_note()}</h1>
            <p>{words::amend::the_note_stays()}</p>
            <section class="card note" aria-label=words::amend::the_note()>{original}</section>
            <ErrorSummary errors=errors />
            <form class="form" novalidate on:submit=submit on:focusout=move |_| blur.keep()>
                <Radios
                    name=WHAT
                    legend=words::amend::what_do_you_want()
                    options=What::options(may_hide)
                    layout=ChoiceLayout::Lines
                    value=fields.what
                    error=error_of(errors.into(), WHAT)
                />
                {move || (what.get() != Some(What::Error)).then(|| view! {
                    <TextArea
                        id=TEXT
                        label=if what.get() == Some(What::Correct) { words::amend::what_is_right() } else { words::amend::what_you_add() }
                        hint=words::amend::it_stays_with_the_note()
                        value=fields.text
                        error=error_of(errors.into(), TEXT)
                    />
                })}
                {move || what.get().filter(|what| *what != What::Add).map(|what| view! {
                    <TextArea
                        id=REASON
                        label=if what == What::Error { words::amend::why_the_note_is_wrong() } else { words::amend::why_it() }
                        short=true
                        value=fields.reason
                        error=error_of(errors.into(), REASON)
                    />
                })}
                {draft_line(keeper, move || fields.fill_with(AmendForm::default()))}
                <div class="action-bar">
                    <button class="button button--primary button--wide" type="submit">{Icon::Check.view()} {words::amend::sign_addition()}</button>
                </div>
            </form>
        </section>
    }
    .into_any()
}

/// Whether the worker may mark the note as entered in error: its author, and who decides reviews.
fn may_hide(note_id: NoteId) -> bool {
    let state = use_desk().state();
    let Some(me) = untrack(|| state.me()) else { return false };
    let is_mine = |note: &Note| note.author_id == me.worker_id;
    let is_mine = state.caseload.with_untracked(|caseload| caseload.note(note_id).is_some_and(is_mine));
    is_mine || me.permissions().has(Permission::DecideReviews)
}
