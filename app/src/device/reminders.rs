//! Reminders while the app is closed: offered where they help, and switched on and off on the page of the device.

use leptos::{prelude::*, task::spawn_local};

use crate::desk::{Keeping, ReminderProblem, Reminding, use_desk};

/// The card on the page of the device; nothing where this browser can't remind.
#[component]
pub fn RemindersCard() -> impl IntoView {
    let state = use_desk().state();
    let shown = Memo::new(move |_| if state.keeping.get() == Keeping::Device { state.reminding.get() } else { Reminding::NotThere });
    let card = move |inside: AnyView| {
        view! {
            <section class="card" aria-labelledby="reminders-title">
                <h2 id="reminders-title">{words::device::reminders()}</h2>
                {inside}
            </section>
        }
        .into_any()
    };
    move || match shown.get() {
        Reminding::NotThere => ().into_any(),
        Reminding::Blocked => card(view! { <p>{words::device::reminders_are_blocked()}</p> }.into_any()),
        Reminding::Off | Reminding::Declined => card(view! { <p>{words::device::why_reminders()}</p> <Switch on=true /> }.into_any()),
        Reminding::On => card(view! { <p>{words::device::this_device_reminds_you()}</p> <Switch on=false /> }.into_any()),
    }
}

/// Offers reminders beside the visits that are to be made ready: there it shows what they are good for. Whoever declines is not asked again.
#[component]
pub fn RemindersOffer() -> impl IntoView {
    let desk = StoredValue::new(use_desk());
    let state = desk.with_value(|desk| desk.state());
    let offered = Memo::new(move |_| state.keeping.get() == Keeping::Device && state.reminding.get() == Reminding::Off);
    let decline = move |_| desk.with_value(|desk| desk.decline_reminders());
    let offer = move || {
        view! {
            <section class="banner" aria-labelledby="remind-title">
                <h3 class="banner__heading" id="remind-title">{words::device::shall_doorstep_remind_you()}</h3>
                <p>{words::device::why_reminders()}</p>
                <Switch on=true />
                <button class="button button--quiet" type="button" on:click=decline>{words::device::no_thank_you()}</button>
            </section>
        }
        .into_any()
    };
    move || offered.get().then(offer)
}

/// The button, and why it did not work.
#[component]
fn Switch(
    /// What it does.
    on: bool,
) -> impl IntoView {
    let desk = use_desk();
    let (busy, problem) = (RwSignal::new(false), RwSignal::new(None::<ReminderProblem>));
    let switch = move |_| {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        problem.set(None);
        let reply = desk.remind(on);
        spawn_local(async move {
            let outcome = reply.await;
            busy.try_set(false);
            problem.try_set(outcome.err());
        });
    };
    view! {
        {move || problem.get().map(|problem| view! { <p role="alert" class="field__error">{problem_words(problem)}</p> })}
        <button class="button" type="button" aria-disabled=move || busy.get().then_some("true") on:click=switch>
            {if on { words::device::remind_me() } else { words::device::no_more_reminders() }}
        </button>
    }
    .into_any()
}

fn problem_words(problem: ReminderProblem) -> &'static str {
    match problem {
        ReminderProblem::Blocked => words::device::notifications_were_not_allowed(),
        ReminderProblem::NoService => words::device::the_notification_service(),
        ReminderProblem::NoConnection => words::device::no_connection_for_reminders(),
        ReminderProblem::NotAvailable => words::device::reminders_are_not_available(),
    }
}
