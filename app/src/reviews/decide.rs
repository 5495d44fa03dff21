//! The decision: one of two, with a reason, in the decider's name.

use domain::{Command, DecideReview, Matter, Outcome, Review, Term};
use leptos::{ev, prelude::*};
use leptos_router::{NavigateOptions, hooks::use_navigate};

use super::detail::current;
use crate::{
    decision::{CHOICE, DecisionFields, REASON},
    desk::use_desk,
    draft::{DraftKeeper, draft_line},
    page_memory::{JustDone, use_page_memory},
    paths,
    sending::Sending,
    ui::{ErrorSummary, Icon, Radios, TextArea, error_of},
};

/// The form with which a matter is decided.
#[component]
pub fn DecideForm(
    /// The matter.
    review: Review,
    /// The name of who wrote it.
    author: String,
) -> impl IntoView {
    let state = use_desk().state();
    let fields = DecisionFields::new("decide");
    let keeper = DraftKeeper::new(review.id.0, fields);
    keeper.begin();
    let sending = Sending::new();
    let memory = use_page_memory();
    let navigate = use_navigate();
    let ending = keeper.clone();
    let options = options_of(&review.matter);
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        if !sending.may_go(fields.flaws(words::reviews::choose_what_happens(), words::reviews::enter_a_reason())) {
            return;
        }
        let Some(outcome) = Outcome::from_code(&fields.choice.get_untracked()) else { return };
        let decide = DecideReview {
            review_id: review.id,
            outcome,
            reason: fields.reason.get_untracked().trim().to_owned(),
            found: untrack(|| current(&review, state)),
        };
        let (ending, navigate) = (ending.clone(), navigate.clone());
        let done =
            JustDone { case_id: None, heading: words::reviews::decision_saved(), entity_id: review.id.0, at: state.now.get_untracked() };
        sending.submit(vec![Command::DecideReview(decide)], REASON, move || {
            ending.end();
            memory.just_done.try_set(Some(done));
            navigate(paths::REVIEWS, NavigateOptions { replace: true, ..NavigateOptions::default() });
        });
    };
    let blur = keeper.clone();
    let errors = sending.errors.into();
    view! {
        <section class="stack" aria-labelledby="decide-title">
            <h2 id="decide-title">{words::reviews::decide()}</h2>
            <p class="quiet">{words::reviews::the_author_reads(&author)}</p>
            <ErrorSummary errors=sending.errors />
            <form class="form" novalidate on:submit=submit on:focusout=move |_| blur.keep()>
                <Radios name=CHOICE legend=words::reviews::what_happens() options=options value=fields.choice error=error_of(errors, CHOICE) />
                <TextArea id=REASON label=words::reviews::reason() short=true value=fields.reason error=error_of(errors, REASON) />
                {draft_line(keeper, move || fields.empty())}
                <div class="action-bar">
                    <button class="button button--primary button--wide" type="submit">{Icon::Check.view()} {words::reviews::decide()}</button>
                </div>
            </form>
        </section>
    }
    .into_any()
}

fn options_of(matter: &Matter) -> Vec<(&'static str, &'static str)> {
    match matter {
        Matter::Held(_) => {
            vec![(Outcome::File.code(), words::reviews::file_it()), (Outcome::Keep.code(), words::reviews::do_not_file())]
        }
        Matter::Contradiction(_) => {
            vec![
                (Outcome::File.code(), words::reviews::take_what_the_author_wants()),
                (Outcome::Keep.code(), words::reviews::leave_what_stands_there_now()),
            ]
        }
    }
}
