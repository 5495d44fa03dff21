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
            <h1>"Doorstep is open in another tab"</h1>
            <p>"Only one tab writes at a time, so that no note is ever written twice. Nothing is lost in the other one."</p>
            <button class="button button--primary button--wide" type="button" on:click=move |_| desk.use_here()>
                "Use it here"
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
            <h1>"This device was emptied"</h1>
            <p>
                "It was reported as lost. Everything that was signed on it was handed in, and nothing of it is kept here any more: no client, "
                "no note, no key."
            </p>
            <p>"Have you found it again? Sign in as on a new device, and set it up anew."</p>
            <a class="button button--primary button--wide" href=paths::TODAY rel="external">"Go on"</a>
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
            <p>"Everything that was received is safe on the server. Do not clear this browser's data: unsent notes may still be in it."</p>
        </DoorPage>
    }
    .into_any()
}

fn words(problem: StorageProblem) -> (&'static str, &'static str) {
    match problem {
        StorageProblem::Full => (
            "This device has no room left",
            "Free some space (photos and videos take most), then open Doorstep again. Your notes wait here.",
        ),
        StorageProblem::NewerBuild => (
            "A newer Doorstep was here",
            "This device's data was written by a newer version. Close all tabs of Doorstep and open it again with a connection.",
        ),
        StorageProblem::Unreadable => (
            "This device's data cannot be opened",
            "Restart the browser and try once more. If it stays like this, tell your supervisor before you do anything else.",
        ),
        StorageProblem::Failed => {
            ("This device's storage did not answer", "Close other tabs of Doorstep, restart the browser and open it again.")
        }
    }
}
