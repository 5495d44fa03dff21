//! Whose device is to be unlocked, where several workers share one browser. Nothing of them is shown but what they want to be called.

use leptos::prelude::*;
use leptos_router::{NavigateOptions, hooks::use_navigate};

use crate::{
    desk::{KnownWorker, use_desk},
    paths,
};

/// To the day's work: the page that somebody else left open is not what comes next.
fn way_to_today() -> impl Fn() + Clone + Send + Sync + 'static {
    let navigate = use_navigate();
    move || navigate(paths::TODAY, NavigateOptions { replace: true, ..NavigateOptions::default() })
}

/// The workers to choose from; nothing where there is one only.
#[component]
pub fn WhoAreYou() -> impl IntoView {
    let desk = use_desk();
    let workers = desk.state().workers;
    let desk = StoredValue::new(desk);
    let go_to_today = StoredValue::new(way_to_today());
    let choice = move |(number, worker): (usize, KnownWorker)| {
        let KnownWorker { place, label, is_chosen } = worker;
        let choose = move |_| {
            if !is_chosen {
                go_to_today.with_value(|go| go());
            }
            desk.with_value(|desk| desk.choose_worker(place.clone()));
        };
        let pressed = if is_chosen { "true" } else { "false" };
        view! {
            <button class="button who__worker" type="button" aria-pressed=pressed on:click=choose>{name(&label, number)}</button>
        }
        .into_any()
    };
    move || {
        let workers = workers.get();
        (workers.len() > 1).then(|| {
            view! {
                <fieldset class="who">
                    <legend>{words::door::who_are_you()}</legend>
                    <div class="who__workers">{(1..).zip(workers).map(choice).collect_view()}</div>
                </fieldset>
            }
            .into_any()
        })
    }
}

/// The way in for somebody who has no device here yet.
#[component]
pub fn AnotherWorker() -> impl IntoView {
    let desk = use_desk();
    let go_to_today = way_to_today();
    let welcome = move |_| {
        go_to_today();
        desk.welcome_another();
    };
    view! { <button class="button button--quiet button--wide" type="button" on:click=welcome>{words::door::another_worker()}</button> }
        .into_any()
}

/// The way back for whoever has one after all.
#[component]
pub fn BackToUnlocking() -> impl IntoView {
    let desk = use_desk();
    let workers = desk.state().workers;
    let chosen =
        Memo::new(move |_| workers.with(|workers| workers.iter().find(|worker| worker.is_chosen).map(|worker| worker.place.clone())));
    let desk = StoredValue::new(desk);
    move || {
        chosen.get().map(|place| {
            let back = move |_| desk.with_value(|desk| desk.choose_worker(place.clone()));
            view! {
                <p class="quiet">
                    {words::door::without_a_device()}
                </p>
                <button class="button button--quiet button--wide" type="button" on:click=back>{words::door::back_to_unlocking()}</button>
            }
            .into_any()
        })
    }
}

/// "OH", or "Worker 2" for somebody who did not say what to be called.
fn name(label: &str, number: usize) -> String {
    if label.is_empty() { words::door::worker_number(&number.to_string()) } else { label.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_did_not_say_what_to_be_called_is_a_number() {
        assert_eq!(name("OH", 2), "OH");
        assert_eq!(name("", 2), "Worker 2");
    }
}
