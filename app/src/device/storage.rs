//! Where records are kept, what the browser promised, and how full it is.

use leptos::{prelude::*, task::spawn_local};

use crate::{
    desk::{DeskState, Keeping, StorageState, use_desk},
    paths,
    ui::{Banner, BannerTone, moments},
};

/// Storage in plain words.
#[component]
pub fn StorageCard() -> impl IntoView {
    let state = use_desk().state();
    let is_device = Memo::new(move |_| state.keeping.get() == Keeping::Device);
    view! {
        <section class="card" aria-labelledby="storage-title">
            <h2 id="storage-title">{words::device::storage()}</h2>
            {move || if is_device.get() { kept_here(state) } else { not_kept_here(state) }}
        </section>
    }
    .into_any()
}

fn not_kept_here(state: DeskState) -> AnyView {
    if !state.policy.get().offline_storage {
        return view! {
            <p>
                {words::device::your_agency_does_not_let_devices()}
            </p>
        }
        .into_any();
    }
    view! {
        <p>
            {words::device::this_browser_is_not_set()}
        </p>
        <p><a class="button" href=paths::SET_UP_DEVICE>{words::device::set_up_this_device()}</a></p>
    }
    .into_any()
}

fn kept_here(state: DeskState) -> AnyView {
    view! {
        <p>{words::device::your_caseload_and_your_notes()}</p>
        {move || state.storage.with(|storage| promise(storage.persisted))}
        <p class="quiet">{move || state.storage.with(space_words)}</p>
    }
    .into_any()
}

/// What the browser promised, and what it means for notes that are not sent yet.
pub fn promise(persisted: Option<bool>) -> AnyView {
    match persisted {
        Some(true) => view! { <p>{words::device::the_browser_promised_to_keep()}</p> }.into_any(),
        Some(false) => view! {
            <Banner tone=BannerTone::Warning heading=words::device::the_browser_did_not_promise()>
                <p>
                    {words::device::when_the_device_runs_out()}
                </p>
                <AskAgain />
            </Banner>
        }
        .into_any(),
        None => view! { <p class="quiet">{words::device::whether_the_browser_keeps()}</p> }.into_any(),
    }
}

#[component]
fn AskAgain() -> impl IntoView {
    let desk = use_desk();
    let ask = move |_| {
        let reply = desk.ask_to_persist();
        spawn_local(async move {
            // What the browser answered is shown through the state of the storage.
            let _ = reply.await;
        });
    };
    view! { <button class="button" type="button" on:click=ask>{words::device::ask_again()}</button> }.into_any()
}

fn space_words(storage: &StorageState) -> String {
    let used = storage.used_bytes.map(|used| words::device::used(&moments::size(used)));
    let free = storage.free_bytes.map(|free| words::device::free(&moments::size(free)));
    used.into_iter().chain(free).collect::<Vec<_>>().join(words::common::between_two_of_a_list())
}

/// The way to make an app of it, where the browser offers one.
#[component]
pub fn InstallCard() -> impl IntoView {
    let desk = StoredValue::new(use_desk());
    let offered = desk.with_value(|desk| desk.state().can_install);
    let install = move |_| desk.with_value(|desk| desk.install());
    let card = move || {
        view! {
            <section class="card" aria-labelledby="install-title">
                <h2 id="install-title">{words::device::install_doorstep()}</h2>
                <p>{words::device::why_install()}</p>
                <button class="button" type="button" on:click=install>{words::device::install()}</button>
            </section>
        }
        .into_any()
    };
    move || offered.get().then(card)
}
