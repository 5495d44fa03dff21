//! One signed note, with all that an auditor and a colleague want to know of it.

use domain::{Caseload, DateTime, Note, NoteId, Term};
use leptos::prelude::*;

use crate::{
    desk::DeskState,
    paths,
    ui::{NoteWhereabouts, Tone, tag, words},
};

/// A note with the names that it refers to.
#[derive(Clone, Debug, PartialEq)]
pub struct NoteLine {
    pub note: Note,
    pub author: String,
    /// "I want to walk again: Improving".
    pub goals: Vec<String>,
    pub tasks: Vec<String>,
}

impl NoteLine {
    /// A signed note never changes; what changes is whether the server has it.
    pub fn key(line: &Self) -> (NoteId, bool) {
        (line.note.id, line.note.received_at.is_some())
    }
}

/// Looks up what a note refers to.
pub fn note_line(note: &Note, caseload: &Caseload) -> NoteLine {
    let author = caseload.worker(note.author_id).map_or_else(|| "A colleague".to_owned(), |worker| worker.name.clone());
    let goals = note.goals.iter().filter_map(|touched| {
        let goal = caseload.goal(touched.goal_id)?;
        Some([goal.statement.as_str(), " – ", touched.to.label()].concat())
    });
    let tasks = note.tasks_done.iter().filter_map(|task_id| caseload.task(*task_id).map(|task| task.title.clone()));
    NoteLine { note: note.clone(), author, goals: goals.collect(), tasks: tasks.collect() }
}

/// A note of the timeline.
pub fn note_card(line: NoteLine, was_here: bool, found: RwSignal<Option<NoteId>>, state: DeskState) -> AnyView {
    let NoteLine { note, author, goals, tasks } = line;
    let now = state.now.get_untracked();
    let note_id = note.id;
    let class = move || if found.get() == Some(note_id) { "card note note--found" } else { "card note" };
    view! {
        <li id=paths::note_anchor(note_id)>
        <article class=class>
            {heading(&note, now)}
            <p class="note__about">{about(&note)}</p>
            {paragraphs(note.narrative.as_str())}
            {effects("Goals", goals)}
            {effects("Done", tasks)}
            <p class="note__foot">
                <span class="quiet">{author}</span>
                {note.is_late().then(|| tag(Tone::Due, "Written late"))}
                {note.late_after_reassignment.then(|| tag(Tone::Due, "Arrived after the case changed hands"))}
                <NoteWhereabouts note_id=note.id received_at=Signal::stored(note.received_at) was_here=was_here />
            </p>
        </article>
        </li>
    }
    .into_any()
}

fn heading(note: &Note, now: DateTime) -> AnyView {
    view! { <h3 class="note__title">{note.mode.label()} <span class="note__when">{words::moment(note.occurred_at, now)}</span></h3> }
        .into_any()
}

fn about(note: &Note) -> String {
    let mut text = String::from(note.purpose.label());
    text.push_str(" · Reached: ");
    text.push_str(note.reached.label());
    text.push_str(" · ");
    text.push_str(&words::duration(note.duration_min));
    text
}

/// The narrative as written: a blank line begins a paragraph.
fn paragraphs(text: &str) -> AnyView {
    let paragraphs = text.split("\n\n").map(str::trim).filter(|part| !part.is_empty());
    let paragraphs = paragraphs.map(|part| view! { <p>{part.to_owned()}</p> }.into_any()).collect_view();
    view! { <div class="note__narrative">{paragraphs}</div> }.into_any()
}

fn effects(heading: &'static str, items: Vec<String>) -> Option<AnyView> {
    (!items.is_empty()).then(|| {
        let items = items.into_iter().map(|item| view! { <li>{item}</li> }.into_any()).collect_view();
        view! {
            <div class="note__effects">
                <p class="note__effects-title">{heading}</p>
                <ul>{items}</ul>
            </div>
        }
        .into_any()
    })
}
