//! Everything that this device wrote and the server has not confirmed safe.

use domain::{BlindNoteId, Caseload, Skipped};
use leptos::prelude::*;
use sync::wire::Status;

use super::reasons::{conflict_words, kind_words, needs_person, reason_words, skipped_words};
use crate::{
    desk::{DeskState, Keeping, OutboxItem, use_desk},
    frame::unsent,
    paths,
    ui::{moments, whereabouts_line},
};

/// One entry, ready to be drawn.
#[derive(Clone, Debug, PartialEq)]
struct Entry {
    item: OutboxItem,
    about: About,
}

/// Whom or what an entry is about.
#[derive(Clone, Debug, PartialEq)]
enum About {
    Client {
        page: String,
        name: String,
    },
    /// A client who went to somebody else, or whose page is sealed now.
    NotHere,
    /// Words written while locked, under what their author called them by.
    ToFile(String),
    /// Neither a client nor words: a decision, a list of opened pages.
    Nothing,
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
        (true, _) => words::device::everything_you_wrote(),
        (false, Keeping::Device) => words::device::these_stay_sealed_here_until(),
        (false, Keeping::Memory) if unsent(state) == 0 => words::device::the_server_has_these(),
        (false, Keeping::Memory) => words::device::these_live_in_this_page(),
    };
    let list = move || entries.get().into_iter().map(|entry| entry_view(entry, state)).collect_view();
    view! {
        <section aria-labelledby="outbox-title">
            <h2 id="outbox-title">{words::device::not_confirmed_yet()}</h2>
            <p class="quiet" role="status">{lead}</p>
            <ul class="stack">{list}</ul>
        </section>
    }
    .into_any()
}

fn entry(item: OutboxItem, caseload: &Caseload) -> Entry {
    let words = || caseload.blind_note(BlindNoteId(item.entity_id)).map(|words| About::ToFile(words.about.clone()));
    let about = match item.case_id {
        Some(case_id) => caseload
            .client(case_id)
            .map_or(About::NotHere, |client| About::Client { page: paths::client(case_id), name: client.person.name() }),
        None => words().unwrap_or(About::Nothing),
    };
    Entry { item, about }
}

fn entry_view(Entry { item, about }: Entry, state: DeskState) -> AnyView {
    let now = state.now.get();
    let about = match about {
        About::Client { page, name } => view! { " · " <a href=page>{name}</a> }.into_any(),
        About::NotHere => view! { " · " {words::device::a_client_who_is_not_here()} }.into_any(),
        About::ToFile(about) => view! { " · " <a href=paths::TO_FILE>{about}</a> }.into_any(),
        About::Nothing => ().into_any(),
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
            <p class="outbox__what">{kind_words(&item.kind)} {about}</p>
            <p class="quiet">{words::device::written(&moments::moment(item.written_at, now))}</p>
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

#[cfg(test)]
mod tests {
    use domain::{BlindNote, DateTime, Narrative, Record};
    use uuid::Uuid;

    use super::*;
    use crate::{desk::Whereabouts, samples};

    fn item(kind: &str, entity_id: u128) -> OutboxItem {
        OutboxItem {
            seq: 1,
            entity_id: Uuid::from_u128(entity_id),
            case_id: None,
            kind: kind.to_owned(),
            written_at: DateTime::from_unix_ms(0, 0),
            whereabouts: Whereabouts::Saved,
            status: None,
            code: None,
            skipped: Vec::new(),
        }
    }

    #[test]
    fn what_was_written_while_locked_goes_by_the_name_that_its_author_gave_it() {
        let note = BlindNote {
            id: BlindNoteId(Uuid::from_u128(7_001)),
            author_id: samples::me(domain::Role::CaseManager).worker_id,
            about: "Mrs. G, blue door".to_owned(),
            narrative: Narrative::parse("She would not open.").expect("short enough"),
            written_at: samples::now(),
            received_at: None,
            filed_in: None,
        };
        let mut caseload = samples::caseload();
        caseload.put(Record::BlindNote(note));
        assert_eq!(entry(item("note.blind", 7_001), &caseload).about, About::ToFile("Mrs. G, blue door".to_owned()));
    }

    #[test]
    fn an_entry_without_a_client_is_not_said_to_be_about_one_who_left() {
        assert_eq!(entry(item("review.decide", 801), &samples::caseload()).about, About::Nothing);
    }
}
