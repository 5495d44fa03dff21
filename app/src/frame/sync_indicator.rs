//! How far syncing is, in a few calm words that lead to the page with all of them.

use leptos::prelude::*;

use crate::{
    desk::{Access, DeskState, Keeping, SyncState, Whereabouts, use_desk},
    paths,
    ui::moments,
};

/// The words in the header.
#[component]
pub fn SyncIndicator() -> impl IntoView {
    let state = use_desk().state();
    let text = Memo::new(move |_| indicator_words(state));
    let class = move || match state.sync.get() {
        SyncState::UpToDate { .. } if unsent(state) == 0 => "sync sync--good",
        SyncState::SignInNeeded | SyncState::PasskeyNeeded | SyncState::UpdateNeeded | SyncState::Revoked => "sync sync--attention",
        SyncState::Offline | SyncState::ServerTrouble => "sync sync--offline",
        _ => "sync",
    };
    view! {
        <a class=class href=paths::DEVICE>
            <span class="sync__mark" aria-hidden="true"></span>
            <span>{move || text.get()}</span>
        </a>
    }
    .into_any()
}

/// How many things only this device has.
pub fn unsent(state: DeskState) -> usize {
    let is_here = |whereabouts| matches!(whereabouts, Whereabouts::Saved | Whereabouts::Sending);
    state.outbox.with(|outbox| outbox.iter().filter(|item| is_here(item.whereabouts)).count())
}

fn indicator_words(state: DeskState) -> String {
    let is_opening = state.access.with(|access| *access == Access::Opening);
    let waiting = unsent(state);
    let is_kept = state.keeping.get() == Keeping::Device;
    let sync = match state.sync.get() {
        // Where the worker's own words are comes before how the line is.
        SyncState::Syncing if waiting > 0 => words::frame::sending().to_owned(),
        SyncState::Offline if waiting > 0 && is_kept => words::frame::on_this_phone().to_owned(),
        SyncState::Idle | SyncState::Syncing if is_opening => words::frame::opening_your_caseload().to_owned(),
        SyncState::Idle => words::frame::not_synced_yet().to_owned(),
        SyncState::Syncing => words::frame::syncing().to_owned(),
        SyncState::UpToDate { at } => words::frame::up_to_date(&moments::clock_here(at, state.now.get_untracked())),
        SyncState::Offline => words::frame::no_connection_now().to_owned(),
        SyncState::SignInNeeded => words::frame::state_sign_in_needed().to_owned(),
        SyncState::PasskeyNeeded => words::frame::passkey_needed().to_owned(),
        SyncState::UpdateNeeded => words::frame::state_update_needed().to_owned(),
        SyncState::Revoked => words::frame::out_of_service().to_owned(),
        SyncState::ServerTrouble => words::frame::server_not_answering().to_owned(),
    };
    match waiting {
        0 => sync,
        waiting => words::frame::and_to_send(&sync, waiting),
    }
}
