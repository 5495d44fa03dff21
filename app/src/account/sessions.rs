//! Where the worker is signed in and which devices keep their caseload: to see, to end, to report as lost.

use leptos::prelude::*;
use sync::questions::{DeviceSeen, EndOtherSessions, EndSession, ListDevices, ListSessions, SessionSeen};

use super::devices::device_list;
use crate::{
    ask::{Asking, AskingStatus},
    desk::{DeskState, use_desk},
    paths,
    ui::{Tone, empty_state, moments, tag, with_hidden},
};

/// The page about one's own sessions and devices.
#[component]
pub fn SessionsPage() -> impl IntoView {
    let state = use_desk().state();
    let asking = Asking::new();
    let sessions = RwSignal::new(None::<Vec<SessionSeen>>);
    let devices = RwSignal::new(None::<Vec<DeviceSeen>>);
    let load = Callback::new(move |()| {
        asking.ask(ListSessions::default(), move |answer| {
            sessions.set(Some(answer.sessions));
            asking.ask(ListDevices::default(), move |answer| devices.set(Some(answer.devices)));
        });
    });
    Effect::new(move |_| load.run(()));
    let end_others = move |_| asking.ask(EndOtherSessions::default(), move |_| load.run(()));
    let has_others = Memo::new(move |_| sessions.with(|sessions| sessions.as_ref().is_some_and(|sessions| sessions.len() > 1)));
    let (before, after) = words::around(words::account::not_yours_then_change_your_password);
    view! {
        <section class="page page--narrow">
            <h1>{words::account::sessions_and_devices()}</h1>
            <AskingStatus asking=asking />
            <section class="stack" aria-labelledby="sessions-title">
                <h2 id="sessions-title">{words::account::where_you_are_signed_in()}</h2>
                {move || match sessions.get() {
                    None => empty_state(words::account::asking_the_office()),
                    Some(sessions) => {
                        let lines = sessions.into_iter().map(|session| session_view(session, asking, state, load)).collect_view();
                        view! { <ul class="stack">{lines}</ul> }.into_any()
                    }
                }}
                {move || has_others.get().then(|| view! {
                    <button class="button" type="button" on:click=end_others>{words::account::end_all_other_sessions()}</button>
                })}
            </section>
            <section class="stack" aria-labelledby="devices-title">
                <h2 id="devices-title">{words::account::devices_that_keep_your_caseload()}</h2>
                {move || match devices.get() {
                    None => empty_state(words::account::asking_the_office()),
                    Some(devices) => device_list(devices, asking, state, load),
                }}
            </section>
            <p>{before} <a href=paths::PASSWORD>{words::account::change_your_password()}</a> {after}</p>
        </section>
    }
    .into_any()
}

fn session_view(session: SessionSeen, asking: Asking, state: DeskState, changed: Callback<()>) -> AnyView {
    let now = state.now.get_untracked();
    let (session_id, what) = (session.session_id, session.label.clone());
    let end = move |_| asking.ask(EndSession { session_id }, move |_| changed.run(()));
    let button = (!session.is_this).then(|| {
        view! {
            <button class="button button--small" type="button" on:click=end>
                {with_hidden(&words::account::end_session(&what))}
            </button>
        }
        .into_any()
    });
    view! {
        <li class="card">
            <h3>{session.label.clone()}</h3>
            {session.is_this.then(|| view! { <p>{tag(Tone::Good, words::account::this_one())}</p> })}
            <p class="quiet">
                {words::account::since_and_last_used(&moments::moment(session.started_at, now), &moments::moment(session.last_seen_at, now))}
            </p>
            {button}
        </li>
    }
    .into_any()
}
