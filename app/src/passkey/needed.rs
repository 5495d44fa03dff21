//! The agency asks for more than a password: whoever has a passkey shows it, whoever has none adds the first.

use leptos::prelude::*;
use sync::questions::ListPasskeys;

use super::{AddPasskeyForm, ShowPasskey};
use crate::{
    ask::{Asking, AskingStatus},
    desk::use_desk,
    sign_in::DoorPage,
    ui::empty_state,
};

/// The page in front of the door for whoever signed in with a password alone.
#[component]
pub fn PasskeyNeededPage() -> impl IntoView {
    let desk = use_desk();
    let leave = move |_| drop(desk.sign_out());
    view! {
        <DoorPage>
            <h1>{words::passkey::a_passkey_is_needed()}</h1>
            <p>
                {words::passkey::your_agency_asks_people()}
            </p>
            <PasskeyNeeded />
            <button class="button button--quiet" type="button" on:click=leave>{words::passkey::sign_in_as_somebody_else()}</button>
        </DoorPage>
    }
    .into_any()
}

/// Showing the passkey, or adding the first one. Syncing goes on afterwards.
#[component]
pub fn PasskeyNeeded() -> impl IntoView {
    let desk = StoredValue::new(use_desk());
    let asking = Asking::new();
    let has_one = RwSignal::new(None::<bool>);
    let look = Callback::new(move |()| {
        asking.ask(ListPasskeys::default(), move |answer| has_one.set(Some(!answer.passkeys.is_empty())));
    });
    Effect::new(move |_| look.run(()));
    let done = Callback::new(move |()| desk.with_value(|desk| desk.sync_now()));
    let failed = Memo::new(move |_| asking.errors.with(|errors| !errors.is_empty()));
    view! {
        <AskingStatus asking=asking />
        {move || match has_one.get() {
            None if failed.get() => view! {
                <button class="button" type="button" on:click=move |_| look.run(())>{words::passkey::try_again()}</button>
            }
            .into_any(),
            None => empty_state(words::passkey::asking_the_office()),
            Some(true) => view! {
                <ShowPasskey done=done primary=true />
                <p class="quiet">
                    {words::passkey::is_it_lost_your_supervisor()}
                </p>
            }
            .into_any(),
            Some(false) => view! { <AddPasskeyForm asking=asking added=done /> }.into_any(),
        }}
    }
    .into_any()
}
