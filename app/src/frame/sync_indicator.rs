//! How far syncing is, in a few calm words that lead to the page with all of them.

use leptos::prelude::*;

use crate::{
    desk::{Access, DeskState, SyncState, Whereabouts, use_desk},
    paths,
    ui::words,
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
    let waiting = unsent(state);
    let mut text = String::new();
    let is_opening = state.access.with(|access| *access == Access::Opening);
    match state.sync.get() {
        SyncState::Idle | SyncState::Syncing if is_opening => text.push_str("Opening your caseload…"),
        SyncState::Idle => text.push_str("Not synced yet"),
        SyncState::Syncing => text.push_str("Syncing…"),
        SyncState::UpToDate { at } => {
            text.push_str("Up to date ");
            text.push_str(&words::clock_here(at, state.now.get_untracked()));
        }
        SyncState::Offline => text.push_str("No connection"),
        SyncState::SignInNeeded => text.push_str("Sign in to send"),
        SyncState::PasskeyNeeded => text.push_str("Passkey needed"),
        SyncState::UpdateNeeded => text.push_str("Update needed"),
        SyncState::Revoked => text.push_str("Out of service"),
        SyncState::ServerTrouble => text.push_str("Server not answering"),
    }
    if waiting > 0 {
        text.push_str(" · ");
        text.push_str(&words::count_of(waiting, "to send", "to send"));
    }
    text
}
