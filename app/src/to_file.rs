//! What the worker wrote while the device was locked: words that belong to no client until she says to which.

use domain::{BlindNote, CaseId, SortBy};
use leptos::prelude::*;
use leptos_router::{NavigateOptions, hooks::use_navigate};

use crate::{
    desk::{DeskState, use_desk},
    paths,
    ui::{Banner, BannerTone, Select, empty_state, moments, with_hidden},
};

/// The worker's own notes that wait for a client.
fn own_notes(state: DeskState) -> Vec<BlindNote> {
    let Some(me) = state.me() else { return Vec::new() };
    state.caseload.with(|caseload| caseload.blind_notes_to_file(me.worker_id).into_iter().cloned().collect())
}

/// The page with all of them.
#[component]
pub fn ToFilePage() -> impl IntoView {
    let state = use_desk().state();
    let notes = Memo::new(move |_| own_notes(state));
    let clients = Memo::new(move |_| {
        let mut options = vec![(String::new(), words::to_file::choose_the_client().to_owned())];
        state.caseload.with(|caseload| {
            let line = |client: &domain::ClientLine<'_>| {
                (client.case.id.to_string(), [client.person.name().as_str(), " · ", &client.case.programme].concat())
            };
            options.extend(caseload.clients(SortBy::Name).iter().map(line));
        });
        options
    });
    view! {
        <section class="page page--narrow">
            <h1>{words::to_file::notes_to_file()}</h1>
            <p>{words::to_file::you_wrote_these_while()}</p>
            {move || notes.with(Vec::is_empty).then(|| empty_state(words::to_file::nothing_waits_to_be_filed()))}
            <ul class="stack">
                <For each=move || notes.get() key=|note| note.id children=move |note| view! { <NoteToFile note=note clients=clients /> } />
            </ul>
        </section>
    }
    .into_any()
}

#[component]
fn NoteToFile(note: BlindNote, clients: Memo<Vec<(String, String)>>) -> impl IntoView {
    let state = use_desk().state();
    let navigate = use_navigate();
    let chosen = RwSignal::new(String::new());
    let error = RwSignal::new(None::<String>);
    let note_id = note.id;
    let go_on = move |_| match chosen.get_untracked().parse::<CaseId>() {
        Ok(case_id) => navigate(&paths::file_words(case_id, note_id), NavigateOptions::default()),
        Err(_) => error.set(Some(words::to_file::choose_the_client().to_owned())),
    };
    let id = ["client-of-", &note_id.to_string()].concat();
    let select = move || {
        view! {
            <Select
                id=id.clone()
                label=words::to_file::client()
                options=clients.get()
                value=chosen
                error=error
                on_choice=Callback::new(move |case_id| chosen.set(case_id))
            />
        }
        .into_any()
    };
    let paragraphs =
        note.narrative.as_str().split("\n\n").map(|part| view! { <p dir="auto">{part.to_owned()}</p> }.into_any()).collect_view();
    view! {
        <li class="card">
            <h2><bdi>{note.about.clone()}</bdi></h2>
            <p class="quiet">{words::to_file::written(&moments::moment(note.written_at, state.now.get_untracked()))}</p>
            <div class="note__narrative">{paragraphs}</div>
            {select}
            <button class="button button--primary" type="button" on:click=go_on>
                {with_hidden(&words::to_file::check_and_sign_about(&note.about))}
            </button>
        </li>
    }
    .into_any()
}

/// On the page of the day: that something waits to be filed.
#[component]
pub fn ToFileBanner() -> impl IntoView {
    let state = use_desk().state();
    let number = Memo::new(move |_| own_notes(state).len());
    let banner = move || {
        let number = number.get();
        (number > 0).then(|| {
            let heading = words::to_file::count_to_file(number);
            view! {
                <Banner tone=BannerTone::Warning heading=heading>
                    <p>{words::to_file::you_wrote_while_locked()} " " <a href=paths::TO_FILE>{words::to_file::say_which_client()}</a></p>
                </Banner>
            }
            .into_any()
        })
    };
    view! { <div role="status" class="signed-place">{banner}</div> }.into_any()
}
