//! Letting the device's screen lock (fingerprint, face, PIN) open Doorstep, beside the passphrase.

use leptos::{ev, prelude::*, task::spawn_local};

use crate::{
    desk::{DeskError, Keeping, Reply, ScreenLock, use_desk},
    ui::{ErrorSummary, FieldError, TextField, TextKind, desk_error_words, error_of},
};

const PASSPHRASE: &str = "screen-lock-passphrase";

/// Offers it where the device has a screen lock; nothing elsewhere.
#[component]
pub fn ScreenLockOffer() -> impl IntoView {
    let state = use_desk().state();
    let shown = Memo::new(move |_| match state.keeping.get() {
        Keeping::Device => state.screen_lock.get(),
        Keeping::Memory => ScreenLock::NotThere,
    });
    move || match shown.get() {
        ScreenLock::NotThere => ().into_any(),
        ScreenLock::Possible { passphrase_needed } => view! { <OfferCard passphrase_needed=passphrase_needed /> }.into_any(),
        ScreenLock::InUse => view! { <InUseCard /> }.into_any(),
    }
}

#[component]
fn OfferCard(
    /// The passphrase has to be given once more.
    passphrase_needed: bool,
) -> impl IntoView {
    let desk = use_desk();
    let passphrase = RwSignal::new(String::new());
    let (busy, errors) = (RwSignal::new(false), RwSignal::new(Vec::new()));
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let typed = passphrase_needed.then(|| passphrase.get_untracked());
        if typed.as_ref().is_some_and(String::is_empty) {
            errors.set(vec![FieldError::new(PASSPHRASE, words::device::enter_your_passphrase())]);
        } else if !busy.get_untracked() {
            wait_for(desk.add_screen_lock(typed), busy, errors);
        }
    };
    let field = passphrase_needed.then(|| {
        view! {
            <TextField
                id=PASSPHRASE
                label=words::device::your_passphrase_once_more()
                kind=TextKind::Password
                value=passphrase
                error=error_of(errors.into(), PASSPHRASE)
            />
        }
        .into_any()
    });
    view! {
        <section class="card" aria-labelledby="screen-lock-title">
            <h2 id="screen-lock-title">{words::device::screen_lock()}</h2>
            <p>
                {words::device::fingerprint_face_or_pin()}
            </p>
            <ErrorSummary errors=errors />
            <form class="form" novalidate on:submit=submit>
                {field}
                <button class="button" type="submit" aria-disabled=move || busy.get().then_some("true")>
                    {words::device::use_this_devices_screen_lock()}
                </button>
            </form>
        </section>
    }
    .into_any()
}

#[component]
fn InUseCard() -> impl IntoView {
    let desk = use_desk();
    let (busy, errors) = (RwSignal::new(false), RwSignal::new(Vec::new()));
    let remove = move |_| {
        if !busy.get_untracked() {
            wait_for(desk.remove_screen_lock(), busy, errors);
        }
    };
    view! {
        <section class="card" aria-labelledby="screen-lock-title">
            <h2 id="screen-lock-title">{words::device::screen_lock()}</h2>
            <p role="status">{words::device::this_devices_screen_lock_opens()}</p>
            <ErrorSummary errors=errors />
            <button class="button button--quiet" type="button" on:click=remove>{words::device::use_the_passphrase_only()}</button>
        </section>
    }
    .into_any()
}

/// Waits for an answer; what it changed is shown through the state of the screen lock.
fn wait_for(reply: Reply<Result<(), DeskError>>, busy: RwSignal<bool>, errors: RwSignal<Vec<FieldError>>) {
    errors.set(Vec::new());
    busy.set(true);
    spawn_local(async move {
        let outcome = reply.await;
        busy.try_set(false);
        if let Err(error) = outcome {
            errors.try_set(vec![FieldError::new(PASSPHRASE, desk_error_words(error))]);
        }
    });
}
