//! Where records are kept, what the browser promised, and how full it is.

use leptos::{prelude::*, task::spawn_local};

use crate::{
    desk::{DeskState, Keeping, StorageState, use_desk},
    paths,
    ui::{Banner, BannerTone, words},
};

/// Storage in plain words.
#[component]
pub fn StorageCard() -> impl IntoView {
    let state = use_desk().state();
    let is_device = Memo::new(move |_| state.keeping.get() == Keeping::Device);
    view! {
        <section class="card" aria-labelledby="storage-title">
            <h2 id="storage-title">"Storage"</h2>
            {move || if is_device.get() { kept_here(state) } else { not_kept_here(state) }}
        </section>
    }
    .into_any()
}

fn not_kept_here(state: DeskState) -> AnyView {
    if !state.policy.get().offline_storage {
        return view! {
            <p>
                "Your agency does not let devices keep clients' data. Clients and notes are in this page's memory only: they are gone when it "
                "is closed, and without a connection it cannot start."
            </p>
        }
        .into_any();
    }
    view! {
        <p>
            "This browser is not set up. Clients and notes are in this page's memory only: they are gone when it is closed, "
            "and without a connection it cannot start."
        </p>
        <p><a class="button" href=paths::SET_UP_DEVICE>"Set up this device"</a></p>
    }
    .into_any()
}

fn kept_here(state: DeskState) -> AnyView {
    view! {
        <p>"Your caseload and your notes are kept here, sealed with your passphrase. They are there without a signal."</p>
        {move || state.storage.with(|storage| promise(storage.persisted))}
        <p class="quiet">{move || state.storage.with(space_words)}</p>
    }
    .into_any()
}

/// What the browser promised, and what it means for notes that are not sent yet.
pub fn promise(persisted: Option<bool>) -> AnyView {
    match persisted {
        Some(true) => view! { <p>"The browser promised to keep this storage until you remove it."</p> }.into_any(),
        Some(false) => view! {
            <Banner tone=BannerTone::Warning heading="The browser did not promise to keep this storage">
                <p>
                    "When the device runs out of space, the browser may clear it, with notes that are not sent yet. "
                    "Sync whenever you have a signal. Installing Doorstep on the home screen usually helps."
                </p>
                <AskAgain />
            </Banner>
        }
        .into_any(),
        None => view! { <p class="quiet">"Whether the browser keeps this storage for good is not known yet."</p> }.into_any(),
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
    view! { <button class="button" type="button" on:click=ask>"Ask again"</button> }.into_any()
}

fn space_words(storage: &StorageState) -> String {
    let mut text = String::new();
    if let Some(used) = storage.used_bytes {
        text.push_str(&words::size(used));
        text.push_str(" used");
    }
    if let Some(free) = storage.free_bytes {
        if !text.is_empty() {
            text.push_str(", ");
        }
        text.push_str(&words::size(free));
        text.push_str(" free");
    }
    text
}
