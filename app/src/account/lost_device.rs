//! A worker has lost a device: whoever manages devices ends its sessions and orders it to wipe itself.

use domain::{Permission, WorkerId};
use leptos::prelude::*;
use sync::questions::{DeviceSeen, EndOtherSessions, ListDevices};

use super::devices::device_list;
use crate::{
    ask::{Asking, AskingStatus},
    desk::use_desk,
    not_found::not_for_you,
    ui::{Select, empty_state},
};

/// The page for a lost device of somebody else.
#[component]
pub fn LostDevicePage() -> impl IntoView {
    let state = use_desk().state();
    let may = Memo::new(move |_| state.may(Permission::ManageDevices));
    move || match may.get() {
        true => view! { <LostDevice /> }.into_any(),
        false => not_for_you(words::account::your_supervisor_or_an_administrator()),
    }
}

#[component]
fn LostDevice() -> impl IntoView {
    let state = use_desk().state();
    let asking = Asking::new();
    let chosen = RwSignal::new(String::new());
    let devices = RwSignal::new(None::<Vec<DeviceSeen>>);
    let said = RwSignal::new(String::new());
    let workers = Memo::new(move |_| {
        let mut options = vec![(String::new(), words::account::choose_a_worker().to_owned())];
        state.caseload.with(|caseload| options.extend(caseload.workers().iter().map(|one| (one.id.to_string(), one.name.clone()))));
        options
    });
    let worker_id = move || chosen.get_untracked().parse::<WorkerId>().ok();
    let load = Callback::new(move |()| {
        let Some(worker_id) = worker_id() else { return devices.set(None) };
        asking.ask(ListDevices { worker_id: Some(worker_id) }, move |answer| devices.set(Some(answer.devices)));
    });
    let choose = Callback::new(move |worker: String| {
        chosen.set(worker);
        said.set(String::new());
        devices.set(None);
        load.run(());
    });
    let end_all = move |_| {
        asking.ask(EndOtherSessions { worker_id: worker_id() }, move |ended| {
            said.set(words::account::sessions_ended(ended.count));
        });
    };
    view! {
        <section class="page page--narrow">
            <h1>{words::account::lost_device()}</h1>
            <p>{words::account::choose_whose_device()}</p>
            <AskingStatus asking=asking />
            {move || view! {
                <Select id="worker".to_owned() label=words::account::worker() options=workers.get() value=chosen on_choice=choose />
            }}
            {move || devices.get().map(|devices| view! {
                <section class="stack" aria-labelledby="devices-title">
                    <h2 id="devices-title">{words::account::devices()}</h2>
                    {device_list(devices, asking, state, load)}
                    <p>{words::account::not_sure_which_device()}</p>
                    <button class="button" type="button" on:click=end_all>{words::account::end_all_sessions()}</button>
                </section>
            })}
            {move || (devices.with(Option::is_none) && chosen.with(|chosen| !chosen.is_empty())).then(|| empty_state(words::account::asking_the_office()))}
            <p role="status" class="today__said">{move || said.get()}</p>
        </section>
    }
    .into_any()
}
