//! One signed note, with all that an auditor and a colleague want to know of it.

use domain::{Amendment, AmendmentId, Attachment, CaseId, Caseload, DateTime, Note, NoteId, Permission, WorkerId};
use leptos::prelude::*;

use super::note_attachments::note_attachments;
use crate::{
    desk::DeskState,
    paths,
    ui::{RecordWhereabouts, Spoken, Tone, moments, tag, with_hidden},
};

/// A note with the names that it refers to.
#[derive(Clone, Debug, PartialEq)]
pub struct NoteLine {
    pub note: Note,
    pub author: String,
    /// "I want to walk again: Improving".
    pub goals: Vec<String>,
    pub tasks: Vec<String>,
    pub attachments: Vec<Attachment>,
    /// What was added since, with its author.
    pub amendments: Vec<(Amendment, String)>,
}

/// What of a note changes after it was signed: whether the server has it, and what was added.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct NoteKey {
    note_id: NoteId,
    is_received: bool,
    amendments: Vec<(AmendmentId, bool)>,
    /// How many attachments the server has.
    received: usize,
}

impl NoteLine {
    pub fn key(line: &Self) -> NoteKey {
        let amendments = line.amendments.iter().map(|(amendment, _)| (amendment.id, amendment.received_at.is_some()));
        NoteKey {
            note_id: line.note.id,
            is_received: line.note.received_at.is_some(),
            amendments: amendments.collect(),
            received: line.attachments.iter().filter(|one| one.received_at.is_some()).count(),
        }
    }
}

/// Looks up what a note refers to.
pub fn note_line(note: &Note, caseload: &Caseload) -> NoteLine {
    let name = |worker_id: WorkerId| {
        caseload.worker(worker_id).map_or_else(|| words::client::a_colleague().to_owned(), |worker| worker.name.clone())
    };
    let goals = note.goals.iter().filter_map(|touched| {
        let goal = caseload.goal(touched.goal_id)?;
        Some([goal.statement.as_str(), " – ", touched.to.words()].concat())
    });
    let tasks = note.tasks_done.iter().filter_map(|task_id| caseload.task(*task_id).map(|task| task.title.clone()));
    let amendments = caseload.amendments_of(note.id).into_iter().map(|amendment| (amendment.clone(), name(amendment.author_id)));
    NoteLine {
        note: note.clone(),
        author: name(note.author_id),
        goals: goals.collect(),
        tasks: tasks.collect(),
        attachments: caseload.attachments_of(note.id).into_iter().cloned().collect(),
        amendments: amendments.collect(),
    }
}

/// A note as it was signed, without what was added since.
pub fn note_as_signed(note: &Note, caseload: &Caseload, state: DeskState) -> AnyView {
    let line = note_line(note, caseload);
    let now = state.now.get_untracked();
    view! {
        <h2 class="note__title">{heading(note, now)}</h2>
        <p class="note__about">{about(note)}</p>
        {paragraphs(note.narrative.as_str())}
        <p class="note__foot"><span class="quiet">{line.author}</span></p>
    }
    .into_any()
}

