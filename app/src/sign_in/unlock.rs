//! Unlocking an enrolled device. It needs no network, and it is not the same as signing in.

use leptos::{ev, prelude::*, task::spawn_local};

use super::{
    DoorPage, SignInForm,
    blind::BlindNoteForm,
    who::{AnotherWorker, WhoAreYou},
};
use crate::{
    desk::{DeskError, DeskState, LockState, Reply, StorageProblem, use_desk},
    ui::{Banner, BannerTone, ErrorSummary, FieldError, Icon, TextField, TextKind, desk_error_words, error_of, words},
};

const PASSPHRASE: &str = "passphrase";

/// The page of a locked device.
#[component]
pub fn UnlockPage() -> impl IntoView {
    let state = use_desk().state();
    let closed = Memo::new(move |_| state.lock.with(|lock| lock.closed));
    let blind = Memo::new(move |_| state.lock.with(|lock| lock.takes_blind_notes));
    // What one has typed is not for another.
    let turn = turns(state);
    view! {
        <DoorPage>
            <p class="door__mark">{Icon::Lock.view()}</p>
            <h1>"Unlock Doorstep"</h1>
            <WhoAreYou />
            {move || {
                turn.track();
                if closed.get() { closed_words() } else { view! { <UnlockForm /> }.into_any() }
            }}
            {move || waiting(state)}
            {move || {
                turn.track();
                blind.get().then(|| view! { <BlindNoteForm /> }.into_any())
            }}
            {forgotten()}
            <AnotherWorker />
        </DoorPage>
    }
    .into_any()
}

/// Counts how often the page turned to another worker. That it learns whose it is at all is no turn: somebody may be typing already.
fn turns(state: DeskState) -> Memo<usize> {
    let chosen = move || state.workers.with(|workers| workers.iter().find(|worker| worker.is_chosen).map(|worker| worker.place.clone()));
    let counted = Memo::new(move |before: Option<&(usize, Option<String>)>| {
        let now = chosen();
        let (turn, was) = before.cloned().unwrap_or_default();
        let is_turn = was.is_some() && now.is_some() && was != now;
        (turn + usize::from(is_turn), now.or(was))
    });
    Memo::new(move |_| counted.with(|(turn, _)| *turn))
}

#[component]
fn UnlockForm() -> impl IntoView {
    let desk = use_desk();
    let state = desk.state();
    let passphrase = RwSignal::new(String::new());
    let busy = RwSignal::new(false);
    let errors = RwSignal::new(Vec::new());
    let wait_for = move |reply: Reply<Result<(), DeskError>>| {
        errors.set(Vec::new());
        busy.set(true);
        spawn_local(async move {
            let outcome = reply.await;
            busy.try_set(false);
            if let Err(error) = outcome {
                errors.try_set(vec![FieldError::new(PASSPHRASE, error_words(error))]);
            }
        });
    };
    let by_passphrase = desk.clone();
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
        wait_for(by_passphrase.unlock(typed));
    };
    let has_screen_lock = Memo::new(move |_| state.lock.with(|lock| lock.by_screen_lock));
    let by_screen_lock = StoredValue::new(desk);
    let screen_lock = move || {
        let ask = move |_| {
            if !busy.get_untracked() {
                wait_for(by_screen_lock.with_value(|desk| desk.unlock_by_screen_lock()));
            }
        };
        has_screen_lock.get().then(|| {
            view! {
                <button class="button button--wide" type="button" on:click=ask>"Unlock with this device's screen lock"</button>
            }
            .into_any()
        })
    };
    let waits = Memo::new(move |_| state.lock.with(|lock| lock.wait_s > 0));
    view! {
        {move || state.lock.with(|lock| lock.emptied).then(emptied_words)}
        <p>{move || if state.lock.with(|lock| lock.withdrawn) { WITHDRAWN } else { LOCKED }}</p>
        <ErrorSummary errors=errors />
        {screen_lock}
        <form class="form" novalidate on:submit=submit>
            <TextField
                id=PASSPHRASE
                label="Passphrase"
                kind=TextKind::Password
                value=passphrase
                error=error_of(errors.into(), PASSPHRASE)
            />
            <p class="door__tries" aria-live="polite">{move || state.lock.with(tries_words)}</p>
            <button
                class="button button--primary button--wide"
                type="submit"
                aria-disabled=move || (busy.get() || waits.get()).then_some("true")
            >
                {move || if busy.get() { "Unlocking…" } else { "Unlock" }}
            </button>
        </form>
    }
    .into_any()
}

