//! Unlocking an enrolled device. It needs no network, and it is not the same as signing in.

use leptos::{ev, prelude::*, task::spawn_local};

use super::DoorPage;
use crate::{
    desk::{Access, DeskError, StorageProblem, use_desk},
    ui::{ErrorSummary, FieldError, Icon, TextField, TextKind, error_of, words},
};

const PASSPHRASE: &str = "passphrase";

/// The page of a locked device.
#[component]
pub fn UnlockPage() -> impl IntoView {
    let desk = use_desk();
    let state = desk.state();
    let passphrase = RwSignal::new(String::new());
    let busy = RwSignal::new(false);
    let errors = RwSignal::new(Vec::new());

    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        let typed = passphrase.get_untracked();
        if typed.is_empty() {
            errors.set(vec![FieldError::new(PASSPHRASE, "Enter your passphrase")]);
            return;
        }
        errors.set(Vec::new());
        busy.set(true);
        let reply = desk.unlock(typed);
        spawn_local(async move {
            let outcome = reply.await;
            busy.try_set(false);
            if let Err(error) = outcome {
                errors.try_set(vec![FieldError::new(PASSPHRASE, error_words(error))]);
            }
        });
    };
    let wrong_tries = move || match state.access.get() {
        Access::Locked { wrong_tries } if wrong_tries > 0 => {
            let mut text = words::count(wrong_tries, "wrong try", "wrong tries");
            text.push_str(" so far");
            Some(text)
        }
        _ => None,
    };
    view! {
        <DoorPage>
            <p class="door__mark">{Icon::Lock.view()}</p>
            <h1>"Unlock Doorstep"</h1>
            <p>"This device is locked. Your clients and notes are on it, sealed. Unlocking works without a signal."</p>
            <ErrorSummary errors=errors />
            <form class="form" novalidate on:submit=submit>
                <TextField
                    id=PASSPHRASE
                    label="Passphrase"
                    kind=TextKind::Password
                    value=passphrase
                    error=error_of(errors.into(), PASSPHRASE)
                />
                <p class="door__tries" aria-live="polite">{wrong_tries}</p>
                <button class="button button--primary button--wide" type="submit" aria-disabled=move || busy.get().then_some("true")>
                    {move || if busy.get() { "Unlocking…" } else { "Unlock" }}
                </button>
            </form>
            {forgotten()}
        </DoorPage>
    }
    .into_any()
}

fn forgotten() -> AnyView {
    view! {
        <details class="more">
            <summary>"I forgot my passphrase"</summary>
            <p>
                "Nobody else has it and nobody can look it up: that is what keeps your clients safe when a phone is lost. "
                "Everything that was received is on the server."
            </p>
            <p>
                "Notes that were not sent yet can be read with this passphrase only. Leave the device as it is, tell your supervisor, "
                "and go on working on another device."
            </p>
        </details>
    }
    .into_any()
}

fn error_words(error: DeskError) -> &'static str {
    match error {
        DeskError::WrongPassphrase => "This passphrase does not open this device. Check capital letters and spaces, then try again",
        DeskError::Storage(StorageProblem::NewerBuild) => {
            "This device holds data of a newer Doorstep. Close all its tabs and open it again"
        }
        DeskError::Storage(_) => "The storage of this device could not be read. Close other tabs of Doorstep and try again",
        DeskError::NotTheWriter => "Doorstep is open in another tab. Use it there, or close it and try again",
        _ => "Unlocking did not work. Try again; if it happens twice, restart the browser",
    }
}
