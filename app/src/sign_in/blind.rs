//! A note of somebody who cannot unlock: words about somebody, without a case, sealed as soon as they are kept.

use leptos::{ev, prelude::*, task::spawn_local};

use crate::{
    desk::{DeskError, use_desk},
    ui::{ErrorSummary, FieldError, TextArea, TextField, desk_error_words, error_of},
};

const ABOUT: &str = "blind-about";
const NARRATIVE: &str = "blind-narrative";

/// The note, folded until somebody wants it.
#[component]
pub fn BlindNoteForm() -> impl IntoView {
    let desk = use_desk();
    let unkept = desk.state().unkept;
    let about = RwSignal::new(String::new());
    let narrative = RwSignal::new(String::new());
    let kept = RwSignal::new(false);
    let busy = RwSignal::new(false);
    let errors = RwSignal::new(Vec::new());
    // What is typed here is kept nowhere until it is sealed: the page is not to be loaded anew meanwhile.
    Effect::new(move |_| {
        let is_typed = [about, narrative].iter().any(|field| field.with(|typed| !typed.is_empty()));
        unkept.set(is_typed);
    });
    on_cleanup(move || {
        unkept.try_set(false);
    });
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        let missing = missing(&about.get_untracked(), &narrative.get_untracked());
        errors.set(missing.clone());
        kept.set(false);
        if !missing.is_empty() {
            return;
        }
        busy.set(true);
        let reply = desk.write_blind(about.get_untracked(), narrative.get_untracked());
        spawn_local(async move {
            let outcome = reply.await;
            busy.try_set(false);
            match outcome {
                Ok(()) => {
                    // From here on nobody can read it on this device.
                    about.try_set(String::new());
                    narrative.try_set(String::new());
                    kept.try_set(true);
                }
                Err(error) => drop(errors.try_set(vec![FieldError::new(NARRATIVE, error_words(error))])),
            }
        });
    };
    view! {
        <details class="more blind">
            <summary>{words::door::write_a_note_without_unlocking()}</summary>
            <p>
                {words::door::it_is_sealed_the_moment()}
            </p>
            <ErrorSummary errors=errors />
            <form class="form" novalidate on:submit=submit>
                <TextField
                    id=ABOUT
                    label=words::door::whom_is_it_about()
                    hint=words::door::so_that_you_know()
                    value=about
                    error=error_of(errors.into(), ABOUT)
                />
                <TextArea id=NARRATIVE label=words::door::what_happened() value=narrative error=error_of(errors.into(), NARRATIVE) />
                <p class="form__progress" role="status">
                    {move || if kept.get() { words::door::saved_on_this_phone_sealed() } else { "" }}
                </p>
                <button class="button button--wide" type="submit" aria-disabled=move || busy.get().then_some("true")>{words::door::save_and_seal()}</button>
            </form>
        </details>
    }
    .into_any()
}

fn missing(about: &str, narrative: &str) -> Vec<FieldError> {
    let mut errors = Vec::new();
    if about.trim().is_empty() {
        errors.push(FieldError::new(ABOUT, words::door::enter_whom_it_is_about()));
    }
    if narrative.trim().is_empty() {
        errors.push(FieldError::new(NARRATIVE, words::door::enter_what_happened()));
    }
    errors
}

fn error_words(error: DeskError) -> &'static str {
    match error {
        DeskError::NotAvailable => words::door::this_device_cannot_seal(),
        error => desk_error_words(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_is_asked_for_by_name() {
        let fields: Vec<_> = missing(" ", "").iter().map(|error| error.field_id.clone()).collect();
        assert_eq!(fields, [ABOUT, NARRATIVE]);
        assert!(missing("Mrs. G, blue door", "She fell.").is_empty());
    }
}
