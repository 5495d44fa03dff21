//! What else may stand in front of the door: another tab, storage that cannot be read, or that the device was emptied.

use leptos::prelude::*;

use super::DoorPage;
use crate::{
    desk::{StorageProblem, use_desk},
    paths,
};

/// Another tab of this browser is the writer.
#[component]
pub fn OpenElsewherePage() -> impl IntoView {
    let desk = use_desk();
    view! {
        <DoorPage>
            <h1>{words::door::doorstep_is_open_in_another()}</h1>
            <p>{words::door::only_one_tab_writes()}</p>
            <button class="button button--primary button--wide" type="button" on:click=move |_| desk.use_here()>
                {words::door::use_it_here()}
            </button>
        </DoorPage>
    }
    .into_any()
}

/// The device was reported as lost, and has removed everything.
#[component]
pub fn EmptiedPage() -> impl IntoView {
    view! {
        <DoorPage>
            <h1>{words::door::this_device_was_emptied()}</h1>
            <p>
                {words::door::it_was_reported_as_lost()}
            </p>
            <p>{words::door::have_you_found_it_again()}</p>
            <a class="button button--primary button--wide" href=paths::TODAY rel="external">{words::door::go_on()}</a>
        </DoorPage>
    }
    .into_any()
}

/// The device's storage cannot be read.
#[component]
pub fn BrokenPage(
    /// Why.
    problem: StorageProblem,
) -> impl IntoView {
    let (heading, remedy) = words(problem);
    view! {
        <DoorPage>
            <h1>{heading}</h1>
            <p>{remedy}</p>
            <p>{words::door::everything_that_was_received()}</p>
        </DoorPage>
    }
    .into_any()
}

fn words(problem: StorageProblem) -> (&'static str, &'static str) {
    match problem {
        StorageProblem::Full => (words::door::this_device_has_no_room(), words::door::free_some_space_photos()),
        StorageProblem::NewerBuild => (words::door::a_newer_doorstep_was_here(), words::door::this_devices_data_was_written()),
        StorageProblem::Unreadable => (words::door::this_devices_data(), words::door::restart_the_browser_and_try()),
        StorageProblem::Failed => (words::door::this_devices_storage_did(), words::door::close_other_tabs_of_doorstep()),
    }
}
