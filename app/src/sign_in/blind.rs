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
            <summary>"Write a note without unlocking"</summary>
            <p>
                "It is sealed the moment you save it: nobody can read it on this device until you unlock. "
                "Then it waits for you under “Notes to file”, and you say which client it is about."
            </p>
            <ErrorSummary errors=errors />
            <form class="form" novalidate on:submit=submit>
                <TextField
                    id=ABOUT
                    label="Whom is it about?"
                    hint="So that you know it again, for example initials and street"
                    value=about
                    error=error_of(errors.into(), ABOUT)
                />
                <TextArea id=NARRATIVE label="What happened?" value=narrative error=error_of(errors.into(), NARRATIVE) />
                <p class="form__progress" role="status">
                    {move || if kept.get() { "Saved on this phone, sealed." } else { "" }}
                </p>
                <button class="button button--wide" type="submit" aria-disabled=move || busy.get().then_some("true")>"Save and seal"</button>
            </form>
        </details>
    }
    .into_any()
}

fn missing(about: &str, narrative: &str) -> Vec<FieldError> {
    let mut errors = Vec::new();
    if about.trim().is_empty() {
        errors.push(FieldError::new(ABOUT, "Enter whom it is about"));
    }
    if narrative.trim().is_empty() {
        errors.push(FieldError::new(NARRATIVE, "Enter what happened"));
    }
    errors
}

fn error_words(error: DeskError) -> &'static str {
    match error {
        DeskError::NotAvailable => {
            "This device cannot seal a note yet: it has to be unlocked once with a connection. Write it on paper, or unlock"
        }
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
