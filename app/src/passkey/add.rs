//! Adding a passkey: its name, a proof where the office wants one, and what the browser asks.

use leptos::{ev, prelude::*, task::spawn_local};
use sync::questions::BeginPasskey;

use super::make;
use crate::{
    ask::Asking,
    desk::use_desk,
    ui::{ErrorSummary, FieldError, TextField, error_of},
};

const NAME: &str = "passkey-name";

/// The longest name, in characters; the server has the same.
const MAX_NAME: usize = 100;

/// The form with which a passkey is added.
#[component]
pub fn AddPasskeyForm(
    /// The questions of the page.
    asking: Asking,
    /// Run when the office has it.
    added: Callback<()>,
) -> impl IntoView {
    let desk = StoredValue::new(use_desk());
    let state = desk.with_value(|desk| desk.state());
    let (name, busy) = (RwSignal::new(String::new()), RwSignal::new(false));
    let errors = RwSignal::new(Vec::<FieldError>::new());
    Effect::new(move |_| {
        if name.with_untracked(String::is_empty) {
            name.set(desk.with_value(|desk| desk.device_kind()).to_owned());
        }
    });
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let typed = name.get_untracked().trim().to_owned();
        let flaws = flaws(&typed);
        errors.set(flaws.clone());
        if !flaws.is_empty() || busy.get_untracked() {
            return;
        }
        asking.ask(BeginPasskey {}, move |challenge| {
            busy.set(true);
            // While the browser asks, the page is not to be loaded anew.
            state.unkept.set(true);
            let made = make(desk.get_value(), challenge, typed.clone());
            spawn_local(async move {
                let made = made.await;
                state.unkept.try_set(false);
                if busy.try_set(false).is_some() {
                    return; // The page was left.
                }
                match made {
                    Ok(()) => added.run(()),
                    Err(trouble) => errors.set(vec![FieldError::new(NAME, trouble.words())]),
                }
            });
        });
    };
    view! {
        <ErrorSummary errors=errors />
        <form class="form" novalidate on:submit=submit>
            <TextField
                id=NAME
                label=words::passkey::name_of_the_passkey()
                hint=words::passkey::so_that_you_know()
                value=name
                error=error_of(errors.into(), NAME)
            />
            <button
                class="button button--primary button--wide"
                type="submit"
                aria-disabled=move || (busy.get() || asking.busy.get()).then_some("true")
            >
                {words::passkey::add_a_passkey()}
            </button>
        </form>
    }
    .into_any()
}

fn flaws(name: &str) -> Vec<FieldError> {
    match name.chars().count() {
        0 => vec![FieldError::new(NAME, words::passkey::enter_a_name())],
        1..=MAX_NAME => Vec::new(),
        _ => vec![FieldError::new(NAME, words::passkey::name_of_the_passkey_must_be_100())],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_passkey_has_a_name_of_reasonable_length() {
        assert_eq!(flaws("").len(), 1);
        assert!(flaws("My phone").is_empty());
        assert_eq!(flaws(&"x".repeat(MAX_NAME + 1)).len(), 1);
    }
}
