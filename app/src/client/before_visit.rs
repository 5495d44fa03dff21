//! Before you knock: who is there, what is safe, what was promised, what is due. Read within seconds, at the door.

use domain::{BeforeVisit, CaseId, Date, Note, Task};
use leptos::prelude::*;

use super::{alerts, back_to_client, when_here, who::language_words};
use crate::{
    desk::use_desk,
    paths,
    ui::{Icon, Tone, address_view, moments, pack_light, phone_view, tag},
};

/// How many letters of the last note stand here; the rest is one tap away.
const EXCERPT_CHARS: usize = 240;

/// The page that is read before knocking.
#[component]
pub fn BeforeVisitPage(
    /// The client's case.
    case_id: CaseId,
) -> impl IntoView {
    when_here(case_id, move || page_view(case_id))
}

fn page_view(case_id: CaseId) -> AnyView {
    let state = use_desk().state();
    let today = Memo::new(move |_| state.now.get().date());
    let card = move || {
        let me = state.me()?;
        let today = today.get();
        state.caseload.with(|caseload| caseload.before_visit(case_id, me.worker_id, today).map(|before| card_view(&before, today)))
    };
    view! {
        <section class="page before-visit">
            {back_to_client(case_id)}
            <p class="quiet">{words::visit::before_you_knock()}</p>
            {card}
            {pack_light(case_id, state)}
            <div class="action-bar">
                <a class="button button--primary button--wide" href=paths::write_note(case_id)>{Icon::Pen.view()} {words::client::write_note()}</a>
            </div>
        </section>
    }
    .into_any()
}

fn card_view(before: &BeforeVisit<'_>, today: Date) -> AnyView {
    let person = before.person;
    view! {
        <header class="who">
            <h1><bdi>{person.name()}</bdi></h1>
            <p class="who__case">{language_words(person)}</p>
        </header>
        {alerts(before.case)}
        <section class="card" aria-labelledby="there-title">
            <h2 id="there-title">{words::visit::who_lives_there()}</h2>
            {household(before)}
            <ul class="reach__list">
                {person.addresses.iter().map(address_view).collect_view()}
                {person.phones.iter().map(phone_view).collect_view()}
            </ul>
        </section>
        <section class="card" aria-labelledby="promised-title">
            <h2 id="promised-title">{words::visit::you_promised()}</h2>
            {promised(before, today)}
        </section>
        {before.last_note.map(|note| last_time(note, today))}
        {goals(before)}
    }
    .into_any()
}

fn household(before: &BeforeVisit<'_>) -> AnyView {
    if before.household.is_empty() {
        return view! { <p>{words::visit::nobody_else_is_known()}</p> }.into_any();
    }
    let line = |related: &&domain::RelatedPerson| {
        view! { <li><strong><bdi>{related.name.clone()}</bdi></strong> " · " <bdi>{related.relationship.clone()}</bdi></li> }.into_any()
    };
    view! { <ul class="before-visit__list">{before.household.iter().map(line).collect_view()}</ul> }.into_any()
}

/// What the worker owes this client, and whether the client is to be reached.
fn promised(before: &BeforeVisit<'_>, today: Date) -> AnyView {
    let due = |on: Date| tag(Tone::of_days_left(on.days_since(today)), moments::due(on, today));
    let task = |task: &&Task| view! { <li><bdi>{task.title.clone()}</bdi> " " {due(task.due_on)}</li> }.into_any();
    let contact = before.contact_due_on.map(|on| view! { <li>{words::today::be_in_touch()} " " {due(on)}</li> }.into_any());
    if before.promised.is_empty() && contact.is_none() {
        return view! { <p>{words::visit::nothing_is_open()}</p> }.into_any();
    }
    view! { <ul class="before-visit__list">{before.promised.iter().map(task).collect_view()} {contact}</ul> }.into_any()
}

fn last_time(note: &Note, today: Date) -> AnyView {
    let narrative = note.narrative.as_str();
    let excerpt = match narrative.char_indices().nth(EXCERPT_CHARS) {
        Some((end, _)) => [narrative[..end].trim_end(), "…"].concat(),
        None => narrative.to_owned(),
    };
    view! {
        <section class="card" aria-labelledby="last-title">
            <h2 id="last-title">{words::visit::last_time(&moments::day(note.occurred_at.date(), today))}</h2>
            <p class="before-visit__note" dir="auto">{excerpt}</p>
            <p><a href=paths::note(note.case_id, note.id)>{words::visit::read_the_note()}</a></p>
        </section>
    }
    .into_any()
}

fn goals(before: &BeforeVisit<'_>) -> Option<AnyView> {
    (!before.goals.is_empty()).then(|| {
        let line = |goal: &&domain::Goal| view! { <li><bdi>{goal.statement.clone()}</bdi></li> }.into_any();
        view! {
            <section class="card" aria-labelledby="goals-title">
                <h2 id="goals-title">{words::client::goals()}</h2>
                <ul class="before-visit__list">{before.goals.iter().map(line).collect_view()}</ul>
            </section>
        }
        .into_any()
    })
}
