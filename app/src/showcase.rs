//! What the style page shows of pages: a made-up caseload, the ways to reach a client, their notes. No page of the app comes here, so
//! nothing of it is in a browser's program.

use domain::SortBy;
use leptos::prelude::*;

use crate::{
    caseload::person_line,
    client::{note_card, note_line},
    desk::DeskState,
    samples,
    ui::reach_card,
};

/// How many notes are shown: one that was added to, and one as it was signed.
const NOTES: usize = 2;

/// A person in a list, found and open or not; their phones and addresses with the rules for each; notes of a timeline.
pub fn client(state: DeskState) -> AnyView {
    let caseload = samples::caseload();
    state.now.set(samples::now());
    let lines = crate::caseload::all_lines(&caseload, SortBy::Name, samples::today());
    let lines = lines.into_iter().enumerate().map(|(index, line)| person_line(line, Signal::stored(index == 0))).collect_view();
    let person = caseload.client(samples::case_id()).map(|client| client.person.clone());
    let notes = caseload
        .notes_of(samples::case_id())
        .into_iter()
        .take(NOTES)
        .map(|note| note_card(note_line(note, &caseload), |_| false, RwSignal::new(None), state));
    view! {
        <ul class="client-list">{lines}</ul>
        {person.map(|person| reach_card(&person))}
        <ol class="timeline__notes">{notes.collect_view()}</ol>
    }
    .into_any()
}
