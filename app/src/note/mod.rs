//! Writing and signing a note.

mod draft;
mod fields;
mod form;
mod sections;
mod typed;

use domain::{CaseId, Command, NoteId, VisitId};
use leptos::{ev, prelude::*, task::spawn_local};
use leptos_router::{
    NavigateOptions,
    hooks::{use_navigate, use_url},
};

use self::{
    draft::{DraftKeeper, DraftState, draft_words},
    fields::{NoteFields, fresh_form},
    form::{Flaws, NoteField},
};
use crate::{
    client::client_of,
    desk::{Access, DeskError, use_desk},
    not_found::NotFound,
    page_memory::use_page_memory,
    paths,
    ui::{ErrorSummary, FieldError, Icon, desk_error_words, empty_state},
};

/// The page on which a note is written.
#[component]
pub fn WriteNotePage(
    /// The client's case.
    case_id: CaseId,
) -> impl IntoView {
    let desk = use_desk();
    let state = desk.state();
    Effect::new(move |_| desk.open(case_id));
    let is_here = Memo::new(move |_| state.caseload.with(|caseload| caseload.client(case_id).is_some()));
    let is_opening = Memo::new(move |_| state.access.with(|access| *access == Access::Opening));
    move || match (is_here.get(), is_opening.get()) {
        (true, _) => view! { <WriteNote case_id=case_id /> }.into_any(),
        (false, true) => empty_state("This client is on the way."),
        (false, false) => view! { <NotFound /> }.into_any(),
    }
}

#[component]
fn WriteNote(case_id: CaseId) -> impl IntoView {
    let desk = use_desk();
    let state = desk.state();
    let start = fresh_form(state.now.get_untracked(), planned_visit(case_id));
    let fields = NoteFields::of(&start);
    let keeper = DraftKeeper::new(case_id, fields, start);
    keeper.begin();
    let errors = RwSignal::new(Vec::<FieldError>::new());
    let submit = signing(case_id, fields, keeper.clone(), errors);
    let name = move || client_of(case_id).map(|(person, _)| person.name());
    let blur = keeper.clone();
    view! {
        <section class="page write">
            <a class="back-link" href=paths::client(case_id)>{Icon::Back.view()} {name}</a>
            <h1>"Write note"</h1>
            <ErrorSummary errors=errors />
            <form class="form" novalidate on:submit=submit on:focusout=move |_| blur.keep()>
                {sections::contact_section(fields, errors.into())}
                {sections::time_section(fields, errors.into(), state)}
                <div class="write__narrative">
                    {sections::narrative_section(fields, errors.into())}
                    {draft_line(keeper)}
                </div>
                {sections::visit_section(fields, case_id)}
                {sections::goals_section(fields, case_id)}
                {sections::tasks_section(fields, case_id)}
                {sections::next_section(fields, errors.into())}
                <div class="action-bar">
                    <button class="button button--primary button--wide" type="submit">{Icon::Check.view()} "Sign note"</button>
                </div>
            </form>
        </section>
    }
    .into_any()
}

/// The planned visit named in the address, if it is one of this client.
fn planned_visit(case_id: CaseId) -> Option<domain::Visit> {
    let visit_id: VisitId = use_url().with_untracked(|url| url.search_params().get(paths::VISIT))?.parse().ok()?;
    let visit = use_desk().state().caseload.with_untracked(|caseload| caseload.visit(visit_id).cloned())?;
    (visit.case_id == case_id && visit.is_planned()).then_some(visit)
}

/// What the button does: check, keep, leave for the client's page, where the note says where it is.
fn signing(
    case_id: CaseId,
    fields: NoteFields,
    keeper: DraftKeeper,
    errors: RwSignal<Vec<FieldError>>,
) -> impl Fn(ev::SubmitEvent) + 'static {
    let desk = use_desk();
    let memory = use_page_memory();
    let navigate = use_navigate();
    let busy = StoredValue::new(false);
    move |event: ev::SubmitEvent| {
        event.prevent_default();
        if busy.get_value() {
            return;
        }
        fields.name_records(NoteId(desk.new_id()), VisitId(desk.new_id()));
        let now = desk.state().now.get_untracked();
        let commands = match untrack(|| fields.read()).commands(case_id, now) {
            Ok(commands) => commands,
            Err(flaws) => return errors.set(words_of_flaws(&flaws)),
        };
        errors.set(Vec::new());
        busy.set_value(true);
        let Some(note_id) = commands.iter().find_map(signed_note) else { return };
        let reply = desk.submit(commands);
        let (keeper, navigate) = (keeper.clone(), navigate.clone());
        spawn_local(async move {
            match reply.await {
                Ok(()) => {
                    keeper.end();
                    memory.signed_here.try_update(|signed| signed.push(note_id));
                    memory.just_signed.try_set(Some((case_id, note_id)));
                    let replace = NavigateOptions { replace: true, ..NavigateOptions::default() };
                    navigate(&paths::client(case_id), replace);
                }
                Err(error) => drop(errors.try_set(vec![error_of_desk(error)])),
            }
            busy.try_set_value(false);
        });
    }
}

fn signed_note(command: &Command) -> Option<NoteId> {
    match command {
        Command::SignNote(sign) => Some(sign.note_id),
        _ => None,
    }
}

fn words_of_flaws(flaws: &Flaws) -> Vec<FieldError> {
    flaws.iter().map(|(field, flaw)| FieldError::new(field.id(), flaw.words(*field))).collect()
}

fn error_of_desk(error: DeskError) -> FieldError {
    let field = match error {
        DeskError::Rejected(domain::Rejection::DurationTooLong) => NoteField::Duration,
        _ => NoteField::Narrative,
    };
    FieldError::new(field.id(), desk_error_words(error))
}

/// Where the draft is, and the way to be rid of it.
fn draft_line(keeper: DraftKeeper) -> AnyView {
    let state = use_desk().state();
    let draft = keeper.state;
    let words = Memo::new(move |_| draft_words(draft.get(), state.keeping.get(), state.now.get()));
    let can_discard = Memo::new(move |_| !matches!(draft.get(), DraftState::None));
    let discard = StoredValue::new(move || {
        keeper.begin_again(fresh_form(state.now.get_untracked(), None));
    });
    view! {
        <div class="draft">
            <p class="draft__state" role="status">{move || words.get()}</p>
            {move || can_discard.get().then(|| view! {
                <button class="button button--quiet" type="button" on:click=move |_| discard.with_value(|discard| discard())>
                    "Discard draft"
                </button>
            })}
        </div>
    }
    .into_any()
}
