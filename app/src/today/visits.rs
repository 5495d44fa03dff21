//! The visits of the day.

use domain::{CaseId, Role};
use leptos::prelude::*;

use super::plan::{VisitLine, visits_coming, visits_today, visits_tomorrow};
use crate::{
    desk::{DeskState, Keeping, PackState, use_desk},
    device::RemindersOffer,
    paths,
    ui::{Icon, empty_state, pack_light, with_hidden},
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
    let tomorrow = Memo::new(move |_| {
        let Some(me) = state.me() else { return Vec::new() };
        let now = state.now.get();
        state.caseload.with(|caseload| visits_tomorrow(caseload, me.worker_id, role, now))
    });
    let coming = Memo::new(move |_| {
        let Some(me) = state.me() else { return Vec::new() };
        let now = state.now.get();
        if lines.with(|lines| !lines.is_empty()) || tomorrow.with(|tomorrow| !tomorrow.is_empty()) {
            return Vec::new();
        }
        state.caseload.with(|caseload| visits_coming(caseload, me.worker_id, role, now))
    });
    view! {
        <section class="today__visits" aria-labelledby="visits-title">
            <h2 id="visits-title">{words::today::visits_today()}</h2>
            {move || lines.with(Vec::is_empty).then(|| nothing_today(coming.get(), tomorrow.with(|tomorrow| !tomorrow.is_empty())))}
            <ul class="stack">
                <For each=move || lines.get() key=VisitLine::clone children=move |line| visit_view(line, state) />
            </ul>
            {move || tomorrow_view(tomorrow.get(), state)}
        </section>
    }
    .into_any()
}

/// The visits of tomorrow, and whether they are ready on this device: nobody has to look for a signal in the morning.
fn tomorrow_view(lines: Vec<VisitLine>, state: DeskState) -> Option<AnyView> {
    (!lines.is_empty()).then(|| {
        let case_ids: Vec<CaseId> = lines.iter().map(|line| line.case_id).collect();
        view! {
            <section class="tomorrow" aria-labelledby="tomorrow-title">
                <h2 id="tomorrow-title">{words::visit::visits_tomorrow()}</h2>
                <div role="status">{move || readiness(&case_ids, state)}</div>
                <RemindersOffer />
                <ul class="stack">{lines.into_iter().map(|line| tomorrow_line(line, state)).collect_view()}</ul>
            </section>
        }
        .into_any()
    })
}

/// One sentence about all of them; nothing where this device keeps nothing, and for the visits of others.
fn readiness(case_ids: &[CaseId], state: DeskState) -> Option<AnyView> {
    if state.keeping.get() == Keeping::Memory {
        return None;
    }
    let known: Vec<PackState> = state.packs.with(|packs| case_ids.iter().filter_map(|case_id| packs.get(case_id).copied()).collect());
    let ready = known.iter().filter(|pack| **pack == PackState::Ready).count();
    let (class, words) = match known.len() {
        0 => return None,
        all if ready == all => ("banner banner--good", words::visit::all_ready(all)),
        all => ("banner", words::visit::some_not_ready(ready, all)),
    };
    Some(view! { <p class=class>{words}</p> }.into_any())
}

fn tomorrow_line(line: VisitLine, state: DeskState) -> AnyView {
    view! {
        <li class="coming">
            <span class="coming__time">{line.time}</span>
            <div>
                <p><a href=paths::before_visit(line.case_id)><bdi>{line.name}</bdi></a> " · " {line.mode}</p>
                {pack_light(line.case_id, state)}
            </div>
        </li>
    }
    .into_any()
}

/// No visit today; the next ones instead.
fn nothing_today(coming: Vec<VisitLine>, some_tomorrow: bool) -> AnyView {
    let words = match coming.is_empty() {
        _ if some_tomorrow => words::visit::no_visits_today(),
        true => words::today::no_visits_planned(),
        false => words::today::no_visits_planned_today_next(),
    };
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
        {empty_state(words)}
        <ul class="stack">{lines}</ul>
    }
    .into_any()
}

fn visit_view(line: VisitLine, state: DeskState) -> AnyView {
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
                {pack_light(line.case_id, state)}
            </div>
            <div class="visit__ways">
                <a class="button button--small" href=paths::before_visit(line.case_id)>
                    {with_hidden(&words::common::with_what(words::visit::before_you_knock(), &line.name))}
                </a>
                <a class="button button--small" href=write_href>
                    {Icon::Pen.view()}
                    {with_hidden(&words::today::write_note_for(&line.name))}
                </a>
            </div>
        </li>
    }
    .into_any()
}
