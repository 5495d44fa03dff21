//! Asking the office while there is a network, and proving once more who asks where a question wants that.

use std::{collections::VecDeque, future::Future, sync::Arc};

use leptos::{ev, prelude::*, task::spawn_local};
use sync::{
    questions::{Question, StepUp},
    wire::ProblemCode,
};

use crate::{
    desk::{AskError, Desk, use_desk},
    passkey::ShowPasskey,
    ui::{ErrorSummary, FieldError, TextField, TextKind, error_of},
};

/// Asks a question, typed.
///
/// # Errors
/// There is no network, or the office said why not.
pub fn ask<Q: Question>(desk: &dyn Desk, question: &Q) -> impl Future<Output = Result<Q::Answer, AskError>> + use<Q> {
    let reply = desk.ask(Q::PATH, to_json(question));
    async move {
        let answer = reply.await?;
        // An answer that cannot be read came from somebody in between.
        serde_json::from_slice(answer.as_bytes()).map_err(|_| AskError::NoConnection)
    }
}

fn to_json<Q: Question>(question: &Q) -> String {
    serde_json::to_string(question).expect("a question is plain data")
}

/// What was said about a question that was not answered.
pub fn ask_error_words(error: AskError) -> &'static str {
    match error {
        AskError::NoConnection => words::office::there_is_no_connection(),
        AskError::Refused(code) => match code {
            ProblemCode::SignInNeeded => words::office::your_session_has_ended_sign(),
            ProblemCode::WrongPassword => words::office::this_is_not_your_password(),
            ProblemCode::TooManyTries => words::office::there_were_too_many_tries(),
            ProblemCode::NotFound => words::office::it_is(),
            ProblemCode::NotAllowed => words::office::your_role_does_not_allow(),
            ProblemCode::StepUpNeeded => words::office::prove_that(),
            ProblemCode::Malformed => words::office::the_office_could_not_read(),
            _ => words::office::the_office_does_not_answer(),
        },
    }
}

/// The questions of one page: one at a time, with words where one was not answered, and a proof where one is asked for. What is asked
/// meanwhile waits for its turn; the same once more is a double tap.
#[derive(Clone, Copy)]
pub struct Asking {
    desk: StoredValue<Arc<dyn Desk>>,
    pub busy: RwSignal<bool>,
    /// What is being asked.
    asked: StoredValue<Asked>,
    waiting: StoredValue<VecDeque<(Asked, InTurn)>>,
    pub errors: RwSignal<Vec<FieldError>>,
    /// What to do again once the worker has proved who they are.
    again: RwSignal<Option<Callback<()>>>,
    /// The password was shown for it just now.
    password_shown: RwSignal<bool>,
}

/// What tells two questions apart: the path, and what is asked there.
type Asked = (&'static str, String);

/// Asks a question that waited. It outlives the button that was tapped: a list is drawn anew with each answer.
type InTurn = Arc<dyn Fn() + Send + Sync>;

/// Id of the place to which a message leads that belongs to no field.
pub const ANSWER: &str = "answer";

impl Asking {
    pub fn new() -> Self {
        Self {
            desk: StoredValue::new(use_desk()),
            busy: RwSignal::new(false),
            asked: StoredValue::default(),
            waiting: StoredValue::default(),
            errors: RwSignal::new(Vec::new()),
            again: RwSignal::new(None),
            password_shown: RwSignal::new(false),
        }
    }

    /// Asks; `done` gets the answer. Where a fresh proof is wanted, the form for it appears and the question is asked again after it.
    pub fn ask<Q>(self, question: Q, done: impl Fn(Q::Answer) + Clone + Send + Sync + 'static)
    where
        Q: Question + Clone + Send + Sync + 'static,
    {
        let asked = (Q::PATH, to_json(&question));
        if self.busy.get_untracked() {
            let is_double = self.asked.with_value(|before| *before == asked)
                || self.waiting.with_value(|waiting| waiting.iter().any(|(before, _)| *before == asked));
            if !is_double {
                let in_turn: InTurn = Arc::new(move || self.ask(question.clone(), done.clone()));
                self.waiting.update_value(|waiting| waiting.push_back((asked, in_turn)));
            }
            return;
        }
        self.busy.set(true);
        self.asked.set_value(asked);
        let reply = self.desk.with_value(|desk| ask(&**desk, &question));
        spawn_local(async move {
            let answer = reply.await;
            if self.busy.try_set(false).is_some() {
                return; // The page was left.
            }
            match answer {
                Ok(answer) => {
                    self.errors.set(Vec::new());
                    self.again.set(None);
                    self.password_shown.set(false);
                    done(answer);
                }
                Err(AskError::Refused(ProblemCode::StepUpNeeded)) => {
                    let again = move |()| self.ask(question.clone(), done.clone());
                    self.errors.set(Vec::new());
                    self.again.set(Some(Callback::new(again)));
                }
                Err(error) => self.errors.set(vec![FieldError::new(ANSWER, ask_error_words(error))]),
            }
            // What the answer led to asks first; what waits comes after it.
            let is_free = self.busy.try_get_untracked() == Some(false);
            if is_free && let Some(Some((_, next))) = self.waiting.try_update_value(VecDeque::pop_front) {
                next();
            }
        });
    }
}

/// What is said about a page's questions: errors, and the form for a fresh proof.
#[component]
pub fn AskingStatus(
    /// The page's questions.
    asking: Asking,
) -> impl IntoView {
    view! {
        <div id=ANSWER tabindex="-1"></div>
        <ErrorSummary errors=asking.errors />
        {move || asking.again.get().map(|again| view! { <ProofForm asking=asking again=again /> })}
    }
    .into_any()
}

const PROOF: &str = "proof-password";

#[component]
fn ProofForm(asking: Asking, again: Callback<()>) -> impl IntoView {
    // Where the password was right and is not enough, only a passkey is.
    let is_passkey_only = asking.password_shown.get_untracked();
    let password = RwSignal::new(String::new());
    let errors = RwSignal::new(Vec::<FieldError>::new());
    let busy = RwSignal::new(false);
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let typed = password.get_untracked();
        if typed.is_empty() {
            return errors.set(vec![FieldError::new(PROOF, words::office::enter_your_password())]);
        }
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        let reply = asking.desk.with_value(|desk| ask(&**desk, &StepUp { password: typed }));
        spawn_local(async move {
            let answer = reply.await;
            busy.try_set(false);
            match answer {
                Ok(_) => {
                    asking.password_shown.try_set(true);
                    again.run(());
                }
                Err(error) => drop(errors.try_set(vec![FieldError::new(PROOF, ask_error_words(error))])),
            }
        });
    };
    let by_password = (!is_passkey_only).then(|| {
        view! {
            <ErrorSummary errors=errors />
            <form class="form" novalidate on:submit=submit>
                <TextField id=PROOF label=words::office::your_password() kind=TextKind::Password value=password error=error_of(errors.into(), PROOF) />
                <button class="button button--primary button--wide" type="submit">{words::office::go_on()}</button>
            </form>
        }
        .into_any()
    });
    let what = match is_passkey_only {
        true => words::office::your_password_was_right(),
        false => words::office::for_this_enter_your_sign(),
    };
    view! {
        <section class="card proof" aria-labelledby="proof-title">
            <h2 id="proof-title">{words::office::is_it_you()}</h2>
            <p>{what}</p>
            {by_password}
            <ShowPasskey done=again primary=is_passkey_only />
        </section>
    }
    .into_any()
}
