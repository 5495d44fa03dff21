//! What is due, with tasks that can be ticked off on the spot.

use domain::{CaseId, Command, CompleteTask, Role, TaskId};
use leptos::{prelude::*, task::spawn_local};

use super::plan::{DueLine, due_soon};
use crate::{
    desk::{Keeping, use_desk},
    paths,
    ui::{Icon, desk_error_words, empty_state, tag, with_hidden},
};

/// How many are shown at first: more than a day's work, and drawn at once by an old phone.
const FIRST: usize = 12;

/// What the worker owes, the latest first.
#[component]
pub fn DueList(
    /// Of the reader.
    role: Role,
) -> impl IntoView {
    let state = use_desk().state();
    let lines = Memo::new(move |_| {
        let Some(me) = state.me() else { return Vec::new() };
        let today = state.now.get().date();
        state.caseload.with(|caseload| due_soon(caseload, me.worker_id, role, today))
    });
    let said = RwSignal::new(String::new());
    let all = RwSignal::new(false);
    let shown = move || lines.with(|lines| lines.iter().take(if all.get() { lines.len() } else { FIRST }).cloned().collect::<Vec<_>>());
    let left_out = Memo::new(move |_| if all.get() { 0 } else { lines.with(Vec::len).saturating_sub(FIRST) });
    view! {
        <section class="today__due" aria-labelledby="due-title">
            <h2 id="due-title">{words::today::due_this_week()}</h2>
            <p class="today__said" role="status">{move || said.get()}</p>
            {move || lines.with(Vec::is_empty).then(|| empty_state(words::today::nothing_is_due()))}
            <ul class="stack">
                <For each=shown key=DueLine::clone children=move |line| due_view(line, said) />
            </ul>
            {move || (left_out.get() > 0).then(|| all_button(left_out.get(), all))}
        </section>
    }
    .into_any()
}

fn all_button(left_out: usize, all: RwSignal<bool>) -> AnyView {
    view! {
        <button class="button button--wide" type="button" on:click=move |_| all.set(true)>
            {words::today::show_all_that_is_due()}
            <span class="quiet">" (" {words::today::count_more(left_out)} ")"</span>
        </button>
    }
    .into_any()
}

fn due_view(line: DueLine, said: RwSignal<String>) -> AnyView {
    let about = view! {
        <p class="due__about">
            <a href=paths::client(line.case_id)><bdi>{line.name}</bdi></a>
            {line.worker.map(|worker| view! { <span>" · " <bdi>{worker}</bdi></span> })}
        </p>
    }
    .into_any();
    view! {
        <li class="card due">
            <div class="due__body">
                <p class="due__what"><bdi>{line.what.clone()}</bdi></p>
                {about}
                {tag(line.tone, line.when)}
            </div>
            {line.task_id.map(|task_id| done_button(task_id, line.case_id, line.what, said))}
        </li>
    }
    .into_any()
}

/// The button that ticks a task off, and says what became of it in `said`.
pub fn done_button(task_id: TaskId, case_id: CaseId, title: String, said: RwSignal<String>) -> AnyView {
    let desk = use_desk();
    let busy = RwSignal::new(false);
    let about = title.clone();
    let tick = move |_| {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        let keeping = desk.state().keeping.get_untracked();
        let reply = desk.submit(vec![Command::CompleteTask(CompleteTask { task_id, case_id })]);
        let title = title.clone();
        spawn_local(async move {
            let words = match (reply.await, keeping) {
                (Ok(()), Keeping::Device) => words::today::done_and_saved(&title),
                (Ok(()), Keeping::Memory) => words::today::done_and_waiting(&title),
                (Err(error), _) => desk_error_words(error).to_owned(),
            };
            busy.try_set(false);
            said.try_set(words);
        });
    };
    view! {
        <button class="button button--small" type="button" on:click=tick>
            {Icon::Check.view()}
            {with_hidden(&words::common::with_what(words::today::done(), &about))}
        </button>
    }
    .into_any()
}
