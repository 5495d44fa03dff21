//! One's own passkeys: to see, to add, to take away.

use leptos::prelude::*;
use sync::questions::{ListPasskeys, PasskeySeen, Passkeys, RevokePasskey};

use crate::{
    ask::{Asking, AskingStatus},
    desk::{DeskState, use_desk},
    passkey::AddPasskeyForm,
    ui::{Banner, BannerTone, SureButton, empty_state, moments},
};

/// What was done on this page.
#[derive(Clone, Copy, PartialEq)]
enum Done {
    Added,
    Removed,
}

/// The page with the worker's passkeys.
#[component]
pub fn PasskeysPage() -> impl IntoView {
    let state = use_desk().state();
    let asking = Asking::new();
    let passkeys = RwSignal::new(None::<Passkeys>);
    let done = RwSignal::new(None::<Done>);
    let load = Callback::new(move |()| asking.ask(ListPasskeys::default(), move |answer| passkeys.set(Some(answer))));
    Effect::new(move |_| load.run(()));
    let note = Callback::new(move |what| {
        done.set(Some(what));
        load.run(());
    });
    let added = Callback::new(move |()| note.run(Done::Added));
    view! {
        <section class="page page--narrow">
            <h1>{words::account::passkeys()}</h1>
            <p>
                {words::account::a_passkey_signs()}
            </p>
            <div role="status" class="signed-place">{move || done.get().map(done_view)}</div>
            <AskingStatus asking=asking />
            <section class="stack" aria-labelledby="passkeys-title">
                <h2 id="passkeys-title">{words::account::your_passkeys()}</h2>
                {move || match passkeys.get() {
                    None => empty_state(words::account::asking_the_office()),
                    Some(answer) if answer.passkeys.is_empty() => empty_state(words::account::you_have_none_yet()),
                    Some(answer) => list_view(answer, asking, state, note),
                }}
            </section>
            <section class="card" aria-labelledby="add-title">
                <h2 id="add-title">{words::account::add_a_passkey()}</h2>
                <p>{words::account::have_two_on_two_devices()}</p>
                <AddPasskeyForm asking=asking added=added />
            </section>
        </section>
    }
    .into_any()
}

fn done_view(done: Done) -> AnyView {
    let (heading, text) = match done {
        Done::Added => (words::account::passkey_added(), words::account::from_now_on_it_signs()),
        Done::Removed => (words::account::passkey_removed(), words::account::it_signs_nobody()),
    };
    view! { <Banner tone=BannerTone::Good heading=heading><p>{text}</p></Banner> }.into_any()
}

fn list_view(answer: Passkeys, asking: Asking, state: DeskState, note: Callback<Done>) -> AnyView {
    let must_stay = answer.needed && answer.passkeys.len() == 1;
    let lines = answer.passkeys.into_iter().map(|passkey| passkey_view(passkey, must_stay, asking, state, note)).collect_view();
    view! { <ul class="stack">{lines}</ul> }.into_any()
}

fn passkey_view(passkey: PasskeySeen, must_stay: bool, asking: Asking, state: DeskState, note: Callback<Done>) -> AnyView {
    let now = state.now.get_untracked();
    let added = moments::moment(passkey.created_at, now);
    let history = match passkey.last_used_at {
        Some(at) => words::account::added_and_last_used(&added, &moments::moment(at, now)),
        None => words::account::added_and_not_used_yet(&added),
    };
    let end = match must_stay {
        true => view! { <p class="quiet">{words::account::your_agency_asks()}</p> }.into_any(),
        false => remove_button(&passkey, asking, note),
    };
    view! {
        <li class="card">
            <h3>{passkey.name.clone()}</h3>
            <p class="quiet">{history}</p>
            {end}
        </li>
    }
    .into_any()
}

fn remove_button(passkey: &PasskeySeen, asking: Asking, note: Callback<Done>) -> AnyView {
    let passkey_id = passkey.passkey_id;
    let remove = Callback::new(move |()| asking.ask(RevokePasskey { passkey_id }, move |_| note.run(Done::Removed)));
    view! {
        <SureButton
            action=words::account::remove()
            yes=words::account::yes_remove_it()
            warning=words::account::it_will_sign_nobody()
            about=passkey.name.clone()
            on_yes=remove
        />
    }
    .into_any()
}