/// "6 wrong tries so far. Wait 1 minute before the next one."
fn tries_words(lock: &LockState) -> Option<String> {
    if lock.wrong_tries == 0 {
        return None;
    }
    let mut text = words::count(lock.wrong_tries, "wrong try", "wrong tries");
    text.push_str(" so far.");
    if lock.wait_s > 0 {
        text.push_str(" Wait ");
        text.push_str(&words::wait(lock.wait_s));
        text.push_str(" before the next one.");
    }
    if lock.wrong_tries >= WARN_FROM {
        text.push_str(" After ten, your clients are removed from this device. Your unsent notes stay.");
    }
    Some(text)
}

const LOCKED: &str = "This device is locked. Your clients and notes are on it, sealed. Unlocking works without a signal.";
const WITHDRAWN: &str = "Your agency no longer lets devices keep clients' data: your clients were removed from this device. What you wrote here is handed in; \
                         unlock with a connection to go on.";

/// From so many wrong tries on is said what ten of them do.
const WARN_FROM: u32 = 5;

fn closed_words() -> AnyView {
    view! {
        <Banner tone=BannerTone::Warning heading="Ten wrong passphrases">
            <p>
                "Your clients were removed from this device, so that nobody can guess further. Notes that were not sent yet are kept, sealed. "
                "Sign in to get another try; your clients are fetched again."
            </p>
        </Banner>
        // Here, because a session that is still open would lead past the page to sign in, and is no proof of who holds the device.
        <SignInForm />
    }
    .into_any()
}

fn emptied_words() -> AnyView {
    view! { <p>"After too many wrong passphrases your clients were removed from this device. They are fetched again when you unlock."</p> }
        .into_any()
}

/// How much of what was written here nobody has but this device.
fn waiting(state: DeskState) -> Option<AnyView> {
    let waiting = state.lock.with(|lock| lock.waiting);
    (waiting > 0).then(|| {
        let mut text = words::count(waiting, "entry is", "entries are");
        text.push_str(" saved on this phone and handed in, sealed, as soon as there is a signal. You need not unlock for it.");
        view! { <p class="door__waiting" role="status">{text}</p> }.into_any()
    })
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
                "Notes that were not sent yet are handed in from this page, sealed, when there is a signal. Leave the device as it is until "
                "none is left, tell your supervisor, and go on working on another device."
            </p>
        </details>
    }
    .into_any()
}

fn error_words(error: DeskError) -> &'static str {
    match error {
        DeskError::Storage(StorageProblem::NewerBuild) => {
            "This device holds data of a newer Doorstep. Close all its tabs and open it again"
        }
        DeskError::Storage(StorageProblem::Full) => {
            "This device has no room left to bring your data up to date. Free some space, photos and videos take most, then try again"
        }
        DeskError::Storage(_) => "The storage of this device could not be read. Close other tabs of Doorstep and try again",
        DeskError::NotTheWriter => "Doorstep is open in another tab. Use it there, or close it and try again",
        DeskError::NotAvailable => "Unlocking did not work. Try again; if it happens twice, restart the browser",
        error => desk_error_words(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrong_tries_are_counted_and_the_wait_is_told_in_words() {
        let lock = |wrong_tries, wait_s| LockState { wrong_tries, wait_s, ..LockState::default() };
        assert_eq!(tries_words(&lock(0, 0)), None);
        assert_eq!(tries_words(&lock(1, 0)).as_deref(), Some("1 wrong try so far."));
        let sixth = tries_words(&lock(6, 60)).expect("words");
        assert!(sixth.starts_with("6 wrong tries so far. Wait 1 minute before the next one. After ten,"), "{sixth}");
    }
}
