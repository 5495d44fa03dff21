//! The sign-in form: a plain form that works without JavaScript, and without leaving the page where there is some.

use leptos::{ev, prelude::*, task::spawn_local};

use crate::{
    desk::{DeskError, use_desk},
    page_data::SignInProblem,
    paths,
    ui::{ErrorSummary, FieldError, TextField, TextKind, error_of, passkey_words},
};

const EMAIL: &str = "email";
const PASSWORD: &str = "password";
const PASSKEY: &str = "sign-in-passkey";

/// E-mail, password and the button; and the way in with a passkey.
#[component]
pub fn SignInForm() -> impl IntoView {
    let desk = use_desk();
    let passkey_desk = StoredValue::new(desk.clone());
    let failed = desk.state().failed_sign_in.get_untracked();
    let email = RwSignal::new(failed.as_ref().map(|failed| failed.email.clone()).unwrap_or_default());
    let password = RwSignal::new(String::new());
    let busy = RwSignal::new(false);
    let errors = RwSignal::new(failed.map(|failed| vec![problem_error(failed.problem)]).unwrap_or_default());

    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        let missing = missing_fields(&email.get_untracked(), &password.get_untracked());
        errors.set(missing.clone());
        if !missing.is_empty() {
            return;
        }
        busy.set(true);
        let reply = desk.sign_in(email.get_untracked().trim().to_owned(), password.get_untracked());
        spawn_local(async move {
            let outcome = reply.await;
            busy.try_set(false);
            if let Err(error) = outcome {
                errors.try_set(vec![desk_error(error)]);
            }
        });
    };
    // It needs JavaScript; a page that is only drawn does not offer it.
    let is_alive = RwSignal::new(false);
    Effect::new(move |_| is_alive.set(true));
    let by_passkey = move |_| {
        if busy.get_untracked() {
            return;
        }
        errors.set(Vec::new());
        busy.set(true);
        let reply = passkey_desk.with_value(|desk| desk.sign_in_with_passkey());
        spawn_local(async move {
            let outcome = reply.await;
            busy.try_set(false);
            if let Err(error) = outcome {
                errors.try_set(vec![desk_error(error)]);
            }
        });
    };
    view! {
        <ErrorSummary errors=errors />
        <form class="form" method="post" action=paths::SIGN_IN novalidate on:submit=submit>
            <TextField id=EMAIL label=words::door::email() kind=TextKind::Email value=email error=error_of(errors.into(), EMAIL) />
            <TextField id=PASSWORD label=words::door::password() kind=TextKind::Password value=password error=error_of(errors.into(), PASSWORD) />
            <button class="button button--primary button--wide" type="submit" aria-disabled=move || busy.get().then_some("true")>
                {words::door::sign_in()}
            </button>
        </form>
        {move || is_alive.get().then(|| view! {
            <button
                class="button button--wide"
                id=PASSKEY
                type="button"
                aria-disabled=move || busy.get().then_some("true")
                on:click=by_passkey
            >
                {words::door::sign_in_with_a_passkey()}
            </button>
        })}
    }
    .into_any()
}

fn missing_fields(email: &str, password: &str) -> Vec<FieldError> {
    let mut errors = Vec::new();
    if email.trim().is_empty() {
        errors.push(FieldError::new(EMAIL, words::door::enter_your_email()));
    }
    if password.is_empty() {
        errors.push(FieldError::new(PASSWORD, words::door::enter_your_password()));
    }
    errors
}

fn desk_error(error: DeskError) -> FieldError {
    match error {
        DeskError::SignIn(problem) => problem_error(problem),
        DeskError::Passkey(problem) => FieldError::new(PASSKEY, passkey_words(problem)),
        _ => problem_error(SignInProblem::Unavailable),
    }
}

fn problem_error(problem: SignInProblem) -> FieldError {
    let text = match problem {
        SignInProblem::WrongPassword => words::door::email_and_password(),
        SignInProblem::TooManyTries => words::door::there_were_too_many_tries(),
        SignInProblem::SessionEnded => words::door::your_session_has_ended_sign(),
        SignInProblem::AnotherWorker => words::door::another_workers_clients_are_open(),
        SignInProblem::NoConnection => words::door::there_is_no_connection_signing(),
        SignInProblem::Unavailable => words::door::doorstep_could_not_be_reached(),
    };
    let field = if problem == SignInProblem::WrongPassword { PASSWORD } else { EMAIL };
    FieldError::new(field, text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_is_asked_for_by_name() {
        let errors = missing_fields(" ", "");
        assert_eq!(errors, [FieldError::new(EMAIL, "Enter your email"), FieldError::new(PASSWORD, "Enter your password")]);
        assert!(missing_fields("maria@demo.example", "secret").is_empty());
    }
}
