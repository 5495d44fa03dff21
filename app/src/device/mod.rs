//! On this device: what is not sent yet, how far syncing is, where it is all kept, and setting a device up.

mod contents;
mod outbox;
mod reasons;
mod reminders;
mod screen_lock;
mod set_up;
mod storage;

use domain::Standing;
use leptos::{ev, prelude::*, task::spawn_local};

use self::{
    contents::ContentList,
    outbox::OutboxList,
    reminders::RemindersCard,
    screen_lock::ScreenLockOffer,
    storage::{InstallCard, StorageCard},
};
pub use self::{
    reasons::{kind_words, reason_words, skipped_words},
    reminders::RemindersOffer,
    set_up::SetUpPage,
};
use crate::{
    desk::{DeskState, Keeping, SyncState, use_desk},
    frame::unsent,
    paths,
    ui::moments,
};

/// The page that names everything this device has not got rid of yet.
#[component]
pub fn DevicePage() -> impl IntoView {
    view! {
        <section class="page device">
            <h1>{words::device::on_this_device()}</h1>
            <div class="device__columns">
                <div class="device__main">
                    <OutboxList />
                    <ContentList />
                </div>
                <div class="device__side">
                    <SyncCard />
                    <StorageCard />
                    <InstallCard />
                    <RemindersCard />
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
            <h2 id="sync-title">{words::device::connection()}</h2>
            <p role="status">{move || sync_words(state)}</p>
            {move || state.standing().map(|standing| lease_view(standing, state))}
            <button class="button" type="button" on:click=move |_| desk.sync_now()>{words::device::sync_now()}</button>
        </section>
    }
    .into_any()
}

/// How long this device may do without the server, and how old what it has is.
fn lease_view(standing: Standing, state: DeskState) -> AnyView {
    let left = match standing {
        Standing::Good { left_min } | Standing::RestrictedEnded { left_min } => moments::left(left_min),
        Standing::Ended => words::device::over_connect_to_open().to_owned(),
    };
    let contact = state.lease.get().map(|lease| moments::moment(lease.renewed_at, state.now.get()));
    let copy = if state.complete.get() { words::device::last_full_copy() } else { words::device::last_contact_part() };
    view! {
        <dl class="facts">
            <div class="facts__fact"><dt>{words::device::time_left_without_the_server()}</dt><dd>{left}</dd></div>
            {contact.map(|contact| view! { <div class="facts__fact"><dt>{copy}</dt><dd>{contact}</dd></div> })}
        </dl>
    }
    .into_any()
}

fn sync_words(state: DeskState) -> String {
    match state.sync.get() {
        SyncState::Idle => words::device::nothing_was_exchanged().to_owned(),
        SyncState::Syncing => words::device::exchanging_with_the_server().to_owned(),
        SyncState::UpToDate { at } => words::device::your_caseload_is_as_the_server_has_it(&moments::moment(at, state.now.get())),
        SyncState::Offline => words::device::no_connection_it_is_tried().to_owned(),
        SyncState::PasskeyNeeded => words::device::your_agency_asks().to_owned(),
        SyncState::SignInNeeded => words::device::your_session_has_ended_sign().to_owned(),
        SyncState::UpdateNeeded => words::device::this_version_is_too_old().to_owned(),
        SyncState::Revoked => words::device::this_device_was_taken_out().to_owned(),
        SyncState::ServerTrouble => words::device::the_server_answered().to_owned(),
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
                <p>{words::device::locking_takes_one_tap()}</p>
                <button class="button" type="button" on:click=move |_| lock_desk.with_value(|desk| desk.lock())>{words::device::lock()}</button>
            }
            .into_any()
        })
    };
    view! {
        <section class="card" aria-labelledby="leave-title">
            <h2 id="leave-title">{words::device::leaving()}</h2>
            {lock_button}
            <form class="leave" method="post" action=paths::SIGN_OUT on:submit=sign_out>
                {move || warned.get().then(|| view! {
                    <p role="alert" class="field__error">
                        {words::device::some_of_your_work()}
                    </p>
                })}
                <button class="button button--quiet" type="submit">
                    {move || if warned.get() { words::device::sign_out_and_lose_it() } else { words::device::sign_out() }}
                </button>
            </form>
        </section>
    }
    .into_any()
}
