//! The caseload: every client, found by anything a worker remembers.

mod export;
mod line;
mod list;
mod table;

use leptos::prelude::*;

pub use line::{all_lines, contact_words};
pub use list::person_line;
pub use table::CaseTablePage;

use self::list::ClientList;
use crate::{
    desk::use_desk,
    page_memory::use_page_memory,
    paths,
    place::Place,
    ui::{TextField, TextKind},
};
use domain::{Permission, Role, SortBy};

const SEARCH: &str = "search";

/// The list of clients with its search box: a page on a phone, the left pane beside a client.
#[component]
pub fn CaseloadPane(
    /// Where the worker is: beside a client the heading is not the page's.
    place: Memo<Place>,
    /// Whether it is to be seen.
    shown: Memo<bool>,
) -> impl IntoView {
    let state = use_desk().state();
    let memory = use_page_memory();
    let is_page = Memo::new(move |_| place.get() == Place::Caseload);
    let no_clients = Memo::new(move |_| state.me().is_some_and(|me| me.role == Role::Administrator));
    let sees_all = Memo::new(move |_| state.may(Permission::SeeAllCases));
    let no_error = Signal::stored(None::<String>);
    let heading = move || match is_page.get() {
        true => view! { <h1 class="caseload__heading">{words::caseload::caseload()}</h1> }.into_any(),
        false => view! { <h2 class="caseload__heading">{words::caseload::caseload()}</h2> }.into_any(),
    };
    view! {
        <section class="caseload" aria-label=words::caseload::caseload() hidden=move || !shown.get()>
            {heading}
            {move || match no_clients.get() {
                true => crate::today::administrator_words(),
                false => view! {
                    <form class="caseload__search" role="search" on:submit=|event| event.prevent_default()>
                        <TextField
                            id=SEARCH
                            label=words::caseload::search_clients_and_notes()
                            kind=TextKind::Search
                            value=memory.query
                            error=no_error
                        />
                    </form>
                    {sort_buttons(memory.sort_by)}
                    {move || sees_all.get().then(|| view! { <p><a href=paths::CASE_TABLE>{words::table::as_a_table()}</a></p> })}
                    <ClientList place=place />
                }
                .into_any(),
            }}
        </section>
    }
    .into_any()
}

fn sort_buttons(sort_by: RwSignal<SortBy>) -> AnyView {
    let button = move |order: SortBy, words: &'static str| {
        let pressed = move || if sort_by.get() == order { "true" } else { "false" };
        view! {
            <button class="segments__button" type="button" aria-pressed=pressed on:click=move |_| sort_by.set(order)>
                {words}
            </button>
        }
        .into_any()
    };
    view! {
        <div class="segments" role="group" aria-label=words::caseload::sort_by()>
            {button(SortBy::Name, words::caseload::name())}
            {button(SortBy::Risk, words::caseload::risk())}
            {button(SortBy::LastContact, words::caseload::last_contact())}
        </div>
    }
    .into_any()
}
