//! The way to the pages that are needed seldom.

use domain::Permission;
use leptos::prelude::*;

use crate::{
    desk::use_desk,
    paths,
    ui::{Tone, empty_state, tag, words},
};

/// One way on: where to, what it is called, what it is for, and who may.
type Way = (&'static str, &'static str, &'static str, Option<Permission>);

const WAYS: [Way; 9] = [
    (paths::REVIEWS, "Under review", "What you wrote and could not be filed at once", Some(Permission::WriteInCases)),
    (paths::TO_FILE, "Notes to file", "What you wrote while this device was locked", Some(Permission::WriteInCases)),
    (paths::NOTICES, "Notices", "What happened that you should look at", Some(Permission::ReviewBreakGlass)),
    (paths::SESSIONS, "Sessions and devices", "Where you are signed in, and what to do when a device is lost", None),
    (paths::PASSWORD, "Change password", "The one with which you sign in", None),
    (paths::PASSKEYS, "Passkeys", "Sign in with your fingerprint, face or PIN", None),
    (paths::EMERGENCY, "Emergency access", "Open a case that is not yours, or judge what was opened", Some(Permission::BreakGlass)),
    (paths::LOST_DEVICE, "Lost device", "Lock out and wipe a worker's device", Some(Permission::ManageDevices)),
    (paths::RULES, "Agency rules", "Work without a signal, second factor, emergencies", Some(Permission::ManageAgency)),
];

/// The page with links to all that the worker may do and seldom does.
#[component]
pub fn MorePage() -> impl IntoView {
    let state = use_desk().state();
    // Not before it is known who it is, and no line becomes another one under a thumb: that leads to the wrong page.
    let is_known = Memo::new(move |_| state.me().is_some());
    let ways = move || {
        let may = |way: &Way| way.3.is_none_or(|needed| state.may(needed));
        WAYS.into_iter().filter(may).collect::<Vec<_>>()
    };
    let line = move |(href, name, about, _): Way| {
        let unseen = move || if href == paths::NOTICES { state.unseen_notices.get() } else { 0 };
        let mark = move || (unseen() > 0).then(|| view! { <p>{tag(Tone::Due, words::count_of(unseen(), "new", "new"))}</p> });
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
            return empty_state("Opening…");
        }
        view! {
            <ul class="stack">
                <For each=ways key=|way| way.0 children=line />
            </ul>
        }
        .into_any()
    };
    view! {
        <section class="page page--narrow">
            <h1>"More"</h1>
            {list}
        </section>
    }
    .into_any()
}
