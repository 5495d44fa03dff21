//! Changing one's own password.

use leptos::{ev, prelude::*};
use sync::questions::{ChangePassword, PasswordOutcome, SUGGESTED_PASSWORD_CHARACTERS};

use crate::{
    ask::{Asking, AskingStatus},
    desk::use_desk,
    ui::{Banner, BannerTone, ErrorSummary, FieldError, TextField, TextKind, error_of},
};

const CURRENT: &str = "current-password";
const NEW: &str = "new-password";
const AGAIN: &str = "new-password-again";

/// The page on which the password is changed.
#[component]
pub fn PasswordPage() -> impl IntoView {
    let unkept = use_desk().state().unkept;
    let asking = Asking::new();
    let field = || RwSignal::new(String::new());
    let (current, new, again) = (field(), field(), field());
    let errors = RwSignal::new(Vec::<FieldError>::new());
    let done = RwSignal::new(false);
    // A password is kept nowhere: while one is being typed, the page is not to be loaded anew.
    Effect::new(move |_| {
        let is_typed = [current, new, again].iter().any(|field| field.with(|typed| !typed.is_empty()));
        unkept.set(is_typed);
    });
    on_cleanup(move || {
        unkept.try_set(false);
    });
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        done.set(false);
        let (old, fresh) = (current.get_untracked(), new.get_untracked());
        let flaws = flaws(&old, &fresh, &again.get_untracked());
        errors.set(flaws.clone());
        if !flaws.is_empty() {
            return;
        }
        asking.ask(ChangePassword { current: old, new: fresh }, move |answer| match answer.outcome {
            PasswordOutcome::Changed => {
                [current, new, again].iter().for_each(|field| field.set(String::new()));
                done.set(true);
            }
            refused => errors.set(vec![FieldError::new(NEW, outcome_words(refused))]),
        });
    };
    let mend = errors.into();
    view! {
        <section class="page page--narrow">
            <h1>{words::account::change_password()}</h1>
            <p>{words::account::this_is_the_password()}</p>
            <div role="status" class="signed-place">
                {move || done.get().then(|| view! {
                    <Banner tone=BannerTone::Good heading=words::account::password_changed()><p>{words::account::all_your_other_sessions()}</p></Banner>
                })}
            </div>
            <AskingStatus asking=asking />
            <ErrorSummary errors=errors />
            <form class="form" novalidate on:submit=submit>
                <TextField id=CURRENT label=words::account::current_password() kind=TextKind::Password value=current error=error_of(mend, CURRENT) />
                <TextField
                    id=NEW
                    label=words::account::new_password()
                    kind=TextKind::NewPassword
                    hint=words::account::a_sentence_is_good_15()
                    value=new
                    error=error_of(mend, NEW)
                />
                <TextField id=AGAIN label=words::account::new_password_again() kind=TextKind::NewPassword value=again error=error_of(mend, AGAIN) />
                <button class="button button--primary button--wide" type="submit" aria-disabled=move || asking.busy.get().then_some("true")>
                    {words::account::change_password()}
                </button>
            </form>
        </section>
    }
    .into_any()
}

fn flaws(current: &str, new: &str, again: &str) -> Vec<FieldError> {
    let mut flaws = Vec::new();
    if current.is_empty() {
        flaws.push(FieldError::new(CURRENT, words::account::enter_your_current_password()));
    }
    if new.is_empty() {
        flaws.push(FieldError::new(NEW, words::account::enter_a_new_password()));
    } else if new != again {
        flaws.push(FieldError::new(AGAIN, words::account::the_two_new_passwords()));
    }
    flaws
}

fn outcome_words(outcome: PasswordOutcome) -> &'static str {
    const { assert!(SUGGESTED_PASSWORD_CHARACTERS == 15, "the words below name it") };
    match outcome {
        PasswordOutcome::TooShort => words::account::new_password_must_be_8(),
        PasswordOutcome::TooLong => words::account::new_password_must_be_256(),
        PasswordOutcome::TooCommon => words::account::everybody_tries_this_password_first(),
        PasswordOutcome::LikeYourself => words::account::new_password_must_not_be_your_name(),
        PasswordOutcome::Unchanged => words::account::this_is_your_password_already(),
        PasswordOutcome::Changed => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_password_is_typed_twice() {
        assert!(flaws("old", "a new sentence", "a new sentence").is_empty());
        assert_eq!(flaws("", "", "").len(), 2);
        assert_eq!(flaws("old", "a new sentence", "a new")[0].field_id, AGAIN);
    }
}
