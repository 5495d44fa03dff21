//! The visits of the day.

use domain::Role;
use leptos::prelude::*;

use super::plan::{VisitLine, visits_coming, visits_today};
use crate::{
    desk::use_desk,
    paths,
    ui::{Icon, empty_state, with_hidden},
};

/// Whom the worker visits today, the first first.
#[component]
pub fn VisitList(
    /// Of the reader.
    role: Role,
) -> impl IntoView {
    let state = use_desk().state();
    let lines = Memo::new(move |_| {
        let Some(me) = state.me() else { return Vec::new() };
        let now = state.now.get();
        state.caseload.with(|caseload| visits_today(caseload, me.worker_id, role, now))
    });
    let coming = Memo::new(move |_| {
        let Some(me) = state.me() else { return Vec::new() };
        let now = state.now.get();
        if lines.with(|lines| !lines.is_empty()) {
            return Vec::new();
        }
        state.caseload.with(|caseload| visits_coming(caseload, me.worker_id, role, now))
    });
    view! {
        <section class="today__visits" aria-labelledby="visits-title">
            <h2 id="visits-title">{words::today::visits_today()}</h2>
            {move || lines.with(Vec::is_empty).then(|| nothing_today(coming.get()))}
            <ul class="stack">
                <For each=move || lines.get() key=VisitLine::clone children=visit_view />
            </ul>
        </section>
    }
    .into_any()
}

/// No visit today; the next ones instead.
fn nothing_today(coming: Vec<VisitLine>) -> AnyView {
    let nothing_ahead = coming.is_empty();
    let lines = coming.into_iter().map(|line| {
        view! {
            <li class="coming">
                <span class="coming__time">{line.time}</span>
                <span><a href=paths::client(line.case_id)><bdi>{line.name}</bdi></a> " · " {line.mode}</span>
            </li>
        }
        .into_any()
    });
    let lines = lines.collect_view();
    view! {
        {empty_state(if nothing_ahead { words::today::no_visits_planned() } else { words::today::no_visits_planned_today_next() })}
        <ul class="stack">{lines}</ul>
    }
    .into_any()
}

fn visit_view(line: VisitLine) -> AnyView {
    let alerts = line.alerts.into_iter().map(|alert| view! { <li class="alert">{Icon::Alert.view()} <bdi>{alert}</bdi></li> });
    let alerts = alerts.collect_view().into_any();
    let place = view! {
        <p class="visit__place">
            {line.mode}
            {line.address.map(|address| view! { <span class="visit__address">" · " <bdi>{address}</bdi></span> })}
            {line.confidential.then(|| view! { <span class="tag tag--late">{words::today::confidential_address()}</span> })}
            {line.worker.map(|worker| view! { <span class="visit__worker">" · " <bdi>{worker}</bdi></span> })}
        </p>
    }
    .into_any();
    let write_href = paths::write_note_of_visit(line.case_id, line.visit_id);
    view! {
        <li class="card visit">
            <p class="visit__time">{line.time}</p>
            <div class="visit__body">
                <h3 class="visit__name"><a href=paths::client(line.case_id)><bdi>{line.name.clone()}</bdi></a></h3>
                {place}
                <ul class="alerts">{alerts}</ul>
                <a class="button button--small" href=write_href>
                    {Icon::Pen.view()}
                    {with_hidden(&words::today::write_note_for(&line.name))}
                </a>
            </div>
        </li>
    }
    .into_any()
}
