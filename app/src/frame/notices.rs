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
            {move || (state.shared.get() > 0).then(|| shared_view(state.shared.get()))}
            {move || state.update_ready.get().then(|| {
                view! {
                    <Banner tone=BannerTone::Calm heading=words::frame::a_newer_doorstep_is_ready()>
                        {move || state.update_held.get().then(|| view! { <p>{words::frame::something_is_still_being_written()}</p> })}
                        <button class="button" type="button" on:click=move |event| update.with_value(|update| update(event))>
                            {words::frame::update_now()}
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

/// Something of another app waits; only a person knows whose it is.
fn shared_view(count: usize) -> AnyView {
    let desk = use_desk();
    let drop_it = move |_| drop(desk.take_shared());
    view! {
        <Banner tone=BannerTone::Calm heading=words::attachments::shared_waits(count)>
            <p>{words::attachments::open_the_client_it_belongs_to()}</p>
            <button class="button" type="button" on:click=drop_it>{words::attachments::do_not_add_it()}</button>
        </Banner>
    }
    .into_any()
}

fn was_cleared(state: DeskState) -> bool {
    state.keeping.get() == Keeping::Memory && state.storage.with(|storage| storage.cleared)
}

fn cleared_view() -> AnyView {
    view! {
        <Banner tone=BannerTone::Warning heading=words::frame::this_browser_cleared_what_doorstep()>
            <p>
                {words::frame::what_was_received_is_on_the_server()} " "
                <a href=paths::SET_UP_DEVICE>{words::frame::set_up_this_device_again()}</a>
            </p>
        </Banner>
    }
    .into_any()
}

fn withdrawn_view() -> AnyView {
    view! {
        <Banner tone=BannerTone::Warning heading=words::frame::doorstep_needs_a_connection()>
            <p>
                {words::frame::your_agency_no_longer_lets()}
            </p>
        </Banner>
    }
    .into_any()
}

fn notice_view(notice: Notice, state: DeskState) -> AnyView {
    let (heading, text) = match notice {
        Notice::None | Notice::SignInNeeded | Notice::PasskeyNeeded => return ().into_any(),
        Notice::Offline => match state.keeping.get() {
            Keeping::Device => (words::frame::no_connection(), words::frame::everything_you_write_is_kept()),
            Keeping::Memory => (words::frame::no_connection(), words::frame::what_you_write_is_kept()),
        },
        Notice::UpdateNeeded => (words::frame::update_needed(), words::frame::this_version_is_too_old()),
        Notice::Revoked => (words::frame::this_device_was_taken_out(), words::frame::what_you_wrote_here()),
        Notice::ServerTrouble => (words::frame::the_server_does_not_answer(), words::frame::what_you_write_is_kept_and_sent()),
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
        <section class="banner banner--warning" aria-label=words::frame::sign_in()>
            <p class="banner__heading">{words::frame::your_session_has_ended_everything()}</p>
            {move || match open.get() {
                true => view! { <SignInForm /> }.into_any(),
                false => {
                    view! {
                        <button class="button" type="button" on:click=move |_| open.set(true)>
                            {words::frame::sign_in_to_send()}
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
        <section class="banner banner--warning" aria-label=words::frame::passkey()>
            <p class="banner__heading">{words::frame::your_agency_asks()}</p>
            <PasskeyNeeded />
        </section>
    }
    .into_any()
}
