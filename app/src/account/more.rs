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
    // Not before it is known who it is: a list that grows under a thumb leads to the wrong page.
    let is_known = Memo::new(move |_| state.me().is_some());
    let ways = move || {
        if !is_known.get() {
            return empty_state("Opening…");
        }
        let may = |way: &&Way| way.3.is_none_or(|needed| state.may(needed));
        let line = |(href, name, about, _): &Way| {
            let unseen = match *href {
                paths::NOTICES => state.unseen_notices.get(),
                _ => 0,
            };
            view! {
                <li class="card card--way">
                    <h2><a href=*href>{*name}</a></h2>
                    {(unseen > 0).then(|| view! { <p>{tag(Tone::Due, words::count_of(unseen, "new", "new"))}</p> })}
                    <p class="quiet">{*about}</p>
                </li>
            }
            .into_any()
        };
        let lines = WAYS.iter().filter(may).map(line).collect_view();
        view! { <ul class="stack">{lines}</ul> }.into_any()
    };
    view! {
        <section class="page page--narrow">
            <h1>"More"</h1>
            {ways}
        </section>
    }
    .into_any()
}
