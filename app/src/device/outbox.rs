//! Everything that this device wrote and the server has not confirmed safe.

use domain::{Caseload, Skipped};
use leptos::prelude::*;
use sync::wire::Status;

use super::reasons::{conflict_words, kind_words, needs_person, reason_words, skipped_words};
use crate::{
    desk::{DeskState, Keeping, OutboxItem, use_desk},
    frame::unsent,
    paths,
    ui::{whereabouts_line, words},
};

/// One entry, ready to be drawn.
#[derive(Clone, Debug, PartialEq)]
struct Entry {
    item: OutboxItem,
    client: Option<String>,
}

/// The entries, oldest first.
#[component]
pub fn OutboxList() -> impl IntoView {
    let state = use_desk().state();
    let entries = Memo::new(move |_| {
        let outbox = state.outbox.get();
        state.caseload.with(|caseload| outbox.into_iter().map(|item| entry(item, caseload)).collect::<Vec<Entry>>())
    });
    let lead = move || match (state.outbox.with(Vec::is_empty), state.keeping.get()) {
        (true, _) => "Everything you wrote is on the server. Nothing waits here.",
        (false, Keeping::Device) => "These stay sealed here until the server has confirmed each one.",
        (false, Keeping::Memory) if unsent(state) == 0 => {
            "The server has these. It confirms each one when it would survive even the loss of the server."
        }
        (false, Keeping::Memory) => "These live in this page only. Keep it open until they are received.",
    };
    let list = move || entries.get().into_iter().map(|entry| entry_view(entry, state)).collect_view();
    view! {
        <section aria-labelledby="outbox-title">
            <h2 id="outbox-title">"Not confirmed yet"</h2>
            <p class="quiet" role="status">{lead}</p>
            <ul class="stack">{list}</ul>
        </section>
    }
    .into_any()
}

fn entry(item: OutboxItem, caseload: &Caseload) -> Entry {
    let client = item.case_id.and_then(|case_id| caseload.client(case_id)).map(|client| client.person.name());
    Entry { item, client }
}

fn entry_view(Entry { item, client }: Entry, state: DeskState) -> AnyView {
    let now = state.now.get();
    let whom = match (item.case_id, client) {
        (Some(case_id), Some(name)) => view! { <a href=paths::client(case_id)>{name}</a> }.into_any(),
        _ => view! { <span>"A client who is not on this device any more"</span> }.into_any(),
    };
    let reason = needs_person(&item).then(|| {
        let (reason, remedy) = match item.status {
            Some(Status::Conflict) => conflict_words(),
            _ => reason_words(item.code.as_deref()),
        };
        view! { <p class="outbox__reason"><strong>{reason}</strong> " " {remedy}</p> }.into_any()
    });
    let class = if needs_person(&item) { "card outbox outbox--attention" } else { "card outbox" };
    view! {
        <li class=class>
            <p class="outbox__what">{kind_words(&item.kind)} " · " {whom}</p>
            <p class="quiet">"Written " {words::moment(item.written_at, now)}</p>
            <p class="outbox__state">{whereabouts_line(item.whereabouts, state)}</p>
            {reason}
            {item.skipped.iter().map(skipped_view).collect_view()}
        </li>
    }
    .into_any()
}

fn skipped_view(skipped: &Skipped) -> AnyView {
    view! { <p class="outbox__reason">{skipped_words(skipped)}</p> }.into_any()
}
