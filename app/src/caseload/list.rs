//! The list itself: all clients in an order, or what the search found.

use domain::Standing;
use leptos::prelude::*;
use leptos_router::hooks::use_location;

use super::line::{Line, all_lines, found_lines, result_words};
use crate::{
    desk::use_desk,
    page_memory::use_page_memory,
    paths,
    place::Place,
    ui::{Icon, empty_state, gradually, pause, risk_tag, tag},
};

/// The most hits that are drawn while somebody types: more than a phone shows at once.
const HITS: usize = 10;

/// The most hits that are drawn for whoever asks for more.
const MORE_HITS: usize = 100;

/// How many lines are drawn at first: more than fit on a phone.
const AT_FIRST: usize = 15;

/// How many lines are drawn at a time after that: so few that an old phone does it within a touch.
const STEP: usize = 8;

/// Lines that lead to clients.
#[component]
pub fn ClientList(
    /// Where the worker is: the open client is marked.
    place: Memo<Place>,
) -> impl IntoView {
    let state = use_desk().state();
    let memory = use_page_memory();
    let today = Memo::new(move |_| state.now.get().date());
    let searching = Memo::new(move |_| memory.query.with(|query| !query.trim().is_empty()));
    // Typing on begins with few again.
    let more_for = RwSignal::new(String::new());
    let limit = Memo::new(move |_| {
        let wants_more = memory.query.with(|query| more_for.with(|more_for| !query.is_empty() && query == more_for));
        if wants_more { MORE_HITS } else { HITS }
    });
    let is_closed = Memo::new(move |_| matches!(state.standing(), Some(Standing::RestrictedEnded { .. })));
    let lines = Memo::new(move |_| {
        state.caseload.with(|caseload| match searching.get() {
            true => memory.query.with(|query| found_lines(caseload, caseload.search(query, limit.get()), today.get(), is_closed.get())),
            false => all_lines(caseload, memory.sort_by.get(), today.get()),
        })
    });
    let number = Memo::new(move |_| lines.with(Vec::len));
    let all = use_location().query.with_untracked(|query| query.get_str(paths::ALL).is_some());
    let drawn = gradually(lines, if all { usize::MAX } else { AT_FIRST }, STEP);
    let has_more = Memo::new(move |_| drawn.has_more());
    let open_case = Memo::new(move |_| place.get().case_id());
    view! {
        <p class="caseload__count" role="status">{move || result_words(number.get(), limit.get(), searching.get())}</p>
        <ul class="client-list">
            <For
                each=move || drawn.shown()
                key=Line::clone
                children=move |line| {
                    let case_id = line.case_id;
                    person_line(line, Signal::derive(move || open_case.get() == Some(case_id)))
                }
            />
        </ul>
        // Only whoever has no script has the time to see it.
        {move || has_more.get().then(|| view! { <p><a href=paths::all_clients() rel="external">{words::caseload::show_all_clients()}</a></p> })}
        {move || (searching.get() && number.get() == HITS && limit.get() == HITS).then(|| {
            view! {
                <button class="button button--wide" type="button" on:click=move |_| more_for.set(memory.query.get_untracked())>
                    {words::caseload::show_more_results()}
                </button>
            }
            .into_any()
        })}
        {move || (number.get() == 0).then(|| empty_words(searching.get(), state.complete.get()))}
    }
    .into_any()
}

fn empty_words(searching: bool, complete: bool) -> AnyView {
    empty_state(match (searching, complete) {
        (true, true) => words::caseload::no_client_and_no_note(),
        (true, false) => words::caseload::nothing_found_so_far_part(),
        (false, true) => words::caseload::no_clients_yet_they_appear(),
        (false, false) => words::caseload::your_clients_are_on_their(),
    })
}

/// A person in the list, with what must be seen without opening anything.
pub fn person_line(line: Line, is_open: Signal<bool>) -> AnyView {
    let href = match &line.found {
        Some((note_id, _)) => paths::note(line.case_id, *note_id),
        None => paths::client(line.case_id),
    };
    let marks = view! {
        <span class="client-line__tags">
            {pause()}
            {risk_tag(line.risk)}
            {(line.alerts > 0).then(|| view! { {pause()} <span class="tag tag--late">{Icon::Alert.view()} {words::caseload::alert()}</span> })}
            {line.due.map(|(tone, text)| view! { {pause()} {tag(tone, text)} })}
        </span>
    }
    .into_any();
    view! {
        <li>
            <a class="client-line" href=href aria-current=move || is_open.get().then_some("true")>
                <strong class="client-line__name"><bdi>{line.name}</bdi></strong>
                {pause()}
                <span class="client-line__about"><bdi>{line.programme}</bdi> " · " {line.contact}</span>
                {line.found.map(|(_, snippet)| view! { {pause()} <span class="client-line__found" dir="auto">{snippet}</span> })}
                {marks}
            </a>
        </li>
    }
    .into_any()
}
