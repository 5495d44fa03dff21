//! The way to the pages that are needed seldom.

use domain::Permission;
use leptos::prelude::*;

use crate::{
    desk::use_desk,
    page_memory::use_page_memory,
    paths,
    ui::{LanguageChooser, Tone, empty_state, tag},
};

/// One way on: where to, what it is called, what it is for, and who may.
type Way = (&'static str, &'static str, &'static str, Option<Permission>);

fn ways() -> [Way; 9] {
    [
        (paths::REVIEWS, words::account::under_review(), words::account::what_you_wrote_and_could(), Some(Permission::WriteInCases)),
        (paths::TO_FILE, words::account::notes_to_file(), words::account::what_you_wrote_while(), Some(Permission::WriteInCases)),
        (paths::NOTICES, words::account::notices(), words::account::what_happened_that_you_should(), Some(Permission::ReviewBreakGlass)),
        (paths::SESSIONS, words::account::sessions_and_devices(), words::account::where_you_are_signed(), None),
        (paths::PASSWORD, words::account::change_password(), words::account::the_one(), None),
        (paths::PASSKEYS, words::account::passkeys(), words::account::sign_in_with_your_fingerprint(), None),
        (
            paths::EMERGENCY,
            words::account::emergency_access(),
            words::account::open_a_case_that_is_not_yours(),
            Some(Permission::BreakGlass),
        ),
        (paths::LOST_DEVICE, words::account::lost_device(), words::account::lock_out_and_wipe(), Some(Permission::ManageDevices)),
        (paths::RULES, words::account::agency_rules(), words::account::work_without_a_signal_second(), Some(Permission::ManageAgency)),
    ]
}

/// The page with links to all that the worker may do and seldom does.
#[component]
pub fn MorePage() -> impl IntoView {
    let state = use_desk().state();
    let shortcuts = use_page_memory().shortcuts_shown;
    // Not before it is known who it is, and no line becomes another one under a thumb: that leads to the wrong page.
    let is_known = Memo::new(move |_| state.me().is_some());
    let list_of_ways = move || {
        let may = |way: &Way| way.3.is_none_or(|needed| state.may(needed));
        ways().into_iter().filter(may).collect::<Vec<_>>()
    };
    let line = move |(href, name, about, _): Way| {
        let unseen = move || if href == paths::NOTICES { state.unseen_notices.get() } else { 0 };
        let mark = move || (unseen() > 0).then(|| view! { <p>{tag(Tone::Due, words::account::new_notices(unseen()))}</p> });
        view! {
            <li class="card card--way">
                <h2><a href=href>{name}</a></h2>
                {mark}
                <p class="quiet">{about}</p>
            </li>
        }
        .into_any()
    };
    let list = move || {
        if !is_known.get() {
            return empty_state(words::account::opening());
        }
        view! {
            <ul class="stack">
                <For each=list_of_ways key=|way| way.0 children=line />
            </ul>
        }
        .into_any()
    };
    view! {
        <section class="page page--narrow">
            <h1>{words::account::more()}</h1>
            {list}
            <LanguageChooser />
            <p>
                <button class="button button--quiet" type="button" on:click=move |_| shortcuts.set(true)>{words::frame::keyboard_shortcuts()}</button>
            </p>
        </section>
    }
    .into_any()
}
