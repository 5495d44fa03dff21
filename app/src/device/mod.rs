//! On this device: what is not sent yet, how far syncing is, where it is all kept, and setting a device up.

mod contents;
mod outbox;
mod reasons;
mod screen_lock;
mod set_up;
mod storage;

use domain::Standing;
use leptos::{ev, prelude::*, task::spawn_local};

use self::{contents::ContentList, outbox::OutboxList, screen_lock::ScreenLockOffer, storage::StorageCard};
pub use self::{
    reasons::{kind_words, reason_words, skipped_words},
    set_up::SetUpPage,
};
use crate::{
    desk::{DeskState, Keeping, SyncState, use_desk},
    frame::unsent,
    paths,
    ui::words,
};

/// The page that names everything this device has not got rid of yet.
#[component]
pub fn DevicePage() -> impl IntoView {
    view! {
        <section class="page device">
            <h1>"On this device"</h1>
            <div class="device__columns">
                <div class="device__main">
                    <OutboxList />
                    <ContentList />
                </div>
                <div class="device__side">
                    <SyncCard />
                    <StorageCard />
                    <ScreenLockOffer />
                    <LeaveCard />
                </div>
            </div>
        </section>
    }
    .into_any()
}

/// How far syncing is, with the button to do it now.
#[component]
fn SyncCard() -> impl IntoView {
    let desk = use_desk();
    let state = desk.state();
    view! {
        <section class="card" aria-labelledby="sync-title">
            <h2 id="sync-title">"Connection"</h2>
            <p role="status">{move || sync_words(state)}</p>
            {move || state.standing().map(|standing| lease_view(standing, state))}
            <button class="button" type="button" on:click=move |_| desk.sync_now()>"Sync now"</button>
        </section>
    }
    .into_any()
}

/// How long this device may do without the server, and how old what it has is.
fn lease_view(standing: Standing, state: DeskState) -> AnyView {
    let left = match standing {
        Standing::Good { left_min } | Standing::RestrictedEnded { left_min } => words::left(left_min),
        Standing::Ended => "over – connect to open your clients again".to_owned(),
    };
    let contact = state.lease.get().map(|lease| words::moment(lease.renewed_at, state.now.get()));
    let copy = if state.complete.get() { "Last full copy" } else { "Last contact (part of your caseload is still missing)" };
    view! {
        <dl class="facts">
            <div class="facts__fact"><dt>"Time left without the server"</dt><dd>{left}</dd></div>
            {contact.map(|contact| view! { <div class="facts__fact"><dt>{copy}</dt><dd>{contact}</dd></div> })}
        </dl>
    }
    .into_any()
}

fn sync_words(state: DeskState) -> String {
    match state.sync.get() {
        SyncState::Idle => "Nothing was exchanged with the server yet.".to_owned(),
        SyncState::Syncing => "Exchanging with the server…".to_owned(),
        SyncState::UpToDate { at } => ["Your caseload is as the server has it, ", &words::moment(at, state.now.get()), "."].concat(),
        SyncState::Offline => "No connection. It is tried again by itself.".to_owned(),
        SyncState::PasskeyNeeded => "Your agency asks for your passkey. Show it above to send and to get news.".to_owned(),
        SyncState::SignInNeeded => "Your session has ended. Sign in above to send and to get news.".to_owned(),
        SyncState::UpdateNeeded => "This version is too old for the server. Update to send; nothing is lost.".to_owned(),
        SyncState::Revoked => {
            "This device was taken out of service. What you wrote here is handed in, sealed, when there is a signal. Ask your supervisor."
                .to_owned()
        }
        SyncState::ServerTrouble => "The server answered with an error. It is tried again by itself.".to_owned(),
    }
}

/// Locking and signing out.
#[component]
fn LeaveCard() -> impl IntoView {
    let desk = use_desk();
    let state = desk.state();
    let is_device = Memo::new(move |_| state.keeping.get() == Keeping::Device);
    let warned = RwSignal::new(false);
    let lock_desk = StoredValue::new(desk.clone());
    let sign_out = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let would_lose = state.keeping.get_untracked() == Keeping::Memory && untrack(|| unsent(state)) > 0;
        if would_lose && !warned.get_untracked() {
            warned.set(true);
            return;
        }
        spawn_local(desk.sign_out());
    };
    let lock_button = move || {
        is_device.get().then(|| {
            view! {
                <p>"Locking takes one tap and needs no signal. Your passphrase opens it again."</p>
                <button class="button" type="button" on:click=move |_| lock_desk.with_value(|desk| desk.lock())>"Lock"</button>
            }
            .into_any()
        })
    };
    view! {
        <section class="card" aria-labelledby="leave-title">
            <h2 id="leave-title">"Leaving"</h2>
            {lock_button}
            <form class="leave" method="post" action=paths::SIGN_OUT on:submit=sign_out>
                {move || warned.get().then(|| view! {
                    <p role="alert" class="field__error">
                        "Some of your work is not sent yet and lives in this page only. Signing out now loses it."
                    </p>
                })}
                <button class="button button--quiet" type="submit">
                    {move || if warned.get() { "Sign out and lose it" } else { "Sign out" }}
                </button>
            </form>
        </section>
    }
    .into_any()
}
