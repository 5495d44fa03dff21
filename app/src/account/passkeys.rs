//! One's own passkeys: to see, to add, to take away.

use leptos::prelude::*;
use sync::questions::{ListPasskeys, PasskeySeen, Passkeys, RevokePasskey};

use crate::{
    ask::{Asking, AskingStatus},
    desk::{DeskState, use_desk},
    passkey::AddPasskeyForm,
    ui::{Banner, BannerTone, empty_state, words},
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
            <h1>"Passkeys"</h1>
            <p>
                "A passkey signs you in with the fingerprint, face or PIN of a device of yours, without a password. It does not open a locked "
                "device: that is what its passphrase and its screen lock are for."
            </p>
            <div role="status" class="signed-place">{move || done.get().map(done_view)}</div>
            <AskingStatus asking=asking />
            <section class="stack" aria-labelledby="passkeys-title">
                <h2 id="passkeys-title">"Your passkeys"</h2>
                {move || match passkeys.get() {
                    None => empty_state("Asking the office…"),
                    Some(answer) if answer.passkeys.is_empty() => empty_state("You have none yet."),
                    Some(answer) => list_view(answer, asking, state, note),
                }}
            </section>
            <section class="card" aria-labelledby="add-title">
                <h2 id="add-title">"Add a passkey"</h2>
                <p>"Have two, on two devices: when one is lost, the other still signs you in."</p>
                <AddPasskeyForm asking=asking added=added />
            </section>
        </section>
    }
    .into_any()
}

fn done_view(done: Done) -> AnyView {
    let (heading, text) = match done {
        Done::Added => ("Passkey added", "From now on it signs you in."),
        Done::Removed => ("Passkey removed", "It signs nobody in any more, and your other sessions have ended."),
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
    let used = match passkey.last_used_at {
        Some(at) => [" · last used ", &words::moment(at, now)].concat(),
        None => " · not used yet".to_owned(),
    };
    let end = match must_stay {
        true => view! { <p class="quiet">"Your agency asks you for a passkey, so the last one stays. Add another first."</p> }.into_any(),
        false => remove_button(&passkey, asking, note),
    };
    view! {
        <li class="card">
            <h3>{passkey.name.clone()}</h3>
            <p class="quiet">"Added " {words::moment(passkey.created_at, now)} {used}</p>
            {end}
        </li>
    }
    .into_any()
}

fn remove_button(passkey: &PasskeySeen, asking: Asking, note: Callback<Done>) -> AnyView {
    let (passkey_id, what) = (passkey.passkey_id, passkey.name.clone());
    let sure = RwSignal::new(false);
    let remove = move |_| {
        if !sure.get_untracked() {
            return sure.set(true);
        }
        asking.ask(RevokePasskey { passkey_id }, move |_| note.run(Done::Removed));
    };
    view! {
        {move || sure.get().then(|| view! {
            <p role="alert" class="field__error">"It will sign nobody in any more, and your other sessions end. This cannot be undone."</p>
        })}
        <button class="button button--small" type="button" on:click=remove>
            {move || if sure.get() { "Yes, remove it" } else { "Remove" }}
            <span class="visually-hidden">": " {what}</span>
        </button>
    }
    .into_any()
}
