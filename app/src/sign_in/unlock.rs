//! Unlocking an enrolled device. It needs no network, and it is not the same as signing in.

use leptos::{ev, prelude::*, task::spawn_local};

use super::{
    DoorPage, SignInForm,
    blind::BlindNoteForm,
    who::{AnotherWorker, WhoAreYou},
};
use crate::{
    desk::{DeskError, DeskState, LockState, Reply, StorageProblem, use_desk},
    ui::{Banner, BannerTone, ErrorSummary, FieldError, Icon, TextField, TextKind, desk_error_words, error_of, moments},
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
            <h1>{words::door::unlock_doorstep()}</h1>
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
            errors.set(vec![FieldError::new(PASSPHRASE, words::door::enter_your_passphrase())]);
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
                <button class="button button--wide" type="button" on:click=ask>{words::door::unlock_with_this_devices_screen()}</button>
            }
            .into_any()
        })
    };
    let waits = Memo::new(move |_| state.lock.with(|lock| lock.wait_s > 0));
    view! {
        {move || state.lock.with(|lock| lock.emptied).then(emptied_words)}
        <p>{move || if state.lock.with(|lock| lock.withdrawn) { words::door::your_agency_no_longer_lets() } else { words::door::this_device_is_locked() }}</p>
        <ErrorSummary errors=errors />
        {screen_lock}
        <form class="form" novalidate on:submit=submit>
            <TextField
                id=PASSPHRASE
                label=words::door::passphrase()
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
                {move || if busy.get() { words::door::unlocking() } else { words::door::unlock() }}
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
    let mut sentences = vec![words::door::wrong_tries(lock.wrong_tries)];
    if lock.wait_s > 0 {
        sentences.push(words::door::wait_before_the_next(&moments::wait(lock.wait_s)));
    }
    if lock.wrong_tries >= WARN_FROM {
        sentences.push(words::door::after_ten().to_owned());
    }
    Some(sentences.join(" "))
}

/// From so many wrong tries on is said what ten of them do.
const WARN_FROM: u32 = 5;

fn closed_words() -> AnyView {
    view! {
        <Banner tone=BannerTone::Warning heading=words::door::ten_wrong_passphrases()>
            <p>
                {words::door::your_clients_were_removed()}
            </p>
        </Banner>
        // Here, because a session that is still open would lead past the page to sign in, and is no proof of who holds the device.
        <SignInForm />
    }
    .into_any()
}

fn emptied_words() -> AnyView {
    view! { <p>{words::door::after_too_many_wrong_passphrases()}</p> }.into_any()
}

/// How much of what was written here nobody has but this device.
fn waiting(state: DeskState) -> Option<AnyView> {
    let waiting = state.lock.with(|lock| lock.waiting);
    (waiting > 0).then(|| view! { <p class="door__waiting" role="status">{words::door::entries_wait(waiting)}</p> }.into_any())
}

fn forgotten() -> AnyView {
    view! {
        <details class="more">
            <summary>{words::door::i_forgot_my_passphrase()}</summary>
            <p>
                {words::door::nobody_else()}
            </p>
            <p>
                {words::door::notes_that_were_not_sent()}
            </p>
        </details>
    }
    .into_any()
}

fn error_words(error: DeskError) -> &'static str {
    match error {
        DeskError::Storage(StorageProblem::NewerBuild) => words::door::this_device_holds_data(),
        DeskError::Storage(StorageProblem::Full) => words::door::this_device_has_no_room_left(),
        DeskError::Storage(_) => words::door::the_storage_of_this_device(),
        DeskError::NotTheWriter => words::door::doorstep_is_open_in_another_tab(),
        DeskError::NotAvailable => words::door::unlocking_did_not_work_try(),
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
