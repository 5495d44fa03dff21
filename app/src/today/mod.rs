//! Today: whom the worker visits, and what is due, the latest first.

mod due;
mod plan;
mod visits;

use domain::Role;
use leptos::prelude::*;

pub use due::done_button;

use self::{due::DueList, visits::VisitList};
use crate::{
    desk::use_desk,
    paths,
    to_file::ToFileBanner,
    ui::{empty_state, moments},
};

/// The first page of a working day.
#[component]
pub fn TodayPage() -> impl IntoView {
    let state = use_desk().state();
    let role = Memo::new(move |_| state.me().map(|me| me.role));
    let greeting = move || {
        let greeting = moments::greeting(state.now.get());
        match state.me() {
            Some(me) => words::time::greeting(greeting, me.name.split(' ').next().unwrap_or_default()),
            None => greeting.to_owned(),
        }
    };
    view! {
        <section class="page today">
            <header class="today__header">
                <h1>{words::today::today()}</h1>
                <p class="today__greeting">{greeting} " · " {move || moments::long_day(state.now.get().date())}</p>
            </header>
            {move || match role.get() {
                Some(Role::Administrator) => administrator_words(),
                Some(role) => view! {
                    <ToFileBanner />
                    <div class="today__columns">
                        <VisitList role=role />
                        <DueList role=role />
                    </div>
                }
                .into_any(),
                None => arriving(),
            }}
        </section>
    }
    .into_any()
}

/// What an administrator is told where others see clients.
pub fn administrator_words() -> AnyView {
    view! {
        <div class="card">
            <h2>{words::today::no_client_data()}</h2>
            <p>
                {words::today::administrators_look_after_programmes_people()}
            </p>
        </div>
    }
    .into_any()
}

fn arriving() -> AnyView {
    let state = use_desk().state();
    let number = Memo::new(move |_| state.caseload.with(|caseload| caseload.cases().count()));
    let here = move || match number.get() {
        0 => empty_state(words::today::your_clients_are_on_their()),
        number => view! {
            <p class="empty">
                {words::today::clients_are_here_already(number)} " "
                <a href=paths::CASELOAD>{words::today::see_them_now()}</a>
            </p>
        }
        .into_any(),
    };
    view! { <div role="status">{here}</div> }.into_any()
}