/// A note of the timeline. `is_mine` says of a record whether it was written in this page.
pub fn note_card(line: NoteLine, is_mine: impl Fn(uuid::Uuid) -> bool, found: RwSignal<Option<NoteId>>, state: DeskState) -> AnyView {
    let NoteLine { note, author, goals, tasks, attachments, amendments } = line;
    let now = state.now.get_untracked();
    let (note_id, case_id) = (note.id, note.case_id);
    let class = move || if found.get() == Some(note_id) { "card note note--found" } else { "card note" };
    let is_hidden = amendments.iter().any(|(amendment, _)| amendment.hides_note());
    let body = view! {
        {paragraphs(note.narrative.as_str())}
        {effects(words::client::goals(), goals)}
        {effects(words::client::done(), tasks)}
        {note_attachments(attachments, state)}
    }
    .into_any();
    let body = match is_hidden {
        false => body,
        true => view! {
            <details class="note__hidden">
                <summary>{words::client::show_what_was_signed()}</summary>
                {body}
            </details>
        }
        .into_any(),
    };
    let added = amendments.into_iter().map(|(amendment, author)| {
        let was_here = is_mine(amendment.id.0);
        amendment_view(&amendment, author, was_here, now)
    });
    let added = added.collect_view();
    view! {
        <li id=paths::note_anchor(note_id)>
        <article class=class>
            <h3 class="note__title">{heading(&note, now)}</h3>
            {is_hidden.then(|| tag(Tone::Late, words::client::entered_in_error()))}
            <p class="note__about">{about(&note)}</p>
            {body}
            <p class="note__foot">
                <span class="quiet">{author}</span>
                {note.is_late().then(|| tag(Tone::Due, words::client::written_late()))}
                {note.late_after_reassignment.then(|| tag(Tone::Due, words::client::arrived_after_the_case_changed()))}
                <RecordWhereabouts entity_id=note.id.0 received_at=note.received_at was_here=is_mine(note.id.0) />
            </p>
            {added}
            {amend_link(case_id, &note, now, state)}
        </article>
        </li>
    }
    .into_any()
}

/// What was added to a note.
fn amendment_view(amendment: &Amendment, author: String, was_here: bool, now: DateTime) -> AnyView {
    let title = if amendment.hides_note() { words::client::entered_in_error() } else { words::client::added_later() };
    view! {
        <section class="note__added" aria-label=title>
            <h4 class="note__title">{title} <span class="note__when">{moments::moment(amendment.signed_at, now)}</span></h4>
            {paragraphs(amendment.kind.text().as_str())}
            <p class="note__foot">
                <span class="quiet">{author}</span>
                {amendment.concurrent.then(|| tag(Tone::Due, words::client::written_without_knowing_the_addition()))}
                <RecordWhereabouts entity_id=amendment.id.0 received_at=amendment.received_at was_here=was_here />
            </p>
        </section>
    }
    .into_any()
}

/// The way to add to a note, for who writes in cases.
fn amend_link(case_id: CaseId, note: &Note, now: DateTime, state: DeskState) -> Option<AnyView> {
    let may_write = untrack(|| state.me()).is_some_and(|me| me.permissions().has(Permission::WriteInCases));
    may_write.then(|| {
        let words = words::client::amend_note_of(&moments::moment(note.occurred_at, now));
        view! {
            <a class="button button--quiet button--small note__amend" href=paths::amend_note(case_id, note.id)>
                {with_hidden(&words)}
            </a>
        }
        .into_any()
    })
}

/// What stands in the heading of a note: how it was, and when.
fn heading(note: &Note, now: DateTime) -> AnyView {
    view! { {note.mode.words()} " " <span class="note__when">{moments::moment(note.occurred_at, now)}</span> }.into_any()
}

fn about(note: &Note) -> String {
    words::client::about_the_note(note.purpose.words(), note.reached.words(), &moments::duration(note.duration_min))
}

/// The narrative as written: a blank line begins a paragraph.
fn paragraphs(text: &str) -> AnyView {
    let paragraphs = text.split("\n\n").map(str::trim).filter(|part| !part.is_empty());
    let paragraphs = paragraphs.map(|part| view! { <p dir="auto">{part.to_owned()}</p> }.into_any()).collect_view();
    view! { <div class="note__narrative">{paragraphs}</div> }.into_any()
}

fn effects(heading: &'static str, items: Vec<String>) -> Option<AnyView> {
    (!items.is_empty()).then(|| {
        let items = items.into_iter().map(|item| view! { <li><bdi>{item}</bdi></li> }.into_any()).collect_view();
        view! {
            <div class="note__effects">
                <p class="note__effects-title">{heading}</p>
                <ul>{items}</ul>
            </div>
        }
        .into_any()
    })
}
