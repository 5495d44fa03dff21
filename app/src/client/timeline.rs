//! What was done: the notes of a case, the newest contact first.

use domain::{CaseId, Note, NoteId, Standing};
use leptos::prelude::*;
use leptos_router::hooks::use_location;

use super::note_card::{NoteLine, note_card, note_line};
use crate::{
    desk::use_desk,
    page_memory::use_page_memory,
    paths,
    ui::{Gradual, empty_state, gradually},
};

/// How many notes are shown at first: what is read before knocking.
const FIRST: usize = 8;

/// How many of them are drawn with a page that one turned to, and how many at a time after that: an old phone answers a tap sooner.
const AT_ONCE: usize = 2;
const MORE: usize = 6;

/// How many more at a time.
const STEP: usize = 20;

/// The notes of a case.
#[component]
pub fn Timeline(
    /// The case.
    case_id: CaseId,
) -> impl IntoView {
    let state = use_desk().state();
    let memory = use_page_memory();
    let shown = RwSignal::new(FIRST);
    // A restricted note is closed sooner than the rest.
    let is_closed = Memo::new(move |_| matches!(state.standing(), Some(Standing::RestrictedEnded { .. })));
    let may_be_read = move |note: &&Note| !(is_closed.get() && note.sensitivity.is_restricted());
    let number = Memo::new(move |_| state.caseload.with(|caseload| caseload.notes_of(case_id).into_iter().filter(may_be_read).count()));
    let found = RwSignal::new(None);
    let lines = Memo::new(move |_| {
        state.caseload.with(|caseload| {
            let newest = caseload.notes_of(case_id).into_iter().filter(may_be_read).take(shown.get());
            newest.map(|note| note_line(note, caseload)).collect::<Vec<NoteLine>>()
        })
    });
    // Whoever has just signed a note sees it at once; whoever comes back finds the place that was read.
    let in_steps = memory.turned_on.get_value() || memory.just_done.with_untracked(Option::is_some);
    let drawn = gradually(lines, if in_steps { AT_ONCE } else { usize::MAX }, MORE);
    show_found_note(case_id, shown, drawn, found);
    let older = move || number.get().saturating_sub(shown.get());
    let is_empty = move || (number.get() == 0).then(|| empty_words(state.complete.get()));
    view! {
        <section class="timeline" aria-labelledby="timeline-title">
            <h2 id="timeline-title">{words::client::notes()}</h2>
            {is_empty}
            <ol class=if in_steps { "timeline__notes" } else { "timeline__notes timeline__notes--whole" }>
                <For
                    each=move || drawn.shown()
                    key=NoteLine::key
                    children=move |line| {
                        let is_mine = move |id| memory.signed_here.with_untracked(|signed| signed.contains(&id));
                        note_card(line, is_mine, found, state)
                    }
                />
            </ol>
            {move || (older() > 0).then(|| older_button(older(), shown))}
        </section>
    }
    .into_any()
}

/// Brings the note that the address names into view, however old it is, as soon as it is here.
fn show_found_note(case_id: CaseId, shown: RwSignal<usize>, drawn: Gradual<NoteLine>, found: RwSignal<Option<NoteId>>) {
    let state = use_desk().state();
    let hash = use_location().hash;
    Effect::new(move |_| {
        let wanted = hash.with(|hash| paths::note_of_hash(hash));
        let Some(note_id) = wanted.filter(|_| wanted != found.get_untracked()) else { return };
        let place = state.caseload.with(|caseload| caseload.notes_of(case_id).iter().position(|note| note.id == note_id));
        let Some(place) = place else { return };
        found.set(wanted);
        shown.update(|shown| *shown = (*shown).max(place + FIRST));
        drawn.draw_all();
        // The note is drawn in this turn, and can be scrolled to in the next frame.
        let _ = request_animation_frame(move || {
            if let Some(note) = document().get_element_by_id(&paths::note_anchor(note_id)) {
                note.scroll_into_view();
            }
        });
    });
}

fn empty_words(complete: bool) -> AnyView {
    empty_state(match complete {
        true => words::client::no_notes_yet_the_first(),
        false => words::client::no_notes_here_yet_they(),
    })
}

fn older_button(older: usize, shown: RwSignal<usize>) -> AnyView {
    view! {
        <button class="button button--wide" type="button" on:click=move |_| shown.update(|shown| *shown += STEP)>
            {words::client::show_older_notes()}
            <span class="quiet">" (" {words::client::older_notes(older)} ")"</span>
        </button>
    }
    .into_any()
}
