//! What comes next for a client: planned visits and open tasks.

use domain::{CaseId, DateTime, Task, Visit};
use leptos::prelude::*;

use crate::{
    desk::use_desk,
    paths,
    today::done_button,
    ui::{Spoken, Tone, empty_state, moments, tag},
};

/// Planned visits and open tasks of a case.
#[component]
pub fn NextSteps(
    /// The case.
    case_id: CaseId,
) -> impl IntoView {
    let state = use_desk().state();
    let visits = Memo::new(move |_| state.caseload.with(|all| all.planned_visits_of(case_id).into_iter().cloned().collect::<Vec<Visit>>()));
    let tasks = Memo::new(move |_| state.caseload.with(|all| all.open_tasks_of(case_id).into_iter().cloned().collect::<Vec<Task>>()));
    let nothing = Memo::new(move |_| visits.with(Vec::is_empty) && tasks.with(Vec::is_empty));
    let said = RwSignal::new(String::new());
    view! {
        <section class="card" aria-labelledby="next-title">
            <h2 id="next-title">{words::client::next()}</h2>
            <p class="today__said" role="status">{move || said.get()}</p>
            {move || nothing.get().then(|| empty_state(words::client::no_visit_planned()))}
            <ul class="next">
                {move || visits.get().into_iter().map(|visit| visit_view(&visit, state.now.get())).collect_view()}
                // A second tap on "Done" must not meet the next task in the place of the first.
                <For
                    each=move || tasks.get()
                    key=|task| (task.id, task.title.clone(), task.due_on)
                    children=move |task| task_view(task, state.now, said)
                />
            </ul>
        </section>
    }
    .into_any()
}

fn visit_view(visit: &Visit, now: DateTime) -> AnyView {
    // What is days away has not happened yet.
    let is_near = visit.planned_at <= now.plus_minutes(24 * 60);
    view! {
        <li class="next__item">
            <div>
                <p class="next__what">{visit.mode.words()}</p>
                <p class="quiet">{moments::moment(visit.planned_at, now)}</p>
            </div>
            {is_near.then(|| {
                let href = paths::write_note_of_visit(visit.case_id, visit.id);
                view! { <a class="button button--small" href=href>{words::client::write_up()}</a> }
            })}
        </li>
    }
    .into_any()
}

fn task_view(task: Task, now: RwSignal<DateTime>, said: RwSignal<String>) -> AnyView {
    let due = task.due_on;
    let today = Memo::new(move |_| now.get().date());
    view! {
        <li class="next__item">
            <div>
                <p class="next__what"><bdi>{task.title.clone()}</bdi></p>
                {move || tag(Tone::of_days_left(due.days_since(today.get())), moments::due(due, today.get()))}
            </div>
            {done_button(task.id, task.case_id, task.title, said)}
        </li>
    }
    .into_any()
}
