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
    ui::{empty_state, words},
};

/// The first page of a working day.
#[component]
pub fn TodayPage() -> impl IntoView {
    let state = use_desk().state();
    let role = Memo::new(move |_| state.me().map(|me| me.role));
    let greeting = move || {
        let mut text = String::from(words::greeting(state.now.get()));
        if let Some(me) = state.me() {
            text.push_str(", ");
            text.push_str(me.name.split(' ').next().unwrap_or_default());
        }
        text
    };
    view! {
        <section class="page today">
            <header class="today__header">
                <h1>"Today"</h1>
                <p class="today__greeting">{greeting} " · " {move || words::long_day(state.now.get().date())}</p>
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
            <h2>"No client data in your role"</h2>
            <p>
                "Administrators look after programmes, people and forms. To protect clients, their records are shown to the workers and "
                "supervisors of their case only."
            </p>
        </div>
    }
    .into_any()
}

fn arriving() -> AnyView {
    let state = use_desk().state();
    let number = Memo::new(move |_| state.caseload.with(|caseload| caseload.cases().count()));
    let here = move || match number.get() {
        0 => empty_state("Your clients are on their way."),
        number => view! {
            <p class="empty">
                {words::count_of(number, "client is", "clients are")} " here already. "
                <a href=paths::CASELOAD>"See them now"</a>
            </p>
        }
        .into_any(),
    };
    view! { <div role="status">{here}</div> }.into_any()
}
