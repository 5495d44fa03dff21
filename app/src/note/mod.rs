//! Writing and signing a note.

mod attachments;
mod dictate;
mod fields;
mod form;
mod sections;

use domain::{BlindNote, BlindNoteId, CaseId, Command, DateTime, NoteId, VisitId};
use leptos::{ev, prelude::*, task::spawn_local};
use leptos_router::{
    NavigateOptions,
    hooks::{use_navigate, use_url},
};

use self::{
    dictate::Dictate,
    fields::{NoteFields, fresh_form},
    form::{Flaws, NoteField, NoteForm},
};
use crate::{
    client::{back_to_client, when_here},
    desk::{DeskError, use_desk},
    draft::{DraftKeeper, draft_line},
    page_memory::{JustDone, use_page_memory},
    paths,
    ui::{Banner, BannerTone, ErrorSummary, FieldError, Icon, a_breath_later, desk_error_words, moments},
};

/// The page on which a note is written.
#[component]
pub fn WriteNotePage(
    /// The client's case.
    case_id: CaseId,
) -> impl IntoView {
    when_here(case_id, move || view! { <WriteNote case_id=case_id /> }.into_any())
}

#[component]
fn WriteNote(case_id: CaseId) -> impl IntoView {
    let desk = use_desk();
    let state = desk.state();
    let to_file = words_to_file();
    let about = to_file.as_ref().map_or(case_id.0, |words| words.id.0);
    let start = first_form(state.now.get_untracked(), planned_visit(case_id), to_file.as_ref());
    let fields = NoteFields::of(&start);
    let keeper = DraftKeeper::new(about, fields);
    keeper.begin();
    stay_awake();
    let errors = RwSignal::new(Vec::<FieldError>::new());
    let submit = signing(case_id, fields, keeper.clone(), errors);
    let blur = keeper.clone();
    let filing = to_file.clone();
    view! {
        <section class="page write">
            {back_to_client(case_id)}
            <h1>{words::note::write_note()}</h1>
            {filing.map(filing_words)}
            <ErrorSummary errors=errors />
            <form class="form" novalidate on:submit=submit on:focusout=move |_| blur.keep()>
                {sections::contact_section(fields, errors.into())}
                {sections::time_section(fields, errors.into())}
                <div class="write__narrative">
                    {sections::narrative_section(fields, errors.into())}
                    <Dictate text=fields.narrative />
                    {draft_line(keeper, move || fields.fill(first_form(state.now.get_untracked(), None, to_file.as_ref())))}
                </div>
                {a_breath_later(move || below_the_narrative(fields, case_id, errors))}
                <div class="action-bar">
                    <button class="button button--primary button--wide" type="submit">{Icon::Check.view()} {words::note::sign_note()}</button>
                </div>
            </form>
        </section>
    }
    .into_any()
}

fn below_the_narrative(fields: NoteFields, case_id: CaseId, errors: RwSignal<Vec<FieldError>>) -> AnyView {
    view! {
        {attachments::attachments_section(fields)}
        {sections::visit_section(fields, case_id)}
        {sections::goals_section(fields, case_id)}
        {sections::tasks_section(fields, case_id)}
        {sections::next_section(fields, errors.into())}
    }
    .into_any()
}

/// While a note is written the screen does not go dark: whoever listens to a client does not touch the phone for minutes.
fn stay_awake() {
    let desk = StoredValue::new(use_desk());
    Effect::new(move |_| desk.with_value(|desk| desk.stay_awake(true)));
    on_cleanup(move || desk.with_value(|desk| desk.stay_awake(false)));
}

/// The words written while locked that the address names, if they are the worker's and wait still.
fn words_to_file() -> Option<BlindNote> {
    let id: BlindNoteId = use_url().with_untracked(|url| url.search_params().get(paths::WORDS))?.parse().ok()?;
    let words = use_desk().state().caseload.with_untracked(|caseload| caseload.blind_note(id).cloned())?;
    words.filed_in.is_none().then_some(words)
}

/// The form as it begins: with the words that are to be filed, and the moment at which they were written.
fn first_form(now: DateTime, visit: Option<domain::Visit>, to_file: Option<&BlindNote>) -> NoteForm {
    let form = fresh_form(now, visit);
    let Some(words) = to_file else { return form };
    let written_at = words.written_at.at_offset(now.offset_min());
    NoteForm {
        blind_note: Some(words.id),
        narrative: words.narrative.as_str().to_owned(),
        date: moments::typed_date(written_at.date()),
        time: moments::clock(written_at),
        ..form
    }
}

fn filing_words(written: BlindNote) -> AnyView {
    view! {
        <Banner tone=BannerTone::Calm heading=words::note::what_you_wrote_while_locked()>
            <p>{words::note::you_wrote_whom_it_is_about(&written.about)}</p>
            <p>{words::note::check_date_time_and_words()}</p>
        </Banner>
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
        if fields.attaching.get_untracked() > 0 {
            return errors.set(vec![FieldError::new(NoteField::Attachments.id(), words::note::a_photo_is_still_being())]);
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
                    memory.signed_here.try_update(|signed| signed.push(note_id.0));
                    memory.just_done.try_set(Some(JustDone {
                        case_id: Some(case_id),
                        heading: words::note::note_signed(),
                        entity_id: note_id.0,
                        at: now,
                    }));
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
