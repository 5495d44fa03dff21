//! What the worker should know whatever the page: no connection, a session that ended, an update. What passes by itself within
//! seconds does not stand here, since it would move the page under a thumb when it goes; the header tells it.

use leptos::prelude::*;

use super::lease::LeaseNotice;
use crate::{
    desk::{DeskState, Keeping, SyncState, use_desk},
    passkey::PasskeyNeeded,
    paths,
    sign_in::SignInForm,
    ui::{Banner, BannerTone},
};

/// What stands above the page.
#[derive(Clone, Copy, PartialEq)]
enum Notice {
    None,
    Offline,
    SignInNeeded,
    PasskeyNeeded,
    UpdateNeeded,
    Revoked,
    ServerTrouble,
}

impl Notice {
    fn of(state: DeskState) -> Self {
        match state.sync.get() {
            SyncState::Offline => Self::Offline,
            SyncState::SignInNeeded => Self::SignInNeeded,
            SyncState::PasskeyNeeded => Self::PasskeyNeeded,
            SyncState::UpdateNeeded => Self::UpdateNeeded,
            SyncState::Revoked => Self::Revoked,
            SyncState::ServerTrouble => Self::ServerTrouble,
            SyncState::Idle | SyncState::Syncing | SyncState::UpToDate { .. } => Self::None,
        }
    }
}

const HELD: &str = "Something is still being written or sent, here or in another tab. Finish it there, then update.";

/// The notices above the page; each change is read out politely.
#[component]
pub fn Notices() -> impl IntoView {
    let desk = use_desk();
    let state = desk.state();
    let notice = Memo::new(move |_| Notice::of(state));
    let update_now = move |_| desk.update_now();
    let update = StoredValue::new(update_now);
    view! {
        <div class="notices" role="status">
            {move || notice_view(notice.get(), state)}
            <LeaseNotice />
            {move || was_cleared(state).then(cleared_view)}
            {move || state.storage.with(|storage| storage.withdrawn).then(withdrawn_view)}
            {move || state.update_ready.get().then(|| {
                view! {
                    <Banner tone=BannerTone::Calm heading="A newer Doorstep is ready">
                        {move || state.update_held.get().then(|| view! { <p>{HELD}</p> })}
                        <button class="button" type="button" on:click=move |event| update.with_value(|update| update(event))>
                            "Update now"
                        </button>
                    </Banner>
                }
            })}
        </div>
        {move || match notice.get() {
            Notice::SignInNeeded => view! { <SignInHere /> }.into_any(),
            Notice::PasskeyNeeded => view! { <PasskeyHere /> }.into_any(),
            _ => ().into_any(),
        }}
    }
    .into_any()
}

fn was_cleared(state: DeskState) -> bool {
    state.keeping.get() == Keeping::Memory && state.storage.with(|storage| storage.cleared)
}

fn cleared_view() -> AnyView {
    view! {
        <Banner tone=BannerTone::Warning heading="This browser cleared what Doorstep kept here">
            <p>
                "What was received is on the server. Notes that were not sent yet may be lost: look at your last visits and write again what is missing. "
                <a href=paths::SET_UP_DEVICE>"Set up this device again"</a>
            </p>
        </Banner>
    }
    .into_any()
}

fn withdrawn_view() -> AnyView {
    view! {
        <Banner tone=BannerTone::Warning heading="Doorstep needs a connection from now on">
            <p>
                "Your agency no longer lets devices keep clients' data: everything you wrote was handed in, and nothing is kept on this device "
                "any more."
            </p>
        </Banner>
    }
    .into_any()
}

fn notice_view(notice: Notice, state: DeskState) -> AnyView {
    let (heading, text) = match notice {
        Notice::None | Notice::SignInNeeded | Notice::PasskeyNeeded => return ().into_any(),
        Notice::Offline => match state.keeping.get() {
            Keeping::Device => ("No connection.", "Everything you write is kept on this phone."),
            Keeping::Memory => ("No connection.", "What you write is kept in this page only: keep it open until it is sent."),
        },
        Notice::UpdateNeeded => ("Update needed.", "This version is too old to send. What you wrote is kept; update when you are ready."),
        Notice::Revoked => (
            "This device was taken out of service.",
            "What you wrote here is handed in, sealed, when there is a signal. Ask your supervisor.",
        ),
        Notice::ServerTrouble => ("The server does not answer as it should.", "What you write is kept and sent again by itself."),
    };
    view! {
        <div class="notice">
            <p><strong>{heading}</strong> " " {text}</p>
        </div>
    }
    .into_any()
}

/// Signing in without leaving the page: what is being written stays where it is.
#[component]
fn SignInHere() -> impl IntoView {
    let open = RwSignal::new(false);
    view! {
        <section class="banner banner--warning" aria-label="Sign in">
            <p class="banner__heading">"Your session has ended. Everything you wrote is still here."</p>
            {move || match open.get() {
                true => view! { <SignInForm /> }.into_any(),
                false => {
                    view! {
                        <button class="button" type="button" on:click=move |_| open.set(true)>
                            "Sign in to send your notes"
                        </button>
                    }
                    .into_any()
                }
            }}
        </section>
    }
    .into_any()
}

/// Showing the passkey that the agency asks for, without leaving the page.
#[component]
fn PasskeyHere() -> impl IntoView {
    view! {
        <section class="banner banner--warning" aria-label="Passkey">
            <p class="banner__heading">"Your agency asks for your passkey. Everything you wrote is still here."</p>
            <PasskeyNeeded />
        </section>
    }
    .into_any()
}
