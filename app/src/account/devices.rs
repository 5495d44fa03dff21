//! Devices that keep a sealed caseload, with the button for when one is lost.

use domain::DateTime;
use leptos::prelude::*;
use sync::questions::{DeviceFate, DeviceSeen, ReportLost};

use crate::{
    ask::Asking,
    desk::DeskState,
    ui::{SureButton, Tone, empty_state, moments, tag},
};

/// What a device is called by people; one that was never given a name, by the day on which it was set up.
pub fn device_name(device: &DeviceSeen, now: DateTime) -> String {
    match device.label.trim() {
        "" => words::account::device_set_up_on(&moments::full_date(device.registered_at.at_offset(now.offset_min()).date())),
        label => label.to_owned(),
    }
}

/// The list; `changed` is run when a device was reported as lost.
pub fn device_list(devices: Vec<DeviceSeen>, asking: Asking, state: DeskState, changed: Callback<()>) -> AnyView {
    if devices.is_empty() {
        return empty_state(words::account::no_device_is_set_up());
    }
    let lines = devices.into_iter().map(|device| device_view(device, asking, state, changed)).collect_view();
    view! { <ul class="stack">{lines}</ul> }.into_any()
}

fn device_view(device: DeviceSeen, asking: Asking, state: DeskState, changed: Callback<()>) -> AnyView {
    let now = state.now.get_untracked();
    let name = device_name(&device, now);
    let fate = match device.fate {
        DeviceFate::InUse if device.is_this => Some(tag(Tone::Good, words::account::this_device())),
        DeviceFate::InUse | DeviceFate::Unknown => None,
        DeviceFate::Lost => Some(tag(Tone::Late, words::account::lost_wipes_itself())),
        DeviceFate::Wiped => Some(tag(Tone::Good, words::account::wiped())),
        DeviceFate::LockedOut => Some(tag(Tone::Late, words::account::locked_out())),
    };
    let device_id = device.device_id;
    let report = Callback::new(move |()| asking.ask(ReportLost { device_id }, move |_| changed.run(())));
    let button = (device.fate == DeviceFate::InUse).then(|| {
        view! {
            <SureButton
                action=words::account::report_as_lost()
                yes=words::account::yes_it_is_lost()
                warning=words::account::its_sessions_end_now()
                about=name.clone()
                on_yes=report
            />
        }
        .into_any()
    });
    view! {
        <li class="card">
            <h3>{name}</h3>
            <p>{fate}</p>
            <p class="quiet">
                {words::account::set_up_and_last_contact(
                    &moments::moment(device.last_seen_at, now),
                    &moments::moment(device.registered_at, now),
                )}
            </p>
            {button}
        </li>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use sync::wire::DeviceId;

    use super::*;
    use crate::samples;

    #[test]
    fn a_device_without_a_name_is_known_by_the_day_on_which_it_was_set_up() {
        let at = samples::now();
        let mut device = DeviceSeen {
            device_id: DeviceId(uuid::Uuid::from_u128(1)),
            is_this: false,
            label: String::new(),
            registered_at: at,
            last_seen_at: at,
            fate: DeviceFate::InUse,
        };
        assert_eq!(device_name(&device, at), "Device set up on 23 November 2026");
        device.label = "Maria's tablet".to_owned();
        assert_eq!(device_name(&device, at), "Maria's tablet");
    }
}
